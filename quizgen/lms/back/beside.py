"""Files beside the marks: where an LMS's marks differ, and the marks as its gradebook imports them."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from quizgen.bank.files import read_bytes
from quizgen.errors import QuizgenError, SubmissionError
from quizgen.grading.counting import Counted
from quizgen.lms.back.comparing import differences
from quizgen.lms.back.reading import Given
from quizgen.lms.gradebooks.base import Gradebook, grades_of
from quizgen.lms.registry import gradebooks
from quizgen.quizzes.delimited import decode, encoding_of
from quizgen.quizzes.manifest import Manifest
from quizgen.quizzes.tables import write_table
from quizgen.spelling import suggest

_MOST = 50_000_000

Tell = Callable[[str], None]


def further_files(
    manifest: Manifest, given: Sequence[Given], gradebook: str | None, existing: Path | None, tell: Tell = lambda note: None
) -> Callable[[Counted], Mapping[str, bytes]]:
    """What makes, of marks, the files to write beside them. ``tell`` is told what the instructor should know of a gradebook.

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
        if given:
            table = io.BytesIO()
            write_table(differences(given, result), table)
            files["lms-marks.csv"] = table.getvalue()
        if book is not None:
            sheet = book.write(grades_of(manifest, result.book), text)
            files[f"gradebook-{book.name}{sheet.suffix or book.suffix}"] = mark + sheet.text.encode(encoding)
            for note in sheet.notes:
                tell(note)
        return files

    return made


def _gradebook(name: str) -> Gradebook:
    there = gradebooks()
    if name not in there:
        hint = suggest(name, there) or f"; choose one of {', '.join(there)}"
        raise QuizgenError(f"there is no gradebook '{name}'{hint}")
    return there[name]
