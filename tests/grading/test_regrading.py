"""Regrading with a policy, the audit trail, and points that a person gives."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sample_class import QUIZ, answers, build, fields, read_rows, saved, write_rows, write_text

from quizgen.errors import PolicyError
from quizgen.grading import Graded, grade
from quizgen.quizzes import Manifest

CLASS = [("ann", "Ann"), ("bob", "Bob"), ("=1+1", "Formula")]
HEAD = "by: Dr Obi\nreason: Question 1 can be read in two ways.\nchanges:\n"


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    return build(tmp_path_factory.mktemp("regrading") / "c", QUIZ, CLASS)[1]


def responses(manifest: Manifest, path: Path, **changed: str) -> Path:
    """Right responses of all, but for the named fields of all."""
    rows = [{**row, **{key.replace("__", "."): text for key, text in changed.items()}} for row in answers(manifest)]
    columns = fields(manifest, manifest.sheets[0])
    body = [[sheet.student.id, *(row[c] for c in columns)] for sheet, row in zip(manifest.sheets, rows, strict=True)]
    return write_rows(path, [["student", *columns], *body])


def regraded(manifest: Manifest, tmp_path: Path, changes: str, source: Path | None = None, **options: Any) -> Graded:
    source = source or responses(manifest, tmp_path / "r.csv", q1="0.9")
    policy = write_text(tmp_path / "policy.yaml", HEAD + changes)
    return grade(manifest, [source], tmp_path / "graded", policy_file=policy, **options)


def column(tmp_path: Path, name: str, table: str = "gradebook") -> list[str]:
    return [row[name] for row in read_rows(tmp_path / "graded" / f"{table}.csv")]


def trail(tmp_path: Path) -> Any:
    return json.loads((tmp_path / "graded" / "audit.json").read_text())


def test_full_marks_for_an_item_go_to_every_response(manifest: Manifest, tmp_path: Path) -> None:
    regraded(manifest, tmp_path, "  - full_marks: {item: 1}\n")
    assert column(tmp_path, "item 1") == ["2", "2", "2"]
    assert column(tmp_path, "possible") == ["11"] * 3


def test_a_dropped_item_counts_for_nobody_also_where_nothing_was_handed_in(manifest: Manifest, tmp_path: Path) -> None:
    source = write_rows(tmp_path / "r.csv", [("student", "field", "response"), ("ann", "q1", "0.9"), ("bob", "q3", "A")])
    regraded(manifest, tmp_path, "  - drop: {template: calc/surprisal}\n", source)
    assert column(tmp_path, "possible") == ["9"] * 3
    for student in ("ann", "bob"):  # bob has no response to the dropped item
        page = (tmp_path / "graded" / "feedback" / f"{student}.html").read_text()
        assert "of 9 points" in page
        assert "taken out of the marking" in page
    assert read_rows(tmp_path / "graded" / "marks.csv")[0]["points"] == "0"
    changed = {
        line["student"]: (line["before"]["possible"], line["after"]["possible"]) for line in trail(tmp_path)[0]["totals"]
    }
    assert changed == {"ann": (11, 9), "bob": (11, 9), "=1+1": (11, 9)}


@pytest.mark.parametrize("value", ["1 - q", "0.9", '"0.9"'])
def test_another_value_is_accepted_for_a_part_of_the_points(value: str, manifest: Manifest, tmp_path: Path) -> None:
    typed = {}
    with manifest.bank() as bank:
        template = bank["calc/surprisal"]
        ordinals = [sheet.items[0].ordinal for sheet in manifest.sheets]
        for sheet, q in zip(manifest.sheets, template.variants_at(ordinals, secret=manifest.secret)["q"], strict=True):
            typed[sheet.student.id] = "0.9" if value != "1 - q" else f"{1 - q:.2f}"
    rows = [("student", "q1"), *typed.items()]
    regraded(
        manifest, tmp_path, f"  - accept: {{item: 1, value: {value}, fraction: 0.5}}\n", write_rows(tmp_path / "r.csv", rows)
    )
    assert column(tmp_path, "item 1") == ["1", "1", "1"]
    assert set(column(tmp_path, "note", "marks")) == {"accepted on review"}


def test_zero_is_a_value_that_can_be_accepted(manifest: Manifest, tmp_path: Path) -> None:
    source = responses(manifest, tmp_path / "r.csv", q1="0")
    regraded(manifest, tmp_path, "  - accept: {item: 1, value: 0}\n", source)
    assert column(tmp_path, "item 1") == ["2", "2", "2"]


@pytest.mark.parametrize("response", ["0.9", '"0.9"', '" 0.9 "'])
def test_a_response_is_accepted_as_it_was_typed(response: str, manifest: Manifest, tmp_path: Path) -> None:
    regraded(manifest, tmp_path, f"  - accept: {{item: 1, response: {response}}}\n")
    assert column(tmp_path, "item 1") == ["2", "2", "2"]


def test_nobody_loses_by_what_is_accepted(manifest: Manifest, tmp_path: Path) -> None:
    source = responses(manifest, tmp_path / "r.csv")
    regraded(manifest, tmp_path, "  - accept: {item: 1, value: 1 - q, fraction: 0.1}\n", source)
    assert column(tmp_path, "item 1") == ["2", "2", "2"]


def test_the_best_of_several_changes_counts(manifest: Manifest, tmp_path: Path) -> None:
    accept = "  - accept: {item: 1, response: '0.9', fraction: {}}\n"
    regraded(manifest, tmp_path, "".join(accept.replace("{}", fraction) for fraction in ("0.25", "0.75", "0.5")))
    assert column(tmp_path, "item 1") == ["1.5", "1.5", "1.5"]


@pytest.mark.parametrize("target", ["code", "student"])
def test_a_change_for_one_student_touches_no_other(target: str, manifest: Manifest, tmp_path: Path) -> None:
    which = f"code: {manifest.sheets[2].code.lower()}/1" if target == "code" else 'item: 1, student: "=1+1"'
    regraded(manifest, tmp_path, f"  - full_marks: {{{which}}}\n")
    assert column(tmp_path, "item 1") == ["0", "0", "2"]


def test_a_value_may_be_accepted_for_a_single_item_by_its_code(manifest: Manifest, tmp_path: Path) -> None:
    """Other items of the sheet, which have no numeric answer, do not stand in the way."""
    regraded(manifest, tmp_path, f"  - accept: {{code: {manifest.sheets[0].code}/1, value: 0.9}}\n")
    assert column(tmp_path, "item 1") == ["2", "0", "0"]


def test_a_change_may_be_for_one_answer_of_an_item(manifest: Manifest, tmp_path: Path) -> None:
    source = responses(manifest, tmp_path / "r.csv", q2__total="1", q2__twice="1")
    regraded(manifest, tmp_path, "  - accept: {item: 2, answer: twice, response: 1}\n", source)
    assert column(tmp_path, "item 2") == ["1", "1", "1"]


def test_the_trail_shows_who_changed_and_why(manifest: Manifest, tmp_path: Path) -> None:
    regraded(
        manifest, tmp_path, f"  - full_marks: {{code: {manifest.sheets[1].code}/1}}\n  - drop: {{item: 3, student: ann}}\n"
    )
    entry = trail(tmp_path)[0]
    assert (entry["by"], entry["reason"]) == ("Dr Obi", "Question 1 can be read in two ways.")
    assert [change["students"] for change in entry["changes"]] == [["bob"], ["ann"]]
    assert {line["student"]: (line["before"]["total"], line["after"]["total"]) for line in entry["totals"]} == {
        "ann": (5, 4), "bob": (5, 7),
    }  # fmt: skip
    changed = read_rows(tmp_path / "graded" / "audit.csv")
    assert [(row["student"], row["field"], row["points_before"], row["points"], row["change"]) for row in changed] == [
        ("ann", "q3", "1", "0", "2"), ("bob", "q1", "0", "2", "1"),
    ]  # fmt: skip


def test_the_trail_compares_what_counts_also_where_the_policy_makes_another_attempt_the_best(
    manifest: Manifest, tmp_path: Path
) -> None:
    right = answers(manifest)[0]
    sheet = manifest.sheets[0]
    first = saved(manifest, sheet, {**right, "q1": "0.9"}, "2026-02-01T10:00:00Z")
    second = saved(manifest, sheet, {**right, "q2.total": "1", "q2.twice": "1"}, "2026-02-02T10:00:00Z")
    (tmp_path / "r.json").write_text(json.dumps([first, second]))
    regraded(manifest, tmp_path, "  - full_marks: {item: 2}\n", tmp_path / "r.json", attempts="best")
    assert column(tmp_path, "total")[0] == "7"
    assert trail(tmp_path)[0]["totals"][0]["before"]["total"] == 5
    assert trail(tmp_path)[0]["totals"][0]["after"]["total"] == 7


def test_a_second_regrading_appends_to_the_trail_and_one_without_a_policy_says_so(manifest: Manifest, tmp_path: Path) -> None:
    source = responses(manifest, tmp_path / "r.csv", q1="0.9")
    regraded(manifest, tmp_path, "  - full_marks: {item: 1}\n", source)
    regraded(manifest, tmp_path, "  - drop: {item: 1}\n", source, force=True)
    grade(manifest, [source], tmp_path / "graded", force=True)
    entries = trail(tmp_path)
    assert [[change["change"] for change in entry["changes"]] for entry in entries] == [
        ["full marks: item 1"], ["drop: item 1"], [],
    ]  # fmt: skip
    assert "without a policy" in entries[2]["reason"]
    assert column(tmp_path, "item 1") == ["0", "0", "0"]


def test_every_problem_of_a_policy_is_told_at_its_place(manifest: Manifest, tmp_path: Path) -> None:
    changes = """
  - drop: {template: calc/suprisal}
  - full_marks: {item: 5}
  - accept: {item: 1, value: 1 - qq}
  - accept: {item: 3, value: 3}
  - accept: {item: 1, answer: anser, response: x}
  - drop: {code: 0000-0001/1}
  - drop: {item: 1, template: calc/essay}
  - drop: {item: 1, student: eve}
  - accept: {item: 1, value: 1 +}
