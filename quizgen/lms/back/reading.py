"""From the reports of an LMS to responses that are marked like any others; nothing of them is lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from quizgen.bank import Bank
from quizgen.errors import SubmissionError
from quizgen.grading.readers.units import Blob
from quizgen.grading.reading import REJECTED, RESPONSES, FileRead, Submissions
from quizgen.grading.resolving import Policy as Attempts
from quizgen.grading.sources import Found, Refused, Skipped, find_sources
from quizgen.items import field_name
from quizgen.lms.back.base import Known, Report, Returned, Unmatched
from quizgen.lms.plan import Sent
from quizgen.lms.record import Record
from quizgen.lms.registry import reports
from quizgen.quizzes.manifest import Manifest
from quizgen.quizzes.roster import Student

_SUPERSEDED = {
    "last": "a later attempt counts",
    "first": "an earlier attempt counts",
    "best": "a better attempt counts",
    "error": "the student has several attempts, and this quiz allows one: none is marked",
}


@dataclass(frozen=True, slots=True)
class Given:
    """What the LMS gave for one item of a student: its place in the quiz file (from 1), points and how many it has.

    Without an item it is what the LMS gave for the whole.
    """

    student: str
    item: int | None
    points: float
    possible: float


@dataclass(frozen=True, slots=True)
class Back:
    """What came back: the manifest of a build in which each student had these variants, responses to it, the LMS's marks."""

    manifest: Manifest
    submissions: Submissions
    given: tuple[Given, ...]


def read_back(record: Record, paths: Sequence[Path], attempts: Attempts | None = None) -> Back:
    """Everything that reports of an LMS tell of an export.

    Of several attempts of a student one counts, by the quiz's own rule unless ``attempts`` says otherwise; the best is the
    one to which the LMS gave most.

    Raises:
        SubmissionError: a path is missing, or no file at all can be read.
    """
    with record.bank() as bank:
        known = Known({question.code: question for question in record.questions(bank)})
        taken = _Taken()
        for source in find_sources(paths):
            match source:
                case Skipped(name, reason):
                    taken.notes.append(f"{name}: skipped: {reason}")
                case Refused(name, reason):
                    taken.refuse(name, reason)
                case Found(blob):
                    _read(blob, known, taken)
        if not taken.files:
            raise SubmissionError("\n".join(taken.refusals) or "there is no report in what was given")
        return _assembled(record, bank, taken, attempts or record.quiz.attempts)


@dataclass(slots=True)
class _Taken:
    """What was read so far. ``returned`` are of a file by its place in ``files``."""

    returned: list[tuple[int, Returned]] = field(default_factory=list)
    rejected: list[tuple[str, str, str, str, str, int, str]] = field(default_factory=list)
    files: list[tuple[str, str]] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def refuse(self, name: str, reason: str) -> None:
        """Keeps a file that cannot be read."""
        self.refusals.append(f"{name}: {reason}")
        self.reject("", "", "", "", name, 0, reason)

    def reject(self, student: str, field: str, text: str, submitted: str, source: str, row: int, reason: str) -> None:
        """Keeps what cannot be marked."""
        self.rejected.append((student, field, text, submitted, source, row, reason))


def report_of(blob: Blob) -> Report:
    """The kind of a report, found by content. Raises `SubmissionError` where it is none that is known."""
    for report in reports().values():
        if report.recognises(blob):
            return report
    known = ", ".join(report.title for report in reports().values())
    raise SubmissionError(f"{blob.name}: this is no report that is known; known are: {known}")


def _read(blob: Blob, known: Known, taken: _Taken) -> None:
    try:
        report = report_of(blob)
        found = list(report.read(blob, known))
    except SubmissionError as error:
        taken.refuse(blob.name, str(error).removeprefix(f"{blob.name}:").strip())
        return
    number = len(taken.files)
    taken.files.append((blob.name, report.title))
    for one in found:
        if isinstance(one, Unmatched):
            taken.reject(one.student, "", one.text, "", blob.name, one.row, one.reason)
        else:
            taken.returned.append((number, one))


_Attempt = list[tuple[int, Returned]]


