"""Moodle's report of responses to a quiz (CSV or Excel): a row for each attempt, and for each place up to three columns.

Headings are in the user's language, so columns are known by their form: behind the grade (``Grade/10.00``) come ``Response 1``,
``Response 2`` and so on, each with ``Question 1`` before it and ``Right answer 1`` behind it where these are switched on. The
report has no names or numbers of questions, and random questions differ from row to row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quizgen.errors import SubmissionError
from quizgen.folding import bare
from quizgen.grading.readers.units import Blob
from quizgen.lms.back.base import Known, Report, Returned, Unmatched
from quizgen.lms.back.moodle_cells import UNANSWERED, Cells
from quizgen.lms.back.moodle_keys import RightAnswers
from quizgen.lms.back.sheets import heads_of, points_in, sheet_of
from quizgen.lms.base import Question
from quizgen.quizzes.delimited import Rows
from quizgen.quizzes.roster import Student

_GRADE = re.compile(r".*[^\d\s].*/\s*\d+(?:[.,]\d+)?", re.DOTALL)
_NUMBERED = re.compile(r"(.*?)\s*(\d+)", re.DOTALL)
_TIMES = 4
"""Columns between the student and the grade: status, started, completed, duration."""

_QUESTION = {
    "question",
    "frage",
    "pregunta",
    "domanda",
    "pergunta",
    "questão",
    "vraag",
    "fråga",
    "spørgsmål",
    "pytanie",
    "вопрос",
}
_RESPONSE = {"response", "antwort", "réponse", "respuesta", "risposta", "resposta", "antwoord", "svar", "odpowiedź", "ответ"}
_FIRST_NAME = {"firstname", "vorname", "prénom", "nombre", "nome", "voornaam", "förnamn", "fornavn", "imię", "имя"}
_ID = re.compile(
    r"\b(?:id|user ?name|login)\b|nummer|numéro|número|matri[ck]|kennung|anmelde|identifiant|usuario", re.IGNORECASE
)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True, slots=True)
class _Place:
    """The columns of one place of the quiz."""

    question: int | None
    response: int
    right: int | None


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where things stand. ``status``, ``started`` and ``completed`` are None where the report does not have them."""

    header: Sequence[str]
    names: tuple[int, ...]
    others: tuple[int, ...]
    status: int | None
    started: int | None
    completed: int | None
    grade: int
    places: tuple[_Place, ...]


def _numbered(header: Sequence[str]) -> tuple[int, list[list[int]]] | None:
    """The grade's column, and the columns of each place of the quiz; None where there are none."""
    grade = next((i for i, head in enumerate(header) if _GRADE.fullmatch(head.strip())), None)
    if grade is None:
        return None
    groups: dict[int, list[int]] = {}
    for i, head in enumerate(header[grade + 1 :], grade + 1):
        found = _NUMBERED.fullmatch(head.strip())
        if found and found[1]:
            groups.setdefault(int(found[2]), []).append(i)
    columns = [groups[number] for number in sorted(groups)]
    shapes = {tuple(_word(header[i]) for i in column) for column in columns}
    if sorted(groups) != list(range(1, len(groups) + 1)) or len(shapes) != 1 or len(columns[0]) > 3:
        return None
    return grade, columns


def _word(head: str) -> str:
    return re.sub(r"\s*\d+$", "", head.strip()).casefold()


def _recognises(blob: Blob) -> bool:
    return _numbered(heads_of(blob)) is not None


def _roles(header: Sequence[str], first: Sequence[int], rows: Sequence[Sequence[str]], known: Known) -> tuple[str, ...]:
    """What the columns of a place are: by their number, their names, or what stands in them."""
    if len(first) == 3:
        return "question", "response", "right"
    words = [_word(header[i]) for i in first]
    if len(first) == 1:
        return ("question",) if words[0] in _QUESTION else ("response",)
    if words[0] in _QUESTION:
        return "question", "response"
    has_code = any(known.in_text(row[first[0]]) is not None for row in rows if len(row) > first[0])
    return ("question", "response") if has_code and words[0] not in _RESPONSE else ("response", "right")


def _columns(header: Sequence[str], rows: Sequence[Sequence[str]], name: str, known: Known) -> _Columns:
    found = _numbered(header)
    if found is None:
        raise SubmissionError(f"{name}: this is no report of responses to a quiz of Moodle's")
    grade, groups = found
    roles = _roles(header, groups[0], rows, known)
    if "response" not in roles:
        raise SubmissionError(f"{name}: the report has no responses; switch them on in Moodle and download it again")
    places = []
    for group in groups:
        by_role = dict(zip(roles, group, strict=True))
        places.append(_Place(by_role.get("question"), by_role["response"], by_role.get("right")))
    start = grade - _TIMES if grade > _TIMES else grade
    timed = start < grade
    names = tuple(range(min(2, start)))
    if len(names) == 2 and _squeezed(header[0]) not in _FIRST_NAME:
        names = names[::-1]  # Moodle begins with the last name
    return _Columns(
        header,
        names,
        tuple(range(len(names), start)),
        start if timed else None,
        start + 1 if timed else None,
        start + 2 if timed else None,
        grade,
        tuple(places),
    )


def _squeezed(head: str) -> str:
    return re.sub(r"[\s.()_-]+", "", head).casefold()


class _Row:
    """A row with its cells by place; what it does not have is empty."""

    def __init__(self, cells: Sequence[str]) -> None:
        self.cells = cells

    def __getitem__(self, place: int | None) -> str:
        return self.cells[place] if place is not None and place < len(self.cells) else ""

    def is_open(self, place: int | None) -> bool:
        """Whether a cell says nothing."""
        return self[place].strip() in ("", UNANSWERED)


def _student(row: _Row, columns: _Columns) -> Student:
    """Who it is: by a number or user name, else by e-mail address, else by name."""
    name = " ".join(row[place].strip() for place in columns.names if row[place].strip())
    extra = tuple((columns.header[place], row[place].strip()) for place in (*columns.names, *columns.others))
    email = next((row[i].strip() for i in columns.others if _EMAIL.fullmatch(row[i].strip())), "")
    ids = [row[i].strip() for i in columns.others if _ID.search(columns.header[i]) and not _EMAIL.fullmatch(row[i].strip())]
    return Student(next((id for id in ids if id not in ("", UNANSWERED)), "") or email or name, name, email, extra)


def _read(blob: Blob, known: Known) -> Iterator[Returned | Unmatched]:
    sheet: Rows = sheet_of(blob)
    rows = list(sheet.rows)
    columns = _columns(sheet.header, [cells for _, cells in rows], blob.name, known)
    cells, rights = Cells(), RightAnswers(known)
    most = points_in(columns.header[columns.grade].rpartition("/")[2])
    for number, raw in rows:
        row = _Row(raw)
        student = _student(row, columns)
        closed = columns.completed is None or not row.is_open(columns.completed)
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
                submitted=row[columns.completed].strip(),
                total=(total, most) if (total := points_in(row[columns.grade])) is not None and most else None,
            )


def _why_open(row: _Row, columns: _Columns, student: Student) -> str:
    if not student.id:
        return "the row does not say whose it is"
    if row.is_open(columns.started) and all(row.is_open(place.response) for place in columns.places):
        return "the student did not begin the quiz"
    status = row[columns.status].strip()
    return f"the attempt was not handed in ({status})" if status else "the attempt was not handed in"


def _met(row: _Row, place: _Place, known: Known, rights: RightAnswers) -> tuple[Question | None, str]:
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
