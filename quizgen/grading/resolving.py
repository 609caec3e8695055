"""Which of a student's submissions counts."""

from __future__ import annotations

from typing import Literal

import polars as pl

Policy = Literal["last", "first", "best", "error"]

_REASONS = {
    "last": "a later submission counts",
    "first": "an earlier submission counts",
    "best": "a better submission counts",
}
_BLANK = pl.col("text").str.strip_chars() == ""
_EMPTY = "blank, and another submission counts"
_SEVERAL = "the student handed in more than once, and this quiz allows one submission: none is marked"


def choose(responses: pl.DataFrame, policy: Policy, totals: pl.DataFrame | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The responses that count, and the others with a column ``reason``; both in the given order, none lost.

    ``responses`` has student, field, text and submission (0 for what was handed in first). For each student and field,
    the one of the first submission that answers the field counts, in this order: ``last`` – the latest first; ``first`` –
    the earliest first; ``best`` – by ``totals`` (student, submission, total), the highest first and the later of equals.
    A blank counts only where no submission has an answer: an untouched row of a table takes nothing away. Under ``error``
    nothing counts of a student who handed in answers more than once.
    """
    if policy == "error":
        answering = pl.when(~_BLANK).then("submission")
        several = answering.drop_nulls().n_unique().over("student") > 1
        marked = responses.with_columns(several=several)
        alone, refused = marked.filter(~pl.col("several")).drop("several"), marked.filter("several").drop("several")
        chosen, blanks = choose(alone, "last")
        refused = refused.with_columns(reason=pl.lit(_SEVERAL))
        return chosen, pl.concat([refused, blanks], how="vertical_relaxed")
    ordered = _preferred(responses.with_row_index("_place"), policy, totals).sort(_BLANK, maintain_order=True)
    best = ordered.unique(["student", "field"], keep="first", maintain_order=True).select("_place")
    placed = responses.with_row_index("_place")
    chosen = placed.join(best, on="_place", how="semi", maintain_order="left").drop("_place")
    others = placed.join(best, on="_place", how="anti", maintain_order="left").drop("_place")
    return chosen, others.with_columns(reason=pl.when(_BLANK).then(pl.lit(_EMPTY)).otherwise(pl.lit(_REASONS[policy])))


def _preferred(responses: pl.DataFrame, policy: Policy, totals: pl.DataFrame | None) -> pl.DataFrame:
    """The responses, those first that come first in the policy's order."""
    if policy == "first":
        return responses.sort("submission", "_place")
    if policy == "last":
        return responses.sort("submission", "_place", descending=True)
    if totals is None:
        raise ValueError("the best submission can be told only from totals")
    keys = ["student", "submission"]
    scored = responses.join(totals.select(*keys, "total"), on=keys, how="left", maintain_order="left")
    return scored.sort("total", "submission", "_place", descending=True, nulls_last=True)
