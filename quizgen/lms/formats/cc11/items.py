"""A question as an item of the Common Cartridge profile of QTI 1.2.1."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never
from xml.etree.ElementTree import Element, SubElement

from quizgen.answers.multiple import CREDIT as MULTIPLE
from quizgen.items import EnterNumber, Filled, options_of
from quizgen.lms.base import Asked, Options, Question, markup
from quizgen.lms.formats.cc11.numbers import listed
from quizgen.lms.formats.single import asked_text, only_answer
from quizgen.lms.looks import option_markup
from quizgen.rendering.numbers import points
from quizgen.rendering.words import without_controls
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

_RESPONSE = "response"
_GENERAL = "general_fb"


def item_of(question: Question, options: Options) -> Element:
    """The item of a question that can be carried."""
    asked = only_answer(question)
    if asked is None:
        raise AssertionError(f"{question.ident} has several answers, which was refused")
    made = _Made(question, options, asked)
    item = Element("item", ident=question.ident, title=without_controls(question.title))
    profile = made.filled()
    facts = SubElement(SubElement(item, "itemmetadata"), "qtimetadata")
    metadata(facts, cc_profile=f"cc.{profile}.v0p1", cc_weighting=points(question.points))
    item.append(made.presentation)
    if made.conditions:
        processing = SubElement(item, "resprocessing")
        outcomes = SubElement(processing, "outcomes")
        SubElement(outcomes, "decvar", varname="SCORE", vartype="Decimal", minvalue="0", maxvalue="100")
        processing.extend(made.conditions)
    item.extend(made.feedback)
    return item


def metadata(facts: Element, **fields: str) -> None:
    """Adds fields to an element of metadata."""
    for label, entry in fields.items():
        field = SubElement(facts, "qtimetadatafield")
        SubElement(field, "fieldlabel").text = label
        SubElement(field, "fieldentry").text = entry


def material(parent: Element, html: str) -> None:
    """Adds a text in HTML."""
    SubElement(SubElement(parent, "material"), "mattext", texttype="text/html").text = html


class _Made:
    """The parts of an item while it is made."""

    def __init__(self, question: Question, options: Options, asked: Asked) -> None:
        self.question, self.options, self.asked = question, options, asked
        self.presentation = Element("presentation")
        self.conditions: list[Element] = []
        self.feedback: list[Element] = []

    def filled(self) -> str:
        """The name of the item's profile, once its parts are made."""
        scheme, interaction = self.asked.scheme, self.asked.interaction
        solution = self.question.made.keyed.solution
        if solution is not None:
            self._condition([Element("other")], continues=True, feedback=_GENERAL)
            self._feedback(_GENERAL, solution)
        match scheme:
            case OneOption():
                self._stem()
                self._choices("Single")
                self._one_of(scheme)
                return "multiple_choice"
            case ManyOptions():
                self._stem("If none is right, tick nothing.", MULTIPLE["all-or-nothing"][1])
                self._choices("Multiple")
                self._all_of(scheme)
                return "multiple_response"
            case NumberBands():
                assert isinstance(interaction, EnterNumber)
                found = listed(interaction, scheme, self.question.decimal_comma)
                if found is None:
                    raise AssertionError(f"{self.question.ident} has too many right numbers, which was refused")
                self._stem(_typing(found.decimals, self.question.decimal_comma))
                self._box()
                self._condition(map(self._equals, found.texts), right=True)
                return "fib"
            case Texts(accepted, case_sensitive):
                self._stem()
                self._box()
                full = [text for text, verdict in accepted if verdict.fraction == 1]
                self._condition((self._equals(text, case_sensitive) for text in full), right=True)
                return "fib"
            case ByPerson():
                self._stem()
                self._box(rows="10")
                return "essay"
            case RightOrder() | RightPairs() | TrueDistribution():
                raise AssertionError(f"{self.question.ident} is of a kind that was refused")
            case _:
                assert_never(scheme)

    def _stem(self, advice: str = "", rule: str | None = None) -> None:
        material(self.presentation, asked_text(self.question, self.asked, self.options, advice, rule))

    def _choices(self, cardinality: str) -> None:
        response = SubElement(self.presentation, "response_lid", ident=_RESPONSE, rcardinality=cardinality)
        choices = SubElement(response, "render_choice", shuffle="No")
        options = options_of(self.asked.interaction)
        for option, text in zip(options, option_markup(self.question, options, self.options), strict=True):
            material(SubElement(choices, "response_label", ident=option.label), text)

    def _box(self, rows: str = "1") -> None:
        response = SubElement(self.presentation, "response_str", ident=_RESPONSE, rcardinality="Single")
        SubElement(response, "render_fib", fibtype="String", prompt="Box", rows=rows)

    def _one_of(self, scheme: OneOption) -> None:
        options = options_of(self.asked.interaction)
        for option, verdict in zip(options, scheme.verdicts, strict=True):
            said = self.question.told(verdict)
            ident = f"{option.label}_fb" if said is not None else ""
            right = verdict.fraction == 1
            if said is not None:
                self._feedback(ident, said)
            if right or said is not None:
                self._condition([self._equals(option.label)], right=right, feedback=ident)

    def _all_of(self, scheme: ManyOptions) -> None:
        both = Element("and")
        for option, right in zip(options_of(self.asked.interaction), scheme.right, strict=True):
            (both if right else SubElement(both, "not")).append(self._equals(option.label, True))
        self._condition([both], right=True)

    def _equals(self, value: str, case_sensitive: bool = False) -> Element:
        test = Element("varequal", respident=_RESPONSE, case="Yes" if case_sensitive else "No")
        test.text = without_controls(value)
        return test

    def _condition(self, tests: Iterable[Element], *, right: bool = False, continues: bool = False, feedback: str = "") -> None:
        condition = Element("respcondition", {"continue": "Yes" if continues else "No"})
        SubElement(condition, "conditionvar").extend(tests)
        if right:
            SubElement(condition, "setvar", varname="SCORE", action="Set").text = "100"
        if feedback:
            SubElement(condition, "displayfeedback", feedbacktype="Response", linkrefid=feedback)
        self.conditions.append(condition)

    def _feedback(self, ident: str, said: Filled) -> None:
        told = Element("itemfeedback", ident=ident)
        material(SubElement(told, "flow_mat"), markup(said, self.question, self.options))
        self.feedback.append(told)


def _typing(decimals: int, decimal_comma: bool) -> str:
    number = f"{0.5:.{decimals}f}".replace(".", "," if decimal_comma else ".")
    if not decimals:
        return "Type a whole number in digits, without a unit."
    plural = "s" if decimals != 1 else ""
    return f"Type the number in digits with exactly {decimals} decimal{plural}, such as {number}, without a unit."
