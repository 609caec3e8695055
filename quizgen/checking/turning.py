"""Expressions turned: as they would be if ties were broken the other way, or unrounded numbers differed a little."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import TypeAlias, cast

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from quizgen.answers.options import OptionsAnswer
from quizgen.checking.sweep import Sweep
from quizgen.variants.expressions import Expression, parse_node
from quizgen.variants.kinds import kind_of
from quizgen.variants.values import REAL, Grid, Kind

_OTHER_SIDE = {"lt": "lteq", "lteq": "lt", "gt": "gteq", "gteq": "gt"}
_FIRST_OF_EQUALS = {"argmax": "max", "argmin": "min"}
_COUNTING = {"count", "rank", "len"}
_ENTRY_BY_ENTRY = {"surprisal", "log", "ln", "log2", "log10", "exp", "sqrt", "abs"}

Pairs = frozenset[frozenset[str]]
"""Pairs of expressions, by their structure."""


@dataclass(frozen=True, slots=True)
class Tie:
    """What may be equal: where it is, which number that is, and how an author writes the two sides, if that is short."""

    equal: nodes.Expr
    number: nodes.Expr
    sides: str


@dataclass(frozen=True, slots=True)
class _From:
    """The list out of which something is; whether it is the whole list, and whether its place there is what names it."""

    source: nodes.Expr
    whole: bool
    by_place: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the expressions of a case: the kinds of names, which are vectors or tables, which of these are lists of
    single numbers, all lets, the ties thought of.
    """

    kinds: Mapping[str, Kind]
    vectors: frozenset[str]
    lists: frozenset[str]
    lets: Mapping[str, nodes.Expr]
    thought_of: Pairs

    def is_mask(self, *sides: nodes.Expr) -> bool:
        """Whether a comparison picks entries by whole numbers, such as positions: there an end that counts is no tie."""
        return any(self._is_vector(side) for side in sides) and all(kind_of(side, self.kinds) == Grid(0) for side in sides)

    def is_threshold(self, *sides: nodes.Expr) -> bool:
        """Whether one side counts or ranks, and the other is a drawn whole number: how many, or up to which rank."""
        drawn = [
            isinstance(side, nodes.Name)
            and side.name not in self.lets
            and side.name not in self.vectors
            and self.kinds.get(side.name) == Grid(0)
            for side in sides
        ]
        return any(mine and self._counts(other) for mine, other in zip(drawn, reversed(sides), strict=True))

    def alone(self, left: nodes.Expr, right: nodes.Expr) -> nodes.Expr | None:
        """Where both sides are out of one list, so that an entry may meet itself: the condition that another equals it."""
        one, other = self._out_of(left), self._out_of(right)
        if one is None or other is None or one.source != other.source:
            return None
        if (one.whole and other.whole) or (one.by_place and other.by_place):
            return None
        entry = right if one.whole else left
        return cast("nodes.Expr", _Put({"x": one.source, "y": entry}).visit(parse_node("count(x == y) > 1")))

    def _counts(self, side: nodes.Expr) -> bool:
        match side:
            case nodes.Name(name=name) if name in self.lets:
                return self._counts(self.lets[name])
            case nodes.Call(node=nodes.Name(name=name)):
                return name in _COUNTING
            case nodes.Getitem(node=base):
                return self._counts(base)
            case nodes.Add(left=left, right=right) | nodes.Sub(left=left, right=right):
                parts = [part for part in (left, right) if not isinstance(part, nodes.Const)]
                return len(parts) == 1 and self._counts(parts[0])
        return False

    def _out_of(self, side: nodes.Expr) -> _From | None:
        match side:
            case nodes.Name(name=name):
                made = self._out_of(self.lets[name]) if name in self.lets else None
                return made or (_From(side, True, False) if name in self.lists else None)
            case nodes.Getitem(node=base, arg=index) if not isinstance(index, nodes.Slice):
                found = self._out_of(base)
                if found is None or not found.whole:
                    return None
                as_written = isinstance(base, nodes.Name) and found.source == base
                return _From(found.source, False, as_written and nodes.Output([index]).find(nodes.Call) is None)
            case nodes.Call(node=nodes.Name(name="sort"), args=[inner]):
                return self._out_of(inner)
            case nodes.Call(node=nodes.Name(name="max" | "min"), args=[inner]):
                found = self._out_of(inner)
                return _From(found.source, False, False) if found is not None and found.whole else None
            case nodes.Call(node=nodes.Name(name=name), args=[inner]) if name in _ENTRY_BY_ENTRY:
                found = self._out_of(inner)
                if found is not None:
                    source = nodes.Call(side.node, [found.source], [], None, None, lineno=1)
                    return _From(source, found.whole, found.by_place)
        return None

    def _is_vector(self, side: nodes.Expr) -> bool:
        match side:
            case nodes.Name(name=name):
                return name in self.vectors
            case nodes.Call(node=nodes.Name(name="range")):
                return True
            case nodes.BinExpr(left=left, right=right):
                return self._is_vector(left) or self._is_vector(right)
        return False


