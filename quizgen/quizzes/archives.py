"""Opens zip archives safely: nothing is written to disk, and no more is unpacked than a limit."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from lzma import LZMAError

from quizgen.bank.files import refusal
from quizgen.errors import QuizgenError

MAX_MEMBERS = 20_000
_ENTRY = b"PK\x01\x02"
_MOST_ENTRIES_INSIDE = 10
"""Archives stored inside an archive bring their entries with them: up to so many for each member are not yet suspicious."""

_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    LZMAError,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
)
_KINDS = {
    "word/": "Word document",
    "ppt/": "PowerPoint presentation",
    "xl/": "workbook of another kind",
    "content.xml": "OpenDocument file",
}


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file of an archive; ``problem`` says why it cannot be unpacked, and then ``raw`` is empty."""

    name: str
    raw: bytes
    problem: str | None = None


def opened(raw: bytes, name: str, error: type[QuizgenError]) -> zipfile.ZipFile:
    """The archive. Raises ``error`` if it is damaged or lists more than `MAX_MEMBERS` files."""
    too_many = refusal(error, name, f"the zip archive lists more than {MAX_MEMBERS:,} files, the most that are read")
    if raw.count(_ENTRY) > _MOST_ENTRIES_INSIDE * MAX_MEMBERS:  # before a list of millions takes all memory
        raise too_many
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except _FAULTS as exc:
        raise refusal(error, name, f"the zip archive is damaged: {exc}") from exc
    if len(archive.filelist) > MAX_MEMBERS:
        raise too_many
    return archive


def package_kind(archive: zipfile.ZipFile) -> str | None:
    """What the archive is if it is no archive of files to its user but one document; None if it is one of files."""
    names = archive.namelist()
    if "[Content_Types].xml" not in names and "mimetype" not in names:
        return None
    return next((kind for start, kind in _KINDS.items() if any(name.startswith(start) for name in names)), None)


def unpacked(archive: zipfile.ZipFile, name: str, limit: int, error: type[QuizgenError]) -> Iterator[PackedFile]:
    """The archive's files in order of name, one at a time.

    Raises ``error`` if together they exceed ``limit`` bytes.
    """
    entries = sorted((entry for entry in archive.infolist() if not entry.is_dir()), key=lambda entry: entry.filename)
    if sum(entry.file_size for entry in entries) > limit:
        raise refusal(error, name, f"unpacked, the archive is larger than {limit // 1_000_000} MB, the most that is read")
    for entry in entries:
        try:
            # the size that an entry claims is the most that is read of it, so the sum above holds for liars too
            raw = archive.read(entry)
        except _FAULTS as exc:
            yield PackedFile(entry.filename, b"", _reason(exc))
        else:
            yield PackedFile(entry.filename, raw)


def _reason(exc: Exception) -> str:
    if isinstance(exc, RuntimeError) and "encrypted" in str(exc):
        return "the file is protected by a password"
    return "the file cannot be unpacked"
