"""Grading, against Polars that merely reads and writes the same tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.comparing import Comparison, Size, Skipped
from benchmarks.measuring import ROOT, Call, cost_of

ABOUT = "responses from CSV to marks, gradebook and summary against Polars reading and writing the same tables"

QUIZ = str(ROOT / "question_bank" / "quizzes" / "sample-homework.yaml")
COUNTS: dict[Size, int] = {"tiny": 200, "quick": 100_000, "normal": 100_000, "full": 1_000_000}


def comparisons(size: Size, folder: Path) -> Iterator[Comparison | Skipped]:
    """What is compared. Its input is made once: simulated responses, among them wrong, blank, unreadable and repeated ones."""
    count = COUNTS[size]
    given, done = str(folder), str(folder / "graded")
    cost_of(Call("benchmarks.work.grade:prepared", {"folder": given, "quiz": QUIZ, "count": count}, all_cores=True))
    subject = Call("benchmarks.work.grade:graded", {"folder": given}, all_cores=True)
    cost_of(Call(subject.function, {"folder": given, "out": done}, all_cores=True))
    yardstick = Call("benchmarks.work.grade:copied", {"folder": given, "graded": done}, all_cores=True)
    with (folder / "responses.csv").open("rb") as stream:
        rows = sum(1 for _ in stream) - 1
    name = f"grade {count:,}"
    yield Comparison(name, subject, "Polars, the same tables", yardstick, rows, "response", by="wall", goal=4)
