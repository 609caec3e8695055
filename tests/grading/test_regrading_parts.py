"""Policies for one answer of an item with several, and every fault of a policy file told at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sample_class import QUIZ, answers, build, fields, read_rows, write_rows, write_text

from quizgen.errors import PolicyError
from quizgen.grading import grade
from quizgen.quizzes import Manifest

CLASS = [("ann", "Ann"), ("bob", "Bob"), ("eve", "Eve")]
HEAD = "by: Dr Obi\nreason: The second part was unclear.\nchanges:\n"


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    return build(tmp_path_factory.mktemp("parts") / "c", QUIZ, CLASS)[1]


def regraded(manifest: Manifest, tmp_path: Path, changes: str, **changed: str) -> Path:
    """The folder of results; ann has all right, bob the fields as changed, and eve handed in nothing."""
    tmp_path.mkdir(exist_ok=True)
    columns = fields(manifest, manifest.sheets[0])
    ann, bob, _ = answers(manifest)
    bob |= {key.replace("__", "."): text for key, text in changed.items()}
    body = [["ann", *(ann[c] for c in columns)], ["bob", *(bob[c] for c in columns)]]
    source = write_rows(tmp_path / "r.csv", [["student", *columns], *body])
    policy = write_text(tmp_path / "policy.yaml", HEAD + changes)
    grade(manifest, [source], tmp_path / "graded", policy_file=policy)
    return tmp_path / "graded"


def book(folder: Path, *columns: str) -> dict[str, tuple[str, ...]]:
    return {row["student"]: tuple(row[c] for c in columns) for row in read_rows(folder / "gradebook.csv")}


def trail(folder: Path) -> Any:
    (entry,) = json.loads((folder / "audit.json").read_text())
    return entry


def test_one_answer_of_an_item_is_dropped_and_the_others_keep_their_points(manifest: Manifest, tmp_path: Path) -> None:
    """Of 4 points, 3 are for the sum and 1 for its double."""
    folder = regraded(manifest, tmp_path, "  - drop: {item: 2, answer: total}\n", q2__total="1", q2__twice="1")
    assert book(folder, "item 2", "possible") == {"ann": ("1", "8"), "bob": ("0", "8"), "eve": ("0", "8")}
    marks = {(row["student"], row["field"]): row for row in read_rows(folder / "marks.csv")}
    assert [(marks["ann", f"q2.{name}"]["points"], marks["ann", f"q2.{name}"]["possible"]) for name in ("total", "twice")] == [
        ("0", "0"), ("1", "1"),
    ]  # fmt: skip


def test_one_answer_of_an_item_gets_full_marks_and_the_others_their_own(manifest: Manifest, tmp_path: Path) -> None:
    folder = regraded(manifest, tmp_path, "  - full_marks: {template: calc/two-steps, answer: twice}\n", q2__twice="")
    assert book(folder, "item 2", "possible")["bob"] == ("4", "11")
    changed = read_rows(folder / "audit.csv")
    assert [(row["student"], row["field"], row["points_before"], row["points"]) for row in changed] == [
        ("bob", "q2.twice", "0", "1"),
    ]  # fmt: skip


def test_the_trail_names_the_answer_and_all_whom_a_drop_touches(manifest: Manifest, tmp_path: Path) -> None:
    """Also who handed in nothing: what is possible for them changed."""
    entry = trail(regraded(manifest, tmp_path, "  - drop: {item: 2, answer: twice}\n"))
    (change,) = entry["changes"]
    assert change == {
        "number": 1, "change": "drop: item 2, answer twice", "responses": 2, "students": ["ann", "bob", "eve"],
    }  # fmt: skip
    assert {line["student"]: (line["before"]["possible"], line["after"]["possible"]) for line in entry["totals"]} == {
        "ann": (11, 10), "bob": (11, 10), "eve": (11, 10),
    }  # fmt: skip
    assert {line["student"]: (line["before"]["total"], line["after"]["total"]) for line in entry["totals"]}["ann"] == (7, 6)


def test_the_feedback_says_at_a_dropped_answer_that_it_does_not_count(manifest: Manifest, tmp_path: Path) -> None:
    page = (regraded(manifest, tmp_path, "  - drop: {item: 2, answer: twice}\n") / "feedback" / "ann.html").read_text()
    assert "3 of 3 points" in page
    assert "of 10 points" in page
    assert page.count("Taken out of the marking after a review.") == 1
    assert "they count neither for nor against you" in page


def test_a_dropped_essay_waits_for_nobody_and_a_dropped_mistake_is_no_misconception(manifest: Manifest, tmp_path: Path) -> None:
    given = {"q1": answers(manifest, right=0.0)[1]["q1"]}
    kept = regraded(manifest, tmp_path / "kept", "  - drop: {item: 2}\n", **given)
    assert len(read_rows(kept / "to-mark.csv")) == 2
    assert len(json.loads((kept / "summary.json").read_text())["misconceptions"]) == 1
    folder = regraded(
        manifest, tmp_path / "dropped", "  - drop: {item: 4}\n  - drop: {item: 1}\n  - drop: {item: 3}\n", **given
    )
    assert not (folder / "to-mark.csv").exists()
    assert set(book(folder, "waiting for a person").values()) == {("",)}
    assert book(folder, "percent")["ann"] == ("100",)
    assert json.loads((folder / "summary.json").read_text())["misconceptions"] == []
    assert "waiting for a person" not in (folder / "feedback" / "ann.html").read_text()


def told(manifest: Manifest, tmp_path: Path, text: str) -> list[str]:
    policy = write_text(tmp_path / "policy.yaml", text)
    source = write_rows(tmp_path / "r.csv", [("student", "q1"), ("ann", "1")])
    with pytest.raises(PolicyError) as caught:
        grade(manifest, [source], tmp_path / "graded", policy_file=policy)
    assert not (tmp_path / "graded").exists()
    return [f"{problem.line}:{problem.column}: {problem.message}" for problem in caught.value.problems]


def test_faults_of_every_sort_are_told_together(manifest: Manifest, tmp_path: Path) -> None:
    """A fault of one key hides none of another, be it misspelt, of a wrong kind, not there, or no expression."""
    code = manifest.sheets[0].code
    assert told(
        manifest,
        tmp_path,
        f"""\
