"""What the columns of a table of responses mean, found by their names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from quizgen.grading.layout import Lookup, cleaned, folded, looks_like_field
from quizgen.quizzes.roster import OTHER_IDS

_NAMES: dict[str, tuple[str, ...]] = {
    "student": (*OTHER_IDS[:3], "id", *OTHER_IDS[3:]),
    "submitted": ("submitted", "submittedat", "submissiontime", "timestamp", "time", "saved", "date", "completed"),
    "worksheet": ("worksheet", "worksheetcode", "sheet", "sheetcode", "code"),
    "attempt": ("attempt", "attemptnumber", "submission"),
    "build": ("build",),
    "field": ("field", "item", "question"),
    "text": ("response", "answer", "text"),
}  # fmt: skip
_SPACING = re.compile(r"[\s_.:#-]+")


@dataclass(frozen=True, slots=True)
class FieldColumn:
    """A column of a wide table: its index, the field it holds, and why its cells cannot count, if they cannot."""

    index: int
    field: str
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Heads:
    """The columns of a table by their meaning, as indices; a table without ``fields`` is long: a row a response."""

    student: int | None
    submitted: int | None
    worksheet: int | None
    attempt: int | None
    build: int | None
    field: int | None
    text: int | None
    fields: tuple[FieldColumn, ...]
    ignored: tuple[str, ...]
    notes: tuple[str, ...] = ()


def read_heads(header: Sequence[str], fields: Lookup, fit: Callable[[int], int]) -> Heads | str:
    """The meaning of a table's columns, or in words why it is no table of responses.

    Where several columns could hold the students' ids, the one counts that ``fit`` (column → number of its first cells
    that are ids of the class) gives the most.
    """
    roles = [_role(head) for head in header]
    found = {role: _columns_of(role, header, roles) for role in _NAMES}
    columns = _field_columns(header, roles, fields)
    if not columns and not (found["field"] and found["text"]):
        return f'no column is named like a field of this quiz, such as "q1"; {_listed(header)}'
    if not found["student"] and not found["worksheet"]:
        return f'no column holds the students\' ids: name it "student"; {_listed(header)}'
    notes: list[str] = []
    chosen = {role: places[0] if places else None for role, places in found.items()}
    if len(found["student"]) > 1:
        best = max(found["student"], key=fit)  # the first of equals, so the plainer name
        chosen["student"] = best
        notes.append(f'students are read from column {best + 1}, "{cleaned(header[best])}"')
    if columns:
        chosen["field"] = chosen["text"] = None
    used = {i for i in chosen.values() if i is not None} | {column.index for column in columns}
    ignored = tuple(cleaned(head) for i, head in enumerate(header) if i not in used and cleaned(head))
    return Heads(**chosen, fields=columns, ignored=ignored, notes=tuple(notes))


def _columns_of(role: str, header: Sequence[str], roles: Sequence[str | None]) -> list[int]:
    """The columns of a role, that with the plainest name first."""
    places = [i for i, name in enumerate(roles) if name == role]
    return sorted(places, key=lambda i: _NAMES[role].index(_plain(header[i])))


def _field_columns(header: Sequence[str], roles: Sequence[str | None], fields: Lookup) -> tuple[FieldColumn, ...]:
    named = [
        (i, fields.find(head) or cleaned(head))
        for i, head in enumerate(header)
        if roles[i] is None and (fields.find(head) is not None or looks_like_field(head))
    ]
    times = Counter(folded(name) for _, name in named)
    return tuple(
        FieldColumn(i, name, None if times[folded(name)] == 1 else f'more than one column is named "{name}"')
        for i, name in named
    )


def _plain(head: str) -> str:
    return _SPACING.sub("", folded(head))


def _role(head: str) -> str | None:
    plain = _plain(head)
    return next((role for role, names in _NAMES.items() if plain in names), None)


def _listed(header: Sequence[str]) -> str:
    names = [f'"{cleaned(head)[:40]}"' for head in header if cleaned(head)]
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return f"the columns are {', '.join(names[:12])}{more}"
