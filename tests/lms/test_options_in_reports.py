"""Options, headings and rows of Canvas's student analysis that are hard to know again."""

from __future__ import annotations

from pathlib import Path

import pytest
from canvas_importer import report_cell
from test_canvas import Trial, numeric, trials
from test_canvas_report import ADA, ENDS, HEADS, back, come_back, heading, written

from quizgen.errors import SubmissionError
from quizgen.grading.readers.units import Blob
from quizgen.items import options_of
from quizgen.lms.back.base import Known, Returned, Unmatched
from quizgen.lms.back.canvas import REPORT
from quizgen.lms.looks import alike

DRAW = 'draw: {n: {integer: [2, 90]}}\nstem: "{{ n }}"\n'
POWERS = """answer:
  kind: choice
  key: "$10^{2}$"
  distractors: ["$102$", "$\\\\frac{10}{2}$"]
"""
MARKS = """answer:
  kind: multiple
  credit: percent-correct
  options:
    - {text: "a **b** c", true_when: true}
    - {text: "`<b>a</b>` b c", true_when: false}
    - {text: "`<i>`", true_when: true}
"""
LEFTS = """answer:
  kind: match
  pairs:
    - {left: "$a^2$", right: "$x_{1}$"}
    - {left: "$a2$", right: "$x1$"}
    - {left: "b", right: "c"}
"""
ARROWS = """answer:
  kind: {kind}
  options:
    - {{text: "p => q", true_when: true}}
    - {{text: "q => p, or not", true_when: false}}
    - {{text: "neither", true_when: false}}
"""


def one_trial(body: str, folder: Path) -> Trial:
    (trial,) = trials(numeric(DRAW + body, folder), "number", 1)
    return trial


@pytest.mark.parametrize("body", [POWERS, MARKS, LEFTS])
def test_options_that_look_alike_have_their_labels_and_come_back(body: str, tmp_path: Path) -> None:
    trial = one_trial(body, tmp_path)
    shown = [answer.text for answer in trial.imported.answers]
    assert all(text[1:3] == ". " for text in shown), shown
    assert len(set(shown)) == len(shown)
    assert not trial.imported.problems
    come_back(trial)


def test_options_that_look_different_have_no_labels(tmp_path: Path) -> None:
    trial = one_trial(ARROWS.format(kind="choice"), tmp_path)
    assert not alike(trial.question, options_of(trial.question.asked[0].interaction))
    assert "p => q" in {answer.text for answer in trial.imported.answers}


@pytest.mark.parametrize("kind", ["choice", "multiple\n  credit: percent-correct"])
def test_an_arrow_in_an_option_is_no_pair(kind: str, tmp_path: Path) -> None:
    trial = one_trial(ARROWS.format(kind=kind), tmp_path)
    come_back(trial)
    (place,) = [i for i, answer in enumerate(trial.imported.answers) if answer.text == "p => q"]
    response = place if kind == "choice" else [place]
    (one,) = back([trial], [*ADA, report_cell(trial.imported, response), 3, 1, 0, 3])
    assert isinstance(one, Returned)
    assert one.answers == {"answer": "ABC"[place]}


def test_an_entity_in_a_cell_of_an_older_canvas_is_the_character_that_it_stands_for(tmp_path: Path) -> None:
    body = 'answer: {kind: choice, key: "1 < 2 & more", distractors: ["2 < 1", "neither"]}\n'
    trial = one_trial(body, tmp_path)
    labels = {option.label for option in options_of(trial.question.asked[0].interaction)}
    (one,) = back([trial], [*ADA, "1 &lt; 2 &amp; more", 3, 1, 0, 3])
    assert isinstance(one, Returned)
    assert not one.unread
    assert one.answers["answer"] in labels
    assert trial.ours(one.answers) == 1


