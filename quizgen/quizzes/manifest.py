"""The manifest: all that is needed to make a build's worksheets again and to grade them. Private to the instructor.

It keeps the templates themselves, so that a bank edited after the build changes nothing that was handed out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any, TypeVar

from quizgen.bank import Bank
from quizgen.errors import BankError, ManifestError
from quizgen.quizzes.assignment import Assigned
from quizgen.quizzes.blueprint import Attempts, Blueprint, Late
from quizgen.quizzes.frozen import unpacked
from quizgen.quizzes.roster import Student
from quizgen.shipped import bank_folder

FORMAT, VERSION = "quizgen-manifest", 1

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class QuizFacts:
    """What a worksheet and grading need of the quiz file. ``sections`` are titles; ``due`` is ISO 8601, or empty."""

    title: str
    instructions: str
    due: str
    due_words: str
    decimal_comma: bool
    hints: bool
    show_titles: bool
    attempts: Attempts
    late: Late
    late_penalty: float
    sections: tuple[str, ...]

    @classmethod
    def of(cls, blueprint: Blueprint) -> QuizFacts:
        """The facts of a quiz file."""
        return cls(
            blueprint.title,
            blueprint.instructions,
            blueprint.due.isoformat() if blueprint.due else "",
            blueprint.due_words,
            blueprint.decimal_comma,
            blueprint.hints,
            blueprint.show_titles,
            blueprint.attempts,
            blueprint.late,
            blueprint.late_penalty,
            tuple(section.title for section in blueprint.sections),
        )

    @property
    def due_time(self) -> datetime | None:
        """The due moment, with offset."""
        return datetime.fromisoformat(self.due) if self.due else None


@dataclass(frozen=True, slots=True)
class SlotFacts:
    """A slot's section (its place in ``sections``) and points."""

    section: int
    points: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """One student's worksheet: who, its code, its file's name without ending, and its items in order."""

    student: Student
    code: str
    file: str
    items: tuple[Assigned, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """A build. ``files`` are the bank's files that it used, by path in the bank, which stood in ``bank_folder``."""

    build: str
    created: str
    secret: bytes
    quiz: QuizFacts
    slots: tuple[SlotFacts, ...]
    bank_folder: str
    files: Mapping[str, str]
    sheets: tuple[Sheet, ...]

    @contextmanager
    def bank(self) -> Iterator[Bank]:
        """The bank as it was when the build was made."""
        with unpacked(self.files) as bank:
            yield bank

    @property
    def templates(self) -> list[str]:
        """The ids of the templates of all items, in order."""
        return sorted({item.template for sheet in self.sheets for item in sheet.items})


def changed_files(manifest: Manifest, folder: Path | None = None) -> list[str]:
    """Files of the frozen bank that differ from those in the bank's folder now; none where that folder is gone."""
    now = folder if folder is not None else Path(manifest.bank_folder)
    changed: list[str] = []
    if not now.is_dir():
        return changed
    for name, text in manifest.files.items():
        path = now / name if (now / name).is_file() else bank_folder() / name
        try:
            same = path.read_text(encoding="utf-8-sig") == text
        except (OSError, UnicodeDecodeError):
            same = False
        if not same:
            changed.append(name)
    return changed


def content_digest(manifest: Manifest) -> str:
    """SHA-256 over what decides the worksheets and the grading: not the build's name and time, nor where its bank stood."""
    head = {key: value for key, value in _head(manifest).items() if key not in ("build", "created", "bank")}
    return _digest(head, _lines(manifest))


def write_manifest(path: Path | IO[bytes], manifest: Manifest) -> None:
    """Writes the manifest to a file or a stream, a student a line, with a digest of all of it at the end."""
    write_kept(path, _head(manifest), "students", lambda: _lines(manifest))


def write_kept(path: Path | IO[bytes], head: Mapping[str, Any], key: str, lines: Callable[[], Iterable[Any]]) -> None:
    """Writes a manifest: its head, then under ``key`` a line for each of ``lines``, then a digest of both."""
    with path.open("wb") if isinstance(path, Path) else nullcontext(path) as out:
        text = json.dumps(head, ensure_ascii=False, indent=1)
        out.write((text.removesuffix("\n}") + f',\n "{key}": [').encode())
        for i, line in enumerate(lines()):
            out.write(((",\n  " if i else "\n  ") + json.dumps(line, ensure_ascii=False)).encode())
        out.write(f'\n ],\n "digest": "{_digest(head, lines())}"\n}}\n'.encode())


def _head(manifest: Manifest) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "build": manifest.build,
        "created": manifest.created,
        "secret": manifest.secret.hex(),
        "quiz": asdict(manifest.quiz),
        "slots": [asdict(slot) for slot in manifest.slots],
        "templates": manifest.templates,
        "bank": manifest.bank_folder,
        "files": dict(manifest.files),
    }


