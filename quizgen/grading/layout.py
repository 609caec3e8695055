"""What a build knows of its submissions: who handed in, which fields each of them has, and how names are matched."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_LIKE_A_FIELD = re.compile(r"q[0-9]+(\.\w+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Layout:
    """The students and fields of a build.

    ``fields`` maps a student's id to the names of that student's fields (``q1``, ``q2.loss_1``); students may share one
    set. ``worksheets`` maps a sheet's code to its student. A ``due`` time without offset is UTC.
    """

    students: frozenset[str]
    fields: Mapping[str, frozenset[str]]
    all_fields: frozenset[str]
    worksheets: Mapping[str, str]
    build: str
    due: datetime | None = None


def cleaned(text: str) -> str:
    """The text in Unicode's NFC form, without spaces of any kind and invisible marks around it."""
    normal = text if text.isascii() else unicodedata.normalize("NFC", text)
    while (stripped := normal.strip().strip(_INVISIBLE)) != normal:
        normal = stripped
    return normal


def folded(text: str) -> str:
    """The cleaned text, fit for a comparison that ignores case."""
    return unicodedata.normalize("NFC", cleaned(text).casefold())


def looks_like_field(text: str) -> bool:
    """True for what could be the name of a field of some quiz: ``q7``, ``Q12.loss``."""
    return _LIKE_A_FIELD.fullmatch(cleaned(text)) is not None


class Lookup:
    """Finds known names as people write them: first exactly, then ignoring case where that leaves only one."""

    __slots__ = ("_exact", "_folded")

    def __init__(self, names: Iterable[str]) -> None:
        self._exact: dict[str, str] = {}
        self._folded: dict[str, list[str]] = {}
        for name in sorted(names):
            self._exact[cleaned(name)] = name
            self._folded.setdefault(folded(name), []).append(name)

    def find(self, text: str) -> str | None:
        """The known name that is meant, or None."""
        known = self._exact.get(cleaned(text))
        if known is not None:
            return known
        alike = self.alike(text)
        return alike[0] if len(alike) == 1 else None

    def alike(self, text: str) -> tuple[str, ...]:
        """All known names that differ from the text in case only, in order."""
        return tuple(self._folded.get(folded(text), ()))


@lru_cache(maxsize=8)
def lookup_of(names: frozenset[str]) -> Lookup:
    """The lookup of some names; that of a class is made once, not for each of its files."""
    return Lookup(names)
