"""Draws from data files: a row of a CSV or JSON file beside the template, for probabilities measured from a real model."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from quizgen.errors import ExpressionError
from quizgen.spelling import suggest
from quizgen.variants.draws.base import Draw, Sample, Sampler, Scope, Table, names_in
from quizgen.variants.streams import Words, below
from quizgen.variants.values import TEXT, TRUTH, Array, Kind, Plain, Value, constant, join_kinds
from quizgen.variants.written import WrittenFloat

MAX_ROWS = 100_000

MAX_CELLS = 1_000_000
"""The most values of a data file, those of lists counted one by one."""

_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_LONGEST_NUMBER = 100
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ue000-\uf8ff]")


def read_table(name: str, raw: bytes) -> Table:
    """The rows of a data file: CSV with a header line, or JSON, a list of objects of one form.

    In CSV a column is numeric when all its cells are numbers. A JSON value may be a list.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ExpressionError(f"{name} is not UTF-8 text (byte {error.start})") from error
    is_json = name.lower().endswith(".json")
    # Counted before anything is built of it, for a short text can become a large structure.
    rows, cells = (text.count("{"), text.count(",")) if is_json else (text.count("\n"), text.count(","))
    if rows > MAX_ROWS + 1:
        raise ExpressionError(f"{name} has about {rows:,} rows; the most is {MAX_ROWS:,}")
    if cells > MAX_CELLS:
        raise ExpressionError(f"{name} has about {cells:,} values; the most is {MAX_CELLS:,}")
    found = _json_rows(name, text) if is_json else _csv_rows(name, text)
    if not found:
        raise ExpressionError(f"{name} has no rows")
    columns = set(found[0])
    for number, row in enumerate(found, 1):
        if set(row) != columns:
            raise ExpressionError(f"{name}: row {number} has other columns than the first row")
    return _table(name, found)


def _json_rows(name: str, text: str) -> list[dict[str, object]]:
    try:
        data = json.loads(text, parse_float=_json_number, parse_int=_json_int, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ExpressionError(f"{name} is not JSON: {error}") from error
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise ExpressionError(f"{name} must be a list of objects, one a row")
    return data


def _json_number(text: str) -> WrittenFloat:
    if len(text) > _LONGEST_NUMBER:
        raise ValueError(f"a number has more than {_LONGEST_NUMBER} characters")
    return WrittenFloat(text)


def _json_int(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise ValueError(f"a number has more than {_LONGEST_NUMBER} characters")
    return int(text)


def _refuse_constant(word: str) -> float:
    raise ValueError(f"{word} is not a number that can be shown")


def _csv_rows(name: str, text: str) -> list[dict[str, object]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        names = list(reader.fieldnames or ())
        rows: list[dict[str, object]] = [dict(row) for row in reader]
    except csv.Error as error:
        raise ExpressionError(f"{name}: line {reader.line_num} is not CSV: {error}") from error
    if len(set(names)) < len(names):
        raise ExpressionError(f"{name} has two columns of one name")
    for number, row in enumerate(rows, 2):
        if None in row or None in row.values():
            raise ExpressionError(f"{name}: line {number} has not as many cells as the header")
    for column in names:
        if all(_is_number(str(row[column])) for row in rows):
            for row in rows:
                row[column] = WrittenFloat(str(row[column]).strip())
    return rows


def _is_number(cell: str) -> bool:
    return len(cell) <= _LONGEST_NUMBER and _NUMBER.fullmatch(cell.strip()) is not None


def _table(name: str, rows: list[dict[str, object]]) -> Table:
    columns: dict[str, Array] = {}
    kinds: dict[str, Kind] = {}
    for column in rows[0]:
        try:
            for row in rows:
                _check_characters(row[column])
            parts = [constant(row[column]) for row in rows]
        except ExpressionError as error:
            raise ExpressionError(f"{name}, column '{column}': {error}") from error
        kinds[column] = kind = join_kinds([kind for _, kind in parts])
        values = [value for value, _ in parts]
        if len({np.shape(value) for value in values}) > 1 or len({_is_text(value) for value in values}) > 1:
            raise ExpressionError(f"{name}: the values of column '{column}' are not of one sort and length")
        dtype = {TEXT: object, TRUTH: np.bool_}.get(kind, np.float64) if isinstance(kind, Plain) else np.float64
        array: Array = np.array(values, dtype=dtype)
        columns[column] = array[..., 0] if array.ndim > 1 else array
    return Table(name, columns, kinds, len(rows))


def _check_characters(value: object) -> None:
    """Nothing, or `ExpressionError` for a text with characters that no page may hold."""
    for text in value if isinstance(value, list) else (value,):
        bad = _FORBIDDEN.search(text) if isinstance(text, str) else None
        if bad:
            raise ExpressionError(f"the character U+{ord(bad[0]):04X} is not allowed; remove it")


def _is_text(value: Value) -> bool:
    return isinstance(value, str) or np.asarray(value).dtype == object


@dataclass(frozen=True)
class RowsSampler(Sampler):
    """One of some rows of a table, whose columns are seen as ``name.column``."""

    name: str
    table: Table
    rows: NDArray[np.int64]
    words = 1
    size = 1

    @property
    def kinds(self) -> Mapping[str, Kind]:  # type: ignore[override] # one for each column
        return {f"{self.name}.{column}": kind for column, kind in self.table.kinds.items() if column.isidentifier()}

    def sample(self, words: Words, values: Mapping[str, Value]) -> Sample:
        at = self.rows[below(words[0], len(self.rows))]
        columns = self.table.columns.items()
        return Sample({f"{self.name}.{c}": np.moveaxis(column[at], 0, -1) for c, column in columns if c.isidentifier()})


class Rows(Draw):
    """A row of a data file; its columns are seen as ``name.column``."""

    rows: str = Field(description="a CSV or JSON file, relative to the template")
    where: dict[str, Any] = Field({}, description="columns and the value that a row must have there")

    def uses(self) -> Iterable[str]:
        for value in self.where.values():
            if isinstance(value, str) and value.startswith("case."):
                yield from names_in(value)

    def files(self) -> Iterable[str]:
        return (self.rows,)

    def prepare(self, name: str, scope: Scope) -> Sampler:
        table = scope.tables[self.rows]
        kept = np.ones(table.size, dtype=np.bool_)
        for column, value in self.where.items():
            if column not in table.columns:
                raise ExpressionError(f"{self.rows} has no column '{column}'{suggest(column, table.columns)}")
            wanted = scope.constant(value, "where") if isinstance(value, str) and value.startswith("case.") else value
            cells = table.columns[column]
            if not isinstance(wanted, str | int | float) or cells.ndim > 1:
                raise ExpressionError(f"where compares a column of single values with a text or number, not {column}")
            kept &= np.array([cell == wanted for cell in cells.tolist()], dtype=np.bool_)
            if not kept.any():
                raise ExpressionError(f"{self.rows} has no row with {column} = {wanted!r}")
        return RowsSampler(name, table, np.flatnonzero(kept))
