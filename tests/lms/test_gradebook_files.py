"""Gradebooks of Brightspace and Blackboard: exact columns, and an export filled in with everything else as it was."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_class import SECRET, write_bank, write_text
from toy_system import TOY, TOY_REPORT

from quizgen.bank import load_bank
from quizgen.errors import SubmissionError
from quizgen.grading import grade
from quizgen.lms.back import beside, reading
from quizgen.lms.export import export_quiz
from quizgen.lms.gradebooks import blackboard, brightspace
from quizgen.lms.gradebooks.base import Earned, Grades
from quizgen.lms.gradebooks.cells import raw_table, said
from quizgen.lms.record import read_record
from quizgen.quizzes import load_quiz
from quizgen.quizzes.roster import Student

GRADES = Grades(
    "A Quiz",
    10.0,
    (
        Earned(Student("007", "Ada Lovelace", "ada@example.org", (("Username", "ada"),)), 7.25),
        Earned(Student("bob", "Bob =1+1"), 0.0),
        Earned(Student("eve"), None),
        Earned(Student("zoë", "Zoë"), 10.0),
    ),
)

BRIGHTSPACE = (
    'OrgDefinedId,Username,Last Name,"Other, item Points Grade <Numeric MaxPoints:5>",a  quiz Points Grade <Numeric '
    'MaxPoints:10 Category:Quizzes>,Calculated Final Grade Numerator,End-of-Line Indicator\r\n'
    '#007,#ada,"Lovelace, Ada ""A""",4.5,1,,#\r\n'
    "#008,#bob,=1+1,,3.00,,#\r\n"
    "#009,#eve,,2,9,,#\r\n"
)  # fmt: skip
BLACKBOARD = (
    '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Other [Total Pts: 5 Score] |664616"\t"A Quiz [Total Pts: 10 Score] '
    '|664617"\t"Total [Total Pts: up to 15 Score] |664618"\n'
    '"O\'Toole"\t"Ada"\t"ada"\t"007"\t"4.5"\t""\t"4.5"\n'
    '"=1+1"\t"Bob"\t"bob"\t"008"\t""\t"3"\t""\n'
)  # fmt: skip


@given(st.text(alphabet='a,"\r\n #', max_size=40))
def test_a_table_of_cells_is_its_text_again(text: str) -> None:
    try:
        table = raw_table(text, ",", "x")
    except SubmissionError:
        assert text.count('"')
        return
    assert table.text() == text


def test_cells_say_what_stands_in_their_quotes() -> None:
    table = raw_table('a,"b ""c"", d"\n', ",", "x")
    assert [said(cell) for cell in table.rows[0].cells] == ["a", 'b "c", d']
    table.put(table.rows[0], 0, 'x,"y"')
    assert table.text() == '"x,""y""","b ""c"", d"\n'


def test_brightspace_gets_a_file_with_its_own_columns() -> None:
    sheet = brightspace.GRADEBOOK.write(GRADES, None)
    assert sheet.text == (
        "OrgDefinedId,Username,A Quiz Points Grade,End-of-Line Indicator\r\n007,ada,7.25,#\r\nbob,,0,#\r\nzoë,,10,#\r\n"
    )
    assert any("10 points" in note for note in sheet.notes)


def test_an_item_in_brightspace_has_no_forbidden_characters() -> None:
    sheet = brightspace.GRADEBOOK.write(Grades("A/B, <c> 100%", 1.0, ()), None)
    assert sheet.text.startswith("OrgDefinedId,A B c 100 Points Grade,End")


def test_an_export_of_brightspace_is_filled_in_and_stays_as_it_was() -> None:
    sheet = brightspace.GRADEBOOK.write(GRADES, BRIGHTSPACE)
    assert sheet.text == BRIGHTSPACE.replace(",4.5,1,,#", ",4.5,7.25,,#").replace(",,3.00,,#", ",,0,,#")
    assert [note for note in sheet.notes if "left out" in note] == ["not in the gradebook that was given, so left out: zoë"]
    assert not any("points, the quiz" in note for note in sheet.notes)


def test_other_points_of_a_column_are_told() -> None:
    sheet = brightspace.GRADEBOOK.write(GRADES, BRIGHTSPACE.replace("MaxPoints:10", "MaxPoints:20"))
    assert any("has 20 points, the quiz 10" in note for note in sheet.notes)


