"""Blind strategies: what a student earns who answers by the look of things, without understanding the question.

Each function plays all its strategies on some variants of one answer and marks them by a fast path that equals the real
marking (tests hold the two together).
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quizgen.answers.choice import ChoiceKeys
from quizgen.answers.match import MatchAnswer, MatchKeys
from quizgen.answers.multiple import CREDIT as TICKING
from quizgen.answers.multiple import MultipleAnswer, MultipleKeys
from quizgen.answers.numeric import NumericAnswer, NumericKeys
from quizgen.answers.options import Offer
from quizgen.answers.order import CREDIT as ORDERING
from quizgen.answers.order import OrderAnswer, OrderKeys
from quizgen.checking.chances import coins, orders, subsets
from quizgen.checking.cues import Cues, cues_of, likeness, shared_words
from quizgen.variants.texts import plain_text

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Play:
    """What a strategy earns on each of n variants, what chance would, and the variance of that.

    ``bland`` tells a strategy that looks at nothing, such as ticking everything. ``allowed`` is what may be earned by ruling
    out one option that nobody takes for right, where there are more than two; else it is as chance.
    """

    earned: Floats
    chance: Floats
    variance: Floats
    bland: bool = False
    allowed: Floats | None = None


Plays = Mapping[str, Play]

_TELLING = 0.1
"""Options whose lengths differ by less than this share, or by two characters, look equally long."""

LOOKS: Mapping[str, Callable[[Cues], float]] = {
    "the most hedged option": lambda cues: cues.hedges,
    "the most precise option": lambda cues: cues.digits,
}
"""What makes an option look right by itself."""


def shown_cues(offer: Offer, rows: Ints) -> list[list[Cues]]:
    """What is seen in the options of some variants, in the order in which they are shown."""
    return [[cues_of(plain_text(offer.texts[option][row])) for option in offer.shown[:, row].tolist()] for row in rows.tolist()]


def live_labels(seen: Sequence[Sequence[Cues]], keys: Iterable[int], most: int = 12) -> list[str]:
    """The labels, such as ``model a``, that the right options bear, the most frequent first."""
    counts = Counter(options[key].label for options, key in zip(seen, keys, strict=True))
    return [label for label, _ in counts.most_common(most) if label]


def _scores(seen: Sequence[Sequence[Cues]], words: Sequence[frozenset[str]]) -> Iterator[tuple[str, Floats]]:
    """By each strategy how attractive every option is, shape (k, n)."""
    k = len(seen[0])
    lengths = np.array([[cues.length for cues in options] for options in seen], dtype=np.float64).T
    slack = np.maximum(2, _TELLING * lengths.max(axis=0))
    yield "the longest option", np.where(lengths >= lengths.max(axis=0) - slack, 1.0, 0.0)
    yield "the shortest option", np.where(lengths <= lengths.min(axis=0) + slack, 1.0, 0.0)
    for name, look in LOOKS.items():
        yield name, np.array([[look(cues) for cues in options] for options in seen], dtype=np.float64).T
    repeated = [shared_words(options, stem) for options, stem in zip(seen, words, strict=True)]
    yield "the option that shares most words with the stem", np.array(repeated).T
    values = np.array([[cues.number for cues in options] for options in seen]).T
    if not np.isnan(values).any():
        ranks = values.argsort(axis=0).argsort(axis=0)
        yield "the largest number", ranks.astype(np.float64)
        yield "the smallest number", -ranks.astype(np.float64)
        yield "the middle number", -np.abs(ranks - (k - 1) / 2)
    alike = np.array([likeness(options) for options in seen]).T
    yield "the odd one out", -alike
    yield "the option most like the others", alike


def choice_plays(
    keys: ChoiceKeys, rows: Ints, seen: Sequence[Sequence[Cues]], words: Sequence[frozenset[str]], live: Collection[str]
) -> Plays:
    """Taking the most attractive option, or one of them at random; or always the same of the labels that are ever right."""
    k, n = len(seen[0]), len(rows)
    key = keys.key[rows]
    places = np.repeat(np.arange(k, dtype=np.float64)[:, None], n, axis=1)
    allowed = np.full(n, 1 / (k - 1) if k > 2 else 1 / k)
    everyone = np.full(n, k)
    plays = {}
    for name, score in (("the first option", -places), ("the last option", places), *_scores(seen, words)):
        plays[name] = _taken(score, key, everyone, allowed)
    for label, score in _labelled(seen, live):
        among = np.array([sum(cues.label in live or not cues.label for cues in options) for options in seen])
        plays[f"always '{label}'"] = _taken(score, key, np.where(score.any(axis=0), np.maximum(among, 1), k))
    return plays


def _taken(score: Floats, key: Ints, among: Ints, allowed: Floats | None = None) -> Play:
    """Taking the option of the highest score, where the key may be one of so many."""
    best = score == score.max(axis=0)
    tied = best.sum(axis=0)
    chance = 1 / among
    variance = np.maximum(chance / tied - chance**2, 0.0)
    return Play(best[key, np.arange(len(key))] / tied, chance, variance, allowed=allowed)


def _labelled(seen: Sequence[Sequence[Cues]], labels: Iterable[str]) -> Iterator[tuple[str, Floats]]:
    """For each label which options bear it, shape (k, n)."""
    for label in labels:
        yield label, np.array([[float(cues.label == label) for cues in options] for options in seen]).T


def multiple_plays(
    answer: MultipleAnswer,
    keys: MultipleKeys,
    rows: Ints,
    seen: Sequence[Sequence[Cues]],
    words: Sequence[frozenset[str]],
) -> Plays:
    """Ticking everything, nothing, or the more attractive half of the options."""
    rule = TICKING[answer.credit][0]
    right = keys.right[:, rows]
    k, n = right.shape
    count = right.sum(axis=0)
    by_coin = [coins(rule, c, k) for c in range(k + 1)]
    plays = {}
    for name, ticks in (("ticking everything", True), ("ticking nothing", False)):
        ticked = np.full((k, n), ticks)
        plays[name] = _ticked(rule, ticked, right, [by_coin[c] for c in count.tolist()], bland=True)
    half = k // 2
    places = np.repeat(np.arange(k, dtype=np.float64)[:, None], n, axis=1)
    by_half = [subsets(rule, c, k, half) for c in range(k + 1)]
    for name, score in (("the first option", -places), *_scores(seen, words)):
        order = np.argsort(-score, axis=0, kind="stable")
        ticked = np.zeros((k, n), dtype=np.bool_)
        np.put_along_axis(ticked, order[:half], True, axis=0)
        plays[f"ticking half the options, from {name} on"] = _ticked(rule, ticked, right, [by_half[c] for c in count.tolist()])
    return plays


def _ticked(
    rule: Callable[[int, int, int, int], float],
    ticked: NDArray[np.bool_],
    right: NDArray[np.bool_],
    chance: Sequence[tuple[float, float]],
    *,
    bland: bool = False,
) -> Play:
    k = len(right)
    hits, misses, count = (ticked & right).sum(axis=0), (ticked & ~right).sum(axis=0), right.sum(axis=0)
    known = functools.cache(lambda t, f, c: min(max(rule(t, f, c, k - c), 0.0), 1.0))
    earned = np.array([known(t, f, c) for t, f, c in zip(hits.tolist(), misses.tolist(), count.tolist(), strict=True)])
    moments = np.array(chance)
    return Play(earned, moments[:, 0], moments[:, 1], bland)


IN_STEM = ("the largest", "the smallest", "the first", "the last")


def numeric_plays(keys: NumericKeys, rows: Ints, in_stem: Floats, frequent: Iterable[float]) -> Plays:
    """Typing a number that is often right, or one that stands in the stem (those of `IN_STEM`, shape (4, n))."""
    bands = keys.bands.at(rows)
    typed = {f"always {value:.6g}": np.full(len(rows), value) for value in frequent}
    typed |= {f"{which} number in the stem": values for which, values in zip(IN_STEM, in_stem, strict=True)}
    none = np.zeros(len(rows))
    return {
        name: Play((bands.contain(values) & ~np.isnan(values)).astype(np.float64), none, none) for name, values in typed.items()
    }


def frequent_keys(answer: NumericAnswer, keys: Iterable[NumericKeys], most: int = 3) -> list[float]:
    """The keys, rounded as asked, that are met most often."""
    values, counts = np.unique(np.concatenate([answer.rounded(part.bands.value) for part in keys]), return_counts=True)
    return [float(value) for value in values[np.argsort(-counts, kind="stable")[:most]] if np.isfinite(value)]


def order_plays(answer: OrderAnswer, keys: OrderKeys, rows: Ints) -> Plays:
    """Leaving the items as they are shown, reversing them, or sorting them by how they look."""
    rule = ORDERING[answer.credit][0]
    ranks = keys.ranks[:, rows]
    k, n = ranks.shape
    mean, variance = orders(rule, k)
    texts = [[plain_text(keys.texts[item][row]) for item in keys.shown[:, row].tolist()] for row in rows.tolist()]
    guessed: dict[str, Iterable[Sequence[int]]] = {
        "the order shown": [range(k)] * n,
        "the reverse of the order shown": [range(k - 1, -1, -1)] * n,
        "the order of the alphabet": [sorted(range(k), key=row.__getitem__) for row in texts],
        "the order of length": [sorted(range(k), key=lambda i, row=row: len(row[i])) for row in texts],  # type: ignore[misc]
    }
    plays = {}
    for name, guesses in guessed.items():
        earned = np.array([rule([column[i] for i in order]) for order, column in zip(guesses, ranks.T.tolist(), strict=True)])
        plays[name] = Play(earned, np.full(n, mean), np.full(n, variance))
    return plays


def match_plays(answer: MatchAnswer, keys: MatchKeys, rows: Ints) -> Plays:
    """Joining in the order shown, or what shares most words."""
    key, offered = keys.key[:, rows], len(keys.right_shown)
    k, n = key.shape
    each = answer.credit == "each-pair"
    mean = 1 / offered if each else 1 / np.prod(np.arange(offered - k + 1, offered + 1, dtype=np.float64))
    variance = (1 / offered) * (1 - 1 / offered) / k if each else mean * (1 - mean)
    places = np.repeat(np.arange(k)[:, None], n, axis=1)
    alike = np.array([_most_alike(keys, row) for row in rows.tolist()]).T
    plays = {}
    for name, guess in (
        ("the order shown", places),
        ("the reverse of the order shown", offered - 1 - places),
        ("what shares most words", alike),
    ):
        hits = guess == key
        earned = hits.mean(axis=0) if each else hits.all(axis=0).astype(np.float64)
        plays[name] = Play(earned, np.full(n, mean), np.full(n, variance))
    return plays


def _most_alike(keys: MatchKeys, row: int) -> list[int]:
    """For each left the place of the right that shares most words with it; where several do, the one after its own row."""
    rights = [cues_of(plain_text(keys.rights[right][row])) for right in keys.right_shown[:, row].tolist()]
    found = []
    for left, pair in enumerate(keys.shown[:, row].tolist()):
        score = shared_words(rights, cues_of(plain_text(keys.lefts[pair][row])).words)
        best = max(score)
        tied = [place for place, value in enumerate(score) if value == best]
        found.append(tied[left % len(tied)])
    return found


def text_plays(typed: Sequence[str], frequent: Iterable[str]) -> Plays:
    """Typing a text that is often right."""
    none = np.zeros(len(typed))
    return {f"always '{text}'": Play(np.array([float(one == text) for one in typed]), none, none) for text in frequent}
