"""The operators and functions of the expression language, for one variant and for arrays of variants alike.

Every function keeps the variant axis last (see `values`); the cross-entropy functions move it for the engine, whose
vocabulary axis is the last.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from quizgen import entropy as engine
from quizgen.errors import ExpressionError
from quizgen.items import Number
from quizgen.variants.formats import fixed, percent, signed, significant, write_all
from quizgen.variants.values import MAX_LENGTH, MAX_TEXT, Array, Value, round_decimals


def number(value: Value) -> Any:
    """The value as numbers; a text is an error."""
    if isinstance(value, str) or (isinstance(value, np.ndarray) and value.dtype == object):
        raise ExpressionError("a text stands where a number is needed")
    if isinstance(value, np.ndarray):
        return value.astype(np.float64, copy=False)
    return float(value)


def truth(value: Value) -> Any:
    """The value as true or false; anything else is an error."""
    if isinstance(value, bool) or (isinstance(value, np.ndarray) and value.dtype == np.bool_):
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
    if array.size == 0 or (array != array[0]).any() or array[0] != np.floor(array[0]):
        raise ExpressionError(f"{what} must be one whole number, the same in all variants of a case")
    return int(array[0])


def _plain(result: Any) -> Any:
    """A 0-d result as a Python scalar, so that constants stay constants."""
    if isinstance(result, np.ndarray) and result.ndim == 0:
        return result.item()
    if isinstance(result, np.generic):
        return result.item()
    return result


def _arithmetic(ufunc: Callable[..., Any]) -> Callable[..., Any]:
    def apply(*values: Value) -> Any:
        try:
            return _plain(ufunc(*(number(value) for value in values)))
        except ValueError as error:
            shapes = " and ".join(_length(value) for value in values)
            raise ExpressionError(f"lists of different lengths are combined: {shapes}") from error

    return apply


def _length(value: Value) -> str:
    return f"{len(value)} entries" if isinstance(value, np.ndarray) and value.ndim > 1 else "a single value"


def _compare(ufunc: Callable[..., Any], texts: bool) -> Callable[[Value, Value], Any]:
    def apply(left: Value, right: Value) -> Any:
        if texts and (_is_text(left) or _is_text(right)):
            if not (_is_text(left) and _is_text(right)):
                raise ExpressionError("a text is compared with a number")
            result = ufunc(np.asarray(left, dtype=object), np.asarray(right, dtype=object))
            return _plain(np.asarray(result, dtype=np.bool_))
        if isinstance(left, bool) and isinstance(right, bool):
            return bool(ufunc(left, right))
        return _arithmetic(ufunc)(left, right)

    return apply


def _is_text(value: Value) -> bool:
    return isinstance(value, str) or (isinstance(value, np.ndarray) and value.dtype == object)


def select(condition: Value, yes: Value, no: Value) -> Any:
    """``yes`` where the condition holds, else ``no``."""
    test = truth(condition)
    if isinstance(test, bool):
        return yes if test else no
    if _is_text(yes) != _is_text(no):
        raise ExpressionError("one branch of 'if … else' is a text and the other a number")
    if _is_text(yes):
        return np.where(test, np.asarray(yes, dtype=object), np.asarray(no, dtype=object))
    if _is_truth(yes) and _is_truth(no):
        return np.where(test, yes, no)
    return np.where(test, number(yes), number(no))


def _is_truth(value: Value) -> bool:
    return isinstance(value, bool) or (isinstance(value, np.ndarray) and value.dtype == np.bool_)


def both(left: Value, right: Value) -> Any:
    return _plain(np.logical_and(truth(left), truth(right)))


def either(left: Value, right: Value) -> Any:
    return _plain(np.logical_or(truth(left), truth(right)))


def negation(value: Value) -> Any:
    return _plain(np.logical_not(truth(value)))


def contains(item: Value, items: Value) -> Any:
    """Whether the item is one of the list's."""
    return _plain(np.any(_compare(np.equal, True)(item, vector(items, "in")), axis=0))


def joined(*parts: Value) -> Any:
    """Texts (and whole numbers) put together."""
    texts = [part if _is_text(part) else write_all(number(part), _whole_text) for part in parts]
    if all(isinstance(text, str) for text in texts):
        return _bounded("".join(map(str, texts)))
    arrays = np.broadcast_arrays(*(np.asarray(text, dtype=object) for text in texts))
    out = np.empty(arrays[0].shape, dtype=object)
    out.reshape(-1)[:] = [_bounded("".join(row)) for row in zip(*(a.ravel().tolist() for a in arrays), strict=True)]
    return out


