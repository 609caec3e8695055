"""Worksheets and exports against Jinja alone, against writing the same bytes, and against smaller classes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.comparing import Comparison, Size, Skipped
from benchmarks.measuring import ROOT, Call

ABOUT = "worksheets with keys, and exports, against bare Jinja rendering of the same stems"

QUIZ = str(ROOT / "benchmarks" / "class.yaml")
ITEMS = 10
"""How many questions the quiz has."""

CLASSES: dict[Size, tuple[int, ...]] = {"tiny": (2,), "quick": (100,), "normal": (100, 1000), "full": (100, 1000, 10_000)}
"""Students, each with `ITEMS` items."""

FORMATS = (("moodle", "Moodle XML"), ("qti3", "QTI 3"), ("canvas", "Canvas"))


def comparisons(size: Size, folder: Path) -> Iterator[Comparison | Skipped]:
    """What is compared."""
    smallest, largest = CLASSES[size][0], CLASSES[size][-1]
    for students in CLASSES[size]:
        yield _to_jinja("html", _build(students, "html"), students)
    html = _build(smallest, "html")
    name = f"build/html {smallest * ITEMS:,}"
    every_text = Call("benchmarks.work.build:stems", {"quiz": QUIZ, "students": smallest, "whole": True})
    yield Comparison(name, html, "all its texts by Jinja", every_text, smallest * ITEMS, "item")
    same_bytes = Call("benchmarks.work.build:same_bytes", {"quiz": QUIZ, "students": smallest, "flavour": "html"})
    yield Comparison(name, html, "writing the same bytes", same_bytes, smallest * ITEMS, "item")
    yield _to_jinja("markdown", _build(smallest, "markdown"), smallest)
    for format, _ in FORMATS:
        yield _to_jinja(format, _export(smallest, format), smallest)
    if largest > smallest:
        yield _growth("html", _build(largest, "html"), html, largest, smallest)
        for format, _ in FORMATS:
            yield _growth(format, _export(largest, format), _export(smallest, format), largest, smallest)


def _build(students: int, flavour: str) -> Call:
    return Call("benchmarks.work.build:build", {"quiz": QUIZ, "students": students, "flavour": flavour})


def _export(variants: int, format: str) -> Call:
    return Call("benchmarks.work.build:export", {"quiz": QUIZ, "variants": variants, "format": format})


def _to_jinja(what: str, subject: Call, students: int) -> Comparison:
    yardstick = Call("benchmarks.work.build:stems", {"quiz": QUIZ, "students": students})
    count = students * ITEMS
    return Comparison(f"build/{what} {count:,}", subject, "its stems by Jinja", yardstick, count, "item", goal=2)


def _growth(what: str, subject: Call, smaller: Call, largest: int, smallest: int) -> Comparison:
    count, before = largest * ITEMS, smallest * ITEMS
    name = f"build/{what} {count:,}"
    return Comparison(name, subject, f"{before:,} of them", smaller, count, "item", yardstick_count=before, goal=1.1)
