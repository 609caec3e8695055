"""The values that expressions work on, and what kind of number may be shown.

The variant axis is always the **last** one: a number for n variants has shape (n,), a vector of k numbers (k, n), a
table of r rows (r, k, n). What is the same in all variants of a case has 1 in place of n, or is a plain Python scalar.
Texts are `str`, or object arrays in the same shapes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from quizgen.errors import ExpressionError
from quizgen.variants.written import written_decimals

Array: TypeAlias = NDArray[Any]
"""Of float64, bool or object (texts)."""

Value: TypeAlias = float | int | bool | str | Array

MAX_LENGTH = 1000
"""The longest vector, and the most numbers of one variant in one value."""

MAX_NUMBER = 1e100
"""The largest number that a file may hold."""

MAX_TEXT = 2000
"""The longest text that an expression may make."""

_TAIL = 1e-13
"""A number this near below a tie, relative to its size, is that tie …"""

_NUDGE = 1e-4
"""… but only within this part of the last digit, so that no other number is rounded wrongly."""

MAX_DECIMALS = 12
"""Numbers with more decimals than this are no longer on an exact grid in double precision."""

MOST_UNITS = 2.0**50
"""So many units of its last digit, some 10^15, a number on a grid has at most; beyond, doubles leave gaps in the grid."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Numbers that are whole multiples of 10^-decimals, and so are shown exactly with that many decimals.

    ``natural`` where they are known to be whole and not negative, as the declared values of a draw may be: a whole number to
    the power of such a one is whole.
    """

    decimals: int
    natural: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Significant:
    """Numbers rounded to so many significant digits."""

    digits: int


@dataclass(frozen=True, slots=True)
class Plain:
    """What is no displayable number: ``text``, ``truth`` (true or false) or ``real`` (a number with no end of digits)."""

    name: str


Kind: TypeAlias = Grid | Significant | Plain
TEXT, TRUTH, REAL = Plain("text"), Plain("truth"), Plain("real")


def constant(value: object) -> tuple[Value, Kind]:
    """The value and kind of a constant of a YAML file: a text, number, truth, list of texts, list or table of numbers."""
    if isinstance(value, list | tuple):
        return _constant_list(value)
    return _constant_single(value)


def _constant_single(value: object) -> tuple[Value, Kind]:
    if isinstance(value, bool):
        return value, TRUTH
    if isinstance(value, str):
        return value, TEXT
    if isinstance(value, int | float):
        if abs(value) > MAX_NUMBER:
            raise ExpressionError("a number is too large")
        decimals = written_decimals(value)
        if decimals > MAX_DECIMALS or not keeps_grid(float(value), decimals):
            return float(value), REAL
        return float(value), Grid(decimals, natural=decimals == 0 and value >= 0)
    kind = "nothing" if value is None else "a list in a table" if isinstance(value, list) else "a map"
    raise ExpressionError(f"{kind} stands where a text, a number, true or false, or a list of texts or numbers is needed")


def _constant_list(items: list[object] | tuple[object, ...], is_row: bool = False) -> tuple[Value, Kind]:
    if not items:
        raise ExpressionError("the list is empty")
    if len(items) > MAX_LENGTH:
        raise ExpressionError(f"the list has {len(items)} entries; the most is {MAX_LENGTH}")
    parts = [_constant_list(item, True) if isinstance(item, list) and not is_row else _constant_single(item) for item in items]
    kinds = [kind for _, kind in parts]
    if all(kind == TEXT for kind in kinds) and all(isinstance(value, str) for value, _ in parts):
        words = np.empty((len(parts), 1), dtype=object)
        words[:, 0] = [value for value, _ in parts]
        return words, TEXT
    if any(kind in (TEXT, TRUTH) for kind in kinds):
        raise ExpressionError("a list holds either texts or numbers, not both; true and false are written 1 and 0 there")
    shapes = {np.shape(value) for value, _ in parts}
    if len(shapes) > 1:
        raise ExpressionError("the rows of a table must have one length")
    array = np.array([value for value, _ in parts], dtype=np.float64)
    if array.ndim == 1:
        array = array[:, None]
    if array.size > MAX_LENGTH:
        raise ExpressionError(f"the table has {array.size} numbers; the most is {MAX_LENGTH}")
    return array, join_kinds(kinds)


def keeps_grid(value: Value, decimals: int) -> bool:
    """Whether every number is small enough to be one multiple of 10^-decimals and no other; infinity has no digits."""
    array = np.asarray(value, dtype=np.float64)
    with np.errstate(over="ignore"):
        return bool(((np.abs(array) * 10.0**decimals < MOST_UNITS) | ~np.isfinite(array)).all())


def join_kinds(kinds: list[Kind]) -> Kind:
    """The kind of a value that may be any of several: the finest grid, or `REAL` where one has none."""
    if any(kind == TEXT for kind in kinds):
        return TEXT
    if all(kind == TRUTH for kind in kinds):
        return TRUTH
    decimals = 0
    for kind in kinds:
        if isinstance(kind, Grid):
            decimals = max(decimals, kind.decimals)
        elif kind != TRUTH:
            return REAL
    return Grid(decimals, natural=all(isinstance(kind, Grid) and kind.natural for kind in kinds))


def to_grid(value: Value, kind: Kind) -> Value:
    """The value moved to the exact decimal grid that it is known to lie on: 1 - 0.9 becomes 0.1."""
    if isinstance(kind, Grid) and not isinstance(value, str | bool):
        return round_decimals(value, kind.decimals)
    if isinstance(kind, Significant):
        return round_significant(value, kind.digits)
    return value


def round_decimals(value: Value, decimals: int) -> Value:
    """Rounded as a person rounds, ties away from zero, to the double nearest to that decimal number; never -0.0."""
    array = np.asarray(value, dtype=np.float64)
    scale = 10.0**decimals
    with np.errstate(all="ignore"):
        size = np.abs(array) * scale
        whole = np.floor(size + 0.5 + np.minimum(size * _TAIL, _NUDGE))
        rounded = np.where(size < MOST_UNITS, np.copysign(whole / scale, array), array) + 0.0
    return rounded if isinstance(value, np.ndarray) else float(rounded)


def round_significant(value: Value, digits: int) -> Value:
    """Rounded to significant digits, ties away from zero, as `float` reads the printed number."""
    array = np.asarray(value, dtype=np.float64)
    flat = [float(scientific(number, digits)) + 0.0 for number in array.ravel().tolist()]
    result = np.array(flat, dtype=np.float64).reshape(array.shape)
    return result if isinstance(value, np.ndarray) else float(result)


def scientific(number: float, digits: int) -> str:
    """The number in scientific notation with so many digits, ties away from zero."""
    return f"{number * (1 + min(_TAIL, _NUDGE * 10.0**-digits)):.{digits - 1}e}"


def off_tie(number: float, decimals: int) -> float:
    """The number, moved away from zero by what hides the binary tail of a decimal tie: 2.675 has no exact double."""
    return number + math.copysign(min(abs(number) * _TAIL, _NUDGE * 10.0**-decimals), number)


def off_ties(numbers: NDArray[np.float64], decimals: int) -> NDArray[np.float64]:
    """Each number moved as `off_tie` does."""
    moved: NDArray[np.float64] = numbers + np.copysign(np.minimum(np.abs(numbers) * _TAIL, _NUDGE * 10.0**-decimals), numbers)
    return moved


def contiguous(value: Value) -> Value:
    """The value in memory in the order of its axes: some functions differ in their last digit between layouts."""
    return np.ascontiguousarray(value) if isinstance(value, np.ndarray) else value


def spread(value: Value, n: int) -> Array:
    """The value with a variant axis of exactly n."""
    if isinstance(value, str):
        array: Array = np.full(n, value, dtype=object)
        return array
    array = np.asarray(value)
    if array.dtype not in (np.dtype(np.bool_), np.dtype(object)):
        array = array.astype(np.float64, copy=False)
    if array.ndim == 0:
        array = array.reshape(1)
    return array if array.shape[-1] == n else np.broadcast_to(array, (*array.shape[:-1], n))
