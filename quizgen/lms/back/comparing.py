"""Where the LMS's marks and ours differ, and why as far as the responses tell."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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

_UNREAD = "responses that cannot be read surely have no mark here: see rejected.csv"

_SAME = 1e-3
"""LMSs round the points in their reports, most to two decimals."""


def differences(given: Sequence[Given], unread: Collection[str], result: Counted) -> pl.DataFrame:
    """Every item of a student for which the LMS gave another share of the points than quizgen does, with the reason.

    Of students of whom something is ``unread``, every item that has no mark here is told.
    """
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
    whole = result.book.select("student", "total", "possible")
    by_student: dict[str, list[_Ours]] = {}
    for (student, _), found in ours.items():
        by_student.setdefault(student, []).append(found)
    for student, points, possible in whole.iter_rows():
        mine = by_student.get(student, [])
        outcomes = [outcome for found in mine for outcome in found[4]]
        ours[student, None] = ("", [], points, possible, outcomes, [note for found in mine for note in found[5]][:_MOST_NOTES])
    rows: list[tuple[object, ...]] = []
    for one in given:
        template, texts, points, possible, outcomes, notes = ours.get((one.student, one.item), _NOTHING)
        there = one.points / one.possible
        if not possible:  # none of its answers has a mark
            if one.student in unread:
                rows.append((one.student, one.item, template, "", there, None, None, _UNREAD))
            continue
        here = points / possible
        if "manual" in outcomes or abs(there - here) <= max(_SAME, 0.006 / one.possible):
            continue
        why = _UNREAD if one.student in unread and one.item is None else _why(here - there, outcomes, notes)
        rows.append((one.student, one.item, template, "; ".join(texts), there, here, here - there, why))
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
