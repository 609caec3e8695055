"""What was exported for Blackboard and Brightspace, answered there, and told by their reports, earns what quizgen gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from dialect_student import blackboards_cell, typed_everywhere
from kinds_answers import combinations_of
from kinds_bank import HEAD, SECRET, questions_of, write_kinds_bank
from qti_bank import TEMPLATES, write_bank
from sample_class import read_rows
from test_back_blackboard import long
from test_back_blackboard import part as told
from test_back_brightspace import line, report
from test_blackboard_and_brightspace import items

from quizgen.answers.labels import LETTERS
from quizgen.bank import Bank, load_bank
from quizgen.grading import grade
from quizgen.grading.readers.units import Blob
from quizgen.items import ChooseOne, WriteFreely
from quizgen.lms.back.base import Known, Report, Returned
from quizgen.lms.back.blackboard import REPORT as BLACKBOARDS
from quizgen.lms.back.brightspace import REPORT as BRIGHTSPACES
from quizgen.lms.back.reading import read_back
from quizgen.lms.base import Format, Options, Question, plain_words
from quizgen.lms.export import export_quiz
from quizgen.lms.formats.qti12.blackboard import FORMAT as BLACKBOARD
from quizgen.lms.formats.qti12.brightspace import FORMAT as BRIGHTSPACE
from quizgen.lms.record import read_record
from quizgen.quizzes import load_quiz
from quizgen.schemes import OneOption

KINDS = (
    *("choice", "numeric", "percent", "text", "text-listed", "match", "match-all", "distribution", "several"),
    *("set-all-or-nothing", "set-every-decision-counts", "set-percent-correct", "set-false2"),
    *("empty-set-all-or-nothing", "empty-set-every-decision-counts", "empty-set-coverage"),
    *("order-all-or-nothing", "order-pairs", "order-absolute-position", "order-relative-next"),
)
TOGETHER = """
draw: {p: {distribution: 3, step: 0.05, min: 0.05, distinct: true}}
stem: "{{ p }}: {{ answer.w }}"
answers:
  s: {kind: distribution, value: p, over: '["a", "b", "c"]'}
  x: {kind: numeric, value: "surprisal(p[0])", decimals: 2, weight: 3}
  o: {kind: order, items: [alpha, beta, gamma], by: p}
  m: {kind: match, credit: all-or-nothing, pairs: [{left: x, right: "1"}, {left: y, right: "2"}]}
  w: {kind: choice, key: "{{ p[0] }} is it", distractors: ["b", "c"]}
