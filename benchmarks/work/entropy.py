"""The cross-entropy engine, SciPy, and one pass over the same numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from quizgen import entropy

Rows: TypeAlias = NDArray[np.floating[Any]]

TOTAL = 1 << 24
"""Probabilities are multiples of 1 / `TOTAL`, which both float32 and float64 hold exactly, so that rows sum to 1."""


def engine(what: str, rows: int, parts: int, classes: int, dtype: str) -> Callable[[], object]:
    """A function of quizgen's engine for a batch of so many times so many rows."""
    return _in_parts(ENGINE[what], what, rows, parts, classes, dtype)


def scipy(what: str, rows: int, parts: int, classes: int, dtype: str) -> Callable[[], object]:
    """The same by SciPy."""
    return _in_parts(_scipy(what), what, rows, parts, classes, dtype)


def one_pass(what: str, rows: int, parts: int, classes: int, dtype: str) -> Callable[[], object]:
    """Reads the same numbers once: a dot product where there are two arrays, else a sum of products with itself."""

    def dot(p: Rows, q: Rows) -> object:
        return np.dot(p.ravel(), (q if q.shape == p.shape else p).ravel())

    return _in_parts(dot, what, rows, parts, classes, dtype)


def _in_parts(
    function: Callable[..., object], what: str, rows: int, parts: int, classes: int, dtype: str
) -> Callable[[], object]:
    """The function of the same rows, as often as there are parts; the rows are too many for any cache."""
    given = _logits(rows, classes, dtype) if what == "from-logits" else _distributions(rows, classes, dtype)
    return lambda: [function(*given) for _ in range(parts)]


def _distributions(rows: int, classes: int, dtype: str) -> tuple[Rows, Rows]:
    random = np.random.default_rng(1)
    shares = 1 / np.arange(1, classes + 1)  # some words are frequent, most are rare
    shares /= shares.sum()
    made = [
        ((1 + random.multinomial(TOTAL - classes, random.permutation(shares), rows)) / TOTAL).astype(dtype) for _ in range(2)
    ]
    return made[0], made[1]


def _logits(rows: int, classes: int, dtype: str) -> tuple[Rows, NDArray[np.int64]]:
    random = np.random.default_rng(1)
    return random.normal(0, 3, (rows, classes)).astype(dtype), random.integers(0, classes, rows)


ENGINE: dict[str, Callable[..., object]] = {
    "cross-entropy": entropy.cross_entropy,
    "kl-divergence": entropy.kl_divergence,
    "entropy": lambda p, q: entropy.entropy(p),
    "from-logits": lambda z, gold: entropy.cross_entropy_from_logits(z, gold, reduction="none"),
}


def _scipy(what: str) -> Callable[..., object]:
    from scipy import special, stats

    def from_logits(z: Rows, gold: NDArray[np.int64]) -> object:
        return -np.take_along_axis(special.log_softmax(z, axis=-1), gold[:, None], axis=-1)[:, 0]

    functions: dict[str, Callable[..., object]] = {
        "cross-entropy": lambda p, q: -special.xlogy(p, q).sum(axis=-1),
        "kl-divergence": lambda p, q: special.rel_entr(p, q).sum(axis=-1),
        "entropy": lambda p, q: stats.entropy(p, axis=-1),
        "from-logits": from_logits,
    }
    return functions[what]
