"""Waivers: a reason that is one, and a name that some check has."""

from __future__ import annotations

from pathlib import Path

import pytest
from planting import HEAD, SURPRISAL

from quizgen.bank import load_template
from quizgen.bank.source import read_with_extends
from quizgen.checking import checks
from quizgen.checking.run import Found, Plan, check_template
from quizgen.errors import BankError

PLAN = Plan(20, only=frozenset({"no-hints", "tie"}))
WHY = "The hints are given in class."


def found_with(waive: str, folder: Path) -> tuple[Found, ...]:
    file = folder / "t.yaml"
    file.write_text(f"{HEAD}{SURPRISAL}waive:\n  {waive}\n", encoding="utf-8")
    return check_template(load_template(file), read_with_extends(file, folder), PLAN).found


def line_of(found: Found) -> str:
    return Path(found.place.file).read_text(encoding="utf-8").splitlines()[found.place.line - 1]


def test_a_finding_is_waived_with_its_reason(tmp_path: Path) -> None:
    (found,) = found_with(f"no-hints: {WHY}", tmp_path)
    assert (found.check, found.waived) == ("no-hints", WHY)


@pytest.mark.parametrize("reason", ["fine", "' '", "'          '", "ok, a       "])
def test_a_reason_that_is_none_is_refused_at_its_place_and_says_what_a_reason_is(reason: str, tmp_path: Path) -> None:
    with pytest.raises(BankError) as caught:
        found_with(f"second-formula: {reason}", tmp_path)
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (14, 19)
    assert "does not say why the finding is let be: give a reason of at least 10 characters" in problem.message


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("no-hint", "there is no check 'no-hint'; did you mean \"no-hints\"?"),
        ("selfgrading", 'did you mean "self-grading"?'),
        ("completely-else", "there is no check 'completely-else'; quizgen check --explain lists all checks"),
        ("crashed", "'crashed' is no check and cannot be waived"),
    ],
)
def test_a_name_that_no_check_has_is_told_first_at_its_place_with_what_was_meant(name: str, says: str, tmp_path: Path) -> None:
    first, *others = found_with(f"{name}: {WHY}", tmp_path)
    assert (first.check, first.severity) == ("waiver", "error")
    assert says in first.place.message
    assert line_of(first)[first.place.column - 1 :] == f"{name}: {WHY}"
    assert [one.check for one in others] == ["no-hints"]
    assert name not in checks()


def test_a_waiver_of_what_is_not_found_is_told(tmp_path: Path) -> None:
    *_, last = found_with(f"tie: {WHY}", tmp_path)
    assert (last.check, last.severity) == ("waiver", "warning")
    assert "'tie' finds nothing here" in last.place.message
