"""A student's worksheet in HTML or Markdown. What is written here takes items without keys, and nothing else."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from markupsafe import Markup

from quizgen.errors import QuizgenError
from quizgen.items import Entry, Worksheet
from quizgen.rendering import html_controls, markdown_controls
from quizgen.rendering.controls import asked
from quizgen.rendering.flavours import fragment
from quizgen.rendering.markdown import escape
from quizgen.rendering.numbers import points
from quizgen.rendering.pages import page


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry as the page shows it."""

    id: str
    number: int
    title: str
    points: str
    code: str
    stem: Markup
    controls: tuple[Markup, ...]
    hints: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section as the page shows it."""

    title: str
    entries: tuple[EntryView, ...]


def worksheet(sheet: Worksheet, flavour: str) -> str:
    """The worksheet as one file in ``html`` or ``markdown``. `QuizgenError` for another flavour."""
    return writer_for(flavour, _WRITERS, "worksheets")(sheet)


def writer_for(flavour: str, writers: Mapping[str, Callable[..., str]], what: str) -> Callable[..., str]:
    """The writer for a flavour; `QuizgenError` names those there are."""
    if flavour not in writers:
        raise QuizgenError(f"{what} cannot be written as {flavour!r}: choose {', '.join(writers)}")
    return writers[flavour]


def total_points(sheet: Worksheet) -> str:
    """The sum of the points of all entries, to show."""
    total = sum(entry.points for section in sheet.sections for entry in section.entries)
    return points(total, sheet.decimal_comma)


def worded_points(value: float, decimal_comma: bool) -> str:
    """Points with their unit: ``1 point``, ``2.5 points``."""
    shown = points(value, decimal_comma)
    return f"{shown} point" if shown == "1" else f"{shown} points"


def worded_minutes(minutes: float) -> str:
    """An expected time in words, to the minute: ``about 25 minutes``; empty where none is known."""
    whole = max(1, math.floor(minutes + 0.5))
    return f"about {whole} minute{'s' if whole != 1 else ''}" if minutes else ""


def _html(sheet: Worksheet) -> str:
    sections = tuple(
        SectionView(section.title, tuple(entry_view(entry, sheet.decimal_comma) for entry in section.entries))
        for section in sheet.sections
    )
    return page(
        "worksheet",
        script="fields worksheet",
        sheet=sheet,
        sections=sections,
        total=total_points(sheet),
        count=sum(len(section.entries) for section in sections),
        time=worded_minutes(sheet.minutes),
        instructions=_markup(fragment(sheet.instructions, "html", decimal_comma=sheet.decimal_comma))
        if sheet.instructions
        else None,
    )


def _markup(html: str) -> Markup:
    # Fragments are made of escaped values and quizgen's own markup.
    return Markup(html)


def entry_view(entry: Entry, decimal_comma: bool) -> EntryView:
    """An entry with its stem and controls in HTML."""
    stem, controls = asked(entry, decimal_comma, "html", html_controls.block, html_controls.inline)
    return EntryView(
        id=f"q{entry.number}",
        number=entry.number,
        title=entry.item.title,
        points=worded_points(entry.points, decimal_comma),
        code=entry.code,
        stem=_markup(stem),
        controls=tuple(map(_markup, controls)),
        hints=tuple(_markup(fragment(hint, "html", decimal_comma=decimal_comma)) for hint in entry.item.hints),
    )


# Markdown -------------------------------------------------------------------------------------------------------------


def header_lines(sheet: Worksheet) -> list[str]:
    """The facts at the top of a page in Markdown, as lines of a list."""
    facts = [
        ("Name", f"{sheet.name} ({sheet.student})" if sheet.name else sheet.student),
        ("Sheet", sheet.code),
        ("Due", sheet.due),
        ("Points", total_points(sheet)),
        ("Time", worded_minutes(sheet.minutes)),
    ]
    return [f"- **{label}:** {escape(value)}" for label, value in facts if value]


def entry_heading(entry: Entry, sheet: Worksheet, level: int) -> str:
    """An entry's heading in Markdown, with points and code below it."""
    facts = f"{worded_points(entry.points, sheet.decimal_comma)} · code {escape(entry.code)}"
    return f"{'#' * level} {entry.number}. {escape(entry.item.title)}\n\n{facts}"


def _markdown(sheet: Worksheet) -> str:
    comma = sheet.decimal_comma
    parts = [f"# {escape(sheet.title)}", "\n".join(header_lines(sheet))]
    if sheet.instructions:
        parts.append(fragment(sheet.instructions, "markdown", decimal_comma=comma))
    for section in sheet.sections:
        if section.title:
            parts.append(f"## {escape(section.title)}")
        for entry in section.entries:
            parts += ["---", entry_heading(entry, sheet, 3 if section.title else 2), *_markdown_entry(entry, comma)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _markdown_entry(entry: Entry, comma: bool) -> list[str]:
    stem, controls = asked(
        entry, comma, "markdown", markdown_controls.block, lambda control, spot: markdown_controls.inline(control)
    )
    hints = [f"{number}. {fragment(hint, 'markdown', decimal_comma=comma)}" for number, hint in enumerate(entry.item.hints, 1)]
    return [stem, *controls, *(["Hints:", "\n".join(hints)] if hints else [])]


def item_text(entry: Entry) -> str:
    """One entry alone, in Markdown."""
    return "\n\n".join([f"# {escape(entry.item.title)}", *_markdown_entry(entry, False)])


_WRITERS: Mapping[str, Callable[[Worksheet], str]] = MappingProxyType({"html": _html, "markdown": _markdown})
