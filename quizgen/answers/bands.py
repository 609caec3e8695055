"""Bands around keys: how far a typed number may lie from a key and still be right.

The margin follows from the rounding asked for (half a unit of the last digit, so that any correct rounding of the key is
right) and from the tolerance stated, whichever is wider. Bounds are inclusive. Arrays are compared in double precision;
what lies too near a bound to be told so is decided exactly, in decimal arithmetic. A relative tolerance makes a bound of the
key itself, which may be no decimal (22/3): such a bound is the decimal of 14 of the key's digits next to it, outwards.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import MAX_EMAX, MIN_EMIN, ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from quizgen.items import Number

Floats = NDArray[np.float64]

_HALF = Decimal("0.5")
_MOST = np.finfo(np.float64).max
_EXACT = Context(prec=1000, Emin=MIN_EMIN, Emax=MAX_EMAX)
"""Decimal arithmetic that loses nothing: a double has some 300 digits before or behind the point."""

NOISE = 1e-9
"""Numbers nearer to each other than this, relative to their size, are told apart in exact arithmetic."""

_TAIL = 1e-14
"""What binary arithmetic leaves behind a decimal number, relative to its size."""

_SURE = 14
"""Digits of a key that are what is meant: the 15th is rounded, and arithmetic may have changed it by one."""


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The rounding asked for, (``decimals`` or ``sigfigs``, n), and the tolerance stated, absolute or relative (else 0)."""

    rounding: tuple[str, int] | None
    absolute: float = 0.0
    relative: float = 0.0

    def margins(self, values: Floats, *, strict: bool = True) -> Floats:
        """How far from each value a number may lie; 0 for infinity.

        Where a whole number is asked for and the value is one, ``strict`` leaves no margin: 2.6 is no rounding of 3, but
        another answer.
        """
        finite = np.where(np.isfinite(values), values, 0.0)
        rounding = np.zeros(values.shape)
        if self.rounding is not None:
            form, digits = self.rounding
            if form == "sigfigs":
                rounding = np.where(finite == 0, 0.0, 0.5 * 10.0 ** (exponents(finite) - (digits - 1)))
            else:
                rounding = np.full(values.shape, 0.5 * 10.0**-digits)
            if strict and self.rounding == ("decimals", 0):
                rounding = np.where(_whole(finite), 0.0, rounding)
        stated = self.absolute if self.absolute else np.abs(finite) * self.relative
        return np.where(np.isfinite(values), np.maximum(rounding, stated), 0.0)

    def exact_bounds(self, value: Decimal, least: Decimal, most: Decimal, *, strict: bool) -> tuple[Decimal, Decimal]:
        """The bounds around one finite value that may come out as anything from ``least`` to ``most``."""
        margin = self._rounding_margin(value, strict=strict)
        stated = _decimal(self.absolute) or _EXACT.multiply(_decimal(self.relative), abs(value))
        low, high = _EXACT.subtract(least, max(margin, stated)), _EXACT.add(most, max(margin, stated))
        if self.absolute or stated <= margin:
            return low, high
        unit = Decimal(1).scaleb(value.adjusted() - (_SURE - 1))
        noise = unit.scaleb(-1) * 2
        return (
            _EXACT.add(low, noise).quantize(unit, ROUND_FLOOR, _EXACT),
            _EXACT.subtract(high, noise).quantize(unit, ROUND_CEILING, _EXACT),
        )

    def _rounding_margin(self, value: Decimal, *, strict: bool) -> Decimal:
        """The margin that follows from the rounding asked for, without binary rounding."""
        margin = Decimal(0)
        if self.rounding is not None and not strict:
            form, digits = self.rounding
            if form == "decimals":
                margin = _HALF.scaleb(-digits)
            elif value:
                margin = _HALF.scaleb(value.adjusted() - (digits - 1))
        return margin

    def bounds(self, value: float) -> tuple[Fraction, Fraction]:
        """The inclusive bounds around one finite value, as the decimal numbers that they are meant to be."""
        strict = self.rounding == ("decimals", 0) and bool(_whole(np.array([value]))[0])
        exact = _decimal(value)
        low, high = self.exact_bounds(exact, exact, exact, strict=strict)
        return Fraction(low), Fraction(high)

    def in_unit(self, factor: float) -> Accuracy:
        """The accuracy of numbers given in a unit that is ``factor`` of the key's: digits are asked of them as typed."""
        return replace(self, absolute=self.absolute / factor)