"""
ORDERS_ON_THE_PAGE = {
    ("blackboard", "several"): ("number", "name", "many", "one", "places", "pairs", "ticks", "joined"),
    ("brightspace", "several"): ("many", "one", "number", "name", "places", "pairs", "ticks", "joined"),
    ("blackboard", "choice-placed"): ("b", "a"),
}
"""Of questions whose blanks stand in another order than their answers are written."""


@pytest.fixture(scope="module")
def every_rule(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return write_bank(tmp_path_factory.mktemp("dialects") / "bank")


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    folder = tmp_path_factory.mktemp("dialects") / "bank"
    write_kinds_bank(folder)
    (folder / "together.yaml").write_text(HEAD.format(title="T") + TOGETHER.lstrip("\n"), encoding="utf-8")
    return load_bank(folder)


def carried(format: Format, bank: Bank, template: str, count: int = 3) -> list[Question]:
    """What is not refused."""
    return [
        question
        for question in questions_of(bank, template, count)
        if not any(loss.severity == "refused" for loss in format.losses(question, Options()))
    ]


def responses(question: Question) -> Iterator[dict[str, str]]:
    """Right, partly right and wrong ones, as on a worksheet."""
    if isinstance(question.asked[0].interaction, WriteFreely):
        yield {question.asked[0].name: "One, two; 3 -> four\n<b>five"}
    else:
        yield from combinations_of(question)


def right(question: Question) -> dict[str, str]:
    """The right response to each answer."""
    *_, found = combinations_of(question)
    ones = {asked.name: LETTERS[asked.scheme.right] for asked in question.asked if isinstance(asked.scheme, OneOption)}
    return {**found, **ones}


def order_of(format: Format, question: Question) -> Sequence[str]:
    """The answers as they stand on the page."""
    names = [asked.name for asked in question.asked]
    placed = ORDERS_ON_THE_PAGE.get((format.name, question.template), ())
    return placed if set(placed) == set(names) else names


def mark(bank: Bank, question: Question, answers: Mapping[str, str]) -> float:
    template = bank[question.template]
    return template.mark(template.variants_at([question.ordinal], secret=SECRET), 0, answers).fraction


def read(report: Report, format: Format, question: Question, blob: Blob) -> Returned:
    assert report.recognises(blob)
    (found,) = report.read(blob, Known({question.code: question}, format.name))
    assert isinstance(found, Returned)
    return found


def from_blackboard(question: Question, cell: str) -> Returned:
    return read(BLACKBOARDS, BLACKBOARD, question, long(("ada", told(question, cell))))


def from_brightspace(question: Question, *rows: Sequence[str]) -> Returned:
    return read(BRIGHTSPACES, BRIGHTSPACE, question, report(*rows))


def brightspaces_rows(question: Question, answers: Mapping[str, str], *, user: str = "ada") -> list[Sequence[str]]:
    """What Brightspace's report shows."""
    asked = question.asked[0]
    if len(question.asked) == 1 and isinstance(asked.interaction, ChooseOne):
        return [
            line(question, "MC", plain_words(option.text, question),
                 "Checked" if option.label == answers[asked.name] else "UnChecked", "1", user=user)
            for option in asked.interaction.options
        ]  # fmt: skip
    if isinstance(asked.interaction, WriteFreely):
        return [line(question, "WR", answers[asked.name], "", "1", user=user)]
    texts = typed_everywhere(question, answers, order_of(BRIGHTSPACE, question), share_by_share=True)
    return [line(question, "FIB", f"Answer for blank # {i}", text, "0", user=user) for i, text in enumerate(texts, 1)]


def comes_back(bank: Bank, question: Question, answers: Mapping[str, str], found: Returned) -> None:
    assert not found.unread, (question.template, answers, found.unread)
    assert mark(bank, question, found.answers) == pytest.approx(mark(bank, question, answers)), (answers, found.answers)


# Export, answer, mark -------------------------------------------------------------------------------------------------


def in_blackboard(bank: Bank, template: str, separator: str = ", ", joint: str = " -> ") -> None:
    for question in carried(BLACKBOARD, bank, template):
        for answers in responses(question):
            cell = blackboards_cell(question, answers, order_of(BLACKBOARD, question), separator, joint)
            comes_back(bank, question, answers, from_blackboard(question, cell))


def in_brightspace(bank: Bank, template: str) -> None:
    for question in carried(BRIGHTSPACE, bank, template):
        for answers in responses(question):
            comes_back(bank, question, answers, from_brightspace(question, *brightspaces_rows(question, answers)))


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_every_rule_comes_back_from_blackboard(every_rule: Bank, template: str) -> None:
    in_blackboard(every_rule, template)


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_every_rule_comes_back_from_brightspace(every_rule: Bank, template: str) -> None:
    in_brightspace(every_rule, template)


@pytest.mark.parametrize("template", [*KINDS, "together"])
def test_awkward_words_come_back_from_blackboard(awkward: Bank, template: str) -> None:
    in_blackboard(awkward, template, "; ", "=>")


@pytest.mark.parametrize("template", [*KINDS, "together"])
def test_awkward_words_come_back_from_brightspace(awkward: Bank, template: str) -> None:
    in_brightspace(awkward, template)


@pytest.mark.parametrize("separator", [", ", "; ", "\n", " | "])
def test_composites_come_back_whatever_separates_their_blanks(awkward: Bank, separator: str) -> None:
    in_blackboard(awkward, "together", separator)


@pytest.mark.parametrize(("format", "file"), [(BLACKBOARD, "res00001.dat"), (BRIGHTSPACE, "questiondb.xml")])
@pytest.mark.parametrize("template", ["several", "together", "choice-placed"])
def test_blanks_stand_in_the_file_as_a_student_meets_them(
    every_rule: Bank, awkward: Bank, template: str, format: Format, file: str
) -> None:
    for question in carried(format, every_rule if template == "choice-placed" else awkward, template):
        (item,) = items(format, [question], file)
        accepted: dict[str, list[str]] = {}
        for one in item.iter("varequal"):
            accepted.setdefault(str(one.get("respident")), []).append(str(one.text))
        texts = typed_everywhere(question, right(question), order_of(format, question), share_by_share=format is BRIGHTSPACE)
        assert all(text in forms for text, forms in zip(texts, accepted.values(), strict=True)), (texts, accepted)


