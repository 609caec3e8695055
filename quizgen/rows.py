"""Arrays of probabilities, checked, and walked row by row: what the functions of `quizgen.entropy` share.

A row is what lies along the last axis. Checks raise `DistributionError` with the place of the first fault.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from numbers import Real
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quizgen.errors import DistributionError

Floats: TypeAlias = NDArray[np.float64]
Indices: TypeAlias = NDArray[np.intp]

SUM_TOLERANCE = 1e-9
"""How far the sum of a distribution may be from 1."""

# Numbers handled at a time: temporaries of this size stay in a core's cache, so a large batch is read about twice.
_BLOCK = 1 << 16


def array(name: str, values: ArrayLike) -> NDArray[Any]:
    """Return ``values`` as an array of real numbers of any type; raises on texts, ragged lists and emptiness."""
    try:
        found: NDArray[Any] = np.asarray(values)
    except (TypeError, ValueError) as error:
        raise DistributionError(f"{name} is no array of numbers: its rows differ in length or are no numbers") from error
    kind = found.dtype.kind
    if kind not in "biuf" and not (kind == "O" and all(isinstance(value, Real | Decimal) for value in found.flat)):
        raise DistributionError(f"{name} holds what is no real number (its type is {found.dtype})")
    if found.size == 0:
        raise DistributionError(f"{name} is empty (its shape is {found.shape})")
    return found


def numbers(name: str, values: ArrayLike) -> Floats:
    """Return ``values`` as float64, which may still be infinite or NaN."""
    try:
        with np.errstate(all="ignore"):
            return array(name, values).astype(np.float64, copy=False)
    except OverflowError as error:
        raise DistributionError(f"{name} holds a number too large to calculate with") from error


def vectors(name: str, values: ArrayLike) -> Floats:
    """Return ``values`` as float64 with at least one axis."""
    found = numbers(name, values)
    if found.ndim == 0:
        raise DistributionError(f"{name} is the single number {found}; it needs one number for each class")
    return found


def check(values: NDArray[Any], good: NDArray[np.bool_], name: str, rule: str) -> None:
    """Raise unless all is ``good``: the message has the first value that is not, its index and the ``rule``."""
    if not good.all():
        index = tuple(int(i) for i in np.unravel_index(int(np.argmin(good)), good.shape))
        raise DistributionError(f"{name} is {values[index]}{_at(index, ' at index ')}: {rule}")


def _at(index: tuple[int, ...], words: str) -> str:
    """Return ``words`` with an index, bare for one axis, or nothing for no axis."""
    return words + str(index if len(index) > 1 else index[0]) if index else ""


def probabilities(name: str, values: ArrayLike) -> Floats:
    """Return single probabilities of any shape as float64, each in [0, 1]."""
    found = numbers(name, values)
    # The extremes are NaN where anything is.
    if not (found.min() >= 0 and found.max() <= 1):
        check(found, (found >= 0) & (found <= 1), name, "a probability lies in [0, 1]")
    return found


def distributions(name: str, values: ArrayLike) -> Floats:
    """Return rows, shape (..., K), as float64: none negative, each summing to 1 within `SUM_TOLERANCE`."""
    found = vectors(name, values)
    good = row_by_row(_is_distribution, found) > 0
    if not good.all():
        index = tuple(int(i) for i in np.unravel_index(int(np.argmin(good)), good.shape))
        check(found, (found >= 0) & (found < math.inf), name, "a probability lies in [0, 1]")
        with np.errstate(all="ignore"):
            total = found[index].sum()
        raise DistributionError(
            f"{name} sums to {total}{_at(index, ' in row ')}: a distribution sums to 1 within {SUM_TOLERANCE:g}; "
            "divide by the sum first if these are counts or weights"
        )
    return found


def _is_distribution(rows: Floats) -> Floats:
    good = np.abs(rows.sum(-1) - 1.0) <= SUM_TOLERANCE
    if rows.min() < 0:
        good &= rows.min(-1) >= 0
    return np.where(good, 1.0, 0.0)


def logits(name: str, values: ArrayLike) -> Floats:
    """Return rows of logits, shape (..., C), as float64: finite or −inf, and not −inf throughout a row."""
    found = vectors(name, values)
    check_logits(name, found)
    return found


def check_logits(name: str, found: Floats, counted: NDArray[np.bool_] | None = None) -> None:
    """Raise unless rows, shape (..., C), are logits; rows for which nothing is ``counted``, shape (...), may hold anything."""
    tops = row_by_row(lambda rows: np.asarray(rows.max(-1)), found)
    spared = np.zeros((), bool) if counted is None else ~counted
    shape = common_shape(tops.shape, spared.shape)
    if (np.isfinite(tops) | spared).all():
        return
    classes, tops, spared = (
        np.broadcast_to(found, (*shape, found.shape[-1])),
        np.broadcast_to(tops, shape),
        np.broadcast_to(spared, shape),
    )
    good = (classes < math.inf) | spared[..., None]
    check(classes, good, name, "a logit is a finite number, or -inf for an impossible class")
    check(tops, (tops > -math.inf) | spared, f"every logit of {name}", "a row needs a class that is possible")


def gold_indices(name: str, values: ArrayLike, classes: int, ignore: int | None = None) -> tuple[Indices, Any]:
    """Return the gold classes' indices and which of them count; one equal to ``ignore`` does not, and becomes 0."""
    found = array(name, values)
    if found.dtype.kind == "f":
        check(found, found == np.floor(found), name, "an index is a whole number")
    if found.dtype.kind not in "iu":
        raise DistributionError(f"{name} is of type {found.dtype}; indices of classes are of an integer type")
    counted = np.ones(found.shape, bool) if ignore is None else np.asarray(found != ignore)
    check(found, ~counted | ((found >= 0) & (found < classes)), name, f"{classes} classes have indices 0 to {classes - 1}")
    return np.where(counted, found, 0).astype(np.intp), counted


