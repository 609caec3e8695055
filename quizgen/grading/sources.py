"""Finds the files of responses in what was named on the command line: files, folders, and zip archives."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from quizgen.bank.files import read_bytes
from quizgen.errors import SubmissionError
from quizgen.grading.readers.units import Blob, mended, reason_of, refused
from quizgen.quizzes.archives import opened, package_kind, unpacked

MAX_FILE_BYTES = 200_000_000
MAX_UNPACKED_BYTES = 500_000_000

_LITTER = frozenset({"__macosx", "thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read."""

    blob: Blob


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that is there but cannot be opened, and why. It stands beside others, so it stops none of them."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file left out on purpose, and why."""

    name: str
    reason: str


def find_sources(paths: Sequence[Path]) -> Iterator[Found | Refused | Skipped]:
    """All files behind the paths, in the order of the paths and inside a folder or archive by name; one open at a time.

    Raises SubmissionError, before anything is read, for paths that are missing; and for a folder that holds no files or
    cannot be listed.
    """
    if not paths:
        raise SubmissionError("no files of responses were given")
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise SubmissionError("\n".join(f"{mended(str(path))}: there is no such file or folder" for path in missing))
    seen: set[Path] = set()
    for path in paths:
        if not path.is_dir():
            yield from _file(path, path, seen)
            continue
        files = _walk(path)
        if not files:
            raise refused(str(path), "the folder holds no files")
        for file in files:
            yield from _file(file, path, seen)


def _walk(folder: Path) -> list[Path]:
    """All files below a folder, sorted, and the folders that are links, which are not entered."""

    def stop(exc: OSError) -> None:
        raise refused(str(exc.filename), f"the folder cannot be read: {exc.strerror}") from exc

    found = []
    for here, folders, files in os.walk(folder, onerror=stop):
        found += [Path(here, name) for name in files]
        found += [path for name in folders if (path := Path(here, name)).is_symlink()]
    return sorted(found)


def _file(path: Path, given: Path, seen: set[Path]) -> Iterator[Found | Refused | Skipped]:
    name = mended(str(path))  # a name of undecodable bytes holds halves of characters
    if path != given:  # what was named itself is meant, whatever it is
        if _is_litter(path.relative_to(given).parts):
            yield Skipped(name, "a hidden file")
            return
        if path.is_symlink():
            what = "folder, which is not entered" if path.is_dir() else "file"
            yield Refused(name, f"this is a link to another {what}")
            return
    real = path.resolve()
    if real in seen:
        yield Skipped(name, "read already")
        return
    seen.add(real)
    try:
        blob = Blob(name, read_bytes(path, limit=MAX_FILE_BYTES, error=SubmissionError, name=name))
        if _is_archive(blob):
            yield from _members(blob)
            return
    except SubmissionError as exc:
        yield Refused(name, reason_of(exc, name))
        return
    yield Found(blob)


def _is_archive(blob: Blob) -> bool:
    """True for a zip of files; False for any other file, and for a document that is a zip inside."""
    if not blob.raw.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return False
    with opened(blob.raw, blob.name, SubmissionError) as archive:
        return package_kind(archive) is None


def _members(blob: Blob) -> Iterator[Found | Refused | Skipped]:
    with opened(blob.raw, blob.name, SubmissionError) as archive:
        empty = True
        for part in unpacked(archive, blob.name, MAX_UNPACKED_BYTES, SubmissionError):
            empty = False
            name = f"{blob.name}/{part.name}"
            if _is_litter(Path(part.name).parts):
                yield Skipped(name, "a hidden file")
            elif part.problem is not None:
                yield Refused(name, part.problem)
            else:
                yield _member(Blob(name, part.raw))
        if empty:
            raise refused(blob.name, "the zip archive holds no files")


def _member(blob: Blob) -> Found | Refused:
    try:
        nested = _is_archive(blob)
    except SubmissionError as exc:
        return Refused(blob.name, reason_of(exc, blob.name))
    return Refused(blob.name, "a zip archive inside another is not opened") if nested else Found(blob)


def _is_litter(parts: Sequence[str]) -> bool:
    return any((part.startswith(".") and part != "..") or part.lower() in _LITTER for part in parts)
