"""Draws, lets, conditions and keys as arrays, against the same template written by hand in NumPy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.comparing import Comparison, Size, Skipped
from benchmarks.measuring import Call

ABOUT = "draws, lets, conditions and keys of three templates against NumPy by hand"

COUNTS: dict[Size, int] = {"tiny": 100, "quick": 10_000, "normal": 100_000, "full": 100_000}
KINDS = ("numeric", "choice", "multiple")


def comparisons(size: Size, folder: Path) -> Iterator[Comparison | Skipped]:
    """What is compared."""
    count = COUNTS[size]
    for kind in KINDS:
        given = {"kind": kind, "count": count}
        subject, yardstick = (Call(f"benchmarks.work.draws:{name}", given) for name in ("engine", "by_hand"))
        yield Comparison(
            f"draws/{kind} {count:,}", subject, "NumPy by hand", yardstick, count, "variant", goal=2, in_turns=True
        )
