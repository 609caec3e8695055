"""YAML text → a tree of nodes that know their place.

The tree is built from PyYAML's events, so nothing of the file is ever constructed as a Python object, anchors are
expanded under a limit, and depth is bounded before recursion could matter. Plain values follow YAML 1.2's rules:
``yes``, ``on``, ``010``, ``1:30`` and dates stay texts; only ``true`` and ``false`` are truth values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from quizgen.bank.syntax import Fault, explain, starts_expression
from quizgen.variants.written import WrittenFloat

MAX_DEPTH = 40
MAX_NODES = 100_000
MAX_NUMBER_LENGTH = 100

# The C loader is some ten times faster; a PyYAML built without it still works.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_TEXT_PER_NODE = 100  # a long text behind many aliases counts as this many characters to a node
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what YAML counts as the end of a line
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\uf000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_EATEN = re.compile(  # commands whose first letters are escapes of a double-quoted text
    r"(?<!\\)(?:\\\\)*(\\(?:[abefrv][A-Za-z]{2,}|n(?:abla|e|eq|eg|ot|u)\b|t(?:an|au|ext[a-z]*|heta|imes|ilde|o|op)\b))"
)
_STANDARD = "tag:yaml.org,2002:"


Scalar: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Source:
    """One file that was read: how messages call it, its bytes, and its lines as YAML counts them."""

    name: str
    raw: bytes
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A value and where it stands.

    ``style`` is ``map``, ``list``, or how a scalar is written: ``""`` (plain), ``"``, ``'``, ``|`` or ``>``.
    ``children`` are keyed by a map's keys or a list's positions; ``keys`` has the line and column of a map's keys.
    ``size`` counts the nodes with aliases expanded, ``height`` the levels below.
    """

    source: Source
    line: int
    column: int
    style: str
    value: Scalar = None
    text: str = ""
    children: dict[str | int, Node] = field(default_factory=dict)
    keys: dict[str, Node] = field(default_factory=dict)
    size: int = 1
    height: int = 0

    def plain(self) -> Any:
        """The value as dicts, lists and scalars."""
        if self.style == "map":
            return {key: child.plain() for key, child in self.children.items()}
        if self.style == "list":
            return [child.plain() for child in self.children.values()]
        return self.value


@dataclass(slots=True)
class _Open:
    """A map or list whose end is not reached yet."""

    style: str
    line: int
    column: int
    anchor: str | None
    children: dict[str | int, Node] = field(default_factory=dict)
    keys: dict[str, Node] = field(default_factory=dict)
    key: Node | None = None
    size: int = 1
    height: int = 0

    @property
    def awaits_key(self) -> bool:
        return self.style == "map" and self.key is None


