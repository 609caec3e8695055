"""Kernels of divergences: rows of two distributions → one number a row, precise to 12 digits however near the two are.

A divergence of near distributions is a small difference of large terms: of logarithms each known to some 1e-16, nothing
is left of 1e-17. It is summed here from terms none of which is negative, and where they are small, from differences of
the probabilities. Kernels are for `rows.row_by_row`: blocks of shape (n, K), without floating-point warnings.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from quizgen.rows import Floats

Kernel: TypeAlias = Callable[[Floats, Floats], Floats]

_SMALL = 1e-2
"""Divergences below this are computed from differences of probabilities, not of their logarithms."""

_TINY = float(np.finfo(np.float64).tiny)


def kl(log: np.ufunc, nats_per_unit: float) -> Kernel:
    """Return the kernel of Σ (p log(p/q) − p + q), with the logarithm of a base and its unit in nats."""

    def total(p: Floats, q: Floats, log_ratio: Floats) -> Floats:
        terms = p * log_ratio
        terms -= (p - q) / nats_per_unit
        return np.asarray(terms.sum(-1))

    def kernel(p: Floats, q: Floats) -> Floats:
        sums = total(p, q, log_where(log, p / q, p))
        sums = _renewed(sums, ~np.isfinite(sums), p, q, lambda p, q: total(p, q, _log_ratio(log, p, q)))
        return _renewed(sums, sums < _SMALL, p, q, lambda p, q: _small_kl(p, q) / nats_per_unit)

    return kernel


def js(log: np.ufunc, nats_per_unit: float) -> Kernel:
    """Return the kernel of the Jensen–Shannon divergence, at most the logarithm of 2."""
    most = float(log(2.0))

    def kernel(p: Floats, q: Floats) -> Floats:
        total = p + q
        of_p, of_q = p / total, q / total
        if total.min() == 0:
            of_p, of_q = np.where(total > 0, of_p, 0.0), np.where(total > 0, of_q, 0.0)
        # log 2 less the entropy of which of the two a word came from
        gained = most + of_p * log_where(log, of_p, of_p) + of_q * log_where(log, of_q, of_q)
        sums = 0.5 * (total * gained).sum(-1)
        return np.minimum(_renewed(sums, sums < _SMALL, p, q, lambda p, q: _small_js(p, q) / nats_per_unit), most)

    return kernel


def log_where(log: np.ufunc, x: Floats, weight: Floats) -> Floats:
    """Return log x, but 0 where its weight is 0, so that 0·log 0 is 0."""
    logs = np.asarray(log(x))
    return np.where(weight == 0, 0.0, logs) if weight.min() == 0 else logs


def _renewed(
    sums: Floats, which: NDArray[np.bool_], p: Floats, q: Floats, better: Callable[[Floats, Floats], Floats]
) -> Floats:
    """Return the sums, those of some rows computed anew."""
    if which.all():
        return better(p, q)
    if which.any():
        sums[which] = better(*(each if len(each) == 1 else each[which] for each in (p, q)))
    return sums


def _log_ratio(log: np.ufunc, p: Floats, q: Floats) -> Floats:
    """Return log(p/q), 0 where p is 0; where the ratio itself overflows or vanishes, as a difference of logarithms."""
    logs = log_where(log, p / q, p)
    return np.where(np.isfinite(logs), logs, log_where(log, p, p) - log_where(log, q, p))


def _small_kl(p: Floats, q: Floats) -> Floats:
    """Return Σ (p log(p/q) − p + q) of each row in nats, precise where p and q are near.

    With s = (p−q)/(p+q), log(p/q) is 2 artanh s, and a term is (p+q)·(s·artanh s + artanh s − s).
    """
    total, s, square, near = _relative_difference(p, q)
    odd = _series(square, (1 / 3, 1 / 5, 1 / 7, 1 / 9, 1 / 11))
    odd *= s
    odd += _series(square, (1.0, 1 / 3, 1 / 5, 1 / 7, 1 / 9, 1 / 11))
    odd *= square
    odd *= total
    if not near.all():
        odd = np.where(near, odd, p * _log_ratio(np.log, p, q) - (p - q))
    return np.asarray(odd.sum(-1))


def _small_js(p: Floats, q: Floats) -> Floats:
    """Return the Jensen–Shannon divergence of each row in nats, precise where p and q are near.

    With s = (p−q)/(p+q), a term is ½(p+q)·(s·artanh s + ½ log(1−s²)), a series of even powers.
    """
    total, s, square, near = _relative_difference(p, q)
    terms = _series(square, (1 / 2, 1 / 12, 1 / 30, 1 / 56, 1 / 90, 1 / 132))
    terms *= square
    if not near.all():
        one, other = 1.0 + s, 1.0 - s
        far = one * log_where(np.log, one, one) + other * log_where(np.log, other, other)
        terms = np.where(near, terms, 0.5 * far)
    return np.asarray(0.5 * (total * terms).sum(-1))


def _relative_difference(p: Floats, q: Floats) -> tuple[Floats, Floats, Floats, NDArray[np.bool_]]:
    """Return p+q, s = (p−q)/(p+q) (0 where both are 0), s², and where s² is so small that a few of its powers do."""
    total = p + q
    s = (p - q) / np.maximum(total, _TINY)
    square = s * s
    return total, s, square, square < 1e-3


def _series(x: Floats, coefficients: tuple[float, ...]) -> Floats:
    """Return Σ c_k x^k."""
    result = x * coefficients[-1]
    for coefficient in reversed(coefficients[1:-1]):
        result += coefficient
        result *= x
    result += coefficients[0]
    return result
