"""A bank: a folder of templates with its concepts and mistakes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from quizgen.bank.compiling import compile_template
from quizgen.bank.concepts import Concepts, load_concepts
from quizgen.bank.files import read_bytes
from quizgen.bank.mistakes import Mistakes, load_mistakes
from quizgen.bank.source import read_with_extends
from quizgen.bank.template import Template
from quizgen.errors import BankError, Problem, QuizgenError
from quizgen.shipped import bank_folder
from quizgen.spelling import closest, listed

CONCEPTS, MISTAKES, QUIZZES = "concepts.yaml", "mistakes.yaml", "quizzes"
MAX_TABLE_BYTES = 20_000_000

_FEW = 12
"""A bank of more templates than these is not listed in a message."""

T = TypeVar("T")


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

    def __init__(self, folder: Path, *, prove: bool = True, kept: bool = False) -> None:
        if not folder.is_dir():
            raise BankError.at(folder, "there is no such folder; a bank is a folder of templates")
        self.folder = folder
        self._prove = prove
        self.concepts = _concepts(folder)
        self.mistakes = _mistakes(folder, None if kept else self.concepts)
        self._loaded: dict[str, Template] = {}

    @cached_property
    def files(self) -> dict[str, Path]:
        """Every template's file; listed when first needed, for a single template can be loaded from any folder."""
        files: dict[str, Path] = {}
        for file in _template_files(self.folder):
            id = _id(self.folder, file)
            if id in files:
                raise BankError.at(file, f"{files[id].name} and {file.name} are both the template '{id}'; keep one of them")
            files[id] = file
        return files

    def __getitem__(self, id: str) -> Template:
        """The template. `BankError` for one that is wrong or not there."""
        if id not in self.files:
            raise BankError.at(self.folder, self.missing(id))
        if id not in self._loaded:
            self._loaded[id] = self.load(id, self.files[id])
        return self._loaded[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)

    def __contains__(self, id: object) -> bool:
        return id in self.files

    def missing(self, id: str) -> str:
        """What to say of a template that is not there: the one that was probably meant, or what else may be."""
        near = self._nearest(id)
        if near is None and len(self) > _FEW:
            has = f"this bank has {len(self)}, which `quizgen list` names"
            return f"there is no template '{id}'; {has}; another bank is given with --bank"
        return f"there is no template '{id}'{meant(near, self)}"

    def missing_concept(self, id: str) -> str:
        """What to say of a concept that is not in the course."""
        return f"there is no concept '{id}'{meant(closest(id, self.concepts), self.concepts)}"

    def _nearest(self, id: str) -> str | None:
        """The template meant by a misspelt id, or by its last part alone."""
        names = {known.rpartition("/")[2]: known for known in self}
        return closest(id, self) or names.get(closest(id.rpartition("/")[2], names) or "")

    def load_all(self) -> list[Template]:
        """Every template. Raises `BankError` with the problems of all files."""
        return self._every(self.__getitem__)

    def headers(self) -> list[Header]:
        """What every template says of itself. Raises `BankError` with the problems of all files that are no YAML: what they
        say is not known.
        """
        return self._every(self.header)

    def _every(self, load: Callable[[str], T]) -> list[T]:
        """What is loaded of every template. Raises `BankError` with the problems of all."""
        loaded: list[T] = []
        problems: list[Problem] = []
        for id in self:
            try:
                loaded.append(load(id))
            except BankError as error:
                problems.extend(error.problems)
        if problems:
            raise BankError(problems)
        return loaded

    def header(self, id: str) -> Header:
        """What a template says of itself. Raises `BankError` where its file is no YAML."""
        value = read_with_extends(self.files[id], self.folder).value
        several = value(("answers",))
        answers = [value(("answer",)), *(several.values() if isinstance(several, dict) else ())]
        kinds = dict.fromkeys(str(answer.get("kind")) for answer in answers if isinstance(answer, dict))
        minutes, tags = value(("minutes",)), value(("tags",))
        return Header(
            id,
            str(value(("title",), id)),
            str(value(("concept",), "")),
            str(value(("level",), "")),
            float(minutes) if isinstance(minutes, int | float) else 0.0,
            tuple(map(str, tags)) if isinstance(tags, list) else (),
            tuple(kinds),
        )

    def load(self, id: str, file: Path) -> Template:
        """The template in a file of the bank's folder. Raises `BankError` with every problem."""
        if self._inside(file) is None:
            raise BankError.at(file, "this link leads to no file inside the bank; only those are read")
        document = read_with_extends(file, self.folder, name=str(file))
        tables: dict[str, bytes] = {}

        def read(name: str) -> bytes:
            path, tables[path] = self._table(file, name)
            return tables[path]

        template = compile_template(id, document, self.concepts, self.mistakes, read, prove=self._prove)
        texts = {str(self._inside(Path(name))): raw for name, raw in document.sources}
        return replace(template, sources=tuple((texts | tables).items()))

    def _inside(self, file: Path) -> str | None:
        """The path of a file in the bank, links followed; None for one outside, or where the name is none."""
        try:
            return file.resolve().relative_to(self.folder.resolve()).as_posix()
        except (ValueError, RuntimeError, OSError):  # outside, or a NUL in the name; links in a circle; too long
            return None

    def _table(self, template: Path, name: str) -> tuple[str, bytes]:
        """Path in the bank and bytes of a data file that is named relative to a template."""
        path = self._inside(template.parent / name)
        if path is None:
            raise QuizgenError(f"'{name}' lies outside the bank")
        file = self.folder / path
        try:
            found = file.is_file()
        except OSError:  # too long a name
            found = False
        if not found:
            raise QuizgenError(f"there is no data file '{name[:80]}' beside the template")
        return path, read_bytes(file, limit=MAX_TABLE_BYTES, error=QuizgenError, name=name)

    def frozen(self, ids: list[str]) -> dict[str, str]:
        """All files that these templates are made of, by path in the bank: what a manifest keeps."""
        files = {name: self._source(name) for name in (CONCEPTS, MISTAKES)}
        for id in ids:
            files.update((path, raw.decode("utf-8-sig")) for path, raw in self[id].sources)
        return files

    def _source(self, name: str) -> str:
        for folder in (self.folder, bank_folder()):
            if (folder / name).is_file():
                return (folder / name).read_text(encoding="utf-8-sig")
        return ""


