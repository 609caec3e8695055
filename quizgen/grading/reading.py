"""Reads submissions from files of all formats into one table of responses and one of what had to be rejected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from quizgen.errors import SubmissionError
from quizgen.grading.attempts import number_submissions
from quizgen.grading.layout import Layout
from quizgen.grading.placing import TIME, Placed, Placer
from quizgen.grading.readers import find_reader
from quizgen.grading.readers.units import Blob, mended
from quizgen.grading.sources import Found, Refused, Skipped, find_sources

__all__ = ["REJECTED", "RESPONSES", "FileRead", "Layout", "Submissions", "read_submissions"]

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
    """

    responses: pl.DataFrame
    rejected: pl.DataFrame
    ignored_columns: tuple[tuple[str, str], ...]
    files: tuple[FileRead, ...]
    notes: tuple[str, ...]
    received: int


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What one file gave; ``responses`` are not numbered yet, ``received`` is counted before anything is matched."""

    name: str
    format: str
    responses: pl.DataFrame
    rejected: pl.DataFrame
    received: int
    ignored: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_submissions(paths: Sequence[Path], layout: Layout) -> Submissions:
    """All responses behind the paths: files, folders and zip archives of CSV, JSON, JSON lines and Excel, mixed.

    A unit received is a long row, an answer of a JSON object, or a cell of a wide row under a field's name; a blank
    cell counts only if it is for a field of a student's own worksheet, and a row that names no student of the class at
    least once. Raises SubmissionError for a path that cannot be read at all; a file that cannot be read inside a folder
    or an archive is one rejected unit instead.
    """
    placer = Placer(layout)
    outcomes: list[_Outcome] = []
    skipped: list[str] = []
    for source in find_sources(paths):
        match source:
            case Skipped(name, reason):
                skipped.append(f"{name}: skipped: {reason}")
            case Refused(name, reason):
                outcomes.append(_refused(name, reason))
            case Found(blob, named):
                try:
                    outcomes.append(_read_file(blob, layout, placer))
                except SubmissionError as exc:
                    if named:
                        raise
                    outcomes.append(_refused(blob.name, str(exc).removeprefix(f"{blob.name}: ")))
    return _assembled(outcomes, skipped, layout.due)


def _read_file(blob: Blob, layout: Layout, placer: Placer) -> _Outcome:
    reader = find_reader(blob)
    placed: list[Placed] = []
    ignored: list[str] = []
    notes: list[str] = []
    received = 0
    for chunk in reader.read(blob, layout):
        ignored += map(mended, chunk.ignored)
        notes += map(mended, chunk.notes)
        if len(chunk.units):
            placed.append(placer.place(chunk))
            received += len(chunk.units) - placed[-1].empty
    unread = sum(part.unread_times for part in placed)
    if unread:
        example = next(part.unread_time for part in placed if part.unread_times)
        notes.append(
            f'times that cannot be told: {unread}, such as "{example}"; these responses count as not late '
            "(write times as 2025-03-04 14:05)"
        )
    return _Outcome(
        blob.name,
        reader.name,
        _in_order([part.responses for part in placed]),
        _in_order([part.rejected for part in placed]),
        received,
        tuple(ignored),
        tuple(notes),
    )


def _in_order(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """The frames as one, in the order of the file's rows."""
    if not frames:
        return pl.DataFrame()
    frame = pl.concat(frames)
    return frame if frame["row"].is_sorted() else frame.sort("row", maintain_order=True)


def _refused(name: str, reason: str) -> _Outcome:
    """The outcome of a file that cannot be read: one rejected unit."""
    unit = {
        "student": "",
        "field": "",
        "text": "",
        "submitted": None,
        "row": 1,
        "reason": f"the file is not read: {reason}",
    }
    schema = pl.Schema({name: dtype for name, dtype in REJECTED.items() if name != "source"})
    return _Outcome(name, "not read", pl.DataFrame(), pl.DataFrame([unit], schema=schema), 1)


def _assembled(outcomes: Sequence[_Outcome], skipped: Sequence[str], due: datetime | None) -> Submissions:
    came = [
        outcome.responses.with_columns(source=pl.lit(outcome.name), file=pl.lit(number))
        for number, outcome in enumerate(outcomes)
        if len(outcome.responses)
    ]
    refused = [
        outcome.rejected.with_columns(source=pl.lit(outcome.name)).select(list(REJECTED))
        for outcome in outcomes
        if len(outcome.rejected)
    ]
    notes = [f"{outcome.name}: {note}" for outcome in outcomes for note in outcome.notes]
    responses = RESPONSES.to_frame()
    if came:
        numbered = number_submissions(pl.concat(came))
        untimed = _untimed_students(numbered)
        if untimed:
            notes.append(
                f"students with some submissions without a time: {len(untimed)}, such as {untimed[0]}; "
                "those without a time count as the earlier"
            )
        responses = numbered.with_columns(late=_is_late(due)).select(list(RESPONSES))
    return Submissions(
        responses,
        pl.concat(refused) if refused else REJECTED.to_frame(),
        tuple(dict.fromkeys((outcome.name, column) for outcome in outcomes for column in outcome.ignored)),
        tuple(FileRead(outcome.name, outcome.format, len(outcome.responses), len(outcome.rejected)) for outcome in outcomes),
        (*skipped, *notes),
        sum(outcome.received for outcome in outcomes),
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
