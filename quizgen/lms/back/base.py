"""What a reader of an LMS's report is: it recognises a file, and tells each question that a student met.

A reader knows how its LMS shows a question of ours and what was typed or chosen; it gives the answers as a student would have
typed them on a worksheet. Whose variant it is, it finds by the code that every exported stem shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from quizgen.grading.readers.units import Blob
from quizgen.lms.base import Question
from quizgen.quizzes.codes import read_code
from quizgen.quizzes.roster import Student

_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{4}-[0-9A-Za-z]{4}(?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True)
class Returned:
    """A question that a student met, as a report tells it.

    ``answers`` are by answer name, as typed on a worksheet; what is not there was left blank. ``unread`` has, instead, what
    could not be turned into such a response, with the reason: it is rejected, not marked wrong. ``points`` of ``possible`` are
    what the LMS gave, None where it does not say. ``attempt`` and ``submitted`` are as written; ``row`` counts from 1.
    ``total`` is what the LMS gave for the whole attempt and of how many points, where it tells nothing else.
    """

    student: Student
    question: Question
    answers: Mapping[str, str]
    row: int
    unread: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    points: float | None = None
    possible: float | None = None
    attempt: str = ""
    submitted: str = ""
    total: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Something in a report that cannot be matched with the export: whose it is, what it says, and why."""

    student: str
    text: str
    reason: str
    row: int


Marking: TypeAlias = Callable[[Question, Mapping[str, str]], float | None]


class Known:
    """The questions of an export, by what a report shows of them. ``format`` is the name of the format it was written in.

    ``mark`` gives the share of a question's points that responses earn, None where nobody knows yet; ``points`` are those of
    the whole quiz.
    """

    def __init__(
        self, questions: Mapping[str, Question], format: str = "", mark: Marking | None = None, points: float = 0.0
    ) -> None:
        self._questions = questions
        self._mark = mark
        self.format = format
        self.points = points

    def __len__(self) -> int:
        return len(self._questions)

    def values(self) -> Iterator[Question]:
        """Every question."""
        yield from self._questions.values()

    def fraction(self, question: Question, answers: Mapping[str, str]) -> float | None:
        """The share of its points that responses to a question earn; None where that is not known."""
        return self._mark(question, answers) if self._mark is not None else None

    def by_code(self, code: str) -> Question | None:
        """The question of a code as written, None where it is none of the export's."""
        found = read_code(code)
        return self._questions.get(found[0]) if found is not None else None

    def in_text(self, text: str) -> Question | None:
        """The question whose code stands in a text; the last one where there are several."""
        found = None
        for match in _CODE.finditer(text):
            found = self.by_code(match.group()) or found
        return found

    def by_ident(self, ident: str) -> Question | None:
        """The question of an id that export wrote (``qg-k7qx3m9p``), None where it is none of the export's."""
        compact = ident.rpartition("qg-")[2].upper()
        return self.by_code(f"{compact[:4]}-{compact[4:]}") if len(compact) == 8 else None


@dataclass(frozen=True, slots=True)
class Report:
    """A kind of report: whether a file is one, judged by content, and what it says.

    ``read`` raises `SubmissionError` for a file that cannot be read at all.
    """

    name: str
    title: str
    recognises: Callable[[Blob], bool]
    read: Callable[[Blob, Known], Iterator[Returned | Unmatched]]
