"""The check of the bank, against drawing the same variants with their keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.comparing import Comparison, Size, Skipped
from benchmarks.measuring import ROOT, Call

ABOUT = "the check of the bank at 2,000 variants a template against merely drawing them"

PLANS: dict[Size, tuple[int, int]] = {"tiny": (60, 20), "quick": (10, 2000), "normal": (1, 2000), "full": (1, 2000)}
"""Which templates are checked, as one of so many, and at how many variants."""


def comparisons(size: Size, folder: Path) -> Iterator[Comparison | Skipped]:
    """What is compared: on one core by its seconds, and on all cores by the clock."""
    every, count = PLANS[size]
    given = {"every": every, "count": count}
    templates = len(_templates()[::every])
    drawn = Call("benchmarks.work.check:drawn", given)
    for where, all_cores in (("one core", False), ("all cores", True)):
        subject = Call("benchmarks.work.check:checked", given, all_cores)
        name = f"check/{where} {templates:,} × {count:,}"
        against = "drawing them, on one core"
        yield Comparison(name, subject, against, drawn, templates, "template", by="wall" if all_cores else "cpu")


def _templates() -> list[Path]:
    """The bank's templates: the YAML files in the folders of its concepts."""
    return sorted(path for path in (ROOT / "question_bank").glob("*/*.yaml") if path.parent.name != "quizzes")
