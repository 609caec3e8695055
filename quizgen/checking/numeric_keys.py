"""Checks of keys that are numbers: they are finite or announced, and agree with a second formula."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import cast

import numpy as np
from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from quizgen.answers.numeric import NumericAnswer
from quizgen.checking.base import Finding, check
from quizgen.checking.sweep import Sweep
from quizgen.variants.expressions import Expression


@check("infinite-key", "warning")
def infinite_key(sweep: Sweep) -> Iterator[Finding]:
    """The key is infinite in some variants, because a probability is 0 there, and the template says nowhere that this may
    happen, nor how to type it. Keep the probability from 0; or, if infinity is the point, write in the stem or the label that
    an infinite value is typed ``inf``. (A key that divides by zero is an error of its own.)
    """
    for part, answer, keys in sweep.answers(NumericAnswer):
        bad = np.isinf(keys.bands.value)
        if bad.any() and not _announced(sweep, answer):
            yield Finding(
                sweep.path(answer.name, "value"),
                f"the key is infinite in {bad.mean():.1%} of this case's variants, and the stem does not say that it may be",
                part.first(bad),
            )


_INFINITE = re.compile(r"infin|\binf\b|∞|\\infty", re.IGNORECASE)


def _announced(sweep: Sweep, answer: NumericAnswer) -> bool:
    """Whether the stem or the label speaks of infinity."""
    label = answer.shared.prompt.text.marked if answer.shared.prompt else ""
    return bool(_INFINITE.search(label)) or any(_INFINITE.search(stem) for stem in sweep.stems)


@check("second-formula", "error")
def second_formula(sweep: Sweep) -> Iterator[Finding]:
    """A second formula, given under ``verify``, must come to the same key in every variant: where it does not, one of the two
    is wrong, and the message says what either comes to.
    """
    for name, formula in sweep.template.verify.items():
        for part, answer, keys in sweep.answers(NumericAnswer):
            if answer.name != name:
                continue
            other = part.block.single_numbers(formula)
            with np.errstate(invalid="ignore"):
                bad = ~(np.isclose(other, keys.bands.value, rtol=1e-9, atol=1e-12) | (other == keys.bands.value))
            if bad.any():
                i = int(np.flatnonzero(bad)[0])
                yield Finding(
                    ("verify",) if sweep.template.single else ("verify", name),
                    f"the key is {keys.bands.value[i]:.10g}, but '{formula.source}' comes to {other[i]:.10g}",
                    part.first(bad),
                )


@check("idle-verify", "warning")
def idle_verify(sweep: Sweep) -> Iterator[Finding]:
    """The second formula under ``verify`` is the key's own once every let is put in its place, be its terms turned round: it
    comes to the key whether that is right or wrong, and verifies nothing. Write a way that is truly another, such as a sum
    over the distribution, or take it out.
    """
    lets = {let.name: let.expression for let in sweep.template.program.lets}
    for answer in sweep.template.answers:
        formula = sweep.template.verify.get(answer.name)
        if isinstance(answer, NumericAnswer) and formula is not None and _form(formula, lets) == _form(answer.value, lets):
            path = ("verify",) if sweep.template.single else ("verify", answer.name)
            yield Finding(path, f"'{formula.source}' is the key's own formula: it verifies nothing")


def _form(expression: Expression, lets: Mapping[str, Expression]) -> str:
    """The structure of an expression with its lets put in."""
    return repr(_Unfolded(lets).visit(deepcopy(expression.node)))  # a transformer changes nodes in their place


class _Unfolded(NodeTransformer):
    """Puts lets in, and the operands of sums and products in one order; ``ln`` and ``log`` are one."""

    def __init__(self, lets: Mapping[str, Expression]) -> None:
        self.lets = lets

    def visit_Name(self, node: nodes.Name) -> nodes.Expr:  # noqa: N802 # named as Jinja wants it
        if node.name not in self.lets:
            return nodes.Name("ln", node.ctx) if node.name == "log" else node
        earlier = {name: let for name, let in self.lets.items() if name != node.name}
        return cast("nodes.Expr", _Unfolded(earlier).visit(deepcopy(self.lets[node.name].node)))

    def visit_Add(self, node: nodes.Add) -> nodes.Expr:  # noqa: N802
        return nodes.Add(*self._sorted(node))

    def visit_Mul(self, node: nodes.Mul) -> nodes.Expr:  # noqa: N802
        return nodes.Mul(*self._sorted(node))

    def _sorted(self, node: nodes.BinExpr) -> list[nodes.Expr]:
        return sorted((self.visit(node.left), self.visit(node.right)), key=repr)
