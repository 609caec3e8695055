"""The gradebook: a row for each student of the class."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import polars as pl

from quizgen.quizzes.manifest import Manifest


def gradebook(manifest: Manifest, fields: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """Points of each item of the quiz, total, and what needs attention, in the order of the class.

    The cell of an item is empty while a person has still to mark it. ``possible so far`` leaves out what waits for a
    person, and ``percent`` is the total's share of it. Who handed in nothing but blanks has not submitted.
    """
    by_item = counted.group_by("student", "item").agg(
        pl.col("points").sum(), waiting=pl.col("waits").any()
    )  # fmt: skip
    earned = {(student, item): (points, waiting) for student, item, points, waiting in by_item.iter_rows()}
    attention = counted.group_by("student").agg(
        pl.col("late").any(),
        pl.col("waits").sum().alias("manual"),
        (pl.col("outcome") == "invalid").sum().alias("invalid"),
        (pl.col("outcome") != "blank").any().alias("answered"),
        pl.col("possible").filter("waits").sum().alias("waiting"),
    )
    facts = {student: found for student, *found in attention.iter_rows()}
    possible = dict(fields.group_by("student").agg(pl.col("possible").sum()).iter_rows())
    rows = []
    for sheet in manifest.sheets:
        id = sheet.student.id
        late, manual, invalid, answered, waiting = facts.get(id, (False, 0, 0, False, 0.0))
        cells = [earned.get((id, slot + 1), (0.0, False)) for slot in range(len(manifest.slots))]
        total, most = sum(points for points, _ in cells), possible[id]
        shown = [None if waits and not points else points for points, waits in cells]
        judged = round(most - waiting, 3)
        rows.append(
            (
                id, sheet.student.name, *shown, total, most, judged, 100 * total / judged if judged else None,
                "yes" if answered else "no", "yes" if late else "", manual or None, invalid or None,
            )
        )  # fmt: skip
    items = {f"item {i + 1}": pl.Float64 for i in range(len(manifest.slots))}
    schema: dict[str, Any] = {
        "student": pl.String, "name": pl.String, **items, "total": pl.Float64, "possible": pl.Float64,
        "possible so far": pl.Float64, "percent": pl.Float64, "submitted": pl.String, "late": pl.String,
        "waiting for a person": pl.Int64, "unreadable": pl.Int64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def with_known(book: pl.DataFrame, unread: Mapping[str, int], handed_in: Collection[str]) -> pl.DataFrame:
    """The gradebook with responses that could not be read among the unreadable, and empty attempts as handed in."""
    if not unread and not handed_in:
        return book
    students = book["student"].to_list()
    more = pl.Series([unread.get(student, 0) for student in students], dtype=pl.Int64)
    known = pl.Series([student in handed_in for student in students], dtype=pl.Boolean)
    unreadable = pl.col("unreadable").fill_null(0) + more
    return book.with_columns(
        submitted=pl.when(known).then(pl.lit("yes")).otherwise("submitted"),
        unreadable=pl.when(unreadable > 0).then(unreadable),
    )