def load_bank(folder: str | Path | None = None, *, prove: bool | None = None, kept: bool = False) -> Bank:
    """The bank in a folder, by default the one that travels with quizgen.

    A bank without its own ``concepts.yaml`` or ``mistakes.yaml`` uses those of the shipped one. ``prove=False`` skips drawing
    some variants of each template when it is loaded: for a bank that was proven before. ``kept`` says that the files are those
    that a build kept, among which the shipped mistakes may stand beside a course that lacks their concepts.

    Raises:
        BankError: no such folder, or its concepts or mistakes are wrong. Templates are checked when asked for.
    """
    own = folder is not None  # the shipped bank is proven by the tests before it is shipped
    return Bank(bank_folder() if folder is None else Path(folder), prove=own if prove is None else prove, kept=kept)


def meant(near: str | None, known: Iterable[str]) -> str:
    """The rest of a message on what a bank does not have: what was meant, or what there is and that there are other banks."""
    if near is not None:
        return f'; did you mean "{near}"?'
    has = f"this bank has {names}" if (names := listed(known)) else "this bank has none"
    return f"; {has}; another bank is given with --bank"


def find_template(word: str, folder: str | Path | None = None) -> Template:
    """The template that a person names: by a YAML file, by its id in a bank, or by the last part of its id.

    Raises:
        BankError: there is none, or several have that name; or it is wrong.
    """
    path = Path(word)
    if path.suffix in (".yaml", ".yml") and path.is_file():
        return load_template(path)
    bank = load_bank(folder)
    id = word.removesuffix(".yaml").removesuffix(".yml")
    named = [known for known in bank if known.rpartition("/")[2] == id]
    if id in bank or len(named) == 1:
        return bank[id if id in bank else named[0]]
    if named:
        raise BankError.at(bank.folder, f"there are several templates '{id}': {listed(named)}; give the whole id")
    if id != word:
        raise BankError.at(path, "there is no such file")
    return bank[id]


def load_template(file: str | Path) -> Template:
    """The template in a file; its bank is the nearest folder above that has a ``concepts.yaml``, or else its own folder."""
    path = Path(file)
    if not path.is_file():
        raise BankError.at(path, "there is no such file")
    folder = next((p for p in path.resolve().parents if (p / CONCEPTS).is_file()), path.resolve().parent)
    bank = Bank(folder)
    return bank.load(_id(folder, path.resolve()), path)


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


def _mistakes(folder: Path, concepts: Concepts | None) -> Mistakes:
    own = folder / MISTAKES
    return load_mistakes(own if own.is_file() else bank_folder() / MISTAKES, concepts if own.is_file() else None)
