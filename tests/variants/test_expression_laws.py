"""What holds of every expression: one variant and many agree, and what is said to lie on a grid does."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from random_expressions import KINDS, draws, expressions, only

from quizgen.errors import ExpressionError
from quizgen.variants.expressions import check_form, parse
from quizgen.variants.kinds import kind_of
from quizgen.variants.values import TRUTH, Grid, spread, to_grid

MANY = draws(1000)
ROWS = (0, 1, 7, 500, 999)
ALONE = [only(MANY, row) for row in ROWS]


def same(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two arrays are equal to the last bit; NaN is NaN."""
    return np.array_equal(one, other, equal_nan=one.dtype == np.float64)


@settings(max_examples=200)
@given(expressions())
def test_a_thousand_variants_have_to_the_last_bit_the_values_that_each_has_alone(source: str) -> None:
    expression = parse(source)
    check_form(expression)
    try:
        together = spread(expression(MANY), 1000)
    except ExpressionError:
        assume(False)  # an index, logit or temperature that does not fit in some variant
    for row, values in zip(ROWS, ALONE, strict=True):
        assert same(spread(expression(values), 1)[..., 0], together[..., row]), source


@settings(max_examples=100)
@given(expressions())
def test_the_order_of_variants_does_not_matter_to_their_values(source: str) -> None:
    expression = parse(source)
    order = np.random.default_rng(1).permutation(1000)[:37]
    some = {name: value if name.startswith("case.") else value[..., order] for name, value in MANY.items()}
    try:
        together = spread(expression(MANY), 1000)
    except ExpressionError:
        assume(False)
    assert same(spread(expression(some), 37), together[..., order]), source


@settings(max_examples=250)
@given(expressions())
def test_whatever_is_said_to_have_so_many_decimals_lies_on_that_grid(source: str) -> None:
    expression = parse(source)
    kind = kind_of(expression.node, KINDS)
    try:
        value = spread(expression(MANY), 1000)
    except ExpressionError:
        assume(False)
    assert (value.dtype == np.bool_) == (kind == TRUTH), source
    if not isinstance(kind, Grid):
        return
    numbers = value[np.isfinite(value) & (np.abs(value) < 1e9)]
    scaled = numbers * 10.0**kind.decimals
    np.testing.assert_allclose(scaled, np.rint(scaled), rtol=1e-9, atol=1e-6, err_msg=source)
    on_grid = to_grid(value, kind)
    np.testing.assert_allclose(on_grid, value, rtol=1e-9, atol=1e-9)
    shown = [
        float(f"{number:.{kind.decimals}f}") for number in on_grid[np.isfinite(on_grid) & (np.abs(on_grid) < 1e5)].tolist()
    ]
    assert shown == on_grid[np.isfinite(on_grid) & (np.abs(on_grid) < 1e5)].tolist(), source
