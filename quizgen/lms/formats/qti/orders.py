"""Points for an order, by each named rule of partial credit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise

from quizgen.lms.formats.qti.expressions import (
    assign,
    both,
    cases,
    increase,
    is_correct,
    label,
    number,
    op,
    outcome,
    total,
    variable,
    within,
)
from quizgen.lms.formats.qti.tree import Element

RULES = frozenset(
    {
        "all-or-nothing",
        "absolute-position",
        "relative-next",
        "longest-ordered-subset",
        "longest-contiguous-subset",
        "pairs",
    }
)


@dataclass(frozen=True, slots=True)
class OrderRules:
    """The rules that set the points, the outcomes that they need beside, and full marks."""

    rules: tuple[Element, ...]
    outcomes: tuple[Element, ...]
    points: int


def order_rules(rule: str, right: Sequence[str], response: str, earned: str, suffix: str) -> OrderRules:
    """How an order of items is marked whose labels in the right order are given."""
    k = len(right)
    match rule:
        case "all-or-nothing":
            return OrderRules((cases((is_correct(response), (assign(earned, number(1)),))),), (), 1)
        case "absolute-position":
            places = [
                cases((op("match", _at(response, place), label(name)), (increase(earned),)))
                for place, name in enumerate(right, 1)
            ]
            return OrderRules(tuple(places), (), k)
    ranks = [f"RANK{suffix}_{place}" for place in range(1, k + 1)]
    found = [_ranked(response, place, name, right) for place, name in enumerate(ranks, 1)]
    declared = [outcome(name, "float", "0") for name in ranks]
    match rule:
        case "relative-next":
            rules = [cases((_next(a, b), (increase(earned),))) for a, b in pairwise(ranks)]
            return OrderRules((*found, *rules), tuple(declared), k - 1)
        case "pairs":
            rules = [cases((_rising(a, b), (increase(earned),))) for a, b in combinations(ranks, 2)]
            return OrderRules((*found, *rules), tuple(declared), len(rules))
        case "longest-contiguous-subset":
            run = f"RUN{suffix}"
            rules = list(_longest_run(ranks, run, earned))
            return OrderRules((*found, *rules), (*declared, outcome(run, "float", "0")), k)
        case "longest-ordered-subset":
            lengths = [f"LENGTH{suffix}_{place}" for place in range(1, k + 1)]
            rules = list(_longest_rise(ranks, lengths, earned))
            return OrderRules((*found, *rules), (*declared, *(outcome(name, "float", "0") for name in lengths)), k)
    raise ValueError(f"no rule {rule!r}")


def _at(response: str, place: int) -> Element:
    return op("index", variable(response), n=str(place))


def _ranked(response: str, where: int, rank: str, right: Sequence[str]) -> Element:
    """Sets the rank of the item that stands at a place, from 1; it stays 0 where none does."""
    return cases(
        *(
            (op("match", _at(response, where), label(name)), (assign(rank, number(place)),))
            for place, name in enumerate(right, 1)
        )
    )


def _there(rank: str) -> Element:
    return op("gt", variable(rank), number(0))


def _rising(a: str, b: str) -> Element:
    """Whether two ranks are there, and the second is higher."""
    return both(_there(a), op("gt", variable(b), variable(a)))


def _next(a: str, b: str) -> Element:
    """Whether the second rank is what follows the first one."""
    return both(_there(a), _is_one(op("subtract", variable(b), variable(a))))


def _is_one(value: Element) -> Element:
    return within(value, Fraction(1), Fraction(1))


def _longest_run(ranks: Sequence[str], run: str, earned: str) -> Iterator[Element]:
    """Counts steps to the right next one; a run has one item more than steps."""
    for a, b in pairwise(ranks):
        yield cases((_next(a, b), (increase(run),)), otherwise=(assign(run, number(0)),))
        longer = both(op("gt", variable(run), number(0)), op("gte", variable(run), variable(earned)))
        yield cases((longer, (assign(earned, total([variable(run), number(1)])),)))


def _longest_rise(ranks: Sequence[str], lengths: Sequence[str], earned: str) -> Iterator[Element]:
    """For each place the most items that stand in order up to it; the longest counts, where it is of two or more."""
    for j, (rank, length) in enumerate(zip(ranks, lengths, strict=True)):
        yield cases((_there(rank), (assign(length, number(1)),)))
        for i in range(j):
            longer = both(_rising(ranks[i], rank), op("gte", variable(lengths[i]), variable(length)))
            yield cases((longer, (assign(length, total([variable(lengths[i]), number(1)])),)))
        best = both(op("gte", variable(length), number(2)), op("gt", variable(length), variable(earned)))
        yield cases((best, (assign(earned, variable(length)),)))
