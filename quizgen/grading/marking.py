"""From responses to marks: grouped by template, each distinct response read once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import polars as pl

from quizgen.answers import Mark, Reading
from quizgen.bank import Bank, Template, Variants
from quizgen.grading.policy import Change, Policy
from quizgen.items import Filled, field_name
from quizgen.quizzes.codes import item_code
from quizgen.quizzes.manifest import Manifest
from quizgen.variants.expressions import parse

GROUP = 20_000
"""Items marked at a time."""


@dataclass(frozen=True, slots=True)
class MarkedResponse:
    """A response's mark. ``points`` of ``possible``; ``change`` is the number of the policy's change that made it, or 0."""

    mark: Mark
    points: float
    possible: float
    change: int = 0
    dropped: bool = False


Comments: TypeAlias = dict[tuple[str, int, str], Filled]
"""By student, submission and field."""

MARK_SCHEMA = pl.Schema(
    {
        "place": pl.UInt32(), "outcome": pl.String(), "fraction": pl.Float64(), "points": pl.Float64(),
        "possible": pl.Float64(), "mistake": pl.String(), "note": pl.String(), "change": pl.Int64(), "dropped": pl.Boolean(),
    }
)  # fmt: skip


def field_table(manifest: Manifest, bank: Bank) -> pl.DataFrame:
    """Every field of every student: student, field, number on the worksheet, slot (from 1), template, ordinal, answer,
    possible points, and the item's code."""
    columns: dict[str, list[object]] = {name: [] for name in FIELD_SCHEMA}
    answers = {id: _weighted(bank[id]) for id in {item.template for sheet in manifest.sheets for item in sheet.items}}
    for sheet in manifest.sheets:
        for number, item in enumerate(sheet.items, 1):
            template = bank[item.template]
            for answer, share in answers[item.template]:
                row = (
                    sheet.student.id, field_name(f"q{number}", answer, template.single), number, item.slot + 1,
                    item.template, item.ordinal, answer, manifest.slots[item.slot].points * share,
                    item_code(sheet.code, number),
                )  # fmt: skip
                for column, value in zip(columns.values(), row, strict=True):
                    column.append(value)
    return pl.DataFrame(columns, schema=FIELD_SCHEMA)


FIELD_SCHEMA = pl.Schema(
    {
        "student": pl.String(), "field": pl.String(), "number": pl.Int64(), "item": pl.Int64(), "template": pl.String(),
        "ordinal": pl.Int64(), "answer": pl.String(), "possible": pl.Float64(), "code": pl.String(),
    }
)  # fmt: skip


def _weighted(template: Template) -> list[tuple[str, float]]:
    """Each answer with its share of the item's points."""
    total = sum(answer.shared.weight for answer in template.answers)
    return [(answer.name, answer.shared.weight / total) for answer in template.answers]


def mark_responses(
    responses: pl.DataFrame,
    manifest: Manifest,
    bank: Bank,
    policy: Policy,
    progress: Callable[[int], None] = lambda done: None,
) -> tuple[pl.DataFrame, Comments]:
    """The responses (student, field, text, submission and what `field_table` knows of them) with their marks.

    Columns added: outcome, fraction, points, possible, mistake, note, change, dropped. The comments are what options have to
    say to who chose them.
    """
    reading = Reading(manifest.quiz.decimal_comma)
    placed = responses.with_row_index("place")
    made: list[pl.DataFrame] = []
    comments: Comments = {}
    for id in placed["template"].unique(maintain_order=True).to_list():
        template = bank[id]
        mine = placed.filter(pl.col("template") == id)
        items = mine.select("student", "submission", "number", "ordinal", "item", "code").unique(maintain_order=True)
        for part in items.iter_slices(GROUP):
            numbered = part.with_row_index("row")
            mine_here = mine.join(numbered, on=["student", "submission", "number"], how="inner", maintain_order="left")
            made.append(_mark_part(template, manifest, mine_here, numbered, policy, reading, comments))
            progress(len(mine_here))
    marks = pl.concat(made) if made else pl.DataFrame(schema=MARK_SCHEMA)
    joined = placed.drop("possible").join(marks, on="place", how="inner", maintain_order="left").drop("place")
    return joined, comments


