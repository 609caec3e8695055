"""The audit trail of regrading: who decided what and why, and every mark and total that it changed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from quizgen.grading.policy import Policy

TRAIL = "audit.json"
_WITHOUT_POLICY = "Graded again without a policy: the changes of earlier runs are not in force."


def read_trail(folder: Path) -> list[Any]:
    """The audit trail of earlier runs into a folder, which a new run carries on; empty where there is none."""
    try:
        found = json.loads((folder / TRAIL).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return found if isinstance(found, list) else []


def changed_marks(counted: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """The responses whose marks the policy changed, with outcome and points before and after."""
    keys = ["student", "submission", "field"]
    old = before.select(
        *keys,
        pl.col("points").alias("points_before"),
        pl.col("outcome").alias("outcome_before"),
        pl.col("possible").alias("possible_before"),
    )
    return (
        counted.filter(pl.col("change") > 0)
        .join(old, on=keys, how="left", maintain_order="left")
        .select(
            "student", "field", "code", pl.col("text").alias("response"), "outcome_before", "outcome", "points_before",
            "points", "possible_before", "possible", "change",
        )
    )  # fmt: skip


def entry(
    policy: Policy, build: str, changed: pl.DataFrame, fields: pl.DataFrame, before: pl.DataFrame, after: pl.DataFrame
) -> dict[str, Any]:
    """This run's part of the trail.

    ``changed`` is what `changed_marks` gives, ``fields`` are those of the build with what the policy drops, ``before``
    and ``after`` the gradebooks without and with the policy. A dropped field touches also who handed in nothing there,
    since it changes what is possible.
    """
    dropped = fields.filter(pl.col("dropped") > 0).select("student", change="dropped")
    touched = pl.concat([dropped, changed.select("student", "change")])
    return {
        "by": policy.by,
        "reason": policy.reason or _WITHOUT_POLICY,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "build": build,
        "changes": [
            {
                "number": change.number,
                "change": change.words,
                "responses": int((changed["change"] == change.number).sum()),
                "students": sorted(touched.filter(pl.col("change") == change.number)["student"].unique().to_list()),
            }
            for change in policy.changes
        ],
        "totals": list(_moved(before, after)),
    }


def _moved(before: pl.DataFrame, after: pl.DataFrame) -> list[dict[str, Any]]:
    """Every student whose total or possible points changed."""
    columns = ("total", "possible", "percent")
    moved = []
    for student, *numbers in zip(after["student"], *(book[name] for book in (before, after) for name in columns), strict=True):
        old, new = ([None if n is None else round(n, 6) for n in half] for half in (numbers[:3], numbers[3:]))
        if old != new:
            named = [dict(zip(columns, half, strict=True)) for half in (old, new)]
            moved.append({"student": student, "before": named[0], "after": named[1]})
    return moved
