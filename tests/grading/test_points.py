"""Points that add up by hand: shares of an item, what is earned, and what pages and tables show."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_class import build, read_rows, write_rows

from quizgen.grading import grade
from quizgen.grading.points import rounded, shares
from quizgen.rendering.numbers import points as shown

THIRDS = """
title: Thirds
concept: {concept}
level: apply
minutes: 1
draw:
  a: {{integer: [2, 60]}}
stem: "{{{{ a }}}} plus 1, 2, 3: {{{{ answer.x }}}}, {{{{ answer.y }}}}, {{{{ answer.z }}}}"
answers:
  x: {{kind: numeric, label: Plus 1, value: a + 1, decimals: 0}}
  y: {{kind: numeric, label: Plus 2, value: a + 2, decimals: 0}}
  z: {{kind: numeric, label: Plus 3, value: a + 3, decimals: 0}}
solution: Add.
"""

PARTIAL = """
title: Partial
concept: {concept}
level: apply
minutes: 1
draw:
  a: {{integer: [2, 60]}}
stem: "Double {{{{ a }}}}."
answer: {{kind: numeric, value: 2 * a, decimals: 0}}
solution: Double.
"""

ACCEPT = "by: me\nreason: partial credit\nchanges:\n"


def one(value: float) -> float:
    return float(pl.select(rounded(pl.lit(value, dtype=pl.Float64))).item())


@given(st.integers(0, 10_000), st.integers(1, 60), st.integers(0, 60), st.sampled_from(["0", "0.1", "0.25", "0.5", "1"]))
def test_what_is_earned_is_the_true_product_rounded_half_up(steps: int, parts: int, right: int, penalty: str) -> None:
    """As by exact fractions, whatever binary noise does to the product of points, fraction and penalty."""
    fraction = Fraction(min(right, parts), parts)
    exact = Fraction(steps, 1000) * fraction * (1 - Fraction(penalty))
    wanted = Fraction((2000 * exact + 1) // 2, 1000)
    assert one(steps / 1000 * float(fraction) * (1 - float(penalty))) == float(wanted)


@given(
    st.integers(1, 100_000),
    st.lists(st.sampled_from([0.1, 0.2, 0.25, 1.0, 1.5, 2.0, 3.0, 7.0]), min_size=1, max_size=12),
)
def test_the_shares_of_an_item_are_thousandths_that_add_up_to_its_points(steps: int, weights: list[float]) -> None:
    """Each is within a thousandth of its true share, and equal weights in their order never increase."""
    found = shares(steps / 1000, weights)
    exact = [Fraction(str(share)) for share in found]
    assert sum(exact) == Fraction(steps, 1000)
    total = sum(Fraction(str(weight)) for weight in weights)
    for share, weight in zip(exact, weights, strict=True):
        assert abs(share - Fraction(steps, 1000) * Fraction(str(weight)) / total) < Fraction(1, 1000)
    for weight in set(weights):
        alike = [share for share, own in zip(exact, weights, strict=True) if own == weight]
        assert alike == sorted(alike, reverse=True)


def test_what_students_see_adds_up_to_the_total_that_they_see(tmp_path: Path) -> None:
    """0.625 and 0.313 (of 0.3125) make 0.938, and three thirds of a point make the whole point."""
    quiz = "title: Q\nitems:\n  - {template: calc/thirds, points: 1}\n" + "".join(
        f"  - {{template: calc/{name}, points: 0.625}}\n" for name in ("one", "two")
    )
    bank = {"thirds": THIRDS, "one": PARTIAL, "two": PARTIAL.replace("Double {", "Twice {")}
    _, manifest = build(tmp_path / "c", quiz, [("ann", "Ann")], templates=bank, flavours=("markdown",))
    with manifest.bank() as frozen:
        (a,) = frozen["calc/thirds"].variants_at([manifest.sheets[0].items[0].ordinal], secret=manifest.secret)["a"]
    row = ["ann", str(a + 1), str(a + 2), str(a + 3), "7000", "8000"]
    source = write_rows(tmp_path / "r.csv", [["student", "q1.x", "q1.y", "q1.z", "q2", "q3"], row])
    (tmp_path / "policy.yaml").write_text(
        ACCEPT + "  - accept: {item: 2, response: 7000}\n  - accept: {item: 3, response: 8000, fraction: 0.5}\n"
    )
    grade(manifest, [source], tmp_path / "graded", policy_file=tmp_path / "policy.yaml", flavours=("markdown",))
    page = (tmp_path / "graded" / "feedback" / "ann.md").read_text()
    assert [Fraction(text) for text in re.findall(r"^\*\*([0-9.]+) of ", page, re.M)] == [
        Fraction("1.938"), 1, Fraction("0.625"), Fraction("0.313"),
    ]  # fmt: skip
    marks = [row["points"] for row in read_rows(tmp_path / "graded" / "marks.csv")]
    assert marks == ["0.334", "0.333", "0.333", "0.625", "0.313"]
    (book,) = read_rows(tmp_path / "graded" / "gradebook.csv")
    assert [book[f"item {i}"] for i in (1, 2, 3)] == ["1", "0.625", "0.313"]
    assert (book["total"], book["possible"]) == ("1.938", "2.25")
    for points in marks:
        assert f", {points} point" in page


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0625, "0.063"), (0.0635, "0.064"), (2.5, "2.5"), (100.0, "100"), (0.1 + 0.2, "0.3"), (0.9375, "0.938"), (1e-9, "0")],
)
def test_points_are_shown_to_three_decimals_rounded_half_up(value: float, text: str) -> None:
    assert shown(value) == text
    assert shown(value, decimal_comma=True) == text.replace(".", ",")
