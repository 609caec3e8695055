"""Open edX's reports and grades: what students did there is read as they meant it, and marks go back into its own files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from edx_grader import inputs_of, run, task
from kinds_answers import combinations_of
from kinds_bank import SECRET, questions_of, write_kinds_bank
from sample_class import read_rows, write_text

from quizgen.bank import Bank
from quizgen.errors import SubmissionError
from quizgen.grading import grade
from quizgen.grading.readers.units import Blob
from quizgen.lms.back.base import Known, Returned, Unmatched
from quizgen.lms.back.beside import further_files
from quizgen.lms.back.edx import REPORT
from quizgen.lms.back.reading import read_back
from quizgen.lms.base import Question
from quizgen.lms.export import export_quiz
from quizgen.lms.formats.edx import FORMAT
from quizgen.lms.formats.edx.carriers import carriers_of
from quizgen.lms.gradebooks.base import Earned, Grades
from quizgen.lms.gradebooks.edx import GRADEBOOK
from quizgen.lms.record import Record, read_record
from quizgen.quizzes import load_quiz
from quizgen.quizzes.roster import Student

HEADS = ("username", "title", "location", "Answer", "Answer ID", "Correct Answer", "Question", "block_key", "state")
KINDS = ("choice", "numeric", "percent", "text", "match", "match-all", "order-pairs", "distribution", "set-all-or-nothing",
         "set-every-decision-counts", "set-coverage", "several")  # fmt: skip


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return write_kinds_bank(tmp_path_factory.mktemp("edx") / "bank")


def key(question: Question, name: str = "") -> str:
    return f"block-v1:edX+DemoX+2026+type@problem+block@{name or question.ident}"


def state(question: Question, answers: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    told = {f"{question.ident}_{number}": value for number, value in answers.items()}
    return {"seed": 1, "attempts": 1, "done": True, "has_saved_answers": False, "student_answers": told,
            "last_submission_time": "2026-03-01T10:00:00Z", **more}  # fmt: skip


def row(who: str, question: Question, said: Mapping[str, Any] | str, **cells: str) -> dict[str, str]:
    text = said if isinstance(said, str) else json.dumps(said)
    where = f"Course > Section > Quiz > Unit > {question.title}"
    return {"username": who, "title": question.title, "location": where, "block_key": key(question), "state": text, **cells}


def report(rows: Sequence[Mapping[str, str]], heads: Sequence[str] = HEADS, delimiter: str = ",") -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, heads, restval="", delimiter=delimiter, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8")


def read(questions: Sequence[Question], raw: bytes) -> list[Returned | Unmatched]:
    blob = Blob("report.csv", raw)
    assert REPORT.recognises(blob)
    return list(REPORT.read(blob, Known({question.code: question for question in questions})))


def sent(bank: Bank, folder: Path, template: str) -> Record:
    """An export of one question."""
    quiz = load_quiz(write_text(folder / "quiz.yaml", f"title: A quiz\nitems: [{{template: {template}}}]\n"))
    done = export_quiz(quiz, bank, FORMAT, folder / "quiz.tar.gz", variants=1, secret=SECRET, approximate=True)
    return read_record(done.manifest)


def asked_of(record: Record) -> list[Question]:
    with record.bank() as frozen:
        return list(record.questions(frozen))


def graded(record: Record, raw: bytes, folder: Path) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The marks, and where they differ from the system's."""
    (folder / "report.csv").write_bytes(raw)
    back = read_back(record, [folder / "report.csv"])
    grade(back.manifest, back.submissions, folder / "out", beside=further_files(back.manifest, back, None, None))
    return read_rows(folder / "out" / "marks.csv"), read_rows(folder / "out" / "lms-marks.csv")


def one(question: Question, raw: bytes) -> Returned:
    (found,) = read([question], raw)
    assert isinstance(found, Returned)
    return found


@pytest.mark.parametrize("name", KINDS)
def test_what_is_put_into_inputs_comes_back_as_it_is_typed_on_a_worksheet(bank: Bank, name: str) -> None:
    for question in questions_of(bank, name, 2):
        for responses in combinations_of(question):
            filled = inputs_of(question, responses)
            back = one(question, report([row("ada", question, state(question, filled))]))
            assert not back.unread
            open_none = {asked.name for asked, _ in carriers_of(question) if responses[asked.name] == "none"}
            assert {answer: back.answers[answer] for answer in back.answers} == {
                answer: text for answer, text in responses.items() if answer not in open_none or answer in back.answers
            }


