"""How long a quiz is expected to take: of its slots, of each worksheet, and as it is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from sample_class import CONCEPT, QUIZ, build, write_bank, write_text

from quizgen.bank import Bank, load_bank
from quizgen.errors import QuizError
from quizgen.quizzes import build_quiz, load_quiz, read_roster
from quizgen.quizzes.assignment import expected_minutes, slots_of
from quizgen.rendering.worksheets import worded_minutes

MIXED = f"""
title: Mixed
items:
  - {{template: calc/essay}}
  - {{pick: 1, level: [apply, understand]}}
  - {{pick: 1, tag: few, concept: {CONCEPT}}}
"""
"""10 minutes, then 1, 1 or 2 (surprisal, pick-one, two-steps), then 1."""


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    return load_bank(write_bank(tmp_path / "bank"))


def test_the_expected_time_of_a_pick_is_the_mean_over_what_may_be_picked(bank: Bank, tmp_path: Path) -> None:
    slots = slots_of(load_quiz(write_text(tmp_path / "q.yaml", MIXED)), bank)
    assert expected_minutes(slots, bank) == pytest.approx(10 + 4 / 3 + 1)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, ""), (0.3, "about 1 minute"), (1.4, "about 1 minute"), (12.5, "about 13 minutes"), (30, "about 30 minutes")],
)
def test_an_expected_time_is_told_to_the_minute(minutes: float, words: str) -> None:
    assert worded_minutes(minutes) == words


def test_each_worksheet_tells_the_time_of_its_own_questions_and_the_build_the_range(tmp_path: Path) -> None:
    students = [(f"s{i:02}", "") for i in range(9)]
    built, manifest = build(tmp_path / "c", MIXED, students, flavours=("html", "markdown"))
    assert built.minutes == (12, 13)
    for sheet in manifest.sheets:
        minutes = 13 if any(item.template == "calc/two-steps" for item in sheet.items) else 12
        html, markdown = (
            (tmp_path / "c" / "build" / "worksheets" / f"{sheet.file}{end}").read_text() for end in (".html", ".md")
        )
        assert f"3 questions, 3 points, about {minutes} minutes" in html
        assert f"- **Time:** about {minutes} minutes\n" in markdown


def test_what_is_wrong_with_picks_and_with_instructions_is_told_together(bank: Bank, tmp_path: Path) -> None:
    """A word that nothing has is told as that, not also as a pick that nothing fits."""
    quiz = r"""
title: Q
instructions: Use $\frac{$.
items:
  - {pick: 1, kinds: numerc}
  - {pick: 2, level: aply}
  - {pick: 2, kinds: essay}
  - {pick: 9, kinds: numeric}
  - {template: calc/tinny}
"""
    roster = read_roster(write_text(tmp_path / "r.csv", "id\nann\n"))
    with pytest.raises(QuizError) as caught:
        build_quiz(load_quiz(write_text(tmp_path / "q.yaml", quiz)), bank, roster, tmp_path / "out")
    told = [f"{problem.line}:{problem.column}: {problem.message}" for problem in caught.value.problems]
    assert [line.split(";")[0] for line in told] == [
        r"2:20: the formula $\frac{$ opens a brace that is not closed",
        "4:22: no template of the bank has the kind 'numerc'",
        "5:22: no template of the bank has the level 'aply'",
        "6:12: 2 templates are to be picked, but 1 of the bank's 5 fits",
        "7:12: 9 templates are to be picked, but 3 of the bank's 5 fit",
        "8:16: there is no template 'calc/tinny'",
    ]
    assert not (tmp_path / "out").exists()


def test_a_quiz_of_one_time_for_all_has_no_range(tmp_path: Path) -> None:
    built, _ = build(tmp_path / "c", QUIZ, [("ann", "Ann"), ("bob", "Bob")])
    assert built.minutes == (14, 14)
