"""Programs: what is left to do for each variant once a text's structure is turned into a flavour.

A program is a sequence of literal strings, slots for values, branches, and wrappers that finish a part whose look
depends on its values (a table whose columns are padded, a paragraph that vanishes when all its conditions fail).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from quizgen.errors import QuizgenError
from quizgen.items import Listing, Number, Place, Shown, Table


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an answer is to be placed: on a line of its own or not, and what a table's heads say about the place."""

    block: bool
    label: str = ""


Placing: TypeAlias = Callable[[str, Spot], str]
"""From an answer's name and its spot to the markup that stands there."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for a whole page: the decimal sign, and how answers are placed (None: as a blank line to write on)."""

    decimal_comma: bool = False
    place: Placing | None = field(default=None, compare=False)


Show: TypeAlias = Callable[[Shown, Setting], str]


@dataclass(frozen=True, slots=True)
class Slot:
    """A tag's value, shown for its surroundings."""

    tag: int
    show: Show


@dataclass(frozen=True, slots=True)
class Fork:
    """Branches, each with the tag that opens it; None is ``else``."""

    branches: tuple[tuple[int | None, Program], ...]


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A part whose text is finished by a function once its values are known."""

    program: Program
    finish: Callable[[str], str]


Piece: TypeAlias = str | Slot | Fork | Wrapped
Program: TypeAlias = tuple[Piece, ...]


def fill(program: Program, values: Sequence[Shown], setting: Setting) -> str:
    """The text of a program with the values of one variant, one value per tag."""
    parts: list[str] = []
    for piece in program:
        if isinstance(piece, str):
            parts.append(piece)
        elif isinstance(piece, Slot):
            parts.append(piece.show(values[piece.tag], setting))
        elif isinstance(piece, Fork):
            for tag, inside in piece.branches:
                if tag is None or values[tag]:
                    parts.append(fill(inside, values, setting))
                    break
        else:
            parts.append(piece.finish(fill(piece.program, values, setting)))
    return "".join(parts)


def pack(pieces: Iterable[Piece]) -> Program:
    """The pieces with neighbouring strings joined and empty ones dropped."""
    return tuple(_joined(pieces))


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    run: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            run.append(piece)
            continue
        if text := "".join(run):
            yield text
        run.clear()
        yield piece
    if text := "".join(run):
        yield text


def may_vanish(program: Program) -> bool:
    """True if the program is made of conditions alone, so that for some variants nothing may be left of it."""
    forked = False
    for piece in program:
        if isinstance(piece, Slot) or (isinstance(piece, str) and piece.strip()):
            return False
        if isinstance(piece, Wrapped) and not may_vanish(piece.program):
            return False
        forked = forked or not isinstance(piece, str)
    return forked


def wrap(before: str, program: Program, after: str) -> list[Piece]:
    """The program between two strings; both vanish with it where nothing is left of it."""
    if not may_vanish(program):
        return [before, *program, after]

    def finish(text: str) -> str:
        inside = text.strip()
        return f"{before}{inside}{after}" if inside else ""

    return [Wrapped(program, finish)]


def line_of(value: Shown) -> str | Number | tuple[str, ...]:
    """The value as something that stands in a line; `QuizgenError` for a table or list, which need a paragraph."""
    if value is None:
        return ""
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, Table | Listing):
        raise QuizgenError("a table or list inside a sentence: give it a paragraph of its own")
    if isinstance(value, Place):
        raise QuizgenError(f"the place of answer {value.answer!r} stands in code or in a formula: put it in the sentence")
    return value
