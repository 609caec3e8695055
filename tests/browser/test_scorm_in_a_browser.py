"""A SCORM package in a system that runs it: questions are drawn and stay, answers are stored, reported and marked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from browser_session import Session
from qti_bank import SECRET, TEMPLATES, write_bank
from sample_class import read_rows
from scorm_system import System

from quizgen.grading import grade
from quizgen.items import field_name
from quizgen.lms.back.reading import read_back
from quizgen.lms.export import export_quiz
from quizgen.lms.formats.scorm import SCORM12, SCORM2004
from quizgen.lms.record import Record, read_record
from quizgen.quizzes import load_quiz

FORMATS = {"scorm12": SCORM12, "scorm2004": SCORM2004}
ESSAY = 'kinds of words; "quoted", <b>&amp; {lang=en}, [,] and [.] 🙂 \\frac{1}{2}'
FIELDS = """const all = {};
const read = (field) => [...field.querySelectorAll("input, select, textarea")]
  .map((one) => ["radio", "checkbox"].includes(one.type) ? one.checked : one.value);
for (const field of document.querySelectorAll("[data-field]")) all[field.dataset.field] = read(field);
return all"""
CODES = "return [...document.querySelectorAll('.item .code')].map((one) => one.lastChild.textContent.trim())"
KINDS = """return Object.fromEntries([...document.querySelectorAll("[data-field]")]
  .map((field) => [field.dataset.field, field.dataset.kind]))"""
LABELS = re.compile(r"[A-Z](?: [A-Z])*")
CHOSEN = {
    **dict.fromkeys(("one", "select"), re.compile("[A-Z]")),
    "many": re.compile(r"none|[A-Z](?: [A-Z])*"),
    "arrange": LABELS,
    "match": re.compile(r"[0-9]+-[A-Z](?: [0-9]+-[A-Z])*"),
    "distribution": re.compile(r"[^;\n]+(?:;[^;\n]+){2}"),
    **dict.fromkeys(("number", "text"), re.compile(r"[ -~]*")),
    "essay": re.compile(r".*", re.DOTALL),
}
"""What can be entered by the controls of a kind and by keys, as it is written on a worksheet."""
WRITE = "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input', { bubbles: true }))"


@dataclass(frozen=True)
class Course:
    """A quiz with a question of every kind and rule, in a system."""

    system: System
    record: Record

    @property
    def session(self) -> Session:
        return self.system.session

    def drawn(self) -> list[str]:
        """The codes of the questions on the page."""
        codes: list[str] = self.session.ask(CODES)
        return codes

    def write(self, field: str, text: str) -> None:
        """Puts a text of any length and any characters into a field at once, as pasting does."""
        self.session.ask(WRITE, self.session.find(f'[data-field="{field}"] :is(input, textarea)'), text)

    def specimens(self, which: int) -> dict[str, str]:
        """A response for each field, right, wrong or (where one can type it) unreadable, another one for each ``which``."""
        chosen = {}
        kinds = self.session.ask(KINDS)
        with self.record.bank() as bank:
            by_code = {one.code: one for one in self.record.sent}
            for number, code in enumerate(self.drawn(), 1):
                sent = by_code[code]
                template = bank[sent.template]
                variants = template.variants_at([sent.ordinal], secret=SECRET)
                (block,) = variants.blocks
                for place, (answer, keys) in enumerate(template.prepared(block)):
                    found = answer.specimens(keys, 0)
                    field = field_name(f"q{number}", answer.name, template.single)
                    turns = [found.right, found.wrong, found.unreadable if kinds[field] in ("number", "text") else found.wrong]
                    ways = [text for text in turns[(which + number + place) % 3] if CHOSEN[kinds[field]].fullmatch(text)]
                    if ways:
                        chosen[field] = ways[which % len(ways)]
        return chosen

    def marks(self, codes: list[str], answers: Mapping[str, str]) -> dict[str, float]:
        """What quizgen gives for responses on a worksheet, question by question, as fractions."""
        marks = {}
        with self.record.bank() as bank:
            by_code = {one.code: one for one in self.record.sent}
            for number, code in enumerate(codes, 1):
                template = bank[by_code[code].template]
                variants = template.variants_at([by_code[code].ordinal], secret=SECRET)
                given = {
                    one.name: answers.get(field_name(f"q{number}", one.name, template.single), "") for one in template.answers
                }
                marks[f"q{number}"] = template.mark(variants, 0, given).fraction
        return marks


@pytest.fixture(params=FORMATS)
def course(request: pytest.FixtureRequest, session: Session, tmp_path: Path) -> Iterator[Course]:
    bank = write_bank(tmp_path / "bank")
    items = "".join(f"  - {{template: {name}, points: 2}}\n" for name in TEMPLATES)
    (tmp_path / "quiz.yaml").write_text(f"title: A quiz & more\nitems:\n{items}", encoding="utf-8")
    done = export_quiz(
        load_quiz(tmp_path / "quiz.yaml"), bank, FORMATS[request.param], tmp_path / "quiz.zip", variants=4, secret=SECRET
    )
    with System.opened(session, tmp_path / "system", done.file, request.param) as system:
        yield Course(system, read_record(done.manifest))


def sat(
    course: Course, which: int, kept: Mapping[str, Any] | None = None
) -> tuple[dict[str, str], list[str], Any, dict[str, Any]]:
    """A sitting in which everything is answered: the answers, the questions' codes, what the page showed, what was told."""
    course.system.launch(kept)
    answers = course.specimens(which)
    for field, text in answers.items():
        if course.session.find(f'[data-field="{field}"]').get_attribute("data-kind") == "essay":
            answers[field] = ESSAY
            course.write(field, ESSAY)
        else:
            course.session.fill_in(field, text)
    shown, codes = course.session.ask(FIELDS), course.drawn()
    return answers, codes, shown, course.system.close()