def mask(name: str, values: ArrayLike) -> Floats:
    """Return a mask as 1.0 (counts) and 0.0 (does not)."""
    found = numbers(name, values)
    check(found, (found == 0) | (found == 1), name, "a mask holds only true and false, or 1 and 0")
    return found


def same_length(name: str, first: Floats, other: str, second: Floats) -> tuple[Floats, Floats]:
    """Return both arrays of rows, whose last axes must agree: a vocabulary is never broadcast."""
    if first.shape[-1] != second.shape[-1]:
        raise DistributionError(
            f"{name} has {first.shape[-1]} numbers in a row and {other} has {second.shape[-1]}; they must be as many"
        )
    return first, second


def same_tokens(name: str, first: Floats, other: str, second: Floats) -> tuple[Floats, Floats]:
    """Return two arrays of tokens in their common shape: equal last axes, or one of them a single number."""
    if first.ndim and second.ndim:
        same_length(name, first, other, second)
    shape = common_shape(first.shape, second.shape)
    return np.broadcast_to(first, shape), np.broadcast_to(second, shape)


def common_shape(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape that all ``shapes`` broadcast to."""
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError as error:
        raise DistributionError(f"shapes do not fit together: {' and '.join(map(str, shapes))}") from error


def row_by_row(kernel: Callable[..., Floats], *arrays: NDArray[Any], wide: bool = False) -> Floats:
    """Return what ``kernel`` makes of the rows, one number a row (or with ``wide`` one row a row) in the leading shape.

    Leading axes broadcast; an array whose last axis is 1 holds one parameter a row. The kernel gets blocks of shape
    (n, …), or (1, …) of an array with a single row, and works without floating-point warnings.
    """
    leading = common_shape(*(each.shape[:-1] for each in arrays))
    width = max(each.shape[-1] for each in arrays)
    count = math.prod(leading)
    flat = [_flattened(each, leading) for each in arrays]
    out = np.empty((count, width) if wide else count)
    step = max(1, _BLOCK // width)
    with np.errstate(all="ignore"):
        for start in range(0, count, step):
            block = slice(start, start + step)
            # Contiguous, so that a row's sum does not depend on how its array lies in memory.
            out[block] = kernel(*(each if len(each) == 1 else np.ascontiguousarray(each[block]) for each in flat))
    return out.reshape((*leading, width) if wide else leading)


def _flattened(rows: NDArray[Any], leading: tuple[int, ...]) -> NDArray[Any]:
    """Return the rows in two axes; a single row stays one, however often it is used."""
    width = rows.shape[-1]
    if math.prod(rows.shape[:-1]) == 1:
        return np.ascontiguousarray(rows.reshape(1, width))
    return np.broadcast_to(rows, (*leading, width)).reshape(-1, width)


def reduced(losses: Floats, reduction: str, weights: Floats | None = None) -> float | Floats:
    """Return weighted ``losses`` summed or averaged over the last axis, or as they are; a mean divides by weights."""
    if reduction not in ("sum", "mean", "none"):
        raise DistributionError(f"reduction is {reduction!r}; it is one of 'sum', 'mean', 'none'")
    if reduction == "none":
        return plain(losses)
    tokens = np.atleast_1d(losses)
    with np.errstate(all="ignore"):
        total = np.asarray(tokens.sum(-1))
        if reduction == "sum":
            return plain(total)
        divisor = np.full(total.shape, tokens.shape[-1]) if weights is None else np.atleast_1d(weights).sum(-1)
        check(
            np.asarray(divisor),
            np.asarray(divisor > 0),
            "the total weight of the tokens",
            "there is nothing to average",
        )
        return plain(total / divisor)


def plain(values: ArrayLike) -> float | Floats:
    """Return a single number as a Python float, anything else as an array."""
    found = np.asarray(values, dtype=np.float64)
    return float(found) if found.ndim == 0 else found
