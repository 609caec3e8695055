"""What Moodle cannot carry of a question, in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TypeAlias, assert_never

from quizgen.items import Arrange, ChooseMany, ChooseOne, Match, Option, options_of
from quizgen.lms.base import Asked, Loss, Options, Question, Severity, markup, plain_words
from quizgen.lms.formats.moodle.carriers import carrier_of, gaps_in, letters_foreseen, type_of
from quizgen.lms.formats.moodle.gaps import are_exact
from quizgen.lms.formats.moodle.texts import reads_percent
from quizgen.lms.formats.moodle.weights import interval
from quizgen.lms.formats.moodle.wording import UNANSWERED, reported, unmarked
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

_GIFT_READS = re.compile(r"->|\A\s*(?:%-*[0-9]+\.?[0-9]*%|\[(?:html|moodle|plain|markdown)\])")
"""What makes of a short answer a pair, a weight or the name of a format."""

_TYPED = "a decimal comma, a fraction such as 1/3 and a typographic minus are not read; the question says what may be typed"
_PERCENT = "a percentage such as 10.5% is not read as one; the question says what may be typed"
_PERCENT_SIGN = "a number that is right is so with a % behind it, too: 0.83% where 0.83 is right"
_FOLLOWS = "a number that follows from an earlier one, wrong or rounded, is not marked by that one"
_LETTERS = "with nothing, blanks or commas between; other ways of typing them are not read"
_MORE_SHARES = "the feedback on a foreseen distribution is not shown"


def losses(question: Question, options: Options) -> Iterator[Loss]:
    """All that Moodle XML cannot carry of a question."""
    type = type_of(question)
    alone = len(question.asked) == 1
    if type == "cloze" and not are_exact(list(_shares(question))):
        yield Loss("differs", "the weights of its answers are rounded to whole numbers")
    for asked in question.asked:
        for severity, what in _of(question, asked, type, alone):
            yield Loss(severity, what, asked.name)
        if type == "cloze" and _are_alike(question, asked, alone):
            yield Loss("refused", "options that differ only in their markup are one in a menu", asked.name)
        elif unclear := _unclear(question, asked, type, options):
            yield Loss("refused", unclear, asked.name)
        empty = [option.label for option in options_of(asked.interaction) if not _shows(option, question, options)]
        if empty:
            yield Loss("refused", "Moodle drops an option without text", asked.name, ", ".join(empty))


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
    if isinstance(asked.scheme, Texts):
        for text, _ in asked.scheme.accepted:
            if found := _GIFT_READS.search(text):
                yield Loss("refused", f"GIFT takes '{found[0]}' in an accepted text for a sign of its own", asked.name)
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
            if carrier_of(asked, alone) == "letters":
                yield "lost", f"items are not dragged: their letters are typed, {_LETTERS}"
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
        yield "lost", f"there are no boxes to tick: the letters of options are typed, {_LETTERS}"
    told = [question.told(verdict) is not None for verdict in scheme.verdicts]
    unsaid = told if carrier == "letters" else [said and right for said, right in zip(told, scheme.right, strict=True)]
    if carrier != "decisions" and any(unsaid):
        yield "lost", "the feedback on options that are decided wrongly is shown only where one is ticked"


def _number(scheme: NumberBands, type: str) -> _Said:
    if not scheme.bands:
        yield "refused", "Moodle has no infinite number"
        return
    blurred = [max(abs(band.low), abs(band.high)) for band in scheme.bands if interval(band).blurred]
    if any(size <= 1 for size in blurred):
        yield "differs", "Moodle takes numbers for equal that differ by less than 0.00000000000001"
    if any(size > 1 for size in blurred):
        yield "differs", "Moodle keeps 14 digits of a number, which is too few for these bounds"
    if scheme.form_counts:
        yield "differs", "Moodle does not see how many digits are typed, and gives full marks for any"
    yield "lost", _TYPED
    if reads_percent(scheme):
        yield "lost", _PERCENT_SIGN if type == "numerical" else _PERCENT
    if scheme.units:
        yield "lost", f"numbers in other units ({', '.join(unit for unit, _ in scheme.units)}) are not converted"
    if scheme.follows:
        yield "lost", _FOLLOWS


def _pairs(question: Question, asked: Asked, alone: bool, foreseen: bool) -> _Said:
    assert isinstance(asked.interaction, Match)
    carrier = carrier_of(asked, alone)
    if carrier == "letters":
        yield "lost", f"there are no menus to choose from: the letters of partners are typed, {_LETTERS}"
    elif alone:
        words = [plain_words(option.text, question) for option in asked.interaction.rights]
        if max(map(len, words)) > LONGEST_PARTNER:
            yield "refused", f"what is joined may have {LONGEST_PARTNER} characters at most"
        if len(set(words)) < len(words):
            yield "refused", "partners that differ only in their markup are one to Moodle"
    if foreseen and (alone or carrier == "letters"):
        yield "lost", "the feedback on a wrong partner is not shown"


def _shares(question: Question) -> Iterator[Fraction]:
    """The share of the question that each gap has."""
    alone = len(question.asked) == 1
    for asked, weight in zip(question.asked, question.made.weights, strict=True):
        yield Fraction(str(weight)) / gaps_in(asked, carrier_of(asked, alone))


def _unclear(question: Question, asked: Asked, type: str, options: Options) -> str | None:
    """Why Moodle's report would leave unclear what was answered, None where it does not."""
    match asked.interaction:
        case Match(_, lefts, rights) if carrier_of(asked, type != "cloze") == "pairs":
            clash = _clash(rights, question, options, as_words=True)
            clash = clash or (type == "matching" and _clash(lefts, question, options))
        case ChooseOne(_, menu):
            clash = _clash(menu, question, options) or (type == "cloze" and _clash(menu, question, options, as_words=True))
        case ChooseMany(_, menu) if carrier_of(asked, type != "cloze") == "ticks":
            clash = _clash(menu, question, options)
        case _:
            clash = False
    if clash:
        return "Moodle's report shows several of its options alike, so that responses could not be told apart"
    if isinstance(asked.scheme, Texts):
        accepted = [text for text, _ in asked.scheme.accepted]
        if type == "shortanswer" and any(text.strip() == UNANSWERED for text in accepted):
            return "Moodle's report shows an answer of '-' as if nothing had been typed"
    return None


def _clash(menu: Sequence[Option], question: Question, options: Options, *, as_words: bool = False) -> bool:
    """Whether an option, as the report shows it, may be another one, too."""
    shown: list[str] = []
    looks: list[set[str]] = []
    for option in menu:
        words, source = plain_words(option.text, question), markup(option.text, question, options)
        text = reported(source)
        shown.append(words if as_words else text)
        looks.append({words, text, unmarked(source)})
    return any(text in other for i, text in enumerate(shown) for j, other in enumerate(looks) if i != j)


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
