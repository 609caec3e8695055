"""Whose row of a gradebook a student's grade belongs to, and what stands there already."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from quizgen.lms.gradebooks import blackboard, brightspace, canvas
from quizgen.lms.gradebooks.base import Earned, Gradebook, Grades
from quizgen.quizzes.roster import Student

HEAD = "Student,ID,SIS User ID,SIS Login ID,Section,Quiz (5)\n    Points Possible,,,,,4.0\n"


def of_canvas(id: str, sis: str = "", section: str = "1", section_sis: str = "") -> Student:
    """A student as a report of Canvas tells."""
    extra = (("ID", id), ("sis_id", sis), ("section", "A"), ("section_id", section), ("section_sis_id", section_sis))
    return Student(id, "", "", extra)


def canvas_cells(rows: str, *students: Student, points: float | None = 3.0) -> tuple[list[str], tuple[str, ...]]:
    grades = Grades("Quiz", 4.0, tuple(Earned(student, points) for student in students))
    sheet = canvas.GRADEBOOK.write(grades, HEAD + rows)
    return [line.rpartition(",")[2] for line in sheet.text.splitlines()[2:]], sheet.notes


def test_the_id_of_a_section_is_no_students() -> None:
    cells, notes = canvas_cells("Ann,1,s001,ann,A,\nSue,77,s-7,x,A,\n", of_canvas("999", "", "1", "s-7"))
    assert cells == ["", ""]
    assert notes == ("not in the gradebook that was given, so left out: 999",)


def test_an_id_of_canvas_is_nobodys_sis_id_or_login() -> None:
    cells, _ = canvas_cells("Bob,888,101,101,A,\n", of_canvas("101", "s101"))
    assert cells == [""]


def test_somebody_elses_sis_id_is_no_hindrance() -> None:
    cells, notes = canvas_cells("Bob,888,101,bob,A,\nAda,101,s101,ada,A,\n", of_canvas("101", "s101"), of_canvas("888", "101"))
    assert (cells, notes) == (["3", "3"], ())


def test_without_an_id_there_the_sis_id_tells() -> None:
    cells, _ = canvas_cells("Bob,,101,bob,A,\nAda,,s101,ada,A,\n", of_canvas("101", "s101"))
    assert cells == ["", "3"]


def test_an_id_of_which_the_sort_is_not_known_has_to_be_clear() -> None:
    rows = "Bob,888,101,bob,A,\nAda,101,s101,ada,A,\n"
    cells, notes = canvas_cells(rows, Student("101"))
    assert cells == ["", ""]
    assert notes == ("several times in the gradebook that was given, so left out: 101",)
    assert canvas_cells(rows, Student("s101"))[0] == ["", "3"]


@pytest.mark.parametrize("shown", ["EX", "ex", "Excused"])
def test_who_is_excused_stays_so(shown: str) -> None:
    cells, notes = canvas_cells(f"Ada,101,s101,ada,A,{shown}\n", of_canvas("101"))
    assert cells == [shown]
    assert notes == (f"'{shown}' stands in the gradebook and was kept: 101",)


def test_what_is_replaced_and_is_no_number_is_told() -> None:
    grades = Grades("Quiz", 4.0, (Earned(Student("ada"), 3.0), Earned(Student("bob"), 2.0)))
    sheet = blackboard.GRADEBOOK.write(grades, "Username,Quiz\nada,Needs Grading(2)\nbob,1.5\n")
    assert sheet.text == "Username,Quiz\nada,3\nbob,2\n"
    assert sheet.notes == ("'Needs Grading(2)' stood in the gradebook; the points took its place: ada",)


EXISTING: Sequence[tuple[Gradebook, str]] = [
    (canvas.GRADEBOOK, HEAD + "Ada,101,s101,ada,A,\n"),
    (blackboard.GRADEBOOK, "Username,Quiz\n101,\n"),
    (brightspace.GRADEBOOK, "OrgDefinedId,Quiz Points Grade,End-of-Line Indicator\n#101,,#\n"),
]


@pytest.mark.parametrize(("book", "existing"), EXISTING, ids=[book.name for book, _ in EXISTING])
def test_nothing_is_written_where_there_are_no_points(book: Gradebook, existing: str) -> None:
    nobody = Grades("Quiz", 4.0, (Earned(Student("101"), None), Earned(Student("102"), None)))
    assert book.write(nobody, existing).text == existing
