"""Logs of SCORM interactions are read as systems report them, and what they do not tell surely is not guessed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from qti_bank import SECRET, write_bank
from sample_class import write_text

from quizgen.errors import SubmissionError
from quizgen.items import Arrange, ChooseMany, ChooseOne, EnterNumber, Match, WriteFreely
from quizgen.lms.back.reading import Back, read_back
from quizgen.lms.back.scorm.logged import typed
from quizgen.lms.export import export_quiz
from quizgen.lms.formats.scorm import SCORM12
from quizgen.lms.plan import ident_of
from quizgen.lms.record import Record, read_record
from quizgen.quizzes import load_quiz

QUIZ = """
title: A quiz
items:
  - {template: numeric, points: 2}
  - {template: choice, points: 1}
  - {template: essay, points: 4}
"""
NUMBER, CHOICE, ESSAY = range(3)


@dataclass(frozen=True)
class Sent:
    """An export of three questions in two variants each, and the folder that it is in."""

    record: Record
    folder: Path

    def id(self, slot: int, variant: int = 0) -> str:
        """The id of an interaction."""
        return f"{ident_of([one for one in self.record.sent if one.slot == slot][variant].code)}.answer"

    def read(self, name: str, text: str | bytes) -> Back:
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_back(self.record, [path])


@pytest.fixture
def sent(tmp_path: Path) -> Sent:
    bank = write_bank(tmp_path / "bank")
    quiz = load_quiz(write_text(tmp_path / "quiz.yaml", QUIZ))
    done = export_quiz(quiz, bank, SCORM12, tmp_path / "quiz.zip", variants=2, secret=SECRET)
    return Sent(read_record(done.manifest), tmp_path)


def responses(back: Back) -> dict[tuple[str, str], str]:
    return {(row["student"], row["field"]): row["text"] for row in back.submissions.responses.to_dicts()}


def rejected(back: Back) -> list[tuple[str, str]]:
    return [(row["student"], row["reason"]) for row in back.submissions.rejected.to_dicts()]


def moodle(sent: Sent, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join("\t".join(f'"{cell}"' for cell in row) for row in [heads, *rows]) + "\n"


def heads(word: str = "Question", answer: str = "Response") -> list[str]:
    first = ["Name", "ID number", "Email address", "Attempt", "Started on", "Last accessed on", "Score", "A quiz"]
    return [*first, *(head for place in range(3) for head in (f"{word} {place}", f"{answer} {place}"))]


def row(sent: Sent, who: str, number: str, choice: str, essay: str, *, attempt: str = "1", variant: int = 0) -> list[str]:
    shown = [f"{who} Doe", who, f"{who}@example.org", attempt, "Monday", "Tuesday", "0", "Completed"]
    given = zip((NUMBER, CHOICE, ESSAY), (number, choice, essay), strict=True)
    return [*shown, *(cell for slot, text in given for cell in (sent.id(slot, variant), text))]


def test_moodles_report_is_read_for_each_students_own_questions(sent: Sent) -> None:
    never = ["eve Doe", "eve", "eve@example.org", "-", "-", "-", "-", "Not attempted"]
    text = moodle(
        sent,
        heads(),
        [
            row(sent, "ada", "0,693 nats", "b", "It &lt; that &amp; so on\u240asecond line"),
            row(sent, "bob", "", "", "", variant=1),
            never,
        ],
    )
    back = sent.read("report.txt", text)
    assert responses(back) == {
        ("ada", "q1"): "0,693 nats",
        ("ada", "q2"): "B",
        ("ada", "q3"): "It < that & so on\nsecond line",
        ("bob", "q1"): "",
        ("bob", "q2"): "",
        ("bob", "q3"): "",
    }
    assert rejected(back) == []
    met = {sheet.student.id: [item.ordinal for item in sheet.items] for sheet in back.manifest.sheets}
    assert met["ada"] != met["bob"]


def test_translated_headings_attempts_and_workbooks_are_read(sent: Sent) -> None:
    header = ["Name", "E-Mail-Adresse", "Versuch Nr.", *heads("Frage", "Antwort")[4:]]

    def cells(attempt: str, number: str) -> list[str]:
        whole = row(sent, "ada", number, "a", "x", attempt=attempt)
        return [whole[0], *whole[2:]]

    path = sent.folder / "report.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for line, values in enumerate([header, cells("1", "0.1"), cells("2", "0.2")]):
            sheet.write_row(line, 0, values)
    back = read_back(sent.record, [path], "last")
    assert responses(back)[("ada@example.org", "q1")] == "0.2"
    assert {reason for _, reason in rejected(back)} == {"a later attempt counts"}


def test_a_report_without_responses_is_refused(sent: Sent) -> None:
    with pytest.raises(SubmissionError, match="no responses beside them"):
        sent.read("report.txt", moodle(sent, heads("Question", "Result"), [row(sent, "ada", "neutral", "neutral", "neutral")]))
    with pytest.raises(SubmissionError, match="no responses beside them"):
        sent.read("report.txt", moodle(sent, heads(), [row(sent, "ada", "", "", "")]))


def test_a_table_with_a_row_for_each_interaction_is_read(sent: Sent) -> None:
    lines = [
        "\ufeffLearner ID;Learner Name;Registration ID;Interaction ID;Type;Learner Response;Result;Timestamp",
        f"ada;Ada;r1;urn:x:{sent.id(NUMBER)};fill-in;1/3;neutral;2026-01-01T10:00:00Z",
        f"ada;Ada;r1;urn:x:{sent.id(NUMBER)};fill-in;1/2;neutral;2026-01-01T10:05:00Z",
        f"ada;Ada;r1;{sent.id(CHOICE)};choice;C;neutral;2026-01-01T10:01:00Z",
        f'ada;Ada;r1;{sent.id(ESSAY)}.2;long-fill-in;"ends; here";neutral;2026-01-01T10:02:00Z',
        f"ada;Ada;r1;{sent.id(ESSAY)};long-fill-in;It \u2417;neutral;2026-01-01T10:02:00Z",
        "ada;Ada;r1;qg-00000000.answer;choice;A;neutral;2026-01-01T10:02:00Z",
    ]
    back = sent.read("log.csv", "\r\n".join(lines))
    assert responses(back) == {("ada", "q1"): "1/2", ("ada", "q2"): "C", ("ada", "q3"): "It ends; here"}
    assert rejected(back) == [
        ("ada", "'qg-00000000.answer' is no question of this export"),
        ("ada", f"a later response to 'urn:x:{sent.id(NUMBER)}' in this attempt counts (row 3)"),
    ]
    (sheet,) = back.manifest.sheets
    assert (sheet.student.id, sheet.student.name) == ("ada", "Ada")


@pytest.mark.parametrize(
    ("pieces", "reason"),
    [
        ({"": "one\u2417", ".3": "three"}, "piece 2 of this answer is not in the report"),
        ({".2": "two"}, "piece 1 of this answer is not in the report"),
        ({"": "one", ".2": "two"}, "a piece of this answer is cut off"),
    ],
)
def test_an_answer_with_a_piece_missing_is_not_guessed(sent: Sent, pieces: Mapping[str, str], reason: str) -> None:
    lines = ["student,id,response", *(f"ada,{sent.id(ESSAY)}{end},{text}" for end, text in pieces.items())]
    back = sent.read("log.csv", "\n".join(lines))
    assert (("ada", "q3") in responses(back), rejected(back)) == (False, [("ada", reason)])


def test_pieces_that_are_blank_are_those_of_a_longer_answer_before(sent: Sent) -> None:
    lines = ["student,id,response", f"ada,{sent.id(ESSAY)},short", f"ada,{sent.id(ESSAY)}.2,"]
    assert responses(sent.read("log.csv", "\n".join(lines)))[("ada", "q3")] == "short"


def test_several_responses_without_a_time_are_not_chosen_from(sent: Sent) -> None:
    lines = ["student,id,response", f"ada,{sent.id(NUMBER)},1", f"ada,{sent.id(NUMBER)},2", f"ada,{sent.id(CHOICE)},A"]
    back = sent.read("log.csv", "\n".join(lines))
    assert responses(back)[("ada", "q2")] == "A"
    assert [row["text"] for row in back.submissions.rejected.to_dicts()] == ["2", "1"]
    assert all(student == "ada" and "does not say which is the last" in reason for student, reason in rejected(back))


def test_no_response_of_a_report_is_lost(sent: Sent) -> None:
    """Of each row the response is marked or rejected, also where one replaces another or is told twice."""
    told = [("3", "10:05:00Z"), ("1", "10:04:00Z"), ("2", "12:04:30+02:00"), ("3", "10:03:00Z")]
    lines = ["student,id,response,timestamp", *(f"ada,{sent.id(NUMBER)},{text},2026-01-01T{when}" for text, when in told)]
    back = sent.read("log.csv", "\n".join(lines))
    marked = [row for row in back.submissions.responses.to_dicts() if row["text"]]
    assert [(row["text"], row["row"]) for row in marked] == [("3", 2)]
    assert [(row["text"], row["row"], row["reason"][:16]) for row in back.submissions.rejected.to_dicts()] == [
        ("1", 3, "a later response"),
        ("2", 4, "a later response"),
        ("3", 5, "the same respons"),
    ]


@pytest.mark.parametrize(
    ("whens", "submitted"),
    [
        (("2026-01-01T10:05:00Z", "2026-01-01T11:04:00+01:00"), "2026-01-01T10:05:00Z"),
        (("2026-01-01T09:30:00-01:00", "2026-01-01T10:29:00Z"), "2026-01-01T09:30:00-01:00"),
        (("4 March 2026, 10:05", "4 March 2026, 09:55"), "4 March 2026, 10:05"),
    ],
)
def test_times_are_compared_as_moments_and_the_time_is_of_what_counts(sent: Sent, whens: Sequence[str], submitted: str) -> None:
    lines = ["student;id;response;timestamp", *(f"ada;{sent.id(NUMBER)};{i};{when}" for i, when in enumerate(whens))]
    told = {row["field"]: row for row in sent.read("log.csv", "\n".join(lines)).submissions.responses.to_dicts()}
    assert (told["q1"]["text"], told["q1"]["submitted"]) == ("0", submitted)


def test_different_responses_of_one_moment_are_not_chosen_from(sent: Sent) -> None:
    lines = ["student,id,response,timestamp", *(f"ada,{sent.id(NUMBER)},{n},2026-01-01T10:00:00Z" for n in (1, 2))]
    back = sent.read("log.csv", "\n".join(lines))
    assert ("ada", "q1") not in responses(back)
    assert len(rejected(back)) == 2


def test_what_moodle_shows_as_never_answered_is_blank(sent: Sent) -> None:
    back = sent.read("report.txt", moodle(sent, heads(), [row(sent, "ada", "-", "b", "&nbsp;")]))
    assert responses(back) == {("ada", "q1"): "", ("ada", "q2"): "B", ("ada", "q3"): ""}
    assert rejected(back) == []


def test_responses_of_nobody_and_to_no_answer_are_rejected(sent: Sent) -> None:
    wrong = sent.id(NUMBER).replace(".answer", ".other")
    lines = ["student,id,response", f",{sent.id(NUMBER)},1", f"ada,{wrong},2", f"ada,{sent.id(CHOICE)},A"]
    assert [reason.partition(" ")[2] for _, reason in rejected(sent.read("log.csv", "\n".join(lines)))] == [
        f"report does not say whose response to {sent.id(NUMBER)} this is",
        "is no answer of its question",
    ]


def statement(id: str, response: str | None, when: str, **more: Any) -> Mapping[str, Any]:
    return {
        "actor": {"account": {"homePage": "https://lms.example.org", "name": "ada"}, "name": "Ada"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/answered"},
        "object": {"id": f"https://lms.example.org/course/{id}", "definition": {"type": "…/cmi.interaction"}},
        "result": {"response": response} if response is not None else {"completion": True},
        "context": {"registration": "r-1"},
        "timestamp": when,
        **more,
    }


@pytest.mark.parametrize("form", ["list", "object", "lines"])
def test_statements_are_read_and_the_last_of_an_attempt_counts(sent: Sent, form: str) -> None:
    told = [
        statement(sent.id(NUMBER), "2", "2026-01-01T10:05:00+00:00"),
        statement(sent.id(NUMBER), "1", "2026-01-01T11:04:00+01:00"),
        statement(sent.id(CHOICE), "B", "2026-01-01T10:00:00Z"),
        statement(sent.id(ESSAY), None, "2026-01-01T10:00:00Z"),
        {
            "actor": {"mbox": "mailto:ada@example.org"},
            "verb": {"id": "…/launched"},
            "object": {"id": "https://lms.example.org"},
        },
    ]
    texts = {
        "list": json.dumps(told),
        "object": json.dumps({"statements": told, "more": ""}),
        "lines": "\n".join(map(json.dumps, told)),
    }
    back = sent.read("statements.json", texts[form])
    assert responses(back) == {("ada", "q1"): "2", ("ada", "q2"): "B", ("ada", "q3"): ""}


def test_registrations_of_an_engine_are_read(sent: Sent) -> None:
    told = {
        "registrations": [
            {
                "id": "reg-7",
                "instance": number,
                "learner": {"id": "ada", "email": "ada@example.org", "firstName": "Ada", "lastName": "Doe"},
                "activityDetails": {
                    "id": "item",
                    "children": [
                        {
                            "runtime": {
                                "runtimeInteractions": [{"id": sent.id(NUMBER), "type": "fill-in", "learnerResponse": text}]
                            }
                        }
                    ],
                },
            }
            for number, text in enumerate(["1", "2"])
        ]
    }
    back = sent.read("registrations.json", json.dumps(told))
    assert responses(back)[("ada", "q1")] == "2"
    assert back.manifest.sheets[0].student.name == "Ada Doe"
    assert len(rejected(back)) == 1


def test_deep_json_is_read_and_broken_json_refused(sent: Sent) -> None:
    one = json.dumps({"student_id": "ada", "id": sent.id(NUMBER), "response": "1"})
    assert responses(sent.read("deep.json", "[" * 500 + one + "]" * 500))[("ada", "q1")] == "1"
    with pytest.raises(SubmissionError, match=r"broken.json: 2: is not JSON"):
        sent.read("broken.json", one + "\n{")


@pytest.mark.parametrize(
    ("interaction", "reported", "response"),
    [
        (ChooseOne(None, ()), "b", "B"),
        (ChooseMany(None, (), ""), "a,c", "A C"),
        (ChooseMany(None, (), ""), "A[,]C", "A C"),
        (ChooseMany(None, (), ""), "{a,c}", "A C"),
        (ChooseMany(None, (), ""), "none", "none"),
        (Arrange(None, (), ""), "c,a,b", "C A B"),
        (Arrange(None, (), ""), "C ? A", "C ? A"),
        (Match(None, (), (), ""), "1.b,2.a", "1-B 2-A"),
        (Match(None, (), (), ""), "1[.]B[,]10[.]A", "1-B 10-A"),
        (Match(None, (), (), ""), "1-B 2-A", "1-B 2-A"),
        (EnterNumber(None, "", ""), "{lang=en}0,105", "0,105"),
        (WriteFreely(None, 0, ()), "a, b\u240a{c}", "a, b\n{c}"),
    ],
)
def test_what_is_reported_becomes_what_is_typed_on_a_worksheet(interaction: Any, reported: str, response: str) -> None:
    assert typed(interaction, reported) == response
