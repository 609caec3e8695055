"""The operators of the expression language, for one variant and for arrays of variants alike (see `values`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quizgen.errors import ExpressionError
from quizgen.items import Number
from quizgen.variants.formats import fixed_all, write_all
from quizgen.variants.operands import (
    denoised,
    fitting,
    is_text,
    is_truth,
    near,
    number,
    plain,
    sized,
    snapped,
    truth,
    vector,
    whole,
)
from quizgen.variants.values import MAX_LENGTH, MAX_TEXT, Array, Value

MAX_TEXTS = 20_000
"""The most characters of one variant in one value."""


def elementwise(ufunc: Callable[..., Any]) -> Callable[..., Any]:
    """The function of numbers applied to each entry."""

    def apply(*values: Value) -> Any:
        numbers = [number(value) for value in values]
        fitting(*numbers)
        return plain(ufunc(*numbers))

    return apply


def _add(left: Any, right: Any) -> Any:
    return denoised(np.add(left, right), np.maximum(np.abs(left), np.abs(right)))


def _subtract(left: Any, right: Any) -> Any:
    return _add(left, np.negative(right))


def _floor_divide(left: Any, right: Any) -> Any:
    return np.floor(snapped(np.divide(left, right)))


def _modulo(left: Any, right: Any) -> Any:
    return _subtract(left, np.multiply(right, _floor_divide(left, right)))


def definite(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function of numbers, but undefined (NaN) where it makes an infinite one of finite ones."""

    def apply(*values: Value, **options: Any) -> Any:
        result = np.asarray(function(*values, **options))
        made = np.isinf(result)
        for value in values:
            finite = np.isfinite(np.asarray(number(value)))
            made = made & finite.all(axis=tuple(range(finite.ndim - 1)))
        return plain(np.where(made, np.nan, result))

    return apply


def compare(decide: Callable[[Any, Any], Any], texts: Callable[[Any, Any], Any] | None = None) -> Callable[..., Any]:
    """A comparison of numbers, and where ``texts`` is given of texts and of conditions."""

    def apply(left: Value, right: Value) -> Any:
        if texts is None or not (is_text(left) or is_text(right)):
            return elementwise(decide)(left, right)
        if not (is_text(left) and is_text(right)):
            raise ExpressionError("a text is compared with a number")
        fitting(left, right)
        result = texts(np.asarray(left, dtype=object), np.asarray(right, dtype=object))
        return plain(np.asarray(result, dtype=np.bool_))

    return apply


equal = compare(near, np.equal)
"""Whether two values are equal: numbers but for noise, texts to the letter."""


def select(condition: Value, yes: Value, no: Value) -> Any:
    """``yes`` where the condition holds, else ``no``."""
    test = truth(condition)
    if isinstance(test, bool):
        return yes if test else no
    if is_text(yes) != is_text(no):
        raise ExpressionError("one branch of 'if … else' is a text and the other a number")
    fitting(test, yes, no)
    if is_text(yes):
        return np.where(test, np.asarray(yes, dtype=object), np.asarray(no, dtype=object))
    if is_truth(yes) and is_truth(no):
        return np.where(test, yes, no)
    return np.where(test, number(yes), number(no))


def test(condition: Value) -> bool:
    """The truth of a condition that is the same in all variants of a case."""
    found = np.asarray(truth(condition))
    if found.ndim > 1:
        raise ExpressionError("a list of conditions stands where one is needed: use any(…) or all(…)")
    return bool(found.all())


def _logical(ufunc: Callable[..., Any]) -> Callable[..., Any]:
    def apply(*values: Value) -> Any:
        conditions = [truth(value) for value in values]
        fitting(*conditions)
        return plain(ufunc(*conditions))

    return apply


negation = _logical(np.logical_not)


def contains(item: Value, items: Value) -> Any:
    """Whether a single value is one of the list's."""
    if isinstance(item, np.ndarray) and item.ndim > 1:
        raise ExpressionError("'in' asks for a single value in a list, not for a list in a list")
    return np.any(equal(item, vector(items, "in")), axis=0)


def join_texts(*parts: Value) -> Any:
    """Texts (and whole numbers) put together."""
    texts = [part if is_text(part) else write_all(number(part), _whole_texts) for part in parts]
    fitting(*texts)
    if all(isinstance(text, str) for text in texts):
        return bounded("".join(map(str, texts)))
    arrays = np.broadcast_arrays(*(np.asarray(text, dtype=object) for text in texts))
    out = np.empty(arrays[0].shape, dtype=object)
    out.reshape(-1)[:] = [bounded("".join(row)) for row in zip(*(a.ravel().tolist() for a in arrays), strict=True)]
    if sum(map(len, out[..., :1].ravel().tolist())) > MAX_TEXTS:
        raise ExpressionError(f"a list of texts grows longer than {MAX_TEXTS:,} characters")
    return out


