"""Building a quiz for a class: worksheets, keys, manifest, response template and index, all or nothing.

The class is done a part at a time, by as many processes as are wanted, so the memory for items does not grow with it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import polars as pl

from quizgen.bank import Bank
from quizgen.errors import QuizError
from quizgen.items import Text
from quizgen.quizzes.assembling import fields_of
from quizgen.quizzes.assignment import Assignment, Slot, assign, slots_of
from quizgen.quizzes.blueprint import Blueprint
from quizgen.quizzes.codes import build_code, sheet_code
from quizgen.quizzes.frozen import FrozenBank
from quizgen.quizzes.layouts import LAYOUTS
from quizgen.quizzes.manifest import Manifest, QuizFacts, Sheet, SlotFacts, content_digest, write_manifest
from quizgen.quizzes.naming import file_names
from quizgen.quizzes.outputs import check_output, whole_output
from quizgen.quizzes.roster import Roster
from quizgen.quizzes.sheets import ENDINGS, PART, WORTH, SheetsJob, parts_of, write_part
from quizgen.quizzes.tables import write_table
from quizgen.rendering import ClassIndex, ClassRow, check_text, class_index
from quizgen.workers import Workers, complete, team

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made, in a folder or at a URL. ``minutes``: the shortest and the longest expected time of a worksheet."""

    folder: Path | str
    build: str
    students: int
    items: int
    minutes: tuple[float, float]
    warnings: tuple[str, ...]


def build_quiz(
    blueprint: Blueprint,
    bank: Bank,
    roster: Roster,
    out: Path | str,
    *,
    flavours: Sequence[str] = ("html",),
    force: bool = False,
    secret: bytes | None = None,
    layout: str = "files",
    workers: int | Workers | None = 1,
    progress: Progress = lambda done: None,
) -> Built:
    """Builds worksheets for a class into the folder or URL ``out``. ``progress`` is called with how many students are done.

    The same ``secret`` (by default a new one) gives the same worksheets for the same quiz, bank and class, whoever does the
    work: ``workers`` is a number of processes that do parts of the class (None: one for each core), or those of a cluster,
    who must see ``out``. ``layout`` is one of `LAYOUTS`.

    Raises:
        QuizError, BankError, VariantError: the quiz or a template is wrong.
        OutputError: the place is taken, or cannot be written; nothing is left there then.
        WorkerError: a part of the class could not be done.
    """
    slots = checked_slots(blueprint, bank)
    check_output(out, force, "manifest.json")
    key = secrets.token_bytes(32) if secret is None else secret
    crew = team(workers, -(-len(roster.students) // PART), WORTH)
    assignment = assign(blueprint, slots, bank, [student.id for student in roster.students], key, crew)
    frozen = FrozenBank.of(bank, sorted({item.template for row in assignment.items for item in row}))
    manifest = _manifest(blueprint, bank, frozen, roster, slots, assignment, key)
    with whole_output(out, force, "manifest.json", shared=not crew.local) as output:
        for name in ("worksheets", "keys"):
            output.make(name)
        job = SheetsJob(replace(manifest, sheets=(), files={}), frozen, output, tuple(flavours), layout)
        done = 0
        with closing(crew.results(write_part, job, parts_of(manifest.sheets))) as made:
            for some in complete(made):
                done += some
                progress(done)
        with output.open("responses-template.csv") as file:
            _write_response_template(file, manifest, bank)
        with output.open("index.html") as file:
            _write_index(file, manifest, flavours, layout, assignment.warnings)
        with output.open("manifest.json") as file:
            write_manifest(file, manifest)
    items = sum(len(row) for row in assignment.items)
    times = [sum(bank[item.template].minutes for item in row) for row in assignment.items]
    return Built(out, manifest.build, len(roster.students), items, (min(times), max(times)), assignment.warnings)


def checked_slots(blueprint: Blueprint, bank: Bank) -> tuple[Slot, ...]:
    """The slots of a quiz. Raises `QuizError` with every problem of its picks and its instructions."""
    problems = [
        blueprint.document.text_problem(("instructions",), message, line, column)
        for line, column, message in check_text(Text(blueprint.instructions))
    ]
    try:
        slots = slots_of(blueprint, bank)
    except QuizError as error:
        raise QuizError([*problems, *error.problems]) from error
    if problems:
        raise QuizError(problems)
    return slots


def _manifest(
    blueprint: Blueprint,
    bank: Bank,
    frozen: FrozenBank,
    roster: Roster,
    slots: Sequence[Slot],
    assignment: Assignment,
    secret: bytes,
) -> Manifest:
    names = file_names([student.id for student in roster.students])
    codes = _codes(secret, [student.id for student in roster.students])
    manifest = Manifest(
        "",
        datetime.now(UTC).isoformat(timespec="seconds"),
        secret,
        QuizFacts.of(blueprint),
        tuple(SlotFacts(slot.section, slot.points) for slot in slots),
        str(bank.folder.resolve()),
        frozen.files,
        tuple(
            Sheet(student, code, name, items)
            for student, code, name, items in zip(roster.students, codes, names, assignment.items, strict=True)
        ),
    )
    return replace(manifest, build=build_code(secret, content_digest(manifest)))


def _codes(secret: bytes, students: Sequence[str]) -> list[str]:
    taken: set[str] = set()
    codes = []
    for student in students:
        salt = 0
        while (code := sheet_code(secret, student, salt)) in taken:
            salt += 1
        taken.add(code)
        codes.append(code)
    return codes


def _write_response_template(file: IO[bytes], manifest: Manifest, bank: Bank) -> None:
    """A wide table with a row for each student and a column for each field."""
    fields: dict[str, None] = {}
    for sheet in manifest.sheets:
        fields.update(dict.fromkeys(fields_of(bank, sheet)))
    columns = sorted(fields, key=_number)  # a question's own fields stay in the order of the worksheet
    students = [sheet.student for sheet in manifest.sheets]
    blank = [""] * len(students)
    table = {"student": [s.id for s in students], "name": [s.name for s in students], "submitted": blank}
    write_table(pl.DataFrame({**table, **dict.fromkeys(columns, blank)}), file)


def _number(field: str) -> int:
    return int(field[1:].partition(".")[0])


def _write_index(file: IO[bytes], manifest: Manifest, flavours: Sequence[str], layout: str, warnings: Sequence[str]) -> None:
    def rows() -> Iterator[ClassRow]:
        for sheet in manifest.sheets:
            if not LAYOUTS[layout].single:
                yield ClassRow(sheet.student.id, sheet.student.name, sheet.code, ())
                continue
            links = tuple((flavour, f"worksheets/{sheet.file}{ENDINGS[flavour]}") for flavour in flavours)
            key = f"keys/{sheet.file}{ENDINGS[flavours[0]]}"
            yield ClassRow(sheet.student.id, sheet.student.name, sheet.code, links, key)

    handed = "the file from worksheets/" if LAYOUTS[layout].single else f"the page from worksheets/ ({LAYOUTS[layout].about})"
    steps = (
        f"Give each student {handed}; keep keys/ and manifest.json to yourself. Collect the response files "
        "that students save, or type answers into responses-template.csv. Then run: "
        "quizgen grade manifest.json RESPONSES --out graded"
    )
    index = ClassIndex(manifest.quiz.title, rows(), len(manifest.sheets), tuple(warnings), steps)
    file.writelines(text.encode() for text in class_index(index))
