"""Canvas's student analysis of a quiz: a row for each attempt, and for each question two columns, the response and its points.

The headings of the points repeat, so columns are found by place. A question that a student did not draw has two empty cells;
one left unanswered has points. Its heading is its text with the code of ours; its own number is Canvas's. A question whose
code was edited away is known by the rest of its text, and where several questions have that, by its options.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from quizgen.errors import SubmissionError
from quizgen.folding import bare, shortened
from quizgen.grading.readers.units import Blob
from quizgen.lms.back.base import Known, Report, Returned, Unmatched
from quizgen.lms.back.canvas_cells import taken
from quizgen.lms.back.sheets import points_in, sheet_of
from quizgen.lms.base import Math, Options, Question
from quizgen.lms.formats.qti12.carriers import carried
from quizgen.lms.formats.qti12.stem import question_text
from quizgen.quizzes.roster import Student

_QUESTION = re.compile(r"\d+: ")
_CODE_LIKE = re.compile(r"[0-9A-Za-z]{4}-[0-9A-Za-z]{4}")
_CODE_LINE = "Question code:"
_NUMBER = re.compile(r"\s*\d+(?:[.,]\d+)?\s*")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[ T]")
_TAG = re.compile(r"<[^>]*>")
_MATHS: tuple[Math, ...] = ("mathml", "latex")
_LEAST_NAMED, _LEAST_BEFORE_TIME = 7, 4
"""Columns that a report with names has, at least, before its questions where no time is seen; and before the time."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where things stand. ``questions`` are the columns of responses; points stand to their right."""

    questions: tuple[int, ...]
    name: int
    id: int
    submitted: int | None
    attempt: int | None
    extra: tuple[tuple[str, int], ...]


def _question_columns(header: Sequence[str]) -> tuple[int, ...]:
    return tuple(
        place for place, head in enumerate(header[:-1]) if _QUESTION.match(head) and _NUMBER.fullmatch(header[place + 1])
    )


def _recognises(blob: Blob) -> bool:
    try:
        return bool(_question_columns(sheet_of(blob).header))
    except SubmissionError:
        return False


def _columns(header: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]], name: str) -> _Columns:
    questions = _question_columns(header)
    # A teacher's own question may stand before the first of ours; its heading begins with a number too.
    first = questions[0]
    heads = [head.strip().casefold() for head in header[:first]]
    times = [place for place in range(first) if any(place < len(cells) and _TIME.match(cells[place]) for _, cells in rows)]
    submitted = heads.index("submitted") if "submitted" in heads else (times[-1] if times else None)
    # Of a section there are an id and, for some, the SIS's id: in a report without names, that is all before the time.
    anonymous = len(heads) < _LEAST_NAMED if submitted is None else submitted < _LEAST_BEFORE_TIME
    if "id" not in heads and anonymous:
        raise SubmissionError(
            f"{name}: the report does not say whose responses these are; an anonymous survey cannot be marked"
        )
    id = heads.index("id") if "id" in heads else 1
    attempt = submitted + 1 if submitted is not None and submitted + 1 < first else None
    taken = {id - 1, id, submitted, attempt}
    extra = tuple((header[place], place) for place in range(first) if place not in taken)
    return _Columns(questions, id - 1, id, submitted, attempt, extra)


def _read(blob: Blob, known: Known) -> Iterator[Returned | Unmatched]:
    sheet = sheet_of(blob)
    header, rows = sheet.header, list(sheet.rows)
    columns = _columns(header, rows, blob.name)
    questions, strangers = _questions(header, rows, columns.questions, known)
    if not any(questions.values()):
        raise SubmissionError(f"{blob.name}: none of its questions is one of this export")
    for place in columns.questions:
        if place not in questions and place not in strangers:
            yield Unmatched("", shortened(header[place], 200), "the question is none of this export's: it has no code", 1)
    for line, cells in rows:

        def cell(place: int | None, cells: Sequence[str] = cells) -> str:
            return cells[place].strip() if place is not None and place < len(cells) else ""

        extra = tuple((head, cell(place)) for head, place in (("ID", columns.id), *columns.extra))
        student = Student(cell(columns.id), cell(columns.name), "", extra)
        for place in sorted({*questions, *strangers}):
            question = questions.get(place)
            response, points = cell(place), cell(place + 1)
            if not response and not points:
                continue
            if not student.id:
                yield Unmatched(student.name, response, "the row has no student's id: somebody who was not logged in", line)
            elif question is None:
                yield Unmatched(student.id, response, strangers[place], line)
            else:
                answers, unread = taken(question, response)
                yield Returned(
                    student,
                    question,
                    answers,
                    line,
                    unread,
                    points_in(points),
                    points_in(header[place + 1]),
                    cell(columns.attempt),
                    cell(columns.submitted),
                )


# Which question a column is -------------------------------------------------------------------------------------------


def _questions(
    header: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]], places: Sequence[int], known: Known
) -> tuple[dict[int, Question], dict[int, str]]:
    """The question of each column, and why it is not known of columns that may be of this export."""
    found = {place: question for place in places if (question := known.in_text(header[place]))}
    strangers: dict[int, str] = {}
    by_text: dict[str, list[Question]] | None = None
    for place in places:
        if place in found:
            continue
        if by_text is None:
            by_text = _by_text(known, {question.code for question in found.values()})
        alike = by_text.get(bare(_without_code(header[place])), [])
        cells = {cells[place].strip() for _, cells in rows if place < len(cells)} - {""}
        # Numbers fit any question: only a column whose cells are options of one question alone is known by them.
        fitting = [one for one in alike if all(not taken(one, cell)[1] for cell in cells)] if len(alike) > 1 else alike
        if len(fitting) == 1:
            found[place] = fitting[0]
        elif alike:
            strangers[place] = "its heading has lost the question's code, and several questions of the export have this text"
        elif _CODE_LIKE.search(header[place]):
            strangers[place] = "the question is none of this export's"
    return found, strangers


def _by_text(known: Known, met: Collection[str]) -> dict[str, list[Question]]:
    """The questions that were not met by their codes, by what a heading without a code may show of them."""
    found: dict[str, list[Question]] = {}
    for question in known.values():
        if question.code not in met:
            for text in {bare(text) for text in _headings(question)}:
                found.setdefault(text, []).append(question)
    return found


def _headings(question: Question) -> Iterator[str]:
    """What a heading may show of a question's text: nothing of gaps, of menus their choices."""
    carrier = carried(question)
    for math in _MATHS:
        text, names = question_text(question, carrier, Options(math=math))
        for name, blank in zip(names, carrier.blanks, strict=True) if carrier.marked else ():
            menu = f"[ Select ] {' '.join(blank.gap.choices)}" if blank.gap.choices else ""
            text = text.replace(f"[{name}]", html.escape(menu), 1)
        yield _without_code(f"0: {html.unescape(_TAG.sub('', text))}")


def _without_code(heading: str) -> str:
    before, line, _ = heading.rpartition(_CODE_LINE)
    return _QUESTION.sub("", before if line else heading, count=1)


REPORT = Report("canvas", "Canvas student analysis", _recognises, _read)
