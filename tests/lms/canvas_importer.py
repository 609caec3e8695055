"""What Canvas makes of a QTI 1.2 package, and what it gives for responses; written from how Canvas is known to behave.

An import reads question types from metadata, turns the conditions of each item into weighted answers, and reads numbers as
double floats. A quiz then draws one question of a group, and marks it by its type. Its number boxes round what is typed to
four decimals. `student_row` writes what Canvas's student analysis shows of a response.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml import ElementTree

LONGEST_TEXT = 16 * 1024

_QTI = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"
_PACKAGE = "{http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1}"
_META = "{http://canvas.instructure.com/xsd/cccv1p0}"

CHOICES = ("multiple_choice_question", "multiple_answers_question", "true_false_question")
GAPS = ("fill_in_multiple_blanks_question", "multiple_dropdowns_question")


@dataclass
class Answer:
    """An answer as Canvas keeps it. ``low`` and ``high`` are a range's bounds, ``match`` a left item's partner."""

    id: int
    text: str = ""
    html: str = ""
    weight: int = 0
    blank: str = ""
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    match: int = 0
    comments: str = ""


@dataclass
class Imported:
    """A question as Canvas keeps it."""

    migration_id: str
    name: str
    kind: str
    points: float
    text: str
    answers: list[Answer] = field(default_factory=list)
    matches: dict[int, str] = field(default_factory=dict)
    neutral_comments: str = ""
    problems: list[str] = field(default_factory=list)

    @property
    def blanks(self) -> list[str]:
        """The names of the blanks, in the answers' order."""
        return list(dict.fromkeys(answer.blank for answer in self.answers))

    @property
    def shown(self) -> str:
        """The text as a report's heading shows it: boxes in the place of blanks, which leave nothing, and no tags."""
        text = self.text
        if self.kind in GAPS:
            for blank in self.blanks:
                options = " ".join(answer.text for answer in self.answers if answer.blank == blank)
                menu = f"[ Select ] {options}" if self.kind == "multiple_dropdowns_question" else ""
                text = text.replace(f"[{blank}]", html.escape(menu), 1)
        return html.unescape(re.sub(r"<[^>]*>", "", text))


@dataclass
class Group:
    """Questions of which Canvas draws some."""

    migration_id: str
    title: str
    pick_count: int
    points: float
    questions: list[Imported]


@dataclass
class Quiz:
    """A quiz as Canvas keeps it."""

    title: str
    description: str
    points: float
    groups: list[Group]

    def questions(self) -> Iterator[Imported]:
        """All questions."""
        for group in self.groups:
            yield from group.questions


