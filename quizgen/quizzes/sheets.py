"""A build's worksheets and keys, written a part of the class at a time, by any process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quizgen.quizzes.assembling import papers
from quizgen.quizzes.frozen import FrozenBank
from quizgen.quizzes.layouts import LAYOUTS, Page
from quizgen.quizzes.manifest import Manifest, Sheet
from quizgen.quizzes.outputs import Output
from quizgen.rendering import key_sheet, worksheet
from quizgen.workers import without_collecting

PART = 256
"""Students of a part: memory grows with it, and the bytes of some layouts depend on it."""

WORTH = 4
"""Of fewer parts than these a second process would take longer to begin than it saves."""

ENDINGS = {"html": ".html", "markdown": ".md"}


@dataclass(frozen=True, slots=True)
class SheetsJob:
    """What all parts have in common: the manifest without its sheets, the bank, and what to write where."""

    manifest: Manifest
    bank: FrozenBank
    output: Output
    flavours: tuple[str, ...]
    layout: str


@dataclass(frozen=True, slots=True)
class SheetsPart:
    """Some students' sheets, and which part of the class they are, counted from 1."""

    number: int
    sheets: tuple[Sheet, ...]


def parts_of(sheets: Sequence[Sheet]) -> Iterator[SheetsPart]:
    """The parts of a class, in order."""
    for number, start in enumerate(range(0, len(sheets), PART), 1):
        yield SheetsPart(number, tuple(sheets[start : start + PART]))


def write_part(job: SheetsJob, part: SheetsPart) -> int:
    """Writes the pages of a part, and returns for how many students."""
    worksheets: list[Page] = []
    keys: list[Page] = []
    with without_collecting():
        for sheet, paper in zip(part.sheets, papers(job.manifest, job.bank.opened(), part.sheets), strict=True):
            for flavour in job.flavours:
                facts = (sheet.student.id, sheet.code, sheet.file + ENDINGS[flavour], flavour)
                worksheets.append(Page(*facts, worksheet(paper.worksheet, flavour)))
                keys.append(Page(*facts, key_sheet(paper.worksheet, paper.keyed, flavour)))
        job.output.check_seen()
        write = LAYOUTS[job.layout].write
        write(job.output, "worksheets", part.number, worksheets)
        write(job.output, "keys", part.number, keys)
    return len(part.sheets)
