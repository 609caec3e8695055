"""Brightspace's report of a quiz's attempts: a row for each option, item, pair or blank of each question of an attempt.

``Answer`` shows an option, and ``Answer Match`` whether it is ticked, or the position that an item was given; of a blank it
shows what was typed. Of a pair ``Answer`` shows what was chosen and ``Answer Match`` what is right: the left side is known by
its right partner alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from quizgen.grading.readers.units import Blob, excerpt
from quizgen.items import Arrange, ChooseMany, ChooseOne, EnterNumber, EnterText, Match, StateDistribution, WriteFreely
from quizgen.lms.back.base import Known, Report, Returned, Unmatched
from quizgen.lms.back.gaps import Carriers, taken_from
from quizgen.lms.back.sheets import Line, heads_of, lines_of, plain_head, points_in, sheet_of
from quizgen.lms.back.shown import Offer, Offers, UnclearError, in_order, spread_over, without_tags
from quizgen.lms.base import Asked, Question
from quizgen.lms.formats.qti12.brightspace import BRIGHTSPACE
from quizgen.lms.formats.qti12.targets import Blank
from quizgen.quizzes.roster import Student
from quizgen.schemes import RightPairs

_NEEDED = frozenset(["qtext", "qtype", "answer", "answermatch", "outof"])
_TICKED = frozenset(["checked", "true", "yes", "1", "x"])
_OPEN = frozenset(["unchecked", "false", "no", "0", ""])
_TYPED = frozenset(["SA", "MSA", "FIB", "2+2", "X10"])
"""Types of questions in which something is typed into blanks."""
_BLANK_NAME = re.compile(r".*#\s*([0-9]+)\s*")
"""``Answer for blank # 2``, in whatever language."""


def recognises(blob: Blob) -> bool:
    """Whether a file has the columns of such a report."""
    return set(map(plain_head, heads_of(blob))) >= _NEEDED


def read(blob: Blob, known: Known) -> Iterator[Returned | Unmatched]:
    """What each attempt tells of each question."""
    offers, carriers = Offers(), Carriers(BRIGHTSPACE)
    for _, group in groupby(lines_of(sheet_of(blob)), _question_of_attempt):
        lines = list(group)
        first = lines[0]
        student = _student(first)
        shown = f"{first['qtext']} {first['qtitle']}"
        question = known.in_text(without_tags(shown))
        if not student.id:
            yield Unmatched("", excerpt(shown), "the row names no student", first.number)
        elif question is None:
            yield Unmatched(student.id, excerpt(shown), "this question has no code of this export", first.number)
        else:
            blanks = carriers.blanks(question) if known.format == "brightspace" else ()
            yield _returned(student, question, lines, blanks, offers)


def _question_of_attempt(line: Line) -> tuple[str, ...]:
    heads = ("orgdefinedid", "username", "attempt", "section", "q", "qtype", "qtitle", "qtext")
    return tuple(line[head] for head in heads)


def _student(line: Line) -> Student:
    """The student by the id that the organisation gave, or else by the user's name; the other one is kept beside it."""
    id, user = line["orgdefinedid"].removeprefix("#"), line["username"].removeprefix("#")
    name = " ".join(filter(None, (line["firstname"], line["lastname"])))
    return Student(id or user, name, line["email"], (("Username", user),) if user else ())


def _returned(student: Student, question: Question, lines: Sequence[Line], blanks: Sequence[Blank], offers: Offers) -> Returned:
    """What the report tells of a question of an attempt. ``blanks`` are what it was written with, none for other questions."""
    answers: dict[str, str] = {}
    unread: dict[str, tuple[str, str]] = {}
    points, possible = _points(lines), points_in(lines[0]["outof"])
    try:
        if blanks:
            answers, unread = taken_from(blanks, _texts(lines, len(blanks)))
        else:
            answers = _answers(question, lines, points, offers)
    except UnclearError as error:
        text = excerpt("; ".join(f"{line['answer']}: {line['answermatch']}" for line in lines))
        unread = {asked.name: (text, str(error)) for asked in question.asked}
    first = lines[0]
    submitted = first["attemptend"] or first["attemptstart"]
    return Returned(student, question, answers, first.number, unread, points, possible, first["attempt"], submitted)


def _points(lines: Sequence[Line]) -> float | None:
    """The points of a question: each row shows them all, but those of blanks show the blank's own."""
    given = [points_in(line["score"]) for line in lines]
    found = [one for one in given if one is not None]
    if len(found) < len(given) or not found:
        return None
    possible = points_in(lines[0]["outof"]) or 0.0
    of_blanks = all(_is_blank(line) for line in lines)
    if of_blanks and sum(found) <= possible + 1e-6:
        return sum(found)
    return found[0] if len(set(found)) == 1 else None


