"""Canvas's gradebook: its export with the quiz's column filled in, or a new file with one assignment.

Canvas finds students by the columns of ids, an assignment by the number behind its title, and the points that it has in the
row ``Points Possible``. What is not touched stays as it is written, byte for byte.
"""

from __future__ import annotations

import re

from quizgen.errors import SubmissionError
from quizgen.lms.gradebooks.base import Gradebook, Grades, Sheet
from quizgen.lms.gradebooks.cells import RawTable, new_table, raw_table
from quizgen.lms.gradebooks.filling import Head, column_of, fill, number, scale_note
from quizgen.quizzes.delimited import sniff_delimiter
from quizgen.quizzes.roster import Student

HEADER = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")

_EXPORT = "Canvas's gradebook export"
_IDS = {"id": "ID", "sisuserid": "SIS User ID", "sisid": "SIS User ID", "sisloginid": "SIS Login ID", "loginid": "SIS Login ID"}
_COLUMNS = {**_IDS, "section": "Section"}
_POINTS = "Points Possible"
_WITH_ID = re.compile(r"(.*) \(\d+\)", re.DOTALL)
_EXCUSED = frozenset(["EX", "EXCUSED"])
_READ_ONLY = re.compile(r"read\s+only", re.IGNORECASE)


def _write(grades: Grades, existing: str | None) -> Sheet:
    return _new(grades) if existing is None else _filled_in(grades, existing)


def _plain(head: str) -> str:
    return re.sub(r"[\s_.-]+", "", head).casefold()


def _sort(head: str) -> str:
    """Which of Canvas's ids a column holds; empty for none. The id of a section is nobody's."""
    return _IDS.get(_plain(head), "")


def _new(grades: Grades) -> Sheet:
    rows = [[*HEADER, grades.title], [f"    {_POINTS}", "", "", "", "", number(grades.possible)]]
    for row in grades.rows:
        known = _known(row.student)
        points = "" if row.points is None else number(row.points)
        rows.append([row.student.name or row.student.id, *(known.get(head, "") for head in HEADER[1:]), points])
    notes = ("Canvas will make a new assignment; give its own export to fill in one that is there",)
    return Sheet(new_table(rows).text(), notes)


def _known(student: Student) -> dict[str, str]:
    """What is known of a student under Canvas's own headings; an id that may be any is given as each that it may be."""
    found: dict[str, str] = {}
    for head, cell in student.extra:
        if cell and (column := _COLUMNS.get(_plain(head))):
            found.setdefault(column, cell)
    return found if "ID" in found else {"SIS User ID": student.id, "SIS Login ID": student.id, **found}


def _filled_in(grades: Grades, existing: str) -> Sheet:
    table = raw_table(existing, sniff_delimiter(existing), _EXPORT)
    ids = _id_columns(table)
    heads = (Head(place, _title(head), None) for place, head in enumerate(table.heads) if place > max(ids))
    column = column_of(heads, grades.title, _EXPORT)
    notes = []
    if column is None:
        place = len(table.heads)
        in_first_cells = {0: grades.title, _points_row(table): number(grades.possible)}
        table.insert(place, lambda row, _: in_first_cells.get(row, ""))
        notes.append(f"the export has no column for '{grades.title}': Canvas will make a new assignment")
    else:
        place = column.place
        notes += _scale(table, place, grades)
    notes += fill(table, place, grades, ids, _sort, lambda cell: cell.upper() in _EXCUSED)
    return Sheet(table.text(), tuple(notes))


def _id_columns(table: RawTable) -> list[int]:
    """The columns of ids. `SubmissionError` where the table is no gradebook of Canvas."""
    heads = list(map(_plain, table.heads)) if table.rows else []
    if not (heads and heads[0] in ("student", "lastname") and "id" in heads[:4] and "section" in heads):
        raise SubmissionError("this is no gradebook export of Canvas: it begins with the columns Student, ID, …, Section")
    return [place for place, head in enumerate(heads) if head in ("id", "sisuserid", "sisloginid")]


def _title(head: str) -> str:
    """An assignment's title without the number that Canvas writes behind it."""
    found = _WITH_ID.fullmatch(head)
    return found[1] if found else head


def _points_row(table: RawTable) -> int:
    return next((place for place, row in enumerate(table.rows) if _POINTS in row.value(0)), -1)


def _scale(table: RawTable, place: int, grades: Grades) -> list[str]:
    """What to say of the points that the column has. `SubmissionError` where it cannot be filled in."""
    row = _points_row(table)
    there = table.rows[row].value(place).strip() if row >= 0 else ""
    if _READ_ONLY.search(there):
        raise SubmissionError(f"{_EXPORT}: the quiz's column is read only")
    try:
        return scale_note(float(there.replace(",", ".")), grades)
    except ValueError:
        return []


GRADEBOOK = Gradebook("canvas", "Canvas", ".csv", _write)
