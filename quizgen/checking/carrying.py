"""The files of a template that go to a machine that does not see its bank; what is said of them there is said of those here."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from quizgen.bank import Bank
from quizgen.bank.bank import CONCEPTS, MISTAKES


@dataclass(frozen=True, slots=True)
class Carried:
    """All that a template is made of, by path in its bank. ``names`` are the files' names here, ``folder`` that of the bank."""

    id: str
    file: str
    files: Mapping[str, bytes]
    names: Mapping[str, str]
    folder: str

    @classmethod
    def of(cls, bank: Bank, id: str, file: Path) -> Carried:
        """What goes with the template in a file of a bank.

        Raises:
            BankError: it does not load, even without being proven.
        """
        files = dict(bank.load(id, file).sources)
        own = next(iter(files))
        home = PurePosixPath(own).parent
        beside = {path: os.path.relpath(path, home) for path in files}  # as another file that it extends is called
        names = {path: os.path.normpath(file.parent / way) for path, way in beside.items()}
        for name in (CONCEPTS, MISTAKES):
            if (bank.folder / name).is_file():
                files[name] = (bank.folder / name).read_bytes()
                names[name] = str(bank.folder / name)
        return cls(id, own, files, {**names, own: str(file)}, str(bank.folder))

    def renamed(self, text: str, folder: Path) -> str:
        """A text that speaks of files unpacked in ``folder``, with the names that they have here."""
        for path, name in sorted(self.names.items(), reverse=True):  # a longer path before one that it begins with
            text = text.replace(str(folder / path), name)
        return text.replace(str(folder), self.folder)
