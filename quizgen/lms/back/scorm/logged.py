"""Logged interactions put together: pieces of long answers joined, and of several reports of an answer the last."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import assert_never

from quizgen.grading.readers.units import excerpt
from quizgen.items import (
    Arrange,
    ChooseMany,
    ChooseOne,
    EnterNumber,
    EnterText,
    Interaction,
    Match,
    StateDistribution,
    WriteFreely,
)
from quizgen.lms.back.base import Known, Returned, Unmatched
from quizgen.lms.back.shown import UnclearError
from quizgen.lms.base import Question
from quizgen.quizzes.roster import Student

_ID = re.compile(r"(?:\S*[^0-9A-Za-z\s])?(qg-[0-9A-Z]{8})\.([A-Z]\w*)(?:\.([0-9]{1,3}))?", re.IGNORECASE | re.ASCII)
_BETWEEN = re.compile(r"\[,\]|[,;\s]+")
_PAIR = re.compile(r"([0-9A-Z]{1,2})\s*(?:\[\.\]|[.:=-])\s*([0-9A-Z]{1,2})", re.IGNORECASE)
_LANGUAGE = re.compile(r"\{lang=[A-Za-z-]*\}")
_LINE = "\u240a"
_MORE = "\u2417"
"""What the page reports for a line break, and at the end of a piece of an answer of which another piece follows."""


@dataclass(frozen=True, slots=True)
class Logged:
    """An interaction as a report tells it. ``response`` is None where none was given, ``when`` as written or empty."""

    student: Student
    attempt: str
    id: str
    response: str | None
    row: int
    when: str = ""


def is_id(text: str) -> bool:
    """Whether this is the id of an interaction of ours, whatever the system put before it."""
    return _ID.fullmatch(text.strip()) is not None


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of an answer: the how manyth, its text, and when it was reported."""

    number: int
    text: str
    when: datetime | None


def returned(logged: Iterable[Logged], known: Known) -> Iterator[Returned | Unmatched]:
    """What each attempt tells of each question."""
    attempts: dict[tuple[str, str, str], list[Logged]] = {}
    questions: dict[tuple[str, str, str], Question] = {}
    for one in logged:
        found = _ID.fullmatch(one.id.strip())
        question = known.by_ident(found[1].lower()) if found else None
        if not one.student.id:
            yield Unmatched(
                "", excerpt(one.response or ""), f"the report does not say whose response to {one.id} this is", one.row
            )
        elif question is None:
            yield Unmatched(one.student.id, excerpt(one.response or ""), f"'{one.id}' is no question of this export", one.row)
        elif found is None or found[2].casefold() not in _names(question):
            yield Unmatched(one.student.id, excerpt(one.response or ""), f"'{one.id}' is no answer of its question", one.row)
        else:
            key = (one.student.id, one.attempt, question.ident)
            attempts.setdefault(key, []).append(one)
            questions[key] = question
    for key, mine in attempts.items():
        yield _assembled(questions[key], mine)


def _names(question: Question) -> dict[str, tuple[str, Interaction]]:
    """The answers' names with what they ask, by the names without capital letters, which some systems do not keep."""
    return {name.casefold(): (name, interaction) for name, interaction in question.made.keyed.item.interactions}


def _assembled(question: Question, logged: Sequence[Logged]) -> Returned:
    interactions = _names(question)
    pieces: dict[str, list[_Piece]] = {}
    for one in logged:
        found = _ID.fullmatch(one.id.strip())
        assert found is not None
        if one.response is not None:
            piece = _Piece(int(found[3] or 1), one.response, _moment(one.when))
            pieces.setdefault(found[2].casefold(), []).append(piece)
    answers: dict[str, str] = {}
    unread: dict[str, tuple[str, str]] = {}
    for folded, mine in pieces.items():
        name, interaction = interactions[folded]
        try:
            answers[name] = typed(interaction, _joined(mine))
        except UnclearError as error:
            unread[name] = (excerpt(" ".join(piece.text for piece in mine)), str(error))
    whens = [one.when for one in logged if one.when]
    first = logged[0]
    return Returned(
        first.student, question, answers, first.row, unread, attempt=first.attempt, submitted=max(whens, default="")
    )


def _moment(text: str) -> datetime | None:
    """When something was reported, as far as that is written in a form that can be compared."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _joined(pieces: Sequence[_Piece]) -> str:
    """The answer that the pieces make. `UnclearError` where one is missing or cut off, or it is not known which counts."""
    by_number: dict[int, list[_Piece]] = {}
    for piece in pieces:
        by_number.setdefault(piece.number, []).append(piece)
    text = ""
    number = 1
    while number in by_number:
        part = _last(by_number.pop(number)).text.strip()
        text += part.removesuffix(_MORE)
        if not part.endswith(_MORE):
            break
        number += 1
    else:
        raise UnclearError(f"piece {number} of this answer is not in the report")
    # Pieces that an answer needs no more are reported as blank.
    if any(_last(mine).text.strip() for mine in by_number.values()):
        raise UnclearError("a piece of this answer is cut off")
    return text


def _last(pieces: Sequence[_Piece]) -> _Piece:
    if len({piece.text for piece in pieces}) == 1:
        return pieces[0]
    dated = [(piece.when, place) for place, piece in enumerate(pieces) if piece.when is not None]
    if len(dated) < len(pieces):
        raise UnclearError("the report has several responses of one attempt, and does not say which is the last")
    return pieces[max(dated)[1]]


def typed(interaction: Interaction, text: str) -> str:
    """A response as it is typed on a worksheet. What is no response of its kind stays as it is, for marking to say so."""
    text = _LANGUAGE.sub("", text, count=1).strip() if text.startswith("{lang=") else text.strip()
    match interaction:
        case ChooseOne() | ChooseMany() | Arrange():
            parts = [part for part in _BETWEEN.split(text.strip("{}")) if part]
            single = parts and all(len(part) == 1 for part in parts)
            return " ".join(parts).upper() if single else text
        case Match():
            return _pairs(text)
        case EnterNumber() | EnterText() | StateDistribution():
            return text
        case WriteFreely():
            return text.replace(_LINE, "\n")
        case _:
            assert_never(interaction)


def _pairs(text: str) -> str:
    pairs = [_PAIR.fullmatch(part) for part in _BETWEEN.split(text.strip("{}")) if part]
    if not pairs or not all(pairs):
        return text
    return " ".join(f"{pair[1].upper()}-{pair[2].upper()}" for pair in pairs if pair)


def person(known: Mapping[str, str]) -> Student:
    """A student by what a report says: ``id``, ``name``, ``email``; without an id the email or the name stands for it."""
    id, name, email = (known.get(key, "").strip() for key in ("id", "name", "email"))
    return Student(id or email or name, name, email)
