"""Grading a build: submissions in; marks, gradebook, rejected responses, feedback and summary out; nothing lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from quizgen.bank import Bank
from quizgen.errors import QuizgenError
from quizgen.grading.feedback import write_feedback
from quizgen.grading.layout import Layout
from quizgen.grading.marking import field_table, mark_responses
from quizgen.grading.policy import NO_POLICY, Policy, load_policy
from quizgen.grading.reading import Submissions, read_submissions
from quizgen.grading.resolving import choose
from quizgen.grading.summary import summary
from quizgen.quizzes.folders import check_target, whole_folder
from quizgen.quizzes.manifest import Manifest
from quizgen.quizzes.tables import write_table

ATTEMPTS = ("last", "best", "first", "error")
MARK = "summary.json"
"""The file by which a folder of results is known."""

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Graded:
    """What a grading run made. ``marked`` + ``rejected`` = ``received``."""

    folder: Path
    received: int
    marked: int
    rejected: int
    students: int
    summary: dict[str, Any]
    notes: tuple[str, ...]


def grade(
    manifest: Manifest,
    submissions: Sequence[Path],
    out: Path,
    *,
    policy_file: Path | None = None,
    attempts: str | None = None,
    flavours: Sequence[str] = ("html",),
    force: bool = False,
    notes: Sequence[str] = (),
    progress: Progress = lambda done: None,
) -> Graded:
    """Grades submissions into the folder ``out``.

    Raises:
        SubmissionError, PolicyError: a file cannot be read at all, or the policy is wrong; nothing is written.
        OutputError: the folder is taken, or cannot be written.
    """
    check_target(out, force, MARK)
    earlier = _earlier_audits(out)
    with manifest.bank() as bank:
        policy = load_policy(policy_file, manifest, bank) if policy_file else NO_POLICY
        fields = field_table(manifest, bank)
        layout = _layout(manifest, fields)
        read = read_submissions(submissions, layout)
        accepted, late = _without_late(read, manifest)
        known = accepted.join(fields, on=["student", "field"], how="inner", maintain_order="left")
        marks, comments = mark_responses(known, manifest, bank, policy, progress)
        marked = _with_penalty(marks, manifest)
        counted, superseded = choose(marked, _attempts(attempts or manifest.quiz.attempts), _totals(marked))  # type: ignore[arg-type] # one of ATTEMPTS
        rejected = _rejected(read.rejected, late, superseded)
        _balance(read, counted, rejected)
        before = None
        if policy.changes:
            before = _with_penalty(mark_responses(known, manifest, bank, NO_POLICY)[0], manifest)
        with whole_folder(out, force, MARK) as folder:
            book = gradebook(manifest, fields, counted, policy)
            write_table(_marks_table(counted, manifest, bank), folder / "marks.csv")
            write_table(book, folder / "gradebook.csv")
            write_table(rejected, folder / "rejected.csv")
            facts = summary(manifest, bank, read, counted, rejected, book, notes)
            _write_json(folder / "summary.json", facts)
            if before is not None:
                _write_audit(folder, policy, counted, before, manifest, earlier)
            elif earlier:
                _write_json(folder / "audit.json", earlier)
            write_feedback(folder / "feedback", manifest, bank, counted, comments, flavours)
    return Graded(out, read.received, len(counted), len(rejected), counted["student"].n_unique(), facts, (*notes, *read.notes))


def _attempts(policy: str) -> str:
    if policy not in ATTEMPTS:
        raise QuizgenError(f"attempts is one of {', '.join(ATTEMPTS)}, not {policy!r}")
    return policy


def _layout(manifest: Manifest, fields: pl.DataFrame) -> Layout:
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


def _without_late(read: Submissions, manifest: Manifest) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The responses, and those that came too late where the quiz takes none."""
    if manifest.quiz.late != "reject":
        return read.responses, read.responses.clear()
    return read.responses.filter(~pl.col("late")), read.responses.filter(pl.col("late"))


def _with_penalty(marked: pl.DataFrame, manifest: Manifest) -> pl.DataFrame:
    share = 1 - manifest.quiz.late_penalty
    return marked.with_columns(points=pl.when("late").then(pl.col("points") * share).otherwise("points"))


def _totals(marked: pl.DataFrame) -> pl.DataFrame:
    return marked.group_by("student", "submission").agg(total=pl.col("points").sum())


def _rejected(rejected: pl.DataFrame, late: pl.DataFrame, superseded: pl.DataFrame) -> pl.DataFrame:
    """Everything that earned no mark, with its reason."""
    columns = rejected.columns
    late = late.with_columns(reason=pl.lit("handed in after the due date, and this quiz takes nothing late"))
    return pl.concat([rejected, late.select(columns), superseded.select(columns)], how="vertical_relaxed")


def _balance(read: Submissions, counted: pl.DataFrame, rejected: pl.DataFrame) -> None:
    """Holds promise 3: what came in is marked or rejected."""
    if read.received != len(counted) + len(rejected):
        raise QuizgenError(
            f"{read.received} responses came in, but {len(counted)} are marked and {len(rejected)} rejected. "
            "This is a fault in quizgen; nothing was written."
        )


