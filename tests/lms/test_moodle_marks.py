"""What Moodle gives to a response is what quizgen gives: every kind and rule, exported, imported and answered there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from kinds_answers import combinations_of, fraction_there
from kinds_bank import SECRET, TEMPLATES, export_of, questions_of, write_kinds_bank
from moodle_engine import Question as There
from moodle_engine import faults
from moodle_engine import questions_of as imported

from quizgen.bank import Bank, Template, load_bank
from quizgen.lms.base import Options, Question
from quizgen.lms.formats.moodle.losses import losses
from quizgen.lms.formats.moodle.xml import FORMAT
from quizgen.lms.packing import in_memory
from quizgen.schemes import ByPerson, NumberBands

LATEX = Options(math="latex")
SAME = 2e-6
"""Moodle writes a third as 33.33333 %, so that several of them are off by a little."""


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return write_kinds_bank(tmp_path_factory.mktemp("moodle") / "bank")


def exported(questions: list[Question], options: Options = LATEX) -> list[There]:
    raw = in_memory(FORMAT.files(export_of(questions), options), "plain")
    assert list(faults(raw)) == []
    return imported(raw)


def marked(template: Template, question: Question, responses: dict[str, str]) -> float:
    variants = template.variants_at([question.ordinal], secret=SECRET)
    return template.mark(variants, 0, responses).fraction


def compared(template: Template, questions: list[Question], step: int = 1) -> Iterator[tuple[dict[str, str], float, float]]:
    """Responses, or each so many of them, with what Moodle gives and what quizgen gives."""
    for question, there in zip(questions, exported(questions), strict=True):
        assert there.idnumber == question.ident
        for responses in list(combinations_of(question))[::-step]:
            yield responses, fraction_there(question, there, responses), marked(template, question, responses)


def differs(question: Question) -> bool:
    return any(loss.severity != "lost" for loss in losses(question, LATEX))


@pytest.mark.parametrize("name", sorted(set(TEMPLATES) - {"distribution", "essay"}))
def test_every_rule_marks_there_as_here(bank: Bank, name: str) -> None:
    questions = questions_of(bank, name, 2 if name == "text" else 4)
    assert not any(map(differs, questions))
    earned = set()
    for responses, there, here in compared(bank[name], questions):
        assert there == pytest.approx(here, abs=SAME), responses
        earned.add(round(here, 3))
    assert {0.0, 1.0} <= earned or name == "several"


@pytest.mark.parametrize("math", ["latex", "mathml"])
def test_both_forms_of_formulas_are_carried(bank: Bank, math: str) -> None:
    (there,) = exported(questions_of(bank, "choice", 1), Options(math=math))  # type: ignore[arg-type] # both are
    assert ("\\frac" in there.text) == (math == "latex")
    assert ("<math" in there.text) == (math == "mathml")


def test_the_shipped_bank_marks_there_as_here() -> None:
    bank = load_bank()
    tried = 0
    for name, template in bank.items():
        questions = questions_of(bank, name, 1)
        schemes = [asked.scheme for asked in questions[0].asked]
        if any(isinstance(scheme, ByPerson) for scheme in schemes) or differs(questions[0]):
            exported(questions)
            continue
        follows = any(isinstance(scheme, NumberBands) and scheme.follows for scheme in schemes)
        for responses, there, here in compared(template, questions, step=5):
            tried += 1
            if follows:  # what follows from a wrong number earns nothing there, which is told
                assert there <= here + SAME, (name, responses)
            else:
                assert there == pytest.approx(here, abs=SAME), (name, responses)
    assert tried > 400


def test_what_is_typed_otherwise_earns_there_no_more_than_here(bank: Bank) -> None:
    """A comma or a minus of another shape may be wrong there, which is told; nothing that is wrong here is right there."""
    for name in ("numeric", "percent", "whole", "text", "text-listed"):
        template = bank[name]
        for question, there in zip(questions_of(bank, name, 2), exported(questions_of(bank, name, 2)), strict=True):
            variants = template.variants_at([question.ordinal], secret=SECRET)
            (block,) = variants.blocks
            for answer, keys in template.prepared(block):
                specimens = answer.specimens(keys, 0)
                for text in (*specimens.right, *specimens.wrong, *specimens.unreadable):
                    here = marked(template, question, {answer.name: text})
                    assert fraction_there(question, there, {answer.name: text}) <= here + SAME, text


def test_a_percentage_is_read_where_it_is_read_here(bank: Bank) -> None:
    (there,) = exported(questions_of(bank, "percent", 1))
    assert there.type == "cloze"  # for the sake of a credit that is not on Moodle's list
    (numeric,) = exported(questions_of(bank, "narrow", 1))
    assert numeric.units == {"%": 100.0}
    key = float(numeric.answers[0].text)
    assert numeric.typed(f"{100 * key:.9f}%") == numeric.typed(f"{key:.11f}") == 1


def test_a_point_is_read_on_sites_of_any_language(bank: Bank) -> None:
    """So the question asks for a point, and a comma would do only on some sites."""
    (there,) = exported(questions_of(bank, "numeric", 1))
    key = there.answers[0].text
    assert there.typed(key) == there.typed(key, comma_site=True) == there.typed(key.replace(".", ","), comma_site=True) == 1
    assert there.typed(key.replace(".", ",")) == 0
    assert "with a decimal point" in there.text


def test_the_distribution_is_a_gap_for_each_probability_and_said_to_differ(bank: Bank) -> None:
    questions = questions_of(bank, "distribution", 2)
    assert all(map(differs, questions))
    for question, there in zip(questions, exported(questions), strict=True):
        right, wrong, *_ = combinations_of(question)
        assert (len(there.gaps), {gap.kind for gap in there.gaps}) == (3, {"NUMERICAL"})
        assert fraction_there(question, there, right) == 1
        assert fraction_there(question, there, wrong) < 1


def test_an_essay_brings_its_rubric_for_who_marks_it(bank: Bank) -> None:
    (there,) = exported(questions_of(bank, "essay", 1))
    assert there.type == "essay"
    shown = there.element.findtext("graderinfo/text") or ""
    assert "&amp; &lt; b (2 points)" in shown
    assert "says why (1 point)" in shown


def test_words_with_the_signs_of_gaps_come_through(bank: Bank) -> None:
    (there,) = exported(questions_of(bank, "several", 1))
    assert len(there.gaps) == 12
    shown = [choice.text for gap in there.gaps for choice in gap.answers]
    assert {"right }", "wrong ~ #", "1 ~ 2", "it ~ is"} <= set(shown)
    assert "&#123;1:NUMERICAL:=3&#125;" in there.shown


def test_the_first_mistake_told_is_the_one_that_quizgen_finds(bank: Bank) -> None:
    (question,) = questions_of(bank, "numeric", 1)
    (there,) = exported([question])
    assert [answer.fraction for answer in there.answers] == [1, 0, 0.25]
    assert "A mistake" in there.answers[1].said
    assert there.answers[0].said == ""
