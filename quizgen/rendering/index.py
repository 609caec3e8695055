"""The instructor's page of a class: every student with links to worksheets and keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from quizgen.rendering.pages import page_in_chunks


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One student: links are (what they lead to, address relative to the page); ``key`` may be empty."""

    student: str
    name: str
    code: str
    worksheets: tuple[tuple[str, str], ...]
    key: str = ""


@dataclass(frozen=True, slots=True)
class ClassIndex:
    """A build's page: ``rows`` may be any iterable, read once as the page is written."""

    title: str
    rows: Iterable[ClassRow]
    count: int
    warnings: tuple[str, ...] = ()
    next_steps: str = ""


def class_index(index: ClassIndex) -> Iterator[str]:
    """The page in HTML, in chunks, so that a class of any size is never held in memory."""
    return page_in_chunks("index", script="index", index=index)