Turn: TypeAlias = Callable[[nodes.Expr, Known], tuple[nodes.Expr, tuple[Tie, ...]]]
"""Makes another expression of one, and tells what may be equal that was turned."""


def tie_broken_otherwise(node: nodes.Expr, known: Known) -> tuple[nodes.Expr, tuple[Tie, ...]]:
    """The expression in which equals count as ordered where they did not, and the last of equals is the largest."""
    if not _compares(node):
        return node, ()
    ties = _Ties(known)
    turned = cast("nodes.Expr", ties.visit(deepcopy(node)))  # a transformer changes nodes in their place
    return turned, tuple(ties.found)


def nudged(by: float) -> Turn:
    """Turns an expression into one in which unrounded numbers that are compared are shifted against each other."""

    def turn(node: nodes.Expr, known: Known) -> tuple[nodes.Expr, tuple[Tie, ...]]:
        return (cast("nodes.Expr", _Nudge(by, known).visit(deepcopy(node))) if _compares(node) else node), ()

    return turn


def _compares(node: nodes.Expr) -> bool:
    return any(True for _ in nodes.Output([node]).find_all((nodes.Compare, nodes.Call)))


def thought_of_ties(sweep: Sweep) -> Pairs:
    """The pairs for which a template thinks of a tie: anywhere, lets and options included, they are compared for equality; or
    one expression, or what makes the options of one answer true or says what they say, compares them strictly in both
    directions, so that a third outcome is left. When an option is offered says nothing of that.
    """
    template = sweep.template
    together = [[expression] for expression in template.program.requires]
    together += [[let.expression] for let in template.program.lets]
    offered: list[Expression] = []
    for answer in template.answers:
        together += [[expression] for expression in answer.key_expressions()]
        if isinstance(answer, OptionsAnswer):
            decided = [option.true_when for option in answer.pool if isinstance(option.true_when, Expression)]
            together.append([*decided, *(part for option in answer.pool for part in option.text.conditions)])
            offered += [option.when for option in answer.pool if option.when is not None]
    found = {frozenset({left, right}) for op, left, right in _compared(offered) if op in ("eq", "ne")}
    for expressions in together:
        strictly: set[tuple[str, str]] = set()
        for op, left, right in _compared(expressions):
            if op in ("eq", "ne"):
                found.add(frozenset({left, right}))
            elif op in ("lt", "gt"):
                strictly.add((left, right) if op == "lt" else (right, left))
        found |= {frozenset(pair) for pair in strictly if pair[::-1] in strictly}
    return frozenset(found)


def _compared(expressions: Iterable[Expression]) -> Iterator[tuple[str, str, str]]:
    """Every comparison: its operator and the structure of its two sides."""
    for expression in expressions:
        for compare in nodes.Output([expression.node]).find_all(nodes.Compare):
            left = repr(compare.expr)
            for operand in compare.ops:
                yield operand.op, left, repr(operand.expr)
                left = repr(operand.expr)


