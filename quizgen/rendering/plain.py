"""Trees written as lines of characters: the common part of the flavours `markdown` and `text`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from quizgen.items import Cell, Listing, Number, Place, Shown, Table
from quizgen.rendering.document import (
    Alignment,
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
from quizgen.rendering.program import (
    Fork,
    Piece,
    Program,
    Setting,
    Show,
    Slot,
    Spot,
    Wrapped,
    line_of,
    may_vanish,
    pack,
    wrap,
)

_CELL_END = "\x1f"
_ROW_END = "\x1e"
_LIST_MARK_END = re.compile(r"[.)](?=\s|$)")
_LIST_NUMBER = re.compile(r"\d{1,9}")


@dataclass(frozen=True, slots=True)
class Style:
    """How one flavour writes lines.

    ``words`` writes literal words, given whether they begin a line; ``number`` a number; ``code`` and ``code_block``
    finish code; ``formula`` writes LaTeX; ``link`` joins words and an address; ``table`` pads rows.
    """

    words: Callable[[str, bool], str]
    number: Callable[[Number, bool], str]
    strong: str
    emphasis: str
    code: Callable[[str], str]
    code_block: Callable[[str], str]
    formula: Callable[[str, bool], Iterable[Piece]]
    link: Callable[[str, str], str]
    table: Callable[[Sequence[Sequence[str]], Sequence[Alignment]], str]
    hard_break: str
    blank: str
    separate: Callable[[tuple[str, ...], bool], str]
    list_guard: str


class Writer:
    """Turns trees into programs in one style."""

    def __init__(self, style: Style) -> None:
        self.style = style
        self.show_inline: Show = self._shower(starts_line=False)
        self.show_first: Show = self._shower(starts_line=True)
        self.show_before_mark: Show = self._guarded(self.show_first)

    def lower(self, document: Document) -> Program:
        """The program of a tree."""
        return pack(self._blocks(document))

    # Blocks: each ends with an empty line, or in a tight list with the end of its line -----------------------------

    def _blocks(self, nodes: Iterable[Node]) -> Iterator[Piece]:
        inline: list[Node] = []
        for node in nodes:
            if _in_line(node):
                inline.append(node)
                continue
            yield from self._line(inline)
            inline = []
            yield from self._block(node)
        yield from self._line(inline)

    def _block(self, node: Node) -> Iterable[Piece]:
        match node:
            case BlockHole(tag, tight):
                return [Slot(tag, self.show_tight if tight else self.show_block)]
            case Condition(branches):
                return [Fork(tuple((branch.tag, pack(self._blocks(branch.children))) for branch in branches))]
            case Paragraph(children, tight):
                return wrap("", pack(self._line(children)), "\n" if tight else "\n\n")
            case Heading(_, children):
                return [*self._stressed(self.style.strong, children), "\n\n"]
            case Quote(children):
                return [Wrapped(pack(self._blocks(children)), lambda text: _indented(text, "> ", "> ") + "\n\n")]
            case Items():
                return self._items(node)
            case CodeBlock(children):
                finish = self.style.code_block
                return [Wrapped(pack(self._code(children)), lambda text: finish(text) + "\n\n")]
            case Rule():
                return ["---\n\n"]
            case Grid(head, children):
                return [Wrapped(pack(self._rows((head, *children))), self._grid(head))]
            case Formula(latex):
                return [*self.style.formula(latex, True), "\n\n"]
        raise AssertionError(f"not a block: {node}")

    def _items(self, items: Items) -> list[Piece]:
        end = "\n" if _tight(items.children) else "\n\n"
        number = items.start
        pieces: list[Piece] = []

        def item(node: Node) -> Piece:
            nonlocal number
            if isinstance(node, Condition):
                forks = ((branch.tag, pack(map(item, branch.children))) for branch in node.branches)
                return Fork(tuple(forks))
            sign = "- " if number is None else f"{number}. "
            number = None if number is None else number + 1
            program = pack(self._blocks(node.children if isinstance(node, ListItem) else (node,)))
            vanishing = may_vanish(program)

            def finish(text: str) -> str:
                return "" if vanishing and not text.strip() else _indented(text, sign, " " * len(sign)) + end

            return Wrapped(program, finish)

        pieces += map(item, items.children)
        return [*pieces, "\n"] if end == "\n" else pieces

    def _rows(self, nodes: Iterable[Node]) -> Iterator[Piece]:
        for node in nodes:
            match node:
                case GridRow(cells):
                    for cell in cells:
                        yield from self._line(cell.children if isinstance(cell, GridCell) else ())
                        yield _CELL_END
                    yield _ROW_END
                case Condition(branches):
                    yield Fork(tuple((branch.tag, pack(self._rows(branch.children))) for branch in branches))

    def _grid(self, head: GridRow) -> Callable[[str], str]:
        alignments = [cell.alignment for cell in head.children if isinstance(cell, GridCell)]

        def finish(text: str) -> str:
            rows = [row.split(_CELL_END)[:-1] for row in text.split(_ROW_END)[:-1]]
            table = self.style.table([[" ".join(cell.split("\n")).strip() for cell in row] for row in rows], alignments)
            return table + "\n\n"

        return finish

    # Lines ----------------------------------------------------------------------------------------------------------

    def _line(self, nodes: Iterable[Node], starts: bool = True) -> Iterator[Piece]:
        row = list(nodes)
        for node, following in zip_longest(row, row[1:]):
            match node:
                case Words(text):
                    yield self.style.words(text, starts)
                    starts = starts and not text.strip()
                case Hole(tag):
                    ends_mark = isinstance(following, Words) and _LIST_MARK_END.match(following.text)
                    first = self.show_before_mark if ends_mark else self.show_first
                    yield Slot(tag, first if starts else self.show_inline)
                case Condition(branches):
                    lines = ((branch.tag, pack(self._line(branch.children, starts))) for branch in branches)
                    yield Fork(tuple(lines))
                case Strong(children):
                    yield from self._stressed(self.style.strong, children)
                    starts = False
                case Emphasis(children):
                    yield from self._stressed(self.style.emphasis, children)
                    starts = False
                case Code(children):
                    yield Wrapped(pack(self._code(children)), self.style.code)
                    starts = False
                case Link(address, children):
                    yield Wrapped(pack(self._line(children, False)), self._linked(address))
                    starts = False
                case Break(hard):
                    yield self.style.hard_break if hard else "\n"
                    starts = True
                case Formula(latex, _):
                    yield from self.style.formula(latex, False)
                    starts = False

    def _stressed(self, sign: str, children: Iterable[Node]) -> list[Piece]:
        program = pack(self._line(children, not sign))

        def finish(text: str) -> str:
            inside = text.strip()  # a sign next to a space would not be read as a sign
            return f"{sign}{inside}{sign}" if inside else ""

        return [Wrapped(program, finish)]

    def _linked(self, address: str) -> Callable[[str], str]:
        return lambda text: self.style.link(text, address)

    def _code(self, nodes: Iterable[Node]) -> Iterator[Piece]:
        for node in nodes:
            match node:
                case Words(text):
                    yield text
                case Hole(tag):
                    yield Slot(tag, self._show_code)
                case Condition(branches):
                    yield Fork(tuple((branch.tag, pack(self._code(branch.children))) for branch in branches))

    # Values ---------------------------------------------------------------------------------------------------------

    def _shower(self, *, starts_line: bool) -> Show:
        style = self.style

        def show(value: Shown, setting: Setting) -> str:
            if isinstance(value, Place):
                return self._placed(value, setting, Spot(False))
            line = line_of(value)
            if isinstance(line, Number):
                return style.number(line, setting.decimal_comma)
            if isinstance(line, tuple):
                shown = [show(line[0], setting), *(self.show_inline(part, setting) for part in line[1:])] if line else []
                return style.separate(line, setting.decimal_comma).join(shown)
            if "\n" in line or "\t" in line:
                line = " ".join(line.split())
            return style.words(line.lstrip() if starts_line else line, starts_line)

        return show

    def _guarded(self, show: Show) -> Show:
        """Shows a value that begins a line before ". " or ") ", with which the value 1 would begin a list."""

        def guarded(value: Shown, setting: Setting) -> str:
            shown = show(value, setting)
            return shown + self.style.list_guard if _LIST_NUMBER.fullmatch(shown) else shown

        return guarded

    def show_block(self, value: Shown, setting: Setting) -> str:
        """The value in a paragraph of its own."""
        match value:
            case Table():
                return self._table(value, setting) + "\n\n"
            case Listing(items, ordered):
                signs = [f"{number}. " if ordered else "- " for number in range(1, len(items) + 1)]
                lines = [sign + self.show_first(item, setting) for sign, item in zip(signs, items, strict=True)]
                return "\n".join(lines) + "\n\n" if lines else ""
            case Place():
                return self._placed(value, setting, Spot(True)) + "\n\n"
        words = self.show_first(value, setting)
        return words + "\n\n" if words else ""

    def show_tight(self, value: Shown, setting: Setting) -> str:
        """The value as the only thing in an item of a tight list."""
        return self.show_block(value, setting).rstrip("\n") + "\n"

    def _show_code(self, value: Shown, setting: Setting) -> str:
        line = line_of(value)
        parts = line if isinstance(line, tuple) else (line,)
        shown = (self.style.number(part, False) if isinstance(part, Number) else part for part in parts)
        return ", ".join(" ".join(part.split("\n")) for part in shown)

    def _placed(self, place: Place, setting: Setting, spot: Spot) -> str:
        return setting.place(place.answer, spot) if setting.place else self.style.blank

    def _table(self, table: Table, setting: Setting) -> str:
        heads = [self.show_first(head, setting) for head in table.heads]
        columns = [[self._cell(cell, setting) for cell in column] for column in table.columns]
        numeric: list[Alignment] = [
            "right" if column and all(isinstance(cell, Number) for cell in column) else "" for column in table.columns
        ]
        return self.style.table([heads, *map(list, zip(*columns, strict=True))], numeric)

    def _cell(self, cell: Cell, setting: Setting) -> str:
        if isinstance(cell, Place):
            return self._placed(cell, setting, Spot(False))
        return self.show_first(cell, setting)


_INLINE = (Words, Hole, Strong, Emphasis, Code, Link, Break)


def _in_line(node: Node) -> bool:
    """True for a part of a line, and for a condition on such parts."""
    if isinstance(node, Condition):
        return all(_in_line(child) for branch in node.branches for child in branch.children)
    return isinstance(node, _INLINE) or (isinstance(node, Formula) and not node.display)


def _tight(nodes: Iterable[Node]) -> bool:
    for node in nodes:
        if isinstance(node, Paragraph | BlockHole) and not node.tight:
            return False
        if isinstance(node, ListItem) and not _tight(node.children):
            return False
        if isinstance(node, Condition) and not all(_tight(branch.children) for branch in node.branches):
            return False
    return True


def _indented(text: str, first: str, rest: str) -> str:
    lines = text.strip("\n").split("\n")
    return "\n".join([(first + lines[0]).rstrip(), *((rest + line).rstrip() for line in lines[1:])])