""".lstrip("\n")
    code = f"  - drop: {{code: {manifest.sheets[0].code}/9}}\n"
    with pytest.raises(PolicyError) as caught:
        regraded(manifest, tmp_path, changes + code)
    said = [line.split("policy.yaml:")[1] for line in str(caught.value).split("\n")]
    places = [tuple(map(int, line.split(":")[:2])) for line in said]
    assert [line for line, _ in places] == list(range(4, 14))
    assert all(column > 1 for _, column in places)
    for line, words in enumerate(
        ["calc/surprisal", "the quiz has 4 items", "'qq'", "no numeric answer", "no answer 'anser'", "is no code",
         "fits all that is said here", "no student 'eve'", "1 +", "has the code"]
    ):  # fmt: skip
        assert words in said[line]
    assert not (tmp_path / "graded").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("changes: []\n", "by"), ("by: x\nreason: y\nchanges: [{drop: {item: 1}, full_marks: {item: 1}}]\n", "one of drop"),
        ("by: x\nreason: y\nchanges: [{drop: {student: ann}}]\n", "which items"),
        ("by: x\nreason: y\nchanges: [{drop: {itm: 1}}]\n", "item"),
        ("by: x\nreason: y\nchanges: [{accept: {item: 1}}]\n", "'response'"),
        ("by: x\nreason: y\nchanges: [{accept: {item: 1, response: ''}}]\n", "response"),
        ("by: x\nreason: y\nchanges: [{accept: {item: 1, value: 1, fraction: 2}}]\n", "fraction"),
        (": [", "policy.yaml:1"),
    ],
)  # fmt: skip
def test_a_policy_that_says_too_little_or_too_much_is_refused(text: str, said: str, manifest: Manifest, tmp_path: Path) -> None:
    policy = write_text(tmp_path / "policy.yaml", text)
    with pytest.raises(PolicyError, match=said):
        grade(manifest, [responses(manifest, tmp_path / "r.csv")], tmp_path / "graded", policy_file=policy)


# Marked by hand ---------------------------------------------------------------------------------------------------------


def queued(manifest: Manifest, tmp_path: Path, points: dict[str, tuple[str, str]], source: Path) -> Path:
    """The queue of a first run with points and comments filled in, by student as the queue shows it."""
    first = grade(manifest, [source], tmp_path / "first")
    assert first.waiting == 3
    rows = read_rows(tmp_path / "first" / "to-mark.csv")
    for row in rows:
        row["points"], row["comment"] = points.get(row["student"], ("", ""))
    return write_rows(tmp_path / "to-mark.csv", [[*rows[0]], *([*row.values()] for row in rows)])


def test_points_given_by_hand_count_and_the_comment_reaches_the_student(manifest: Manifest, tmp_path: Path) -> None:
    source = responses(manifest, tmp_path / "r.csv", q4="=Loss is -ln q,\n  so 0 means certain.")
    hand = queued(manifest, tmp_path, {"ann": ("3", "Say what 0 <means>."), "'=1+1": ("2,5", "")}, source)
    result = grade(manifest, [source], tmp_path / "graded", marked_by_hand=hand)
    assert result.waiting == 1
    assert column(tmp_path, "item 4") == ["3", "", "2.5"]
    assert column(tmp_path, "total") == ["10", "7", "9.5"]
    assert "Say what 0 &lt;means&gt;." in (tmp_path / "graded" / "feedback" / "ann.html").read_text()
    assert [row["student"] for row in read_rows(tmp_path / "graded" / "to-mark.csv")] == ["bob"]


def test_points_for_what_was_handed_in_anew_do_not_count(manifest: Manifest, tmp_path: Path) -> None:
    hand = queued(manifest, tmp_path, {"ann": ("3", "")}, responses(manifest, tmp_path / "old.csv"))
    result = grade(manifest, [responses(manifest, tmp_path / "r.csv", q4="Anew.")], tmp_path / "graded", marked_by_hand=hand)
    assert result.waiting == 3
    assert any("handed in anew" in note and "1" in note for note in result.notes)


@pytest.mark.parametrize(
    ("points", "said"), [("5", "from 0 to 4"), ("-1", "from 0 to 4"), ("good", "'good' is no number"), ("nan", "no number")]
)  # fmt: skip
def test_points_that_cannot_be_are_told_with_their_line(points: str, said: str, manifest: Manifest, tmp_path: Path) -> None:
    source = responses(manifest, tmp_path / "r.csv")
    hand = queued(manifest, tmp_path, {"bob": (points, "")}, source)
    with pytest.raises(PolicyError, match=rf"to-mark.csv:3:1: .*{said}"):
        grade(manifest, [source], tmp_path / "graded", marked_by_hand=hand)


def test_a_queue_that_is_none_is_refused(manifest: Manifest, tmp_path: Path) -> None:
    source = responses(manifest, tmp_path / "r.csv")
    with pytest.raises(PolicyError, match="there is no column 'field'"):
        grade(manifest, [source], tmp_path / "graded", marked_by_hand=source)
    twice = write_rows(
        tmp_path / "twice.csv",
        [("student", "field", "response", "points", "comment"), *[("ann", "q4", "", "1", "")] * 2, ("eve", "q4", "", "1", "")],
    )
    with pytest.raises(PolicyError) as caught:
        grade(manifest, [source], tmp_path / "graded", marked_by_hand=twice)
    assert "twice.csv:3:1" in str(caught.value)
    assert "no student 'eve'" in str(caught.value)
