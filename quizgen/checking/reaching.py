"""A check of what is written but never met: values, branches of texts, options, mistakes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from quizgen.answers.choice import ChoiceAnswer
from quizgen.answers.match import MatchAnswer
from quizgen.answers.multiple import MultipleAnswer
from quizgen.answers.options import OptionsAnswer
from quizgen.answers.order import OrderAnswer
from quizgen.answers.text import TextAnswer
from quizgen.checking.base import Finding, Path, check
from quizgen.checking.foreseen import like_key
from quizgen.checking.sweep import Part, Sweep
from quizgen.variants.draws.numbers import ChoiceSampler
from quizgen.variants.expressions import Expression
from quizgen.variants.sampler import Block
from quizgen.variants.texts import Compiled
from quizgen.variants.values import spread

Bools = NDArray[np.bool_]

EXPECTED = 12
"""What should occur so often in the sweep, and does not occur at all, is held to be unreachable."""


@check("unreached", "warning")
def unreached(sweep: Sweep) -> Iterator[Finding]:
    """Something is written that no variant of the sweep ever meets: a value of a ``choice`` that the conditions exclude, a
    branch of an ``{% if %}`` whose condition never holds (or an ``{% if %}`` that always does), an option that is never
    offered, a mistake that never leads to an answer of its own. Take it out, or mend the condition that keeps it away.
    """
    yield from _values(sweep)
    for text, path in _texts(sweep):
        yield from _branches(sweep, text, path)
    yield from _options(sweep)
    yield from _mistakes(sweep)


def _values(sweep: Sweep) -> Iterator[Finding]:
    """Values of choices that never occur."""
    missing: dict[str, set[str]] = {}
    for part in sweep.parts:
        n = len(part.block)
        for sampler in sweep.template.program.cases[part.block.case].samplers:
            if not isinstance(sampler, ChoiceSampler) or sampler.options.ndim != 2:
                continue
            drawn = set(spread(part.block.values[sampler.name], n).tolist())
            weights = np.diff(sampler.cumulative, prepend=0) / sampler.cumulative[-1]
            values = sampler.options[:, 0].tolist()
            absent = {
                _written(value)
                for value, weight in zip(values, weights.tolist(), strict=True)
                if value not in drawn and (weight == 0 or weight * n >= EXPECTED)
            }
            known = missing.get(sampler.name)
            missing[sampler.name] = absent if known is None else known & absent
    for name, values in missing.items():
        if values:
            never = " or ".join(sorted(values))
            yield Finding(("draw", name), f"'{name}' is never {never} in a variant that meets the conditions")


def _written(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else f"'{value}'"


def _texts(sweep: Sweep) -> Iterator[tuple[Compiled, Path]]:
    """Every text of the template that may hold branches, with its place."""
    template = sweep.template
    yield template.stem, ("stem",)
    if template.solution:
        yield template.solution, ("solution",)
    yield from ((hint, ("hints", i)) for i, hint in enumerate(template.hints))
    for answer in template.answers:
        if answer.shared.prompt:
            yield answer.shared.prompt, sweep.path(answer.name, "label")
        match answer:
            case OptionsAnswer(pool=pool):
                for option in pool:
                    if option.value is None:
                        yield option.text, option.path
                    if option.feedback:
                        yield option.feedback, (*option.path, "feedback")
            case OrderAnswer(items=items):
                yield from ((item, sweep.path(answer.name, "items", i)) for i, item in enumerate(items))
            case TextAnswer(accept=accept):
                yield from ((text, sweep.path(answer.name, "accept", i)) for i, (text, _) in enumerate(accept))


def _branches(sweep: Sweep, text: Compiled, path: Path) -> Iterator[Finding]:
    """Branches that no variant takes; of nested ones the outermost."""
    if not any(tag.kind == "if" for tag in text.text.tags):
        return
    met: dict[int, list[bool]] = {}
    for part in sweep.parts:
        for i, (outside, inside) in _taken(text, part.block).items():
            known = met.setdefault(i, [False, False])
            known[0] |= outside
            known[1] |= inside
    for i, (outside, inside) in met.items():
        if outside and not inside:
            tag = text.text.tags[i]
            said = {
                "else": "the {% else %} is never reached",
                "endif": "the condition of this {% if %} holds in every variant",
            }.get(tag.kind, f"'{tag.expression.strip()}' never holds: what stands below it is never shown")
            yield Finding(path, f"{said} (line {tag.line} of the text)")


def _taken(text: Compiled, block: Block) -> dict[int, tuple[bool, bool]]:
    """By the number of its tag, for each branch whether the text around it is shown, and whether the branch is.

    What follows an ``if`` without ``else`` counts as the branch of its ``endif``.
    """
    here = np.ones(len(block), dtype=np.bool_)
    around: list[tuple[Bools, Bools, bool]] = []  # what is shown outside, what no branch took yet, whether there is an else
    found: dict[int, tuple[bool, bool]] = {}
    for i, (tag, hole) in enumerate(zip(text.text.tags, text.holes, strict=True)):
        if tag.kind == "value":
            continue
        if tag.kind == "if":
            around.append((here, here, False))
        outside, left, complete = around.pop()
        if tag.kind == "endif":
            here = outside
            if not complete:
                found[i] = bool(outside.any()), bool(left.any())
            continue
        holds = left if hole is None else left & block.truths(hole.conditions[0])
        here = holds
        around.append((outside, left & ~holds, tag.kind == "else"))
        found[i] = bool(outside.any()), bool(holds.any())
    return found


def _options(sweep: Sweep) -> Iterator[Finding]:
    """Options of pools that no variant offers, or none of one case though no condition withholds them."""
    shown: dict[str, set[int]] = {}
    for _, answer, keys in sweep.answers(OptionsAnswer):
        shown.setdefault(answer.name, set()).update(np.unique(keys.offer.shown).tolist())
    for answer in sweep.template.answers:
        for i, option in enumerate(answer.pool if isinstance(answer, OptionsAnswer) else ()):
            if i not in shown[answer.name]:
                yield Finding(option.path, "this option is never offered: it is kept away, or says what another one says")
    for part, answer, keys in sweep.answers(OptionsAnswer):
        for i in shown[answer.name] if len(sweep.parts) > 1 else ():
            if not (keys.offer.shown == i).any() and _expected(part, answer, i) >= EXPECTED:
                yield Finding(
                    answer.pool[i].path,
                    f"in case {part.block.case + 1} this option is never offered: there it says what another one says",
                    int(part.block.ordinals.min()),
                )


def _expected(part: Part, answer: OptionsAnswer, i: int) -> float:
    """In how many variants of a case an option would be offered, were it as likely as the others that may be."""
    option, n = answer.pool[i], len(part.block)
    offered = np.ones(n, dtype=np.bool_) if option.when is None else part.block.truths(option.when)
    if isinstance(answer, ChoiceAnswer) and isinstance(option.true_when, Expression):
        offered &= ~part.block.truths(option.true_when)  # of several that are true only one is offered
    return float(offered.sum()) * (answer.choose - 1) / len(answer.pool)


def _mistakes(sweep: Sweep) -> Iterator[Finding]:
    """Mistakes that never lead to an answer that is wrong and can be typed, but for those that lead to what is right."""
    right = {(answer, mistake) for answer, mistake, _, _ in sweep.shared(like_key)}
    met = {(key.answer, mistake) for keyed in sweep.keyed for key in keyed.keys for mistake, _ in key.mistakes}
    for answer in sweep.template.answers:
        if isinstance(answer, MatchAnswer | MultipleAnswer):  # diagnosed by what is left out, too
            continue
        told: set[str] = set()
        for mistake, path in answer.mistakes():
            if (answer.name, mistake) not in met | right and mistake not in told:
                told.add(mistake)
                base = sweep.path(answer.name)
                yield Finding(
                    path if path[: len(base)] == base else (*base, *path),
                    f"'{mistake}' never leads to an answer of its own: it can be typed or chosen in no variant",
                )