def test_a_new_column_stands_before_the_end_of_the_line() -> None:
    text = "OrgDefinedId,Email,End-of-Line Indicator\n#007,x@y,#\n,,\n"
    sheet = brightspace.GRADEBOOK.write(GRADES, text)
    head, row, blank = sheet.text.splitlines()
    assert head == "OrgDefinedId,Email,A Quiz Points Grade,End-of-Line Indicator"
    assert (row, blank) == ("#007,x@y,7.25,#", ",,")
    ended = brightspace.GRADEBOOK.write(GRADES, "Username\nada\n")
    assert ended.text == "Username,A Quiz Points Grade,End-of-Line Indicator\nada,7.25,#\n"


def test_blackboard_gets_a_file_with_usernames_alone() -> None:
    sheet = blackboard.GRADEBOOK.write(GRADES, None)
    assert sheet.text == '\ufeff"Username","A Quiz"\r\n"007","7.25"\r\n"bob","0"\r\n"zoë","10"\r\n'
    assert any("10 points" in note for note in sheet.notes)


def test_a_download_of_blackboard_is_filled_in_and_keeps_the_columns_number() -> None:
    sheet = blackboard.GRADEBOOK.write(GRADES, BLACKBOARD)
    assert sheet.text == BLACKBOARD.replace('"4.5"\t""\t"4.5"', '"4.5"\t"7.25"\t"4.5"').replace('""\t"3"\t""', '""\t"0"\t""')
    assert sheet.suffix == ".xls"
    assert "zoë" in " ".join(sheet.notes)
    comma = BLACKBOARD.replace("\t", ",")
    assert blackboard.GRADEBOOK.write(GRADES, comma).text == sheet.text.replace("\t", ",")
    assert blackboard.GRADEBOOK.write(GRADES, comma).suffix == ""


def test_a_column_that_is_missing_in_blackboard_is_added_and_told() -> None:
    sheet = blackboard.GRADEBOOK.write(GRADES, BLACKBOARD.replace("A Quiz", "Another"))
    assert sheet.text.splitlines()[0].endswith('|664618"\t"A Quiz"')
    assert sheet.text.splitlines()[1].endswith('\t"7.25"')
    assert any("no column 'A Quiz'" in note for note in sheet.notes)


@pytest.mark.parametrize("book", [brightspace.GRADEBOOK, blackboard.GRADEBOOK])
def test_another_file_or_two_columns_of_one_name_are_refused(book: object) -> None:
    write = book.write  # type: ignore[attr-defined] # a gradebook's
    for text in ("", "a,b\n1,2\n", '"a\n'):
        with pytest.raises(SubmissionError):
            write(GRADES, text)
    twice = "Username,A Quiz Points Grade,A Quiz Points Grade" if book is brightspace.GRADEBOOK else "Username,A Quiz,A Quiz"
    with pytest.raises(SubmissionError, match="2 columns"):
        write(GRADES, f"{twice}\nada,1,1\n")


def test_a_student_who_stands_there_twice_is_left_out_and_told() -> None:
    sheet = blackboard.GRADEBOOK.write(GRADES, "Username,A Quiz\nada,1\nADA,2\n")
    assert sheet.text == "Username,A Quiz\nada,1\nADA,2\n"
    assert any("several times" in note and "007" in note for note in sheet.notes)


def test_a_filled_in_export_keeps_its_encoding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "reports", lambda: {"toy": TOY_REPORT})
    monkeypatch.setattr(beside, "gradebooks", lambda: {"blackboard": blackboard.GRADEBOOK})
    bank = load_bank(write_bank(tmp_path / "bank"))
    blueprint = load_quiz(write_text(tmp_path / "quiz.yaml", "title: A Quiz\nitems: [{template: calc/tiny, points: 10}]\n"))
    done = export_quiz(blueprint, bank, TOY, tmp_path / "quiz.zip", variants=1, secret=SECRET, approximate=True)
    record = read_record(done.manifest)
    (code,) = [one.code for one in record.sent]
    line = {"who": "ada", "question": code, "answers": {"answer": "1"}}
    report = write_text(tmp_path / "report.json", json.dumps({"toy": [line]}))
    existing = tmp_path / "gc.xls"
    existing.write_bytes(BLACKBOARD.encode("utf-16"))
    back = reading.read_back(record, [report])
    further = beside.further_files(back.manifest, None, "blackboard", existing)
    grade(back.manifest, back.submissions, tmp_path / "out", beside=further)
    raw = (tmp_path / "out" / "gradebook-blackboard.xls").read_bytes()
    assert raw.startswith(b"\xff\xfe")
    assert re.sub('"4.5"\t"0"\t', '"4.5"\t""\t', raw.decode("utf-16")) == BLACKBOARD