def _mark_part(
    template: Template, manifest: Manifest, responses: pl.DataFrame, items: pl.DataFrame, policy: Policy, reading: Reading,
    comments: Comments,
) -> pl.DataFrame:  # fmt: skip
    """Marks of all responses to some items of one template."""
    variants = template.variants_at(items["ordinal"].to_numpy(), secret=manifest.secret)
    texts: dict[str, list[str]] = {answer.name: [""] * len(items) for answer in template.answers}
    places: dict[str, list[tuple[int, int]]] = {name: [] for name in texts}
    points: list[tuple[int, float]] = []
    for place, row, answer, text, possible in responses.select("place", "row_right", "answer", "text", "possible").iter_rows():
        texts[answer][row] = text
        places[answer].append((place, row))
        points.append((place, possible))
    marks = template.mark_all(variants, texts, reading)
    possible_at = dict(points)
    who = items.select("student", "submission", "number").rows()
    changes = _changes_for(template, items, policy)
    rows = []
    for name, found in places.items():
        accepted = _accepted(template, variants, name, texts[name], changes, reading)
        for place, row in found:
            marked = _amended(marks[name][row], possible_at[place], row, name, changes, accepted)
            mark = marked.mark
            if mark.feedback is not None:
                student, submission, number = who[row]
                comments[student, submission, field_name(f"q{number}", name, template.single)] = mark.feedback
            rows.append(
                (place, mark.outcome, mark.fraction, marked.points, marked.possible, mark.mistake, mark.note,
                 marked.change, marked.dropped)
            )  # fmt: skip
    return pl.DataFrame(rows, schema=MARK_SCHEMA, orient="row")


def _changes_for(template: Template, items: pl.DataFrame, policy: Policy) -> list[tuple[Change, frozenset[int]]]:
    """The changes that touch these items, with the rows that they touch."""
    found = []
    for change in policy.changes:
        if change.template and change.template != template.id:
            continue
        rows = [
            row for row, student, item, code in items.select("row", "student", "item", "code").iter_rows()
            if (not change.item or change.item == item)
            and (not change.student or change.student == student)
            and (not change.code or change.code in (code, code.partition("/")[0]))
        ]  # fmt: skip
        if rows:
            found.append((change, frozenset(rows)))
    return found


def _accepted(
    template: Template, variants: Variants, answer: str, texts: Sequence[str],
    changes: Sequence[tuple[Change, frozenset[int]]], reading: Reading,
) -> Mapping[int, list[Mark]]:  # fmt: skip
    """For each change that accepts something for this answer, the marks of all rows under it."""
    found: dict[int, list[Mark]] = {}
    for change, _ in changes:
        if change.action == "accept" and change.answer in ("", answer):
            found[change.number] = list(_accept(template, variants, answer, texts, change, reading))
    return found


def _accept(
    template: Template, variants: Variants, answer: str, texts: Sequence[str], change: Change, reading: Reading
) -> Iterator[Mark]:
    yes, no = Mark.of(change.fraction, note="accepted on review"), Mark.of(0.0)
    if change.response:
        wanted = _folded(change.response)
        yield from (yes if _folded(text) == wanted else no for text in texts)
        return
    amended = template.with_value(answer, parse(change.value))
    if amended is None:  # the value is for another, numeric answer of the item
        yield from [no] * len(texts)
        return
    same = Variants(amended, variants.ordinals, variants.blocks)
    marks = amended.mark_all(same, {answer: texts}, reading)[answer]
    yield from (yes if mark.outcome == "correct" else no for mark in marks)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _amended(
    mark: Mark, possible: float, row: int, answer: str, changes: Sequence[tuple[Change, frozenset[int]]],
    accepted: Mapping[int, list[Mark]],
) -> MarkedResponse:  # fmt: skip
    """The mark after the policy's changes, in their order."""
    number = 0
    for change, rows in changes:
        if row not in rows or change.answer not in ("", answer):
            continue
        if change.action == "drop":
            return MarkedResponse(mark, 0.0, 0.0, change.number, True)
        if change.action == "full_marks" and mark.fraction < 1:
            mark, number = Mark("correct", 1.0, note="full marks on review"), change.number
        elif change.action == "accept" and accepted[change.number][row].fraction > mark.fraction:
            mark, number = accepted[change.number][row], change.number
    return MarkedResponse(mark, possible * mark.fraction, possible, number)
