"""What the kinds with a pool of options share: compiling it, choosing what a variant shows, and reading what is chosen."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from quizgen.answers.base import Answer, Earlier, Mark, Path, Reading, Shared, UnreadableError
from quizgen.answers.labels import LETTERS, Found, Named, are_letters, read_named, resolved
from quizgen.answers.pool import Pool, PoolOption
from quizgen.items import Filled, Option
from quizgen.variants.draws.vectors import shuffled
from quizgen.variants.expressions import Expression
from quizgen.variants.sampler import Block
from quizgen.variants.streams import Words
from quizgen.variants.texts import Compiled, plain_text, plain_texts

MAX_OPTIONS = 12


@dataclass(frozen=True, slots=True)
class Offer:
    """Of n variants: the pool's texts (m, n), which of them are shown (k, n) in their order, and for whom there are enough.

    ``letters`` tells whether an option's text might be taken for a label; ``feedback`` has the options' own.
    """

    texts: Sequence[Sequence[Filled]]
    shown: NDArray[np.int64]
    ok: NDArray[np.bool_]
    letters: bool
    prompts: Sequence[Filled | None]
    feedback: Mapping[int, Sequence[Filled]]

    def options(self, row: int) -> tuple[Option, ...]:
        """The options of one variant, labelled A, B, C…"""
        return tuple(Option(LETTERS[i], self.texts[option][row]) for i, option in enumerate(self.shown[:, row].tolist()))

    def prompt(self, row: int) -> Filled | None:
        """The label of one variant."""
        return self.prompts[row]

    def named(self, named: Named, row: int, several: bool) -> Found:
        """The places of what a response to one variant names; `UnreadableError` where it names none of the options."""
        if not named.labels and not named.words:  # nothing, on purpose
            return Found(())
        return resolved(
            named,
            len(self.shown),
            lambda place: plain_text(self.texts[int(self.shown[place, row])][row]),
            letters=self.letters,
            several=several,
        )

    def said(self, places: Iterable[int], row: int) -> Filled | None:
        """The feedback of the first of some places whose option has one."""
        options = (int(self.shown[place, row]) for place in places)
        return next((self.feedback[option][row] for option in options if option in self.feedback), None)


@dataclass(frozen=True)
class OptionsAnswer(Answer):
    """A compiled answer with a pool of options. ``several`` tells whether more than one of them may be chosen."""

    several: ClassVar[bool]

    shared: Shared
    pool: tuple[PoolOption, ...]
    choose: int
    order: str

    @property
    def words(self) -> int:  # type: ignore[override] # computed from the pool
        return len(self.pool) + self.choose + 1

    @property
    def settled(self) -> bool:
        return self.choose == len(self.pool)

    def key_expressions(self) -> Iterable[Expression]:
        """What decides which options are right; and where one always is and no other ever, what that one says."""
        for option in self.pool:
            yield from (part for part in (option.true_when, option.value) if isinstance(part, Expression))
        always = [option for option in self.pool if option.true_when is not False]
        if len(always) == 1:
            yield from (*always[0].text.displays, *always[0].text.conditions)

    def claims(self) -> Iterable[Compiled]:
        return [option.text for option in self.pool]

    def mistakes(self) -> Iterable[tuple[str, Path]]:
        return [(option.mistake, (*option.path, "mistake")) for option in self.pool if option.mistake]

    def offer(self, pool: Pool, chosen: NDArray[np.int64], ok: NDArray[np.bool_], words: Words, block: Block) -> Offer:
        """The chosen options in the order in which they are shown; ``words`` are those of the answer."""
        return Offer(
            pool.texts,
            self._arranged(pool, chosen, words[len(self.pool) : len(self.pool) + self.choose]),
            ok,
            pool.values is None and any(are_letters(texts) for texts in self._distinct_texts(pool)),
            self.shared.prompts(block),
            {i: option.feedback.fill(block) for i, option in enumerate(self.pool) if option.feedback},
        )

    def _arranged(self, pool: Pool, chosen: NDArray[np.int64], words: Words) -> NDArray[np.int64]:
        columns = np.arange(chosen.shape[1])
        if self.order == "fixed":
            return np.sort(chosen, axis=0)
        if self.order == "size" and pool.values is not None:
            return np.take_along_axis(chosen, np.argsort(pool.values[chosen, columns], axis=0, kind="stable"), axis=0)
        return np.take_along_axis(chosen, shuffled(words, len(chosen)), axis=0)

    def _distinct_texts(self, pool: Pool) -> Iterable[Sequence[str]]:
        """The texts of the options that might be short; once where they are the same in all variants."""
        for option, texts in zip(self.pool, pool.texts, strict=True):
            if not option.text.is_long:
                yield plain_texts(texts if option.text.holes else texts[:1])

    def read(self, response: str, reading: Reading) -> Named:
        return read_named(response, reading)

    def mark(
        self, keys: Any, rows: NDArray[np.int64], answers: Sequence[Any], given: Mapping[str, Sequence[Earlier | None]]
    ) -> list[Mark]:
        return [self._mark_one(keys, row, named) for row, named in zip(rows.tolist(), answers, strict=True)]

    def _mark_one(self, keys: Any, row: int, named: Named) -> Mark:
        try:
            return self.mark_found(keys, row, keys.offer.named(named, row, self.several))
        except UnreadableError as error:
            return Mark.invalid(str(error))

    @abstractmethod
    def mark_found(self, keys: Any, row: int, found: Found) -> Mark:
        """The mark of the options that a response to one variant names. Raises `UnreadableError`."""

    def tempting(self, offer: Offer, row: int, right: Iterable[int]) -> tuple[tuple[str, int], ...]:
        """The mistakes behind the options of one variant that are not right, each with the option's place."""
        known = set(right)
        return tuple(
            (mistake, place)
            for place, option in enumerate(offer.shown[:, row].tolist())
            if place not in known and (mistake := self.pool[option].mistake)
        )

    def mistake_at(self, offer: Offer, place: int, row: int) -> str:
        """The mistake behind the option at a place of one variant, or nothing."""
        return self.pool[int(offer.shown[place, row])].mistake
