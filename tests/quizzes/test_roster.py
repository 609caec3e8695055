"""Class lists."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from quizgen.errors import RosterError
from quizgen.quizzes.roster import Roster, Student, read_roster


def read(tmp_path: Path, content: str | bytes) -> Roster:
    file = tmp_path / "class.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_roster(file)


def refused(tmp_path: Path, content: str | bytes) -> list[str]:
    with pytest.raises(RosterError) as caught:
        read(tmp_path, content)
    return [f"{problem.line}: {problem.message}" for problem in caught.value.problems]


def test_ids_names_addresses_and_all_other_columns_are_kept(tmp_path: Path) -> None:
    roster = read(tmp_path, "id,name,email,group\n007,Ann,a@x.org,B\n8, Bo  Li ,,\n")
    assert roster.columns == ("id", "name", "email", "group")
    assert roster.students == (
        Student("007", "Ann", "a@x.org", (("group", "B"),)),
        Student("8", "Bo Li", "", (("group", ""),)),
    )


@pytest.mark.parametrize(
    "head", ["id", "ID", "Student", "student_id", "Student ID", "USERNAME", "SIS ID", "SIS User ID", "Matriculation"]
)
def test_the_id_column_is_found_under_its_usual_names(tmp_path: Path, head: str) -> None:
    assert read(tmp_path, f"x,{head}\n1,a\n").students[0].id == "a"


def test_a_column_called_id_counts_before_other_usual_names(tmp_path: Path) -> None:
    assert read(tmp_path, "username,id\nann,7\n").students == (Student("7", extra=(("username", "ann"),)),)


def test_first_and_last_names_are_joined(tmp_path: Path) -> None:
    assert read(tmp_path, "Surname;First name;id\nO'Neil; Zoë;1\n").students[0].name == "Zoë O'Neil"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_awkward_names_survive_every_encoding(tmp_path: Path, encoding: str) -> None:
    names = ["Łukasz Żółć", "李小龙", "محمد", "Renée-Claire d'Été", "J. 😀", '"Bo" Smith, Jr', "Ann\nMarie"]
    text = "id\tname\n" + "".join(f'{i}\t"{name.replace(chr(34), chr(34) * 2)}"\n' for i, name in enumerate(names))
    found = [student.name for student in read(tmp_path, text.encode(encoding)).students]
    assert found == [*names[:-1], "Ann Marie"]


def test_ids_are_normalised_and_stripped(tmp_path: Path) -> None:
    assert read(tmp_path, "id\n\u00a0 e\u0301\u200b \n").students[0].id == "é"


def test_every_problem_is_told_with_its_row(tmp_path: Path) -> None:
    text = 'id,name\na,1\n\na,2\nA,3\ne\u0301,4\n\u00e9,5\n,6\nq\nw,7,8\n"x\ny",9\n' + "z" * 101 + ",1\n"
    assert refused(tmp_path, text) == [
        '4: the id "a" is already on line 2',
        '5: the id "A" differs only in case from "a", which is already on line 2',
        '7: the id "é" is already on line 6',
        "8: the id of this row is blank; every student needs one",
        "9: this row has 1 cell, but the header has 2",
        "10: this row has 3 cells, but the header has 2",
        "11: the id holds a line break or another character that cannot be shown",
        "13: the id is longer than 100 characters",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,mark\nAnn,1\n", 'no column holds the ids of the students; name it "id" (the columns are name, mark)'),
        ("username,student_id\na,b\n", "several columns may hold the ids: username, student_id"),
        ("id,ID\na,b\n", "several columns may hold the ids: id, ID"),
        ("id,name,Full name\na,b,c\n", "several columns may hold the names: name, Full name"),
        ("id,name\n", "there are no students below the header"),
        ("", "the file is empty"),
        (b"id\nJos\xe9\n", "byte 0xE9"),
        (b"PK\x03\x04 nothing", "the zip archive is damaged"),
    ],
)
def test_what_is_no_class_list_is_refused_with_its_reason(tmp_path: Path, text: str | bytes, words: str) -> None:
    (message,) = refused(tmp_path, text)
    assert words in message


def test_a_thousand_problems_are_told_in_a_hundred_lines(tmp_path: Path) -> None:
    found = refused(tmp_path, "id,name\n" + ",x\n" * 1000)
    assert len(found) == 101
    assert found[-1] == "102: and 900 more problems from here"


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RosterError, match="there is no such file"):
        read_roster(tmp_path / "none.csv")


def test_an_excel_sheet_is_read_with_numbers_as_they_look(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "class.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row(1, 0, ["id", "name", "mark"])
    sheet.write_row(2, 0, ["007", "Zoë", 1.5])
    sheet.write_row(5, 0, [1234567, "Bo"])
    book.close()
    assert read_roster(tmp_path / "class.xlsx").students == (
        Student("007", "Zoë", extra=(("mark", "1.5"),)),
        Student("1234567", "Bo", extra=(("mark", ""),)),
    )


def test_a_problem_in_an_excel_sheet_names_the_sheets_row(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "class.xlsx")
    sheet = book.add_worksheet()
    sheet.write_column(2, 0, ["id", "a", "b", "a"])
    book.close()
    with pytest.raises(RosterError, match=r'class\.xlsx:6:1: the id "a" is already on line 4'):
        read_roster(tmp_path / "class.xlsx")


def test_a_sheet_that_claims_billions_of_cells_is_refused(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "class.xlsx")
    sheet = book.add_worksheet()
    sheet.write(0, 0, "id")
    sheet.write(1_048_575, 16_383, "far")
    book.close()
    with pytest.raises(RosterError, match="spans 1048576 rows and 16384 columns"):
        read_roster(tmp_path / "class.xlsx")


def test_an_id_that_is_an_error_of_the_spreadsheet_is_refused(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "class.xlsx", {"nan_inf_to_errors": True})
    book.add_worksheet().write_column(0, 0, ["id", "a", float("nan")])
    book.close()
    with pytest.raises(RosterError, match=r"class\.xlsx:3:1: the id of this row is #NUM!"):
        read_roster(tmp_path / "class.xlsx")


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "class.xlsx", "w") as archive:
        archive.writestr("a.txt", "id")
    with pytest.raises(RosterError, match="file of another program; save it as an Excel workbook"):
        read_roster(tmp_path / "class.xlsx")


@given(st.lists(st.text("abcXYZ09é-", min_size=1, max_size=6), min_size=1, max_size=20, unique_by=str.casefold))
def test_every_row_becomes_one_student_in_order(tmp_path_factory: pytest.TempPathFactory, ids: list[str]) -> None:
    folder = tmp_path_factory.mktemp("class")
    found = read(folder, "id,name\n" + "".join(f"{id},N\n" for id in ids))
    assert [student.id for student in found.students] == ids
