"""The cross-entropy engine as expressions see it: a vector's own axis comes first, the variants' last.

A vector argument may be a table, which is taken row by row; where another argument is a single vector, it goes with
every row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from quizgen import entropy as engine
from quizgen.errors import ExpressionError
from quizgen.variants.operands import number, plain, vector
from quizgen.variants.operators import elementwise
from quizgen.variants.values import Array, Value


def _checked(options: Mapping[str, Any]) -> Mapping[str, Any]:
    base = options.get("base", "nats")
    if not isinstance(base, str):
        raise ExpressionError('base is one text: "nats", "bits" or "bans"')
    return options


def of_each(function: Callable[..., Any]) -> Callable[..., Any]:
    """An engine function of single numbers, applied to each."""

    def apply(*values: Value, **options: Any) -> Any:
        arrays = np.broadcast_arrays(*(np.atleast_1d(number(value)) for value in values))
        shaped = np.asarray(function(*map(np.ascontiguousarray, arrays), **_checked(options)))
        return plain(shaped.reshape(()) if all(np.ndim(value) == 0 for value in values) else shaped)

    return apply


def of_vectors(name: str, function: Callable[..., Any], *, gives_vector: bool = False) -> Callable[..., Any]:
    """An engine function of one or more vectors of equal length, called ``name`` in expressions."""

    def apply(*values: Value, **options: Any) -> Any:
        return _variants_last(function(*_rows(values, name), **_checked(options)), gives_vector)

    return apply


def of_gold(name: str, function: Callable[..., Any], *, gives_vector: bool = False) -> Callable[..., Any]:
    """An engine function of a vector and the index of its gold entry; with numbers for each row after it."""

    def apply(values: Value, gold: Value, *numbers: Value, **options: Any) -> Any:
        (rows,) = _rows((values,), name)
        indices = np.asarray(number(gold))
        if (indices != np.floor(indices)).any():
            raise ExpressionError(f"{name} needs the index of the gold entry, a whole number")
        leading = np.broadcast_shapes(rows.shape[:-1], *(_row_shape(value) for value in (gold, *numbers)))
        rows = np.broadcast_to(rows, (*leading, rows.shape[-1]))
        at = np.broadcast_to(_by_row(indices), leading).astype(np.int64)
        others = [np.broadcast_to(_by_row(number(value)), leading) for value in numbers]
        return _variants_last(function(rows, at, *others, **_checked(options)), gives_vector)

    return apply


def _rows(values: tuple[Value, ...], what: str) -> list[Array]:
    """The vectors of shape (k, n) or (r, k, n) as rows of one leading shape, (n, k) or (n, r, k)."""
    arrays = [np.moveaxis(number(vector(value, what)), -1, 0) for value in values]
    axes = max(array.ndim for array in arrays)
    arrays = [array if array.ndim == axes else array[:, None, :] for array in arrays]
    leading = np.broadcast_shapes(*(array.shape[:-1] for array in arrays))
    # Contiguous, so that a row's sum does not depend on how many variants there are.
    return [np.ascontiguousarray(np.broadcast_to(array, (*leading, array.shape[-1]))) for array in arrays]


def _row_shape(value: Value) -> tuple[int, ...]:
    return _by_row(np.asarray(value)).shape


def _by_row(array: Any) -> Array:
    """Numbers of shape (), (n,) or (r, n) in the leading shape of rows: (1,), (n,) or (n, r)."""
    return np.moveaxis(np.atleast_1d(array), -1, 0)


def _variants_last(result: Any, is_vector: bool) -> Array:
    """The engine's result of shape (n,), (n, r), or for vectors (n, k), (n, r, k), with the variants' axis last."""
    array = np.atleast_1d(np.asarray(result, dtype=np.float64))
    return np.ascontiguousarray(np.moveaxis(array, 0, -1)) if array.ndim > 1 or is_vector else array


def _masked_nll(probabilities: Any, mask: Any, **options: Any) -> Any:
    return engine.masked_nll(probabilities, mask != 0, **options)


def _binary(y: Any, q: Any, **options: Any) -> Any:
    return engine.binary_cross_entropy(y, q, reduction="none", **options)


def _binary_from_logits(y: Any, logits: Any, **options: Any) -> Any:
    return engine.binary_cross_entropy_from_logits(y, logits, reduction="none", **options)


def _loss_from_logits(logits: Any, gold: Any, label_smoothing: Any, **options: Any) -> Any:
    return engine.cross_entropy_from_logits(logits, gold, label_smoothing, reduction="none", **options)


binary_cross_entropy = of_each(_binary)
"""The loss of each label y under the probability q of label 1."""

binary_cross_entropy_from_logits = of_each(_binary_from_logits)
"""The loss of each label y under the logit of label 1."""

masked_nll = of_vectors("masked_nll", _masked_nll)
"""The loss over the masked positions; a mask is of 0 and 1, or of conditions."""


def cross_entropy_from_logits(logits: Value, gold: Value, label_smoothing: Value = 0.0, **options: Any) -> Any:
    """The loss of each row of logits."""
    return of_gold("cross_entropy_from_logits", _loss_from_logits)(logits, gold, label_smoothing, **options)


def tempered(finish: Callable[..., Any]) -> Callable[..., Any]:
    """Log-softmax of logits at a temperature, finished by a function."""

    def apply(logits: Value, temperature: Value = 1.0) -> Any:
        if not np.all(np.asarray(number(temperature)) > 0):
            raise ExpressionError("temperature must be above 0")
        scaled = elementwise(np.divide)(vector(logits, "softmax"), temperature)
        return finish(of_vectors("log_softmax", engine.log_softmax, gives_vector=True)(scaled))

    return apply


def sigmoid(x: Value) -> Any:
    """1 / (1 + e^-x), without overflow."""
    z = np.asarray(number(x))
    small = np.exp(-np.abs(z))
    return plain(np.where(z >= 0, 1 / (1 + small), small / (1 + small)))
