"""How the numbers of one variant came about: every attempt at its address, and what refused those before the last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from quizgen.variants.sampler import MAX_ATTEMPTS, Block, Condition, Program, draw_once, words_needed
from quizgen.variants.streams import Stream, below


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at a variant: a block of one, and what refused it, which is nothing where it is the variant."""

    block: Block
    refused_by: tuple[str, ...]


def attempts(program: Program, secret: bytes, ordinal: int, conditions: Sequence[Condition] = ()) -> Iterator[Attempt]:
    """The attempts at the variant of an address, in order; the last is the variant, unless all were refused."""
    stream = Stream.of(secret, program.template, words_needed(program, conditions))
    ordinals = np.array([ordinal], dtype=np.int64)
    case = int(below(stream.words(ordinals, 0)[0], len(program.cases))[0])
    for number in range(MAX_ATTEMPTS):
        refused: Counter[str] = Counter()
        block, ok = draw_once(program, case, stream.words(ordinals, number), conditions, refused)
        yield Attempt(block, tuple(refused))
        if ok.all():
            return
