"""Points for options ticked, by each named rule of partial credit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from quizgen.lms.formats.qti.expressions import assign, both, either, label, number, op, size, total, variable
from quizgen.lms.formats.qti.tree import Element, element
from quizgen.schemes import ManyOptions

NONE = "NONE"
"""The identifier of the option that deliberately ticks nothing; an open answer earns nothing."""


@dataclass(frozen=True, slots=True)
class Values:
    """What a right option ticked adds to the points, what a wrong one adds, and what is there before; not below 0."""

    right: int
    wrong: int
    before: int
    points: int


@dataclass(frozen=True, slots=True)
class ManyPoints:
    """The rules that set the points, full marks, what can be reached (None: any fraction of them), and what options add."""

    rules: tuple[Element, ...]
    points: int
    reached: frozenset[int] | None
    values: Values


def _share(right: int, wrong: int) -> Values:
    """Each right option ticked earns a share; where none is right, one wrong option ticked costs all."""
    return Values(1, 0, 0, right) if right else Values(0, -1, 1, 1)


def _difference(least: int) -> Callable[[int, int], Values]:
    """A wrong option costs its share of all wrong ones, or of ``least``."""

    def values(right: int, wrong: int) -> Values:
        others = max(wrong, least)
        return Values(others, -right, 0, right * others) if right else Values(0, -1, others, others)

    return values


def _as_much(right: int, wrong: int) -> Values:
    return Values(1, -1, 0, right) if right else Values(0, -1, 1, 1)


LINEAR: Mapping[str, Callable[[int, int], Values]] = {
    "every-decision-counts": lambda right, wrong: Values(1, -1, wrong, right + wrong),
    "none": _share,
    "all": lambda right, wrong: Values(1, -right, 0, right) if right else Values(0, -1, 1, 1),
    "percent-correct": _as_much,
    "true": _as_much,
    "false": _difference(1),
    "false2": _difference(2),
}
"""Rules that add up, from how many options are right and wrong."""

RULES = frozenset({"all-or-nothing", "coverage", *LINEAR})


def answered(response: str) -> Element:
    """Whether something is ticked, and nothing beside the option that none is right."""
    ticked = op("containerSize", variable(response))
    none = op("member", label(NONE), variable(response))
    return both(op("gte", ticked, size(1)), either(op("match", ticked, size(1)), op("not", none)))


def many_points(scheme: ManyOptions, response: str, earned: str) -> ManyPoints:
    """The points for what is ticked, by a rule that knows partial credit."""
    right = sum(scheme.right)
    wrong = len(scheme.right) - right
    found = op("mapResponse", identifier=response)
    if scheme.rule == "coverage" and right:  # the share of right options ticked, times the share of ticks that are right
        offered = op("product", number(right), op("containerSize", variable(response)))
        rule = assign(earned, op("divide", op("product", found, found), offered))
        return ManyPoints((rule,), 1, None, Values(1, 0, 0, right))
    values = LINEAR.get(scheme.rule, _share)(right, wrong)
    sums = {max(values.before + t * values.right + f * values.wrong, 0) for t in range(right + 1) for f in range(wrong + 1)}
    rule = assign(earned, total([found, number(values.before)]) if values.before else found)
    return ManyPoints((rule,), values.points, frozenset(sums), values)


def mapping(values: Values, labels: Sequence[str], right: Sequence[bool]) -> Element:
    """What each option adds. The sum with what is there before is not below 0."""
    entries = [
        element("mapEntry", mapKey=name, mappedValue=values.right if good else values.wrong)
        for name, good in zip(labels, right, strict=True)
    ]
    return element("mapping", *entries, lowerBound=-values.before, defaultValue=0)
