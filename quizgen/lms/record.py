"""The manifest of an export: all that is needed to write it again, and to mark what comes back. Private to the instructor."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from quizgen.bank import Bank
from quizgen.lms.base import Question
from quizgen.lms.plan import Sent, drawn
from quizgen.quizzes.assignment import Assigned
from quizgen.quizzes.codes import build_code, sheet_code
from quizgen.quizzes.manifest import (
    Manifest,
    QuizFacts,
    Sheet,
    SlotFacts,
    files_of,
    quiz_of,
    read_kept,
    slot_facts_of,
    write_kept,
)
from quizgen.quizzes.naming import file_names
from quizgen.quizzes.roster import Student

FORMAT, VERSION = "quizgen-export", 1


@dataclass(frozen=True, slots=True)
class Record:
    """An export: its format with options, the quiz, the slots' points, the bank's files that it used, and each variant.

    ``earlier`` are exports that it has replaced, the latest first, of whose questions it lacks some: students may have
    met them.
    """

    secret: bytes
    format: str
    dialect: str
    math: str
    quiz: QuizFacts
    slots: tuple[SlotFacts, ...]
    bank_folder: str
    files: Mapping[str, str]
    sent: tuple[Sent, ...]
    earlier: tuple[Record, ...] = ()

    def replacing(self, before: Record) -> Record:
        """The export that replaces another one, and remembers it and those before where their questions are not its own."""
        codes = {one.code for one in self.sent}
        line = (replace(before, earlier=()), *before.earlier)
        return replace(self, earlier=tuple(old for old in line if not {one.code for one in old.sent} <= codes))

    @contextmanager
    def bank(self) -> Iterator[Bank]:
        """The bank as it was when the export was made."""
        with self.manifest([], []).bank() as bank:
            yield bank

    def questions(self, bank: Bank) -> Iterator[Question]:
        """Every question of the export, drawn from the bank as it was."""
        by_template: dict[tuple[int, str], list[Sent]] = {}
        for one in self.sent:
            by_template.setdefault((one.slot, one.template), []).append(one)
        for (slot, template), mine in by_template.items():
            points = self.slots[slot].points
            yield from drawn(
                bank[template], points, mine, self.secret, decimal_comma=self.quiz.decimal_comma, hints=self.quiz.hints
            )

    def manifest(self, students: Sequence[Student], items: Sequence[Sequence[Sent]]) -> Manifest:
        """The manifest of a build in which these students had these variants: by it their responses are graded."""
        names = file_names([student.id for student in students])
        sheets = tuple(
            Sheet(
                student,
                sheet_code(self.secret, student.id),
                name,
                tuple(Assigned(one.slot, one.template, one.ordinal) for one in mine),
            )
            for student, name, mine in zip(students, names, items, strict=True)
        )
        return Manifest(
            build_code(self.secret, json.dumps([asdict(one) for one in self.sent])),
            "",
            self.secret,
            self.quiz,
            self.slots,
            self.bank_folder,
            self.files,
            sheets,
        )


def write_record(path: Path, record: Record) -> None:
    """Writes the manifest, a variant a line, with a digest of all of it at the end."""
    head = {"format": FORMAT, "version": VERSION, **_head(record), "earlier": [_whole(old) for old in record.earlier]}
    write_kept(path, head, "variants", lambda: _lines(record))


def _head(record: Record) -> dict[str, Any]:
    return {
        "secret": record.secret.hex(),
        "written": {"format": record.format, "dialect": record.dialect, "math": record.math},
        "quiz": asdict(record.quiz),
        "slots": [asdict(slot) for slot in record.slots],
        "templates": _templates(record),
        "bank": record.bank_folder,
        "files": dict(record.files),
    }


def _whole(record: Record) -> dict[str, Any]:
    return {**_head(record), "variants": list(_lines(record))}


def _templates(record: Record) -> list[str]:
    return sorted({one.template for one in record.sent})


def _lines(record: Record) -> Iterator[list[Any]]:
    """Every variant's part of the manifest."""
    number = {template: i for i, template in enumerate(_templates(record))}
    for one in record.sent:
        yield [one.code, one.slot, number[one.template], one.ordinal]


def read_record(path: Path) -> Record:
    """The manifest of an export in a file.

    Raises:
        ManifestError: it is not one, or was made by a newer quizgen.
    """
    where = "that of an export stands beside the file that export wrote"
    return read_kept(path, (FORMAT, VERSION), "variants", _record, made="export", where=where)


def _record(data: Mapping[str, Any]) -> Record:
    templates, slots = data["templates"], slot_facts_of(data)
    sent = []
    for code, slot, template, ordinal in data["variants"]:
        if not (0 <= slot < len(slots) and 0 <= template < len(templates) and ordinal >= 0):
            raise ValueError(f"the variant {code!r} makes no sense")
        sent.append(Sent(str(code), int(slot), templates[template], int(ordinal)))
    written = data["written"]
    return Record(
        bytes.fromhex(data["secret"]),
        str(written["format"]),
        str(written["dialect"]),
        str(written["math"]),
        quiz_of(data),
        slots,
        str(data["bank"]),
        files_of(data),
        tuple(sent),
        tuple(map(_record, data.get("earlier", []))),
    )


def is_record(path: Path) -> bool:
    """Whether a file is the manifest of an export, so that what comes back of it is an LMS's."""
    try:
        with path.open("rb") as stream:
            return f'"format": "{FORMAT}"'.encode() in stream.read(200)
    except OSError:
        return False
