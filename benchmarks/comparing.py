"""Comparisons: a subject and its yardstick run in turns, and what is told of their ratios."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

from benchmarks.measuring import Call, Cost, FailedError, Job, cost_of, costs_in_turns

Size: TypeAlias = Literal["tiny", "quick", "normal", "full"]
"""How much is done: ``tiny`` only shows that all runs."""

SIZES: tuple[Size, ...] = ("tiny", "quick", "normal", "full")


@dataclass(frozen=True, slots=True)
class Comparison:
    """A subject beside a yardstick, each doing so many of the same things.

    ``by`` says which seconds the ratio is of: of processors, where both use one core, or by the clock.
    ``in_turns`` runs both in one process; else each run is a process of its own. ``goal`` is the ratio to stay below.
    """

    name: str
    subject: Job
    against: str
    yardstick: Job
    count: int
    unit: str
    yardstick_count: int = 0
    by: Literal["cpu", "wall"] = "cpu"
    in_turns: bool = False
    goal: float | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A comparison that cannot be made, and why."""

    name: str
    reason: str


class Benchmark(Protocol):
    """A module of `benchmarks.jobs`."""

    ABOUT: str

    def comparisons(self, size: Size, folder: Path) -> Iterator[Comparison | Skipped]:
        """What is compared; ``folder`` is for input that several runs use."""


@dataclass(frozen=True, slots=True)
class Quartiles:
    """The median and the quartiles of some numbers; all the same where there is one."""

    low: float
    median: float
    high: float

    @classmethod
    def of(cls, numbers: Sequence[float]) -> Quartiles:
        """Those of the numbers, by linear interpolation between them."""
        if len(numbers) == 1:
            return cls(numbers[0], numbers[0], numbers[0])
        return cls(*statistics.quantiles(numbers, n=4, method="inclusive"))


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured of a comparison."""

    comparison: Comparison
    pairs: tuple[tuple[Cost, Cost], ...]

    def ratios(self, by: Literal["cpu", "wall"]) -> list[float]:
        """The subject's seconds for each thing, divided by the yardstick's, for each pair."""
        subject, yardstick = self._counts
        return [(_seconds(a, by) / subject) / (_seconds(b, by) / yardstick) for a, b in self.pairs]

    @property
    def ratio(self) -> Quartiles:
        """The ratios in short."""
        return Quartiles.of(self.ratios(self.comparison.by))

    @property
    def seconds(self) -> tuple[float, float]:
        """The median of the subject's seconds, and of the yardstick's."""
        by = self.comparison.by
        return (
            statistics.median(_seconds(a, by) for a, _ in self.pairs),
            statistics.median(_seconds(b, by) for _, b in self.pairs),
        )

    @property
    def each(self) -> tuple[float, float]:
        """Seconds for one thing, of the subject and of the yardstick."""
        subject, yardstick = self._counts
        return self.seconds[0] / subject, self.seconds[1] / yardstick

    @property
    def peaks(self) -> tuple[int, int]:
        """The most memory that a process of the subject held, and one of the yardstick, in bytes."""
        return max(a.peak for a, _ in self.pairs), max(b.peak for _, b in self.pairs)

    @property
    def _counts(self) -> tuple[int, int]:
        return self.comparison.count, self.comparison.yardstick_count or self.comparison.count


def _seconds(cost: Cost, by: Literal["cpu", "wall"]) -> float:
    return max(cost.cpu if by == "cpu" else cost.wall, 1e-9)


def measured(comparison: Comparison, pairs: int) -> Figure | Skipped:
    """The figure of a comparison, from so many pairs of runs, or why there is none."""
    subject, yardstick = comparison.subject, comparison.yardstick
    try:
        if comparison.in_turns:
            assert isinstance(subject, Call)
            assert isinstance(yardstick, Call)
            return Figure(comparison, tuple(costs_in_turns(subject, yardstick, pairs)))
        return Figure(comparison, tuple(_pair(subject, yardstick, number) for number in range(pairs)))
    except FailedError as error:
        return Skipped(comparison.name, f"it did not run: {error}")


def _pair(subject: Job, yardstick: Job, number: int) -> tuple[Cost, Cost]:
    """A pair of runs; which comes first changes from pair to pair."""
    if number % 2 == 0:
        first = cost_of(subject)
        return first, cost_of(yardstick)
    second = cost_of(yardstick)
    return cost_of(subject), second
