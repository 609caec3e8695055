"""Variants that look alike to a student though their keys differ: each pair proves that a key depends on what is hidden.

A twin differs from a variant in one thing only: in the random words of one draw, or in its case. It is drawn like any
variant, so it meets all conditions; where the student sees the same and yet another answer is right, the template is wrong.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quizgen.answers import Answer, Reading
from quizgen.bank.template import Template, Variants
from quizgen.items import texts
from quizgen.variants.expressions import Expression
from quizgen.variants.sampler import Block, draw_once, redrawn, take, words_needed
from quizgen.variants.streams import Stream, Words
from quizgen.variants.texts import plain_text, plain_texts
from quizgen.variants.values import spread

_SECRET = b"quizgen twins"
_MOST_ATTEMPTS = 16
_MOST_ALIKE = 24
_MOST_CASES = 24
_MOST_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class Twins:
    """Two variants that look alike and differ in ``cause``, a draw or ``case``, with the ``keys`` of an ``answer``."""

    answer: str
    cause: str
    keys: tuple[str, str]


def find_twins(template: Template, count: int = 96, turns: Sequence[int] = (1, 2)) -> Iterator[Twins]:
    """The first twins of each cause among ``count`` variants of the first case, each tried with ``turns`` other values.

    Of other cases an eighth as many are looked at, and of those that look alike each with the next.

    Raises:
        QuizgenError: what cannot be computed in some variant.
    """
    cases = len(template.program.cases)
    few = max(count // 8, 2)
    most = _affordable(template)
    for case in range(0, cases, -(-cases // _MOST_CASES)):
        yield from _of_draws(template, case, count if case == 0 else few, turns if case == 0 else turns[:1], most)
    for case, other in _like_cases(template)[:_MOST_CASES]:
        yield from _of_cases(template, case, other, min(few, most))


def _of_draws(template: Template, case: int, count: int, turns: Sequence[int], most: int) -> Iterator[Twins]:
    """Twins within a case, which differ in one draw; ``most`` are drawn at once."""
    ways = len(template.program.cases[case].samplers) * len(turns)
    if not ways:
        return
    words, first = _accepted(template, case, max(1, min(count, most // ways)))
    n = words.shape[1]
    if not n:
        return
    changed = list(redrawn(template.program.cases[case], words, turns))
    causes = [next(iter(sampler.kinds)).partition(".")[0] for sampler, _ in changed]
    everything = np.concatenate([others for _, others in changed], axis=1)
    twins, ok = draw_once(template.program, case, everything)
    again = take(first, np.tile(np.arange(n), ways))
    alike = _alike(template, _stems(template, first) * ways, twins, ok & _differ(again, twins))
    pairs = _Pairs((case, np.tile(words, ways)), (case, everything), alike, causes)
    yield from _among(template, pairs)


def _of_cases(template: Template, case: int, other: int, count: int) -> Iterator[Twins]:
    """Twins that differ in the case alone."""
    words, first = _accepted(template, case, count)
    if not words.shape[1]:
        return
    twins, ok = draw_once(template.program, other, words)
    alike = _alike(template, _stems(template, first), twins, ok)
    yield from _among(template, _Pairs((case, words), (other, words), alike, ["case"]))


def _like_cases(template: Template) -> list[tuple[int, int]]:
    """Pairs of cases that need as many random words and agree in all that the stem and the answers show of them."""
    cases = template.program.cases
    lets = {let.name: let.expression.names for let in template.program.lets}
    names = {name for shown in _shown(template) for name in shown.names}
    while more := {used for name in names for used in lets.get(name, ())} - names:
        names |= more
    fields = sorted(name for name in names if name.startswith("case."))
    alike: dict[tuple[object, ...], list[int]] = {}
    for i, case in enumerate(cases):
        looks = (str(case.constants[field]).split() for field in fields)
        layout = (sampler.words for sampler in case.samplers)
        alike.setdefault((*map(tuple, looks), tuple(layout)), []).append(i)
    return [pair for group in alike.values() for pair in pairwise(group)]


def _shown(template: Template) -> Iterator[Expression]:
    """What a student may see in the stem and the answers."""
    for text in (template.stem, *(text for answer in template.answers for text in (*answer.shown(), *answer.claims()))):
        if isinstance(text, Expression):
            yield text
        else:
            yield from (*text.displays, *text.conditions)


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Variants and their possible twins, as case and random words; for whom the stems say the same, and what differs.

    The pairs stand in as many equal parts as there are ``causes``.
    """

    first: tuple[int, Words]
    second: tuple[int, Words]
    alike: NDArray[np.bool_]
    causes: Sequence[str]


