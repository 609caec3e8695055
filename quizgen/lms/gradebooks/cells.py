"""Delimited text whose cells can be changed one by one, while everything else stays as it is, byte for byte."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from quizgen.errors import SubmissionError

_NEW_LINE = re.compile(r"\r\n|\n|\r")


@dataclass(slots=True)
class RawRow:
    """A row: its cells as written, quotation marks included, and what ends it."""

    cells: list[str]
    ending: str

    def value(self, place: int) -> str:
        """What a cell says; empty where the row has no such cell."""
        return said(self.cells[place]) if 0 <= place < len(self.cells) else ""

    @property
    def blank(self) -> bool:
        """Whether the row says nothing."""
        return not any(said(cell).strip() for cell in self.cells)


@dataclass(slots=True)
class RawTable:
    """A table as text: its rows, and the delimiter between cells."""

    rows: list[RawRow]
    delimiter: str

    @property
    def heads(self) -> list[str]:
        """The cells of the first row."""
        return [said(cell).strip() for cell in self.rows[0].cells]

    def put(self, row: RawRow, place: int, value: str) -> None:
        """Writes a cell, in quotation marks where the row's other cells have them or the value needs them."""
        row.cells.extend([""] * (place + 1 - len(row.cells)))
        row.cells[place] = self._written(value, row)

    def insert(self, place: int, value: Callable[[int, RawRow], str]) -> None:
        """Adds a column before one; ``value`` gives its cell by the row's number, from 0, and the row."""
        for number, row in enumerate(self.rows):
            if not row.blank:
                row.cells.extend([""] * (place - len(row.cells)))
                row.cells.insert(place, self._written(value(number, row), row))

    def _written(self, value: str, row: RawRow) -> str:
        quoted = any(row.cells) and all(cell.startswith('"') for cell in row.cells if cell)
        return written(value, self.delimiter, quoted)

    def text(self) -> str:
        """The table as text."""
        return "".join(self.delimiter.join(row.cells) + row.ending for row in self.rows)


def written(value: str, delimiter: str = ",", quoted: bool = False) -> str:
    """A value as a cell, in quotation marks where it needs them or all have them."""
    needed = any(character in value for character in (delimiter, '"', "\r", "\n"))
    return '"' + value.replace('"', '""') + '"' if quoted or needed else value


def new_table(rows: Iterable[Sequence[str]], *, quoted: bool = False) -> RawTable:
    """A table of these values, split by commas, with the line ends of spreadsheets."""
    return RawTable([RawRow([written(value, ",", quoted) for value in row], "\r\n") for row in rows], ",")


def said(cell: str) -> str:
    """What a cell as written says."""
    if len(cell) >= 2 and cell.startswith('"') and cell.endswith('"'):
        return cell[1:-1].replace('""', '"')
    return cell


def raw_table(text: str, delimiter: str, name: str) -> RawTable:
    """The table that a text is. `SubmissionError` where a quotation mark is never closed."""
    rows: list[RawRow] = []
    cells: list[str] = []
    start = place = 0
    while place < len(text):
        character = text[place]
        if character == '"' and place == start:
            place = _closed(text, place, name)
        elif character == delimiter:
            cells.append(text[start:place])
            start = place = place + 1
        elif character in "\r\n":
            ending = "\r\n" if text.startswith("\r\n", place) else character
            rows.append(RawRow([*cells, text[start:place]], ending))
            cells = []
            start = place = place + len(ending)
        else:
            place += 1
    if cells or start < len(text):
        rows.append(RawRow([*cells, text[start:]], ""))
    return RawTable(rows, delimiter)


def _closed(text: str, place: int, name: str) -> int:
    """The place behind the quotation mark that closes the one at ``place``."""
    opened, place = place, place + 1
    while (found := text.find('"', place)) >= 0:
        if not text.startswith('""', found):
            return found + 1
        place = found + 2
    line = 1 + len(_NEW_LINE.findall(text, 0, opened))
    raise SubmissionError(f"{name}, line {line}: a cell opens with a quotation mark that is never closed")
