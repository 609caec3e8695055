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
from quizgen.items import Arrange, ChooseMany, ChooseOne, EnterNumber, EnterText, Match, StateDistribution, WriteFreely
from quizgen.lms.back.base import Known, Report, Returned, Unmatched
from quizgen.lms.back.sheets import Line, heads_of, lines_of, plain_head, points_in, sheet_of
from quizgen.lms.back.shown import Offer, Offers, UnclearError, spread_over, without_tags
from quizgen.lms.base import Asked, Question
from quizgen.quizzes.roster import Student

_PARTS = ("questionid", "question", "answer", "possiblepoints", "autoscore", "manualscore")
_NUMBERED = re.compile(r"questionid([0-9]+)")
_GRADES = re.compile(r"\[Total Pts:.*\]\s*\|[0-9]+")
_UNANSWERED = frozenset(["", "<unanswered>", "[unanswered]", "<no answer>", "[none given]"])
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
    offers = Offers()
    for told in _questions(blob):
        shown = told.parts["question"]
        question = known.in_text(without_tags(shown))
        if not told.student.id:
            yield Unmatched("", excerpt(shown), "the row names no user", told.row)
        elif question is None:
            yield Unmatched(told.student.id, excerpt(shown), "this question has no code of this export", told.row)
        else:
            yield _returned(told, question, offers)


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


def _returned(told: _Told, question: Question, offers: Offers) -> Returned:
    cell = told.parts["answer"]
    answers: dict[str, str] = {}
    unread: dict[str, tuple[str, str]] = {}
    try:
        if cell.casefold() not in _UNANSWERED:
            answers = _answers(question, cell, offers)
    except UnclearError as error:
        unread = {asked.name: (excerpt(cell), str(error)) for asked in question.asked}
    given = points_in(told.parts["manualscore"])
    points = points_in(told.parts["autoscore"]) if given is None else given  # what a person gave stands instead
    possible = points_in(told.parts["possiblepoints"])
    return Returned(told.student, question, answers, told.row, unread, points, possible, told.attempt)


def _answers(question: Question, cell: str, offers: Offers) -> dict[str, str]:
    if len(question.asked) > 1:
        return _blanks(question, cell)
    (asked,) = question.asked
    interaction = asked.interaction
    match interaction:
        case ChooseOne(options=options):
            return {asked.name: offers.of(question, asked.name, options).label(cell)}
        case ChooseMany(options=options):
            offer = offers.of(question, asked.name, options)
            return {asked.name: " ".join(sorted(offer.labels[place] for place in offer.places(cell, _LISTS)))}
        case Arrange(options=options):
            offer = offers.of(question, asked.name, options)
            places = offer.places(cell, _LISTS)
            if len(places) < len(options):
                raise UnclearError("the order does not have all items")
            return {asked.name: " ".join(offer.labels[place] for place in places)}
        case Match():
            return {asked.name: _pairs(question, asked, interaction, cell, offers)}
        case EnterNumber() | EnterText():
            return {asked.name: without_tags(cell)}
        case StateDistribution():
            return _blanks(question, cell)
        case WriteFreely():
            return {asked.name: cell}


def _blanks(question: Question, cell: str) -> dict[str, str]:
    """The answers of a cell that lists blanks; a comma may be a decimal mark, so it is tried last."""
    for separator in ("\n", ";", "|", ", ", ","):
        try:
            return spread_over(question, [piece.strip() for piece in without_tags(cell).split(separator)])
        except UnclearError as error:
            reason = error
    raise reason


def _pairs(question: Question, asked: Asked, interaction: Match, cell: str, offers: Offers) -> str:
    """The pairs of a cell such as ``left -> right, left -> right``; the separator may stand in their texts too."""
    lefts = offers.of(question, f"{asked.name} lefts", interaction.lefts)
    rights = offers.of(question, f"{asked.name} rights", interaction.rights)
    found = {way for separator in _LISTS if (way := _pairs_split(cell.split(separator), separator, lefts, rights))}
    if len(found) != 1:
        raise UnclearError("the pairs cannot be told from each other")
    return " ".join(sorted(found.pop()))


def _pairs_split(pieces: Sequence[str], separator: str, lefts: Offer, rights: Offer) -> tuple[str, ...] | None:
    """The pairs, where neighbouring pieces can be joined so that each is one; None where they cannot."""
    pairs: dict[str, str] = {}
    start = 0
    for end in range(1, len(pieces) + 1):
        pair = _pair(separator.join(pieces[start:end]), lefts, rights)
        if pair is not None:
            if pair[0] in pairs:
                return None
            pairs[pair[0]] = pair[1]
            start = end
    return tuple(f"{left}-{right}" for left, right in sorted(pairs.items()) if right) if start == len(pieces) else None


def _pair(text: str, lefts: Offer, rights: Offer) -> tuple[str, str] | None:
    """The labels of a pair, "" where nothing was chosen; None where there is none, or two ways to read it."""
    found = set()
    for joint in _JOINTS.finditer(text):
        left, chosen = lefts.known(text[: joint.start()]), text[joint.end() :].strip()
        right = None if chosen.casefold() in _UNANSWERED else rights.known(chosen)
        if left is not None and (right is not None or chosen.casefold() in _UNANSWERED):
            found.add((lefts.labels[left], rights.labels[right] if right is not None else ""))
    return found.pop() if len(found) == 1 else None


REPORT = Report("blackboard", "Blackboard's test results", recognises, read)
