"""Single items as a student's page shows them, and the text that is seen there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from typing import Literal

import numpy as np

from quizgen.checking.sweep import Sweep
from quizgen.items import Entry, Filled, Item, Listing, Section, Shown, Table, Worksheet
from quizgen.rendering import worksheet

Flavour = Literal["html", "markdown"]

_UNSEEN = frozenset({"head", "script", "style", "noscript", "template"})


def some(sweep: Sweep, count: int) -> list[int]:
    """Places of at most so many variants of the sweep: the first, and others at even distances."""
    places = np.linspace(0, len(sweep.ordinals) - 1, count)
    return sorted({int(place) for place in places})


def student_page(item: Item, flavour: Flavour, *, hints: bool = False, title: bool = True) -> str:
    """The whole file that a student gets whose worksheet has this item alone."""
    shown = replace(item, hints=item.hints if hints else (), title=item.title if title else "")
    entry = Entry("q1", 1, 1.0, "", shown)
    return worksheet(Worksheet("Worksheet", None, "", "", "", "", "", (Section("", (entry,)),)), flavour)


def main_part(page: str) -> str:
    """What a page in HTML says of its items; all else is the same on every page, and has words and numbers of its own."""
    return page.partition("<main")[2].partition("</main>")[0]


def seen(html: str) -> str:
    """The text that is seen of some HTML, without any white space."""
    reader = _Seen()
    reader.feed(html)
    reader.close()
    return re.sub(r"\s+", "", "".join(reader.parts))


class _Seen(HTMLParser):
    """Collects text outside of what is never shown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unseen += tag in _UNSEEN

    def handle_endtag(self, tag: str) -> None:
        self.unseen -= tag in _UNSEEN
        if tag in ("td", "th", "li", "p"):
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.parts.append(data)


def attributes(html: str) -> list[str]:
    """What stands in the HTML without being seen: comments, and elements with the names and values of their attributes."""
    reader = _Unseen()
    reader.feed(html)
    reader.close()
    return reader.parts


class _Unseen(HTMLParser):
    """Collects all but text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append(tag)
        for name, value in attrs:
            self.parts += [name, value or ""]

    def handle_comment(self, data: str) -> None:
        self.parts.append(data)


def shown_values(filled: Filled) -> Iterator[Shown]:
    """The values of a text that its conditions let through, in order."""
    keep, done = [True], [False]
    for tag, value in zip(filled.text.tags, filled.values, strict=True):
        if tag.kind == "value":
            if keep[-1]:
                yield value
        elif tag.kind == "if":
            done.append(bool(value))
            keep.append(keep[-1] and done[-1])
        elif tag.kind == "endif":
            keep.pop()
            done.pop()
        else:
            holds = not done[-1] and (tag.kind == "else" or bool(value))
            done[-1] = done[-1] or holds
            keep[-1] = keep[-2] and holds


def words_shown(filled: Filled) -> Iterator[str]:
    """The single words and numbers among a text's values, in the order in which they are read; tables row by row."""
    for value in shown_values(filled):
        match value:
            case Table(heads, columns):
                yield from heads
                yield from (cell for row in zip(*columns, strict=True) for cell in row if isinstance(cell, str))
            case Listing(items):
                yield from items
            case tuple():
                yield from value
            case str():
                yield value
