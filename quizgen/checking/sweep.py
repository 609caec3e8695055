"""Many variants of one template, drawn, keyed and shown once, for all checks to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from quizgen.answers import Answer
from quizgen.bank.template import Template, Variants
from quizgen.items import KeyedItem
from quizgen.variants.sampler import Block
from quizgen.variants.texts import plain_texts

T = TypeVar("T")

SECRET = b"check"
"""The secret of all sweeps, so that an address says the same everywhere: ``quizgen show --seed check --address N``."""


@dataclass(frozen=True, slots=True)
class Part:
    """The variants of one case: their block, and every answer with its keys."""

    block: Block
    prepared: tuple[tuple[Answer, Any], ...]

    def first(self, bad: NDArray[np.bool_]) -> int:
        """The smallest address for which ``bad``, of shape (n,), holds."""
        return int(self.block.ordinals[bad].min())


class Sweep:
    """The variants of a template at ``count`` addresses from ``start`` on, and at ``more``, and all that follows from them.

    ``complete`` says that every combination of case and draws is among them. What is costly is made when it is first asked
    for and then kept.
    """

    def __init__(
        self, template: Template, count: int = 2000, start: int = 0, more: Sequence[int] = (), complete: bool = False
    ) -> None:
        self.template = template
        self.complete = complete
        self.ordinals = np.unique(np.concatenate([np.arange(start, start + count), np.array(more, dtype=np.int64)]))
        self.sampled = (self.ordinals >= start) & (self.ordinals < start + count)
        """Which of the addresses are there whatever they show."""
        self._shared: dict[Callable[[Sweep], Any], Any] = {}

    def shared(self, make: Callable[[Sweep], T]) -> T:
        """What a function makes of the sweep: made when it is first asked for, then kept for all checks."""
        if make not in self._shared:
            self._shared[make] = make(self)
        return cast("T", self._shared[make])

    @cached_property
    def variants(self) -> Variants:
        """All variants. Raises `QuizgenError` where some cannot be drawn."""
        return self.template.variants_at(self.ordinals, secret=SECRET)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The variants by case, each with its keys."""
        return tuple(Part(block, tuple(self.template.prepared(block))) for block in self.variants.blocks)

    @cached_property
    def by_part(self) -> NDArray[np.int64]:
        """The addresses in the order of the parts."""
        return np.concatenate([part.block.ordinals for part in self.parts])

    @cached_property
    def keyed(self) -> list[KeyedItem]:
        """Every variant as an item with keys in short and solution, in the order of ``ordinals``."""
        made = [self.template.keyed_block(part.block, part.prepared, in_short=True) for part in self.parts]
        return self.variants.in_order(made)

    @cached_property
    def stems(self) -> list[str]:
        """What every variant's stem says, in the order of ``ordinals``."""
        return plain_texts([keyed.item.stem for keyed in self.keyed])

    def answers(self, kind: type) -> Iterator[tuple[Part, Any, Any]]:
        """Each part with each answer of a kind and its keys."""
        for part in self.parts:
            for answer, keys in part.prepared:
                if isinstance(answer, kind):
                    yield part, answer, keys

    def path(self, answer: str, *below: str | int) -> tuple[str | int, ...]:
        """Where an answer, or what is below it, stands in the YAML."""
        return ("answer", *below) if self.template.single else ("answers", answer, *below)
