"""Checks of what is decided by comparing: a tie, or numbers so close that rounding on the way turns the verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from jinja2 import nodes
from jinja2.visitor import NodeTransformer
from numpy.typing import NDArray

from quizgen.answers import Answer
from quizgen.answers.choice import ChoiceAnswer
from quizgen.answers.multiple import MultipleAnswer
from quizgen.answers.options import OptionsAnswer
from quizgen.answers.order import OrderAnswer
from quizgen.checking.base import Finding, Path, check
from quizgen.checking.sweep import Part, Sweep
from quizgen.variants.expressions import Expression, from_node, parse_node
from quizgen.variants.kinds import kind_of
from quizgen.variants.values import REAL, Grid, Kind, Value, spread

_OTHER_SIDE = {"lt": "lteq", "lteq": "lt", "gt": "gteq", "gteq": "gt"}
_FIRST_OF_EQUALS = {"argmax", "argmin"}

CLOSE = 0.005
"""Losses and other unrounded numbers nearer to each other than this are told apart by careful rounding only."""

Pairs = frozenset[frozenset[str]]
"""Pairs of expressions, by their structure."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the expressions of a case: the kinds of names, which of them are vectors, the ties thought of."""

    kinds: Mapping[str, Kind]
    vectors: frozenset[str]
    thought_of: Pairs

    def is_mask(self, *sides: nodes.Expr) -> bool:
        """Whether a comparison picks entries by whole numbers, such as positions: there an end that counts is no tie."""
        return any(self._is_vector(side) for side in sides) and all(kind_of(side, self.kinds) == Grid(0) for side in sides)

    def _is_vector(self, side: nodes.Expr) -> bool:
        match side:
            case nodes.Name(name=name):
                return name in self.vectors
            case nodes.Call(node=nodes.Name(name="range")):
                return True
            case nodes.BinExpr(left=left, right=right):
                return self._is_vector(left) or self._is_vector(right)
        return False


Turn = Callable[[nodes.Expr, Known], nodes.Expr]


@check("tie", "error")
def tie(sweep: Sweep) -> Iterator[Finding]:
    """Two things that are compared are equal in some variant, and the answer that counts as right would be another one if the
    tie were broken the other way: a student who says so is right and is marked wrong. Exclude the tie by a condition, such as
    ``loss_a != loss_b`` or, better, a clear distance.
    """
    yield from _turned(sweep, _tie_broken_otherwise, "is decided by a tie")


@check("close-call", "warning")
def close_call(sweep: Sweep) -> Iterator[Finding]:
    """Two unrounded numbers that are compared lie nearer to each other than 0.005 in some variant, and the right answer turns
    on it: a student who rounds to two decimals on the way comes to another verdict. Require a distance of at least 0.05.
    """
    yield from _turned(sweep, _nudged(CLOSE), f"turns when an unrounded number changes by {CLOSE}")
    yield from _turned(sweep, _nudged(-CLOSE), f"turns when an unrounded number changes by {CLOSE}")
    yield from _close_orders(sweep)


def _close_orders(sweep: Sweep) -> Iterator[Finding]:
    """Orders in which two unrounded numbers by which the shown items are sorted lie next to each other."""
    for part, answer, keys in sweep.answers(OrderAnswer):
        if answer.by is None or kind_of(answer.by.node, part.block.kinds) != REAL:
            continue
        sorted_by = np.sort(np.take_along_axis(part.block.numbers(answer.by), keys.shown, axis=0), axis=0)
        bad = np.asarray(((sorted_by[1:] - sorted_by[:-1]) < CLOSE).any(axis=0))
        if bad.any():
            message = f"two items lie nearer to each other than {CLOSE} in {bad.mean():.1%} of this case's variants"
            yield Finding(sweep.path(answer.name, "by"), message, part.first(bad))


def _turned(sweep: Sweep, turn: Turn, what: str) -> Iterator[Finding]:
    """For each expression that decides an answer the first variant in which it comes out otherwise when it is turned."""
    turned = _Turned(turn, sweep.shared(thought_of_ties), {})
    for part in sweep.parts:
        values = _lets_turned(sweep, part, turned)
        for answer, keys in part.prepared:
            for expression, path, matters in _deciding(sweep, part, answer, keys):
                other = turned(expression, part)
                if values is part.block.values and other is expression:
                    continue
                bad = _differ(expression(part.block.values), other(values), len(part.block)) & matters
                if bad.any():
                    share = bad.mean()
                    yield Finding(path, f"'{expression.source}' {what} in {share:.1%} of this case's variants", part.first(bad))


@dataclass(frozen=True, slots=True)
class _Turned:
    """Expressions turned, each once for all cases in which names are of the same kinds."""

    turn: Turn
    thought_of: Pairs
    known: dict[tuple[int, int], Expression]

    def __call__(self, expression: Expression, part: Part) -> Expression:
        """The expression turned; itself where nothing changes by that."""
        place = id(expression), id(part.block.kinds)  # both live as long as the template
        if place not in self.known:
            values = part.block.values
            vectors = frozenset(name for name, value in values.items() if isinstance(value, np.ndarray) and value.ndim > 1)
            known = Known(part.block.kinds, vectors, self.thought_of)
            node = self.turn(deepcopy(expression.node), known)  # a transformer changes nodes in their place
            self.known[place] = expression if node == expression.node else from_node(expression.source, node)
        return self.known[place]


