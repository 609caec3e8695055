"""Moodle XML: the questions of a question bank, with their texts as HTML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, TypeVar
from xml.etree.ElementTree import ParseError, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from quizgen.errors import QuestionFileError
from quizgen.folding import shortened
from quizgen.importing.cloze import read_gaps
from quizgen.importing.converting import carried, plain_words
from quizgen.importing.forms import Form
from quizgen.importing.gift import categories, decimal
from quizgen.importing.prose import clean, place
from quizgen.importing.questions import Answer, Asked, Choice, Free, InOrder, NotCarriedError, Option, Question, Read, Refused
from quizgen.importing.weighing import (
    Weighed,
    WeighedNumber,
    in_unit,
    number_of,
    one_of,
    pairs_of,
    several_of,
    typed_of,
)  # fmt: skip

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

AskedT = TypeVar("AskedT", bound=Asked)

MOST_ITEMS = 12
_FORMS: Mapping[str, Form] = {"moodle_auto_format": "moodle", "plain_text": "plain", "markdown": "markdown"}
_ORDER_CREDIT = {
    "ALL_OR_NOTHING": "all-or-nothing",
    "ABSOLUTE_POSITION": "absolute-position",
    "RELATIVE_NEXT_EXCLUDE_LAST": "relative-next",
    "LONGEST_ORDERED_SUBSET": "longest-ordered-subset",
    "LONGEST_CONTIGUOUS_SUBSET": "longest-contiguous-subset",
    "RELATIVE_ALL_PREVIOUS_AND_NEXT": "pairs",
}
_ORDER_NUMBERS = ("ABSOLUTE_POSITION", "RELATIVE_NEXT_EXCLUDE_LAST")
_USUAL = {"your answer is correct.", "your answer is partially correct.", "your answer is incorrect.", "correct", "incorrect"}
_COMBINED = {
    "correctfeedback": "the feedback for any right answer",
    "partiallycorrectfeedback": "the feedback for any partly right answer",
    "incorrectfeedback": "the feedback for any wrong answer",
}


def read_moodle_xml(raw: bytes, name: str) -> list[Read]:
    """The questions of a Moodle XML file, in order.

    Raises:
        QuestionFileError: it is no XML, defines entities of its own, or is no quiz of Moodle's.
    """
    try:
        root = fromstring(raw, forbid_dtd=True)
    except ParseError as error:
        line, column = error.position
        reason = str(error).partition(":")[0]
        raise QuestionFileError.at(name, f"this is not well-formed XML: {reason}", line, column + 1) from error
    except DefusedXmlException as error:
        message = "the file has a document type or entities of its own, which Moodle never writes; they are not read"
        raise QuestionFileError.at(name, message) from error
    except (LookupError, ValueError) as error:  # an encoding that does not exist, or is not that of the bytes
        raise QuestionFileError.at(name, f"the file cannot be read as XML: {error}") from error
    if root.tag != "quiz":
        raise QuestionFileError.at(name, f"this is no Moodle XML: it begins with <{root.tag[:40]}>, not <quiz>")
    found: list[Read] = []
    tags: tuple[str, ...] = ()
    for element in root.iterfind("question"):
        if element.get("type") == "category":
            tags = categories(element.findtext("category/text", ""))
        else:
            found.append(_Question(element, f"{name}: question {len(found) + 1}", tags).read())
    return found


class _Question:
    """Reads one question; collects what is lost of it."""

    def __init__(self, element: Element, origin: str, tags: tuple[str, ...]) -> None:
        self.element = element
        self.origin = origin
        self.title = plain_words(element.findtext("name/text", ""))
        self.tags = (*tags, *(plain_words(tag.findtext("text", "")) for tag in element.iterfind("tags/tag")))
        self.lost: list[str] = []

    def read(self) -> Read:
        try:
            return self._read()
        except NotCarriedError as error:
            return Refused(self.origin, self.title, str(error))

    def _read(self) -> Question:
        kind = self.element.get("type", "")
        reader = _READERS.get(kind)
        if kind == "description":
            raise NotCarriedError("it asks nothing: a description has no answers")
        if reader is None and kind != "cloze":
            raise NotCarriedError(f"questions of type “{shortened(kind)}” are not read")
        source, form = self._source(self.element.find("questiontext"))
        if reader is None:
            source, answers = read_gaps(source, form, self._line, self.lost)
        else:
            answers = (Answer(reader(self)),)
        stem = self._carried(source, form, inline=False)
        if not stem.strip():
            raise NotCarriedError("there is no text that asks something")
        for number, answer in enumerate(answers if reader is None else ()):
            if stem.count(place(number)) != 1:
                raise NotCarriedError(f"{answer.name} stands where no answer can: in a formula, a link or an attribute")
            stem = stem.replace(place(number), f"{{{{ answer.{answer.name} }}}}")
        solution = self._text(self.element.find("generalfeedback"), inline=False)
        hints = tuple(hint for element in self.element.iterfind("hint") if (hint := self._text(element)))
        self._combined()
        self._files()
        title = self.title or plain_words(source, form)
        return Question(self.origin, title, stem, answers, solution, hints, self.tags, tuple(self.lost))

    # Texts ------------------------------------------------------------------------------------------------------------

    @staticmethod
    def _source(element: Element | None) -> tuple[str, Form]:
        """The text inside an element, and its form; tags that stand outside of CDATA are the text's own."""
        if element is None:
            return "", "html"
        text = element.find("text")
        form = _FORMS.get(element.get("format", ""), "html")
        if text is None:
            return "", form
        inner = "".join(tostring(child, encoding="unicode") for child in text)
        return clean(f"{text.text or ''}{inner}"), form

    def _carried(self, source: str, form: Form, *, inline: bool = True) -> str:
        made = carried(source, form, inline=inline)
        self.lost.extend(made.lost)
        return made.text

    def _line(self, source: str, form: Form) -> str:
        return self._carried(source, form)

    def _text(self, element: Element | None, *, inline: bool = True) -> str:
        source, form = self._source(element)
        return self._carried(source, form, inline=inline)

    def _said(self, path: str) -> str:
        return (self.element.findtext(path) or "").strip()

    def _is_on(self, path: str, missing: bool) -> bool:
        """A switch, read as Moodle does: only ``false``, ``0`` and nothing are off."""
        found = self.element.find(path)
        return missing if found is None else (found.text or "").strip() not in ("", "0", "false")

    def _told(self, made: tuple[AskedT, list[str]]) -> AskedT:
        self.lost.extend(made[1])
        return made[0]

    # Kinds ------------------------------------------------------------------------------------------------------------

    def _weighed(self, *, literal: bool = False) -> Iterator[tuple[Element, Weighed]]:
        for answer in self.element.iterfind("answer"):
            text = clean((answer.findtext("text") or "").strip()) if literal else self._text(answer)
            yield answer, Weighed(text, _fraction(answer), self._text(answer.find("feedback")))

    def multichoice(self) -> Asked:
        weighed = [one for _, one in self._weighed()]
        shuffled = self._is_on("shuffleanswers", False)
        if self._is_on("single", True):
            return self._told(one_of(weighed, shuffled=shuffled))
        return self._told(several_of(weighed, shuffled=shuffled))

    def truefalse(self) -> Asked:
        said = {}
        for place_, (_, one) in enumerate(self._weighed(literal=True)):
            value = {"true": True, "false": False}.get(one.text, place_ == 0)
            said[value] = one
        if set(said) != {True, False}:
            raise NotCarriedError("it has not one answer for true and one for false")
        if (said[True].fraction > 0.999) == (said[False].fraction > 0.999):
            raise NotCarriedError("not just one of true and false earns the whole mark")
        options = tuple(Option(str(value), said[value].fraction > 0.999, said[value].feedback) for value in (True, False))
        return Choice(options, False, 2)

    def shortanswer(self) -> Asked:
        weighed = [one for _, one in self._weighed(literal=True)]
        return self._told(typed_of(weighed, case_sensitive=self._is_on("usecase", False)))

    def numerical(self) -> Asked:
        weighed = []
        for answer, one in self._weighed(literal=True):
            if one.text == "*":
                self.lost.append("the feedback for any other number" if one.feedback else "credit for any other number")
                continue
            try:
                tolerance = abs(decimal(answer.findtext("tolerance") or "0"))
                weighed.append(WeighedNumber(decimal(one.text), tolerance, one.fraction, one.feedback))
            except InvalidOperation as error:
                raise NotCarriedError(f"“{shortened(one.text)}” or its tolerance is no number with a point") from error
        units = []
        for unit in self.element.iterfind("units/unit"):
            try:
                units.append((plain_words(unit.findtext("unit_name", "")), decimal(unit.findtext("multiplier", "1"))))
            except InvalidOperation:
                self.lost.append(f"the unit {shortened(unit.findtext('unit_name', ''))}, whose multiplier is no number")
        if self._said("unitgradingtype") in ("1", "2") and units:
            self.lost.append("marks taken off for a wrong unit: a unit of another kind makes the answer wrong")
        return self._told(in_unit(self._told(number_of(weighed)), [unit for unit in units if unit[0]]))

    def matching(self) -> Asked:
        parts = self.element.iterfind("subquestion")
        return self._told(pairs_of((self._text(part), self._text(part.find("answer"))) for part in parts))

    def ordering(self) -> Asked:
        answers = [(_fraction(answer), self._text(answer)) for answer in self.element.iterfind("answer")]
        items = tuple(text for _, text in sorted(answers, key=lambda one: one[0]) if text)
        if len(set(items)) < max(len(items), 2):
            raise NotCarriedError("there are not two items, or two are the same")
        stated = self._said("gradingtype") or "RELATIVE_NEXT_EXCLUDE_LAST"
        stated = _ORDER_NUMBERS[int(stated)] if stated in ("0", "1") else stated.upper()
        credit = _ORDER_CREDIT.get(stated)
        if credit is None:
            self.lost.append(f"the rule of credit “{shortened(stated)}”: pairs in the right order earn a share now")
        return InOrder(items, self._shown_items(len(items)), credit or "pairs")

    def _shown_items(self, count: int) -> int:
        select, wanted = self._said("selecttype").upper(), self._said("selectcount")
        most = int(wanted) if wanted.isdecimal() and len(wanted) < 4 else 0
        shown = count if select in ("", "ALL", "0") or not 2 <= most < count else most
        if select in ("CONTIGUOUS", "2") and shown < count:
            self.lost.append(f"{shown} items in a row: any {shown} of them are drawn now")
        if shown > MOST_ITEMS:
            self.lost.append(f"{shown} items at once: each student meets {MOST_ITEMS} of them now")
        return min(shown, MOST_ITEMS)

    def essay(self) -> Asked:
        limits = [int(said) for path in ("maxwordlimit", "minwordlimit") if (said := self._said(path)).isdecimal()]
        if self._text(self.element.find("responsetemplate")):
            self.lost.append("the text that stands in the field at the start")
        if self._said("attachments") not in ("", "0"):
            self.lost.append("files that students attach")
        source, form = self._source(self.element.find("graderinfo"))
        return Free(next((limit for limit in limits if limit), 0), plain_words(source, form))

    # The rest ---------------------------------------------------------------------------------------------------------

    def _combined(self) -> None:
        for path, what in _COMBINED.items():
            source, form = self._source(self.element.find(path))
            words = plain_words(source, form)
            if words and words.casefold() not in _USUAL:
                self.lost.append(f"{what}: “{shortened(words, 80)}”")

    def _files(self) -> None:
        for file in self.element.iter("file"):
            name = clean(file.get("name", ""))[:80]
            if f"the picture {name}" not in self.lost:
                self.lost.append(f"the file {name}")


def _fraction(answer: Element) -> float:
    """The weight of an answer, from −1 to 1; nothing that is no number."""
    try:
        return float(decimal(answer.get("fraction", "0")) / Decimal(100))
    except InvalidOperation:
        return 0.0


_READERS = {
    "multichoice": _Question.multichoice,
    "truefalse": _Question.truefalse,
    "shortanswer": _Question.shortanswer,
    "numerical": _Question.numerical,
    "matching": _Question.matching,
    "ordering": _Question.ordering,
    "essay": _Question.essay,
}
