"""Marks that depend on how a comma is read are counted and told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sample_class import answers, build, write_rows

from quizgen.grading import Graded, grade

QUIZ = """
title: Losses
{setting}items:
  - {{template: calc/surprisal, points: 2}}
  - {{template: calc/two-steps, points: 2}}
"""
CLASS = [(f"s{i}", f"Student {i}") for i in range(12)]


def graded(folder: Path, setting: str, mark: str) -> tuple[Graded, int]:
    """A grading of right answers with this decimal mark, and how many losses have a digit before it that is not 0."""
    _, manifest = build(folder, QUIZ.format(setting=setting), CLASS)
    rows = answers(manifest)
    table = [["student", "q1", "q2.total"]]
    table += [[id, row["q1"].replace(".", mark), row["q2.total"]] for (id, _), row in zip(CLASS, rows, strict=True)]
    result = grade(manifest, [write_rows(folder / "r.csv", table)], folder / "graded")
    return result, sum(not row["q1"].startswith("0") for row in rows)


@pytest.mark.parametrize(("setting", "mark", "name", "other"), [
    ("", ",", "comma", "true"),
    ("decimal_comma: true\n", ".", "point", "false"),
])  # fmt: skip
def test_marks_that_turn_with_the_other_reading_are_counted_in_the_summary_and_on_the_console(
    tmp_path: Path, setting: str, mark: str, name: str, other: str
) -> None:
    result, ambiguous = graded(tmp_path, setting, mark)
    assert 2 <= ambiguous < 12
    summary = json.loads((tmp_path / "graded" / "summary.json").read_text(encoding="utf-8"))
    assert summary["outcomes"]["wrong"] == ambiguous
    (note,) = result.notes
    assert summary["notes"] == [note]
    assert note.startswith(f"{ambiguous} marks depend on how a {name} was read, as in ")
    assert f"decimal_comma: {other} in the quiz" in note
    assert note.endswith("reads it the other way.")


def test_marks_that_the_other_reading_would_cost_are_told_with_those_that_it_would_raise(tmp_path: Path) -> None:
    _, manifest = build(tmp_path, QUIZ.format(setting=""), CLASS)
    large = [(id, row["q1"]) for (id, _), row in zip(CLASS, answers(manifest), strict=True) if not row["q1"].startswith("0")]
    (first, loss), *others = large
    table = write_rows(tmp_path / "r.csv", [["student", "q1"], [first, loss.replace(".", ",")], *others])
    (note,) = grade(manifest, [table], tmp_path / "graded").notes
    assert note == (
        f"1 mark depends on how a comma was read, as in {loss.replace('.', ',')}; decimal_comma: true in the quiz reads it "
        f"the other way and would lower {len(others)} others."
    )


def test_numbers_that_every_reading_takes_alike_are_not_told(tmp_path: Path) -> None:
    result, _ = graded(tmp_path, "", ".")
    assert result.notes == ()


def test_a_number_that_is_wrong_either_way_is_not_told(tmp_path: Path) -> None:
    _, manifest = build(tmp_path, QUIZ.format(setting=""), CLASS)
    table = write_rows(tmp_path / "r.csv", [["student", "q1"], ["s0", "9,999"]])
    assert grade(manifest, [table], tmp_path / "graded").notes == ()
