"""The holes of a text, one for each tag that has a value: how the value of every variant of a block is written."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import repeat
from typing import cast

from jinja2 import nodes

from quizgen.errors import ExpressionError
from quizgen.items import Cell, Listing, Place, Shown, Table, Tag
from quizgen.variants.expressions import Expression, from_node, parse_node
from quizgen.variants.formats import write_all, writer
from quizgen.variants.kinds import kind_of
from quizgen.variants.operands import number
from quizgen.variants.sampler import Block
from quizgen.variants.values import REAL, TEXT, TRUTH, Array, Grid, Kind, keeps_grid, spread

Column = Sequence[Shown] | Iterator[Shown]
"""The displayed value of each variant of a block."""


class Hole:
    """A tag that has a value."""

    def column(self, block: Block) -> Column:
        """The displayed value of each variant of a block."""
        raise NotImplementedError

    @property
    def displays(self) -> tuple[Expression, ...]:
        """The expressions whose values are shown."""
        return ()

    @property
    def conditions(self) -> tuple[Expression, ...]:
        """The expressions that decide what is shown."""
        return ()

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """All expressions of the tag."""
        return (*self.displays, *self.conditions)

    @property
    def places(self) -> tuple[str, ...]:
        """The answers that are placed here."""
        return ()

    def complaint(self, kinds: Mapping[str, Kind]) -> str:
        """Why the value cannot be shown, or nothing."""
        return next(filter(None, (_complaint(expression, kinds) for expression in self.displays)), "")


def _complaint(expression: Expression, kinds: Mapping[str, Kind]) -> str:
    kind = kind_of(expression.node, kinds)
    source = expression.source.strip()
    bare = next((node for node in _bare_filters(expression.node) if _decimals(node, kinds) is None), None)
    if bare is not None:
        example = "percent(1)" if bare.name == "percent" else "fixed(2)|signed"
        return f"the number before '|{bare.name}' has no fixed number of decimals: write |{example}"
    if kind == REAL:
        if any(kind_of(part, kinds) == TEXT for part in _operands(expression.node)):
            return f"'{source}' calculates with a text; texts are put together with ~"
        if _is_whole_power(expression.node, kinds):
            return (
                f"'{source}' is whole only where the exponent is not negative, which its form does not tell: "
                f"name it in let with {{value: {source}, decimals: 0}} and show the name"
            )
        inner = source if source.isidentifier() else f"({source})"
        return (
            f"'{source}' has no fixed number of decimals: write {{{{ {inner}|fixed(3) }}}}, "
            "or round it in let with {value: …, decimals: 3}; with decimals: 0 if it is whole, as 2 ** k may be"
        )
    if kind == TRUTH:
        return f"'{source}' is a condition and cannot be shown; use {{% if … %}}"
    return ""


def _operands(node: nodes.Expr) -> list[nodes.Expr]:
    """What is calculated with in an expression."""
    found = nodes.Output([node]).find_all((nodes.BinExpr, nodes.UnaryExpr))
    sums = [part for part in found if not isinstance(part, nodes.And | nodes.Or | nodes.Not)]
    return [side for part in sums for side in part.iter_child_nodes() if isinstance(side, nodes.Expr)]


def _is_whole_power(node: nodes.Expr, kinds: Mapping[str, Kind]) -> bool:
    return isinstance(node, nodes.Pow) and kind_of(node.left, kinds) == Grid(0) == kind_of(node.right, kinds)


def _bare_filters(node: nodes.Node) -> list[nodes.Filter]:
    """The filters that write a number with its own decimals: ``p|percent``, ``p|signed``."""
    whole = nodes.Output([node])  # find_all looks below a node only
    return [
        found
        for found in whole.find_all(nodes.Filter)
        if (found.name == "percent" and not found.args) or (found.name == "signed" and not _is_written(found.node))
    ]


def _is_written(node: nodes.Expr | None) -> bool:
    return isinstance(node, nodes.Filter) and node.name in ("fixed", "sig", "percent")


def _decimals(node: nodes.Filter, kinds: Mapping[str, Kind]) -> int | None:
    kind = kind_of(cast("nodes.Expr", node.node), kinds)
    if not isinstance(kind, Grid):
        return None
    return max(kind.decimals - 2, 0) if node.name == "percent" else kind.decimals


def _spelled_out(expression: Expression, kinds: Mapping[str, Kind]) -> Expression:
    """The expression with the decimals of its bare filters written out."""
    bare = _bare_filters(expression.node)
    if not bare:
        return expression
    return _with_decimals(expression, tuple(_decimals(node, kinds) or 0 for node in bare))


@functools.lru_cache(maxsize=4096)
def _with_decimals(expression: Expression, decimals: tuple[int, ...]) -> Expression:
    node = deepcopy(expression.node)
    for found, digits in zip(_bare_filters(node), decimals, strict=True):
        count: nodes.Expr = nodes.Const(digits)
        if found.name == "percent":
            found.args = [count]
        else:
            found.node = nodes.Filter(found.node, "fixed", [count], [], None, None)
    return Expression(expression.source, node, expression.names)


@dataclass(frozen=True, slots=True)
class ValueHole(Hole):
    """``{{ expression }}``"""

    expression: Expression

    @property
    def displays(self) -> tuple[Expression, ...]:
        return (self.expression,)

    def column(self, block: Block) -> Column:
        written = _written(self.expression, block)
        if isinstance(written, str):
            return repeat(written, len(block))
        if written.ndim > 2:
            raise ExpressionError(f"'{self.expression.source.strip()}' is a table of numbers: show its rows in table(…)")
        array = spread(written, len(block))
        if array.ndim == 1:
            return cast("list[Shown]", array.tolist())
        return list(map(tuple, array.T.tolist()))


def _written(expression: Expression, block: Block) -> str | Array:
    """The value as texts: words as they are, numbers with their own decimals."""
    kind = kind_of(expression.node, block.kinds)
    value = _spelled_out(expression, block.kinds)(block.values)
    if kind != TEXT:
        if isinstance(kind, Grid) and not keeps_grid(number(value), kind.decimals):
            source = expression.source.strip()
            raise ExpressionError(
                f"'{source}' has more than 15 digits, more than a computer keeps exactly: show fewer, as in ({source})|sig(3)"
            )
        value = write_all(value, writer(kind))
    return cast("str | Array", value)


@dataclass(frozen=True, slots=True)
class ConditionHole(Hole):
    """``{% if condition %}``"""

    expression: Expression

    @property
    def conditions(self) -> tuple[Expression, ...]:
        return (self.expression,)

    def column(self, block: Block) -> Column:
        return cast("list[Shown]", block.truths(self.expression).tolist())

    def complaint(self, kinds: Mapping[str, Kind]) -> str:
        if kind_of(self.expression.node, kinds) != TRUTH:
            return f"'{self.expression.source.strip()}' is no condition (true or false)"
        return ""


@dataclass(frozen=True, slots=True)
class PlaceHole(Hole):
    """``{{ answer.name }}``"""

    answer: str

    @property
    def places(self) -> tuple[str, ...]:
        return (self.answer,)

    def column(self, block: Block) -> Column:
        return repeat(Place(self.answer), len(block))


TableColumn = Expression | tuple[Expression | Place, ...]


@dataclass(frozen=True, slots=True)
class TableHole(Hole):
    """``{{ table({"Head": column, …}) }}``; a column is an expression, or a list of expressions and places."""

    heads: tuple[Expression, ...]
    columns: tuple[TableColumn, ...]

    @property
    def displays(self) -> tuple[Expression, ...]:
        return (*self.heads, *(cell for cell in self._cells if isinstance(cell, Expression)))

    @property
    def places(self) -> tuple[str, ...]:
        return tuple(cell.answer for cell in self._cells if isinstance(cell, Place))

    @property
    def _cells(self) -> Iterator[Expression | Place]:
        for column in self.columns:
            yield from (column,) if isinstance(column, Expression) else column

    def column(self, block: Block) -> Column:
        heads = [self._head(head, block) for head in self.heads]
        columns = [_table_cells(column, block) for column in self.columns]
        tables: list[Shown] = []
        for head, cells in zip(zip(*heads, strict=True), zip(*columns, strict=True), strict=True):
            counts = sorted(set(map(len, cells)))
            if len(counts) > 1:
                raise ExpressionError(f"the columns of a table have {' and '.join(map(str, counts))} rows")
            tables.append(Table(head, cells))
        return tables

    @staticmethod
    def _head(head: Expression, block: Block) -> list[str]:
        shown = list(ValueHole(head).column(block))
        if not all(isinstance(value, str) for value in shown):
            raise ExpressionError(f"the head '{head.source}' of a table's column is a list; a head is one text")
        return cast("list[str]", shown)


def _table_cells(column: TableColumn, block: Block) -> list[tuple[Cell, ...]]:
    if isinstance(column, Expression):
        shown = ValueHole(column).column(block)
        return [cast("tuple[Cell, ...]", cell if isinstance(cell, tuple) else (cell,)) for cell in shown]
    cells = [repeat(cell, len(block)) if isinstance(cell, Place) else _single(cell, block) for cell in column]
    return list(zip(*cells, strict=True))


def _single(cell: Expression, block: Block) -> list[Cell]:
    shown = list(ValueHole(cell).column(block))
    if any(isinstance(value, tuple) for value in shown):
        raise ExpressionError(f"'{cell.source}' is a list where one cell of a table is needed")
    return cast("list[Cell]", shown)


@dataclass(frozen=True, slots=True)
class ListHole(Hole):
    """``{{ bullets(list) }}`` and ``{{ numbered(list) }}``"""

    expression: Expression
    ordered: bool

    @property
    def displays(self) -> tuple[Expression, ...]:
        return (self.expression,)

    def column(self, block: Block) -> Column:
        shown = ValueHole(self.expression).column(block)
        return [Listing(cast("tuple[str, ...]", row if isinstance(row, tuple) else (row,)), self.ordered) for row in shown]


def read_hole(tag: Tag) -> Hole:
    """The hole of a tag. Raises `ExpressionError`."""
    node = parse_node(tag.expression)
    if tag.kind in ("if", "elif"):
        return ConditionHole(from_node(tag.expression, node))
    match node:
        case nodes.Getattr(node=nodes.Name(name="answer"), attr=attr):
            return PlaceHole(attr)
        case nodes.Call(node=nodes.Name(name="table"), args=[nodes.Dict(items=items)], kwargs=[]) if items:
            return TableHole(tuple(_part(pair.key) for pair in items), tuple(_table_column(pair.value) for pair in items))
        case nodes.Call(node=nodes.Name(name="table")):
            raise ExpressionError('a table is written table({"Head": values, "Head": values})')
        case nodes.Call(node=nodes.Name(name="bullets" | "numbered" as name), args=[inner], kwargs=[]):
            return ListHole(_part(inner), name == "numbered")
        case nodes.Call(node=nodes.Name(name="bullets" | "numbered" as name)):
            raise ExpressionError(f"a list is written {name}(values)")
    return ValueHole(from_node(tag.expression, node))


def _table_column(node: nodes.Expr) -> TableColumn:
    if isinstance(node, nodes.List) and any(_is_place(cell) for cell in node.items):
        return tuple(Place(cell.attr) if _is_place(cell) else _part(cell) for cell in node.items)  # type: ignore[attr-defined] # _is_place
    if _is_place(node):
        return (Place(node.attr),)  # type: ignore[attr-defined] # _is_place
    return _part(node)


def _is_place(node: nodes.Expr) -> bool:
    return isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name) and node.node.name == "answer"


def _part(node: nodes.Expr) -> Expression:
    return from_node(_describe(node), node)


def _describe(node: nodes.Expr) -> str:
    """A short name for a part of a larger expression, for messages."""
    match node:
        case nodes.Name(name=name):
            return name
        case nodes.Getattr(node=nodes.Name(name=name), attr=attr):
            return f"{name}.{attr}"
        case nodes.Const(value=value):
            return repr(value)
        case nodes.Call(node=nodes.Name(name=name), args=args):
            return f"{name}({', '.join(map(_describe, args))})"
        case nodes.Filter(node=inner, name=name) if inner is not None:
            return f"{_describe(inner)}|{name}"
        case nodes.BinExpr(left=left, right=right):
            return f"{_operand(left)} {node.operator} {_operand(right)}"
        case nodes.UnaryExpr(node=inner):
            return f"{node.operator}{_operand(inner)}"
        case nodes.Getitem(node=inner, arg=nodes.Expr() as arg):
            return f"{_operand(inner)}[{_describe(arg)}]"
        case nodes.List(items=items):
            return f"[{', '.join(map(_describe, items))}]"
        case nodes.CondExpr(test=test, expr1=then, expr2=nodes.Expr() as other):
            return f"{_describe(then)} if {_describe(test)} else {_describe(other)}"
        case nodes.Compare(expr=left, ops=[nodes.Operand(op=op, expr=right)]):
            return f"{_operand(left)} {_COMPARED[op]} {_operand(right)}"
    return "a part of the table"


_COMPARED = {"eq": "==", "ne": "!=", "gt": ">", "gteq": ">=", "lt": "<", "lteq": "<=", "in": "in", "notin": "not in"}


def _operand(node: nodes.Expr) -> str:
    """A part of a part, in brackets where it is calculated itself."""
    said = _describe(node)
    return f"({said})" if isinstance(node, nodes.BinExpr | nodes.UnaryExpr | nodes.CondExpr | nodes.Compare) else said
