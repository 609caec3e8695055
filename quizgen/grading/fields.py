"""The fields of a build: which places for answers each student has, and what each is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from quizgen.bank import Bank, Template
from quizgen.grading.layout import Layout
from quizgen.grading.points import shares
from quizgen.items import field_name
from quizgen.quizzes.codes import item_code
from quizgen.quizzes.manifest import Manifest, Sheet

GROUP = 4_096
"""Students handled at a time, since rows of Python objects take far more room than those of a frame."""

FIELDS = pl.Schema(
    {
        "student": pl.String(),
        "field": pl.String(),
        "number": pl.Int64(),
        "item": pl.Int64(),
        "template": pl.String(),
        "ordinal": pl.Int64(),
        "answer": pl.String(),
        "possible": pl.Float64(),
        "code": pl.String(),
    }
)
"""``number`` is the item's place on the student's worksheet, ``item`` its place in the quiz file; both count from 1."""


def field_table(manifest: Manifest, bank: Bank) -> pl.DataFrame:
    """Every field of every student, in the order of the class and of each worksheet, with the points it can earn."""
    worth = {(item.template, manifest.slots[item.slot].points) for sheet in manifest.sheets for item in sheet.items}
    parts = {(id, points): _parts(bank[id], points) for id, points in worth}
    groups = range(0, len(manifest.sheets), GROUP)
    return pl.concat([FIELDS.to_frame(), *(_fields_of(manifest, bank, manifest.sheets[i : i + GROUP], parts) for i in groups)])


def _fields_of(
    manifest: Manifest, bank: Bank, sheets: Sequence[Sheet], parts: Mapping[tuple[str, float], list[tuple[str, float]]]
) -> pl.DataFrame:
    columns: dict[str, list[object]] = {name: [] for name in FIELDS}
    for sheet in sheets:
        for number, item in enumerate(sheet.items, 1):
            single = bank[item.template].single
            code = item_code(sheet.code, number)
            for answer, possible in parts[item.template, manifest.slots[item.slot].points]:
                row = (
                    sheet.student.id, field_name(f"q{number}", answer, single), number, item.slot + 1, item.template,
                    item.ordinal, answer, possible, code,
                )  # fmt: skip
                for column, value in zip(columns.values(), row, strict=True):
                    column.append(value)
    return pl.DataFrame(columns, schema=FIELDS)


def _parts(template: Template, points: float) -> list[tuple[str, float]]:
    """Each answer with its share of the item's points."""
    worth = shares(points, [answer.shared.weight for answer in template.answers])
    return [(answer.name, most) for answer, most in zip(template.answers, worth, strict=True)]


def layout_of(manifest: Manifest, fields: pl.DataFrame) -> Layout:
    """What the readers of submissions need to know of a build."""
    by_student: dict[str, frozenset[str]] = {}
    shared: dict[frozenset[str], frozenset[str]] = {}
    for student, names in fields.group_by("student", maintain_order=True).agg("field").iter_rows():
        found = frozenset(names)
        by_student[student] = shared.setdefault(found, found)
    return Layout(
        frozenset(by_student),
        by_student,
        frozenset(fields["field"].unique().to_list()),
        {sheet.code: sheet.student.id for sheet in manifest.sheets},
        manifest.build,
        manifest.quiz.due_time,
    )
