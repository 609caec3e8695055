"""The functions of texts, and the filters that write a number."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quizgen.errors import ExpressionError
from quizgen.items import Number
from quizgen.variants.formats import fixed_all, percent_all, signed, significant_all, write_all
from quizgen.variants.operands import is_text, number, vector, whole
from quizgen.variants.operators import bounded, equal, select
from quizgen.variants.values import Value

_AN_SOUNDS = ("hour", "honest", "honour", "honor", "heir")
_A_SOUNDS = (
    *("uni", "unanim", "unary", "use", "usa", "usu", "uti", "ute", "uto", "ubi", "ura"),
    *("eu", "ewe", "one", "once"),
)
_NO_A_SOUNDS = ("unin", "unim", "unident", "oner")
_AN_LETTERS = set("AEFHILMNORSX")


def a_an(word: Value) -> Any:
    """The word with its indefinite article, chosen by its sound as its spelling suggests it."""
    return each_text(word, lambda text: f"{_article(text)} {text}")


def _article(text: str) -> str:
    first = text.lstrip("\"'“‘(").split(" ")[0].split("-")[0]
    folded = "".join(c for c in unicodedata.normalize("NFD", first.casefold()) if not unicodedata.combining(c))
    if _is_spelled_out(first):
        return "an" if first[0].upper() in _AN_LETTERS else "a"
    if folded.startswith(("8", "11", "18")) and (folded[:1] == "8" or len(folded.split(".")[0]) == 2):
        return "an"
    if folded.startswith(_AN_SOUNDS):
        return "an"
    if folded.startswith(_A_SOUNDS) and not folded.startswith(_NO_A_SOUNDS):
        return "a"
    return "an" if folded[:1] in set("aeiou") else "a"


def _is_spelled_out(word: str) -> bool:
    """Whether a word is read letter by letter: LLM, F1, the n of n-gram."""
    letters = word.rstrip("0123456789")
    return letters.isalpha() and (len(word) == 1 or len(letters) == 1 or (letters.isupper() and len(letters) <= 4))


def plural(n: Value, one: Value, many: Value) -> Any:
    """The number's noun: ``one`` for 1, else ``many``."""
    return select(equal(n, 1.0), one, many)


def each_text(value: Value, change: Callable[[str], str]) -> Any:
    """The text, or each of the texts, changed."""
    if not is_text(value):
        raise ExpressionError("a number stands where a text is needed")
    if isinstance(value, str):
        return bounded(change(value))
    array = np.asarray(value, dtype=object)
    out = np.empty(array.shape, dtype=object)
    out.reshape(-1)[:] = [bounded(change(text)) for text in array.ravel().tolist()]
    return out


def capitalize(text: str) -> str:
    """The text with its first letter upper case and all else as it is."""
    return text[:1].upper() + text[1:]


def join(words: Value, separator: Value = ", ") -> Any:
    """The texts of a list as one, with the separator between."""
    array = vector(words, "join")
    if not is_text(array):
        raise ExpressionError("join needs a list of texts; numbers are shown with fixed(n) first")
    if not isinstance(separator, str):
        raise ExpressionError("what join puts between is one text")
    out = np.empty(array.shape[1:], dtype=object)
    rows = array.reshape(len(array), -1).T.tolist()
    out.reshape(-1)[:] = [bounded(separator.join(map(str, row))) for row in rows]
    return out


def digits(value: Value, what: str, low: int = 0) -> int:
    """A number of digits, from ``low`` to 12."""
    count = whole(value, what)
    if not low <= count <= 12:
        raise ExpressionError(f"{what} takes {low} to 12, not {count}")
    return count


def _writer(write: Callable[[NDArray[np.float64], int], Sequence[Number]], what: str, low: int = 0) -> Callable[..., Any]:
    def apply(x: Value, n: Value = "") -> Any:
        if isinstance(n, str):
            raise ExpressionError(f"write how many decimals: {what}")
        count = digits(n, what, low)
        return write_all(number(x), lambda values: write(values, count))

    return apply


def _signed(x: Value) -> Any:
    if not is_text(x):
        raise ExpressionError("'|signed' stands after a written number: fixed(2)|signed")
    return each_text(x, lambda text: signed(Number(text)))


FORMATS: Mapping[str, Callable[..., Any]] = {
    "fixed": _writer(fixed_all, "fixed(n)"),
    "sig": _writer(significant_all, "sig(n)", 1),
    "percent": _writer(percent_all, "percent(n)"),
    "signed": _signed,
}
"""The filters that write a number; the result is a `Number`."""
