"""Reads Excel workbooks (.xlsx): the first sheet, with numbers as a person would read them."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from quizgen.errors import SubmissionError
from quizgen.grading.layout import Layout
from quizgen.grading.readers.table import blocks_of, read_table
from quizgen.grading.readers.units import Blob, Chunk, Reader
from quizgen.quizzes.spreadsheet import ERRORS, filled_rows, header_width, is_workbook

_UNREADABLE = "the cell holds an error of the spreadsheet, such as #N/A or #DIV/0!"


def read_workbook(blob: Blob, layout: Layout) -> Iterator[Chunk]:
    """The units of a workbook's first sheet. Raises SubmissionError if it is protected, damaged or too large.

    A cell with an error (``#N/A``) gives a unit with a problem.
    """
    (_, heads), *rows = filled_rows(blob.raw, blob.name, SubmissionError)
    width = header_width(heads)
    for chunk in read_table(blob.name, heads[:width], blocks_of(rows, width), layout):
        broken = pl.any_horizontal(pl.col("student", "field", "text").str.strip_chars().is_in(ERRORS))
        problem = pl.when(broken).then(pl.lit(_UNREADABLE)).otherwise(pl.col("problem"))
        yield Chunk(chunk.units.with_columns(problem=problem), chunk.sparse, chunk.ignored, chunk.notes)


WORKBOOK = Reader("Excel", lambda blob: is_workbook(blob.raw), read_workbook)
