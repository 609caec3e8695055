"""What a dispute with a student needs: from a worksheet's code to its items, their keys, and marks with reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from quizgen.bank import Bank, Template
from quizgen.bank.explaining import Explained, explain
from quizgen.errors import QuizgenError
from quizgen.grading.by_hand import read_hand_marks
from quizgen.grading.counting import LATE, Counted, count, without_late
from quizgen.grading.fields import field_table, layout_of
from quizgen.grading.marking import with_drops
from quizgen.grading.policy import NO_POLICY, Policy, load_policy
from quizgen.grading.reading import REJECTED, read_submissions
from quizgen.grading.resolving import Policy as Attempts
from quizgen.items import Entry, Filled, plain
from quizgen.quizzes.assembling import papers
from quizgen.quizzes.codes import read_code
from quizgen.quizzes.manifest import Manifest, Sheet
from quizgen.quizzes.roster import Student
from quizgen.spelling import suggest

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """A response to one answer: what it earned and why, and where it came from.

    ``superseded`` is why it does not count, empty where it does.
    """

    text: str
    outcome: str
    points: float
    possible: float
    reasons: tuple[Filled, ...]
    superseded: str
    source: str
    row: int
    submitted: str
    late: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer that was asked for: its field, and every response to it, that which counts first."""

    field: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A response that was handed in and earned no mark, with the reason."""

    field: str
    text: str
    reason: str
    source: str
    row: int


@dataclass(frozen=True, slots=True)
class DisputedItem:
    """An item of the worksheet as the student met it, how its variant came about, and what was answered."""

    entry: Entry
    variant: Explained
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """A student's worksheet, or with ``single`` one item of it, with all that was handed in for it."""

    student: Student
    code: str
    build: str
    items: tuple[DisputedItem, ...]
    rejected: tuple[Rejected, ...]
    earned: float
    possible: float
    single: bool


def sheet_of(manifest: Manifest, *, code: str | None = None, student: str | None = None) -> tuple[Sheet, int | None]:
    """The worksheet with a code or of a student, and the number of the item where the code names one.

    Raises:
        QuizgenError: it is not in this build; a code whose check digit does not fit, or with no number of an item behind its
            ``/``, is told from one of another build.
    """
    if code is None:
        sheets = {sheet.student.id: sheet for sheet in manifest.sheets}
        if student not in sheets:
            raise QuizgenError(f"there is no student '{student}' in this build{suggest(student or '', sheets)}")
        return sheets[student], None
    sheet_part, _, item_part = code.strip().partition("/")
    if not sheet_part:
        raise QuizgenError("no code is given: it is the one at the top of a worksheet, such as K7QX-3M9P")
    read = read_code(code)
    if read is None and read_code(sheet_part) is not None:
        raise QuizgenError(f"in '{code.strip()}' what stands behind the / is no number of an item: '{item_part}'")
    if read is None:
        raise QuizgenError(
            f"'{code.strip()}' is no code: its check digit does not fit, so a character is wrong or two have changed places"
            + _near(manifest, code)
        )
    name, number = read
    found = next((sheet for sheet in manifest.sheets if sheet.code == name), None)
    if found is None:
        raise QuizgenError(f"no worksheet of this build, {manifest.build}, has the code {name}: it is of another build")
    if number is not None and not 1 <= number <= len(found.items):
        raise QuizgenError(f"worksheet {name} has items 1 to {len(found.items)}, not {number}")
    return found, number


def _near(manifest: Manifest, code: str) -> str:
    """The rest of a message on a misread code: those of the build that differ in one character or a swap of two."""
    wanted = code.partition("/")[0].strip().upper()
    near = []
    for sheet in manifest.sheets:
        wrong = [i for i, (a, b) in enumerate(zip(sheet.code, wanted, strict=False)) if a != b]
        swapped = len(wrong) == 2 and sorted(sheet.code[i] for i in wrong) == sorted(wanted[i] for i in wrong)
        if len(sheet.code) == len(wanted) and (len(wrong) == 1 or swapped):
            near.append(f"{sheet.code} of {sheet.student.id}")
    return f"; near it {'is' if len(near) == 1 else 'are'} {', '.join(near)}" if near else ""


