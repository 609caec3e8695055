"""Distributions that a student states: the rule is proper, and full marks are for the truth alone."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from small_templates import template

from quizgen.answers import Mark
from quizgen.answers.distribution import Distribution

SECRET = b"distributions"

parts = st.lists(st.integers(0, 20), min_size=2, max_size=5).filter(lambda xs: sum(xs) > 0)
rules = st.sampled_from(["brier", "log"])


def vector(weights: list[int]) -> list[Fraction]:
    return [Fraction(weight, sum(weights)) for weight in weights]


def mark(true: list[Fraction], stated: list[Fraction], rule: str, decimals: int = 6) -> Mark:
    labels = "[" + ", ".join(f'"w{i}"' for i in range(len(true))) + "]"
    value = "[" + ", ".join(f"{p.numerator}/{p.denominator}" for p in true) + "]"
    spec = Distribution.model_validate(
        {"kind": "distribution", "value": value, "over": labels, "rule": rule, "decimals": decimals}
    )
    return spec.mark("; ".join(f"{q.numerator}/{q.denominator}" for q in stated))


def expected_score(p: np.ndarray, q: np.ndarray, rule: str) -> float:
    """What a statement q scores on average when words come by p: by Brier, or by the logarithm of the word's share."""
    if rule == "log":
        live = p > 0
        with np.errstate(divide="ignore"):
            return float((p[live] * np.log(q[live])).sum())
    return float(-sum(p[i] * ((q - np.eye(len(p))[i]) ** 2).sum() for i in range(len(p))))


@given(parts, parts, parts, rules)
def test_of_two_statements_the_one_with_the_higher_expected_score_never_earns_less(
    true: list[int], one: list[int], other: list[int], rule: str
) -> None:
    k = min(len(true), len(one), len(other))
    assume(all(sum(weights[:k]) > 0 for weights in (true, one, other)))
    p, a, b = (vector(weights[:k]) for weights in (true, one, other))
    scores = [expected_score(np.array(p, dtype=float), np.array(q, dtype=float), rule) for q in (a, b)]
    fractions = [mark(p, q, rule).fraction for q in (a, b)]
    if scores[0] >= scores[1] + 1e-9:
        assert fractions[0] >= fractions[1] - 1e-9


@given(parts, parts, rules)
def test_only_the_truth_earns_full_marks(true: list[int], stated: list[int], rule: str) -> None:
    k = min(len(true), len(stated))
    assume(sum(true[:k]) > 0 and sum(stated[:k]) > 0)
    p, q = vector(true[:k]), vector(stated[:k])
    assert mark(p, p, rule).fraction == 1
    assert (mark(p, q, rule).outcome == "correct") == (p == q)


@given(parts, rules)
def test_the_uniform_distribution_earns_nothing_unless_it_is_the_truth(true: list[int], rule: str) -> None:
    p = vector(true)
    uniform = vector([1] * len(p))
    assert mark(p, uniform, rule).fraction == (1 if p == uniform else 0)


@given(parts, rules, st.integers(1, 3))
def test_the_truth_rounded_as_asked_earns_full_marks(true: list[int], rule: str, decimals: int) -> None:
    p = vector(true)
    rounded = [Fraction(math.floor(x * 10**decimals + Fraction(1, 2)), 10**decimals) for x in p]
    assert mark(p, rounded, rule, decimals).outcome == "correct"


@pytest.mark.parametrize("rule", ["brier", "log"])
def test_a_mistake_is_diagnosed_and_earns_what_its_distance_earns(rule: str) -> None:
    small = template(
        f"""
cases: [{{words: [salt, thyme, mint]}}]
draw: {{p: {{distribution: 3, step: 0.05, min: 0.05, distinct: true}}}}
stem: "{{{{ case.words }}}}: {{{{ p }}}}"
answer: {{kind: distribution, value: p, over: case.words, rule: {rule}, mistakes: {{m-one: "[p[2], p[0], p[1]]"}}}}
"""
    )
    variants = small.variants(secret=SECRET, count=20)
    for i, p in enumerate(variants["p"].T):
        turned = dict(zip(("thyme", "mint", "salt"), (f"{x:.2f}" for x in p), strict=True))
        found = small.mark(variants, i, {"answer": ", ".join(f"{word} = {share}" for word, share in turned.items())})
        assert found.mistake == "m-one"
        assert found.fraction < 1


