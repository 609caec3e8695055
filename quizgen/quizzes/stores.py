"""Places that a URL names: object stores and whatever else fsspec reaches. They cannot be renamed.

Files stand there as soon as they are written; a build is one once its manifest is there, which comes last.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

from quizgen.errors import OutputError
from quizgen.quizzes.outputs import WRITING, Folder, Output, not_seen


@dataclass(frozen=True, slots=True)
class Store:
    """A place at a URL."""

    url: str
    token: str

    def make(self, folder: str) -> None:
        """Makes a folder, where there is such a thing."""
        system, path = _place(self.url)
        with _written(self.url):
            _make(system, f"{path}/{folder}")

    def check_seen(self) -> None:
        """Nothing, or `OutputError` where this process does not see the place."""
        system, path = _place(self.url)
        try:
            system.cat_file(f"{path}/{WRITING}/{self.token}")
        except Exception as error:  # each system has its own
            raise not_seen(self.url) from error

    def write(self, name: str, content: bytes) -> None:
        """Writes a file, in one go."""
        system, path = _place(self.url)
        with _written(self.url):
            system.pipe_file(f"{path}/{name}", content)

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """A file to write to."""
        system, path = _place(self.url)
        with _written(self.url), system.open(f"{path}/{name}", "wb") as out:
            yield out


def check_store(url: str, force: bool, mark: str) -> None:
    """Nothing, or `OutputError` where there is something at the URL. With ``force`` it may hold the file ``mark``, or be what
    is left of a run that was killed.
    """
    system, path = _place(url)
    with _written(url):
        system.invalidate_cache()
        if not system.exists(path):
            return
        if system.isfile(path):
            raise OutputError(f"{url}: is a file; give a URL at which there is nothing yet")
        there = _names(system, path)
    if not there:
        return
    if not force:
        raise OutputError(f"{url}: is there already; choose another URL, or --force to replace what an earlier run wrote")
    if not there & {mark, WRITING}:
        raise OutputError(f"{url}: was not written by this command, so --force does not replace it; choose another URL")


@contextmanager
def whole_store(url: str, force: bool, mark: str, token: str) -> Iterator[Output]:
    """The place at a URL, empty; what is written there is gone if anything fails.

    Raises:
        OutputError: it is taken, or cannot be written.
    """
    check_store(url, force, mark)
    system, path = _place(url)
    with _written(url):
        was_there = system.exists(path)
        _clear(system, path, mark)
        _make(system, f"{path}/{WRITING}")
        system.pipe_file(f"{path}/{WRITING}/{token}", b"")
    try:
        yield Folder(Path(path), url, token, shared=True) if _is_disk(system) else Store(url, token)
        with _written(url):
            system.rm(f"{path}/{WRITING}", recursive=True)
    except BaseException as error:
        with suppress(Exception):  # what is told is why it failed
            _clear(system, path, WRITING)
            if not was_there:
                system.rmdir(path)
        if isinstance(error, OSError):
            raise OutputError(f"{url}: cannot be written: {error.strerror or error}") from error
        raise


@cache
def _place(url: str) -> tuple[Any, str]:
    """The file system of a URL, and the path in it. Raises `OutputError` where it cannot be reached."""
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        message = f"{url}: a URL needs packages that are not installed here: pip install 'quizgen[cluster]'"
        raise OutputError(message) from error
    try:
        system, path = url_to_fs(url)
    except (ImportError, ValueError) as error:  # the package for its protocol is missing, or there is none
        raise OutputError(f"{url}: {error}") from error
    return system, path.rstrip("/")


def _make(system: Any, path: str) -> None:
    """Makes a folder. Object stores, which are asynchronous, have none, and would make a bucket of a misspelt name."""
    if not system.async_impl:
        system.makedirs(path, exist_ok=True)


def _is_disk(system: Any) -> bool:
    return bool(getattr(system, "local_file", False))


@contextmanager
def _written(url: str) -> Iterator[None]:
    """Lets what a file system raises be one error; each has its own."""
    try:
        yield
    except OutputError:
        raise
    except Exception as error:
        raise OutputError(f"{url}: cannot be written: {str(error) or type(error).__name__}") from error


def _names(system: Any, path: str) -> set[str]:
    """What lies at a path; some stores name the path itself among it."""
    names = (name.rstrip("/") for name in system.ls(path, detail=False))
    return {name.rpartition("/")[2] for name in names if name != path}


def _clear(system: Any, path: str, first: str) -> None:
    """Removes everything at a path, ``first`` what says what it is, but not the place itself: that may be a bucket."""
    if not system.exists(path):
        return
    system.invalidate_cache()
    for name in sorted(_names(system, path), key=lambda name: name != first):
        system.rm(f"{path}/{name}", recursive=True)
