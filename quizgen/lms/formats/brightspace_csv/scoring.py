"""How Brightspace gives part credit, and which of its ways is nearest to a rule of quizgen's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import permutations

from quizgen.answers.multiple import CREDIT as SETS
from quizgen.answers.order import CREDIT as ORDERS

_SAME = 1e-9
_FEW = 4
"""Items of which all orders are tried out; with more, no two rules are alike."""

_Sets = Callable[[int, int, int, int], float]

SCORED_SETS: Mapping[str, _Sets] = {
    "RightAnswers": lambda t, f, c, w: (t + w - f) / (c + w),
    "AllOrNothing": lambda t, f, c, w: float(t == c and f == 0),
    "RightMinusWrong": lambda t, f, c, w: max(t - f, 0) / (c + w),
}
"""Fractions of t right and f wrong options ticked, of c right and w wrong ones offered, by the name of the way."""


TOLD_SETS = {
    "RightAnswers": SETS["every-decision-counts"][1],
    "AllOrNothing": SETS["all-or-nothing"][1],
    "RightMinusWrong": "Right options ticked less wrong options ticked, as a share of all options; not below 0.",
}
"""How a student is told of each way."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way of Brightspace's to give credit, how a student is told of it, and whether it gives the same for every response."""

    name: str
    told: str
    exact: bool


@cache
def way_for_sets(rule: str, right: int, wrong: int) -> Way:
    """The way that gives what a rule of `multiple` gives, or else the one that is nearest on the whole."""
    ours = SETS[rule][0]
    ticked = [(t, f) for t in range(right + 1) for f in range(wrong + 1)]

    def distance(name: str) -> float:
        there = SCORED_SETS[name]
        return sum(abs(ours(t, f, right, wrong) - there(t, f, right, wrong)) for t, f in ticked)

    best = min(SCORED_SETS, key=distance)
    return Way(best, TOLD_SETS[best], distance(best) < _SAME)


@cache
def way_for_order(rule: str, count: int) -> Way:
    """The same for a rule of `order`: each item in its place, or all or nothing."""
    if rule == "all-or-nothing":
        return Way("AllOrNothing", ORDERS[rule][1], True)
    places, ours = ORDERS["absolute-position"][0], ORDERS[rule][0]
    exact = rule == "absolute-position" or (
        count <= _FEW and all(abs(ours(order) - places(order)) < _SAME for order in permutations(range(count)))
    )
    return Way("EquallyWeighted", ORDERS["absolute-position"][1], exact)
