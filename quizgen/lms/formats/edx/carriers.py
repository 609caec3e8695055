"""What carries an answer in a problem of Open edX, so that a response earns there what it earns here, or nearly.

A problem's inputs count one point each, and each is marked on its own. Where a rule looks at several at once, all that a
student can mean is listed instead: every set of a few options, every order of a few items. There each line has its own mark.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, permutations
from typing import TypeAlias, assert_never

from quizgen.answers import multiple, order
from quizgen.answers.labels import LETTERS
from quizgen.items import Match
from quizgen.lms.base import Asked, Question
from quizgen.schemes import (
    Band,
    ByPerson,
    ManyOptions,
    NumberBands,
    OneOption,
    RightOrder,
    RightPairs,
    Texts,
    TrueDistribution,
    Verdict,
)

NONE, NONE_OF_THESE = "none", "None of these"
"""What a student types who deliberately ticks nothing, and what is chosen for it."""

MOST_LISTED = 4
"""Options of which all sets, and items of which all orders, are listed."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list to choose from: what it is as a response on a worksheet, and the verdict on it."""

    typed: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class List:
    """One of several lines is chosen. ``own`` tells whether they are the answer's own options, shown in full."""

    lines: tuple[Line, ...]
    own: bool


@dataclass(frozen=True, slots=True)
class Ticks:
    """Boxes to tick, the last one for "none of these". ``every`` tells whether each earns a share, else all together."""

    right: tuple[bool, ...]
    verdicts: tuple[Verdict, ...]
    every: bool


@dataclass(frozen=True, slots=True)
class Menus:
    """For each row a menu of ``choices``: the place of the right one, and the verdict on a wrong one (None: none)."""

    choices: tuple[str, ...]
    right: tuple[int, ...]
    wrong: tuple[Verdict | None, ...]


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of a row, which are typed."""

    right: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a band; None where only infinity, as typed, is right."""

    band: Band | None
    typed: str


@dataclass(frozen=True, slots=True)
class Words:
    """Short texts, of which those that earn full marks are right."""

    right: tuple[str, ...]
    wrong: tuple[tuple[str, Verdict], ...]
    case_sensitive: bool


@dataclass(frozen=True, slots=True)
class Shares:
    """A number in a band for each probability."""

    bands: tuple[tuple[Fraction, Fraction], ...]


@dataclass(frozen=True, slots=True)
class Essay:
    """Nothing: no problem takes an essay."""


Carrier: TypeAlias = List | Ticks | Menus | Letters | Number | Words | Shares | Essay

YES, NO = "Yes", "No"


def carriers_of(question: Question) -> tuple[tuple[Asked, Carrier], ...]:
    """The answers of a question with what carries each."""
    asked = question.asked
    return tuple((one, carrier_of(one, alone=len(asked) == 1)) for one in asked)


def carrier_of(asked: Asked, *, alone: bool) -> Carrier:
    """What carries an answer that stands ``alone`` in its question, or beside others, where one input is better than many."""
    match asked.scheme:
        case OneOption(verdicts):
            return List(tuple(Line(LETTERS[i], verdict) for i, verdict in enumerate(verdicts)), own=True)
        case ManyOptions() as scheme:
            return _many(scheme, alone)
        case NumberBands(typed, bands):
            return Number(bands[0] if bands else None, typed)
        case Texts(accepted, case_sensitive):
            right = tuple(text for text, verdict in accepted if verdict.fraction == 1)
            wrong = tuple((text, verdict) for text, verdict in accepted if verdict.fraction < 1)
            return Words(right, wrong, case_sensitive)
        case RightOrder() as scheme:
            return _order(scheme)
        case RightPairs(partners, mistakes, rule):
            if rule == "all-or-nothing":
                return Letters("".join(LETTERS[partner] for partner in partners))
            wrong_ones = tuple(Verdict(0.0, mistake) if mistake else None for mistake in mistakes)
            return Menus(tuple(LETTERS[: _rights(asked)]), partners, wrong_ones)
        case TrueDistribution(probabilities, decimals):
            half = Fraction(1, 2 * 10**decimals)
            return Shares(tuple((p - half, p + half) for p in probabilities))
        case ByPerson():
            return Essay()
        case _:
            assert_never(asked.scheme)


