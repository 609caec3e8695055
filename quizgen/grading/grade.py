"""Grading a build: submissions in; marks, gradebook, rejected responses, feedback and summary out; nothing lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from quizgen.bank import Bank
from quizgen.errors import OutputError, QuizgenError
from quizgen.grading import audit, by_hand
from quizgen.grading.commas import other_reading
from quizgen.grading.counting import LATE, Counted, count, without_late
from quizgen.grading.feedback import write_feedback
from quizgen.grading.fields import field_table, layout_of
from quizgen.grading.gradebook import with_known
from quizgen.grading.policy import NO_POLICY, Policy, load_policy
from quizgen.grading.reading import Submissions, read_submissions
from quizgen.grading.resolving import Policy as Attempts
from quizgen.grading.summary import summary
from quizgen.quizzes.folders import check_target, whole_folder
from quizgen.quizzes.manifest import Manifest
from quizgen.quizzes.tables import write_table

MARK = "summary.json"
"""The file by which a folder of results is known."""

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Graded:
    """What a grading run made. ``marked`` + ``rejected`` = ``received``; ``waiting`` of the marked need a person."""

    folder: Path
    received: int
    marked: int
    rejected: int
    waiting: int
    students: int
    summary: dict[str, Any]
    notes: tuple[str, ...]


Beside = Callable[[Counted], Mapping[str, bytes]]
"""From what counts to further files for the folder of results, by name."""


def grade(
    manifest: Manifest,
    submissions: Sequence[Path] | Submissions,
    out: Path,
    *,
    policy_file: Path | None = None,
    marked_by_hand: Path | None = None,
    attempts: Attempts | None = None,
    flavours: Sequence[str] = ("html",),
    force: bool = False,
    notes: Sequence[str] = (),
    beside: Beside = lambda counted: {},
    progress: Progress = lambda done: None,
) -> Graded:
    """Grades submissions, or responses that were read already, into the folder ``out``.

    ``policy_file`` amends keys; ``marked_by_hand`` is the ``to-mark.csv`` of an earlier run with points filled in.
    ``progress`` is told how many responses are marked.

    Raises:
        SubmissionError: a path is missing, or no file at all can be read; nothing is written.
        PolicyError: the policy, or what was marked by hand, is wrong; nothing is written.
        OutputError: the folder is taken, cannot be written, or holds what is to be read.
    """
    check_target(out, force, MARK)
    paths = [] if isinstance(submissions, Submissions) else submissions
    _check_apart([*paths, *filter(None, [policy_file, marked_by_hand])], out)
    trail = audit.read_trail(out)
    with manifest.bank() as bank:
        fields = field_table(manifest, bank)
        policy = load_policy(policy_file, fields, bank, manifest.secret) if policy_file else NO_POLICY
        given = by_hand.read_hand_marks(marked_by_hand, fields) if marked_by_hand else {}
        if isinstance(submissions, Submissions):
            read = submissions
        else:
            read = read_submissions(submissions, layout_of(manifest, fields))
        accepted, late = without_late(read.responses, manifest)

        def counting(rules: Policy, tell: Progress = lambda done: None) -> Counted:
            found = count(accepted, fields, manifest, bank, rules, given, attempts, tell)
            return replace(found, book=with_known(found.book, read.unread, read.handed_in))

        result = counting(policy, progress)
        rejected = _rejected(read.rejected, late, result.superseded)
        _check_balance(read, result.counted, rejected)
        if result.stale:
            notes = [*notes, f"Marked by hand, but handed in anew since, so waiting again: {result.stale} responses."]
        if other := other_reading(result, manifest, bank, policy):
            notes = [*notes, other.told(manifest.quiz.decimal_comma)]
        with whole_folder(out, force, MARK) as folder:
            counted = _in_order(result.counted, fields)
            write_table(_marks_table(counted, manifest, bank), folder / "marks.csv")
            write_table(result.book, folder / "gradebook.csv")
            write_table(rejected, folder / "rejected.csv")
            queue = by_hand.queue(counted, manifest, bank)
            if len(queue):
                write_table(queue, folder / "to-mark.csv")
            facts = summary(manifest, bank, read, counted, rejected, result.book, notes)
            _write_json(folder / MARK, facts)
            if policy.changes or trail:
                before = counting(NO_POLICY)
                changed = audit.changed_marks(counted, before.marked)
                entry = audit.entry(policy, manifest.build, changed, result.fields, before.book, result.book)
                write_table(changed, folder / "audit.csv")
                _write_json(folder / audit.TRAIL, [*trail, entry])
            for name, content in beside(result).items():
                (folder / name).write_bytes(content)
            write_feedback(folder / "feedback", manifest, bank, result.fields, counted, result.comments, flavours)
    students = counted["student"].n_unique()
    return Graded(out, read.received, len(counted), len(rejected), len(queue), students, facts, (*notes, *read.notes))


def _check_apart(sources: Sequence[Path], out: Path) -> None:
    """Results must not replace what is to be read, nor be read as responses by the next run."""
    results = out.resolve()
    for source in sources:
        if source.resolve().is_relative_to(results):
            raise OutputError(f"{out}: holds {source}, which is to be read; choose another folder for the results")
        if results.is_relative_to(source.resolve()):
            raise OutputError(f"{out}: lies inside {source}, which is to be read; choose another folder for the results")


def _rejected(rejected: pl.DataFrame, late: pl.DataFrame, superseded: pl.DataFrame) -> pl.DataFrame:
    """Everything that earned no mark, with its reason."""
    columns = rejected.columns
    late = late.with_columns(reason=pl.lit(LATE))
    return pl.concat([rejected, late.select(columns), superseded.select(columns)], how="vertical_relaxed")


def _check_balance(read: Submissions, counted: pl.DataFrame, rejected: pl.DataFrame) -> None:
    """Holds promise 3: what came in is marked or rejected."""
    if read.received != len(counted) + len(rejected):
        raise QuizgenError(
            f"{read.received} responses came in, but {len(counted)} are marked and {len(rejected)} rejected. "
            "This is a fault in quizgen; nothing was written."
        )


def _in_order(counted: pl.DataFrame, fields: pl.DataFrame) -> pl.DataFrame:
    """The responses in the order of the class and of each worksheet."""
    keys = ["student", "field"]
    return fields.select(keys).join(counted, on=keys, how="inner", maintain_order="left")


def _marks_table(counted: pl.DataFrame, manifest: Manifest, bank: Bank) -> pl.DataFrame:
    explained = [
        (id, mistake.id, f"{mistake.title}. {mistake.explanation}")
        for id in counted["template"].unique()
        for mistake in bank[id].mistakes.values()
    ]
    words = pl.DataFrame(explained, schema=dict.fromkeys(["template", "mistake", "feedback"], pl.String), orient="row")
    people = [(sheet.student.id, sheet.student.name) for sheet in manifest.sheets]
    names = pl.DataFrame(people, schema={"student": pl.String, "name": pl.String}, orient="row")
    return (
        counted.join(names, on="student", how="left", maintain_order="left")
        .join(words, on=["template", "mistake"], how="left", maintain_order="left")
        .select(
            "student", "name", "field", "item", "code", "template", "answer", pl.col("text").alias("response"), "outcome",
            "fraction", "points", "possible", "mistake", "feedback", "note", "late", "submitted", "source", "row",
        )
    )  # fmt: skip


def _write_json(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
