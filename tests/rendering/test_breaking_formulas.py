"""Long formulas inside a sentence may be broken between lines, where a reader expects it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rendering_samples import filled

from quizgen.items import Number
from quizgen.rendering import fragment


def parts(latex: str, *values: Number) -> list[str]:
    """The symbols of each formula that a sentence with the formula is made of."""
    made = fragment(filled(f"It is ${latex}$ here.", *values), "html")
    return [re.sub(r"<[^>]+>", "", math) for math in re.findall(r"<math.*?</math>", made)]


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        ("x = 1 + 2", ["x=1+2"]),
        ("H(p, q) = H(p) + D(p \\| q) = 1.818", ["H(p,q)=", "H(p)+", "D(p‖q)=", "1.818"]),
        ("a_1 + a_2 + a_3 - (b_1 + b_2 + b_3) = -c_1", ["a1+", "a2+", "a3−", "(b1+b2+b3)=", "−c1"]),
        ("-\\ln 0.1234567 - \\ln 0.7654321", ["−ln0.1234567−", "ln0.7654321"]),
        ("\\sum_{i=1}^{n} p_i \\log q_i \\log r_i \\log s_i \\log t_i", ["∑i=1npilogqilogrilogsilogti"]),
    ],
)
def test_a_long_formula_is_broken_after_signs_outside_parentheses_and_a_short_one_never(
    latex: str, expected: list[str]
) -> None:
    assert parts(latex) == expected


def test_values_count_as_numbers_of_some_digits() -> None:
    latex = "{{ a }} \\cdot {{ b }} + {{ c }} \\cdot {{ d }}"
    values = [Number(text) for text in ("0.15", "2.3026", "0.45", "0.7985")]
    assert parts(latex, *values) == ["0.15·", "2.3026+", "0.45·", "0.7985"]


def test_a_long_part_that_cannot_be_broken_may_scroll_on_a_narrow_screen() -> None:
    long = "\\log(a + b + c + d + e + f + g + h + i + j)"
    made = fragment(filled(f"It is $x = {long}$."), "html")
    assert made.count('<span class="wide long"><math') == 1
    assert 'class="wide long"' not in fragment(filled("It is $x = \\log(a + b)$."), "html")


def test_a_displayed_formula_is_one() -> None:
    made = fragment(filled("$$H(p, q) = H(p) + D(p \\| q) = 1.818$$"), "html")
    assert made.count("<math") == 1
    assert 'class="wide formula"' in made


@given(st.lists(st.sampled_from(["a", "-", "=", "+", "(b + c)", "\\frac{a}{b}", "x_1^2", "\\ln 2", "<", "1.25"]), min_size=1))
def test_nothing_of_a_formula_is_lost_by_breaking(symbols: list[str]) -> None:
    latex = " ".join(symbols)
    whole = re.sub(r"<[^>]+>", "", re.findall(r"<math.*?</math>", fragment(filled(f"$${latex}$$"), "html"))[0])
    assert "".join(parts(latex)) == whole
