"""The quizzes of the shipped bank can be used as they are: they take the time they state and cover what they promise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from quizgen import load_bank
from quizgen.bank import Bank, Template
from quizgen.quizzes import Blueprint, build_quiz, load_quiz
from quizgen.quizzes.assignment import expected_minutes, slots_of
from quizgen.quizzes.roster import Roster, Student
from quizgen.shipped import bank_folder

FOLDER = bank_folder() / "quizzes"
PARTS = ("before", "related", "after")
DIAGNOSTICS = tuple(f"diagnostic-{part}" for part in PARTS)
READY = ("warm-up", *(f"homework-{part}" for part in PARTS), *DIAGNOSTICS, "exam")
LIST = Path(__file__).parents[2] / "docs" / "quizzes.md"


@pytest.fixture(scope="module")
def bank() -> Iterator[Bank]:
    """The shipped bank, its headers read once; that its templates are well posed is proven elsewhere."""
    bank = load_bank(prove=False)
    headers = bank.headers()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bank, "headers", lambda: headers)
        yield bank


def quiz(name: str) -> Blueprint:
    return load_quiz(FOLDER / f"{name}.yaml")


def templates(name: str, bank: Bank) -> list[Template]:
    """The templates of a quiz that leaves none to chance."""
    slots = slots_of(quiz(name), bank)
    assert all(len(slot.templates) == 1 for slot in slots)
    return [bank[slot.templates[0]] for slot in slots]


def stated(text: str) -> float:
    found = re.search(r"Expected time: (\d+) minutes", text)
    assert found
    return float(found[1])


def diagnosed(several: Sequence[Template]) -> set[str]:
    return {mistake for template in several for mistake in template.mistakes}


def test_every_quiz_file_is_known_here() -> None:
    assert {file.stem for file in FOLDER.glob("*.yaml")} == {*READY, "sample-homework"}


@pytest.mark.parametrize("name", READY)
def test_a_quiz_states_the_time_of_its_templates(name: str, bank: Bank) -> None:
    minutes = expected_minutes(slots_of(quiz(name), bank), bank)
    assert abs(stated(quiz(name).instructions) - minutes) <= max(1, 0.05 * minutes), f"its templates take {minutes:g} minutes"


@pytest.mark.parametrize("name", READY)
def test_a_quiz_asks_no_template_twice(name: str, bank: Bank) -> None:
    ids = [template.id for template in templates(name, bank)]
    assert len(ids) == len(set(ids))


def test_the_warm_up_takes_ten_to_fifteen_minutes_and_no_calculator(bank: Bank) -> None:
    assert 10 <= expected_minutes(slots_of(quiz("warm-up"), bank), bank) <= 15
    kinds = {kind for header in bank.headers() for kind in header.kinds if header.id in ids_of("warm-up", bank)}
    assert kinds <= {"choice", "multiple", "order", "match", "text"}


def ids_of(name: str, bank: Bank) -> set[str]:
    return {template.id for template in templates(name, bank)}


@pytest.mark.parametrize("part", PARTS)
def test_a_homework_covers_every_concept_of_its_part_and_no_other(part: str, bank: Bank) -> None:
    wanted = {id for id, concept in bank.concepts.items() if concept.part == part}
    assert {template.concept for template in templates(f"homework-{part}", bank)} == wanted


@pytest.mark.parametrize("part", PARTS)
def test_a_homework_has_several_kinds_levels_and_measured_numbers(part: str, bank: Bank) -> None:
    ids = ids_of(f"homework-{part}", bank)
    headers = [header for header in bank.headers() if header.id in ids]
    assert len({kind for header in headers for kind in header.kinds}) >= 4
    assert len({header.level for header in headers}) >= 3
    assert any("measured" in header.tags for header in headers)


def test_together_the_diagnostics_can_diagnose_every_mistake(bank: Bank) -> None:
    found = diagnosed([template for name in DIAGNOSTICS for template in templates(name, bank)])
    missing = set(bank.mistakes) - found
    cures = {id: sorted(other for other in bank if id in bank[other].mistakes) for id in sorted(missing)}
    assert not missing, f"add to a diagnostic one of the templates that diagnose: {cures}"


@pytest.mark.parametrize("part", PARTS)
def test_a_diagnostic_asks_about_its_part_only(part: str, bank: Bank) -> None:
    assert {bank.concepts[template.concept].part for template in templates(f"diagnostic-{part}", bank)} == {part}


def test_the_exam_fits_into_45_minutes_and_marks_itself(bank: Bank) -> None:
    exam = quiz("exam")
    minutes = expected_minutes(slots_of(exam, bank), bank)
    assert 38 <= minutes <= 45
    assert "45" in exam.instructions
    assert not exam.hints
    ids = ids_of("exam", bank)
    headers = [header for header in bank.headers() if header.id in ids]
    kinds = {kind for header in headers for kind in header.kinds}
    assert "essay" not in kinds
    assert len(kinds) >= 4
    assert {bank.concepts[header.concept].part for header in headers} == set(PARTS)
    assert abs(exam.points - minutes) <= 3  # the points are about the minutes, as it says


def test_a_quiz_builds_as_it_is(bank: Bank, tmp_path: Path) -> None:
    built = build_quiz(quiz("warm-up"), bank, Roster((Student("s1"), Student("s2")), ("id",)), tmp_path / "out")
    low, high = built.minutes
    assert low == high == stated(quiz("warm-up").instructions)


def test_the_list_of_quizzes_tells_each_ones_time() -> None:
    lines = LIST.read_text("utf-8").splitlines()
    for name in READY:
        (row,) = [line for line in lines if line.startswith(f"| `{name}.yaml` |")]
        assert f"| {stated(quiz(name).instructions):.0f} min |" in row
