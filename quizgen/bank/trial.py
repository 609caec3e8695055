"""What shows only in a template's variants: drawn through everything that a build does, before a student sees one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from jinja2 import nodes

from quizgen.answers import Answer
from quizgen.answers.base import Path
from quizgen.bank.seeing import Sight, hidden_in_keys
from quizgen.bank.spec import LetSpec, TemplateSpec
from quizgen.bank.template import Template
from quizgen.bank.twins import Twins, find_twins
from quizgen.variants.expressions import Expression, from_node
from quizgen.variants.operands import near, number
from quizgen.variants.sampler import Block
from quizgen.variants.values import Value

_SECRET = b"quizgen trial"
_FEWEST = 32
_MOST = 384
_AT_ONCE = 128


def draw_trial(template: Template) -> tuple[Block, ...]:
    """Blocks of variants, after they were drawn, shown and keyed; some of every case, as far as chance has it.

    Raises:
        QuizgenError: what would fail in a build.
    """
    count = min(max(_FEWEST, 4 * len(template.program.cases)), _MOST)
    blocks: list[Block] = []
    for start in range(0, count, _AT_ONCE):
        variants = template.variants(secret=_SECRET, start=start, count=min(_AT_ONCE, count - start))
        with template.named():
            for block in variants.blocks:
                prepared = template.prepared(block)
                template.keyed_block(block, prepared)
                template.fingerprinted(block, prepared)
        blocks.extend(variants.blocks)
    return tuple(blocks)


def hidden_keys(template: Template, spec: TemplateSpec, blocks: Sequence[Block]) -> Iterator[tuple[Path, str]]:
    """A place and a message for each key that does not follow from what the student sees.

    By the form of the expressions, and by variants that look alike.
    """
    block = blocks[0]
    lets = {let.name: let.expression for let in template.program.lets}
    declared = {name: let for name, let in spec.let.items() if isinstance(let, LetSpec)}
    rounding = {name: let for name, let in declared.items() if _rounds(lets[name], name, block)}
    lengths = {name: len(v) for name, v in block.values.items() if isinstance(v, np.ndarray) and v.ndim > 1}

    def asked(answer: Answer) -> frozenset[str]:
        data = (spec.answers or {}).get(answer.name) or spec.answer or {}
        return frozenset(name for name, let in rounding.items() if _asks_no_more(data, let))

    def place(answer: str) -> Path:
        return ("answer",) if spec.answers is None else ("answers", answer)

    def apart(node: nodes.Expr) -> bool:
        vector = from_node("", node)
        if all(name.startswith("case.") for name in vector.names):
            return all(_all_differ(vector(case.constants)) for case in template.program.cases)
        return all(_all_differ(vector(drawn.values)) for drawn in blocks)

    counts = {
        name: sampler.outcomes
        for sampler in template.program.cases[block.case].samplers
        if sampler.outcomes is not None
        for name in sampler.kinds
    }
    sight = Sight(block.kinds, lets, frozenset(rounding), lengths, counts, apart)
    told = set()
    for answer, message in hidden_in_keys(template.stem, template.answers, sight, asked):
        told.add(answer.name)
        yield place(answer.name), message
    for twins in find_twins(template):
        if twins.answer not in told:
            told.add(twins.answer)
            yield place(twins.answer), _alike(twins)


def _all_differ(vector: Value) -> bool:
    """Whether no two entries of a vector look alike, in any of its variants."""
    if not isinstance(vector, np.ndarray) or vector.ndim < 2:
        return True
    rows = vector.reshape(len(vector), -1).T
    if vector.dtype.kind in "OU":
        return all(len({" ".join(str(text).split()) for text in row}) == len(row) for row in rows)
    ordered = np.sort(rows, axis=1)
    return not near(ordered[:, 1:], ordered[:, :-1]).any()


def _alike(twins: Twins) -> str:
    hidden = "case" if twins.cause == "case" else f"draw '{twins.cause}'"
    first, other = (key if len(key) <= 40 else f"{key[:39]}…" for key in twins.keys)
    return (
        f"the key depends on the {hidden}, which does not follow from what the student sees: "
        f"two that look alike have the keys {first} and {other}"
    )


def _rounds(expression: Expression, name: str, block: Block) -> bool:
    """Whether a let that is declared rounded really loses digits."""
    return not near(number(expression(block.values)), number(block.values[name])).all()


def _asks_no_more(data: Mapping[str, Any], let: LetSpec) -> bool:
    """Whether an answer asks for no more digits than a let is rounded to."""
    key = data.get("key")
    asking = key if isinstance(key, dict) else data
    if let.decimals is not None:
        return "sigfigs" not in asking and (asking.get("decimals") or 0) <= let.decimals
    return "decimals" not in asking and (asking.get("sigfigs") or 0) <= (let.sigfigs or 0)