@pytest.mark.parametrize(
    "heads",
    [
        ["section", "section_id", "section_sis_id", "submitted", "attempt"],
        ["Abschnitt", "Abschnitts-ID", "Abschnitts-SIS-ID", "eingereicht", "Versuch"],
        ["Abschnitt", "Abschnitts-ID", "eingereicht"],
    ],
)
def test_an_anonymous_survey_is_no_one_students(heads: list[str], tmp_path: Path) -> None:
    trial = one_trial(POWERS, tmp_path)
    facts = ["Section A", "7", "s-7", ADA[-1], "1"] if len(heads) == 5 else ["Section A", "7", ADA[-1]]
    rows = [[*facts, answer.text, 3, 1, 0, 3] for answer in trial.imported.answers]
    blob = Blob("a.csv", written([[*heads, heading(1, trial), "3.0", *ENDS], *rows]))
    with pytest.raises(SubmissionError, match="whose responses"):
        list(REPORT.read(blob, Known({trial.question.code: trial.question})))


def test_a_translated_report_without_the_siss_ids_has_names(tmp_path: Path) -> None:
    trial = one_trial(POWERS, tmp_path)
    heads = ["Name", "Kennung", "Abschnitt", "Abschnitts-ID", "eingereicht"]
    (one,) = back([trial], ["Ada", "1001", "A", "7", ADA[-1], "A. 102", 3, 1, 0, 3], heads=heads)
    assert isinstance(one, Returned)
    assert (one.student.id, one.submitted) == ("1001", ADA[-1])


# Headings whose code is gone ------------------------------------------------------------------------------------------

SAME_STEM = """draw: {n: {integer: [2, 90]}}
stem: Which?
answer: {kind: choice, key: "{{ n }}", distractors: ["{{ n + 100 }}"]}
"""


def without_code(trial: Trial) -> str:
    return heading(7, trial).partition("Question code:")[0]


def read(found: list[Trial], header: list[str], *rows: list[object]) -> list[Returned | Unmatched]:
    blob = Blob("a.csv", written([[*HEADS, *header, *ENDS], *rows]))
    assert REPORT.recognises(blob)
    return list(REPORT.read(blob, Known({trial.question.code: trial.question for trial in found})))


def test_a_question_whose_code_was_edited_away_is_known_by_its_text(tmp_path: Path) -> None:
    found = list(trials(numeric(DRAW + POWERS, tmp_path), "number", 3))
    texts = [without_code(trial) for trial in found]
    assert len(set(texts)) == 3
    cell = found[1].imported.answers[0].text
    (one,) = read(found, [texts[1], "3.0"], [*ADA, cell, 3, 1, 0, 3])
    assert isinstance(one, Returned)
    assert one.question.code == found[1].question.code


@pytest.mark.parametrize("id", ["order-pairs", "several", "numeric-zero"])
def test_gaps_and_menus_in_a_heading_are_no_hindrance(id: str, tmp_path: Path) -> None:
    found = list(trials(numeric(SAME_STEM, tmp_path), id, 2))
    for trial in found:
        (one,) = read(found, [without_code(trial), "3.0"], [*ADA, "", 0, 0, 1, 0])
        assert isinstance(one, Returned)
        assert one.question.code == trial.question.code


def test_of_questions_with_one_text_the_options_tell_which_it_is(tmp_path: Path) -> None:
    found = list(trials(numeric(SAME_STEM, tmp_path), "number", 3))
    (text,) = {without_code(trial) for trial in found}
    cell = found[2].imported.answers[1].text
    (one,) = read(found, [text, "3.0"], [*ADA, cell, 0, 0, 1, 0])
    assert isinstance(one, Returned)
    assert (one.question.code, one.answers) == (found[2].question.code, {"answer": "B"})


def test_where_neither_text_nor_options_tell_it_is_said(tmp_path: Path) -> None:
    found = list(trials(numeric(SAME_STEM.replace("{{ n + 100 }}", "17"), tmp_path), "number", 3))
    header = [without_code(found[0]), "3.0", "8: What is your name?", "1.0", heading(9, found[1]), "3.0"]
    (stranger, lost, known) = read(found, header, [*ADA, "17", 3, "Ada", 1, "18", 0, 1, 0, 3])
    assert isinstance(known, Returned)
    assert isinstance(lost, Unmatched)
    assert isinstance(stranger, Unmatched)
    assert (lost.student, lost.text) == ("1001", "17")
    assert "lost the question's code" in lost.reason
    assert (stranger.student, stranger.text, stranger.row) == ("", "8: What is your name?", 1)
