"""A text as a tree: what its Markdown says, with holes for values and branches for conditions.

The tree is the same for every flavour; each flavour is one function from it to a program (`quizgen.rendering.program`).
A hole names a tag of the text by its index.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Alignment: TypeAlias = Literal["left", "right", "center", ""]


@dataclass(frozen=True, slots=True)
class Words:
    """Literal words."""

    text: str


@dataclass(frozen=True, slots=True)
class Hole:
    """A value inside a line."""

    tag: int


@dataclass(frozen=True, slots=True)
class BlockHole:
    """A value in a paragraph of its own: a table, a list, an answer's place, or words that make a paragraph."""

    tag: int
    tight: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """What is shown when the tag's condition holds; ``tag`` is None for ``else``."""

    tag: int | None
    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """The branches of an ``if``, in a line or around blocks: the first whose tag is true is shown."""

    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that are stressed strongly."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Words that are stressed."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Code in a line."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A link; the address is http, https or mailto."""

    address: str
    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Break:
    """The end of a line inside a paragraph: ``hard`` where the author asked for one."""

    hard: bool


@dataclass(frozen=True, slots=True)
class Formula:
    """LaTeX with marks for values and without conditions."""

    latex: str
    display: bool


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a tight one stands in a list whose items have no space between."""

    children: tuple[Node, ...]
    tight: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; the level counts from 1."""

    level: int
    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """A block quotation."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ListItem:
    """An item of a list."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list: items and conditions on items. ``start`` is the first number, None for bullets."""

    start: int | None
    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Lines of code."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal rule."""


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a table written in Markdown."""

    children: tuple[Node, ...]
    alignment: Alignment
    head: bool


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row of cells."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table written in Markdown: the head row, then rows and conditions on rows."""

    head: GridRow
    children: tuple[Node, ...]


Node: TypeAlias = (
    Words
    | Hole
    | BlockHole
    | Condition
    | Strong
    | Emphasis
    | Code
    | Link
    | Break
    | Formula
    | Paragraph
    | Heading
    | Quote
    | ListItem
    | Items
    | CodeBlock
    | Rule
    | GridCell
    | GridRow
    | Grid
)

Document: TypeAlias = tuple[Node, ...]
