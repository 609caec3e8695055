"""Which templates are meant by the words of a command line: files, folders, quizzes, ids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from quizgen.bank import Bank, load_bank
from quizgen.bank.bank import CONCEPTS
from quizgen.bank.source import read_document
from quizgen.checking.run import Target
from quizgen.errors import BankError
from quizgen.quizzes.assignment import slots_of
from quizgen.quizzes.blueprint import load_blueprint


def targets(words: Sequence[str], folder: str | Path | None = None) -> list[Target]:
    """The templates meant, each once, in order; the whole bank where no words are given.

    Raises:
        BankError, QuizError: a word means nothing.
    """
    if not words:
        return list(_of_bank(load_bank(folder)))
    found = (target for word in words for target in _meant(word, folder))
    return list({target.file.resolve(): target for target in found}.values())


def _meant(word: str, folder: str | Path | None) -> Iterator[Target]:
    path = Path(word)
    if path.is_dir():
        inside = path.resolve()
        found = [target for target in _of_bank(load_bank(_bank_folder(path))) if target.file.resolve().is_relative_to(inside)]
        if not found:
            raise BankError.at(path, "there are no templates in this folder")
        yield from found
    elif path.suffix in (".yaml", ".yml") and path.is_file():
        if _is_quiz(path):
            bank = load_bank(folder)
            wanted = {id for slot in slots_of(load_blueprint(path), bank) for id in slot.templates}
            yield from (target for target in _of_bank(bank) if target.id in wanted)
        else:
            home = _bank_folder(path.parent)
            yield Target(home, path.resolve().relative_to(home).with_suffix("").as_posix(), path)
    elif path.is_file():
        raise BankError.at(path, "this is no YAML file; a template, a quiz, a folder of them or a template's id is checked")
    else:
        bank = load_bank(folder)
        named = [id for id in bank if id == word or id.rpartition("/")[2] == word]
        if not named:
            raise BankError.at(bank.folder, bank.missing(word))
        yield from (target for target in _of_bank(bank) if target.id in named)


def _of_bank(bank: Bank) -> Iterator[Target]:
    yield from (Target(bank.folder, id, file) for id, file in bank.files.items())


def _bank_folder(inside: Path) -> Path:
    """The nearest folder upwards that has concepts, else the folder itself."""
    folder = inside.resolve()
    return next((up for up in (folder, *folder.parents) if (up / CONCEPTS).is_file()), folder)


def _is_quiz(file: Path) -> bool:
    data = read_document(file).data
    return isinstance(data, dict) and bool({"sections", "items"} & set(data)) and "stem" not in data
