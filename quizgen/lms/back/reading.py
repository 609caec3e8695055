"""From the reports of an LMS to responses that are marked like any others; nothing of them is lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import polars as pl

from quizgen.bank import Bank
from quizgen.bank.template import Variants
from quizgen.errors import SubmissionError
from quizgen.grading.readers.units import Blob
from quizgen.grading.reading import REJECTED, RESPONSES, FileRead, Submissions
from quizgen.grading.resolving import Policy as Attempts
from quizgen.grading.sources import Found, Refused, Skipped, find_sources
from quizgen.items import field_name
from quizgen.lms.back.base import Known, Marking, Report, Unmatched
from quizgen.lms.back.choosing import Told, chosen, is_late
from quizgen.lms.base import Question
from quizgen.lms.record import Record
from quizgen.lms.registry import reports
from quizgen.quizzes.manifest import Manifest
from quizgen.quizzes.roster import Student


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
    """What came back: the manifest of a build in which each student had these variants, responses to it, the LMS's marks.

    ``unread`` counts, by student, responses that count but cannot be read surely: they wait for a person's look.
    """

    manifest: Manifest
    submissions: Submissions
    given: tuple[Given, ...]
    unread: Mapping[str, int]


def read_back(record: Record, paths: Sequence[Path], attempts: Attempts | None = None) -> Back:
    """Everything that reports of an LMS tell of an export, or of an earlier one that it has replaced.

    Of several attempts of a student one counts, by the quiz's own rule unless ``attempts`` says otherwise; the best is the
    one to which the LMS gave most.

    Raises:
        SubmissionError: a path is missing, or no file at all can be read.
    """
    best: tuple[Record, _Taken] | None = None
    for one in (record, *record.earlier):
        taken = _taken(one, paths)
        if best is None or len(taken.returned) > len(best[1].returned):
            best = one, taken
    assert best is not None
    met, taken = best
    if not taken.files:
        raise SubmissionError("\n".join(taken.refusals) or "there is no report in what was given")
    if met is not record:
        taken.notes.append("the reports are of an earlier export, which this one has replaced: they are marked by that one")
    with met.bank() as bank:
        return _assembled(met, bank, taken, attempts or met.quiz.attempts)


def _taken(record: Record, paths: Sequence[Path]) -> _Taken:
    """What reports tell of one export."""
    taken = _Taken()
    with record.bank() as bank:
        questions = {question.code: question for question in record.questions(bank)}
        known = Known(questions, record.format, _marking(record, bank), sum(slot.points for slot in record.slots))
        for source in find_sources(paths):
            match source:
                case Skipped(name, reason):
                    taken.notes.append(f"{name}: skipped: {reason}")
                case Refused(name, reason):
                    taken.refuse(name, reason)
                case Found(blob):
                    _read(blob, known, taken)
    return taken


def _marking(record: Record, bank: Bank) -> Marking:
    """What marks responses to a question of an export; each question is drawn once."""

    @cache
    def drawn(template: str, ordinal: int) -> Variants:
        return bank[template].variants_at([ordinal], secret=record.secret)

    def mark(question: Question, answers: Mapping[str, str]) -> float | None:
        variants = drawn(question.template, question.ordinal)
        made = bank[question.template].mark(variants, 0, answers, decimal_comma=question.decimal_comma)
        return made.fraction if made.outcome != "manual" else None

    return mark


@dataclass(slots=True)
class _Taken:
    """What was read so far. ``returned`` are of a file by its place in ``files``."""

    returned: list[Told] = field(default_factory=list)
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
            taken.returned.append(Told(number, one))


def _assembled(record: Record, bank: Bank, taken: _Taken, policy: Attempts) -> Back:
    sent = {one.code: one for one in record.sent}
    first = {one.slot: one for one in reversed(record.sent)}
    due, takes_late = record.quiz.due_time, record.quiz.late != "reject"
    by_student: dict[str, list[Told]] = {}
    for told in taken.returned:
        by_student.setdefault(told.one.student.id, []).append(told)
    students: list[Student] = []
    counting: dict[str, Mapping[int, Told]] = {}
    guessed = 0
    for id, every in by_student.items():
        students.append(_who(told.one.student for told in every))
        found = chosen(every, lambda one: sent[one.question.code].slot, policy, due, takes_late=takes_late)
        counting[id] = found.counting
        guessed += found.guessed
        for told, reason in found.others:
            _refused(taken, told, reason)
    items = {
        id: [sent[mine[slot].one.question.code] if slot in mine else first[slot] for slot in sorted(first)]
        for id, mine in counting.items()
    }
    manifest = record.manifest(students, list(items.values()))
    rows: list[tuple[object, ...]] = []
    given: list[Given] = []
    unread: dict[str, int] = {}
    missing = 0
    for id, mine in counting.items():
        totals = {told.one.total for told in mine.values()} - {None}
        given.extend(Given(id, None, points, possible) for points, possible in filter(None, totals))
        for number, item in enumerate(items[id], 1):
            if item.slot not in mine:
                missing += 1
                continue
            told = mine[item.slot]
            one = told.one
            rows.extend(_responses(bank, taken, told, number, late=is_late(told, due)))
            if one.unread:
                unread[id] = unread.get(id, 0) + len(one.unread)
            if one.points is not None and one.possible:
                given.append(Given(id, item.slot + 1, one.points, one.possible))
    if missing:
        taken.notes.append(f"questions that some students' reports do not tell: {missing}; they count as left blank")
    if guessed:
        taken.notes.append(
            f"students whose attempts have neither numbers nor times that can be read: {guessed}; what stands lower in a "
            "report is taken for the later"
        )
    if unread:
        taken.notes.append(
            f"students with responses that cannot be read surely: {len(unread)}, such as {next(iter(unread))}; those responses "
            "are in rejected.csv with the reason and earn nothing yet: look at them yourself"
        )
    responses = pl.DataFrame(rows, schema=RESPONSES, orient="row")
    rejected = pl.DataFrame(taken.rejected, schema=REJECTED, orient="row")
    received = len(responses) + len(rejected)
    handed_in = frozenset(id for id, mine in counting.items() if mine)
    submissions = Submissions(
        responses, rejected, (), _files(taken, responses, rejected), tuple(taken.notes), received, unread, handed_in
    )
    return Back(manifest, submissions, tuple(given), unread)


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


def _who(students: Iterable[Student]) -> Student:
    """The student with all that several rows say of him or her."""
    first, *others = students
    for other in others:
        name, email, extra = first.name or other.name, first.email or other.email, first.extra or other.extra
        first = replace(first, name=name, email=email, extra=extra)
    return first


def _refused(taken: _Taken, told: Told, reason: str) -> None:
    """Keeps all answers of a question that does not count."""
    one, name = told.one, taken.files[told.file][0]
    for answer in one.question.asked:
        text = one.answers.get(answer.name) or one.unread.get(answer.name, ("", ""))[0]
        taken.reject(one.student.id, answer.name, text, one.submitted, name, one.row, reason)


def _responses(bank: Bank, taken: _Taken, told: Told, number: int, *, late: bool) -> Iterator[tuple[object, ...]]:
    one, name = told.one, taken.files[told.file][0]
    template = bank[one.question.template]
    for answer in template.answers:
        field = field_name(f"q{number}", answer.name, template.single)
        if answer.name in one.unread:
            text, reason = one.unread[answer.name]
            taken.reject(one.student.id, field, text, one.submitted, name, one.row, reason)
            continue
        text = one.answers.get(answer.name, "")
        yield (one.student.id, field, text, one.submitted or None, late, 0, name, one.row)
