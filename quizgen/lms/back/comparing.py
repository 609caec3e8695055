"""Where the LMS's marks and ours differ, and why as far as the responses tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import polars as pl

from quizgen.grading.counting import Counted
from quizgen.lms.back.reading import Given

SCHEMA = pl.Schema(
    {
        "student": pl.String(),
        "item": pl.Int64(),
        "template": pl.String(),
        "response": pl.String(),
        "there": pl.Float64(),
        "here": pl.Float64(),
        "difference": pl.Float64(),
        "why": pl.String(),
    }
)
"""``there`` and ``here`` are fractions of the item's points, ``difference`` what the mark here is higher.

``item`` is null where the LMS tells only what it gave for the whole.
"""

_Ours: TypeAlias = tuple[str, list[str], float, float, list[str], list[str]]
"""Template, responses, points, possible points, outcomes and notes."""

_NOTHING: _Ours = ("", [], 0.0, 0.0, [], [])
_MOST_NOTES = 5

_SAME = 1e-3
"""LMSs round the points in their reports, most to two decimals."""


def differences(given: Sequence[Given], result: Counted) -> pl.DataFrame:
    """Every item of a student for which the LMS gave another share of the points than quizgen does, with the reason."""
    ours: dict[tuple[str, int | None], _Ours] = {
        (student, item): (template, texts, points, possible, outcomes, notes)
        for student, item, template, texts, points, possible, outcomes, notes in result.counted.group_by("student", "item")
        .agg(
            pl.col("template").first(),
            pl.col("text"),
            pl.col("points").sum(),
            pl.col("possible").sum(),
            pl.col("outcome"),
            pl.col("note"),
        )
        .iter_rows()
    }
    for (student, _), (_, _, points, possible, outcomes, notes) in list(ours.items()):
        _, _, points_before, possible_before, outcomes_before, notes_before = ours.get((student, None), _NOTHING)
        ours[student, None] = (
            "",
            [],
            points_before + points,
            possible_before + possible,
            [*outcomes_before, *outcomes],
            [*notes_before, *notes][:_MOST_NOTES],
        )
    rows = []
    for one in given:
        found = ours.get((one.student, one.item))
        if found is None:
            continue
        template, texts, points, possible, outcomes, notes = found
        there, here = one.points / one.possible, points / possible if possible else 0.0
        if "manual" in outcomes or abs(there - here) <= max(_SAME, 0.006 / one.possible):
            continue
        typed = "; ".join(texts)
        rows.append((one.student, one.item, template, typed, there, here, here - there, _why(here - there, outcomes, notes)))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _why(difference: float, outcomes: Sequence[str], notes: Sequence[str]) -> str:
    told = [note for note in dict.fromkeys(notes) if note]
    if "invalid" in outcomes:
        reason = "quizgen cannot read the response, and says so rather than that it is wrong"
    elif difference > 0:
        reason = "quizgen reads or credits what the LMS does not"
    else:
        reason = "the LMS credits what quizgen does not"
    return f"{reason}: {'; '.join(told)}" if told else reason