def test_every_input_has_a_row_and_the_problem_is_told_once(bank: Bank) -> None:
    (question,) = questions_of(bank, "match", 1)
    filled = {"2_1": "A", "3_1": "C", "4_1": f"option_{question.ident}_4_1_dummy_default"}
    said = state(question, filled, score={"raw_earned": 1, "raw_possible": 3})
    rows = [row("ada", question, said, **{"Answer ID": f"{question.ident}_{i}", "Answer": filled[i]}) for i in filled]
    back = one(question, report(rows))
    assert dict(back.answers) == {"answer": "1-A 2-C"}
    assert (back.points, back.possible) == (pytest.approx(1.0), 3.0)
    assert back.submitted == "2026-03-01T10:00:00Z"


def test_points_follow_from_the_map_of_an_older_system(bank: Bank) -> None:
    (question,) = questions_of(bank, "match", 1)
    marked = {
        f"{question.ident}_2_1": {"correctness": "correct", "npoints": None},
        f"{question.ident}_3_1": {"correctness": "partially-correct", "npoints": 0.5},
        f"{question.ident}_4_1": {"correctness": "incorrect", "npoints": None},
    }
    back = one(question, report([row("ada", question, state(question, {"2_1": "A"}, correct_map=marked))]))
    assert back.points == pytest.approx(1.5)


def test_other_blocks_are_passed_over_and_other_problems_told(bank: Bank) -> None:
    (question,) = questions_of(bank, "choice", 1)
    bank_block = {**row("ada", question, {"selected": [["problem", question.ident]]}),
                  "block_key": key(question).replace("type@problem", "type@itembank")}  # fmt: skip
    other = {**row("ada", question, {"student_answers": {"x_2_1": "1"}}), "block_key": key(question, "x"), "title": "Another"}
    (found,) = read([question], report([bank_block, other]))
    assert isinstance(found, Unmatched)
    assert (found.student, found.text, found.row) == ("ada", "Another", 3)


def test_a_problem_that_was_copied_in_studio_is_known_by_the_code_in_its_title(bank: Bank) -> None:
    (question,) = questions_of(bank, "choice", 1)
    said = {"student_answers": {"0123456789abcdef_2_1": "choice_2"}, "done": True}
    copied = {**row("ada", question, said), "block_key": key(question, "0123456789abcdef")}
    assert dict(one(question, report([copied])).answers) == {"answer": "C"}


def test_who_only_opened_a_problem_left_it_blank(bank: Bank) -> None:
    (question,) = questions_of(bank, "choice", 1)
    back = one(question, report([row("ada", question, {"seed": 1, "input_state": {}})]))
    assert (dict(back.answers), dict(back.unread), back.points) == ({}, {}, 0.0)


def test_what_was_saved_and_not_handed_in_is_told_not_marked(bank: Bank) -> None:
    (question,) = questions_of(bank, "choice", 1)
    said = state(question, {"2_1": "choice_1"}, has_saved_answers=True, done=False)
    back = one(question, report([row("ada", question, said)]))
    assert dict(back.unread) == {"answer": ("choice_1", "it was saved, and not handed in")}


def test_a_number_that_the_system_refused_is_read_here(bank: Bank) -> None:
    (question,) = questions_of(bank, "percent", 1)
    said = state(question, {"2_1": "0,2025"}, done=False, attempts=0)
    back = one(question, report([row("ada", question, said)]))
    assert (dict(back.answers), back.points) == ({"answer": "0,2025"}, 0.0)


def test_a_point_is_a_decimal_sign_there_also_where_the_quiz_has_commas(bank: Bank) -> None:
    (question,) = questions_of(bank, "percent", 1, decimal_comma=True)
    for typed, meant in (("1.234", "1,234"), ("-.5e-3", "-,5e-3"), ("12", "12"), ("1/3", "1/3")):
        back = one(question, report([row("ada", question, state(question, {"2_1": typed}))]))
        assert dict(back.answers) == {"answer": meant}


def test_what_was_decided_in_part_is_told_not_guessed(bank: Bank) -> None:
    (question,) = questions_of(bank, "set-every-decision-counts", 1)
    back = one(question, report([row("ada", question, state(question, {"2_1": "Yes", "4_1": "No"}))]))
    assert dict(back.unread) == {"answer": ("Yes; ; No; ; ", "not every option was decided")}


@pytest.mark.parametrize("typed", [("0.2", "0.3", ""), ("", "0.3", "0.7"), ("0", None, "1")])
def test_a_probability_that_was_not_typed_is_an_open_place(bank: Bank, tmp_path: Path, typed: Sequence[str | None]) -> None:
    """It cannot be marked here, which is told of the response; and it stands beside the points that the system gave."""
    record = sent(bank, tmp_path, "distribution")
    (question,) = asked_of(record)
    given = {f"{i}_1": text for i, text in enumerate(typed, 2)}
    said = state(question, given, score={"raw_earned": 1, "raw_possible": 3})
    raw = report([row("ada", question, said)])
    assert dict(one(question, raw).answers) == {"answer": "; ".join(text or "" for text in typed)}
    (marked,), (beside,) = graded(record, raw, tmp_path)
    assert marked["outcome"] == "invalid"
    assert "no probability is stated for" in marked["note"]
    assert (beside["there"], beside["here"]) == ("0.333333", "0")


