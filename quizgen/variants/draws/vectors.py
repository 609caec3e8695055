"""Draws of several values: distribution, sequence, sample, permutation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError, field_validator

from quizgen.errors import ExpressionError
from quizgen.variants.draws.base import Draw, Sample, Sampler, Scope, names_in
from quizgen.variants.draws.numbers import Written, check_number, listed_values
from quizgen.variants.streams import Words, below
from quizgen.variants.values import MAX_LENGTH, Array, Grid, Kind, Value
from quizgen.variants.written import exact, written_decimals


def check_size(size: int) -> None:
    """Nothing, or `ExpressionError` where one variant has too many numbers of a draw."""
    if size > MAX_LENGTH:
        raise ExpressionError(f"the draw has {size:,} entries in one variant; the most is {MAX_LENGTH}")


_TRIES = 12
"""How often a constrained distribution is tried within one attempt of a variant."""


@dataclass(frozen=True)
class DistributionSampler(Sampler):
    """Vectors of ``entries`` whole parts of ``total``, uniform over all that the constraints allow, as multiples of a step."""

    name: str
    entries: int
    count: int | None
    total: int
    unit: float
    """What one part is worth, as 1 / unit."""
    decimals: int
    low: int
    high: int
    peak: tuple[int, int]
    distinct: bool
    gold: str | int | None
    rank: tuple[int, int]

    @property
    def kinds(self) -> Mapping[str, Kind]:  # type: ignore[override] # computed from the name
        return {self.name: Grid(self.decimals)}

    @property
    def size(self) -> int:  # type: ignore[override] # computed from the sizes
        return self.entries * (self.count or 1)

    @property
    def words(self) -> int:  # type: ignore[override] # computed from the sizes
        return (self.count or 1) * (_TRIES * (self.entries - 1) + 1)

    def sample(self, words: Words, values: Mapping[str, Value]) -> Sample:
        n = words.shape[1]
        rows, ok = [], np.ones(n, dtype=bool)
        for row_words in np.split(words, self.count or 1):
            parts, fine = self._row(row_words)
            if self.gold is not None:
                parts = self._rank_gold(parts, row_words[-1], values)
            rows.append(parts / self.unit)
            ok &= fine
        return Sample({self.name: np.stack(rows) if self.count else rows[0]}, ok)

    def _row(self, words: Words) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        n = words.shape[1]
        parts = np.zeros((self.entries, n), dtype=np.int64)
        ok = np.zeros(n, dtype=bool)
        for attempt in range(_TRIES):
            open_rows = np.flatnonzero(~ok)
            if not len(open_rows):
                break
            start = attempt * (self.entries - 1)
            drawn = self._composition(words[start : start + self.entries - 1, open_rows])
            parts[:, open_rows] = drawn
            ok[open_rows] = self._allowed(drawn)
        return parts, ok

    def _composition(self, words: Words) -> NDArray[np.int64]:
        """Uniform over all ways to write the total as ordered parts of at least ``low`` (stars and bars, Floyd's sample)."""
        spare = self.total - self.entries * self.low
        bars = self.entries - 1
        chosen = np.full((bars, words.shape[1]), -1, dtype=np.int64)
        for i in range(bars):
            largest = spare + i
            candidate = below(words[i], largest + 1)
            chosen[i] = np.where((chosen[:i] == candidate).any(axis=0), largest, candidate)
        chosen.sort(axis=0)
        edges = np.vstack([np.full((1, words.shape[1]), -1), chosen, np.full((1, words.shape[1]), spare + bars)])
        return np.diff(edges, axis=0) - 1 + self.low

    def _allowed(self, parts: NDArray[np.int64]) -> NDArray[np.bool_]:
        largest = parts.max(axis=0)
        ok: NDArray[np.bool_] = (largest <= self.high) & (largest >= self.peak[0]) & (largest <= self.peak[1])
        if self.distinct:
            ordered = np.sort(parts, axis=0)
            ok &= (np.diff(ordered, axis=0) > 0).all(axis=0)
        return ok

    def _rank_gold(self, parts: NDArray[np.int64], word: Words, values: Mapping[str, Value]) -> NDArray[np.int64]:
        """The parts with the entry of the wanted rank swapped to the gold index."""
        n = parts.shape[1]
        gold = values[self.gold] if isinstance(self.gold, str) else self.gold
        at = np.broadcast_to(np.asarray(gold, dtype=np.float64).astype(np.int64), (n,))
        if at.min(initial=0) < 0 or at.max(initial=0) >= self.entries:
            raise ExpressionError(f"'gold' is an index from 0 to {self.entries - 1}")
        wanted = self.rank[0] - 1 + below(word, self.rank[1] - self.rank[0] + 1)
        order = np.argsort(-parts, axis=0, kind="stable")
        columns = np.arange(n)
        source = order[wanted, columns]
        result = parts.copy()
        result[source, columns], result[at, columns] = parts[at, columns], parts[source, columns]
        return result


class Distribution(Draw):
    """A probability distribution on a decimal grid, summing to exactly 1."""

    distribution: int | str = Field(description="number of entries, or a list of the case")
    step: Written = Field(0.01, description="grid of the entries; 1 is a whole number of steps")
    min: Written = Field(None, description="smallest entry (default: one step)")
    max: Written = Field(None, description="largest entry")
    peak: Any = Field(None, description="the largest entry is at least this, or within [low, high]")
    distinct: bool = Field(False, description="no two entries are equal")
    gold: str | int | None = Field(None, description="an earlier draw, or a place: the index of the gold entry")
    rank: int | list[int] | None = Field(None, description="rank of the gold entry, 1 the largest; or [from, to]")
    count: int | None = Field(None, description="so many rows instead of one", ge=1, le=50)

    @field_validator("step", "min", "max")
    @classmethod
    def _number(cls, value: Any) -> Any:
        return check_number(value)

    def uses(self) -> Iterable[str]:
        yield from names_in(self.distribution)
        if isinstance(self.gold, str):
            yield self.gold

    def prepare(self, name: str, scope: Scope) -> Sampler:
        size = scope.size(self.distribution, "distribution")
        if size < 2:
            raise ExpressionError("a distribution has at least 2 entries")
        check_size(size * (self.count or 1))
        step = exact(self.step)
        if step <= 0 or (1 / step).denominator != 1 or 1 / step > 10**6:
            raise ExpressionError(f"1 is not a whole number of steps of {self.step}")
        total = int(1 / step)
        low = 1 if self.min is None else self._parts(self.min, "min")
        high = total if self.max is None else self._parts(self.max, "max")
        bounds = self.peak if isinstance(self.peak, list) else [self.peak, 1] if self.peak is not None else [0, 1]
        if len(bounds) != 2:
            raise ExpressionError("peak is one number, or [low, high]")
        peak = self._parts(check_number(bounds[0]), "peak"), self._parts(check_number(bounds[1]), "peak")
        rank = self.rank if isinstance(self.rank, list) else [self.rank or 1, self.rank or 1]
        if len(rank) != 2 or not 1 <= rank[0] <= rank[1] <= size:
            raise ExpressionError(f"rank is 1 to {size}, or [from, to]")
        if (self.gold is None) != (self.rank is None):
            raise ExpressionError("'gold' and 'rank' go together")
        largest = min(high, peak[1], total - (size - 1) * low)
        if size * low > total or size * largest < total or largest < max(low, peak[0]):
            raise ExpressionError(f"no {size} entries between these bounds sum to 1")
        if isinstance(self.gold, str) and scope.kinds.get(self.gold, Grid(0)) != Grid(0):
            raise ExpressionError(f"'gold' is a whole number, the index of an entry, and '{self.gold}' is not")
        if isinstance(self.gold, int) and not 0 <= self.gold < size:
            raise ExpressionError(f"'gold' is an index from 0 to {size - 1}")
        decimals = written_decimals(self.step)
        return DistributionSampler(
            name, size, self.count, total, float(total), decimals, low, high, peak, self.distinct, self.gold,
            (rank[0], rank[1]),
        )  # fmt: skip

    def _parts(self, number: object, what: str) -> int:
        parts = exact(number) / exact(self.step)
        if parts.denominator != 1 or not 0 <= exact(number) <= 1:
            raise ExpressionError(f"{what} {number} is not a multiple of the step {self.step} inside [0, 1]")
        return int(parts)


@dataclass(frozen=True)
class SequenceSampler(Sampler):
    """``count`` independent draws of one kind, stacked."""

    name: str
    inner: Sampler
    count: int
    distinct: bool

    @property
    def size(self) -> int:  # type: ignore[override] # the inner draw's, as often
        return self.count * self.inner.size

    @property
    def kinds(self) -> Mapping[str, Kind]:  # type: ignore[override] # the inner draw's
        return self.inner.kinds

    @property
    def words(self) -> int:  # type: ignore[override] # the inner draw's, as often
        return self.count * self.inner.words

    def sample(self, words: Words, values: Mapping[str, Value]) -> Sample:
        samples = [self.inner.sample(part, values) for part in np.split(words, self.count)]
        stacked = np.stack([sample.values[self.name] for sample in samples])
        ok = np.ones(words.shape[1], dtype=bool)
        for sample in samples:
            if sample.ok is not None:
                ok &= sample.ok
        if self.distinct:
            ordered = np.sort(stacked, axis=0)
            ok &= (ordered[1:] != ordered[:-1]).all(axis=0)
        return Sample({self.name: stacked}, ok)


class Sequence(Draw):
    """A vector of independent draws."""

    sequence: Any = Field(description="any draw that gives one number, text or vector")
    size: int | str = Field(description="number of entries, or a list of the case")
    distinct: bool = Field(False, description="no two entries are equal")

    @field_validator("sequence")
    @classmethod
    def _inner(cls, data: Any) -> Draw:
        from quizgen.variants.draws import read_draw  # the registry knows this class too

        if not isinstance(data, dict):
            raise ValueError("a sequence is made of a draw, such as {sequence: {integer: [1, 6]}, size: 5}")
        try:
            return read_draw(data)
        except ValidationError as error:
            raise ValueError("in the draw of the sequence, " + "; ".join(map(_in_words, error.errors()))) from error
        except ExpressionError as error:
            raise ValueError(f"in the draw of the sequence, {error}") from error

    def uses(self) -> Iterable[str]:
        yield from names_in(self.size)
        yield from self.sequence.uses()

    def files(self) -> Iterable[str]:
        return cast("Iterable[str]", self.sequence.files())

    def prepare(self, name: str, scope: Scope) -> Sampler:
        inner: Sampler = self.sequence.prepare(name, scope)
        if set(inner.kinds) != {name}:
            raise ExpressionError("a sequence is made of draws of one value")
        if self.distinct and not isinstance(inner.kinds[name], Grid):
            raise ExpressionError("'distinct' is for numbers; use 'sample' for texts")
        count = scope.size(self.size, "size")
        check_size(count * inner.size)
        return SequenceSampler(name, inner, count, self.distinct)


def _in_words(fault: Any) -> str:
    """A fault of the inner draw, where no place in the file is known."""
    where = ".".join(map(str, fault["loc"]))
    match fault["type"]:
        case "missing":
            return f"the key '{where}' is missing"
        case "extra_forbidden":
            return f"there is no key '{where}'"
    return f"{where}: {str(fault['msg']).removeprefix('Value error, ')}"


@dataclass(frozen=True)
class ShuffleSampler(Sampler):
    """The first ``count`` of the options, of shape (m, …, 1), in random order (Fisher–Yates)."""

    name: str
    options: Array
    count: int
    kind: Kind

    @property
    def size(self) -> int:  # type: ignore[override] # computed from the options
        return self.count * int(np.prod(self.options.shape[1:]))

    @property
    def kinds(self) -> Mapping[str, Kind]:  # type: ignore[override] # computed from the name
        return {self.name: self.kind}

    @property
    def words(self) -> int:  # type: ignore[override] # one for each entry
        return self.count

    def sample(self, words: Words, values: Mapping[str, Value]) -> Sample:
        return Sample({self.name: np.moveaxis(self.options[shuffled(words, len(self.options)), ..., 0], 1, -1)})


def shuffled(words: Words, length: int) -> NDArray[np.int64]:
    """Indices of shape (k, n): for each column of words (k, n), k of 0..length-1 without repetition, in random order."""
    k, n = words.shape
    order = np.repeat(np.arange(length, dtype=np.int64)[:, None], n, axis=1)
    columns = np.arange(n)
    for i in range(k):
        j = i + below(words[i], length - i)
        order[i, columns], order[j, columns] = order[j, columns], order[i, columns].copy()
    return order[:k]


class SampleDraw(Draw):
    """Some of a list, without repetition, in random order."""

    sample: list[Any] | str = Field(description="the values, or a list of the case")
    size: int | str = Field(description="how many")

    def uses(self) -> Iterable[str]:
        yield from names_in(self.sample)
        yield from names_in(self.size)

    def prepare(self, name: str, scope: Scope) -> Sampler:
        options, kind = listed_values(self.sample, scope, "sample")
        size = scope.size(self.size, "size")
        if size > len(options):
            raise ExpressionError(f"{size} of a list of {len(options)} cannot be drawn without repetition")
        return ShuffleSampler(name, options, size, kind)


class Permutation(Draw):
    """A list in random order, or 0..k-1 in random order."""

    permutation: int | list[Any] | str = Field(description="a length k for 0..k-1, the values, or a list of the case")

    def uses(self) -> Iterable[str]:
        return names_in(self.permutation)

    def prepare(self, name: str, scope: Scope) -> Sampler:
        source = self.permutation
        if isinstance(source, str):
            value = scope.constant(source, "permutation")
            source = source if isinstance(value, np.ndarray) and value.ndim > 1 else scope.size(source, "permutation")
        if isinstance(source, int):
            size = scope.size(source, "permutation")
            return ShuffleSampler(name, np.arange(size, dtype=np.float64)[:, None], size, Grid(0))
        options, kind = listed_values(source, scope, "permutation")
        return ShuffleSampler(name, options, len(options), kind)
