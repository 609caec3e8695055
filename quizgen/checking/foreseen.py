"""Checks of foreseen mistakes: each leads to another answer than the key, and to another than the mistakes before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quizgen.answers import Answer
from quizgen.answers.distribution import DistributionAnswer
from quizgen.answers.numeric import NumericAnswer
from quizgen.answers.order import NO_RANK, OrderAnswer
from quizgen.answers.text import TextAnswer
from quizgen.checking.base import Finding, Path, check
from quizgen.checking.sweep import Sweep
from quizgen.folding import worded
from quizgen.variants.texts import plain_text

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

OFTEN: dict[type[Answer], float] = {NumericAnswer: 0.1, OrderAnswer: 0.5, DistributionAnswer: 0.1, TextAnswer: 0.6}
"""A mistake that cannot be told from the key in more than this share of variants is badly foreseen.

Orders are few and words fewer, so that some meet by chance.
"""


def _joined(sweep: Sweep, kind: type, what: Callable[[Any, Any], NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """By answer of a kind, what is asked of each part's keys, joined along the variants in the order of the parts."""
    found: dict[str, list[NDArray[Any]]] = {}
    for _, answer, keys in sweep.answers(kind):
        found.setdefault(answer.name, []).append(what(answer, keys))
    return {name: np.concatenate(pieces, axis=-1) for name, pieces in found.items()}


@check("mistake-like-key", "warning")
def mistake_like_key(sweep: Sweep) -> Iterator[Finding]:
    """A foreseen mistake leads to what is right in more than a tenth of the variants (of orders and texts: in most), or all: a
    number that, rounded as asked, lies in the key's band, the same order, the same distribution, an accepted text. There it
    is marked right, and a student learns nothing. Add a condition that keeps the two apart, or ask for more digits.
    """
    for _, mistake, path, same in sweep.shared(like_key):
        where = "any variant" if same.all() else f"{same.mean():.0%} of the variants"
        yield Finding(path, f"'{mistake}' cannot be told from the key in {where}", int(sweep.by_part[same].min()))


def like_key(sweep: Sweep) -> list[tuple[str, str, Path, Bools]]:
    """The mistakes that too often lead to what is right: answer, mistake, its place, and for whom it is so."""
    found = []
    for kind, often in OFTEN.items():
        alike = _joined(sweep, kind, _LIKE_KEY[kind])
        for answer in sweep.template.answers:
            if isinstance(answer, kind):
                for (mistake, path), same in zip(_foreseen(sweep, answer), alike[answer.name], strict=True):
                    if often < same.mean():
                        found.append((answer.name, mistake, path, same))
    return found


def _foreseen(sweep: Sweep, answer: Answer) -> list[tuple[str, Path]]:
    """Each mistake of an answer with its place in the YAML."""
    return [(mistake, sweep.path(answer.name, *path)) for mistake, path in answer.mistakes()]


def _numbers_like_key(answer: NumericAnswer, keys: Any) -> Bools:
    return np.asarray(~keys.apart & ~np.isnan(keys.mistakes))


def _orders_like_key(answer: OrderAnswer, keys: Any) -> Bools:
    """Who makes the mistake gets the right order; where it is no order at all, it can do no harm."""
    n = keys.ranks.shape[1]
    return np.array([(ranks == keys.ranks).all(axis=0) for ranks in keys.mistaken]).reshape(-1, n)


def _distributions_like_key(answer: DistributionAnswer, keys: Any) -> Bools:
    n, half = keys.value.shape[1], 0.5 * 10.0**-answer.decimals * (1 + 1e-9)
    return np.array([(np.abs(vector - keys.value) <= half).all(axis=0) for vector in keys.mistaken]).reshape(-1, n)