def test_a_field_with_more_than_a_probability_does_not_fill_the_others(bank: Bank) -> None:
    (question,) = questions_of(bank, "distribution", 1)
    for typed in ("0.2; 0.3", "0.2|0.3", "a=0.2"):
        back = one(question, report([row("ada", question, state(question, {"2_1": typed, "3_1": "0.5", "4_1": ""}))]))
        assert "more than a number" in back.unread["answer"][1]


def test_a_formula_stays_as_typed_and_is_told_beside_the_points_of_the_system(bank: Bank, tmp_path: Path) -> None:
    record = sent(bank, tmp_path, "numeric")
    (question,) = asked_of(record)
    said = state(question, {"2_1": "54*1"}, score={"raw_earned": 1, "raw_possible": 1})
    (marked,), (beside,) = graded(record, report([row("ada", question, said)]), tmp_path)
    assert (beside["response"], marked["outcome"]) == ("54*1", "invalid")
    assert (beside["there"], beside["here"]) == ("1", "0")
    assert "cannot read the response" in beside["why"]


def test_the_time_of_the_last_submission_comes_back_and_no_attempt_is_made_up(bank: Bank) -> None:
    (question,) = questions_of(bank, "choice", 1)
    said = state(question, {"2_1": "choice_1"}, attempts=3, last_submission_time="2026-03-01T10:00:00.123456+00:00")
    back = one(question, report([row("ada", question, said)]))
    assert (back.submitted, back.attempt) == ("2026-03-01T10:00:00.123456+00:00", "")
    back = one(question, report([row("ada", question, state(question, {}, last_submission_time=None))]))
    assert (back.submitted, back.attempt) == ("", "")


def test_a_row_of_nobody_is_rejected_alone(bank: Bank) -> None:
    (question,) = questions_of(bank, "choice", 1)
    good, bad = row("ada", question, state(question, {"2_1": "choice_1"})), row("", question, "{}", Answer="B. It is less")
    unit = {**bad, "block_key": key(question).replace("type@problem", "type@vertical")}
    nobody, ada = read([question], report([bad, unit, good]))
    assert isinstance(ada, Returned)
    assert isinstance(nobody, Unmatched)
    assert (dict(ada.answers), nobody.text, nobody.row) == ({"answer": "B"}, "B. It is less", 2)
    assert "no username" in nobody.reason


@pytest.mark.parametrize(("shown", "meant"), [("choice_0, choice_2", "A C"), ("choice_1", "B")])
@pytest.mark.parametrize("dropped", [("state",), ("state", "block_key"), ("state", "block_key", "title", "location")])
def test_a_report_without_states_names_ticked_boxes_by_their_numbers(
    bank: Bank, shown: str, meant: str, dropped: Sequence[str]
) -> None:
    questions = questions_of(bank, "set-all-or-nothing", 2)
    rows = [row("ada", one, "", **{"Answer ID": f"{one.ident}_2_1", "Answer": shown}) for one in questions]
    found = read(questions, report(rows, [head for head in HEADS if head not in dropped]))
    assert [dict(one.answers) for one in found if isinstance(one, Returned)] == [{"answer": meant}] * 2
    assert all(isinstance(one, Returned) and one.points is None for one in found)


@pytest.mark.parametrize(("name", "shown", "meant"), [
    ("choice", "B. It is less", "B"),
    ("choice", "B.", "B"),
    ("order-pairs", "A C B D", "A C B D"),
    ("set-all-or-nothing", "A. the first; is over a fifth, C. the third", "A C"),
    ("set-all-or-nothing", "None of these", "none"),
    ("percent", "0.25", "0.25"),
])  # fmt: skip
def test_without_the_state_the_words_are_read(bank: Bank, name: str, shown: str, meant: str) -> None:
    (question,) = questions_of(bank, name, 1)
    cut = row("ada", question, '{"student_ans', **{"Answer ID": f"{question.ident}_2_1", "Answer": shown})
    assert dict(one(question, report([cut])).answers) == {"answer": meant}


@pytest.mark.parametrize("shown", ["A. one, A. the same", "Answer"])
def test_words_that_are_not_sure_are_told(bank: Bank, shown: str) -> None:
    (question,) = questions_of(bank, "set-all-or-nothing", 1)
    cut = row("ada", question, "", **{"Answer ID": f"{question.ident}_2_1", "Answer": shown})
    assert set(one(question, report([cut])).unread) == {"answer"}


def test_a_report_that_tells_nothing_of_a_problem_loses_nothing(bank: Bank) -> None:
    (question,) = questions_of(bank, "choice", 1)
    back = one(question, report([row("ada", question, "{cut")]))
    assert "does not tell" in back.unread["answer"][1]


