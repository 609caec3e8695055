"""From a text to its tree: Markdown is read once per template, with marks standing for tags."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias, cast

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from quizgen.items import MARK_BASE, Text
from quizgen.rendering.breaking import MARK
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
from quizgen.rendering.formulas import complaint
from quizgen.rendering.lines import give_room
from quizgen.rendering.places import place_of
from quizgen.rendering.tree import Builder, expand_formula

Problem: TypeAlias = tuple[int, int, str]

_BLOCK_VALUE = re.compile(r"\s*(?:table|bullets|numbered)\s*\(")
_OWN_LINE = re.compile(r"\s*(?:(?:table|bullets|numbered)\s*\(|answer\s*\.\s*\w+\s*$)")
_RAW_HTML = re.compile(r"</?[A-Za-z][^\s<>]*(?:\s[^<>]*)?/?>|<!--")
_SCHEMES = ("http://", "https://", "mailto:")
_ALIGNMENTS = {"text-align:left": "left", "text-align:right": "right", "text-align:center": "center"}


@dataclass(frozen=True, slots=True)
class Reading:
    """A text's tree, what was found wrong with it, and the first thing that keeps it from being shown at all."""

    document: Document
    problems: tuple[Problem, ...]
    fatal: Problem | None


@lru_cache(maxsize=4096)
def read(text: Text) -> Reading:
    """The tree of a text, with every problem by line and column of the text."""
    return _Reader(text).read()


def _markdown() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable("text_join")
    return reader.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False, double_inline=True)


_MARKDOWN = _markdown()