def import_quiz(package: bytes) -> Quiz:
    """The quiz of a package. Canvas warns of nothing where no question has problems."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        files = {name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist()}
    manifest = files["imsmanifest.xml"]
    resources = {one.get("identifier"): one for one in manifest.iter(f"{_PACKAGE}resource")}
    (assessment,) = (one for one in resources.values() if one.get("type") == "imsqti_xmlv1p2")
    (dependency,) = assessment.iter(f"{_PACKAGE}dependency")
    meta = files[str(resources[dependency.get("identifierref")].get("href"))]
    (file,) = assessment.iter(f"{_PACKAGE}file")
    (root,) = files[str(file.get("href"))].iter(f"{_QTI}assessment")
    assert root.get("ident") == assessment.get("identifier") == meta.get("identifier")
    assert set(files) == {one.get("href") for one in manifest.iter(f"{_PACKAGE}file")} | {"imsmanifest.xml"}
    (top,) = root.findall(f"{_QTI}section")
    return Quiz(
        str(root.get("title")),
        meta.findtext(f"{_META}description") or "",
        float(meta.findtext(f"{_META}points_possible") or 0),
        [_group(section) for section in top.findall(f"{_QTI}section")],
    )


def _group(section: Element) -> Group:
    path = f"{_QTI}selection_ordering/{_QTI}selection/"
    return Group(
        str(section.get("ident")).replace(":", "-"),
        str(section.get("title")),
        int(section.findtext(f"{path}{_QTI}selection_number") or 0),
        float(section.findtext(f"{path}{_QTI}selection_extension/{_QTI}points_per_item") or 1),
        [_question(item) for item in section.findall(f"{_QTI}item")],
    )


def _question(item: Element) -> Imported:
    fields = {
        one.findtext(f"{_QTI}fieldlabel"): one.findtext(f"{_QTI}fieldentry") or ""
        for one in item.iter(f"{_QTI}qtimetadatafield")
    }
    (presentation,) = item.findall(f"{_QTI}presentation")
    text = _text(presentation.find(f"{_QTI}material"))
    question = Imported(
        str(item.get("ident")).replace(":", "-"),
        str(item.get("title")),
        fields["question_type"],
        max(float(fields["points_possible"]), 0.0),
        text if len(text) <= LONGEST_TEXT else "The imported question text for this question was too long.",
    )
    if len(text) > LONGEST_TEXT:
        question.problems.append("text too long")
    if len(question.name) > 255:
        question.problems.append("name too long")
    ids = [int(one) for one in fields["original_answer_ids"].split(",") if one]
    said = {str(one.get("ident")): _text(one) for one in item.findall(f"{_QTI}itemfeedback")}
    question.neutral_comments = said.get("general_fb", "")
    conditions = list(item.iter(f"{_QTI}respcondition"))
    if question.kind in CHOICES:
        _choices(question, presentation, conditions, said)
    elif question.kind == "numerical_question":
        _numbers(question, conditions)
    elif question.kind == "short_answer_question":
        texts = dict.fromkeys(one.text or "" for condition in conditions for one in condition.iter(f"{_QTI}varequal"))
        question.answers = [Answer(i, text, weight=100) for i, text in zip(ids, texts, strict=True) if text]
    elif question.kind in GAPS:
        _gaps(question, presentation, conditions, ids)
    elif question.kind == "matching_question":
        _pairs(question, presentation, conditions, ids)
    elif question.kind != "essay_question":
        question.problems.append(f"unknown type {question.kind}")
    if len({answer.id for answer in question.answers}) < len(question.answers):
        question.problems.append("two answers with one id")
    return question


def _text(node: Element | None) -> str:
    """The first text inside an element."""
    assert node is not None
    return next((one.text or "" for one in node.iter(f"{_QTI}mattext")), "")


def _plain(markup: str) -> str:
    """Markup as Canvas keeps it as plain text: without tags, numbered entities read, and named ones lost."""
    text = re.sub(r"</?[^>\n]*>", "", markup)
    text = re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), text)
    return re.sub(r"\s+", " ", re.sub(r"&\w+;", "", text)).strip()


def _digits(ident: str) -> int:
    return int(re.findall(r"\d+", ident)[0])


def _weight(condition: Element) -> int:
    """Any score above zero is a right answer."""
    scores = [float(one.text or 0) for one in condition.findall(f"{_QTI}setvar") if one.get("varname") == "SCORE"]
    return 100 if any(score > 0 for score in scores) else 0


def _choices(question: Imported, presentation: Element, conditions: Sequence[Element], said: Mapping[str, str]) -> None:
    answers: dict[str, Answer] = {}
    for label in presentation.iter(f"{_QTI}response_label"):
        ident, markup = str(label.get("ident")), _text(label)
        answers[ident] = Answer(_digits(ident), _plain(markup) or "No answer text provided.", markup)
    feedback: dict[str, str] = {}
    for condition in conditions:
        (variable,) = condition.findall(f"{_QTI}conditionvar")
        told = condition.find(f"{_QTI}displayfeedback")
        both = variable.find(f"{_QTI}and")
        if both is not None:
            for one in both.findall(f"{_QTI}varequal"):
                answers[str(one.text)].weight = 100
            continue
        for one in variable.findall(f"{_QTI}varequal")[:1]:
            answers[str(one.text)].weight = _weight(condition)
            if told is not None:
                feedback.setdefault(str(one.text), str(told.get("linkrefid")))
    for ident, answer in answers.items():
        answer.comments = said.get(feedback.get(ident, ""), "")
    question.answers = list(answers.values())
    right = sum(answer.weight == 100 for answer in question.answers)
    if not right or (right > 1 and question.kind == "multiple_choice_question"):
        question.problems.append(f"{right} right answers")


def _numbers(question: Imported, conditions: Sequence[Element]) -> None:
    for condition in conditions:
        (variable,) = condition.findall(f"{_QTI}conditionvar")
        assert variable.find(f"{_QTI}or") is None, "an exact answer, whose margin Canvas makes symmetric"
        low, high = variable.find(f"{_QTI}vargte"), variable.find(f"{_QTI}varlte")
        if low is not None and high is not None:
            bounds = sorted(Decimal(repr(float(str(one.text)))) for one in (low, high))
            question.answers.append(Answer(len(question.answers) + 1, weight=100, low=bounds[0], high=bounds[1]))
    if not question.answers:
        question.problems.append("no right number")


def _gaps(question: Imported, presentation: Element, conditions: Sequence[Element], ids: Sequence[int]) -> None:
    menus = question.kind == "multiple_dropdowns_question"
    by_ident: dict[str, Answer] = {}
    remaining = iter(ids)
    for gap in presentation.iter(f"{_QTI}response_lid"):
        blank = str(gap.get("ident")).removeprefix("response_")
        for label in gap.iter(f"{_QTI}response_label"):
            answer = Answer(next(remaining), _text(label).strip(), weight=0 if menus else 100, blank=blank)
            assert str(label.get("ident")) not in by_ident, "two answers with one ident"
            by_ident[str(label.get("ident"))] = answer
        if question.text.count(f"[{blank}]") != 1:
            question.problems.append(f"blank {blank} does not stand in the text once")
    if menus:
        for condition in conditions:
            if any(one.get("action") == "Add" for one in condition.findall(f"{_QTI}setvar")):
                for one in condition.iter(f"{_QTI}varequal"):
                    by_ident[str(one.text)].weight = 100
        for blank in {answer.blank for answer in by_ident.values()}:
            if sum(answer.weight == 100 for answer in by_ident.values() if answer.blank == blank) != 1:
                question.problems.append(f"blank {blank} has not one right answer")
    question.answers = list(by_ident.values())


def _pairs(question: Imported, presentation: Element, conditions: Sequence[Element], ids: Sequence[int]) -> None:
    lefts = list(presentation.iter(f"{_QTI}response_lid"))
    question.matches = {_digits(str(one.get("ident"))): _text(one).strip() for one in lefts[0].iter(f"{_QTI}response_label")}
    by_ident: dict[str, Answer] = {}
    for left, id in zip(lefts, ids, strict=True):
        markup = _text(left.find(f"{_QTI}material"))
        by_ident[str(left.get("ident"))] = Answer(id, _plain(markup), markup)
    for condition in conditions:
        if any(one.get("action") == "Add" for one in condition.findall(f"{_QTI}setvar")):
            (one,) = condition.iter(f"{_QTI}varequal")
            by_ident[str(one.get("respident"))].match = _digits(str(one.text))
    question.answers = list(by_ident.values())
    if len(set(question.matches.values())) < len(question.matches):
        question.problems.append("two right sides look the same")


# What a student does, and what it earns -------------------------------------------------------------------------------


def in_number_box(typed: str) -> str:
    """What a number's box makes of what is typed (in English): four decimals at most, and nothing of what is no number."""
    text = typed.strip()
    if not re.fullmatch(r"[-+]?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?(e[-+]?\d+)?", text, re.IGNORECASE) or not re.search(r"\d", text):
        return ""
    value = Decimal(float(text.replace(",", "")))
    rounded = f"{value.quantize(Decimal('0.0001'), ROUND_HALF_UP):f}"
    return rounded.rstrip("0").rstrip(".")