@dataclass(frozen=True, slots=True)
class Bands:
    """Bands of n keys. ``least`` and ``most`` are the smallest and largest way in which the key may come out (n,)."""

    accuracy: Accuracy
    value: Floats
    least: Floats
    most: Floats

    @property
    def _spread(self) -> NDArray[np.bool_]:
        """Where the key comes out in more than one way, so that even a whole number is a rounded one."""
        with np.errstate(invalid="ignore"):
            return np.asarray(self.most - self.least > NOISE * np.maximum(np.abs(self.value), 1e-300))

    def margins(self) -> Floats:
        """How far beyond its ways of coming out each key's band goes."""
        loose = self.accuracy.margins(self.value, strict=False)
        return np.where(self._spread, loose, self.accuracy.margins(self.value))

    def in_unit(self, factor: float) -> Bands:
        """The bands for numbers in a unit that is ``factor`` of the keys'."""
        if factor == 1:
            return self
        return Bands(self.accuracy.in_unit(factor), self.value / factor, self.least / factor, self.most / factor)

    def at(self, rows: NDArray[np.int64]) -> Bands:
        """The bands at some rows."""
        return Bands(self.accuracy, self.value[rows], self.least[rows], self.most[rows])

    def contain(self, values: Floats, exact: Sequence[Fraction | None] | None = None) -> NDArray[np.bool_]:
        """Whether each value lies in its band; ``exact`` has the same values exactly, None for infinite ones.

        Without ``exact`` a value is the decimal number that its double stands for.
        """
        margins = self.margins()
        with np.errstate(invalid="ignore", over="ignore"):
            low, high = self.least - margins, self.most + margins
            inside: NDArray[np.bool_] = (values >= low) & (values <= high)
            slack = NOISE * np.maximum(np.abs(low), np.abs(high))
            near = (np.abs(values - low) <= slack) | (np.abs(values - high) <= slack)
        for i in np.flatnonzero(near & np.isfinite(values) & np.isfinite(low)).tolist():
            lowest, highest = self.bounds(i)
            wanted = decimal_fraction(values[i]) if exact is None else exact[i] or 0
            inside[i] = lowest <= wanted <= highest
        # A double has more digits than the 15 that are compared exactly: the nearest one to a key is that key.
        return np.asarray(inside | (values == self.value))

    def bounds(self, row: int) -> tuple[Fraction, Fraction]:
        """The inclusive bounds of a finite key as the decimal numbers that they are meant to be."""
        low, high = self._bounds(row)
        return Fraction(low), Fraction(high)

    def _bounds(self, row: int) -> tuple[Decimal, Decimal]:
        strict = False
        if self.accuracy.rounding == ("decimals", 0):
            one = self.at(np.array([row]))
            strict = bool(_whole(one.value)[0]) and not bool(one._spread[0])
        value, least, most = (_decimal(float(numbers[row])) for numbers in (self.value, self.least, self.most))
        return self.accuracy.exact_bounds(value, least, most, strict=strict)

    def shown(self, row: int) -> tuple[Number, Number] | None:
        """The bounds as a student is told them, rounded inwards, at most two digits finer than what is asked for.

        None where only one number is right.
        """
        value = float(self.value[row])
        if not math.isfinite(value):
            return None
        low, high = self._bounds(row)
        if low == high:
            return None
        fine = 2 - math.floor(math.log10(high - low))  # a hundredth of the width, where a tolerance alone is so narrow
        for places in (self._places(value, fine), fine):
            unit = Decimal(1).scaleb(-places)
            least, most = (number.quantize(unit, way, _EXACT) for number, way in ((low, ROUND_CEILING), (high, ROUND_FLOOR)))
            if least < most:
                return _alike(_plain(least), _plain(most))
        return None

    def _places(self, value: float, fine: int) -> int:
        """Decimals of the bounds: two digits more than asked for, ``fine`` where nothing is."""
        match self.accuracy.rounding:
            case ("decimals", digits):
                return digits + 2
            case (_, digits) if value:
                return digits + 1 - _decimal(value).adjusted()
        return fine


def close(values: Floats, wanted: Floats, accuracy: Accuracy) -> NDArray[np.bool_]:
    """Whether values are correct roundings of what is wanted, or within its tolerance; arrays are broadcast."""
    with np.errstate(invalid="ignore", over="ignore"):
        # A whole number leaves no margin, but may have come out with a binary tail: 570.0000000000001.
        reach = accuracy.margins(wanted) * (1 + NOISE) + _TAIL * np.abs(wanted)
        near: NDArray[np.bool_] = np.abs(values - wanted) <= reach
    return np.asarray(near & np.isfinite(wanted) | (values == wanted))


def decimal_fraction(value: float) -> Fraction:
    """The decimal number that a double stands for: 15 significant digits hide its binary tail."""
    return Fraction(_decimal(value))


def _decimal(value: float) -> Decimal:
    return Decimal(f"{value:.15g}")


def exponents(values: Floats) -> NDArray[np.int64]:
    """The power of ten of each number's first digit, 0 for 0 and what is infinite; 9.999999999999999 counts as 10."""
    size = np.where(np.isfinite(values), np.abs(values), 0.0)
    with np.errstate(all="ignore"):
        size = np.minimum(size * (1 + 1e-15), _MOST)
        guess = np.where(size > 0, np.floor(np.log10(size)), 0.0)
        # The logarithm may be off by an ulp at powers of ten.
        guess = np.where((size > 0) & (10.0 ** (guess + 1) <= size), guess + 1, guess)
        guess = np.where((size > 0) & (10.0**guess > size), guess - 1, guess)
    return guess.astype(np.int64)


def _whole(values: Floats) -> NDArray[np.bool_]:
    return np.asarray(np.abs(values - np.rint(values)) <= 1e-12 * np.maximum(np.abs(values), 1.0))


def _alike(low: Number, high: Number) -> tuple[Number, Number]:
    """Two numbers with as many decimals as the one that has more of them."""
    if "e" in low + high:
        return low, high
    places = max(len(number.partition(".")[2]) for number in (low, high))
    return Number(f"{Decimal(low):.{places}f}"), Number(f"{Decimal(high):.{places}f}")


def _plain(exact: Decimal) -> Number:
    """A number in plain notation, or with an exponent where that is shorter to read."""
    exact = +exact or Decimal(0)  # without a sign of zero, and at most 28 digits long
    if exact and not -5 <= exact.adjusted() < 15:
        return Number(f"{exact.normalize():e}")
    text = f"{exact:f}"
    return Number(text.rstrip("0").rstrip(".") if "." in text else text)
