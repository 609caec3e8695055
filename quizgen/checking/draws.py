"""Checks of the randomness: can the conditions be met, do they refuse anything, and does every draw matter?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jinja2 import nodes
from numpy.typing import NDArray

from quizgen.answers import Answer
from quizgen.answers.choice import ChoiceAnswer
from quizgen.answers.options import OptionsAnswer
from quizgen.bank.template import Template
from quizgen.checking.base import Figure, Finding, Path, check
from quizgen.checking.sweep import SECRET, Sweep
from quizgen.items import KeyedItem, texts
from quizgen.variants.draws.base import Sampler
from quizgen.variants.expressions import Expression
from quizgen.variants.sampler import Block, draw_once, redrawn, take, words_needed
from quizgen.variants.streams import Stream, Words, below
from quizgen.variants.texts import plain_text
from quizgen.variants.values import spread

RARE = 0.05
"""Below this share of accepted draws a template is slow and its variants are few."""

LEFT_OUT = 0.2
"""A pool of statements that has no right one in more than this share of the draws leaves a whole situation out."""

TRIED = 2000
"""So many first draws are looked at: what refuses one draw in a thousand is seen with a probability of 86 %."""

MEASURED = 600
"""Of so many first draws it is seen how many all conditions accept, those of the answers among them."""

COMPARED = 24
"""So many variants are drawn anew with another value of one draw."""


@dataclass(frozen=True, slots=True)
class FirstDraws:
    """First draws of one case, whether its conditions accept them or not: their words (width, n) and who is accepted."""

    case: int
    words: Words
    block: Block
    accepted: NDArray[np.bool_]


def first_draws(sweep: Sweep) -> tuple[FirstDraws, ...]:
    """The first draws of at least `TRIED` variants, by case."""
    program, answers = sweep.template.program, sweep.template.answers
    start = int(sweep.ordinals[0])
    ordinals = np.arange(start, start + max(TRIED, len(sweep.ordinals)))
    words = Stream.of(SECRET, sweep.template.id, words_needed(program, answers)).words(ordinals, 0)
    cases = below(words[0], len(program.cases))
    found = []
    for case in np.unique(cases).tolist():
        mine = np.ascontiguousarray(words[:, cases == case])
        found.append(FirstDraws(case, mine, *draw_once(program, case, mine)))
    return tuple(found)


@check("draw-acceptance", "warning")
def acceptance(sweep: Sweep) -> Iterator[Finding | Figure]:
    """Of the first draws of all variants, at least one in twenty must meet all conditions. Where fewer do, variants are drawn
    again and again, building is slow, and the numbers that remain are less varied than they look. Narrow the draws to what
    the conditions allow instead.
    """
    met = tried = 0
    for draws in sweep.shared(first_draws):
        some = draws.words[:, : max(1, MEASURED // len(sweep.template.program.cases))]
        met += int(draw_once(sweep.template.program, draws.case, some, sweep.template.answers)[1].sum())
        tried += some.shape[1]
    share = met / tried
    yield Figure("accepted draws", f"{share:.0%}")
    if share < RARE:
        worst = max(_refused(sweep), key=lambda pair: pair[1], default=None)
        blame = f" ('{worst[0].source}' alone refuses {worst[1]:.0%})" if worst else ""
        yield Finding(
            _place(sweep), f"only {share:.1%} of the draws meet all conditions{blame}; narrow the draws to what they allow"
        )


def _place(sweep: Sweep) -> Path:
    program = sweep.template.program
    if program.requires:
        return ("require",)
    return ("draw",) if any(case.samplers for case in program.cases) else ()


def _refused(sweep: Sweep) -> list[tuple[Expression, float]]:
    """Each condition with the share of all first draws that it refuses."""
    draws = sweep.shared(first_draws)
    total = sum(len(one.block) for one in draws)
    return [
        (condition, sum(int((~one.block.truths(condition)).sum()) for one in draws) / total)
        for condition in sweep.template.program.requires
    ]


@check("idle-condition", "warning")
def idle_condition(sweep: Sweep) -> Iterator[Finding]:
    """A condition under ``require`` on draws alone refuses none of them, or the ``when`` of an option always holds: it has no
    effect, and often means less than its author thought (``p > 0`` where ``p > 0.5`` was meant). Or all options must be
    offered, for ``choose`` is not given: then ``when`` withholds no option, but the whole variant is drawn anew. Take it
    out, or say what was meant.
    """
    lets = {let.name for let in sweep.template.program.lets}
    for i, (condition, share) in enumerate(_refused(sweep)):
        if not share and not condition.names & lets:
            yield Finding(("require", i), f"'{condition.source}' holds in every draw: it refuses nothing")
    for answer in sweep.template.answers:
        forced = _forced(answer)
        if isinstance(answer, OptionsAnswer) and forced:
            said = " or ".join(f"'{when.source}'" for when in forced)
            yield Finding(
                sweep.path(answer.name),
                f"all {len(answer.pool)} options must be offered, for 'choose' is not given: their 'when' withholds none, but "
                f"refuses every variant in which {said} does not hold; say with 'choose' how "
                "many are offered",
            )
            continue
        for option in answer.pool if isinstance(answer, OptionsAnswer) else ():
            when = option.when
            if when is not None and all(one.block.truths(when)[one.accepted].all() for one in sweep.shared(first_draws)):
                yield Finding((*option.path, "when"), f"'{when.source}' holds in every variant: it withholds nothing")


def _forced(answer: Answer) -> list[Expression]:
    """Every ``when`` that can withhold nothing, since all options of the pool must be offered."""
    if not isinstance(answer, OptionsAnswer) or not answer.settled:
        return []
    return [option.when for option in answer.pool if option.when is not None]


@check("idle-guard", "note")
def idle_guard(sweep: Sweep) -> Iterator[Finding]:
    """A condition under ``require`` on derived values refuses none of the draws. It may be a guard that the numbers happen to
    keep, such as the distance between the key and a mistake; or it may not say what was meant. It does no harm.
    """
    lets = {let.name for let in sweep.template.program.lets}
    for i, (condition, share) in enumerate(_refused(sweep)):
        if not share and condition.names & lets:
            yield Finding(("require", i), f"'{condition.source}' holds in every draw: it refuses nothing")


@check("pool-gap", "warning")
def pool_gap(sweep: Sweep) -> Iterator[Finding]:
    """In more than a fifth of the draws that meet all conditions none of the statements of a pool is true, and such variants
    are left out without a word: often a tie, or a third outcome, of which no option speaks. Add an option that is right
    there, or exclude what is meant to be excluded by a condition under ``require``.
    """
    for answer in sweep.template.answers:
        if not isinstance(answer, ChoiceAnswer) or any(option.true_when is True for option in answer.pool):
            continue
        none = total = 0
        for draws in sweep.shared(first_draws):
            right = np.zeros(len(draws.block), dtype=np.bool_)
            for option in answer.pool:
                offered = True if option.when is None else draws.block.truths(option.when)
                if isinstance(option.true_when, Expression):
                    right |= draws.block.truths(option.true_when) & offered
            none += int((~right & draws.accepted).sum())
            total += int(draws.accepted.sum())
        if total and none / total > LEFT_OUT:
            yield Finding(
                sweep.path(answer.name, "options"), f"in {none / total:.0%} of the draws no option is right: they are left out"
            )


@check("idle-draw", "warning")
def idle_draw(sweep: Sweep) -> Iterator[Finding]:
    """A draw has one value only, or whatever its value is, nothing that the student reads, no key and no solution changes: it
    is left over from another version, or something that should depend on it does not. Take it out, or use it.
    """
    drawn = {name for sampler in sweep.template.program.cases[0].samplers for name in sampler.kinds}
    displayed = (expression.node for expression in sweep.template.stem.always_displays)
    shown = {node.name for node in displayed if isinstance(node, nodes.Name)} & drawn
    matters = dict.fromkeys(shown, True)
    varied = dict.fromkeys(shown, False)  # whether they do is seen below
    for draws in sorted(sweep.shared(first_draws), key=lambda one: -one.accepted.sum()):
        for name, differs, changed in _redrawn(sweep.template, draws, matters):
            varied[name] = varied.get(name, False) or differs
            if differs:
                matters[name] = matters.get(name, False) or changed
    forced = {name for answer in sweep.template.answers for when in _forced(answer) for name in when.names}
    for name, differs in varied.items():
        if name in forced and not differs:
            continue  # another check tells why it has one value only
        if not differs and _constant(sweep, name):
            yield Finding(("draw", name), f"the draw '{name}' has the same value in all variants: make it a let, or widen it")
        elif differs and not matters[name] and not _thins_out(sweep.template, name):
            yield Finding(("draw", name), f"whatever '{name}' is, nothing that is shown or marked changes")


def _thins_out(template: Template, name: str) -> bool:
    """Whether a draw decides, together with something else, how often a kind of variant is refused."""
    reach = {let.name: set(let.expression.names) for let in template.program.lets}
    for condition in template.program.requires:
        used = set(condition.names)
        for let in reversed(template.program.lets):
            used |= reach[let.name] if let.name in used else set()
        if name in used and any(other not in reach and other.partition(".")[0] != name for other in used):
            return True
    return False


def _redrawn(template: Template, draws: FirstDraws, known: dict[str, bool]) -> Iterator[tuple[str, bool, bool]]:
    """For each draw that is not known to matter, whether some variants could be given another value of it, and if that
    changed anything."""
    case = template.program.cases[draws.case]
    differs = {name: False for name in map(_name_of, case.samplers) if not known.get(name)}
    changed = dict(differs)
    words = np.ascontiguousarray(draws.words[:, np.flatnonzero(draws.accepted)[:COMPARED]])
    if differs and words.shape[1]:
        block, ok = draw_once(template.program, draws.case, words, template.answers)
        shown = _everything(template.keyed_block(block, template.prepared(block)))
        for turn in (1, 2, 3):
            others = [pair for pair in redrawn(case, words, (turn,)) if not changed.get(_name_of(pair[0]), True)]
            if not others:
                break
            every = np.concatenate([other_words for _, other_words in others], axis=1)
            other, allowed = draw_once(template.program, draws.case, every, template.answers)
            for (sampler, _), rows in zip(others, np.split(np.arange(len(other)), len(others)), strict=True):
                part, name = take(other, rows), _name_of(sampler)
                different = np.flatnonzero(ok & allowed[rows] & _differ(block, part, sampler.kinds))
                if len(different):
                    differs[name] = True
                    part = take(part, different)
                    turned = _everything(template.keyed_block(part, template.prepared(part)))
                    changed[name] = any(shown[row] != one for row, one in zip(different.tolist(), turned, strict=True))
    yield from ((name, differs[name], changed[name]) for name in differs)


def _name_of(sampler: Sampler) -> str:
    return next(iter(sampler.kinds)).partition(".")[0]


def _differ(block: Block, other: Block, names: Iterable[str]) -> NDArray[np.bool_]:
    """For whom any of these names has another value."""
    n = len(block)
    found = np.zeros(n, dtype=np.bool_)
    for name in names:
        found |= (spread(block.values[name], n) != spread(other.values[name], n)).reshape(-1, n).any(axis=0)
    return found


def _constant(sweep: Sweep, name: str) -> bool:
    """Whether a draw has one value in all variants of the sweep."""
    seen: set[bytes] = set()
    for part in sweep.parts:
        for known, value in part.block.values.items():
            if known.partition(".")[0] == name:
                array = spread(value, len(part.block))
                if (array != array[..., :1]).any():
                    return False
                seen.add(repr((known, array[..., 0].tolist())).encode())
    return len(seen) <= 1


def _everything(keyed: Sequence[KeyedItem]) -> list[list[str]]:
    """All texts of each variant: what a student reads, keys with foreseen mistakes, solution and hints."""
    found = []
    for one in keyed:
        shown = [one.item.stem, *one.item.hints, *(text for _, met in one.item.interactions for text in texts(met))]
        for key in one.keys:
            shown.extend([key.shown, *(text for _, text in key.mistakes)])
        found.append([*map(plain_text, [*shown, *([one.solution] if one.solution else [])]), *(k.accepted for k in one.keys)])
    return found
