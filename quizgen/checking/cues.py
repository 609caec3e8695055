"""What a test-wise guesser sees in an option without understanding it: its length, hedges, digits, words of the question."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quizgen.answers import parse_number
from quizgen.errors import NumberError

Floats = NDArray[np.float64]

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
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?%?")
_LABEL = re.compile(r"(?:the |for )?([A-Z][a-z]+ [A-Z0-9])\b", re.IGNORECASE)
_BLAND = re.compile(
    r"a|an|and|are|as|at|be|by|for|from|has|have|in|is|it|its|of|on|or|than|that|the|their|them|then|this|to|was|were|which|"
    r"with|what|both|same"
)
_SHORT_WORDS, _SHORT = 3, 24


@dataclass(frozen=True, slots=True)
class Cues:
    """What is seen in one option: ``number`` is NaN where none, ``label`` a name such as ``model a`` or a short option."""

    length: int
    hedges: int
    digits: int
    number: float
    words: frozenset[str]
    label: str


@functools.lru_cache(maxsize=50_000)
def cues_of(text: str) -> Cues:
    """What is seen in an option's plain text."""
    bare = text.replace("*", "").replace("$", "").strip()
    return Cues(
        len(bare),
        len(_HEDGES.findall(bare)) - len(_ABSOLUTES.findall(bare)),
        sum(map(str.isdigit, bare)),
        _value(bare),
        content(bare),
        _label(bare),
    )


def content(text: str) -> frozenset[str]:
    """The words of a text that carry its sense, and its numbers."""
    return frozenset(word for word in set(_WORD.findall(text.casefold())) if not _BLAND.fullmatch(word))


def number_ends(text: str, *, percent: bool) -> tuple[float, float, float, float]:
    """The largest, smallest, first and last number that a text shows, NaN where it shows none.

    A percentage counts as its hundredth, unless ``percent`` are asked for.
    """
    values = [
        float(shown[:-1]) / (1 if percent else 100) if shown[-1] == "%" else float(shown)
        for shown in _NUMBER.findall(text.replace("−", "-"))
    ]
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


def shared_words(options: Sequence[Cues], words: frozenset[str]) -> list[float]:
    """For each option how many of the words it repeats."""
    return [float(len(option.words & words)) for option in options]


def likeness(options: Sequence[Cues]) -> list[float]:
    """How like the others each option is: the mean share of words in common, or nearness of numbers where all are numbers."""
    values = np.array([option.number for option in options])
    if not np.isnan(values).any():
        return [float(-np.abs(values - value).sum()) for value in values]
    total = [0.0] * len(options)
    for i, one in enumerate(options):
        for j, other in enumerate(options[:i]):
            like = _jaccard(one.words, other.words)
            total[i] += like
            total[j] += like
    return [round(value, 9) for value in total]


@functools.lru_cache(maxsize=50_000)
def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 1.0
