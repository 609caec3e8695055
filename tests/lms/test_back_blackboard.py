"""Blackboard's download of a test's results, in both forms, is matched and turned into responses; doubt is told."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from single_kinds import exported, fraction

from quizgen.errors import SubmissionError
from quizgen.grading.readers.units import Blob
from quizgen.items import plain
from quizgen.lms.back.base import Known, Returned, Unmatched
from quizgen.lms.back.blackboard import REPORT
from quizgen.lms.base import Question, plain_words

KINDS = ("choice", "each-decision", "order", "pairs", "number", "text", "essay", "several", "distribution")
PARTS = ("Question ID", "Question", "Answer", "Possible Points", "Auto Score", "Manual Score")

Part = Sequence[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "bank"


@pytest.fixture
def questions(folder: Path) -> dict[str, Question]:
    return {question.template.removeprefix("kinds/"): question for question in exported(folder, *KINDS, variants=1).questions()}


def part(question: Question, answer: str, auto: str = "1.00", manual: str = "") -> Part:
    stem = f"<p>A stem, with <b>tags</b></p><p><small>Question code: {question.code}</small></p>"
    return ("Question ID 1", stem, answer, "2.00", auto, manual)


def wide(*rows: tuple[str, Sequence[Part]], encoding: str = "utf-8", delimiter: str = ",") -> Blob:
    """The form with a row for each attempt."""
    most = max(len(parts) for _, parts in rows)
    heads = ["Username", "Last Name", "First Name", *(f"{name} {i}" for i in range(1, most + 1) for name in PARTS)]
    lines = [[user, "Lovelace", "Ada", *(cell for one in parts for cell in one)] for user, parts in rows]
    return table([heads, *lines], encoding, delimiter)


def long(*rows: tuple[str, Part]) -> Blob:
    """The form with a row for each question."""
    return table([["Username", "Last Name", "First Name", *PARTS], *([user, "Lovelace", "Ada", *one] for user, one in rows)])


def table(rows: Sequence[Sequence[str]], encoding: str = "utf-8-sig", delimiter: str = ",") -> Blob:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    return Blob("download.csv", out.getvalue().encode(encoding))


def read(questions: dict[str, Question], blob: Blob) -> list[Returned | Unmatched]:
    assert REPORT.recognises(blob)
    return list(REPORT.read(blob, Known({question.code: question for question in questions.values()})))


def one(questions: dict[str, Question], name: str, answer: str) -> Returned:
    (found,) = read(questions, long(("ada", part(questions[name], answer))))
    assert isinstance(found, Returned)
    return found


def options(question: Question) -> list[str]:
    return [plain_words(option.text, question) for option in question.asked[0].interaction.options]  # type: ignore[union-attr]


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-8", ","), ("utf-16", "\t"), ("utf-8-sig", ";")])
def test_a_row_for_each_attempt_tells_all_its_questions(questions: dict[str, Question], encoding: str, delimiter: str) -> None:
    parts = [part(questions["number"], "0.105"), part(questions["text"], "x", "", "2")]
    rows = [("ada", parts), ("bob", [part(questions["text"], "y")]), ("ada", [part(questions["number"], "0.2", "0.00")])]
    found = read(questions, wide(*rows, encoding=encoding, delimiter=delimiter))
    told = [(one.student.id, one.attempt, one.answers["answer"], one.points) for one in found if isinstance(one, Returned)]
    assert told == [("ada", "1", "0.105", 1.0), ("ada", "1", "x", 2.0), ("bob", "1", "y", 1.0), ("ada", "2", "0.2", 0.0)]
    assert isinstance(found[0], Returned)
    assert (found[0].student.name, found[0].possible) == ("Ada Lovelace", 2.0)


def test_a_row_for_each_question_tells_attempts_by_its_return(questions: dict[str, Question]) -> None:
    number, text = part(questions["number"], "0.1"), part(questions["text"], "x")
    rows = [("ada", number), ("ada", text), ("ada", part(questions["number"], "0.2")), ("bob", number)]
    found = read(questions, long(*rows))
    told = [(one.student.id, one.attempt, one.answers["answer"]) for one in found if isinstance(one, Returned)]
    assert told == [("ada", "1", "0.1"), ("ada", "1", "x"), ("ada", "2", "0.2"), ("bob", "1", "0.1")]


@pytest.mark.parametrize("answer", ["", "<Unanswered>", "[None Given]", "Unanswered", "unanswered", "-- No Answer --"])
def test_an_unanswered_question_is_blank(questions: dict[str, Question], answer: str) -> None:
    for name in ("choice", "order", "number"):
        assert one(questions, name, answer).answers == {}
        assert one(questions, name, answer).unread == {}


def test_an_option_of_the_name_of_no_answer_is_an_option(questions: dict[str, Question]) -> None:
    question = questions["choice"]
    ((name, interaction),) = question.made.keyed.item.interactions
    option = replace(interaction.options[1], text=plain("Unanswered"))  # type: ignore[union-attr] # a choice
    asked = replace(interaction, options=(interaction.options[0], option, *interaction.options[2:]))  # type: ignore[union-attr, call-arg] # the same
    item = replace(question.made.keyed.item, interactions=((name, asked),))
    made = replace(question.made, keyed=replace(question.made.keyed, item=item))
    assert one({"choice": replace(question, made=made)}, "choice", "Unanswered").answers == {name: option.label}


def test_one_option_is_known_by_its_text(questions: dict[str, Question]) -> None:
    for label, text in zip("ABC", options(questions["choice"]), strict=True):
        assert one(questions, "choice", f"<p>{text.replace('<', '&lt;')}</p>").answers == {"answer": label}
    assert "none of the options" in one(questions, "choice", "a stranger").unread["answer"][1]


@pytest.mark.parametrize("separator", [",", ", ", ";", "\n", " | "])
def test_several_options_are_found_whatever_separates_them_and_stands_in_them(
    questions: dict[str, Question], separator: str
) -> None:
    texts = options(questions["each-decision"])
    comma = next(i for i, text in enumerate(texts) if "," in text)
    other = (comma + 1) % 3
    found = one(questions, "each-decision", separator.join([texts[other], texts[comma]]))
    assert found.answers == {"answer": " ".join(sorted(["ABC"[comma], "ABC"[other]]))}
    assert "no list" in one(questions, "each-decision", f"{texts[0]}{separator}cut of").unread["answer"][1]


@pytest.mark.parametrize("separator", [",", "; ", "\n"])
def test_an_order_is_found_and_an_unfinished_one_told(questions: dict[str, Question], folder: Path, separator: str) -> None:
    question = questions["order"]
    right = [options(question)[place] for place in question.asked[0].scheme.places]  # type: ignore[union-attr]
    assert fraction(folder, question, one(questions, "order", separator.join(right)).answers) == 1.0
    assert "not have all items" in one(questions, "order", separator.join(right[:3])).unread["answer"][1]


@pytest.mark.parametrize(("joint", "separator"), [(" -> ", ", "), ("=>", ";"), ("→", "\n")])
def test_pairs_are_found_whatever_joins_and_separates_them(
    questions: dict[str, Question], folder: Path, joint: str, separator: str
) -> None:
    question = questions["pairs"]
    interaction, partners = question.asked[0].interaction, question.asked[0].scheme.partners  # type: ignore[union-attr]
    rights = [plain_words(option.text, question) for option in interaction.rights]  # type: ignore[union-attr]
    lefts = [plain_words(option.text, question) for option in interaction.lefts]  # type: ignore[union-attr]
    pairs = [f"{left}{joint}{rights[partner]}" for left, partner in zip(lefts, partners, strict=True)]
    found = one(questions, "pairs", separator.join(pairs))
    assert "a -> b" in lefts
    assert fraction(folder, question, found.answers) == 1.0
    cut = one(questions, "pairs", separator.join(pairs)[:-1] + "?")
    assert "cannot be told" in cut.unread["answer"][1]


def test_blanks_are_shared_out(questions: dict[str, Question]) -> None:
    assert one(questions, "several", "20,30").answers == {"two": "20", "three": "30"}
    assert one(questions, "distribution", "0,2; 0,3; 0,5").answers == {"answer": "0,2; 0,3; 0,5"}
    assert set(one(questions, "several", "20").unread) == {"two", "three"}


def test_what_is_typed_is_kept(questions: dict[str, Question]) -> None:
    assert one(questions, "essay", "One,\ntwo; three").answers == {"answer": "One,\ntwo; three"}
    assert one(questions, "number", "0,105").answers == {"answer": "0,105"}


def test_other_questions_are_told(questions: dict[str, Question]) -> None:
    (found,) = read(questions, long(("ada", ("Question ID 9", "Something else", "x", "1", "1", ""))))
    assert isinstance(found, Unmatched)
    assert (found.student, found.row) == ("ada", 2)


def test_a_gradebook_is_known_for_one_and_refused(questions: dict[str, Question]) -> None:
    blob = table([["Last Name", "First Name", "Username", "Quiz [Total Pts: 10 Score] |664617"], ["L", "A", "ada", "5"]])
    with pytest.raises(SubmissionError, match="has no answers"):
        read(questions, blob)
    assert not REPORT.recognises(table([["Username", "Score"], ["ada", "5"]]))
