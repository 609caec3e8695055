"""Numeric answers of templates: rounded steps, follow-through, units before it, and the band that a student is told."""

from __future__ import annotations

import math
import time
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from small_templates import template

from quizgen.answers import Mark, Reading
from quizgen.answers.alone import prepare_alone
from quizgen.answers.bands import Accuracy, Bands, decimal_fraction, exponents
from quizgen.answers.numbers import parse_number
from quizgen.answers.numeric import Numeric
from quizgen.errors import BankError

SECRET = b"numeric"

STEPS = """
cases: [{a: 0.62, b: 0.38}]
stem: "{{ case.a }} and {{ case.b }}"
let:
  first: surprisal(case.a)
  second: surprisal(case.b)
answer: {kind: numeric, value: 100 * (second - first), decimals: 2, %s}
"""
# -ln 0.62 = 0.478035801, -ln 0.38 = 0.967584026; their difference is 0.489548225, the key 48.9548225.
# Rounded to three decimals (one more than asked) first: 0.968 - 0.478035801 gives 48.9964199; 0.967584026 - 0.478 gives
# 48.9584026; both give 49.0. Rounded to two: 0.97 - 0.48 gives 49.00 too, 0.97 - 0.478035801 gives 49.1964199.


def marks(body: str, responses: list[dict[str, str]]) -> list[Mark]:
    small = template(body)
    variants = small.variants(secret=SECRET, count=1)
    return [small.mark(variants, 0, response) for response in responses]


def outcomes(body: str, *typed: str) -> list[str]:
    return [mark.outcome for mark in marks(body, [{"answer": text} for text in typed])]


def test_without_rounded_steps_only_roundings_of_the_key_are_right() -> None:
    assert outcomes(STEPS % "label: x", "48.95", "48.96", "49.00", "48.94") == ["correct", "wrong", "wrong", "wrong"]


def test_steps_rounded_to_one_digit_more_than_asked_are_right_each_alone_and_together() -> None:
    body = STEPS % "rounded_steps: [first, second]"
    assert outcomes(body, "48.95", "48.96", "48.9964", "49.00") == ["correct"] * 4


def test_steps_rounded_to_the_digits_asked_are_wrong_where_that_matters() -> None:
    assert outcomes(STEPS % "rounded_steps: [first, second]", "49.20", "49.19", "48.90") == ["wrong"] * 3


def test_a_step_that_may_not_be_rounded_widens_nothing() -> None:
    assert outcomes(STEPS % "rounded_steps: [first]", "48.96", "49.00") == ["correct", "wrong"]


def test_any_choice_of_steps_may_be_rounded() -> None:
    """Rounded up, up and down the steps pull the key further when the third is left alone than when all are rounded."""
    body = """
cases: [{a: 0.0346, b: 0.0346, c: 0.0346}]
stem: "{{ case.a }}, {{ case.b }}, {{ case.c }}"
let: {x: 1 * case.a, y: 1 * case.b, z: 1 * case.c}
answer: {kind: numeric, value: 10 * (x + y - z), decimals: 1, rounded_steps: [x, y, z]}
"""
    # The key is 0.346. Rounded to two decimals each step is 0.03: x and y rounded give 0.254, z alone 0.392; all 0.3.
    assert outcomes(body, "0.204", "0.442", "0.2", "0.443", "0.203") == ["correct", "correct", "wrong", "wrong", "wrong"]


def test_a_whole_key_leaves_room_for_its_rounded_steps() -> None:
    body = """
cases: [{p: 0.02}]
stem: "{{ case.p }}"
let: {loss: surprisal(case.p)}
answer: {kind: numeric, value: exp(loss), decimals: 0, %s}
"""
    # The key is 50; from the loss rounded to 3.9 comes 49.402, which is 49.
    assert outcomes(body % "rounded_steps: [loss]", "50", "49", "48") == ["correct", "correct", "wrong"]
    assert outcomes(body % "label: x", "50", "49", "50.2") == ["correct", "wrong", "wrong"]


def test_rounded_steps_need_a_rounding() -> None:
    with pytest.raises(BankError, match="rounded_steps"):
        template(STEPS.replace("decimals: 2", "tolerance: {abs: 0.1}") % "rounded_steps: [first]")


