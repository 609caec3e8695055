"""Reads submissions from files of all formats into one table of responses and one of what had to be rejected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from quizgen.errors import SubmissionError
from quizgen.grading.attempts import number_submissions
from quizgen.grading.intake import FileTaken, Intake, Taken
from quizgen.grading.layout import Layout
from quizgen.grading.placing import TIME
from quizgen.grading.sources import Found, Refused, Skipped, find_sources

__all__ = ["REJECTED", "RESPONSES", "FileRead", "Layout", "Submissions", "read_submissions"]

_MOST_TOLD = 20
"""Files named in the error that none can be read."""

RESPONSES = pl.Schema(
    {
        "student": pl.String(),
        "field": pl.String(),
        "text": pl.String(),
        "submitted": pl.String(),
        "late": pl.Boolean(),
        "submission": pl.Int64(),
        "source": pl.String(),
        "row": pl.Int64(),
    }
)
REJECTED = pl.Schema(
    {
        "student": pl.String(),
        "field": pl.String(),
        "text": pl.String(),
        "submitted": pl.String(),
        "source": pl.String(),
        "row": pl.Int64(),
        "reason": pl.String(),
    }
)


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file that was read: its name, its format, and how many responses it gave and how many were rejected."""

    name: str
    format: str
    responses: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Submissions:
    """What came in: each unit received stands in exactly one of ``responses`` and ``rejected``.

    ``responses``: student, field, text ("" for blank), submitted (as written, or null), late, submission (0 for what
    the student handed in first), source (file), row (line or record, from 1).
    ``rejected``: student, field, text, submitted, source, row, reason; names as written, "" where there is none.
    ``ignored_columns``: pairs of file and column. ``notes``: what else a person should know, in words.
    ``unread``: by student, how many of the rejected would count if they could be read. ``handed_in``: students who are known to
    have handed something in, even if it is empty.
    """

    responses: pl.DataFrame
    rejected: pl.DataFrame
    ignored_columns: tuple[tuple[str, str], ...]
    files: tuple[FileRead, ...]
    notes: tuple[str, ...]
    received: int
    unread: Mapping[str, int] = field(default_factory=dict)
    handed_in: frozenset[str] = frozenset()


def read_submissions(paths: Sequence[Path], layout: Layout) -> Submissions:
    """All responses behind the paths: files, folders and zip archives of CSV, JSON, JSON lines and Excel, mixed.

    A unit received is a long row, an answer of a JSON object, or a cell of a wide row under a field's name; a blank
    cell counts only if it is for a field of a student's own worksheet, and a row that names no student of the class at
    least once. A file that cannot be read is one rejected unit. Raises SubmissionError for a path that is missing, and
    where no file can be read at all.
    """
    intake = Intake(layout)
    skipped: list[str] = []
    for source in find_sources(paths):
        match source:
            case Skipped(name, reason):
                skipped.append(f"{name}: skipped: {reason}")
            case Refused(name, reason):
                intake.refuse(name, reason)
            case Found(blob):
                intake.read(blob)
    read = intake.all()
    if not any(file.refusal is None for file in read.files):
        raise SubmissionError(_nothing_read(read.files, skipped))
    return _assembled(read, skipped, layout.due)


def _nothing_read(files: Sequence[FileTaken], skipped: Sequence[str]) -> str:
    told = [f"{file.name}: {file.refusal}" for file in files] or ["there is no file of responses", *skipped]
    more = len(told) - _MOST_TOLD
    return "\n".join([*told[:_MOST_TOLD], *([f"and {more} more files that cannot be read"] if more > 0 else [])])


def _assembled(read: Taken, skipped: Sequence[str], due: datetime | None) -> Submissions:
    notes = [f"{file.name}: {note}" for file in read.files for note in file.notes]
    sources = pl.Series("source", [file.name for file in read.files], dtype=pl.String)

    def with_source(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns(source=sources.gather(frame["file"]))

    responses = RESPONSES.to_frame()
    if len(read.responses):
        numbered = number_submissions(read.responses)
        untimed = _untimed_students(numbered)
        if untimed:
            notes.append(
                f"students with some submissions without a time: {len(untimed)}, such as {untimed[0]}; "
                "those without a time count as the earlier"
            )
        responses = with_source(numbered).with_columns(late=_is_late(due)).select(list(RESPONSES))
    good, bad = (frame["file"].value_counts() for frame in (read.responses, read.rejected))
    responses_of, rejected_of = dict(good.iter_rows()), dict(bad.iter_rows())
    return Submissions(
        responses,
        with_source(read.rejected).select(list(REJECTED)),
        tuple(dict.fromkeys((file.name, column) for file in read.files for column in file.ignored)),
        tuple(
            FileRead(file.name, file.format, responses_of.get(number, 0), rejected_of.get(number, 0))
            for number, file in enumerate(read.files)
        ),
        (*skipped, *notes),
        sum(file.received for file in read.files),
    )


def _is_late(due: datetime | None) -> pl.Expr:
    if due is None:
        return pl.lit(False)
    moment = due if due.tzinfo is not None else due.replace(tzinfo=UTC)
    return (pl.col("when") > pl.lit(moment.astimezone(UTC), dtype=TIME)).fill_null(False)


def _untimed_students(responses: pl.DataFrame) -> list[str]:
    """The students with several submissions of which some have a time and some have none, in order."""
    known = pl.col("when").is_not_null()
    return (
        responses.lazy()
        .filter(pl.col("submission").max().over("student") > 0)
        .group_by("student")
        .agg(mixed=known.any() & ~known.all())
        .filter("mixed")
        .sort("student")
        .collect()["student"]
        .to_list()
    )
