"""Numbers in canonical form, made fit for readers: minus sign, infinity and the decimal comma."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from quizgen.items import Number

MINUS = "\N{MINUS SIGN}"
INFINITY = "\N{INFINITY}"

_THOUSANDTH = Decimal("0.001")


@lru_cache(maxsize=16_384)
def typographic(number: Number, decimal_comma: bool = False) -> str:
    """The number with a true minus sign and ∞.

    >>> typographic(Number("-0.20")), typographic(Number("0.20"), decimal_comma=True)
    ('−0.20', '0,20')
    """
    return ascii_number(number, decimal_comma).replace("-", MINUS).replace("inf", INFINITY)


def ascii_number(number: Number, decimal_comma: bool = False) -> str:
    """The number in ASCII, as one would type it."""
    return number.replace(".", ",") if decimal_comma else str(number)


def latex_number(number: Number, decimal_comma: bool = False) -> str:
    """The number as LaTeX: ``0{,}20`` with a decimal comma, ``\\infty`` for infinity."""
    latex = number.replace("inf", r"\infty")
    return latex.replace(".", "{,}") if decimal_comma else latex


def separator(values: tuple[str, ...], decimal_comma: bool) -> str:
    """What stands between several values in a line: a semicolon where a comma could be a decimal sign."""
    return "; " if decimal_comma and any(isinstance(value, Number) for value in values) else ", "


def points(value: float, decimal_comma: bool = False) -> str:
    """Points with at most three decimals, rounded half up, and no idle zeros.

    >>> points(2.0), points(0.5), points(0.0625), points(1 / 3)
    ('2', '0.5', '0.063', '0.333')
    """
    text = f"{Decimal(repr(value)).quantize(_THOUSANDTH, ROUND_HALF_UP):f}".rstrip("0").rstrip(".")
    return typographic(Number("0" if text == "-0" else text), decimal_comma)