def test_an_old_report_with_names_and_states_alone_is_read(bank: Bank) -> None:
    (question,) = questions_of(bank, "choice", 1)
    raw = report([row("ada", question, state(question, {"2_1": "choice_0"}))], heads=("username", "state"), delimiter=";")
    assert dict(one(question, b"\xef\xbb\xbf" + raw).answers) == {"answer": "A"}


def test_other_tables_are_no_reports() -> None:
    assert not REPORT.recognises(Blob("x.csv", b"username,score\nada,1\n"))
    assert not REPORT.recognises(Blob("x.csv", b""))


def test_the_way_there_and_back_gives_the_same_marks(bank: Bank, tmp_path: Path) -> None:
    """What the system's own grader makes of a response, reported as it reports it, is marked here as it was there."""
    quiz = "title: A quiz\nitems: [{template: choice}, {template: match, points: 3}, {template: order-pairs}]\n"
    done = export_quiz(load_quiz(write_text(tmp_path / "quiz.yaml", quiz)), bank, FORMAT, tmp_path / "quiz.tar.gz",
                       variants=3, secret=SECRET)  # fmt: skip
    record = read_record(done.manifest)
    with record.bank() as frozen:
        questions = list(record.questions(frozen))
    first = {
        (f"s{i}", question.template): (f"s{i}", question, responses)
        for question in reversed(questions)
        for i, responses in enumerate(combinations_of(question))
    }
    met = list(first.values())
    rows = []
    for (who, question, _), there in zip(met, run([task(question, given) for _, question, given in met]), strict=True):
        score = {"raw_earned": there["score"], "raw_possible": there["total"]}
        for ident, (label, answer) in there["report"].items():
            cells = {"Answer ID": ident, "Answer": answer, "Question": label}
            rows.append(row(who, question, {**there["state"], "score": score, "attempts": 1}, **cells))
    path = tmp_path / "report.csv"
    path.write_bytes(report(rows))
    back = read_back(record, [path])
    assert len(back.given) == len(met)
    grade(back.manifest, back.submissions, tmp_path / "out", beside=further_files(back.manifest, back, None, None))
    assert read_rows(tmp_path / "out" / "lms-marks.csv") == []
    assert len(read_rows(tmp_path / "out" / "rejected.csv")) == 0
    assert {line["outcome"] for line in read_rows(tmp_path / "out" / "marks.csv")} >= {"correct", "partial", "wrong"}


# Grades ---------------------------------------------------------------------------------------------------------------

GRADES = Grades("A quiz", 6, (Earned(Student("ada"), 4.5), Earned(Student("Bob"), None), Earned(Student("eve"), 6.0)))
OVERRIDES = (
    "\ufeffuser_id,username,student_key,course_id,track,cohort,name-qg-k7qx3,grade-qg-k7qx3,original_grade-qg-k7qx3,"
    "previous_override-qg-k7qx3,new_override-qg-k7qx3,name-0a1b2c3d,new_override-0a1b2c3d\r\n"
    '7,Ada,,course-v1:edX+X+1,audit,"a, b",A  Quiz,1,1,,,Other,\r\n'
    "8,bob,,course-v1:edX+X+1,audit,,A  Quiz,1,1,,2,Other,5\r\n"
)


def test_the_subsection_of_the_quiz_is_overridden_and_nothing_else_touched() -> None:
    sheet = GRADEBOOK.write(GRADES, OVERRIDES)
    assert sheet.text == OVERRIDES.replace("A  Quiz,1,1,,,Other,\r", "A  Quiz,1,1,,4.5,Other,\r")
    assert sheet.notes == (
        "the points of 'A  Quiz' are overridden; there it must be worth 6 points in all",
        "not in Open edX's file, so left out: eve",
    )


def test_points_of_a_staff_graded_block_are_filled_in() -> None:
    text = "user_id,username,block_id,title,Previous Points,New Points\n7,ada,block,Any,,\n9,eve,block,Any,1,2\n"
    sheet = GRADEBOOK.write(GRADES, text)
    assert sheet.text == text.replace(",,\n", ",,4.5\n").replace("1,2\n", "1,6\n")
    assert sheet.notes[0] == "the staff graded block must allow at least 6 points"
    assert "Bob" in sheet.notes[1]


@pytest.mark.parametrize("existing", [
    None,
    "Student,ID\n",
    "",
    "user_id,username,course_id\n7,ada,x\n",
    OVERRIDES.replace("A  Quiz", "Another"),
    OVERRIDES.replace("Other", "a quiz"),
])  # fmt: skip
def test_what_cannot_be_filled_in_surely_is_refused(existing: str | None) -> None:
    with pytest.raises(SubmissionError):
        GRADEBOOK.write(GRADES, existing)
