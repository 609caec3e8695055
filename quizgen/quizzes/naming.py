"""File names made of students' ids: safe on every system, and no two alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_RESERVED = {"con", "prn", "aux", "nul", *(f"{device}{i}" for device in ("com", "lpt") for i in range(10))}
_MOST_BYTES = 100


def file_names(ids: Sequence[str]) -> list[str]:
    """A name for each id, without ending; letters and digits of any script stay."""
    taken: set[str] = set()
    names = []
    for id in ids:
        base = _safe(id)
        name, number = base, 2
        while name.casefold() in taken:
            name = f"{base}-{number}"
            number += 1
        taken.add(name.casefold())
        names.append(name)
    return names


def _safe(id: str) -> str:
    normal = unicodedata.normalize("NFC", id)
    kept = "".join(c if c.isalnum() or c in "-_." or unicodedata.category(c) in ("Mn", "Mc") else "_" for c in normal)
    while len(kept.encode()) > _MOST_BYTES:
        kept = kept[:-1]
    kept = kept.strip(".")
    # Windows takes COM¹ for COM1; a name that begins with a hyphen is taken for an option by many commands
    device = unicodedata.normalize("NFKC", kept.split(".")[0]).casefold()
    return f"_{kept}" if not kept or kept.startswith("-") or device in _RESERVED else kept
