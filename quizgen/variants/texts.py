"""Texts compiled once per template: Markdown with ``{{ }}`` and ``{% if %}`` becomes structure and holes.

`compile_text` lifts the Jinja tags out of the Markdown (see `items.Text`); `Compiled.fill` evaluates them for a whole
block of variants and gives each variant its displayed values.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Literal, cast

import numpy as np
from jinja2 import TemplateSyntaxError, nodes

from quizgen.errors import ExpressionError
from quizgen.items import MARK_BASE, MAX_TAGS, Cell, Filled, Listing, Place, Shown, Table, Tag, Text
from quizgen.variants.expressions import Expression, check_form, environment, from_node, parse_node
from quizgen.variants.formats import write_all, writer
from quizgen.variants.kinds import kind_of
from quizgen.variants.sampler import Block
from quizgen.variants.values import REAL, TEXT, TRUTH, Array, Grid, Kind

MAX_SOURCE = 50_000


class TextFault(Exception):  # noqa: N818 # a place and a message as much as an exception
    """What is wrong in a text, with line and column in it, from 1."""

    def __init__(self, line: int, column: int, message: str) -> None:
        super().__init__(message)
        self.line, self.column, self.message = line, column, message


class _Hole:
    """A tag that has a value."""

    expressions: tuple[Expression, ...]

    def column(self, block: Block) -> Sequence[Shown] | Iterator[Shown]:
        """The displayed value of each variant of a block."""
        raise NotImplementedError

    def complaint(self, kinds: Mapping[str, Kind]) -> str:
        """Why the value cannot be shown, or nothing."""
        return ""


@dataclass(frozen=True, slots=True)
class _ValueHole(_Hole):
    """``{{ expression }}``"""

    expression: Expression

    @property
    def expressions(self) -> tuple[Expression, ...]:  # type: ignore[override] # computed
        return (self.expression,)

    def column(self, block: Block) -> Sequence[Shown] | Iterator[Shown]:
        written = _written(self.expression, block)
        if isinstance(written, str):
            return repeat(written, len(block))
        array = np.broadcast_to(written, (*written.shape[:-1], len(block)))
        if array.ndim == 1:
            return cast("list[Shown]", array.tolist())
        return list(map(tuple, array.T.tolist()))

    def complaint(self, kinds: Mapping[str, Kind]) -> str:
        return _complaint(self.expression, kinds)


def _written(expression: Expression, block: Block) -> str | Array:
    """The value as texts: words as they are, numbers with their own decimals."""
    value = expression(block.values)
    kind = kind_of(expression.node, block.kinds)
    if kind != TEXT:
        value = write_all(value, writer(kind))
    return cast("str | Array", value)


def _complaint(expression: Expression, kinds: Mapping[str, Kind]) -> str:
    kind = kind_of(expression.node, kinds)
    if kind == REAL:
        source = expression.source.strip()
        inner = source if source.isidentifier() else f"({source})"
        return (
            f"'{source}' has no fixed number of decimals: write {{{{ {inner}|fixed(3) }}}}, "
            "or round it in let with {value: …, decimals: 3}"
        )
    if kind == TRUTH:
        return f"'{expression.source.strip()}' is a condition and cannot be shown; use {{% if … %}}"
    return ""


@dataclass(frozen=True, slots=True)
class _ConditionHole(_Hole):
    """``{% if condition %}``"""

    expression: Expression

    @property
    def expressions(self) -> tuple[Expression, ...]:  # type: ignore[override] # computed
        return (self.expression,)

    def column(self, block: Block) -> Sequence[Shown]:
        return cast("list[Shown]", block.truths(self.expression).tolist())

    def complaint(self, kinds: Mapping[str, Kind]) -> str:
        if kind_of(self.expression.node, kinds) not in (TRUTH,):
            return f"'{self.expression.source.strip()}' is no condition (true or false)"
        return ""


@dataclass(frozen=True, slots=True)
class _PlaceHole(_Hole):
    """``{{ answer.name }}``"""

    answer: str
    expressions = ()

    def column(self, block: Block) -> Iterator[Shown]:
        return repeat(Place(self.answer), len(block))


@dataclass(frozen=True, slots=True)
class _TableHole(_Hole):
    """``{{ table({"Head": column, …}) }}``; a column is an expression, or a list of expressions and places."""

    heads: tuple[Expression, ...]
    columns: tuple[Expression | tuple[Expression | Place, ...], ...]

    @property
    def expressions(self) -> tuple[Expression, ...]:  # type: ignore[override] # computed
        cells = [cell for column in self.columns for cell in ((column,) if isinstance(column, Expression) else column)]
        return (*self.heads, *(cell for cell in cells if isinstance(cell, Expression)))

    @property
    def places(self) -> tuple[str, ...]:
        return tuple(
            cell.answer for column in self.columns if isinstance(column, tuple) for cell in column
            if isinstance(cell, Place)
        )  # fmt: skip

    def column(self, block: Block) -> Sequence[Shown]:
        n = len(block)
        heads = list(zip(*(_ValueHole(head).column(block) for head in self.heads), strict=True))
        columns = [self._cells(column, block, n) for column in self.columns]
        tables: list[Shown] = []
        for row, cells in enumerate(zip(*columns, strict=True)):
            if len(set(map(len, cells))) > 1:
                raise ExpressionError(f"the columns of a table have {' and '.join(str(len(c)) for c in cells)} rows")
            tables.append(Table(cast("tuple[str, ...]", heads[row]), cells))
        return tables

    @staticmethod
    def _cells(column: Expression | tuple[Expression | Place, ...], block: Block, n: int) -> list[tuple[Cell, ...]]:
        if isinstance(column, Expression):
            shown = list(_ValueHole(column).column(block))
            return [cast("tuple[Cell, ...]", cell if isinstance(cell, tuple) else (cell,)) for cell in shown]
        cells = [repeat(cell, n) if isinstance(cell, Place) else _ValueHole(cell).column(block) for cell in column]
        return [cast("tuple[Cell, ...]", row) for row in zip(*cells, strict=True)]

    def complaint(self, kinds: Mapping[str, Kind]) -> str:
        return next(filter(None, (_complaint(expression, kinds) for expression in self.expressions)), "")


@dataclass(frozen=True, slots=True)
class _ListHole(_Hole):
    """``{{ bullets(list) }}`` and ``{{ numbered(list) }}``"""

    expression: Expression
    ordered: bool

    @property
    def expressions(self) -> tuple[Expression, ...]:  # type: ignore[override] # computed
        return (self.expression,)

    def column(self, block: Block) -> Sequence[Shown]:
        shown = list(_ValueHole(self.expression).column(block))
        return [Listing(cast("tuple[str, ...]", row if isinstance(row, tuple) else (row,)), self.ordered) for row in shown]

    def complaint(self, kinds: Mapping[str, Kind]) -> str:
        return _complaint(self.expression, kinds)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A text and how to find its values; ``holes`` has one entry for each tag, None for else and endif."""

    text: Text
    holes: tuple[_Hole | None, ...]
    names: frozenset[str] = field(default=frozenset())

    def fill(self, block: Block) -> list[Filled]:
        """The text of each variant of a block."""
        text = self.text
        if not self.holes:
            return [Filled(text)] * len(block)
        columns = [repeat(None, len(block)) if hole is None else hole.column(block) for hole in self.holes]
        return [Filled(text, values) for values in zip(*columns, strict=True)]

    @property
    def places(self) -> tuple[str, ...]:
        """The answers that the text places, in order."""
        found: list[str] = []
        for hole in self.holes:
            if isinstance(hole, _PlaceHole):
                found.append(hole.answer)
            elif isinstance(hole, _TableHole):
                found.extend(hole.places)
        return tuple(found)

    def complaints(self, kinds: Mapping[str, Kind]) -> Iterator[TextFault]:
        """What cannot be shown in a case where names have these kinds."""
        for tag, hole in zip(self.text.tags, self.holes, strict=True):
            message = hole.complaint(kinds) if hole else ""
            if message:
                yield TextFault(tag.line, tag.column, message)

    def rounded_names(self, kinds: Mapping[str, Kind]) -> frozenset[str]:
        """Names that the text shows only rounded, by ``fixed``, ``sig`` or ``percent`` coarser than they are."""
        return frozenset(
            name for hole in self.holes if hole for expression in hole.expressions
            for name in _coarsened(expression.node, kinds)
        )  # fmt: skip


