"""Files of a format on the disk: as they are, or in an archive that is the same byte for byte in every run."""

from __future__ import annotations

import gzip
import io
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable
from typing import BinaryIO, Literal

from quizgen.errors import QuizgenError
from quizgen.lms.base import File

_DAY = (1980, 1, 1, 0, 0, 0)
"""The time of everything in an archive: the first that zip knows."""

_IN_MEMORY = 1_000_000


def write_package(out: BinaryIO, files: Iterable[File], packed: Literal["plain", "zip", "tar.gz"]) -> None:
    """Writes files to a stream; of a plain format there is one.

    Raises:
        QuizgenError: a name leads out of the archive, or stands in it twice (a fault in a format).
    """
    if packed == "plain":
        for file in files:
            for chunk in file.chunks:
                out.write(chunk)
    elif packed == "zip":
        _write_zip(out, files)
    else:
        _write_tar(out, files)


def _checked(files: Iterable[File]) -> Iterable[File]:
    taken: set[str] = set()
    for file in files:
        parts = file.name.split("/")
        if file.name.startswith("/") or not all(parts) or {".", ".."} & set(parts) or "\\" in file.name or ":" in file.name:
            raise QuizgenError(f"the name {file.name!r} may not stand in an archive")
        if file.name.casefold() in taken:
            raise QuizgenError(f"the name {file.name!r} stands in the archive twice")
        taken.add(file.name.casefold())
        yield file


def _write_zip(out: BinaryIO, files: Iterable[File]) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in _checked(files):
            entry = zipfile.ZipInfo(file.name, _DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            with archive.open(entry, "w") as stream:
                for chunk in file.chunks:
                    stream.write(chunk)


def _write_tar(out: BinaryIO, files: Iterable[File]) -> None:
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=out, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for file in _checked(files):
            entry = tarfile.TarInfo(file.name)
            with tempfile.SpooledTemporaryFile(_IN_MEMORY) as content:  # its size stands before it
                for chunk in file.chunks:
                    content.write(chunk)
                entry.size = content.tell()
                content.seek(0)
                archive.addfile(entry, content)


def in_memory(files: Iterable[File], packed: Literal["plain", "zip", "tar.gz"]) -> bytes:
    """The package as bytes."""
    out = io.BytesIO()
    write_package(out, files, packed)
    return out.getvalue()
