"""Reports as tables: CSV with any delimiter and Excel workbooks, with columns found by their heads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from quizgen.errors import SubmissionError
from quizgen.grading.readers.units import Blob
from quizgen.quizzes.delimited import Rows, decode, rows_of
from quizgen.quizzes.spreadsheet import is_workbook, sheet_rows

_FIRST_BYTES = 100_000
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_NOT_LETTERS = re.compile(r"[\W_]+")


def sheet_of(blob: Blob) -> Rows:
    """The rows of a report. `SubmissionError` where it is neither a workbook nor delimited text."""
    if is_workbook(blob.raw):
        return sheet_rows(blob.raw, blob.name, SubmissionError)
    return rows_of(decode(blob.raw, blob.name, SubmissionError), blob.name, SubmissionError)


def heads_of(blob: Blob) -> list[str]:
    """The heads of a report's columns, none where it is no table. Of a long text only the beginning is read."""
    part = blob if is_workbook(blob.raw) else Blob(blob.name, _beginning(blob.raw))
    try:
        return sheet_of(part).header
    except SubmissionError:
        return []


def _beginning(raw: bytes) -> bytes:
    """The first lines, whole, but for texts whose line ends are more than a byte: these are left as they are."""
    cut = raw.rfind(b"\n", 0, _FIRST_BYTES)
    return raw[:cut] if len(raw) > _FIRST_BYTES and cut > 0 and not raw.startswith(_WIDE) else raw


def plain_head(head: str) -> str:
    """A head without capital letters, spaces and marks: ``Org Defined ID`` and ``OrgDefinedId`` are one."""
    return _NOT_LETTERS.sub("", head).casefold()


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a report with its number, and its cells by plain heads; what is not there is empty."""

    number: int
    cells: Sequence[str]
    places: Mapping[str, int]

    def __getitem__(self, head: str) -> str:
        place = self.places.get(head, -1)
        return self.cells[place].strip() if 0 <= place < len(self.cells) else ""


def lines_of(sheet: Rows) -> Iterator[Line]:
    """The rows of a sheet. Of columns with the same head the first counts."""
    places: dict[str, int] = {}
    for place, head in enumerate(sheet.header):
        places.setdefault(plain_head(head), place)
    for number, cells in sheet.rows:
        yield Line(number, cells, places)


def points_in(cell: str) -> float | None:
    """The points in a cell, with point or comma; None where it has none."""
    text = cell.strip().replace(",", ".")
    try:
        return float(text) if re.fullmatch(r"-?[0-9]*\.?[0-9]+", text) else None
    except ValueError:
        return None