def _is_blank(line: Line) -> bool:
    return line["qtype"].upper() in _TYPED and _BLANK_NAME.fullmatch(line["answer"]) is not None


def _answers(question: Question, lines: Sequence[Line], points: float | None, offers: Offers) -> dict[str, str]:
    if len(question.asked) > 1:
        return spread_over(question, [_typed(line) for line in lines])
    (asked,) = question.asked
    interaction = asked.interaction
    match interaction:
        case ChooseOne() | ChooseMany():
            offer = offers.of(question, asked.name, interaction.options)
            ticked = sorted(offer.label(line["answer"]) for line in lines if _is_ticked(line))
            return {asked.name: _chosen(interaction, ticked, points)}
        case Arrange(options=options):
            offer = offers.of(question, asked.name, options)
            positions = {offer.label(line["answer"]): line["answermatch"] for line in lines}
            labels = [option.label for option in options]
            return {asked.name: in_order(labels, [positions.get(label, "") for label in labels])}
        case Match():
            return {asked.name: _pairs(question, asked, interaction, lines, offers)}
        case EnterNumber() | EnterText() | StateDistribution():
            return spread_over(question, [_typed(line) for line in lines])
        case WriteFreely():
            return {asked.name: "\n".join(filter(None, (line["answer"] for line in lines)))}


def _texts(lines: Sequence[Line], count: int) -> list[str]:
    """What was typed into each of so many blanks. Where the rows name blanks, the blank's number tells which it is."""
    named = [_BLANK_NAME.fullmatch(line["answer"]) for line in lines]
    if not all(named):
        if len(lines) != count:
            raise UnclearError(f"the report has {len(lines)} blanks, the question {count}")
        return [_typed(line) for line in lines]
    texts: dict[int, str] = {}
    for line, name in zip(lines, filter(None, named), strict=True):
        number = int(name[1])
        if not 1 <= number <= count or number in texts:
            raise UnclearError(f"the report has a blank # {number} too many, for the question has {count}")
        texts[number] = line["answermatch"]
    return [texts.get(number, "") for number in range(1, count + 1)]


def _typed(line: Line) -> str:
    """What was typed into a blank: it stands beside the blank's name, or alone."""
    answer, match = line["answer"], line["answermatch"]
    if _BLANK_NAME.fullmatch(answer) or not answer:
        return match
    if match and match != answer:
        raise UnclearError("the row has two texts, and none is the name of a blank")
    return answer


def _is_ticked(line: Line) -> bool:
    word = line["answermatch"].casefold()
    if word not in _TICKED | _OPEN:
        raise UnclearError(f"'{line['answermatch']}' says neither that the option is ticked nor that it is not")
    return word in _TICKED


def _chosen(interaction: ChooseOne | ChooseMany, ticked: Sequence[str], points: float | None) -> str:
    """The labels that are ticked. Nothing ticked is the answer that none is right where Brightspace gave points for it."""
    if isinstance(interaction, ChooseOne) and len(ticked) > 1:
        raise UnclearError("several options are ticked, and one is asked for")
    if not ticked and isinstance(interaction, ChooseMany) and points:
        return "none"
    return " ".join(ticked)


def _pairs(question: Question, asked: Asked, interaction: Match, lines: Sequence[Line], offers: Offers) -> str:
    rights = offers.of(question, f"{asked.name} rights", interaction.rights)
    lefts = offers.of(question, f"{asked.name} lefts", interaction.lefts)
    joined: dict[str, str] = {}
    if _shows(lefts, lines) and not _shows(rights, lines):
        joined = {lefts.label(line["answer"]): _label(rights, line["answermatch"]) for line in lines}
    else:
        assert isinstance(asked.scheme, RightPairs)
        by_partner: dict[int, list[str]] = {}
        for left, partner in zip(interaction.lefts, asked.scheme.partners, strict=True):
            by_partner.setdefault(partner, []).append(left.label)
        given: dict[int, list[str]] = {}
        for line in lines:
            given.setdefault(rights.place(line["answermatch"]), []).append(_label(rights, line["answer"]))
        for partner, chosen in given.items():
            mine = by_partner.get(partner, [])
            if len(mine) != len(chosen) or len(set(chosen)) > 1:
                raise UnclearError("several items have the same right partner, and the report does not tell them apart")
            joined.update(zip(mine, chosen, strict=True))
    return " ".join(f"{left}-{joined[left]}" for left in sorted(joined) if joined[left])


def _label(offer: Offer, cell: str) -> str:
    """The label of what a cell shows; empty where nothing was chosen."""
    return offer.label(cell) if cell else ""


def _shows(offer: Offer, lines: Sequence[Line]) -> bool:
    """Whether every row's answer is one of these options."""
    return all(offer.known(line["answer"]) is not None for line in lines)


REPORT = Report("brightspace", "Brightspace's quiz attempts (CSV)", recognises, read)
