"""Draws from data files: a row of a CSV or JSON file beside the template, for probabilities measured from a real model."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import Field

from quizgen.errors import ExpressionError
from quizgen.variants.draws.base import Draw, Sample, Sampler, Scope, names_in
from quizgen.variants.streams import Words, below
from quizgen.variants.values import TEXT, Array, Kind, Value, constant, join_kinds, spread

MAX_ROWS = 100_000


class _WrittenFloat(float):
    """A number that remembers how it was written."""

    text: str

    def __new__(cls, text: str) -> _WrittenFloat:
        number = super().__new__(cls, text)
        number.text = text
        return number


def read_table(name: str, raw: bytes) -> tuple[Mapping[str, object], ...]:
    """The rows of a data file: CSV with a header line, or JSON, a list of objects of one form.

    In CSV a column is numeric when all its cells are numbers. A JSON value may be a list.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ExpressionError(f"{name} is not UTF-8 text (byte {error.start})") from error
    rows = _json_rows(name, text) if name.endswith(".json") else _csv_rows(name, text)
    if not rows:
        raise ExpressionError(f"{name} has no rows")
    if len(rows) > MAX_ROWS:
        raise ExpressionError(f"{name} has {len(rows)} rows; the most is {MAX_ROWS}")
    columns = set(rows[0])
    for number, row in enumerate(rows, 1):
        if set(row) != columns:
            raise ExpressionError(f"{name}: row {number} has other columns than the first row")
    return tuple(rows)


def _json_rows(name: str, text: str) -> list[dict[str, object]]:
    try:
        data = json.loads(text, parse_float=_WrittenFloat, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ExpressionError(f"{name} is not JSON: {error}") from error
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise ExpressionError(f"{name} must be a list of objects, one a row")
    return data


def _refuse_constant(word: str) -> float:
    raise ValueError(f"{word} is not a number that can be shown")


def _csv_rows(name: str, text: str) -> list[dict[str, object]]:
    reader = csv.DictReader(io.StringIO(text), strict=True)
    try:
        rows: list[dict[str, object]] = [dict(row) for row in reader]
    except csv.Error as error:
        raise ExpressionError(f"{name} is not CSV: {error}") from error
    for number, row in enumerate(rows, 2):
        if None in row or None in row.values():
            raise ExpressionError(f"{name}: line {number} has not as many cells as the header")
    for column in reader.fieldnames or ():
        numbers = [_number(str(row[column])) for row in rows]
        if all(value is not None for value in numbers):
            for row, value in zip(rows, numbers, strict=True):
                row[column] = value
    return rows


def _number(text: str) -> float | None:
    try:
        value = _WrittenFloat(text.strip())
    except ValueError:
        return None
    return value if np.isfinite(value) else None


@dataclass(frozen=True)
class RowsSampler(Sampler):
    """One of the rows: each column an array of shape (m,) or, where a row's value is a list, (m, k)."""

    columns: Mapping[str, Array]
    column_kinds: Mapping[str, Kind]
    size: int
    words = 1

    @property
    def kinds(self) -> Mapping[str, Kind]:  # type: ignore[override] # one for each column
        return self.column_kinds

    def sample(self, words: Words, values: Mapping[str, Value]) -> Sample:
        at = below(words[0], self.size)
        return Sample({name: np.moveaxis(column[at], 0, -1) for name, column in self.columns.items()})


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
        rows = scope.tables[self.rows]
        for column, value in self.where.items():
            if column not in rows[0]:
                raise ExpressionError(f"{self.rows} has no column '{column}'; it has {', '.join(rows[0])}")
            wanted = scope.constant(value, "where") if isinstance(value, str) and value.startswith("case.") else value
            rows = tuple(row for row in rows if row[column] == wanted)
            if not rows:
                raise ExpressionError(f"{self.rows} has no row with {column} = {wanted!r}")
        columns: dict[str, Array] = {}
        kinds: dict[str, Kind] = {}
        for column in rows[0]:
            if not column.isidentifier():
                continue
            parts = [constant(row[column]) for row in rows]
            kinds[f"{name}.{column}"] = kind = join_kinds([kind for _, kind in parts])
            columns[f"{name}.{column}"] = _column(self.rows, column, [value for value, _ in parts], kind)
        return RowsSampler(columns, kinds, len(rows))


def _column(file: str, column: str, values: list[Value], kind: Kind) -> Array:
    shapes = {np.shape(value)[:-1] if np.ndim(value) else () for value in values}
    sorts = {isinstance(value, str) or np.asarray(value).dtype == object for value in values}
    if len(shapes) > 1 or len(sorts) > 1:
        raise ExpressionError(f"{file}: the values of column '{column}' are not of one sort and length")
    stacked = np.stack([spread(value, 1)[..., 0] for value in values])
    return stacked.astype(object) if kind == TEXT else stacked.astype(np.float64)