def _coarsened(node: nodes.Node, kinds: Mapping[str, Kind]) -> Iterator[str]:
    if isinstance(node, nodes.Filter) and node.name in ("fixed", "sig", "percent") and isinstance(node.node, nodes.Name):
        kind = kinds.get(node.node.name, REAL)
        digits = node.args[0] if node.args else nodes.Const(12)
        shown = digits.value if isinstance(digits, nodes.Const) and isinstance(digits.value, int) else 0
        if node.name == "percent":
            shown += 2
        if not (isinstance(kind, Grid) and (node.name != "sig" and kind.decimals <= shown)):
            yield node.node.name
        return
    for child in node.iter_child_nodes():
        yield from _coarsened(child, kinds)


@functools.lru_cache(maxsize=20_000)
def _pieces_of(marked: str) -> tuple[str | int, ...]:
    """A marked text as its literal parts and the numbers of its tags."""
    parts = re.split(f"([{chr(MARK_BASE)}-{chr(MARK_BASE + MAX_TAGS)}])", marked)
    return tuple(ord(part) - MARK_BASE if i % 2 else part for i, part in enumerate(parts) if part)


def plain_text(filled: Filled) -> str:
    """The text without markup's sense, for telling texts apart: marks replaced by what is shown there."""
    parts: list[str] = []
    keep = [True]
    done = [False]
    tags = filled.text.tags
    for piece in _pieces_of(filled.text.marked):
        if isinstance(piece, str):
            if keep[-1]:
                parts.append(piece)
            continue
        kind = tags[piece].kind
        if kind == "value":
            if keep[-1]:
                parts.append(_shown_text(filled.values[piece]))
        elif kind == "if":
            done.append(bool(filled.values[piece]))
            keep.append(keep[-1] and done[-1])
        elif kind == "endif":
            keep.pop()
            done.pop()
        else:
            holds = not done[-1] and (kind == "else" or bool(filled.values[piece]))
            done[-1] = done[-1] or holds
            keep[-1] = keep[-2] and holds
    return "".join(parts)


