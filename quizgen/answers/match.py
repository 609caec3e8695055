"""Joining each left item to its right one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Never

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from quizgen.answers.base import (
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
)  # fmt: skip
from quizgen.answers.labels import GAP, LETTERS, MAX_RESPONSE
from quizgen.answers.pool import looks_of
from quizgen.folding import shortened
from quizgen.items import AnswerKey, Filled, Match, Option, plain
from quizgen.schemes import RightPairs
from quizgen.variants.draws.vectors import shuffled
from quizgen.variants.expressions import Expression
from quizgen.variants.sampler import Block
from quizgen.variants.streams import Words
from quizgen.variants.texts import Compiled

RULES = {
    "each-pair": "Each right pair earns a share.",
    "all-or-nothing": "Full marks when every pair is right, otherwise none.",
}


class PairSpec(BaseModel):
    """A left item and what belongs to it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    left: str = Field(description="what is joined, on one line, with {{ }}")
    right: str = Field(description="what it belongs to")
    mistake: str | None = Field(None, description="the mistake of a student who joins this left wrongly")


class MatchSpec(AnswerSpec):
    """Pairs to be joined."""

    kind: Literal["match"] = "match"
    pairs: list[PairSpec] = Field(min_length=2, max_length=24, description="what belongs together")
    extra: list[str] = Field([], max_length=6, description="rights that match nothing")
    choose: int | None = Field(None, ge=2, le=12, description="so many of the pairs are drawn")
    credit: Literal["each-pair", "all-or-nothing"] = Field("each-pair", description="the rule of partial credit")

    @model_validator(mode="after")
    def _forms(self) -> MatchSpec:
        shown = self.choose or len(self.pairs)
        if shown > min(len(self.pairs), 12):
            raise ValueError(f"at most {min(len(self.pairs), 12)} pairs can be shown; give 'choose'")
        if shown + len(self.extra) > len(LETTERS):
            raise ValueError("there are more right items than letters")
        return self

    def compile(self, name: str, path: Path, shop: Workshop) -> Answer:
        """The compiled answer."""
        return MatchAnswer(
            self.shared(name, path, shop),
            tuple(shop.text(pair.left, (*path, "pairs", i, "left")) for i, pair in enumerate(self.pairs)),
            tuple(shop.text(pair.right, (*path, "pairs", i, "right")) for i, pair in enumerate(self.pairs)),
            tuple(shop.text(text, (*path, "extra", i)) for i, text in enumerate(self.extra)),
            tuple(pair.mistake or "" for pair in self.pairs),
            self.choose or len(self.pairs),
            self.credit,
        )


_BETWEEN = re.compile(r"[\s,;|()\[\]{}]+")
_ROW = re.compile(r"[A-Z]{2,26}|[a-z]{2,26}")
_LETTER = re.compile(r"[A-Za-z?]")
_PAIR = re.compile(r"([0-9]{1,2})([A-Za-z?])")
_SIGN = r"\ *(?:->|→|=>|[-–—−=:.)])\ *"
_JOINT = re.compile(
    rf"(?<![0-9A-Za-z])(?:([0-9]{{1,2}})(?:{_SIGN}|\ )\(?([A-Za-z?])\)?|([A-Za-z]){_SIGN}([0-9]{{1,2}}))(?![0-9A-Za-z])"
)


@dataclass(frozen=True, slots=True)
class Joined:
    """Pairs of a left's place and a right's letter. ``in_a_row`` is how many letters stood there without a left, or 0."""

    pairs: tuple[tuple[int, str], ...]
    in_a_row: int = 0


@dataclass(frozen=True, slots=True)
class MatchKeys:
    """Of n variants: the pairs shown on the left (k, n), the rights shown (r, n), and each left's place among them (k, n)."""

    lefts: Sequence[Sequence[Filled]]
    rights: Sequence[Sequence[Filled]]
    shown: NDArray[np.int64]
    right_shown: NDArray[np.int64]
    key: NDArray[np.int64]
    ok: NDArray[np.bool_]
    prompts: Sequence[Filled | None]


