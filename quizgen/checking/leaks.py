"""A student's file tells no key: not in what is seen besides the question, and not in what is not seen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import cast

from quizgen.answers.options import OptionsAnswer
from quizgen.answers.text import TextAnswer
from quizgen.checking.base import Finding, check
from quizgen.checking.hints import hints_that_tell
from quizgen.checking.pages import Flavour, attributes, main_part, some, student_page
from quizgen.checking.sweep import Sweep
from quizgen.items import (
    Arrange,
    ChooseMany,
    ChooseOne,
    EnterNumber,
    Filled,
    Interaction,
    Item,
    KeyedItem,
    Match,
    Option,
    options_of,
    plain,
)
from quizgen.rendering import fragment
from quizgen.variants.expressions import Expression
from quizgen.variants.texts import plain_text

PAGES = 8
"""So many variants' files are searched."""

FLAVOURS: tuple[Flavour, ...] = ("html", "markdown")

_MARK = "zqx"
_NUMBER = re.compile(r"[-−]?\d+(?:[.,]\d+)?")
_TAG = re.compile(r"<[^>]*>")
_LONG = 40
"""A line of a solution that is so long does not stand in a file by chance."""


@check("leak", "error")
def leak(sweep: Sweep) -> Iterator[Finding]:
    """The files that a student gets, in HTML and in Markdown, must not tell the key by any route. A number or word that is the
    key stands in no title, label, hint or attribute unless the question itself shows it; ids of mistakes, conditions of
    options and the solution stand nowhere; and if two options change places, nothing changes but their texts. Take the key
    out of the place that is named.
    """
    for place in some(sweep, PAGES):
        keyed, ordinal = sweep.keyed[place], int(sweep.ordinals[place])
        for flavour in FLAVOURS:
            page = student_page(keyed.item, flavour)
            own = main_part(page) if flavour == "html" else page
            found = next(_told(sweep, keyed, own, flavour), None)
            if found is not None:
                path, said = found
                yield Finding(path, f"{said} ({flavour})", ordinal)
        if not _only_texts_move(keyed.item):
            yield Finding(("stem",), "the file changes in more than their texts when options change places", ordinal)
    yield from hints_that_tell(sweep)


def _told(sweep: Sweep, keyed: KeyedItem, page: str, flavour: Flavour) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What a file tells that it must not, each with its place in the YAML."""
    template, item = sweep.template, keyed.item
    question = [item.stem, *_options(item)]
    words = " ".join(plain_text(text) for text in question)
    for (name, interaction), key in zip(item.interactions, keyed.keys, strict=True):
        if isinstance(interaction, EnterNumber):
            number = _key_number(key.shown)
            if number and not _has_number(words, number):
                where = _place_of(number, item, name, sweep)
                if where is not None:
                    yield where, f"the key {number} stands there, though the question does not show it"
                elif _has_number(page, number):
                    yield sweep.path(name), f"the key {number} stands in the file, though the question does not show it"
    hidden = " ".join(attributes(page)) if flavour == "html" else ""
    for answer in template.answers:
        for word in _hidden_words(answer):
            if word in page and not any(word in said for said in (words, *map(plain_text, _prompts(item)))):
                yield sweep.path(answer.name), f"“{word}” stands in the file"
        if isinstance(answer, TextAnswer):
            key = next(one for one in keyed.keys if one.answer == answer.name)
            text = plain_text(key.shown).strip()
            if len(text) > 3 and text not in words and re.search(rf"\b{re.escape(text)}\b", hidden):
                yield sweep.path(answer.name), f"the key “{text}” stands in the file where it is not seen"
    if keyed.solution is not None:
        seen = _bare(fragment(item.stem, flavour))
        told = _bare(page)
        for line in fragment(keyed.solution, flavour).splitlines():
            said = _bare(line).strip()
            if len(said) > _LONG and said in told and said not in seen:
                yield ("solution",), f"a line of the solution stands in the file: “{said}”"


def _place_of(number: str, item: Item, answer: str, sweep: Sweep) -> tuple[str | int, ...] | None:
    """The place in the YAML where a student reads a number besides the question itself; None where none is found."""
    if _has_number(item.title, number):
        return ("title",)
    for name, interaction in item.interactions:
        if interaction.prompt is not None and _has_number(plain_text(interaction.prompt), number):
            return sweep.path(name, "label")
    return None


def _hidden_words(answer: object) -> Iterator[str]:
    """Words that mean something to who knows the template: ids of mistakes, and conditions of options."""
    for mistake, _ in answer.mistakes():  # type: ignore[attr-defined] # an Answer
        if "-" in mistake:
            yield mistake
    if isinstance(answer, OptionsAnswer):
        for option in answer.pool:
            if isinstance(option.true_when, Expression) and len(option.true_when.source) > 7:
                yield option.true_when.source


def _options(item: Item) -> list[Filled]:
    """The texts of all options of an item."""
    return [option.text for _, one in item.interactions for option in options_of(one)]


def _prompts(item: Item) -> list[Filled]:
    return [one.prompt for _, one in item.interactions if one.prompt is not None]


def _key_number(shown: Filled) -> str:
    """The key's number where it has so many digits that it does not stand somewhere by chance, else nothing."""
    found = _NUMBER.search(plain_text(shown))
    number = _number(found[0]) if found else ""
    return number if len(re.sub(r"\D", "", number).strip("0")) > 2 else ""


def _number(written: str) -> str:
    """A number without its sign and idle zeros at its end, so that 0.50 and 0.5 are one."""
    bare = re.sub(r"[-−+%]", "", written).replace(",", ".")
    return bare.rstrip("0").rstrip(".") if "." in bare else bare


def _has_number(text: str, number: str) -> bool:
    """Whether a text holds a number, with a point or a comma, also with more digits behind it."""
    forms = "|".join(re.escape(form) for form in (number, number.replace(".", ",")))
    return re.search(rf"(?<![\d.,])(?:{forms})", text) is not None


def _bare(markup: str) -> str:
    return _TAG.sub("", markup)


def _only_texts_move(item: Item) -> bool:
    """Whether a file in which options have changed places differs from the other in their texts only."""
    for flavour in FLAVOURS:
        first, second = (
            student_page(replace(item, interactions=_marked(item, turn)), flavour) for turn in (lambda i, n: i, _next)
        )
        counts = dict.fromkeys(map(int, re.findall(rf"{_MARK}\d+_(\d+)z", first)))
        moved = re.sub(
            rf"{_MARK}(\d+)_(\d+)z", lambda found: f"{_MARK}{_next(int(found[1]), int(found[2])):02}_{found[2]}z", first
        )
        if counts and moved != second:
            return False
    return True


def _next(place: int, count: int) -> int:
    return (place + 1) % count


def _marked(item: Item, turn: Callable[[int, int], int]) -> tuple[tuple[str, Interaction], ...]:
    """The interactions of an item with marks for their options' texts, which stand turned."""

    def marked(options: Sequence[Option]) -> tuple[Option, ...]:
        count = len(options)
        return tuple(replace(option, text=plain(f"{_MARK}{turn(i, count):02}_{count}z")) for i, option in enumerate(options))

    found: list[tuple[str, Interaction]] = []
    for name, one in item.interactions:
        match one:
            case ChooseOne() | ChooseMany() | Arrange():
                found.append((name, cast("Interaction", replace(one, options=marked(one.options)))))
            case Match():
                found.append((name, replace(one, lefts=marked(one.lefts), rights=marked(one.rights))))
            case _:
                found.append((name, one))
    return tuple(found)
