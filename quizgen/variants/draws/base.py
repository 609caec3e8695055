"""What a kind of draw is: a checked YAML map that, for one case, turns random words into values.

A new kind is one class here or in another package: a `Draw` whose first field is named as its YAML key, entered in
`quizgen.variants.draws.KINDS` or announced as an entry point of the group ``quizgen.draws``.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from quizgen.errors import ExpressionError
from quizgen.variants.expressions import parse
from quizgen.variants.streams import Words
from quizgen.variants.values import MAX_LENGTH, Array, Kind, Value

MAX_GRID = 1_000_000
"""The most points of a grid."""


@dataclass(frozen=True, slots=True)
class Table:
    """A data file's columns, each of shape (rows,) or, where its values are lists, (rows, k); and their kinds."""

    name: str
    columns: Mapping[str, Array]
    kinds: Mapping[str, Kind]
    size: int


@dataclass(frozen=True, slots=True)
class Scope:
    """What a draw may look at when it is prepared for a case: the case's constants, kinds of earlier names, data files."""

    constants: Mapping[str, Value]
    kinds: Mapping[str, Kind]
    tables: Mapping[str, Table] = field(default_factory=dict)

    def constant(self, source: str, what: str) -> Value:
        """The value of an expression of the case alone."""
        expression = parse(source)
        unknown = sorted(name for name in expression.names if name not in self.constants)
        if unknown:
            raise ExpressionError(f"{what} may use the case only, not '{unknown[0]}'")
        return expression(self.constants)

    def size(self, source: int | str, what: str) -> int:
        """A number of entries: a whole number, or the length of one of the case's lists."""
        value = source if isinstance(source, int) else self.constant(source, what)
        size = len(value) if isinstance(value, np.ndarray) and value.ndim > 1 else value
        if isinstance(size, str | bool | np.ndarray) or not 1 <= size <= MAX_LENGTH or size != int(size):
            raise ExpressionError(f"{what} must be a whole number from 1 to {MAX_LENGTH}, or a list of the case")
        return int(size)


@dataclass(frozen=True, slots=True)
class Sample:
    """The drawn values (usually one, under the draw's own name) and, where a draw can fail, who succeeded."""

    values: Mapping[str, Value]
    ok: NDArray[np.bool_] | None = None


class Sampler:
    """A draw prepared for one case: the random ``words`` that a variant needs, and the names it gives with their kinds.

    ``size`` is how many numbers or texts one variant has of it.
    """

    words: int
    size: int
    kinds: Mapping[str, Kind]

    @property
    def outcomes(self) -> int | None:
        """How many different values can be drawn; None where that is not known or of no use."""
        return None

    @abstractmethod
    def sample(self, words: Words, values: Mapping[str, Value]) -> Sample:
        """Values from words of shape (self.words, n), given the values of earlier names."""


class Draw(BaseModel):
    """The YAML form of a kind of draw."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)

    def uses(self) -> Iterable[str]:
        """Names of the template that the draw looks at."""
        return ()

    def files(self) -> Iterable[str]:
        """Data files that the draw reads, relative to the template."""
        return ()

    @abstractmethod
    def prepare(self, name: str, scope: Scope) -> Sampler:
        """The sampler for one case. Raises `ExpressionError` where the numbers make no sense."""


def names_in(source: Any) -> frozenset[str]:
    """The names that a size or list uses, where it is an expression."""
    return parse(source).names if isinstance(source, str) else frozenset()
