"""Variants that look alike to a student though their keys differ: each pair proves that a key depends on what is hidden.

A twin differs from a variant in one thing only: in the random words of one draw, or in its case. It is drawn like any
variant, so it meets all conditions; where the student sees the same and yet another answer is right, the template is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quizgen.answers import Answer, Reading
from quizgen.bank.template import Template, Variants
from quizgen.items import texts
from quizgen.variants.sampler import Block, draw_once, take, words_needed
from quizgen.variants.streams import Stream, Words
from quizgen.variants.texts import plain_text
from quizgen.variants.values import spread

_SECRET = b"quizgen twins"
_MOST_ATTEMPTS = 16
_MOST_ALIKE = 24
_MOST_CASES = 12
_MOST_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class Twins:
    """Two variants that look alike and differ in ``cause``, a draw or ``case``, with the ``keys`` of an ``answer``."""

    answer: str
    cause: str
    keys: tuple[str, str]


def find_twins(template: Template, case: int = 0, count: int = 96, turns: Sequence[int] = (1, 2)) -> Iterator[Twins]:
    """The first twins of each cause among ``count`` variants of a case, each tried with ``turns`` other values.

    Raises:
        QuizgenError: what cannot be computed in some variant.
    """
    program, answers = template.program, template.answers
    words = _accepted_words(template, case, _affordable(template, case, count))
    if not words.shape[1]:
        return
    first, _ = draw_once(program, case, words)
    stems = _stems(template, first)
    for cause, other_case, other_words in _changed(template, case, words, turns):
        twins, ok = draw_once(program, other_case, other_words)
        allowed = np.flatnonzero(ok & _differ(first, twins) if other_case == case else ok)
        if not len(allowed):
            continue
        alike = [row for row, stem in zip(allowed, _stems(template, take(twins, allowed)), strict=True) if stem == stems[row]]
        if alike:  # the answers take longer, and few variants come so far
            rows = alike[:_MOST_ALIKE]
            block, _ = draw_once(program, case, words[:, rows], answers)
            for twin_words in _shuffled(template, other_case, other_words[:, rows]):
                other, ok = draw_once(program, other_case, twin_words, answers)
                yield from _different_keys(template, cause, block, other, np.flatnonzero(ok).tolist())


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
    return [plain_text(stem) for stem in template.stem.fill(block)]


def _affordable(template: Template, case: int, count: int) -> int:
    """How many variants to look at: fewer where each has very many values."""
    few = 4
    stream = Stream.of(_SECRET, template.id, words_needed(template.program, template.answers))
    block, _ = draw_once(template.program, case, stream.words(np.arange(few), 0))
    held = sum(value.nbytes for value in block.values.values() if isinstance(value, np.ndarray))
    return max(few, min(count, few * _MOST_BYTES // max(held, 1)))


def _accepted_words(template: Template, case: int, count: int) -> Words:
    """Random words of at most ``count`` variants of the case that meet all conditions, of shape (width, n)."""
    stream = Stream.of(_SECRET, template.id, words_needed(template.program, template.answers))
    found: list[Words] = []
    for attempt in range(_MOST_ATTEMPTS):
        words = stream.words(np.arange(count), attempt)
        _, ok = draw_once(template.program, case, words, template.answers)
        found.append(words[:, ok])
        if sum(part.shape[1] for part in found) >= count:
            break
    return np.ascontiguousarray(np.concatenate(found, axis=1)[:, :count])


def _changed(template: Template, case: int, words: Words, turns: Sequence[int]) -> Iterator[tuple[str, int, Words]]:
    """What is changed, and the case and random words of the twins."""
    cases = template.program.cases
    at = 1
    for sampler in cases[case].samplers:
        name = next(iter(sampler.kinds)).partition(".")[0]
        for turn in turns:
            others = words.copy()
            others[at : at + sampler.words] = np.roll(words[at : at + sampler.words], turn, axis=1)
            yield name, case, others
        at += sampler.words
    layout = [sampler.words for sampler in cases[case].samplers]
    for step in range(1, min(len(cases), _MOST_CASES + 1)):
        other = (case + step) % len(cases)
        if [sampler.words for sampler in cases[other].samplers] == layout:
            yield "case", other, words


def _different_keys(template: Template, cause: str, block: Block, other: Block, rows: list[int]) -> Iterator[Twins]:
    """For each answer the first pair that looks alike where what is right for the one is not right for the other."""
    prepared, others = template.prepared(block), template.prepared(other)
    alike = [row for row in rows if _looks(prepared, row) == _looks(others, row)]
    if not alike:
        return
    right, own = _right_responses(others, alike), _right_responses(prepared, alike)
    own_rows = np.arange(len(alike))
    variants = Variants(template, own_rows, (replace(take(block, np.array(alike)), rows=own_rows),))
    for name, marks in template.mark_all(variants, right, Reading()).items():
        wrong = next((row for row, mark in enumerate(marks) if name in right and mark.outcome != "correct"), None)
        if wrong is not None:
            yield Twins(name, cause, (own[name][wrong], right[name][wrong]))


def _right_responses(prepared: Sequence[tuple[Answer, Any]], rows: Sequence[int]) -> dict[str, list[str]]:
    """A right response for each row, by answer; none for what a person marks."""
    found = {answer.name: [answer.specimens(keys, row).right[:1] for row in rows] for answer, keys in prepared}
    return {name: [text for (text,) in column] for name, column in found.items() if all(column)}


def _looks(prepared: Sequence[tuple[Answer, Any]], row: int) -> list[str]:
    """All that a student reads of the answers of one variant."""
    return [plain_text(text) for answer, keys in prepared for text in texts(answer.interaction(keys, row))]
