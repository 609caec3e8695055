"""How the pages of a build lie on disk: a file each, or many in one file for a service that hands them out."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import polars as pl

_TIME = (1980, 1, 1, 0, 0, 0)
"""The time of all entries of an archive, so that the same build gives the same bytes."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of one student: its file's name, its format (``html`` or ``markdown``) and its text."""

    student: str
    code: str
    file: str
    format: str
    text: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A way to lay out pages. ``write`` writes those of one part, ``single`` says whether each has a file of its own."""

    about: str
    single: bool
    write: Callable[[Path, int, Sequence[Page]], None]


def _files(folder: Path, number: int, pages: Sequence[Page]) -> None:
    for page in pages:
        with open(folder / page.file, "w", encoding="utf-8", newline="\n") as out:
            out.write(page.text)


def _lines(folder: Path, number: int, pages: Sequence[Page]) -> None:
    with open(folder / f"{_part(number)}.ndjson", "w", encoding="utf-8", newline="\n") as out:
        for page in pages:
            facts = {"student": page.student, "code": page.code, "file": page.file, "format": page.format, "page": page.text}
            out.write(json.dumps(facts, ensure_ascii=False) + "\n")


def _parquet(folder: Path, number: int, pages: Sequence[Page]) -> None:
    columns = {
        "student": [page.student for page in pages],
        "code": [page.code for page in pages],
        "file": [page.file for page in pages],
        "format": [page.format for page in pages],
        "page": [page.text for page in pages],
    }
    schema = dict.fromkeys(columns, pl.String)
    pl.DataFrame(columns, schema=schema).write_parquet(folder / f"{_part(number)}.parquet", compression="zstd")


def _zip(folder: Path, number: int, pages: Sequence[Page]) -> None:
    with zipfile.ZipFile(folder / f"{_part(number)}.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for page in pages:
            entry = zipfile.ZipInfo(page.file, _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, page.text)


def _part(number: int) -> str:
    return f"part-{number:05d}"


LAYOUTS: Mapping[str, Layout] = MappingProxyType(
    {
        "files": Layout("a file for each page", True, _files),
        "ndjson": Layout("JSON lines, a file for some hundred students", False, _lines),
        "parquet": Layout("Parquet, a file for some hundred students", False, _parquet),
        "zip": Layout("zip archives of some hundred students", False, _zip),
    }
)
