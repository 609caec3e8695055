"""How numbers are written for a student: fixed decimals, significant digits, percent; never ``-0.00``, never a float's tail.

All give `Number` texts in canonical form (ASCII minus and point); a flavour makes them fit for its reader.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal

import numpy as np

from quizgen.errors import ExpressionError
from quizgen.items import Number
from quizgen.variants.values import MOST_UNITS, Grid, Kind, Significant, Value, off_tie, scientific

_FEW = 16
"""Of fewer numbers than these it is not worth while to look which are alike."""


def fixed(value: float, decimals: int) -> Number:
    """The number with exactly so many decimals, ties rounded away from zero as people do.

    Of more than 15 digits those after the 15th are 0: a double does not know them.

    >>> fixed(0.10536, 3), fixed(-0.001, 2), fixed(float("inf"), 2), fixed(7 * 1e23, 0)
    ('0.105', '0.00', 'inf', '700000000000000000000000')
    """
    if not math.isfinite(value):
        return _not_finite(value)
    if abs(value) * 10.0**decimals >= MOST_UNITS:
        return Number(f"{Decimal(f'{value:.14e}'):.{decimals}f}")
    text = f"{off_tie(value, decimals):.{decimals}f}"
    return Number(text[1:] if text.startswith("-") and not text.strip("-0.") else text)


def significant(value: float, digits: int) -> Number:
    """The number with so many significant digits, in plain notation between 1e-5 and 1e15.

    >>> significant(0.0012345, 3), significant(1234.5, 2), significant(2.0, 3)
    ('0.00123', '1200', '2.00')
    """
    if not math.isfinite(value):
        return _not_finite(value)
    if value == 0:
        return Number("0")
    written = scientific(value, digits)
    mantissa, _, exponent = written.partition("e")
    if not -5 <= int(exponent) < 15:
        return Number(f"{mantissa}e{int(exponent)}")
    return fixed(float(written), max(digits - 1 - int(exponent), 0))


def percent(value: float, decimals: int) -> Number:
    """The number as a percentage, sign included."""
    return Number(fixed(value * 100, decimals) + "%") if math.isfinite(value) else _not_finite(value)


def signed(text: Number) -> Number:
    """The number with a plus sign where it is positive."""
    return text if text.startswith("-") or not text.strip("0.%") else Number("+" + text)


def _not_finite(value: float) -> Number:
    if math.isnan(value):
        raise ExpressionError("a number that is shown is undefined (0/0, or the logarithm of a negative number)")
    return Number("inf" if value > 0 else "-inf")


def writer(kind: Kind) -> Callable[[float], Number]:
    """The way to write numbers of a kind that may be shown."""
    match kind:
        case Grid(decimals):
            return lambda value: fixed(value, decimals)
        case Significant(digits):
            return lambda value: significant(value, digits)
    raise ExpressionError("a number without a fixed number of decimals cannot be shown")


def write_all(value: Value, write: Callable[[float], Number]) -> Value:
    """The value with each number written: an object array of `Number`, or one `Number`."""
    if isinstance(value, str):
        raise ExpressionError("a text cannot be written as a number")
    array = np.asarray(value, dtype=np.float64)
    if array.ndim == 0:
        return write(float(array))
    out = np.empty(array.shape, dtype=object)
    if array.size < _FEW:
        out.reshape(-1)[:] = [write(number) for number in array.ravel().tolist()]
        return out
    numbers, places = np.unique(array, return_inverse=True)  # drawn numbers repeat, and writing one takes long
    texts = np.empty(numbers.shape, dtype=object)
    texts[:] = [write(number) for number in numbers.tolist()]
    out[...] = texts[places.reshape(array.shape)]
    return out
