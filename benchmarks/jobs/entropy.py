"""The cross-entropy engine against SciPy, and against one pass over the same memory."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from benchmarks.comparing import Comparison, Size, Skipped
from benchmarks.measuring import Call

ABOUT = "the cross-entropy engine against SciPy and against one pass over the same memory"

BATCHES: dict[Size, tuple[int, int, int]] = {
    "tiny": (4, 1, 100),
    "quick": (100, 1, 100_000),
    "normal": (100, 10, 100_000),
    "full": (100, 10, 100_000),
}
"""Rows of a part, parts of a batch, classes: a part is larger than a cache, and a batch fits into 1 GiB."""

FUNCTIONS = ("cross-entropy", "kl-divergence", "entropy", "from-logits")


def comparisons(size: Size, folder: Path) -> Iterator[Comparison | Skipped]:
    """What is compared."""
    rows, parts, classes = BATCHES[size]
    for what in FUNCTIONS:
        for dtype in ("float64", "float32"):
            given = {"what": what, "rows": rows, "parts": parts, "classes": classes, "dtype": dtype}
            engine, scipy, once = (Call(f"benchmarks.work.entropy:{name}", given) for name in ("engine", "scipy", "one_pass"))
            name = f"entropy/{what} {dtype}"
            count = rows * parts
            if find_spec("scipy") is None:
                yield Skipped(name, "SciPy is not installed; it comes with pip install '.[bench]'")
            else:
                yield Comparison(name, engine, "SciPy", scipy, count, "row", in_turns=True)
            yield Comparison(name, engine, "one pass over the same memory", once, count, "row", in_turns=True)
