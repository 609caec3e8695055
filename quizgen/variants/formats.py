"""How numbers are written for a student: fixed decimals, significant digits, percent; never ``-0.00``, never a float's tail.

All give `Number` texts in canonical form (ASCII minus and point); a flavour makes them fit for its reader.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from quizgen.errors import ExpressionError
from quizgen.items import Number
from quizgen.variants.values import MOST_UNITS, Grid, Kind, Significant, Value, off_tie, off_ties, scientific

Writer: TypeAlias = Callable[[NDArray[np.float64]], Sequence[Number]]
"""Writes numbers of shape (m,)."""

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


def fixed_all(values: NDArray[np.float64], decimals: int) -> list[Number]:
    """The numbers, of shape (m,), each as `fixed` writes it."""
    with np.errstate(invalid="ignore"):
        is_plain = np.abs(values) * 10.0**decimals < MOST_UNITS  # NaN and infinity are not
    if not is_plain.all():
        return [fixed(value, decimals) for value in values.tolist()]
    form = f"%.{decimals}f"
    texts = [form % value for value in off_ties(values, decimals).tolist()]
    if (values < 0).any():
        texts = [text[1:] if text.startswith("-") and not text.strip("-0.") else text for text in texts]
    return list(map(Number, texts))


def significant_all(values: NDArray[np.float64], digits: int) -> list[Number]:
    """The numbers, of shape (m,), each as `significant` writes it."""
    return [significant(value, digits) for value in values.tolist()]


def percent_all(values: NDArray[np.float64], decimals: int) -> list[Number]:
    """The numbers, of shape (m,), each as `percent` writes it."""
    return [percent(value, decimals) for value in values.tolist()]


def signed(text: Number) -> Number:
    """The number with a plus sign where it is positive."""
    return text if text.startswith("-") or not text.strip("0.%") else Number("+" + text)


def _not_finite(value: float) -> Number:
    if math.isnan(value):
        raise ExpressionError("a number that is shown is undefined (0/0, or the logarithm of a negative number)")
    return Number("inf" if value > 0 else "-inf")


def writer(kind: Kind) -> Writer:
    """The way to write numbers of a kind that may be shown."""
    match kind:
        case Grid(decimals):
            return partial(fixed_all, decimals=decimals)
        case Significant(digits):
            return partial(significant_all, digits=digits)
    raise ExpressionError("a number without a fixed number of decimals cannot be shown")


def write_all(value: Value, write: Writer) -> Value:
    """The value with each number written: an object array of `Number`, or one `Number`."""
    if isinstance(value, str):
        raise ExpressionError("a text cannot be written as a number")
    array = np.asarray(value, dtype=np.float64)
    if array.ndim == 0:
        return write(array.reshape(1))[0]
    out = np.empty(array.shape, dtype=object)
    if array.size < _FEW:
        out.reshape(-1)[:] = write(array.ravel())
        return out
    numbers, places = np.unique(array, return_inverse=True)  # drawn numbers repeat, and writing one takes long
    texts = np.empty(numbers.shape, dtype=object)
    texts[:] = write(numbers)
    out[...] = texts[places.reshape(array.shape)]
    return out
