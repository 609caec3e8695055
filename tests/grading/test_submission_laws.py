"""Laws of reading: every unit is accounted for, whatever a file holds."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from quizgen.errors import SubmissionError
from quizgen.grading.readers.delimited_table import split_lines
from quizgen.grading.readers.table import Block, blocks_of
from quizgen.grading.reading import Layout, Submissions, read_submissions
from quizgen.quizzes.delimited import rows_of

TWO = frozenset({"q1", "q2"})
LAYOUT = Layout(frozenset({"ann", "bob"}), {"ann": TWO, "bob": frozenset({"q1"})}, TWO, {"S1": "ann", "S2": "bob"}, "b1")
ids = st.sampled_from(["ann", "bob", "ANN", " bob ", "eve", "", "=1+1"])
fields = st.sampled_from(["q1", "q2", "Q1", "q9", "note", ""])
texts = st.one_of(st.sampled_from(["A", "", " ", "0,5", 'a"b', "x\ny", "שלום", "🙂"]), st.text(max_size=5))
texts = texts.filter(lambda text: "\0" not in text and "\ufeff" not in text)
times = st.sampled_from(["", "2025-03-04 10:00", "2025-03-05T10:00:00Z", "03/04/2025", "soon"])


def read(*contents: bytes) -> Submissions:
    with tempfile.TemporaryDirectory() as folder:
        for i, content in enumerate(contents):
            Path(folder, f"{i}").write_bytes(content)
        return read_submissions([Path(folder)], LAYOUT)


def table(rows: list[list[str]], delimiter: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode()


long_rows = st.lists(st.tuples(ids, fields, texts, times), max_size=12)


@given(st.lists(long_rows, min_size=1, max_size=3), st.sampled_from(",;\t"))
@settings(max_examples=60, deadline=None)
def test_each_row_of_long_tables_is_a_response_or_rejected(tables: list[list[tuple[str, ...]]], delimiter: str) -> None:
    head = ["student", "field", "response", "submitted"]
    result = read(*(table([head, *map(list, rows)], delimiter) for rows in tables))
    filled = sum(any(cell.strip() for cell in row) for rows in tables for row in rows)
    assert result.received == len(result.responses) + len(result.rejected) == filled


@given(st.lists(st.tuples(ids, texts, texts, texts), max_size=12))
@settings(max_examples=60, deadline=None)
def test_each_filled_cell_of_a_wide_table_is_accounted_for(rows: list[tuple[str, ...]]) -> None:
    result = read(table([["student", "q1", "Q2", "q9"], *map(list, rows)], ","))
    assert result.received == len(result.responses) + len(result.rejected)
    filled = [cell for row in rows for cell in row[1:] if cell.strip()]
    kept = pl.concat([result.responses["text"], result.rejected["text"]])
    # spaces between a separator and a cell's text do not belong to the text
    assert sorted(text.lstrip(" ") for text in kept if text.strip()) == sorted(text.lstrip(" ") for text in filled)


values = st.one_of(texts, st.integers(), st.floats(), st.booleans(), st.none(), st.lists(texts, max_size=2))
answers = st.dictionaries(fields, values, max_size=3)
saved = st.fixed_dictionaries(
    {"student": ids, "answers": answers},
    optional={"worksheet": st.sampled_from(["S1", "S2", "s1", "S9"]), "build": st.sampled_from(["b1", "b2"])},
)
flat = st.fixed_dictionaries({"student": ids, "field": fields, "response": values}, optional={"time": times})


@given(st.lists(st.one_of(saved, flat), min_size=1, max_size=6), st.booleans())
@settings(max_examples=80, deadline=None)
def test_each_answer_of_json_is_accounted_for(records: list[dict[str, Any]], lines: bool) -> None:
    content = "\n".join(map(json.dumps, records)) if lines else json.dumps(records)
    result = read(content.encode())
    assert result.received == len(result.responses) + len(result.rejected)
    least = sum(len(record["answers"]) if "answers" in record else 1 for record in records)
    assert result.received >= least


@given(st.binary(max_size=200), st.sampled_from([b"", b"PK\x03\x04", b"{", b"[", b"student,q1\n", b"\xff\xfe", b"sep=;\n"]))
@settings(max_examples=150, deadline=None)
def test_arbitrary_bytes_are_refused_or_accounted_for(tail: bytes, start: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x")
        path.write_bytes(start + tail)
        try:
            result = read_submissions([path], LAYOUT)
        except SubmissionError:
            return
    assert result.received == len(result.responses) + len(result.rejected)


alphabet = st.text(alphabet="ab ,;\t\n\r\u00a0\u2028é", max_size=60)


def contents(blocks: list[Block]) -> tuple[list[tuple[int, tuple[str, ...]]], list[tuple[int, list[str]]]]:
    even = [(row, cells) for block in blocks for row, cells in zip(block.numbers, block.cells.rows(), strict=True)]
    odd = [(row, list(cells)) for block in blocks for row, cells in block.ragged]
    return sorted(even), sorted(odd)


@given(alphabet)
@settings(max_examples=300, deadline=None)
def test_the_fast_way_through_a_text_without_quotes_gives_what_the_careful_way_gives(text: str) -> None:
    try:
        careful, fast = rows_of(text, "x", SubmissionError), rows_of(text, "x", SubmissionError)
    except SubmissionError:
        return
    slow = contents(list(blocks_of(careful.rows, len(careful.header))))
    assert contents(list(split_lines(text, fast))) == slow
