"""Numbers each student's submissions in order of time, over all files."""

from __future__ import annotations

import polars as pl

_KEY = ["group", "record", "slot", "nth"]
_NONE = -1


def number_submissions(responses: pl.DataFrame) -> pl.DataFrame:
    """The responses with a column ``submission``: 0 for what a student handed in first, 1 for the next, and so on.

    Takes student, field, when, attempt, file (its number in order of reading), row and record. What has one record
    number in a file was handed in at once. Rows that stand for themselves (a long table) are one submission for each
    attempt the file tells; where it tells none, a student whose fields come once has made one submission, and where
    they come again, those of one time belong together, and the n-th of one time and field is of the n-th submission.

    Submissions are ordered by their latest time (those without one first), then by attempt, then by file and row.
    """
    coded = responses.select(
        "file",
        "row",
        "when",
        "student",
        "field",
        pl.col("attempt").fill_null("").str.strip_chars(),
        pl.col("record").fill_null(_NONE),
    )
    # whole numbers in place of names, since a million rows are grouped by them
    for name, code in (("student", "person"), ("field", "asked"), ("attempt", "trial")):
        coded = _with_code(coded, name, code)
    people, fields, trials = (responses[name].n_unique() for name in ("student", "field", "attempt"))
    group = (pl.col("file").cast(pl.Int64) * (trials + 1) + pl.col("trial")) * people + pl.col("person")
    coded = _with_slots(coded.with_columns(group=group), fields)
    ordered = (
        coded.group_by(_KEY)
        .agg(
            pl.col("person", "file", "attempt").first(),
            pl.col("when").max(),
            pl.col("row").min(),
        )
        .with_columns(pl.col("attempt").cast(pl.Int64, strict=False))
        .sort("person", "when", "attempt", "file", "row", "nth", nulls_last=False)
        .with_columns(submission=pl.int_range(pl.len()).over("person"))
        .select(*_KEY, "submission")
    )
    numbers = coded.select(_KEY).join(ordered, on=_KEY, how="left", maintain_order="left")
    return responses.with_columns(numbers["submission"])


def _with_code(frame: pl.DataFrame, name: str, code: str) -> pl.DataFrame:
    """The frame with a column of whole numbers from 0, one for each distinct text of a column."""
    texts = frame.select(pl.col(name).unique(maintain_order=True)).with_row_index(code)
    return frame.join(texts.cast({code: pl.Int64}), on=name, how="left", maintain_order="left")


def _with_slots(coded: pl.DataFrame, fields: int) -> pl.DataFrame:
    """The rows with what tells submissions of one group apart: a time as ``slot``, and ``nth`` of equal ones."""
    coded = coded.with_row_index("place").with_columns(cell=pl.col("group") * fields + pl.col("asked"))
    single = coded.filter(pl.col("record") == _NONE)
    again = single.filter(pl.col("cell").is_duplicated())["group"].unique()
    repeating = single.filter(pl.col("group").is_in(again.implode()))
    slots = repeating.select(
        "place",
        pl.col("when").to_physical().fill_null(_NONE).alias("slot"),
        pl.int_range(pl.len()).over("cell", "when").alias("nth"),
    )
    return coded.join(slots, on="place", how="left", maintain_order="left").with_columns(pl.col("slot", "nth").fill_null(_NONE))
