"""Fractions and numbers as Moodle reads them: the fractions that it knows, and bands as an answer with a tolerance."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_UP, Context, Decimal
from fractions import Fraction

from quizgen.schemes import Band

_LISTED = (
    *(Fraction(n, 10) for n in range(11)),
    *(Fraction(1, n) for n in (3, 4, 6, 7, 8, 9, 20)),
    *(Fraction(2, 3), Fraction(3, 4), Fraction(5, 6)),
)
_SAME = 1e-6

_DIGITS = Context(prec=14, rounding=ROUND_HALF_EVEN)
"""Moodle keeps 14 significant digits of a number."""

_OUTWARDS = Context(prec=14, rounding=ROUND_UP)
_EXACT = Context(prec=60)

_SLACK = Decimal("1e-14")
"""By how much Moodle widens a tolerance, of a number of up to 1; of larger ones, in proportion."""

_TOLD_APART = 1000


def is_listed(fraction: float) -> bool:
    """Whether a question (not a gap) may give this fraction: Moodle refuses the whole file of one that is not on its list."""
    return any(abs(abs(fraction) - listed) < _SAME for listed in _LISTED)


def percent(fraction: float) -> str:
    """The fraction in percent with up to five decimals, as many as Moodle keeps.

    >>> percent(1 / 3), percent(-0.5), percent(0.0)
    ('33.33333', '-50', '0')
    """
    text = f"{fraction * 100:.5f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@dataclass(frozen=True, slots=True)
class Interval:
    """A band as Moodle has it: a number and how far from it one may be, both included. ``blurred`` where it is no such band."""

    answer: str
    tolerance: str
    blurred: bool


def interval(band: Band) -> Interval:
    """The band as its middle and half its width, in plain decimals. Both bounds are inside, of however many digits.

    >>> from quizgen.schemes import Verdict
    >>> interval(Band(Fraction("0.1045"), Fraction("0.1055"), Verdict(1.0)))
    Interval(answer='0.105', tolerance='0.0005', blurred=False)
    """
    low, high = _decimal(band.low, _EXACT), _decimal(band.high, _EXACT)
    middle = _DIGITS.divide(_EXACT.add(low, high), Decimal(2))
    half = _OUTWARDS.plus(max(_EXACT.subtract(high, middle), _EXACT.subtract(middle, low)))
    reach = _SLACK * max(Decimal(1), abs(middle)) * _TOLD_APART
    blurred = reach > half if half else 0 < abs(middle) < reach
    return Interval(_plain(middle), _plain(half), blurred)


def plain_decimal(number: Fraction) -> str:
    """The number without an exponent, in at most 14 significant digits.

    >>> plain_decimal(Fraction(1, 8_000_000)), plain_decimal(Fraction(120))
    ('0.000000125', '120')
    """
    return _plain(_decimal(number, _DIGITS))


def _decimal(number: Fraction, context: Context) -> Decimal:
    return context.divide(Decimal(number.numerator), Decimal(number.denominator))


def _plain(number: Decimal) -> str:
    text = f"{_DIGITS.plus(number):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
