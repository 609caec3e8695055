"""Interactions in tables. Where the ids stand tells which columns are which, as headings may be in any language.

Moodle's interactions report has a row an attempt, and for each interaction up to four columns in this order: id, response,
right answer, result; its texts are escaped as in HTML. Others have a row an interaction, with one column of ids.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from quizgen.errors import QuizgenError, SubmissionError
from quizgen.grading.readers.units import Blob
from quizgen.lms.back.scorm.logged import Logged, is_id, person
from quizgen.lms.back.sheets import plain_head, sheet_of
from quizgen.quizzes.roster import OTHER_IDS, Student

_ROWS_LOOKED_AT = 2_000
_RESULTS = frozenset(["neutral", "correct", "incorrect", "wrong", "unanticipated"])
_TYPES = frozenset(
    ["choice", "fill-in", "long-fill-in", "matching", "sequencing", "numeric", "true-false", "likert", "performance", "other"]
)
_NEVER = frozenset(["", "-", "\u00a0", "&nbsp;"])
"""What a cell shows for an interaction that was never answered."""
_RESPONSE = (
    "learnerresponse",
    "studentresponse",
    "response",
    "useranswer",
    "useresponse",
    "learneranswer",
    "answer",
    "antwort",
)
_IDS = ("learnerid", "studentid", "userid", "username", "idnumber", "login", *OTHER_IDS, "learner", "actor")
_NAMES = ("learnername", "studentname", "fullname", "name", "displayname", "vollstandigername", "vollständigername")
_FIRST, _LAST = ("firstname", "learnerfirstname", "givenname"), ("lastname", "learnerlastname", "familyname", "surname")
_EMAILS = ("email", "emailaddress", "learneremail", "mail", "emailadresse")
_ATTEMPTS = ("attempt", "attemptnumber", "registrationid", "registration", "instance", "session", "versuch")
_TIMES = ("timestamp", "timestamputc", "time", "date", "datetime", "lastaccessed", "lastaccessedon", "completed")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def is_table(blob: Blob) -> bool:
    """Whether a file is a table with a column of ids of ours."""
    try:
        header, rows = _table(blob, _ROWS_LOOKED_AT)
    except QuizgenError:
        return False
    return bool(_id_columns(header, rows))


_Row = tuple[int, Sequence[str]]


def _table(blob: Blob, most: int | None = None) -> tuple[list[str], list[_Row]]:
    sheet = sheet_of(blob)
    return sheet.header, [*islice(sheet.rows, most)]


def _id_columns(header: Sequence[str], rows: Sequence[_Row]) -> list[int]:
    width = max([len(header), *(len(cells) for _, cells in rows)])
    return [place for place in range(width) if any(place < len(cells) and is_id(cells[place]) for _, cells in rows)]


def lines(blob: Blob) -> Iterator[Logged]:
    """Every interaction of a table. `SubmissionError` where it does not show the responses."""
    header, rows = _table(blob)
    ids = _id_columns(header, rows)
    heads = [plain_head(head) for head in header]
    if len(ids) == 1 and (column := _of(heads, _RESPONSE)) is not None:
        yield from _row_each(heads, rows, ids[0], column)
        return
    yield from _row_an_attempt(blob, heads, rows, ids)


@dataclass(frozen=True, slots=True)
class _Who:
    """The columns that tell whose a row is."""

    id: int | None
    name: int | None
    parts: tuple[int, ...]
    email: int | None
    attempt: int | None
    when: int | None

    def student(self, cells: Sequence[str]) -> Student:
        """The student of a row."""
        name = _cell(cells, self.name) or " ".join(filter(None, (_cell(cells, part) for part in self.parts)))
        email = _cell(cells, self.email)
        return person({"id": _cell(cells, self.id), "name": name, "email": email})


def _cell(cells: Sequence[str], place: int | None) -> str:
    return cells[place].strip() if place is not None and place < len(cells) else ""


def _of(heads: Sequence[str], names: Sequence[str]) -> int | None:
    return next((heads.index(name) for name in names if name in heads), None)


def _who(heads: Sequence[str], rows: Sequence[_Row], end: int) -> _Who:
    """Whose rows are by their headings, before the column ``end``; where these are in another language, by place and form."""
    first = list(heads[:end])
    parts = tuple(place for names in (_FIRST, _LAST) if (place := _of(first, names)) is not None)
    email = _of(first, _EMAILS)
    if email is None:
        email = next((p for p in range(len(first)) if any(_EMAIL.fullmatch(_cell(cells, p)) for _, cells in rows)), None)
    name = _of(first, _NAMES)
    id = _of(first, _IDS)
    if name is None and id is None and not parts:
        name = 0 if first else None
    return _Who(id, name, parts, email, _of(first, _ATTEMPTS), _of(first, _TIMES))


def _row_each(heads: Sequence[str], rows: Sequence[_Row], id: int, response: int) -> Iterator[Logged]:
    # Facts of the student may stand on either side of the interaction; what is the interaction's own is not taken for them.
    own = {id, response}
    who = _who([("" if place in own else head) for place, head in enumerate(heads)], rows, len(heads))
    for number, cells in rows:
        if is_id(_cell(cells, id)):
            text = _cell(cells, response)
            attempt, when = _cell(cells, who.attempt), _cell(cells, who.when)
            yield Logged(who.student(cells), attempt, _cell(cells, id), text, number, when)


def _row_an_attempt(blob: Blob, heads: Sequence[str], rows: Sequence[_Row], ids: Sequence[int]) -> Iterator[Logged]:
    if not _shows_responses(rows, ids):
        raise SubmissionError(
            f"{blob.name}: the report has the ids of questions, but no responses beside them; "
            "switch both on (in Moodle: question text and response) and download it again"
        )
    who = _who(heads, rows, ids[0])
    # The names of attempts are translated; behind the student they are the only small whole number.
    attempt = who.attempt if who.attempt is not None else _counting(rows, ids[0])
    for number, cells in rows:
        student = who.student(cells)
        for place in ids:
            if is_id(_cell(cells, place)):
                shown = _cell(cells, place + 1)
                text = None if shown in _NEVER else html.unescape(shown)
                yield Logged(student, _cell(cells, attempt), _cell(cells, place), text, number)


def _shows_responses(rows: Sequence[_Row], ids: Sequence[int]) -> bool:
    """Whether what stands behind the ids are responses: not other ids, not results, not nothing at all."""
    beside = {_cell(cells, place + 1) for _, cells in rows for place in ids if is_id(_cell(cells, place))}
    return not all(text in _NEVER or text in _RESULTS or text in _TYPES or is_id(text) for text in beside)


def _counting(rows: Sequence[_Row], end: int) -> int | None:
    for place in range(1, end):
        cells = [_cell(row, place) for _, row in rows]
        if any(re.fullmatch(r"[0-9]{1,3}", cell) for cell in cells) and all(re.fullmatch(r"[0-9]{1,3}|-?", c) for c in cells):
            return place
    return None
