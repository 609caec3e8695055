"""Builds and exports of a class, and the same questions' texts rendered by Jinja alone."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.work.bare import pages
from quizgen.bank import Bank, load_bank
from quizgen.items import Filled, KeyedItem, texts
from quizgen.lms.base import Options
from quizgen.lms.export import export_quiz
from quizgen.lms.registry import format_named
from quizgen.quizzes import Blueprint, Built, Roster, build_quiz, load_quiz
from quizgen.quizzes.assignment import assign
from quizgen.quizzes.build import checked_slots
from quizgen.quizzes.roster import Student

SECRET = bytes(range(32))


def build(quiz: str, students: int, flavour: str) -> Callable[[], object]:
    """Builds a class's worksheets, keys and manifest in a flavour; one student's are made before, so that all is loaded."""
    blueprint, bank = load_quiz(Path(quiz)), load_bank()
    folder = Path(tempfile.mkdtemp(dir="."))

    def made(count: int, name: str) -> Built:
        return build_quiz(blueprint, bank, class_of(count), folder / name, flavours=(flavour,), secret=SECRET)

    made(1, "first")
    return lambda: made(students, "build")


def export(quiz: str, variants: int, format: str) -> Callable[[], object]:
    """Writes so many variants of each question of a quiz for another system; one of each is written before."""
    blueprint, bank = load_quiz(Path(quiz)), load_bank()
    chosen = format_named(format)
    options = Options(next(iter(chosen.dialects), ""), chosen.maths[0])
    folder = Path(tempfile.mkdtemp(dir="."))

    def made(count: int, name: str) -> None:
        out = folder / f"{name}{chosen.suffix}"
        done = export_quiz(blueprint, bank, chosen, out, variants=count, options=options, secret=SECRET)
        wanted = count * len(checked_slots(blueprint, bank))
        if done.questions != wanted:
            raise AssertionError(f"{done.questions} questions were exported, not {wanted}")

    made(1, "first")
    return lambda: made(variants, "quiz")


def stems(quiz: str, students: int, whole: bool = False) -> Callable[[], object]:
    """Renders the stems of a class's questions by Jinja alone, or with ``whole`` all texts of worksheets and keys."""
    blueprint, bank = load_quiz(Path(quiz)), load_bank()
    found = pages(text for keyed in _keyed(blueprint, bank, students) for text in _texts(keyed, whole))
    return lambda: sum(len(page.rendered()) for page in found)


def same_bytes(quiz: str, students: int, flavour: str) -> Callable[[], object]:
    """Writes files with the content of a class's worksheets and keys, which is in memory."""
    build(quiz, students, flavour)()
    folders = [path for path in Path(".").glob("*/build/*") if path.is_dir()]
    files = [(path, path.read_bytes()) for folder in folders for path in sorted(folder.iterdir())]
    for folder in folders:
        shutil.rmtree(folder)
        folder.mkdir()

    def run() -> None:
        for path, content in files:
            with open(path, "wb") as out:
                out.write(content)

    return run


def class_of(students: int) -> Roster:
    """A class of so many invented students."""
    return Roster(tuple(Student(f"s{i:07}", f"Student {i}") for i in range(students)), ("id", "name"))


def _keyed(blueprint: Blueprint, bank: Bank, students: int) -> Iterator[KeyedItem]:
    """The items that a class gets."""
    slots = checked_slots(blueprint, bank)
    rows = assign(blueprint, slots, bank, [student.id for student in class_of(students).students], SECRET).items
    ordinals: dict[str, list[int]] = {}
    for row in rows:
        for item in row:
            ordinals.setdefault(item.template, []).append(item.ordinal)
    for id, wanted in ordinals.items():
        yield from bank[id].keyed_items(bank[id].variants_at(wanted, secret=SECRET))


def _texts(keyed: KeyedItem, whole: bool) -> Iterator[Filled]:
    """The stem; with ``whole`` also what else a student reads, and what the key adds."""
    yield keyed.item.stem
    if not whole:
        return
    yield from (text for _, interaction in keyed.item.interactions for text in texts(interaction))
    yield from keyed.item.hints
    for key in keyed.keys:
        yield key.shown
        yield from (shown for _, shown in key.mistakes)
    if keyed.solution is not None:
        yield keyed.solution
