"""Where in the author's text something stands, when all there is left is the text with marks for tags."""

from __future__ import annotations

from quizgen.items import MARK_BASE, Text


def place_of(text: Text, needle: str, from_line: int = 0) -> tuple[int, int]:
    """Line and column, from 1, of the first ``needle`` at or after a line (from 0) of the marked text.

    A tag may span lines that its mark does not, so lines are counted from the tag before.
    """
    marked = text.marked
    start = sum(len(line) for line in marked.splitlines(keepends=True)[:from_line])
    found = marked.find(needle, start)
    return place_at(text, start if found < 0 else found)


def place_at(text: Text, position: int) -> tuple[int, int]:
    """Line and column, from 1, of a position in the marked text."""
    marked = text.marked
    for back in range(position, -1, -1):
        tag_index = ord(marked[back]) - MARK_BASE if back < len(marked) else -1
        if not 0 <= tag_index < len(text.tags):
            continue
        tag = text.tags[tag_index]
        if back == position:
            return tag.line, tag.column
        between = marked[back + 1 : position]
        line = tag.line + tag.expression.count("\n") + between.count("\n")
        if "\n" in between:
            return line, len(between) - between.rfind("\n")
        return line, tag.column + len(tag.expression) + len("{{  }}") + len(between)
    before = marked[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1
