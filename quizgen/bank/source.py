"""YAML files → documents: plain data in which every value and key knows its file, line and column."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from quizgen.bank.files import read_bytes
from quizgen.bank.nodes import Node, build_tree
from quizgen.bank.positions import text_position
from quizgen.bank.syntax import Fault
from quizgen.errors import BankError, Problem, ProblemsError
from quizgen.variants.written import WrittenFloat

__all__ = ["Document", "KeyPath", "Place", "WrittenFloat", "read_document", "read_with_extends"]

MAX_BYTES = 1_000_000
MAX_EXTENDS = 5

KeyPath: TypeAlias = tuple[str | int, ...]
"""The way to a value: a map's keys and a list's positions (from 0)."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a file. Line and column count from 1."""

    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file that was read.

    ``data`` is plain (dict, list, str, int, `WrittenFloat`, bool, None) and meant to be read only.
    ``sources`` names every file the data comes from (this one first, then those it extends) with its bytes.
    """

    name: str
    raw: bytes
    root: Node = field(repr=False)
    data: Any = field(repr=False)
    sources: tuple[tuple[str, bytes], ...] = field(repr=False)

    def place(self, path: KeyPath = (), key: bool = False) -> Place:
        """The place of a value, or with ``key`` of its key; of the nearest ancestor where the path leads nowhere."""
        node, place = self.root, Place(self.root.source.name, self.root.line, self.root.column)
        for step in path:
            child = node.children.get(step)
            if child is None:
                break
            mark = node.keys[step] if key and isinstance(step, str) else child
            node, place = child, Place(mark.source.name, mark.line, mark.column)
        return place

    def text_place(self, path: KeyPath, line: int = 1, column: int = 1) -> Place:
        """The place in the file of a line and column (from 1) of a text value, however the text is written there.

        Exact for block texts (``|``) and for whatever is not white space in the other styles.
        """
        node = self._node(path)
        if node is None or node.style in ("map", "list"):
            return self.place(path)
        return Place(node.source.name, *text_position(node, line, column))

    def value(self, path: KeyPath, default: Any = None) -> Any:
        """The value at the end of a path, or the default where it leads nowhere."""
        data = self.data
        for step in path:
            is_there = step in data if isinstance(data, dict) else isinstance(data, list) and step in range(len(data))
            if not is_there:
                return default
            data = data[step]
        return data

    def problem(self, path: KeyPath, message: str, key: bool = False) -> Problem:
        """The problem of a value, or with ``key`` of its key."""
        place = self.place(path, key)
        return Problem(place.file, place.line, place.column, message)

    def text_problem(self, path: KeyPath, message: str, line: int = 1, column: int = 1) -> Problem:
        """The problem of a place (line and column from 1) inside a text value."""
        place = self.text_place(path, line, column)
        return Problem(place.file, place.line, place.column, message)

    def _node(self, path: KeyPath) -> Node | None:
        node: Node | None = self.root
        for step in path:
            node = node.children.get(step) if node is not None else None
        return node


def read_document(
    path: Path, *, text: bytes | None = None, name: str | None = None, error: type[ProblemsError] = BankError
) -> Document:
    """The document of a YAML file, or of ``text`` where the bytes are at hand already.

    Raises ``error`` with line and column for a file that cannot be read, is larger than 1 MB, is not UTF-8, is not one
    YAML document of plain values, has a key twice, or hides more than 100,000 values behind aliases.
    """
    name = str(path) if name is None else name
    raw = read_bytes(path, limit=MAX_BYTES, error=error, name=name) if text is None else text
    if len(raw) > MAX_BYTES:
        raise error.at(name, "the file is larger than 1 MB, the most that is read")
    try:
        root, faults = build_tree(_decoded(raw), name, raw)
        if root is None:
            raise Fault(1, 1, "the file is empty")
    except Fault as fault:
        raise error.at(name, fault.message, fault.line, fault.column) from fault
    if faults:
        raise error(Problem(name, fault.line, fault.column, fault.message) for fault in faults)
    return Document(name, raw, root, root.plain(), ((name, raw),))


def read_with_extends(path: Path, root: Path, *, name: str | None = None, error: type[ProblemsError] = BankError) -> Document:
    """The document of a file with what it ``extends`` merged in; places point into the file a value is written in.

    Maps are merged key by key, lists and other values replaced; two maps whose ``kind`` differs are not merged, and a
    key set to nothing (``key: ~``) drops the inherited one. ``extends`` names a file relative to the extending one,
    inside the folder ``root``; up to five files may stand in a chain. The key itself is not in the result.
    """
    chain = [read_document(path, name=name, error=error)]
    files = [path.resolve()]
    while (target := _target(chain[-1], files, root, error)) is not None:
        parent = Path(os.path.normpath(Path(chain[-1].name).parent / target))
        files.append((files[-1].parent / target).resolve())
        chain.append(read_document(files[-1], name=str(parent), error=error))
    merged = _without_extends(chain[-1].root)
    for document in reversed(chain[:-1]):
        merged = _merged(merged, _without_extends(document.root))
    sources = tuple((document.name, document.raw) for document in chain)
    return Document(chain[0].name, chain[0].raw, merged, merged.plain(), sources)


def _target(document: Document, files: list[Path], root: Path, error: type[ProblemsError]) -> str | None:
    """What the last file of a chain extends, checked."""
    if not isinstance(document.data, dict) or "extends" not in document.data:
        return None
    target = document.data["extends"]

    def refused(message: str) -> ProblemsError:
        return error([document.problem(("extends",), message)])

    if not isinstance(target, str) or not target.strip() or "\0" in target:
        raise refused("extends must name a file, such as base.yaml")
    try:
        file = (files[-1].parent / target).resolve()
        there = file.is_file()
    except (OSError, RuntimeError) as exc:  # too long a name, links in a circle
        raise refused(f'there is no file "{target[:80]}" to extend') from exc
    if not file.is_relative_to(root.resolve()):
        raise refused(f'"{target}" lies outside the bank; only files inside the bank folder can be extended')
    if file in files:
        names = " → ".join(known.name for known in [*files[files.index(file) :], file])
        raise refused(f"these files extend each other in a circle: {names}")
    if not there:
        raise refused(f'there is no file "{target}" to extend; the name is relative to the folder of this file')
    if len(files) >= MAX_EXTENDS:
        raise refused(f"more than {MAX_EXTENDS} files extend one another; shorten the chain")
    return target


def _without_extends(node: Node) -> Node:
    return _map_of(node, {key: child for key, child in node.children.items() if key != "extends"}, node.keys)


def _map_of(node: Node, children: dict[str | int, Node], keys: dict[str, Node]) -> Node:
    if node.style != "map":
        return node
    return Node(node.source, node.line, node.column, "map", None, "", children, keys)


def _merged(base: Node, own: Node) -> Node:
    if base.style != "map" or own.style != "map" or _kind(base) != (_kind(own) or _kind(base)):
        return own
    children, keys = dict(base.children), base.keys | own.keys
    for key, child in own.children.items():
        if key in children and child.style == "" and child.value is None:
            del children[key]
        else:
            children[key] = _merged(children[key], child) if key in children else child
    return _map_of(own, children, keys)


def _kind(node: Node) -> str | None:
    child = node.children.get("kind")
    return None if child is None else child.text


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        before = raw[: exc.start].decode("utf-8-sig", errors="replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise Fault(
            line, column, f"byte 0x{raw[exc.start]:02X} is not UTF-8 text; save the file in the encoding UTF-8"
        ) from exc
