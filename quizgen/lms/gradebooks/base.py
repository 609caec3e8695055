"""What a gradebook import file is made of, whatever the system."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import polars as pl

from quizgen.quizzes.manifest import Manifest
from quizgen.quizzes.roster import Student


@dataclass(frozen=True, slots=True)
class Earned:
    """What a student earned in all; None where nothing is known yet: nothing was handed in, or a person has still to mark."""

    student: Student
    points: float | None


@dataclass(frozen=True, slots=True)
class Grades:
    """A quiz's marks: its title, the points that can be earned, and each student's."""

    title: str
    possible: float
    rows: tuple[Earned, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """An import file, and what the instructor should know of it. ``suffix`` where it is another than the gradebook's."""

    text: str
    notes: tuple[str, ...] = ()
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Gradebook:
    """An import file of one system.

    ``write`` gets the marks and the text of that system's own gradebook export, or None. With it, the file is that export
    with the quiz's column filled in, everything else as it was; students who are not in it are told in the notes.
    `SubmissionError` where that text is no such export.
    """

    name: str
    title: str
    suffix: str
    write: Callable[[Grades, str | None], Sheet]


def grades_of(manifest: Manifest, book: pl.DataFrame, *, unread: Collection[str] = ()) -> Grades:
    """The marks of a gradebook table (see `quizgen.grading.gradebook`).

    There are none of students of whom something waits for a person or is ``unread``, nor of those who handed nothing in; an
    empty attempt that was handed in has earned 0.
    """
    waiting = book["waiting for a person"].fill_null(0).to_list()
    rows = zip(manifest.sheets, book["total"].to_list(), book["submitted"].to_list(), waiting, strict=True)
    possible = float(book["possible"].max() or 0.0)  # type: ignore[arg-type] # a column of numbers
    return Grades(
        manifest.quiz.title,
        possible,
        tuple(
            Earned(
                sheet.student,
                points if submitted == "yes" and not waits and sheet.student.id not in unread else None,
            )
            for sheet, points, submitted, waits in rows
        ),
    )
