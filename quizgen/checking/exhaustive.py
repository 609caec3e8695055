"""Every combination of cases and drawn values that a template has, where they can be counted, each at an address of its own.

Counted are templates all of whose draws have finitely many outcomes that are known: a choice, a number of a grid, a row of a
file, some of a list in some order, and sequences of these. Words are constructed for every outcome, so that the conditions
decide on each combination; then addresses are looked for until each combination that they allow has one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quizgen.bank.template import Template
from quizgen.checking.sweep import SECRET
from quizgen.variants.draws.base import Sampler
from quizgen.variants.draws.numbers import ChoiceSampler, GridSampler
from quizgen.variants.draws.rows import RowsSampler
from quizgen.variants.draws.vectors import SequenceSampler, ShuffleSampler
from quizgen.variants.sampler import Block, draw_once, words_needed
from quizgen.variants.streams import Words
from quizgen.variants.values import spread

MOST = 20_000
"""So many combinations at most are gone through."""

PATIENCE = 25
"""So many times as many addresses as there are combinations are looked through: one in e^25 is missed, were all as likely."""

_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Space:
    """All combinations of a template: how many there are, and addresses that have each of them.

    ``why`` says why they cannot be counted, and is empty where they were; ``found`` is below ``total`` where some
    combinations have no address among those that were looked through.
    """

    ordinals: NDArray[np.int64]
    total: int = 0
    why: str = ""

    @classmethod
    def uncounted(cls, why: str) -> Space:
        """No combinations, for they cannot be counted."""
        return cls(np.zeros(0, dtype=np.int64), why=why)

    @property
    def found(self) -> int:
        """How many combinations have an address."""
        return len(self.ordinals)

    @property
    def is_complete(self) -> bool:
        """Whether all combinations are there."""
        return not self.why and self.found == self.total


def space_of(template: Template) -> Space:
    """The combinations of a template. Raises `QuizgenError` for what cannot be computed in some of them."""
    counts = []
    for case in template.program.cases:
        count = 1
        for sampler in case.samplers:
            outcomes = outcomes_of(sampler)
            if outcomes is None:
                return Space.uncounted(f"the draw '{next(iter(sampler.kinds))}' has outcomes that are not counted")
            count *= math.prod(len(starts) for starts in outcomes)
        counts.append(count)
    if sum(counts) > MOST:
        return Space.uncounted(f"the draws have {sum(counts):,} combinations, more than {MOST:,}")
    wanted = {key for case in range(len(counts)) for key in _allowed(template, case)}
    found: dict[tuple[object, ...], int] = {}
    most = PATIENCE * max(1, len(counts) * max(counts))
    for start in range(0, most, _AT_ONCE):
        variants = template.variants(secret=SECRET, start=start, count=min(_AT_ONCE, most - start))
        for block in variants.blocks:
            for key, ordinal in zip(_keys(block, _names(template, block.case)), block.ordinals.tolist(), strict=True):
                if key in wanted and ordinal < found.get(key, ordinal + 1):
                    found[key] = ordinal
        if len(found) == len(wanted):
            break
    return Space(np.array(sorted(found.values()), dtype=np.int64), len(wanted))


def outcomes_of(sampler: Sampler) -> list[NDArray[np.uint64]] | None:
    """For each random word of a draw the words that lead to each of its outcomes; None where these are not known."""
    match sampler:
        case GridSampler(points=points, avoided=avoided):
            return [_starts(np.arange(points - len(avoided)), points - len(avoided))]
        case ChoiceSampler(cumulative=cumulative):
            first = np.concatenate([[0], cumulative[:-1]])
            return [_starts(first[cumulative > first], int(cumulative[-1]))]
        case RowsSampler(rows=rows):
            return [_starts(np.arange(len(rows)), len(rows))]
        case ShuffleSampler(options=options, count=count):
            return [_starts(np.arange(len(options) - i), len(options) - i) for i in range(count)]
        case SequenceSampler(inner=inner, count=count):
            once = outcomes_of(inner)
            return None if once is None else once * count
    return None


def _starts(values: NDArray[np.int64], bound: int) -> NDArray[np.uint64]:
    """The smallest word for each value below a bound (see `streams.below`)."""
    high = [-(-(int(value) << 32) // bound) for value in values.tolist()]
    return np.array(high, dtype=np.uint64) << np.uint64(32)


def _allowed(template: Template, case: int) -> Iterator[tuple[object, ...]]:
    """The combinations of a case that the template's conditions allow."""
    program = template.program
    outcomes = [starts for sampler in program.cases[case].samplers for starts in outcomes_of(sampler) or ()]
    total = math.prod(map(len, outcomes))
    words: Words = np.zeros((words_needed(program, template.answers), total), dtype=np.uint64)
    each = 1
    for row, starts in enumerate(outcomes, 1):
        words[row] = starts[np.arange(total) // each % len(starts)]
        each *= len(starts)
    block, ok = draw_once(program, case, words)
    keys = list(_keys(block, _names(template, case)))
    yield from (keys[i] for i in np.flatnonzero(ok).tolist())


def _names(template: Template, case: int) -> list[str]:
    return [name for sampler in template.program.cases[case].samplers for name in sampler.kinds]


def _keys(block: Block, names: Sequence[str]) -> Iterator[tuple[object, ...]]:
    """For each variant of a block what tells its combination from others."""
    n = len(block)
    columns: list[list[object]] = [[block.case] * n]
    for name in names:
        values = spread(block.values[name], n).reshape(-1, n)
        columns.extend(row.tolist() for row in values)
    return zip(*columns, strict=True)
