"""From responses to the marks that count: marked, those of a person put in, points given, one submission chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from quizgen.bank import Bank
from quizgen.grading.by_hand import HandMark, with_hand_marks
from quizgen.grading.gradebook import gradebook
from quizgen.grading.marking import Comments, mark_responses, with_drops
from quizgen.grading.points import rounded
from quizgen.grading.policy import Policy
from quizgen.grading.resolving import Policy as Attempts
from quizgen.grading.resolving import choose
from quizgen.quizzes.manifest import Manifest

LATE = "handed in after the due date, and this quiz takes nothing late"
"""Why a late response is rejected where the quiz says so."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What some rules make of the responses: all marks, those that count, and those that another submission supersedes.

    ``stale`` marks given by hand are for another response than the student's now.
    """

    fields: pl.DataFrame
    marked: pl.DataFrame
    counted: pl.DataFrame
    superseded: pl.DataFrame
    book: pl.DataFrame
    comments: Comments
    stale: int


def without_late(responses: pl.DataFrame, manifest: Manifest) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The responses, and those that came too late where the quiz takes none."""
    if manifest.quiz.late != "reject":
        return responses, responses.clear()
    return responses.filter(~pl.col("late")), responses.filter(pl.col("late"))


def count(
    accepted: pl.DataFrame,
    fields: pl.DataFrame,
    manifest: Manifest,
    bank: Bank,
    rules: Policy,
    given: Mapping[tuple[str, str], HandMark],
    attempts: Attempts | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> Counted:
    """What the rules make of the responses, with the marks that a person gave; ``attempts`` overrides the quiz's own."""
    ruled = with_drops(fields, rules)
    marked, comments = mark_responses(accepted, ruled, manifest, bank, rules, progress)
    marked, stale = with_hand_marks(marked, given)
    marked = _with_points(marked, manifest)
    totals = marked.group_by("student", "submission").agg(total=pl.col("points").sum())
    counted, superseded = choose(marked, attempts or manifest.quiz.attempts, totals)
    return Counted(ruled, marked, counted, superseded, gradebook(manifest, ruled, counted), comments, stale)


def _with_points(marked: pl.DataFrame, manifest: Manifest) -> pl.DataFrame:
    """The marks with the points that they earn, and ``waits``: whether a person has still to mark what counts."""
    share = pl.when("late").then(1 - manifest.quiz.late_penalty).otherwise(1.0)
    return marked.with_columns(
        points=rounded(pl.col("possible") * pl.col("fraction") * share),
        waits=(pl.col("outcome") == "manual") & (pl.col("dropped") == 0),
    )
