"""Where a place inside a text value stands in the YAML file that the text is written in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizgen.bank.nodes import Node


def text_position(node: Node, line: int, column: int) -> tuple[int, int]:
    """The line and column in the file of a line and column (from 1) in the text of a scalar node."""
    if node.style == "|":
        first, indent = _block_start(node)
        return first + line - 1, indent + column
    wanted = _ink_before(node.text, line, column)
    for seen, place in enumerate(_ink(node)):
        if seen == wanted:
            return place
    return node.line, node.column


def _block_start(node: Node) -> tuple[int, int]:
    """The first content line of a block text, and its indentation."""
    lines = node.source.lines
    for number in range(node.line, len(lines)):
        if lines[number].strip():
            first = next((part for part in node.text.split("\n") if part.strip()), "")
            own = len(first) - len(first.lstrip(" "))
            return node.line + 1, len(lines[number]) - len(lines[number].lstrip(" ")) - own
    return node.line, node.column - 1


def _ink_before(text: str, line: int, column: int) -> int:
    """How many characters other than white space stand before a place of a text; folding changes only white space."""
    parts = text.split("\n")
    before = "".join(parts[: line - 1]) + (parts[line - 1][: column - 1] if line <= len(parts) else "")
    return sum(not character.isspace() for character in before)


_BLANK_UNITS = ("\\", r"\n", r"\t", r"\r", r"\ ", r"\_")
_UNIT = {'"': re.compile(r"\\(?:x..|u.{4}|U.{8}|.)|.|\\$"), "'": re.compile("''|.")}


def _ink(node: Node) -> Iterator[tuple[int, int]]:
    """The places in the file of a scalar's characters other than white space, in order."""
    lines = node.source.lines
    unit = _UNIT.get(node.style, re.compile("."))
    if node.style == ">":
        number, start = _block_start(node)
    else:
        number, start = node.line, node.column - 1 + (node.style in ("'", '"'))
    while number <= len(lines):
        for found in unit.finditer(lines[number - 1], start):
            if not found[0].isspace() and not (node.style == '"' and found[0] in _BLANK_UNITS):
                yield number, found.start() + 1
        number, start = number + 1, 0
