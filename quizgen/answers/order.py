"""Putting items in order, with named rules of partial credit."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from quizgen.answers.base import (
    LETTERS,
    Answer,
    AnswerSpec,
    Mark,
    Path,
    Reading,
    Shared,
    Specimens,
    UnreadableError,
    Workshop,
    places,
    read_labels,
)  # fmt: skip
from quizgen.items import AnswerKey, Arrange, Filled, Option, plain
from quizgen.variants.draws.vectors import shuffled
from quizgen.variants.expressions import Expression
from quizgen.variants.sampler import Block
from quizgen.variants.streams import Words
from quizgen.variants.texts import Compiled, plain_text
from quizgen.variants.values import spread

Ranks = Sequence[int]
"""A student's order as ranks in the right one: 0 1 2 … is right."""


def _longest_ordered(ranks: Ranks) -> int:
    tails: list[int] = []
    for rank in ranks:
        at = bisect_left(tails, rank)
        tails[at : at + 1] = [rank]
    return len(tails)


def _longest_contiguous(ranks: Ranks) -> int:
    best = run = 1
    for a, b in pairwise(ranks):
        run = run + 1 if b == a + 1 else 1
        best = max(best, run)
    return best


CREDIT: Mapping[str, tuple[Callable[[Ranks], float], str]] = {
    "all-or-nothing": (
        lambda r: float(all(a < b for a, b in pairwise(r))),
        "Full marks for exactly the right order, otherwise none.",
    ),
    "absolute-position": (
        lambda r: sum(rank == place for place, rank in enumerate(r)) / len(r),
        "Each item in its right place earns a share.",
    ),
    "relative-next": (
        lambda r: sum(b == a + 1 for a, b in pairwise(r)) / (len(r) - 1),
        "Each item that is followed by the right next one earns a share.",
    ),
    "longest-ordered-subset": (
        lambda r: _longest_ordered(r) / len(r) if _longest_ordered(r) > 1 else 0.0,
        "The longest set of items that stand in the right order, with gaps or without, earns its share.",
    ),
    "longest-contiguous-subset": (
        lambda r: _longest_contiguous(r) / len(r) if _longest_contiguous(r) > 1 else 0.0,
        "The longest run of items that are right next to each other earns its share.",
    ),
    "pairs": (
        lambda r: sum(a < b for a, b in combinations(r, 2)) / (len(r) * (len(r) - 1) / 2),
        "Each pair of items in the right order, next to each other or not, earns a share.",
    ),
}
"""Fractions for an order, and how the student is told."""


class Order(AnswerSpec):
    """Items to put in order."""

    kind: Literal["order"] = "order"
    items: list[str] | str = Field(description="texts in the right order, or a list of texts to be sorted by 'by'")
    by: str | None = Field(None, description="a vector: the items are sorted by it, smallest first")
    descending: bool = Field(False, description="largest first")
    choose: int | None = Field(None, ge=2, le=12, description="so many of the items are drawn")
    credit: Literal[
        "all-or-nothing", "absolute-position", "relative-next", "longest-ordered-subset", "longest-contiguous-subset",
        "pairs",
    ] = Field("all-or-nothing", description="the rule of partial credit")  # fmt: skip
    mistakes: dict[str, str] = Field({}, description="mistake: a vector by which it sorts the items instead")

    @model_validator(mode="after")
    def _forms(self) -> Order:
        if isinstance(self.items, str) and self.by is None:
            raise ValueError("a list that is an expression needs 'by', the vector to sort by")
        if isinstance(self.items, list) and len(self.items) < 2:
            raise ValueError("there must be at least two items")
        if isinstance(self.items, list) and (self.choose or len(self.items)) > min(len(self.items), 12):
            raise ValueError(f"at most {min(len(self.items), 12)} items can be shown; give 'choose'")
        return self

    def compile(self, name: str, path: Path, shop: Workshop) -> Answer:
        """The compiled answer."""
        texts: tuple[Compiled, ...] = ()
        words = None
        if isinstance(self.items, list):
            texts = tuple(shop.text(text, (*path, "items", i)) for i, text in enumerate(self.items))
        else:
            words = shop.expression(self.items, (*path, "items"))
        return OrderAnswer(
            Shared(name, self.weight, shop.text(self.label, (*path, "label")) if self.label else None),
            texts,
            words,
            shop.expression(self.by, (*path, "by")) if self.by else None,
            self.descending,
            self.choose,
            self.credit,
            tuple((m, shop.expression(by, (*path, "mistakes", m))) for m, by in self.mistakes.items()),
        )


MOST = 12


@dataclass(frozen=True, slots=True)
class OrderKeys:
    """Of n variants: the items' texts, the ranks of what is shown (k, n), and each mistake's ranks."""

    texts: Sequence[Sequence[Filled]]
    shown: NDArray[np.int64]
    ranks: NDArray[np.int64]
    mistaken: Sequence[NDArray[np.int64]]
    ok: NDArray[np.bool_]
    prompts: Sequence[Filled] | None


