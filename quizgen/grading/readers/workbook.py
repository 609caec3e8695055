"""Reads Excel workbooks (.xlsx): the first sheet, with numbers as a person would read them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from functools import lru_cache

import fastexcel
import polars as pl

from quizgen.grading.layout import Layout
from quizgen.grading.readers.archives import PackedFile, opened, package_kind, unpacked
from quizgen.grading.readers.table import blocks_of, read_table
from quizgen.grading.readers.units import Blob, Chunk, Reader, refused

MAX_UNPACKED_BYTES = 300_000_000
MAX_CELLS = 5_000_000

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK = "xl/workbook.xml"
_POSITION = re.compile(rb"""\sr\s*=\s*["'](?:([A-Z]{0,3})([0-9]{1,7})["'])?""")
_ERROR_CELL = re.compile(rb"""(<(?:\w+:)?c\b[^>]*?\st\s*=\s*)(?:"e"|'e')""")
_ERRORS = frozenset(["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA", "#SPILL!", "#CALC!"])
_UNREADABLE = "the cell holds an error of the spreadsheet, such as #N/A or #DIV/0!"


def read_workbook(blob: Blob, layout: Layout) -> Iterator[Chunk]:
    """The units of a workbook's first sheet. Raises SubmissionError if it is protected, damaged or too large.

    Dates come as ``2025-03-04`` or ``2025-03-04 14:05:00``, true and false in small letters, numbers with at most the
    15 digits that the spreadsheet shows. A cell with an error (``#N/A``) gives a unit with a problem.
    """
    if blob.raw.startswith(_OLD_OFFICE):
        if _PROTECTED in blob.raw:
            raise refused(blob.name, "the workbook is protected by a password; save it without one")
        raise refused(blob.name, 'this is a file of an old Office; save it as an Excel workbook ".xlsx" or as CSV')
    cells = _first_sheet(_repacked(blob), blob.name)
    rows = [(number, row) for number, row in enumerate(cells.rows(), start=1) if any(cell.strip() for cell in row)]
    if not rows:
        raise refused(blob.name, "the first sheet is empty; its first row must name the columns")
    width = max(i for i, head in enumerate(rows[0][1], start=1) if head.strip())
    for chunk in read_table(blob.name, rows[0][1][:width], blocks_of(rows[1:], width), layout):
        broken = pl.any_horizontal(pl.col("student", "field", "text").str.strip_chars().is_in(_ERRORS))
        problem = pl.when(broken).then(pl.lit(_UNREADABLE)).otherwise(pl.col("problem"))
        yield Chunk(chunk.units.with_columns(problem=problem), chunk.sparse, chunk.ignored, chunk.notes)


def _repacked(blob: Blob) -> bytes:
    """The workbook packed anew, after its sizes were checked, with its error cells made texts.

    The reader in use gives an error cell as an empty one, and takes memory for every cell of the rectangle that a sheet
    claims; a few bytes can claim billions.
    """
    with opened(blob) as archive:
        if _WORKBOOK not in archive.namelist():
            kind = package_kind(archive) or "file of another program"
            raise refused(blob.name, f'this is a {kind}; save the responses as an Excel workbook ".xlsx" or as CSV')
        parts = {part.name: _safe_part(part, blob.name) for part in unpacked(archive, blob.name, MAX_UNPACKED_BYTES)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as packed:
        for name, raw in parts.items():
            packed.writestr(name, raw)
    return buffer.getvalue()


def _safe_part(part: PackedFile, name: str) -> bytes:
    if part.problem is not None:
        raise refused(name, f"the workbook is damaged or protected: {part.problem}")
    if b"sheetData" not in part.raw:
        if part.name.startswith("xl/worksheets/sheet"):
            raise refused(name, "the workbook's sheet is written in an unusual way; save it as CSV")
        return part.raw
    rows = columns = 0
    for found in _POSITION.finditer(part.raw):
        if found[2] is None:
            raise refused(name, "the workbook's cells are named in an unusual way; save it as CSV")
        rows = max(rows, int(found[2]))
        columns = max(columns, _column_number(found[1]))
    if rows * columns > MAX_CELLS:
        raise refused(name, f"a sheet spans {rows} rows and {columns} columns; delete what is far from the responses")
    return _ERROR_CELL.sub(rb'\1"str"', part.raw)


@lru_cache(maxsize=20_000)
def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _first_sheet(raw: bytes, name: str) -> pl.DataFrame:
    """All cells of the first sheet as texts; row i of the frame is row i + 1 of the sheet."""
    try:
        sheet = fastexcel.read_excel(raw).load_sheet(0, header_row=None, skip_rows=0, dtypes="string")
        cells = sheet.to_polars()
    except fastexcel.FastExcelError as exc:
        raise refused(name, "the workbook is damaged; open it in a spreadsheet and save it anew, or as CSV") from exc
    return cells.select(pl.all().cast(pl.String).fill_null("").map_batches(_as_read, return_dtype=pl.String))


def _as_read(column: pl.Series) -> pl.Series:
    """The column with dates without a clock at midnight, and numbers without binary noise."""
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


WORKBOOK = Reader("Excel", lambda blob: blob.raw.startswith((b"PK\x03\x04", _OLD_OFFICE)), read_workbook)
