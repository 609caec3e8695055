"""Excel workbooks (.xlsx): the first sheet as rows of texts, with numbers as a person would read them."""

from __future__ import annotations

import io
import re
import zipfile
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from quizgen.bank.files import refusal
from quizgen.errors import QuizgenError
from quizgen.quizzes.archives import PackedFile, opened, package_kind, unpacked
from quizgen.quizzes.delimited import Rows

if TYPE_CHECKING:
    import polars as pl

MAX_UNPACKED_BYTES = 300_000_000
MAX_CELLS = 5_000_000

ERRORS = frozenset(["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA", "#SPILL!", "#CALC!"])
"""What a cell shows whose formula failed."""

SheetRow: TypeAlias = tuple[int, tuple[str, ...]]
"""The number of a row in its sheet, from 1, and its cells."""

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK = "xl/workbook.xml"
_POSITION = re.compile(rb"""\sr\s*=\s*["'](?:([A-Z]{0,3})([0-9]{1,7})["'])?""")
_ERROR_CELL = re.compile(rb"""(<(?:\w+:)?c\b[^>]*?\st\s*=\s*)(?:"e"|'e')""")


def is_workbook(raw: bytes) -> bool:
    """Whether the bytes start like an ``.xlsx`` file (or another zip archive), or like a file of an old Office."""
    return raw.startswith((_ZIP, _OLD_OFFICE))


def sheet_rows(raw: bytes, name: str, error: type[QuizgenError]) -> Rows:
    """The rows of a workbook's first sheet with its first filled row as header, numbered as in the sheet.

    Raises ``error`` for what `filled_rows` refuses.
    """
    (line, heads), *rest = filled_rows(raw, name, error)
    width = header_width(heads)
    rows = ((number, _without_empty_end(row, width)) for number, row in rest)
    return Rows([head.strip() for head in heads[:width]], rows, header_line=line)


def header_width(heads: tuple[str, ...]) -> int:
    """The number of columns up to the last one with a head."""
    return max(place for place, head in enumerate(heads, start=1) if head.strip())


def filled_rows(raw: bytes, name: str, error: type[QuizgenError]) -> list[SheetRow]:
    """The rows of a workbook's first sheet that are not blank; at least one.

    Dates come as ``2025-03-04`` or ``2025-03-04 14:05:00``, true and false in small letters, numbers with at most the
    15 digits that the spreadsheet shows, errors as one of `ERRORS`.

    Raises ``error`` for a workbook that is protected, damaged or too large, and for an empty sheet.
    """
    if raw.startswith(_OLD_OFFICE):
        if _PROTECTED in raw:
            raise refusal(error, name, "the workbook is protected by a password; save it without one")
        raise refusal(error, name, 'this is a file of an old Office; save it as an Excel workbook ".xlsx" or as CSV')
    cells = _first_sheet(_repacked(raw, name, error), name, error)
    rows = [(number, row) for number, row in enumerate(cells.rows(), start=1) if any(cell.strip() for cell in row)]
    if not rows:
        raise refusal(error, name, "the first sheet is empty; its first row must name the columns")
    return rows


def _repacked(raw: bytes, name: str, error: type[QuizgenError]) -> bytes:
    """The workbook packed anew, after its sizes were checked, with its error cells made texts.

    The reader in use gives an error cell as an empty one, and takes memory for every cell of the rectangle that a sheet
    claims; a few bytes can claim billions.
    """
    with opened(raw, name, error) as archive:
        if _WORKBOOK not in archive.namelist():
            kind = package_kind(archive) or "file of another program"
            raise refusal(error, name, f'this is a {kind}; save it as an Excel workbook ".xlsx" or as CSV')
        unpacking = unpacked(archive, name, MAX_UNPACKED_BYTES, error)
        parts = {part.name: _safe_part(part, name, error) for part in unpacking}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as packed:
        for part_name, content in parts.items():
            packed.writestr(part_name, content)
    return buffer.getvalue()


def _safe_part(part: PackedFile, name: str, error: type[QuizgenError]) -> bytes:
    if part.problem is not None:
        raise refusal(error, name, f"the workbook is damaged or protected: {part.problem}")
    if b"sheetData" not in part.raw:
        if part.name.startswith("xl/worksheets/sheet"):
            raise refusal(error, name, "the workbook's sheet is written in an unusual way; save it as CSV")
        return part.raw
    rows = columns = 0
    for found in _POSITION.finditer(part.raw):
        if found[2] is None:
            raise refusal(error, name, "the workbook's cells are named in an unusual way; save it as CSV")
        rows = max(rows, int(found[2]))
        columns = max(columns, _column_number(found[1]))
    if rows * columns > MAX_CELLS:
        raise refusal(error, name, f"a sheet spans {rows} rows and {columns} columns; delete what is far from the others")
    return _ERROR_CELL.sub(rb'\1"str"', part.raw)


@lru_cache(maxsize=20_000)
def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _first_sheet(raw: bytes, name: str, error: type[QuizgenError]) -> pl.DataFrame:
    """All cells of the first sheet as texts; row i of the frame is row i + 1 of the sheet."""
    import fastexcel  # it takes longer to import than a CSV file takes to read
    import polars as pl

    try:
        sheet = fastexcel.read_excel(raw).load_sheet(0, header_row=None, skip_rows=0, dtypes="string")
        cells = sheet.to_polars()
    except fastexcel.FastExcelError as exc:
        raise refusal(error, name, "the workbook is damaged; open it in a spreadsheet and save it anew, or as CSV") from exc
    return cells.select(pl.all().cast(pl.String).fill_null("").map_batches(_as_read, return_dtype=pl.String))


def _as_read(column: pl.Series) -> pl.Series:
    """The column with dates without a clock at midnight, and numbers without binary noise."""
    import polars as pl

    text = pl.col("text")
    noisy = text.str.contains(r"^-?[0-9]+\.[0-9]{14,}$")
    number = text.cast(pl.Float64, strict=False)
    tidied = pl.DataFrame({"text": column}).with_columns(
        text.str.replace(r"^([0-9]{4}-[0-9]{2}-[0-9]{2}) 00:00:00$", "$1")
        .str.replace(r"^1899-12-3[01] ", "")
        .str.replace(r"^-0$", "0")
    )
    if not tidied.select(noisy.any()).item():
        return tidied["text"]
    rounded = number.map_elements(lambda value: format(value, ".15g"), return_dtype=pl.String)
    return tidied.select(pl.when(noisy).then(rounded).otherwise(text))["text"]


def _without_empty_end(cells: tuple[str, ...], width: int) -> list[str]:
    end = len(cells)
    while end > width and not cells[end - 1].strip():
        end -= 1
    return list(cells[:end])
