"""Blind strategies: what a student earns who answers by the look of things, without understanding the question.

Each function plays all its strategies on some variants of one answer and marks them by a fast path that equals the real
marking (tests hold the two together).
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quizgen.answers.choice import ChoiceKeys
from quizgen.answers.match import MatchAnswer, MatchKeys
from quizgen.answers.multiple import CREDIT as TICKING
from quizgen.answers.multiple import MultipleAnswer, MultipleKeys
from quizgen.answers.numeric import NumericAnswer, NumericKeys
from quizgen.answers.order import CREDIT as ORDERING
from quizgen.answers.order import OrderAnswer, OrderKeys
from quizgen.checking.chances import coins, orders, subsets
from quizgen.checking.cues import cues_of
from quizgen.checking.looks import Seen, labelled, looks
from quizgen.variants.texts import plain_text

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Play:
    """What a strategy earns on each of n variants, what chance would, and the variance of that.

    ``bland`` tells a strategy that looks at nothing, such as ticking everything. ``truth`` tells that it is not marks that are
    earned, but that ``earned`` is whether one of several options is true, and ``chance`` which share of them is.
    """

    earned: Floats
    chance: Floats
    variance: Floats
    bland: bool = False
    truth: bool = False


Plays = Mapping[str, Play]


def choice_plays(keys: ChoiceKeys, rows: Ints, seen: Seen, stems: Sequence[Counter[str]], live: Collection[str]) -> Plays:
    """Taking the most attractive option, or one of them at random; or always the same of the labels that are ever right."""
    k, n = seen.which.shape
    key = keys.key[rows]
    places = np.repeat(np.arange(k, dtype=np.float64)[:, None], n, axis=1)
    everyone = np.full(n, k)
    plays = {}
    for name, score in (("the first option", -places), ("the last option", places), *looks(seen, stems)):
        plays[name] = _taken(score, key, everyone)
    among = np.maximum(seen.each(lambda text: text.label in live or not text.label).sum(axis=0).astype(np.int64), 1)
    for label, score in labelled(seen, live):
        plays[f"always '{label}'"] = _taken(score, key, np.where(score.any(axis=0), among, k))
    return plays


def _taken(score: Floats, key: Ints, among: Ints) -> Play:
    """Taking the option of the highest score, where the key may be one of so many."""
    best = score == score.max(axis=0)
    tied = best.sum(axis=0)
    chance = 1 / among
    variance = np.maximum(chance / tied - chance**2, 0.0)
    return Play(best[key, np.arange(len(key))] / tied, chance, variance)


def multiple_plays(
    answer: MultipleAnswer,
    keys: MultipleKeys,
    rows: Ints,
    seen: Seen,
    stems: Sequence[Counter[str]],
) -> Plays:
    """Ticking everything, nothing, or the more attractive half of the options; and whether the most attractive one is true."""
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
    for name, score in (("the first option", -places), *looks(seen, stems)):
        plays[name] = _believed(score, right)
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


def _believed(score: Floats, right: NDArray[np.bool_]) -> Play:
    """Whether the option of the highest score is true, or the mean of those that tie."""
    k = len(right)
    best = score == score.max(axis=0)
    tied = best.sum(axis=0)
    chance = right.mean(axis=0)
    variance = chance * (1 - chance) / tied * (k - tied) / max(k - 1, 1)
    return Play((best & right).sum(axis=0) / tied, chance, variance, truth=True)


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
    variance = _spread_of_hits(k, offered) if each else mean * (1 - mean)
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


def _spread_of_hits(k: int, offered: int) -> float:
    """The variance of the share of hits where each of k is joined at random to another one of those offered."""
    both = k * (k - 1) / (offered * (offered - 1)) if offered > 1 else 0.0
    return (k / offered + both - (k / offered) ** 2) / k**2


def _most_alike(keys: MatchKeys, row: int) -> list[int]:
    """For each left the place of the right that shares most words with it; where several do, the one after its own row."""
    rights = [cues_of(plain_text(keys.rights[right][row])) for right in keys.right_shown[:, row].tolist()]
    found = []
    for left, pair in enumerate(keys.shown[:, row].tolist()):
        words = cues_of(plain_text(keys.lefts[pair][row])).words
        score = [len(right.words & words) for right in rights]
        best = max(score)
        tied = [place for place, value in enumerate(score) if value == best]
        found.append(tied[left % len(tied)])
    return found


def text_plays(typed: Sequence[str], frequent: Iterable[str]) -> Plays:
    """Typing a text that is often right."""
    none = np.zeros(len(typed))
    return {f"always '{text}'": Play(np.array([float(one == text) for one in typed]), none, none) for text in frequent}
