"""Points in thousandths, so that whatever a person adds up by hand comes to the total that is shown.

An item's points are shared out among its answers in whole thousandths, and what a response earns is rounded to a
thousandth, half up. Every sum of points is then exact: nothing is rounded again on the way to a page or a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import polars as pl

STEPS = 1000
"""Steps to a point."""

_NOISE = 1e-9
"""Steps: far more than binary noise, far less than two earnings that differ in truth."""


def rounded(points: pl.Expr) -> pl.Expr:
    """Points to the nearest thousandth, half up; a tie is one also where binary noise puts it just below."""
    return (points * STEPS + 0.5 + _NOISE).floor() / STEPS


def shares(points: float, weights: Sequence[float]) -> list[float]:
    """An item's points shared out by weight, in whole thousandths that add up to the points exactly.

    What is left over goes to the answers that lose most by rounding down, the earlier first.

    >>> shares(1, [1, 1, 1])
    [0.334, 0.333, 0.333]
    """
    steps = round(points * STEPS)
    exact = [Fraction(str(weight)) for weight in weights]
    quotas = [steps * weight / sum(exact) for weight in exact]
    whole = [int(quota) for quota in quotas]
    losing = sorted(range(len(quotas)), key=lambda i: whole[i] - quotas[i])
    for i in losing[: steps - sum(whole)]:
        whole[i] += 1
    return [count / STEPS for count in whole]
