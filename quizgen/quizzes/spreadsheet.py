"""Class lists kept in Excel: the first sheet of a workbook, as rows of texts."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Any

from quizgen.bank.files import refusal
from quizgen.errors import QuizgenError
from quizgen.quizzes.delimited import Rows

MAX_UNPACKED_BYTES = 300_000_000
MAX_CELLS = 10_000_000

_POSITION = re.compile(rb"""\sr\s*=\s*["']([A-Z]{0,3})([0-9]{1,7})["']""")
_SHEETS = "xl/worksheets/"


def is_workbook(raw: bytes) -> bool:
    """Whether the bytes start like an ``.xlsx`` file (or another zip archive)."""
    return raw.startswith(b"PK\x03\x04")


def sheet_rows(raw: bytes, name: str, error: type[QuizgenError]) -> Rows:
    """The rows of a workbook's first sheet, numbered as in the sheet; every cell is a text, ``7`` for the number 7.

    Raises ``error`` for a damaged, protected or oversized workbook and for an empty sheet.
    """
    _check_size(raw, name, error)
    cells = [
        (number, ["" if cell is None else str(cell) for cell in row])
        for number, row in enumerate(_first_sheet(raw, name, error), start=1)
    ]
    filled = [(number, row) for number, row in cells if any(cell.strip() for cell in row)]
    if not filled:
        raise refusal(error, name, "the first sheet is empty; its first row must name the columns")
    line, heads = filled[0]
    width = max(place for place, head in enumerate(heads, start=1) if head.strip())
    rows = ((number, _without_empty_end(row, width)) for number, row in filled[1:])
    return Rows([head.strip() for head in heads[:width]], rows, header_line=line)


def _first_sheet(raw: bytes, name: str, error: type[QuizgenError]) -> list[tuple[Any, ...]]:
    import fastexcel  # with Polars it takes longer to import than a CSV file takes to read

    try:
        sheet = fastexcel.read_excel(raw).load_sheet(0, header_row=None, skip_rows=0, dtypes="string")
        rows: list[tuple[Any, ...]] = sheet.to_polars().rows()
    except fastexcel.FastExcelError as exc:
        raise refusal(error, name, f"the workbook cannot be read: {str(exc).splitlines()[0]}") from exc
    return rows


def _check_size(raw: bytes, name: str, error: type[QuizgenError]) -> None:
    """Refuse what would need much memory: a reader makes room for every cell of the rectangle that a sheet claims."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
                raise refusal(error, name, f"unpacked, the workbook is larger than {MAX_UNPACKED_BYTES // 10**6} MB")
            if not any(entry.filename.startswith(_SHEETS) for entry in entries):
                raise refusal(error, name, 'this archive is no Excel workbook; save the list as ".xlsx" or as CSV')
            for entry in entries:
                if entry.filename.startswith(_SHEETS) and _claimed_cells(archive.read(entry)) > MAX_CELLS:
                    raise refusal(error, name, "a sheet spans too many rows and columns; delete the cells far outside")
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError, zlib.error) as exc:
        raise refusal(error, name, f"the workbook is damaged or protected: {exc}") from exc


def _claimed_cells(sheet: bytes) -> int:
    rows = columns = 1
    for letters, digits in set(_POSITION.findall(sheet)):
        number = 0
        for letter in letters:
            number = number * 26 + letter - 64
        rows, columns = max(rows, int(digits)), max(columns, number)
    return rows * columns


def _without_empty_end(cells: list[str], width: int) -> list[str]:
    end = len(cells)
    while end > width and not cells[end - 1].strip():
        end -= 1
    return cells[:end]
