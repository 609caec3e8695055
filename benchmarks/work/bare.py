"""Texts rendered by Jinja alone: the limit of what any renderer of pages can do that shows each student other values.

A text's Markdown is converted once; its holes become Jinja's, and autoescape is on. Nothing of quizgen's own rendering is
used: only the texts of its templates and the values that its variants show.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jinja2 import Environment, Template
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from quizgen.items import MARK_BASE, Filled, Listing, Place, Shown, Table, Tag, Text

# Signs that no text holds, so that braces of formulas stay what they are.
_OPEN, _CLOSE, _BEGIN, _END = "⟦", "⟧", "⟪", "⟫"

_TABLE = (
    "<table><thead><tr>{begin} for head in {name}.heads {end}<th>{open} head {close}</th>{begin} endfor {end}</tr></thead>"
    "<tbody>{begin} for row in {name}.columns|rows {end}<tr>{begin} for cell in row {end}<td>{open} cell {close}</td>"
    "{begin} endfor {end}</tr>{begin} endfor {end}</tbody></table>"
)
_LIST = "<ul>{begin} for item in {name}.items {end}<li>{open} item {close}</li>{begin} endfor {end}</ul>"


def _environment() -> Environment:
    environment = Environment(
        autoescape=True, block_start_string=_BEGIN, block_end_string=_END, variable_start_string=_OPEN,
        variable_end_string=_CLOSE, comment_start_string="⟬", comment_end_string="⟭",
    )  # fmt: skip
    environment.filters["rows"] = lambda columns: zip(*columns, strict=True)
    return environment


@dataclass(frozen=True, slots=True)
class Page:
    """What Jinja needs for one text with the values of one variant."""

    template: Template
    values: dict[str, object]

    def rendered(self) -> str:
        """The text as HTML."""
        shown: str = self.template.render(self.values)
        return shown


def pages(filled: Iterable[Filled]) -> list[Page]:
    """The pages of texts, each of which is converted once."""
    environment, markdown = _environment(), MarkdownIt("commonmark").enable("table").use(dollarmath_plugin)
    known: dict[Text, Template] = {}
    made = []
    for one in filled:
        if one.text not in known:
            known[one.text] = environment.from_string(_source(one, markdown))
        made.append(Page(known[one.text], {f"v{i}": _plain(value) for i, value in enumerate(one.values)}))
    return made


def _source(filled: Filled, markdown: MarkdownIt) -> str:
    """The text's HTML with Jinja's tags. The kind of a value is the same in all variants."""
    marked = filled.text.marked
    html: str = markdown.renderInline(marked) if filled.text.inline else markdown.render(marked)
    for i, (tag, value) in enumerate(zip(filled.text.tags, filled.values, strict=True)):
        html = html.replace(chr(MARK_BASE + i), _tag(i, tag, value))
    return html


def _tag(i: int, tag: Tag, value: Shown) -> str:
    signs = {"name": f"v{i}", "open": _OPEN, "close": _CLOSE, "begin": _BEGIN, "end": _END}
    if tag.kind != "value":
        return f"{_BEGIN} {tag.kind} v{i} {_END}" if tag.kind in ("if", "elif") else f"{_BEGIN} {tag.kind} {_END}"
    match value:
        case Table():
            return _TABLE.format(**signs)
        case Listing():
            return _LIST.format(**signs)
        case tuple():
            return f"{_OPEN} v{i}|join(', ') {_CLOSE}"
    return f"{_OPEN} v{i} {_CLOSE}"


def _plain(value: Shown) -> object:
    """The value with a line to write on where an answer stands."""
    match value:
        case Place():
            return "____"
        case Table(heads, columns):
            return {"heads": heads, "columns": [_cells(column) for column in columns]}
        case Listing(items):
            return {"items": items}
    return value


def _cells(column: Sequence[object]) -> list[object]:
    return ["____" if isinstance(cell, Place) else cell for cell in column]
