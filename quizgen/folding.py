"""Texts without the differences that do not count: how they are typed, copied, cased and spaced; and cut to be quoted."""

from __future__ import annotations

import functools
import re
import unicodedata

_SHAPES = str.maketrans("‘’‚‛′“”„‟″«»–—−‐‑‒", "'" * 5 + '"' * 7 + "-" * 6)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+")
_COMMA = re.compile(r",(?![0-9])|(?<![0-9]),")
_AROUND = " .,;:!?\"'"
_MARKUP = re.compile(r"[\s*_`$\\{}]+")


def shortened(text: str, most: int = 40) -> str:
    """The text in one line, cut where it is long, to be quoted in a message."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def squeezed(text: str) -> str:
    """The text in lower case with single spaces: texts that differ in more look different to a reader."""
    return " ".join(text.casefold().split())


@functools.lru_cache(maxsize=16_384)
def folded(text: str, case_sensitive: bool = False) -> str:
    """A typed text in one Unicode form, without what has no width, with plain quotes and dashes and single spaces."""
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    spaced = " ".join(visible.translate(_SHAPES).split())
    return spaced if case_sensitive else spaced.casefold()


def worded(text: str, case_sensitive: bool = False) -> str:
    """The text folded, and without marks around it and commas in it, but for those inside a number; marks alone stay.

    >>> worded("Rises, slowly."), worded("1,5 nats"), worded("?")
    ('rises slowly', '1,5 nats', '?')
    """
    whole = folded(text, case_sensitive)
    return " ".join(_COMMA.sub(" ", whole).split()).strip(_AROUND) or whole


@functools.lru_cache(maxsize=16_384)
def bare(text: str) -> str:
    """The text folded, and without spaces and marks of Markdown and LaTeX, which are lost when it is copied from a page."""
    return _MARKUP.sub("", folded(text))
