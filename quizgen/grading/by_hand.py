"""What waits for a person: the queue that a grading run writes, and the points that come back in it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from quizgen.bank import Bank
from quizgen.bank.files import read_bytes
from quizgen.errors import PolicyError, Problem
from quizgen.folding import squeezed
from quizgen.items import WriteFreely
from quizgen.quizzes.delimited import MAX_BYTES, Rows, decode, rows_of
from quizgen.quizzes.manifest import Manifest
from quizgen.quizzes.spreadsheet import is_workbook, sheet_rows
from quizgen.quizzes.tables import defused

COLUMNS = ("student", "field", "response", "points", "comment")
"""What must stand in a queue that comes back; other columns are for the person who reads it."""


@dataclass(frozen=True, slots=True)
class HandMark:
    """What a person gave to one response: a fraction of its points, and words for the student."""

    response: str
    fraction: float
    comment: str


def queue(counted: pl.DataFrame, manifest: Manifest, bank: Bank) -> pl.DataFrame:
    """The responses that wait for a person, with the rubric and room for points and a comment."""
    waiting = counted.filter("waits")
    rubrics: dict[str, str] = {}
    for id, ordinal in waiting.unique("template", maintain_order=True).select("template", "ordinal").iter_rows():
        template = bank[id]
        item = template.item(template.variants_at([ordinal], secret=manifest.secret), 0)
        for name, interaction in item.interactions:
            if isinstance(interaction, WriteFreely):
                rubrics[f"{id} {name}"] = "; ".join(interaction.rubric)
    criteria = pl.format("{} {}", "template", "answer").replace_strict(rubrics, default="", return_dtype=pl.String)
    return waiting.select(
        "student",
        "field",
        "code",
        rubric=criteria,
        response="text",
        possible="possible",
        points=pl.lit(""),
        comment=pl.lit(""),
    )


def read_hand_marks(path: Path, fields: pl.DataFrame) -> dict[tuple[str, str], HandMark]:
    """The points in a queue that was filled in (CSV or .xlsx), by student and field; rows without points still wait.

    Raises:
        PolicyError: every problem, at its line.
    """
    name = str(path)
    raw = read_bytes(path, limit=MAX_BYTES, error=PolicyError)
    table = (
        sheet_rows(raw, name, PolicyError) if is_workbook(raw) else rows_of(decode(raw, name, PolicyError), name, PolicyError)
    )
    missing = [column for column in COLUMNS if column not in table.header]
    if missing:
        raise PolicyError.at(name, f"there is no column '{missing[0]}'; it is the file to-mark.csv that grade wrote")
    problems: list[Problem] = []
    possible = {(student, field): most for student, field, most in fields.select("student", "field", "possible").iter_rows()}
    # ids are looked up as the queue shows them, where a spreadsheet's formulas are defused
    shown = dict(zip(defused(fields["student"]).to_list(), fields["student"].to_list(), strict=True))
    found: dict[tuple[str, str], HandMark] = {}
    for line, row in _named_rows(table):
        if not row["points"].strip():
            continue
        student = row["student"].strip()
        key = shown.get(student, student), row["field"].strip()
        points = _points(row["points"])
        if key not in possible:
            problems.append(Problem(name, line, 1, f"there is no student '{student}' with a field '{key[1]}' in this build"))
        elif key in found:
            problems.append(Problem(name, line, 1, f"field {key[1]} of student {student} stands in two rows"))
        elif not 0 <= points <= possible[key]:
            message = f"'{row['points'].strip()}' is no number of points from 0 to {possible[key]:g}"
            problems.append(Problem(name, line, 1, message))
        else:
            found[key] = HandMark(row["response"], points / (possible[key] or 1), row["comment"].strip())
    if problems:
        raise PolicyError(problems)
    return found


def _named_rows(table: Rows) -> Iterator[tuple[int, dict[str, str]]]:
    for line, cells in table.rows:
        padded = [*cells, *[""] * (len(table.header) - len(cells))]
        yield line, dict(zip(table.header, padded, strict=False))


def _points(text: str) -> float:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return math.nan


def with_hand_marks(marked: pl.DataFrame, given: Mapping[tuple[str, str], HandMark]) -> tuple[pl.DataFrame, int]:
    """The marks with those that a person gave, and how many of them are for another response than the student's now."""
    if not given:
        return marked, 0
    table = pl.DataFrame(
        [(*key, squeezed(mark.response), mark.fraction, mark.comment) for key, mark in given.items()],
        schema={"student": pl.String, "field": pl.String, "read": pl.String, "given": pl.Float64, "comment": pl.String},
        orient="row",
    )
    joined = marked.join(table, on=["student", "field"], how="left", maintain_order="left").with_columns(
        now=defused(marked["text"]).map_elements(squeezed, return_dtype=pl.String)
    )
    waiting = (pl.col("outcome") == "manual") & pl.col("given").is_not_null()
    same = pl.col("now") == pl.col("read")
    stale = joined.filter(waiting).group_by("student", "field").agg(same.any()).filter(~pl.col("now"))
    outcome = pl.when(pl.col("given") >= 1).then(pl.lit("correct")).when(pl.col("given") <= 0).then(pl.lit("wrong"))
    new = {
        "outcome": outcome.otherwise(pl.lit("partial")),
        "fraction": pl.col("given"),
        "note": pl.col("comment"),
    }
    amended = joined.with_columns(
        **{column: pl.when(waiting & same).then(value).otherwise(column) for column, value in new.items()}
    )
    return amended.select(marked.columns), len(stale)
