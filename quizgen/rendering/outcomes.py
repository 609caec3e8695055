"""Marked answers and keys, ready to be shown: what a page for reading says about each answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markupsafe import Markup

from quizgen.items import ChooseMany, ChooseOne, Entry, FeedbackEntry, FeedbackPart, Filled, Interaction, Option
from quizgen.rendering.controls import Control, controls_of, told
from quizgen.rendering.flavours import fragment
from quizgen.rendering.html import escape
from quizgen.rendering.worksheets import worded_points

OUTCOMES = {
    "correct": "Correct",
    "partial": "Partly right",
    "wrong": "Wrong",
    "blank": "Blank",
    "invalid": "Could not be read",
    "manual": "Waiting for a person",
}


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """An option as a read page shows it, and whether it was chosen."""

    label: str
    words: Markup
    chosen: bool


@dataclass(frozen=True, slots=True)
class PartView:
    """One answer as the feedback shows it."""

    title: str
    prompt: Markup
    outcome: str
    word: str
    points: str
    typed: str
    key: Markup
    accepted: str
    said: tuple[Markup, ...]
    choices: tuple[ChoiceView, ...]


def html_of(filled: Filled | None, decimal_comma: bool) -> Markup:
    """The text as HTML; empty where there is none."""
    return Markup(fragment(filled, "html", decimal_comma=decimal_comma)) if filled else Markup("")


def stem_told(entry: Entry, typed: dict[str, str], decimal_comma: bool) -> Markup:
    """The stem in HTML with what was typed in each answer's place; a blank where that is not told."""

    def tell(control: Control) -> str:
        words = typed.get(control.answer, "").strip()
        name = f'<span class="heard">{escape(control.title)}: </span>'
        if not words:
            return f'<span class="blank">{name}____</span>'
        return f'<span class="given">{name}<bdi>{escape(words)}</bdi></span>'

    return Markup(told(entry, decimal_comma, "html", tell))


def choices_of(interaction: Interaction) -> tuple[Option, ...]:
    """The options that a letter in an answer may mean."""
    match interaction:
        case ChooseOne(_, options) | ChooseMany(_, options, _):
            return options
    return tuple(getattr(interaction, "lefts", ())) + tuple(getattr(interaction, "rights", getattr(interaction, "options", ())))


def choice_views(interaction: Interaction, typed: str, decimal_comma: bool) -> tuple[ChoiceView, ...]:
    """The options, those whose letters were typed being chosen; nothing is chosen where letters mean an order."""
    letters = set()
    if isinstance(interaction, ChooseOne | ChooseMany):
        letters = {letter.upper() for letter in re.split(r"[\s,;]+", typed) if letter}
    return tuple(
        ChoiceView(option.label, html_of(option.text, decimal_comma), option.label.upper() in letters)
        for option in choices_of(interaction)
    )


def part_views(marked: FeedbackEntry, decimal_comma: bool) -> tuple[PartView, ...]:
    """What the feedback shows for each answer of an entry."""
    controls = controls_of(marked.entry, decimal_comma)
    return tuple(_part_view(part, controls.get(part.answer), decimal_comma) for part in marked.parts)


def points_earned(part: FeedbackPart, decimal_comma: bool) -> str:
    """The points of an answer, to show; empty while a person has still to mark it."""
    return "" if part.outcome == "manual" else worded_points(part.points, decimal_comma)


def _part_view(part: FeedbackPart, control: Control | None, decimal_comma: bool) -> PartView:
    interaction = control.interaction if control else None
    return PartView(
        title=control.title if control else part.answer,
        prompt=html_of(interaction.prompt, decimal_comma) if interaction else Markup(""),
        outcome=part.outcome if part.outcome in OUTCOMES else "",
        word=OUTCOMES.get(part.outcome, part.outcome.capitalize()),
        points=points_earned(part, decimal_comma),
        typed=part.typed.strip(),
        key=html_of(part.key, decimal_comma),
        accepted=part.accepted,
        said=tuple(html_of(said, decimal_comma) for said in part.feedback),
        choices=choice_views(interaction, part.typed, decimal_comma) if interaction else (),
    )
