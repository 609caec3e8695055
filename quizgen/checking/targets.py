"""Which templates are meant by the words of a command line: files, folders, quizzes, ids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from quizgen.bank import load_bank
from quizgen.bank.bank import CONCEPTS
from quizgen.bank.source import read_document
from quizgen.checking.run import Target
from quizgen.errors import BankError, ProblemsError
from quizgen.quizzes.assignment import slots_of
from quizgen.quizzes.blueprint import load_blueprint
from quizgen.shipped import bank_folder


def targets(words: Sequence[str], folder: str | Path | None = None) -> list[Target]:
    """The templates meant, each once, in order; the whole bank where no words are given.

    A file that is there and is wrong is a target like others, so that the others are checked and it is told among them.

    Raises:
        BankError: a word means nothing, or there is no such bank.
    """
    if not words:
        return _of_bank(Path(folder) if folder is not None else bank_folder())
    found = (target for word in words for target in _meant(word, folder))
    return list({target.file.resolve(): target for target in found}.values())


def _meant(word: str, folder: str | Path | None) -> Iterator[Target]:
    path = Path(word)
    if path.is_dir():
        inside = path.resolve()
        every = _of_bank(_bank_folder(path))
        found = [target for target in every if target.problems or target.file.resolve().is_relative_to(inside)]
        if not found:
            raise BankError.at(path, "there are no templates in this folder")
        yield from found
    elif path.suffix in (".yaml", ".yml") and path.is_file():
        if _is_quiz(path):
            yield from _of_quiz(path, folder)
        else:
            home = _bank_folder(path.parent)
            inside = path.parent.resolve() / path.name
            yield Target(home, inside.relative_to(home).with_suffix("").as_posix(), path)
    elif path.is_file():
        raise BankError.at(path, "this is no YAML file; a template, a quiz, a folder of them or a template's id is checked")
    else:
        bank = load_bank(folder)
        named = [id for id in bank if id == word or id.rpartition("/")[2] == word]
        if not named:
            raise BankError.at(bank.folder, bank.missing(word))
        yield from (Target(bank.folder, id, bank.files[id]) for id in named)


def _of_bank(folder: Path) -> list[Target]:
    """The templates of a bank, or the file in it that keeps it from being read."""
    try:
        bank = load_bank(folder)
        return [Target(bank.folder, id, file) for id, file in bank.files.items()]
    except BankError as error:
        if not folder.is_dir():
            raise
        return list(_wrong(folder, error))


def _of_quiz(file: Path, folder: str | Path | None) -> Iterator[Target]:
    """The templates that may stand in a quiz, or what is wrong with it."""
    bank = load_bank(folder)
    try:
        slots = slots_of(load_blueprint(file), bank)
    except ProblemsError as error:
        yield from _wrong(file.parent, error)
        return
    wanted = {id for slot in slots for id in slot.templates}
    yield from (Target(bank.folder, id, file) for id, file in bank.files.items() if id in wanted)


def _wrong(folder: Path, error: ProblemsError) -> Iterator[Target]:
    """The files in which something is wrong, each with its problems."""
    for file, problems in groupby(error.problems, lambda problem: problem.file):
        yield Target(folder, Path(file).stem, Path(file), tuple(problems))


def _bank_folder(inside: Path) -> Path:
    """The nearest folder upwards that has concepts, else the folder itself."""
    folder = inside.resolve()
    return next((up for up in (folder, *folder.parents) if (up / CONCEPTS).is_file()), folder)


def _is_quiz(file: Path) -> bool:
    try:
        data = read_document(file).data
    except BankError:  # whatever it is: it is said where it is to be checked
        return False
    return isinstance(data, dict) and bool({"sections", "items"} & set(data)) and "stem" not in data
