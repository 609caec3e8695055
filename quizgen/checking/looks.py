"""Which option looks right to a guesser: for each look a number for every option shown, the highest being taken."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quizgen.answers.options import Offer
from quizgen.checking.cues import Cues, cues_of, jaccard
from quizgen.variants.texts import plain_texts

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_TELLING = 0.1
"""Options whose lengths differ by less than this share, or by two characters, look equally long."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is seen in the options of n variants: the different texts, and which of them stands where, shape (k, n)."""

    texts: Sequence[Cues]
    which: Ints

    def each(self, look: Callable[[Cues], float]) -> Floats:
        """A number for every option, shape (k, n)."""
        return np.array([look(text) for text in self.texts], dtype=np.float64)[self.which]

    def columns(self) -> Iterator[tuple[Cues, ...]]:
        """The options of each variant."""
        for column in self.which.T.tolist():
            yield tuple(self.texts[i] for i in column)


def seen_in(offer: Offer, rows: Ints) -> Seen:
    """What is seen in the options of some variants."""
    shown = offer.shown[:, rows]
    number: dict[str, int] = {}
    which = np.zeros(shown.shape, dtype=np.int64)
    for option in np.unique(shown).tolist():
        places, columns = np.nonzero(shown == option)
        texts = plain_texts([offer.texts[option][row] for row in rows[columns].tolist()])
        which[places, columns] = [number.setdefault(text, len(number)) for text in texts]
    return Seen([cues_of(text) for text in number], which)


def looks(seen: Seen, stems: Sequence[Counter[str]]) -> Iterator[tuple[str, Floats]]:
    """By each strategy how attractive every option is, shape (k, n); ``stems`` are the words of the n stems."""
    lengths = seen.each(lambda text: text.length)
    slack = np.maximum(2, _TELLING * lengths.max(axis=0))
    yield "the longest option", np.where(lengths >= lengths.max(axis=0) - slack, 1.0, 0.0)
    yield "the shortest option", np.where(lengths <= lengths.min(axis=0) + slack, 1.0, 0.0)
    yield "the most hedged option", seen.each(lambda text: text.hedges)
    yield "the most precise option", seen.each(lambda text: text.digits)
    for name, shared in _repeated(seen, stems):
        yield f"the option that shares most words with the stem{name}", shared
        yield f"the option that shares fewest words with the stem{name}", -shared
    yield from _numbers(seen)
    alike = np.array([_likeness(options) for options in seen.columns()]).T
    yield "the odd one out", -alike
    yield "the option most like the others", alike


def _repeated(seen: Seen, stems: Sequence[Counter[str]]) -> Iterator[tuple[str, Floats]]:
    """How many words of the stem each option repeats, counted once, or as often as the stem has them."""
    once, often = np.zeros(seen.which.shape), np.zeros(seen.which.shape)
    for column, (options, stem) in enumerate(zip(seen.columns(), stems, strict=True)):
        words = stem.keys()
        for place, option in enumerate(options):
            common = option.words & words
            once[place, column] = len(common)
            often[place, column] = sum(map(stem.__getitem__, common))
    yield "", once
    yield ", counted as often as they stand there", often


_NUMBERS: Mapping[str, Callable[[Cues], float]] = {
    "first number": lambda text: text.first,
    "last number": lambda text: text.last,
}


def _numbers(seen: Seen) -> Iterator[tuple[str, Floats]]:
    """Looks at the numbers that options are, or that their sentences show; an option without any is not taken."""
    values = seen.each(lambda text: text.number)
    if not np.isnan(values).any():
        yield from _ranked("number", values)
        return
    for name, look in _NUMBERS.items():
        yield from _ranked(name, seen.each(look))
    gaps = seen.each(lambda text: text.gap)
    yield "the widest gap between numbers", _taken_last(gaps)
    yield "the narrowest gap between numbers", _taken_last(-gaps)
    counts = seen.each(lambda text: text.count)
    yield "the option with most numbers", counts
    yield "the option with fewest numbers", -counts


def _ranked(name: str, values: Floats) -> Iterator[tuple[str, Floats]]:
    yield f"the largest {name}", _taken_last(values)
    yield f"the smallest {name}", _taken_last(-values)
    above = (values[:, None] < values[None, :]).sum(axis=1)
    below = (values[:, None] > values[None, :]).sum(axis=1)
    yield f"the middle {name}", _taken_last(np.where(np.isnan(values), np.nan, -np.abs(above - below)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # the mean of no numbers is none
        mean = np.nanmean(values, axis=0)
    yield f"the {name} nearest the mean", _taken_last(np.round(-np.abs(values - mean), 9))


def _taken_last(values: Floats) -> Floats:
    return np.where(np.isnan(values), -np.inf, values)


def _likeness(options: Sequence[Cues]) -> list[float]:
    """How like the others each option is: the mean share of words in common, or nearness of numbers where all are numbers."""
    values = np.array([option.number for option in options])
    if not np.isnan(values).any():
        return [round(float(-np.abs(values - value).sum()), 9) for value in values]
    total = [0.0] * len(options)
    for i, one in enumerate(options):
        for j, other in enumerate(options[:i]):
            like = jaccard(one.words, other.words)
            total[i] += like
            total[j] += like
    return [round(value, 9) for value in total]


def live_labels(seen: Sequence[Seen], keys: Sequence[Ints], most: int = 12) -> list[str]:
    """The labels, such as ``model a``, that the right options bear, the most frequent first."""
    counts: Counter[str] = Counter()
    for part, key in zip(seen, keys, strict=True):
        counts.update(part.texts[i].label for i in part.which[key, np.arange(len(key))].tolist())
    return [label for label, _ in counts.most_common(most + 1) if label][:most]


def labelled(seen: Seen, labels: Iterable[str]) -> Iterator[tuple[str, Floats]]:
    """For each label which options bear it, shape (k, n)."""
    for label in labels:
        yield label, seen.each(lambda text, label=label: text.label == label)  # type: ignore[misc]
