"""Elements as trees with QTI 2's names, written out with the names of a version and every text escaped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from markupsafe import Markup

from quizgen.lms.formats.qti.versions import Version
from quizgen.rendering.html import escape


@dataclass(frozen=True, slots=True)
class Element:
    """An element. A child that is a text is escaped, markup stands as it is."""

    name: str
    attributes: dict[str, str]
    children: tuple[Child, ...]


Child: TypeAlias = Element | str | Markup


def element(name: str, /, *children: Child, **attributes: str | float | bool) -> Element:
    """The element; an attribute may end in ``_`` where Python keeps the word for itself (``class_``)."""
    return Element(name, {key.rstrip("_"): _value(value) for key, value in attributes.items()}, children)


def _value(value: str | float | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else f"{value:.15g}"


def markup(child: Child, version: Version) -> Markup:
    """What is written for a tree in a version of QTI."""
    pieces: list[str] = []
    _write(child, version, pieces)
    return Markup("".join(pieces))  # everything in it is escaped, or was markup before


def _write(child: Child, version: Version, pieces: list[str]) -> None:
    if isinstance(child, str):
        pieces.append(child if isinstance(child, Markup) else escape(child))
        return
    name = version.element(child.name)
    pieces.append(f"<{name}")
    for key, value in child.attributes.items():
        pieces.append(f' {version.attribute(key)}="{escape(value)}"')
    if not child.children:
        pieces.append("/>")
        return
    pieces.append(">")
    for inner in child.children:
        _write(inner, version, pieces)
    pieces.append(f"</{name}>")
