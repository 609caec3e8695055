"""Feedback pages: what each student earned, which mistake was made, what was right, and how it is worked out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from quizgen.bank import Bank, Template
from quizgen.grading.marking import Comments
from quizgen.items import (
    Entry,
    FeedbackEntry,
    FeedbackPage,
    FeedbackPart,
    Filled,
    KeyedItem,
    Worksheet,
    field_name,
    plain,
)  # fmt: skip
from quizgen.quizzes.assembling import papers
from quizgen.quizzes.manifest import Manifest, Sheet
from quizgen.quizzes.sheets import ENDINGS
from quizgen.rendering import feedback

GROUP = 1024
"""Students handled at a time."""

LONGEST_TYPED = 10_000
"""Characters of an answer that its page shows; marks.csv keeps the whole."""

_TAKEN_OUT = "Taken out of the marking after a review."

Row = Mapping[str, Any]


def write_feedback(
    folder: Path,
    manifest: Manifest,
    bank: Bank,
    fields: pl.DataFrame,
    counted: pl.DataFrame,
    comments: Comments,
    flavours: Sequence[str],
) -> None:
    """Writes a page for every student who handed something in."""
    folder.mkdir()
    handed_in = set(counted["student"].unique().to_list())
    sheets = [sheet for sheet in manifest.sheets if sheet.student.id in handed_in]
    dropped = _dropped(fields)
    for start in range(0, len(sheets), GROUP):
        group = sheets[start : start + GROUP]
        ids = [sheet.student.id for sheet in group]
        rows = counted.filter(pl.col("student").is_in(ids))
        for sheet, page in _pages(manifest, bank, group, rows, comments, dropped):
            for flavour in flavours:
                path = folder / (sheet.file + ENDINGS[flavour])
                path.write_text(feedback(page, flavour), encoding="utf-8", newline="\n")


@dataclass(frozen=True, slots=True)
class _Dropped:
    """What does not count: students and fields, and by an item's code the points that are left to it."""

    fields: frozenset[tuple[str, str]]
    left: Mapping[str, float]


def _dropped(fields: pl.DataFrame) -> _Dropped:
    dropped = fields.filter(pl.col("dropped") > 0)
    left = fields.join(dropped.select("code").unique(), on="code", how="semi").group_by("code").agg(pl.col("possible").sum())
    return _Dropped(frozenset(dropped.select("student", "field").iter_rows()), dict(left.iter_rows()))


def _pages(
    manifest: Manifest, bank: Bank, sheets: Sequence[Sheet], counted: pl.DataFrame, comments: Comments, dropped: _Dropped
) -> Iterator[tuple[Sheet, FeedbackPage]]:
    """The pages of some students."""
    rows: dict[str, dict[str, Row]] = {}
    for row in counted.iter_rows(named=True):
        rows.setdefault(row["student"], {})[row["field"]] = row
    for sheet, paper in zip(sheets, papers(manifest, bank, sheets), strict=True):
        student = _Student(manifest, bank, sheet, rows.get(sheet.student.id, {}), comments, dropped)
        yield sheet, _page(student, paper.worksheet, paper.keyed)


@dataclass(frozen=True, slots=True)
class _Student:
    """What one student's page is made of."""

    manifest: Manifest
    bank: Bank
    sheet: Sheet
    rows: Mapping[str, Row]
    comments: Comments
    dropped: _Dropped


def _page(student: _Student, paper: Worksheet, keyed: Mapping[str, KeyedItem]) -> FeedbackPage:
    entries = []
    items = iter(student.sheet.items)
    for section in paper.sections:
        for entry in section.entries:
            template = student.bank[next(items).template]
            entries.append(_entry(student, template, entry, keyed[entry.field]))
    earned = sum(entry.earned for entry in entries)
    possible = sum(entry.entry.points for entry in entries)
    lost = any(entry.entry.code in student.dropped.left for entry in entries)
    return FeedbackPage(paper, earned, possible, tuple(entries), tuple(_notes(student, lost)))


def _notes(student: _Student, lost: bool) -> Iterator[str]:
    rows = student.rows.values()
    if any(row["late"] for row in rows):
        penalty = student.manifest.quiz.late_penalty
        cost = f", which costs {100 * penalty:g} % of its points" if penalty else ""
        yield f"Your submission came after the due date{cost}."
    if lost:
        yield "Some answers were taken out of the marking after a review; they count neither for nor against you."
    if any(row["waits"] for row in rows):
        yield "Some answers are waiting for a person to mark them; their points will be added."


def _entry(student: _Student, template: Template, entry: Entry, keyed: KeyedItem) -> FeedbackEntry:
    parts = []
    earned = 0.0
    for answer, key in zip(template.answers, keyed.keys, strict=True):
        name = field_name(entry.field, answer.name, template.single)
        row = student.rows.get(name)
        review = (plain(_TAKEN_OUT),) if (student.sheet.student.id, name) in student.dropped.fields else ()
        if row is None:
            parts.append(FeedbackPart(answer.name, "", "blank", 0.0, key.shown, key.accepted, review))
            continue
        earned += row["points"]
        comment = student.comments.get((row["student"], row["submission"], name))
        parts.append(
            FeedbackPart(
                answer.name, row["text"][:LONGEST_TYPED], row["outcome"], row["points"], key.shown, key.accepted,
                (*review, *_texts(student, template, row, comment)),
            )
        )  # fmt: skip
    left = replace(entry, points=student.dropped.left.get(entry.code, entry.points))
    return FeedbackEntry(left, earned, tuple(parts), keyed.solution)


def _texts(student: _Student, template: Template, row: Row, comment: Filled | None) -> Iterator[Filled]:
    """What the student reads: how the response was read, the option's own words, and the mistake with its repair."""
    if (length := len(row["text"])) > LONGEST_TYPED:
        yield plain(f"Your answer has {length:,} characters; the first {LONGEST_TYPED:,} are shown here.")
    if row["note"]:
        yield plain(row["note"][:1].upper() + row["note"][1:] + ".")
    if comment is not None:
        yield comment
    explanation = template.explanation(row["mistake"])
    if explanation is not None:
        yield explanation
        mistake = template.mistakes[row["mistake"]]
        if mistake.concept is not None and mistake.concept in student.bank.concepts:
            title = student.bank.concepts[mistake.concept].title
            yield plain(f"To go over again: {title}{'' if title.endswith(('?', '!', '.')) else '.'}")
