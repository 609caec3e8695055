"""Takes in files one by one and places their units many files at a time.

Placing takes milliseconds to start however few the units are, and a class hands in a small file for each student.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import polars as pl

from quizgen.errors import SubmissionError
from quizgen.grading.layout import Layout
from quizgen.grading.placing import TIME, Placer
from quizgen.grading.readers import find_reader
from quizgen.grading.readers.units import UNITS_AT_ONCE, Blob, Chunk, mended, reason_of

PLACED = pl.Schema(
    {
        "file": pl.Int64(),
        "submitted": pl.String(),
        "when": TIME,
        "attempt": pl.String(),
        "row": pl.Int64(),
        "record": pl.Int64(),
        "text": pl.String(),
        "student": pl.String(),
        "field": pl.String(),
    }
)
UNPLACED = pl.Schema(
    {
        "file": pl.Int64(),
        "student": pl.String(),
        "field": pl.String(),
        "text": pl.String(),
        "submitted": pl.String(),
        "row": pl.Int64(),
        "reason": pl.String(),
    }
)

UNREAD = pl.Schema({"file": pl.Int64(), "time": pl.String()})

_LONGEST_FILE = 2**40
"""More rows than a file can have."""


@dataclass(slots=True)
class FileTaken:
    """A file: its name and format, how many units it gave, and what is to be told of it; ``refusal``: why it is not read."""

    name: str
    format: str
    received: int = 0
    ignored: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refusal: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """All that came in, in order of files and rows. The column ``file`` of both tables counts ``files`` from 0."""

    files: tuple[FileTaken, ...]
    responses: pl.DataFrame
    rejected: pl.DataFrame


class Intake:
    """Takes in files; afterwards `all` tells what came in."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._placer = Placer(layout)
        self._files: list[FileTaken] = []
        self._waiting: dict[bool, list[tuple[int, pl.DataFrame]]] = {False: [], True: []}
        self._size = 0
        self._responses: list[pl.DataFrame] = []
        self._rejected: list[pl.DataFrame] = []
        self._unread_times: list[pl.DataFrame] = [UNREAD.to_frame()]

    def refuse(self, name: str, reason: str) -> None:
        """Takes a file that cannot be read: one rejected unit."""
        unit = (len(self._files), "", "", "", None, 1, f"the file is not read: {reason}")
        self._rejected.append(pl.DataFrame([unit], schema=UNPLACED, orient="row"))
        self._files.append(FileTaken(name, "not read", 1, refusal=reason))

    def read(self, blob: Blob) -> None:
        """Takes the units of a file; one in which a fault shows only at its end counts as not read at all."""
        number = len(self._files)
        try:
            reader = find_reader(blob)
            self._files.append(FileTaken(blob.name, reader.name))
            for chunk in reader.read(blob, self._layout):
                self._take(number, chunk)
        except SubmissionError as exc:
            self._forget(number)
            self.refuse(blob.name, reason_of(exc, blob.name))

    def _take(self, number: int, chunk: Chunk) -> None:
        file = self._files[number]
        file.ignored += map(mended, chunk.ignored)
        file.notes += map(mended, chunk.notes)
        if len(chunk.units):
            file.received += len(chunk.units)
            self._waiting[chunk.sparse].append((number, chunk.units))
            self._size += len(chunk.units)
        if self._size >= UNITS_AT_ONCE:
            self._place()

    def _forget(self, number: int) -> None:
        """Drops the last file and its units."""
        if len(self._files) > number and self._files.pop().received:
            other = pl.col("file") != number
            for waiting in self._waiting.values():
                waiting[:] = [(file, units) for file, units in waiting if file != number]
            for frames in (self._responses, self._rejected, self._unread_times):
                frames[:] = [frame.filter(other) for frame in frames]

    def _place(self) -> None:
        """Places all units that wait."""
        for sparse, waiting in self._waiting.items():
            if not waiting:
                continue
            numbers = pl.Series("file", [number for number, _ in waiting], dtype=pl.Int64)
            lengths = pl.Series([len(units) for _, units in waiting])
            files = pl.select(numbers.repeat_by(lengths).explode()).to_series()
            units = pl.concat([units for _, units in waiting]).with_columns(files)
            placed = self._placer.place(units, sparse)
            for number, count in placed.empty["file"].value_counts().iter_rows():
                self._files[number].received -= count
            self._responses.append(placed.responses.select(list(PLACED)))
            self._rejected.append(placed.rejected.select(list(UNPLACED)))
            self._unread_times.append(placed.unread_times)
            waiting.clear()
        self._size = 0

    def all(self) -> Taken:
        """What came in with all files taken so far."""
        self._place()
        notes = _unread_notes(pl.concat(self._unread_times))
        files = tuple(replace(file, notes=[*file.notes, *notes.get(i, ())]) for i, file in enumerate(self._files))
        return Taken(files, _in_order([PLACED.to_frame(), *self._responses]), _in_order([UNPLACED.to_frame(), *self._rejected]))


def _unread_notes(times: pl.DataFrame) -> dict[int, list[str]]:
    """By file, what to tell of times that cannot be read."""
    found = times.group_by("file").agg(pl.len(), pl.col("time").first().alias("example"))
    return {
        number: [
            f'times that cannot be told: {count}, such as "{example}"; these responses count as not late '
            "(write times as 2025-03-04 14:05)"
        ]
        for number, count, example in found.iter_rows()
    }


def _in_order(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """The frames as one, in the order of files and rows."""
    frame = pl.concat(frames)
    order = pl.col("file") * _LONGEST_FILE + pl.col("row")
    return frame if frame.select(order).to_series().is_sorted() else frame.sort(order, maintain_order=True)