@pytest.mark.parametrize(
    ("asked", "let", "typed"),
    [
        ("decimals: 2", "case.p / 2", {"0.12": 1, "0.13": 1, "0.125": 1, "0.11": 0, "0.14": 0}),
        ("sigfigs: 2", "case.p / 2", {"0.12": 1, "0.13": 1, "0.11": 0, "0.14": 0}),
        ("decimals: 0", "10 * case.p", {"2": 1, "3": 1, "1": 0, "4": 0}),
    ],
)
def test_a_tie_that_a_let_rounds_as_asked_may_still_be_rounded_to_either_side(
    asked: str, let: str, typed: dict[str, int]
) -> None:
    body = f"""
cases: [{{p: 0.25}}]
stem: "{{{{ case.p }}}}"
let: {{x: {{value: {let}, {asked}}}}}
answer: {{kind: numeric, value: x, {asked}}}
"""
    found = marks(body, [{"answer": text} for text in typed])
    assert {text: mark.fraction for text, mark in zip(typed, found, strict=True)} == typed


def test_a_let_that_is_rounded_otherwise_than_asked_is_the_key_itself() -> None:
    """Here the student sees 0.13, and what follows from it to three decimals is 0.130."""
    body = """
cases: [{p: 0.25}]
let: {x: {value: case.p / 2, decimals: 2}}
stem: "{{ case.p }}: {{ x }}"
answer: {kind: numeric, value: x, decimals: 3}
"""
    assert outcomes(body, "0.130", "0.125", "0.13") == ["correct", "wrong", "correct"]


FOLLOW = """
cases: [{p: 0.6, q: 0.3}]
stem: "{{ case.p }}, {{ case.q }}: {{ answer.a }} {{ answer.b }} {{ answer.ratio }}"
answers:
  a: {kind: numeric, value: surprisal(case.p), decimals: 2, unit: nats, accept_units: [bits], mistakes: {m-one: 1 - case.p}}
  b: {kind: numeric, value: surprisal(case.q), decimals: 2, unit: "%s"}
  ratio:
    kind: numeric
    value: surprisal(case.q) / surprisal(case.p)
    decimals: 2
    mistakes: {m-two: case.q / case.p}
    follow_through: {value: given.b / given.a, credit: 0.5}
"""
# -ln 0.6 = 0.510826, -ln 0.3 = 1.203973; the ratio is 2.356915.


def follow(a: str, b: str, ratio: str, unit: str = "nats") -> Mark:
    small = template(FOLLOW % unit)
    variants = small.variants(secret=SECRET, count=1)
    return small.mark_all(variants, {"a": [a], "b": [b], "ratio": [ratio]}, Reading())["ratio"][0]


@pytest.mark.parametrize(
    ("a", "b", "ratio", "outcome", "fraction", "mistake"),
    [
        pytest.param("0.51", "1.20", "2.36", "correct", 1, "", id="right"),
        pytest.param("", "", "2.36", "correct", 1, "", id="right with nothing before"),
        pytest.param("0.40", "1.20", "2.36", "correct", 1, "", id="right though what was before is wrong"),
        pytest.param("0.40", "1.20", "3.00", "partial", 0.5, "", id="wrong before, then consistent"),
        pytest.param("0.40", "1.20", "3.005", "partial", 0.5, "", id="consistent within the rounding asked for"),
        pytest.param("0.40", "1.20", "3.04", "partial", 0.5, "", id="consistent with wrong numbers before they were rounded"),
        pytest.param("0.40", "1.20", "3.06", "wrong", 0, "", id="not consistent"),
        pytest.param("0.51", "1.20", "2.34", "wrong", 0, "", id="right numbers leave no such room"),
        pytest.param("", "1.20", "3.00", "wrong", 0, "", id="blank before"),
        pytest.param("a bit", "1.20", "3.00", "wrong", 0, "", id="unreadable before"),
        pytest.param("0", "1.20", "inf", "partial", 0.5, "", id="division by a zero that was given"),
        pytest.param("0", "0", "1", "wrong", 0, "", id="nothing follows from 0/0"),
        pytest.param("0.51", "1.2", "2.353", "correct", 1, "", id="what follows from right answers, rounded, is right"),
        pytest.param("0.40", "0.20", "0.5", "partial", 0.5, "", id="following outdoes a mistake with the same value"),
        pytest.param("0.51", "1.20", "0.50", "wrong", 0, "m-two", id="a mistake"),
        pytest.param("0.737 bits", "1.20", "2.35", "correct", 1, "", id="what was given in another unit is converted"),
        pytest.param("1 bit", "1.20", "1.73", "partial", 0.5, "", id="also where it was wrong"),
        pytest.param("0.40 nats", "1.20 nats", "3.00", "partial", 0.5, "", id="units before"),
    ],
)
def test_follow_through(a: str, b: str, ratio: str, outcome: str, fraction: float, mistake: str) -> None:
    mark = follow(a, b, ratio)
    assert (mark.outcome, mark.fraction, mark.mistake) == (outcome, fraction, mistake)


