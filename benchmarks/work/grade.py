"""Responses of an invented class from a CSV file to marks, and the same tables merely read and written by Polars."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from benchmarks.work.build import SECRET, class_of
from quizgen.bank import load_bank
from quizgen.grading import grade
from quizgen.quizzes import Manifest, load_quiz, read_manifest
from quizgen.quizzes.assignment import assign
from quizgen.quizzes.build import checked_slots
from quizgen.quizzes.codes import build_code, sheet_code
from quizgen.quizzes.manifest import QuizFacts, Sheet, SlotFacts, content_digest, write_manifest
from quizgen.quizzes.simulated import Learner, responses

TABLES = ("marks", "gradebook", "rejected")
GROUP = 2000
"""Students whose responses are made at a time."""


def prepared(folder: str, quiz: str, count: int) -> Callable[[], object]:
    """Writes the manifest of a class, and a CSV file with at least so many of its responses, a row each."""
    return lambda: _prepare(Path(folder), Path(quiz), count)


def graded(folder: str, out: str = "graded") -> Callable[[], object]:
    """Grades the CSV file: marks, gradebook, rejected responses and summary, without pages of feedback."""
    place = Path(folder)
    return lambda: grade(read_manifest(place), [place / "responses.csv"], Path(out), flavours=())


def copied(folder: str, graded: str) -> Callable[[], object]:
    """Reads the CSV file of responses, and writes the tables of marks, which are in memory."""
    tables = {name: pl.read_csv(Path(graded, f"{name}.csv"), infer_schema=False) for name in TABLES}

    def run() -> None:
        pl.read_csv(Path(folder, "responses.csv"), infer_schema=False)
        for name, table in tables.items():
            table.write_csv(f"{name}.csv")

    return run


def _prepare(folder: Path, quiz: Path, count: int) -> None:
    bank = load_bank()
    manifest = _manifest(quiz, 1)
    fields = len(responses(manifest, bank, manifest.sheets, [Learner(0.6, 0.8)], seed=1)[0])
    manifest = _manifest(quiz, -(-count // fields))
    write_manifest(folder / "manifest.json", manifest)
    with (folder / "responses.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["student", "field", "response", "submitted"])
        for start in range(0, len(manifest.sheets), GROUP):
            writer.writerows(_rows(replace(manifest, sheets=manifest.sheets[start : start + GROUP]), start))


def _rows(manifest: Manifest, seed: int) -> Iterator[tuple[str, str, str, str]]:
    """The responses of some students, of whom some know more than others, and every hundredth hands in twice."""
    chance = random.Random(seed)
    bank = load_bank()
    learners = [Learner(chance.uniform(0.3, 0.9), 0.8) for _ in manifest.sheets]
    found = responses(manifest, bank, manifest.sheets, learners, seed)
    for i, (sheet, given) in enumerate(zip(manifest.sheets, found, strict=True)):
        for hour in (10, 9) if i % 100 == 0 else (10,):
            for field, text in given.items():
                yield sheet.student.id, field, text, f"2027-03-01T{hour:02}:00:00Z"


def _manifest(quiz: Path, students: int) -> Manifest:
    """The manifest that a build would write, without its pages."""
    blueprint, bank = load_quiz(quiz), load_bank()
    slots = checked_slots(blueprint, bank)
    people = class_of(students).students
    rows = assign(blueprint, slots, bank, [student.id for student in people], SECRET).items
    manifest = Manifest(
        "",
        "2027-01-01T00:00:00+00:00",
        SECRET,
        QuizFacts.of(blueprint),
        tuple(SlotFacts(slot.section, slot.points) for slot in slots),
        str(bank.folder),
        bank.frozen(sorted({item.template for row in rows for item in row})),
        tuple(
            Sheet(student, sheet_code(SECRET, student.id), student.id, row) for student, row in zip(people, rows, strict=True)
        ),
    )
    return replace(manifest, build=build_code(SECRET, content_digest(manifest)))
