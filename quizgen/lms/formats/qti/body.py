"""What a student sees: the stem with its interactions, in the elements of QTI."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from markupsafe import Markup

from quizgen.items import (
    Arrange,
    ChooseMany,
    ChooseOne,
    EnterNumber,
    EnterText,
    Filled,
    Match,
    Option,
    StateDistribution,
    WriteFreely,
)
from quizgen.lms.base import Options, Question, code_line, laid_out, plain_words
from quizgen.lms.base import markup as html
from quizgen.lms.formats.qti.many import NONE
from quizgen.lms.formats.qti.parts import left_name, response_name, share_name
from quizgen.lms.formats.qti.tree import Child, Element, element, markup
from quizgen.lms.formats.qti.versions import Version
from quizgen.rendering.controls import Control
from quizgen.rendering.program import Spot

NUMBERS = (
    "Type numbers in digits with a decimal point, such as 0.105 or 1.05e-1. "
    "A decimal comma, a fraction, a percent sign or a unit is not understood here."
)
TEXTS = "Type the answer alone: a full stop, quotation marks or further spaces would count as part of it."

_WORD = 7
"""Characters of a word, with its space."""


def body(question: Question, options: Options, version: Version) -> Element:
    """The item's body: stem, interactions, what may be typed, and the question's code."""
    names = [name for name, _ in question.made.keyed.item.interactions]
    several = len(names) > 1
    responses = {name: response_name(place, several) for place, name in enumerate(names, 1)}
    maker = _Maker(question, options, version, several, responses)
    stem, after = laid_out(question, options, maker.block, maker.inline)
    kinds = {type(interaction) for _, interaction in question.made.keyed.item.interactions}
    notes = []
    if kinds & {EnterNumber, StateDistribution}:
        notes.append(_note(NUMBERS))
    if EnterText in kinds:
        notes.append(_note(TEXTS))
    code = Markup(code_line(question))  # the code's own markup
    stems = [Markup(part) for part in (stem, *after)]  # made here and by the flavour
    return element("itemBody", *stems, *notes, code)


def _note(words: str) -> Element:
    return element("p", element("small", words))


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the interactions of one question."""

    question: Question
    options: Options
    version: Version
    several: bool
    responses: dict[str, str]

    def block(self, control: Control) -> str:
        """The answer on lines of its own."""
        return str(markup(self._block(control), self.version)) + "\n"

    def inline(self, control: Control, spot: Spot) -> str | None:
        """The answer inside a sentence or cell; None for a kind that needs lines of its own."""
        name = self.responses[control.answer]
        match control.interaction:
            case ChooseOne(options=options):
                choices = [element("inlineChoice", self._in_line(option.text), identifier=option.label) for option in options]
                found: Child = element("inlineChoiceInteraction", *choices, responseIdentifier=name, shuffle=False)
                return str(markup(found, self.version))
            case EnterNumber(form=form, unit=unit):
                pieces: tuple[Child, ...] = (_number_field(name), *_behind(unit, form))
            case EnterText():
                pieces = (_text_field(name),)
            case _:
                return None
        return "".join(str(markup(piece, self.version)) for piece in pieces)

    def _html(self, text: Filled) -> Markup:
        return Markup(html(text, self.question, self.options))  # the flavour escapes every value

    def _in_line(self, text: Filled) -> Child:
        """The text of a choice in a list, which in some versions holds plain words only."""
        return self._html(text) if self.version.markup_in_line else plain_words(text, self.question)

    def _block(self, control: Control) -> Element:
        name = self.responses[control.answer]
        interaction = control.interaction
        match interaction:
            case ChooseOne(options=options):
                return element(
                    "choiceInteraction",
                    *self._prompt(control),
                    *self._choices(options),
                    responseIdentifier=name,
                    shuffle=False,
                    maxChoices=1,
                )
            case ChooseMany(options=options, rule=rule):
                none = element("simpleChoice", "None of these", identifier=NONE, fixed=True)
                return element(
                    "choiceInteraction",
                    *self._prompt(control, "Choose all that apply.", f"Marking: {rule}"),
                    *self._choices(options),
                    none,
                    responseIdentifier=name,
                    shuffle=False,
                    maxChoices=0,
                )
            case EnterNumber(form=form, unit=unit):
                return element("p", *self._label(control), _number_field(name), *_behind(unit, form))
            case EnterText():
                return element("p", *self._label(control), _text_field(name))
            case Arrange(options=options, rule=rule):
                return element(
                    "orderInteraction",
                    *self._prompt(control, "Put in order, the first on top.", f"Marking: {rule}"),
                    *self._choices(options),
                    responseIdentifier=name,
                    shuffle=False,
                )
            case Match(lefts=lefts, rights=rights, rule=rule):
                return element(
                    "matchInteraction",
                    *self._prompt(control, "Choose a partner for each.", f"Marking: {rule}"),
                    element("simpleMatchSet", *self._associable((left_name(left), left) for left in lefts)),
                    element("simpleMatchSet", *self._associable(((right.label, right) for right in rights), 0)),
                    responseIdentifier=name,
                    shuffle=False,
                    maxAssociations=len(lefts),
                    class_="qti-match-tabular",
                )
            case StateDistribution(options=options, form=form, rule=rule):
                asked = f"Give each a probability{f' ({form})' if form else ''}; together they make 1."
                fields = [
                    element("li", self._html(option.text), ": ", _number_field(share_name(name, place)))
                    for place, option in enumerate(options, 1)
                ]
                lead = element("p", *self._label(control), asked, element("br"), f"Marking: {rule}")
                return element("div", lead, element("ul", *fields))
            case WriteFreely(words=words, rubric=rubric):
                return self._essay(control, name, words, rubric)
        assert_never(interaction)

    def _label(self, control: Control) -> Iterator[Child]:
        """What stands before a field: its label, or its name where a question has several answers."""
        if control.interaction.prompt:
            yield self._html(control.interaction.prompt)
            yield " "
        elif self.several:
            yield f"{control.title}: "
        elif isinstance(control.interaction, EnterNumber | EnterText):
            yield "Your answer: "

    def _prompt(self, control: Control, *told: str) -> Iterator[Element]:
        """The prompt: the label, what to do, and how credit is given, each in a line."""
        lines: list[Child] = []
        if control.interaction.prompt:
            lines.append(self._html(control.interaction.prompt))
        elif self.several:
            lines.append(control.title)
        parts: list[Child] = []
        for line in (*lines, *told):
            parts += [element("br"), line] if parts else [line]
        if parts:
            yield element("prompt", *parts)

    def _choices(self, options: Iterable[Option]) -> Iterator[Element]:
        return (element("simpleChoice", self._html(option.text), identifier=option.label) for option in options)

    def _associable(self, options: Iterable[tuple[str, Option]], most: int = 1) -> Iterator[Element]:
        """Items that can be joined so many times at most; 0 for as often as one likes."""
        return (
            element("simpleAssociableChoice", self._html(option.text), identifier=name, matchMax=most)
            for name, option in options
        )

    def _essay(self, control: Control, name: str, words: int, rubric: tuple[str, ...]) -> Element:
        criteria = [element("ul", *(element("li", line) for line in rubric))] if rubric else []
        lead = [element("p", "A person marks this by:"), *criteria] if rubric else []
        field = element(
            "extendedTextInteraction",
            *self._prompt(control, *([f"About {words} words."] if words else [])),
            responseIdentifier=name,
            expectedLength=words * _WORD,
            expectedLines=8,
        )
        return element("div", *lead, field)


def _number_field(name: str) -> Element:
    return element("textEntryInteraction", responseIdentifier=name, expectedLength=12)


def _text_field(name: str) -> Element:
    return element("textEntryInteraction", responseIdentifier=name, expectedLength=30)


def _behind(unit: str, form: str) -> Iterator[Child]:
    """What stands behind a number's field: its unit and the rounding asked for."""
    if unit:
        yield f" {unit}"
    if form:
        yield f" ({form})"
