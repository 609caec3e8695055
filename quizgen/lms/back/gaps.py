"""What stands in the gaps of a question that a dialect of QTI 1.2 asks, as what a student types on a worksheet.

What the gaps are, the format says (`quizgen.lms.formats.qti12`), which wrote them; here is the way back from each of its forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from quizgen.answers.labels import GAP
from quizgen.answers.numbers import parse_number
from quizgen.errors import NumberError
from quizgen.folding import shortened
from quizgen.items import Arrange, ChooseMany, Match, options_of
from quizgen.lms.back.shown import UnclearError
from quizgen.lms.base import Options, Question
from quizgen.lms.formats.qti12.carriers import carried
from quizgen.lms.formats.qti12.gaps import NOT_RIGHT, RIGHT
from quizgen.lms.formats.qti12.stem import blanks_in_order, question_text
from quizgen.lms.formats.qti12.targets import Blank, Carried, Gap, Part, Target

_LETTER = re.compile(r"[(\[]?\s*([A-Za-z])\s*[)\].:]?")
_LETTERS = re.compile(r"[A-Za-z]+|[A-Za-z](?:[\s,;]+[A-Za-z])*")
_NO_RESPONSE = "a worksheet knows no such response"

Taken = tuple[dict[str, str], dict[str, tuple[str, str]]]
"""Responses by answer, and what could not be turned into one, with the reason."""


class Carriers:
    """What questions became in a system, made once for each."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._carriers: dict[str, Carried] = {}
        self._blanks: dict[str, tuple[Blank, ...]] = {}

    def of(self, question: Question) -> Carried:
        """What the question became."""
        if question.ident not in self._carriers:
            self._carriers[question.ident] = carried(question, self._target)
        return self._carriers[question.ident]

    def blanks(self, question: Question) -> tuple[Blank, ...]:
        """Its gaps as a student meets them, one after the other."""
        if question.ident not in self._blanks:
            carrier = self.of(question)
            text, names = question_text(question, carrier, Options())
            self._blanks[question.ident] = tuple(blank for _, blank in blanks_in_order(carrier, text, names))
        return self._blanks[question.ident]


def taken_from(blanks: Sequence[Blank], values: Sequence[str]) -> Taken:
    """The responses of all answers from what stands in their gaps: what was typed, or the choice in the format's words."""
    parts: dict[str, tuple[Part, list[str]]] = {}
    for blank, value in zip(blanks, values, strict=True):
        parts.setdefault(blank.part.asked.name, (blank.part, []))[1].append(value.strip())
    answers: dict[str, str] = {}
    unread: dict[str, tuple[str, str]] = {}
    for name, (part, mine) in parts.items():
        try:
            if any(mine):
                answers[name] = _response(part, mine)
        except UnclearError as error:
            unread[name] = ("; ".join(mine), str(error))
    return answers, unread


def fits(blank: Blank, text: str, *, decimal_comma: bool) -> bool:
    """Whether a text is something that is asked for in a gap to type into; nothing at all is too."""
    if not text:
        return True
    match blank.part.form:
        case "number" | "shares":
            try:
                parse_number(text, decimal_comma=decimal_comma)
            except NumberError:
                return False
            return True
        case "letters":
            return _LETTERS.fullmatch(text) is not None
        case "letter" | "lefts" | "places" | "pairs":
            return _LETTER.fullmatch(text) is not None
        case "statements":
            return text.casefold() in map(str.casefold, RIGHT + NOT_RIGHT)
        case "text" | "own":
            return True


def _response(part: Part, values: Sequence[str]) -> str:
    """One answer's response."""
    match part.form:
        case "statements":
            return _decided(part, values)
        case "pairs":
            return _order(part, values)
        case "places":
            return _placed(part, values)
        case "lefts":
            assert isinstance(part.asked.interaction, Match)
            labels = [option.label for option in part.asked.interaction.rights]
            rights = _labels(part, values, labels)
            pairs = zip(part.asked.interaction.lefts, rights, strict=True)
            return " ".join(f"{left.label}-{right}" for left, right in pairs if right)
        case "letter" if part.gaps[0].choices:
            return _labels(part, values, _option_labels(part))[0]
        case "shares":
            return "; ".join(values)
        case "letters":
            return _apart(part, values[0])
        case "number" | "text" | "letter" | "own":
            return values[0]


def _option_labels(part: Part) -> list[str]:
    return [option.label for option in options_of(part.asked.interaction)]


def _labels(part: Part, values: Sequence[str], labels: Sequence[str]) -> list[str]:
    """The label that stands in each gap, empty where none does."""
    return [_label(gap, value, labels) if value else "" for gap, value in zip(part.gaps, values, strict=True)]


