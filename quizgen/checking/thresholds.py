"""A check of statements that name a threshold against the condition under which they count as true."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from jinja2 import nodes

from quizgen.answers.options import OptionsAnswer
from quizgen.answers.pool import PoolOption
from quizgen.checking.base import Finding, check
from quizgen.checking.directions import sense_of
from quizgen.checking.sweep import Part, Sweep
from quizgen.variants.expressions import Expression, from_node

_WORDS: Mapping[str, float] = {
    "half": 0.5, "a half": 0.5, "one half": 0.5, "a quarter": 0.25, "a third": 1 / 3, "one third": 1 / 3, "one": 1, "two": 2,
    "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
_ABOVE = "above|over|more than|greater than|larger than|higher than|longer than|at least|exceeds?|exceeded"
_BELOW = "below|under|less than|fewer than|smaller than|lower than|shorter than|at most"
_THRESHOLD = re.compile(
    rf"\b(?:({_ABOVE})|{_BELOW})\s+\$?(?:(-?\d*\.?\d+)\$?\s*(%|per ?cent)?|({'|'.join(sorted(_WORDS, key=len)[::-1])})\b)"
    r"(?!\s*(?:times|of (?:the|them|these) (?:two|three|four|models|words))|\w|-)",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"\b(?:not|no|never|neither|nor|cannot|other|others|rest|all but)\b|n[’']t\b", re.IGNORECASE)
_COMPARES = frozenset({"gt", "gteq", "lt", "lteq"})

_UNITS: Mapping[str, tuple[float, ...]] = {
    "": (1.0,),
    "%": (0.01, 100.0),
    "percent": (0.01, 100.0),
    "bits": (math.log(2), 1 / math.log(2)),
    "bans": (math.log(10), 1 / math.log(10)),
}
"""By what a threshold may be multiplied where the number that it is compared with has another unit than the words name."""


@check("statement-threshold", "error")
def statement_threshold(sweep: Sweep) -> Iterator[Finding]:
    """A statement names a threshold, such as “the loss is above 1 nat”, and counts as true in a variant in which, by the loss
    that its ``true_when`` compares, it is false; or the other way round. Compare with the number that the statement names.
    """
    lets = {let.name: let.expression for let in sweep.template.program.lets}
    for answer in sweep.template.answers:
        for option in answer.pool if isinstance(answer, OptionsAnswer) else ():
            threshold = _threshold(option)
            compared = _compared(option.true_when, lets) if threshold else None
            if threshold is None or compared is None or sense_of(threshold.of) != sense_of(_called(compared, lets)):
                continue
            for part in sweep.parts:
                yield from _contradicted(part, option, threshold, compared)


@dataclass(frozen=True, slots=True)
class Threshold:
    """What a statement says: that something is above or below a number, in any unit that may be meant, and its words."""

    of: str
    above: bool
    limits: tuple[float, ...]
    words: str


def _threshold(option: PoolOption) -> Threshold | None:
    """The only threshold that a statement names; None where it names none, or denies it, or speaks of what is not measured."""
    text = option.text.text.marked.replace("*", "")
    found = list(_THRESHOLD.finditer(text))
    if len(found) != 1 or _NEGATED.search(text) or not sense_of(text[: found[0].start()]):
        return None
    number = _WORDS[found[0][4].casefold()] if found[0][4] else float(found[0][2])
    limits = tuple(number * factor for unit, factors in _UNITS.items() if unit in text for factor in factors)
    return Threshold(text[: found[0].start()], bool(found[0][1]), limits, found[0][0].strip())


def _compared(condition: Expression | bool, lets: Mapping[str, Expression]) -> Expression | None:
    """What a condition compares with a number; None where it does more than that."""
    if isinstance(condition, bool):
        return None
    source, node = condition.source, condition.node
    while isinstance(node, nodes.Name) and node.name in lets:
        source, node = lets[node.name].source, lets[node.name].node
    match node:
        case nodes.Compare(
            expr=nodes.Name() | nodes.Getitem() | nodes.Call() as left, ops=[nodes.Operand(op=op, expr=limit)]
        ) if op in _COMPARES and isinstance(limit, nodes.Const):
            return from_node(re.split("[<>]", source)[0].strip(), left)
    return None


def _called(compared: Expression, lets: Mapping[str, Expression]) -> str:
    """What an expression is called, and how it is computed where a name says nothing."""
    name = compared.source.replace("_", " ")
    return name if sense_of(name) or compared.source not in lets else lets[compared.source].source


def _contradicted(part: Part, option: PoolOption, threshold: Threshold, compared: Expression) -> Iterator[Finding]:
    """The first variant in which the condition and the statement differ, whatever unit the number is in."""
    assert isinstance(option.true_when, Expression)
    values = part.block.single_numbers(compared)
    offered = np.ones(len(part.block), dtype=np.bool_) if option.when is None else part.block.truths(option.when)
    holds = part.block.truths(option.true_when)
    wrong = []
    for limit in threshold.limits:
        clear = offered & ~np.isclose(values, limit, rtol=1e-9)
        wrong.append(clear & (holds != ((values > limit) == threshold.above)))
    if all(bad.any() for bad in wrong):
        i = int(np.flatnonzero(wrong[0])[0])
        said = f"the statement says “{threshold.words}” and counts as {'true' if holds[i] else 'false'} where "
        yield Finding((*option.path, "true_when"), said + f"'{compared.source}' is {values[i]:.4g}", part.first(wrong[0]))