def _marks_table(counted: pl.DataFrame, manifest: Manifest, bank: Bank) -> pl.DataFrame:
    explained = {mistake.id: f"{mistake.title}. {mistake.explanation}" for id in counted["template"].unique()
                 for mistake in bank[id].mistakes.values()}  # fmt: skip
    names = pl.DataFrame(
        [(sheet.student.id, sheet.student.name) for sheet in manifest.sheets], schema={"student": pl.String, "name": pl.String},
        orient="row",
    )  # fmt: skip
    return (
        counted.join(names, on="student", how="left", maintain_order="left")
        .select(
            "student", "name", "field", "item", "code", "template", "answer", pl.col("text").alias("response"), "outcome",
            "fraction", "points", "possible", "mistake",
            pl.col("mistake").replace_strict(explained, default="", return_dtype=pl.String).alias("feedback"),
            "note", "late", "submitted", "source", "row",
        )
    )  # fmt: skip


def gradebook(manifest: Manifest, fields: pl.DataFrame, counted: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """A row for each student of the class: points of each item of the quiz, total, and what needs attention."""
    by_item = counted.group_by("student", "item").agg(pl.col("points").sum())
    earned = {(student, item): points for student, item, points in by_item.iter_rows()}
    facts = {
        student: (late, manual, invalid)
        for student, late, manual, invalid in counted.group_by("student").agg(
            pl.col("late").any(),
            (pl.col("outcome") == "manual").sum().alias("manual"),
            (pl.col("outcome") == "invalid").sum().alias("invalid"),
        ).iter_rows()
    }  # fmt: skip
    possible = _possible(manifest, fields, policy)
    rows = []
    for sheet in manifest.sheets:
        id = sheet.student.id
        late, manual, invalid = facts.get(id, (False, 0, 0))
        points = [earned.get((id, slot + 1), 0.0) for slot in range(len(manifest.slots))]
        total, most = sum(points), possible[id]
        rows.append(
            (
                id, sheet.student.name, *points, total, most, 100 * total / most if most else None,
                "yes" if id in facts else "no", "yes" if late else "", manual or None, invalid or None,
            )
        )  # fmt: skip
    items = {f"item {i + 1}": pl.Float64 for i in range(len(manifest.slots))}
    schema: dict[str, Any] = {
        "student": pl.String, "name": pl.String, **items, "total": pl.Float64, "possible": pl.Float64, "percent": pl.Float64,
        "submitted": pl.String, "late": pl.String, "waiting for a person": pl.Int64, "unreadable": pl.Int64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _possible(manifest: Manifest, fields: pl.DataFrame, policy: Policy) -> dict[str, float]:
    """What each student can earn; what the policy drops does not count."""
    drops = [change for change in policy.changes if change.action == "drop"]
    kept = fields
    for change in drops:
        hit = pl.lit(True)
        if change.item:
            hit &= pl.col("item") == change.item
        if change.template:
            hit &= pl.col("template") == change.template
        if change.student:
            hit &= pl.col("student") == change.student
        if change.code:
            hit &= (pl.col("code") == change.code) | pl.col("code").str.starts_with(change.code + "/")
        kept = kept.filter(~hit)
    sums = dict(kept.group_by("student").agg(pl.col("possible").sum()).iter_rows())
    return {sheet.student.id: float(sums.get(sheet.student.id, 0.0)) for sheet in manifest.sheets}


def _write_audit(
    folder: Path, policy: Policy, counted: pl.DataFrame, before: pl.DataFrame, manifest: Manifest, earlier: list[Any]
) -> None:
    """The audit trail: who decided what and why, and every mark and total that it changed."""
    keys = ["student", "submission", "field"]
    old = before.select(*keys, pl.col("points").alias("points_before"), pl.col("outcome").alias("outcome_before"),
                        pl.col("possible").alias("possible_before"))  # fmt: skip
    both = counted.join(old, on=keys, how="left", maintain_order="left")
    changed = both.filter(pl.col("change") > 0).select(
        "student", "field", "code", pl.col("text").alias("response"), "outcome_before", "outcome", "points_before",
        "points", "possible_before", "possible", "change",
    )  # fmt: skip
    write_table(changed, folder / "audit.csv")
    totals = both.group_by("student", maintain_order=True).agg(
        before=pl.col("points_before").sum(), after=pl.col("points").sum()
    )
    moved = totals.filter((pl.col("before") - pl.col("after")).abs() > 1e-9)
    _write_json(
        folder / "audit.json",
        [
            *earlier,
            {
                "by": policy.by,
                "reason": policy.reason,
                "at": datetime.now(UTC).isoformat(timespec="seconds"),
                "build": manifest.build,
                "changes": [
                    {
                        "number": change.number,
                        "change": change.words,
                        "responses": int((changed["change"] == change.number).sum()),
                        "students": sorted(changed.filter(pl.col("change") == change.number)["student"].unique().to_list()),
                    }
                    for change in policy.changes
                ],
                "totals": [
                    {"student": student, "before": round(old_total, 6), "after": round(new_total, 6)}
                    for student, old_total, new_total in moved.iter_rows()
                ],
            },
        ],
    )


def _write_json(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _earlier_audits(out: Path) -> list[Any]:
    """The audit trail of earlier runs into this folder, which a new run carries on."""
    try:
        found = json.loads((out / "audit.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return found if isinstance(found, list) else []