# What is not sure -----------------------------------------------------------------------------------------------------


def only(awkward: Bank, format: Format, template: str) -> Question:
    return carried(format, awkward, template, 1)[0]


def reason(found: Returned) -> str:
    assert not found.answers
    return " / ".join(dict.fromkeys(why for _, why in found.unread.values()))


def blanks(question: Question, *texts: str) -> list[Sequence[str]]:
    return [line(question, "FIB", f"Answer for blank # {i}", text) for i, text in enumerate(texts, 1)]


@pytest.mark.parametrize(
    ("template", "texts", "words"),
    [
        ("set-every-decision-counts", ["R", "N", "", "R", "N"], "nothing was decided of C"),
        ("set-every-decision-counts", ["R", "N", "maybe", "R", "N"], "'maybe' is neither R nor N"),
        ("order-pairs", ["A", "C", "A", "B", "B", "C"], "contradict each other"),
        ("order-pairs", ["A", "A", "", "B", "B", "C"], "not every pair was decided"),
        ("order-pairs", ["A", "A", "D", "B", "D", "B"], "'B' is not one of the letters C, D"),
        ("order-absolute-position", ["A", "A", "B", "C"], "several places"),
        ("match", ["A", "first", "B"], "'first' is not one of the letters A, B, C"),
        ("match", ["A", "Z", "B"], "'Z' is not one of the letters"),
        ("match", ["A", "B"] * 2, "too many"),
    ],
)  # fmt: skip
def test_what_a_worksheet_cannot_say_is_not_guessed(awkward: Bank, template: str, texts: list[str], words: str) -> None:
    question = only(awkward, BRIGHTSPACE, template)
    assert words in reason(from_brightspace(question, *blanks(question, *texts)))


def test_letters_are_known_however_they_are_typed(awkward: Bank) -> None:
    placed, joined = only(awkward, BRIGHTSPACE, "order-absolute-position"), only(awkward, BRIGHTSPACE, "match")
    assert from_brightspace(placed, *blanks(placed, "b.", " (A)", "", "c")).answers == {"answer": "B A ? C"}
    assert from_brightspace(joined, *blanks(joined, "b", "", "A)")).answers == {"answer": "1-B 3-A"}
    whole = only(awkward, BRIGHTSPACE, "order-all-or-nothing")
    for text in ("dacb", "D A C B", "d, a, c, b"):
        found = from_brightspace(whole, *blanks(whole, text))
        assert mark(awkward, whole, found.answers) == mark(awkward, whole, {"answer": "D A C B"})
    assert from_brightspace(whole, *blanks(whole, "dunno")).answers == {"answer": "dunno"}


def test_blanks_are_told_by_their_numbers(awkward: Bank) -> None:
    question = only(awkward, BRIGHTSPACE, "match")
    first, second, third = blanks(question, "B", "A", "C")
    assert from_brightspace(question, third, first).answers == {"answer": "1-B 3-C"}
    assert "too many" in reason(from_brightspace(question, first, second, first))
    alone = [line(question, "FIB", text, "") for text in ("B", "A")]
    assert "2 blanks, the question 3" in reason(from_brightspace(question, *alone))
    assert from_brightspace(question, *blanks(question, "", "", "")).answers == {}


def test_an_answer_that_cannot_be_told_leaves_the_others_of_its_question(awkward: Bank) -> None:
    question = only(awkward, BRIGHTSPACE, "several")
    answers = right(question)
    rows = brightspaces_rows(question, answers)
    rows[0] = line(question, "FIB", "Answer for blank # 1", "?!")  # the first of the statements
    found = from_brightspace(question, *rows)
    assert found.unread["many"][1] == "'?!' is neither R nor N"
    assert set(found.answers) == set(answers) - {"many"}


