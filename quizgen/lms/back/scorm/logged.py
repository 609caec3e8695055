"""Logged interactions put together: pieces of long answers joined, and of several reports of an answer the last."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from quizgen.grading.readers.units import excerpt
from quizgen.grading.times import parse_time
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
    logged: Logged


def returned(logged: Iterable[Logged], known: Known) -> Iterator[Returned | Unmatched]:
    """What each attempt tells of each question, and each response in it that another one replaced."""
    attempts: dict[tuple[str, str, str], list[Logged]] = {}
    questions: dict[tuple[str, str, str], Question] = {}
    for one in logged:
        found = _ID.fullmatch(one.id.strip())
        question = known.by_ident(found[1].lower()) if found else None
        if not one.student.id:
            yield _rejected(one, f"the report does not say whose response to {one.id} this is")
        elif question is None:
            yield _rejected(one, f"'{one.id}' is no question of this export")
        elif found is None or found[2].casefold() not in _names(question):
            yield _rejected(one, f"'{one.id}' is no answer of its question")
        else:
            key = (one.student.id, one.attempt, question.ident)
            attempts.setdefault(key, []).append(one)
            questions[key] = question
    for key, mine in attempts.items():
        yield from _assembled(questions[key], mine)


def _names(question: Question) -> dict[str, tuple[str, Interaction]]:
    """The answers' names with what they ask, by the names without capital letters, which some systems do not keep."""
    return {name.casefold(): (name, interaction) for name, interaction in question.made.keyed.item.interactions}


def _assembled(question: Question, logged: Sequence[Logged]) -> Iterator[Returned | Unmatched]:
    interactions = _names(question)
    pieces: dict[str, list[_Piece]] = {}
    for one in logged:
        found = _ID.fullmatch(one.id.strip())
        assert found is not None
        if one.response is not None:
            piece = _Piece(int(found[3] or 1), one.response, parse_time(one.when), one)
            pieces.setdefault(found[2].casefold(), []).append(piece)
    answers: dict[str, str] = {}
    unread: dict[str, tuple[str, str]] = {}
    counting: list[_Piece] = []
    for folded, mine in pieces.items():
        name, interaction = interactions[folded]
        try:
            last = _last_of_each(mine)
        except UnclearError as error:
            unread[name] = (excerpt(mine[0].text), str(error))
            yield from (_rejected(piece.logged, str(error)) for piece in mine[1:])
            counting += mine
            continue
        yield from (_replaced(piece, last[piece.number]) for piece in mine if piece is not last[piece.number])
        counting += last.values()
        try:
            answers[name] = typed(interaction, _joined(last))
        except UnclearError as error:
            unread[name] = (excerpt(" ".join(piece.text for piece in last.values())), str(error))
    first = counting[0].logged if counting else logged[0]
    yield Returned(first.student, question, answers, first.row, unread, attempt=first.attempt, submitted=_submitted(counting))


def _rejected(one: Logged, reason: str) -> Unmatched:
    return Unmatched(one.student.id, excerpt(one.response or ""), reason, one.row)


def _replaced(piece: _Piece, by: _Piece) -> Unmatched:
    """A response that does not count: the report has it, and so it is told."""
    which = "the same response" if piece.text == by.text else "a later response"
    return _rejected(piece.logged, f"{which} to '{piece.logged.id}' in this attempt counts (row {by.logged.row})")


def _submitted(counting: Sequence[_Piece]) -> str:
    """When the last of what counts was reported, as written; empty where that cannot be told."""
    dated = [(piece.when, piece.logged.when) for piece in counting if piece.when is not None]
    written = {piece.logged.when for piece in counting if piece.logged.when}
    if len(dated) == sum(1 for piece in counting if piece.logged.when):
        return max(dated, default=(None, ""))[1]
    return written.pop() if len(written) == 1 else ""


def _last_of_each(pieces: Sequence[_Piece]) -> dict[int, _Piece]:
    """The pieces that count, by their numbers. `UnclearError` where the report does not tell them."""
    by_number: dict[int, list[_Piece]] = {}
    for piece in pieces:
        by_number.setdefault(piece.number, []).append(piece)
    return {number: _last(mine) for number, mine in sorted(by_number.items())}


def _joined(pieces: Mapping[int, _Piece]) -> str:
    """The answer that the pieces make. `UnclearError` where one is missing or cut off."""
    left = dict(pieces)
    text = ""
    number = 1
    while number in left:
        part = left.pop(number).text.strip()
        text += part.removesuffix(_MORE)
        if not part.endswith(_MORE):
            break
        number += 1
    else:
        raise UnclearError(f"piece {number} of this answer is not in the report")
    # Pieces that an answer needs no more are reported as blank.
    if any(piece.text.strip() for piece in left.values()):
        raise UnclearError("a piece of this answer is cut off")
    return text


def _last(pieces: Sequence[_Piece]) -> _Piece:
    dated = [(piece.when, place) for place, piece in enumerate(pieces) if piece.when is not None]
    latest = [piece for piece in pieces if dated and piece.when == max(dated)[0]] if len(dated) == len(pieces) else pieces
    if len({piece.text for piece in latest}) > 1:
        raise UnclearError("the report has several responses of one attempt, and does not say which is the last")
    return latest[-1]


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
