"""The key of one student's worksheet in HTML or Markdown; for instructors only."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from markupsafe import Markup

from quizgen.items import AnswerKey, ChooseMany, ChooseOne, Entry, Filled, Interaction, KeyedItem, Worksheet
from quizgen.rendering.controls import Control, controls_of, told
from quizgen.rendering.flavours import fragment
from quizgen.rendering.markdown import BLANK, escape
from quizgen.rendering.outcomes import (
    ChoiceView,
    accepted_band,
    choice_views,
    choices_of,
    html_of,
    key_choices,
    stem_told,
    worded_key,
)
from quizgen.rendering.pages import page
from quizgen.rendering.worksheets import entry_heading, header_lines, total_points, worded_points, writer_for


@dataclass(frozen=True, slots=True)
class KeyView:
    """One answer's key as the page shows it."""

    title: str
    prompt: Markup
    choices: tuple[ChoiceView, ...]
    key: Markup
    accepted: str
    mistakes: tuple[tuple[str, Markup], ...]


@dataclass(frozen=True, slots=True)
class KeyedView:
    """An entry with its keys as the page shows it."""

    id: str
    number: int
    title: str
    points: str
    code: str
    stem: Markup
    keys: tuple[KeyView, ...]
    solution: Markup


def key_sheet(sheet: Worksheet, keyed: Mapping[str, KeyedItem], flavour: str) -> str:
    """The worksheet with keys, accepted bands, foreseen mistakes and solutions, in ``html`` or ``markdown``.

    ``keyed`` maps an entry's field to its keys. `QuizgenError` for another flavour.
    """
    return writer_for(flavour, _WRITERS, "keys")(sheet, keyed)


def _html(sheet: Worksheet, keyed: Mapping[str, KeyedItem]) -> str:
    entries = tuple(_keyed_view(entry, keyed[entry.field], sheet) for section in sheet.sections for entry in section.entries)
    return page("key", script="", sheet=sheet, total=total_points(sheet), entries=entries)


def _keyed_view(entry: Entry, keyed: KeyedItem, sheet: Worksheet) -> KeyedView:
    comma = sheet.decimal_comma
    controls = controls_of(entry, comma)
    return KeyedView(
        id=f"q{entry.number}",
        number=entry.number,
        title=entry.item.title,
        points=worded_points(entry.points, comma),
        code=entry.code,
        stem=stem_told(entry, {}, comma),
        keys=tuple(_key_view(key, controls.get(key.answer), comma) for key in keyed.keys),
        solution=html_of(keyed.solution, comma),
    )


def _key_view(key: AnswerKey, control: Control | None, decimal_comma: bool) -> KeyView:
    interaction = control.interaction if control else None
    right = key_choices(interaction, key.shown, key.accepted) if interaction else frozenset()
    mistakes, tags = _tags(interaction, key, right)
    return KeyView(
        title=control.title if control else key.answer,
        prompt=html_of(interaction.prompt, decimal_comma) if interaction else Markup(""),
        choices=choice_views(interaction, tags, decimal_comma),
        key=Markup("") if right else html_of(key.shown, decimal_comma),
        accepted="" if right else accepted_band(interaction, key.accepted, decimal_comma),
        mistakes=tuple((name, html_of(value, decimal_comma)) for name, value in mistakes),
    )


Mistakes: TypeAlias = tuple[tuple[str, Filled], ...]


def _tags(
    interaction: Interaction | None, key: AnswerKey, right: frozenset[str]
) -> tuple[Mistakes, dict[str, Collection[str]]]:
    """The mistakes to list, and the tags of options: a mistake that is an option is said there."""
    tags: dict[str, Collection[str]] = {"key": right}
    if not isinstance(interaction, ChooseOne | ChooseMany):
        return key.mistakes, tags
    labels = {option.text: option.label for option in interaction.options}
    listed = tuple((name, value) for name, value in key.mistakes if value not in labels)
    for name, value in key.mistakes:
        if value in labels:
            tags[name] = {*tags.get(name, ()), labels[value]}
    return listed, tags


# Markdown -------------------------------------------------------------------------------------------------------------


def _markdown(sheet: Worksheet, keyed: Mapping[str, KeyedItem]) -> str:
    parts = [f"# Key: {escape(sheet.title)}", "\n".join(header_lines(sheet))]
    for section in sheet.sections:
        for entry in section.entries:
            parts += ["---", *_markdown_entry(entry, keyed[entry.field], sheet)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _markdown_entry(entry: Entry, keyed: KeyedItem, sheet: Worksheet) -> list[str]:
    comma = sheet.decimal_comma

    def words(filled: Filled) -> str:
        return " ".join(fragment(filled, "markdown", decimal_comma=comma).split())

    lines = [entry_heading(entry, sheet, 2), told(entry, comma, "markdown", lambda control: BLANK)]
    controls: dict[str, Control] = controls_of(entry, comma)
    for key in keyed.keys:
        control = controls.get(key.answer)
        if control and (options := choices_of(control.interaction)):
            lines.append("\n".join(f"- **{escape(option.label)}.** {words(option.text)}" for option in options))
        shown, accepted = worded_key(control.interaction if control else None, words(key.shown), key.accepted, comma)
        lines.append(f"**{escape(control.title if control else key.answer)}: {shown}**")
        facts = [f"- Accepted: {escape(accepted)}"] if accepted else []
        facts += [f"- Mistake {escape(name)}: {words(value)}" for name, value in key.mistakes]
        lines += ["\n".join(facts)] if facts else []
    if keyed.solution:
        lines += ["**Worked solution**", fragment(keyed.solution, "markdown", decimal_comma=comma)]
    return lines


_WRITERS: Mapping[str, Callable[[Worksheet, Mapping[str, KeyedItem]], str]] = MappingProxyType(
    {"html": _html, "markdown": _markdown}
)
