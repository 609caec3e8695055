"""Putting items in order, with named rules of partial credit."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from quizgen.answers.base import (
    CORRECT,
    Answer,
    AnswerSpec,
    Earlier,
    Mark,
    Path,
    Reading,
    Shared,
    Specimens,
    UnreadableError,
    Workshop,
    also,
)  # fmt: skip
from quizgen.answers.labels import GAP, LETTERS, MAX_RESPONSE, Named, are_letters, read_named, resolved
from quizgen.answers.pool import looks_of
from quizgen.errors import ExpressionError
from quizgen.folding import shortened
from quizgen.items import AnswerKey, Arrange, Filled, Option, plain
from quizgen.schemes import RightOrder
from quizgen.variants.draws.vectors import shuffled
from quizgen.variants.expressions import Expression
from quizgen.variants.sampler import Block
from quizgen.variants.streams import Words
from quizgen.variants.texts import Compiled, plain_text
from quizgen.variants.values import spread

Ranks = Sequence[int | None]
"""A student's order as ranks in the right one: 0 1 2 … is right; None is a place left open."""


def _next(a: int | None, b: int | None) -> bool:
    """Whether b is what follows a in the right order."""
    return a is not None and b == a + 1


def _longest_ordered(ranks: Ranks) -> int:
    """How many items stand in the right order, other items between them left out; 0 where no two do."""
    tails: list[int] = []
    for rank in ranks:
        if rank is not None:
            at = bisect_left(tails, rank)
            tails[at : at + 1] = [rank]
    return len(tails) if len(tails) > 1 else 0


def _longest_contiguous(ranks: Ranks) -> int:
    """The length of the longest run in which each item is followed by the right next one; 0 where none is."""
    best = run = 0
    for a, b in pairwise(ranks):
        run = run + 1 if _next(a, b) else 0
        best = max(best, run)
    return best + 1 if best else 0


def _ordered_pairs(ranks: Ranks) -> int:
    return sum(a is not None and b is not None and a < b for a, b in combinations(ranks, 2))