class _Reader:
    """Reads one text; the state of one pass over its tokens."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.problems: list[Problem] = []
        self.line = 0
        self.fatal: list[Problem] = []
        self.builder = Builder(text, self.fatal.append)

    def read(self) -> Reading:
        if self.text.inline:
            # A one-line text opens no list, heading or quotation, whatever it begins with.
            for token in _MARKDOWN.parseInline(self.text.marked.strip()):
                self._inline(token.children or [])
        else:
            roomy = give_room(self.text)
            origins = roomy.origins
            tokens = _MARKDOWN.parse(roomy.marked)
            for index, token in enumerate(tokens):
                if token.map:
                    self.line = origins[min(token.map[0], len(origins) - 1)]
                self._block(token, tokens, index)
        document = self.builder.finish()
        self._refuse_blocks_in_lines(document, set())
        problems = tuple(sorted({*self.problems, *self.fatal}))
        return Reading(document, problems, min(self.fatal, default=None))

    def problem(self, needle: str, message: str) -> None:
        self.problems.append((*place_of(self.text, needle, self.line), message))

    # Blocks ---------------------------------------------------------------------------------------------------------

    def _block(self, token: Token, tokens: list[Token], index: int) -> None:
        builder = self.builder
        match token.type:
            case "inline":
                self._paragraph_inside(token)
            case "paragraph_open":
                before, _, _ = self._hoisted(tokens[index + 1])
                builder.controls(before)
                builder.open("paragraph")
            case "paragraph_close":
                children = builder.close("paragraph")
                builder.add(*_paragraph(children, self.text, token.hidden))
                builder.controls(self._hoisted(tokens[index - 1])[2])
            case "tr_open" if self._row_of_controls(tokens, index):
                builder.open("controls")
            case "tr_close" if builder.inside("controls"):
                builder.controls(mark for node in builder.close("controls") for mark in _marks(node))
            case "th_open" | "td_open" | "th_close" | "td_close" if builder.inside("controls"):
                pass
            case "tbody_open" | "tbody_close" | "thead_open" | "thead_close":
                pass
            case "fence" | "code_block":
                builder.open("code")
                self._marked_words(token.content.rstrip("\n"), checked=False)
                builder.add(CodeBlock(builder.close("code")))
            case "hr":
                builder.add(Rule())
            case "math_block":
                builder.add(*self._formula(token.content, display=True))
            case kind if kind.endswith("_open"):
                builder.open(kind.removesuffix("_open"))
            case kind if kind.endswith("_close"):
                builder.add(_closed(kind.removesuffix("_close"), token, builder))
            case kind:
                raise AssertionError(f"a token that no rule makes: {kind}")
        if token.type.endswith("_open") and not builder.inside("controls"):
            builder.note(token)

    def _paragraph_inside(self, token: Token) -> None:
        builder = self.builder
        if builder.inside("controls"):
            builder.add(*(Words(mark) for mark in MARK.findall(token.content)))
            return
        if not builder.inside("paragraph"):
            self._inline(token.children or [])
            return
        _, middle, _ = self._hoisted(token)
        self._inline(_MARKDOWN.parseInline(middle)[0].children or [] if middle != token.content else token.children or [])

    def _hoisted(self, inline: Token) -> tuple[list[str], str, list[str]]:
        """Marks that lead a paragraph but end beyond it, the paragraph, marks that end it but began before it."""
        content = inline.content
        lone = self._unmatched(content)
        before: list[str] = []
        after: list[str] = []
        start, end = 0, len(content)
        while start < end and (content[start].isspace() or start in lone):
            before += [content[start]] if start in lone else []
            start += 1
        while end > start and (content[end - 1].isspace() or end - 1 in lone):
            end -= 1
            after[:0] = [content[end]] if end in lone else []
        middle = content[start:end] if before or after else content
        return before, middle, after

    def _unmatched(self, content: str) -> set[int]:
        """Positions of parts of an ``if`` that do not belong to an ``if`` which begins and ends in this content."""
        open_groups: list[list[int]] = []
        lone: set[int] = set()
        for match in MARK.finditer(content):
            kind = self._kind(match.group())
            if kind == "if":
                open_groups.append([match.start()])
            elif kind in {"elif", "else", "endif"}:
                (open_groups[-1] if open_groups else []).append(match.start())
                if not open_groups:
                    lone.add(match.start())
                elif kind == "endif":
                    open_groups.pop()
        return lone.union(*open_groups)

    def _row_of_controls(self, tokens: list[Token], index: int) -> bool:
        contents = []
        for token in tokens[index:]:
            if token.type == "tr_close":
                break
            contents.append(token.content)
        row = "".join(contents).strip()
        return bool(row) and all(self._kind(character) not in {"", "value"} for character in row if character != " ")

    # Lines ----------------------------------------------------------------------------------------------------------

    def _inline(self, tokens: Sequence[Token]) -> None:
        builder = self.builder
        for token in tokens:
            match token.type:
                case "text":
                    self._marked_words(token.content, checked=True)
                case "text_special":
                    self._marked_words(token.content, checked=False)
                case "softbreak" | "hardbreak":
                    builder.add(Break(token.type == "hardbreak"))
                case "code_inline":
                    builder.open("code")
                    self._marked_words(token.content, checked=False)
                    builder.add(Code(builder.close("code")))
                case "math_inline" | "math_inline_double":
                    builder.add(*self._formula(token.content, display=token.type == "math_inline_double"))
                case "strong_open" | "em_open":
                    builder.open(token.type)
                case "strong_close":
                    builder.add(Strong(builder.close("strong_open")))
                case "em_close":
                    builder.add(Emphasis(builder.close("em_open")))
                case "link_open":
                    builder.open("link")
                    builder.note(token)
                case "link_close":
                    builder.add(self._link())
                case "image":
                    self.problem("![", "pictures are not carried in texts: say it in words, or in a table")
                    builder.add(Words(token.content))
                case kind:
                    raise AssertionError(f"a token that no rule makes: {kind}")

    def _link(self) -> Node:
        address = str(self.builder.noted().attrs.get("href", ""))
        children = self.builder.close("link")
        if "%EE%80%" in address.upper() or MARK.search(address):
            self.problem("](", "a value cannot stand in a link's address: write the address out")
        if not address.startswith(_SCHEMES):
            self.problem("](", "a link's address begins with https://, http:// or mailto:")
            return Strong(children)
        return Link(address, children)

    def _marked_words(self, content: str, *, checked: bool) -> None:
        if checked:
            self._check_words(content)
        start = 0
        for match in MARK.finditer(content):
            kind = self._kind(match.group())
            if not kind:
                continue  # a private-use character of the author's own
            if match.start() > start:
                self.builder.add(Words(content[start : match.start()]))
            self.builder.mark(match.group())
            start = match.end()
        if start < len(content):
            self.builder.add(Words(content[start:]))

    def _check_words(self, content: str) -> None:
        if "$" in content:
            needle = content.strip() if content.strip() in self.text.marked else "$"
            line, column = place_of(self.text, needle, self.line)
            offset = needle.find("$")
            self.problems.append(
                (
                    line,
                    column + offset,
                    "a $ without its partner: $x$ is a formula, with no space inside; \\$ is a dollar sign",
                )
            )
        if tag := _RAW_HTML.search(content):
            shown = MARK.sub("{{…}}", tag.group())
            self.problem(tag.group(), f"{shown} is HTML, which a text does not carry: it would be shown as it is; use Markdown")

    def _formula(self, latex: str, *, display: bool) -> tuple[Node, ...]:
        nodes, too_many = expand_formula(latex, self.text, display)
        if too_many:
            message = "too many conditions in one formula: put the conditions around whole formulas"
            self.fatal.append((*place_of(self.text, latex, self.line), message))
        for formula in _formulas(nodes):
            if complained := complaint(formula.latex):
                self.fatal.append((*place_of(self.text, latex, self.line), complained))
        for tag_index in {ord(mark) - MARK_BASE for mark in MARK.findall(latex) if self._kind(mark) == "value"}:
            tag = self.text.tags[tag_index]
            if _OWN_LINE.match(tag.expression):
                self.problems.append((tag.line, tag.column, "a table, a list or an answer cannot stand in a formula"))
        return nodes

    def _kind(self, mark: str) -> str:
        return self.builder.kind(mark)

    def _refuse_blocks_in_lines(self, nodes: Iterable[Node], seen: set[int]) -> None:
        for node in nodes:
            if isinstance(node, Hole):
                tag = self.text.tags[node.tag]
                if _BLOCK_VALUE.match(tag.expression):
                    name = tag.expression.split("(")[0].strip()
                    message = f"{name}() stands inside a sentence: give it a paragraph of its own, with blank lines around"
                    self.problems.append((tag.line, tag.column, message))
            elif isinstance(node, Condition):
                for branch in node.branches:
                    self._refuse_blocks_in_lines(branch.children, seen)
            elif isinstance(node, Grid):
                self._refuse_blocks_in_lines((node.head, *node.children), seen)
            else:
                self._refuse_blocks_in_lines(getattr(node, "children", ()), seen)


def _formulas(nodes: Iterable[Node]) -> list[Formula]:
    found: list[Formula] = []
    for node in nodes:
        if isinstance(node, Formula):
            found.append(node)
        elif isinstance(node, Condition):
            for branch in node.branches:
                found += _formulas(branch.children)
    return found


def _marks(node: Node) -> list[str]:
    return MARK.findall(node.text) if isinstance(node, Words) else []


def _paragraph(children: tuple[Node, ...], text: Text, tight: bool) -> tuple[Node, ...]:
    """The paragraph; or, where it holds only a value, or only values that need a line of their own, those."""
    meant = [node for node in children if not _blank(node)]
    if not meant:
        return ()
    if len(meant) == 1 and isinstance(meant[0], Hole):
        return (BlockHole(meant[0].tag, tight),)
    if len(meant) == 1 and isinstance(meant[0], Formula) and meant[0].display:
        return (meant[0],)
    lifted = _lifted(meant, text)
    return lifted if lifted is not None else (Paragraph(_trimmed(children), tight),)


def _lifted(nodes: Iterable[Node], text: Text) -> tuple[Node, ...] | None:
    out: list[Node] = []
    for node in nodes:
        if _blank(node):
            continue
        if isinstance(node, Hole) and _OWN_LINE.match(text.tags[node.tag].expression):
            out.append(BlockHole(node.tag))
        elif isinstance(node, Condition):
            inside = [(branch, _lifted(branch.children, text)) for branch in node.branches]
            if any(children is None for _, children in inside):
                return None
            out.append(Condition(tuple(type(branch)(branch.tag, children or ()) for branch, children in inside)))
        else:
            return None
    return tuple(out)


def _blank(node: Node) -> bool:
    return isinstance(node, Break) or (isinstance(node, Words) and not node.text.strip())


def _trimmed(children: tuple[Node, ...]) -> tuple[Node, ...]:
    start, end = 0, len(children)
    while start < end and _blank(children[start]):
        start += 1
    while end > start and _blank(children[end - 1]):
        end -= 1
    return children[start:end]


def _closed(kind: str, token: Token, builder: Builder) -> Node:
    """The node of a block that ends here."""
    opened = builder.noted()
    children = builder.close(kind)
    match kind:
        case "heading":
            return Heading(int(opened.tag[1:]), children)
        case "blockquote":
            return Quote(children)
        case "bullet_list":
            return Items(None, children)
        case "ordered_list":
            return Items(int(cast(Any, opened.attrs.get("start", 1))), children)
        case "list_item":
            return ListItem(children)
        case "table":
            rows = [node for node in children if not isinstance(node, Words)]
            head = cast(GridRow, rows[0])
            return Grid(head, tuple(rows[1:]))
        case "tr":
            return GridRow(children)
        case "th" | "td":
            style = str(opened.attrs.get("style", ""))
            return GridCell(_trimmed(children), cast(Alignment, _ALIGNMENTS.get(style, "")), kind == "th")
    raise AssertionError(f"a block that no rule makes: {token.type}")
