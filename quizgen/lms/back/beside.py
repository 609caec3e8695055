"""Files beside the marks: where an LMS's marks differ, and the marks as its gradebook imports them."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from quizgen.bank.files import read_bytes
from quizgen.errors import QuizgenError, SubmissionError
from quizgen.grading.counting import Counted
from quizgen.lms.back.comparing import differences
from quizgen.lms.back.reading import Back
from quizgen.lms.gradebooks.base import Gradebook, Grades, grades_of
from quizgen.lms.registry import gradebooks
from quizgen.quizzes.delimited import decode, encoding_of
from quizgen.quizzes.manifest import Manifest
from quizgen.quizzes.tables import write_table
from quizgen.spelling import suggest

_MOST = 50_000_000

Tell = Callable[[str], None]


def further_files(
    manifest: Manifest, back: Back | None, gradebook: str | None, existing: Path | None, tell: Tell = lambda note: None
) -> Callable[[Counted], Mapping[str, bytes]]:
    """What makes, of marks, the files to write beside them; ``back`` is what came back of an export, if it was one.

    ``tell`` is told what the instructor should know of a gradebook.

    Raises:
        QuizgenError: there is no such gradebook.
        SubmissionError: the gradebook's own export cannot be read.
    """
    book = _gradebook(gradebook) if gradebook is not None else None
    text, mark, encoding = None, b"", "utf-8"
    if existing is not None:
        raw = read_bytes(existing, limit=_MOST, error=SubmissionError)
        text = decode(raw, str(existing), SubmissionError)
        mark, encoding = encoding_of(raw)

    def made(result: Counted) -> Mapping[str, bytes]:
        files: dict[str, bytes] = {}
        if back is not None and back.given:
            table = io.BytesIO()
            write_table(differences(back.given, back.unread, result), table)
            files["lms-marks.csv"] = table.getvalue()
        if book is not None:
            unread = back.unread if back is not None else {}
            grades = grades_of(manifest, result.book, unread=unread)
            sheet = book.write(grades, text)
            files[f"gradebook-{book.name}{sheet.suffix or book.suffix}"] = mark + sheet.text.encode(encoding)
            for note in (*_left_blank(grades, unread), *sheet.notes):
                tell(note)
        return files

    return made


def _left_blank(grades: Grades, unread: Collection[str]) -> Iterator[str]:
    """What to say of students who get no points in the gradebook."""
    blank = [row.student.id for row in grades.rows if row.points is None]
    if lost := [id for id in blank if id in unread]:
        yield f"no points in the gradebook file for {len(lost)} students, such as {lost[0]}: some of it cannot be read surely"
    if others := len(blank) - len(lost):
        yield f"no points in the gradebook file for {others} students who answered nothing, or whose answers wait for you"


def _gradebook(name: str) -> Gradebook:
    there = gradebooks()
    if name not in there:
        hint = suggest(name, there) or f"; choose one of {', '.join(there)}"
        raise QuizgenError(f"there is no gradebook '{name}'{hint}")
    return there[name]
