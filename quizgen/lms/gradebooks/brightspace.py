"""Brightspace's gradebook import: ``OrgDefinedId, … Points Grade, End-of-Line Indicator`` with ``#`` at each row's end."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizgen.errors import SubmissionError
from quizgen.lms.back.sheets import plain_head
from quizgen.lms.gradebooks.base import Gradebook, Grades, Sheet
from quizgen.lms.gradebooks.cells import RawRow, new_table, raw_table
from quizgen.lms.gradebooks.filling import Head, column_of, extra, fill, known, number, scale_note
from quizgen.quizzes.delimited import sniff_delimiter

_NAME = "the gradebook of Brightspace"
_IDS = frozenset(["orgdefinedid", "username"])
_ALSO_IDS = _IDS | {"email"}
_END = "endoflineindicator"
_GRADE = re.compile(r"(?P<title>.*\S)\s+Points Grade(?:\s*<(?P<facts>.*)>)?", re.IGNORECASE)
_POSSIBLE = re.compile(r"MaxPoints:\s*([0-9.]+)", re.IGNORECASE)
_FORBIDDEN = re.compile(r"""[/"*<>+=|,%]+""")
"""Characters that a grade item's name may not have."""


def write(grades: Grades, existing: str | None) -> Sheet:
    """The import file: an exported gradebook with the quiz's column filled in, or a new one of the quiz alone."""
    return _filled(grades, existing) if existing is not None else _new(grades)


def _filled(grades: Grades, existing: str) -> Sheet:
    table = raw_table(existing, sniff_delimiter(existing), _NAME)
    plain = [plain_head(head) for head in table.heads] if table.rows else []
    if not _IDS & set(plain):
        raise SubmissionError(f"{_NAME}: the file has no column OrgDefinedId or Username, as its export has")
    notes: list[str] = []
    column = column_of(_grade_heads(table.heads), _item_name(grades.title), _NAME)
    if column is None:
        place = plain.index(_END) if _END in plain else len(plain)
        head = f"{_item_name(grades.title)} Points Grade"
        table.insert(place, lambda row, cells: "" if row else head)
        notes.append(_created(grades))
    else:
        place = column.place
        notes += scale_note(column.possible, grades)
    if _END not in plain:
        table.insert(len(table.rows[0].cells), _line_end)
    heads = map(plain_head, table.heads)
    ids = [at for at, head in enumerate(heads) if head in _ALSO_IDS and at != place]
    notes += fill(table, place, grades, ids)
    return Sheet(table.text(), tuple(notes))


def _grade_heads(heads: list[str]) -> Iterator[Head]:
    for place, head in enumerate(heads):
        if found := _GRADE.fullmatch(head):
            possible = _POSSIBLE.search(found["facts"] or "")
            yield Head(place, found["title"], float(possible[1]) if possible else None)


def _new(grades: Grades) -> Sheet:
    users = {earned.student.id: extra(earned.student, ["username"], plain_head) for earned in grades.rows}
    has_users = any(users.values())
    item = f"{_item_name(grades.title)} Points Grade"
    rows = [["OrgDefinedId", *(["Username"] if has_users else []), item, "End-of-Line Indicator"]]
    for student, points in known(grades):
        rows.append([student.id, *([users[student.id]] if has_users else []), number(points), "#"])
    return Sheet(new_table(rows).text(), (_created(grades),))


def _line_end(row: int, cells: RawRow) -> str:
    return "#" if row else "End-of-Line Indicator"


def _item_name(title: str) -> str:
    """The title without what a grade item's name may not have."""
    return " ".join(_FORBIDDEN.sub(" ", title).split())


def _created(grades: Grades) -> str:
    return (
        f"there is no column '{_item_name(grades.title)} Points Grade'; the import offers to create it: "
        f"give it {number(grades.possible)} points"
    )


GRADEBOOK = Gradebook("brightspace", "Brightspace's gradebook import (CSV)", ".csv", write)