class _Ties(NodeTransformer):
    """Breaks ties the other way; a comparison with a constant is no tie, and neither is one that is asked about as such.

    ``found`` is what was turned.
    """

    def __init__(self, known: Known) -> None:
        self.known = known
        self.found: list[Tie] = []

    def visit_Compare(self, node: nodes.Compare) -> nodes.Expr:  # noqa: N802 # named as Jinja wants it
        """The comparison; its parts, where it is a chain, are turned each by itself."""
        parts: list[nodes.Expr] = []
        left = node.expr
        for operand in node.ops:
            parts.append(self._turned(left, operand.op, operand.expr))
            left = operand.expr
        whole = parts[0]
        for part in parts[1:]:
            whole = nodes.And(whole, part, lineno=1)
        return whole

    def _turned(self, left: nodes.Expr, op: str, right: nodes.Expr) -> nodes.Expr:
        sides = cast("nodes.Expr", self.visit(deepcopy(left))), cast("nodes.Expr", self.visit(deepcopy(right)))
        same = _comparison(sides[0], op, sides[1])
        constant = any(not nodes.Output([side]).find(nodes.Name) for side in (left, right))
        thought_of = frozenset({repr(left), repr(right)}) in self.known.thought_of
        meant = constant or thought_of or self.known.is_mask(left, right) or self.known.is_threshold(left, right)
        if meant or op not in _OTHER_SIDE:
            return same
        other: nodes.Expr = _comparison(sides[0], _OTHER_SIDE[op], sides[1])
        equal: nodes.Expr = _comparison(left, "eq", right)
        alone = self.known.alone(left, right)
        if alone is not None:
            other = nodes.CondExpr(alone, other, same, lineno=1)
            equal = nodes.And(equal, alone, lineno=1)
        names = _as_written(left), _as_written(right)
        self.found.append(Tie(equal, right, " and ".join(names) if all(names) else ""))
        return other

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:  # noqa: N802
        """The call; the first of the largest becomes the last of them."""
        node = cast("nodes.Call", self.generic_visit(node))
        if not (isinstance(node.node, nodes.Name) and node.node.name in _FIRST_OF_EQUALS and len(node.args) == 1):
            return node
        entries = {"x": node.args[0]}
        extreme = _FIRST_OF_EQUALS[node.node.name]
        number = cast("nodes.Expr", _Put(entries).visit(parse_node(f"{extreme}(x)")))
        equal = cast("nodes.Expr", _Put(entries).visit(parse_node(f"count(x == {extreme}(x)) > 1")))
        name = _as_written(node.args[0])
        self.found.append(Tie(equal, number, f"two entries of {name}" if name else ""))
        last = parse_node(f"len(x) - 1 - {node.node.name}(take(x, len(x) - 1 - range(len(x))))")
        return cast("nodes.Expr", _Put(entries).visit(last))


def _comparison(left: nodes.Expr, op: str, right: nodes.Expr) -> nodes.Compare:
    return nodes.Compare(left, [nodes.Operand(op, right)], lineno=1)


def _as_written(node: nodes.Expr) -> str:
    """How an author writes a name, or an entry of a list; nothing for what is longer."""
    match node:
        case nodes.Name(name=name):
            return name
        case nodes.Const(value=value):
            return str(value)
        case nodes.Getattr(node=base, attr=attr):
            return f"{_as_written(base)}.{attr}"
        case nodes.Getitem(node=base, arg=nodes.Name() | nodes.Const() as index):
            list_name = _as_written(base)
            return f"{list_name}[{_as_written(index)}]" if list_name else ""
    return ""


class _Put(NodeTransformer):
    """Puts expressions in the place of names."""

    def __init__(self, values: Mapping[str, nodes.Expr]) -> None:
        self.values = values

    def visit_Name(self, node: nodes.Name) -> nodes.Expr:  # noqa: N802
        return self.values.get(node.name, node)


class _Nudge(NodeTransformer):
    """Adds a little to the right side of each comparison of unrounded numbers; not to equal ones, if a tie is thought of."""

    def __init__(self, by: float, known: Known) -> None:
        self.by = nodes.Const(by)
        self.known = known

    def visit_Compare(self, node: nodes.Compare) -> nodes.Expr:  # noqa: N802
        ops, left = [], node.expr
        for operand in node.ops:
            right = shifted = operand.expr
            if operand.op in _OTHER_SIDE and REAL in (kind_of(left, self.known.kinds), kind_of(right, self.known.kinds)):
                shifted = nodes.Add(right, self.by, lineno=1)
                if frozenset({repr(left), repr(right)}) in self.known.thought_of:
                    equal = nodes.Compare(left, [nodes.Operand("eq", right)], lineno=1)
                    shifted = nodes.CondExpr(equal, right, shifted, lineno=1)
            ops.append(nodes.Operand(operand.op, shifted))
            left = right
        return nodes.Compare(node.expr, ops, lineno=1)
