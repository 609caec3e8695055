"""A gallery of templates in HTML, a few variants each with all that an instructor wants to see; for instructors only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from markupsafe import Markup

from quizgen.items import Entry, Filled, KeyedItem
from quizgen.rendering.keys import KeyedView, keyed_view
from quizgen.rendering.outcomes import html_of
from quizgen.rendering.pages import page


@dataclass(frozen=True, slots=True)
class Told:
    """What a learner is told of a response or a mistake, which is named."""

    name: str
    words: Filled


@dataclass(frozen=True, slots=True)
class Shot:
    """A variant of a template: its address, and what options say of themselves when they are chosen."""

    address: int
    keyed: KeyedItem
    options: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A template with some of its variants and the mistakes that it tells from others, or with its problems."""

    id: str
    title: str
    kinds: tuple[str, ...]
    level: str
    minutes: float
    shots: tuple[Shot, ...] = ()
    mistakes: tuple[Told, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Room:
    """Exhibits of one concept."""

    title: str
    summary: str
    exhibits: tuple[Exhibit, ...]


@dataclass(frozen=True, slots=True)
class ToldView:
    """What a learner is told, as the page shows it."""

    name: str
    words: Markup


@dataclass(frozen=True, slots=True)
class ShotView:
    """A variant as the page shows it."""

    address: int
    entry: KeyedView
    hints: tuple[Markup, ...]
    options: tuple[ToldView, ...]


@dataclass(frozen=True, slots=True)
class ExhibitView:
    """A template as the page shows it."""

    anchor: str
    exhibit: Exhibit
    facts: str
    shots: tuple[ShotView, ...]
    mistakes: tuple[ToldView, ...]


@dataclass(frozen=True, slots=True)
class RoomView:
    """A concept as the page shows it."""

    room: Room
    exhibits: tuple[ExhibitView, ...]


def gallery(title: str, rooms: tuple[Room, ...]) -> str:
    """The gallery as one HTML file, with a table of contents where there is more than one template."""
    numbers = count(1)
    views = tuple(RoomView(room, tuple(_exhibit_view(exhibit, numbers) for exhibit in room.exhibits)) for room in rooms)
    exhibits = [exhibit for room in rooms for exhibit in room.exhibits]
    return page(
        "gallery",
        script="",
        title=title,
        rooms=views,
        count=len(exhibits),
        minutes=f"{sum(exhibit.minutes for exhibit in exhibits):g}",
        broken=sum(bool(exhibit.problems) for exhibit in exhibits),
    )


def _exhibit_view(exhibit: Exhibit, numbers: Iterator[int]) -> ExhibitView:
    shots = tuple(shot_view(shot, next(numbers)) for shot in exhibit.shots)
    facts = [", ".join(exhibit.kinds), exhibit.level, f"{exhibit.minutes:g} min" if exhibit.minutes else ""]
    return ExhibitView(
        anchor=f"t{next(numbers)}",
        exhibit=exhibit,
        facts=" · ".join(filter(None, facts)),
        shots=shots,
        mistakes=told_views(exhibit.mistakes),
    )


def shot_view(shot: Shot, number: int) -> ShotView:
    """A variant ready to be shown, under a number that no other on the page has."""
    entry = Entry(f"q{number}", number, 1.0, "", shot.keyed.item)
    hints = tuple(html_of(hint, False) for hint in shot.keyed.item.hints)
    return ShotView(shot.address, keyed_view(entry, shot.keyed, False), hints, told_views(shot.options))


def told_views(said: tuple[Told, ...]) -> tuple[ToldView, ...]:
    """What learners are told, ready to be shown."""
    return tuple(ToldView(told.name, html_of(told.words, False)) for told in said)
