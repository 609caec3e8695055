"""Numbers as people type them: what is read, how it is read, and what is refused with which reason."""

from __future__ import annotations

import contextlib
import doctest
import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quizgen.answers import numbers
from quizgen.answers.numbers import TypedNumber, parse_number
from quizgen.errors import NumberError

# Read alike whatever the setting of the decimal comma.
ALIKE = [
    ("0", "0"),
    ("7", "7"),
    ("-3", "-3"),
    ("+5", "5"),
    ("007", "7"),
    ("-0", "0"),
    ("-0.0", "0"),
    ("0.105", "0.105"),
    (".105", "0.105"),
    ("-.105", "-0.105"),
    (",105", "0.105"),
    ("0,105", "0.105"),
    ("-0,105", "-0.105"),
    ("00.5", "0.5"),
    ("012,345", "12.345"),
    ("5.", "5"),
    ("5,", "5"),
    ("1.5", "1.5"),
    ("1,5", "1.5"),
    ("1,2345", "1.2345"),
    ("1.2345", "1.2345"),
    ("12,34", "12.34"),
    ("1234,5", "1234.5"),
    ("1234,567", "1234.567"),
    ("1234.567", "1234.567"),
    ("0.000", "0"),
    ("0.04975", "0.04975"),
    ("123456789012345678901234567890", "123456789012345678901234567890"),
    ("0.123456789012345678901234567890", "0.123456789012345678901234567890"),
    # spaces and invisible characters around
    ("  0.5", "0.5"),
    ("0.5\n", "0.5"),
    ("\t0.5\r\n", "0.5"),
    ("\u00a00.5\u2009", "0.5"),
    ("\ufeff0.5", "0.5"),
    ("\u202d0.5\u202c", "0.5"),
    ("0.5\u200b", "0.5"),
    # signs and their look-alikes
    ("−0.1", "-0.1"),
    ("\u22120.1", "-0.1"),
    ("\u20130.1", "-0.1"),
    ("\u20140.1", "-0.1"),
    ("\u20100.1", "-0.1"),
    ("\u20110.1", "-0.1"),
    ("\u20120.1", "-0.1"),
    ("\ufe630.1", "-0.1"),
    ("\uff0d0.1", "-0.1"),
    ("\uff0b0.1", "0.1"),
    ("- 0.1", "-0.1"),
    ("= 0.1", "0.1"),
    ("=0.1", "0.1"),
    ("≈0.1", "0.1"),
    ("≈ -0.1", "-0.1"),
    ("~0.1", "0.1"),
    ("~ 0,15", "0.15"),
    ("∼0.1", "0.1"),
    ("＝0.1", "0.1"),
    # a short name before
    ("L = 0.1", "0.1"),
    ("L=0,15", "0.15"),
    ("x = 5", "5"),
    ("loss ≈ -0.1", "-0.1"),
    ("ppl ~ 7.4", "7.4"),
    ("D_KL = .3", "0.3"),
    ("λ = 0.5", "0.5"),
    ("H(p,q) = 1.2 nats", "1.2"),
    ("KL(p‖q)=0.15", "0.15"),
    # a full stop behind
    ("0.105.", "0.105"),
    ("0,105.", "0.105"),
    ("-.105.", "-0.105"),
    ("1.2345.", "1.2345"),
    ("1.234,5.", "1234.5"),
    ("1,234.5.", "1234.5"),
    ("1.234.567.", "1234567"),
    ("1,234,567.", "1234567"),
    ("5 nats.", "5"),
    ("1.05 nats.", "1.05"),
    ("10.5%.", "0.105"),
    ("1/3.", "1/3"),
    ("1.05e-1.", "0.105"),
    ("L = 0.15 bits.", "0.15"),
    # groups
    ("1 234", "1234"),
    ("12 345", "12345"),
    ("1 234 567", "1234567"),
    ("1 234,5", "1234.5"),
    ("1 234.5", "1234.5"),
    ("1 234,567", "1234.567"),
    ("1 234.567", "1234.567"),
    ("1\u00a0234,5", "1234.5"),
    ("1\u2009234.5", "1234.5"),
    ("1\u202f234,5", "1234.5"),
    ("1\u2007234", "1234"),
    ("-1 234.5", "-1234.5"),
    ("1'234", "1234"),
    ("1'234.5", "1234.5"),
    ("1'234,5", "1234.5"),
    ("1\u2019234.5", "1234.5"),
    ("1'234'567.25", "1234567.25"),
    ("1,234.5", "1234.5"),
    ("1.234,5", "1234.5"),
    ("1,234.567", "1234.567"),
    ("1.234,567", "1234.567"),
    ("1,234,567", "1234567"),
    ("1.234.567", "1234567"),
    ("1,234,567.8", "1234567.8"),
    ("1.234.567,8", "1234567.8"),
    ("12,345.", "12345"),
    # exponents
    ("1e3", "1000"),
    ("1.05e-1", "0.105"),
    ("1.05E-1", "0.105"),
    ("1,05e-1", "0.105"),
    ("1.05e−1", "0.105"),
    ("1.05e+2", "105"),
    ("-1.05e02", "-105"),
    (".5e1", "5"),
    ("5.e1", "50"),
    ("1.05×10^-1", "0.105"),
    ("1.05 × 10^-1", "0.105"),
    ("1.05*10^-1", "0.105"),
    ("1.05x10^-1", "0.105"),
    ("1.05 X 10^-1", "0.105"),
    ("1.05·10⁻¹", "0.105"),
    ("1.05⋅10⁻¹", "0.105"),
    ("1.05×10⁻¹", "0.105"),
    ("1.05 × 10⁺²", "105"),
    ("1.05×10²", "105"),
    ("1.05*10**-1", "0.105"),
    ("1.05*10^(-1)", "0.105"),
    ("1.05×10^−1", "0.105"),
    ("1,234.5e-3", "1.2345"),
    # percentages
    ("10.5%", "0.105"),
    ("10.5 %", "0.105"),
    ("10,5 %", "0.105"),
    ("10.5\u202f%", "0.105"),
    ("10.5％", "0.105"),
    ("-5%", "-0.05"),
    ("100%", "1"),
    ("10.5 percent", "0.105"),
    ("10.5 Per Cent", "0.105"),
    # fractions
    ("1/3", "1/3"),
    ("-1/3", "-1/3"),
    ("−1/3", "-1/3"),
    ("1 / 3", "1/3"),
    ("1\u20443", "1/3"),
    ("1\u22153", "1/3"),
    ("0/5", "0"),
    ("6/4", "3/2"),
    ("50/3 %", "1/6"),
    # units
    ("0.105 nats", "0.105"),
    ("0.105nats", "0.105"),
    ("0,105 bits", "0.105"),
    ("1e5nats", "100000"),
    ("5. nats", "5"),
    ("1/3 nats", "1/3"),
    ("1 234,5 bits", "1234.5"),
    ("3 bits per byte", "3"),
]