def grade(question: Imported, response: Any, *, boxed: bool = True) -> float:
    """The fraction that Canvas gives for a response.

    A response is a text, the place of a chosen answer, or places: for each blank its text or the place of a choice (None for
    one left open), for each left item the place of its partner.
    """
    match question.kind:
        case "multiple_choice_question":
            return float(response is not None and question.answers[response].weight == 100)
        case "multiple_answers_question":
            right = sum(answer.weight == 100 for answer in question.answers)
            picked = [question.answers[place].weight == 100 for place in response]
            return max((sum(picked) - (len(picked) - sum(picked))) / max(right, 1), 0.0)
        case "numerical_question":
            text = in_number_box(response) if boxed else response
            if not text:
                return 0.0
            return float(any(answer.low <= Decimal(text) <= answer.high for answer in question.answers))
        case "short_answer_question":
            return float(response.strip().lower() in {answer.text.strip().lower() for answer in question.answers})
        case "fill_in_multiple_blanks_question":
            right = 0
            for blank, typed in zip(question.blanks, response, strict=True):
                accepted = {answer.text.strip().lower() for answer in question.answers if answer.blank == blank}
                right += (typed or "").strip().lower() in accepted
            return right / len(question.blanks)
        case "multiple_dropdowns_question":
            return sum(answer.weight == 100 for answer in _chosen(question, response) if answer) / len(question.blanks)
        case "matching_question":
            partners = list(question.matches)
            pairs = zip(question.answers, response, strict=True)
            right = sum(place is not None and answer.match == partners[place] for answer, place in pairs)
            return right / len(question.answers)
    raise AssertionError(f"a person marks {question.kind}")


def _chosen(question: Imported, places: Sequence[int | None]) -> list[Answer | None]:
    found: list[Answer | None] = []
    for blank, place in zip(question.blanks, places, strict=True):
        offered = [answer for answer in question.answers if answer.blank == blank]
        found.append(None if place is None else offered[place])
    return found


def report_cell(question: Imported, response: Any) -> str:
    """What the student analysis shows of a response: commas escaped, and menus left open dropped."""

    def joined(texts: Sequence[str]) -> str:
        return ",".join(text.replace(",", "\\,") for text in texts)

    match question.kind:
        case "multiple_choice_question":
            return "" if response is None else question.answers[response].text
        case "multiple_answers_question":
            return joined([question.answers[place].text for place in sorted(response)])
        case "numerical_question":
            return in_number_box(response)
        case "fill_in_multiple_blanks_question":
            return joined([typed or "" for typed in response]) if any(response) else ""
        case "multiple_dropdowns_question":
            return joined([answer.text for answer in _chosen(question, response) if answer])
        case "matching_question":
            rights = list(question.matches.values())
            pairs = zip(question.answers, response, strict=True)
            sides = [(answer.text, "" if place is None else rights[place]) for answer, place in pairs]
            return joined(["=>".join(side.replace("=>", "\\=>") for side in pair) for pair in sides])
    return str(response)
