"""A bank as it was when a build began: what other processes and later gradings draw from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from quizgen.bank import Bank, load_bank
from quizgen.bank.files import unpacked_files

_open: dict[str, Bank] = {}
"""The bank that this process draws from, by its digest: loaded once, however many parts are done."""


@dataclass(frozen=True, slots=True)
class FrozenBank:
    """The files that some templates are made of, by path in their bank, and a digest of them."""

    files: Mapping[str, str]
    digest: str

    @classmethod
    def of(cls, bank: Bank, ids: Sequence[str]) -> FrozenBank:
        """The files of some templates of a bank, which this process need not load again."""
        files = bank.frozen(sorted(ids))
        digest = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()
        _keep(digest, bank)
        return cls(files, digest)

    def opened(self) -> Bank:
        """The bank; every process loads it once."""
        if self.digest not in _open:
            with unpacked(self.files) as bank:
                for id in bank:  # its files are gone when the first variants are drawn
                    bank[id]
                _keep(self.digest, bank)
        return _open[self.digest]


def _keep(digest: str, bank: Bank) -> None:
    _open.clear()
    _open[digest] = bank


@contextmanager
def unpacked(files: Mapping[str, str]) -> Iterator[Bank]:
    """The bank of these files, in a folder that is there as long as they are needed."""
    with unpacked_files({name: text.encode() for name, text in files.items()}) as folder:
        yield load_bank(folder, prove=False, kept=True)  # it was proven before it was frozen
