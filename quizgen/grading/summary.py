"""The summary of a grading run: what came in, how it went, and which misconceptions the class has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from quizgen.bank import Bank
from quizgen.grading.reading import Submissions
from quizgen.quizzes.manifest import Manifest


def summary(
    manifest: Manifest,
    bank: Bank,
    read: Submissions,
    counted: pl.DataFrame,
    rejected: pl.DataFrame,
    book: pl.DataFrame,
    notes: Sequence[str],
) -> dict[str, Any]:
    """Plain data for summary.json."""
    handed_in = book.filter(pl.col("submitted") == "yes")
    percents = handed_in["percent"].drop_nulls()
    return {
        "quiz": manifest.quiz.title,
        "build": manifest.build,
        "responses": {"received": read.received, "marked": len(counted), "rejected": len(rejected)},
        "students": {"class": len(book), "submitted": len(handed_in), "late": int((book["late"] == "yes").sum())},
        "percent": {
            "mean": _rounded(percents.mean()),
            "median": _rounded(percents.median()),
            "lowest": _rounded(percents.min()),
            "highest": _rounded(percents.max()),
        },
        "outcomes": dict(counted["outcome"].value_counts(sort=True).iter_rows()),
        "templates": _templates(counted, bank),
        "misconceptions": misconceptions(counted, bank),
        "rejected_reasons": dict(rejected["reason"].value_counts(sort=True).iter_rows()),
        "ignored_columns": [{"file": file, "column": column} for file, column in read.ignored_columns],
        "files": [
            {"name": file.name, "format": file.format, "responses": file.responses, "rejected": file.rejected}
            for file in read.files
        ],
        "notes": [*notes, *read.notes],
    }


def _templates(counted: pl.DataFrame, bank: Bank) -> list[dict[str, Any]]:
    """Each template's facility: the mean fraction earned, hardest first."""
    marked = counted.filter((pl.col("outcome") != "manual") & (pl.col("dropped") == 0))
    found = (
        marked.group_by("template")
        .agg(responses=pl.len(), facility=pl.col("fraction").mean(), blank=(pl.col("outcome") == "blank").sum(),
             invalid=(pl.col("outcome") == "invalid").sum())
        .sort("facility", "template")
    )  # fmt: skip
    return [
        {
            "template": row["template"],
            "title": bank[row["template"]].title,
            "responses": row["responses"],
            "facility": _rounded(row["facility"]),
            "blank": row["blank"],
            "unreadable": row["invalid"],
        }
        for row in found.iter_rows(named=True)
    ]


def misconceptions(counted: pl.DataFrame, bank: Bank) -> list[dict[str, Any]]:
    """The class's misconceptions, those of most students first."""
    known = {id: mistake for template in counted["template"].unique().sort() for id, mistake in bank[template].mistakes.items()}
    found = (
        counted.filter((pl.col("mistake") != "") & (pl.col("dropped") == 0))
        .group_by("mistake")
        .agg(students=pl.col("student").n_unique(), responses=pl.len(), templates=pl.col("template").unique().sort())
        .sort(["students", "responses", "mistake"], descending=[True, True, False])
    )
    submitted = max(counted["student"].n_unique(), 1)
    return [
        {
            "mistake": row["mistake"],
            "title": known[row["mistake"]].title,
            "students": row["students"],
            "share_of_students": _rounded(row["students"] / submitted),
            "responses": row["responses"],
            "templates": row["templates"],
            "repaired_by": known[row["mistake"]].concept,
        }
        for row in found.iter_rows(named=True)
    ]


def _rounded(value: Any) -> float | None:
    return None if value is None else round(float(value), 4)
