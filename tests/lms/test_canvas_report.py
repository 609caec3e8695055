"""Canvas's student analysis, as Canvas writes it, back as responses; and its gradebook."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path

import pytest
from canvas_answers import given
from canvas_importer import grade, report_cell
from qti_bank import write_bank
from test_canvas import SHIPPED, Trial, numeric, responses, trials

from quizgen.bank import Bank
from quizgen.errors import SubmissionError
from quizgen.grading.readers.units import Blob
from quizgen.lms.back.base import Known, Returned, Unmatched
from quizgen.lms.back.canvas import REPORT
from quizgen.lms.gradebooks.base import Earned, Grades
from quizgen.lms.gradebooks.canvas import GRADEBOOK
from quizgen.lms.registry import GRADEBOOKS, REPORTS
from quizgen.quizzes.roster import Student

HEADS = ["name", "id", "sis_id", "section", "section_id", "section_sis_id", "submitted"]
ENDS = ["n correct", "n incorrect", "score"]
ADA = ["Ada Lovelace", "1001", "s-1", "Section A, Section B", "7", "", "2026-03-01 12:30:05 UTC"]


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return write_bank(tmp_path_factory.mktemp("canvas-report") / "bank")


def written(rows: Sequence[Sequence[object]], delimiter: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode()


def heading(number: int, trial: Trial) -> str:
    return f"{number}: {trial.imported.shown}"


def back(found: Sequence[Trial], *rows: Sequence[object], heads: Sequence[str] = HEADS) -> list[Returned | Unmatched]:
    header = [*heads]
    for number, trial in enumerate(found, 4711):
        header += [heading(number, trial), "3.0"]
    blob = Blob("report.csv", written([[*header, *ENDS], *rows]))
    assert REPORT.recognises(blob)
    return list(REPORT.read(blob, Known({trial.question.code: trial.question for trial in found})))


def same(trial: Trial, answers: Mapping[str, str], one: Returned) -> bool:
    """Whether what came back earns what was answered."""
    assert one.question.code == trial.question.code
    assert not one.unread, one.unread
    return trial.ours(one.answers) == pytest.approx(trial.ours(answers))


@pytest.mark.parametrize("id", sorted(SHIPPED)[::3])
def test_responses_of_the_shipped_bank_come_back_as_they_were_given(id: str) -> None:
    for trial in trials(SHIPPED, id, 1):
        come_back(trial)


ALL = (
    *("many-all-or-nothing", "many-every-decision-counts", "many-true", "many-none"),
    *("order-all-or-nothing", "order-pairs", "order-absolute-position", "match-each-pair", "match-all-or-nothing"),
    *("choice", "choice-placed", "choice-plain", "numeric", "text", "distribution-brier"),
    *("several", "several-with-distribution", "awkward"),
)


@pytest.mark.parametrize("id", ALL)
def test_responses_to_every_kind_come_back_as_they_were_given(bank: Bank, id: str) -> None:
    for trial in trials(bank, id, 4):
        come_back(trial)


def come_back(trial: Trial) -> None:
    if trial.imported.kind == "essay_question":
        return
    for answers in islice(responses(trial), 0, None, 4):
        response = given(trial.question, trial.imported, answers)
        if trial.imported.kind == "multiple_dropdowns_question" and None in response:
            continue
        cell = report_cell(trial.imported, response)
        if not cell:
            continue
        (one,) = back([trial], [*ADA, cell, grade(trial.imported, response) * 3, 1, 0, 3])
        assert isinstance(one, Returned)
        assert same(trial, answers, one), (trial.question.template, cell, one.answers)
        assert one.points == pytest.approx(3 * grade(trial.imported, response))


def choice(bank: Bank) -> list[Trial]:
    return list(trials(bank, "choice", 2))


def test_a_row_tells_who_met_which_variant_when(bank: Bank) -> None:
    first, second = choice(bank)
    right = first.imported.answers[0].text
    (one,) = back([first, second], [*ADA, right, "1,5", "", "", 1, 0, 1.5])
    assert isinstance(one, Returned)
    assert (one.student.id, one.student.name, one.row) == ("1001", "Ada Lovelace", 2)
    assert dict(one.student.extra)["sis_id"] == "s-1"
    assert (one.question.code, one.answers, one.points, one.possible) == (first.question.code, {"answer": "A"}, 1.5, 3.0)
    assert one.submitted == "2026-03-01 12:30:05 UTC"


def test_a_question_left_unanswered_is_blank_and_one_not_drawn_is_not_there(bank: Bank) -> None:
    first, second = choice(bank)
    (one,) = back([first, second], [*ADA, "", "", "", "0.0", 0, 1, 0])
    assert isinstance(one, Returned)
    assert (one.question.code, one.answers, one.unread, one.points) == (second.question.code, {}, {}, 0.0)


def test_several_attempts_are_told_apart(bank: Bank) -> None:
    trial = choice(bank)[0]
    texts = [answer.text for answer in trial.imported.answers]
    rows = [[*ADA, "2", texts[1], 0, 0, 1, 0], [*ADA, "1", texts[0], 3, 1, 0, 3]]
    found = back([trial], *rows, heads=[*HEADS, "attempt"])
    assert [(one.attempt, one.answers) for one in found if isinstance(one, Returned)] == [
        ("2", {"answer": "B"}),
        ("1", {"answer": "A"}),
    ]


def test_translated_headings_and_semicolons_are_read(bank: Bank) -> None:
    trial = choice(bank)[0]
    heads = ["Name", "Kennung", "SIS-Kennung", "Abschnitt", "Abschnitts-ID", "Abschnitts-SIS", "eingereicht"]
    header = [*heads, heading(12, trial), "3,0", "richtig", "falsch", "Punkte"]
    blob = Blob("a.csv", b"\xef\xbb\xbf" + written([header, [*ADA, trial.imported.answers[1].text, "0,0", 0, 1, 0]], ";"))
    assert REPORT.recognises(blob)
    (one,) = REPORT.read(blob, Known({trial.question.code: trial.question}))
    assert isinstance(one, Returned)
    assert (one.student.id, one.answers, one.possible, one.submitted) == ("1001", {"answer": "B"}, 3.0, ADA[-1])


def test_what_is_none_of_ours_is_told(bank: Bank) -> None:
    trial = choice(bank)[0]
    own = ["9: What is your name? ABCD-EFGH", "1.0"]
    header = [*HEADS, *own, heading(12, trial), "3.0", *ENDS]
    rows = [
        [*ADA, "Ada", 1, trial.imported.answers[0].text, 3, 2, 0, 4],
        ["", "", "", "", "", "", ADA[-1], "", "", "x", 0, 0, 1, 0],
    ]
    found = list(REPORT.read(Blob("a.csv", written([header, *rows])), Known({trial.question.code: trial.question})))
    unmatched = [(one.student, one.text, one.row) for one in found if isinstance(one, Unmatched)]
    assert unmatched == [("1001", "Ada", 2), ("", "x", 3)]


def test_what_cannot_be_told_surely_is_not_guessed(bank: Bank) -> None:
    (trial,) = trials(bank, "order-pairs", 1)
    cyclic = [0, 1, 0, 0, 0, 0]  # A before B, C before A, B before C
    open_one = [0, None, 0, 0, 0, 0]
    for response, words in ((cyclic, "contradict each other"), (open_one, "not every pair was decided")):
        (one,) = back([trial], [*ADA, report_cell(trial.imported, response), 1, 0, 1, 1])
        assert isinstance(one, Returned)
        assert words in one.unread["answer"][1]
    (one,) = back([trial], [*ADA, "something else", 1, 0, 1, 1])
    assert isinstance(one, Returned)
    assert one.unread["answer"] == ("something else", "these are none of the menus' choices")


def test_statements_of_which_one_was_left_undecided_are_no_response_of_a_worksheet(bank: Bank) -> None:
    (trial,) = trials(bank, "many-every-decision-counts", 1)
    (one,) = back([trial], [*ADA, report_cell(trial.imported, [0, None, 1, 1]), 1, 0, 1, 1])
    assert isinstance(one, Returned)
    assert "nothing was decided of B" in one.unread["answer"][1]


def cell_back(trial: Trial, cell: str) -> Returned:
    (one,) = back([trial], [*ADA, cell, 1, 0, 1, 1])
    assert isinstance(one, Returned)
    return one


def test_what_was_ticked_and_joined_is_read_in_any_order(bank: Bank) -> None:
    (many,) = trials(bank, "many-true", 1)
    texts = [answer.text.replace(",", "\\,") for answer in many.imported.answers]
    assert cell_back(many, ",".join([texts[2], texts[0]])).answers == {"answer": "A C"}
    twice = cell_back(many, ",".join([texts[2], texts[0], texts[2]]))
    assert twice.unread["answer"][1] == "these are none of the question's options"
    (match,) = trials(bank, "match-each-pair", 1)
    pairs = pairs_of(match)
    assert cell_back(match, ",".join(reversed(pairs))).answers == cell_back(match, ",".join(pairs)).answers


def pairs_of(trial: Trial) -> list[str]:
    cell = report_cell(trial.imported, list(range(len(trial.imported.answers))))
    return re.split(r"(?<!\\),", cell)


def test_a_pair_that_was_left_open_is_read_and_one_that_is_missing_is_told(bank: Bank) -> None:
    (trial,) = trials(bank, "match-each-pair", 1)
    pairs = pairs_of(trial)
    left_open = [f"{pairs[0].partition('=>')[0]}=>", *pairs[1:]]
    whole = cell_back(trial, ",".join(pairs)).answers["answer"].split()
    assert cell_back(trial, ",".join(left_open)).answers["answer"].split() == whole[1:]
    assert cell_back(trial, ",".join(pairs[1:])).unread["answer"][1] == "the report shows no pair for 1"


COMMAS = """stem: Which?
answer:
  kind: multiple
  credit: "true"
  options:
    - {text: "a", true_when: true}
    - {text: "b", true_when: true}
    - {text: "a, b", true_when: false}
    - {text: "c, d", true_when: false}