def test_a_mistake_that_is_the_truth_in_some_variants_is_none_there() -> None:
    small = template(
        """
draw: {p: {choice: [0.5, 0.25]}}
stem: "{{ p }}"
answer: {kind: distribution, value: "[p, 1 - p]", over: '["a", "b"]', mistakes: {m-one: "[1 - p, p]"}}
"""
    )
    variants = small.variants(secret=SECRET, count=20)
    for i, (p, keyed) in enumerate(zip(variants["p"], small.keyed_items(variants), strict=True)):
        found = small.mark(variants, i, {"answer": f"{1 - p:.2f}; {p:.2f}"})
        assert (found.outcome, found.mistake) == (("correct", "") if p == 0.5 else ("wrong", "m-one"))
        assert len(keyed.keys[0].mistakes) == (p != 0.5)


@st.composite
def rounded_together(draw: st.DrawFn) -> tuple[list[int], list[Fraction], int]:
    """Whole-number weights, and their distribution rounded to a grid by largest remainders, ties going any way."""
    weights = draw(parts)
    decimals = draw(st.integers(1, 3))
    grid = 10**decimals
    truth = vector(weights)
    floors = [math.floor(p * grid) for p in truth]
    missing = grid - sum(floors)
    shuffled = draw(st.permutations(range(len(truth))))
    order = sorted(shuffled, key=lambda i: floors[i] - truth[i] * grid)
    for i in order[:missing]:
        floors[i] += 1
    return weights, [Fraction(entry, grid) for entry in floors], decimals


@given(rounded_together(), rules)
def test_the_truth_rounded_so_that_its_sum_is_1_earns_full_marks(
    case: tuple[list[int], list[Fraction], int], rule: str
) -> None:
    weights, stated, decimals = case
    assert sum(stated) == 1
    assert mark(vector(weights), stated, rule, decimals).outcome == "correct"


@given(rounded_together(), st.data())
def test_a_unit_moved_from_a_larger_to_a_smaller_remainder_is_no_rounding(
    case: tuple[list[int], list[Fraction], int], data: st.DataObject
) -> None:
    """Wrong by a unit in two entries: each of them off by more than a half, or the unit given to who lost less."""
    weights, stated, decimals = case
    truth, unit = vector(weights), Fraction(1, 10**decimals)
    pairs = [
        (i, j)
        for i in range(len(truth))
        for j in range(len(truth))
        if i != j
        and stated[i] - unit >= 0
        and truth[i] % unit > truth[j] % unit
        and (abs(stated[i] - unit - truth[i]) > unit / 2 or abs(stated[j] + unit - truth[j]) > unit / 2)
    ]
    assume(pairs)
    i, j = data.draw(st.sampled_from(pairs))
    moved = [q - unit if k == i else q + unit if k == j else q for k, q in enumerate(stated)]
    assert mark(truth, moved, "brier", decimals).fraction < 1


def test_a_mistaken_vector_is_diagnosed_when_it_is_rounded_together_too() -> None:
    spec = Distribution.model_validate(
        {"kind": "distribution", "value": "[0.5, 0.25, 0.25]", "over": "['a', 'b', 'c']", "mistakes": {"m": "[1/3, 1/3, 1/3]"}}
    )
    for typed in ("0.33; 0.33; 0.34", "0.33; 0.33; 0.33", "0.34; 0.33; 0.33"):
        assert spec.mark(typed).mistake == "m"
    assert spec.mark("0.34; 0.34; 0.32").mistake == ""
