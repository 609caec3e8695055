"""A bank: a folder of templates with its concepts and mistakes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quizgen.bank.compiling import compile_template
from quizgen.bank.concepts import Concepts, load_concepts
from quizgen.bank.files import read_bytes
from quizgen.bank.mistakes import Mistakes, load_mistakes
from quizgen.bank.source import read_with_extends
from quizgen.bank.spelling import suggest
from quizgen.bank.template import Template
from quizgen.errors import BankError, Problem, QuizgenError
from quizgen.shipped import bank_folder

CONCEPTS, MISTAKES, QUIZZES = "concepts.yaml", "mistakes.yaml", "quizzes"
MAX_TABLE_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Header:
    """What a template says of itself, known without compiling it."""

    id: str
    title: str
    concept: str
    level: str
    minutes: float
    tags: tuple[str, ...]
    kinds: tuple[str, ...]


class Bank(Mapping[str, Template]):
    """Templates by id, each loaded when it is asked for. Ids are paths in the folder without ``.yaml``."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise BankError.at(folder, "there is no such folder; a bank is a folder of templates")
        self.folder = folder
        self.concepts = _concepts(folder)
        self.mistakes = _mistakes(folder, self.concepts)
        self._files = {_id(folder, file): file for file in _template_files(folder)}
        self._loaded: dict[str, Template] = {}

    def __getitem__(self, id: str) -> Template:
        """The template. `BankError` for one that is wrong or not there."""
        if id not in self._files:
            raise BankError.at(self.folder, f"there is no template '{id}'{suggest(id, self._files)}")
        if id not in self._loaded:
            self._loaded[id] = self._load(id, self._files[id])
        return self._loaded[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def __contains__(self, id: object) -> bool:
        return id in self._files

    def load_all(self) -> list[Template]:
        """Every template. Raises `BankError` with the problems of all files."""
        problems: list[Problem] = []
        for id in self:
            try:
                _ = self[id]
            except BankError as error:
                problems.extend(error.problems)
        if problems:
            raise BankError(problems)
        return [self[id] for id in self]

    def headers(self) -> list[Header]:
        """What every template says of itself; files that cannot be read as YAML are left to `load_all`."""
        return [header for id, file in self._files.items() if (header := self._header(id, file))]

    def _header(self, id: str, file: Path) -> Header | None:
        try:
            document = read_with_extends(file, self.folder)
        except BankError:
            return None
        value = document.value
        answers: list[Any] = [value(("answer",))] if value(("answer",)) else list((value(("answers",)) or {}).values())
        kinds = dict.fromkeys(str(answer.get("kind")) for answer in answers if isinstance(answer, dict))
        minutes = value(("minutes",), 0)
        return Header(
            id,
            str(value(("title",), id)),
            str(value(("concept",), "")),
            str(value(("level",), "")),
            float(minutes) if isinstance(minutes, int | float) else 0.0,
            tuple(map(str, value(("tags",), None) or ())),
            tuple(kinds),
        )

    def _load(self, id: str, file: Path) -> Template:
        document = read_with_extends(file, self.folder, name=str(file))
        return compile_template(id, document, self.concepts, self.mistakes, lambda name: self._table(file, name))

    def _table(self, template: Path, name: str) -> bytes:
        file = (template.parent / name).resolve()
        if not file.is_relative_to(self.folder.resolve()):
            raise QuizgenError(f"'{name}' lies outside the bank")
        if not file.is_file():
            raise QuizgenError(f"there is no data file '{name}' beside the template")
        return read_bytes(file, limit=MAX_TABLE_BYTES, error=QuizgenError)

    def frozen(self, ids: list[str]) -> dict[str, str]:
        """All files that these templates are made of, by path in the bank: what a manifest keeps."""
        files = {name: self._source(name) for name in (CONCEPTS, MISTAKES)}
        root = self.folder.resolve()
        for id in ids:
            here = self._files[id]
            for name, raw in self[id].sources:
                path = Path(name) if Path(name).is_absolute() or Path(name) == here else None
                file = (path or _found(here, name, root)).resolve()
                files[file.relative_to(root).as_posix()] = raw.decode("utf-8-sig")
        return files

    def _source(self, name: str) -> str:
        for folder in (self.folder, bank_folder()):
            if (folder / name).is_file():
                return (folder / name).read_text(encoding="utf-8-sig")
        return ""


def _found(template: Path, name: str, root: Path) -> Path:
    """The file that a template's source is: named from the working folder, or relative to the template."""
    direct = Path(name)
    return direct if direct.exists() and direct.resolve().is_relative_to(root) else template.parent / name


def load_bank(folder: str | Path | None = None) -> Bank:
    """The bank in a folder, by default the one that travels with quizgen.

    A bank without its own ``concepts.yaml`` or ``mistakes.yaml`` uses those of the shipped one.

    Raises:
        BankError: no such folder, or its concepts or mistakes are wrong. Templates are checked when asked for.
    """
    return Bank(bank_folder() if folder is None else Path(folder))


def load_template(file: str | Path) -> Template:
    """The template in a file; its bank is the nearest folder above that has a ``concepts.yaml``, or else its own folder."""
    path = Path(file)
    if not path.is_file():
        raise BankError.at(path, "there is no such file")
    folder = next((p for p in path.resolve().parents if (p / CONCEPTS).is_file()), path.resolve().parent)
    bank = Bank(folder)
    return bank._load(_id(folder, path.resolve()), path)


def _id(folder: Path, file: Path) -> str:
    return file.relative_to(folder).with_suffix("").as_posix()


def _template_files(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*.y*ml")):
        parts = file.relative_to(folder).parts
        hidden = any(part.startswith((".", "_")) for part in parts)
        if (
            re.fullmatch(r"\.ya?ml", file.suffix)
            and not hidden
            and parts[0] != QUIZZES
            and parts not in ((CONCEPTS,), (MISTAKES,))
        ):
            yield file


def _concepts(folder: Path) -> Concepts:
    own = folder / CONCEPTS
    return load_concepts(own if own.is_file() else bank_folder() / CONCEPTS)


def _mistakes(folder: Path, concepts: Concepts) -> Mistakes:
    own = folder / MISTAKES
    return load_mistakes(own if own.is_file() else bank_folder() / MISTAKES, concepts if own.is_file() else None)
