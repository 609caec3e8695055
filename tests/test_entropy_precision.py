"""Divergences of near distributions, to 12 digits of what exact arithmetic gives for the same doubles."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizgen import entropy as engine

DIGITS = 60
NAT = {"nats": Decimal(1), "bits": Decimal(2).ln(Context(DIGITS)), "bans": Decimal(10).ln(Context(DIGITS))}


def log(x: Fraction) -> Decimal:
    """The natural logarithm of an exact number, to many more digits than a double has."""
    return (Decimal(x.numerator) / Decimal(x.denominator)).ln()


def exact_kl(p: Iterable[float], q: Iterable[float]) -> Decimal:
    """Σ (p log(p/q) − p + q) of doubles taken exactly."""
    total = Decimal(0)
    for a, b in zip(map(Fraction, p), map(Fraction, q), strict=True):
        rest = b - a
        total += (Decimal(a.numerator) / Decimal(a.denominator)) * log(a / b) if a else 0
        total += Decimal(rest.numerator) / Decimal(rest.denominator)
    return total


def exact_js(p: Iterable[float], q: Iterable[float]) -> Decimal:
    """½ Σ (p log(p/m) + q log(q/m)), m = (p+q)/2, of doubles taken exactly."""
    total = Decimal(0)
    for a, b in zip(map(Fraction, p), map(Fraction, q), strict=True):
        for part in (a, b):
            total += (Decimal(part.numerator) / Decimal(part.denominator)) * log(2 * part / (a + b)) if part else 0
    return total / 2


def agrees(found: float, wanted: Decimal) -> bool:
    return abs(Decimal(found) - wanted) <= Decimal("1e-12") * wanted


def near_pair(seed: int, size: int, gap: float) -> tuple[list[float], list[float]]:
    """A random distribution and one beside it, some of whose probabilities are tiny."""
    rng = np.random.default_rng(seed)
    q = np.maximum(rng.dirichlet(np.full(size, rng.choice([0.1, 1.0, 10.0]))), 1e-30)
    p = q * np.exp(gap * rng.normal(size=size))
    return (p / p.sum()).tolist(), (q / q.sum()).tolist()


@pytest.mark.parametrize("gap", [10.0**-k for k in range(16)] + [0.03, 0.06, 0.1, 0.14, 0.2, 3.0])
@pytest.mark.parametrize("base", ["nats", "bits", "bans"])
def test_divergences_are_exact_to_twelve_digits_however_near_the_distributions_are(gap: float, base: Any) -> None:
    with localcontext(prec=DIGITS):
        for seed in range(6):
            p, q = near_pair(seed, (2, 5, 40)[seed % 3], gap)
            assert agrees(engine.kl_divergence(p, q, base=base), exact_kl(p, q) / NAT[base]), (p, q)
            assert agrees(engine.js_divergence(p, q, base=base), exact_js(p, q) / NAT[base]), (p, q)


@pytest.mark.parametrize("k", range(2, 50, 3))
def test_two_coins_that_differ_by_a_power_of_two_diverge_by_their_series(k: int) -> None:
    """With p = ½ ± e and q = ½, KL is ½ Σ (2e)^2n / (n(2n−1)), here summed exactly."""
    e = Fraction(1, 2**k)
    series = sum(((2 * e) ** (2 * n) / (n * (2 * n - 1)) for n in range(1, 30)), Fraction(0)) / 2
    found = engine.kl_divergence([0.5 + float(e), 0.5 - float(e)], [0.5, 0.5])
    assert abs(Fraction(found) - series) <= series / 10**12


@pytest.mark.parametrize("base", ["nats", "bits", "bans"])
def test_the_change_from_the_one_way_of_computing_to_the_other_leaves_no_step(base: Any) -> None:
    """Along a line from q the divergence grows without a jump, whichever way a point of it is computed."""
    steps = np.linspace(0.05, 0.09, 2001)[:, None]
    p = np.array([0.5, 0.5]) + steps * np.array([1.0, -1.0])
    kl = np.asarray(engine.kl_divergence(p, [0.5, 0.5], base=base))
    js = np.asarray(engine.js_divergence(p, [0.5, 0.5], base=base))
    unit = float(NAT[base])
    assert kl[0] * unit < 1e-2 < kl[-1] * unit, "both ways are met"
    for values in (kl, js):
        assert (np.diff(values) > 0).all()
        second = np.diff(values, 2)
        assert second == pytest.approx(np.full(len(second), second.mean()), rel=0.1)


@given(st.lists(st.floats(1e-9, 1), min_size=2, max_size=6), st.integers(0, 5), st.integers(-3, 3))
def test_a_change_in_the_last_digits_never_gives_a_negative_divergence(weights: list[float], at: int, ulps: int) -> None:
    p = np.array(weights) / sum(weights)
    q = p.copy()
    i = at % len(q)
    for _ in range(abs(ulps)):
        q[i] = np.nextafter(q[i], math.copysign(2.0, ulps))
    for found in (engine.kl_divergence(p, q), engine.kl_divergence(q, p), engine.js_divergence(p, q)):
        assert found >= 0
        assert found < 1e-30
        assert (found == 0) == (p == q).all()


def test_a_ratio_that_overflows_or_vanishes_still_diverges_by_its_logarithm() -> None:
    tiny, small = 1e-320, 1e-10
    with localcontext(prec=DIGITS):
        for p, q in (([small, 1 - small], [tiny, 1.0]), ([tiny, 1.0], [small, 1 - small]), ([0.5, 0.5], [tiny, 1.0])):
            assert agrees(engine.kl_divergence(p, q), exact_kl(p, q))
    assert engine.kl_divergence([5e-324, 1.0], [5e-324, 1.0]) == 0
    assert engine.kl_divergence([1.0, 0.0], [1.0, 0.0]) == 0
    assert engine.kl_divergence([tiny, 1.0], [0.0, 1.0]) == math.inf
    assert 0 <= engine.js_divergence([5e-324, 1.0], [0.0, 1.0]) <= 5e-324


def test_near_and_far_rows_of_one_batch_are_what_they_are_alone() -> None:
    pairs = [near_pair(seed, 5, gap) for seed, gap in enumerate((0.0, 1e-9, 1e-3, 0.1, 1.0, 3.0))]
    p, q = np.array([p for p, _ in pairs]), np.array([q for _, q in pairs])
    for function in (engine.kl_divergence, engine.js_divergence):
        assert function(p, q).tolist() == [function(*pair) for pair in pairs]
        assert function(p, q[3]).tolist() == [function(row, q[3]) for row in p]
        assert function(p[3], q).tolist() == [function(p[3], row) for row in q]
