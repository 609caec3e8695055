"""A question as Moodle has it, whatever the format: its type, its texts in HTML, and what is foreseen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from quizgen.folding import bare
from quizgen.items import Arrange, Match, WriteFreely
from quizgen.lms.base import Asked, Options, Question
from quizgen.lms.formats.moodle.carriers import GRADINGS, Type, type_of
from quizgen.lms.formats.moodle.gaps import Choice
from quizgen.lms.formats.moodle.pages import macros
from quizgen.lms.formats.moodle.texts import Writer, reads_percent
from quizgen.lms.formats.moodle.wording import reported
from quizgen.schemes import ManyOptions, RightOrder, RightPairs, Texts

LONGEST_NAME = 255

_ENTITY = re.compile(r"&(?=#?[0-9A-Za-z]+;)")
_LABELLED = re.compile(r"[A-Z]\. ")

_LONGEST_ITEM = 10
"""Characters of an item that Moodle's report shows of an order; of longer ones three are points."""


@dataclass(frozen=True, slots=True)
class Made:
    """A question of Moodle's. What its type does not have is empty.

    ``pairs`` have a left in HTML, empty for a right that matches nothing, and a right in plain words. ``items`` stand in the
    right order. ``percent`` tells that a percentage may be typed, ``case`` that capital letters count.
    """

    type: Type
    ident: str
    name: str
    text: str
    solution: str
    points: str
    hints: tuple[str, ...]
    tags: tuple[str, ...]
    choices: tuple[Choice, ...] = ()
    single: bool = True
    percent: bool = False
    case: bool = False
    pairs: tuple[tuple[str, str], ...] = ()
    items: tuple[str, ...] = ()
    grading: str = ""
    for_markers: str = ""


def made_of(question: Question, options: Options) -> Made:
    """The question for Moodle; it must have no refused loss."""
    writer = Writer(question, options)
    type = type_of(question)
    text = writer.cloze() if type == "cloze" else writer.body(type).text
    item = question.made.keyed.item
    head = (
        type,
        question.ident,
        name_of(question),
        text,
        str(writer.html(question.made.keyed.solution)),
        f"{question.points:.7f}",
        tuple(str(writer.html(hint)) for hint in item.hints) if question.hints else (),
        tuple(dict.fromkeys((question.concept, question.level, question.template, *question.tags))),
    )
    asked = question.asked[0]
    match type:
        case "cloze":
            return Made(*head)
        case "multichoice":
            several = isinstance(asked.scheme, ManyOptions)
            return Made(*head, choices=tuple(writer.options_of(asked)), single=not several)
        case "numerical":
            return Made(*head, choices=tuple(writer.numbers(asked)), percent=reads_percent(asked.scheme))
        case "shortanswer":
            exact = isinstance(asked.scheme, Texts) and asked.scheme.case_sensitive
            return Made(*head, choices=tuple(writer.texts(asked)), case=exact)
        case "ordering":
            assert isinstance(asked.scheme, RightOrder)
            return Made(*head, items=_items(asked, writer), grading=GRADINGS[asked.scheme.rule])
        case "matching":
            return Made(*head, pairs=_pairs(asked, writer))
        case "essay":
            assert isinstance(asked.interaction, WriteFreely)
            criteria = macros("controls.html.j2").criteria(asked.interaction.rubric)
            return Made(*head, for_markers=f"{criteria}{writer.html(question.made.keyed.solution)}")
    assert_never(type)


def name_of(question: Question) -> str:
    """The question's name: Moodle takes tags out of it and cuts it, so that it must do neither."""
    code = f" [{question.code}]"
    title = without_tags(" ".join(question.made.keyed.item.title.split()))
    most = LONGEST_NAME - len(code)
    return (title if len(title) <= most else title[: most - 1] + "…") + code


def without_tags(words: str) -> str:
    """Words of which Moodle takes nothing for a tag or an entity; it shows them as they are."""
    return _ENTITY.sub("&amp;", words).replace("<", "&lt;")


def _items(asked: Asked, writer: Writer) -> tuple[str, ...]:
    """The items in the right order. They get their letters where Moodle's report would show several of them alike."""
    assert isinstance(asked.interaction, Arrange)
    assert isinstance(asked.scheme, RightOrder)
    options = asked.interaction.options
    texts = [writer.html(option.text) for option in options]
    lettered = _are_unclear([reported(text) for text in texts])
    shown = [f"{option.label}. {text}" if lettered else str(text) for option, text in zip(options, texts, strict=True)]
    return tuple(shown[place] for place in asked.scheme.places)


def _are_unclear(items: Sequence[str]) -> bool:
    """Whether Moodle's report would not tell items of an order apart; it leaves out a 0."""
    wholes = [bare(item) for item in items]
    for place, item in enumerate(items):
        shown = cut_off(item)
        if ";" in shown or item == "0" or _LABELLED.match(item):
            return True
        others = wholes[:place] + wholes[place + 1 :]
        beginning = bare(shown.removesuffix("..."))
        if wholes[place] in others or (shown != item and any(other.startswith(beginning) for other in others)):
            return True
    return False


def cut_off(item: str) -> str:
    """An item as Moodle's report shows it of an order.

    >>> cut_off("ten letter"), cut_off("ten letters")
    ('ten letter', 'ten let...')
    """
    return item if len(item) <= _LONGEST_ITEM else f"{item[: _LONGEST_ITEM - 3]}..."


def _pairs(asked: Asked, writer: Writer) -> tuple[tuple[str, str], ...]:
    assert isinstance(asked.interaction, Match)
    assert isinstance(asked.scheme, RightPairs)
    rights = [without_tags(writer.words(option.text)) for option in asked.interaction.rights]
    partners = asked.scheme.partners
    joined = [
        (str(writer.html(left.text)), rights[partner]) for left, partner in zip(asked.interaction.lefts, partners, strict=True)
    ]
    return (*joined, *(("", right) for place, right in enumerate(rights) if place not in partners))
