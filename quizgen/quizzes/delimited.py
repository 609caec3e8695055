"""Delimited text files (CSV) as people and spreadsheets save them.

Encodings: UTF-8 with or without a byte order mark, UTF-16 and UTF-32 with one. Delimiters: comma, semicolon, tab, found
by content or named by Excel's ``sep=;`` line. Cells may be quoted and hold line breaks.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from quizgen.bank.files import refusal
from quizgen.errors import QuizgenError

MAX_BYTES = 50_000_000

_MARKS = (  # UTF-32's little-endian mark starts with UTF-16's, so it is tried first
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DELIMITERS = (",", ";", "\t")
_SEP_LINE = re.compile(r'"?sep=([,;\t|])"?[ ,;\t]*(?:\r\n|\n|\r|$)', re.IGNORECASE)
_SAMPLE_CHARACTERS = 65_536
_SAMPLE_ROWS = 50


@dataclass(frozen=True, slots=True)
class Rows:
    """A table: the header's cells, stripped, and an iterator over (line of the file, cells).

    Cells are as written. Blank rows are skipped, and empty cells beyond the header's last column are dropped; a row
    may still be shorter or longer than the header, and it is for the reader to say what that means.
    """

    header: list[str]
    rows: Iterator[tuple[int, list[str]]]
    delimiter: str = ","
    header_line: int = 1


def encoding_of(raw: bytes) -> tuple[bytes, str]:
    """The byte order mark of a file, empty where it has none, and its encoding."""
    return next(((mark, codec) for mark, codec in _MARKS if raw.startswith(mark)), (b"", "utf-8"))


def decode(raw: bytes, name: str, error: type[QuizgenError]) -> str:
    """The text of a file, without its byte order mark. Raises ``error`` naming the first byte that is no text."""
    mark, encoding = encoding_of(raw)
    body = raw[len(mark) :]
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as exc:
        before = body[: exc.start].decode(encoding, errors="replace")
        line = 1 + len(re.findall(r"\r\n|\n|\r", before))
        raise refusal(
            error,
            name,
            f"byte 0x{body[exc.start]:02X} at position {len(mark) + exc.start + 1} is not {encoding.upper()} text; "
            'save the file as "CSV UTF-8"',
            line,
        ) from exc
    if "\0" in text:
        line = 1 + len(re.findall(r"\r\n|\n|\r", text[: text.index("\0")]))
        raise refusal(error, name, 'the file is not plain text (it holds a NUL); save it as "CSV UTF-8"', line)
    return text


def rows_of(text: str, name: str, error: type[QuizgenError]) -> Rows:
    """The rows of a delimited text; ``name`` is what messages call it."""
    named = _SEP_LINE.match(text)
    body = text[named.end() :] if named else text
    delimiter = named[1] if named else sniff_delimiter(body)
    records = _records(body, delimiter, name, error, first_line=2 if named else 1)
    line, cells = next(records, (0, []))
    header = trimmed([cell.strip() for cell in cells], 0)
    if not header:
        raise refusal(error, name, "the file is empty; its first row must name the columns")
    width = len(header)
    rows = ((line, cells if len(cells) <= width else trimmed(cells, width)) for line, cells in records)
    return Rows(header, rows, delimiter, line)


def sniff_delimiter(text: str) -> str:
    """The delimiter (comma, semicolon or tab) that splits the first rows into the most even table."""
    sample = text[:_SAMPLE_CHARACTERS]
    best, best_score = ",", (0.0, 0)
    for delimiter in _DELIMITERS:
        rows = _sample_rows(sample, delimiter, cut=len(text) > len(sample))
        if not rows or len(rows[0]) < 2:
            continue
        even = sum(len(row) == len(rows[0]) for row in rows) / len(rows)
        if (even, len(rows[0])) > best_score:
            best, best_score = delimiter, (even, len(rows[0]))
    return best


def _sample_rows(sample: str, delimiter: str, *, cut: bool) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, skipinitialspace=True):
            if any(cell.strip() for cell in row):
                rows.append(row)
            if len(rows) > _SAMPLE_ROWS:
                break
    except csv.Error:  # told later, with its line, when the row is really read
        return rows
    return rows[:-1] if cut and len(rows) > 1 else rows


def _records(
    text: str, delimiter: str, name: str, error: type[QuizgenError], first_line: int
) -> Iterator[tuple[int, list[str]]]:
    """All rows that are not blank, each with the line on which it starts."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    line = first_line
    try:
        for cells in reader:
            # the first cell settles nearly all rows, and a class can have a million
            if cells and ((cells[0] and not cells[0].isspace()) or any(cell and not cell.isspace() for cell in cells)):
                yield line, cells
            line = reader.line_num + first_line
    except csv.Error as exc:
        raise refusal(error, name, _quoting_fault(exc), line) from exc


def _quoting_fault(exc: csv.Error) -> str:
    words = str(exc)
    if "expected after" in words:
        return 'a quoted cell goes on after its closing quotation mark; write a quotation mark inside a cell as ""'
    if "end of data" in words:
        return 'a cell opens with a quotation mark " that is never closed'
    if "field larger" in words:
        return "a cell is longer than 131,072 characters; is a quotation mark missing?"
    return f"the row cannot be read: {words}"


def trimmed(cells: list[str], width: int) -> list[str]:
    """The cells without empty ones at the end, down to ``width``."""
    end = len(cells)
    while end > width and not cells[end - 1].strip():
        end -= 1
    return cells if end == len(cells) else cells[:end]
