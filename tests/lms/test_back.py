"""What comes back from an LMS is matched, marked and compared, and nothing of it is lost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from sample_class import SECRET, build, read_rows, write_bank, write_text
from toy_system import TOY, TOY_REPORT

from quizgen.bank import load_bank
from quizgen.errors import ManifestError, SubmissionError
from quizgen.grading import grade
from quizgen.grading.counting import LATE
from quizgen.lms.back import beside, reading
from quizgen.lms.base import Question
from quizgen.lms.export import export_quiz
from quizgen.lms.gradebooks.base import Gradebook, Grades, Sheet
from quizgen.lms.record import Record, read_record, write_record
from quizgen.quizzes import load_quiz

QUIZ = """
title: A quiz
items:
  - {template: calc/surprisal, points: 2}
  - {template: calc/two-steps, points: 4}
"""

Line = Mapping[str, Any]


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Record:
    monkeypatch.setattr(reading, "reports", lambda: {"toy": TOY_REPORT})
    bank = load_bank(write_bank(tmp_path / "bank"))
    blueprint = load_quiz(write_text(tmp_path / "quiz.yaml", QUIZ))
    done = export_quiz(blueprint, bank, TOY, tmp_path / "quiz.zip", variants=3, secret=SECRET, approximate=True)
    return read_record(done.manifest)


def questions(record: Record) -> list[Question]:
    with record.bank() as bank:
        return list(record.questions(bank))


def line(who: str, question: Question, *, right: bool = True, **more: Any) -> Line:
    answers = {asked.name: asked.scheme.typed if right else "12345" for asked in question.asked}  # type: ignore[union-attr] # numbers
    return {"who": who, "question": f"… Question code: {question.code}", "answers": answers, **more}


def report(folder: Path, *lines: Line, name: str = "report.json") -> Path:
    return write_text(folder / name, json.dumps({"toy": lines}))


def graded(record: Record, folder: Path, *paths: Path, out: str = "graded", attempts: Any = None) -> Path:
    back = reading.read_back(record, paths, attempts)
    further = beside.further_files(back.manifest, back, None, None)
    grade(back.manifest, back.submissions, folder / out, beside=further)
    return folder / out


def test_each_student_is_marked_for_the_variants_that_he_or_she_met(record: Record, tmp_path: Path) -> None:
    first, second, *_ = surprisals = [one for one in questions(record) if one.template == "calc/surprisal"]
    assert first.asked[0].scheme != second.asked[0].scheme
    out = graded(
        record, tmp_path, report(tmp_path, line("ada", first), line("bob", second), line("eve", surprisals[2], right=False))
    )
    marks = {row["student"]: row for row in read_rows(out / "marks.csv") if row["field"] == "q1"}
    assert [marks[who]["outcome"] for who in ("ada", "bob", "eve")] == ["correct", "correct", "wrong"]


def test_a_question_that_a_report_does_not_tell_counts_as_left_blank(record: Record, tmp_path: Path) -> None:
    back = reading.read_back(record, [report(tmp_path, line("ada", questions(record)[0]))])
    assert any("left blank" in note for note in back.submissions.notes)
    out = graded(record, tmp_path, tmp_path / "report.json")
    (row,) = read_rows(out / "gradebook.csv")
    assert (row["total"], row["possible"]) == ("2", "6")


def test_what_cannot_be_matched_or_read_is_rejected_with_its_reason(record: Record, tmp_path: Path) -> None:
    one = questions(record)[0]
    lines = [line("ada", one), {"who": "bob", "question": "Another quiz's question"}]
    lines.append({"who": "eve", "question": one.code, "cut": {"answer": "0.10"}})
    back = reading.read_back(record, [report(tmp_path, *lines)])
    rejected = {row["student"]: row["reason"] for row in back.submissions.rejected.to_dicts()}
    assert rejected == {"bob": "no question of this export", "eve": "cut off"}
    assert back.submissions.received == len(back.submissions.responses) + len(back.submissions.rejected)


@pytest.mark.parametrize(("attempts", "outcome"), [("last", "wrong"), ("first", "correct"), ("best", "correct")])
def test_one_attempt_counts_and_the_others_are_rejected(record: Record, tmp_path: Path, attempts: str, outcome: str) -> None:
    one = questions(record)[0]
    lines = [line("ada", one, attempt="1", points=2.0), line("ada", one, right=False, attempt="2", points=0.0)]
    out = graded(record, tmp_path, report(tmp_path, *lines), attempts=attempts)
    (mark,) = read_rows(out / "marks.csv")
    (rejected,) = read_rows(out / "rejected.csv")
    assert mark["outcome"] == outcome
    assert "attempt counts" in rejected["reason"]


def test_no_attempt_counts_of_who_has_several_where_the_quiz_allows_one(record: Record, tmp_path: Path) -> None:
    one = questions(record)[0]
    lines = [line("ada", one, attempt="1"), line("ada", one, attempt="2"), line("bob", one)]
    back = reading.read_back(record, [report(tmp_path, *lines)], "error")
    assert set(back.submissions.responses["student"]) == {"bob"}
    assert len(back.submissions.rejected) == 2


def test_marks_that_differ_from_the_systems_own_are_listed_with_the_reason(record: Record, tmp_path: Path) -> None:
    one, *_, two = questions(record)
    followed = line("ada", two, points=0.0)
    lines = [line("ada", one, points=2.0), followed]
    out = graded(record, tmp_path, report(tmp_path, *lines))
    (row,) = read_rows(out / "lms-marks.csv")
    assert (row["item"], row["there"], row["here"]) == ("2", "0", "1")
    assert row["why"].startswith("quizgen reads or credits what the LMS does not")


def test_equal_marks_are_not_listed(record: Record, tmp_path: Path) -> None:
    one = questions(record)[0]
    out = graded(record, tmp_path, report(tmp_path, line("ada", one, points=2.0)))
    assert read_rows(out / "lms-marks.csv") == []


def test_a_file_that_is_no_report_is_refused_and_beside_others_rejected(record: Record, tmp_path: Path) -> None:
    other = write_text(tmp_path / "other.csv", "a,b\n")
    with pytest.raises(SubmissionError, match="no report that is known"):
        reading.read_back(record, [other])
    back = reading.read_back(record, [other, report(tmp_path, line("ada", questions(record)[0]))])
    assert back.submissions.rejected["reason"].str.contains("no report that is known").any()
    assert len(back.submissions.responses) == 1


def test_a_damaged_manifest_is_refused(tmp_path: Path, record: Record) -> None:
    file = tmp_path / "quiz.zip.manifest.json"
    file.write_text(file.read_text("utf-8").replace('"variants"', '"variant"'), "utf-8")
    with pytest.raises(ManifestError, match="damaged"):
        read_record(file)


def test_the_bank_may_change_after_the_export(record: Record, tmp_path: Path) -> None:
    for file in (tmp_path / "bank" / "calc").iterdir():
        file.unlink()
    out = graded(record, tmp_path, report(tmp_path, line("ada", questions(record)[0])))
    assert pl.read_csv(out / "marks.csv")["outcome"].to_list() == ["correct"]


def outcomes(folder: Path) -> dict[str, str]:
    return {row["field"]: row["outcome"] for row in read_rows(folder / "marks.csv")}


@pytest.mark.parametrize("attempts", ["last", "first"])
def test_attempts_are_in_order_of_their_numbers_wherever_they_stand(record: Record, tmp_path: Path, attempts: str) -> None:
    one = questions(record)[0]
    lines = [line("ada", one, attempt="10"), line("ada", one, right=False, attempt="9")]
    out = graded(record, tmp_path, report(tmp_path, *lines), attempts=attempts)
    assert outcomes(out)["q1"] == ("correct" if attempts == "last" else "wrong")


def test_attempts_without_numbers_are_in_order_of_their_times(record: Record, tmp_path: Path) -> None:
    one = questions(record)[0]
    lines = [
        line("ada", one, attempt="b", when="2026-01-15T10:00Z"),
        line("ada", one, right=False, attempt="a", when="2026-01-15T11:30+02:00"),
    ]
    assert outcomes(graded(record, tmp_path, report(tmp_path, *lines)))["q1"] == "correct"


def test_an_order_that_had_to_be_guessed_is_told(record: Record, tmp_path: Path) -> None:
    one = questions(record)[0]
    lines = [line("ada", one, attempt="a"), line("ada", one, right=False, attempt="b")]
    back = reading.read_back(record, [report(tmp_path, *lines)])
    assert any("taken for the later" in note for note in back.submissions.notes)


def test_reports_of_single_questions_are_one_attempt(record: Record, tmp_path: Path) -> None:
    first, *_, last = questions(record)
    files = [report(tmp_path, line("ada", one), name=f"{i}.json") for i, one in enumerate((first, last))]
    out = graded(record, tmp_path, *files)
    assert set(outcomes(out).values()) == {"correct"}
    assert read_rows(out / "rejected.csv") == []


def test_of_one_question_told_twice_the_later_response_counts(record: Record, tmp_path: Path) -> None:
    one = questions(record)[0]
    lines = [line("ada", one, when="2026-02-02"), line("ada", one, right=False, when="2026-02-01")]
    out = graded(record, tmp_path, report(tmp_path, *lines))
    assert outcomes(out)["q1"] == "correct"
    assert [row["reason"] for row in read_rows(out / "rejected.csv")] == ["a later response counts"]


def test_what_is_handed_in_late_does_not_count_where_the_quiz_takes_nothing_late(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "reports", lambda: {"toy": TOY_REPORT})
    quiz = QUIZ + "due: 2026-03-01T12:00+00:00\nlate: reject\n"
    blueprint = load_quiz(write_text(tmp_path / "quiz.yaml", quiz))
    bank = load_bank(write_bank(tmp_path / "bank"))
    done = export_quiz(blueprint, bank, TOY, tmp_path / "quiz.zip", variants=3, secret=SECRET, approximate=True)
    record = read_record(done.manifest)
    one = questions(record)[0]
    lines = [
        line("ada", one, attempt="1", when="2026-03-01T11:59Z"),
        line("ada", one, right=False, attempt="2", when="2026-03-01T13:01+01:00"),
        line("bob", one, attempt="1", when="2026-03-01T12:01Z"),
    ]
    out = graded(record, tmp_path, report(tmp_path, *lines))
    assert [(row["student"], row["outcome"]) for row in read_rows(out / "marks.csv")] == [("ada", "correct")]
    assert {row["reason"] for row in read_rows(out / "rejected.csv")} == {LATE}


def test_whose_responses_cannot_all_be_read_gets_no_points_in_the_gradebook_file(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    seen: list[tuple[str, float | None]] = []

    def write(grades: Grades, existing: str | None) -> Sheet:
        seen.extend((row.student.id, row.points) for row in grades.rows)
        return Sheet("")

    monkeypatch.setattr(beside, "gradebooks", lambda: {"toy": Gradebook("toy", "toy", ".csv", write)})
    one, *_, two = questions(record)
    cut = {"who": "eve", "question": two.code, "cut": {"total": "0.10"}, "answers": {}, "points": 4.0}
    lines = [line("ada", one, points=2.0), line("eve", one, points=2.0), cut]
    back = reading.read_back(record, [report(tmp_path, *lines)])
    further = beside.further_files(back.manifest, back, "toy", None, told.append)
    grade(back.manifest, back.submissions, tmp_path / "out", beside=further)
    assert seen == [("ada", 2.0), ("eve", None)]
    assert any("such as eve" in note for note in told)
    assert any("such as eve" in note for note in back.submissions.notes)


def test_an_empty_attempt_that_was_handed_in_earns_0_in_the_gradebook_file(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[float | None] = []

    def write(grades: Grades, existing: str | None) -> Sheet:
        seen.extend(row.points for row in grades.rows)
        return Sheet("")

    monkeypatch.setattr(beside, "gradebooks", lambda: {"toy": Gradebook("toy", "toy", ".csv", write)})
    back = reading.read_back(record, [report(tmp_path, {"who": "ada", "question": questions(record)[0].code})])
    grade(back.manifest, back.submissions, tmp_path / "out", beside=beside.further_files(back.manifest, back, "toy", None))
    assert seen == [0.0]


def test_a_report_of_an_export_that_was_replaced_is_marked_by_that_one(record: Record, tmp_path: Path) -> None:
    first = questions(record)[0]
    file = tmp_path / "bank" / "calc" / "surprisal.yaml"
    file.write_text(file.read_text("utf-8").replace("value: surprisal(q)", "value: 2 * surprisal(q)"), "utf-8")
    bank, blueprint = load_bank(tmp_path / "bank"), load_quiz(tmp_path / "quiz.yaml")
    for _ in range(2):
        done = export_quiz(blueprint, bank, TOY, tmp_path / "quiz.zip", variants=2, approximate=True, force=True)
    again = read_record(done.manifest)
    assert len(again.earlier) == 1
    new = questions(again)[0]
    assert new.code != first.code
    old = graded(again, tmp_path, report(tmp_path, line("ada", first), name="old.json"), out="old")
    assert [row["outcome"] for row in read_rows(old / "marks.csv")] == ["correct"]
    assert any("earlier export" in note for note in json.loads((old / "summary.json").read_text("utf-8"))["notes"])
    late = graded(again, tmp_path, report(tmp_path, line("ada", new), name="new.json"), out="new")
    assert [row["outcome"] for row in read_rows(late / "marks.csv")] == ["correct"]


def test_who_answered_nothing_or_has_an_essay_that_waits_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(beside, "gradebooks", lambda: {"toy": Gradebook("toy", "toy", ".csv", lambda grades, text: Sheet(""))})
    _, manifest = build(tmp_path / "class", "title: A\nitems: [{template: calc/essay}]\n", [("a", "A"), ("b", "B")])
    file = write_text(tmp_path / "a.csv", 'student,q1\na,"The loss is a logarithm."\n')
    grade(manifest, [file], tmp_path / "out", beside=beside.further_files(manifest, None, "toy", None, told.append))
    assert told == ["no points in the gradebook file for 2 students who answered nothing, or whose answers wait for you"]


def test_a_manifest_that_was_changed_is_refused(tmp_path: Path, record: Record) -> None:
    file = tmp_path / "quiz.zip.manifest.json"
    file.write_text(file.read_text("utf-8").replace('"points": 2.0', '"points": 3.0'), "utf-8")
    with pytest.raises(ManifestError, match="was changed after the export"):
        read_record(file)


@pytest.mark.parametrize("name", ["../x.yaml", "/x.yaml", "a\\b.yaml", "c:x.yaml"])
def test_a_manifest_whose_files_lead_out_of_the_bank_is_refused(tmp_path: Path, record: Record, name: str) -> None:
    file = tmp_path / "bad.manifest.json"
    write_record(file, replace(record, files={**record.files, name: "title: x"}))
    with pytest.raises(ManifestError, match="leads out of the bank"):
        read_record(file)
