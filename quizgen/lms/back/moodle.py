"""Moodle's report of responses to a quiz (CSV or Excel): a row for each attempt, and for each place up to three columns.

Headings are in the user's language, so columns are known by their form: behind the grade (``Grade/10.00``, which a teacher may
not be shown) come ``Response 1``, ``Response 2`` and so on, each with ``Question 1`` before it and ``Right answer 1`` behind it
where these are switched on. The report has no names or numbers of questions, and random questions differ from row to row.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from quizgen.folding import bare
from quizgen.grading.readers.units import Blob
from quizgen.lms.back.base import Known, Report, Returned, Unmatched
from quizgen.lms.back.moodle_cells import Cells
from quizgen.lms.back.moodle_columns import Columns, Place, columns_of, numbered
from quizgen.lms.back.moodle_commas import settled
from quizgen.lms.back.moodle_keys import RightAnswers
from quizgen.lms.back.sheets import heads_of, points_in, sheet_of
from quizgen.lms.base import Question
from quizgen.lms.formats.moodle.wording import UNANSWERED
from quizgen.quizzes.delimited import Rows
from quizgen.quizzes.roster import Student

_ID = re.compile(
    r"\b(?:id|user ?name|login)\b|nummer|numéro|número|matri[ck]|kennung|anmelde|identifiant|usuario", re.IGNORECASE
)
_PHONE = re.compile(r"phone|telef|mobil|handy|fax|portable", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def _recognises(blob: Blob) -> bool:
    return numbered(heads_of(blob)) is not None


class _Row:
    """A row with its cells by place; what it does not have is empty."""

    def __init__(self, cells: Sequence[str]) -> None:
        self.cells = cells

    def __getitem__(self, place: int | None) -> str:
        return self.cells[place] if place is not None and place < len(self.cells) else ""

    def is_open(self, place: int | None) -> bool:
        """Whether a cell says nothing."""
        return self[place].strip() in ("", UNANSWERED)


def _student(row: _Row, columns: Columns) -> Student:
    """Who it is: by a number or user name, else by e-mail address, else by name."""
    name = " ".join(row[place].strip() for place in columns.names if row[place].strip())
    extra = tuple((columns.header[place], row[place].strip()) for place in (*columns.names, *columns.others))
    email = next((row[i].strip() for i in columns.others if _EMAIL.fullmatch(row[i].strip())), "")
    ids = [row[i].strip() for i in columns.others if _names_id(columns.header[i]) and not _EMAIL.fullmatch(row[i].strip())]
    return Student(next((id for id in ids if id not in ("", UNANSWERED)), "") or email or name, name, email, extra)


def _names_id(head: str) -> bool:
    return _ID.search(head) is not None and _PHONE.search(head) is None


def _read(blob: Blob, known: Known) -> Iterator[Returned | Unmatched]:
    sheet: Rows = sheet_of(blob)
    rows = list(sheet.rows)
    columns = columns_of(sheet.header, [cells for _, cells in rows], blob.name, known)
    grades = [_Row(cells)[columns.grade] for _, cells in rows]
    if columns.grade is not None:
        grades.append(columns.header[columns.grade].rpartition("/")[2])
    yield from settled(list(_told(rows, columns, known)), grades, known)


def _told(rows: Sequence[tuple[int, Sequence[str]]], columns: Columns, known: Known) -> Iterator[Returned | Unmatched]:
    """What each row tells of each place."""
    cells, rights = Cells(), RightAnswers(known)
    most = points_in(columns.header[columns.grade].rpartition("/")[2]) if columns.grade is not None else None
    nameless = _only_names(rows, columns)
    for number, raw in rows:
        row = _Row(raw)
        student = _student(row, columns)
        closed = columns.completed is None or not row.is_open(columns.completed)
        if closed and nameless[student.id.casefold()] > 1:
            said = " | ".join(row[place.response].strip() for place in columns.places)
            yield Unmatched(student.id, said, _NAMESAKES, number)
            continue
        if not student.id or not closed:
            yield Unmatched(student.id, "", _why_open(row, columns, student), number)
            continue
        for place in columns.places:
            response = row[place.response]
            question, reason = _met(row, place, known, rights)
            if question is None:
                if not (place.question is not None and not row[place.question].strip() and not response.strip()):
                    yield Unmatched(student.id, response, reason, number)
                continue
            answers, unread = cells.taken(question, response)
            yield Returned(
                student,
                question,
                answers,
                number,
                unread,
                attempt=f"{row[columns.started].strip()} (row {number})",
                submitted=" ".join(row[columns.completed].split()),
                total=(total, most) if (total := points_in(row[columns.grade])) is not None and most else None,
            )


_NAMESAKES = (
    "several attempts are told only by this name, and may be of several people: show ID numbers or e-mail addresses in Moodle "
    "(it is a site setting), and download the report again"
)


def _only_names(rows: Sequence[tuple[int, Sequence[str]]], columns: Columns) -> Counter[str]:
    """How many attempts were handed in under each name that nothing else is known of."""
    found: Counter[str] = Counter()
    for _, raw in rows:
        row = _Row(raw)
        student = _student(row, columns)
        if student.id == student.name and (columns.completed is None or not row.is_open(columns.completed)):
            found[student.id.casefold()] += 1
    return found


def _why_open(row: _Row, columns: Columns, student: Student) -> str:
    if not student.id:
        return "the row does not say whose it is"
    if row.is_open(columns.started) and all(row.is_open(place.response) for place in columns.places):
        return "the student did not begin the quiz"
    status = row[columns.status].strip()
    return f"the attempt was not handed in ({status})" if status else "the attempt was not handed in"


def _met(row: _Row, place: Place, known: Known, rights: RightAnswers) -> tuple[Question | None, str]:
    """The question that a student met in a place, or why it is not known."""
    if place.question is not None:
        found = known.in_text(row[place.question])
        if found is not None:
            return found, ""
        if bare(row[place.question]):
            return None, "the question's text has no code of this export"
    if place.right is not None:
        return rights.question(row[place.right])
    missing = "neither the questions nor the right answers" if place.question is None else "not the question"
    return None, f"the report shows {missing}; switch on 'question text' in Moodle and download it again"


REPORT = Report("moodle", "Moodle's report of responses to a quiz", _recognises, _read)
