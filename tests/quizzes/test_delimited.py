"""CSV files as people and spreadsheets save them."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizgen.errors import RosterError, SubmissionError
from quizgen.quizzes.delimited import decode, rows_of, sniff_delimiter

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-32"]


def rows(text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    table = rows_of(text, "t.csv", RosterError)
    return table.header, list(table.rows)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_usual_encoding_is_read_without_its_mark(encoding: str) -> None:
    assert decode("id,naïve 😀\n".encode(encoding), "t.csv", RosterError) == "id,naïve 😀\n"


def test_big_endian_utf_16_is_read() -> None:
    assert decode(b"\xfe\xff" + "é".encode("utf-16-be"), "t.csv", RosterError) == "é"


def test_the_first_byte_that_is_no_text_is_named_with_its_line() -> None:
    with pytest.raises(RosterError, match=r"^t\.csv:2:1: byte 0xE9 at position 8 is not UTF-8 text") as caught:
        decode(b"id\r\nJos\xe9\n", "t.csv", RosterError)
    assert caught.value.problems[0].line == 2


def test_an_error_without_places_names_file_and_line() -> None:
    with pytest.raises(SubmissionError, match=r"^t\.csv:2: the file is not plain text"):
        decode(b"id\na\0b\n", "t.csv", SubmissionError)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_by_content(delimiter: str) -> None:
    text = f'id{delimiter}name{delimiter}x\n1{delimiter}"a;b,c\td"{delimiter}2\n'
    assert rows(text) == (["id", "name", "x"], [(2, ["1", "a;b,c\td", "2"])])


def test_decimal_commas_do_not_make_a_comma_file() -> None:
    assert rows("id;q1;q2\na;0,5;1,5\nb;0,5;1,5\n")[1] == [(2, ["a", "0,5", "1,5"]), (3, ["b", "0,5", "1,5"])]


def test_the_more_even_delimiter_wins_where_the_header_has_both() -> None:
    assert sniff_delimiter("id;name, first\n1;Ann\n2;Bo\n") == ";"


def test_a_line_that_names_the_delimiter_is_obeyed_and_counted() -> None:
    assert rows("sep=;\r\nid;a,b\r\n1;2\r\n") == (["id", "a,b"], [(3, ["1", "2"])])


def test_blank_rows_are_skipped_and_lines_are_those_of_the_file() -> None:
    text = 'id,name\n\n ,\n1,"two\nlines"\n\n2,b\n'
    assert rows(text)[1] == [(4, ["1", "two\nlines"]), (7, ["2", "b"])]


def test_empty_columns_at_the_end_are_dropped_and_uneven_rows_kept() -> None:
    assert rows("id, name,,\n1,a,,\n2\n3,b,c,\n") == (
        ["id", "name"],
        [(2, ["1", "a"]), (3, ["2"]), (4, ["3", "b", "c"])],
    )


def test_quotes_after_a_space_still_quote() -> None:
    assert rows('id, name\n1, "Smith, Ann"\n')[1] == [(2, ["1", "Smith, Ann"])]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the file is empty"),
        (" ,\n\n", "the file is empty"),
        ('id\n"a\nb\n', r"t\.csv:2:1: a cell opens with a quotation mark"),
        ('id,n\n1,"a"b\n', r"t\.csv:2:1: a quoted cell goes on"),
        ("id\n" + "x" * 200_000, "longer than 131,072 characters"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(text: str, words: str) -> None:
    with pytest.raises(RosterError, match=words):
        rows(text)


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8).map(str.strip)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=6), st.sampled_from(",;\t"), st.sampled_from(ENCODINGS))
def test_what_a_csv_writer_writes_is_read_back(cells: list[tuple[str, str]], delimiter: str, encoding: str) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([("id", "name"), *cells])
    text = decode(buffer.getvalue().encode(encoding), "t.csv", RosterError)
    table = rows_of(text, "t.csv", RosterError)
    written = [list(row) for row in cells if any(cell and not cell.isspace() for cell in row)]
    assert [row for _, row in table.rows] == written


@given(st.binary(max_size=80))
def test_any_bytes_give_rows_or_one_clear_error(raw: bytes) -> None:
    message = ""
    try:
        found = list(rows_of(decode(raw, "t.csv", RosterError), "t.csv", RosterError).rows)
    except RosterError as exc:
        found, message = [], str(exc)
    assert message.startswith("t.csv:") or (not message and all(any(cells) for _, cells in found))
