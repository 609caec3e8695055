"""How answers are marked, as plain data: for systems that mark on their own, such as an LMS that a quiz is exported to.

A scheme goes with an interaction (`quizgen.items`), one kind with one kind, and holds the key: it never reaches a student's
file but inside what the other system keeps for itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from quizgen.items import Filled, KeyedItem


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a response earns (a fraction from 0 to 1), the mistake that it shows (an id, or empty), and what is said to it."""

    fraction: float
    mistake: str = ""
    feedback: Filled | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """Numbers from ``low`` to ``high``, both included."""

    low: Fraction
    high: Fraction
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class OneOption:
    """Of `ChooseOne`: the verdict on each option, in the options' order. One of them earns 1, the others 0."""

    verdicts: tuple[Verdict, ...]

    @property
    def right(self) -> int:
        """The place of the right option."""
        return next(place for place, verdict in enumerate(self.verdicts) if verdict.fraction == 1)


@dataclass(frozen=True, slots=True)
class ManyOptions:
    """Of `ChooseMany`: whether each option is right; what is said where it is decided wrongly; the rule's name."""

    right: tuple[bool, ...]
    verdicts: tuple[Verdict, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class NumberBands:
    """Of `EnterNumber`: the key as a student types it (without unit), and bands in its unit, the first that fits counts.

    The first band is the key's; there is none where the key is infinite. ``units`` are other units that may be typed, each
    with the number of key units that it makes; a ``%`` makes ``percent`` of them, where it may be typed. ``form_counts`` tells
    whether the right value with other digits than asked for earns less, and ``follows`` whether what follows from wrong
    earlier answers earns something.
    """

    typed: str
    bands: tuple[Band, ...]
    units: tuple[tuple[str, float], ...] = ()
    percent: Fraction | None = None
    form_counts: bool = False
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Texts:
    """Of `EnterText`: texts with their verdicts, of which the first that fits counts; the first earns full marks."""

    accepted: tuple[tuple[str, Verdict], ...]
    case_sensitive: bool


@dataclass(frozen=True, slots=True)
class RightOrder:
    """Of `Arrange`: the places of the options in the right order, the rule's name, and foreseen wrong orders."""

    places: tuple[int, ...]
    rule: str
    foreseen: tuple[tuple[tuple[int, ...], str], ...] = ()


@dataclass(frozen=True, slots=True)
class RightPairs:
    """Of `Match`: for each left the place of its right one, the mistake of who joins it wrongly (or empty), the rule's name."""

    partners: tuple[int, ...]
    mistakes: tuple[str, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class TrueDistribution:
    """Of `StateDistribution`: the right probabilities, decimals asked for, the rule's name, and foreseen wrong vectors.

    Each probability is right in a band of half a unit of the last digit asked for.
    """

    probabilities: tuple[Fraction, ...]
    decimals: int
    rule: str
    foreseen: tuple[tuple[tuple[Fraction, ...], Verdict], ...] = ()


@dataclass(frozen=True, slots=True)
class ByPerson:
    """Of `WriteFreely`: a person marks it by the rubric."""


Scheme: TypeAlias = OneOption | ManyOptions | NumberBands | Texts | RightOrder | RightPairs | TrueDistribution | ByPerson


@dataclass(frozen=True, slots=True)
class SchemedItem:
    """An item with its keys, the scheme of each answer in order, and each answer's weight (relative to the others)."""

    keyed: KeyedItem
    schemes: tuple[Scheme, ...]
    weights: tuple[float, ...]