def _lets_turned(sweep: Sweep, part: Part, turned: _Turned) -> Mapping[str, Value]:
    """The values with every let turned; the block's own where no let changes by that."""
    values: dict[str, Value] = dict(part.block.values)
    changed: set[str] = set()
    for let in sweep.template.program.lets:
        other = turned(let.expression, part)
        if other is not let.expression or changed & let.expression.names:
            changed.add(let.name)
            values[let.name] = other(values)
    return values if changed else part.block.values


def _deciding(sweep: Sweep, part: Part, answer: Answer, keys: Any) -> Iterator[tuple[Expression, Path, NDArray[np.bool_]]]:
    """The expressions that decide what is right, each with its place and for whom it matters."""
    everybody = np.ones(len(part.block), dtype=np.bool_)
    if isinstance(answer, ChoiceAnswer | MultipleAnswer):
        for i, option in enumerate(answer.pool):
            shown = (keys.offer.shown == i).any(axis=0)
            if isinstance(option.true_when, Expression):
                yield option.true_when, (*option.path, "true_when"), shown
            elif option.true_when is True and isinstance(answer, ChoiceAnswer):
                for expression in option.text.displays:
                    yield expression, option.path, shown
        return
    for expression in answer.key_expressions():
        yield expression, sweep.path(answer.name), everybody


def _differ(first: Value, second: Value, n: int) -> NDArray[np.bool_]:
    a, b = spread(first, n), spread(second, n)
    if a.shape != b.shape:
        return np.ones(n, dtype=np.bool_)
    if a.dtype.kind in "fiub" and b.dtype.kind in "fiub":
        with np.errstate(invalid="ignore"):
            differ = ~np.isclose(a.astype(np.float64), b.astype(np.float64), rtol=1e-9, atol=1e-12, equal_nan=True)
    else:
        differ = np.asarray(a != b)
    return np.asarray(differ.reshape(-1, n).any(axis=0))


def _tie_broken_otherwise(node: nodes.Expr, known: Known) -> nodes.Expr:
    """The expression in which equals count as ordered where they did not, and the last of equals is the largest."""
    return cast("nodes.Expr", _Ties(known).visit(node)) if _compares(node) else node


def _nudged(by: float) -> Turn:
    """Turns an expression into one in which unrounded numbers that are compared are shifted against each other."""

    def turn(node: nodes.Expr, known: Known) -> nodes.Expr:
        return cast("nodes.Expr", _Nudge(by, known).visit(node)) if _compares(node) else node

    return turn


def _compares(node: nodes.Expr) -> bool:
    return any(True for _ in nodes.Output([node]).find_all((nodes.Compare, nodes.Call)))


def thought_of_ties(sweep: Sweep) -> Pairs:
    """The pairs for which a template thinks of a tie: anywhere, lets and options included, they are compared for equality; or
    one expression, or the options of one answer, compare them strictly in both directions, so that a third outcome is left.
    """
    template = sweep.template
    together = [[expression] for expression in template.program.requires]
    together += [[let.expression] for let in template.program.lets]
    for answer in template.answers:
        together += [[expression] for expression in answer.key_expressions()]
        if isinstance(answer, OptionsAnswer):
            together.append([part for option in answer.pool for part in (*option.expressions(), *option.text.conditions)])
    found: set[frozenset[str]] = set()
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
    """Breaks ties the other way; a comparison with a constant is no tie, and neither is one that is asked about as such."""

    def __init__(self, known: Known) -> None:
        self.known = known

    def visit_Compare(self, node: nodes.Compare) -> nodes.Expr:  # noqa: N802 # named as Jinja wants it
        ops, left = [], node.expr
        for operand in node.ops:
            constant = any(not nodes.Output([side]).find(nodes.Name) for side in (left, operand.expr))
            thought_of = frozenset({repr(left), repr(operand.expr)}) in self.known.thought_of
            meant = constant or thought_of or self.known.is_mask(left, operand.expr)
            op = operand.op if meant else _OTHER_SIDE.get(operand.op, operand.op)
            ops.append(nodes.Operand(op, self.visit(operand.expr)))
            left = operand.expr
        return nodes.Compare(self.visit(node.expr), ops, lineno=1)

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:  # noqa: N802
        node = cast("nodes.Call", self.generic_visit(node))
        if not (isinstance(node.node, nodes.Name) and node.node.name in _FIRST_OF_EQUALS and len(node.args) == 1):
            return node
        last = parse_node(f"len(x) - 1 - {node.node.name}(take(x, len(x) - 1 - range(len(x))))")
        return cast("nodes.Expr", _Put(node.args[0]).visit(last))


class _Put(NodeTransformer):
    """Puts an expression in the place of the name ``x``."""

    def __init__(self, value: nodes.Expr) -> None:
        self.value = value

    def visit_Name(self, node: nodes.Name) -> nodes.Expr:  # noqa: N802
        return self.value if node.name == "x" else node


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
