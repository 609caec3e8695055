"""What follows from a student's earlier numbers, so that one mistake is not paid for twice."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from quizgen.answers.bands import Accuracy, Floats, close
from quizgen.answers.base import Earlier
from quizgen.variants.expressions import Expression
from quizgen.variants.sampler import Block
from quizgen.variants.values import Value, spread

MOST_MOVED = 4
"""Of more earlier answers than these it is not tried what else rounds to them."""


@dataclass(frozen=True, slots=True)
class Following:
    """Of n responses: the value that follows from what was given before (NaN where nothing does), the smallest and the
    largest that follows from what rounds to it, and the credit.
    """

    value: Floats
    least: Floats
    most: Floats
    worth: Floats

    def at(self, places: NDArray[np.int64], factor: float) -> Following:
        """That of some responses, for numbers in a unit that is ``factor`` of the key's."""
        value, least, most = (part[places] / factor for part in (self.value, self.least, self.most))
        return Following(value, least, most, self.worth[places])

    def fits(self, values: Floats, accuracy: Accuracy) -> NDArray[np.bool_]:
        """Whether each value follows, within the accuracy."""
        with np.errstate(invalid="ignore"):
            between = (values >= self.least) & (values <= self.most)
        return np.asarray(between | close(values, self.least, accuracy) | close(values, self.most, accuracy))


def earlier_in(expression: Expression) -> frozenset[str]:
    """The names of the answers of which an expression uses what was given."""
    return frozenset(name.removeprefix("given.") for name in expression.names if name.startswith("given."))


def following(
    expression: Expression,
    credit: float,
    block: Block,
    rows: NDArray[np.int64],
    given: Mapping[str, Sequence[Earlier | None]],
) -> Following:
    """For each response, to the variant at its row, what follows from what was given before.

    What follows from right answers alone is right, though they are rounded: it earns full credit. From wrong ones a student
    may have gone on with more digits than asked for, so what follows from any number that rounds to them follows too.
    """
    needed = sorted(earlier_in(expression))
    n = len(rows)
    all_right = np.ones(n, dtype=bool)
    values: dict[str, Value] = {
        name: spread(value, len(block))[..., rows] if isinstance(value, np.ndarray) else value
        for name, value in block.values.items()
    }
    typed: dict[str, Floats] = {}
    slacks: dict[str, Floats] = {}
    for name in needed:
        earlier = given.get(name, [None] * n)
        typed[name] = np.array([math.nan if e is None else e.answer.in_key_unit for e in earlier])
        slacks[name] = np.array([0.0 if e is None else e.slack for e in earlier])
        all_right &= np.array([e is not None and e.right for e in earlier], dtype=bool)

    def follows(moved: Mapping[str, Floats]) -> Floats:
        named = {f"given.{name}": numbers for name, numbers in moved.items()}
        return spread(expression({**values, **named}), n).astype(np.float64)

    value = follows(typed)
    least, most = value.copy(), value.copy()
    for signs in product((-1, 0, 1), repeat=len(needed)) if len(needed) <= MOST_MOVED else ():
        with np.errstate(all="ignore"):
            moved = {
                name: typed[name] + sign * np.where(all_right, 0.0, slacks[name])
                for name, sign in zip(needed, signs, strict=True)
            }
            way = follows(moved)
        known = np.isfinite(way) & np.isfinite(value)
        least, most = np.where(known, np.minimum(least, way), least), np.where(known, np.maximum(most, way), most)
    return Following(value, least, most, np.where(all_right, 1.0, credit))
