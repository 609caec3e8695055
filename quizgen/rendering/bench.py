"""The author's bench in HTML: a live page with variants of one template, what is wrong with it, and marks; with all keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from quizgen.items import (
    Arrange,
    ChooseMany,
    ChooseOne,
    EnterNumber,
    EnterText,
    Entry,
    Filled,
    Interaction,
    Match,
    StateDistribution,
    WriteFreely,
)
from quizgen.rendering.controls import controls_of
from quizgen.rendering.gallery import Shot, ShotView, Told, shot_view, told_views
from quizgen.rendering.outcomes import OUTCOMES, html_of
from quizgen.rendering.pages import page


@dataclass(frozen=True, slots=True)
class Remark:
    """Something found in the file: where, how grave, by which check, what, and the address of a variant that shows it.

    ``severity`` is ``broken`` for what keeps the template from loading. ``waived`` is the reason for letting it be.
    """

    place: str
    severity: str
    check: str
    message: str
    address: int | None = None
    waived: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """The mark of what was typed for one answer: ``said`` is what the student would read of it."""

    answer: str
    outcome: str
    percent: str
    mistake: str
    said: tuple[Filled, ...]


@dataclass(frozen=True, slots=True)
class BoxView:
    """A box to type a response in: the answer's name, what it is called, an example of its form, and whether prose is meant."""

    answer: str
    id: str
    title: str
    form: str
    prose: bool


@dataclass(frozen=True, slots=True)
class TryView:
    """A variant with boxes to try responses."""

    shot: ShotView
    boxes: tuple[BoxView, ...]


@dataclass(frozen=True, slots=True)
class JudgedView:
    """A mark as the page shows it."""

    answer: str
    outcome: str
    word: str
    percent: str
    mistake: str
    said: tuple[Markup, ...]


def bench_page(file: str, title: str, last_address: int) -> str:
    """The page itself, which its script fills and keeps up to date; ``last_address`` is the largest that there is."""
    return page("bench", script="bench", live=True, file=file, title=title, last=last_address)


def variants_part(shots: Sequence[Shot], mistakes: tuple[Told, ...]) -> str:
    """Variants side by side with keys, mistakes, solution and boxes to try responses."""
    views = tuple(TryView(shot_view(shot, number), tuple(_boxes(shot, number))) for number, shot in enumerate(shots, 1))
    return page("bench-variants", views=views, mistakes=told_views(mistakes))


def findings_part(remarks: Sequence[Remark], figures: Sequence[tuple[str, str]], variants: int) -> str:
    """What is wrong with the file, the gravest first, and what was measured over so many variants."""
    order = ("broken", "error", "warning", "note")
    ranked = sorted(remarks, key=lambda remark: (bool(remark.waived), order.index(remark.severity)))
    return page("bench-findings", remarks=ranked, figures=figures, variants=variants)


def marks_part(judged: Sequence[Judged], whole: str) -> str:
    """The marks of what was typed, and the percentage of the whole item."""
    views = tuple(
        JudgedView(
            one.answer, one.outcome, OUTCOMES[one.outcome], one.percent, one.mistake,
            tuple(html_of(said, False) for said in one.said),
        )
        for one in judged
    )  # fmt: skip
    return page("bench-marks", judged=views, whole=whole)


def _boxes(shot: Shot, number: int) -> list[BoxView]:
    entry = Entry(f"q{number}", number, 1.0, "", shot.keyed.item)
    return [
        BoxView(answer, f"try-{control.id}", control.title, _form(control.interaction), _is_prose(control.interaction))
        for answer, control in controls_of(entry, False).items()
    ]


def _is_prose(interaction: Interaction) -> bool:
    return isinstance(interaction, WriteFreely)


def _form(interaction: Interaction) -> str:
    """How a response looks."""
    match interaction:
        case ChooseOne():
            return "such as B"
        case ChooseMany():
            return "such as A C, or none"
        case EnterNumber():
            return "a number"
        case EnterText() | WriteFreely():
            return "words"
        case Arrange():
            return "such as C A B"
        case Match():
            return "such as 1-B 2-A"
        case StateDistribution():
            return "such as 0.2; 0.8"