@pytest.mark.parametrize(("text", "value"), ALIKE)
@pytest.mark.parametrize("decimal_comma", [False, True])
def test_unambiguous_numbers_are_read_alike_in_every_setting(text: str, value: str, decimal_comma: bool) -> None:
    number = parse_number(text, decimal_comma=decimal_comma)
    assert number.value == Fraction(value)
    assert number.infinite == 0
    assert number.note == ""


# Text, and its value where the comma groups and where it divides.
AMBIGUOUS = [
    ("1,234", "1234", "1.234"),
    ("-1,234", "-1234", "-1.234"),
    ("12,345", "12345", "12.345"),
    ("123,456", "123456", "123.456"),
    ("1,234 nats", "1234", "1.234"),
    ("1,234%", "12.34", "0.01234"),
    ("1,234e-3", "1.234", "0.001234"),
    ("1.234", "1.234", "1234"),
    ("-123.456", "-123.456", "-123456"),
    ("1.234 bits", "1.234", "1234"),
    ("100.000", "100", "100000"),
    ("1.234.", "1.234", "1234"),
    ("L = 1.109.", "1.109", "1109"),
    ("~1,234 nats.", "1234", "1.234"),
]


@pytest.mark.parametrize(("text", "point", "comma"), AMBIGUOUS)
def test_a_mark_before_three_digits_is_read_by_the_setting(text: str, point: str, comma: str) -> None:
    assert parse_number(text).value == Fraction(point)
    assert parse_number(text, decimal_comma=True).value == Fraction(comma)


def test_an_ambiguous_number_says_how_it_was_read() -> None:
    assert parse_number("1,234").note == "read 1,234 as 1234"
    assert parse_number("-1,234 nats", decimal_comma=True).note == "read 1,234 as 1.234"
    assert parse_number("1.234", decimal_comma=True).note == "read 1.234 as 1234"
    assert parse_number("1.234.", decimal_comma=True).note == "read 1.234 as 1234"
    assert parse_number("1.234").note == ""
    assert parse_number("L = 1.234.").note == ""


