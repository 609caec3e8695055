"""Items of QTI are marked as quizgen marks: their processing, by the standard's words, gives the same for every response."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from qti_bank import ORDER_RULES, TEMPLATES, Exported, exported, write_bank
from qti_engine import Engine

from quizgen.bank import Bank
from quizgen.items import Arrange, ChooseMany, EnterNumber, Match, StateDistribution, WriteFreely
from quizgen.lms.formats.qti import QTI3, QTI21
from quizgen.lms.formats.qti.expressions import decimal
from quizgen.lms.plan import ident_of

SINGLE = [name for name in TEMPLATES if not name.startswith("several") and name not in ("choice-placed", "essay")]


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return write_bank(tmp_path_factory.mktemp("qti") / "bank")


def responses(question: Exported) -> Iterator[str]:
    """The kind's own specimens that QTI's fields can take, and all there is to choose, order or join."""
    name, interaction = next(iter(question.interactions.items()))
    specimens = question.specimens[name]
    yield from (specimens.right[0], *specimens.wrong, *(text for _, text in specimens.mistakes), "")
    match interaction:
        case ChooseMany(options=options):
            labels = [option.label for option in options]
            for some in itertools.chain.from_iterable(itertools.combinations(labels, n) for n in range(len(labels) + 1)):
                yield " ".join(some) or "none"
        case Arrange(options=options):
            for order in itertools.permutations([option.label for option in options]):
                yield " ".join(order)
                yield " ".join([*order[:-1], "?"])
                yield " ".join([order[0], "?", *order[2:]])
        case Match(lefts=lefts, rights=rights):
            for partners in itertools.product([*(right.label for right in rights), ""], repeat=len(lefts)):
                if joined := " ".join(f"{left}-{right}" for left, right in enumerate(partners, 1) if right):
                    yield joined
        case StateDistribution():
            for a, b in itertools.product(range(0, 11, 2), repeat=2):
                yield f"{a / 10}; {b / 10}; {round(1 - (a + b) / 10, 1)}"
            yield from ("0.33; 0.33; 0.34", "0.34; 0.33; 0.33", "0.33; 0.33; 0.33", "0.35; 0.32; 0.33", "0.9; 0.9; 0.9")
        case EnterNumber():
            yield from ("about a third", "1,2,3", "0")


@pytest.mark.parametrize("name", SINGLE)
def test_every_response_earns_what_quizgen_gives(name: str, bank: Bank, tmp_path: Path) -> None:
    tried = 0
    for question in exported(bank, tmp_path, QTI21, [name], 3):
        engine = Engine.of(question.item)
        answer = next(iter(question.interactions))
        for response in responses(question):
            earned = engine.run(question.given({answer: response}))["SCORE"]
            assert earned == pytest.approx(question.mark({answer: response}), abs=1e-9), (name, response)
            tried += 1
    assert tried >= 3


@pytest.mark.parametrize("name", ["several", "several-with-distribution", "choice-placed"])
def test_answers_count_by_their_weights(name: str, bank: Bank, tmp_path: Path) -> None:
    for question in exported(bank, tmp_path, QTI21, [name], 2):
        engine = Engine.of(question.item)
        some = [(specimens.right[0], specimens.wrong[0], "") for specimens in question.specimens.values()]
        for chosen in itertools.product(*some):
            answers = dict(zip(question.interactions, chosen, strict=True))
            earned = engine.run(question.given(answers))["SCORE"]
            assert earned == pytest.approx(question.mark(answers), abs=1e-9), answers
        right = dict(zip(question.interactions, (one[0] for one in some), strict=True))
        assert engine.run(question.given(right))["SCORE"] == 1.0


def test_options_that_contradict_each_other_earn_nothing(bank: Bank, tmp_path: Path) -> None:
    """*None of these* ticked together with an option cannot be read by quizgen either."""
    question = next(exported(bank, tmp_path, QTI21, ["many-every-decision-counts"], 1))
    assert Engine.of(question.item).run({"RESPONSE": ["A", "NONE"]})["SCORE"] == 0


def test_bounds_are_exact_and_included(bank: Bank, tmp_path: Path) -> None:
    for question in exported(bank, tmp_path, QTI21, ["numeric", "numeric-zero"], 3):
        engine = Engine.of(question.item)
        scheme = question.template.schemed_items(question.variants)
        band = next(iter(scheme)).schemes[0].bands[0]  # type: ignore[union-attr] # of a numeric template
        tiny = Fraction(1, 10**9)
        for value, wanted in ((band.low, 1), (band.high, 1), (band.low - tiny, 0), (band.high + tiny, 0)):
            assert engine.run({"RESPONSE": decimal(value)})["SCORE"] == wanted, (value, wanted)


def test_the_mistake_made_and_the_solution_are_told(bank: Bank, tmp_path: Path) -> None:
    told = 0
    for question in exported(bank, tmp_path, QTI21, ["numeric", "choice", "match-each-pair", "order-pairs", "text"], 3):
        engine = Engine.of(question.item)
        answer, specimens = next(iter(question.specimens.items()))
        texts = {
            (node.attrib["outcomeIdentifier"], node.attrib["identifier"]): "".join(node.itertext())
            for node in engine.root.iter(f"{engine.space}modalFeedback")
        }
        for mistake, response in specimens.mistakes:
            outcomes = engine.run(question.given({answer: response}))
            title = question.template.mistakes[mistake].title
            assert title in texts["FEEDBACK", str(outcomes["FEEDBACK"])], (question.name, response)
            told += 1
        outcomes = engine.run(question.given({answer: specimens.right[0]}))
        assert outcomes.get("FEEDBACK") is None
        assert question.template.solution is None or outcomes["SOLUTION"] == "SHOWN"
    assert told > 6


def test_what_needs_no_more_is_left_to_the_standard_processing(bank: Bank, tmp_path: Path) -> None:
    question = next(exported(bank, tmp_path, QTI21, ["choice-plain"], 1))
    assert (
        b'<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>'
        in question.item
    )


def test_a_person_marks_an_essay_by_the_rubric(bank: Bank, tmp_path: Path) -> None:
    question = next(exported(bank, tmp_path, QTI3, ["essay"], 1))
    assert isinstance(next(iter(question.interactions.values())), WriteFreely)
    assert b'external-scored="human"' in question.item
    assert b"qti-response-processing" not in question.item
    assert "names" in question.item.decode()


def test_names_are_the_export_s_own(bank: Bank, tmp_path: Path) -> None:
    question = next(exported(bank, tmp_path, QTI3, [f"order-{ORDER_RULES[0]}"], 1))
    assert f'identifier="{question.ident}"'.encode() in question.item
    assert question.ident == ident_of(question.item.decode().partition("Question code: ")[2][:9])
    assert sys.getsizeof(question.item) < 20_000
