"""Reading submissions: what each kind of file gives, and that nothing is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xlsxwriter

from quizgen.errors import SubmissionError
from quizgen.grading.reading import RESPONSES, Layout, Submissions, read_submissions


def read(tmp_path: Path, layout: Layout, content: str | bytes, name: str = "in.csv") -> Submissions:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    result = read_submissions([path], layout)
    assert result.received == len(result.responses) + len(result.rejected)
    assert result.responses.schema == RESPONSES
    return result


def triples(result: Submissions) -> list[tuple[str, str, str]]:
    return result.responses.select("student", "field", "text").rows()


def reasons(result: Submissions) -> list[str]:
    return result.rejected["reason"].to_list()


WIDE = "student,q1,q2\nann,B,0.5\nbob,A,\n"
WIDE_GIVES = [("ann", "q1", "B"), ("ann", "q2", "0.5"), ("bob", "q1", "A"), ("bob", "q2", "")]


@pytest.mark.parametrize(
    "content",
    [
        WIDE,
        WIDE.replace("\n", "\r\n"),
        WIDE.replace("\n", "\r"),
        b"\xef\xbb\xbf" + WIDE.encode(),
        WIDE.encode("utf-16"),
        "sep=;\n" + WIDE.replace(",", ";"),
        "sep=;\r\n" + WIDE.replace(",", ";").replace("\n", "\r\n"),
        WIDE.replace(",", ";"),
        WIDE.replace(",", "\t"),
        "student,q1,q2,,\nann,B,0.5,,\nbob,A,,,\n,,,,\n,,,,\n",
        " Student , Q1 ,q2 \n\u00a0ann\u00a0,B,0.5\nBOB,A,\u00a0\n",
        '"student","q1","q2"\n"ann","B","0.5"\n"bob","A",""\n',
        "Student ID;Q1;Q2\nann;B;0.5\n\nbob;A;",
        "Name,Username,q1,q2\nAnn,ann,B,0.5\nBob,bob,A,\n",
        "q2,q1,worksheet\n0.5,B,AB-1\n,A,ab-2\n",
    ],
)
def test_a_wide_table_is_read_in_every_dress(tmp_path: Path, layout: Layout, content: str | bytes) -> None:
    result = read(tmp_path, layout, content)
    assert sorted(triples(result)) == WIDE_GIVES
    assert reasons(result) == []
    assert [(file.format, file.responses) for file in result.files] == [("CSV", 4)]


@pytest.mark.parametrize("heads", ["student,field,response", "id,item,answer", "Username,Question,Text"])
def test_a_long_table_is_read_under_its_usual_heads(tmp_path: Path, layout: Layout, heads: str) -> None:
    result = read(tmp_path, layout, f"{heads}\nann,q1,B\nann,Q2,0.5\nbob,q1,A\nbob,q2,\n")
    assert triples(result) == WIDE_GIVES
    assert result.responses["row"].to_list() == [2, 3, 4, 5]


RECORD = {
    "format": "quizgen-responses",
    "version": 1,
    "build": "b1",
    "worksheet": "AB-1",
    "student": "ann",
    "saved": "2025-03-09T10:00:00+01:00",
    "answers": {"q1": "B", "q2": "0.5"},
}
OTHER = RECORD | {"student": "bob", "worksheet": "AB-2", "answers": {"q1": "A", "q2": None}}
FLAT_WIDE = [{"student": "ann", "q1": "B", "q2": 0.5}, {"student": "bob", "q1": "A", "q2": ""}]
FLAT_LONG = [
    {"student": s, "field": f, "response": t}
    for s, f, t in [("ann", "q1", "B"), ("ann", "q2", "0.5"), ("bob", "q1", "A"), ("bob", "q2", "")]
]


@pytest.mark.parametrize("records", [[RECORD, OTHER], FLAT_WIDE, FLAT_LONG, [RECORD, FLAT_WIDE[1]]])
@pytest.mark.parametrize("dump", ["list", "lines", "indented"])
def test_json_is_read_as_a_list_and_as_lines(tmp_path: Path, layout: Layout, records: list[object], dump: str) -> None:
    if dump == "lines":
        content = "\n\n".join(map(json.dumps, records))
    else:
        content = json.dumps(records, indent=2 if dump == "indented" else None)
    result = read(tmp_path, layout, content)  # named .csv on purpose: content decides
    assert sorted(triples(result)) == WIDE_GIVES
    assert result.files[0].format == "JSON"


def test_a_saved_response_file_keeps_its_time_as_written(tmp_path: Path, layout: Layout) -> None:
    result = read(tmp_path, layout, json.dumps(RECORD), "ann.json")
    assert result.responses["submitted"].to_list() == ["2025-03-09T10:00:00+01:00"] * 2
    assert result.responses["late"].to_list() == [False, False]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0.5", "0.5"),
        ("1e-1", "1e-1"),
        ("0.50", "0.50"),
        ("12345678901234567890123", "12345678901234567890123"),
        ("9" * 5000, "9" * 5000),
        ("true", "true"),
        ("null", ""),
        ("NaN", "NaN"),
        ('["A", "C"]', "A C"),
        ("[0.2, 0.30]", "0.2; 0.30"),
        ('{"1": "B", "2": "A"}', "1-B 2-A"),
        ('"a\\nb"', "a\nb"),
    ],
)
def test_json_values_become_the_text_a_person_would_write(tmp_path: Path, layout: Layout, value: str, text: str) -> None:
    result = read(tmp_path, layout, f'{{"student": "ann", "answers": {{"q1": {value}}}}}')
    assert triples(result) == [("ann", "q1", text)]


@pytest.mark.parametrize(
    ("content", "reason", "units"),
    [
        ('{"student": "ann", "answers": {"q1": "A", "Q1": "B", "q2": "x"}}', "more than once", 2),
        ('{"student": "ann", "student": "bob", "answers": {"q1": "A"}}', '"student" stands twice', 1),
        ('{"student": "ann", "answers": {"q1": [[1]]}}', "neither a text", 1),
        ('{"student": "ann", "answers": "A"}', '"answers" is not an object', 1),
        ('{"student": "ann", "format": "x", "answers": {"q1": "A", "q2": "B"}}', 'the format is "x"', 2),
        ('{"student": "ann", "version": 2, "answers": {"q1": "A"}}', "version 2", 1),
        ('{"student": "ann", "build": "b0", "answers": {"q1": "A"}}', 'build "b0"', 1),
        ('{"student": "ann", "worksheet": "AB-2", "answers": {"q1": "A"}}', "AB-2 is another student's", 1),
        ('{"student": "ann", "worksheet": "ZZ-9", "answers": {"q1": "A"}}', 'no worksheet "ZZ-9"', 1),
        ('{"student": "eve", "answers": {}}', "the record holds no answers", 1),
        ('{"student": "ann"}', "holds no response", 1),
        ('[3, {"student": "ann", "answers": {"q1": "A"}}]', "not a JSON object", 1),
        ('{"student": "ann", "answers": {"q1": "A"}}\n{"student": "ann", "ans\n', "not JSON", 1),
        ('{"student": "ann", "answers": {"q1": "A"}}\n' + "[" * 100_000 + "\n", "nested too deeply", 1),
    ],
)
def test_a_faulty_record_is_rejected_with_the_reason(
    tmp_path: Path, layout: Layout, content: str, reason: str, units: int
) -> None:
    result = read(tmp_path, layout, content, "x.json")
    assert [reason in told for told in reasons(result)] == [True] * units


def test_half_a_character_is_replaced_and_costs_no_answer(tmp_path: Path, layout: Layout) -> None:
    content = '{"student": "ann", "answers": {"q1": "B \\ud800", "q2": "\\ud83d\\ude00"}}'
    result = read(tmp_path, layout, content, "x.json")
    assert result.responses.select("field", "text").rows() == [("q1", "B \ufffd"), ("q2", "\U0001f600")]
    assert [note.partition(": ")[2] for note in result.notes] == ["responses with a broken character, read as \ufffd: 1"]


def test_a_record_without_answers_is_mentioned(tmp_path: Path, layout: Layout) -> None:
    result = read(tmp_path, layout, '{"student": "ann", "answers": {}}')
    assert result.received == 0
    assert 'of student "ann", holds no answers' in result.notes[0]


@pytest.mark.parametrize(
    ("row", "reason", "units"),
    [
        ("eve,A,B", 'no student "eve"', 2),
        ("eve,A,", 'no student "eve"', 1),
        ("eve,,", 'no student "eve"', 1),
        (",A,B", "names no student", 2),
        ("ann,A", "cells in this row: 2, in the header: 3", 1),
        ("ann", "cells in this row: 1, in the header: 3", 1),
        ("ann,A,0,5", "cells in this row: 4, in the header: 3", 2),
    ],
)
def test_a_faulty_row_of_a_wide_table_is_rejected_cell_by_cell(
    tmp_path: Path, layout: Layout, row: str, reason: str, units: int
) -> None:
    result = read(tmp_path, layout, f"student,q1,q2\nbob,A,B\n{row}\n")
    assert len(result.responses) == 2
    assert [reason in told for told in reasons(result)] == [True] * units
    assert set(result.rejected["row"]) == {3}


def test_a_field_of_another_sheet_or_of_no_sheet_is_rejected_only_where_it_is_filled(tmp_path: Path, layout: Layout) -> None:
    result = read(tmp_path, layout, "student,q1,q3.loss_1,q99,q3\nann,A,x,,\nJosé,A,,y,z\n")
    assert triples(result) == [("ann", "q1", "A"), ("José", "q1", "A"), ("José", "q3.loss_1", "")]
    assert reasons(result) == [
        'field "q3.loss_1" is not on this student\'s worksheet',
        'no field "q99" in this quiz',
        '"q3" has several answers: "q3.loss_1", "q3.loss_2"',
    ]


def test_every_row_of_a_long_table_is_a_unit_even_a_blank_one(tmp_path: Path, layout: Layout) -> None:
    content = "student,field,response\neve,q1,\nann,q99,\nann,,x\n,q1,x\nann,q1,,,\nann,q1\n"
    result = read(tmp_path, layout, content)
    assert triples(result) == [("ann", "q1", "")]
    assert [reason[:15] for reason in reasons(result)] == [
        'no student "eve',
        'no field "q99" ',
        "the row names n",
        "the row names n",
        "cells in this r",
    ]


def test_a_column_that_stands_twice_is_not_guessed(tmp_path: Path, layout: Layout) -> None:
    result = read(tmp_path, layout, "student,q1,Q1,q2\nann,A,,B\n")
    assert triples(result) == [("ann", "q2", "B")]
    assert reasons(result) == ['more than one column is named "q1"']


def test_ids_match_in_any_unicode_form_and_case_but_never_by_guessing(tmp_path: Path, layout: Layout) -> None:
    result = read(tmp_path, layout, "student,q1\nJose\u0301\u200b,A\nJOSÉ,B\n7,C\n007,D\n")
    assert triples(result) == [("José", "q1", "A"), ("José", "q1", "B"), ("007", "q1", "D")]
    assert reasons(result) == ['no student "7" on the class list; did a spreadsheet drop the zeros of "007"?']
    twins = Layout(frozenset({"Ann", "ann"}), {"Ann": frozenset({"q1"}), "ann": frozenset()}, frozenset({"q1"}), {}, "")
    result = read(tmp_path, twins, "student,q1\nAnn,A\nANN,B\n")
    assert triples(result) == [("Ann", "q1", "A")]
    assert reasons(result) == ['"ANN" could be any of "Ann", "ann": write it as on the class list']


def test_the_column_of_ids_is_the_one_that_holds_ids_of_the_class(tmp_path: Path, layout: Layout) -> None:
    result = read(tmp_path, layout, "student,id,Username,q1\nAnn Lee,1,ann,A\nBob Ray,2,bob,B\n")
    assert triples(result) == [("ann", "q1", "A"), ("bob", "q1", "B")]
    assert [note.partition(": ")[2] for note in result.notes] == ['students are read from column 3, "Username"']


def test_columns_that_are_not_used_are_named(tmp_path: Path, layout: Layout) -> None:
    result = read(tmp_path, layout, "student,Section,q1,Comment\nann,2,A,hi\n")
    assert [column for _, column in result.ignored_columns] == ["Section", "Comment"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_cells_keep_quotes_line_breaks_emoji_and_scripts(tmp_path: Path, layout: Layout, delimiter: str) -> None:
    texts = ["0,5; 1", "a\nb", 'say ""no""', "🙂‍↔️ é", "שלום", " padded "]
    rows = "".join(f'ann{delimiter}q1{delimiter}"{text}"\n' for text in texts)
    result = read(tmp_path, layout, delimiter.join(["student", "field", "response"]) + "\n" + rows)
    assert result.responses["text"].to_list() == [text.replace('""', '"') for text in texts]
    assert result.responses["row"].to_list() == [2, 3, 5, 6, 7, 8]
    assert result.responses["submission"].to_list() == [0, 1, 2, 3, 4, 5]


def test_a_decimal_comma_stays_in_a_table_with_semicolons(tmp_path: Path, layout: Layout) -> None:
    result = read(tmp_path, layout, "student;q1;q2\nann;0,5;1,25\nbob;0,7;2,5\n")
    assert result.responses["text"].to_list() == ["0,5", "1,25", "0,7", "2,5"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "empty"),
        (" \n\n", "empty"),
        ("student,name\nann,Ann\n", 'no column is named like a field of this quiz.*"student", "name"'),
        ("name,q1\nAnn,A\n", 'no column holds the students\' ids: name it "student"'),
        ('student,q1\nann,"A\nbob,B\n', "never closed"),
        ('student,q1\nann,"A"B\n', "closing quotation mark"),
        ("student,q1\nann,é\n".encode("latin-1"), "0xE9.*CSV UTF-8"),
        (b"\x00\x01\x02\xff\xfe", "not"),
        (b"%PDF-1.7", "a PDF"),
        ("<!doctype html><p>", "a web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "old Office"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        ('{"student": "ann",', "line 1, column 19: not JSON"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_named_file_that_is_no_file_of_responses_is_refused(
    tmp_path: Path, layout: Layout, content: str | bytes, message: str
) -> None:
    with pytest.raises(SubmissionError, match=f"(?s)in.csv.*{message}"):
        read(tmp_path, layout, content)


def test_a_missing_path_and_no_path_are_refused(tmp_path: Path, layout: Layout) -> None:
    with pytest.raises(SubmissionError, match=r"nowhere\.csv: there is no such file"):
        read_submissions([tmp_path / "nowhere.csv"], layout)
    with pytest.raises(SubmissionError, match="no files"):
        read_submissions([], layout)


def test_a_header_without_rows_gives_nothing_and_says_so(tmp_path: Path, layout: Layout) -> None:
    result = read(tmp_path, layout, "student,q1\n")
    assert result.received == 0
    assert result.notes[0].endswith("holds a header but no rows")


def test_late_is_decided_by_the_time_in_the_file(tmp_path: Path, layout: Layout) -> None:
    times = [
        "2025-03-10T12:00:00Z",
        "2025-03-10 12:00:01",
        "2025-03-10T12:30:00+02:00",
        "11/03/2025 10:00",
        "",
        "25.03.2025",
    ]
    rows = "".join(f"ann,q1,x,{time}\n" for time in times)
    result = read(tmp_path, layout, "student,field,response,submitted\n" + rows)
    assert result.responses["late"].to_list() == [False, True, False, False, False, True]
    assert any('times that cannot be told: 1, such as "11/03/2025 10:00"' in note for note in result.notes)
    assert any("some submissions without a time: 1, such as ann" in note for note in result.notes)


def workbook(path: Path, rows: list[list[object]], first_row: int = 0, first_column: int = 0) -> bytes:
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd hh:mm", "nan_inf_to_errors": True}) as book:
        sheet = book.add_worksheet()
        for i, row in enumerate(rows):
            for j, value in enumerate(row):
                sheet.write(first_row + i, first_column + j, value)
    return path.read_bytes()


def test_a_workbook_is_read_as_a_person_reads_it(tmp_path: Path, layout: Layout) -> None:
    from datetime import datetime

    rows: list[list[object]] = [
        ["student", "q1", "q2", "submitted"],
        ["ann", 0.1 + 0.2, 2, datetime(2025, 3, 10, 13)],
        [],
        ["bob", True, "0.50", datetime(2025, 3, 10)],
        [7, 0.105, -0.0],
        ["José", "=1+1", float("nan")],
    ]
    for at in (0, 0), (3, 2):
        content = workbook(tmp_path / "x.xlsx", rows, *at)
        result = read(tmp_path, layout, content, "responses.bin")
        assert result.responses.select("student", "field", "text", "submitted", "late").rows() == [
            ("ann", "q1", "0.3", "2025-03-10 13:00:00", True),
            ("ann", "q2", "2", "2025-03-10 13:00:00", True),
            ("bob", "q1", "true", "2025-03-10", False),
            ("bob", "q2", "0.50", "2025-03-10", False),
            ("José", "q1", "0", "", False),
        ]
        assert result.rejected.select("student", "text", "row").rows() == [
            ("7", "0.105", 5 + at[0]),
            ("7", "0", 5 + at[0]),
            ("José", "#NUM!", 6 + at[0]),
        ]
        assert "error of the spreadsheet" in reasons(result)[2]
