"""Variants with their keys as arrays: by the engine, and by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.work.by_hand import BY_HAND, ByHand
from quizgen.bank import load_bank

SECRET = bytes(range(32))


def engine(kind: str, count: int) -> Callable[[], object]:
    """Draws, lets, conditions and keys of a template by quizgen."""
    template = load_bank()[BY_HAND[kind].template]

    def run() -> object:
        variants = template.variants(secret=SECRET, count=count)
        return variants, [template.prepared(block) for block in variants.blocks]

    return run


def by_hand(kind: str, count: int) -> Callable[[], object]:
    """The same by hand."""
    made = hand_written(kind)
    return lambda: made.variants(count, 1)


def hand_written(kind: str) -> ByHand:
    """The template by hand, with the words of the bank's cases."""
    made = BY_HAND[kind]
    cases = load_bank()[made.template].program.cases
    return made(np.array([[str(word) for word in np.ravel(case.constants["case.words"])] for case in cases]))