def build_tree(text: str, name: str, raw: bytes) -> tuple[Node | None, list[Fault]]:
    """The root node (None for a file without content) and the faults that did not stop the reading.

    Raises `Fault` for what does: broken syntax, several documents, too deep or too large a structure.
    """
    bad = _FORBIDDEN.search(text)
    if bad:
        before = _BREAK.split(text[: bad.start()])
        raise Fault(len(before), len(before[-1]) + 1, f"the character {_code(bad[0])} is not allowed; remove it")
    source = Source(name, raw, tuple(_BREAK.split(text)))
    builder = _Builder(source)
    try:
        for event in yaml.parse(text, Loader=LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as exc:
        if "nesting depth" in str(exc.problem):  # some parsers look further ahead than we count, and have a bound of their own
            raise Fault(1, 1, f"lists and maps are nested more than {MAX_DEPTH} deep") from exc
        raise explain(exc, source.lines) from exc
    except yaml.YAMLError as exc:
        raise Fault(1, 1, f"this is not valid YAML: {exc}") from exc
    return builder.root, builder.faults


class _Builder:
    """Takes events one by one; afterwards `root` is the document's node."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.root: Node | None = None
        self.faults: list[Fault] = []
        self._open: list[_Open] = []
        self._anchors: dict[str, Node] = {}
        self._documents = 0

    def take(self, event: Any) -> None:
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        match event:
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    raise Fault(line, column, 'a line "---" starts a second document; a file holds only one')
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._start(event, line, column)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._end()
            case yaml.ScalarEvent():
                node = self._scalar(event, line, column)
                if event.anchor and not self._awaits_key():
                    self._anchors[event.anchor] = node
                self._add(node)
            case yaml.AliasEvent():
                self._alias(str(event.anchor), line, column)

    def _awaits_key(self) -> bool:
        return bool(self._open) and self._open[-1].awaits_key

    def _start(self, event: Any, line: int, column: int) -> None:
        style = "map" if isinstance(event, yaml.MappingStartEvent) else "list"
        if self._awaits_key():
            if starts_expression(self.source.lines, line, column - 1):
                raise Fault(line, column - 1, "a value that starts with {{ must be put in quotes")
            raise Fault(line, column, f"a key must be a text, not a {style}")
        if len(self._open) >= MAX_DEPTH:
            raise Fault(line, column, f"lists and maps are nested more than {MAX_DEPTH} deep")
        if event.tag not in (None, "!", _STANDARD + ("map" if style == "map" else "seq")):
            self._refuse_tag(event.tag, line, column)
        if event.anchor:
            self._anchors.pop(event.anchor, None)
        self._open.append(_Open(style, line, column, event.anchor))

    def _end(self) -> None:
        top = self._open.pop()
        node = Node(self.source, top.line, top.column, top.style, None, "", top.children, top.keys, top.size, top.height + 1)
        if top.anchor:
            self._anchors[top.anchor] = node
        self._add(node)

    def _alias(self, anchor: str, line: int, column: int) -> None:
        if any(parent.anchor == anchor for parent in self._open) and anchor not in self._anchors:
            raise Fault(line, column, f"*{anchor} stands inside what it refers to, so it would never end")
        if anchor not in self._anchors:
            raise Fault(
                line,
                column,
                f"there is no &{anchor} above for *{anchor} to refer to; a text that starts with * must be in quotes",
            )
        if self._awaits_key():
            raise Fault(line, column, f"*{anchor} cannot be a key; write the key out")
        node = self._anchors[anchor]
        if len(self._open) + node.height > MAX_DEPTH:
            raise Fault(line, column, f"lists and maps are nested more than {MAX_DEPTH} deep")
        self._add(node, line, column)

    def _add(self, node: Node, line: int | None = None, column: int | None = None) -> None:
        if not self._open:
            self.root = node
            return
        top = self._open[-1]
        if top.awaits_key:
            top.key = node
            self._check_key(node, top)
            return
        # The sum over all open levels is what has been read so far, aliases expanded.
        top.size += node.size
        top.height = max(top.height, node.height)
        if sum(level.size for level in self._open) > MAX_NODES:
            raise Fault(
                node.line if line is None else line,
                node.column if column is None else column,
                f"the file is too large: it holds more than {MAX_NODES:,} values (aliases counted as often as used)",
            )
        if top.style == "list":
            top.children[len(top.children)] = node
        elif top.key is not None:
            if top.key.text not in top.children:
                top.children[top.key.text] = node
                top.keys[top.key.text] = top.key
            top.key = None

    def _check_key(self, key: Node, top: _Open) -> None:
        if key.style == "" and key.text == "":
            self._report(key.line, key.column, 'a key is missing before the ":"')
        elif key.style == "" and key.text == "<<":
            self._report(key.line, key.column, 'merging with "<<" is not supported; write the keys out')
        elif key.text in top.keys:
            first = top.keys[key.text]
            self._report(key.line, key.column, f'the key "{_short(key.text)}" is already on line {first.line}')

    def _scalar(self, event: Any, line: int, column: int) -> Node:
        text, style, tag = event.value, event.style or "", event.tag
        value: Scalar = text
        if style == '"' and "\\" in "".join(self.source.lines[line - 1 : event.end_mark.line + 1]):
            self._check_escapes(event, line, column)
        if tag is None:
            value = self._resolved(text, line, column) if style == "" and not self._awaits_key() else text
        elif tag not in ("!", _STANDARD + "str"):
            self._refuse_tag(tag, line, column)
        size = 1 + len(text) // _TEXT_PER_NODE
        return Node(self.source, line, column, style, value, text, size=size)

    def _resolved(self, text: str, line: int, column: int) -> Scalar:
        """The value of a plain scalar."""
        if text in ("", "~", "null"):
            return None
        if text in ("true", "false"):
            return text == "true"
        if text[0] not in "+-.0123456789":
            return text
        whole = _WHOLE.fullmatch(text)
        if (whole or _DECIMAL.fullmatch(text)) and len(text) > MAX_NUMBER_LENGTH:
            self._report(line, column, f"a number may have at most {MAX_NUMBER_LENGTH} characters")
            return 0
        if whole:
            return int(text)
        if _NOT_FINITE.fullmatch(text):
            self._report(line, column, f"{text} is not a number that can be used; put it in quotes if a text is meant")
            return 0
        if _DECIMAL.fullmatch(text):
            number = WrittenFloat(text)
            if number in (float("inf"), float("-inf")):
                self._report(line, column, f"the number {text} is too large")
            return number
        return text

    def _check_escapes(self, event: Any, line: int, column: int) -> None:
        """Report LaTeX whose backslash a double-quoted text would swallow: ``"\\text"`` is a tab and ``ext``."""
        found = len(self.faults)
        last = event.end_mark.line + 1
        for number in range(line, last + 1):
            written = self.source.lines[number - 1]
            start = column if number == line else 0
            stop = event.end_mark.column - 1 if number == last else len(written)
            eaten = _EATEN.search(written[start:stop])
            if eaten:
                self._report(
                    number,
                    start + eaten.start(1) + 1,
                    f'in double quotes, the backslash of "{eaten[1]}" is lost; use single quotes for this text',
                )
        bad = _FORBIDDEN.search(event.value)
        if bad and len(self.faults) == found:
            self._report(line, column, f"the text holds the character {_code(bad[0])}, which is not allowed; remove it")

    def _refuse_tag(self, tag: str, line: int, column: int) -> None:
        shown = _short("!!" + tag.removeprefix(_STANDARD) if tag.startswith(_STANDARD) else tag)
        self._report(line, column, f"the tag {shown} is not supported; remove it, or put a text that starts with ! in quotes")

    def _report(self, line: int, column: int, message: str) -> None:
        self.faults.append(Fault(line, column, message))


def _code(character: str) -> str:
    return f"U+{ord(character):04X}"


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
