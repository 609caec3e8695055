"""Tables written as CSV."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizgen.errors import OutputError
from quizgen.quizzes.tables import defused, write_table


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+A1", "-A1", "@SUM(A1)", "\tx", "\rx", "＝1", "＋1", "－A", "＠x", " =1+1", "\u00a0=1", "\n=1",
     "-1+cmd|' /C'!A0",
     "=0.5", "--1", "-0.5\n=1", "\ufeff=1"],
)  # fmt: skip
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert defused(pl.Series([text])).to_list() == [f"'{text}"]


@pytest.mark.parametrize("text", ["-0.5", "+1e3", "-,5", "-0,5", "-12", "-5%", "0.5", "a=b", "1-B 2-A", "", "−0.5", "'x"])
def test_a_plain_number_and_a_harmless_text_stay_as_they_are(text: str) -> None:
    assert defused(pl.Series([text])).to_list() == [text]


def test_floats_are_short_and_nulls_empty(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    values = [0.1 + 0.2, 1.0, -0.0, 1e-7, 2.5e-6, 123456.789, 1e20, None, float("nan"), float("inf")]
    write_table(pl.DataFrame({"x": values, "n": range(10), "t": ["a,b"] * 9 + [None], "=h": [True] * 10}), path)
    lines = path.read_bytes().decode().split("\n")
    assert lines[0] == "x,n,t,'=h"
    shown = [line.split(",")[0] for line in lines[1:-1]]
    assert shown == ["0.3", "1", "0", "0", "0.000003", "123456.789", "100000000000000000000", "", "", "inf"]
    assert lines[10] == "inf,9,,true"
    assert lines[1] == '0.3,0,"a,b",true'


@given(st.lists(st.text().filter(lambda text: "\0" not in text), min_size=1))
def test_what_is_written_can_be_read_again(texts: list[str]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "t.csv")
        write_table(pl.DataFrame({"a": texts, "b": texts}), path)
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))
    expected = defused(pl.Series(texts)).to_list()
    assert rows == [["a", "b"], *([text, text] for text in expected)]


def test_a_place_that_cannot_be_written_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write_table(pl.DataFrame({"a": [1]}), tmp_path / "no" / "t.csv")
