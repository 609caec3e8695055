"""What Moodle's questions say to the student, and in which forms something may be typed."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import assert_never

from quizgen.folding import worded
from quizgen.items import (
    Arrange,
    ChooseMany,
    ChooseOne,
    EnterNumber,
    EnterText,
    Match,
    StateDistribution,
    WriteFreely,
)
from quizgen.lms.base import Asked
from quizgen.lms.formats.moodle.carriers import Carrier

UNANSWERED = "-"
"""What Moodle's report shows where nothing was answered."""

RIGHT, NOT_RIGHT = "Right", "Not right"
"""What a student decides of an option."""

TYPING = (
    "Type a number with a decimal point and without a unit, such as 0.105. "
    "A decimal comma or a fraction such as 1/3 may be misread here."
)
TYPING_PERCENT = "A percentage such as 10.5% is read."


def wanted(form: str, unit: str) -> str:
    """What rounding and unit are asked for; empty where none are."""
    parts = [part for part in (form, f"in {unit}" if unit else "") if part]
    return f"Asked for: {', '.join(parts)}." if parts else ""


def how(asked: Asked, carrier: Carrier) -> Iterator[str]:
    """What to do, and how it is marked."""
    interaction = asked.interaction
    match interaction:
        case ChooseMany(rule=rule) if carrier == "decisions":
            yield f"Choose {RIGHT} or {NOT_RIGHT} for each. Each right decision earns an equal share; none is taken off."
        case ChooseMany(rule=rule) if carrier == "ticks":
            yield from ("Choose all that apply.", f"Marking: {rule}")
        case ChooseMany(rule=rule):
            yield "Type the letters of all that apply in the order of the alphabet, such as AC; type none where none applies."
            yield f"Marking: {rule}"
        case Arrange(rule=rule) if carrier in ("order", "positions"):
            yield from ("Put these in order; the first comes at the top.", f"Marking: {rule}")
        case Arrange(rule=rule):
            yield from ("Type the letters of all in order, such as CAB.", f"Marking: {rule}")
        case Match(rule=rule) if carrier == "pairs":
            yield from ("Choose a partner for each.", f"Marking: {rule}")
        case Match(rule=rule):
            yield from ("Type the letter that belongs to each number, in their order, such as BAC.", f"Marking: {rule}")
        case StateDistribution(form=form):
            yield f"Give each a probability{f' ({form})' if form else ''}; together they make 1."
            yield "Marking: Each right probability earns an equal share."
        case ChooseOne() | EnterNumber() | EnterText() | WriteFreely():
            return
        case _:
            assert_never(interaction)


_BETWEEN = ("", " ", ",", ", ")
"""What may stand between labels."""

_MOST_ORDERED = 3
_MOST_FORMS = 150


def letter_forms(foreseen: Sequence[Sequence[str]], any_order: bool) -> tuple[tuple[str, ...], ...]:
    """Each of several rows of labels as it may be typed: in ``any_order`` where there is one row of a few."""
    between = _BETWEEN if len(foreseen) * len(_BETWEEN) <= _MOST_FORMS else _BETWEEN[:2]
    return tuple(
        tuple(dict.fromkeys(sign.join(way) for way in _ways(labels, any_order and len(foreseen) == 1) for sign in between))
        for labels in foreseen
    )


def _ways(labels: Sequence[str], any_order: bool) -> list[Sequence[str]]:
    return list(permutations(labels)) if any_order and len(labels) <= _MOST_ORDERED else [labels]


_STRONG = re.compile(r"<(strong|b)>(.*?)</\1>", re.DOTALL)
_EMPHASIS = re.compile(r"</?(?:em|i)>")
_TAG = re.compile(r"</?[A-Za-z][^>]*>|<!--.*?-->", re.DOTALL)


def reported(markup: str) -> str:
    """HTML as Moodle's report shows it: what is strong in capital letters, emphasis between underscores.

    >>> reported("<strong>p</strong> <em>is</em> <code>&lt;s&gt;</code>")
    'P _is_ <s>'
    """
    loud = _STRONG.sub(lambda found: found[2].upper(), markup) if "<strong" in markup or "<b>" in markup else markup
    return unmarked(_EMPHASIS.sub("_", loud))


def unmarked(markup: str) -> str:
    """HTML without its tags, in one line."""
    return " ".join(html.unescape(_TAG.sub("", markup)).split())


_NOT_FINAL = re.compile(r"[.!?…]\Z")


def spellings(text: str, case_sensitive: bool) -> Iterator[str]:
    """A text as it may be typed where spaces and marks count: as it is, plainly, with a full stop, and without one."""
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    for spelling in (plain, worded(text, case_sensitive)):
        yield spelling
        if not _NOT_FINAL.search(spelling):
            yield f"{spelling}."
        if "'" in spelling:
            yield spelling.replace("'", "’")
