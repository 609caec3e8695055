"""HTML read into a tree: what browsers forgive is forgiven, and time and depth are bounded whatever comes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

DEEPEST = 60
"""Elements nested deeper than this are taken as if they stood at this depth."""


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


BLOCKS = _tags(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 "
    "h4 h5 h6 head header hr html legend li main nav ol p pre section summary table tbody td tfoot th thead tr ul"
)
_LINE = _tags(
    "a abbr acronym b bdi bdo big br button cite code data del dfn em embed font i iframe img input ins kbd label mark math "
    "audio canvas map area noscript object option output picture q rp rt ruby s samp script select small source span strike "
    "strong style sub sup svg textarea time title tt u var video wbr col colgroup link meta nolink base param track"
)
_MATH = _tags(
    "annotation annotation-xml maction menclose merror mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts "
    "mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover semantics"
)
KNOWN = BLOCKS | _LINE | _MATH
VOID = _tags("area base br col embed hr img input link meta param source track wbr mprescripts")
RAW = frozenset({"script", "style", "textarea", "title"})
"""Elements in which no tags are read."""

_ENDS = {"li": {"li"}, "tr": {"tr", "td", "th"}, "td": {"td", "th"}, "th": {"td", "th"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"}}
"""Elements that the start of another one ends."""
_HOLDS = frozenset({"ul", "ol", "table", "dl", "td", "th", "blockquote", "div"})
"""Elements beyond which nothing is ended from inside."""

_TOKEN = re.compile(r"<!--|<[!?]|<(/?)([A-Za-z][A-Za-z0-9-]*)((?:[\s/][^<>]*)?)>")
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]+)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")


@dataclass(slots=True)
class Element:
    """An element with its attributes and what it holds."""

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    def text(self) -> str:
        """All words inside, as written."""
        parts: list[str] = []
        rest: list[Element | str] = [self]
        while rest:
            node = rest.pop()
            if isinstance(node, str):
                parts.append(node)
            elif node.tag not in ("script", "style"):
                rest.extend(reversed(node.children))
        return "".join(parts)

    def find(self, tag: str) -> Iterator[Element]:
        """The elements inside of that tag, in order."""
        rest: list[Element | str] = [*reversed(self.children)]
        while rest:
            node = rest.pop()
            if isinstance(node, Element):
                if node.tag == tag:
                    yield node
                rest.extend(reversed(node.children))


Node: TypeAlias = Element | str


def read_html(source: str) -> Element:
    """The tree of a piece of HTML. What only looks like a tag (``a <x> b``, ``x < 3``) stays words."""
    return _Reader(source).read()


class _Reader:
    """One pass over a source; ``stack`` has the elements that are open."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.root = Element("")
        self.stack = [self.root]
        self.at = 0

    def read(self) -> Element:
        while (token := _TOKEN.search(self.source, self.at)) is not None:
            self._words(self.source[self.at : token.start()])
            self.at = token.end()
            if token[2] is None:
                self._skip(token)
            elif token[2].lower() not in KNOWN:
                self._words(token[0])
            elif token[1]:
                self._close(token[2].lower())
            else:
                self._open(token[2].lower(), token[3])
        self._words(self.source[self.at :])
        return self.root

    def _skip(self, token: re.Match[str]) -> None:
        """Passes over a comment, doctype or processing instruction; one that does not end is words."""
        ending = "-->" if token[0] == "<!--" else ">"
        end = self.source.find(ending, token.end())
        if end < 0:
            self._words(self.source[token.start() :])
            self.at = len(self.source)
        else:
            self.at = end + len(ending)

    def _words(self, words: str) -> None:
        if words:
            self.stack[-1].children.append(html.unescape(words))

    def _open(self, tag: str, written: str) -> None:
        if tag in BLOCKS and self.stack[-1].tag == "p":
            self.stack.pop()
        if ended := _ENDS.get(tag):
            for depth in range(len(self.stack) - 1, 0, -1):
                if self.stack[depth].tag in ended:
                    del self.stack[depth:]
                    break
                if self.stack[depth].tag in _HOLDS:
                    break
        attributes = {
            name.lower(): html.unescape(double or single or bare) for name, double, single, bare in _ATTRIBUTE.findall(written)
        }
        element = Element(tag, attributes)
        self.stack[-1].children.append(element)
        if tag in RAW:
            self._raw(element)
        elif tag not in VOID and len(self.stack) < DEEPEST:
            self.stack.append(element)

    def _raw(self, element: Element) -> None:
        end = re.compile(f"</{element.tag}", re.IGNORECASE).search(self.source, self.at)
        stop = end.start() if end else len(self.source)
        element.children.append(self.source[self.at : stop])
        self.at = stop

    def _close(self, tag: str) -> None:
        for depth in range(len(self.stack) - 1, 0, -1):
            if self.stack[depth].tag == tag:
                del self.stack[depth:]
                return
