"""What holds for words in every flavour: no control characters, and how wide they are on a screen of fixed pitch."""

from __future__ import annotations

import re
import unicodedata

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def without_controls(words: str) -> str:
    """The words without characters that no file format carries (all but tab and line feed of the controls)."""
    return words if words.isprintable() else _CONTROLS.sub("", words)


def display_width(words: str) -> int:
    """How many columns the words take where wide characters take two and combining ones none.

    >>> display_width("naïve"), display_width("确定")
    (5, 4)
    """
    if words.isascii():
        return len(words)
    return sum(_width(character) for character in words)


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
