"""Builds a text's tree from a run of openings, closings and marks, and holds that conditions nest with structure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from markdown_it.token import Token

from quizgen.items import MARK_BASE, Text
from quizgen.rendering.breaking import MARK
from quizgen.rendering.document import Branch, Condition, Document, Formula, Hole, Node, Words

STRADDLES = (
    "this {% if %} begins in one part of the structure (a paragraph, list item, cell or emphasis) and ends in another: "
    "keep it inside one, or put its tags on lines of their own with blank lines around"
)
_UNOPENED = "without its {% if %} in the same part of the structure (paragraph, list item, cell or emphasis)"
_MOST_FORMULAS = 64


@dataclass(slots=True)
class _Frame:
    """Something open: what it is, what it holds so far; for an ``if``, also its finished branches."""

    kind: str
    children: list[Node] = field(default_factory=list)
    opener: Token | None = None
    tag: int = -1
    current: int | None = None
    branches: list[Branch] = field(default_factory=list)


class Builder:
    """A stack of open parts of one text."""

    def __init__(self, text: Text, report: Callable[[tuple[int, int, str]], None]) -> None:
        self.text = text
        self.report = report
        self.frames = [_Frame("document")]
        self.ended_early = 0

    def kind(self, mark: str) -> str:
        """The kind of the tag that the mark stands for; empty for a character that stands for itself."""
        index = ord(mark) - MARK_BASE
        return self.text.tags[index].kind if 0 <= index < len(self.text.tags) else ""

    def add(self, *nodes: Node) -> None:
        """Puts nodes into what is open."""
        self.frames[-1].children.extend(nodes)

    def open(self, kind: str) -> None:
        """Opens a part."""
        self.frames.append(_Frame(kind))

    def note(self, token: Token) -> None:
        """Remembers the token that opened the current part."""
        self.frames[-1].opener = token

    def noted(self) -> Token:
        """The token that opened the innermost part other than a condition."""
        for frame in reversed(self.frames):
            if frame.opener is not None:
                return frame.opener
        raise AssertionError("nothing is open")

    def inside(self, kind: str) -> bool:
        """True if the innermost part other than a condition is of that kind."""
        return next(frame.kind for frame in reversed(self.frames) if frame.kind != "if") == kind

    def close(self, kind: str) -> tuple[Node, ...]:
        """What the part held; conditions still open inside it are reported and ended."""
        while self.frames[-1].kind == "if":
            frame = self.frames.pop()
            self._report(frame.tag, STRADDLES)
            self.ended_early += 1
            self.add(*frame.children)
        frame = self.frames.pop()
        if frame.kind != kind:
            raise AssertionError(f"{frame.kind} is open, not {kind}")
        return tuple(frame.children)

    def controls(self, marks: Iterable[str]) -> None:
        """Takes several marks in order."""
        for mark in marks:
            self.mark(mark)

    def mark(self, mark: str) -> None:
        """Takes a value or a part of an ``if``."""
        index = ord(mark) - MARK_BASE
        kind = self.text.tags[index].kind
        if kind == "value":
            self.add(Hole(index))
            return
        if kind == "if":
            self.frames.append(_Frame("if", tag=index, current=index))
            return
        frame = self.frames[-1]
        if frame.kind != "if" and self.ended_early:
            self.ended_early -= kind == "endif"
            return
        if frame.kind != "if":
            self._report(index, f"{{% {kind} %}} {_UNOPENED}")
            return
        frame.branches.append(Branch(frame.current, tuple(frame.children)))
        frame.children = []
        frame.current = index if kind == "elif" else None
        if kind == "endif":
            self.frames.pop()
            self.add(Condition(tuple(frame.branches)))

    def finish(self) -> Document:
        """The whole tree."""
        return self.close("document")

    def _report(self, tag_index: int, message: str) -> None:
        tag = self.text.tags[tag_index]
        self.report((tag.line, tag.column, message))


def expand_formula(latex: str, text: Text, display: bool) -> tuple[tuple[Node, ...], bool]:
    """The formula with its conditions lifted out around whole formulas, and whether there were too many of them."""
    builder = Builder(text, lambda problem: None)
    start = 0
    for match in MARK.finditer(latex):
        if builder.kind(match.group()) in {"", "value"}:
            continue
        builder.add(Words(latex[start : match.start()]))
        builder.mark(match.group())
        start = match.end()
    builder.add(Words(latex[start:]))
    nodes = builder.finish()
    if _count(nodes) > _MOST_FORMULAS:
        return (), True
    return _expanded(nodes, display), False


def _count(nodes: Iterable[Node]) -> int:
    product = 1
    for node in nodes:
        if isinstance(node, Condition):
            product *= 1 + sum(_count(branch.children) for branch in node.branches)
    return product


def _expanded(nodes: tuple[Node, ...], display: bool) -> tuple[Node, ...]:
    for index, node in enumerate(nodes):
        if isinstance(node, Condition):
            before, after = nodes[:index], nodes[index + 1 :]
            branches = [Branch(branch.tag, _expanded((*before, *branch.children, *after), display)) for branch in node.branches]
            if branches[-1].tag is not None:
                branches.append(Branch(None, _expanded((*before, *after), display)))
            return (Condition(tuple(branches)),)
    latex = "".join(node.text for node in nodes if isinstance(node, Words))
    return (Formula(latex, display),) if latex.strip() or len(nodes) == 1 else ()
