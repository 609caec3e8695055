"""Whole gradings: from what a class handed in to marks, gradebook, feedback and summary."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_class import QUIZ, SECRET, answers, build, fields, read_rows, saved, write_rows, write_saved, write_text

from quizgen.errors import OutputError, QuizgenError, SubmissionError
from quizgen.grading import Graded, grade
from quizgen.quizzes import Manifest

CLASS = [("ann", "Ann"), ("bob", "Bob"), ("=1+1", "Formula"), ("José", "José"), ("007", "Zero")]


@dataclass(frozen=True)
class Course:
    """A build, and right and mistaken responses of all."""

    manifest: Manifest
    folder: Path
    right: list[dict[str, str]]
    mixed: list[dict[str, str]]

    def table(self, path: Path, rows: Sequence[dict[str, str]], **more: Sequence[str]) -> Path:
        """A wide table with a row for each student."""
        columns = fields(self.manifest, self.manifest.sheets[0])
        ids = [sheet.student.id for sheet in self.manifest.sheets]
        heads = ["student", *more, *columns]
        extra = zip(*more.values(), strict=True) if more else [()] * len(ids)
        body = [[id, *cells, *(row[c] for c in columns)] for id, cells, row in zip(ids, extra, rows, strict=False)]
        return write_rows(path, [heads, *body])


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    folder = tmp_path_factory.mktemp("course") / "c"
    _, manifest = build(folder, QUIZ, CLASS)
    return Course(manifest, folder, answers(manifest), answers(manifest, right=0.0))


def graded(course: Course, out: Path, *sources: Path, **options: Any) -> Graded:
    return grade(course.manifest, list(sources), out / "graded", **options)


def by_field(out: Path, student: str = "ann") -> dict[str, dict[str, str]]:
    rows = read_rows(out / "graded" / "marks.csv")
    return {row["field"]: row for row in rows if row["student"].removeprefix("'") == student}


def totals(out: Path) -> dict[str, str]:
    return {row["student"].removeprefix("'"): row["total"] for row in read_rows(out / "graded" / "gradebook.csv")}


def with_quiz(tmp_path: Path, **keys: Any) -> Course:
    lines = "".join(f"{key}: {value}\n" for key, value in keys.items())
    _, manifest = build(tmp_path / "c", lines + QUIZ.lstrip(), CLASS)
    return Course(manifest, tmp_path / "c", answers(manifest), answers(manifest, right=0.0))


# Formats --------------------------------------------------------------------------------------------------------------


def _wide(course: Course, folder: Path) -> Path:
    return course.table(folder / "wide.csv", course.right)


def _encoded(encoding: str, delimiter: str = ",") -> Any:
    def make(course: Course, folder: Path) -> Path:
        plain = course.table(folder / "plain.csv", course.right)
        rows = [[*row.values()] for row in read_rows(plain)]
        heads = [*read_rows(plain)[0]]
        text = "\r\n".join(delimiter.join('"' + c.replace('"', '""') + '"' for c in row) for row in [heads, *rows])
        (folder / "encoded.csv").write_bytes(text.encode(encoding))
        return folder / "encoded.csv"

    return make


def _long(course: Course, folder: Path) -> Path:
    rows = [
        (sheet.student.id, field, text)
        for sheet, row in zip(course.manifest.sheets, course.right, strict=True)
        for field, text in row.items()
    ]
    return write_rows(folder / "long.csv", [("student", "field", "response"), *rows])


def _json(course: Course, folder: Path) -> Path:
    data = [saved(course.manifest, *pair) for pair in zip(course.manifest.sheets, course.right, strict=True)]
    (folder / "all.json").write_text(json.dumps(data))
    return folder / "all.json"


def _lines(course: Course, folder: Path) -> Path:
    data = [saved(course.manifest, *pair) for pair in zip(course.manifest.sheets, course.right, strict=True)]
    (folder / "all.jsonl").write_text("\n".join(map(json.dumps, data)))
    return folder / "all.jsonl"


def _folder(course: Course, folder: Path) -> Path:
    return write_saved(folder / "saved", course.manifest, course.manifest.sheets, course.right)


def _zip(course: Course, folder: Path) -> Path:
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        for path in _folder(course, folder).iterdir():
            archive.write(path, f"hand-ins/{path.name}")
    return folder / "all.zip"


def _workbook(course: Course, folder: Path) -> Path:
    rows = read_rows(course.table(folder / "plain.csv", course.right))
    with xlsxwriter.Workbook(folder / "all.xlsx", {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([[*rows[0]], *([*row.values()] for row in rows)]):
            sheet.write_row(number, 0, row)
    return folder / "all.xlsx"


FORMATS = {
    "wide": _wide, "long": _long, "json": _json, "json lines": _lines, "folder": _folder, "zip": _zip, "xlsx": _workbook,
    "utf-8 with mark": _encoded("utf-8-sig"), "utf-16": _encoded("utf-16"), "semicolons": _encoded("utf-8", ";"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_right_answers_reach_full_marks_in_every_format(name: str, course: Course, tmp_path: Path) -> None:
    source = FORMATS[name](course, tmp_path)
    result = graded(course, tmp_path, source)
    assert (result.received, result.marked, result.rejected, result.students) == (25, 25, 0, 5)
    assert set(totals(tmp_path).values()) == {"7"}  # the essay's 4 points wait for a person
    assert result.waiting == 5


def test_formats_may_be_mixed(course: Course, tmp_path: Path) -> None:
    one = write_saved(tmp_path / "saved", course.manifest, course.manifest.sheets[:2], course.right[:2])
    rest = [{"student": s.student.id, **row} for s, row in zip(course.manifest.sheets[2:], course.right[2:], strict=True)]
    (tmp_path / "rest.jsonl").write_text("\n".join(map(json.dumps, rest)))
    result = graded(course, tmp_path, one, tmp_path / "rest.jsonl")
    assert (result.students, result.rejected) == (5, 0)


def test_the_response_template_is_graded_when_it_is_filled_in(course: Course, tmp_path: Path) -> None:
    """Also for an id that looks like a formula, which is written with an apostrophe before it."""
    template = read_rows(course.folder / "build" / "responses-template.csv")
    assert [row["student"] for row in template] == ["ann", "bob", "'=1+1", "José", "007"]
    filled = [[*{**row, **given}.values()] for row, given in zip(template, course.right, strict=True)]
    path = write_rows(tmp_path / "filled.csv", [[*template[0]], *filled])
    result = graded(course, tmp_path, path)
    assert (result.marked, result.rejected) == (25, 0)
    assert set(totals(tmp_path).values()) == {"7"}


# Marks ----------------------------------------------------------------------------------------------------------------


def test_each_mark_names_the_mistake_and_the_summary_ranks_them(course: Course, tmp_path: Path) -> None:
    result = graded(course, tmp_path, course.table(tmp_path / "mixed.csv", course.mixed))
    marks = by_field(tmp_path)
    assert (marks["q1"]["outcome"], marks["q1"]["mistake"]) == ("wrong", "linear-loss")
    assert marks["q1"]["feedback"]
    ranked = result.summary["misconceptions"]
    assert ranked[0]["mistake"] == "linear-loss"
    assert ranked[0]["students"] == 5
    assert [line["students"] for line in ranked] == sorted((line["students"] for line in ranked), reverse=True)
    assert (tmp_path / "graded" / "feedback" / "ann.html").read_text().count(marks["q1"]["feedback"].split(". ")[0]) >= 1


def test_a_later_answer_is_marked_from_the_earlier_one_of_the_same_submission(course: Course, tmp_path: Path) -> None:
    row = {**course.right[0], "q2.total": "10", "q2.twice": "20"}
    graded(course, tmp_path, course.table(tmp_path / "r.csv", [row]))
    marks = by_field(tmp_path)
    assert (marks["q2.total"]["outcome"], marks["q2.twice"]["outcome"]) == ("wrong", "correct")
    assert (marks["q2.twice"]["points"], marks["q2.twice"]["possible"]) == ("1", "1")


def test_a_later_answer_is_not_marked_from_another_submission(course: Course, tmp_path: Path) -> None:
    first = saved(course.manifest, course.manifest.sheets[0], {"q2.total": "10", "q2.twice": "20"}, "2026-02-01T10:00:00Z")
    second = saved(course.manifest, course.manifest.sheets[0], {"q2.total": "12", "q2.twice": "20"}, "2026-02-02T10:00:00Z")
    (tmp_path / "r.json").write_text(json.dumps([first, second]))
    graded(course, tmp_path, tmp_path / "r.json")
    assert by_field(tmp_path)["q2.twice"]["outcome"] == "wrong"


def test_blank_unreadable_and_wrong_are_told_apart(course: Course, tmp_path: Path) -> None:
    row = {**course.right[0], "q1": " ", "q2.total": "1,2,3", "q2.twice": "7"}
    graded(course, tmp_path, course.table(tmp_path / "r.csv", [row]))
    marks = by_field(tmp_path)
    assert [marks[field]["outcome"] for field in ("q1", "q2.total", "q2.twice")] == ["blank", "invalid", "wrong"]
    assert marks["q2.total"]["response"] == "1,2,3"
    assert marks["q2.total"]["note"]
    assert {row["student"]: row["unreadable"] for row in read_rows(tmp_path / "graded" / "gradebook.csv")}["ann"] == "1"


def test_marks_stand_in_the_order_of_the_class_whatever_the_order_of_the_files(course: Course, tmp_path: Path) -> None:
    names = [
        (f"{i}.json", pair) for i, pair in enumerate(reversed(list(zip(course.manifest.sheets, course.right, strict=True))))
    ]
    (tmp_path / "in").mkdir()
    for name, pair in names:
        (tmp_path / "in" / name).write_text(json.dumps(saved(course.manifest, *pair)))
    graded(course, tmp_path, tmp_path / "in")
    seen = list(dict.fromkeys(row["student"] for row in read_rows(tmp_path / "graded" / "marks.csv")))
    assert seen == ["ann", "bob", "'=1+1", "José", "007"]


def test_the_gradebook_has_every_student_of_the_class(course: Course, tmp_path: Path) -> None:
    graded(course, tmp_path, course.table(tmp_path / "r.csv", course.right[:1]))
    rows = read_rows(tmp_path / "graded" / "gradebook.csv")
    assert [(row["submitted"], row["total"], row["possible"]) for row in rows] == [("yes", "7", "11"), *[("no", "0", "11")] * 4]
    assert (rows[0]["item 4"], rows[0]["waiting for a person"]) == ("", "1")


def test_a_percent_of_the_gradebook_is_the_total_of_what_is_possible_so_far(course: Course, tmp_path: Path) -> None:
    graded(course, tmp_path, course.table(tmp_path / "r.csv", course.mixed[:3]))
    rows = read_rows(tmp_path / "graded" / "gradebook.csv")
    assert [row["possible so far"] for row in rows] == ["7", "7", "7", "11", "11"]
    for row in rows:
        assert float(row["percent"]) == 100 * float(row["total"]) / float(row["possible so far"])


def test_a_very_long_answer_is_cut_on_the_page_and_whole_in_the_marks(course: Course, tmp_path: Path) -> None:
    long = "why " * 20_000
    graded(
        course,
        tmp_path,
        course.table(tmp_path / "r.csv", [course.right[0] | {"q1": long, "q4": long}]),
        flavours=["html", "markdown"],
    )
    for ending in ("html", "md"):
        page = (tmp_path / "graded" / "feedback" / f"ann.{ending}").read_text(encoding="utf-8")
        assert page.count("Your answer has 80,000 characters; the first 10,000 are shown here.") == 2
        assert len(page) < 100_000
        assert page.count("why ") >= 2_000
    assert by_field(tmp_path)["q1"]["response"].strip() == long.strip()


# Attempts and lateness --------------------------------------------------------------------------------------------------


def _twice(course: Course, path: Path, first: str = "2026-02-01T10:00:00Z", second: str = "2026-02-02T10:00:00Z") -> Path:
    """A right submission, then a mistaken one."""
    sheet = course.manifest.sheets[0]
    both = [saved(course.manifest, sheet, course.right[0], first), saved(course.manifest, sheet, course.mixed[0], second)]
    path.write_text(json.dumps(both))
    return path


@pytest.mark.parametrize(("attempts", "total"), [("last", None), ("first", "7"), ("best", "7"), ("error", "0")])
def test_the_attempt_that_counts_is_chosen_as_told_and_no_other_is_lost(
    attempts: Any, total: str | None, course: Course, tmp_path: Path
) -> None:
    result = graded(course, tmp_path, _twice(course, tmp_path / "r.json"), attempts=attempts)
    assert result.received == 10 == result.marked + result.rejected
    assert result.marked == (0 if attempts == "error" else 5)
    if total is None:
        assert totals(tmp_path)["ann"] != "7"
    else:
        assert totals(tmp_path)["ann"] == total
    reasons = {row["reason"] for row in read_rows(tmp_path / "graded" / "rejected.csv")}
    assert len(reasons) == 1


def test_a_late_submission_costs_the_penalty_and_the_student_is_told(tmp_path: Path) -> None:
    course = with_quiz(tmp_path, late="accept", late_penalty=0.25)
    path = tmp_path / "r.json"
    path.write_text(json.dumps(saved(course.manifest, course.manifest.sheets[0], course.right[0], "2026-03-01T12:00:01Z")))
    graded(course, tmp_path, path)
    assert totals(tmp_path)["ann"] == "5.25"
    assert by_field(tmp_path)["q1"]["late"] == "true"
    page = (tmp_path / "graded" / "feedback" / "ann.html").read_text()
    assert "after the due date, which costs 25 % of its points" in page


def test_a_submission_at_the_due_moment_is_in_time(tmp_path: Path) -> None:
    course = with_quiz(tmp_path, late="reject")
    path = tmp_path / "r.json"
    path.write_text(json.dumps(saved(course.manifest, course.manifest.sheets[0], course.right[0], "2026-03-01T13:00:00+01:00")))
    assert graded(course, tmp_path, path).rejected == 0


def test_a_late_submission_is_rejected_where_the_quiz_says_so_and_an_earlier_one_counts(tmp_path: Path) -> None:
    course = with_quiz(tmp_path, late="reject")
    source = _twice(course, tmp_path / "r.json", second="2026-03-01T12:00:01Z")
    result = graded(course, tmp_path, source)
    assert (result.marked, result.rejected) == (5, 5)
    assert totals(tmp_path)["ann"] == "7"
    assert {row["reason"] for row in read_rows(tmp_path / "graded" / "rejected.csv")} == {
        "handed in after the due date, and this quiz takes nothing late"
    }


# Nothing is lost --------------------------------------------------------------------------------------------------------

ids = st.sampled_from(["ann", "bob", "'=1+1", "=1+1", "jose\u0301", "7", "ANN", "eve", "", " bob "])
names = st.sampled_from(["q1", "q2.total", "q2.twice", "Q3", "q4", "q9", "q2", "note", ""])
texts = st.one_of(
    st.sampled_from(["A", "", "0,105", "1/0", "=cmd|' /C calc'!A0", "<b>", "none", "A C", "1e999", "-", "∞"]),
    st.text(max_size=6).filter(lambda text: "\0" not in text),
)
moments = st.sampled_from(["", "2026-02-28 10:00", "2026-03-02T10:00:00Z", "soon"])
long_rows = st.lists(st.tuples(ids, names, texts, moments), max_size=15)
records = st.lists(
    st.fixed_dictionaries(
        {"student": ids, "answers": st.dictionaries(names, texts, max_size=4)}, optional={"submitted": moments}
    ),
    max_size=4,
)


@given(long_rows, records, st.sampled_from(["last", "best", "first", "error"]), st.sampled_from(["accept", "reject"]))
@settings(max_examples=25)
def test_rows_in_are_marks_and_rejected_whatever_comes(
    tmp_path_factory: pytest.TempPathFactory, course: Course, table: list[tuple[str, str, str, str]], data: list[Any],
    attempts: Any, late: str,
) -> None:  # fmt: skip
    folder = tmp_path_factory.mktemp("law")
    write_rows(folder / "long.csv", [("student", "field", "response", "submitted"), *table])
    (folder / "records.jsonl").write_text("\n".join(map(json.dumps, data)) or "{}")
    manifest = replace(course.manifest, quiz=replace(course.manifest.quiz, late=late))
    result = grade(manifest, [folder / "long.csv", folder / "records.jsonl"], folder / "graded", attempts=attempts, flavours=())
    assert result.received == result.marked + result.rejected
    assert len(read_rows(folder / "graded" / "marks.csv")) == result.marked
    assert len(read_rows(folder / "graded" / "rejected.csv")) == result.rejected
    rows = sum(any(cell.strip() for cell in row) for row in table)
    assert result.received >= rows + sum(len(record["answers"]) for record in data)
    for row in read_rows(folder / "graded" / "marks.csv"):
        assert 0 <= float(row["points"]) <= float(row["possible"])


# Outputs ----------------------------------------------------------------------------------------------------------------


def test_what_students_type_is_defused_in_tables_and_escaped_in_pages(course: Course, tmp_path: Path) -> None:
    typed = {
        **course.right[0],
        "q1": '=HYPERLINK("http://x")',
        "q4": '<script>alert(1)</script> **bold** {{ 7*7 }} " onload="x',
    }
    graded(course, tmp_path, course.table(tmp_path / "r.csv", [typed]), flavours=("html", "markdown"))
    assert by_field(tmp_path)["q1"]["response"] == '\'=HYPERLINK("http://x")'
    page = (tmp_path / "graded" / "feedback" / "ann.html").read_text()
    assert "<script>" not in page
    assert 'onload="' not in page
    assert "{{ 7*7 }}" in page
    assert "<strong>bold</strong>" not in page
    for table in ("marks.csv", "gradebook.csv", "rejected.csv", "to-mark.csv"):
        for row in read_rows(tmp_path / "graded" / table):
            assert not any(cell.startswith(("=", "@", "+")) for cell in row.values())


def test_the_columns_of_every_output_stand_as_documented(course: Course, tmp_path: Path) -> None:
    graded(course, tmp_path, course.table(tmp_path / "r.csv", course.right, group=["a"] * 5))
    folder = tmp_path / "graded"
    heads = {path.name: path.read_text(encoding="utf-8").split("\n")[0] for path in folder.glob("*.csv")}
    assert heads == {
        "marks.csv": "student,name,field,item,code,template,answer,response,outcome,fraction,points,possible,mistake,feedback,"
        "note,late,submitted,source,row",
        "gradebook.csv": "student,name,item 1,item 2,item 3,item 4,total,possible,possible so far,percent,submitted,late,"
        "waiting for a person,unreadable",
        "rejected.csv": "student,field,text,submitted,source,row,reason",
        "to-mark.csv": "student,field,code,rubric,response,possible,points,comment",
    }
    documented = (Path(__file__).parents[2] / "docs" / "grading.md").read_text(encoding="utf-8")
    for line in heads.values():
        for column in line.split(","):
            assert f"`{column}`" in documented or column.startswith("item ")
    facts = json.loads((folder / "summary.json").read_text())
    assert facts["ignored_columns"] == [{"file": str(tmp_path / "r.csv"), "column": "group"}]
    assert facts["responses"] == {"received": 25, "marked": 25, "rejected": 0}


def test_a_folder_of_results_is_not_replaced_while_it_holds_what_is_to_be_read(course: Course, tmp_path: Path) -> None:
    graded(course, tmp_path, course.table(tmp_path / "r.csv", course.right))
    inside = course.table(tmp_path / "graded" / "more.csv", course.right)
    with pytest.raises(OutputError, match=r"holds .*more\.csv"):
        graded(course, tmp_path, inside, force=True)
    assert inside.exists()


def test_results_are_not_written_into_a_folder_of_responses(course: Course, tmp_path: Path) -> None:
    """The next run would read them as responses."""
    source = write_saved(tmp_path / "saved", course.manifest, course.manifest.sheets, course.right)
    with pytest.raises(OutputError, match="lies inside"):
        grade(course.manifest, [source], source / "graded")


def test_a_sheets_code_stands_for_its_student_also_as_people_write_it(course: Course, tmp_path: Path) -> None:
    code = course.manifest.sheets[0].code
    sloppy = code.lower().replace("-", "").replace("0", "o").replace("1", "l")
    path = write_rows(
        tmp_path / "r.csv", [("sheet", "q1"), (sloppy, "0.5"), (f"{code[:-1]}{'A' if code[-1] != 'A' else 'B'}", "1")]
    )
    result = graded(course, tmp_path, path)
    assert (result.marked, result.rejected) == (1, 1)
    assert by_field(tmp_path)["q1"]["response"] == "0.5"


def test_a_file_that_is_no_file_of_responses_stops_everything_and_writes_nothing(course: Course, tmp_path: Path) -> None:
    path = write_text(tmp_path / "r.csv", "a,b\n1,2\n")
    with pytest.raises(SubmissionError):
        graded(course, tmp_path, path)
    assert not (tmp_path / "graded").exists()


def test_feedback_is_there_for_those_who_handed_in_and_leaves_out_nobody_else(course: Course, tmp_path: Path) -> None:
    graded(course, tmp_path, course.table(tmp_path / "r.csv", course.right[:3]), flavours=("html", "markdown"))
    made = sorted(path.name for path in (tmp_path / "graded" / "feedback").iterdir())
    assert made == ["_1_1.html", "_1_1.md", "ann.html", "ann.md", "bob.html", "bob.md"]


def test_the_bank_of_today_does_not_matter(tmp_path: Path) -> None:
    _, manifest = build(tmp_path / "c", QUIZ, CLASS, SECRET)
    course = Course(manifest, tmp_path / "c", answers(manifest), [])
    for path in (tmp_path / "c" / "bank" / "calc").iterdir():
        path.write_text("broken: [")
    graded(course, tmp_path, course.table(tmp_path / "r.csv", course.right))
    assert set(totals(tmp_path).values()) == {"7"}


def test_a_response_that_would_be_lost_stops_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Promise 3 is checked at the end of every run: what is neither marked nor rejected is a fault, and nothing is written."""
    grading = import_module("quizgen.grading.counting")
    _, manifest = build(tmp_path / "c", QUIZ, CLASS, SECRET)
    source = write_saved(tmp_path / "a", manifest, manifest.sheets, answers(manifest))
    whole = grading.choose

    def lossy(*args: Any) -> Any:
        chosen, superseded = whole(*args)
        return chosen.head(1), superseded

    monkeypatch.setattr(grading, "choose", lossy)
    with pytest.raises(QuizgenError, match="fault in quizgen"):
        grade(manifest, [source], tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("attempts", ["last", "first", "best", "error"])
def test_an_untouched_row_of_the_response_template_takes_nothing_away(tmp_path: Path, attempts: str) -> None:
    """Blank cells, earlier or later than the answers, do not stand for an answer, and do not make a submission."""
    built, manifest = build(tmp_path / "c", QUIZ, CLASS, SECRET)
    sheets = manifest.sheets[:1]
    source = write_saved(tmp_path / "a", manifest, sheets, answers(manifest, sheets=sheets))
    template = built.folder / "responses-template.csv"
    result = grade(manifest, [template, source, template], tmp_path / "out", attempts=attempts)
    book = read_rows(tmp_path / "out" / "gradebook.csv")
    assert [row["student"] for row in book if row["submitted"] == "yes"] == [sheets[0].student.id]
    assert float(book[0]["percent"]) == 100
    assert result.summary["students"]["submitted"] == 1
