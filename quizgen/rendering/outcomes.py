"""Marked answers and keys, ready to be shown: what a page for reading says about each answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from quizgen.answers.base import UnreadableError
from quizgen.answers.labels import read_named, resolved
from quizgen.items import (
    ChooseMany,
    ChooseOne,
    EnterNumber,
    Entry,
    FeedbackEntry,
    FeedbackPart,
    Filled,
    Interaction,
    Number,
    options_of,
)
from quizgen.rendering.controls import Control, controls_of, told
from quizgen.rendering.flavours import fragment, show
from quizgen.rendering.html import escape
from quizgen.rendering.markdown import escape as escape_markdown
from quizgen.rendering.numbers import typographic
from quizgen.rendering.worksheets import worded_points
from quizgen.variants.texts import plain_text

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
    """An option as a page for reading shows it, with what is to be said of it, such as ``key`` or ``your answer``."""

    label: str
    words: Markup
    tags: tuple[str, ...]


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


def chosen_in(interaction: Interaction, response: str) -> frozenset[str]:
    """The labels of the options that a response chooses, read as marking reads it; none where nothing is chosen so."""
    if not isinstance(interaction, ChooseOne | ChooseMany):
        return frozenset()
    options, several = interaction.options, isinstance(interaction, ChooseMany)
    try:
        found = resolved(read_named(response), len(options), lambda place: plain_text(options[place].text), several=several)
    except UnreadableError:
        return frozenset()
    if not several and len(found.places) > 1:
        return frozenset()
    return frozenset(options[place].label for place in found.places if place is not None)


def key_choices(interaction: Interaction, shown: Filled, accepted: str) -> frozenset[str]:
    """The labels of the options that a key calls right; none for an interaction where nothing is chosen."""
    return chosen_in(interaction, accepted if isinstance(interaction, ChooseOne) else fragment(shown, "text"))


def markdown_title(control: Control | None, answer: str, said: str = "") -> str:
    """An answer's name, by its label, and what is said of it, as a bold line of Markdown."""
    if control is None or control.interaction.prompt is None:
        title = escape_markdown(control.title if control else answer)
    else:
        title = " ".join(show(control.interaction.prompt, "markdown", control.setting).split()).rstrip(": ")
    if not said:
        return _bold(title)
    return f"{_bold(title)} {_bold(said)}" if title.endswith(("?", ".", "!")) or "*" in title else _bold(f"{title}: {said}")


def _bold(words: str) -> str:
    """The words in bold; those that bring emphasis of their own keep only that, for it cannot be nested safely."""
    return words if "*" in words else f"**{words}**"


def markdown_options(control: Control | None) -> str:
    """The options that a letter in the answer may mean, as a list in Markdown; empty where there are none."""
    if control is None:
        return ""
    return "\n".join(
        f"- **{escape_markdown(option.label)}.** {' '.join(show(option.text, 'markdown', control.setting).split())}"
        for option in options_of(control.interaction)
    )


def worded_key(interaction: Interaction | None, words: str, accepted: str, decimal_comma: bool = False) -> tuple[str, str]:
    """The key in words, and what else is accepted: the label of a single choice belongs to its words."""
    if isinstance(interaction, ChooseOne) and words and accepted:
        return f"{accepted}. {words}", ""
    return words, accepted_band(interaction, accepted, decimal_comma)


def accepted_band(interaction: Interaction | None, accepted: str, decimal_comma: bool) -> str:
    """What else is accepted, to show: the bounds of a number have the page's signs, other words stay as they are."""
    return typographic(Number(accepted), decimal_comma) if isinstance(interaction, EnterNumber) else accepted


def choice_views(
    interaction: Interaction | None, tags: Mapping[str, Collection[str]], decimal_comma: bool
) -> tuple[ChoiceView, ...]:
    """The options that letters may mean. ``tags`` maps what is to be said to the labels of which it is said."""
    return tuple(
        ChoiceView(
            option.label,
            html_of(option.text, decimal_comma),
            tuple(tag for tag, labels in tags.items() if option.label in labels),
        )
        for option in (options_of(interaction) if interaction else ())
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
    chosen = chosen_in(interaction, part.typed) if interaction else frozenset()
    right = key_choices(interaction, part.key, part.accepted) if interaction and part.key else frozenset()
    # What the list of options says need not be said again below it.
    return PartView(
        title=control.title if control else part.answer,
        prompt=html_of(interaction.prompt, decimal_comma) if interaction else Markup(""),
        outcome=part.outcome if part.outcome in OUTCOMES else "",
        word=OUTCOMES.get(part.outcome, part.outcome.capitalize()),
        points=points_earned(part, decimal_comma),
        typed="" if chosen else part.typed.strip(),
        key=Markup("") if right else html_of(part.key, decimal_comma),
        accepted="" if right else accepted_band(interaction, part.accepted, decimal_comma),
        said=tuple(html_of(said, decimal_comma) for said in part.feedback),
        choices=choice_views(interaction, {"your answer": chosen, "key": right}, decimal_comma),
    )
