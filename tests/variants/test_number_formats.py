"""Numbers as a student reads them: ties away from zero, no -0.00, no float's tail."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizgen.errors import ExpressionError
from quizgen.items import Number
from quizgen.variants.formats import fixed, percent, signed, significant, write_all, writer
from quizgen.variants.values import REAL, Grid, Significant, constant, round_decimals, round_significant

FIXED = [
    (0.10536, 3, "0.105"),
    (2.675, 2, "2.68"),
    (1.005, 2, "1.01"),
    (0.125, 2, "0.13"),
    (-0.125, 2, "-0.13"),
    (2.5, 0, "3"),
    (-2.5, 0, "-3"),
    (0.5, 0, "1"),
    (-0.001, 2, "0.00"),
    (-0.0, 2, "0.00"),
    (0.1 + 0.2, 2, "0.30"),
    (0.1 + 0.2, 12, "0.300000000000"),
    (1000.0, 12, "1000.000000000000"),
    (123456789.125, 2, "123456789.13"),
    (1e15, 0, "1000000000000000"),
    (600000000000001.0, 0, "600000000000001"),
    (2.4999999, 0, "2"),
    (12345678901.494, 2, "12345678901.49"),
    (9.999, 2, "10.00"),
    (0.8 * 1e24, 1, "800000000000000000000000.0"),
    (-7e23, 0, "-700000000000000000000000"),
    (2e15 / 3, 2, "666666666666667.00"),
    (math.inf, 2, "inf"),
    (-math.inf, 0, "-inf"),
]


@pytest.mark.parametrize(("value", "decimals", "text"), FIXED)
def test_fixed_decimals_round_as_people_do(value: float, decimals: int, text: str) -> None:
    assert fixed(value, decimals) == text
    assert isinstance(fixed(value, decimals), Number)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.0012345, 3, "0.00123"),
        (1234.5, 2, "1200"),
        (2.0, 3, "2.00"),
        (0.0, 3, "0"),
        (999.96, 4, "1000"),
        (999.6, 3, "1000"),
        (0.0105, 2, "0.011"),
        (-2.345, 3, "-2.35"),
        (1.5e-7, 2, "1.5e-7"),
        (2.5e20, 2, "2.5e20"),
        (1e-5, 1, "0.00001"),
        (math.inf, 3, "inf"),
        (123456789012.0, 12, "123456789012"),
    ],
)
def test_significant_digits_keep_plain_notation_where_that_is_short(value: float, digits: int, text: str) -> None:
    assert significant(value, digits) == text


def test_percent_and_sign_are_written_with_the_number() -> None:
    assert [percent(0.125, 0), percent(0.1, 1), percent(-0.0001, 1), percent(math.inf, 0)] == ["13%", "10.0%", "0.0%", "inf"]
    assert [signed(Number(text)) for text in ("0.5", "-0.5", "0.00", "0%", "5%", "inf", "-inf")] == [
        "+0.5",
        "-0.5",
        "0.00",
        "0%",
        "+5%",
        "+inf",
        "-inf",
    ]


@given(st.decimals(-10_000, 10_000, places=6), st.integers(0, 5))
def test_a_decimal_number_rounds_as_on_paper_whatever_its_double_is(number: Decimal, decimals: int) -> None:
    wanted = number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = str(abs(wanted)) if wanted == 0 else str(wanted)
    assert fixed(float(number), decimals) == text
    assert round_decimals(float(number), decimals) == float(wanted)
    assert round_decimals(np.array([float(number)]), decimals).tolist() == [float(wanted)]  # type: ignore[union-attr] # an array


@given(st.floats(-1e12, 1e12), st.integers(0, 12))
def test_a_number_that_was_rounded_shows_exactly_what_it_is(number: float, decimals: int) -> None:
    rounded = round_decimals(number, decimals)
    text = fixed(float(rounded), decimals)
    assert re.fullmatch(r"-?\d+(\.\d+)?", text)
    assert not re.fullmatch(r"-[0.]+", text)
    if abs(number) * 10.0**decimals < 2**49:
        assert float(text) == rounded


@given(st.floats(1e-5, 1e14), st.integers(1, 12))
def test_significant_digits_are_as_many_as_asked_for(number: float, digits: int) -> None:
    text = significant(number, digits)
    assert float(text) == round_significant(number, digits)
    assert abs(float(text) / number - 1) <= 0.5000001 * 10.0 ** (1 - digits)


def test_a_vector_is_written_entry_by_entry_and_a_text_or_nan_is_not_a_number() -> None:
    shown = write_all(np.array([[0.5], [0.25]]), writer(Grid(2)))
    assert isinstance(shown, np.ndarray)
    assert shown.tolist() == [["0.50"], ["0.25"]]
    assert write_all(0.5, writer(Significant(3))) == "0.500"
    for value, kind in ((math.nan, Grid(2)), ("a", Grid(2)), (0.5, REAL)):
        with pytest.raises(ExpressionError):
            write_all(value, writer(kind))


def test_a_constant_of_a_file_keeps_the_decimals_it_was_written_with() -> None:
    assert constant(3) == (3.0, Grid(0))
    assert constant(0.5) == (0.5, Grid(1))
    assert constant([0.25, 1])[1] == Grid(2)
    assert constant(True)[0] is True
    assert constant(1e-13)[1] == REAL


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], "the list is empty"),
        ([1, "a"], "a list holds either texts or numbers, not both"),
        ([True, False], "true and false are written 1 and 0 there"),
        ([[1], [1, 2]], "the rows of a table must have one length"),
        ([[[1]]], "a list in a table stands where"),
        ([0.0] * 1001, "the list has 1001 entries; the most is 1000"),
        ([[0] * 40] * 40, "the table has 1600 numbers; the most is 1000"),
        (None, "nothing stands where a text, a number"),
        ({"a": 1}, "a map stands where a text, a number"),
        (10**400, "a number is too large"),
        ([10**400], "a number is too large"),
    ],
)
def test_a_constant_that_is_none_says_what_it_is_and_what_is_needed(value: object, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        constant(value)
    assert message in str(caught.value)
