"""Moodle's import of grades: its own columns, and its own export with nothing else changed."""

from __future__ import annotations

import pytest

from quizgen.errors import SubmissionError
from quizgen.lms.gradebooks.base import Earned, Grades
from quizgen.lms.gradebooks.moodle import GRADEBOOK
from quizgen.quizzes.roster import Student

ADA = Student("1815", "Ada King Lovelace", "ada@example.org")
BOB = Student("bob@example.org", "Bob", "bob@example.org", (("First name", "Bob"), ("Last name", '=O\'Hara, "B"')))
EVE = Student("e1", "Eve")
GRADES = Grades("Homework, 3", 10.0, (Earned(ADA, 7.5), Earned(BOB, 10.0), Earned(EVE, None)))


def test_a_new_file_has_the_columns_of_moodles_export_and_who_has_a_grade() -> None:
    sheet = GRADEBOOK.write(GRADES, None)
    assert sheet.text.split("\n") == [
        'First name,Last name,ID number,Institution,Department,Email address,"Homework, 3 (Real)"',
        "Ada King,Lovelace,1815,,,ada@example.org,7.5",
        'Bob,"=O\'Hara, ""B""",,,,bob@example.org,10',
        "",
    ]
    assert any("make a grade item of 10 points" in note for note in sheet.notes)
    assert any("left out: 1" in note for note in sheet.notes)


EXPORT = (
    "Vorname,Nachname,ID-Nummer,E-Mail-Adresse,"
    '"Test: Homework, 3 (Punkte)","Test: Homework, 3 (Prozentsatz)",Test: B (Punkte)\r\n'
    'Ada,"King ""L""",1815,ada@example.org,-,-," 3,00"\r\n'
    'Bob,O\'Hara,,BOB@example.org,"2,00",20 %,-\r\n'
    "Zoe,Z,77,zoe@example.org,-,-,-\r\n"
)


def test_an_export_is_filled_in_and_all_else_stays_byte_for_byte() -> None:
    grades = Grades(GRADES.title, 10.0, (*GRADES.rows, Earned(Student("ghost"), 3.0)))
    sheet = GRADEBOOK.write(grades, EXPORT)
    assert sheet.text == EXPORT.replace("ada@example.org,-", "ada@example.org,7.5").replace('"2,00",20', "10,20")
    assert sheet.notes == ("not in the gradebook that was given, so left out: ghost",)


def test_a_quiz_that_the_export_does_not_have_gets_a_column_at_the_end() -> None:
    sheet = GRADEBOOK.write(Grades("New one", 5.0, (Earned(ADA, 5.0),)), EXPORT)
    lines = sheet.text.split("\r\n")
    assert lines[0].endswith(",Test: B (Punkte),New one (Real)")
    assert lines[1].endswith('," 3,00",5')
    assert any("make a grade item" in note for note in sheet.notes)


def test_an_export_without_ids_or_with_the_quiz_twice_is_refused() -> None:
    with pytest.raises(SubmissionError, match="no column of e-mail addresses"):
        GRADEBOOK.write(GRADES, "First name,Last name\nAda,King\n")
    twice = "Email address,Quiz: A (Real),Assignment: A (Real)\na@example.org,1,2\n"
    with pytest.raises(SubmissionError, match="2 columns are called 'A'"):
        GRADEBOOK.write(Grades("A", 1.0, ()), twice)


def test_a_column_of_percentages_stays_and_the_points_stand_in_a_new_one() -> None:
    for form in ("Percentage", "Something"):
        export = (
            f"First name,Last name,Phone number,Email address,A ({form})\nAda,L,1815,ada@example.org,80.00 %\nB,B,,b@x.org,-\n"
        )
        sheet = GRADEBOOK.write(Grades("A", 5.0, (Earned(ADA, 4.5),)), export)
        lines = sheet.text.splitlines()
        assert lines[0].endswith(f"A ({form}),A (Real)")
        assert lines[1:] == ["Ada,L,1815,ada@example.org,80.00 %,4.5", "B,B,,b@x.org,-,"]
        assert any(f"the column 'A ({form})' is not in points" in note for note in sheet.notes)


def test_a_telephone_number_is_no_id() -> None:
    sheet = GRADEBOOK.write(
        Grades("A", 5.0, (Earned(ADA, 4.5),)), "Telefonnummer,E-Mail,A (Real)\n1815,other@x.org,1\n7,ada@example.org,2\n"
    )
    assert sheet.text.splitlines()[1:] == ["1815,other@x.org,1", "7,ada@example.org,4.5"]
