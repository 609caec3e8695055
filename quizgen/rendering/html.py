"""The flavour `html`: fragments for a page, with MathML for formulas and every value escaped."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable

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
from quizgen.rendering.numbers import INFINITY, MINUS, separator, typographic
from quizgen.rendering.program import Fork, Piece, Program, Setting, Slot, Spot, line_of, pack, wrap
from quizgen.rendering.words import without_controls

BLANK = '<span class="blank">____</span>'


def lower(document: Document) -> Program:
    """The program of a tree in HTML."""
    return pack(_lowered(document))


def escape(words: str) -> str:
    """The words so that HTML shows them as they are, in text and in attributes."""
    return html.escape(without_controls(words))


def _lowered(nodes: Iterable[Node]) -> Iterable[Piece]:
    for node in nodes:
        yield from _node(node)


def _element(before: str, children: Iterable[Node], after: str) -> list[Piece]:
    return wrap(before, pack(_lowered(children)), after)


def _node(node: Node) -> Iterable[Piece]:
    match node:
        case Words(text):
            return [escape(text)]
        case Hole(tag):
            return [Slot(tag, show_inline)]
        case BlockHole(tag, tight):
            return [Slot(tag, show_tight if tight else show_block)]
        case Condition(branches):
            return [Fork(tuple((branch.tag, pack(_lowered(branch.children))) for branch in branches))]
        case Strong(children):
            return _element("<strong>", children, "</strong>")
        case Emphasis(children):
            return _element("<em>", children, "</em>")
        case Code(children):
            return _element("<code>", children, "</code>")
        case Link(address, children):
            return _element(f'<a href="{escape(address)}" rel="noreferrer">', children, "</a>")
        case Break(hard):
            return ["<br>\n" if hard else "\n"]
        case Formula(latex, display):
            return _formula(latex, display)
        case Paragraph(children, tight):
            return list(_lowered(children)) if tight else _element("<p>", children, "</p>\n")
        case Heading(level, children):
            # Headings belong to the page, whose own outline a text must not break; levels show in the looks only.
            return _element(f'<p class="heading level-{level}">', children, "</p>\n")
        case Quote(children):
            return _element("<blockquote>\n", children, "</blockquote>\n")
        case Items(None, children):
            return _element("<ul>\n", children, "</ul>\n")
        case Items(start, children):
            return _element("<ol>\n" if start == 1 else f'<ol start="{start}">\n', children, "</ol>\n")
        case ListItem(children):
            return _element("<li>", children, "</li>\n")
        case CodeBlock(children):
            return _element(
                '<pre class="wide" tabindex="0" role="region" aria-label="Code"><code>', children, "</code></pre>\n"
            )
        case Rule():
            return ["<hr>\n"]
        case GridCell(children, alignment, head):
            name = "th" if head else "td"
            shape = f' class="{alignment}"' if alignment else ""
            scope = ' scope="col"' if head else ""
            return [f"<{name}{scope}{shape}>", *_lowered(children), f"</{name}>"]
        case GridRow(children):
            return ["<tr>", *_lowered(children), "</tr>\n"]
        case Grid(head, children):
            return [*_table_opening("Table"), *_lowered([head]), "</thead><tbody>\n", *_lowered(children), _TABLE_END]


def _table_opening(label: str) -> list[str]:
    return [f'<div class="wide" role="region" tabindex="0" aria-label="{label}"><table><thead>\n']


_TABLE_END = "</tbody></table></div>\n"


def _formula(latex: str, display: bool) -> list[Piece]:
    if display:
        # A span, since a displayed formula may stand in the middle of a paragraph; the style makes it a block.
        opening = '<span class="wide formula" role="region" tabindex="0" aria-label="Formula">'
        return [opening, *_symbols(mathml(latex)), "</span>\n"]
    pieces: list[Piece] = []
    for long, parts in mathml_in_line(latex):
        # The style lets a long part scroll where the screen is narrower than it.
        pieces += ['<span class="wide long">', *_symbols(parts), "</span>"] if long else _symbols(parts)
    return pieces


def _symbols(parts: Iterable[Part]) -> list[Piece]:
    pieces: list[Piece] = []
    for part in parts:
        if isinstance(part, str):
            pieces.append(part)
        elif part.whole:
            pieces.append(Slot(part.tag, _symbol(part.attributes)))
        else:
            pieces.append(Slot(part.tag, show_words))
    return pieces


def show_words(value: Shown, setting: Setting) -> str:
    """The value where only words can stand."""
    line = line_of(value)
    if isinstance(line, Number):
        return typographic(line, setting.decimal_comma)
    if isinstance(line, tuple):
        return separator(line, setting.decimal_comma).join(show_words(part, setting) for part in line)
    return escape(line)


def show_inline(value: Shown, setting: Setting) -> str:
    """The value inside a sentence."""
    if isinstance(value, Place):
        return _placed(value, setting, Spot(False))
    if isinstance(value, Number):
        return f'<span class="number">{typographic(value, setting.decimal_comma)}</span>'
    return show_words(value, setting)


def show_block(value: Shown, setting: Setting) -> str:
    """The value in a paragraph of its own."""
    match value:
        case Table():
            return _table(value, setting)
        case Listing(items, ordered):
            name = "ol" if ordered else "ul"
            inside = "".join(f"<li>{show_inline(item, setting)}</li>\n" for item in items)
            return f"<{name}>\n{inside}</{name}>\n" if items else ""
        case Place():
            return _placed(value, setting, Spot(True)) + "\n"
    words = show_inline(value, setting)
    return f"<p>{words}</p>\n" if words else ""


def show_tight(value: Shown, setting: Setting) -> str:
    """The value as the only thing in an item of a tight list."""
    return show_block(value, setting) if isinstance(value, Table | Listing | Place) else show_inline(value, setting)


def _placed(place: Place, setting: Setting, spot: Spot) -> str:
    return setting.place(place.answer, spot) if setting.place else BLANK


def _table(table: Table, setting: Setting) -> str:
    label = escape("Table: " + ", ".join(table.heads))
    numeric = [all(isinstance(cell, Number) for cell in column) for column in table.columns]
    shapes = [' class="right"' if right else "" for right in numeric]
    heads = "".join(
        f'<th scope="col"{shape}>{show_inline(head, setting)}</th>' for shape, head in zip(shapes, table.heads, strict=True)
    )
    # The words of the first column name their rows, also to those who hear the table.
    named = bool(numeric) and not numeric[0] and not any(isinstance(cell, Place) for cell in table.columns[0])
    rows: list[str] = []
    for row in zip(*table.columns, strict=True):
        cells = [_cell(cell, head, row[0] if named else "", setting) for cell, head in zip(row, table.heads, strict=True)]
        first = f'<th scope="row">{cells[0]}</th>' if named else f"<td{shapes[0]}>{cells[0]}</td>"
        rest = "".join(f"<td{shape}>{cell}</td>" for shape, cell in zip(shapes[1:], cells[1:], strict=True))
        rows.append(f"<tr>{first}{rest}</tr>\n")
    return "".join([*_table_opening(label), f"<tr>{heads}</tr>\n</thead><tbody>\n", *rows, _TABLE_END])


def _cell(cell: Cell, head: str, row: Cell, setting: Setting) -> str:
    if isinstance(cell, Place):
        about = f"{head}, {row}" if isinstance(row, str) and row else head
        return _placed(cell, setting, Spot(False, about))
    return show_inline(cell, setting)


def _symbol(attributes: str) -> Callable[[Shown, Setting], str]:
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
