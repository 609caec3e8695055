"""A template's lines made ready for a Markdown reader: conditions that stand around blocks get room of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quizgen.items import MARK_BASE, Text

_BLOCK = re.compile(r"\s*(?:[-*+]\s|\d+[.)]\s|#{1,6}\s|>|```|~~~|\||\$\$)")
_FENCE = re.compile(r"\s{0,3}(```+|~~~+)")


@dataclass(frozen=True, slots=True)
class Roomy:
    """The lines to read, and for each the number (from 0) of the marked line it comes from."""

    marked: str
    origins: tuple[int, ...]


def give_room(text: Text) -> Roomy:
    """The marked text with blank lines around each ``if``, ``else`` and ``endif`` that stand alone around blocks.

    An author writes ``{% if … %}``, a list, ``{% endif %}`` on lines below each other; to Markdown the last would be
    part of the last item. A condition around a mere part of a paragraph, or around rows of a table, stays where it is.
    """
    lines = text.marked.split("\n")
    roomy = _lines_in_need(text, lines)
    out: list[str] = []
    origins: list[int] = []
    for number, line in enumerate(lines):
        padded = ["", line, ""] if number in roomy else [line]
        out += padded
        origins += [number] * len(padded)
    return Roomy("\n".join(out), tuple(origins))


def _lines_in_need(text: Text, lines: list[str]) -> set[int]:
    need: set[int] = set()
    for group in _groups(text, lines):
        inside = lines[group[0] + 1 : group[-1]]
        row_above = group[0] > 0 and lines[group[0] - 1].lstrip().startswith("|")
        if not row_above and any(not line.strip() or _BLOCK.match(line) for line in inside):
            need.update(group)
    return need


def _groups(text: Text, lines: list[str]) -> Iterator[tuple[int, ...]]:
    """For each ``if`` all of whose tags stand on lines of their own: the numbers of those lines."""
    open_groups: list[list[int] | None] = []
    fence = ""
    for number, line in enumerate(lines):
        if match := _FENCE.match(line):
            fence = "" if fence and line.strip().startswith(fence) else fence or match[1]
        kinds = [kind for character in line if (kind := _kind(text, character))]
        alone = not fence and len(line.strip()) == len(kinds)
        for kind in kinds:
            if kind == "if":
                open_groups.append([number] if alone else None)
            elif open_groups:
                group = open_groups[-1]
                if group is not None and alone:
                    group.append(number)
                else:
                    open_groups[-1] = None
                if kind == "endif" and (done := open_groups.pop()):
                    yield tuple(done)


def _kind(text: Text, character: str) -> str:
    """The kind of the tag whose mark this is, when it is a part of an ``if``; otherwise nothing."""
    index = ord(character) - MARK_BASE
    if not 0 <= index < len(text.tags) or text.tags[index].kind == "value":
        return ""
    return text.tags[index].kind