"""


def test_commas_are_read_without_their_backslash_where_only_one_way_fits(tmp_path: Path) -> None:
    (trial,) = trials(numeric(COMMAS, tmp_path), "number", 1)
    label = {answer.text: "ABCD"[place] for place, answer in enumerate(trial.imported.answers)}

    def labels(*texts: str) -> dict[str, str]:
        return {"answer": " ".join(sorted(label[text] for text in texts))}

    assert cell_back(trial, "b,a").answers == labels("a", "b")
    assert cell_back(trial, "a\\, b").answers == labels("a, b")
    assert cell_back(trial, "b,c, d").answers == labels("b", "c, d")
    assert cell_back(trial, "c, d,a, b").unread["answer"][1] == "this can be read in several ways"


def test_an_anonymous_survey_and_another_table_are_no_reports(bank: Bank) -> None:
    trial = choice(bank)[0]
    anonymous = ["section", "section_id", "submitted", heading(12, trial), "3.0", *ENDS]
    with pytest.raises(SubmissionError, match="whose responses"):
        list(REPORT.read(Blob("a.csv", written([anonymous])), Known({trial.question.code: trial.question})))
    others = Blob("a.csv", written([[*HEADS, heading(12, trial), "3.0", *ENDS]]))
    with pytest.raises(SubmissionError, match="none of its questions"):
        list(REPORT.read(others, Known({})))
    for raw in (b"Student,ID,Section\nAda,1,A\n", b"name,id,12: A question\n", b"", b"\xff\xfe"):
        assert not REPORT.recognises(Blob("a.csv", raw))
    assert REPORTS["canvas"] == "quizgen.lms.back.canvas:REPORT"


# The gradebook --------------------------------------------------------------------------------------------------------

GRADES = Grades(
    "Homework, 3",
    10.0,
    (
        Earned(Student("1001", "Ada Lovelace"), 7.5),
        Earned(Student("s-2", 'Bob "Bobby" O\'Hara', "bob@example.org"), 10 / 3),
        Earned(Student("s-3", "=Eve"), None),
        Earned(Student("s-4", "Mallory"), 0.0),
    ),
)
EXPORT = (
    'Student,ID,SIS User ID,SIS Login ID,Section,Essay (11),"Homework, 3 (12)",Current Score\r\n'
    ",,,,,,Manual Posting,\r\n"
    "    Points Possible,,,,,5.0,10.0,(read only)\r\n"
    '"Lovelace, Ada",1001,s-1,ada,A and B,EX,,93.5\r\n'
    '"O\'Hara, Bob",1002,S-2,bob,A,"4.5",1.0,80\r\n'
    "Eve,1003,s-3,eve,A,,2.0,80\r\n"
    "Stranger,1004,s-9,str,A,,3.0,\r\n"
    '"Student, Test",1005,,a1b2,A,,,\r\n'
)


def test_an_export_is_filled_in_and_all_else_stays_byte_for_byte() -> None:
    sheet = GRADEBOOK.write(GRADES, EXPORT)
    assert sheet.text == (EXPORT.replace("A and B,EX,,93.5", "A and B,EX,7.5,93.5").replace('"4.5",1.0,80', '"4.5",3.333,80'))
    assert sheet.notes == ("not in the gradebook that was given, so left out: s-4",)


def test_semicolons_and_a_last_line_without_end_stay() -> None:
    export = "Student;ID;SIS Login ID;Section;Homework, 3 (12)\n    Points Possible;;;;8,0\nAda;1001;ada;A;"
    sheet = GRADEBOOK.write(GRADES, export)
    assert sheet.text == export + "7.5"
    assert sheet.notes[0].startswith("the column has 8 points, the quiz 10")


def test_a_quiz_that_is_not_there_yet_gets_a_column() -> None:
    export = "LastName,FirstName,ID,Section,Final Score\n    Points Possible,,,,(read only)\nLovelace,Ada,1001,A,90\n"
    sheet = GRADEBOOK.write(GRADES, export)
    assert sheet.text == (
        'LastName,FirstName,ID,Section,Final Score,"Homework, 3"\n'
        "    Points Possible,,,,(read only),10\n"
        "Lovelace,Ada,1001,A,90,7.5\n"
    )
    assert "new assignment" in sheet.notes[0]


@pytest.mark.parametrize(
    ("export", "words"),
    [
        ("name,points\nAda,3\n", "no gradebook export of Canvas"),
        ("", "no gradebook export of Canvas"),
        ('Student,ID,Section,"Homework, 3 (1)","Homework, 3 (2)"\n', "2 columns"),
        ('Student,ID,Section,"Homework, 3 (1)"\n    Points Possible,,,(read only)\n', "read only"),
        ('Student,ID,Section\n"Ada,1,A\n', "never closed"),
    ],
)  # fmt: skip
def test_an_export_that_cannot_be_filled_in_is_refused(export: str, words: str) -> None:
    with pytest.raises(SubmissionError, match=words):
        GRADEBOOK.write(GRADES, export)


def test_a_new_file_has_canvass_columns_and_the_points_row() -> None:
    rows = list(csv.reader(io.StringIO(GRADEBOOK.write(GRADES, None).text)))
    assert rows[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Homework, 3"]
    assert rows[1] == ["    Points Possible", "", "", "", "", "10"]
    assert rows[3] == ['Bob "Bobby" O\'Hara', "", "s-2", "s-2", "", "3.333"]
    assert rows[4] == ["=Eve", "", "s-3", "s-3", "", ""]
    assert GRADEBOOKS["canvas"] == "quizgen.lms.gradebooks.canvas:GRADEBOOK"


def test_a_student_of_a_report_is_written_with_canvass_own_number(bank: Bank) -> None:
    trial = choice(bank)[0]
    (one,) = back([trial], [*ADA, trial.imported.answers[0].text, 3, 1, 0, 3])
    sheet = GRADEBOOK.write(Grades("Q", 3.0, (Earned(one.student, 3.0),)), None)  # type: ignore[arg-type] # has an id
    assert list(csv.reader(io.StringIO(sheet.text)))[2] == ["Ada Lovelace", "1001", "s-1", "", "Section A, Section B", "3"]
