"""A cell of Canvas's student analysis, as the responses that a student types on a worksheet."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from quizgen.items import ChooseMany, ChooseOne, Match, Option
from quizgen.lms.back.gaps import Taken, taken_from
from quizgen.lms.base import Question
from quizgen.lms.formats.qti12.carriers import carried
from quizgen.lms.formats.qti12.targets import Carried
from quizgen.lms.looks import looks

_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"\s+")
_UNESCAPED = re.compile(r"(?<!\\),")


def taken(question: Question, cell: str) -> Taken:
    """The responses that a cell shows, by answer, and what of it cannot be told surely."""
    if not cell:
        return {}, {}
    carrier = carried(question)
    part = carrier.parts[0]
    name, interaction = part.asked.name, part.asked.interaction
    match carrier.kind:
        case "multiple_choice_question":
            assert isinstance(interaction, ChooseOne)
            slots = [_candidates(question, interaction.options)]
            return _settled(name, cell, [_first(one) for one in _ways(cell, slots, escaped=False)])
        case "multiple_answers_question":
            assert isinstance(interaction, ChooseMany)
            slots = [[one] for one in _candidates(question, interaction.options)]
            return _settled(name, cell, [" ".join(filter(None, one)) for one in _ways(cell, slots)])
        case "matching_question":
            assert isinstance(interaction, Match)
            rights = [*_candidates(question, interaction.rights), ("", frozenset([""]))]
            pairs = [
                [
                    (
                        f"{left}-{right}" if right else "",
                        frozenset(f"{_side(one)}=>{_side(other)}" for one in shown for other in texts),
                    )
                    for right, texts in rights
                ]
                for left, shown in _candidates(question, interaction.lefts)
            ]
            found = [" ".join(filter(None, one)) for one in _ways(cell, pairs, whole=True)]
            return _settled(name, cell, found)
        case "fill_in_multiple_blanks_question":
            return _typed_gaps(carrier, cell)
        case "multiple_dropdowns_question":
            return _menus(carrier, cell)
        case "short_answer_question":
            return taken_from(carrier.blanks, [cell])
        case "numerical_question" | "essay_question":
            return {name: cell}, {}


_Candidates = list[tuple[str, frozenset[str]]]


def _candidates(question: Question, options: Sequence[Option]) -> _Candidates:
    """Each option's label, with the texts as which Canvas may show it; spaces do not count."""
    shown = looks(question, options)
    return [(option.label, frozenset(map(_squeezed, texts))) for option, texts in zip(options, shown, strict=True)]


def _side(text: str) -> str:
    """One side of a pair, as Canvas writes it."""
    return text.replace("=>", "\\=>")


def _squeezed(text: str) -> str:
    return _SPACE.sub("", text)


def _first(labels: Sequence[str]) -> str:
    return next(filter(None, labels), "")


def _ways(cell: str, slots: Sequence[_Candidates], *, escaped: bool = True, whole: bool = False) -> list[tuple[str, ...]]:
    """How a cell can be read as one candidate of each slot, in order, with commas between; at most two ways.

    A slot may be empty, unless the cell has them ``whole``; it then stands as an empty text in what is found. Older Canvas
    shows ``<`` as an entity.
    """
    found = _ways_of(_squeezed(cell), slots, escaped, whole)
    return found or _ways_of(_squeezed(html.unescape(cell)), slots, escaped, whole)


def _ways_of(text: str, slots: Sequence[_Candidates], escaped: bool, whole: bool) -> list[tuple[str, ...]]:

    def found(place: int, rest: str, first: bool) -> Iterator[tuple[str, ...]]:
        if place == len(slots):
            if not rest:
                yield ()
            return
        if not whole:
            for tail in found(place + 1, rest, first):
                yield ("", *tail)
        for value, texts in slots[place]:
            for one in texts:
                start = ("" if first else ",") + (one.replace(",", "\\,") if escaped else one)
                if (one or whole) and rest.startswith(start):
                    for tail in found(place + 1, rest[len(start) :], False):
                        yield (value, *tail)

    unique: dict[tuple[str, ...], None] = {}
    for one in islice(found(0, text, True), 64):
        unique[one] = None
        if len(unique) > 1:
            break
    return list(unique)


def _settled(name: str, cell: str, found: Sequence[str]) -> Taken:
    """The one response that was found, or why there is none."""
    ways = list(dict.fromkeys(found))
    if len(ways) == 1:
        return {name: ways[0]}, {}
    reason = "these are none of the question's options" if not ways else "this can be read in several ways"
    return {}, {name: (cell, reason)}


def _typed_gaps(carrier: Carried, cell: str) -> Taken:
    texts = [one.replace("\\,", ",").strip() for one in _UNESCAPED.split(cell)]
    if len(texts) != len(carrier.blanks):
        return {}, {part.asked.name: (cell, "the report does not show a text for each gap") for part in carrier.parts}
    return taken_from(carrier.blanks, texts)


def _menus(carrier: Carried, cell: str) -> Taken:
    slots = [
        [(choice, frozenset([_squeezed(choice), _squeezed(_TAG.sub("", choice))])) for choice in blank.gap.choices]
        for blank in carrier.blanks
    ]
    ways = _ways(cell, slots)
    if len(ways) != 1:
        reason = "these are none of the menus' choices" if not ways else "the report does not tell which menus were left open"
        return {}, {part.asked.name: (cell, reason) for part in carrier.parts}
    return taken_from(carrier.blanks, ways[0])
