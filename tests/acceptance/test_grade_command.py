"""``quizgen grade`` as an instructor meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import Run
from sample_class import AWKWARD, answers, build, fields, read_rows, write_rows, write_saved

from quizgen.quizzes import read_manifest


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A build for the awkward class, and a folder of right answers."""
    _, manifest = build(tmp_path / "c")
    write_saved(tmp_path / "c" / "answers", manifest, manifest.sheets, answers(manifest))
    return tmp_path / "c"


def test_a_whole_class_with_awkward_names_is_graded(course: Path, installed: Run) -> None:
    done = installed(
        "grade", course / "build" / "manifest.json", course / "answers", "--to", "html,md", "--out", course / "graded"
    )
    assert (done.code, done.err) == (0, "")
    assert "150 responses came in: 150 of 30 students marked." in done.out
    assert "Waiting for you: 30 responses." in done.out
    rows = read_rows(course / "graded" / "gradebook.csv")
    assert [row["student"].removeprefix("'") for row in rows] == [id for id, _ in AWKWARD]
    assert {row["total"] for row in rows} == {"7"}
    pages = sorted(path.name for path in (course / "graded" / "feedback").iterdir())
    assert len(pages) == 60
    assert sorted(path.name for path in course.iterdir()) == ["answers", "bank", "build", "class.csv", "graded", "quiz.yaml"]


def test_rejected_responses_give_exit_code_1_and_their_reasons(course: Path, quizgen: Run) -> None:
    source = write_rows(course / "r.csv", [("student", "q1"), ("s01", "1"), ("eve", "1"), ("s02", "2")])
    done = quizgen("grade", course / "build", source, "--out", course / "graded")
    assert done.code == 1
    assert "1 rejected" in done.out
    rows = read_rows(course / "graded" / "rejected.csv")
    assert [(row["student"], row["row"], row["reason"]) for row in rows] == [("eve", "3", 'no student "eve" on the class list')]


def test_a_damaged_file_that_is_named_stops_no_other_but_a_run_that_reads_nothing_writes_nothing(
    course: Path, quizgen: Run
) -> None:
    (course / "cut.zip").write_bytes(b"PK\x03\x04")
    done = quizgen("grade", course / "build", course / "cut.zip", "--out", course / "graded")
    assert done.code == 2
    assert f"{course / 'cut.zip'}: the zip archive is damaged" in done.err
    assert not (course / "graded").exists()
    done = quizgen("grade", course / "build", course / "cut.zip", course / "answers", "--out", course / "graded")
    assert done.code == 1
    assert "151 responses came in: 150 of 30 students marked, 1 rejected" in done.out
    (row,) = read_rows(course / "graded" / "rejected.csv")
    assert row["reason"].startswith("the file is not read: the zip archive is damaged")


def test_a_bank_that_was_edited_since_is_told_and_changes_nothing(course: Path, quizgen: Run) -> None:
    file = course / "bank" / "calc" / "surprisal.yaml"
    file.write_text(file.read_text().replace("value: surprisal(q)", "value: 2 * surprisal(q)"))
    done = quizgen("grade", course / "build", course / "answers", "--out", course / "graded")
    assert done.code == 0
    assert "Changed in the bank since the build, and graded as it was then: calc/surprisal.yaml." in done.err
    assert {row["total"] for row in read_rows(course / "graded" / "gradebook.csv")} == {"7"}
    assert any("calc/surprisal.yaml" in note for note in json.loads((course / "graded" / "summary.json").read_text())["notes"])


def test_a_build_that_moved_to_another_machine_is_graded(course: Path, quizgen: Run) -> None:
    """Neither the bank nor the place of the build is needed."""
    (course / "build").rename(course / "moved")
    (course / "bank").rename(course / "elsewhere")
    done = quizgen("grade", course / "moved", course / "answers", "--out", course / "graded")
    assert (done.code, done.err) == (0, "")


def test_a_manifest_edited_by_hand_is_refused(course: Path, quizgen: Run) -> None:
    path = course / "build" / "manifest.json"
    path.write_text(path.read_text().replace('"points": 2.0', '"points": 9.0'))
    done = quizgen("grade", path, course / "answers", "--out", course / "graded")
    assert done.code == 2
    assert "was changed after the build" in done.err
    assert not (course / "graded").exists()


def test_answers_for_another_build_are_rejected(course: Path, quizgen: Run, tmp_path: Path) -> None:
    build(tmp_path / "other", secret=bytes(32))
    other = read_manifest(tmp_path / "other" / "build")
    source = write_saved(tmp_path / "strays", other, other.sheets[:1], answers(other, sheets=other.sheets[:1]))
    done = quizgen("grade", course / "build", source, "--out", course / "graded")
    assert done.code == 1
    assert {row["reason"].split(",")[0] for row in read_rows(course / "graded" / "rejected.csv")} == {
        f'the responses belong to build "{other.build}"'
    }


def test_policy_attempts_and_hand_marks_are_options(course: Path, quizgen: Run) -> None:
    words = ["grade", course / "build", course / "answers", "--out", course / "graded"]
    (course / "policy.yaml").write_text("by: me\nreason: because\nchanges: [{drop: {item: 1}}]\n")
    assert quizgen(*words, "--attempts", "first").code == 0
    queue = read_rows(course / "graded" / "to-mark.csv")
    filled = [{**row, "points": "4"} for row in queue]
    hand = write_rows(course / "marked.csv", [[*filled[0]], *([*row.values()] for row in filled)])
    done = quizgen(*words, "--force", "--policy", course / "policy.yaml", "--marked", hand)
    assert done.code == 0
    assert "Waiting" not in done.out
    rows = read_rows(course / "graded" / "gradebook.csv")
    assert {(row["total"], row["possible"], row["percent"]) for row in rows} == {("9", "9", "100")}
    assert len(json.loads((course / "graded" / "audit.json").read_text())[0]["changes"][0]["students"]) == 30


def test_an_unknown_template_in_a_policy_is_told_with_line_and_column(course: Path, quizgen: Run) -> None:
    (course / "policy.yaml").write_text("by: me\nreason: because\nchanges:\n  - drop: {template: calc/nothing}\n")
    done = quizgen("grade", course / "build", course / "answers", "--out", course / "g", "--policy", course / "policy.yaml")
    assert done.code == 2
    assert "policy.yaml:4:22: no worksheet of this build has the template 'calc/nothing'" in done.err
    assert not (course / "g").exists()


def test_a_wide_table_of_a_class_typed_by_hand_is_graded_with_its_mess(course: Path, quizgen: Run) -> None:
    manifest = read_manifest(course / "build")
    columns = fields(manifest, manifest.sheets[0])
    rows = [["Student ID", "Name", "Timestamp", *columns, "Remarks"]]
    for sheet, given in zip(manifest.sheets, answers(manifest), strict=True):
        rows.append(
            [sheet.student.id, sheet.student.name, "2026-02-27 10:00", *(given[c] for c in columns), 'ok; "fine"\nreally']
        )
    rows.append(rows[1])
    source = write_rows(course / "typed.csv", rows)
    done = quizgen("grade", course / "build", source, "--out", course / "graded")
    assert done.code == 1  # the row that stands twice
    facts = json.loads((course / "graded" / "summary.json").read_text())
    assert facts["responses"] == {"received": 155, "marked": 150, "rejected": 5}
    assert {row["total"] for row in read_rows(course / "graded" / "gradebook.csv")} == {"7"}