def _texts_like_key(answer: TextAnswer, keys: Any) -> Bools:
    n = len(keys.accepted[0])
    accepted = [{worded(plain_text(texts[row]), answer.case_sensitive) for texts in keys.accepted} for row in range(n)]
    return np.array(
        [
            [worded(plain_text(text), answer.case_sensitive) in right for text, right in zip(texts, accepted, strict=True)]
            for texts in keys.mistaken
        ],
        dtype=np.bool_,
    ).reshape(-1, n)


_LIKE_KEY: dict[type[Answer], Callable[[Any, Any], Bools]] = {
    NumericAnswer: _numbers_like_key,
    OrderAnswer: _orders_like_key,
    DistributionAnswer: _distributions_like_key,
    TextAnswer: _texts_like_key,
}
"""For each kind who cannot be told from the key, shape (mistakes, n)."""


@check("mistakes-alike", "warning")
def mistakes_alike(sweep: Sweep) -> Iterator[Finding]:
    """Two foreseen mistakes lead to the same answer, rounded as asked, in more than half of the variants, so that the second
    of them is seldom or never diagnosed. Keep the one that is the likelier way to that answer.
    """
    for kind, typed in _TYPED.items():
        joined = _joined(sweep, kind, typed)
        for answer in sweep.template.answers:
            if not isinstance(answer, kind):
                continue
            foreseen = _foreseen(sweep, answer)
            for i, j in combinations(range(len(foreseen)), 2):
                same = _same(joined[answer.name][i], joined[answer.name][j])
                if same.mean() > 0.5:
                    yield Finding(
                        foreseen[j][1],
                        f"'{foreseen[j][0]}' leads to the same as '{foreseen[i][0]}' in {same.mean():.0%} of the variants",
                        int(sweep.by_part[same].min()),
                    )


def _same(first: NDArray[Any], second: NDArray[Any]) -> Bools:
    """For whom two mistakes, each of shape (n,) or (k, n), lead to the same."""
    n = first.shape[-1]
    return np.asarray(np.isclose(first, second, rtol=1e-12, atol=0).reshape(-1, n).all(axis=0))


def _typed_orders(answer: OrderAnswer, keys: Any) -> NDArray[Any]:
    """Ranks of each mistake, NaN where it leads to no order."""
    k, n = keys.ranks.shape
    ranks = np.array(keys.mistaken, dtype=np.float64).reshape(-1, k, n)
    return np.where(ranks == NO_RANK, np.nan, ranks)


_TYPED: dict[type[Answer], Callable[[Any, Any], NDArray[Any]]] = {
    NumericAnswer: lambda answer, keys: answer.rounded(keys.mistakes),
    OrderAnswer: _typed_orders,
}
"""For each kind what a student answers who makes each mistake, variants on the last axis."""


_LEADS_TO: Mapping[str, Callable[[Floats], Floats]] = {
    "bits-for-nats": lambda key: key / np.log(2),
    "nats-for-bits": lambda key: key * np.log(2),
    "used-log10": lambda key: key / np.log(10),
    "dropped-minus": lambda key: -key,
    "inverted-ratio": lambda key: 1 / key,
}
"""What some mistakes lead to from any key in nats (in bits, for the second)."""


@check("mistake-misnamed", "warning")
def mistake_misnamed(sweep: Sweep) -> Iterator[Finding]:
    """A mistake leads in every variant to what another one is known to lead to: a logarithm of base 10 divides nats by ln 10,
    and bits for nats by ln 2. A student would be told of a mistake that was not made. Exchange the names, or mend the formula.
    """
    for part, answer, keys in sweep.answers(NumericAnswer):
        with np.errstate(all="ignore"):
            known = {name: leads(keys.bands.value) for name, leads in _LEADS_TO.items()}
        for i, (mistake, path) in enumerate(_foreseen(sweep, answer)):
            fits = {name for name, value in known.items() if np.allclose(keys.mistakes[i], value, rtol=1e-6, atol=0)}
            if mistake in known and fits and mistake not in fits:
                said = f"'{mistake}' leads to what '{min(fits)}' leads to"
                yield Finding(path, said, int(part.block.ordinals.min()))