INVALID = [
    ("", "blank"),
    (" \t\n", "blank"),
    ("\u200b", "blank"),
    ("abc", 'no number in "abc"'),
    ("nats", "no number"),
    ("-", "no number"),
    ("—", "no number"),
    (".", "no number"),
    (",", "no number"),
    ("%", "no number"),
    ("e5", "cannot be read"),
    ("ln 2", "cannot be read"),
    ("-ln(0.5)", "cannot be read"),
    ("nan", "is not a number"),
    ("NaN", "is not a number"),
    ("-nan", "is not a number"),
    ("1_000", "underscore"),
    ("1_0.5", "underscore"),
    ("٠٫١", "another script"),
    ("٣", "another script"),
    ("１２", "another script"),
    ("0.5९", "another script"),
    ("1,2,3", "groups of three"),
    ("1,23,456", "groups of three"),
    ("12,34.5", "groups of three"),
    ("1234,567.8", "groups of three"),
    ("0,123.4", "groups of three"),
    ("0.123,4", "groups of three"),
    ("1,234,", "may be 1.234 or 1234"),
    ("1.2.3", "groups of three"),
    ("0.1.05.", "groups of three"),
    ("1.2.3.", "groups of three"),
    ("5..", "cannot be read"),
    ("0.105 .", "cannot be read"),
    ("0.105,.", "cannot be read"),
    ("1'23", "groups of three"),
    ("1'2345", "groups of three"),
    ("1,234.567,8", "do not make one number"),
    ("1 234,567.8", "do not make one number"),
    ("1.234,567.8", "do not make one number"),
    ("1,234 567", "do not make one number"),
    ("1'234 567", "do not make one number"),
    ("1 2", "several numbers"),
    ("0.5 0.3", "do not make one number"),
    ("1  234", "several numbers"),
    ("1 234 5", "several numbers"),
    ("0 123", "several numbers"),
    ("0.5; 0.3", "several numbers"),
    ("0.5 and 0.3", "several numbers"),
    ("0.5 or 1", "several numbers"),
    ("1\n234", "cannot be read"),
    ("1\t234", "cannot be read"),
    ("1 1/2", "mixed number"),
    ("-1 1/2", "mixed number"),
    ("1/0", "divides by zero"),
    ("0/0", "divides by zero"),
    ("1/00 nats", "divides by zero"),
    ("1/-3", "cannot be read"),
    ("1/2/3", "cannot be read"),
    ("0.5/2", "cannot be read"),
    ("1/", "cannot be read"),
    ("/3", "cannot be read"),
    ("½", "fraction in one character"),
    ("1½", "fraction in one character"),
    ("5²", "cannot be read"),
    ("5 ²", "cannot be read"),
    ("5Ⅷ", "cannot be read"),
    ("5三", "cannot be read"),
    ("1e999", "exponent 999 is too large"),
    ("1e-999", "exponent -999 is too large"),
    ("1e401", "exponent"),
    ("1×10^999", "exponent"),
    ("1×10⁹⁹⁹", "exponent"),
    ("0e99999999999", "exponent"),
    ("1e", "lacks the digits"),
    ("1.5 E", "lacks the digits"),
    ("1e+", "cannot be read"),
    ("1e1.5", "cannot be read"),
    ("5*10", "cannot be read"),
    ("5×10", "cannot be read"),
    ("2^3", "cannot be read"),
    ("2+3", "cannot be read"),
    ("3-2", "cannot be read"),
    ("0x10", "cannot be read"),
    ("0b1", "cannot be read"),
    ("0o7", "cannot be read"),
    ("1j+2", "cannot be read"),
    ("--5", "cannot be read"),
    ("+-5", "cannot be read"),
    ("±5", "cannot be read"),
    ("5-", "cannot be read"),
    ("==5", "cannot be read"),
    ("~~5", "cannot be read"),
    ("≈ =5", "cannot be read"),
    ("<5", "cannot be read"),
    ("answer is 5", "cannot be read"),
    ("answer is = 5", "cannot be read"),
    ("x1 = 5", "cannot be read"),
    ("2 = 5", "cannot be read"),
    ("ln 2 = 0.693", "cannot be read"),
    ("-ln(0.5) = 0.693", "cannot be read"),
    ("ln(2) = 0.693", "cannot be read"),
    ("a = b = 5", "cannot be read"),
    ("x = = 5", "cannot be read"),
    ("x: 5", "cannot be read"),
    ("x 5", "cannot be read"),
    ("averyverylongname = 5", "cannot be read"),
    ("L = ", "no number"),
    ("5%%", "cannot be read"),
    ("5% nats", "cannot be read"),
    ("5‰", "cannot be read"),
    ("%5", "cannot be read"),
    ("nats 5", "cannot be read"),
    ("5 nats 3", "cannot be read"),
    ("5 nats..", "cannot be read"),
    ("5 nats!", "cannot be read"),
    ("0.5 because I said so", "cannot be read"),
    ("0.5!", "cannot be read"),
    ("$0.5$", "LaTeX"),
    (r"\frac{1}{3}", "LaTeX"),
    (r"1.05 \times 10^{-1}", "LaTeX"),
    ("1×10^{-1}", "LaTeX"),
    ("infbits", "no number"),
    ("infinit", "no number"),
    ("∞%", "no percentage"),
    ("∞∞", "no number"),
    ("1∞", "cannot be read"),
    ("=1+1", "cannot be read"),
    ("1" * 201, "201 characters"),
    ("0.5\x00", "cannot be read"),
    ("\ud800", "no number"),
]


