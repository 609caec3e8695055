"""What is read from a file of another system, whatever the system: questions with their answers, or why not.

Texts are Markdown as templates have it, safe to stand in one (see `prose`), but for titles and typed answers, which are
plain words. Numbers are decimals as they were written.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias


class NotCarriedError(Exception):
    """Why a question cannot become a template."""


@dataclass(frozen=True, slots=True)
class Option:
    """An option, whether it is right, and what a student reads who chose it."""

    text: str
    right: bool
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several options. ``shown`` is how many a student meets; where not ``shuffled`` they stand as written."""

    options: tuple[Option, ...]
    shuffled: bool
    shown: int


@dataclass(frozen=True, slots=True)
class Several:
    """Any number of several options, marked by a named rule of partial credit."""

    options: tuple[Option, ...]
    shuffled: bool
    shown: int
    credit: str


@dataclass(frozen=True, slots=True)
class WrongNumber:
    """A number that is not the key: the fraction that it earns, and what a student reads who typed it."""

    value: Decimal
    credit: float
    feedback: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number within an absolute tolerance, in a unit; 0 asks for the very number."""

    value: Decimal
    tolerance: Decimal
    unit: str = ""
    accept_units: tuple[str, ...] = ()
    wrong: tuple[WrongNumber, ...] = ()


@dataclass(frozen=True, slots=True)
class TypedText:
    """A text that may be typed: the fraction that it earns, and what a student reads who typed it."""

    text: str
    credit: float
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """A short text: what earns something, and what is foreseen and earns nothing."""

    accepted: tuple[TypedText, ...]
    case_sensitive: bool = False
    wrong: tuple[TypedText, ...] = ()


@dataclass(frozen=True, slots=True)
class Pairs:
    """What belongs together, and rights that match nothing. ``shown`` is how many pairs a student meets."""

    pairs: tuple[tuple[str, str], ...]
    extra: tuple[str, ...]
    shown: int


@dataclass(frozen=True, slots=True)
class InOrder:
    """Items in the right order, of which ``shown`` are to be ordered, marked by a named rule."""

    items: tuple[str, ...]
    shown: int
    credit: str


@dataclass(frozen=True, slots=True)
class Free:
    """Prose for a person to mark, with the expected number of words and notes for whoever marks (plain words)."""

    words: int = 0
    for_markers: str = ""


Asked: TypeAlias = Choice | Several | Number | Typed | Pairs | InOrder | Free


@dataclass(frozen=True, slots=True)
class Answer:
    """A place where the student answers. Only an answer with a ``name`` is placed in the stem."""

    asked: Asked
    name: str = ""
    label: str = ""
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Question:
    """A question that can become a template. ``origin`` tells people where it was read; ``lost`` what was not carried."""

    origin: str
    title: str
    stem: str
    answers: tuple[Answer, ...]
    solution: str = ""
    hints: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A question that cannot become a template, and why."""

    origin: str
    title: str
    reason: str


Read: TypeAlias = Question | Refused
