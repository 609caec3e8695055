"""Displayed numbers, read back as a student reads them, and put in the place of the values that they show."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

import numpy as np
from jinja2 import nodes
from numpy.typing import NDArray

from quizgen.answers import parse_number
from quizgen.errors import ExpressionError
from quizgen.items import Filled, Listing, Number, Shown, Table
from quizgen.rendering.numbers import typographic
from quizgen.variants.expressions import Expression, from_node
from quizgen.variants.holes import Hole, ListHole, TableHole, ValueHole
from quizgen.variants.sampler import Block
from quizgen.variants.texts import Compiled
from quizgen.variants.values import spread

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_ROUNDING = frozenset({"fixed", "sig", "percent"})
_WRITING = frozenset({*_ROUNDING, "signed"})


@dataclass(slots=True)
class Known:
    """A value as it is read: the numbers, and where they were read at all (both in the value's own shape)."""

    values: Floats
    where: Bools


@dataclass(slots=True)
class ReadBack:
    """What is read back from a block: by name, and for whom anything is read otherwise than it is."""

    block: Block
    known: dict[str, Known] = field(default_factory=dict)

    @property
    def differ(self) -> Bools:
        """For whom any number is read that is not the value behind it."""
        n = len(self.block)
        differ = np.zeros(n, dtype=np.bool_)
        for name in self.known:
            differ |= self._off(name).reshape(-1, n).any(axis=0)
        return differ

    def changed(self) -> bool:
        """Whether any number is read otherwise than it is."""
        return any(bool(self._off(name).any()) for name in self.known)

    def _off(self, name: str) -> Bools:
        known, true = self.known[name], spread(self.block.values[name], len(self.block))
        with np.errstate(invalid="ignore"):
            return np.asarray(known.where & ~np.isclose(known.values, true, rtol=1e-11, atol=1e-14, equal_nan=True))

    def told(self, row: int) -> str:
        """The first number that is read otherwise in a variant, in words; of the first such variant where this has none."""
        if not self.differ[row]:
            row = int(np.flatnonzero(self.differ)[0])
        for name, known in self.known.items():
            off = np.flatnonzero(self._off(name)[..., row])
            if len(off):
                read, true = known.values[..., row].ravel()[off[0]], spread(self.block.values[name], len(self.block))[..., row]
                return f"the question shows {read:.12g} for '{name}', which is {true.ravel()[off[0]]:.12g}"
        return "the question shows other numbers"


def read_back(text: Compiled, filled: Sequence[Filled], block: Block, lets: Mapping[str, Expression]) -> ReadBack:
    """What is read back from a text of each variant of a block.

    What is shown itself outdoes what can be worked out from something else that is shown, and what is shown in full outdoes
    what is shown rounded.
    """
    found = ReadBack(block)
    displays = [one for one in _displays(text, filled, block) if one.numbers is not None]
    displays += [replace(one, expression=lets[name]) for one in displays if (name := one.name) in lets]
    for one in sorted(displays, key=lambda one: (not one.indirect, not one.rounded)):
        one.put(found)
    return found


@dataclass(frozen=True, slots=True)
class _Display:
    """Numbers displayed for an expression, variants last, and who sees them."""

    expression: Expression
    numbers: Floats | None
    shown: Bools

    @property
    def node(self) -> nodes.Expr:
        """The expression without what only writes it."""
        node = self.expression.node
        while isinstance(node, nodes.Filter) and node.name in _WRITING and node.node is not None:
            node = node.node
        return node

    @property
    def name(self) -> str:
        """The name whose whole value is displayed; empty for anything else."""
        return self.node.name if isinstance(self.node, nodes.Name) else ""

    @property
    def rounded(self) -> bool:
        """Whether the number is written with fewer digits than it may have."""
        return self.expression.node is not self.node

    @property
    def indirect(self) -> bool:
        """Whether what is displayed is not a value itself but computed from it."""
        return _target(self.node) is None

    def put(self, found: ReadBack) -> None:
        """Adds what is read to what is found, where it tells a value."""
        target = _target(self.node)
        numbers = cast("Floats", self.numbers)
        if target is None:
            self._put_solved(found, numbers)
            return
        name, index = target
        known = _known(found, name)
        if known is None:
            return
        if index is None:
            _write(known.values, known.where, numbers, self.shown)
            return
        at = np.asarray(from_node(self.expression.source, index)(found.block.values))
        if at.dtype.kind not in "fiu" or known.values.ndim < 2:
            return
        if at.ndim == 0:
            place = int(at)
            _write(known.values[place], known.where[place], numbers, self.shown)
        elif known.values.ndim == 2:
            places = np.broadcast_to(at, (*at.shape[:-1], len(found.block))).astype(np.int64)
            if places.shape == numbers.shape:
                columns = np.broadcast_to(np.arange(len(found.block)), places.shape)
                shown = np.broadcast_to(self.shown, places.shape)
                known.values[places[shown], columns[shown]] = numbers[shown]
                known.where[places[shown], columns[shown]] = True

    def _put_solved(self, found: ReadBack, numbers: Floats) -> None:
        """Solves for the one value on which the expression depends, where it does so along a straight line."""
        names = self.expression.names
        if len(names) != 1:
            return
        (name,) = names
        known = _known(found, name)
        if known is None:
            return
        expression = from_node(self.expression.source, self.node)
        start = spread(found.block.values[name], len(found.block))
        try:
            values = [
                np.asarray(expression({**found.block.values, name: start + step}), dtype=np.float64) for step in (0.0, 1.0, 2.0)
            ]
        except ExpressionError:  # such as an index that a step puts outside its list
            return
        if any(value.shape != known.values.shape for value in (*values, numbers)):
            return
        slope = values[1] - values[0]
        if (np.abs(slope) < 1e-9).any() or not np.allclose(values[2] - values[1], slope, rtol=1e-9, atol=0):
            return
        _write(known.values, known.where, start + (numbers - values[0]) / slope, self.shown)


def _known(found: ReadBack, name: str) -> Known | None:
    """The place for what is read of a name; None where it is no number."""
    if name not in found.known:
        value = found.block.values.get(name)
        if value is None or isinstance(value, str | bool):
            return None
        array = spread(value, len(found.block))
        if array.dtype.kind != "f":
            return None
        found.known[name] = Known(array.copy(), np.zeros(array.shape, dtype=np.bool_))
    return found.known[name]


def _write(values: Floats, where: Bools, numbers: Floats, shown: Bools) -> None:
    if values.shape == numbers.shape:
        values[..., shown] = numbers[..., shown]
        where[..., shown] = True


def _target(node: nodes.Expr) -> tuple[str, nodes.Expr | None] | None:
    """The name whose value a node is, and which entries of it; None for anything else."""
    match node:
        case nodes.Name(name=name):
            return name, None
        case nodes.Getattr(node=nodes.Name(name=name), attr=attr):
            return f"{name}.{attr}", None
        case nodes.Getitem(node=base, arg=arg) if not isinstance(arg, nodes.Slice):
            inner = _target(base)
            return (inner[0], arg) if inner and inner[1] is None else None
        case nodes.Call(node=nodes.Name(name="take"), args=[base, order], kwargs=[]):
            inner = _target(base)
            return (inner[0], order) if inner and inner[1] is None else None
    return None


def _displays(text: Compiled, filled: Sequence[Filled], block: Block) -> Iterator[_Display]:
    """Every expression that the text displays."""
    n = len(block)
    shown = [np.ones(n, dtype=np.bool_)]
    open_: list[Bools] = []
    for i, (tag, hole) in enumerate(zip(text.text.tags, text.holes, strict=True)):
        match tag.kind:
            case "if" | "elif" | "else":
                if tag.kind == "if":
                    open_.append(np.ones(n, dtype=np.bool_))
                else:
                    shown.pop()
                holds = np.ones(n, dtype=np.bool_)
                if hole is not None:
                    holds = np.array([bool(one.values[i]) for one in filled], dtype=np.bool_)
                shown.append(shown[-1] & open_[-1] & holds)
                open_[-1] = open_[-1] & ~holds
            case "endif":
                shown.pop()
                open_.pop()
            case "value" if hole is not None:
                for expression, column in _columns(hole, [one.values[i] for one in filled]):
                    yield _Display(expression, _numbers(column), shown[-1])


def _columns(hole: Hole, values: Sequence[Shown]) -> Iterator[tuple[Expression, list[Shown]]]:
    """Each expression of a hole with what is displayed for it."""
    match hole:
        case ValueHole(expression):
            yield expression, list(values)
        case ListHole(expression):
            yield expression, [value.items if isinstance(value, Listing) else None for value in values]
        case TableHole(columns=columns):
            tables = [value for value in values if isinstance(value, Table)]
            if len(tables) != len(values):
                return
            for place, column in enumerate(columns):
                if isinstance(column, Expression):
                    cells = [table.columns[place] for table in tables]
                    yield column, [cell if len(cell) != 1 else cell[0] for cell in cells]  # type: ignore[misc] # no places here
                    continue
                for row, cell in enumerate(column):
                    if isinstance(cell, Expression):
                        yield cell, [table.columns[place][row] for table in tables]


def _numbers(column: Iterable[Shown]) -> Floats | None:
    """What is displayed as numbers, variants last; None where any of it is no number, or lengths differ."""
    rows = list(column)
    if rows and all(isinstance(row, Number) for row in rows):
        return np.array([_read(cast("str", row)) for row in rows])
    if rows and all(isinstance(row, tuple) for row in rows):
        vectors = cast("list[tuple[str, ...]]", rows)
        if len(set(map(len, vectors))) == 1 and all(isinstance(cell, Number) for row in vectors for cell in row):
            return np.array([[_read(cell) for cell in row] for row in vectors]).T
    return None


@functools.lru_cache(maxsize=50_000)
def _read(number: str) -> float:
    """A displayed number as a student types it off."""
    return float(parse_number(typographic(Number(number))))