@pytest.mark.parametrize(
    ("template", "cell", "words"),
    [
        ("set-every-decision-counts", "{0} -> right, {1} -> not right", "nothing was decided of C, D, E"),
        ("set-every-decision-counts", "{0} -> right, {1} -> perhaps", "cannot be told from each other"),
        ("order-pairs", "A, B -> in this order; A, C -> <Unanswered>", "not every pair was decided"),
        ("order-absolute-position", "Place 1 -> A, Place 2 -> A", "several places"),
        ("order-absolute-position", "Place 1 -> A, Place 1 -> B", "cannot be told from each other"),
        ("together", "0.5; 0.2; 0.3; 0.69; ABC; AB", "a text for each of 7 blanks"),
        ("together", "0,5,2,0,3,0,69,ABC,AB,A", "in several ways"),
    ],
)  # fmt: skip
def test_what_a_cell_of_blackboards_does_not_tell_surely_is_rejected(
    awkward: Bank, template: str, cell: str, words: str
) -> None:
    question = only(awkward, BLACKBOARD, template)
    texts = [plain_words(option.text, question) for option in getattr(question.asked[0].interaction, "options", ())]
    assert words in reason(from_blackboard(question, cell.format(*texts)))


@pytest.mark.parametrize(
    ("cell", "shares"),
    [
        ("0,5, 0,2, 0,3, 0,69, ABC, BA, C", "0,5; 0,2; 0,3"),
        ("0,5,0,2,0,3,0,69,ABC,BA,C", "0,5; 0,2; 0,3"),
        ("0.5; 0.2; 0.3; 0.69; A, B, C; B, A; C", "0.5; 0.2; 0.3"),
        ("0.5, 0.2, 0.3, 0.69, [None Given], BA, C", "0.5; 0.2; 0.3"),
        ("<p>dunno</p>; ; ; 0.69; ABC; BA; C", "dunno; ; "),
    ],
)
def test_the_way_to_share_out_a_cell_in_which_every_blank_makes_sense_is_taken(awkward: Bank, cell: str, shares: str) -> None:
    question = only(awkward, BLACKBOARD, "together")
    found = from_blackboard(question, cell)
    assert not found.unread
    assert (found.answers["s"], found.answers["w"]) == (shares, "C")
    assert found.answers["x"] in ("0.69", "0,69")
    assert found.answers.get("o", "A B C") in ("A B C", "A, B, C")


def test_other_formats_questions_are_read_by_their_options_as_before(awkward: Bank) -> None:
    question = only(awkward, BLACKBOARD, "order-absolute-position")
    texts = [plain_words(option.text, question) for option in getattr(question.asked[0].interaction, "options", ())]
    blob = long(("ada", told(question, "\n".join(texts))))
    (found,) = BLACKBOARDS.read(blob, Known({question.code: question}, "qti21"))
    assert isinstance(found, Returned)
    assert found.answers == {"answer": "A B C D"}


# The whole way --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", [BLACKBOARD, BRIGHTSPACE], ids=lambda format: format.name)
def test_a_quiz_goes_there_and_back(awkward: Bank, tmp_path: Path, format: Format) -> None:
    templates = [name for name in (*KINDS, "together") if carried(format, awkward, name, 1)]
    body = "".join(f"  - {{template: {name}, points: 1}}\n" for name in templates)
    (tmp_path / "quiz.yaml").write_text(f"title: A quiz\nitems:\n{body}", encoding="utf-8")
    done = export_quiz(load_quiz(tmp_path / "quiz.yaml"), awkward, format, tmp_path / "quiz.zip", variants=1, approximate=True,
                       skip_unsupported=True, secret=SECRET)  # fmt: skip
    record = read_record(done.manifest)
    with record.bank() as bank:
        questions = list(record.questions(bank))
    if format is BLACKBOARD:
        cells = [(one, blackboards_cell(one, right(one), order_of(format, one), "; ", " -> ")) for one in questions]
        blob = long(*(("ada", told(one, cell)) for one, cell in cells))
    else:
        blob = report(*(cells for one in questions for cells in brightspaces_rows(one, right(one))))
    (tmp_path / "report.csv").write_bytes(blob.raw)
    back = read_back(record, [tmp_path / "report.csv"])
    grade(back.manifest, back.submissions, tmp_path / "marks")
    assert read_rows(tmp_path / "marks" / "rejected.csv") == []
    assert len(questions) == len(templates)
    (row,) = read_rows(tmp_path / "marks" / "gradebook.csv")
    assert float(row["total"]) == pytest.approx(float(row["possible"])), row
