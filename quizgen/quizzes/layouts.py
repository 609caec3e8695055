"""How the pages of a build lie on disk: a file each, or many in one file for a service that hands them out."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

from quizgen.quizzes.outputs import Output

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
    """A way to lay out pages. ``write`` writes those of one part into a folder, ``single`` says whether each has a file."""

    about: str
    single: bool
    write: Callable[[Output, str, int, Sequence[Page]], None]


def _files(output: Output, folder: str, number: int, pages: Sequence[Page]) -> None:
    for page in pages:
        output.write(f"{folder}/{page.file}", page.text.encode())


def _lines(output: Output, folder: str, number: int, pages: Sequence[Page]) -> None:
    lines = []
    for page in pages:
        facts = {"student": page.student, "code": page.code, "file": page.file, "format": page.format, "page": page.text}
        lines.append(json.dumps(facts, ensure_ascii=False) + "\n")
    output.write(f"{folder}/{_part(number)}.ndjson", "".join(lines).encode())


def _parquet(output: Output, folder: str, number: int, pages: Sequence[Page]) -> None:
    columns = {
        "student": [page.student for page in pages],
        "code": [page.code for page in pages],
        "file": [page.file for page in pages],
        "format": [page.format for page in pages],
        "page": [page.text for page in pages],
    }
    schema = dict.fromkeys(columns, pl.String)
    whole = io.BytesIO()
    pl.DataFrame(columns, schema=schema).write_parquet(whole, compression="zstd")
    output.write(f"{folder}/{_part(number)}.parquet", whole.getvalue())


def _zip(output: Output, folder: str, number: int, pages: Sequence[Page]) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for page in pages:
            entry = zipfile.ZipInfo(page.file, _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, page.text)
    output.write(f"{folder}/{_part(number)}.zip", whole.getvalue())


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
