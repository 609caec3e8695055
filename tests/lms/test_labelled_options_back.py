"""Options that look alike as plain text have their labels in Blackboard and Brightspace, and come back by them.

Reports are made of the texts that stand in the exported files, by place, in each of the ways in which a system may show them.
"""

from __future__ import annotations

import html
import io
import re
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from defusedxml import ElementTree
from qti_bank import write_bank
from sample_class import SECRET, read_rows
from test_back_blackboard import long
from test_back_blackboard import part as told
from test_back_brightspace import line, report
from test_brightspace_csv import cells, questions_in
from test_canvas import export_of, numeric, questions_of
from test_options_in_reports import DRAW, LEFTS, MARKS, POWERS

from quizgen.bank import load_bank
from quizgen.cli import main
from quizgen.grading.readers.units import Blob
from quizgen.items import Filled, Match, Option, Text, options_of
from quizgen.lms.back.shown import Offers, UnclearError
from quizgen.lms.base import Format, Options, Question
from quizgen.lms.export import export_quiz
from quizgen.lms.formats.brightspace_csv import FORMAT as QUESTION_FILE
from quizgen.lms.formats.qti12.blackboard import FORMAT as BLACKBOARD
from quizgen.lms.formats.qti12.brightspace import FORMAT as BRIGHTSPACE
from quizgen.lms.packing import in_memory
from quizgen.lms.record import read_record
from quizgen.quizzes import load_quiz

ORDER = 'answer: {kind: order, credit: absolute-position, items: ["$a^2$", "$a2$", "b, c"]}\n'
TAGS = 'answer: {kind: choice, key: "a **b** c", distractors: ["`<b>a</b>` b c", "`<i>`"]}\n'
DECISIONS = MARKS.replace("percent-correct", "every-decision-counts")
WHOLE = MARKS.replace("percent-correct", "all-or-nothing")

_TAG = re.compile(r"<[^>]*>")


def stripped(text: str) -> str:
    return html.unescape(_TAG.sub("", text))


SHOWS: Mapping[str, Callable[[str], str]] = {
    "plain text": stripped,
    "HTML": str,
    "plain text taken for HTML": lambda text: _TAG.sub("", stripped(text)),
}


@dataclass(frozen=True)
class There:
    """A question in an exported file: its options by label, or its lefts and rights, and its rows in a question file."""

    question: Question
    texts: Mapping[str, str]
    rows: Sequence[Sequence[str]] = ()

    def of(self, response: str) -> list[str]:
        return [self.texts[label] for label in response.split()]

    def pairs(self, response: str) -> list[tuple[str, str]]:
        return [(self.texts[left], self.texts[right]) for left, right in (pair.split("-") for pair in response.split())]


def responses(question: Question) -> Iterator[str]:
    """As on a worksheet: each option, each set of options but none, or each order or way to join all."""
    interaction, kind = question.asked[0].interaction, type(question.asked[0].interaction).__name__
    labels = [option.label for option in options_of(interaction)]
    match kind:
        case "ChooseOne":
            yield from labels
        case "ChooseMany":
            yield from (" ".join(some) for size in range(1, len(labels) + 1) for some in combinations(labels, size))
        case "Arrange":
            yield from map(" ".join, permutations(labels))
        case _:
            assert isinstance(interaction, Match)
            rights = [right.label for right in interaction.rights]
            for way in permutations(rights):
                yield " ".join(f"{left.label}-{right}" for left, right in zip(interaction.lefts, way, strict=True))


# What stands in the files ---------------------------------------------------------------------------------------------


def labels_of(question: Question) -> list[str]:
    return [option.label for option in options_of(question.asked[0].interaction)]


def item_in(package: Path, name: str) -> Element:
    with zipfile.ZipFile(package) as archive:
        (item,) = ElementTree.fromstring(archive.read(name)).iter("item")
    return item


def in_blackboard(question: Question, package: Path) -> There:
    item = item_in(package, "res00001.dat")
    response = next(flow for flow in item.iter("flow") if flow.get("class") == "RESPONSE_BLOCK")
    texts = [str(one.text) for one in response.iter("mat_formattedtext")]
    rights = [flow for flow in item.iter("flow") if flow.get("class") == "RIGHT_MATCH_BLOCK"]
    if isinstance(question.asked[0].interaction, Match):
        texts += [str(one.text) for one in rights[0].iter("mat_formattedtext")]
    return There(question, dict(zip(labels_of(question), texts, strict=True)))


