"""What shows only in a template's variants: drawn through everything that a build does, before a student sees one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from quizgen.answers import Answer
from quizgen.answers.base import Path
from quizgen.bank.seeing import Sight, hidden_in_keys
from quizgen.bank.spec import LetSpec, TemplateSpec
from quizgen.bank.template import Template
from quizgen.bank.twins import Twins, find_twins
from quizgen.variants.expressions import Expression
from quizgen.variants.operands import near, number
from quizgen.variants.sampler import Block

_SECRET = b"quizgen trial"
_AT_ONCE = 32
_MOST = 384


def draw_trial(template: Template) -> Block:
    """A block of variants of one case, after some of every case were drawn, shown and keyed.

    Raises:
        QuizgenError: what would fail in a build.
    """
    count = min(max(_AT_ONCE, 4 * len(template.program.cases)), _MOST)
    blocks: list[Block] = []
    for start in range(0, count, _AT_ONCE):
        variants = template.variants(secret=_SECRET, start=start, count=_AT_ONCE)
        template.keyed_items(variants)
        template.fingerprints(variants)
        blocks.append(variants.blocks[0])
    return blocks[0]


def hidden_keys(template: Template, spec: TemplateSpec, block: Block) -> Iterator[tuple[Path, str]]:
    """A place and a message for each key that does not follow from what the student sees.

    By the form of the expressions, and by variants that look alike.
    """
    lets = {let.name: let.expression for let in template.program.lets}
    declared = {name: let for name, let in spec.let.items() if isinstance(let, LetSpec)}
    rounding = {name: let for name, let in declared.items() if _rounds(lets[name], name, block)}
    lengths = {name: len(v) for name, v in block.values.items() if isinstance(v, np.ndarray) and v.ndim > 1}

    def asked(answer: Answer) -> frozenset[str]:
        data = (spec.answers or {}).get(answer.name) or spec.answer or {}
        return frozenset(name for name, let in rounding.items() if _asks_no_more(data, let))

    def place(answer: str) -> Path:
        return ("answer",) if spec.answers is None else ("answers", answer)

    sight = Sight(block.kinds, lets, frozenset(rounding), lengths)
    told = set()
    for answer, message in hidden_in_keys(template.stem, template.answers, sight, asked):
        told.add(answer.name)
        yield place(answer.name), message
    for twins in find_twins(template, block.case):
        if twins.answer not in told:
            told.add(twins.answer)
            yield place(twins.answer), _alike(twins)


def _alike(twins: Twins) -> str:
    hidden = "case" if twins.cause == "case" else f"draw '{twins.cause}'"
    first, other = (key if len(key) <= 40 else f"{key[:39]}…" for key in twins.keys)
    return (
        f"the key depends on the {hidden}, which the student does not see in every variant: "
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
