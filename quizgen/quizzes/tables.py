"""Writes tables as CSV that people open in a spreadsheet."""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO

import polars as pl

from quizgen.errors import OutputError

DECIMALS = 6

_NUMBER = r"^[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]+)?%?$"
_FORMULA = r"^[\s\x00-\x1f\u{a0}\u{200b}-\u{200f}\u{2060}\u{feff}]*[=+\-@＝＋－＠]"
_CONTROL = r"^[\t\r\n]"


def write_table(frame: pl.DataFrame, path: Path | IO[bytes]) -> None:
    """Writes a table as CSV to a file or a stream.

    UTF-8, a comma between cells, ``\\n`` after each row, nothing in a cell that is null or blank.

    Numbers with a point are rounded to six decimals and lose zeros at their end: 0.1, 12, not 0.30000000000000004.

    A spreadsheet runs a cell that begins like a formula, and students write cells. So a text whose first visible
    character is ``=``, ``+``, ``-`` or ``@`` (also in their full-width forms), and one that begins with a tab or the
    end of a line, is written with an apostrophe before it, which a spreadsheet shows as plain text. A text that is just
    a number, such as -0.5 or +1e3, stays as it is. Heads of columns are treated alike.

    Raises OutputError if the file cannot be written.
    """
    columns = [_shown(frame[name]) for name in frame.columns]
    heads = pl.Series(frame.columns, dtype=pl.String)
    shown = pl.DataFrame(columns).rename(dict(zip(frame.columns, defused(heads), strict=True)))
    try:
        shown.write_csv(path, line_terminator="\n")
    except OSError as exc:
        raise OutputError(f"{path}: the table cannot be written: {exc.strerror or exc}") from exc


def defused(texts: pl.Series) -> pl.Series:
    """The texts with an apostrophe before each that a spreadsheet would run as a formula."""
    text = pl.col("text")
    risky = (text.str.contains(_FORMULA) | text.str.contains(_CONTROL)) & ~text.str.contains(_NUMBER)
    table = pl.DataFrame({"text": texts.rename("text")})
    return table.select(text=pl.when(risky).then(pl.lit("'") + text).otherwise(text))["text"].rename(texts.name)


def _shown(column: pl.Series) -> pl.Series:
    if column.dtype == pl.String:
        return defused(column).replace("", None)
    return _short_floats(column) if column.dtype.is_float() else column


def _short_floats(column: pl.Series) -> pl.Series:
    """Each number as text: rounded, without zeros at the end, and without a minus at zero; NaN is empty."""
    values = column.drop_nulls().unique()
    texts = [_short(value) for value in values]
    return column.replace_strict(values, pl.Series(texts, dtype=pl.String), return_dtype=pl.String, default=None)


def _short(value: float) -> str | None:
    if value != value:
        return None
    text = format(value, f".{DECIMALS}f")
    text = re.sub(r"\.?0+$", "", text) if "." in text else text
    return "0" if text == "-0" else text