def inputs(carrier: Carrier) -> int:
    """How many inputs a carrier has, each for one point."""
    match carrier:
        case Menus():
            return len(carrier.right)
        case Shares():
            return len(carrier.bands)
        case List() | Ticks() | Letters() | Number() | Words() | Essay():
            return 1
    assert_never(carrier)


def _rights(asked: Asked) -> int:
    assert isinstance(asked.interaction, Match)
    return len(asked.interaction.rights)


# Several options ------------------------------------------------------------------------------------------------------


def _many(scheme: ManyOptions, alone: bool) -> Carrier:
    right = scheme.right
    if marks_alike(scheme, "all-or-nothing"):
        return Ticks(right, scheme.verdicts, every=False)
    if alone and marks_alike(scheme, "every-decision-counts"):
        wrong = tuple(Verdict(0.0, verdict.mistake, verdict.feedback) for verdict in scheme.verdicts)
        return Menus((YES, NO), tuple(0 if one else 1 for one in right), wrong)
    if len(right) <= MOST_LISTED:
        return List(tuple(_sets(scheme)), own=False)
    return Ticks(right, scheme.verdicts, every=True)


def marks_alike(scheme: ManyOptions, rule: str) -> bool:
    """Whether another rule gives every response the mark that the scheme's gives."""
    c = sum(scheme.right)
    w = len(scheme.right) - c
    own, other = multiple.CREDIT[scheme.rule][0], multiple.CREDIT[rule][0]
    return all(abs(own(t, f, c, w) - other(t, f, c, w)) < 1e-12 for t in range(c + 1) for f in range(w + 1))


def _sets(scheme: ManyOptions) -> Iterator[Line]:
    """Every set of the options, none first, then the small ones."""
    places = range(len(scheme.right))
    c = sum(scheme.right)
    w = len(scheme.right) - c
    credit = multiple.CREDIT[scheme.rule][0]
    for size in range(len(scheme.right) + 1):
        for ticked in combinations(places, size):
            t = sum(scheme.right[place] for place in ticked)
            decided_wrongly = [p for p in places if p in ticked and not scheme.right[p]]
            decided_wrongly += [p for p in places if p not in ticked and scheme.right[p]]
            verdict = _first_told([scheme.verdicts[place] for place in decided_wrongly])
            fraction = credit(t, size - t, c, w)
            line = Verdict(fraction, verdict.mistake, verdict.feedback) if verdict else Verdict(fraction)
            yield Line(" ".join(LETTERS[place] for place in ticked) or NONE, line)


def _first_told(verdicts: Sequence[Verdict]) -> Verdict | None:
    return next((verdict for verdict in verdicts if verdict.mistake or verdict.feedback), None)


# Orders ---------------------------------------------------------------------------------------------------------------


def _order(scheme: RightOrder) -> Carrier:
    k = len(scheme.places)
    if k <= MOST_LISTED:
        return List(tuple(_orders(scheme)), own=False)
    if scheme.rule == "all-or-nothing":
        return Letters("".join(LETTERS[place] for place in scheme.places))
    return Menus(tuple(LETTERS[:k]), scheme.places, (None,) * k)


def _orders(scheme: RightOrder) -> Iterator[Line]:
    """Every order, as in a dictionary."""
    rank = {place: i for i, place in enumerate(scheme.places)}
    foreseen = dict(reversed(scheme.foreseen))
    credit = order.CREDIT[scheme.rule][0]
    for places in permutations(range(len(scheme.places))):
        fraction = credit([rank[place] for place in places])
        typed = " ".join(LETTERS[place] for place in places)
        yield Line(typed, Verdict(fraction, "" if fraction == 1 else foreseen.get(places, "")))
