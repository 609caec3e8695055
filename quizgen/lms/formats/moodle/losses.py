"""What Moodle cannot carry of a question, in words."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TypeAlias, assert_never

from quizgen.items import Arrange, ChooseOne, Match, Option, options_of
from quizgen.lms.base import Asked, Loss, Options, Question, Severity, markup, plain_words
from quizgen.lms.formats.moodle.carriers import carrier_of, letters_foreseen, type_of
from quizgen.lms.formats.moodle.gaps import are_exact
from quizgen.lms.formats.moodle.texts import reads_percent
from quizgen.lms.formats.moodle.weights import interval
from quizgen.schemes import (
    ByPerson,
    ManyOptions,
    NumberBands,
    OneOption,
    RightOrder,
    RightPairs,
    Texts,
    TrueDistribution,
)

LONGEST_PARTNER = 255
"""Characters of what is joined, in Moodle's database."""

GIFT_TYPES = ("multichoice", "numerical", "shortanswer", "matching", "essay")

_TYPED = "a decimal comma, a fraction such as 1/3 and a typographic minus are not read; the question says what may be typed"
_PERCENT = "a percentage such as 10.5% is not read as one; the question says what may be typed"
_FOLLOWS = "a number that follows from an earlier one, wrong or rounded, is not marked by that one"
_MORE_SHARES = "the feedback on a foreseen distribution is not shown"


def losses(question: Question, options: Options) -> Iterator[Loss]:
    """All that Moodle XML cannot carry of a question."""
    type = type_of(question)
    alone = len(question.asked) == 1
    if not are_exact([Fraction(str(weight)) for weight in question.made.weights]):
        yield Loss("differs", "the weights of its answers are rounded to whole numbers")
    for asked in question.asked:
        for severity, what in _of(question, asked, type, alone):
            yield Loss(severity, what, asked.name)
        if type == "cloze" and _are_alike(question, asked, alone):
            yield Loss("refused", "options that differ only in their markup are one in a menu", asked.name)
        empty = [option.label for option in options_of(asked.interaction) if not _shows(option, question, options)]
        if empty:
            yield Loss("refused", f"Moodle drops an option without text ({', '.join(empty)})", asked.name)


def gift_losses(question: Question, options: Options) -> Iterator[Loss]:
    """All that GIFT cannot carry of a question."""
    type = type_of(question)
    if type not in GIFT_TYPES:
        what = "GIFT has no questions with an order" if type == "ordering" else "GIFT has no questions with embedded answers"
        yield Loss("refused", f"{what}; Moodle XML has")
        return
    yield from losses(question, options)
    if question.hints and question.made.keyed.item.hints:
        yield Loss("lost", "GIFT has no hints")
    (asked,) = question.asked
    if reads_percent(asked.scheme):
        yield Loss("lost", _PERCENT, asked.name)
    if isinstance(asked.scheme, Texts) and asked.scheme.case_sensitive:
        yield Loss("differs", "GIFT cannot say that capital letters count", asked.name)
    if isinstance(asked.scheme, ByPerson):
        yield Loss("lost", "GIFT has no notes for who marks; the rubric stands in the question", asked.name)


_Said: TypeAlias = Iterator[tuple[Severity, str]]


def _of(question: Question, asked: Asked, type: str, alone: bool) -> _Said:
    match asked.scheme:
        case OneOption():
            return
        case ManyOptions():
            yield from _many(question, asked, asked.scheme, alone)
        case NumberBands():
            yield from _number(asked.scheme, type)
        case Texts():
            yield "lost", "only the spellings that are written out are read: spaces, quotes and marks count"
        case RightOrder(rule=rule, foreseen=foreseen):
            if foreseen:
                yield "lost", "the feedback on a foreseen order is not shown"
            if carrier_of(asked, alone) == "letters" and letters_foreseen(asked) is None:
                yield "refused", f"beside other answers, an order of so many items cannot be marked by the rule {rule}"
        case RightPairs(mistakes=mistakes):
            yield from _pairs(question, asked, alone, any(mistakes))
        case TrueDistribution(rule=rule, foreseen=foreseen):
            yield "differs", f"Moodle gives each right probability an equal share, quizgen marks the whole by the rule {rule}"
            if foreseen:
                yield "lost", _MORE_SHARES
        case ByPerson():
            if not alone:
                yield "refused", "an essay cannot stand beside other answers"
        case _:
            assert_never(asked.scheme)


def _many(question: Question, asked: Asked, scheme: ManyOptions, alone: bool) -> _Said:
    carrier = carrier_of(asked, alone)
    if carrier == "letters":
        if letters_foreseen(asked) is None:
            yield "refused", f"so many options cannot be marked by the rule {scheme.rule}"
        yield "lost", "there are no boxes to tick: the letters of options are typed"
    told = [question.told(verdict) is not None for verdict in scheme.verdicts]
    unsaid = told if carrier == "letters" else [said and right for said, right in zip(told, scheme.right, strict=True)]
    if carrier != "decisions" and any(unsaid):
        yield "lost", "the feedback on options that are decided wrongly is shown only where one is ticked"


def _number(scheme: NumberBands, type: str) -> _Said:
    if not scheme.bands:
        yield "refused", "Moodle has no infinite number"
        return
    if any(interval(band).blurred for band in scheme.bands):
        yield "differs", "Moodle takes numbers for equal that differ by less than 0.00000000000001"
    if scheme.form_counts:
        yield "differs", "Moodle does not see how many digits are typed, and gives full marks for any"
    yield "lost", _TYPED
    if type != "numerical" and reads_percent(scheme):
        yield "lost", _PERCENT
    if scheme.units:
        yield "lost", f"numbers in other units ({', '.join(unit for unit, _ in scheme.units)}) are not converted"
    if scheme.follows:
        yield "lost", _FOLLOWS


def _pairs(question: Question, asked: Asked, alone: bool, foreseen: bool) -> _Said:
    assert isinstance(asked.interaction, Match)
    carrier = carrier_of(asked, alone)
    if carrier == "letters":
        yield "lost", "there are no menus to choose from: the letters of partners are typed"
    elif alone:
        words = [plain_words(option.text, question) for option in asked.interaction.rights]
        if max(map(len, words)) > LONGEST_PARTNER:
            yield "refused", f"what is joined may have {LONGEST_PARTNER} characters at most"
        if len(set(words)) < len(words):
            yield "refused", "partners that differ only in their markup are one to Moodle"
    if foreseen and (alone or carrier == "letters"):
        yield "lost", "the feedback on a wrong partner is not shown"


def _are_alike(question: Question, asked: Asked, alone: bool) -> bool:
    """Whether a menu would show several options alike."""
    match carrier_of(asked, alone), asked.interaction:
        case "one" | "positions", ChooseOne(_, options) | Arrange(_, options):
            menu = options
        case "pairs", Match(_, _, rights):
            menu = rights
        case _:
            return False
    return len({plain_words(option.text, question) for option in menu}) < len(menu)


def _shows(option: Option, question: Question, options: Options) -> bool:
    """Whether an option shows anything."""
    return bool(markup(option.text, question, options).strip()) and bool(plain_words(option.text, question))
