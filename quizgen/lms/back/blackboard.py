"""Blackboard's download of a test's results, in both of its forms: a row for each attempt, with numbered columns for each of
its questions, or a row for each question of an attempt.

An answer shows the texts of options in one cell. How it separates them is not documented, so every way is tried, and what
can be read in two ways is rejected.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from quizgen.errors import SubmissionError
from quizgen.grading.readers.units import Blob, excerpt
from quizgen.items import (
    Arrange,
    ChooseMany,
    ChooseOne,
    EnterNumber,
    EnterText,
    Match,
    Option,
    StateDistribution,
    WriteFreely,
    options_of,
    plain,
)
from quizgen.lms.back.base import Known, Report, Returned, Unmatched
from quizgen.lms.back.gaps import Carriers, Taken, taken_from, texts_in
from quizgen.lms.back.sheets import Line, heads_of, lines_of, plain_head, points_in, sheet_of
from quizgen.lms.back.shown import Offer, Offers, UnclearError, splits, spread_over, without_tags
from quizgen.lms.base import Question, plain_words
from quizgen.lms.formats.qti12.blackboard import BLACKBOARD
from quizgen.lms.formats.qti12.gaps import prompts
from quizgen.lms.formats.qti12.targets import Blank
from quizgen.quizzes.roster import Student

_PARTS = ("questionid", "question", "answer", "possiblepoints", "autoscore", "manualscore")
_NUMBERED = re.compile(r"questionid([0-9]+)")
_GRADES = re.compile(r"\[Total Pts:.*\]\s*\|[0-9]+")
_UNANSWERED = frozenset(["", "unanswered", "<unanswered>", "[unanswered]", "<no answer>", "-- no answer --", "[none given]"])
_OPEN = re.compile(r"\[unanswered\]|\[none given\]|-- no answer --|(?<![^,;|\t\n]) *unanswered *(?![^,;|\t\n])", re.IGNORECASE)
_NOTHING = -1
_LISTS = (", ", ",", "; ", ";", "\n", " | ", "|", "\t")
_JOINTS = re.compile(r"\s*(?:->|=>|→|⇒)\s*")


def recognises(blob: Blob) -> bool:
    """Whether a file has the columns of such a download, or those of a gradebook, which has no answers."""
    heads = heads_of(blob)
    plain = set(map(plain_head, heads))
    if "username" not in plain:
        return False
    return {"questionid1", "answer1"} <= plain or {"questionid", "answer"} <= plain or _is_gradebook(heads)


def _is_gradebook(heads: Sequence[str]) -> bool:
    return any(_GRADES.search(head) for head in heads)


@dataclass(frozen=True, slots=True)
class _Told:
    """A question of an attempt, as the download tells it: its parts by plain heads."""

    student: Student
    attempt: str
    row: int
    parts: Mapping[str, str]


def read(blob: Blob, known: Known) -> Iterator[Returned | Unmatched]:
    """What each attempt tells of each question.

    Raises:
        SubmissionError: it is the gradebook, not a test's results.
    """
    cells = _Cells(known.format == "blackboard")
    for told in _questions(blob):
        shown = told.parts["question"]
        question = known.in_text(without_tags(shown))
        if not told.student.id:
            yield Unmatched("", excerpt(shown), "the row names no user", told.row)
        elif question is None:
            yield Unmatched(told.student.id, excerpt(shown), "this question has no code of this export", told.row)
        else:
            yield cells.returned(told, question)


def _questions(blob: Blob) -> Iterator[_Told]:
    sheet = sheet_of(blob)
    plain = list(map(plain_head, sheet.header))
    numbers = [found[1] for head in plain if (found := _NUMBERED.fullmatch(head))]
    if not numbers and "questionid" not in plain:
        raise SubmissionError(
            f"{blob.name}: this is the gradebook, which has no answers; download the test's results (Download Results), "
            "and give the gradebook with --gradebook-from"
        )
    attempts: Counter[tuple[str, str]] = Counter()
    for line in lines_of(sheet):
        student = _student(line)
        if numbers:
            attempts[student.id, ""] += 1
            attempt = str(attempts[student.id, ""])
            for number in numbers:
                parts = {part: line[part + number] for part in _PARTS}
                if any(parts.values()):  # who met fewer questions than others has empty cells
                    yield _Told(student, attempt, line.number, parts)
        else:
            parts = {part: line[part] for part in _PARTS}
            key = (student.id, parts["question"] or parts["questionid"])
            attempts[key] += 1
            yield _Told(student, str(attempts[key]), line.number, parts)


def _student(line: Line) -> Student:
    name = " ".join(filter(None, (line["firstname"], line["lastname"])))
    id = line["studentid"]
    return Student(line["username"], name, line["email"], (("Student ID", id),) if id else ())


class _Cells:
    """Reads the answers of one download. What it finds out of a question serves all its cells.

    ``ours`` tells whether the questions were written for Blackboard, so that it is known what each became in it.
    """

    def __init__(self, ours: bool) -> None:
        self._ours = ours
        self._offers = Offers()
        self._carriers = Carriers(BLACKBOARD)

    def returned(self, told: _Told, question: Question) -> Returned:
        """What the download tells of a question of an attempt."""
        cell = told.parts["answer"]
        try:
            answers, unread = ({}, {}) if _is_open(question, cell) else self._taken(question, cell)
        except UnclearError as error:
            answers, unread = {}, {asked.name: (excerpt(cell), str(error)) for asked in question.asked}
        given = points_in(told.parts["manualscore"])
        points = points_in(told.parts["autoscore"]) if given is None else given  # what a person gave stands instead
        possible = points_in(told.parts["possiblepoints"])
        return Returned(told.student, question, answers, told.row, unread, points, possible, told.attempt)

    def _taken(self, question: Question, cell: str) -> Taken:
        blanks = self._carriers.blanks(question) if self._ours else ()
        if not blanks:
            return self._plain(question, cell), {}
        if self._carriers.of(question).kind == "multiple_dropdowns_question":
            return taken_from(blanks, self._menus(question, blanks, cell))
        typed = without_tags(cell)
        if len(blanks) == 1:
            return taken_from(blanks, [typed])
        typed = _OPEN.sub("", typed)
        return taken_from(blanks, texts_in(typed, blanks, _LISTS, decimal_comma=question.decimal_comma))

    def _plain(self, question: Question, cell: str) -> dict[str, str]:
        """The answers to a question whose options are options there, and whose numbers and texts are such too."""
        if len(question.asked) > 1:
            return _blanks(question, cell)
        (asked,) = question.asked
        match asked.interaction:
            case ChooseOne(options=options):
                return {asked.name: self._offers.of(question, asked.name, options).label(cell)}
            case ChooseMany(options=options):
                offer = self._offers.of(question, asked.name, options)
                return {asked.name: " ".join(sorted(offer.labels[place] for place in offer.places(cell, _LISTS)))}
            case Arrange(options=options):
                offer = self._offers.of(question, asked.name, options)
                places = offer.places(cell, _LISTS)
                if len(places) < len(options):
                    raise UnclearError("the order does not have all items")
                return {asked.name: " ".join(offer.labels[place] for place in places)}
            case Match(_, lefts, rights):
                pairs = self._pairs(question, asked.name, lefts, rights, cell)
                return {asked.name: " ".join(f"{left}-{pairs[left]}" for left in sorted(pairs))}
            case EnterNumber() | EnterText():
                return {asked.name: without_tags(cell)}
            case StateDistribution():
                return _blanks(question, cell)
            case WriteFreely():
                return {asked.name: cell}

    def _menus(self, question: Question, blanks: Sequence[Blank], cell: str) -> list[str]:
        """What was chosen in each of the menus, which are a matching; empty where nothing was."""
        part = blanks[0].part
        lefts = prompts(part)
        rights = [Option(choice, plain(choice)) for choice in blanks[0].gap.choices]
        pairs = self._pairs(question, part.asked.name, lefts, rights, cell)
        return [pairs.get(left.label, "") for left in lefts]

    def _pairs(
        self, question: Question, name: str, lefts: Sequence[Option], rights: Sequence[Option], cell: str
    ) -> dict[str, str]:
        """The labels of the pairs of a cell such as ``left -> right, left -> right``; both may hold what separates them."""
        offered = self._offers.of(question, f"{name} lefts", lefts)
        choices = self._offers.of(question, f"{name} rights", rights)
        ways = splits(cell, _LISTS, lambda text: _pair(text, offered, choices))
        found = {frozenset(way) for way in ways if len({left for left, _ in way}) == len(way)}
        if len(found) != 1:
            raise UnclearError("the pairs cannot be told from each other")
        return {offered.labels[left]: choices.labels[right] for left, right in found.pop() if right != _NOTHING}


def _is_open(question: Question, cell: str) -> bool:
    """Whether a cell says that nothing was answered, and is no option of that name."""
    said = cell.casefold()
    options = (option for asked in question.asked for option in options_of(asked.interaction))
    return said in _UNANSWERED and not (said and any(plain_words(one.text, question).casefold() == said for one in options))


def _blanks(question: Question, cell: str) -> dict[str, str]:
    """The answers of a cell that lists blanks; a comma may be a decimal mark, so it is tried last."""
    for separator in ("\n", ";", "|", ", ", ","):
        try:
            return spread_over(question, [piece.strip() for piece in without_tags(cell).split(separator)])
        except UnclearError as error:
            reason = error
    raise reason


def _pair(text: str, lefts: Offer, rights: Offer) -> tuple[int, int] | None:
    """The places of a pair, `_NOTHING` where nothing was chosen; None where there is none, or two ways to read it."""
    found = set()
    for joint in _JOINTS.finditer(text):
        left, chosen = lefts.known(text[: joint.start()]), text[joint.end() :].strip()
        right = rights.known(chosen) if chosen else None
        if right is None and chosen.casefold() in _UNANSWERED:
            right = _NOTHING
        if left is not None and right is not None:
            found.add((left, right))
    return found.pop() if len(found) == 1 else None


REPORT = Report("blackboard", "Blackboard's test results", recognises, read)
