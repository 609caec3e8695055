"""The key of one student's worksheet in HTML or Markdown; for instructors only."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from markupsafe import Markup

from quizgen.items import AnswerKey, ChooseMany, ChooseOne, Entry, Filled, Interaction, KeyedItem, Worksheet, WriteFreely
from quizgen.rendering.controls import Control, controls_of, told
from quizgen.rendering.flavours import fragment
from quizgen.rendering.markdown import BLANK, escape
from quizgen.rendering.outcomes import (
    ChoiceView,
    accepted_band,
    choice_views,
    html_of,
    key_choices,
    markdown_options,
    markdown_title,
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
    rubric: tuple[str, ...]
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
    comma = sheet.decimal_comma
    entries = tuple(keyed_view(entry, keyed[entry.field], comma) for section in sheet.sections for entry in section.entries)
    return page("key", script="", sheet=sheet, total=total_points(sheet), entries=entries)


def keyed_view(entry: Entry, keyed: KeyedItem, decimal_comma: bool) -> KeyedView:
    """An entry with its keys, ready to be shown in HTML."""
    controls = controls_of(entry, decimal_comma)
    return KeyedView(
        id=f"q{entry.number}",
        number=entry.number,
        title=entry.item.title,
        points=worded_points(entry.points, decimal_comma),
        code=entry.code,
        stem=stem_told(entry, {}, decimal_comma),
        keys=tuple(_key_view(key, controls.get(key.answer), decimal_comma) for key in keyed.keys),
        solution=html_of(keyed.solution, decimal_comma),
    )


def _key_view(key: AnswerKey, control: Control | None, decimal_comma: bool) -> KeyView:
    interaction = control.interaction if control else None
    right = key_choices(interaction, key.shown, key.accepted) if interaction else frozenset()
    rubric = _rubric(interaction)
    mistakes, tags = _tags(interaction, key, right)
    return KeyView(
        title=control.title if control else key.answer,
        prompt=html_of(interaction.prompt, decimal_comma) if interaction else Markup(""),
        choices=choice_views(interaction, tags, decimal_comma),
        key=Markup("") if right or rubric else html_of(key.shown, decimal_comma),
        accepted="" if right else accepted_band(interaction, key.accepted, decimal_comma),
        rubric=rubric,
        mistakes=tuple((name, html_of(value, decimal_comma)) for name, value in mistakes),
    )


def _rubric(interaction: Interaction | None) -> tuple[str, ...]:
    """What a person marks by, where one does: it is the key then."""
    return interaction.rubric if isinstance(interaction, WriteFreely) else ()


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
        lines += [markdown_title(control, key.answer), markdown_options(control)]
        shown, accepted = worded_key(control.interaction if control else None, words(key.shown), key.accepted, comma)
        if rubric := _rubric(control.interaction if control else None):
            lines += ["A person marks this by:", "\n".join(f"- {escape(line, True)}" for line in rubric)]
            continue
        lines.append(f"Key: **{shown}**" if shown else "")
        facts = [f"- Accepted: {escape(accepted)}"] if accepted else []
        facts += [f"- Mistake {escape(name)}: {words(value)}" for name, value in key.mistakes]
        lines.append("\n".join(facts))
    if keyed.solution:
        lines += ["**Worked solution**", fragment(keyed.solution, "markdown", decimal_comma=comma)]
    return lines


_WRITERS: Mapping[str, Callable[[Worksheet, Mapping[str, KeyedItem]], str]] = MappingProxyType(
    {"html": _html, "markdown": _markdown}
)
