"""LaTeX with marks for values, turned into MathML or into a line of plain text."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from latex2mathml.converter import convert_to_element
from latex2mathml.exceptions import ExtraLeftOrMissingRightError, NoAvailableTokensError

from quizgen.items import MARK_BASE
from quizgen.rendering.breaking import LONG, MARK, broken, weight


@dataclass(frozen=True, slots=True)
class Mark:
    """A value's place in a formula: a whole symbol (with the attributes of its element), or part of words."""

    tag: int
    whole: bool
    attributes: str = ""


Part: TypeAlias = str | Mark

# What the page's browser may act on; the converter would also pass links, styles and classes through.
# fmt: off
_SAFE_ATTRIBUTES = frozenset({
    "accent", "accentunder", "columnalign", "columnspacing", "depth", "display", "displaystyle", "fence", "form",
    "height", "linebreak", "linethickness", "lspace", "mathvariant", "maxsize", "minsize", "movablelimits", "notation",
    "rowspacing", "rspace", "scriptlevel", "separator", "stretchy", "voffset", "width", "xmlns",
})
_ENVIRONMENTS = frozenset({
    "align", "align*", "array", "bmatrix", "Bmatrix", "cases", "equation*", "gather*", "matrix", "pmatrix",
    "smallmatrix", "vmatrix", "Vmatrix",
})
# fmt: on
# These stand inside a formula in LaTeX; the converter knows their outer twins only.
_TWINS = {"aligned": "align*", "alignedat": "align*", "split": "align*", "gathered": "gather*"}
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{([^}]*)\}")
_ARG = re.compile(r"\\arg(?![A-Za-z])")
_COMMENT = re.compile(r"(?<!\\)(?:\\\\)*%")


def complaint(latex: str) -> str | None:
    """What is wrong with a formula, or None when it can be converted."""
    if not latex.strip():
        return "an empty formula: write something between the dollar signs, or \\$ for a dollar sign"
    if _COMMENT.search(latex):
        return "in a formula % hides what follows: write \\%"
    if message := _unbalanced(latex):
        return message
    for _, name in _ENVIRONMENT.findall(latex):
        if _TWINS.get(name, name) not in _ENVIRONMENTS:
            return f"\\begin{{{name}}} is not known in formulas; {', '.join(sorted(_ENVIRONMENTS | set(_TWINS)))} are"
    try:
        root = _element(latex, False)
    except NoAvailableTokensError:
        return f"the formula {_quoted(latex)} ends too early: something is missing after its last command"
    except ExtraLeftOrMissingRightError:
        return f"the formula {_quoted(latex)} has \\left without \\right: every \\left( needs its \\right)"
    except Exception as error:  # the converter raises bare IndexError and KeyError too, on what is no LaTeX
        reason = " ".join(re.findall(r"[A-Z][a-z]+", type(error).__name__.removesuffix("Error"))).lower()
        return f"the formula {_quoted(latex)} cannot be converted ({reason}): mend its LaTeX"
    for element in root.iter():
        if (element.text or "").startswith("\\"):
            return f"{element.text} is not a LaTeX command that formulas know; \\text{{…}} shows words"
        if element.tag in {"mfrac", "msub", "msup", "mover", "munder"} and len(element) < 2:
            return f"the formula {_quoted(latex)} lacks an argument: \\frac, _ and ^ need all of theirs in braces"
    return None


def _quoted(latex: str) -> str:
    words = MARK.sub("{{…}}", " ".join(latex.split()))
    return f"${words}$" if len(words) <= 80 else f"${words[:79]}…"


