"""Random expressions over random draws, for the laws that hold of every expression."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from hypothesis import strategies as st

from quizgen.variants.values import REAL, TEXT, TRUTH, Grid, Kind

KINDS: Mapping[str, Kind] = {
    "p": Grid(2), "q": Grid(3), "n": Grid(0), "i": Grid(0), "y": TRUTH, "v": Grid(2), "w": Grid(1), "t": Grid(1), "word": TEXT,
    "r": REAL, "u": REAL, "case.a": Grid(1), "case.k": Grid(0), "case.list": Grid(2),
}  # fmt: skip
"""Single numbers p, q, n, r, an index i, a condition y, vectors v and w of 3, a table t of 2 by 3, a long vector u,
and a case's constants."""


def draws(n: int, seed: int = 0) -> dict[str, Any]:
    """Values of the names for n variants, on their grids."""
    random = np.random.default_rng(seed)
    parts = random.multinomial(100, [0.5, 0.3, 0.2], n).T
    words = np.array(["apple", "pear"], dtype=object)
    return {
        "p": random.integers(1, 100, n) / 100.0,
        "q": random.integers(-1000, 1001, n) / 1000.0,
        "n": random.integers(1, 9, n).astype(float),
        "i": random.integers(0, 3, n).astype(float),
        "y": random.integers(0, 2, n) == 1,
        "v": parts / 100.0,
        "w": random.integers(-50, 51, (3, n)) / 10.0,
        "t": random.integers(-50, 51, (2, 3, n)) / 10.0,
        "word": words[random.integers(0, 2, n)],
        "r": random.random(n) + 0.01,
        "u": random.random((41, n)),
        "case.a": 0.5,
        "case.k": 3.0,
        "case.list": np.array([[0.25], [0.5], [0.25]]),
    }


def only(values: Mapping[str, Any], row: int) -> dict[str, Any]:
    """The values of one variant alone."""
    return {
        name: value if name.startswith("case.") else np.ascontiguousarray(value[..., row : row + 1])
        for name, value in values.items()
    }


_NUMBERS = st.sampled_from(["p", "q", "n", "i", "r", "case.a", "case.k", "0.5", "2", "0.25", "1", "0"])
_LONG = st.sampled_from(
    [
        "sum(u)",
        "mean(u * p)",
        "dot(u, u + q)",
        "prod(u + 0.7)",
        "sequence_nll(u)",
        "max(u)",
        "entropy(softmax(u))",
        "sum(u ** 1.3)",
    ]
)
_VECTORS = st.sampled_from(["v", "w", "case.list", "[p, q, n]", "range(3)", "t[0]", "sort(v)", "[1, 0, 0]", "repeat(p, 3)"])
_DISTRIBUTIONS = st.sampled_from(["v", "case.list", "softmax(w)", "one_hot(i, 3)", "softmax([p, q, 1], temperature=n)"])
_BINARY = st.sampled_from(["+", "-", "*", "/", "//", "%"])
_OF_NUMBER = st.sampled_from(["abs", "exp", "log", "log2", "sqrt", "floor", "ceil", "sigmoid", "round"])
_OF_VECTOR = st.sampled_from(["sum", "mean", "prod", "min", "max", "argmax", "argmin", "len"])
_TO_VECTOR = st.sampled_from(["sort", "argsort", "rank", "cumsum", "softmax", "log_softmax", "abs", "sigmoid"])
_OF_DISTRIBUTION = st.sampled_from(["entropy", "perplexity", "sequence_nll"])
_OF_TWO = st.sampled_from(["cross_entropy", "kl_divergence", "js_divergence"])


