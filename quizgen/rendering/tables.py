"""Tables in characters: columns padded by what they take on a screen of fixed pitch."""

from __future__ import annotations

from collections.abc import Sequence

from quizgen.rendering.document import Alignment
from quizgen.rendering.words import display_width


def markdown_table(rows: Sequence[Sequence[str]], alignments: Sequence[Alignment]) -> str:
    """The rows, the first being the heads, as a Markdown table whose columns are aligned in its source."""
    widths = _widths(rows, least=3)
    lines = [_row(row, widths, alignments) for row in rows]
    rule = "|".join(_rule(width + 2, alignment) for width, alignment in zip(widths, alignments, strict=True))
    return "\n".join([lines[0], f"|{rule}|", *lines[1:]])


def text_table(rows: Sequence[Sequence[str]], alignments: Sequence[Alignment]) -> str:
    """The rows, the first being the heads, in columns two spaces apart."""
    widths = _widths(rows, least=1)
    lines = ["  ".join(_padded(*cell) for cell in zip(row, widths, alignments, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def _widths(rows: Sequence[Sequence[str]], least: int) -> list[int]:
    return [max(least, *map(display_width, column)) for column in zip(*rows, strict=True)]


def _row(row: Sequence[str], widths: Sequence[int], alignments: Sequence[Alignment]) -> str:
    return "| " + " | ".join(_padded(*cell) for cell in zip(row, widths, alignments, strict=True)) + " |"


def _padded(cell: str, width: int, alignment: Alignment) -> str:
    space = width - display_width(cell)
    left = space if alignment == "right" else space // 2 if alignment == "center" else 0
    return " " * left + cell + " " * (space - left)


def _rule(width: int, alignment: Alignment) -> str:
    left = ":" if alignment in {"left", "center"} else "-"
    right = ":" if alignment in {"right", "center"} else "-"
    return left + "-" * (width - 2) + right