def _assembled(record: Record, bank: Bank, taken: _Taken, policy: Attempts) -> Back:
    sent = {one.code: one for one in record.sent}
    first = {one.slot: one for one in reversed(record.sent)}
    students: dict[str, Student] = {}
    counting: dict[str, dict[int, tuple[int, Returned]]] = {}
    for id, tries in _by_student(taken.returned).items():
        students[id] = _who(one.student for _, one in (found for tried in tries for found in tried))
        chosen = _chosen(tries, policy)
        for tried in tries:
            if tried is not chosen:
                for file, one in tried:
                    _superseded(taken, file, one, _SUPERSEDED[policy])
        mine = counting.setdefault(id, {})
        for file, one in chosen or []:
            slot = sent[one.question.code].slot
            if slot in mine:
                _superseded(taken, file, one, "the student met another question in the same place")
            else:
                mine[slot] = (file, one)
    items = {id: _items(first, sent, mine) for id, mine in counting.items()}
    manifest = record.manifest([students[id] for id in items], list(items.values()))
    rows: list[tuple[object, ...]] = []
    given: list[Given] = []
    missing = 0
    for id, mine in counting.items():
        totals = {one.total for _, one in mine.values()} - {None}
        given.extend(Given(id, None, points, possible) for points, possible in filter(None, totals))
        for number, item in enumerate(items[id], 1):
            if item.slot not in mine:
                missing += 1
                continue
            file, one = mine[item.slot]
            rows.extend(_responses(bank, taken, file, one, number))
            if one.points is not None and one.possible:
                given.append(Given(id, item.slot + 1, one.points, one.possible))
    if missing:
        taken.notes.append(f"questions that some students' reports do not tell: {missing}; they count as left blank")
    responses = pl.DataFrame(rows, schema=RESPONSES, orient="row")
    rejected = pl.DataFrame(taken.rejected, schema=REJECTED, orient="row")
    received = len(responses) + len(rejected)
    submissions = Submissions(responses, rejected, (), _files(taken, responses, rejected), tuple(taken.notes), received)
    return Back(manifest, submissions, tuple(given))


def _files(taken: _Taken, responses: pl.DataFrame, rejected: pl.DataFrame) -> tuple[FileRead, ...]:
    return tuple(
        FileRead(
            name,
            title,
            int((responses["source"] == name).sum()),
            int((rejected["source"] == name).sum()),
        )
        for name, title in taken.files
    )


def _by_student(returned: Iterable[tuple[int, Returned]]) -> dict[str, list[_Attempt]]:
    """Each student's attempts, in the order in which they stand in the reports."""
    tries: dict[str, dict[tuple[int, str], _Attempt]] = {}
    for file, one in returned:
        tries.setdefault(one.student.id, {}).setdefault((file, one.attempt), []).append((file, one))
    return {id: list(found.values()) for id, found in tries.items()}


def _who(students: Iterable[Student]) -> Student:
    """The student with all that several rows say of him or her."""
    first, *others = students
    for other in others:
        name, email, extra = first.name or other.name, first.email or other.email, first.extra or other.extra
        first = replace(first, name=name, email=email, extra=extra)
    return first


def _chosen(tries: Sequence[_Attempt], policy: Attempts) -> _Attempt | None:
    """The attempt that counts; None where none does."""
    if len(tries) == 1 or policy == "first":
        return tries[0]
    if policy == "error":
        return None
    if policy == "best":
        return max(reversed(tries), key=_worth)
    return tries[-1]


def _worth(tried: _Attempt) -> float:
    """What the LMS gave for an attempt."""
    whole = next((one.total for _, one in tried if one.total is not None), None)
    return sum(one.points or 0.0 for _, one in tried) if whole is None else whole[0]


def _superseded(taken: _Taken, file: int, one: Returned, reason: str) -> None:
    name = taken.files[file][0]
    for answer in one.question.asked:
        text = one.answers.get(answer.name) or one.unread.get(answer.name, ("", ""))[0]
        taken.reject(one.student.id, answer.name, text, one.submitted, name, one.row, reason)


def _items(first: Mapping[int, Sent], sent: Mapping[str, Sent], mine: Mapping[int, tuple[int, Returned]]) -> list[Sent]:
    """A student's variants, one for each slot; the first of a slot where the reports tell none."""
    return [sent[mine[slot][1].question.code] if slot in mine else first[slot] for slot in sorted(first)]


def _responses(bank: Bank, taken: _Taken, file: int, one: Returned, number: int) -> Iterator[tuple[object, ...]]:
    template = bank[one.question.template]
    name = taken.files[file][0]
    for answer in template.answers:
        field = field_name(f"q{number}", answer.name, template.single)
        if answer.name in one.unread:
            text, reason = one.unread[answer.name]
            taken.reject(one.student.id, field, text, one.submitted, name, one.row, reason)
            continue
        text = one.answers.get(answer.name, "")
        yield (one.student.id, field, text, one.submitted or None, False, 0, name, one.row)
