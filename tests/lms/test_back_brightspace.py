"""Brightspace's report of attempts, written by hand as Brightspace writes it, is matched, turned into responses and marked."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter
from single_kinds import exported, fraction

from quizgen.grading.readers.units import Blob
from quizgen.lms.back.base import Known, Returned, Unmatched
from quizgen.lms.back.brightspace import REPORT
from quizgen.lms.base import Question, plain_words

HEADS = (
    "Org Defined ID,Username,FirstName,LastName,Attempt #,Attempt Start,Attempt End,Section #,Q #,Q Type,Q Title,Q Text,Bonus?,"
    "Difficulty,Answer,Answer Match,Score,Out Of"
)
KINDS = ("choice", "each-decision", "order", "pairs", "number", "text", "essay", "several", "distribution")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "bank"


@pytest.fixture
def questions(folder: Path) -> dict[str, Question]:
    return {question.template.removeprefix("kinds/"): question for question in exported(folder, *KINDS, variants=1).questions()}


Cells = Sequence[str]


def line(question: Question, kind: str, answer: str, match: str, score: str = "0", *, user: str = "ada", attempt: str = "1",
         number: str = "1") -> Cells:  # fmt: skip
    text = f"A stem\nwith a line break. Question code: {question.code}"
    start, end = "2/18/2023 9:11", "2/18/2023 9:24"
    return (
        f"#{user}-id",
        user,
        "Ada",
        "Lovelace",
        attempt,
        start,
        end,
        "",
        number,
        kind,
        "",
        text,
        "FALSE",
        "1",
        answer,
        match,
        score,
        "2",
    )


def report(*lines: Cells, delimiter: str = ",", mark: str = "\ufeff") -> Blob:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([HEADS.split(","), *lines])
    return Blob("attempts.csv", (mark + out.getvalue()).encode())


def read(questions: dict[str, Question], blob: Blob) -> list[Returned | Unmatched]:
    assert REPORT.recognises(blob)
    return list(REPORT.read(blob, Known({question.code: question for question in questions.values()})))


def one(questions: dict[str, Question], *lines: Cells) -> Returned:
    (found,) = read(questions, report(*lines))
    assert isinstance(found, Returned)
    return found


def options(question: Question) -> list[str]:
    return [plain_words(option.text, question) for option in question.asked[0].interaction.options]  # type: ignore[union-attr]


@pytest.mark.parametrize(("delimiter", "mark"), [(",", "\ufeff"), (";", ""), ("\t", "")])
def test_the_option_that_is_checked_is_what_was_chosen(questions: dict[str, Question], delimiter: str, mark: str) -> None:
    question = questions["choice"]
    rows = [line(question, "MC", text, "Checked" if i == 1 else "UnChecked", "0") for i, text in enumerate(options(question))]
    (found,) = read(questions, report(*rows, delimiter=delimiter, mark=mark))
    assert isinstance(found, Returned)
    assert found.answers == {"answer": "B"}
    assert (found.student.id, found.student.name, found.student.extra) == ("ada-id", "Ada Lovelace", (("Username", "ada"),))
    assert (found.points, found.possible, found.attempt, found.submitted) == (0.0, 2.0, "1", "2/18/2023 9:24")


def test_options_are_known_by_what_is_left_of_their_formulas(questions: dict[str, Question]) -> None:
    question = questions["choice"]
    shown = {
        "<math><mfrac><mn>1</mn><mn>2</mn></mfrac><mo>&lt;</mo><mn>1</mn></math>",
        r"\(\frac{1}{2} &lt; 1\)",
        r"\(\frac{1}{2} < 1\)",
    }
    formula = next(i for i, text in enumerate(options(question)) if "1" in text and "right" not in text)
    for text in shown:
        found = one(questions, line(question, "MC", text, "Checked"))
        assert found.answers == {"answer": "ABC"[formula]}, text


def test_nothing_checked_is_blank_but_for_several_options_that_earned_something(questions: dict[str, Question]) -> None:
    single, several = questions["choice"], questions["each-decision"]
    assert one(questions, *[line(single, "MC", text, "UnChecked") for text in options(single)]).answers == {"answer": ""}
    rows = [line(several, "M-S", text, "UnChecked", "0.67") for text in options(several)]
    assert one(questions, *rows).answers == {"answer": "none"}
    assert one(questions, *[line(several, "M-S", text, "UnChecked") for text in options(several)]).answers == {"answer": ""}


def test_the_positions_of_items_make_an_order(questions: dict[str, Question], folder: Path) -> None:
    question = questions["order"]
    right = question.asked[0].scheme.places  # type: ignore[union-attr] # an order's
    texts = options(question)
    rows = [line(question, "ORD", texts[place], str(rank), "2") for rank, place in enumerate(right, 1)]
    found = one(questions, *reversed(rows))
    assert fraction(folder, question, found.answers) == 1.0
    unfinished = one(questions, *rows[:2], line(question, "ORD", texts[right[2]], "", "0"))
    assert unfinished.answers["answer"].split()[2:] == ["?", "?"]
    twice = one(questions, *[line(question, "ORD", text, "1") for text in texts])
    assert "no order" in twice.unread["answer"][1]


def test_pairs_are_known_by_the_right_partner(questions: dict[str, Question], folder: Path) -> None:
    question = questions["pairs"]
    interaction, partners = question.asked[0].interaction, question.asked[0].scheme.partners  # type: ignore[union-attr]
    rights = [plain_words(option.text, question) for option in interaction.rights]  # type: ignore[union-attr]
    right = [line(question, "MAT", rights[partner], rights[partner], "2") for partner in partners]
    assert fraction(folder, question, one(questions, *right).answers) == 1.0
    swapped = [
        line(question, "MAT", rights[partners[1]], rights[partners[0]]),
        line(question, "MAT", "", rights[partners[1]]),
        line(question, "MAT", rights[partners[2]], rights[partners[2]]),
    ]
    assert fraction(folder, question, one(questions, *swapped).answers) == pytest.approx(1 / 3)
    lefts = [plain_words(option.text, question) for option in interaction.lefts]  # type: ignore[union-attr]
    told = [line(question, "MAT", left, rights[partner]) for left, partner in zip(lefts, partners, strict=True)]
    assert fraction(folder, question, one(questions, *told).answers) == 1.0


def test_what_was_typed_stands_beside_the_blank_or_alone(questions: dict[str, Question]) -> None:
    question = questions["number"]
    assert one(questions, line(question, "SA", "Answer for blank # 1", "0,105", "2")).answers == {"answer": "0,105"}
    assert one(questions, line(question, "SA", "Antwort für Leerstelle # 1", "0.1", "2")).answers == {"answer": "0.1"}
    assert one(questions, line(question, "SA", "0.105", "")).answers == {"answer": "0.105"}
    assert one(questions, line(question, "SA", "", "")).answers == {"answer": ""}
    assert "two texts" in one(questions, line(question, "SA", "0.105", "0.2")).unread["answer"][1]


def test_blanks_are_shared_out_in_the_order_in_which_they_are_asked(questions: dict[str, Question]) -> None:
    several = questions["several"]
    rows = [line(several, "MSA", f"Answer for blank # {i}", text, "1") for i, text in enumerate(["20", "30"], 1)]
    found = one(questions, *rows)
    assert found.answers == {"two": "20", "three": "30"}
    assert found.points == 2.0
    shares = questions["distribution"]
    rows = [line(shares, "MSA", f"Answer for blank # {i}", text, "1") for i, text in enumerate(["0.2", "0.3", "0.5"], 1)]
    assert one(questions, *rows).answers == {"answer": "0.2; 0.3; 0.5"}
    assert set(one(questions, line(several, "MSA", "Answer for blank # 1", "20")).unread) == {"two", "three"}


def test_an_essay_is_kept_as_it_is(questions: dict[str, Question]) -> None:
    assert one(questions, line(questions["essay"], "WR", "One,\ntwo; three", "")).answers == {"answer": "One,\ntwo; three"}


def test_attempts_and_questions_are_told_apart(questions: dict[str, Question]) -> None:
    number, text = questions["number"], questions["text"]
    rows = [line(number, "SA", "0.1", ""), line(text, "SA", "x", "", number="2"), line(number, "SA", "0.2", "", attempt="2")]
    rows.append(line(number, "SA", "0.3", "", user="bob"))
    found = read(questions, report(*rows))
    assert [(one.student.id, one.attempt, one.answers["answer"]) for one in found if isinstance(one, Returned)] == [
        ("ada-id", "1", "0.1"), ("ada-id", "1", "x"), ("ada-id", "2", "0.2"), ("bob-id", "1", "0.3"),
    ]  # fmt: skip


def test_what_is_not_ours_and_what_is_not_clear_is_told(questions: dict[str, Question]) -> None:
    question = questions["choice"]
    other = list(line(question, "MC", "a", "Checked"))
    other[11] = "Another question"
    (found,) = read(questions, report(other))
    assert isinstance(found, Unmatched)
    assert "no code" in found.reason
    assert "none of the options" in one(questions, line(question, "MC", "a stranger", "Checked")).unread["answer"][1]
    text = options(question)[0]
    assert "neither" in one(questions, line(question, "MC", text, "peut-être")).unread["answer"][1]
    rows = [line(question, "MC", text, "Checked") for text in options(question)]
    assert "several options" in one(questions, *rows).unread["answer"][1]


def test_a_workbook_and_a_long_report_are_read_too(questions: dict[str, Question], tmp_path: Path) -> None:
    question = questions["number"]
    rows = [line(question, "SA", "0.105", "", user=f"user{i}") for i in range(1500)]
    assert len(read(questions, report(*rows))) == 1500
    with xlsxwriter.Workbook(str(tmp_path / "attempts.xlsx")) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate([HEADS.split(","), *rows[:3]]):
            sheet.write_row(number, 0, cells)
    found = read(questions, Blob("attempts.xlsx", (tmp_path / "attempts.xlsx").read_bytes()))
    assert [one.answers for one in found if isinstance(one, Returned)] == [{"answer": "0.105"}] * 3


def test_other_files_are_not_taken_for_such_a_report() -> None:
    for raw in (b"", b"a,b\n1,2\n", b"Username,Score\nx,1\n", b"PK\x03\x04nonsense", b"\xff\xfe\x00"):
        assert not REPORT.recognises(Blob("x.csv", raw))
