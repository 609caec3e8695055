"""A stated distribution, scored there by the same arithmetic: is it a rounding of the truth, a mistake, or how far off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import log

from quizgen.lms.formats.qti.expressions import (
    Case,
    assign,
    both,
    cases,
    either,
    number,
    op,
    total,
    variable,
    within,
)
from quizgen.lms.formats.qti.tree import Element
from quizgen.schemes import TrueDistribution, Verdict

MOST_PARTIAL = 0.99
NOISE = Fraction(1, 10**9)
RULES = frozenset({"brier", "log"})

_UNIFORM = 1e-12
"""A distance from the uniform distribution below which a truth is that distribution."""


def right_shares(scheme: TrueDistribution) -> list[Fraction]:
    """The truth rounded as asked so that it sums to 1: rounded down, and the units that lack given to the largest rests."""
    unit = Fraction(1, 10**scheme.decimals)
    floors = [share // unit * unit for share in scheme.probabilities]
    lacking = round((1 - sum(floors)) / unit)
    order = sorted(range(len(floors)), key=lambda place: floors[place] - scheme.probabilities[place])
    return [floor + unit * (order.index(place) < lacking) for place, floor in enumerate(floors)]


def distribution_cases(
    scheme: TrueDistribution, names: Sequence[str], earned: str, tell: Callable[[Verdict], tuple[Element, ...]]
) -> Element:
    """The rules that set the score of the probabilities in some responses, between 0 and 1."""
    shares = [variable(name) for name in names]
    branches: list[Case] = [
        (op("not", _is_stated(shares, scheme.decimals)), ()),
        (_is_rounding(scheme.probabilities, shares, scheme.decimals), (assign(earned, number(1)),)),
    ]
    for vector, verdict in scheme.foreseen:
        given = (assign(earned, number(verdict.fraction)),) if verdict.fraction else ()
        branches.append((_is_rounding(vector, shares, scheme.decimals), (*given, *tell(verdict))))
    if scheme.rule == "log":
        possible = [share for share, p in zip(shares, scheme.probabilities, strict=True) if p > 0]
        branches.append((either(*(op("lte", share, number(Fraction(0))) for share in possible)), ()))
    skill = op("subtract", number(Fraction(1)), op("divide", _lost(scheme, shares), number(_reference(scheme))))
    bounded = op("max", number(Fraction(0)), op("min", number(MOST_PARTIAL), skill))
    return cases(*branches, otherwise=(assign(earned, bounded),))


def _is_stated(shares: Sequence[Element], decimals: int) -> Element:
    """Whether each is a probability, and together they make 1 as far as their roundings allow."""
    each = [
        condition for share in shares for condition in (op("not", op("isNull", share)), within(share, Fraction(0), Fraction(1)))
    ]
    slack = Fraction(len(shares), 2) / 10**decimals + NOISE
    return both(*each, within(total(shares), 1 - slack, 1 + slack))


def _is_rounding(wanted: Sequence[Fraction], shares: Sequence[Element], decimals: int) -> Element:
    """Whether the statement is a vector rounded: each share alone, or all together so that the sum stays 1."""
    half = Fraction(1, 2 * 10**decimals)
    alone = both(*(within(share, p - half, p + half) for share, p in zip(shares, wanted, strict=True)))
    together = _largest_rests(wanted, shares, decimals)
    return either(alone, together) if together is not None else alone


def _largest_rests(wanted: Sequence[Fraction], shares: Sequence[Element], decimals: int) -> Element | None:
    """Whether the shares are rounded down, and the units that lack to 1 added to those that lost most, of equal ones any.

    None where that gives no other statement than rounding each share alone.
    """
    unit = Fraction(1, 10**decimals)
    floors = [p // unit * unit for p in wanted]
    rests = [p - floor for p, floor in zip(wanted, floors, strict=True)]
    lacking = (1 - sum(floors)) / unit
    if lacking.denominator != 1 or not 0 < lacking < len(wanted):
        return None
    least = sorted(rests, reverse=True)[int(lacking) - 1]
    conditions = []
    for share, floor, rest in zip(shares, floors, rests, strict=True):
        low, high = _near(share, floor, unit), _near(share, floor + unit, unit)
        noise = unit * NOISE
        conditions.append(high if rest > least + noise else low if rest < least - noise else either(low, high))
    return both(*conditions, within(total(shares), 1 - unit / 4, 1 + unit / 4))


def _near(share: Element, value: Fraction, unit: Fraction) -> Element:
    """Whether a share is a value, but for what binary arithmetic leaves behind it."""
    return within(share, value - unit / 10**6, value + unit / 10**6)


def _lost(scheme: TrueDistribution, shares: Sequence[Element]) -> Element:
    """How much worse the statement, scaled to sum 1, scores than the truth in expectation."""
    truth = [float(p) for p in scheme.probabilities]
    whole = total(shares)
    if scheme.rule == "brier":  # the sum of (p - q / whole)², multiplied out
        mixed = total(op("product", number(p), share) for p, share in zip(truth, shares, strict=True))
        squares = total(op("product", share, share) for share in shares)
        return total(
            [
                number(sum(p * p for p in truth)),
                op("divide", op("product", number(-2.0), mixed), whole),
                op("divide", squares, op("product", whole, whole)),
            ]
        )
    logs = [
        op("product", number(-p), op("mathOperator", share, name="ln")) for p, share in zip(truth, shares, strict=True) if p > 0
    ]
    return total([number(sum(p * log(p) for p in truth if p > 0)), *logs, op("mathOperator", whole, name="ln")])


def _reference(scheme: TrueDistribution) -> float:
    """What the uniform distribution loses; where it is the truth, what certainty does, or its like for the log rule."""
    truth = [float(p) for p in scheme.probabilities]
    k = len(truth)
    if scheme.rule == "brier":
        reference = sum((p - 1 / k) ** 2 for p in truth)
        return reference if reference >= _UNIFORM else 1 - 1 / k
    reference = log(k) + sum(p * log(p) for p in truth if p > 0)
    return reference if reference >= _UNIFORM else log(k)
