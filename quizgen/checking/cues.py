"""What a test-wise guesser sees in an option without understanding it: its length, hedges, digits, words of the question."""

from __future__ import annotations

import functools
import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from quizgen.answers import parse_number
from quizgen.errors import NumberError

_HEDGES = re.compile(
    r"\b(usually|often|sometimes|generally|typically|normally|may|might|can|could|likely|probably|perhaps|tends? to|mostly|"
    r"mainly|partly|roughly|depends?|in general|not necessarily|in most cases)\b",
    re.IGNORECASE,
)
_ABSOLUTES = re.compile(
    r"\b(always|never|must|cannot|impossible|certainly|entirely|completely|no matter|under all|in (?:all|every|no) cases?)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}|\d+(?:\.\d+)?")
_NUMBER = re.compile(r"[\d-](?:(?<=\d)|(?=\d))\d*(?:\.\d+)?%?")  # it begins with a set, which is what is searched fast
_HYPHEN = re.compile(r"-(?<=[\w)]-)")
_LABEL = re.compile(r"(?:the |for )?([A-Z][a-z]+ [A-Z0-9])\b", re.IGNORECASE)
_BLAND = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be by for from has have in is it its of on or than that the their them then this to was were which "
        "with what both same",
    )
)
_SHORT_WORDS, _SHORT = 3, 24
_COMMAND = re.compile(r"\\([A-Za-z]+|.)")
_NAMED = frozenset({"exp", "lim", "ln", "log", "max", "min", "Pr"})


@dataclass(frozen=True, slots=True)
class Cues:
    """What is seen in one option.

    ``number`` is the option where it is a number and nothing else, NaN where not; ``first``, ``last`` and ``gap`` are of the
    numbers that its sentence shows, NaN where none (for a gap: fewer than two); ``count`` is how many these are. ``label`` is a
    name such as ``model a``, or a short option.
    """

    length: int
    hedges: int
    digits: int
    number: float
    first: float
    last: float
    gap: float
    count: int
    words: frozenset[str]
    label: str


@functools.lru_cache(maxsize=50_000)
def cues_of(text: str) -> Cues:
    """What is seen in an option's plain text."""
    bare = _bare(text)
    shown = numbers(bare)
    return Cues(
        len(bare),
        len(_HEDGES.findall(bare)) - len(_ABSOLUTES.findall(bare)),
        sum(map(str.isdigit, bare)),
        _value(bare),
        shown[0] if shown else np.nan,
        shown[-1] if shown else np.nan,
        round(max(shown) - min(shown), 9) if len(shown) > 1 else np.nan,
        len(shown),
        content(bare),
        _label(bare),
    )


def _bare(text: str) -> str:
    """A text without its marks; a command of LaTeX is as long as what it shows, one character where it is a sign."""
    shown = _COMMAND.sub(lambda found: found[1] if found[1] in _NAMED else "·", text)
    return re.sub(r"[*$^_{}]", "", shown).strip()


def content(text: str) -> frozenset[str]:
    """The words of a text that carry its sense, and its numbers."""
    return frozenset(occurrences(text))


def occurrences(text: str) -> Counter[str]:
    """How often each word of a text that carries its sense, and each number, stands there."""
    return Counter({word: n for word, n in Counter(_WORD.findall(text.casefold())).items() if word not in _BLAND})


def numbers(text: str, *, percent: bool = False) -> list[float]:
    """The numbers that a text shows, in its order; a percentage counts as its hundredth, unless ``percent`` are asked for."""
    text = text.replace("−", "-")
    if "-" in text:
        text = _HYPHEN.sub(" ", text)
    return [_number(shown, percent) for shown in _NUMBER.findall(text)]


def _number(shown: str, percent: bool) -> float:
    return float(shown[:-1]) / (1 if percent else 100) if shown[-1] == "%" else float(shown)


def number_ends(text: str, *, percent: bool) -> tuple[float, float, float, float]:
    """The largest, smallest, first and last number that a text shows (see `numbers`), NaN where it shows none."""
    values = numbers(text, percent=percent)
    return (max(values), min(values), values[0], values[-1]) if values else (np.nan,) * 4


def _value(text: str) -> float:
    try:
        return float(parse_number(text))
    except NumberError:
        return np.nan


def _label(text: str) -> str:
    named = _LABEL.match(text)
    if named:
        return named[1].casefold()
    short = len(text) <= _SHORT and len(text.split()) <= _SHORT_WORDS and not any(map(str.isdigit, text))
    return text.casefold() if short else ""


@functools.lru_cache(maxsize=50_000)
def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """Which share of their words two texts have in common."""
    return len(one & other) / len(one | other) if one or other else 1.0