def dispute(
    manifest: Manifest,
    sheet: Sheet,
    number: int | None,
    submissions: Sequence[Path] = (),
    policy_file: Path | None = None,
    marked_by_hand: Path | None = None,
    attempts: Attempts | None = None,
) -> Dispute:
    """What a student was asked and answered, with marks by the rules of `grade`: on the whole worksheet or on one item.

    Raises:
        SubmissionError, PolicyError: as `grade` does.
    """
    with manifest.bank() as bank:
        fields = field_table(manifest, bank)
        rules = load_policy(policy_file, fields, bank, manifest.secret) if policy_file else NO_POLICY
        given = read_hand_marks(marked_by_hand, fields) if marked_by_hand else {}
        mine = pl.col("student") == sheet.student.id
        rejected, counted = REJECTED.to_frame(), None
        if submissions:
            read = read_submissions(submissions, layout_of(manifest, fields))
            accepted, late = without_late(read.responses.filter(mine), manifest)
            late = late.with_columns(reason=pl.lit(LATE)).select(list(REJECTED))
            rejected = pl.concat([read.rejected.filter(mine), late], how="vertical_relaxed")
            one = replace(manifest, sheets=(sheet,))
            counted = count(accepted, fields.filter(mine), one, bank, rules, given, attempts)
        return _dispute(manifest, bank, sheet, number, with_drops(fields.filter(mine), rules), counted, rejected, rules)


def _dispute(
    manifest: Manifest, bank: Bank, sheet: Sheet, number: int | None, fields: pl.DataFrame, counted: Counted | None,
    rejected: pl.DataFrame, rules: Policy,
) -> Dispute:  # fmt: skip
    if number is not None:
        fields = fields.filter(pl.col("number") == number)
    said = _said(bank, counted, rules) if counted else {}
    (paper,) = papers(manifest, bank, [sheet])
    items = []
    for entry in (entry for section in paper.worksheet.sections for entry in section.entries):
        if number not in (None, entry.number):
            continue
        assigned = sheet.items[entry.number - 1]
        variant = explain(bank[assigned.template], secret=manifest.secret, address=assigned.ordinal)
        names = fields.filter(pl.col("number") == entry.number)["field"]
        items.append(DisputedItem(entry, variant, tuple(Asked(name, tuple(said.get(name, ()))) for name in names)))
    known = set(fields["field"])
    refused = tuple(
        Rejected(row["field"], row["text"], row["reason"], row["source"], row["row"])
        for row in rejected.iter_rows(named=True)
        if number is None or row["field"] in known
    )
    earned = sum(one.points for name in known for one in said.get(name, ()) if not one.superseded)
    return Dispute(
        sheet.student,
        sheet.code,
        manifest.build,
        tuple(items),
        refused,
        earned,
        float(fields["possible"].sum()),
        number is not None,
    )


def _said(bank: Bank, counted: Counted, rules: Policy) -> dict[str, list[Said]]:
    """The responses by field: that which counts, then the others from the last to the first."""
    found: dict[str, list[Said]] = {}
    for row in counted.counted.iter_rows(named=True):
        found.setdefault(row["field"], []).append(_response(bank, counted, rules, row, ""))
    for row in counted.superseded.sort("submission", descending=True, maintain_order=True).iter_rows(named=True):
        found.setdefault(row["field"], []).append(_response(bank, counted, rules, row, row["reason"]))
    return found


def _response(bank: Bank, counted: Counted, rules: Policy, row: Row, superseded: str) -> Said:
    comment = counted.comments.get((row["student"], row["submission"], row["field"]))
    reasons = tuple(_reasons(bank[row["template"]], row, comment, rules))
    return Said(
        row["text"], row["outcome"], row["points"], row["possible"], reasons, superseded, row["source"], row["row"],
        row["submitted"] or "", row["late"],
    )  # fmt: skip


def _reasons(template: Template, row: Row, comment: Filled | None, rules: Policy) -> Iterator[Filled]:
    """Why a response earned its mark: how it was read, what its option says, the mistake that was met, what a review did."""
    if row["note"]:
        yield plain(row["note"])
    if comment is not None:
        yield comment
    explanation = template.explanation(row["mistake"])
    if explanation is not None:
        yield plain(f"The mistake '{row['mistake']}':")
        yield explanation
    if row["change"]:
        change = rules.changes[row["change"] - 1]
        yield plain(f"Change {change.number} of the policy by {rules.by}: {change.words}")
    if row["late"]:
        yield plain("Handed in after the due date.")
