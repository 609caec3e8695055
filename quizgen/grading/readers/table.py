"""The units of a table of responses, wide (a row a student) or long (a row a response), whatever file it came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import TypeAlias

import polars as pl

from quizgen.grading.layout import Layout, cleaned, lookup_of
from quizgen.grading.readers.headers import Heads, read_heads
from quizgen.grading.readers.units import NO_UNITS, UNITS, UNITS_AT_ONCE, Chunk, UnitList, excerpt, refused
from quizgen.quizzes.delimited import trimmed

Row: TypeAlias = tuple[int, Sequence[str]]
"""A row's number in its file, and its cells."""

_SAMPLE_ROWS = 200


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of a table: numbers, cells (columns "0", "1", …), and the rows that do not fit the header."""

    numbers: pl.Series
    cells: pl.DataFrame
    ragged: tuple[Row, ...] = ()


def rows_at_once(width: int) -> int:
    """How many rows of so many cells make a block of bounded size."""
    return max(1, UNITS_AT_ONCE // max(1, width))


def blocks_of(rows: Iterable[Row], width: int) -> Iterator[Block]:
    """The rows in blocks. Empty cells beyond the header's ``width`` do not make a row ragged."""
    rows = iter(rows)
    schema = pl.Schema({str(i): pl.String() for i in range(width)})
    at_once = max(1, rows_at_once(width) // 8)  # rows of Python objects take far more room than those of a frame
    while batch := [
        (number, cells if len(cells) <= width else trimmed(list(cells), width)) for number, cells in islice(rows, at_once)
    ]:
        fitting = [row for row in batch if len(row[1]) == width]
        columns = zip(*(cells for _, cells in fitting), strict=True)
        cells = pl.DataFrame(list(columns), schema=schema, orient="col") if fitting else schema.to_frame()
        numbers = pl.Series("row", [number for number, _ in fitting], dtype=pl.Int64)
        yield Block(numbers, cells, tuple(row for row in batch if len(row[1]) != width))


def read_table(name: str, header: Sequence[str], blocks: Iterable[Block], layout: Layout) -> Iterator[Chunk]:
    """The units of a table without its blank rows.

    A row with another number of cells than the header gives units with a problem, since nobody can tell which cell is
    which. Raises SubmissionError if the header is not one of responses.
    """
    blocks = iter(blocks)
    first = next(blocks, None)
    sample = None if first is None else first.cells.head(_SAMPLE_ROWS)
    students = lookup_of(layout.students)

    def fit(column: int) -> int:
        return 0 if sample is None else sum(students.find(text) is not None for text in sample[str(column)])

    heads = read_heads(header, lookup_of(layout.all_fields), fit)
    if isinstance(heads, str):
        raise refused(name, heads)
    empty = True
    for block in chain([] if first is None else [first], blocks):
        if block.ragged:
            yield Chunk(_ragged_units(block.ragged, len(header), heads))
        if len(block.cells):
            yield _wide(block, heads) if heads.fields else Chunk(_base(block, heads).select(list(UNITS)))
        empty = empty and not block.ragged and not len(block.cells)
    notes = (*heads.notes, "holds a header but no rows") if empty else heads.notes
    yield Chunk(NO_UNITS, ignored=heads.ignored, notes=notes)


def _wide(block: Block, heads: Heads) -> Chunk:
    base = _base(block, heads).with_columns(record="row")
    parts = [
        base.with_columns(
            pl.lit(column.field).alias("field"),
            block.cells[str(column.index)].alias("text"),
            pl.lit(column.problem, dtype=pl.String).alias("problem"),
        ).select(list(UNITS))
        for column in heads.fields
    ]
    return Chunk(pl.concat(parts).sort("row", maintain_order=True), sparse=True)


def _base(block: Block, heads: Heads) -> pl.DataFrame:
    """One line per row of the table, with all columns of units that can be told from the row as a whole."""
    places = {
        "student": heads.student,
        "field": heads.field,
        "text": heads.text,
        "submitted": heads.submitted,
        "worksheet": heads.worksheet,
        "build": heads.build,
        "attempt": heads.attempt,
    }
    series = [block.cells[str(i)].alias(name) for name, i in places.items() if i is not None]
    frame = pl.DataFrame([block.numbers.alias("row"), *series])
    missing = [pl.lit(None, dtype=UNITS[name]).alias(name) for name in UNITS if name not in frame.columns]
    return frame.with_columns(missing)


def _ragged_units(rows: Iterable[Row], width: int, heads: Heads) -> pl.DataFrame:
    """The units of rows that do not fit the header: one for each cell that holds something, and at least one a row."""
    units = UnitList()
    for number, cells in rows:
        problem = (
            f"cells in this row: {len(cells)}, in the header: {width}; "
            "a cell that holds the separator or a line break must stand in quotes"
        )
        student = _cell(cells, heads.student)
        submitted = _cell(cells, heads.submitted)
        answers = [(column.field, cells[column.index]) for column in heads.fields if column.index < len(cells)]
        answers = [(field, text) for field, text in answers if cleaned(text)]
        if not heads.fields:
            answers = [(_cell(cells, heads.field) or "", _cell(cells, heads.text) or "")]
        for field, text in answers or [("", excerpt(" | ".join(cells)))]:
            units.add(number, student=student, field=field, text=text, submitted=submitted, problem=problem)
    return units.take()


def _cell(cells: Sequence[str], index: int | None) -> str | None:
    return cells[index] if index is not None and index < len(cells) else None
