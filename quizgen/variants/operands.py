"""What operators and functions take: numbers, conditions, texts and vectors, told apart and kept within bounds.

Computed numbers carry the noise of binary arithmetic: 0.1 + 0.2 is not 0.3, and two sums of the same logarithms in
another order differ in their last digit. Whatever decides about numbers (comparisons, `floor`, ranks) therefore calls
numbers equal that a student with a calculator cannot tell apart.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from quizgen.errors import ExpressionError
from quizgen.variants.values import MAX_LENGTH, Array, Value

CLOSE = 1e-9
"""Numbers that differ by less than this part of the larger one are equal."""

NOISE = 1e-13
"""A sum this small beside what was added is 0: the rest of 0.3 - 0.1 - 0.2."""


def number(value: Value) -> Any:
    """The value as numbers; a text is an error."""
    if is_text(value):
        raise ExpressionError("a text stands where a number is needed")
    if isinstance(value, np.ndarray):
        return value.astype(np.float64, copy=False)
    return float(value)


def truth(value: Value) -> Any:
    """The value as true or false; anything else is an error."""
    if is_truth(value):
        return value
    raise ExpressionError("a number or text stands where a condition (true or false) is needed")


def vector(value: Value, what: str) -> Array:
    """The value as an array with at least one axis besides the variants'."""
    if not isinstance(value, np.ndarray) or value.ndim < 2:
        raise ExpressionError(f"{what} needs a list of values, not a single one")
    return value


def whole(value: Value, what: str) -> int:
    """A whole number that is the same in all variants of a case."""
    array = np.asarray(number(value)).ravel()
    if array.size == 0 or (array != array[0]).any() or not np.isfinite(array[0]) or array[0] != np.floor(array[0]):
        raise ExpressionError(f"{what} must be one whole number, the same in all variants of a case")
    return int(array[0])


def is_text(value: Value) -> bool:
    """Whether the value is a text or texts."""
    return isinstance(value, str) or (isinstance(value, np.ndarray) and value.dtype == object)


def is_truth(value: Value) -> bool:
    """Whether the value is a condition's."""
    return isinstance(value, bool) or (isinstance(value, np.ndarray) and value.dtype == np.bool_)


def plain(result: Any) -> Any:
    """A 0-d result as a Python scalar, so that constants stay constants."""
    if isinstance(result, np.ndarray | np.generic) and result.ndim == 0:
        return result.item()
    return result


def fitting(*values: Value) -> None:
    """Nothing, or `ExpressionError` where the values differ in length or would make too long a list together."""
    shapes = {value.shape for value in values if isinstance(value, np.ndarray)}
    try:
        shape = next(iter(shapes), ()) if len(shapes) < 2 else np.broadcast_shapes(*shapes)
    except ValueError as error:
        raise ExpressionError(f"lists of different lengths are combined: {' and '.join(map(_length, values))}") from error
    sized(shape)


def _length(value: Value) -> str:
    return f"{len(value)} entries" if isinstance(value, np.ndarray) and value.ndim > 1 else "a single value"


def sized(shape: tuple[int, ...]) -> None:
    """Nothing, or `ExpressionError` for the shape of a value with too many entries in one variant."""
    if math.prod(shape[:-1]) > MAX_LENGTH:
        raise ExpressionError(f"a list grows longer than {MAX_LENGTH} entries")


def near(left: Any, right: Any) -> Any:
    """Where two numbers are equal but for the noise of computing."""
    gap = np.abs(np.subtract(left, right))
    return np.equal(left, right) | ((gap <= CLOSE * np.maximum(np.abs(left), np.abs(right))) & np.isfinite(gap))


def denoised(total: Any, size: Any) -> Any:
    """A sum without what is only noise beside the size of its terms."""
    return np.where(np.abs(total) < NOISE * size, 0.0, total)


def snapped(ratio: Any) -> Any:
    """The number, or the whole number that it is but for noise."""
    rounded = np.rint(ratio)
    gap = np.abs(np.subtract(ratio, rounded))
    return np.where(gap <= np.minimum(CLOSE * np.abs(ratio), 1e-6), rounded, ratio)


def entries_last(array: Array) -> Array:
    """The array with its own axis after the variants', contiguous: so a sum's order does not depend on their number."""
    return np.ascontiguousarray(np.moveaxis(array, -2, -1))