@dataclass(frozen=True)
class OrderAnswer(Answer):
    """A compiled ordering."""

    shared: Shared
    items: tuple[Compiled, ...]
    list_: Expression | None
    by: Expression | None
    descending: bool
    choose: int | None
    credit: str
    foreseen: tuple[tuple[str, Expression], ...]
    words = 2 * MOST

    def key_names(self) -> frozenset[str]:
        return self.by.names if self.by else frozenset()

    def texts(self) -> Iterable[Compiled]:
        return self.items

    def shown_names(self) -> frozenset[str]:
        return super().shown_names() | (self.list_.names if self.list_ else frozenset())

    def expressions(self) -> Iterable[Expression]:
        return [e for e in (self.list_, self.by, *(by for _, by in self.foreseen)) if e is not None]

    def mistakes(self) -> Iterable[tuple[str, Path]]:
        return [(mistake, ("mistakes", mistake)) for mistake, _ in self.foreseen]

    def prepare(self, block: Block, words: Words) -> OrderKeys:
        texts = self._texts(block)
        m = len(texts)
        k = min(self.choose or m, m)
        if k > MOST:
            raise UnreadableError(f"{k} items are too many to put in order; the most is {MOST}")
        picked = shuffled(words[:k], m)
        shown = np.take_along_axis(picked, shuffled(words[MOST : MOST + k], k), axis=0)
        measure, ok = self._measure(self.by, m, block, shown, self.descending)
        looks = np.array([[hash(plain_text(text).casefold()) for text in column] for column in texts], dtype=np.int64)
        seen = np.sort(np.take_along_axis(looks, shown, axis=0), axis=0)
        ok &= (seen[1:] != seen[:-1]).all(axis=0)
        ranks = measure.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
        mistaken = [
            self._measure(by, m, block, shown, self.descending)[0].argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
            for _, by in self.foreseen
        ]  # fmt: skip
        prompts = self.shared.prompt.fill(block) if self.shared.prompt else None
        return OrderKeys(texts, shown, ranks, mistaken, ok, prompts)

    def _texts(self, block: Block) -> Sequence[Sequence[Filled]]:
        if self.list_ is None:
            return [item.fill(block) for item in self.items]
        words = spread(self.list_(block.values), len(block))
        if words.ndim != 2 or words.dtype != object:
            raise UnreadableError(f"'{self.list_.source}' is no list of texts")
        return [[plain(str(word)) for word in row] for row in words]

    @staticmethod
    def _measure(
        by: Expression | None, m: int, block: Block, shown: NDArray[np.int64], descending: bool
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """What the shown items are sorted by, and for whom no two of it are equal."""
        if by is None:
            return shown.astype(np.float64), np.ones(shown.shape[1], dtype=np.bool_)
        measure = block.numbers(by)
        if measure.ndim != 2 or len(measure) != m:
            raise UnreadableError(f"'{by.source}' must be a list of {m} numbers, one for each item")
        measure = np.take_along_axis(measure, shown, axis=0)
        ordered = np.sort(measure, axis=0)
        with np.errstate(invalid="ignore"):
            gaps: NDArray[np.bool_] = ordered[1:] - ordered[:-1] > 1e-9
        return (-measure if descending else measure), np.asarray(gaps.all(axis=0))

    def refusals(self, block: Block, words: Words) -> Iterable[tuple[str, NDArray[np.bool_]]]:
        yield f"answer '{self.name}': two items are equal", ~self.prepare(block, words).ok

    def interaction(self, keys: OrderKeys, row: int) -> Arrange:
        options = tuple(Option(LETTERS[i], keys.texts[item][row]) for i, item in enumerate(keys.shown[:, row].tolist()))
        return Arrange(keys.prompts[row] if keys.prompts else None, options, CREDIT[self.credit][1])

    def read(self, response: str, reading: Reading) -> tuple[str, ...]:
        return read_labels(response)

    def mark(
        self, keys: OrderKeys, rows: NDArray[np.int64], answers: Sequence[Any], given: Mapping[str, Sequence[Any]]
    ) -> list[Mark]:
        return [self._mark_one(keys, row, labels) for row, labels in zip(rows.tolist(), answers, strict=True)]

    def _mark_one(self, keys: OrderKeys, row: int, labels: tuple[str, ...]) -> Mark:
        k = len(keys.shown)
        try:
            order = places(labels, k)
        except UnreadableError as error:
            return Mark.invalid(str(error))
        if len(order) < k:
            return Mark.invalid(f"{len(order)} of {k} items are placed; every item must be")
        fraction = CREDIT[self.credit][0]([int(keys.ranks[place, row]) for place in order])
        if fraction == 1:
            return Mark.of(1.0)
        for ranks, (mistake, _) in zip(keys.mistaken, self.foreseen, strict=True):
            if [int(ranks[place, row]) for place in order] == list(range(k)):
                return Mark.of(fraction, mistake)
        return Mark.of(fraction)

    def _labels(self, ranks: NDArray[np.int64]) -> str:
        return " ".join(LETTERS[place] for place in np.argsort(ranks, kind="stable").tolist())

    def key(self, keys: OrderKeys, row: int) -> AnswerKey:
        mistakes = tuple(
            (mistake, plain(self._labels(ranks[:, row])))
            for ranks, (mistake, _) in zip(keys.mistaken, self.foreseen, strict=True)
            if (ranks[:, row] != keys.ranks[:, row]).any()
        )
        return AnswerKey(self.name, plain(self._labels(keys.ranks[:, row])), "", mistakes)

    def specimens(self, keys: OrderKeys, row: int) -> Specimens:
        right = self._labels(keys.ranks[:, row])
        wrong = " ".join(reversed(right.split()))
        diagnosed = tuple(
            (mistake, self._labels(ranks[:, row])) for ranks, (mistake, _) in zip(keys.mistaken, self.foreseen, strict=True)
        )
        rights = (right, right.replace(" ", ", ").lower(), right.replace(" ", ""))
        return Specimens(rights, (wrong,), (right.split()[0], "?", f"{right} {right}"), diagnosed)
