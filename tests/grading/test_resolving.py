"""Which submission counts, and how submissions are numbered."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizgen.grading.reading import Layout, read_submissions
from quizgen.grading.resolving import Policy, choose

FRAME = pl.DataFrame(
    [
        ("ann", "q1", "A", 0),
        ("ann", "q2", "B", 0),
        ("ann", "q1", "C", 1),
        ("bob", "q1", "D", 0),
        ("ann", "q1", "E", 2),
    ],
    schema=["student", "field", "text", "submission"],
    orient="row",
)
TOTALS = pl.DataFrame({"student": ["ann"] * 3, "submission": [0, 1, 2], "total": [1.0, 3.0, 3.0]})


@pytest.mark.parametrize(
    ("policy", "texts", "reason"),
    [
        ("last", ["B", "D", "E"], "a later submission counts"),
        ("first", ["A", "B", "D"], "an earlier submission counts"),
        ("best", ["B", "D", "E"], "a better submission counts"),
        ("error", ["D"], "the student handed in more than once, and this quiz allows one submission: none is marked"),
    ],
)
def test_the_policy_says_which_response_to_a_field_counts(policy: Policy, texts: list[str], reason: str) -> None:
    chosen, superseded = choose(FRAME, policy, TOTALS)
    assert chosen["text"].to_list() == texts
    assert set(superseded["reason"]) == {reason}
    assert sorted([*chosen["text"], *superseded["text"]]) == ["A", "B", "C", "D", "E"]
    assert chosen.columns == FRAME.columns


def test_the_best_submission_goes_by_total_and_not_by_time() -> None:
    totals = TOTALS.with_columns(total=pl.Series([5.0, 1.0, 2.0]))
    chosen, _ = choose(FRAME, "best", totals)
    assert chosen["text"].to_list() == ["A", "B", "D"]


def test_the_best_submission_cannot_be_told_without_totals() -> None:
    with pytest.raises(ValueError, match="totals"):
        choose(FRAME, "best")


units = st.tuples(st.sampled_from("ab"), st.sampled_from(["q1", "q2"]), st.integers(0, 3))
rows = st.dictionaries(units, st.sampled_from(["", " ", "A"]), max_size=16)


@given(rows, st.sampled_from(["last", "first", "best", "error"]))
@settings(max_examples=80, deadline=None)
def test_no_response_is_lost_or_counts_twice(rows: dict[tuple[str, str, int], str], policy: Policy) -> None:
    """And a blank counts only where there is no answer."""
    frame = pl.DataFrame(
        [(*unit, text, i) for i, (unit, text) in enumerate(rows.items())],
        schema={"student": pl.String, "field": pl.String, "submission": pl.Int64, "text": pl.String, "place": pl.Int64},
        orient="row",
    )
    totals = frame.select("student", "submission").unique().with_columns(total=pl.col("submission") % 2 * 1.0)
    chosen, superseded = choose(frame, policy, totals)
    assert sorted([*chosen["place"], *superseded["place"]]) == list(range(len(rows)))
    answers = pl.col("text").str.strip_chars() != ""
    if policy == "error":
        assert set(chosen["student"]).isdisjoint(superseded.filter(answers)["student"])
    else:
        assert sorted(chosen.select("student", "field").rows()) == sorted({(s, f) for s, f, _ in rows})
        answered = {(s, f) for (s, f, _), text in rows.items() if text.strip()}
        assert set(chosen.filter(answers).select("student", "field").rows()) == answered


def submissions(tmp_path: Path, layout: Layout, *contents: str) -> dict[str, int]:
    """The number of the submission of each text."""
    paths = []
    for i, content in enumerate(contents):
        paths.append(tmp_path / f"{i}")
        paths[-1].write_text(content)
    result = read_submissions(paths, layout)
    assert not len(result.rejected)
    return dict(result.responses.select("text", "submission").rows())


def test_submissions_are_numbered_by_time_over_all_files_and_those_without_time_come_first(
    tmp_path: Path, layout: Layout
) -> None:
    def saved(text: str, time: str) -> str:
        return json.dumps({"student": "ann", "saved": time, "answers": {"q1": text}})

    wide = "student,q1,time\nann,c,2025-03-09 12:00\nann,none,\n"
    assert submissions(tmp_path, layout, saved("late", "2025-03-11T09:00Z"), saved("early", "2025-03-01"), wide) == {
        "none": 0,
        "early": 1,
        "c": 2,
        "late": 3,
    }


def test_without_times_the_order_of_files_and_rows_decides(tmp_path: Path, layout: Layout) -> None:
    wide = "student,q1\nann,{}\nann,{}\n"
    assert submissions(tmp_path, layout, wide.format("a", "b"), wide.format("c", "d")) == {
        "a": 0,
        "b": 1,
        "c": 2,
        "d": 3,
    }


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # a time for each response, no field twice: one submission
        ("ann,q1,a,2025-03-01 10:00,\nann,q2,b,2025-03-01 10:05,", {"a": 0, "b": 0}),
        # fields again: those of one time belong together
        (
            "ann,q1,a,2025-03-01 10:00,\nann,q2,b,2025-03-01 10:00,\nann,q2,d,2025-03-02 10:00,\nann,q1,c,2025-03-02 10:00,",
            {"a": 0, "b": 0, "c": 1, "d": 1},
        ),
        # no times: the n-th answer to a field is of the n-th submission
        ("ann,q1,a,,\nann,q2,b,,\nann,q1,c,,", {"a": 0, "b": 0, "c": 1}),
        # attempts as told, counted as numbers
        ("ann,q1,c,,10\nann,q1,b,,2\nann,q1,a,,1", {"a": 0, "b": 1, "c": 2}),
        ("ann,q1,a,,1\nann,q2,b,,2", {"a": 0, "b": 1}),
    ],
)
def test_rows_of_a_long_table_form_submissions(tmp_path: Path, layout: Layout, rows: str, expected: dict[str, int]) -> None:
    content = f"student,field,response,submitted,attempt\n{rows}\n"
    assert submissions(tmp_path, layout, content) == expected