@pytest.mark.parametrize(("text", "reason"), INVALID)
@pytest.mark.parametrize("decimal_comma", [False, True])
def test_anything_else_is_refused_with_the_reason(text: str, reason: str, decimal_comma: bool) -> None:
    with pytest.raises(NumberError) as caught:
        parse_number(text, decimal_comma=decimal_comma)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("∞", 1),
        ("inf", 1),
        ("Inf", 1),
        ("INF", 1),
        ("infinity", 1),
        ("Infinity", 1),
        ("+∞", 1),
        ("= ∞", 1),
        ("-∞", -1),
        ("−∞", -1),
        ("-inf", -1),
        ("- infinity", -1),
        ("L = ∞", 1),
        ("∞.", 1),
        ("~ -inf nats.", -1),
        ("∞ nats", 1),
        ("inf bits", 1),
    ],
)
def test_infinity_is_read_by_its_sign_or_its_name(text: str, sign: int) -> None:
    number = parse_number(text)
    assert number.value is None
    assert number.infinite == sign
    assert float(number) == sign * math.inf
    assert number.decimals is number.sigfigs is None


@pytest.mark.parametrize(
    ("text", "decimals", "sigfigs"),
    [
        ("0.105", 3, 3),
        ("0.105.", 3, 3),
        ("L = 0.105.", 3, 3),
        (".105", 3, 3),
        ("0.10500", 5, 5),
        ("-0,50", 2, 2),
        ("12", 0, 2),
        ("1200", 0, 4),
        ("5.", 0, 1),
        ("007.0", 1, 2),
        ("0.000", 3, None),
        ("0", 0, None),
        ("1 234,5", 1, 5),
        ("1,234", 0, 4),
        ("10.5%", 3, 3),
        ("10%", 2, 2),
        ("1.05e-1", 3, 3),
        ("1.05×10⁻³", 5, 3),
        ("1.05e1", 1, 3),
        ("1.05e5", 0, 3),
        ("1e-2%", 4, 1),
        ("1/3", None, None),
        ("50/3%", None, None),
    ],
)
def test_the_digits_typed_are_counted_on_the_value(text: str, decimals: int | None, sigfigs: int | None) -> None:
    number = parse_number(text)
    assert (number.decimals, number.sigfigs) == (decimals, sigfigs)


def test_a_decimal_comma_gives_three_decimals_where_the_setting_says_so() -> None:
    number = parse_number("1,234", decimal_comma=True)
    assert (number.decimals, number.sigfigs) == (3, 4)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("1", ""),
        ("1 nats", "nats"),
        ("1 nat", "nats"),
        ("1 NATS", "nats"),
        ("1bit", "bits"),
        ("1 Bits", "bits"),
        ("1 ban", "bans"),
        ("1 dits", "bans"),
        ("1 Hartleys", "bans"),
        ("1 tokens", "tokens"),
        ("1 Tokens", "Tokens"),
        ("1 bits/token", "bits"),
        ("1 bits/character", "bits/character"),
        ("1 bits per byte", "bits per byte"),
        ("1 µm", "µm"),
        ("1 токена", "токена"),
        ("1 %", ""),
        ("∞ nat", "nats"),
    ],
)
def test_a_trailing_word_is_the_unit(text: str, unit: str) -> None:
    assert parse_number(text).unit == unit


