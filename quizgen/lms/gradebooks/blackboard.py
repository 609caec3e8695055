"""Blackboard's gradebook upload: its download with the quiz's column filled in, whose head ends in ``|`` and a number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizgen.errors import SubmissionError
from quizgen.lms.back.sheets import plain_head
from quizgen.lms.gradebooks.base import Gradebook, Grades, Sheet
from quizgen.lms.gradebooks.cells import new_table, raw_table
from quizgen.lms.gradebooks.filling import Head, column_of, fill, known, number, scale_note
from quizgen.quizzes.delimited import sniff_delimiter

_NAME = "the gradebook of Blackboard"
_USER = "username"
_IDS = frozenset([_USER, "studentid", "email"])
_GRADE = re.compile(r"(?P<title>.*?)\s*\[(?P<facts>[^\[\]]*)\]\s*(?:\|\s*_?[0-9][0-9_]*)?\s*")
_POSSIBLE = re.compile(r"[0-9]+(?:[.,][0-9]+)?")


def write(grades: Grades, existing: str | None) -> Sheet:
    """The upload file: a downloaded gradebook with the quiz's column filled in, or a new one of the quiz alone."""
    return _filled(grades, existing) if existing is not None else _new(grades)


def _filled(grades: Grades, existing: str) -> Sheet:
    table = raw_table(existing, sniff_delimiter(existing), _NAME)
    plain = [plain_head(head) for head in table.heads] if table.rows else []
    if _USER not in plain:
        raise SubmissionError(f"{_NAME}: the file has no column Username, as its download has")
    notes: list[str] = []
    column = column_of(_grade_heads(table.heads), grades.title, _NAME)
    if column is None:
        place = len(plain)
        table.insert(place, lambda row, cells: "" if row else grades.title)
        notes.append(_created(grades))
    else:
        place = column.place
        notes += scale_note(column.possible, grades)
    notes += fill(table, place, grades, [at for at, head in enumerate(plain) if head in _IDS and at != place])
    # Downloads that are split by tabs are named so, though they are text.
    return Sheet(table.text(), tuple(notes), ".xls" if table.delimiter == "\t" else "")


def _grade_heads(heads: list[str]) -> Iterator[Head]:
    for place, head in enumerate(heads):
        if found := _GRADE.fullmatch(head):
            possible = None if "up to" in found["facts"] else _POSSIBLE.search(found["facts"])
            yield Head(place, found["title"], float(possible[0].replace(",", ".")) if possible else None)
        elif plain_head(head) not in _IDS:
            yield Head(place, head, None)


def _new(grades: Grades) -> Sheet:
    rows = [("Username", grades.title), *((student.id, number(points)) for student, points in known(grades))]
    notes = ["the ids of the class are taken for Blackboard's usernames", _created(grades)]
    return Sheet("\ufeff" + new_table(rows, quoted=True).text(), tuple(notes))


def _created(grades: Grades) -> str:
    return (
        f"there is no column '{grades.title}', so the upload makes one, with other points or as a text: set it to a score of "
        f"{number(grades.possible)} points, or give the downloaded gradebook in which the test's column is"
    )


GRADEBOOK = Gradebook("blackboard", "Blackboard's gradebook upload", ".csv", write)
