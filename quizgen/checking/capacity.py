"""Checks of how many different variants there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from quizgen.bank.capacity import Capacity, capacity_from
from quizgen.bank.template import met
from quizgen.checking.base import Figure, Finding, check
from quizgen.checking.sweep import Sweep
from quizgen.items import AnswerKey, Interaction, options_of
from quizgen.variants.texts import plain_text

FEW = 30
"""In a class of this size two students meet the same variant, where there are not more of them."""


@check("capacity", "warning")
def capacity(sweep: Sweep) -> Iterator[Finding | Figure]:
    """The template has fewer than 30 variants that differ in what a student sees or in the key, so that students of one class
    share variants and answers. Draw more numbers, widen their ranges, or add cases.
    """
    found = sweep.shared(capacity_of_sweep)
    yield Figure("distinct variants", str(found))
    there_are = found.estimate if found.estimate is not None else float("inf")
    if found.distinct > 1 and there_are < FEW:
        yield Finding(("stem",), f"there are {found} distinct variants; a class needs {FEW} or more")


@check("no-variation", "error")
def no_variation(sweep: Sweep) -> Iterator[Finding]:
    """All variants are the same question with the same answer: nothing that is drawn reaches the student. Show the draw in the
    stem, or let the key depend on it.
    """
    found = sweep.shared(capacity_of_sweep)
    if found.distinct == 1 < found.drawn:
        yield Finding(("stem",), f"all {found.drawn:,} variants are one and the same", int(sweep.ordinals[0]))


def capacity_of_sweep(sweep: Sweep) -> Capacity:
    """The capacity of a template by the variants of a sweep: what tells them apart is what a student sees, and the key.

    Exact where the sweep has every combination and no answer chooses by chance what it shows. An estimate is made of the
    sample alone: what was looked for and added to it is no sample.
    """
    prints = [
        hash((stem, *(print_ for pair in zip(keyed.item.interactions, keyed.keys, strict=True) for print_ in _prints(*pair))))
        for stem, keyed in zip(sweep.stems, sweep.keyed, strict=True)
    ]
    drawn, distinct = len(prints), len(set(prints))
    if sweep.complete and all(answer.settled for answer in sweep.template.answers):
        return Capacity(drawn, distinct, float(distinct), True)
    sample = Counter(print_ for print_, sampled in zip(prints, sweep.sampled.tolist(), strict=True) if sampled)
    by_sample = capacity_from(Counter(sample.values()))
    if by_sample.estimate is None:
        return Capacity(drawn, distinct, None, False)
    exact = by_sample.exact and distinct == by_sample.distinct
    return Capacity(drawn, distinct, max(by_sample.estimate, float(distinct)), exact)


def _prints(named: tuple[str, Interaction], key: AnswerKey) -> list[str]:
    """What a student sees of one answer, in an order that shuffling does not change, and the key where it is typed."""
    _, interaction = named
    return [*met(interaction), *([] if options_of(interaction) else [plain_text(key.shown)])]
