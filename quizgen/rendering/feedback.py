"""A student's marks and feedback in HTML or Markdown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from markupsafe import Markup

from quizgen.items import FeedbackEntry, FeedbackPage, FeedbackPart, Filled
from quizgen.rendering.controls import Control, controls_of, told
from quizgen.rendering.flavours import fragment
from quizgen.rendering.markdown import BLANK, code_span, escape
from quizgen.rendering.numbers import points
from quizgen.rendering.outcomes import (
    OUTCOMES,
    PartView,
    html_of,
    markdown_options,
    markdown_title,
    part_views,
    points_earned,
    stem_told,
    worded_key,
)
from quizgen.rendering.pages import page as html_page
from quizgen.rendering.worksheets import entry_heading, header_lines, worded_points, writer_for


@dataclass(frozen=True, slots=True)
class MarkedView:
    """A marked entry as the page shows it."""

    id: str
    number: int
    title: str
    code: str
    score: str
    stem: Markup
    parts: tuple[PartView, ...]
    solution: Markup


def feedback(page: FeedbackPage, flavour: str) -> str:
    """The feedback as one file in ``html`` or ``markdown``. `QuizgenError` for another flavour."""
    return writer_for(flavour, _WRITERS, "feedback")(page)


def _score(earned: float, possible: float, decimal_comma: bool) -> str:
    return f"{points(earned, decimal_comma)} of {worded_points(possible, decimal_comma)}"


def _html(page: FeedbackPage) -> str:
    sheet = page.worksheet
    comma = sheet.decimal_comma
    return html_page(
        "feedback",
        script="",
        sheet=sheet,
        earned=points(page.earned, comma),
        possible=worded_points(page.possible, comma),
        notes=page.notes,
        entries=tuple(_marked_view(marked, comma) for marked in page.entries),
    )


def _marked_view(marked: FeedbackEntry, decimal_comma: bool) -> MarkedView:
    entry = marked.entry
    typed = {part.answer: part.typed for part in marked.parts}
    return MarkedView(
        id=f"q{entry.number}",
        number=entry.number,
        title=entry.item.title,
        code=entry.code,
        score=_score(marked.earned, entry.points, decimal_comma),
        stem=stem_told(entry, typed, decimal_comma),
        parts=part_views(marked, decimal_comma),
        solution=html_of(marked.solution, decimal_comma),
    )


# Markdown -------------------------------------------------------------------------------------------------------------


def _markdown(page: FeedbackPage) -> str:
    sheet = page.worksheet
    score = f"**{_score(page.earned, page.possible, sheet.decimal_comma)}**"
    parts = [f"# Feedback: {escape(sheet.title)}", "\n".join(header_lines(sheet)[:2]), score]
    if page.notes:
        parts.append("\n".join(f"- {escape(note, True)}" for note in page.notes))
    for marked in page.entries:
        parts += ["---", *_markdown_entry(marked, page)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _markdown_entry(marked: FeedbackEntry, page: FeedbackPage) -> list[str]:
    sheet = page.worksheet
    comma = sheet.decimal_comma
    entry = marked.entry
    typed = {part.answer: part.typed for part in marked.parts}

    def tell(control: Control) -> str:
        return code_span(typed.get(control.answer, "").strip()).replace("|", "\\|") or BLANK

    lines = [
        entry_heading(entry, sheet, 2),
        f"**{_score(marked.earned, entry.points, comma)}**",
        told(entry, comma, "markdown", tell),
    ]
    controls = controls_of(entry, comma)
    for part in marked.parts:
        lines += _markdown_part(part, controls.get(part.answer), comma)
    if marked.solution:
        lines += ["**Worked solution**", fragment(marked.solution, "markdown", decimal_comma=comma)]
    return lines


def _markdown_part(part: FeedbackPart, control: Control | None, decimal_comma: bool) -> list[str]:
    def words(filled: Filled) -> str:
        return " ".join(fragment(filled, "markdown", decimal_comma=decimal_comma).split())

    outcome = OUTCOMES.get(part.outcome, escape(part.outcome))
    earned = f", {shown}" if (shown := points_earned(part, decimal_comma)) else ""
    lines = [markdown_title(control, part.answer, outcome) + earned, markdown_options(control)]
    if typed := part.typed.strip():
        lines.append(f"You answered: {code_span(typed)}")
    right = words(part.key) if part.key else ""
    key, accepted = worded_key(control.interaction if control else None, right, part.accepted, decimal_comma)
    if key:
        lines.append(f"Key: {key}")
    if accepted:
        lines.append(f"Accepted: {escape(accepted)}")
    lines += [fragment(said, "markdown", decimal_comma=decimal_comma) for said in part.feedback]
    return lines


_WRITERS: Mapping[str, Callable[[FeedbackPage], str]] = MappingProxyType({"html": _html, "markdown": _markdown})
