"""Where a long formula inside a sentence may be broken between two lines; browsers break no formula by themselves."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from quizgen.items import MARK_BASE, MAX_TAGS

MARK = re.compile(f"[{chr(MARK_BASE)}-{chr(MARK_BASE + MAX_TAGS - 1)}]")

LONG = 12
"""How many signs wide a formula is that might not fit on a phone's line."""

_RELATIONS = frozenset("=≈<>≤≥≠∝→⇒∼≡")
_SIGNS = frozenset("+−-±×·")
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")


def broken(formula: ET.Element) -> list[ET.Element]:
    """The formula in one or more parts, each a formula, between which a line may end.

    A long one is broken as TeX does it: after a relation or a sign that joins two terms, outside all parentheses.
    """
    if len(formula) != 1 or formula[0].tag != "mrow" or weight(formula) <= LONG:
        return [formula]
    parts: list[list[ET.Element]] = [[]]
    depth = 0
    for symbol in formula[0]:
        parts[-1].append(symbol)
        text = symbol.text or "" if symbol.tag == "mo" else ""
        depth += (text in _OPENING) - (text in _CLOSING)
        joins = text in _RELATIONS or (text in _SIGNS and symbol.get("form") != "prefix" and len(parts[-1]) > 1)
        if depth == 0 and joins and text:
            parts.append([])
    return [_formula_of(formula, part) for part in parts if part]


def weight(formula: ET.Element) -> float:
    """How wide a formula is, roughly, in signs; a value counts as a number of some digits, which takes three."""
    return sum(_sign_width(element.text or "") for element in formula.iter() if not len(element) and element.tag != "mspace")


def _sign_width(text: str) -> float:
    return 3 if MARK.fullmatch(text) else max(1, len(text) / 2)


def _formula_of(whole: ET.Element, symbols: list[ET.Element]) -> ET.Element:
    part = ET.Element("math", whole.attrib)
    ET.SubElement(part, "mrow").extend(symbols)
    return part