def test_a_percentage_given_before_counts_as_the_number_asked_for() -> None:
    assert follow("0.4", "120%", "300.0", unit="%").outcome == "partial"
    assert follow("0.4", "120", "300.0", unit="%").outcome == "partial"


def test_follow_through_says_so() -> None:
    assert "what you gave before" in follow("0.40", "1.20", "3.00").note
    assert "not right" in follow("0.40", "1.20", "3.00").note
    assert "not right" not in follow("0.51", "1.2", "2.353").note


@pytest.mark.parametrize(
    ("spec", "accepted"),
    [
        (Numeric(value=0.10536, decimals=3), "0.10486 to 0.10586"),
        (Numeric(value=0.105360516, decimals=3), "0.10487 to 0.10586"),
        (Numeric(value=1.207973688, decimals=3, tolerance={"abs": 0.001}, unit="nats"), "1.20698 to 1.20897 nats"),
        (Numeric(value=-0.333333333, decimals=2), "-0.3383 to -0.3284"),
        (Numeric(value=0.0012345678, sigfigs=3), "0.0012296 to 0.0012395"),
        (Numeric(value=9.995, sigfigs=3), "9.99 to 10.00"),
        (Numeric(value=0.62676, decimals=3, tolerance={"abs": 0.00054}), "0.62622 to 0.62730"),
        (Numeric(value=2.5e-9, sigfigs=2), "2.45e-9 to 2.55e-9"),
        (Numeric(value=12.4, decimals=0, unit="%"), "11.9 to 12.9%"),
        (Numeric(value=7, tolerance={"rel": 0.1}), "6.3 to 7.7"),
        (Numeric(value=2 / 3, tolerance={"rel": 0.01}), "0.6600 to 0.6733"),
        (Numeric(value=3, decimals=0), ""),
        (Numeric(value=0, sigfigs=2), ""),
        (Numeric(value="-log(0)", decimals=2), ""),
    ],
)
def test_the_band_is_told_in_few_digits_rounded_inwards(spec: Numeric, accepted: str) -> None:
    answer, keys = prepare_alone(spec)
    assert answer.key(keys, 0).accepted == accepted


@given(st.integers(-(10**7), 10**7).filter(bool), st.sampled_from(["0.05", "0.1"]))
@example(22, "0.05")
@example(8, "0.05")
def test_bounds_of_a_relative_tolerance_are_those_of_the_number_that_is_meant(thirds: int, relative: str) -> None:
    key, spec = Fraction(thirds, 3), Numeric(value=thirds / 3, tolerance={"rel": float(relative)})
    answer, keys = prepare_alone(spec)
    band = answer.scheme(keys, 0).bands[0]
    for share in (1 - Fraction(relative), 1 + Fraction(relative)):
        bound = key * share
        exact = Decimal(bound.numerator) / Decimal(bound.denominator)
        if Fraction(exact) == bound and len(exact.normalize().as_tuple().digits) <= 12:
            assert bound in (band.low, band.high)
            assert spec.mark(f"{exact:f}").outcome == "correct"
        assert band.low <= bound <= band.high
        beyond = bound + (share - 1) / abs(share - 1) * key * share * Fraction(1, 10**9)
        assert not band.low <= beyond <= band.high
        assert spec.mark(f"{beyond.numerator}/{beyond.denominator}").outcome == "wrong"


def test_an_absolute_tolerance_and_a_rounding_keep_their_exact_bounds() -> None:
    for spec in (Numeric(value=0.105, decimals=3), Numeric(value=0.105, tolerance={"abs": 0.0005})):
        answer, keys = prepare_alone(spec)
        band = answer.scheme(keys, 0).bands[0]
        assert (band.low, band.high) == (Fraction("0.1045"), Fraction("0.1055"))


HUGE = """
cases: [{a: 1}]
stem: "{{ case.a }}"
answers:
  a: {kind: numeric, value: 1000 / 3, sigfigs: 3}
  b: {kind: numeric, value: 1000000 / 3, sigfigs: 3, follow_through: exp(given.a) * 1000}
  c: {kind: numeric, value: exp(709), sigfigs: 3, tolerance: {rel: 0.1}}
"""


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("typed", ["1e400", "-1e400", "1e308", "-1.7e308", "inf", "-inf", "1e-400"])
def test_numbers_beyond_all_measure_are_not_right_and_make_no_warning(typed: str) -> None:
    (mark,) = marks(HUGE, [dict.fromkeys("abc", typed)])
    assert mark.outcome != "correct"  # infinity may follow from infinity
    assert exponents(np.array([math.inf, -math.inf, math.nan, 1.7e308])).tolist() == [0, 0, 0, 308]