def _whole_texts(values: NDArray[np.float64]) -> list[Number]:
    if (values != np.floor(values)).any():
        raise ExpressionError("only texts and whole numbers can be joined with ~; show others with fixed(n)")
    return fixed_all(values, 0)


def bounded(text: str) -> str:
    """The text, if it is not too long."""
    if len(text) > MAX_TEXT:
        raise ExpressionError(f"a text grows longer than {MAX_TEXT} characters")
    return text


def listed(*items: Value) -> Any:
    """A list of values as one array, stacked along a new first axis."""
    if not items:
        raise ExpressionError("the list is empty")
    if any(map(is_text, items)) and not all(map(is_text, items)):
        raise ExpressionError("a list holds either texts or numbers, not both")
    dtype: Any = object if is_text(items[0]) else np.bool_ if all(map(is_truth, items)) else np.float64
    arrays = [np.atleast_1d(np.asarray(item, dtype=dtype)) for item in items]
    if len({array.shape[:-1] for array in arrays}) > 1:
        raise ExpressionError("the rows of a table must have one length")
    sized((len(arrays), *arrays[0].shape))
    return np.stack(np.broadcast_arrays(*arrays))


def item(values: Value, index: Value) -> Any:
    """The entry at a constant or drawn index, or the entries at a list of indices."""
    array = vector(values, "an index [ ]")
    if type(index) is int and -len(array) <= index < len(array):
        return array[index]
    at = np.asarray(snapped(number(index)))
    if (at != np.floor(at)).any():
        raise ExpressionError("an index must be a whole number")
    lowest = -len(array) if at.ndim == 0 else 0
    outside = at[(at < lowest) | (at >= len(array))]
    if outside.size:
        raise ExpressionError(f"index {outside.ravel()[0]:.0f} is outside a list of {len(array)} (indices count from 0)")
    at = at.astype(np.int64)
    if at.ndim == 0:
        return array[int(at)]
    n = np.broadcast_shapes(at.shape[-1:], array.shape[-1:])[0]
    columns = np.broadcast_to(array, (*array.shape[:-1], n))
    at = np.broadcast_to(at, (*at.shape[:-1], n))
    if array.ndim == 2:
        sized(at.shape)
        return columns[at, np.arange(n)]
    if at.ndim == 1:
        return np.ascontiguousarray(np.moveaxis(columns[at, ..., np.arange(n)], 0, -1))
    raise ExpressionError("rows of a table are taken one at a time: [t[i], t[j]]")


def part(values: Value, start: Value, stop: Value) -> Any:
    """The entries from start to before stop (missing ends are ``""``)."""
    array = vector(values, "a slice [:]")
    first = None if isinstance(start, str) else whole(start, "a slice's start")
    last = None if isinstance(stop, str) else whole(stop, "a slice's end")
    result = array[first:last]
    if not len(result):
        raise ExpressionError("a slice leaves nothing of the list")
    return result


def whole_size(k: Value, what: str) -> int:
    """A length that a list may have."""
    size = whole(k, what)
    if not 1 <= size <= MAX_LENGTH:
        raise ExpressionError(f"{what} makes 1 to {MAX_LENGTH} entries, not {size}")
    return size


def same_sort(arrays: list[Array], what: str) -> None:
    """Nothing, or `ExpressionError` where some are texts and others numbers, or some tables and others lists."""
    if len({array.shape[1:-1] for array in arrays}) != 1 or len({array.dtype == object for array in arrays}) != 1:
        raise ExpressionError(f"{what} joins lists of one sort")


OPERATORS: Mapping[str, Callable[..., Any]] = {
    "add": elementwise(_add),
    "sub": elementwise(_subtract),
    "mul": elementwise(np.multiply),
    "div": elementwise(np.divide),
    "floordiv": elementwise(_floor_divide),
    "mod": elementwise(_modulo),
    "pow": elementwise(np.float_power),
    "neg": elementwise(lambda x: np.negative(x) + 0.0),
    "pos": elementwise(np.positive),
    "eq": equal,
    "ne": compare(lambda a, b: ~near(a, b), np.not_equal),
    "lt": compare(lambda a, b: np.less(a, b) & ~near(a, b)),
    "lteq": compare(lambda a, b: np.less(a, b) | near(a, b)),
    "gt": compare(lambda a, b: np.greater(a, b) & ~near(a, b)),
    "gteq": compare(lambda a, b: np.greater(a, b) | near(a, b)),
    "in": contains,
    "notin": lambda item, items: negation(contains(item, items)),
    "and": _logical(np.logical_and),
    "or": _logical(np.logical_or),
    "not": negation,
    "select": select,
    "test": test,
    "concat": join_texts,
    "list": listed,
    "item": item,
    "part": part,
}
"""What operators compile to."""