@dataclass(frozen=True)
class MatchAnswer(Answer):
    """A compiled matching."""

    shared: Shared
    lefts: tuple[Compiled, ...]
    rights: tuple[Compiled, ...]
    extra: tuple[Compiled, ...]
    mistake: tuple[str, ...]
    choose: int
    credit: str

    @property
    def words(self) -> int:  # type: ignore[override] # computed from the pairs
        return len(self.lefts) + self.choose + len(self.extra)

    @property
    def settled(self) -> bool:
        return self.choose == len(self.lefts)

    def key_expressions(self) -> Iterable[Expression]:
        return [expression for text in (*self.lefts, *self.rights) for expression in text.displays]

    def claims(self) -> Iterable[Compiled]:
        return (*self.lefts, *self.rights, *self.extra)

    def mistakes(self) -> Iterable[tuple[str, Path]]:
        return [(mistake, ("pairs", i, "mistake")) for i, mistake in enumerate(self.mistake) if mistake]

    def prepare(self, block: Block, words: Words) -> MatchKeys:
        m, n = len(self.lefts), len(block)
        lefts = [text.fill(block) for text in self.lefts]
        rights = [text.fill(block) for text in (*self.rights, *self.extra)]
        order = shuffled(words[:m], m)
        looks = looks_of(rights)
        shown, ok = self._first_distinct(order, looks)
        extras = np.repeat(np.arange(m, m + len(self.extra))[:, None], n, axis=1)
        offered = np.concatenate([shown, extras])
        right_shown = np.take_along_axis(offered, shuffled(words[m:], len(offered)), axis=0)
        key = (right_shown[None, :, :] == shown[:, None, :]).argmax(axis=1)
        seen = np.sort(np.take_along_axis(looks, right_shown, axis=0), axis=0)
        ok &= (seen[1:] != seen[:-1]).all(axis=0)
        return MatchKeys(lefts, rights, shown, right_shown, key, ok, self.shared.prompts(block))

    def _first_distinct(
        self, order: NDArray[np.int64], looks: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """The first pairs of the order whose rights differ, and for whom there are enough."""
        m, n = order.shape
        ordered = np.take_along_axis(looks, order, axis=0)
        fresh = np.ones((m, n), dtype=np.bool_)
        for i in range(1, m):
            fresh[i] = ~(fresh[:i] & (ordered[:i] == ordered[i])).any(axis=0)
        first = np.argsort(~fresh, axis=0, kind="stable")[: self.choose]
        return np.take_along_axis(order, first, axis=0), fresh.sum(axis=0) >= self.choose

    def refusals(self, block: Block, words: Words) -> Iterable[tuple[str, NDArray[np.bool_]]]:
        yield f"answer '{self.name}': not {self.choose} pairs whose right sides differ", ~self.prepared(block, words).ok

    def interaction(self, keys: MatchKeys, row: int) -> Match:
        lefts = tuple(Option(str(i + 1), keys.lefts[pair][row]) for i, pair in enumerate(keys.shown[:, row].tolist()))
        rights = tuple(Option(LETTERS[i], keys.rights[r][row]) for i, r in enumerate(keys.right_shown[:, row].tolist()))
        return Match(keys.prompts[row], lefts, rights, RULES[self.credit])

    def read(self, response: str, reading: Reading) -> Joined:
        """Pairs of a left's number and a right's letter: ``1-B 2-A``, ``1B, 2A``; or a letter for each left: ``BA``."""
        if len(response) > MAX_RESPONSE:
            raise UnreadableError(f"{len(response):,} characters are too many for pairs such as 1-B")
        text = response.strip().strip("[](){}")
        letters = list(text) if _ROW.fullmatch(text) else [part for part in _BETWEEN.split(text) if part]
        if letters and all(_LETTER.fullmatch(part) for part in letters):
            row = tuple((i, part.upper()) for i, part in enumerate(letters) if part != GAP)
            return Joined(row or _no_pair(text), len(letters))
        pairs = []
        for part in _BETWEEN.split(_JOINT.sub(_join, text)):
            found = _PAIR.fullmatch(part)
            if found:
                pairs.append((int(found[1]) - 1, found[2].upper()))
            elif part:
                _no_pair(part)
        joined = tuple((left, letter) for left, letter in pairs if letter != GAP)
        if len({left for left, _ in pairs}) < len(pairs):
            raise UnreadableError("a left item is joined twice")
        return Joined(joined or _no_pair(text))

    def mark(
        self, keys: MatchKeys, rows: NDArray[np.int64], answers: Sequence[Any], given: Mapping[str, Sequence[Earlier | None]]
    ) -> list[Mark]:
        return [self._mark_one(keys, row, joined) for row, joined in zip(rows.tolist(), answers, strict=True)]

    def _mark_one(self, keys: MatchKeys, row: int, joined: Joined) -> Mark:
        k, offered = len(keys.shown), len(keys.right_shown)
        if joined.in_a_row not in (0, k):
            return Mark.invalid(f"{k} letters are needed, one for each item, not {joined.in_a_row}; or write pairs such as 1-B")
        for left, letter in joined.pairs:
            if not 0 <= left < k:
                return Mark.invalid(f"there is no item {left + 1} on the left; there are 1 to {k}")
            if LETTERS.index(letter) >= offered:
                return Mark.invalid(f"there is no item {letter} on the right; there are A to {LETTERS[offered - 1]}")
        partner = {left: LETTERS.index(letter) for left, letter in joined.pairs}
        wrong = [left for left in partner if partner[left] != int(keys.key[left, row])]
        missing = [left for left in range(k) if left not in partner]
        right = k - len(wrong) - len(missing)
        fraction = right / k if self.credit == "each-pair" else float(right == k)
        mistakes = [self.mistake[int(keys.shown[left, row])] for left in sorted(wrong)]
        notes = [
            f"{what}: {', '.join(str(left + 1) for left in sorted(lefts))}"
            for what, lefts in (("not right", wrong), ("not joined", missing))
            if lefts
        ]
        return Mark.of(fraction, next(filter(None, mistakes), ""), "; ".join(notes))

    def _typed(self, key: NDArray[np.int64]) -> str:
        return " ".join(f"{left + 1}-{LETTERS[place]}" for left, place in enumerate(key.tolist()))

    def key(self, keys: MatchKeys, row: int) -> AnswerKey:
        return AnswerKey(self.name, plain(self._typed(keys.key[:, row])))

    def scheme(self, keys: MatchKeys, row: int) -> RightPairs:
        mistakes = tuple(self.mistake[pair] for pair in keys.shown[:, row].tolist())
        return RightPairs(tuple(keys.key[:, row].tolist()), mistakes, self.credit)

    def specimens(self, keys: MatchKeys, row: int) -> Specimens:
        right = self._typed(keys.key[:, row])
        wrong = self._typed(np.roll(keys.key[:, row], 1))
        rights = (
            right,
            right.replace("-", "").replace(" ", ", "),
            right.replace("-", " → ").replace(" → ", "→"),
            " ".join(pair[-1] for pair in right.split()),
        )
        unfinished = " ".join(right.split()[:-1])
        return Specimens(rights, (wrong, unfinished), ("1", "1-?", "1-B 1-A", "99-A", "A"))


def _join(found: re.Match[str]) -> str:
    """A pair without what joins its two sides, the number first."""
    number, letter = (found[1], found[2]) if found[1] else (found[4], found[3])
    return f" {number}{letter} "


def _no_pair(text: str) -> Never:
    raise UnreadableError(f"'{shortened(text)}' is no pair such as 1-B")
