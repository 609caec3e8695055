"""What Moodle 4.5 does with a file of questions: which it would refuse, and what its question engine gives to a response.

Written from what was observed of a running Moodle; it reads the exported XML and knows nothing of quizgen.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html.entities import name2codepoint
from itertools import pairwise
from xml.etree import ElementTree as ET

GRADES = (
    100,
    90,
    83.33333,
    80,
    75,
    70,
    66.66667,
    60,
    50,
    40,
    33.33333,
    30,
    25,
    20,
    16.66667,
    14.28571,
    12.5,
    11.11111,
    10,
    5,
    0,
)
TYPES = {"multichoice", "numerical", "shortanswer", "matching", "ordering", "essay", "cloze"}

_NUMBER = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?(?:(?:[eE]|[x*×]10(?:\^|\*\*))([+-]?\d+))?")
_PLAIN = re.compile(r"-?\d+(\.\d+)?")


def read_number(typed: str, comma_site: bool = False) -> tuple[float, str] | None:
    """The number at the start of a text and what follows it, as Moodle reads a reply; None where it is wrong in any case."""
    text = typed.replace(" ", "")
    if comma_site and "." not in text:
        text = text.replace(",", ".")
    text = text.replace(",", "")
    found = _NUMBER.match(text)
    if found is None or not (found[2] or found[3]):
        return None
    number = float(f"{found[1]}{found[2] or 0}.{found[3] or 0}e{found[4] or 0}")
    return float(f"{number:.15g}"), text[found.end() :]


@dataclass(frozen=True)
class Accepted:
    """An answer that is foreseen."""

    text: str
    fraction: float
    tolerance: float = 0.0
    said: str = ""

    def holds(self, number: float) -> bool:
        """Whether a number is within the tolerance, both bounds included."""
        value = float(f"{float(self.text):.14g}")
        reach = self.tolerance + 1e-14 * max(1.0, abs(value))
        return value - reach <= number <= value + reach


def number_fraction(answers: Sequence[Accepted], typed: str, units: Mapping[str, float], comma_site: bool = False) -> float:
    """What a number earns: the first answer that fits counts, with its unit or without."""
    read = read_number(typed, comma_site)
    if read is None:
        return 0.0
    number, unit = read
    for answer in answers:
        if answer.text == "*":
            return answer.fraction
        if (unit in units and answer.holds(number / units[unit])) or answer.holds(number):
            return answer.fraction
    return 0.0


def text_fraction(answers: Sequence[Accepted], typed: str, case: bool) -> float:
    """What a short text earns; ``*`` in an answer stands for anything, ``\\*`` for itself."""
    for answer in answers:
        parts = (re.escape(part.replace("\\*", "*")) for part in re.split(r"(?<!\\)\*+", answer.text))
        if re.fullmatch(".*".join(parts), typed.strip(), 0 if case else re.IGNORECASE):
            return answer.fraction
    return 0.0


@dataclass(frozen=True)
class Gap:
    """An embedded answer."""

    weight: int
    kind: str
    answers: tuple[Accepted, ...]

    def fraction(self, response: str | frozenset[str], comma_site: bool = False) -> float:
        """What a response earns: what was typed, or the text of the option (of the options) chosen."""
        if self.kind == "MULTIRESPONSE":
            return min(max(sum(one.fraction for one in self.answers if one.text in response), 0.0), 1.0)
        assert isinstance(response, str)
        if not response.strip():
            return 0.0
        if self.kind == "NUMERICAL":
            return number_fraction(self.answers, response, {}, comma_site)
        if self.kind.startswith("SHORTANSWER"):
            return text_fraction(self.answers, response, self.kind.endswith("_C"))
        return next(one.fraction for one in self.answers if one.text == response)


_GAP = re.compile(r"\{(\d*):(NUMERICAL|SHORTANSWER_C|SHORTANSWER|MULTICHOICE_V|MULTICHOICE|MULTIRESPONSE):")
_FRACTION = re.compile(r"=|%(-?\d+(?:[.,]\d*)?)%")
_ENTITY = re.compile(r"&(?:#(\d+)|#[xX]([0-9a-fA-F]+)|([A-Za-z][A-Za-z0-9]*));")


def decoded(text: str) -> str:
    """A text with its entities read once, as Moodle reads them in gaps before it takes the text for HTML."""

    def sign(found: re.Match[str]) -> str:
        if found[3] is not None:
            return chr(name2codepoint[found[3]]) if found[3] in name2codepoint else found[0]
        return chr(int(found[1]) if found[1] else int(found[2], 16))

    return _ENTITY.sub(sign, text).replace("\\}", "}").replace("\\#", "#")


def gaps_of(text: str) -> tuple[str, tuple[Gap, ...]]:
    """The text with ``{#n}`` for its gaps, and the gaps."""
    gaps: list[Gap] = []
    shown: list[str] = []
    at = 0
    while found := _GAP.search(text, at):
        pieces: list[Accepted] = []
        end = found.end()
        while True:
            piece, end = _accepted(found[2], text, end)
            pieces.append(piece)
            end += 1
            if text[end - 1] == "}":
                break
        answers = _shared(pieces) if found[2] == "MULTIRESPONSE" else pieces
        gaps.append(Gap(int(found[1] or 1), found[2], tuple(one for one, _ in answers)))
        shown += [text[at : found.start()], f"{{#{len(gaps)}}}"]
        at = end
    return "".join([*shown, text[at:]]), tuple(gaps)


def _stop(text: str, at: int, stops: str, held: tuple[str, ...]) -> int:
    """Where the next of some signs stands, but behind what holds it: there it belongs to the text."""
    while at < len(text):
        if text[at] in stops and not text.endswith(held, 0, at):
            return at
        at += 1
    raise AssertionError(f"a gap without its end: {text[:80]}")


def _accepted(kind: str, source: str, at: int) -> tuple[tuple[Accepted, bool], int]:
    """An alternative that begins somewhere, whether it says a fraction of its own, and where it ends.

    ``%0%`` and ``=`` are no fractions of its own.
    """
    weight = _FRACTION.match(source, at)
    fraction = 0.0 if weight is None else 1.0 if weight[1] is None else float(weight[1].replace(",", ".")) / 100
    specific = weight is not None and weight[1] not in (None, "0")
    start = weight.end() if weight else at
    end = _stop(source, start + 1, "~#}", ("\\", "&", "&amp;"))
    text, said = source[start:end], ""
    if source[end] == "#":
        start, end = end + 1, _stop(source, end + 1, "~}", ("\\",))
        said = decoded(source[start:end])
    if kind == "NUMERICAL":
        value, _, tolerance = text.partition(":")
        assert re.fullmatch(r"-?(\d+\.?\d*|\.\d+)(e-?\d+)?", value), f"refused as a number: {text}"
        assert _PLAIN.fullmatch(tolerance), f"refused as a tolerance: {text}"
        return (Accepted(value, fraction, float(tolerance), said), specific), end
    return (Accepted(decoded(text).strip(), fraction, 0.0, said), specific), end


def _shared(pieces: Sequence[tuple[Accepted, bool]]) -> list[tuple[Accepted, bool]]:
    """What is right shares full marks; where none says a fraction of its own, what is wrong takes as much off."""
    total = sum(max(one.fraction, 0.0) for one, _ in pieces)
    specific = any(own for _, own in pieces)
    return [
        (replace(one, fraction=one.fraction / total if one.fraction > 0 else one.fraction if specific else -1 / total), own)
        for one, own in pieces
    ]


_TAGS = re.compile(
    "a|b|br|code|div|em|i|img|li|ol|p|pre|small|span|strong|su[bp]|table|tbody|t[dhr]|thead|u|ul|hr|h[1-6]|blockquote|math|"
    "semantics|annotation|m(?:row|i|n|o|s|text|frac|sub|sup|subsup|sqrt|root|over|under|underover|space|table|tr|td|style|"
    "padded|phantom|enclose)"
)


def shown_of(markup: str) -> str:
    """What a reader sees of HTML."""
    return " ".join(html.unescape(re.sub(r"</?[A-Za-z][^>]*>", "", markup)).split())


def lost_tags(markup: str) -> list[str]:
    """What stands in HTML as a tag and is none, so that a browser shows nothing of it."""
    return [found[0] for found in re.finditer(r"</?([A-Za-z][^\s>/]*)[^>]*>?", markup) if not _TAGS.fullmatch(found[1].lower())]


class Question:
    """A question of the file."""

    def __init__(self, element: ET.Element, category: str) -> None:
        self.element = element
        self.category = category
        self.type = element.get("type", "")
        self.name = element.findtext("name/text", "")
        self.idnumber = element.findtext("idnumber", "")
        self.text = element.findtext("questiontext/text", "")
        self.tags = [tag.text or "" for tag in element.iterfind("tags/tag/text")]
        self.hints = [hint.text or "" for hint in element.iterfind("hint/text")]
        self.solution = element.findtext("generalfeedback/text", "")
        self.shown, self.gaps = gaps_of(self.text) if self.type == "cloze" else (self.text, ())
        self.answers = tuple(self._answer(answer) for answer in element.iterfind("answer"))

    @staticmethod
    def _answer(answer: ET.Element) -> Accepted:
        tolerance = read_number(answer.findtext("tolerance") or "0")
        said = answer.findtext("feedback/text") or ""
        assert tolerance is not None
        return Accepted(answer.findtext("text") or "", float(answer.get("fraction", "0")) / 100, tolerance[0], said)

    @property
    def units(self) -> dict[str, float]:
        """Units that may be typed, with their multipliers."""
        return {
            unit.findtext("unit_name", ""): float(unit.findtext("multiplier", "1"))
            for unit in self.element.iterfind("units/unit")
        }

    @property
    def stems(self) -> list[tuple[str, str]]:
        """What is joined with what; the left is empty where a right matches nothing."""
        return [(one.findtext("text") or "", one.findtext("answer/text") or "") for one in self.element.iterfind("subquestion")]

    def chosen(self, places: set[int]) -> float:
        """What options earn by their places."""
        total = sum(self.answers[place].fraction for place in places)
        return total if self.element.findtext("single") == "true" else min(max(total, 0.0), 1.0)

    def typed(self, text: str, comma_site: bool = False) -> float:
        """What a number or a short text earns."""
        if self.type == "numerical":
            return number_fraction(self.answers, text, self.units, comma_site)
        return text_fraction(self.answers, text, self.element.findtext("usecase") == "1")

    def joined(self, partners: Mapping[int, str]) -> float:
        """What partners earn, by the places of the lefts."""
        lefts = [right for left, right in self.stems if left]
        return sum(partners.get(place) == right for place, right in enumerate(lefts)) / len(lefts)

    def ordered(self, order: Sequence[int]) -> float:
        """What an order earns, given as places in the right one."""
        return GRADINGS[self.element.findtext("gradingtype", "")](order)

    def filled(self, responses: Sequence[str | frozenset[str]], comma_site: bool = False) -> float:
        """What the gaps earn together."""
        whole = sum(gap.weight for gap in self.gaps)
        pairs = zip(self.gaps, responses, strict=True)
        return sum(gap.weight * gap.fraction(response, comma_site) for gap, response in pairs) / whole


def _all_or_nothing(order: Sequence[int]) -> float:
    return float(list(order) == sorted(order))


def _absolute(order: Sequence[int]) -> float:
    return sum(place == item for place, item in enumerate(order)) / len(order)


def _relative_next(order: Sequence[int]) -> float:
    return sum(b == a + 1 for a, b in pairwise(order)) / (len(order) - 1)


def _all_previous_and_next(order: Sequence[int]) -> float:
    right = total = 0
    for place, item in enumerate(order):
        before, after = set(order[:place]), set(order[place + 1 :])
        right += len(before & set(range(item))) + len(after & set(range(item + 1, len(order))))
        total += len(order) - 1
    return right / total


def _longest_ordered(order: Sequence[int]) -> float:
    best = [1] * len(order)
    for i in range(len(order)):
        best[i] = 1 + max((best[j] for j in range(i) if order[j] < order[i]), default=0)
    return max(best) / len(order) if max(best) > 1 else 0.0


def _longest_contiguous(order: Sequence[int]) -> float:
    best = run = 1
    for a, b in pairwise(order):
        run = run + 1 if b == a + 1 else 1
        best = max(best, run)
    return best / len(order) if best > 1 else 0.0


GRADINGS = {
    "ALL_OR_NOTHING": _all_or_nothing,
    "ABSOLUTE_POSITION": _absolute,
    "RELATIVE_NEXT_EXCLUDE_LAST": _relative_next,
    "RELATIVE_ALL_PREVIOUS_AND_NEXT": _all_previous_and_next,
    "LONGEST_ORDERED_SUBSET": _longest_ordered,
    "LONGEST_CONTIGUOUS_SUBSET": _longest_contiguous,
}


def questions_of(raw: bytes) -> list[Question]:
    """The questions of a file in order."""
    found, category = [], ""
    for element in ET.fromstring(raw).iterfind("question"):
        if element.get("type") == "category":
            category = element.findtext("category/text", "")
        else:
            found.append(Question(element, category))
    return found


def faults(raw: bytes) -> Iterator[str]:
    """What Moodle would refuse, drop or misread of a file."""
    root = ET.fromstring(raw)
    for element in root.iterfind("question[@type='category']"):
        path = element.findtext("category/text") or ""
        names = re.split(r"(?<!/)/(?!/)", path)
        if any(len(run) % 2 for name in names for run in re.findall("/+", name)):
            yield f"category {path}: a slash at the edge of a name"
        if names[:2] != ["$course$", "top"] or not all(name.strip() for name in names) or max(map(len, names)) > 255:
            yield f"category {names}"
    questions = questions_of(raw)
    taken = Counter((question.category, question.idnumber) for question in questions)
    for question in questions:
        where = f"{question.name}:"
        if question.type not in TYPES:
            yield f"{where} type {question.type}"
        if not 0 < len(question.name) <= 255 or re.search("<[a-z/!]", question.name):
            yield f"{where} name"
        if not 0 < len(question.idnumber) <= 100 or taken[question.category, question.idnumber] > 1:
            yield f"{where} idnumber {question.idnumber}"
        grade, penalty = question.element.findtext("defaultgrade"), question.element.findtext("penalty")
        if not _PLAIN.fullmatch(penalty or "") or (question.type != "cloze" and not _PLAIN.fullmatch(grade or "")):
            yield f"{where} defaultgrade {grade}, penalty {penalty}"
        for markup in (question.shown, question.solution, *question.hints, *_said(question)):
            if tags := lost_tags(markup):
                yield f"{where} taken for tags: {tags}"
        if not all(0 < len(tag) <= 255 for tag in question.tags):
            yield f"{where} tags"
        yield from (f"{where} {fault}" for fault in _of_type(question))


def _said(question: Question) -> Iterator[str]:
    """The HTML of a question's answers."""
    for answer in (*question.answers, *(one for gap in question.gaps for one in gap.answers)):
        yield answer.said
    if question.type in ("multichoice", "ordering"):
        yield from (answer.text for answer in question.answers)
    yield from (one.text for gap in question.gaps if gap.kind.startswith("MULTI") for one in gap.answers)
    yield from (left for left, _ in question.stems)


def _of_type(question: Question) -> Iterator[str]:
    answers = question.answers
    if question.type in ("multichoice", "numerical", "shortanswer"):
        yield from (
            f"fraction {one.fraction}"
            for one in answers
            if min(abs(abs(one.fraction * 100) - grade) for grade in GRADES) > 0.001
        )
        if not any(one.fraction == 1 for one in answers) and question.element.findtext("single") != "false":
            yield "nothing earns full marks"
        if not all(one.text.strip() for one in answers):
            yield "an answer without text"
    match question.type:
        case "multichoice":
            if len(answers) < 2 or len({shown_of(one.text) for one in answers} - {""}) < len(answers):
                yield "options"
            if question.element.findtext("single") == "false" and sum(max(one.fraction, 0) for one in answers) < 1 - 1e-6:
                yield "not all is to be had"
        case "numerical":
            for answer, element in zip(answers, question.element.iterfind("answer"), strict=True):
                tolerance = element.findtext("tolerance") or ""
                if not _PLAIN.fullmatch(answer.text) or not _PLAIN.fullmatch(tolerance) or tolerance.startswith("-"):
                    yield f"{answer.text} ± {tolerance} is not read as it is meant"
                if tolerance == "0" and "." in answer.text:
                    yield f"{answer.text} is asked for exactly"
                if len(re.sub(r"^-?0*\.?0*|\.", "", answer.text).rstrip("0")) > 14:
                    yield f"{answer.text} is cut"
        case "matching":
            stems = question.stems
            rights = [right for _, right in stems]
            if sum(bool(left) for left, _ in stems) < 2 or not all(0 < len(right) <= 255 for right in rights):
                yield "pairs"
        case "ordering":
            if question.element.findtext("shownumcorrect") != "1" or question.element.findtext("selecttype") != "ALL":
                yield "ordering"
            if len(answers) < 2 or question.element.findtext("gradingtype") not in GRADINGS:
                yield "items or grading"
            items = [shown_of(one.text) for one in answers]
            cells = [item if len(item) <= 10 else f"{item[:7]}..." for item in items]
            if len(set(cells)) < len(cells) or any(";" in cell or cell in ("", "0") for cell in cells):
                yield f"items that a report does not tell apart: {cells}"
        case "cloze":
            yield from _of_gaps(question)


def _of_gaps(question: Question) -> Iterator[str]:
    if not question.gaps or not sum(gap.weight for gap in question.gaps):
        yield "no gap counts"
    if re.search(r"\{(?!#\d+\})|(?<!\d)\}", question.shown):
        yield "a brace in the text that may be taken for a gap"
    for gap in question.gaps:
        if gap.kind.startswith("MULTI") and len({shown_of(one.text) for one in gap.answers}) < max(2, len(gap.answers)):
            yield "a gap whose choices are too few or the same"
        if not all(one.text.strip() for one in gap.answers):
            yield "a choice without text"
        most = max(one.fraction for one in gap.answers)
        if most != 1 and gap.kind != "MULTIRESPONSE":
            yield "a gap without full marks"
