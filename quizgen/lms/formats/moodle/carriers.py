"""What carries an answer in Moodle, so that a response earns there what it earns here, or as nearly as can be.

Where no type of question marks as a rule does, the student types letters (as on a worksheet, ``A C``), and every response
that earns something is foreseen.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations
from typing import Literal, TypeAlias, assert_never

from quizgen.answers import multiple, order
from quizgen.answers.labels import LETTERS
from quizgen.lms.base import Asked, Question
from quizgen.lms.formats.moodle.weights import is_listed
from quizgen.schemes import (
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

Carrier: TypeAlias = Literal[
    "one", "ticks", "decisions", "number", "text", "order", "positions", "pairs", "shares", "letters", "essay"
]  # fmt: skip
"""``decisions``: a choice between right and not right for each option. ``positions``: a choice for each place of an order.

``shares``: a number for each probability. ``letters``: labels are typed.
"""

Type: TypeAlias = Literal["multichoice", "numerical", "shortanswer", "ordering", "matching", "essay", "cloze"]

GRADINGS = {
    "all-or-nothing": "ALL_OR_NOTHING",
    "absolute-position": "ABSOLUTE_POSITION",
    "relative-next": "RELATIVE_NEXT_EXCLUDE_LAST",
    "longest-ordered-subset": "LONGEST_ORDERED_SUBSET",
    "longest-contiguous-subset": "LONGEST_CONTIGUOUS_SUBSET",
    "pairs": "RELATIVE_ALL_PREVIOUS_AND_NEXT",
}
"""From a rule of credit for orders to Moodle's name of it."""

_MOST_SETS, _MOST_ORDERS = 8, 5
"""Options of which all sets, and items of which all orders, are foreseen."""


def carrier_of(asked: Asked, alone: bool) -> Carrier:
    """What carries an answer that stands ``alone`` in its question, or beside others."""
    match asked.scheme:
        case OneOption():
            return "one"
        case ManyOptions(rule="every-decision-counts"):
            return "decisions"
        case ManyOptions():
            return "ticks" if tick_fractions(asked.scheme) else "letters"
        case NumberBands():
            return "number"
        case Texts():
            return "text"
        case RightOrder(rule=rule):
            return "order" if alone else "positions" if rule == "absolute-position" else "letters"
        case RightPairs(rule=rule):
            return "pairs" if rule == "each-pair" else "letters"
        case TrueDistribution():
            return "shares"
        case ByPerson():
            return "essay"
    assert_never(asked.scheme)


def gaps_in(asked: Asked, carrier: Carrier) -> int:
    """Of how many gaps an answer is made in a cloze."""
    match carrier, asked.scheme:
        case "decisions", ManyOptions(right):
            return len(right)
        case "positions", RightOrder(places):
            return len(places)
        case "pairs", RightPairs(partners):
            return len(partners)
        case "shares", TrueDistribution(probabilities):
            return len(probabilities)
    return 1


def type_of(question: Question) -> Type:
    """The type of question in Moodle: a cloze where there are several answers, or none of the other types marks alike."""
    if len(question.asked) > 1:
        return "cloze"
    (asked,) = question.asked
    listed = all(is_listed(fraction) for fraction in _fractions(asked))
    match carrier_of(asked, alone=True):
        case "one":
            return "multichoice"
        case "ticks":
            return "multichoice" if listed else "cloze"
        case "number":
            return "numerical" if listed else "cloze"
        case "text":
            return "shortanswer" if listed else "cloze"
        case "order":
            return "ordering"
        case "pairs":
            return "matching"
        case "essay":
            return "essay"
        case _:
            return "cloze"


def _fractions(asked: Asked) -> Iterator[float]:
    """What Moodle is told of an answer's marks."""
    match asked.scheme:
        case ManyOptions():
            yield from tick_fractions(asked.scheme) or ()
        case NumberBands(bands=bands):
            yield from (band.verdict.fraction for band in bands)
        case Texts(accepted=accepted):
            yield from (verdict.fraction for _, verdict in accepted)


def tick_fractions(scheme: ManyOptions) -> tuple[float, ...] | None:
    """What each option adds to the mark that is then kept between 0 and 1; None where the rule cannot be put so."""
    c, w = sum(scheme.right), len(scheme.right) - sum(scheme.right)
    taken = {
        "percent-correct": 1 / max(c, 1),
        "true": 1 / max(c, 1),
        "all": 1.0,
        "none": 0.0,
        "false": 1 / max(w, 1),
        "false2": 1 / max(w, 2),
    }
    if scheme.rule == "all-or-nothing" and c == 1:
        wrong = 1.0
    elif scheme.rule == "coverage" and not w:
        wrong = 0.0
    elif c and scheme.rule in taken:
        wrong = taken[scheme.rule]
    else:
        return None
    return tuple(1 / c if right else -wrong for right in scheme.right)


def letters_foreseen(asked: Asked) -> tuple[tuple[tuple[str, ...], float], ...] | None:
    """What may be typed and earns something, as labels, with the fraction, most first; None where that is too much."""
    found: list[tuple[tuple[str, ...], float]]
    match asked.scheme:
        case ManyOptions(right, _, "all-or-nothing"):
            found = [(_labels(place for place, is_right in enumerate(right) if is_right), 1.0)]
        case ManyOptions(right, _, rule):
            if len(right) > _MOST_SETS:
                return None
            found = [(_labels(chosen), _set_credit(rule, right, chosen)) for chosen in _sets(len(right))]
        case RightOrder(places, "all-or-nothing"):
            found = [(_labels(places), 1.0)]
        case RightOrder(places, rule):
            if len(places) > _MOST_ORDERS:
                return None
            credit = order.CREDIT[rule][0]
            found = [(_labels(way), credit([places.index(place) for place in way])) for way in permutations(sorted(places))]
        case RightPairs(partners):
            found = [(_labels(partners), 1.0)]
        case _:
            raise AssertionError(f"not typed as letters: {asked.scheme}")
    return tuple(sorted(((labels, credit) for labels, credit in found if credit > 0), key=lambda one: -one[1]))


def _labels(places: Iterator[int] | tuple[int, ...]) -> tuple[str, ...]:
    return tuple(LETTERS[place] for place in places) or ("none",)


def _sets(count: int) -> Iterator[tuple[int, ...]]:
    for size in range(count + 1):
        yield from combinations(range(count), size)


def _set_credit(rule: str, right: tuple[bool, ...], chosen: tuple[int, ...]) -> float:
    t = sum(right[place] for place in chosen)
    return multiple.CREDIT[rule][0](t, len(chosen) - t, sum(right), len(right) - sum(right))


def said_of(scheme: ManyOptions) -> tuple[Verdict | None, ...]:
    """What is said to who ticks each option: nothing of a right one, whose words are for those who leave it open."""
    return tuple(None if right else verdict for right, verdict in zip(scheme.right, scheme.verdicts, strict=True))
