"""Where a build is written, from any process: a folder, or a place that a URL names. Written whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from quizgen.errors import OutputError
from quizgen.quizzes.folders import check_target, whole_folder

WRITING = ".writing"
"""The folder that is there as long as a build is written: it holds a file named by the run, and files that are half written."""


class Output(Protocol):
    """A place for files, which processes of other machines see too. Names have ``/`` between folder and file."""

    def make(self, folder: str) -> None:
        """Makes a folder."""

    def check_seen(self) -> None:
        """Nothing, or `OutputError` where this process does not see the place, or nothing is to be written there any more."""

    def write(self, name: str, content: bytes) -> None:
        """Writes a file; if it is there it has the same content, from a worker that was thought dead."""

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """A file to write to, which is there once it is closed."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder on a disk. Where it is ``shared``, a file gets its name once it is whole: others may write the same one.

    ``shown`` is how the user calls it.
    """

    path: Path
    shown: str
    token: str
    shared: bool

    def make(self, folder: str) -> None:
        """Makes a folder."""
        (self.path / folder).mkdir()

    def check_seen(self) -> None:
        """Nothing, or `OutputError` where this process does not see the folder."""
        if not (self.path / WRITING / self.token).is_file():
            raise not_seen(self.shown)

    def write(self, name: str, content: bytes) -> None:
        """Writes a file."""
        if self.shared:
            with self.open(name) as out:
                out.write(content)
        else:
            with open(f"{self.path}/{name}", "wb") as out:
                out.write(content)

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """A file to write to."""
        partial = self.path / WRITING / uuid.uuid4().hex
        with open(partial, "wb") as out:
            yield out
        os.replace(partial, self.path / name)

    @contextmanager
    def marked(self) -> Iterator[Folder]:
        """The folder, with a mark as long as it is written."""
        self.make(WRITING)
        (self.path / WRITING / self.token).touch()
        try:
            yield self
        except BaseException:
            shutil.rmtree(self.path / WRITING, ignore_errors=True)
            raise
        shutil.rmtree(self.path / WRITING)


def not_seen(shown: str) -> OutputError:
    """The error of a process that does not find what the others write to."""
    return OutputError(
        f"{shown}: a worker on {socket.gethostname()} does not see it; "
        "all machines of the cluster must share it under the same path, or --out must be a URL that all of them can write to"
    )


def is_url(out: Path | str) -> bool:
    """Whether an output is a URL rather than a folder."""
    return "://" in str(out) and not isinstance(out, Path)


def check_output(out: Path | str, force: bool, mark: str) -> None:
    """Nothing, or `OutputError` where ``out`` is taken. With ``force`` one may be that holds the file ``mark``."""
    if is_url(out):
        from quizgen.quizzes.stores import check_store

        check_store(str(out), force, mark)
    else:
        check_target(Path(out), force, mark)


@contextmanager
def whole_output(out: Path | str, force: bool, mark: str, *, shared: bool) -> Iterator[Output]:
    """The place to write to; nothing is left there if anything fails. The file ``mark`` is to be written last.

    ``shared`` says that processes of other machines write there too.

    Raises:
        OutputError: ``out`` is taken, or cannot be written.
    """
    token = secrets.token_hex(8)
    if is_url(out):
        from quizgen.quizzes.stores import whole_store

        with whole_store(str(out), force, mark, token) as output:
            yield output
    else:
        with whole_folder(Path(out), force, mark) as path, Folder(path, str(out), token, shared).marked() as output:
            yield output
