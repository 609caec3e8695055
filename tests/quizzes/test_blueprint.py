"""Quiz files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from quizgen.errors import QuizError
from quizgen.quizzes.blueprint import Blueprint, Fixed, Pick, load_blueprint

QUIZ = """\
title: Homework 1
instructions: |
  Work **alone**.
due: 2026-11-03
decimal_comma: true
shuffle: items
hints: true
show_titles: false
attempts: best
late: accept
late_penalty: 0.25
sections:
  - title: Warm-up
    items:
      - {template: a/one.yaml, points: 2.5}
      - {template: a/two}
  - items:
      - {pick: 2, concept: loss, level: [apply, analyse], tag: core, kinds: numeric, points: 3}
"""


def load(tmp_path: Path, text: str) -> Blueprint:
    (tmp_path / "quiz.yaml").write_text(text)
    return load_blueprint(tmp_path / "quiz.yaml")


def refused(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(QuizError) as caught:
        load(tmp_path, text)
    return [f"{problem.line}:{problem.column}: {problem.message}" for problem in caught.value.problems]


def test_everything_of_a_quiz_file_is_in_its_blueprint(tmp_path: Path) -> None:
    quiz = load(tmp_path, QUIZ)
    assert (quiz.title, quiz.instructions) == ("Homework 1", "Work **alone**.\n")
    assert (quiz.decimal_comma, quiz.shuffle, quiz.hints, quiz.show_titles) == (True, "items", True, False)
    assert (quiz.attempts, quiz.late, quiz.late_penalty) == ("best", "accept", 0.25)
    first, second = quiz.sections
    assert (first.title, second.title) == ("Warm-up", "")
    assert first.items == (
        Fixed("a/one", 2.5, ("sections", 0, "items", 0)),
        Fixed("a/two", 1.0, ("sections", 0, "items", 1)),
    )
    path = ("sections", 1, "items", 0)
    assert second.items == (Pick(2, 3.0, path, ("loss",), ("apply", "analyse"), ("core",), ("numeric",)),)
    assert quiz.points == 9.5


def test_a_quiz_without_sections_has_one_without_a_title(tmp_path: Path) -> None:
    quiz = load(tmp_path, "title: Q\nitems:\n  - template: a\n")
    assert [section.title for section in quiz.sections] == [""]
    assert quiz.sections[0].items[0].path == ("items", 0)
    assert (quiz.due, quiz.due_words, quiz.shuffle, quiz.attempts, quiz.late) == (None, "", "none", "last", "accept")
    assert (quiz.hints, quiz.show_titles, quiz.decimal_comma) == (False, True, False)


def test_a_later_problem_with_an_item_is_told_at_its_place(tmp_path: Path) -> None:
    quiz = load(tmp_path, QUIZ)
    item = quiz.sections[0].items[1]
    problem = quiz.problem((*item.path, "template"), "there is no such template")
    assert (problem.line, problem.column) == (16, 20)


@pytest.mark.parametrize(
    ("written", "moment", "words"),
    [
        ("2026-11-03", datetime(2026, 11, 3, 23, 59, 59, 999999, tzinfo=UTC), "2026-11-03 23:59 UTC"),
        ("2026-11-03T18:00", datetime(2026, 11, 3, 18, 0, tzinfo=UTC), "2026-11-03 18:00 UTC"),
        ("2026-11-03 18:00Z", datetime(2026, 11, 3, 18, 0, tzinfo=UTC), "2026-11-03 18:00 UTC"),
        (
            "2026-11-03T18:00+01:00",
            datetime(2026, 11, 3, 18, 0, tzinfo=timezone(timedelta(hours=1))),
            "2026-11-03 18:00 UTC+01:00",
        ),
    ],
)
def test_a_due_date_is_the_end_of_its_day_and_without_offset_in_utc(
    tmp_path: Path, written: str, moment: datetime, words: str
) -> None:
    quiz = load(tmp_path, f"title: Q\ndue: {written}\nitems: [{{template: a}}]\n")
    assert quiz.due == moment
    assert quiz.due_words == words


def test_shuffle_false_means_none(tmp_path: Path) -> None:
    assert load(tmp_path, "title: Q\nshuffle: false\nitems: [{template: a}]\n").shuffle == "none"


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ("{template: a, points: 0}", "3:26: points must be greater than 0"),
        ("{template: a, points: -1.5}", "3:26: points must be greater than 0"),
        ("{template: a, points: 0.0005}", "3:26: points must have at most three decimals, such as 2.5"),
        ("{template: a, points: 1000000.5}", "3:26: points must be at most 1,000,000"),
        ("{template: a, points: 1/3}", '3:26: points must be a number, not "1/3"'),
        ("{template: a, points: .inf}", "3:26: .inf is not a number that can be used"),
        ("{template: a, points: true}", "3:26: points must be a number, not true"),
        ("{template: a, points: '2'}", '3:26: points must be a number, not "2"; remove the quotes'),
        ("{template: ''}", "3:15: template must not be empty"),
        ("{tempalte: a}", '3:5: unknown key "tempalte"; did you mean "template"?'),
        ("{points: 1}", "3:4: an item needs either template: (an id) or pick: (how many)"),
        ("{template: a, pick: 1, tag: x}", "3:4: an item has either template: or pick:, not both"),
        ("{template: a, concept: x}", "3:4: concept: belongs to pick:, not to template:"),
        ("{pick: 2}", "3:4: pick: needs a concept:, level:, tag: or kinds: to pick by"),
        ("{pick: 0, tag: x}", "3:11: pick must be at least 1, not the number 0"),
        ("{pick: 1.5, tag: x}", "3:11: pick must be a whole number, not the number 1.5"),
        ("{pick: 1, tag: 7}", "3:19: item 1 of tag must be a text, not the number 7"),
        ("a", '3:4: item 1 of items must be a map of keys and values, not "a"'),
    ],
)
def test_a_wrong_item_is_refused_at_its_place(tmp_path: Path, item: str, message: str) -> None:
    (found,) = refused(tmp_path, f"title: Q\nitems:\n - {item}\n")
    assert found.startswith(message)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("due: 2026-13-03", "2:6: due must be a date such as 2026-11-03"),
        ("due: 20261103", "2:6: due must be a date such as 2026-11-03"),
        ("due: next week", "2:6: due must be a date such as 2026-11-03"),
        ("due: 0001-01-01T00:00+12:00", "2:6: due must be a date such as 2026-11-03"),
        ("shuffle: true", "2:10: shuffle must be one of none, items, sections, not true"),
        ("shuffle: section", '2:10: shuffle must be one of none, items, sections, not "section"; did you mean "sect'),
        ("attempts: lst", '2:11: attempts must be one of last, best, first, error, not "lst"; did you mean "last"?'),
        ("late: no", '2:7: late must be one of accept, reject, not "no"'),
        ("late_penalty: 1.5", "2:15: late_penalty must be a fraction from 0 to 1"),
        ("hints: yes", '2:8: hints must be true or false, not "yes"'),
        ("hnts: true", '2:1: unknown key "hnts"; did you mean "hints"?'),
        ("sections: [{items: [{template: a}]}]", "1:1: a quiz needs items: or sections:, one of the two"),
        ("sections: []", "2:11: sections must have at least 1 entry"),
    ],
)
def test_a_wrong_setting_is_refused_at_its_place(tmp_path: Path, line: str, message: str) -> None:
    (found,) = refused(tmp_path, f"title: Q\n{line}\nitems: [{{template: a}}]\n")
    assert found.startswith(message)


def test_a_quiz_without_title_or_items_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, "hints: true\n") == ['1:1: the key "title" is missing']
    assert refused(tmp_path, "title: Q\n") == ["1:1: a quiz needs items: or sections:, one of the two"]


@pytest.mark.parametrize("points", ["0.001", "2", "2.50", "0.3", "999999.999"])
def test_points_of_up_to_three_decimals_are_taken_as_written(points: str, tmp_path: Path) -> None:
    assert load(tmp_path, f"title: Q\nitems: [{{template: a, points: {points}}}]\n").points == float(points)


def test_a_blank_title_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, "title: '  '\nitems: [{template: a}]\n") == ["1:8: title must not be blank"]


def test_a_penalty_makes_no_sense_where_late_answers_are_refused(tmp_path: Path) -> None:
    (found,) = refused(tmp_path, "title: Q\nlate: reject\nlate_penalty: 0.1\nitems: [{template: a}]\n")
    assert "late_penalty: has no use" in found
