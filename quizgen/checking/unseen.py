"""A check of statements whose truth hangs on what the student cannot see."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from jinja2 import nodes

from quizgen.answers.options import OptionsAnswer
from quizgen.bank.template import Template
from quizgen.checking.base import Finding, check
from quizgen.checking.draws import FirstDraws, first_draws
from quizgen.checking.sweep import Sweep
from quizgen.folding import shortened, squeezed
from quizgen.variants.expressions import Expression
from quizgen.variants.sampler import Block, draw_once, redrawn, take
from quizgen.variants.texts import plain_texts

COMPARED = 30
"""So many variants of each case are drawn anew with another value of one draw."""


@check("unseen-truth", "error")
def unseen_truth(sweep: Sweep) -> Iterator[Finding]:
    """A statement is right in one variant and wrong in another, though both show the same stem: whether it is right hangs on a
    draw of which the student sees nothing, such as one that only chooses what is offered; or two options that say the same
    are one right and one wrong. Let ``true_when`` be decided by what is shown.
    """
    pools = [answer for answer in sweep.template.answers if isinstance(answer, OptionsAnswer)]
    told: set[str] = set()
    for draws in sweep.shared(first_draws) if pools else ():
        for answer in pools:
            said = next(_contradicted(sweep.template, answer, draws), None) if answer.name not in told else None
            if said is not None:
                told.add(answer.name)
                message = f"“{shortened(said, 100)}” is right in one variant and wrong in another that shows the same stem"
                yield Finding(sweep.path(answer.name), message)


def _contradicted(template: Template, answer: OptionsAnswer, draws: FirstDraws) -> Iterator[str]:
    """Statements that come out both ways where nothing that is seen differs."""
    program = template.program
    words = np.ascontiguousarray(draws.words[:, np.flatnonzero(draws.accepted)[:COMPARED]])
    n = words.shape[1]
    seen = {expression.node.name for expression in template.stem.always_displays if isinstance(expression.node, nodes.Name)}
    # Another value of what is always shown makes another stem.
    others = [other for sampler, other in redrawn(program.cases[draws.case], words) if not seen.issuperset(sampler.kinds)]
    if not n or not others:
        return
    block, _ = draw_once(program, draws.case, words)
    other, allowed = draw_once(program, draws.case, np.concatenate(others, axis=1))
    other = take(other, np.flatnonzero(allowed))
    stems, first = _stems(template, block), (np.flatnonzero(allowed) % n).tolist()
    same = [place for place, again in enumerate(_stems(template, other)) if stems[first[place]] == again]
    if same:
        truths, turned = _truths(answer, block), _truths(answer, take(other, np.array(same)))
        for place, after in zip(same, turned, strict=True):
            before = truths[first[place]]
            yield from (text for text, outcomes in before.items() if len(outcomes | after.get(text, set())) > 1)


def _stems(template: Template, block: Block) -> list[str]:
    return plain_texts(template.stem.fill(block))


def _truths(answer: OptionsAnswer, block: Block) -> list[dict[str, set[bool]]]:
    """For each variant what each statement that may be offered says, and whether it is right."""
    found: list[dict[str, set[bool]]] = [{} for _ in range(len(block))]
    for option in answer.pool:
        texts = plain_texts(option.text.fill(block))
        everywhere = np.ones(len(block), dtype=np.bool_)
        offered = everywhere if option.when is None else block.truths(option.when)
        true = block.truths(option.true_when) if isinstance(option.true_when, Expression) else everywhere & option.true_when
        for row in np.flatnonzero(offered).tolist():
            found[row].setdefault(squeezed(texts[row]), set()).add(bool(true[row]))
    return found
