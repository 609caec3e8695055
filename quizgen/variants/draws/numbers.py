"""Draws of single numbers and texts: choice, uniform, integer, probability."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator

from quizgen.errors import ExpressionError
from quizgen.variants.draws.base import MAX_GRID, Draw, Sample, Sampler, Scope, names_in
from quizgen.variants.expressions import parse
from quizgen.variants.kinds import kind_of
from quizgen.variants.streams import Words, below
from quizgen.variants.values import MAX_DECIMALS, MAX_NUMBER, MOST_UNITS, Array, Grid, Kind, Value, constant
from quizgen.variants.written import exact, written, written_decimals

Written = Any
"""A number as YAML gives it, so that its decimals are still known."""


def check_number(value: Any) -> Any:
    """The value, if it is a finite number; for validators."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{value!r} stands where a number is needed")
    if written_decimals(value) > MAX_DECIMALS:
        raise ValueError(f"the number {written(value)} has more than {MAX_DECIMALS} decimals")
    if abs(value) > MAX_NUMBER:
        raise ValueError("a number is too large")
    return value


@dataclass(frozen=True)
class ChoiceSampler(Sampler):
    """One of the rows of ``options`` of shape (m, …, 1), in proportion to whole-number weights."""

    name: str
    options: Array
    cumulative: NDArray[np.int64]
    kind: Kind
    words = 1

    @property
    def size(self) -> int:  # type: ignore[override] # computed from the options
        return int(np.prod(self.options.shape[1:]))

    @property
    def kinds(self) -> Mapping[str, Kind]:  # type: ignore[override] # computed from the name
        return {self.name: self.kind}

    @property
    def outcomes(self) -> int:
        drawn = self.options[np.diff(self.cumulative, prepend=0) > 0]
        return len(np.unique(drawn.reshape(len(drawn), -1).astype(str), axis=0))

    def sample(self, words: Words, values: Mapping[str, Value]) -> Sample:
        at = np.searchsorted(self.cumulative, below(words[0], int(self.cumulative[-1])), side="right")
        return Sample({self.name: np.moveaxis(self.options[at, ..., 0], 0, -1)})


class Choice(Draw):
    """One of the listed values."""

    choice: list[Any] | str = Field(description="the values, or a list of the case")
    weights: list[int] | None = Field(None, description="whole numbers: how often each comes, relative to the others")

    @field_validator("weights")
    @classmethod
    def _positive(cls, weights: list[int] | None) -> list[int] | None:
        if weights is not None and (min(weights, default=0) < 0 or not 0 < sum(weights) < 2**31):
            raise ValueError("weights are whole numbers of 0 or more, not all 0")
        return weights

    def uses(self) -> Iterable[str]:
        return names_in(self.choice)

    def prepare(self, name: str, scope: Scope) -> Sampler:
        options, kind = listed_values(self.choice, scope, "choice")
        weights = self.weights or [1] * len(options)
        if len(weights) != len(options):
            raise ExpressionError(f"{len(options)} values have {len(weights)} weights")
        return ChoiceSampler(name, options, np.cumsum(np.array(weights, dtype=np.int64)), kind)


def listed_values(source: list[Any] | str, scope: Scope, what: str) -> tuple[Array, Kind]:
    """The values of a list that is written out, or named as a list of the case, as an array of shape (m, …, 1)."""
    if isinstance(source, str):
        value = scope.constant(source, what)
        kind = kind_of(parse(source).node, scope.kinds)
    else:
        value, kind = constant(source)
    if not isinstance(value, np.ndarray) or value.ndim < 2:
        raise ExpressionError(f"{what} needs a list")
    return value, kind


@dataclass(frozen=True)
class GridSampler(Sampler):
    """low + k·step in units of 10^-decimals, for k below ``points`` but the avoided ones."""

    name: str
    low: int
    step: int
    points: int
    decimals: int
    avoided: tuple[int, ...]
    words = 1
    size = 1

    @property
    def kinds(self) -> Mapping[str, Kind]:  # type: ignore[override] # computed from the name
        return {self.name: Grid(self.decimals, natural=self.decimals == 0 and self.low >= 0)}

    @property
    def outcomes(self) -> int:
        return self.points - len(self.avoided)

    def sample(self, words: Words, values: Mapping[str, Value]) -> Sample:
        k = below(words[0], self.points - len(self.avoided))
        for place in self.avoided:
            k += k >= place
        return Sample({self.name: (self.low + k * self.step) / 10.0**self.decimals})


def grid_sampler(name: str, bounds: list[Any], step: Any, avoid: list[Any], inside: tuple[int, int] | None) -> GridSampler:
    """The sampler of a grid from low to high, both included."""
    if len(bounds) != 2:
        raise ExpressionError("give [lowest, highest]")
    decimals = max(map(written_decimals, [*bounds, step]))
    low, high, pace = (exact(number) * 10**decimals for number in (*bounds, step))
    if pace <= 0 or low > high:
        raise ExpressionError("the lowest comes first, and the step is above 0")
    if inside and not inside[0] * 10**decimals <= low <= high <= inside[1] * 10**decimals:
        raise ExpressionError(f"a probability lies between {inside[0]} and {inside[1]}")
    if (high - low) % pace:
        raise ExpressionError(f"the step {step} does not lead from {bounds[0]} to {bounds[1]} exactly")
    points = int((high - low) / pace) + 1
    if points > MAX_GRID:
        raise ExpressionError(f"the grid has {points:,} numbers; the most is {MAX_GRID:,}")
    if max(abs(low), abs(high)) >= MOST_UNITS:
        raise ExpressionError("the numbers have more digits than a double holds exactly")
    places = sorted({(exact(number) * 10**decimals - low) / pace for number in avoid})
    avoided = tuple(int(place) for place in places if place.denominator == 1 and 0 <= place < points)
    if len(avoided) == points:
        raise ExpressionError("every number of the grid is avoided")
    return GridSampler(name, int(low), int(pace), points, decimals, avoided)


class Uniform(Draw):
    """A number on a grid, each as likely as the other."""

    uniform: list[Written] = Field(description="[lowest, highest], both included")
    step: Written = Field(description="distance between neighbours on the grid")
    avoid: list[Written] = Field([], description="numbers never drawn")

    _numbers = field_validator("step")(check_number)
    _lists = field_validator("uniform", "avoid")(lambda values: [check_number(value) for value in values])

    def prepare(self, name: str, scope: Scope) -> Sampler:
        return grid_sampler(name, self.uniform, self.step, self.avoid, None)


class Integer(Draw):
    """A whole number, both ends included."""

    integer: list[int] = Field(description="[lowest, highest], both included")
    step: int = Field(1, description="distance between neighbours")
    avoid: list[int] = Field([], description="numbers never drawn")

    def prepare(self, name: str, scope: Scope) -> Sampler:
        return grid_sampler(name, self.integer, self.step, self.avoid, None)


class Probability(Draw):
    """A number on a grid inside [0, 1]."""

    probability: list[Written] = Field(description="[lowest, highest], both included, inside [0, 1]")
    step: Written = Field(0.01, description="distance between neighbours on the grid")
    avoid: list[Written] = Field([], description="numbers never drawn")

    _numbers = field_validator("step")(check_number)
    _lists = field_validator("probability", "avoid")(lambda values: [check_number(value) for value in values])

    def prepare(self, name: str, scope: Scope) -> Sampler:
        return grid_sampler(name, self.probability, self.step, self.avoid, (0, 1))
