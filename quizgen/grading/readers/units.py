"""What a reader makes of a file: units, each one response as the file tells it, before anything is matched."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl

from quizgen.errors import SubmissionError
from quizgen.grading.layout import Layout

UNITS = pl.Schema(
    {
        "student": pl.String(),
        "field": pl.String(),
        "text": pl.String(),
        "submitted": pl.String(),
        "worksheet": pl.String(),
        "build": pl.String(),
        "attempt": pl.String(),
        "row": pl.Int64(),
        "record": pl.Int64(),
        "problem": pl.String(),
    }
)
"""``record`` numbers what was handed in at once inside a file; null where each row stands for itself.
``problem`` says why a unit cannot count, whatever it is matched with; null where the reader saw nothing wrong."""

NO_UNITS = UNITS.to_frame()

UNITS_AT_ONCE = 200_000
LONGEST_EXCERPT = 2_000

_HALVES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Blob:
    """A file's bytes and what it is called in messages."""

    name: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some units of a file. ``sparse``: they come from cells of a wide table, where a blank one may mean nothing."""

    units: pl.DataFrame
    sparse: bool = False
    ignored: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """A format: whether a file is in it, judged by content, and its units.

    ``read`` raises SubmissionError for a file that cannot be read at all.
    """

    name: str
    recognises: Callable[[Blob], bool]
    read: Callable[[Blob, Layout], Iterator[Chunk]]


class UnitList:
    """Collects units one by one."""

    __slots__ = ("_columns", "broken")

    def __init__(self) -> None:
        self.broken = 0
        self._columns: list[list[str | int | None]] = [[] for _ in UNITS]

    def __len__(self) -> int:
        return len(self._columns[0])

    def add(
        self,
        row: int,
        *,
        student: str | None = None,
        field: str | None = None,
        text: str | None = None,
        submitted: str | None = None,
        worksheet: str | None = None,
        build: str | None = None,
        attempt: str | None = None,
        record: int | None = None,
        problem: str | None = None,
    ) -> None:
        """Adds one unit. Halves of characters, as broken JSON can hold, are replaced; `broken` counts such units."""
        words: tuple[str | None, ...] = (student, field, text, submitted, worksheet, build, attempt)
        if not all(word is None or word.isascii() or _sound(word) for word in words):
            self.broken += 1
            words = tuple(None if word is None else mended(word) for word in words)
        if problem is not None:
            problem = mended(problem)
        for column, value in zip(self._columns, (*words, row, record, problem), strict=True):
            column.append(value)

    def take(self) -> pl.DataFrame:
        """The units collected so far; afterwards the list is empty."""
        columns, self._columns = self._columns, [[] for _ in UNITS]
        return pl.DataFrame(dict(zip(UNITS, columns, strict=True)), schema=UNITS)


def excerpt(text: str) -> str:
    """The text, cut where it is so long that only its beginning can be of use."""
    return text if len(text) <= LONGEST_EXCERPT else text[:LONGEST_EXCERPT] + "…"


def refused(name: str, message: str) -> SubmissionError:
    """The error for a file that cannot be read at all."""
    return SubmissionError(f"{name}: {message}")


def reason_of(error: SubmissionError, name: str) -> str:
    """Why a file cannot be read, without the file's name: ``line 2: …`` where the error knows the line."""
    words = str(error).removeprefix(f"{name}:")
    return re.sub(r"^([0-9]+): ", r"line \1: ", words).lstrip()


def _sound(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def mended(text: str) -> str:
    """The text with U+FFFD for each half of a character, which no file can hold."""
    return text if text.isascii() else _HALVES.sub("\ufffd", text)