def _label(gap: Gap, value: str, labels: Sequence[str]) -> str:
    """The label that was chosen or typed."""
    if gap.choices:
        return labels[gap.choices.index(value)]
    found = _LETTER.fullmatch(value)
    if found is None or found[1].upper() not in labels:
        raise UnclearError(f"'{shortened(value)}' is not one of the letters {', '.join(labels)}; {_NO_RESPONSE}")
    return found[1].upper()


def _decided(part: Part, values: Sequence[str]) -> str:
    """The statements that were called right."""
    labels = _option_labels(part)
    left_open = [label for label, value in zip(labels, values, strict=True) if not value]
    if left_open:
        raise UnclearError(f"nothing was decided of {', '.join(left_open)}; {_NO_RESPONSE}")
    decided = [_called_right(gap, value) for gap, value in zip(part.gaps, values, strict=True)]
    return " ".join(label for label, right in zip(labels, decided, strict=True) if right) or "none"


def _called_right(gap: Gap, value: str) -> bool:
    if gap.choices:
        return gap.choices.index(value) == 0
    for forms, right in ((RIGHT, True), (NOT_RIGHT, False)):
        if value.casefold() in map(str.casefold, forms):
            return right
    raise UnclearError(f"'{shortened(value)}' is neither {RIGHT[0]} nor {NOT_RIGHT[0]}")


def _order(part: Part, values: Sequence[str]) -> str:
    """The order that decisions about all pairs make."""
    if not all(values):
        raise UnclearError("not every pair was decided, so that no order follows")
    labels = _option_labels(part)
    before = dict.fromkeys(labels, 0)
    for pair, gap, value in zip(combinations(labels, 2), part.gaps, values, strict=True):
        before[_label(gap, value, pair)] += 1
    if sorted(before.values()) != list(range(len(labels))):
        raise UnclearError("the decisions about the pairs contradict each other: no order follows")
    return " ".join(sorted(labels, key=lambda label: -before[label]))


def _placed(part: Part, values: Sequence[str]) -> str:
    """The order of what stands in each place; a place that nothing has is open."""
    found = _labels(part, values, _option_labels(part))
    placed = list(filter(None, found))
    if len(set(placed)) < len(placed):
        raise UnclearError(f"an item stands in several places; {_NO_RESPONSE}")
    return " ".join(label or GAP for label in found)


def _apart(part: Part, typed: str) -> str:
    """Letters that may stand without anything between them, as on a worksheet; any other text as it is."""
    letters, labels = typed.upper(), _option_labels(part)
    joined = len(set(letters)) == len(letters) and set(letters) <= set(labels)
    return " ".join(letters) if joined and isinstance(part.asked.interaction, ChooseMany | Arrange) else typed


# Several gaps in one cell ---------------------------------------------------------------------------------------------


def texts_in(cell: str, blanks: Sequence[Blank], separators: Sequence[str], *, decimal_comma: bool) -> list[str]:
    """What stands in each gap, from a cell that lists them with any of these separators.

    What is typed may hold a separator, so of all ways to share out a cell the one is looked for in which each gap has something
    that is asked for there; where none is such, the cell has to have as many pieces as there are gaps.

    Raises:
        UnclearError: there are several such ways, or none.
    """
    count = len(blanks)
    split = {separator: cell.split(separator) for separator in separators}
    ways = {way for separator, pieces in split.items() for way in _fitting(pieces, separator, blanks, decimal_comma)}
    ways = ways or {tuple(map(str.strip, pieces)) for pieces in split.values() if len(pieces) == count}
    if len(ways) > 1:
        raise UnclearError(f"'{shortened(cell)}' can be shared out among {count} blanks in several ways")
    if not ways:
        raise UnclearError(f"'{shortened(cell)}' does not show a text for each of {count} blanks")
    return list(ways.pop())


_MOST_PIECES = 100
_ENOUGH = 2
"""Ways to share out a cell: more need not be known."""


def _fitting(pieces: Sequence[str], separator: str, blanks: Sequence[Blank], decimal_comma: bool) -> Iterator[tuple[str, ...]]:
    """Ways to join neighbouring pieces so that each gap has something that fits it; at most two."""
    if not len(blanks) <= len(pieces) <= _MOST_PIECES:
        return
    ends: list[set[tuple[str, ...]]] = [{()}, *(set() for _ in pieces)]
    for place, blank in enumerate(blanks, 1):
        reached: list[set[tuple[str, ...]]] = [set() for _ in ends]
        for start, ways in enumerate(ends):
            for end in range(start + 1, len(pieces) - (len(blanks) - place) + 1) if ways else ():
                text = separator.join(pieces[start:end]).strip()
                if fits(blank, text, decimal_comma=decimal_comma):
                    reached[end] = set(sorted(reached[end] | {(*way, text) for way in ways})[:_ENOUGH])
        ends = reached
    yield from ends[-1]
