"""Marking without a template: an answer whose values and texts are constants, for scripts and for trying a kind out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from quizgen.answers.base import Answer, AnswerSpec, Mark, Path, Reading
from quizgen.errors import ExpressionError
from quizgen.variants.expressions import Expression, parse
from quizgen.variants.sampler import Case, Program, sample
from quizgen.variants.texts import Compiled, compile_text

_SECRET = b"alone"


@dataclass(slots=True)
class _Workshop:
    """Compiles constants; any name is an error."""

    program: Program
    problems: list[str] = field(default_factory=list)

    def expression(self, source: object, path: Path, *, given: Sequence[str] = ()) -> Expression:
        expression = parse(getattr(source, "text", None) or str(source))
        if expression.names:
            self.problem(path, f"'{min(expression.names)}' has no value here")
        return expression

    def text(self, source: str, path: Path, *, inline: bool = True) -> Compiled:
        return compile_text(source, lambda expression: "", inline=inline)

    def problem(self, path: Path, message: str) -> None:
        self.problems.append(f"{'.'.join(map(str, path))}: {message}")


def prepare_alone(spec: AnswerSpec) -> tuple[Answer, Any]:
    """The compiled answer, and its keys for the one variant that there is.

    Raises:
        ExpressionError: the specification uses names, or is not well posed.
    """
    program = Program("alone", (Case({}, {}, ()),), (), ())
    shop = _Workshop(program)
    answer = spec.compile("answer", (), shop)
    if shop.problems:
        raise ExpressionError("; ".join(shop.problems))
    (block,) = sample(program, _SECRET, np.array([0]), [answer])
    return answer, answer.prepare(block, block.words)


def mark_alone(spec: AnswerSpec, response: str, reading: Reading) -> Mark:
    """The mark of a response to an answer in which nothing is random. Options stand in the order of the one variant.

    Raises:
        ExpressionError: the specification uses names, or is not well posed.
    """
    answer, keys = prepare_alone(spec)
    taken = answer.taken(response, reading)
    return taken if isinstance(taken, Mark) else answer.mark(keys, np.array([0]), [taken], {})[0]
