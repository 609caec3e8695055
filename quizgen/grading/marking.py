"""From responses to marks: grouped by template, each distinct response read once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import polars as pl

from quizgen.answers import Mark, Reading
from quizgen.bank import Bank, Template, Variants
from quizgen.folding import squeezed
from quizgen.grading.change import Change
from quizgen.grading.policy import Policy
from quizgen.items import Filled, field_name
from quizgen.quizzes.manifest import Manifest
from quizgen.variants.expressions import parse

GROUP = 20_000
"""Items marked at a time."""

Comments: TypeAlias = dict[tuple[str, int, str], Filled]
"""By student, submission and field."""

MARKS = pl.Schema(
    {
        "place": pl.UInt32(),
        "outcome": pl.String(),
        "fraction": pl.Float64(),
        "mistake": pl.String(),
        "note": pl.String(),
        "change": pl.Int64(),
    }
)


def with_drops(fields: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """The fields with ``dropped``, the number of the change that drops a field, or 0; a dropped one can earn nothing."""
    dropped = pl.lit(0, dtype=pl.Int64)
    for change in reversed(policy.changes):
        if change.action == "drop":
            dropped = pl.when(change.meant).then(pl.lit(change.number, dtype=pl.Int64)).otherwise(dropped)
    ruled = fields.with_columns(dropped=dropped)
    return ruled.with_columns(possible=pl.when(pl.col("dropped") > 0).then(0.0).otherwise("possible"))


def mark_responses(
    responses: pl.DataFrame,
    fields: pl.DataFrame,
    manifest: Manifest,
    bank: Bank,
    policy: Policy,
    progress: Callable[[int], None] = lambda done: None,
    reading: Reading | None = None,
) -> tuple[pl.DataFrame, Comments]:
    """The responses with what `with_drops` knows of their fields and with their marks, in order.

    Columns of a mark: outcome, fraction, mistake, note, and change (the number of the policy's change that made
    it, or 0). The comments are what options have to say to who chose them. ``progress`` is told how many are marked;
    ``reading`` is the quiz's own where none is given.
    """
    reading = reading or Reading(manifest.quiz.decimal_comma)
    known = responses.join(fields, on=["student", "field"], how="inner", maintain_order="left").with_row_index("place")
    made: list[pl.DataFrame] = [MARKS.to_frame()]
    comments: Comments = {}
    done = 0
    for id in known["template"].unique(maintain_order=True).to_list():
        mine = known.filter(pl.col("template") == id)
        items = mine.select("student", "submission", "number", "ordinal").unique(maintain_order=True)
        for part in items.iter_slices(GROUP):
            rows = part.with_row_index("row_of_item")
            here = mine.join(rows, on=["student", "submission", "number"], how="inner", maintain_order="left")
            made.append(_marks(bank[id], manifest, here, part, policy, reading, comments))
            progress(done := done + len(here))
    return known.join(pl.concat(made), on="place", how="inner", maintain_order="left").drop("place"), comments


def _marks(
    template: Template, manifest: Manifest, responses: pl.DataFrame, items: pl.DataFrame, policy: Policy, reading: Reading,
    comments: Comments,
) -> pl.DataFrame:  # fmt: skip
    """Marks of all responses to some items of one template."""
    variants = template.variants_at(items["ordinal"].to_numpy(), secret=manifest.secret)
    texts: dict[str, list[str]] = {answer.name: [""] * len(items) for answer in template.answers}
    for row, answer, text in responses.select("row_of_item", "answer", "text").iter_rows():
        texts[answer][row] = text
    marks = template.mark_all(variants, texts, reading)
    reviews = list(_reviews(template, variants, texts, responses, policy, reading))
    who = items.select("student", "submission", "number").rows()
    made = []
    columns = ("place", "row_of_item", "answer", "dropped")
    for place, row, answer, dropped in responses.select(columns).iter_rows():
        mark, change = _amended(marks[answer][row], place, row, answer, reviews)
        if mark.feedback is not None:
            student, submission, number = who[row]
            comments[student, submission, field_name(f"q{number}", answer, template.single)] = mark.feedback
        made.append((place, mark.outcome, mark.fraction, mark.mistake, mark.note, dropped or change))
    return pl.DataFrame(made, schema=MARKS, orient="row")


@dataclass(frozen=True, slots=True)
class _Review:
    """A change, the responses that it is for, and by answer the marks that it offers to each row of items."""

    change: Change
    places: frozenset[int]
    offered: Mapping[str, Sequence[Mark]]


def _reviews(
    template: Template, variants: Variants, texts: Mapping[str, Sequence[str]], responses: pl.DataFrame, policy: Policy,
    reading: Reading,
) -> Iterator[_Review]:  # fmt: skip
    """What a policy's changes offer to some items of one template, in the policy's order."""
    for change in policy.changes:
        meant = responses.filter(change.meant)
        if change.action == "drop" or meant.is_empty():
            continue
        offered = {
            answer: list(_offered(template, variants, answer, texts[answer], change, reading))
            for answer in meant["answer"].unique()
        }
        yield _Review(change, frozenset(meant["place"]), offered)


def _offered(
    template: Template, variants: Variants, answer: str, texts: Sequence[str], change: Change, reading: Reading
) -> Iterator[Mark]:
    """The mark that a change offers to each response."""
    if change.action == "full_marks":
        yield from [Mark("correct", 1.0, note="full marks on review")] * len(texts)
        return
    yes, no = Mark.of(change.fraction, note="accepted on review"), Mark.of(0.0)
    if change.response:
        wanted = squeezed(change.response)
        yield from (yes if squeezed(text) == wanted else no for text in texts)
        return
    amended = template.with_value(answer, parse(change.value))
    if amended is None:  # the value is for another, numeric answer of the item
        yield from [no] * len(texts)
        return
    same = Variants(amended, variants.ordinals, variants.blocks)
    marks = amended.mark_all(same, {answer: texts}, reading)[answer]
    yield from (yes if mark.outcome == "correct" else no for mark in marks)


def _amended(mark: Mark, place: int, row: int, answer: str, reviews: Sequence[_Review]) -> tuple[Mark, int]:
    """The best mark of those that the changes offer, and the number of the change; the mark itself and 0 if none is better."""
    number = 0
    for review in reviews:
        if place in review.places and review.offered[answer][row].fraction > mark.fraction:
            mark, number = review.offered[answer][row], review.change.number
    return mark, number
