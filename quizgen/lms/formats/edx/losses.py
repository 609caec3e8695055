"""What Open edX cannot carry of a question, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias, assert_never

from quizgen.lms.base import Asked, Loss, Options, Question, Severity
from quizgen.lms.formats.edx.carriers import (
    Carrier,
    Essay,
    Letters,
    List,
    Menus,
    Number,
    Shares,
    Ticks,
    Words,
    carriers_of,
    inputs,
)
from quizgen.schemes import ManyOptions, NumberBands, RightOrder, RightPairs, TrueDistribution

_TYPED = (
    "a decimal comma, a unit behind the number and a typographic minus are refused as no number, without costing an attempt"
)
_FORMULAS = "formulas such as ln(2) are worked out, so that they are right there and no number here"

_Said: TypeAlias = Iterator[tuple[Severity, str]]


def losses(question: Question, options: Options) -> Iterator[Loss]:
    """All that Open edX cannot carry of a question."""
    carried = carriers_of(question)
    for asked, carrier in carried:
        for severity, what in _of(question, asked, carrier):
            yield Loss(severity, what, asked.name)
    each = [asked.share / inputs(carrier) for asked, carrier in carried]
    if max(each) - min(each) > 1e-9:
        yield Loss("differs", "every input counts the same there, so the weights of its answers are not kept")


def _of(question: Question, asked: Asked, carrier: Carrier) -> _Said:
    match carrier:
        case Essay():
            yield "refused", "a problem takes no essay; set it as an open response assessment"
        case List():
            if not carrier.own:
                yield "lost", "it is answered by choosing a line of letters from a list of all that can be meant"
        case Ticks(right, every=True):
            if not any(right):
                yield "refused", "no option is right, and who ticks nothing earns nothing there"
            yield "differs", _ticks(asked)
        case Ticks():
            return
        case Menus():
            yield from _menus(asked)
        case Letters():
            yield "lost", "the letters are typed"
            if asked.key.mistakes or (isinstance(asked.scheme, RightPairs) and any(asked.scheme.mistakes)):
                yield "lost", "the feedback on a known mistake is not shown"
        case Number(band):
            yield from _number(question, asked, infinite=band is None)
        case Words(wrong=wrong):
            if any(verdict.fraction for _, verdict in wrong):
                yield "differs", "a text that earns a part of the points earns none"
            yield "lost", "letters in another Unicode form, such as ligatures, are not read as the same"
        case Shares():
            yield "differs", "each right probability earns an equal share, and a near one nothing"
            if isinstance(asked.scheme, TrueDistribution) and asked.scheme.foreseen:
                yield "lost", "the feedback on a foreseen distribution is not shown"
            yield from (("lost", _TYPED), ("lost", _FORMULAS))
        case _:
            assert_never(carrier)


def _ticks(asked: Asked) -> str:
    assert isinstance(asked.scheme, ManyOptions)
    if asked.scheme.rule == "every-decision-counts":
        return "who ticks nothing earns nothing, and a part of the points is rounded to a hundredth"
    return f"each decision counts equally, quizgen marks by the rule {asked.scheme.rule}"


def _menus(asked: Asked) -> _Said:
    match asked.scheme:
        case ManyOptions():
            yield "lost", "each option is decided in a menu, not ticked"
        case RightOrder(rule=rule, foreseen=foreseen):
            if rule != "absolute-position":
                yield "differs", f"so many items earn a share for each in its own place, quizgen marks by the rule {rule}"
            yield "lost", "a letter chosen for several places counts in each, where quizgen refuses to read that"
            if foreseen:
                yield "lost", "the feedback on a foreseen order is not shown"
        case _:
            return


def _number(question: Question, asked: Asked, *, infinite: bool) -> _Said:
    scheme = asked.scheme
    assert isinstance(scheme, NumberBands)
    if scheme.form_counts:
        yield "differs", "how many digits are typed is not seen, and any number of them earns full marks"
    if any(band.verdict.fraction for band in scheme.bands[1:]):
        yield "differs", "a wrong number that earns a part of the points earns none"
    if scheme.follows:
        yield "lost", "a number that follows from a wrong earlier one earns nothing"
    if any(question.told(band.verdict) for band in scheme.bands[1:]):
        yield "lost", "what a wrong number shows is told in the solution, not where it is typed"
    if scheme.units:
        yield "lost", f"numbers in other units ({', '.join(unit for unit, _ in scheme.units)}) are not converted"
    if not infinite:
        yield "lost", _TYPED
        yield "lost", _FORMULAS
    if scheme.percent == 1:
        yield "lost", "a percentage is typed without its sign"