def in_brightspace(question: Question, package: Path) -> There:
    item = item_in(package, "questiondb.xml")
    texts = [str(one.findtext(".//mattext")) for one in item.iter("response_label")]
    return There(question, dict(zip(labels_of(question), texts, strict=True)))


def in_question_file(question: Question, package: Path) -> There:
    rows = questions_in(package.read_bytes())[question.ident]
    texts = [cell[1] for head in ("Option", "Match", "Choice") for cell in cells(rows, head)]
    if items := cells(rows, "Item"):
        places = question.asked[0].scheme.places  # type: ignore[union-attr] # an order's
        texts = [items[places.index(place)][0] for place in range(len(places))]
    return There(question, dict(zip(labels_of(question), texts, strict=True)), rows)


# What the reports show ------------------------------------------------------------------------------------------------


def blackboards_report(there: There, typed: Mapping[str, str], points: Mapping[str, float], show: Callable[[str], str]) -> Blob:
    def cell(response: str) -> str:
        asked = there.question.asked[0]
        kind, rule = type(asked.interaction).__name__, getattr(asked.scheme, "rule", "")
        if kind == "Match":
            return ", ".join(f"{show(left)} -> {show(right)}" for left, right in there.pairs(response))
        if rule == "every-decision-counts":
            right = response.split()
            decided = ((text, "right" if label in right else "not right") for label, text in there.texts.items())
            return ", ".join(f"{show(text)} -> {word}" for text, word in decided)
        return ", ".join(map(show, there.of(response)))

    return long(*((user, told(there.question, cell(response), f"{points[user]}")) for user, response in typed.items()))


def brightspaces_report(
    there: There, typed: Mapping[str, str], points: Mapping[str, float], show: Callable[[str], str]
) -> Blob:
    def rows(user: str, response: str) -> Iterator[Sequence[str]]:
        interaction = there.question.asked[0].interaction
        match type(interaction).__name__:
            case "Arrange":
                shown = [("ORD", text, str(place)) for place, text in enumerate(there.of(response), 1)]
            case "Match":
                right = [there.texts[label] for label in right_partners(there.question)]
                shown = [("MAT", chosen, wanted) for (_, chosen), wanted in zip(there.pairs(response), right, strict=True)]
            case _:
                ticked = there.of(response)
                shown = [("M-S", text, "Checked" if text in ticked else "UnChecked") for text in there.texts.values()]
        for kind, answer, match in shown:
            yield line(there.question, kind, show(answer), show(match), f"{points[user]}", user=user)

    return report(*(row for user, response in typed.items() for row in rows(user, response)))


def right_partners(question: Question) -> list[str]:
    asked = question.asked[0]
    assert isinstance(asked.interaction, Match)
    return [asked.interaction.rights[place].label for place in asked.scheme.partners]  # type: ignore[union-attr] # a match's


# There and back -------------------------------------------------------------------------------------------------------


