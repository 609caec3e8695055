"""The kinds of draws. A kind is known by the one key that only it has: ``{uniform: [0, 1], step: 0.1}``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from quizgen.errors import ExpressionError
from quizgen.extensions import known
from quizgen.spelling import closest
from quizgen.variants.draws.base import Draw, Sample, Sampler, Scope
from quizgen.variants.draws.rows import read_table

KINDS: Mapping[str, str] = {
    "choice": "quizgen.variants.draws.numbers:Choice",
    "uniform": "quizgen.variants.draws.numbers:Uniform",
    "integer": "quizgen.variants.draws.numbers:Integer",
    "probability": "quizgen.variants.draws.numbers:Probability",
    "distribution": "quizgen.variants.draws.vectors:Distribution",
    "sequence": "quizgen.variants.draws.vectors:Sequence",
    "sample": "quizgen.variants.draws.vectors:SampleDraw",
    "permutation": "quizgen.variants.draws.vectors:Permutation",
    "rows": "quizgen.variants.draws.rows:Rows",
}


def draw_kinds() -> Mapping[str, type[Draw]]:
    """Every kind of draw by its key: the built-in ones, and those that other packages announce."""
    return known("quizgen.draws", KINDS)


def draw_kind(data: Mapping[str, Any]) -> tuple[str, type[Draw]]:
    """The kind that a YAML map is of."""
    kinds = draw_kinds()
    found = [key for key in data if key in kinds]
    if len(found) == 1:
        return found[0], kinds[found[0]]
    if found:
        raise ExpressionError(f"a draw is of one kind, not of {' and '.join(found)}")
    near = next(((key, close) for key in map(str, data) if (close := closest(key, kinds))), None)
    if near:
        raise ExpressionError(f"there is no kind of draw '{near[0]}'; did you mean \"{near[1]}\"?")
    raise ExpressionError(f"a draw has one of the keys {', '.join(kinds)}")


def read_draw(data: Mapping[str, Any]) -> Draw:
    """The draw of a YAML map. Raises `ExpressionError`, or pydantic's `ValidationError`."""
    _, kind = draw_kind(data)
    return kind.model_validate(dict(data))


__all__ = ["KINDS", "Draw", "Sample", "Sampler", "Scope", "draw_kind", "draw_kinds", "read_draw", "read_table"]