def _lines(manifest: Manifest) -> Iterator[dict[str, Any]]:
    """Every student's part of the manifest."""
    number = {template: i for i, template in enumerate(manifest.templates)}
    for sheet in manifest.sheets:
        yield {
            "id": sheet.student.id,
            "name": sheet.student.name,
            "email": sheet.student.email,
            "extra": [list(pair) for pair in sheet.student.extra],
            "code": sheet.code,
            "file": sheet.file,
            "items": [[item.slot, number[item.template], item.ordinal] for item in sheet.items],
        }


def _digest(head: Mapping[str, Any], lines: Iterable[Any]) -> str:
    """SHA-256 over the values, however their JSON is laid out."""
    whole = hashlib.sha256(json.dumps(head, sort_keys=True).encode())
    for line in lines:
        whole.update(b"\n" + json.dumps(line, sort_keys=True).encode())
    return whole.hexdigest()


def read_manifest(path: Path) -> Manifest:
    """The manifest in a file, or in a build's folder.

    Raises:
        ManifestError: it is not one, or was made by a newer quizgen.
    """
    file = path / "manifest.json" if path.is_dir() else path
    where = "it is the file manifest.json in the folder that build wrote"
    return read_kept(file, (FORMAT, VERSION), "students", _manifest, made="build", where=where)


def read_kept(
    file: Path, form: tuple[str, int], key: str, make: Callable[[Mapping[str, Any]], T], *, made: str, where: str
) -> T:
    """What ``make`` makes of a manifest that `write_kept` wrote, of a format and version, with lines under ``key``.

    ``made`` is the command that wrote it, and ``where`` says where it stands.

    Raises:
        ManifestError: it is none, was made by a newer quizgen, was changed since, or is damaged.
    """
    format, version = form
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ManifestError(f"{file}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ManifestError(f"{file}: is not a manifest, for it is no JSON ({error}); {where}") from error
    if not isinstance(data, dict) or data.get("format") != format:
        raise ManifestError(f"{file}: is not a manifest; {where}")
    if data.get("version") != version:
        raise ManifestError(f"{file}: is a manifest of version {data.get('version')}; this quizgen reads version {version}")
    try:
        head = {name: value for name, value in data.items() if name not in (key, "digest")}
        if data["digest"] != _digest(head, data[key]):
            raise ManifestError(f"{file}: was changed after the {made}; use the original, or {made} again")
        return make(data)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, BankError) as error:
        raise ManifestError(
            f"{file}: is damaged ({type(error).__name__}: {error}); use the original, or {made} again"
        ) from error


def quiz_of(data: Mapping[str, Any]) -> QuizFacts:
    """The facts of the quiz in a manifest's data."""
    quiz = dict(data["quiz"])
    quiz["sections"] = tuple(quiz["sections"])
    return QuizFacts(**quiz)


def files_of(data: Mapping[str, Any]) -> dict[str, str]:
    """The bank's files in a manifest's data. `ValueError` for a name that leads out of the bank."""
    files = {str(name): str(text) for name, text in data["files"].items()}
    for name in files:
        parts = PurePosixPath(name).parts
        if PurePosixPath(name).is_absolute() or ".." in parts or "\\" in name or ":" in name:
            raise ValueError(f"the file name {name!r} leads out of the bank")
    return files


def slot_facts_of(data: Mapping[str, Any]) -> tuple[SlotFacts, ...]:
    """The slots in a manifest's data."""
    return tuple(SlotFacts(int(slot["section"]), float(slot["points"])) for slot in data["slots"])


def _manifest(data: Mapping[str, Any]) -> Manifest:
    slots = slot_facts_of(data)
    sheets = tuple(_sheets(data["students"], data["templates"], len(slots)))
    if len({sheet.student.id for sheet in sheets}) < len(sheets):
        raise ValueError("a student stands in it twice")
    return Manifest(
        str(data["build"]),
        str(data["created"]),
        bytes.fromhex(data["secret"]),
        quiz_of(data),
        slots,
        str(data["bank"]),
        files_of(data),
        sheets,
    )


def _sheets(students: Iterable[Mapping[str, Any]], templates: list[str], slots: int) -> Iterator[Sheet]:
    for line in students:
        items = []
        for slot, template, ordinal in line["items"]:
            if not (0 <= slot < slots and 0 <= template < len(templates) and ordinal >= 0):
                raise ValueError(f"the items of student {line['id']!r} make no sense")
            items.append(Assigned(int(slot), templates[template], int(ordinal)))
        student = Student(line["id"], line["name"], line["email"], tuple((column, cell) for column, cell in line["extra"]))
        yield Sheet(student, line["code"], line["file"], tuple(items))