def _unbalanced(latex: str) -> str | None:
    depth = 0
    for brace in re.findall(r"\\.|[{}]", latex, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(brace, 0)
        if depth < 0:
            return f"the formula {_quoted(latex)} closes a brace that was not opened; \\}} shows a brace"
    if depth:
        return f"the formula {_quoted(latex)} opens a brace that is not closed; \\{{ shows a brace"
    return None


@lru_cache(maxsize=2048)
def mathml(latex: str) -> tuple[Part, ...]:
    """The formula, to be displayed on lines of its own, as MathML with its values' places."""
    return tuple(_joined(_serialised(_element(latex, True))))


@lru_cache(maxsize=2048)
def mathml_in_line(latex: str) -> tuple[tuple[bool, tuple[Part, ...]], ...]:
    """The formula as MathML in the parts between which a line may end, each with whether it is long even so."""
    return tuple((weight(part) > LONG, tuple(_joined(_serialised(part)))) for part in broken(_element(latex, False)))


@lru_cache(maxsize=2048)
def linear(latex: str) -> tuple[Part, ...]:
    """The formula as a line of plain text, such as ``−ln(0.2) = 1.609``, with its values' places."""
    parts = [re.sub(" {2,}", " ", part) if isinstance(part, str) else part for part in _joined(_line(_element(latex, False)))]
    if parts and isinstance(parts[-1], str):  # what stands behind the formula has a space of its own: $2 + 1 =$ 3
        parts[-1] = parts[-1].rstrip(" ")
    return tuple(parts)


def _joined(parts: Iterator[Part]) -> Iterator[Part]:
    run = ""
    for part in parts:
        if isinstance(part, str):
            run += part
            continue
        if run:
            yield run
        run = ""
        yield part
    if run:
        yield run


def _element(latex: str, display: bool) -> ET.Element:
    known = _ENVIRONMENT.sub(lambda m: f"\\{m[1]}{{{_TWINS.get(m[2], m[2])}}}", latex)
    known = _ARG.sub(r"\\operatorname{arg}", known)  # the converter knows \max, yet not the \arg before it
    root: ET.Element = convert_to_element(known.strip(), display="block" if display else "inline")
    for element in root.iter():
        element.text = html.unescape(element.text or "")
        if element.tag == "mtext":
            element.text = re.sub(r"\\([%$&#_{}])", r"\1", element.text)
        elif element.tag == "mo" and _names_function(element):
            element.set("lspace", "0")  # an unknown operator would stand off from its own parenthesis
            element.set("rspace", "0")
        elif element.tag in _SCRIPTED:
            for script in element[1:]:
                for sign in script.iter("mo"):  # as in TeX, signs stand close together in indices
                    sign.set("lspace", "0")
                    sign.set("rspace", "0")
    for parent in list(root.iter()):
        if parent.tag in {"mrow", "mtd", "mstyle", "msqrt", "math"}:
            _space_functions(parent)
    return root


_SCRIPTED = frozenset({"msub", "msup", "msubsup", "munder", "mover", "munderover"})


def _names_function(element: ET.Element) -> bool:
    if element.tag in _SCRIPTED and len(element):
        return _names_function(element[0])
    text = element.text or ""
    return element.tag in {"mi", "mo"} and len(text) > 1 and text.replace("\u2009", "").isalpha()


def _space_functions(parent: ET.Element) -> None:
    # "ln q" would run together as "lnq": browsers put no space around an identifier.
    children = list(parent)
    for left, right in zip([None, *children], children, strict=False):
        if (right.text in _SIGNED and right.tag == "mo") and (left is None or _awaits_operand(left)):
            right.set("form", "prefix")  # "< −1" would else be set like "a − 1"
    spaced: list[ET.Element] = []
    for left, right in zip([None, *children], children, strict=False):
        if left is not None and _run_together(left, right):
            spaced.append(ET.Element("mspace", width="0.167em"))
        spaced.append(right)
    parent[:] = spaced


def _run_together(left: ET.Element, right: ET.Element) -> bool:
    if _names_function(right) and (_closes(left) or _names_function(left)):
        return True
    return (_names_function(left) or _names_function(right)) and not (_stands_off(left) or _stands_off(right))


def _closes(element: ET.Element) -> bool:
    """True for a closing sign, a part in such signs, and either with scripts."""
    if element.tag == "mrow" and len(element):
        return _closes(element[-1])
    if element.tag in _SCRIPTED and len(element):
        return _closes(element[0])
    return element.tag == "mo" and element.text in _CLOSING


_CLOSING = frozenset(")]}!")
_SIGNED = frozenset("−+-±")


def _awaits_operand(element: ET.Element) -> bool:
    if element.tag in _SCRIPTED and len(element):
        return element[0].text in {"∑", "∏"}
    return element.tag == "mo" and not _names_function(element) and element.text not in _CLOSING | {"|", "′"}


def _stands_off(element: ET.Element) -> bool:
    """True for what needs no space added beside the name of a function: signs, parentheses and spaces."""
    if element.tag == "mrow" and len(element):
        return element[0].get("fence") == "true"
    return element.tag == "mspace" or (element.tag == "mo" and not _names_function(element))


def _serialised(element: ET.Element) -> Iterator[Part]:
    attributes = "".join(
        f' {name}="{html.escape(value)}"' for name, value in element.attrib.items() if name in _SAFE_ATTRIBUTES
    )
    text = element.text or ""
    if MARK.fullmatch(text) and element.tag != "mtext":
        variant = element.get("mathvariant", "")
        yield Mark(ord(text) - MARK_BASE, True, f' mathvariant="{html.escape(variant)}"' if "bold" in variant else "")
        return
    yield f"<{element.tag}{attributes}>"
    for part in _split(text):
        yield html.escape(part, quote=False) if isinstance(part, str) else part
    for child in element:
        yield from _serialised(child)
    yield f"</{element.tag}>"


def _split(text: str) -> Iterator[Part]:
    """Words and the marks among them."""
    start = 0
    for match in MARK.finditer(text):
        if match.start() > start:
            yield text[start : match.start()]
        yield Mark(ord(match.group()) - MARK_BASE, False)
        start = match.end()
    if start < len(text):
        yield text[start:]


_TIGHT = frozenset("()[]{}|‖,;!'′")
_APART = frozenset(["mfrac", "mtext", "munder", "munderover", "msub", "msup", "msubsup"])
_ACCENTS = {"^": "\u0302", "¯": "\u0304", "―": "\u0305", "~": "\u0303", "→": "\u20d7", "˙": "\u0307"}


def _line(element: ET.Element) -> Iterator[Part]:
    children = list(element)
    match element.tag:
        case "mfrac":
            yield from _grouped(children[0])
            yield "/"
            yield from _grouped(children[1])
        case "msup" | "msub" | "munder" | "msubsup" | "munderover":
            yield from _grouped(children[0])
            signs = "^" if element.tag == "msup" else "_^"
            for sign, child in zip(signs, children[1:], strict=False):
                yield sign
                yield from _grouped(child)
        case "mover":
            yield from _grouped(children[0])
            yield _ACCENTS.get(children[1].text or "", "")
        case "msqrt":
            yield "√("
            yield from _run(children)
            yield ")"
        case "mroot":
            yield from _grouped(children[0])
            yield "^(1/"
            yield from _line(children[1])
            yield ")"
        case "mtable":
            for row_index, row in enumerate(children):
                yield "; " if row_index else ""
                for cell_index, cell in enumerate(row):
                    yield " " if cell_index else ""
                    yield from _run(list(cell))
        case "mspace":
            yield " "
        case _ if children:
            yield from _run(children)
        case _:
            yield from _split((element.text or "").replace("\xa0", " "))


def _run(children: list[ET.Element]) -> Iterator[Part]:
    """Symbols in a row, with spaces around signs that join two of them."""
    operand = False
    before = ET.Element("mi")
    for child in children:
        sign = child.text or "" if child.tag == "mo" and not _names_function(child) else ""
        if sign and sign not in _TIGHT:
            yield f" {sign} " if operand else sign
            operand = False
        elif sign in {",", ";"}:
            yield f"{sign} "
            operand = False
        else:
            joins = child.tag in _APART or before.tag in _APART or _awaits_operand(before)
            apart = operand and not sign and joins and not (child.tag in _SCRIPTED and _closes(child))
            yield " " if apart else ""
            yield from _line(child)
            operand = sign not in {"(", "[", "{"}
        before = child


def _grouped(element: ET.Element) -> Iterator[Part]:
    """The part, in parentheses unless it is a single symbol."""
    parts = list(_joined(_line(element)))
    first = parts[0] if parts else ""
    simple = len(parts) <= 1 and (not isinstance(first, str) or len(first) <= 1 or first.isalnum())
    yield from parts if simple else ["(", *parts, ")"]
