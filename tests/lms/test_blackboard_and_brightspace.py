"""The dialects of QTI 1.2 of Blackboard and Brightspace: what their files say, read as those systems' own exports say it.

Neither importer is at hand. What is checked is that the files are whole, and that the marks which they state are quizgen's.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from xml.etree.ElementTree import Element

import pytest
from defusedxml import ElementTree
from qti_bank import TEMPLATES, write_bank
from test_canvas import export_of, questions_of

from quizgen.answers.multiple import CREDIT
from quizgen.bank import Bank
from quizgen.lms.base import Format, Options, Question
from quizgen.lms.formats.qti12.blackboard import FORMAT as BLACKBOARD
from quizgen.lms.formats.qti12.brightspace import FORMAT as BRIGHTSPACE
from quizgen.lms.packing import in_memory
from quizgen.schemes import ManyOptions, NumberBands, RightOrder


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return write_bank(tmp_path_factory.mktemp("dialects") / "bank")


def package(format: Format, questions: list[Question]) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(in_memory(format.files(export_of(questions), Options()), "zip"))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def carried(format: Format, bank: Bank, template: str, count: int = 6) -> Iterator[tuple[Question, set[str]]]:
    """What is not refused, with the severities of its losses."""
    for question in questions_of(bank, template, count):
        severities = {loss.severity for loss in format.losses(question, Options())}
        if "refused" not in severities:
            yield question, severities


def items(format: Format, questions: list[Question], name: str) -> list[Element]:
    return list(ElementTree.fromstring(package(format, questions)[name]).iter("item"))


@pytest.mark.parametrize("format", [BLACKBOARD, BRIGHTSPACE], ids=lambda format: format.name)
@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_every_file_is_well_formed_and_shows_each_question(bank: Bank, format: Format, template: str) -> None:
    questions = [question for question, _ in carried(format, bank, template, 3)]
    files = package(format, questions)
    whole = b"".join(files.values()).decode()
    for name, content in files.items():
        if not name.startswith("."):
            ElementTree.fromstring(content)
    assert all(whole.count(f"Question code: {question.code}") == 1 for question in questions)


# Blackboard -----------------------------------------------------------------------------------------------------------


def test_a_test_draws_one_question_of_each_pool(bank: Bank) -> None:
    questions = [question for question, _ in carried(BLACKBOARD, bank, "choice")]
    files = package(BLACKBOARD, questions)
    assert list(files) == [".bb-package-info", "imsmanifest.xml", "res00001.dat", "res00002.dat"]
    manifest = ElementTree.fromstring(files["imsmanifest.xml"])
    kinds = [resource.get("type") for resource in manifest.iter("resource")]
    assert kinds == ["assessment/x-bb-qti-pool", "assessment/x-bb-qti-test"]
    test = ElementTree.fromstring(files["res00002.dat"])
    assert [one.text for one in test.iter("sourcebank_ref")] == ["res00001"]
    assert [one.text for one in test.iter("selection_number")] == ["1"]
    assert [one.text for one in test.iter("selection_metadata")] == ["Multiple Choice"]


def blackboards_percentages(item: Element) -> dict[str, float]:
    """What each option earns, in percent, by the place of the option."""
    found = {}
    places = {str(label.get("ident")): place for place, label in enumerate(item.iter("response_label"))}
    for condition in item.iter("respcondition"):
        chosen = condition.find("conditionvar/varequal")
        if condition.get("title") is None and chosen is not None:
            found[places[str(chosen.get("respident"))]] = float(condition.findtext("setvar") or 0)
    return found


@pytest.mark.parametrize("rule", ["percent-correct", "true", "false", "false2", "none"])
def test_percentages_of_options_give_the_rules_marks(bank: Bank, rule: str) -> None:
    seen = 0
    for question, severities in carried(BLACKBOARD, bank, f"many-{rule}", 12):
        assert "differs" not in severities
        scheme = question.asked[0].scheme
        assert isinstance(scheme, ManyOptions)
        (item,) = items(BLACKBOARD, [question], "res00001.dat")
        assert item.findtext("itemmetadata/bbmd_partialcredit") == "true"
        percent = blackboards_percentages(item)
        right = [place for place, is_right in enumerate(scheme.right) if is_right]
        for size in range(len(scheme.right) + 1):
            for ticked in combinations(range(len(scheme.right)), size):
                t = len(set(ticked) & set(right))
                ours = CREDIT[rule][0](t, size - t, len(right), len(scheme.right) - len(right))
                assert max(sum(percent[place] for place in ticked), 0.0) / 100 == pytest.approx(ours, abs=1e-6)
                seen += 1
    assert seen


def test_all_or_nothing_has_no_partial_credit(bank: Bank) -> None:
    for question, severities in carried(BLACKBOARD, bank, "many-all-or-nothing"):
        (item,) = items(BLACKBOARD, [question], "res00001.dat")
        if item.findtext("itemmetadata/bbmd_questiontype") == "Multiple Answer":
            assert "differs" not in severities
            assert item.findtext("itemmetadata/bbmd_partialcredit") == "false"
            assert not blackboards_percentages(item)


@pytest.mark.parametrize(
    "template", ["match-each-pair", "many-every-decision-counts", "order-pairs", "order-absolute-position"]
)
def test_a_matching_gives_each_left_the_same_share(bank: Bank, template: str) -> None:
    for question, severities in carried(BLACKBOARD, bank, template):
        assert "differs" not in severities
        (item,) = items(BLACKBOARD, [question], "res00001.dat")
        assert item.findtext("itemmetadata/bbmd_questiontype") == "Matching"
        rights = [
            flow.findtext(".//mat_formattedtext") for flow in item.iter("flow") if flow.get("class") == "RIGHT_MATCH_BLOCK"
        ]
        assert len(rights) == 1
        lefts = list(item.iter("response_lid"))
        shares = [float(one.text or 0) for one in item.iter("setvar") if one.get("variablename") == "PartialCreditPercent"]
        assert len(shares) == len(lefts)
        assert sum(shares) == pytest.approx(100, abs=1e-3)
        scheme = question.asked[0].scheme
        if isinstance(scheme, RightOrder) and scheme.rule == "pairs":
            rank = {place: rank for rank, place in enumerate(scheme.places)}
            keys = [str(one.text)[-1] for one in item.iter("varequal")]
            assert keys == ["0" if rank[i] < rank[j] else "1" for i, j in combinations(range(len(rank)), 2)]


def test_a_number_has_its_closed_interval(bank: Bank) -> None:
    for question, _ in carried(BLACKBOARD, bank, "numeric"):
        (item,) = items(BLACKBOARD, [question], "res00001.dat")
        scheme = question.asked[0].scheme
        assert isinstance(scheme, NumberBands)
        low, high = Fraction(str(item.findtext(".//vargte"))), Fraction(str(item.findtext(".//varlte")))
        assert scheme.bands[0].low <= low <= scheme.bands[0].low + Fraction(1, 10**13)
        assert scheme.bands[0].high - Fraction(1, 10**13) <= high <= scheme.bands[0].high


# Brightspace ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("template", ["many-every-decision-counts", "order-pairs", "match-each-pair", "order-all-or-nothing"])
def test_what_is_typed_into_blanks_has_shares_that_make_the_whole(bank: Bank, template: str) -> None:
    for question, severities in carried(BRIGHTSPACE, bank, template):
        assert "differs" not in severities
        (item,) = items(BRIGHTSPACE, [question], "questiondb.xml")
        blanks = {str(one.get("respident")): 0.0 for one in item.iter("varequal")}
        for condition in item.iter("respcondition"):
            blanks[str(condition.find("conditionvar/varequal").get("respident"))] = float(condition.findtext("setvar") or 0)  # type: ignore[union-attr] # each has one
        assert sum(blanks.values()) == pytest.approx(100)
        assert list(blanks) == [str(one.get("ident")) for one in item.iter("response_label")]


def test_answers_keep_their_weights(bank: Bank) -> None:
    for question, _ in carried(BRIGHTSPACE, bank, "choice-placed"):
        (item,) = items(BRIGHTSPACE, [question], "questiondb.xml")
        shares = {str(one.findtext("setvar")) for one in item.iter("respcondition")}
        assert {round(float(share), 5) for share in shares} == {33.33333, 66.66667}


def test_options_have_weights_feedback_and_the_solution(bank: Bank) -> None:
    for question, _ in carried(BRIGHTSPACE, bank, "choice"):
        (item,) = items(BRIGHTSPACE, [question], "questiondb.xml")
        weights = [float(one.findtext("setvar") or 0) for one in item.iter("respcondition")]
        assert sorted(weights) == [0.0, 0.0, 100.0]
        feedback = {str(one.get("ident")): one.findtext("material/mattext") for one in item.iter("itemfeedback")}
        assert "It is" in str(feedback[str(item.get("label"))])
        assert len(feedback) > 1