def _whole_text(value: float) -> Any:
    if value != np.floor(value):
        raise ExpressionError("only texts and whole numbers can be joined with ~; show others with fixed(n)")
    return fixed(value, 0)


def _bounded(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise ExpressionError(f"a text grows longer than {MAX_TEXT} characters")
    return text


def listed(*items: Value) -> Any:
    """A list of values as one array, stacked along a new first axis."""
    if not items:
        raise ExpressionError("the list is empty")
    if any(map(_is_text, items)) and not all(map(_is_text, items)):
        raise ExpressionError("a list holds either texts or numbers, not both")
    dtype: Any = object if _is_text(items[0]) else np.bool_ if all(map(_is_truth, items)) else np.float64
    arrays = [np.atleast_1d(np.asarray(item, dtype=dtype)) for item in items]
    if len({array.ndim for array in arrays}) > 1 or len({array.shape[:-1] for array in arrays}) > 1:
        raise ExpressionError("the rows of a table must have one length")
    return _sized(np.stack(np.broadcast_arrays(*arrays)))


def _sized(array: Array) -> Array:
    if np.prod(array.shape[:-1]) > MAX_LENGTH:
        raise ExpressionError(f"a list grows longer than {MAX_LENGTH} entries")
    return array


def item(values: Value, index: Value) -> Any:
    """The entry at a constant or drawn index, or the entries at a list of indices."""
    array = vector(values, "an index [ ]")
    at = np.asarray(number(index))
    if (at != np.floor(at)).any():
        raise ExpressionError("an index must be a whole number")
    at = at.astype(np.int64)
    if at.size == 0 or at.min() < (-len(array) if at.ndim == 0 else 0) or at.max() >= len(array):
        raise ExpressionError(f"index {_outside(at, len(array))} is outside a list of {len(array)} (indices count from 0)")
    if at.ndim == 0:
        return array[int(at)]
    n = np.broadcast_shapes(at.shape[-1:], array.shape[-1:])[0]
    columns = np.broadcast_to(array, (*array.shape[:-1], n))
    at = np.broadcast_to(at, (*at.shape[:-1], n))
    if array.ndim == 2:
        return columns[at, np.arange(n)]
    if at.ndim == 1:
        return np.moveaxis(columns[at, ..., np.arange(n)], 0, -1)
    raise ExpressionError("rows of a table are taken one at a time: [t[i], t[j]]")


def _outside(at: Array, length: int) -> int:
    bad = at[(at < 0) | (at >= length)]
    return int(bad.ravel()[0]) if bad.size else 0


def part(values: Value, start: Value, stop: Value) -> Any:
    """The entries from start to before stop (missing ends are ``""``)."""
    array = vector(values, "a slice [:]")
    first = None if start == "" else whole(start, "a slice's start")
    last = None if stop == "" else whole(stop, "a slice's end")
    result = array[first:last]
    if not len(result):
        raise ExpressionError("a slice leaves nothing of the list")
    return result


def _reduce(ufunc: Callable[..., Any], what: str) -> Callable[[Value], Any]:
    def apply(values: Value) -> Any:
        return ufunc(number(vector(values, what)), axis=-2)

    return apply


def _extreme(reduction: Callable[..., Any], elementwise: Callable[..., Any], what: str) -> Callable[..., Any]:
    def apply(first: Value, *others: Value) -> Any:
        if not others:
            return reduction(number(vector(first, what)), axis=-2)
        result: Any = number(first)
        for other in others:
            result = _arithmetic(elementwise)(result, other)
        return result

    return apply


def sort(values: Value, descending: Value = False) -> Any:
    ordered = np.sort(number(vector(values, "sort")), axis=-2)
    return np.flip(ordered, axis=-2) if descending else ordered


def argsort(values: Value, descending: Value = False) -> Any:
    array = number(vector(values, "argsort"))
    return np.argsort(-array if descending else array, axis=-2, kind="stable").astype(np.float64)


def rank(values: Value) -> Any:
    """1 for the largest, and so on; equal entries share the smaller rank."""
    array = number(vector(values, "rank"))
    return 1.0 + (array[..., None, :, :] > array[..., :, None, :]).sum(axis=-2)


def count(conditions: Value) -> Any:
    return truth(vector(conditions, "count")).sum(axis=-2).astype(np.float64)


def index_of(values: Value, wanted: Value) -> Any:
    """The index of the first entry equal to the value."""
    array = vector(values, "index")
    equal = _compare(np.equal, True)(array, wanted)
    if not equal.any(axis=0).all():
        raise ExpressionError("index(…) looks for a value that is not in the list")
    return equal.argmax(axis=0).astype(np.float64)


def length(values: Value) -> float:
    return float(len(vector(values, "len")))


def range_(k: Value) -> Any:
    size = whole(k, "range(k)")
    if not 1 <= size <= MAX_LENGTH:
        raise ExpressionError(f"range(k) makes 1 to {MAX_LENGTH} numbers, not {size}")
    return np.arange(size, dtype=np.float64)[:, None]


def one_hot(index: Value, k: Value) -> Any:
    places = range_(k)
    at = np.atleast_1d(number(index))
    if at.ndim > 1 or (at < 0).any() or (at >= len(places)).any():
        raise ExpressionError(f"one_hot(index, {len(places)}) needs one index from 0 to {len(places) - 1}")
    return (places == at).astype(np.float64)


def repeat(x: Value, k: Value) -> Any:
    size = whole(k, "repeat(x, k)")
    if not 1 <= size <= MAX_LENGTH:
        raise ExpressionError(f"repeat(x, k) makes 1 to {MAX_LENGTH} entries, not {size}")
    return listed(*[x] * size)


def concat(*lists: Value) -> Any:
    arrays = [vector(values, "concat") for values in lists]
    if len({array.ndim for array in arrays}) != 1 or len({array.dtype == object for array in arrays}) != 1:
        raise ExpressionError("concat joins lists of one sort")
    n = np.broadcast_shapes(*(array.shape[-1:] for array in arrays))[0]
    return _sized(np.concatenate([np.broadcast_to(array, (*array.shape[:-1], n)) for array in arrays]))


def _numbers_last(value: Value, what: str) -> Any:
    """A vector for the engine: its own axis last."""
    return np.moveaxis(number(vector(value, what)), -1, 0)


def _engine(function: Callable[..., Any], vectors: tuple[int, ...], gives_vector: bool = False) -> Callable[..., Any]:
    """An engine function whose arguments at these places are vectors, with our axes in and out."""

    def apply(*args: Value, **options: Any) -> Any:
        moved: list[Any] = []
        for place, arg in enumerate(args):
            if place in vectors:
                moved.append(_numbers_last(arg, function.__name__))
            else:
                moved.append(number(arg))
        lead = np.broadcast_shapes(*(np.shape(m)[:1] for m in moved), (1,))
        aligned = [np.broadcast_to(m, (*lead, *np.shape(m)[1:])) if place in vectors else m for place, m in enumerate(moved)]
        result = np.asarray(function(*aligned, **options), dtype=np.float64)
        return np.moveaxis(result, 0, -1) if gives_vector or result.ndim > 1 else result

    apply.__name__ = function.__name__
    return apply


def _gold(function: Callable[..., Any], gives_vector: bool = False) -> Callable[..., Any]:
    """An engine function of a vector and the index of the gold entry."""

    def apply(values: Value, gold: Value, *args: Value, **options: Any) -> Any:
        rows = _numbers_last(values, function.__name__)
        at = np.atleast_1d(number(gold))
        n = np.broadcast_shapes(rows.shape[:1], at.shape)[0]
        rows = np.broadcast_to(rows, (n, *rows.shape[1:]))
        extra = [number(arg) for arg in args]
        result = np.asarray(function(rows, np.broadcast_to(at, (n,)).astype(np.int64), *extra, **options))
        return np.moveaxis(result, 0, -1) if gives_vector else result

    return apply


def _cross_entropy_from_logits(logits: Value, gold: Value, label_smoothing: Value = 0.0) -> Any:
    return _gold(engine.cross_entropy_from_logits)(
        logits, gold, label_smoothing=float(number(label_smoothing)), reduction="none"
    )


def _temperature(function: Callable[..., Any]) -> Callable[..., Any]:
    def apply(logits: Value, temperature: Value = 1.0) -> Any:
        scaled = _arithmetic(np.divide)(logits, temperature)
        if not np.all(np.asarray(number(temperature)) > 0):
            raise ExpressionError("temperature must be above 0")
        return function(np.moveaxis(engine.log_softmax(_numbers_last(scaled, "softmax")), 0, -1))

    return apply


def _binary(function: Callable[..., Any]) -> Callable[..., Any]:
    def apply(y: Value, q: Value, **options: Any) -> Any:
        left, right = np.broadcast_arrays(np.atleast_1d(number(y)), np.atleast_1d(number(q)))
        return function(left, right, reduction="none", **options)

    return apply


def _masked_nll(probabilities: Any, mask: Any, **options: Any) -> Any:
    return engine.masked_nll(probabilities, mask != 0, **options)


def a_an(word: Value) -> Any:
    """The word with its indefinite article, chosen by its sound as its spelling suggests it."""
    return _each_text(word, lambda text: f"{_article(text)} {text}")


_AN_SOUNDS = ("hour", "honest", "honour", "honor", "heir")
_A_SOUNDS = ("uni", "use", "usu", "uti", "ute", "eu", "one", "once", "ewe", "ura")
_AN_LETTERS = set("AEFHILMNORSX")


def _article(text: str) -> str:
    first = text.lstrip("\"'“‘(").split(" ")[0].split("-")[0]
    folded = "".join(c for c in unicodedata.normalize("NFD", first.casefold()) if not unicodedata.combining(c))
    if first.isupper() and 1 <= len(first) <= 4 and first.isalpha():
        return "an" if first[0] in _AN_LETTERS else "a"
    if folded.startswith(("8", "11", "18")) and (folded[:1] == "8" or len(folded.split(".")[0]) == 2):
        return "an"
    if folded.startswith(_AN_SOUNDS):
        return "an"
    if folded.startswith(_A_SOUNDS) and not folded.startswith(("unin", "unim")):
        return "a"
    return "an" if folded[:1] in set("aeiou") else "a"


def plural(n: Value, one: str, many: str) -> Any:
    """The number's noun: ``one`` for 1, else ``many``."""
    return select(_compare(np.equal, False)(n, 1.0), one, many)


def _each_text(value: Value, change: Callable[[str], str]) -> Any:
    if not _is_text(value):
        raise ExpressionError("a number stands where a text is needed")
    if isinstance(value, str):
        return _bounded(change(value))
    array = np.asarray(value, dtype=object)
    out = np.empty(array.shape, dtype=object)
    out.reshape(-1)[:] = [_bounded(change(text)) for text in array.ravel().tolist()]
    return out


def join(words: Value, separator: str = ", ") -> Any:
    array = vector(words, "join")
    if not _is_text(array):
        raise ExpressionError("join needs a list of texts")
    out = np.empty(array.shape[1:], dtype=object)
    rows = array.reshape(len(array), -1).T.tolist()
    out.reshape(-1)[:] = [_bounded(separator.join(map(str, row))) for row in rows]
    return out


def _sigmoid(x: Value) -> Any:
    z = np.asarray(number(x))
    small = np.exp(-np.abs(z))
    return _plain(np.where(z >= 0, 1 / (1 + small), small / (1 + small)))


def _capitalize(text: str) -> str:
    return text[:1].upper() + text[1:]


def _digits(value: Value, what: str, low: int = 0) -> int:
    digits = whole(value, what)
    if not low <= digits <= 12:
        raise ExpressionError(f"{what} takes {low} to 12, not {digits}")
    return digits


def _round(x: Value, decimals: Value = 0) -> Any:
    return round_decimals(number(x), _digits(decimals, "round(x, n)"))


OPERATORS: Mapping[str, Callable[..., Any]] = {
    "add": _arithmetic(np.add),
    "sub": _arithmetic(np.subtract),
    "mul": _arithmetic(np.multiply),
    "div": _arithmetic(np.divide),
    "floordiv": _arithmetic(np.floor_divide),
    "mod": _arithmetic(np.mod),
    "pow": _arithmetic(np.float_power),
    "neg": _arithmetic(np.negative),
    "pos": _arithmetic(np.positive),
    "eq": _compare(np.equal, True),
    "ne": _compare(np.not_equal, True),
    "lt": _compare(np.less, False),
    "lteq": _compare(np.less_equal, False),
    "gt": _compare(np.greater, False),
    "gteq": _compare(np.greater_equal, False),
    "in": contains,
    "notin": lambda item, items: negation(contains(item, items)),
    "and": both,
    "or": either,
    "not": negation,
    "select": select,
    "concat": joined,
    "list": listed,
    "item": item,
    "part": part,
}
"""What operators compile to."""

FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "sum": _reduce(np.sum, "sum"),
    "mean": _reduce(np.mean, "mean"),
    "prod": _reduce(np.prod, "prod"),
    "min": _extreme(np.min, np.minimum, "min"),
    "max": _extreme(np.max, np.maximum, "max"),
    "len": length,
    "sort": sort,
    "argmax": lambda x: np.argmax(number(vector(x, "argmax")), axis=-2).astype(np.float64),
    "argmin": lambda x: np.argmin(number(vector(x, "argmin")), axis=-2).astype(np.float64),
    "argsort": argsort,
    "rank": rank,
    "cumsum": lambda x: np.cumsum(number(vector(x, "cumsum")), axis=-2),
    "count": count,
    "any": lambda x: np.any(truth(vector(x, "any")), axis=-2),
    "all": lambda x: np.all(truth(vector(x, "all")), axis=-2),
    "index": index_of,
    "dot": lambda a, b: np.sum(vector(_arithmetic(np.multiply)(a, b), "dot"), axis=-2),
    "abs": _arithmetic(np.abs),
    "exp": _arithmetic(np.exp),
    "log": _arithmetic(np.log),
    "ln": _arithmetic(np.log),
    "log2": _arithmetic(np.log2),
    "log10": _arithmetic(np.log10),
    "sqrt": _arithmetic(np.sqrt),
    "floor": _arithmetic(np.floor),
    "ceil": _arithmetic(np.ceil),
    "round": _round,
    "sigmoid": _sigmoid,
    "range": range_,
    "one_hot": one_hot,
    "softmax": _temperature(np.exp),
    "log_softmax": _temperature(np.positive),
    "take": item,
    "concat": concat,
    "repeat": repeat,
    "surprisal": lambda p, **options: _plain(np.asarray(engine.surprisal(number(p), **options))),
    "entropy": _engine(engine.entropy, (0,)),
    "cross_entropy": _engine(engine.cross_entropy, (0, 1)),
    "kl_divergence": _engine(engine.kl_divergence, (0, 1)),
    "js_divergence": _engine(engine.js_divergence, (0, 1)),
    "empirical_cross_entropy": _engine(engine.empirical_cross_entropy, (0, 1)),
    "binary_cross_entropy": _binary(engine.binary_cross_entropy),
    "binary_cross_entropy_from_logits": _binary(engine.binary_cross_entropy_from_logits),
    "sequence_nll": _engine(engine.sequence_nll, (0,)),
    "masked_nll": _engine(_masked_nll, (0, 1)),
    "perplexity": _engine(engine.perplexity, (0,)),
    "bits_per_byte": lambda nll, n_bytes: engine.bits_per_byte(number(nll), number(n_bytes)),
    "brier_score": _gold(engine.brier_score),
    "cross_entropy_from_logits": _cross_entropy_from_logits,
    "cross_entropy_gradient": _gold(engine.cross_entropy_gradient, gives_vector=True),
    "label_smoothed_cross_entropy": _gold(engine.label_smoothed_cross_entropy),
    "a_an": a_an,
    "plural": plural,
    "join": join,
    "lower": lambda x: _each_text(x, str.lower),
    "upper": lambda x: _each_text(x, str.upper),
    "capitalize": lambda x: _each_text(x, _capitalize),
}
"""What an author may call."""

FORMATS: Mapping[str, Callable[..., Any]] = {
    "fixed": lambda x, n: write_all(number(x), lambda v: fixed(v, _digits(n, "fixed(n)"))),
    "sig": lambda x, n: write_all(number(x), lambda v: significant(v, _digits(n, "sig(n)", 1))),
    "percent": lambda x, n: write_all(number(x), lambda v: percent(v, _digits(n, "percent(n)"))),
    "signed": lambda x: _each_text(x, lambda text: signed(Number(text))),
}
"""The filters that write a number; the result is a `Number`."""
