"""``quizgen build --concept``: practice without a quiz file, with what a concept requires before it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from commands import Run
from sample_class import TINY, write_bank, write_roster, write_text

from quizgen.quizzes import read_manifest

CONCEPTS = """
concepts:
  - {id: loss, title: The loss, row: 3, requires: [entropy, logarithm]}
  - {id: entropy, title: Entropy, row: 2, requires: [logarithm]}
  - {id: logarithm, title: Logarithms, row: 1}
  - {id: perplexity, title: Perplexity, row: 4, requires: [loss]}
  - {id: alone, title: Alone, row: 5}
"""


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    """A bank with three templates of each of three concepts, one of a fourth and none of the last."""
    folder = tmp_path / "bank"
    write_bank(folder, {})
    write_text(folder / "concepts.yaml", CONCEPTS)
    for concept, count in (("loss", 3), ("entropy", 3), ("logarithm", 1), ("perplexity", 3)):
        for number in range(count):
            write_text(folder / "calc" / f"{concept}-{number}.yaml", TINY.format(concept=concept))
    return folder


def path_of(folder: Path) -> list[tuple[str, list[str]]]:
    """The sections of the first worksheet of a build, with the concepts of their items."""
    manifest = read_manifest(folder)
    sections: list[tuple[str, list[str]]] = [(title, []) for title in manifest.quiz.sections]
    for item in manifest.sheets[0].items:
        sections[manifest.slots[item.slot].section][1].append(item.template.removeprefix("calc/")[:-2])
    return sections


def test_a_concept_is_practised_after_all_that_it_requires(quizgen: Run, bank: Path, tmp_path: Path) -> None:
    done = quizgen("build", "--concept", "loss", "--with-prerequisites", "--bank", bank, "--out", tmp_path / "out")
    assert done.code == 0
    assert "Path: Logarithms → Entropy → The loss\n" in done.out
    assert "1 worksheet with 5 items" in done.out
    assert "Note: this bank has only 1 template of the concept 'logarithm'" in done.err
    assert path_of(tmp_path / "out") == [
        ("Logarithms", ["logarithm"]), ("Entropy", ["entropy"] * 2), ("The loss", ["loss"] * 2),
    ]  # fmt: skip
    made = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert made == {"index.html", "manifest.json", "responses-template.csv", "worksheets/learner.html", "keys/learner.html"}
    page = (tmp_path / "out" / "worksheets" / "learner.html").read_text(encoding="utf-8")
    assert re.findall(r'<h2 class="part">([^<]+)</h2>', page) == ["Logarithms", "Entropy", "The loss"]
    assert "Practice: The loss" in page


def test_each_says_how_many_templates_and_without_prerequisites_the_concept_stands_alone(
    quizgen: Run, bank: Path, tmp_path: Path
) -> None:
    done = quizgen("build", "--concept", "loss", "--each", "3", "--bank", bank, "--out", tmp_path / "out")
    assert (done.code, done.err) == (0, "")
    assert path_of(tmp_path / "out") == [("The loss", ["loss"] * 3)]


def test_a_class_practises_a_path_with_a_worksheet_for_everybody(quizgen: Run, bank: Path, tmp_path: Path) -> None:
    roster = write_roster(tmp_path / "class.csv", [("ann", "Ann"), ("bob", "Bob")])
    words = ["build", "--concept", "entropy", "--with-prerequisites", "--roster", roster, "--bank", bank, "--to", "md"]
    done = quizgen(*words, "--out", tmp_path / "out")
    assert done.code == 0
    assert sorted(path.name for path in (tmp_path / "out" / "worksheets").iterdir()) == ["ann.md", "bob.md"]


def test_what_a_learner_practised_can_be_graded(quizgen: Run, bank: Path, tmp_path: Path) -> None:
    """A bank with a course of its own and the shipped mistakes once could not be read from its manifest again."""
    quizgen("build", "--concept", "loss", "--bank", bank, "--out", tmp_path / "out")
    answers = write_text(tmp_path / "answers.csv", "student,q1,q2\nlearner,103,1000\n")
    done = quizgen("grade", tmp_path / "out" / "manifest.json", answers, "--out", tmp_path / "graded")
    assert done.code == 0
    assert (tmp_path / "graded" / "feedback" / "learner.html").is_file()


def test_a_prerequisite_without_templates_is_left_out_with_a_note(quizgen: Run, bank: Path, tmp_path: Path) -> None:
    for path in (bank / "calc").glob("entropy-*"):
        path.unlink()
    done = quizgen("build", "--concept", "loss", "--with-prerequisites", "--bank", bank, "--out", tmp_path / "out")
    assert done.code == 0
    assert "Note: this bank has no templates of the concept 'entropy'" in done.err
    assert [title for title, _ in path_of(tmp_path / "out")] == ["Logarithms", "The loss"]


def test_a_concept_without_templates_is_an_error(quizgen: Run, bank: Path, tmp_path: Path) -> None:
    done = quizgen("build", "--concept", "alone", "--with-prerequisites", "--bank", bank, "--out", tmp_path / "out")
    assert done.code == 2
    assert f"{bank}: this bank has no template of the concept 'alone'; another bank is given with --bank" in done.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Give a quiz file, or --concept"), (("quiz.yaml", "--concept", "loss"), "not both"),
        (("quiz.yaml",), "needs --roster"), (("quiz.yaml", "--roster", "c.csv", "--each", "3"), "--each belongs to --concept"),
        (("quiz.yaml", "--roster", "c.csv", "--with-prerequisites"), "--with-prerequisites belongs to --concept"),
    ],
)  # fmt: skip
def test_options_that_do_not_go_together_are_named(words: tuple[str, ...], said: str, quizgen: Run, tmp_path: Path) -> None:
    done = quizgen("build", *words, "--out", tmp_path / "out")
    assert done.code == 2
    assert said in done.err
