"""Keys that every variant must have: one that is undefined, or infinite for no good reason, is an error that says where.

A key may be infinite only because a probability is 0: infinity comes of the logarithm of 0. What is divided by zero or
grows too large for a computer is a slip of the template.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from quizgen.errors import ExpressionError
from quizgen.variants.expressions import Expression
from quizgen.variants.sampler import Block, Program, compute_lets, take
from quizgen.variants.values import Value, spread

_MOST_NUMBERS = 8


def check_defined(expression: Expression, value: NDArray[np.float64], block: Block, program: Program) -> None:
    """Nothing, or `ExpressionError` where the value (n,) of an expression is undefined in a variant of the block."""
    undefined = np.isnan(value)
    if undefined.any():
        raise _undefined(expression, block, program, int(undefined.argmax()), "0/0, or the logarithm of a negative number")
    infinite = np.flatnonzero(np.isinf(value))
    if not len(infinite):
        return
    some = take(block, infinite)
    values: dict[str, Value] = dict(some.values)
    with np.errstate(all="ignore"):
        compute_lets(program, program.cases[block.case], values, strict=True)
        strictly = spread(expression(values, strict=True), len(some)).astype(np.float64)
    undefined = np.isnan(strictly)
    if undefined.any():
        why = "it divides by zero, or is too large for a computer; only the logarithm of 0 makes a key infinite"
        raise _undefined(expression, block, program, int(infinite[undefined.argmax()]), why)


def _undefined(expression: Expression, block: Block, program: Program, row: int, why: str) -> ExpressionError:
    numbers = list(_numbers(expression, block, program, row))
    at = f"'{expression.source}' is undefined at variant {block.ordinals[row]}"
    if not numbers:  # it is so in all variants
        return ExpressionError(f"{at} ({why})")
    told = ", ".join(numbers[:_MOST_NUMBERS]) + (", …" if len(numbers) > _MOST_NUMBERS else "")
    return ExpressionError(f"{at}, where {told} ({why}); rule such variants out by a condition under 'require'")


def _numbers(expression: Expression, block: Block, program: Program, row: int) -> Iterator[str]:
    """The numbers of one variant that an expression rests on, its own first: ``p = 0.5``, ``q = [0, 1]``."""
    lets = {let.name: let.expression for let in program.lets}
    waiting, done = sorted(expression.names), set[str]()
    while waiting:
        name = waiting.pop(0)
        if name in done or name not in block.values:
            continue
        done.add(name)
        value = spread(block.values[name], len(block))[..., row]
        if value.dtype != object:
            yield f"{name} = {_listed(value)}"
        if name in lets:
            waiting.extend(sorted(lets[name].names))


def _listed(value: NDArray[np.float64]) -> str:
    if value.ndim == 0:
        return f"{float(value):.6g}"
    entries = [_listed(entry) for entry in value[:_MOST_NUMBERS]]
    return f"[{', '.join(entries)}{', …' if len(value) > _MOST_NUMBERS else ''}]"