def _alike(template: Template, first: Sequence[str], twins: Block, allowed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Where the stem of an allowed twin says what the first one's says."""
    rows = np.flatnonzero(allowed)
    alike = np.zeros(len(allowed), dtype=np.bool_)
    if len(rows):
        stems = _stems(template, take(twins, rows))
        alike[rows] = [stem == first[row] for row, stem in zip(rows.tolist(), stems, strict=True)]
    return alike


def _among(template: Template, pairs: _Pairs) -> Iterator[Twins]:
    """The first twins of each cause among some pairs, for each answer."""
    size = len(pairs.alike) // len(pairs.causes)
    parts = [np.flatnonzero(part)[:_MOST_ALIKE] + i * size for i, part in enumerate(np.split(pairs.alike, len(pairs.causes)))]
    chosen = np.concatenate(parts)
    if len(chosen):  # the answers take longer, and few variants come so far
        (case, words), (other_case, other_words) = pairs.first, pairs.second
        block, _ = draw_once(template.program, case, words[:, chosen], template.answers)
        for shuffled in _shuffled(template, other_case, other_words[:, chosen]):
            other, ok = draw_once(template.program, other_case, shuffled, template.answers)
            causes = [pairs.causes[column // size] for column in chosen.tolist()]
            yield from _different_keys(template, causes, block, other, np.flatnonzero(ok).tolist())


def _shuffled(template: Template, case: int, words: Words) -> Iterator[Words]:
    """The words, and the same with other words for the answers: options of twins may stand alike in another shuffle only."""
    yield words
    if any(answer.words for answer in template.answers):
        draws = 1 + sum(sampler.words for sampler in template.program.cases[case].samplers)
        yield np.concatenate([words[:draws], np.roll(words[draws:], 1, axis=1)])


def _differ(block: Block, other: Block) -> NDArray[np.bool_]:
    """For whom any value differs."""
    n = len(block)
    found = np.zeros(n, dtype=np.bool_)
    for name, value in block.values.items():
        differs = np.asarray(spread(value, n) != spread(other.values[name], n))
        found |= differs.reshape(-1, n).any(axis=0) if differs.ndim > 1 else differs
    return found


def _stems(template: Template, block: Block) -> list[str]:
    return [" ".join(stem.split()) for stem in plain_texts(template.stem.fill(block))]


def _affordable(template: Template) -> int:
    """How many variants to look at, at most: fewer where each has very many values."""
    few = 4
    stream = Stream.of(_SECRET, template.id, words_needed(template.program, template.answers))
    block, _ = draw_once(template.program, 0, stream.words(np.arange(few), 0))
    held = sum(value.nbytes for value in block.values.values() if isinstance(value, np.ndarray))
    return max(few, few * _MOST_BYTES // max(held, 1))


def _accepted(template: Template, case: int, count: int) -> tuple[Words, Block]:
    """At most ``count`` variants of the case that meet all conditions, and their random words, of shape (width, n)."""
    stream = Stream.of(_SECRET, template.id, words_needed(template.program, template.answers))
    found: list[Words] = []
    attempt, several, met = 0, 1, 0
    while attempt < _MOST_ATTEMPTS and met < count:
        tries = range(attempt, attempt + several)
        words = np.concatenate([stream.words(np.arange(count), one) for one in tries], axis=1)
        block, ok = draw_once(template.program, case, words, template.answers)
        found.append(words[:, ok])
        attempt, met = attempt + several, met + int(ok.sum())
        # Calls cost more than rows: as many attempts at once as are likely to be enough.
        several = min(_MOST_ATTEMPTS - attempt, math.ceil(1.2 * attempt * (count - met) / (met + 1)))
    accepted = np.ascontiguousarray(np.concatenate(found, axis=1)[:, :count])
    if len(found) == 1:
        return accepted, take(block, np.flatnonzero(ok)[:count])
    return accepted, draw_once(template.program, case, accepted)[0]


def _different_keys(template: Template, causes: Sequence[str], block: Block, other: Block, rows: list[int]) -> Iterator[Twins]:
    """For each answer and cause the first pair that looks alike where what is right for one is not right for the other."""
    prepared, others = template.prepared(block), template.prepared(other)
    alike = [row for row in rows if _looks(prepared, row) == _looks(others, row)]
    if not alike:
        return
    right, own = _right_responses(others, alike), _right_responses(prepared, alike)
    own_rows = np.arange(len(alike))
    variants = Variants(template, own_rows, (replace(take(block, np.array(alike)), rows=own_rows),))
    for name, marks in template.mark_all(variants, right, Reading()).items():
        told = set()
        for row, mark in enumerate(marks):
            cause = causes[alike[row]]
            if name in right and mark.outcome != "correct" and cause not in told:
                told.add(cause)
                yield Twins(name, cause, (own[name][row], right[name][row]))


def _right_responses(prepared: Sequence[tuple[Answer, Any]], rows: Sequence[int]) -> dict[str, list[str]]:
    """A right response for each row, by answer; none for what a person marks."""
    found = {answer.name: [answer.specimens(keys, row).right[:1] for row in rows] for answer, keys in prepared}
    return {name: [text for (text,) in column] for name, column in found.items() if all(column)}


def _looks(prepared: Sequence[tuple[Answer, Any]], row: int) -> list[str]:
    """All that a student reads of the answers of one variant."""
    shown = (plain_text(text) for answer, keys in prepared for text in texts(answer.interaction(keys, row)))
    return [" ".join(text.split()) for text in shown]
