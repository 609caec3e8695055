"""A cell of Canvas's student analysis, as the responses that a student types on a worksheet."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
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
_OPEN = "?"
"""The right side of a pair of which nothing was chosen."""


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
            return _settled(name, cell, [_first(one) for one in _ways(cell, slots, _in_order, escaped=False)])
        case "multiple_answers_question":
            assert isinstance(interaction, ChooseMany)
            slots = [[one] for one in _candidates(question, interaction.options)]
            return _settled(name, cell, [" ".join(filter(None, one)) for one in _ways(cell, slots, _in_any_order)])
        case "matching_question":
            assert isinstance(interaction, Match)
            return _matched(question, name, interaction, cell)
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


_Search = Callable[[str, Sequence[_Candidates], bool, bool], list[tuple[str, ...]]]


def _ways(cell: str, slots: Sequence[_Candidates], search: _Search, *, escaped: bool = True) -> list[tuple[str, ...]]:
    """How a cell can be read as candidates of the slots, at most one of each, with commas between; at most two ways.

    A slot of which the cell has none stands as an empty text in what is found. Older Canvas shows ``<`` as an entity; commas
    inside a text may have lost their backslash on the way, which is tried where nothing else fits.
    """
    texts = dict.fromkeys((_squeezed(cell), _squeezed(html.unescape(cell))))
    for loose in (False, True) if escaped else (False,):
        for text in texts:
            if found := search(text, slots, escaped, loose):
                return found
    return []


def _written(text: str, escaped: bool, loose: bool) -> Iterable[str]:
    """As what a text stands between commas."""
    return dict.fromkeys((text.replace(",", "\\,") if escaped else text, *([text] if loose else [])))


def _in_order(text: str, slots: Sequence[_Candidates], escaped: bool, loose: bool) -> list[tuple[str, ...]]:

    def found(place: int, rest: str, first: bool) -> Iterator[tuple[str, ...]]:
        if place == len(slots):
            if not rest:
                yield ()
            return
        for tail in found(place + 1, rest, first):
            yield ("", *tail)
        for value, texts in slots[place]:
            for one in (form for text in texts if text for form in _written(text, escaped, loose)):
                start = one if first else f",{one}"
                if rest.startswith(start):
                    for tail in found(place + 1, rest[len(start) :], False):
                        yield (value, *tail)

    unique: dict[tuple[str, ...], None] = {}
    for one in islice(found(0, text, True), 64):
        unique[one] = None
        if len(unique) > 1:
            break
    return list(unique)


def _in_any_order(text: str, slots: Sequence[_Candidates], escaped: bool, loose: bool) -> list[tuple[str, ...]]:
    candidates = [
        (place, value, form)
        for place, slot in enumerate(slots)
        for value, texts in slot
        for one in texts
        if one
        for form in _written(one, escaped, loose)
    ]

    @cache
    def found(start: int, taken: frozenset[int]) -> frozenset[frozenset[tuple[int, str]]]:
        """The ways to read the rest from ``start`` without the slots that are taken: two of them are enough."""
        ways: set[frozenset[tuple[int, str]]] = set()
        for place, value, form in candidates:
            if len(ways) > 1:
                break
            end = start + len(form)
            if place in taken or not text.startswith(form, start):
                continue
            if end == len(text):
                ways.add(frozenset([(place, value)]))
            elif text[end] == ",":
                ways |= {way | {(place, value)} for way in found(end + 1, taken | {place})}
        return frozenset(ways)

    ways = (dict(way) for way in found(0, frozenset()))
    return [tuple(way.get(place, "") for place in range(len(slots))) for way in ways]


def _matched(question: Question, name: str, interaction: Match, cell: str) -> Taken:
    """The pairs of a cell such as ``left=>right,left=>``; behind a left that was left open stands nothing."""
    rights = [*_candidates(question, interaction.rights), (_OPEN, frozenset([""]))]
    pairs = [
        [
            (
                f"{left}-{right}" if right != _OPEN else _OPEN,
                frozenset(f"{_side(one)}=>{_side(other)}" for one in shown for other in texts),
            )
            for right, texts in rights
        ]
        for left, shown in _candidates(question, interaction.lefts)
    ]
    ways = _ways(cell, pairs, _in_any_order)
    missing = [left.label for left, pair in zip(interaction.lefts, ways[0], strict=True) if not pair] if len(ways) == 1 else []
    if missing:
        return {}, {name: (cell, f"the report shows no pair for {', '.join(missing)}")}
    return _settled(name, cell, [" ".join(pair for pair in way if pair != _OPEN) for way in ways])


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
    ways = _ways(cell, slots, _in_order)
    if len(ways) != 1:
        reason = "these are none of the menus' choices" if not ways else "the report does not tell which menus were left open"
        return {}, {part.asked.name: (cell, reason) for part in carrier.parts}
    return taken_from(carrier.blanks, ways[0])
