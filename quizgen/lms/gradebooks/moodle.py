"""Moodle's import of grades: its grade export with the quiz's column filled in, or a new file in the same columns.

Moodle refuses a whole file for one student whom the course does not have, and for a grade above the item's most; an empty cell
takes a grade away. A point is read on sites of any language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizgen.errors import SubmissionError
from quizgen.folding import squeezed
from quizgen.lms.back.sheets import plain_head
from quizgen.lms.gradebooks.base import Gradebook, Grades, Sheet
from quizgen.lms.gradebooks.cells import RawRow, RawTable, raw_table
from quizgen.lms.gradebooks.filling import Head, column_of, extra, fill, known, number
from quizgen.quizzes.delimited import sniff_delimiter
from quizgen.quizzes.roster import Student

HEADS = ("First name", "Last name", "ID number", "Institution", "Department", "Email address")

_NAME = "the grade export of Moodle"
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_ID = re.compile(
    r"(?!.*(?:phone|telef|mobil|handy|fax|portable))(?:.*?)(?:\bid\b|user ?name|number|nummer|num[eé]ro|número|anmelde)",
    re.IGNORECASE,
)
_GRADE = re.compile(r"(?P<title>.*\S)\s*\((?P<form>[^()]*)\)")
_KIND = re.compile(r"[^:]{1,30}:\s*")
_POINTS = frozenset(["real", "punkte", "reell", "réel", "réelle", "reale", "punten", "puntos", "puntuación", "poäng"])
"""What Moodle calls a grade in points, rather than in percent or letters."""

_NO_POINTS = re.compile(r"%|percent|prozent|pourcent|porcent|percentuale|procent|letter|buchstabe|lettre|letra", re.IGNORECASE)
_NUMERIC = re.compile(r"[-+]?[0-9][0-9.,\s]*")


def write(grades: Grades, existing: str | None) -> Sheet:
    """The import file: an exported gradebook with the quiz's column filled in, or a new one of the quiz alone."""
    return _filled(grades, existing) if existing is not None else _new(grades)


def _filled(grades: Grades, existing: str) -> Sheet:
    table = raw_table(existing, sniff_delimiter(existing), _NAME)
    ids = list(_ids(table)) if table.rows else []
    if not ids:
        raise SubmissionError(
            f"{_NAME}: the file has no column of e-mail addresses or ID numbers, by which Moodle finds students"
        )
    heads, others = _grade_heads(table, grades.title)
    column = column_of(heads, grades.title, _NAME)
    notes = []
    if column is None:
        place = len(table.heads)
        table.insert(place, lambda row, cells: "" if row else _item(grades.title))
        notes.append(_beside(grades, others[0]) if others else _created(grades))
    else:
        place = column.place
    notes += fill(table, place, grades, ids)
    return Sheet(table.text(), tuple(notes))


def _ids(table: RawTable) -> Iterator[int]:
    """The columns by which students are found: of e-mail addresses, and of numbers or user names."""
    for place, head in enumerate(table.heads):
        said = [row.value(place).strip() for row in table.rows[1:]]
        some = [cell for cell in said if cell]
        if (some and all(map(_EMAIL.fullmatch, some))) or (_ID.match(head) and not _GRADE.fullmatch(head)):
            yield place


def _grade_heads(table: RawTable, title: str) -> tuple[list[Head], list[str]]:
    """The columns of the quiz in points, and the heads of those in percent or letters."""
    mine: list[tuple[Head, str]] = []
    others: list[str] = []
    for place, head in enumerate(table.heads):
        found = _GRADE.fullmatch(head)
        shown, form = (found["title"], found["form"]) if found else (head, "")
        names = (head, shown, _KIND.sub("", shown, count=1))
        if squeezed(title) in map(squeezed, names):
            if form.casefold() not in _POINTS and _is_no_points(table, place, form):
                others.append(head)
            else:
                mine.append((Head(place, title, None), form.casefold()))
    in_points = [head for head, form in mine if form in _POINTS]
    return in_points or [head for head, _ in mine], others


def _is_no_points(table: RawTable, place: int, form: str) -> bool:
    """Whether a column has percentages or letters, by its head or by what stands in it."""
    said = [cell for row in table.rows[1:] if (cell := row.value(place).strip()) not in ("", "-")]
    return bool(_NO_POINTS.search(form)) or (bool(said) and not any(map(_NUMERIC.fullmatch, said)))


def _new(grades: Grades) -> Sheet:
    table = RawTable([], ",")
    rows: list[tuple[str, ...]] = [(*HEADS, _item(grades.title))]
    rows += [(*_who(student), number(points)) for student, points in known(grades)]
    for cells in rows:
        row = RawRow([], "\n")
        table.rows.append(row)
        for place, cell in enumerate(cells):
            table.put(row, place, cell)
    notes = [_created(grades), "Moodle refuses the whole file where the course lacks one of its students"]
    missing = len(grades.rows) - len(rows) + 1
    if missing:
        notes.append(f"students without a grade so far, left out: {missing}")
    return Sheet(table.text(), tuple(notes))


def _who(student: Student) -> tuple[str, ...]:
    first, last = (extra(student, [plain_head(head)], plain_head) for head in HEADS[:2])
    if not first and not last:
        first, _, last = student.name.rpartition(" ")
    is_email = bool(_EMAIL.fullmatch(student.id))
    others = (extra(student, [plain_head(head)], plain_head) for head in HEADS[3:5])
    return (first, last, "" if is_email else student.id, *others, student.email or (student.id if is_email else ""))


def _item(title: str) -> str:
    return f"{title} (Real)"


def _created(grades: Grades) -> str:
    return (
        f"there is no column '{_item(grades.title)}': make a grade item of {number(grades.possible)} points in Moodle first, "
        "and choose it for this column when you import"
    )


def _beside(grades: Grades, other: str) -> str:
    return (
        f"the column '{other}' is not in points, and stays as it is; the points stand in a new column '{_item(grades.title)}', "
        "the last one: choose the quiz's grade item for it when you import"
    )


GRADEBOOK = Gradebook("moodle", "Moodle's import of grades (CSV)", ".csv", write)