def report(told: Mapping[str, Any], path: Path) -> Path:
    """What the system was told, as a file that it might offer."""
    path.write_text(json.dumps([told]), encoding="utf-8")
    return path


@pytest.mark.parametrize("which", [0, 1, 2])
def test_answers_come_back_at_the_next_launch_and_are_marked_as_on_a_worksheet(
    course: Course, tmp_path: Path, which: int
) -> None:
    answers, codes, shown, told = sat(course, which)
    assert len(codes) == len(TEMPLATES)
    course.system.launch(told)
    assert course.drawn() == codes
    assert course.session.ask(FIELDS) == shown
    again = course.system.close()
    assert _interactions(again) == _interactions(told)
    back = read_back(course.record, [report(again, tmp_path / "log.json")])
    assert back.submissions.rejected.is_empty()
    texts = {row["field"]: row["text"] for row in back.submissions.responses.to_dicts()}
    assert {field: text for field, text in texts.items() if text != answers.get(field, "").strip()} == {}
    grade(back.manifest, back.submissions, tmp_path / "graded")
    points: dict[str, float] = {}
    for row in read_rows(tmp_path / "graded" / "marks.csv"):
        item = row["field"].partition(".")[0]
        points[item] = points.get(item, 0.0) + float(row["points"] or 0)
    assert points == pytest.approx({item: 2 * mark for item, mark in course.marks(codes, answers).items()}, abs=0.002)


def _interactions(told: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    return [
        (one["id"], one["type"], one.get("student_response", one.get("learner_response")))
        for one in told["interactions"].values()
    ]


def test_what_is_handed_in_is_completed_and_cannot_be_changed(course: Course) -> None:
    course.system.launch()
    codes = course.drawn()
    course.write(_field(course, "essay"), "Because.")
    course.session.find("#hand-in").click()
    assert "still open" in course.session.find("#news").text
    course.session.find("#not-yet").click()
    assert not course.session.find("#not-yet").is_displayed()
    course.session.find("#hand-in").click()
    course.session.find("#hand-in").click()
    assert course.session.find("#news").text.startswith("Handed in")
    told = course.system.close()
    status = told["core"]["lesson_status"] if course.system.version == "scorm12" else told["completion_status"]
    assert status == "completed"
    if course.system.version == "scorm2004":
        assert told["success_status"] == "unknown"
    course.system.launch(told)
    assert course.drawn() == codes
    assert course.session.every("main :is(input, select, textarea):not(:disabled)") == []
    assert not course.session.find("#hand-in").is_displayed()
    assert course.system.close()["suspend_data"] == told["suspend_data"]


def test_a_long_answer_is_reported_in_pieces_and_not_lost_where_it_cannot_be_kept(course: Course, tmp_path: Path) -> None:
    words = "\n".join(f"{number}: {ESSAY}" for number in range(1, 60 if course.system.version == "scorm12" else 900))
    course.system.launch()
    field = _field(course, "essay")
    course.write(field, words)
    told = course.system.close()
    assert len(told["suspend_data"]) <= (4096 if course.system.version == "scorm12" else 64000)
    limit = 255 if course.system.version == "scorm12" else 4000
    assert all(len(text) <= limit for _, _, text in _interactions(told))
    course.system.launch(told)
    assert "too long to be shown here again" in course.session.find(f'[data-field="{field}"]').text
    told = course.system.close()
    back = read_back(course.record, [report(told, tmp_path / "log.json")])
    texts = {row["field"]: row["text"] for row in back.submissions.responses.to_dicts()}
    assert texts[field] == words
    course.system.launch(told)
    course.write(field, "Shorter.")
    told = course.system.close()
    back = read_back(course.record, [report(told, tmp_path / "log.json")])
    assert {row["field"]: row["text"] for row in back.submissions.responses.to_dicts()}[field] == "Shorter."
    course.system.launch(told)
    assert course.session.find(f'[data-field="{field}"] textarea').get_property("value") == "Shorter."


def _field(course: Course, kind: str) -> str:
    return str(course.session.find(f'[data-kind="{kind}"]').get_attribute("data-field"))


def test_every_launch_by_somebody_new_draws_anew(course: Course) -> None:
    seen = set()
    for _ in range(6):
        course.system.launch()
        seen.add(tuple(course.drawn()))
        course.system.close()
    assert len(seen) > 1


def test_without_a_system_the_page_says_that_nothing_is_stored(course: Course) -> None:
    course.session.driver.get(f"{course.system.address}/package/index.html")
    assert course.session.becomes("return document.querySelectorAll('.item').length", len(TEMPLATES))
    assert course.session.becomes("return document.getElementById('trouble').hidden", False)
    assert "not connected" in course.session.find("#trouble").text
    assert not course.session.find("#hand-in").is_displayed()


def test_a_student_is_told_when_the_system_does_not_store(course: Course) -> None:
    course.system.launch()
    name = "LMSCommit" if course.system.version == "scorm12" else "Commit"
    course.session.ask(f"parent.api.{name} = () => 'false'")
    course.session.find("#hand-in").click()
    course.session.find("#hand-in").click()
    assert course.session.find("#news").text.startswith("Not handed in")
    assert "did not store" in course.session.find("#trouble").text
    told = course.system.close()
    assert json.loads(told["suspend_data"])["handed"] == ""