def _shown_text(value: Shown) -> str:
    match value:
        case str():
            return value
        case tuple():
            return ", ".join(value)
        case Table(heads, columns):
            return "\n".join(["|".join(heads), *("|".join(map(str, row)) for row in zip(*columns, strict=True))])
        case Listing(items):
            return "\n".join(items)
        case Place(answer):
            return f"[{answer}]"
    return ""


def compile_text(source: str, check: Callable[[Expression], str], *, inline: bool = False) -> Compiled:
    """The compiled text. ``check`` says what is wrong with an expression's names, or nothing.

    Raises:
        ExceptionGroup of `TextFault`: all that is wrong with its tags.
    """
    problems: list[TextFault] = []
    if len(source) > MAX_SOURCE:
        raise ExceptionGroup("text", [TextFault(1, 1, f"a text has at most {MAX_SOURCE:,} characters")])
    for at, character in enumerate(source):
        if MARK_BASE <= ord(character) <= 0xF8FF:
            line, column = _line_column(source, at)
            raise ExceptionGroup("text", [TextFault(line, column, "private-use characters cannot be used")])
    parts: list[str] = []
    tags: list[Tag] = []
    holes: list[_Hole | None] = []
    open_ifs: list[Tag] = []
    try:
        for piece in _pieces(source):
            if isinstance(piece, str):
                parts.append(piece)
                continue
            if len(tags) >= MAX_TAGS:
                raise TextFault(piece.line, piece.column, f"a text has at most {MAX_TAGS} tags")
            parts.append(chr(MARK_BASE + len(tags)))
            tags.append(piece)
            holes.append(_hole_or_problem(piece, check, problems))
            _follow_ifs(piece, open_ifs, problems)
    except TextFault as problem:
        problems.append(problem)
    problems.extend(TextFault(tag.line, tag.column, "this {% if %} has no {% endif %}") for tag in open_ifs)
    if problems:
        raise ExceptionGroup("text", problems)
    marked = "".join(parts)
    names = frozenset(name for hole in holes if hole for expression in hole.expressions for name in expression.names)
    return Compiled(Text(marked.strip() if inline else marked, tuple(tags), inline), tuple(holes), names)


