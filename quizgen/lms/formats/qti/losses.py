"""What QTI cannot carry of a question."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from quizgen.lms.base import Loss, Options, Question
from quizgen.lms.formats.qti import distributions, many, orders
from quizgen.schemes import (
    ByPerson,
    ManyOptions,
    NumberBands,
    OneOption,
    RightOrder,
    RightPairs,
    Scheme,
    Texts,
    TrueDistribution,
)

PAIRS = frozenset({"all-or-nothing", "each-pair"})
TYPED = "numbers are understood in digits with a decimal point only, not with a comma, as a fraction or with a percent sign"


def losses(question: Question, options: Options) -> Iterator[Loss]:
    """All that is lost, the same in every version."""
    for asked in question.asked:
        for loss in _of(asked.scheme):
            yield replace(loss, answer=asked.name)
    if question.hints and question.made.keyed.item.hints:
        yield Loss("lost", "hints have no place there")


def _of(scheme: Scheme) -> Iterator[Loss]:
    match scheme:
        case NumberBands():
            yield from _of_numbers(scheme)
        case Texts():
            yield Loss("lost", "spaces around a text, a full stop behind it and the shapes of quotes and dashes count")
        case ManyOptions(rule=rule):
            yield from _unknown(rule, many.RULES)
        case RightOrder(rule=rule):
            yield from _unknown(rule, orders.RULES)
        case RightPairs(rule=rule):
            yield from _unknown(rule, PAIRS)
        case TrueDistribution(rule=rule):
            yield from _unknown(rule, distributions.RULES)
            yield Loss("lost", TYPED)
        case OneOption() | ByPerson():
            return
        case _:
            assert_never(scheme)


def _of_numbers(scheme: NumberBands) -> Iterator[Loss]:
    if not scheme.bands:
        yield Loss("refused", "its right answer is infinite, which cannot be typed there")
        return
    if scheme.form_counts:
        yield Loss("differs", "the right value earns full marks there with any number of digits")
    if scheme.follows:
        yield Loss("lost", "what follows from a wrong earlier answer earns nothing there")
    yield Loss("lost", TYPED)
    for unit, _ in scheme.units:
        yield Loss("lost", f"a number in {unit} is not converted there")


def _unknown(rule: str, known: frozenset[str]) -> Iterator[Loss]:
    if rule not in known:
        yield Loss("refused", f"there is no way to give partial credit by the rule '{rule}' there")
