"""Figures as lines of a table, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.comparing import Figure, Skipped
from benchmarks.machine import machine, versions

HEADS = ("what", "against", "seconds", "each", "yardstick's", "ratio", "quartiles", "goal", "peak")
_WIDTHS = (32, 36, 7, 16, 11, 6, 15, 6, 9)


def row(cells: Sequence[str]) -> str:
    """A line of the table."""
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, _WIDTHS, strict=True)) + " |"


def head() -> str:
    """The table's head."""
    return f"{row(HEADS)}\n|{'|'.join('-' * (width + 2) for width in _WIDTHS)}|"


def told(found: Figure | Skipped) -> str:
    """A figure as a line of the table; why there is none as a line of words."""
    if isinstance(found, Skipped):
        return f"skipped: {found.name}: {found.reason}"
    one, ratio = found.comparison, found.ratio
    each = [_time(seconds) for seconds in found.each]
    quartiles = f"{number(ratio.low)} to {number(ratio.high)}"
    goal = f"≤ {one.goal:g}" if one.goal is not None else ""
    peak = f"{found.peaks[0] / 2**20:,.0f} MiB"
    cells = number(found.seconds[0]), f"{each[0]}/{one.unit}", each[1], number(ratio.median), quartiles, goal, peak
    return row((one.name, one.against, *cells))


def data(found: Sequence[Figure | Skipped], size: str) -> dict[str, Any]:
    """All of a run as plain data."""
    return {
        "format": "quizgen-benchmarks",
        "version": 1,
        "size": size,
        "machine": machine(),
        "versions": versions(),
        "figures": [_figure(one) for one in found if isinstance(one, Figure)],
        "skipped": [{"name": one.name, "reason": one.reason} for one in found if isinstance(one, Skipped)],
    }


def _figure(found: Figure) -> dict[str, Any]:
    one, ratio = found.comparison, found.ratio
    return {
        "name": one.name,
        "against": one.against,
        "count": one.count,
        "unit": one.unit,
        "by": one.by,
        "ratio": {"median": ratio.median, "low": ratio.low, "high": ratio.high},
        "ratios": {"cpu": found.ratios("cpu"), "wall": found.ratios("wall")},
        "goal": one.goal,
        "seconds": dict(zip(("subject", "yardstick"), found.seconds, strict=True)),
        "seconds_each": dict(zip(("subject", "yardstick"), found.each, strict=True)),
        "peak_bytes": dict(zip(("subject", "yardstick"), found.peaks, strict=True)),
        "pairs": [[{"wall": cost.wall, "cpu": cost.cpu, "peak_bytes": cost.peak} for cost in pair] for pair in found.pairs],
    }


def number(value: float) -> str:
    """A number with three digits that count.

    >>> number(0.01234), number(1.5), number(1234.5)
    ('0.0123', '1.50', '1,234')
    """
    return f"{value:,.0f}" if value >= 100 else f"{value:#.3g}".rstrip(".")


def _time(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{number(seconds / size)} {unit}"
    return f"{number(seconds * 1e9)} ns"
