"""``quizgen list``: what a bank has, what of it is broken, and how many variants there are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import Run
from sample_class import CONCEPT, write_bank, write_text

CONCEPTS = """
concepts:
  - {id: calculating-cross-entropy-loss, title: The loss, row: 2, requires: [entropy]}
  - {id: entropy, title: Entropy, row: 1, part: before}
"""


def columns(line: str) -> list[str]:
    return [cell for cell in line.split("  ") if cell.strip()]


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    return write_bank(tmp_path / "bank")


def test_the_table_has_every_template_under_its_concept_with_kinds_level_and_minutes(installed: Run, bank: Path) -> None:
    done = installed("list", "--bank", bank, "--quick")
    assert (done.code, done.err) == (0, "")
    head, *lines = [line for line in done.out.splitlines() if line.strip()]
    assert head.split() == ["Template", "Kinds", "Level", "Minutes"]
    assert lines[0] == f"Calculating Cross-Entropy Loss  {CONCEPT}"
    assert [[cell.strip() for cell in columns(line)] for line in lines[1:]] == [
        ["calc/essay", "essay", "evaluate", "10"], ["calc/pick-one", "choice", "understand", "1"],
        ["calc/surprisal", "numeric", "apply", "1"], ["calc/tiny", "numeric", "remember", "1"],
        ["calc/two-steps", "numeric", "apply", "2"],
    ]  # fmt: skip


def test_a_template_below_the_folder_of_its_concept_is_listed_by_the_rest_of_its_id(quizgen: Run, bank: Path) -> None:
    (bank / "calc").rename(bank / CONCEPT)
    assert "\n  tiny  " in quizgen("list", "--bank", bank).out


def test_concepts_of_the_banks_own_course_are_listed_though_they_have_no_templates(quizgen: Run, bank: Path) -> None:
    assert "no templates" not in quizgen("list", "--bank", bank).out
    write_text(bank / "concepts.yaml", CONCEPTS)
    assert "\nEntropy  entropy\n  no templates\n" in quizgen("list", "--bank", bank).out
    data = json.loads(quizgen("list", "--bank", bank, "--json").out)
    assert [(concept["title"], len(concept["templates"])) for concept in data["concepts"]] == [("The loss", 5), ("Entropy", 0)]


def test_as_json_the_list_has_the_same_by_concept(quizgen: Run, bank: Path) -> None:
    data = json.loads(quizgen("list", "--bank", bank, "--json", "--quick").out)
    assert (data["bank"], data["templates"], data["broken"]) == (str(bank), 5, 0)
    (concept,) = data["concepts"]
    assert (concept["id"], concept["part"], concept["row"]) == (CONCEPT, "related", 13)
    assert concept["requires"]
    assert concept["kinds"] == ["choice", "essay", "numeric"]
    assert concept["levels"] == ["apply", "evaluate", "remember", "understand"]
    assert concept["minutes"] == 15
    assert concept["templates"][3] == {
        "id": "calc/tiny", "title": "Tiny", "level": "remember", "minutes": 1.0, "tags": ["few"], "kinds": ["numeric"],
        "problems": [], "capacity": None,
    }  # fmt: skip


def test_capacity_is_exact_for_few_variants_and_estimated_for_many(quizgen: Run, bank: Path) -> None:
    done = quizgen("list", "--bank", bank)
    shown = {line.split()[0]: line.rsplit("  ", 1)[1].strip() for line in done.out.splitlines() if line.startswith("  calc")}
    assert shown["calc/tiny"] == "3"
    assert shown["calc/two-steps"].startswith("about 3,")  # of 59 × 59
    assert shown["calc/surprisal"] == "90"
    data = json.loads(quizgen("list", "--bank", bank, "--capacity", "64", "--json").out)
    capacities = {listed["id"]: listed["capacity"] for listed in data["concepts"][0]["templates"]}
    assert capacities["calc/tiny"] == {"drawn": 64, "distinct": 3, "estimate": 3.0, "exact": True, "words": "3"}
    assert capacities["calc/two-steps"]["drawn"] == 64


def test_a_template_that_does_not_load_is_marked_and_its_first_problem_told(quizgen: Run, bank: Path) -> None:
    """It once stood in the list as if it were good."""
    tiny = bank / "calc" / "tiny.yaml"
    tiny.write_text(tiny.read_text().replace("n + 100", "m + 100").replace("level: remember", "level: rember"))
    (bank / "calc" / "essay.yaml").write_text("title: [")
    done = quizgen("list", "--bank", bank)
    assert done.code == 1
    rows = {columns(line)[0].strip(): columns(line)[1:] for line in done.out.splitlines() if "calc/" in line}
    assert [cell.strip() for cell in rows["calc/tiny"]] == ["broken"]
    assert [cell.strip() for cell in rows["calc/essay"]] == ["broken"]
    assert len(rows["calc/surprisal"]) == 4
    assert "Of no concept of this course" in done.out
    assert f"{tiny}:3:8: " in done.err
    assert "(and 1 more)" in done.err
    data = json.loads(quizgen("list", "--bank", bank, "--json").out)
    assert data["broken"] == 2
    assert len(data["concepts"][0]["templates"][2]["problems"]) == 2
    assert data["concepts"][1]["id"] is None
    assert data["concepts"][1]["templates"][0]["id"] == "calc/essay"


def test_what_fails_only_when_variants_are_drawn_is_found_with_capacity(quizgen: Run, bank: Path) -> None:
    tiny = bank / "calc" / "tiny.yaml"
    tiny.write_text(tiny.read_text() + "require: [n > 9]\n")
    done = quizgen("list", "--bank", bank, "--capacity", "10")
    assert done.code == 1
    assert "calc/tiny" in done.err
    assert "n > 9" in done.err


def test_a_folder_without_templates_is_said_to_have_none(quizgen: Run, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    done = quizgen("list", "--bank", tmp_path / "none")
    assert (done.code, done.err) == (0, f"There are no templates in {tmp_path / 'none'}\n")
