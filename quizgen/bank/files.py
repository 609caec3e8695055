"""Reading a file from disk with a limit on its size, one way to refuse it, and files laid out in a folder for a while."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from quizgen.errors import ProblemsError, QuizgenError


def refusal(error: type[QuizgenError], name: str, message: str, line: int | None = None, column: int = 1) -> QuizgenError:
    """The error of the wanted class, with its place; ``line`` is None where the whole file is meant."""
    if issubclass(error, ProblemsError):
        return error.at(name, message, line or 0, column)
    return error(f"{name}: {message}" if line is None else f"{name}:{line}: {message}")


def read_bytes(path: Path, *, limit: int, error: type[QuizgenError], name: str | None = None) -> bytes:
    """The bytes of a regular file of at most ``limit`` bytes; no more than that is ever read.

    Raises ``error`` for a file that is missing, is no file, cannot be read or is too large.
    """
    name = str(path) if name is None else name
    try:
        if path.is_dir():
            raise refusal(error, name, "this is a folder, not a file")
        if not path.exists():
            raise refusal(error, name, "there is no such file")
        if not path.is_file():
            raise refusal(error, name, "this is not a regular file")
        with path.open("rb") as stream:
            raw = stream.read(limit + 1)
    except (OSError, ValueError) as exc:  # ValueError: a NUL character in the path
        reason = exc.strerror if isinstance(exc, OSError) and exc.strerror else str(exc)
        raise refusal(error, name, f"the file cannot be read: {reason}") from exc
    if len(raw) > limit:
        raise refusal(error, name, f"the file is larger than {size_words(limit)}, the most that is read")
    return raw


def size_words(size: int) -> str:
    """A number of bytes for people: ``1 MB``, ``50 MB``, ``300 bytes``."""
    return f"{size // 1_000_000} MB" if size >= 1_000_000 else f"{size} bytes"


@contextmanager
def unpacked_files(files: Mapping[str, bytes]) -> Iterator[Path]:
    """A folder with these files, by path in it, there as long as it is needed."""
    with tempfile.TemporaryDirectory(prefix="quizgen-") as folder:
        for name, content in files.items():
            path = Path(folder, *PurePosixPath(name).parts)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        yield Path(folder)
