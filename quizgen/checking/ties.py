"""Checks of what is decided by comparing: a tie, or numbers so close that rounding on the way turns the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jinja2 import nodes
from numpy.typing import NDArray

from quizgen.answers import Answer
from quizgen.answers.choice import ChoiceAnswer
from quizgen.answers.multiple import MultipleAnswer
from quizgen.answers.order import OrderAnswer
from quizgen.checking.base import Finding, Path, check
from quizgen.checking.sweep import Part, Sweep
from quizgen.checking.turning import Known, Pairs, Tie, Turn, nudged, thought_of_ties, tie_broken_otherwise
from quizgen.variants.expressions import Expression, from_node
from quizgen.variants.kinds import kind_of
from quizgen.variants.values import REAL, Value, spread

CLOSE = 0.005
"""Losses and other unrounded numbers nearer to each other than this are told apart by careful rounding only."""


@check("tie", "error")
def tie(sweep: Sweep) -> Iterator[Finding]:
    """Two things that are compared are equal in some variant, and the answer that counts as right would be another one if the
    tie were broken the other way: a student who says so is right and is marked wrong. Exclude the tie by a condition, such as
    ``loss_a != loss_b`` or, better, a clear distance.
    """
    yield from _turned(sweep, tie_broken_otherwise, "is decided by a tie")


@check("close-call", "warning")
def close_call(sweep: Sweep) -> Iterator[Finding]:
    """Two unrounded numbers that are compared lie nearer to each other than 0.005 in some variant, and the right answer turns
    on it: a student who rounds to two decimals on the way comes to another verdict. Require a distance of at least 0.05.
    """
    yield from _turned(sweep, nudged(CLOSE), f"turns when an unrounded number changes by {CLOSE}")
    yield from _turned(sweep, nudged(-CLOSE), f"turns when an unrounded number changes by {CLOSE}")
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
    lets = {let.name: let.expression for let in sweep.template.program.lets}
    turned = _Turned(turn, {name: let.node for name, let in lets.items()}, sweep.shared(thought_of_ties), {})
    for part in sweep.parts:
        values = _lets_turned(sweep, part, turned)
        for answer, keys in part.prepared:
            for expression, path, matters in _deciding(sweep, part, answer, keys):
                other = turned(expression, part).expression
                if values is part.block.values and other is expression:
                    continue
                bad = _differ(expression(part.block.values), other(values), len(part.block)) & matters
                if bad.any():
                    ties = [tie for one in _behind(expression, lets) for tie in turned(one, part).ties]
                    row = int(np.flatnonzero(bad)[np.argmin(part.block.ordinals[bad])])
                    which = next(_equals(ties, part, row), "")
                    message = f"'{expression.source}' {what} in {bad.mean():.1%} of this case's variants{which}"
                    yield Finding(path, message, part.first(bad))


def _behind(expression: Expression, lets: Mapping[str, Expression]) -> Iterator[Expression]:
    """The expression, then all lets on which it hangs, each once."""
    seen: set[str] = set()
    waiting = [expression]
    while waiting:
        one = waiting.pop(0)
        yield one
        names = sorted(one.names & lets.keys() - seen)
        seen.update(names)
        waiting.extend(lets[name] for name in names)


def _equals(ties: Iterable[Tie], part: Part, row: int) -> Iterator[str]:
    """Which numbers are equal in a row."""
    n = len(part.block)
    for tie in ties:
        equal = spread(from_node("", tie.equal)(part.block.values), n)[..., row]
        number = spread(from_node("", tie.number)(part.block.values), n)[..., row]
        if equal.any() and number.dtype.kind == "f":
            value = np.broadcast_to(number, np.broadcast_shapes(number.shape, equal.shape))[equal].flat[0]
            yield f"; here {tie.sides or 'two numbers that it compares'} are both {value + 0.0:.6g}"


@dataclass(frozen=True, slots=True)
class _Other:
    """An expression turned, and what may be equal in it."""

    expression: Expression
    ties: tuple[Tie, ...]


@dataclass(frozen=True, slots=True)
class _Turned:
    """Expressions turned, each once for all cases in which names are of the same kinds."""

    turn: Turn
    lets: Mapping[str, nodes.Expr]
    thought_of: Pairs
    known: dict[tuple[int, int], _Other]

    def __call__(self, expression: Expression, part: Part) -> _Other:
        """The expression turned; itself where nothing changes by that."""
        place = id(expression), id(part.block.kinds)  # both live as long as the template
        if place not in self.known:
            values = part.block.values
            axes = {name: value.ndim for name, value in values.items() if isinstance(value, np.ndarray) and value.ndim > 1}
            lists = frozenset(name for name, count in axes.items() if count == 2)
            known = Known(part.block.kinds, frozenset(axes), lists, self.lets, self.thought_of)
            node, ties = self.turn(expression.node, known)
            same = node == expression.node
            self.known[place] = _Other(expression if same else from_node(expression.source, node), ties)
        return self.known[place]


def _lets_turned(sweep: Sweep, part: Part, turned: _Turned) -> Mapping[str, Value]:
    """The values with every let turned; the block's own where no let changes by that."""
    values: dict[str, Value] = dict(part.block.values)
    changed: set[str] = set()
    for let in sweep.template.program.lets:
        other = turned(let.expression, part).expression
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