def graded(manifest: Path, report: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs ``quizgen grade``; nothing is rejected."""
    monkeypatch.setattr(sys, "argv", ["quizgen", "grade", str(manifest), str(report), "--out", str(out)])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert not stopped.value.code, read_rows(out / "rejected.csv")


def there_and_back(
    format: Format,
    body: str,
    find: Callable[[Question, Path], There],
    write: Callable[[There, Mapping[str, str], Mapping[str, float], Callable[[str], str]], Blob],
    show: Callable[[str], str],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bank = numeric(DRAW + body, folder)
    (folder / "quiz.yaml").write_text("title: A quiz\nitems:\n  - {template: number, points: 2}\n", encoding="utf-8")
    done = export_quiz(load_quiz(folder / "quiz.yaml"), bank, format, folder / "quiz.zip", variants=1, approximate=True,
                       secret=SECRET)  # fmt: skip
    assert not [lost for lost in done.lost if "alike" in str(lost)]
    record = read_record(done.manifest)
    with record.bank() as kept:
        (question,) = record.questions(kept)
    there = find(question, folder / "quiz.zip")
    assert [text.partition(". ")[0] for text in there.texts.values()] == labels_of(question)
    typed = {f"user{number}": response for number, response in enumerate(responses(question))}
    variants = bank["number"].variants_at([question.ordinal], secret=SECRET)
    ours = {user: bank["number"].mark(variants, 0, {"answer": response}).fraction for user, response in typed.items()}
    blob = write(there, typed, {user: 2 * fraction for user, fraction in ours.items()}, show)
    (folder / "report.csv").write_bytes(blob.raw)
    graded(done.manifest, folder / "report.csv", folder / "marks", monkeypatch)
    earned = {
        row["student"].removesuffix("-id"): float(row["total"]) / 2 for row in read_rows(folder / "marks" / "gradebook.csv")
    }
    assert earned == pytest.approx(ours, abs=1e-3)  # totals have three decimals
    assert len(set(ours.values())) > 1
    assert read_rows(folder / "marks" / "lms-marks.csv") == []


@pytest.mark.parametrize("show", SHOWS.values(), ids=SHOWS)
@pytest.mark.parametrize(
    "body", [POWERS, TAGS, MARKS, WHOLE, DECISIONS, LEFTS], ids=["powers", "tags", "set", "whole-set", "decisions", "match"]
)
def test_labelled_options_come_back_from_blackboard(
    body: str, show: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there_and_back(BLACKBOARD, body, in_blackboard, blackboards_report, show, tmp_path, monkeypatch)


@pytest.mark.parametrize("show", SHOWS.values(), ids=SHOWS)
@pytest.mark.parametrize("body", [POWERS, TAGS], ids=["powers", "tags"])
def test_labelled_options_come_back_from_brightspaces_library(
    body: str, show: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there_and_back(BRIGHTSPACE, body, in_brightspace, brightspaces_report, show, tmp_path, monkeypatch)


@pytest.mark.parametrize("show", SHOWS.values(), ids=SHOWS)
@pytest.mark.parametrize(
    "body",
    [POWERS, TAGS, MARKS, WHOLE, DECISIONS, ORDER, LEFTS],
    ids=["powers", "tags", "set", "whole-set", "decisions", "order", "match"],
)
def test_labelled_options_come_back_from_brightspaces_question_file(
    body: str, show: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there_and_back(QUESTION_FILE, body, in_question_file, brightspaces_report, show, tmp_path, monkeypatch)


# What is not sure -----------------------------------------------------------------------------------------------------


def offered(folder: Path, *texts: str) -> tuple[Question, list[Option]]:
    write_bank(folder / "bank")
    (question,) = questions_of(load_bank(folder / "bank"), "choice", 1)
    return question, [Option(label, Filled(Text(text))) for label, text in zip("ABC", texts, strict=False)]


def test_a_label_is_read_only_where_an_export_writes_it(tmp_path: Path) -> None:
    question, options = offered(tmp_path, "one", "two")
    offer = Offers().of(question, "answer", options)
    assert offer.label("two") == "B"
    with pytest.raises(UnclearError, match="none of the options"):
        offer.label("B. two")


def test_what_may_be_a_labelled_option_or_another_ones_text_is_not_guessed(tmp_path: Path) -> None:
    question, options = offered(tmp_path, "$10^{2}$", "$102$", "A. 102")
    offer = Offers().of(question, "answer", options)
    assert [offer.label("B. 102"), offer.label("C. A. 102")] == ["B", "C"]
    for cell in ("102", "A. 102"):
        with pytest.raises(UnclearError, match="several of the options"):
            offer.label(cell)


@pytest.mark.parametrize("format", [BLACKBOARD, BRIGHTSPACE, QUESTION_FILE], ids=lambda format: format.name)
def test_options_that_look_different_have_no_labels_there(format: Format, tmp_path: Path) -> None:
    bank = numeric(DRAW + 'answer: {kind: choice, key: "the right one", distractors: ["the wrong one"]}\n', tmp_path)
    (question,) = questions_of(bank, "number", 1)
    package = in_memory(format.files(export_of([question]), Options()), "zip")
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        whole = b"".join(map(archive.read, archive.namelist())).decode("utf-8")
    assert "the right one" in whole
    assert not re.search(r"[AB]\. the", whole)
