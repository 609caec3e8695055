"""HTML with every value escaped: the flavour `html` for our own pages, and others for pages that are not ours.

What differs between pages is a `Look`; `Markup` turns a tree into a program that has one.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import cast

from quizgen.items import Cell, Listing, Number, Place, Shown, Table
from quizgen.rendering.document import (
    BlockHole,
    Break,
    Code,
    CodeBlock,
    Condition,
    Document,
    Emphasis,
    Formula,
    Grid,
    GridCell,
    GridRow,
    Heading,
    Hole,
    Items,
    Link,
    ListItem,
    Node,
    Paragraph,
    Quote,
    Rule,
    Strong,
    Words,
)
from quizgen.rendering.formulas import Part, mathml, mathml_in_line
from quizgen.rendering.markdown import latex_pieces
from quizgen.rendering.numbers import INFINITY, MINUS, separator, typographic
from quizgen.rendering.program import Fork, Piece, Program, Setting, Show, Slot, Spot, line_of, pack, wrap
from quizgen.rendering.words import without_controls


@dataclass(frozen=True, slots=True)
class Look:
    """What a page makes of the parts of a text: an opening and a closing, or a whole; ``{}`` is for a label or level."""

    blank: str
    line_break: str
    rule: str
    heading: tuple[str, str]
    code: tuple[str, str]
    table: tuple[str, str]
    head_cell: str
    aligned: str
    number: tuple[str, str]
    wide_formula: tuple[str, str]
    long_part: tuple[str, str]
    list_start: str = ' start="{}"'
    link: str = ' rel="noreferrer"'
    latex: bool = False
    """Whether formulas stay LaTeX, for a page that sets them itself."""


PAGE = Look(
    blank='<span class="blank">____</span>',
    line_break="<br>\n",
    rule="<hr>\n",
    # Headings belong to the page, whose own outline a text must not break; levels show in the looks only.
    heading=('<p class="heading level-{}">', "</p>\n"),
    code=('<pre class="wide" tabindex="0" role="region" aria-label="Code"><code>', "</code></pre>\n"),
    table=(
        '<div class="wide" role="region" tabindex="0" aria-label="{}"><table><thead>\n',
        "</tbody></table></div>\n",
    ),
    head_cell=' scope="{}"',
    aligned=' class="{}"',
    number=('<span class="number">', "</span>"),
    # A span, since a displayed formula may stand in the middle of a paragraph; the style makes it a block.
    wide_formula=('<span class="wide formula" role="region" tabindex="0" aria-label="Formula">', "</span>\n"),
    # The style lets a long part scroll where the screen is narrower than it.
    long_part=('<span class="wide long">', "</span>"),
)

PORTABLE = Look(
    blank="____",
    line_break="<br/>\n",
    rule="<hr/>\n",
    heading=("<p><strong>", "</strong></p>\n"),
    code=("<pre><code>", "</code></pre>\n"),
    table=("<table><thead>\n", "</tbody></table>\n"),
    head_cell=' scope="{}"',
    aligned=' style="text-align: {}"',
    number=("", ""),
    wide_formula=("", "\n"),
    long_part=("", ""),
)
"""For pages that are not ours: well-formed as XML too, with elements that any system keeps, and no classes."""

QTI = replace(PORTABLE, aligned=' class="qti-align-{}"', list_start="", link="")
"""For items of QTI, whose schemas know neither styles nor where a list starts; the classes are those of its version 3."""


@lru_cache(maxsize=16_384)
def escape(words: str) -> str:
    """The words so that HTML shows them as they are, in text and in attributes."""
    return html.escape(without_controls(words))


def show_words(value: Shown, setting: Setting) -> str:
    """The value where only words can stand."""
    line = line_of(value)
    if isinstance(line, Number):
        return typographic(line, setting.decimal_comma)
    if isinstance(line, tuple):
        return separator(line, setting.decimal_comma).join(show_words(part, setting) for part in line)
    return escape(line)


@dataclass(frozen=True, slots=True)
class Markup:
    """Turns trees into programs that have a look."""

    look: Look

    def lower(self, document: Document) -> Program:
        """The program of a tree in HTML."""
        return pack(self._lowered(document))

    def _lowered(self, nodes: Iterable[Node]) -> Iterable[Piece]:
        for node in nodes:
            yield from self._node(node)

    def _element(self, before: str, children: Iterable[Node], after: str) -> list[Piece]:
        return wrap(before, pack(self._lowered(children)), after)

    def _node(self, node: Node) -> Iterable[Piece]:
        look = self.look
        match node:
            case Words(text):
                return [escape(text)]
            case Hole(tag):
                return [Slot(tag, self.show_inline)]
            case BlockHole(tag, tight):
                return [Slot(tag, self.show_tight if tight else self.show_block)]
            case Condition(branches):
                return [Fork(tuple((branch.tag, pack(self._lowered(branch.children))) for branch in branches))]
            case Strong(children):
                return self._element("<strong>", children, "</strong>")
            case Emphasis(children):
                return self._element("<em>", children, "</em>")
            case Code(children):
                return self._element("<code>", children, "</code>")
            case Link(address, children):
                return self._element(f'<a href="{escape(address)}"{look.link}>', children, "</a>")
            case Break(hard):
                return [look.line_break if hard else "\n"]
            case Formula(latex, display):
                return self._formula(latex, display)
            case Paragraph(children, tight):
                return list(self._lowered(children)) if tight else self._element("<p>", children, "</p>\n")
            case Heading(level, children):
                return self._element(look.heading[0].format(level), children, look.heading[1])
            case Quote(children):
                return self._element("<blockquote>\n", children, "</blockquote>\n")
            case Items(None, children):
                return self._element("<ul>\n", children, "</ul>\n")
            case Items(start, children):
                first = look.list_start.format(start) if start != 1 else ""
                return self._element(f"<ol{first}>\n", children, "</ol>\n")
            case ListItem(children):
                return self._element("<li>", children, "</li>\n")
            case CodeBlock(children):
                return self._element(look.code[0], children, look.code[1])
            case Rule():
                return [look.rule]
            case GridCell(children, alignment, head):
                name = "th" if head else "td"
                shape = look.aligned.format(alignment) if alignment else ""
                scope = look.head_cell.format("col") if head else ""
                return [f"<{name}{scope}{shape}>", *self._lowered(children), f"</{name}>"]
            case GridRow(children):
                return ["<tr>", *self._lowered(children), "</tr>\n"]
            case Grid(head, children):
                opening, closing = look.table
                rows = self._lowered(children)
                return [opening.format("Table"), *self._lowered([head]), "</thead><tbody>\n", *rows, closing]

    def _formula(self, latex: str, display: bool) -> list[Piece]:
        look = self.look
        if look.latex:
            opening, closing = (r"\[", r"\]") if display else (r"\(", r"\)")
            return [opening, *_escaped(latex_pieces(" ".join(latex.split()))), closing]
        if display:
            return [look.wide_formula[0], *self._symbols(mathml(latex)), look.wide_formula[1]]
        pieces: list[Piece] = []
        for long, parts in mathml_in_line(latex):
            symbols = self._symbols(parts)
            pieces += [look.long_part[0], *symbols, look.long_part[1]] if long else symbols
        return pieces

    def _symbols(self, parts: Iterable[Part]) -> list[Piece]:
        pieces: list[Piece] = []
        for part in parts:
            if isinstance(part, str):
                pieces.append(part)
            elif part.whole:
                pieces.append(Slot(part.tag, self._symbol(part.attributes)))
            else:
                pieces.append(Slot(part.tag, show_words))
        return pieces

    def show_inline(self, value: Shown, setting: Setting) -> str:
        """The value inside a sentence."""
        if isinstance(value, Place):
            return self._placed(value, setting, Spot(False))
        if isinstance(value, Number):
            return f"{self.look.number[0]}{typographic(value, setting.decimal_comma)}{self.look.number[1]}"
        return show_words(value, setting)

    def show_block(self, value: Shown, setting: Setting) -> str:
        """The value in a paragraph of its own."""
        match value:
            case Table():
                return self._table(value, setting)
            case Listing(items, ordered):
                name = "ol" if ordered else "ul"
                inside = "".join(f"<li>{self.show_inline(item, setting)}</li>\n" for item in items)
                return f"<{name}>\n{inside}</{name}>\n" if items else ""
            case Place():
                return self._placed(value, setting, Spot(True)) + "\n"
        words = self.show_inline(value, setting)
        return f"<p>{words}</p>\n" if words else ""

    def show_tight(self, value: Shown, setting: Setting) -> str:
        """The value as the only thing in an item of a tight list."""
        return (
            self.show_block(value, setting) if isinstance(value, Table | Listing | Place) else self.show_inline(value, setting)
        )

    def _placed(self, place: Place, setting: Setting, spot: Spot) -> str:
        return setting.place(place.answer, spot) if setting.place else self.look.blank

    def _table(self, table: Table, setting: Setting) -> str:
        look = self.look
        label = escape("Table: " + ", ".join(table.heads))
        numeric = [all(isinstance(cell, Number) for cell in column) for column in table.columns]
        shapes = [look.aligned.format("right") if right else "" for right in numeric]
        scope = look.head_cell.format("col")
        heads = "".join(
            f"<th{scope}{shape}>{self.show_inline(head, setting)}</th>" for shape, head in zip(shapes, table.heads, strict=True)
        )
        # The words of the first column name their rows, also to those who hear the table.
        named = bool(numeric) and not numeric[0] and not any(isinstance(cell, Place) for cell in table.columns[0])
        row_scope = look.head_cell.format("row")
        names: Sequence[Cell] = table.columns[0] if named else [""] * len(table.columns[0]) if table.columns else []
        shown = []
        for i, (column, head, right) in enumerate(zip(table.columns, table.heads, numeric, strict=True)):
            before, after = (f"<th{row_scope}>", "</th>") if named and i == 0 else (f"<td{shapes[i]}>", "</td>")
            if right:  # by far the most frequent
                before, after = before + look.number[0], look.number[1] + after
                shown.append(
                    [before + typographic(cell, setting.decimal_comma) + after for cell in cast("Sequence[Number]", column)]
                )
            else:
                cells = (self._cell(cell, head, name, setting) for cell, name in zip(column, names, strict=True))
                shown.append([before + cell + after for cell in cells])
        rows = [f"<tr>{''.join(row)}</tr>\n" for row in zip(*shown, strict=True)]
        opening, closing = look.table[0].format(label), look.table[1]
        return "".join([opening, f"<tr>{heads}</tr>\n</thead><tbody>\n", *rows, closing])

    def _cell(self, cell: Cell, head: str, row: Cell, setting: Setting) -> str:
        if isinstance(cell, Place):
            about = f"{head}, {row}" if isinstance(row, str) and row else head
            return self._placed(cell, setting, Spot(False, about))
        return self.show_inline(cell, setting)

    def _symbol(self, attributes: str) -> Callable[[Shown, Setting], str]:
        """Shows a value as one symbol of a formula."""

        def show(value: Shown, setting: Setting) -> str:
            line = line_of(value)
            if isinstance(line, tuple):
                sign = separator(line, setting.decimal_comma).strip()
                inside = f'<mo separator="true">{sign}</mo>'.join(show(part, setting) for part in line)
                return f"<mrow>{inside}</mrow>"
            if not isinstance(line, Number):
                name = "mi" if len(line) == 1 and line.isalpha() else "mtext"
                return f"<{name}{attributes}>{escape(line)}</{name}>"
            sign = "<mo>−</mo>" if line.startswith("-") else ""
            digits = typographic(line, setting.decimal_comma).removeprefix(MINUS)
            number = f"<mi>{digits}</mi>" if digits == INFINITY else f"<mn{attributes}>{digits}</mn>"
            return f"<mrow>{sign}{number}</mrow>" if sign else number

        return show


def _escaped(pieces: Iterable[Piece]) -> Iterable[Piece]:
    """LaTeX as text of a page."""
    for piece in pieces:
        if isinstance(piece, str):
            yield html.escape(piece, quote=False)
        elif isinstance(piece, Slot):
            yield Slot(piece.tag, _then_escaped(piece.show))


def _then_escaped(show: Show) -> Show:
    return lambda value, setting: html.escape(show(value, setting), quote=False)


lower = Markup(PAGE).lower
portable = Markup(PORTABLE).lower
portable_latex = Markup(replace(PORTABLE, latex=True)).lower
qti = Markup(QTI).lower
qti_latex = Markup(replace(QTI, latex=True)).lower
