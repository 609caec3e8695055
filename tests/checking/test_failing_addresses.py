"""Failing addresses are kept in a file and drawn again by later runs until they have passed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quizgen.checking import failures
from quizgen.checking.failures import MOST, Failures, addresses, kept_as, read_failures, write_failures
from quizgen.checking.run import Found, Plan, Report
from quizgen.errors import BankError, OutputError, Problem
from quizgen.shipped import bank_folder

PLAN = Plan(100)
HERE = Path()


def report(*failing: tuple[str, int | None], file: str = "t.yaml") -> Report:
    found = tuple(Found(name, "error", Problem(file, 1, 1, "bad"), ordinal) for name, ordinal in failing)
    return Report("t", 100, found, checks=("tie", "leak"), file=file)


def counts(found: Found) -> bool:
    return not found.waived and found.severity == "error"


def updated(kept: Failures, reports: list[Report], plan: Plan) -> Failures:
    return failures.updated(kept, reports, plan, counts, HERE)


def test_what_fails_is_kept_and_drawn_again() -> None:
    kept = updated({}, [report(("tie", 7), ("tie", 8000), ("leak", 7))], PLAN)
    assert kept == {"t.yaml": {"tie": [7, 8000], "leak": [7]}}
    assert addresses(kept, ["t.yaml", "u.yaml"], HERE) == {"t.yaml": [7, 8000]}


def test_two_files_of_one_name_are_kept_apart_and_both_drawn_again() -> None:
    kept = updated({}, [report(("tie", 7), file="a/t.yaml"), report(("tie", 9), file="b/t.yaml")], PLAN)
    assert kept == {"a/t.yaml": {"tie": [7]}, "b/t.yaml": {"tie": [9]}}
    assert addresses(kept, ["a/t.yaml", "b/t.yaml"], HERE) == {"a/t.yaml": [7], "b/t.yaml": [9]}
    assert updated(kept, [report(file="a/t.yaml")], PLAN) == {"b/t.yaml": {"tie": [9]}}


def test_a_file_is_the_same_from_whatever_folder_it_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bank").mkdir()
    monkeypatch.chdir(tmp_path)
    names = {kept_as("bank/t.yaml", Path()), kept_as(str(tmp_path / "bank" / "t.yaml"), tmp_path)}
    monkeypatch.chdir(tmp_path / "bank")
    assert names | {kept_as("t.yaml", Path(".."))} == {"bank/t.yaml"}


def test_what_comes_with_quizgen_is_kept_by_its_id_for_it_lies_elsewhere_on_every_machine(tmp_path: Path) -> None:
    assert kept_as(str(bank_folder() / "calc" / "t.yaml"), tmp_path) == "calc/t"


def test_what_passes_is_dropped_where_the_run_reaches_it_by_itself() -> None:
    kept = {"t.yaml": {"tie": [7, 8000], "leak": [7]}, "other": {"tie": [3]}}
    assert updated(kept, [report()], PLAN) == {"t.yaml": {"tie": [8000]}, "other": {"tie": [3]}}
    again = updated(kept, [report()], Plan(10, start=7995))
    assert again == {"t.yaml": {"tie": [7], "leak": [7]}, "other": {"tie": [3]}}


def test_while_a_check_fails_anywhere_its_addresses_stay() -> None:
    assert updated({"t.yaml": {"tie": [7]}}, [report(("tie", 9))], PLAN) == {"t.yaml": {"tie": [7, 9]}}


def test_checks_that_did_not_run_keep_their_addresses() -> None:
    assert updated({"t.yaml": {"other": [7]}}, [report()], PLAN) == {"t.yaml": {"other": [7]}}


def test_what_is_waived_or_does_not_count_or_has_no_address_is_not_kept() -> None:
    place = Problem("t.yaml", 1, 1, "bad")
    found = (
        Found("tie", "error", place, 5, "a reason"),
        Found("tie", "warning", place, 6),
        Found("leak", "error", place, None),
    )
    assert updated({}, [Report("t", 100, found, checks=("tie", "leak"), file="t.yaml")], PLAN) == {}


def test_no_more_than_a_hundred_are_kept_of_a_check() -> None:
    kept = updated({}, [report(*(("tie", ordinal) for ordinal in range(3 * MOST)))], PLAN)
    assert kept == {"t.yaml": {"tie": [*range(MOST)]}}


def test_the_file_comes_back_as_it_was_written_and_goes_when_nothing_fails(tmp_path: Path) -> None:
    file = tmp_path / "kept.json"
    assert read_failures(file) == {}
    write_failures(file, {"t": {"tie": [7]}})
    assert read_failures(file) == {"t": {"tie": [7]}}
    assert [path.name for path in tmp_path.iterdir()] == ["kept.json"]
    write_failures(file, {})
    assert not file.exists()
    write_failures(file, {})


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"templates": 3}', '{"templates": {"t": {"tie": ["7"]}}}', '{"templates": {"t": {"tie": [-1]}}}', "\x00"],
)
def test_another_file_is_refused_and_not_touched(text: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BankError, match=r"mine\.json"):
        read_failures(file)
    assert file.read_text(encoding="utf-8") == text


def test_a_file_that_cannot_be_written_is_told_and_the_old_one_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "kept.json"
    write_failures(file, {"t": {"tie": [7]}})

    def full(*words: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OutputError, match="No space left"):
        write_failures(file, {"t": {"tie": [8]}})
    assert json.loads(file.read_text())["templates"] == {"t": {"tie": [7]}}
    assert [path.name for path in tmp_path.iterdir()] == ["kept.json"]