def _numbers(inner: st.SearchStrategy[tuple[str, str, str]]) -> st.SearchStrategy[str]:
    """Expressions for a number, from triples of a number, a vector and a condition."""
    two = st.tuples(inner, inner)
    return st.one_of(
        st.builds(lambda ab, op: f"({ab[0][0]} {op} {ab[1][0]})", two, _BINARY),
        st.builds(lambda a, f: f"{f}({a[0]})", inner, _OF_NUMBER),
        st.builds(lambda a, f: f"{f}({a[1]})", inner, _OF_VECTOR),
        st.builds(lambda ab: f"dot({ab[0][1]}, {ab[1][1]})", two),
        st.builds(lambda ab: f"min({ab[0][0]}, {ab[1][0]})", two),
        st.builds(lambda ab: f"({ab[0][0]} if {ab[0][2]} else {ab[1][0]})", two),
        st.builds(lambda a, at: f"({a[1]})[{at}]", inner, st.sampled_from(["0", "-1", "i", "2"])),
        st.builds(lambda a: f"count({a[1]} > 0.2)", inner),
        st.builds(lambda a, k: f"({a[0]}) ** {k}", inner, st.sampled_from(["2", "0", "3"])),
        st.builds(lambda p, f: f"{f}({p})", _DISTRIBUTIONS, _OF_DISTRIBUTION),
        st.builds(lambda p, q, f: f"{f}({p}, {q})", _DISTRIBUTIONS, _DISTRIBUTIONS, _OF_TWO),
        st.builds(lambda p: f"brier_score({p}, i)", _DISTRIBUTIONS),
        st.builds(lambda p: f"label_smoothed_cross_entropy({p}, i, p)", _DISTRIBUTIONS),
        st.builds(lambda a: f"cross_entropy_from_logits({a[1]}, i)", inner),
        st.builds(lambda a: f"round({a[0]}, 2)", inner),
    )


def _vectors(inner: st.SearchStrategy[tuple[str, str, str]]) -> st.SearchStrategy[str]:
    two = st.tuples(inner, inner)
    return st.one_of(
        st.builds(lambda ab, op: f"({ab[0][1]} {op} {ab[1][0]})", two, _BINARY),
        st.builds(lambda ab, op: f"({ab[0][1]} {op} {ab[1][1]})", two, _BINARY),
        st.builds(lambda a, f: f"{f}({a[1]})", inner, _TO_VECTOR),
        st.builds(lambda ab: f"({ab[0][1]} if {ab[0][2]} else {ab[1][1]})", two),
        st.builds(lambda ab: f"concat({ab[0][1]}, [{ab[1][0]}])[1:]", two),
        st.builds(lambda ab: f"[{ab[0][0]}, {ab[1][0]}, {ab[0][0]}]", two),
        st.builds(lambda a: f"take({a[1]}, [2, 0, 1])", inner),
        st.builds(lambda a: f"cross_entropy_gradient({a[1]}, i)", inner),
        st.just("mean(t) * [1, 1, 1]"),
    )


def _conditions(inner: st.SearchStrategy[tuple[str, str, str]]) -> st.SearchStrategy[str]:
    two = st.tuples(inner, inner)
    compared = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
    return st.one_of(
        st.builds(lambda ab, op: f"({ab[0][0]} {op} {ab[1][0]})", two, compared),
        st.builds(lambda ab, op: f"({ab[0][2]} {op} {ab[1][2]})", two, st.sampled_from(["and", "or"])),
        st.builds(lambda a: f"(not {a[2]})", inner),
        st.builds(lambda a: f"all({a[1]} > 0)", inner),
        st.builds(lambda a: f"({a[0]} in {a[1]})", inner),
        st.builds(lambda ab: f"({ab[0][0]} < {ab[1][0]} <= 1)", two),
    )


_LEAVES = st.tuples(_NUMBERS | _LONG, _VECTORS, st.sampled_from(["y", "p > 0.5", "word == 'pear'", "true", "case.k == 3"]))


def expressions(levels: int = 2) -> st.SearchStrategy[str]:
    """A random expression for a number, a vector or a condition, some levels deep."""
    triples = _LEAVES
    for _ in range(levels):
        triples = _LEAVES | st.tuples(_numbers(triples), _vectors(triples), _conditions(triples))
    return triples.flatmap(st.sampled_from)
