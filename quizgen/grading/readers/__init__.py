"""The formats in which responses come, one module each.

A format of a third party is a `Reader` offered by the entry point group ``quizgen.readers``; it is asked first.
"""

from __future__ import annotations

from typing import cast

from quizgen.extensions import known
from quizgen.grading.readers.delimited_table import DELIMITED
from quizgen.grading.readers.records import JSON
from quizgen.grading.readers.units import Blob, Reader, refused
from quizgen.grading.readers.workbook import WORKBOOK

READERS: tuple[Reader, ...] = (WORKBOOK, JSON, DELIMITED)
GROUP = "quizgen.readers"

_KNOWN_OTHERS = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"<", "a web page or XML"),
    (b"{\\rtf", "a text of a word processor"),
    (b"7z\xbc\xaf", "an archive that is no zip"),
    (b"Rar!", "an archive that is no zip"),
    (b"\x1f\x8b", "an archive that is no zip"),
)


def find_reader(blob: Blob) -> Reader:
    """The reader for a file, found by content. Raises SubmissionError for what is clearly something else."""
    start = blob.raw[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    for reader in known(GROUP, {}).values():
        if reader.recognises(blob):
            return cast(Reader, reader)
    if not blob.raw.strip():
        raise refused(blob.name, "the file is empty")
    for mark, kind in _KNOWN_OTHERS:
        if start.startswith(mark):
            raise refused(blob.name, f"this is {kind}, not a file of responses")
    return next(reader for reader in READERS if reader.recognises(blob))