def test_a_percentage_is_marked_as_one() -> None:
    assert parse_number("10.5%").percent
    assert parse_number("10.5 percent").percent
    assert not parse_number("0.105").percent


def test_a_number_converts_to_the_nearest_float() -> None:
    assert float(parse_number("0,1")) == 0.1
    assert float(parse_number("1/3")) == 1 / 3
    assert float(parse_number("9e399")) == math.inf
    assert float(parse_number("-9e399")) == -math.inf


def test_a_typed_number_can_not_be_changed() -> None:
    with pytest.raises(AttributeError):
        parse_number("1").note = "x"  # type: ignore[misc]
    assert parse_number("1.0") == TypedNumber(Fraction(1), decimals=1, sigfigs=2)


@pytest.mark.parametrize(
    "text",
    [
        "1" * 10000,
        "1 " * 5000,
        "1," * 5000,
        "x" * 10000,
        " " * 10000 + "!",
        "1" + " " * 198 + "!",
        "1'" * 99 + "!",
        "1 " * 99 + "!",
        "9" * 199 + "!",
        "1e" + "9" * 197 + "!",
        "1 " + "a" * 190 + "!",
        "1 " + "a " * 90 + "!",
        "a" * 199 + "!",
        "a(" * 99,
        "a = " * 49 + "!",
        "a(" + "b" * 190 + ") = 1",
        "1" + "." * 190,
    ],
)
def test_a_long_text_is_refused_at_once(text: str) -> None:
    with pytest.raises(NumberError) as caught:
        parse_number(text)
    assert len(str(caught.value)) < 160


def test_every_docstring_example_holds() -> None:
    outcome = doctest.testmod(numbers)
    assert (outcome.failed, outcome.attempted) == (0, 3)


decimals = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=4)


def spaced(text: str, separator: str, mark: str) -> str:
    return text.replace(".", "\0").replace(",", separator).replace("\0", mark)


@given(decimals, st.booleans())
@example(-0.5, True)
def test_what_is_written_in_any_usual_form_is_read_back(x, decimal_comma) -> None:  # type: ignore[no-untyped-def]
    value = Fraction(x)
    grouped = f"{x:,.4f}"
    forms = [f"{x:.4f}", f"{x:.4f}".replace("-", "−"), f"{x:.4f} nats", f"{x:.4f}".replace(".", ","), f"{x:+.4f}"]
    forms += [
        f"{x:.20e}",
        f"{Fraction(x) * 100 * 10**4}e-4%".replace("/1", ""),
        f"{value.numerator}/{value.denominator}",
    ]
    forms += [spaced(grouped, separator, mark) for separator in " \u202f'" for mark in ".,"]
    if abs(x) >= 1000:
        forms += [grouped, spaced(grouped, ".", ",")]
    for form in forms:
        assert parse_number(form, decimal_comma=decimal_comma).value == value, form


@given(st.integers(-(10**14), 10**14), st.integers(0, 12))
def test_decimals_typed_are_decimals_counted(digits: int, places: int) -> None:
    text = f"{Decimal(digits).scaleb(-places):.{places}f}"
    number = parse_number(text)
    assert number.value == Fraction(digits, 10**places)
    assert number.decimals == places


typed_soup = st.text(alphabet="0123456789.,' eE+-−×x*·10^⁻¹²%/natsbiinf∞=≈()_\u202f\u00a0$\\½٣", max_size=30)


@given(st.text(max_size=300) | typed_soup, st.booleans())
def test_any_text_gives_a_number_or_a_reason(text: str, decimal_comma: bool) -> None:
    with contextlib.suppress(NumberError):
        number = parse_number(text, decimal_comma=decimal_comma)
        assert (number.value is None) == (number.infinite != 0)
        assert not math.isnan(float(number))


@given(st.text(alphabet=st.characters(exclude_categories=["Nd"], exclude_characters="∞"), max_size=30))
@example("Ⅷ")
@example("²")
@example("nan")
def test_a_text_without_digits_is_never_a_number(text: str) -> None:
    if "inf" not in text.lower():
        with pytest.raises(NumberError):
            parse_number(text)


@given(st.characters(categories=["Nd"]).filter(lambda digit: not digit.isascii()), st.integers(0, 99))
def test_digits_of_other_scripts_are_refused(digit: str, number: int) -> None:
    for text in (digit, f"{number}{digit}", f"{digit}.{number}", f"{number}.{digit}"):
        with pytest.raises(NumberError, match="another script"):
            parse_number(text)
