"""Texts of elsewhere (HTML, Markdown, plain words) as Markdown of a template, with what of them was not carried.

All forms go through HTML, so that what is lost is told in one place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from quizgen.importing.forms import FORMULA, Form, as_html
from quizgen.importing.markup import BLOCKS, Element, Node, read_html
from quizgen.importing.prose import clean, code, fenced, formula, link, scripted, words, wrapped

LONGEST = 200_000
_DATA = re.compile(r"data:[^\"'<>\s]{200,}")
"""A file inside of a text, which is not carried and counts nothing."""

_STRONG = frozenset({"b", "strong"})
_EMPHASIS = frozenset({"i", "em", "cite", "dfn", "var", "u", "ins"})
_CODE = frozenset({"code", "tt", "kbd", "samp"})
_DROPPED = {
    "script": "a script", "style": "style rules", "iframe": "an embedded page", "video": "a video", "audio": "a sound",
    "object": "an embedded object", "embed": "an embedded object", "svg": "a drawing (SVG)", "canvas": "a drawing (canvas)",
    "input": "a form field", "select": "a form field", "textarea": "a form field", "button": "a button", "map": "an image map",
}  # fmt: skip
_FILE = "@@PLUGINFILE@@/"


@dataclass(frozen=True, slots=True)
class Carried:
    """A text as Markdown, and what of it was not carried, in plain words."""

    text: str
    lost: tuple[str, ...] = ()


def carried(source: str, form: Form, *, inline: bool = False) -> Carried:
    """The text as Markdown, in one line where ``inline``. Characters that stand for places of answers stay as they are.

    Raises:
        NotCarriedError: the place of an answer is in a formula or in code.
    """
    source = _DATA.sub("data:", source)
    if len(source) > LONGEST:
        return Carried("", (f"a text of {len(source):,} characters; the most is {LONGEST:,}",))
    writer = _Writer()
    tree = read_html(as_html(source, form))
    text = writer.one_line(tree.children) if inline else "\n\n".join(writer.blocks(tree.children))
    return Carried(text, tuple(dict.fromkeys(writer.lost)))


def plain_words(source: str, form: Form = "html") -> str:
    """The words alone on one line, formulas without their signs: for titles."""
    shown = read_html(as_html(clean(source), form)).text()  # of Markdown, as of HTML, without its marks
    bare = FORMULA.sub(lambda match: next(part for part in match.groups() if part), shown)
    return " ".join(bare.split())


@dataclass(frozen=True, slots=True)
class _Marked:
    """A run that is emphasised: its marks, and Markdown inside."""

    mark: str
    inside: str


class _Writer:
    """Writes a tree as Markdown; collects what is lost."""

    def __init__(self) -> None:
        self.lost: list[str] = []
        self.in_table = False
        self.in_line = False

    # Blocks -----------------------------------------------------------------------------------------------------------

    def blocks(self, nodes: Iterable[Node]) -> list[str]:
        """The blocks that some nodes make; words between blocks are paragraphs."""
        found: list[str] = []
        for is_block, run in groupby(nodes, _is_block):
            if is_block:
                for node in run:
                    found.extend(self._block(node) if isinstance(node, Element) else [])
            elif paragraph := self._paragraph(list(run)):
                found.append(paragraph)
        return found

    def _paragraph(self, nodes: Sequence[Node]) -> str:
        alone = "".join(node if isinstance(node, str) else node.text() for node in nodes).strip()
        display = FORMULA.fullmatch(alone) if all(map(_is_bare, nodes)) else None
        if display is not None and display[1] is None:
            return self._formula(display[2] or display[3], display=True)
        return wrapped(self.line(nodes))

    def _block(self, node: Element) -> list[str]:
        match node.tag:
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                heading = self.one_line(node.children)
                return [f"{'#' * max(3, int(node.tag[1]))} {heading}"] if heading else []
            case "ul" | "ol":
                return self._items(node)
            case "pre":
                return [fenced(node.text())] if node.text().strip() else []
            case "blockquote":
                inside = "\n\n".join(self.blocks(node.children))
                return ["\n".join(f"> {line}".rstrip() for line in inside.split("\n"))] if inside else []
            case "hr":
                return ["---"]
            case "table":
                return self._table(node)
            case "s" | "strike" | "del":
                self.lost.append(_STRUCK)
        return self.blocks(node.children)

    def _items(self, node: Element) -> list[str]:
        items = []
        start = node.attributes.get("start", "")
        number = int(start) if re.fullmatch(r"\d{1,6}", start) else 1
        for child in node.children:
            if isinstance(child, str) and not child.strip():
                continue
            inside = self.blocks(child.children if isinstance(child, Element) and child.tag == "li" else [child])
            sign = f"{number}." if node.tag == "ol" else "-"
            number += 1
            indent = " " * (len(sign) + 1)
            body = ("\n" if _tight(inside) else "\n\n").join(inside)
            lines = body.split("\n")
            items.append("\n".join([f"{sign} {lines[0]}", *(f"{indent}{line}".rstrip() for line in lines[1:])]).rstrip())
        return ["\n".join(items)] if items else []

    def _table(self, node: Element) -> list[str]:
        if any(True for cell in node.children if isinstance(cell, Element) for _ in cell.find("table")):
            self.lost.append("a table inside a table (its words are carried)")
            return self.blocks(node.children)
        self.in_table, before = True, self.in_table
        captions = [self.one_line(caption.children) for caption in node.find("caption")]
        rows = []
        for row in node.find("tr"):
            cells = [cell for cell in row.children if isinstance(cell, Element) and cell.tag in ("td", "th")]
            if any(cell.attributes.get(span, "1").strip() not in ("", "1") for cell in cells for span in _SPANS):
                self.lost.append("merged cells of a table")
            rows.append(([self.one_line(cell.children) for cell in cells], all(cell.tag == "th" for cell in cells)))
        self.in_table = before
        rows = [row for row in rows if row[0]]
        width = max((len(cells) for cells, _ in rows), default=0)
        if not width:
            return []
        if not rows[0][1]:
            rows.insert(0, ([""] * width, True))
        lines = [" | ".join([*cells, *[""] * (width - len(cells))]) for cells, _ in rows]
        lines.insert(1, " | ".join(["---"] * width))
        return [*filter(None, captions), "\n".join(f"| {line} |" for line in lines)]

    # Lines ------------------------------------------------------------------------------------------------------------

    def one_line(self, nodes: Iterable[Node]) -> str:
        """The nodes on one line, whatever they are; layout that cannot stand there is told."""
        self.in_line, before = True, self.in_line
        runs = [self.line(run) for run in self._flat(nodes)]
        self.in_line = before
        return " ".join(" ".join(filter(None, runs)).split("\n")).strip()

    def _flat(self, nodes: Iterable[Node]) -> Iterable[list[Node]]:
        for is_block, run in groupby(nodes, _is_block):
            if not is_block:
                yield list(run)
                continue
            for node in run:
                assert isinstance(node, Element)
                if node.tag == "pre":
                    yield [Element("code", {}, [node.text()])]
                    continue
                if node.tag in ("table", "ul", "ol"):
                    self.lost.append("a table or list where only a line of text can stand (its words are carried)")
                yield from self._flat(node.children)

    def line(self, nodes: Iterable[Node]) -> str:
        """Nodes without blocks as Markdown; hard line breaks as a backslash at the end of a line."""
        return self._text(self._pieces(nodes))

    def _text(self, pieces: Sequence[str | _Marked]) -> str:
        text = "".join(self._joined(pieces))
        lines = [re.sub(r"[ \t]+", " ", line).strip() for line in text.split("\n")]
        lines = [re.sub(r"(?<!\\)\\!$", "!", line) for line in lines]  # no link follows it
        while lines and lines[0] in ("", "\\"):
            del lines[0]
        while lines and lines[-1] in ("", "\\"):
            del lines[-1]
        if lines and _ENDS_IN_BREAK.search(lines[-1]):
            lines[-1] = lines[-1][:-1].rstrip()
        return "\n".join(lines)

    def _joined(self, pieces: Sequence[str | _Marked]) -> Iterable[str]:
        """The pieces with marks of emphasis, but where Markdown would show the marks instead."""
        for index, piece in enumerate(pieces):
            if isinstance(piece, str):
                yield piece
                continue
            before = _edge(pieces[index - 1] if index else "", -1)
            after = _edge(pieces[index + 1] if index + 1 < len(pieces) else "", 0)
            inner = piece.inside
            left, right = _is_letter(before) and not _is_letter(inner[0]), _is_letter(after) and not _is_letter(inner[-1])
            if left or right:
                self.lost.append("emphasis inside a word")
                yield inner
            else:
                yield f"{piece.mark}{inner}{piece.mark}"

    def _pieces(self, nodes: Iterable[Node]) -> list[str | _Marked]:
        pieces: list[str | _Marked] = []
        self._inline(nodes, pieces)
        return pieces

    def _inline(self, nodes: Iterable[Node], pieces: list[str | _Marked]) -> None:
        for text, run in groupby(nodes, lambda node: isinstance(node, str)):
            if text:
                self._words("".join(part for part in run if isinstance(part, str)), pieces)
                continue
            for node in run:
                assert isinstance(node, Element)
                self._element(node, pieces)

    def _words(self, text: str, pieces: list[str | _Marked]) -> None:
        text = clean_words(text)
        start = 0
        for match in FORMULA.finditer(text):
            self._plain(text[start : match.start()], pieces)
            shown = self._formula(next(part for part in match.groups() if part))
            before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
            pieces.append(f"{' ' * before.isdigit()}{shown}{' ' * after.isdigit()}")
            start = match.end()
        self._plain(text[start:], pieces)

    @staticmethod
    def _plain(text: str, pieces: list[str | _Marked]) -> None:
        if text:
            starts = not any(isinstance(piece, _Marked) or piece.strip() for piece in pieces[-1:]) or pieces[-1] == _BREAK
            pieces.append(words(text, starts))

    def _formula(self, latex: str, *, display: bool = False) -> str:
        shown, wrong = formula(latex, display=display and not self.in_line, in_table=self.in_table)
        if wrong:
            self.lost.append(f"a formula, which stands as code now ({wrong})")
        return shown

    def _element(self, node: Element, pieces: list[str | _Marked]) -> None:
        tag = node.tag
        if tag in _DROPPED:
            self.lost.append(_DROPPED[tag])
        elif tag == "br":
            pieces.append(" " if self.in_line else _BREAK)
        elif tag == "img":
            pieces.append(self._picture(node))
        elif tag == "math":
            self._math(node, pieces)
        elif tag in _STRONG | _EMPHASIS:
            self._emphasised(node, "**" if tag in _STRONG else "*", pieces)
        elif tag in _CODE:
            shown = code(node.text())
            pieces.append(shown.replace("|", "\\|") if self.in_table else shown)
        elif tag in ("sub", "sup"):
            self._script(node, pieces)
        elif tag == "a":
            self._anchor(node, pieces)
        else:
            if tag in ("s", "strike", "del"):
                self.lost.append(_STRUCK)
            self._inline(node.children, pieces)

    def _emphasised(self, node: Element, mark: str, pieces: list[str | _Marked]) -> None:
        inner = self._pieces(node.children)
        inside = self._text(inner)
        if not inside.strip() or "\n" in inside or inside.startswith("*") or inside.endswith("*"):
            pieces.extend(inner)  # Markdown has no emphasis across lines, nor twice at one place
            return
        raw = node.text()
        if raw[:1].isspace():
            pieces.append(" ")
        pieces.append(_Marked(mark, inside))
        if raw[-1:].isspace():
            pieces.append(" ")

    def _script(self, node: Element, pieces: list[str | _Marked]) -> None:
        raised = scripted(node.text().strip(), node.tag)
        if raised is not None:
            pieces.append(raised)
            return
        pieces.append("\\_(" if node.tag == "sub" else "^(")
        self._inline(node.children, pieces)
        pieces.append(")")

    def _anchor(self, node: Element, pieces: list[str | _Marked]) -> None:
        inner, address = self._pieces(node.children), node.attributes.get("href", "").strip()
        inside = self._text(inner)
        shown = link(inside, address) if inside and "\n" not in inside else None
        if shown is not None:
            pieces.append(shown)
            return
        if address:
            self.lost.append(f"a link to {address[:80]}")
        pieces.extend(inner)

    def _picture(self, node: Element) -> str:
        latex = node.attributes.get("data-equation-content", "")
        if latex:
            return self._formula(latex)
        name = node.attributes.get("src", "").removeprefix(_FILE).strip()
        name = "" if name.startswith("data:") else name.rpartition("/")[2][:80]
        alt = " ".join(node.attributes.get("alt", "").split())
        self.lost.append(f"the picture {name}" if name else "a picture")
        return words(f"[picture: {alt or name or 'without a name'}]")

    def _math(self, node: Element, pieces: list[str | _Marked]) -> None:
        latex = [note.text() for note in node.find("annotation") if "tex" in note.attributes.get("encoding", "").lower()]
        if latex and latex[0].strip():
            pieces.append(self._formula(latex[0]))
            return
        self.lost.append("a formula in MathML (its symbols are carried as words)")
        self._words(" ".join(node.text().split()), pieces)


_BREAK = "\\\n"
_ENDS_IN_BREAK = re.compile(r"(?<!\\)(?:\\\\)*\\$")
_STRUCK = "a line through words"
_SPANS = ("colspan", "rowspan")


def clean_words(text: str) -> str:
    """The words with places of answers kept and everything else that no template holds taken out."""
    return text if text.isprintable() else re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]", "", text)


def _is_block(node: Node) -> bool:
    return isinstance(node, Element) and (node.tag in BLOCKS or any(map(_is_block, node.children)))


def _is_bare(node: Node) -> bool:
    """Whether a node is words alone."""
    return isinstance(node, str) or (node.tag == "span" and all(map(_is_bare, node.children)))


def _is_letter(character: str) -> bool:
    return bool(character) and not character.isspace() and character.isalnum()


def _edge(piece: str | _Marked, index: int) -> str:
    text = piece if isinstance(piece, str) else piece.mark
    return text[index] if text else ""


def _tight(blocks: Sequence[str]) -> bool:
    """Whether an item's blocks need no blank lines between: a line, perhaps with a list below."""
    return all(re.match(r"- |\d+\. ", block) for block in blocks[1:])
