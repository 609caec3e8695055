"""The functions of the expression language, for one variant and for arrays of variants alike (see `values`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from quizgen import entropy as engine
from quizgen.errors import ExpressionError
from quizgen.variants import losses, words
from quizgen.variants.operands import denoised, entries_last, near, number, sized, snapped, truth, vector
from quizgen.variants.operators import elementwise, equal, item, listed, same_sort, whole_size
from quizgen.variants.values import Array, Value, round_decimals


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language: what it does, how few and how many values it takes, and which options by name."""

    call: Callable[..., Any]
    least: int = 1
    most: int | None = 1
    options: tuple[str, ...] = ()


def total(values: Value) -> Any:
    """The sum of a vector."""
    array = entries_last(number(vector(values, "sum")))
    return denoised(array.sum(axis=-1), np.abs(array).sum(axis=-1))


def mean(values: Value) -> Any:
    """The arithmetic mean of a vector."""
    return total(values) / np.shape(values)[-2]


def product(values: Value) -> Any:
    """The product of a vector."""
    return entries_last(number(vector(values, "prod"))).prod(axis=-1)


def _extreme(reduction: Callable[..., Any], pairwise: Callable[..., Any], what: str) -> Callable[..., Any]:
    def apply(first: Value, *others: Value) -> Any:
        if not others:
            return reduction(number(vector(first, what)), axis=-2)
        result: Any = number(first)
        for other in others:
            result = elementwise(pairwise)(result, other)
        return result

    return apply


def _first_extreme(reduction: Callable[..., Any], what: str) -> Callable[[Value], Any]:
    """The index of the first of the largest (or smallest) entries."""

    def apply(values: Value) -> Any:
        array = number(vector(values, what))
        return near(array, reduction(array, axis=-2, keepdims=True)).argmax(axis=-2).astype(np.float64)

    return apply


def sort(values: Value, descending: Value = False) -> Any:
    """The entries in order, smallest first."""
    ordered = np.sort(number(vector(values, "sort")), axis=-2)
    return np.ascontiguousarray(np.flip(ordered, axis=-2)) if truth(descending) else ordered


def argsort(values: Value, descending: Value = False) -> Any:
    """The indices that sort the vector; equal entries stay in their order."""
    ranks = rank(values)
    return np.argsort(ranks if truth(descending) else -ranks, axis=-2, kind="stable").astype(np.float64)


def rank(values: Value) -> Any:
    """1 for the largest, and so on; equal entries share the smaller rank."""
    array = number(vector(values, "rank"))
    order = np.argsort(-array, axis=-2, kind="stable")
    ordered = np.take_along_axis(array, order, axis=-2)
    places = np.arange(1.0, array.shape[-2] + 1)[:, None]
    starts = np.broadcast_to(places, array.shape).copy()
    starts[..., 1:, :][near(ordered[..., 1:, :], ordered[..., :-1, :])] = 0
    ranks = np.empty(array.shape)
    np.put_along_axis(ranks, order, np.maximum.accumulate(starts, axis=-2), axis=-2)
    return ranks


def index_of(values: Value, wanted: Value) -> Any:
    """The index of the first entry equal to the value."""
    array = vector(values, "index")
    found = equal(array, wanted)
    if not found.any(axis=0).all():
        raise ExpressionError("index(…) looks for a value that is not in the list")
    return found.argmax(axis=0).astype(np.float64)


def _condition(reduction: Callable[..., Any], what: str) -> Callable[[Value], Any]:
    return lambda conditions: reduction(truth(vector(conditions, what)), axis=-2)


def count(conditions: Value) -> Any:
    """How many conditions hold."""
    return truth(vector(conditions, "count")).sum(axis=-2).astype(np.float64)


def range_(k: Value) -> Any:
    """0, 1, … to before k."""
    return np.arange(whole_size(k, "range(k)"), dtype=np.float64)[:, None]


def one_hot(index: Value, k: Value) -> Any:
    """A vector of k zeros with a 1 at the index."""
    places = range_(k)
    at = np.atleast_1d(number(index))
    if at.ndim > 1 or (at < 0).any() or (at >= len(places)).any() or (at != np.floor(at)).any():
        raise ExpressionError(f"one_hot(index, {len(places)}) needs one index from 0 to {len(places) - 1}")
    return (places == at).astype(np.float64)


def repeat(x: Value, k: Value) -> Any:
    """A vector of k times the same value."""
    return listed(*[x] * whole_size(k, "repeat(x, k)"))


def concat(*lists: Value) -> Any:
    """The lists as one."""
    arrays: list[Array] = [vector(values, "concat") for values in lists]
    same_sort(arrays, "concat")
    sized((sum(map(len, arrays)), *arrays[0].shape[1:]))
    n = np.broadcast_shapes(*(array.shape[-1:] for array in arrays))[0]
    return np.concatenate([np.broadcast_to(array, (*array.shape[:-1], n)) for array in arrays])