CREDIT: Mapping[str, tuple[Callable[[Ranks], float], str]] = {
    "all-or-nothing": (
        lambda r: float(all(rank == place for place, rank in enumerate(r))),
        "Full marks for exactly the right order, otherwise none.",
    ),
    "absolute-position": (
        lambda r: sum(rank == place for place, rank in enumerate(r)) / len(r),
        "Each item in its right place earns a share.",
    ),
    "relative-next": (
        lambda r: sum(_next(a, b) for a, b in pairwise(r)) / (len(r) - 1),
        "Each item that is followed by the right next one earns a share.",
    ),
    "longest-ordered-subset": (
        lambda r: _longest_ordered(r) / len(r),
        "The longest set of items that stand in the right order, with gaps or without, earns its share.",
    ),
    "longest-contiguous-subset": (
        lambda r: _longest_contiguous(r) / len(r),
        "The longest run of items that are right next to each other earns its share.",
    ),
    "pairs": (
        lambda r: _ordered_pairs(r) / (len(r) * (len(r) - 1) / 2),
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
    mistakes: dict[str, str] = Field({}, max_length=100, description="mistake: a vector by which it sorts the items instead")

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
            self.shared(name, path, shop),
            texts,
            words,
            shop.expression(self.by, (*path, "by")) if self.by else None,
            self.descending,
            self.choose,
            self.credit,
            tuple((m, shop.expression(by, (*path, "mistakes", m))) for m, by in self.mistakes.items()),
        )


MOST = 12

_NUMBERED = re.compile(r"([0-9]{1,2})[.):]?\s*+([A-Za-z?])(?![A-Za-z0-9])[\s,;]*+")
_RISING = re.compile(r"[A-Za-z](?:\s*+<\s*+[A-Za-z])+")

NO_RANK = -1
"""Stands for the ranks of a mistake's order that is not one order, for some items are equal by it."""


@dataclass(frozen=True, slots=True)
class OrderKeys:
    """Of n variants: the items' texts, the ranks of what is shown (k, n), and each mistake's ranks.

    ``letters`` tells whether an item might be taken for a label.
    """

    texts: Sequence[Sequence[Filled]]
    shown: NDArray[np.int64]
    ranks: NDArray[np.int64]
    mistaken: Sequence[NDArray[np.int64]]
    ok: NDArray[np.bool_]
    letters: bool
    prompts: Sequence[Filled | None]


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

    @property
    def settled(self) -> bool:
        return self.choose in (None, len(self.items) or None)

    def key_expressions(self) -> Iterable[Expression]:
        return [self.by] if self.by else []

    def shown(self) -> Iterable[Compiled | Expression]:
        return [*super().shown(), *([self.list_] if self.list_ else [])]

    def claims(self) -> Iterable[Compiled]:
        return self.items

    def mistakes(self) -> Iterable[tuple[str, Path]]:
        return [(mistake, ("mistakes", mistake)) for mistake, _ in self.foreseen]

    def prepare(self, block: Block, words: Words) -> OrderKeys:
        texts = self._texts(block)
        m = len(texts)
        k = min(self.choose or m, m)
        if k > MOST:
            raise ExpressionError(f"{k} items are too many to put in order; the most is {MOST}")
        picked = shuffled(words[:k], m)
        shown = np.take_along_axis(picked, shuffled(words[MOST : MOST + k], k), axis=0)
        measure, ok = self._measure(self.by, m, block, shown, self.descending)
        looks = looks_of(texts)
        seen = np.sort(np.take_along_axis(looks, shown, axis=0), axis=0)
        ok &= (seen[1:] != seen[:-1]).all(axis=0)
        mistaken = []
        for _, by in self.foreseen:
            wrong, distinct = self._measure(by, m, block, shown, self.descending)
            mistaken.append(np.where(distinct, _ranks(wrong), NO_RANK))
        prompts = self.shared.prompts(block)
        letters = any(are_letters([plain_text(text) for text in column]) for column in texts)
        return OrderKeys(texts, shown, _ranks(measure), mistaken, ok, letters, prompts)

    def _texts(self, block: Block) -> Sequence[Sequence[Filled]]:
        if self.list_ is None:
            return [item.fill(block) for item in self.items]
        words = spread(self.list_(block.values), len(block))
        if words.ndim != 2 or words.dtype != object:
            raise ExpressionError(f"'{self.list_.source}' is no list of texts")
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
            raise ExpressionError(f"'{by.source}' must be a list of {m} numbers, one for each item")
        measure = np.take_along_axis(measure, shown, axis=0)
        ordered = np.sort(measure, axis=0)
        with np.errstate(invalid="ignore"):
            gaps: NDArray[np.bool_] = ordered[1:] - ordered[:-1] > 1e-9
        return (-measure if descending else measure), np.asarray(gaps.all(axis=0))

    def refusals(self, block: Block, words: Words) -> Iterable[tuple[str, NDArray[np.bool_]]]:
        yield f"answer '{self.name}': two items are equal", ~self.prepared(block, words).ok

    def interaction(self, keys: OrderKeys, row: int) -> Arrange:
        options = tuple(Option(LETTERS[i], keys.texts[item][row]) for i, item in enumerate(keys.shown[:, row].tolist()))
        return Arrange(keys.prompts[row], options, CREDIT[self.credit][1])

    def read(self, response: str, reading: Reading) -> Named:
        text = response.strip()
        if _RISING.fullmatch(text):
            if self.by is not None and self.descending:
                raise UnreadableError("the largest comes first, so '<' can be read in two ways; write the order like B A C")
            named = read_named(text.replace("<", " "), reading, gaps=True)
            return replace(named, note=f"read {shortened(text)} as the order {' '.join(named.labels)}")
        return read_named(_unnumbered(text) or response, reading, gaps=True)

    def mark(
        self, keys: OrderKeys, rows: NDArray[np.int64], answers: Sequence[Any], given: Mapping[str, Sequence[Earlier | None]]
    ) -> list[Mark]:
        return [self._mark_one(keys, row, named) for row, named in zip(rows.tolist(), answers, strict=True)]

    def _mark_one(self, keys: OrderKeys, row: int, named: Named) -> Mark:
        k = len(keys.shown)
        try:
            found = resolved(
                named, k, lambda place: plain_text(keys.texts[int(keys.shown[place, row])][row]), letters=keys.letters
            )
        except UnreadableError as error:
            return Mark.invalid(str(error))
        if named.note:
            found = replace(found, note="; ".join(filter(None, [named.note, found.note])))
        if len(found.places) > k:
            return Mark.invalid(f"{len(found.places)} places are filled or left open; there are {k}")
        order = [*found.places, *[None] * (k - len(found.places))]
        fraction = CREDIT[self.credit][0]([None if place is None else int(keys.ranks[place, row]) for place in order])
        missing = [LETTERS[place] for place in range(k) if place not in order]
        if missing:
            return Mark.of(fraction, note="; ".join(filter(None, [found.note, f"not placed: {' '.join(missing)}"])))
        if fraction == 1:
            return Mark.of(1.0, note=found.note) if found.note else CORRECT
        mistakes = [
            mistake
            for ranks, (mistake, _) in zip(keys.mistaken, self.foreseen, strict=True)
            if [int(ranks[place, row]) for place in order if place is not None] == list(range(k))
        ]
        notes = [found.note, also("order")] if len(mistakes) > 1 else [found.note]
        return Mark.of(fraction, next(iter(mistakes), ""), "; ".join(filter(None, notes)))

    @staticmethod
    def _differs(mistaken: NDArray[np.int64], ranks: NDArray[np.int64]) -> bool:
        """Whether a mistake leads to an order, and to another than the right one."""
        return mistaken[0] != NO_RANK and bool((mistaken != ranks).any())

    def _labels(self, ranks: NDArray[np.int64]) -> str:
        return " ".join(LETTERS[place] for place in np.argsort(ranks, kind="stable").tolist())

    def key(self, keys: OrderKeys, row: int) -> AnswerKey:
        mistakes = tuple(
            (mistake, plain(self._labels(ranks[:, row])))
            for ranks, (mistake, _) in zip(keys.mistaken, self.foreseen, strict=True)
            if self._differs(ranks[:, row], keys.ranks[:, row])
        )
        return AnswerKey(self.name, plain(self._labels(keys.ranks[:, row])), "", mistakes)

    def scheme(self, keys: OrderKeys, row: int) -> RightOrder:
        def places(ranks: NDArray[np.int64]) -> tuple[int, ...]:
            return tuple(np.argsort(ranks[:, row], kind="stable").tolist())

        foreseen = tuple(
            (places(ranks), mistake)
            for ranks, (mistake, _) in zip(keys.mistaken, self.foreseen, strict=True)
            if self._differs(ranks[:, row], keys.ranks[:, row])
        )
        return RightOrder(places(keys.ranks), self.credit, foreseen)

    def specimens(self, keys: OrderKeys, row: int) -> Specimens:
        right = self._labels(keys.ranks[:, row])
        wrong = " ".join(reversed(right.split()))
        diagnosed = tuple(
            (mistake, self._labels(ranks[:, row]))
            for ranks, (mistake, _) in zip(keys.mistaken, self.foreseen, strict=True)
            if self._differs(ranks[:, row], keys.ranks[:, row])
        )
        rights = (right, right.replace(" ", ", ").lower(), right.replace(" ", ""), right.replace(" ", " > "))
        unfinished = " ".join([*right.split()[:-1], GAP])
        return Specimens(rights, (wrong, unfinished), ("?", f"{right} {right}", "first the last"), diagnosed)


def _unnumbered(text: str) -> str:
    """The letters of places that are numbered from 1 in their order, such as ``1. B 2. A``; empty for any other text."""
    found = list(_NUMBERED.finditer(text)) if len(text) <= MAX_RESPONSE else []
    whole = "".join(place[0] for place in found) == text
    in_order = [int(place[1]) for place in found] == list(range(1, len(found) + 1))
    return " ".join(place[2] for place in found) if found and whole and in_order else ""


def _ranks(measure: NDArray[np.float64]) -> NDArray[np.int64]:
    """The rank of each item by its measure, from 0."""
    return measure.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