accuracies = st.one_of(
    st.builds(lambda d: Accuracy(("decimals", d)), st.integers(0, 6)),
    st.builds(lambda d: Accuracy(("sigfigs", d)), st.integers(1, 6)),
    st.builds(lambda r: Accuracy(None, relative=r), st.sampled_from([0.001, 0.01, 0.05, 0.1])),
    st.builds(lambda d, a: Accuracy(("decimals", d), absolute=a), st.integers(0, 4), st.sampled_from([0.5, 0.01, 0.002])),
)
keys = st.one_of(
    st.floats(-1e6, 1e6).filter(lambda x: x == 0 or abs(x) > 1e-9),
    st.decimals(-1000, 1000, places=4, allow_nan=False).map(float),
    st.integers(-1000, 1000).map(float),
)


def bands(key: float, accuracy: Accuracy) -> Bands:
    value = np.array([key])
    return Bands(accuracy, value, value, value)


@given(keys, accuracies)
@example(9.995, Accuracy(("sigfigs", 3)))
@example(0.285, Accuracy(("decimals", 2)))
@example(6.3, Accuracy(None, relative=0.1))
def test_both_ends_of_the_told_band_are_accepted_and_the_band_is_told_finely(key: float, accuracy: Accuracy) -> None:
    band = bands(key, accuracy)
    told = band.shown(0)
    low, high = band.bounds(0)
    if told is None:
        assert low == high or high - low < Fraction(1, 10**12)
        return
    ends = [parse_number(str(end)).value for end in told]
    for end in ends:
        assert end is not None
        assert band.contain(np.array([float(end)]), [end])[0]
    assert ends[1] - ends[0] >= (high - low) * Fraction(9, 10)  # type: ignore[operator] # both are numbers


@given(keys, accuracies)
def test_a_key_rounded_as_asked_is_right_in_whichever_way_its_ties_go(key: float, accuracy: Accuracy) -> None:
    assume(accuracy.rounding is not None)
    form, digits = accuracy.rounding or ("", 0)
    places = digits if form == "decimals" else digits - 1 - int(exponents(np.array([key]))[0])
    unit = Fraction(10) ** -places
    exact = decimal_fraction(key)
    for rounded in {round(exact / unit) * unit, math.floor(exact / unit + Fraction(1, 2)) * unit}:
        assert bands(key, accuracy).contain(np.array([float(rounded)]), [rounded])[0]


@given(keys, accuracies, st.integers(1, 10**6))
def test_what_lies_outside_by_any_amount_is_not_accepted(key: float, accuracy: Accuracy, parts: int) -> None:
    band = bands(key, accuracy)
    low, high = band.bounds(0)
    beyond = max(abs(low), abs(high), Fraction(1)) / 10**12 * parts
    for outside in (low - beyond, high + beyond):
        assert not band.contain(np.array([float(outside)]), [outside])[0]


@pytest.mark.parametrize("power", range(-30, 31))
def test_the_first_digit_of_a_power_of_ten_and_of_its_neighbours_is_known(power: int) -> None:
    value = float(f"1e{power}")
    assert exponents(np.array([value, value * 1.0001, value * 0.9999, -value])).tolist() == [power, power, power - 1, power]
    assert exponents(np.array([0.0])).tolist() == [0]


def test_a_hundred_thousand_distinct_numbers_are_marked_in_about_a_second() -> None:
    small = template(
        """
draw: {p: {uniform: [0.05, 0.95], step: 0.05}}
stem: "{{ p }}"
answer: {kind: numeric, value: surprisal(p), decimals: 3, mistakes: {m-one: 1 - p, m-two: 1 / p, m-three: "log10(1 / p)"}}
"""
    )
    count = 100_000
    variants = small.variants(secret=SECRET, count=count)
    texts = [f"{i * 3 / count:.6f}" for i in range(count)]
    start = time.process_time()
    found = small.mark_all(variants, {"answer": texts}, Reading())["answer"]
    assert time.process_time() - start < 6, "six times what it takes here"
    assert {mark.outcome for mark in found} == {"correct", "wrong"}
    assert {mark.mistake for mark in found} == {"", "m-one", "m-two", "m-three"}