def rounded(x: Value, decimals: Value = 0) -> Any:
    """The numbers rounded as a person rounds, ties away from zero."""
    return round_decimals(number(x), words.digits(decimals, "round(x, n)"))


_BASE = ("base",)

FUNCTIONS: Mapping[str, Function] = {
    "sum": Function(total),
    "mean": Function(mean),
    "prod": Function(product),
    "min": Function(_extreme(np.min, np.minimum, "min"), most=None),
    "max": Function(_extreme(np.max, np.maximum, "max"), most=None),
    "len": Function(lambda x: float(len(vector(x, "len")))),
    "sort": Function(sort, options=("descending",)),
    "argmax": Function(_first_extreme(np.max, "argmax")),
    "argmin": Function(_first_extreme(np.min, "argmin")),
    "argsort": Function(argsort, options=("descending",)),
    "rank": Function(rank),
    "cumsum": Function(lambda x: np.cumsum(number(vector(x, "cumsum")), axis=-2)),
    "count": Function(count),
    "any": Function(_condition(np.any, "any")),
    "all": Function(_condition(np.all, "all")),
    "index": Function(index_of, 2, 2),
    "dot": Function(lambda a, b: total(elementwise(np.multiply)(vector(a, "dot"), vector(b, "dot"))), 2, 2),
    "abs": Function(elementwise(np.abs)),
    "exp": Function(elementwise(np.exp)),
    "log": Function(elementwise(np.log)),
    "ln": Function(elementwise(np.log)),
    "log2": Function(elementwise(np.log2)),
    "log10": Function(elementwise(np.log10)),
    "sqrt": Function(elementwise(np.sqrt)),
    "floor": Function(elementwise(lambda x: np.floor(snapped(x)))),
    "ceil": Function(elementwise(lambda x: np.ceil(snapped(x)))),
    "round": Function(rounded, 1, 2),
    "sigmoid": Function(losses.sigmoid),
    "range": Function(range_),
    "one_hot": Function(one_hot, 2, 2),
    "softmax": Function(losses.tempered(np.exp), 1, 2, ("temperature",)),
    "log_softmax": Function(losses.tempered(np.positive), 1, 2, ("temperature",)),
    "take": Function(item, 2, 2),
    "concat": Function(concat, 1, None),
    "repeat": Function(repeat, 2, 2),
    "surprisal": Function(losses.of_each(engine.surprisal), options=_BASE),
    "entropy": Function(losses.of_vectors("entropy", engine.entropy), options=_BASE),
    "cross_entropy": Function(losses.of_vectors("cross_entropy", engine.cross_entropy), 2, 2, _BASE),
    "kl_divergence": Function(losses.of_vectors("kl_divergence", engine.kl_divergence), 2, 2, _BASE),
    "js_divergence": Function(losses.of_vectors("js_divergence", engine.js_divergence), 2, 2, _BASE),
    "empirical_cross_entropy": Function(
        losses.of_vectors("empirical_cross_entropy", engine.empirical_cross_entropy), 2, 2, _BASE
    ),
    "binary_cross_entropy": Function(losses.binary_cross_entropy, 2, 2, _BASE),
    "binary_cross_entropy_from_logits": Function(losses.binary_cross_entropy_from_logits, 2, 2, _BASE),
    "sequence_nll": Function(losses.of_vectors("sequence_nll", engine.sequence_nll), options=_BASE),
    "masked_nll": Function(losses.masked_nll, 2, 2, _BASE),
    "perplexity": Function(losses.of_vectors("perplexity", engine.perplexity)),
    "bits_per_byte": Function(losses.of_each(engine.bits_per_byte), 2, 2, _BASE),
    "brier_score": Function(losses.of_gold("brier_score", engine.brier_score), 2, 2),
    "cross_entropy_from_logits": Function(losses.cross_entropy_from_logits, 2, 3, ("label_smoothing", "base")),
    "cross_entropy_gradient": Function(
        losses.of_gold("cross_entropy_gradient", engine.cross_entropy_gradient, gives_vector=True), 2, 2
    ),
    "label_smoothed_cross_entropy": Function(
        losses.of_gold("label_smoothed_cross_entropy", engine.label_smoothed_cross_entropy), 3, 3, _BASE
    ),
    "a_an": Function(words.a_an),
    "plural": Function(words.plural, 3, 3),
    "join": Function(words.join, 1, 2),
    "lower": Function(lambda x: words.each_text(x, str.lower)),
    "upper": Function(lambda x: words.each_text(x, str.upper)),
    "capitalize": Function(lambda x: words.each_text(x, words.capitalize)),
}
"""What an author may call."""
