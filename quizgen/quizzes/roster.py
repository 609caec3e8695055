"""Class lists: a CSV or Excel file with a row per student."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from quizgen.bank.files import read_bytes
from quizgen.errors import Problem, RosterError
from quizgen.quizzes.delimited import MAX_BYTES, Rows, decode, rows_of
from quizgen.quizzes.spreadsheet import ERRORS, is_workbook, sheet_rows

MAX_ID_LENGTH = 100
MAX_PROBLEMS = 100

# Column names are compared without case, spaces, hyphens, dots and underscores.
_ID = "id"
OTHER_IDS = (
    *("student", "studentid", "studentnumber", "studentno", "username", "user", "userid", "login", "loginid"),
    *("sisid", "sisloginid", "sisuserid", "idnumber", "matriculation", "matriculationnumber", "matriculationno"),
    *("matrikelnummer", "orgdefinedid", "candidatenumber"),
)
"""Names of a column of ids besides ``id``, the plainest first."""

_NAME = frozenset(["name", "fullname", "studentname", "displayname"])
_FIRST_NAME = frozenset(["firstname", "givenname", "forename"])
_LAST_NAME = frozenset(["lastname", "surname", "familyname"])
_EMAIL = frozenset(["email", "mail", "emailaddress"])
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"


@dataclass(frozen=True, slots=True)
class Student:
    """One student. ``extra`` has the other columns as (column, cell), in the file's order."""

    id: str
    name: str = ""
    email: str = ""
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    """A class list: its students in the file's order, and all its columns."""

    students: tuple[Student, ...]
    columns: tuple[str, ...]


ANYBODY = Roster((Student("learner"),), ("id",))
"""One learner without a name, for practice."""


@dataclass(frozen=True, slots=True)
class _Columns:
    id: int
    names: tuple[int, ...]
    email: int | None
    extra: tuple[int, ...]


def read_roster(path: Path) -> Roster:
    """The roster of a CSV file (UTF-8, or UTF-16 with a byte order mark; comma, semicolon or tab) or an ``.xlsx`` file.

    The id stands in the column ``id``, or else in the only one with another usual name (``student``, ``username``, …).
    A ``name`` may be there, or first and last names, and an ``email``. Ids are texts in Unicode form NFC, and must
    differ in more than upper and lower case.

    Raises `RosterError` with every problem: no or several id columns, blank or repeated ids, ragged rows, no students.
    """
    name = str(path)
    raw = read_bytes(path, limit=MAX_BYTES, error=RosterError)
    if is_workbook(raw):
        rows = sheet_rows(raw, name, RosterError)
    else:
        rows = rows_of(decode(raw, name, RosterError), name, RosterError)
    header = [_tidy(head) or f"column {place}" for place, head in enumerate(rows.header, start=1)]
    columns = _columns_of(header, name, rows.header_line)
    students, problems = _read(rows, header, columns, name)
    if not students and not problems:
        problems = [Problem(name, rows.header_line, 1, "there are no students below the header")]
    if len(problems) > MAX_PROBLEMS:
        more = len(problems) - MAX_PROBLEMS
        problems[MAX_PROBLEMS:] = [Problem(name, problems[MAX_PROBLEMS].line, 1, f"and {more} more problems from here")]
    if problems:
        raise RosterError(problems)
    return Roster(tuple(students), tuple(header))


def _read(rows: Rows, header: Sequence[str], columns: _Columns, name: str) -> tuple[list[Student], list[Problem]]:
    students: list[Student] = []
    problems: list[Problem] = []
    seen: dict[str, tuple[str, int]] = {}
    for line, cells in rows.rows:
        if len(cells) != len(header):
            count = f"{len(cells)} cell{'s' * (len(cells) != 1)}"
            problems.append(Problem(name, line, 1, f"this row has {count}, but the header has {len(header)}"))
            continue
        student = _student(cells, header, columns)
        fault = _id_fault(student.id)
        folded = unicodedata.normalize("NFC", student.id.casefold())
        if fault is None and folded in seen:
            other, first = seen[folded]
            same = "is" if other == student.id else f'differs only in case from "{other}", which is'
            fault = f'the id "{student.id}" {same} already on line {first}'
        if fault is not None:
            problems.append(Problem(name, line, 1, fault))
            continue
        seen[folded] = (student.id, line)
        students.append(student)
    return students, problems


def _student(cells: Sequence[str], header: Sequence[str], columns: _Columns) -> Student:
    return Student(
        _tidy_id(cells[columns.id]),
        " ".join(part for part in (_tidy(cells[place]) for place in columns.names) if part),
        "" if columns.email is None else _tidy(cells[columns.email]),
        tuple((header[place], cells[place].strip()) for place in columns.extra),
    )


def _id_fault(id: str) -> str | None:
    if not id:
        return "the id of this row is blank; every student needs one"
    if id in ERRORS:
        return f"the id of this row is {id}, an error of the spreadsheet"
    if len(id) > MAX_ID_LENGTH:
        return f"the id is longer than {MAX_ID_LENGTH} characters"
    if any(unicodedata.category(character) in ("Cc", "Zl", "Zp", "Co", "Cn") for character in id):
        return "the id holds a line break or another character that cannot be shown"
    return None


def _columns_of(header: Sequence[str], name: str, line: int) -> _Columns:
    """Which column means what. Raises `RosterError` where that is not plain."""
    squeezed = [re.sub(r"[\s_.-]+", "", head.casefold()) for head in header]

    def found(names: frozenset[str]) -> list[int]:
        return [place for place, head in enumerate(squeezed) if head in names]

    def listed(places: Sequence[int]) -> str:
        return ", ".join(header[place] for place in places)

    ids = found(frozenset([_ID])) or found(frozenset(OTHER_IDS))
    problems = []
    if not ids:
        problems.append(f'no column holds the ids of the students; name it "id" (the columns are {listed(range(len(header)))})')
    elif len(ids) > 1:
        problems.append(f'several columns may hold the ids: {listed(ids)}; name the right one "id", and only that one')
    names, emails = found(_NAME), found(_EMAIL)
    if len(names) > 1:
        problems.append(f'several columns may hold the names: {listed(names)}; name only one of them "name"')
    if len(emails) > 1:
        problems.append(f"several columns may hold the e-mail addresses: {listed(emails)}; keep one")
    first, last = found(_FIRST_NAME), found(_LAST_NAME)
    if not names and (len(first) > 1 or len(last) > 1):
        problems.append(f"several columns may hold a part of the names: {listed([*first, *last])}")
    if problems:
        raise RosterError(Problem(name, line, 1, message) for message in problems)
    chosen = tuple(names or [*first, *last])
    email = emails[0] if emails else None
    extra = tuple(place for place in range(len(header)) if place not in {ids[0], *chosen, email})
    return _Columns(ids[0], chosen, email, extra)


def _tidy(text: str) -> str:
    """The text in Unicode form NFC, on one line, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _tidy_id(text: str) -> str:
    """The text in Unicode form NFC, without white space and invisible characters at its ends."""
    return unicodedata.normalize("NFC", text).strip().strip(_INVISIBLE).strip()