def _line_column(source: str, at: int) -> tuple[int, int]:
    return source.count("\n", 0, at) + 1, at - (source.rfind("\n", 0, at) + 1) + 1


def _pieces(source: str) -> Iterator[str | Tag]:
    """The text between tags, and the tags, as Jinja's lexer tells them apart."""
    at = 0
    inside: list[str] | None = None
    begin = ""
    line = column = 1
    try:
        for _, token, value in environment.lex(source):
            if token in ("variable_begin", "block_begin"):
                at = source.find(value.strip("-+"), at)
                line, column = _line_column(source, at)
                begin, inside = token, []
            elif token in ("variable_end", "block_end"):
                at = source.find("}}" if token == "variable_end" else "%}", at) + 2
                yield _tag(begin, "".join(inside or ()).strip(), line, column)
                inside = None
            elif inside is not None:
                inside.append(value)
            elif token == "data":
                yield value
    except TemplateSyntaxError as error:
        raise TextFault(error.lineno, 1, f"{error.message}; a tag is {{{{ … }}}} or {{% … %}}") from error


def _tag(begin: str, content: str, line: int, column: int) -> Tag:
    if begin == "variable_begin":
        if not content:
            raise TextFault(line, column, "{{ }} is empty")
        return Tag("value", content, line, column)
    word, _, rest = content.partition(" ")
    if word in ("if", "elif") and rest.strip():
        return Tag(cast("Literal['if', 'elif']", word), rest.strip(), line, column)
    if word in ("else", "endif") and not rest.strip():
        return Tag(cast("Literal['else', 'endif']", word), "", line, column)
    raise TextFault(
        line, column,
        f"{{% {content} %}} is not available: there are {{% if condition %}}, {{% elif %}}, {{% else %}} and {{% endif %}}; "
        "for tables and lists use table(…), bullets(…) and numbered(…)",
    )  # fmt: skip


def _follow_ifs(tag: Tag, open_ifs: list[Tag], problems: list[TextFault]) -> None:
    if tag.kind == "if":
        open_ifs.append(tag)
    elif tag.kind in ("elif", "else", "endif") and not open_ifs:
        problems.append(TextFault(tag.line, tag.column, f"{{% {tag.kind} %}} without an {{% if %}} before it"))
    elif tag.kind == "endif":
        open_ifs.pop()
    elif tag.kind in ("elif", "else"):
        if open_ifs[-1].kind == "else":
            problems.append(TextFault(tag.line, tag.column, f"{{% {tag.kind} %}} after {{% else %}}"))
        open_ifs[-1] = tag


def _hole_or_problem(
    tag: Tag, check: Callable[[Expression], str], problems: list[TextFault]
) -> _Hole | None:  # fmt: skip
    if tag.kind in ("else", "endif"):
        return None
    try:
        hole = _hole(tag)
        for expression in hole.expressions:
            check_form(expression)
    except ExpressionError as error:
        problems.append(TextFault(tag.line, tag.column, str(error)))
        return None
    for expression in hole.expressions:
        message = check(expression)
        if message:
            problems.append(TextFault(tag.line, tag.column, message))
    return hole


def _hole(tag: Tag) -> _Hole:
    node = parse_node(tag.expression)
    if tag.kind in ("if", "elif"):
        return _ConditionHole(from_node(tag.expression, node))
    match node:
        case nodes.Getattr(node=nodes.Name(name="answer"), attr=attr):
            return _PlaceHole(attr)
        case nodes.Call(node=nodes.Name(name="table"), args=[nodes.Dict(items=items)], kwargs=[]) if items:
            return _TableHole(tuple(_part(pair.key) for pair in items), tuple(_table_column(pair.value) for pair in items))
        case nodes.Call(node=nodes.Name(name="table")):
            raise ExpressionError('a table is written table({"Head": values, "Head": values})')
        case nodes.Call(node=nodes.Name(name="bullets" | "numbered" as name), args=[inner], kwargs=[]):
            return _ListHole(_part(inner), name == "numbered")
    return _ValueHole(from_node(tag.expression, node))


def _table_column(node: nodes.Expr) -> Expression | tuple[Expression | Place, ...]:
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
    return "a part of the table"
