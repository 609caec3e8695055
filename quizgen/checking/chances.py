"""What chance alone would do: tails of distributions, and what random responses earn."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Moments = tuple[float, float]
"""A mean and a variance."""

_EXACT = 6
"""Up to so many items all orders are gone through; of more a sample is taken."""


def normal_tail(z: float) -> float:
    """The probability that a standard normal number exceeds z.

    >>> round(normal_tail(1.96), 4)
    0.025
    """
    return math.erfc(z / math.sqrt(2)) / 2


def uneven(counts: NDArray[np.int64]) -> float:
    """The probability that places which are all as likely are hit as unevenly as these or worse.

    Pearson's chi-square, its tail by Wilson and Hilferty's cube root (1931).

    >>> uneven(np.array([500, 500, 500, 500])) > 0.99, uneven(np.array([600, 480, 460, 460])) < 1e-4
    (True, True)
    """
    freedom = len(counts) - 1
    expected = counts.sum() / len(counts)
    if freedom < 1 or expected == 0:
        return 1.0
    chi_square = float(((counts - expected) ** 2).sum() / expected)
    spread = 2 / (9 * freedom)
    return normal_tail(((chi_square / freedom) ** (1 / 3) - (1 - spread)) / math.sqrt(spread))


@functools.lru_cache(maxsize=4096)
def subsets(rule: Callable[[int, int, int, int], float], right: int, offered: int, ticked: int) -> Moments:
    """What ticking that many options at random earns, where that many of those offered are right."""
    wrong = offered - right
    ways = {t: math.comb(right, t) * math.comb(wrong, ticked - t) for t in range(min(right, ticked) + 1) if ticked - t <= wrong}
    return _moments([(rule(t, ticked - t, right, wrong), way) for t, way in ways.items()])


@functools.lru_cache(maxsize=4096)
def coins(rule: Callable[[int, int, int, int], float], right: int, offered: int) -> Moments:
    """What a student earns who tosses a coin for every option."""
    wrong = offered - right
    return _moments(
        [
            (rule(t, f, right, wrong), math.comb(right, t) * math.comb(wrong, f))
            for t in range(right + 1)
            for f in range(wrong + 1)
        ]
    )


@functools.lru_cache(maxsize=256)
def orders(rule: Callable[[Sequence[int]], float], items: int) -> Moments:
    """What a random order of that many items earns."""
    if items <= _EXACT:
        tried = [list(order) for order in permutations(range(items))]
    else:
        chance = np.random.default_rng(0)
        tried = [chance.permutation(items).tolist() for _ in range(2000)]
    return _moments([(rule(order), 1) for order in tried])


def _moments(weighted: Sequence[tuple[float, float]]) -> Moments:
    total = sum(weight for _, weight in weighted)
    mean = sum(value * weight for value, weight in weighted) / total
    return mean, sum((value - mean) ** 2 * weight for value, weight in weighted) / total
