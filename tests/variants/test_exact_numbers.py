"""Numbers of more than 15 digits, which doubles do not keep: they do not count as exact, and show no binary noise."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizgen.bank import Template
from quizgen.variants.expressions import parse
from quizgen.variants.formats import fixed
from quizgen.variants.kinds import kind_of
from quizgen.variants.values import REAL, Grid, constant, keeps_grid

BODY = """draw: {{p: {{uniform: [0.1, 0.9], step: 0.1}}}}
let: {{x: {let}}}
stem: "{{{{ p }}}} {{{{ {shown} }}}} {{{{ x|fixed(0) }}}}"
answer: {{kind: numeric, value: p, decimals: 1}}
"""


@pytest.mark.parametrize(
    ("let", "shown"),
    [
        ("p", "p * 1000000000000 * 1000000000000"),
        ("{value: p * 1e30, decimals: 2}", "x"),
        ("p * 999999999999 * 9999", "x"),
        ("p", "[p, p * 99999999 * 99999999]"),
    ],
)
def test_an_exact_number_of_too_many_digits_is_refused_when_the_template_is_loaded(
    let: str, shown: str, problems: Callable[..., list[str]]
) -> None:
    (found,) = problems(BODY.format(let=let, shown=shown))
    assert found.startswith("3:")
    assert f"'{shown}' has more than 15 digits" in found
    assert "|sig(3)" in found


@pytest.mark.parametrize("shown", ["p * 1000000000000 * 100", "(p * 1e12 * 1e12)|sig(3)", "p * 10 ** 6"])
def test_what_has_fewer_digits_or_shows_fewer_is_taken(shown: str, template: Callable[..., Template]) -> None:
    made = template(BODY.format(let="p", shown=shown))
    assert len(made.items(made.variants(secret=b"digits", count=3))) == 3


def test_a_constant_of_too_many_digits_has_no_fixed_number_of_decimals(problems: Callable[..., list[str]]) -> None:
    assert kind_of(parse("12345678901234567").node, {}) == REAL
    assert kind_of(parse("1234567890.1234567").node, {}) == REAL
    assert kind_of(parse("123456789012345").node, {}) == Grid(0)
    assert constant(1e20) == (1e20, REAL)
    assert constant(10**14) == (1e14, Grid(0))
    text = "cases: [{n: 12345678901234567}]\nstem: '{{ case.n }}'\nanswer: {kind: numeric, value: case.n, decimals: 0}\n"
    assert "has no fixed number of decimals" in problems(text)[0]


@given(st.integers(-(10**15), 10**15), st.integers(0, 12))
def test_a_number_on_a_grid_that_is_kept_is_shown_as_it_is(units: int, decimals: int) -> None:
    value = units / 10.0**decimals
    assert keeps_grid(value, decimals)
    shown = fixed(value, decimals)
    assert int(shown.replace(".", "")) == units


@given(st.floats(1e15, 1e100), st.integers(0, 12))
def test_of_more_digits_only_fifteen_are_shown_the_rest_are_zeros(value: float, decimals: int) -> None:
    shown = fixed(value * 10, decimals)
    digits = shown.replace(".", "")
    assert set(digits[15:]) <= {"0"}
    assert float(shown) == pytest.approx(value * 10, rel=1e-14)


def test_infinity_has_no_digits() -> None:
    assert keeps_grid(np.array([np.inf, -np.inf, 0.5]), 1)
    assert not keeps_grid(np.array([0.5, 1e15]), 1)