by: ''
reson: x
changes:
  - drop: {{template: calc/suprisal, itm: 3}}
  - ful_marks: {{item: 2}}
  - full_marks: {{item: 9, student: anne}}
  - accept: {{item: 1, value: 1 - qq, fraction: 2}}
  - accept: {{item: 1}}
  - drop: {{item: 1}}
    full_marks: {{item: two, answer: twce}}
  - drop: 3
  - drop:
  - accept: {{item: 2, answer: twce, value: 1 +}}
  - {{}}
  - drop: {{code: {code[:-1]}/1, student: 3}}
  - drop: {{student: ann}}
""",
    ) == [
        "1:5: by must not be empty",
        '2:1: unknown key "reson"; did you mean "reason"?',
        "4:22: no worksheet of this build has the template 'calc/suprisal'; did you mean \"calc/surprisal\"?",
        '4:37: unknown key "itm"; did you mean "item"?',
        '5:5: unknown key "ful_marks"; did you mean "full_marks"?',
        "6:24: the quiz has 4 items, not 9",
        "6:36: there is no student 'anne' in this build; did you mean \"ann\"?",
        "7:30: calc/surprisal has no value 'qq'; there is q",
        "7:48: fraction must be at most 1, not the number 2",
        "8:13: give 'response' (as typed) or 'value' (an expression)",
        "10:5: drop stands in this change already: a change is one of drop, full_marks and accept",
        '10:24: item must be a whole number, not "two"',
        "10:37: there is no answer 'twce'; did you mean \"twice\"?",
        "11:11: drop must be a map of keys and values, not the number 3",
        "12:10: say which items are meant: item (a number), template or code",
        "13:31: there is no answer 'twce'; did you mean \"twice\"?",
        "13:44: '1 +' is not an expression: unexpected 'end of template'",
        "14:5: a change is one of drop, full_marks and accept",
        f"15:18: '{code[:-1]}/1' is no code, or a character of it is wrong; a code is like {code}/1",
        "15:39: there is no student '3' in this build; write the id as on the class list",
        "16:11: say which items are meant: item (a number), template or code",
    ]


def test_an_answer_of_another_item_is_told_with_those_that_the_item_has(manifest: Manifest, tmp_path: Path) -> None:
    assert told(manifest, tmp_path, HEAD + "  - drop: {item: 1, answer: twice}\n  - drop: {item: 2, answer: answer}\n") == [
        "4:29: there is no answer 'twice'; there is answer",
        "5:29: there is no answer 'answer'; there are total, twice",
    ]
