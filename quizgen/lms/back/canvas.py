"""Canvas's student analysis of a quiz: a row for each attempt, and for each question two columns, the response and its points.

The headings of the points repeat, so columns are found by place. A question that a student did not draw has two empty cells;
one left unanswered has points. Its heading is its text with the code of ours; its own number is Canvas's.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

from quizgen.answers.labels import GAP, LETTERS
from quizgen.errors import SubmissionError
from quizgen.grading.readers.units import Blob
from quizgen.items import Arrange, ChooseMany, ChooseOne, Filled, Match, Option
from quizgen.lms.back.base import Known, Report, Returned, Unmatched
from quizgen.lms.back.sheets import points_in, sheet_of
from quizgen.lms.base import Options, Question, markup, plain_words
from quizgen.lms.formats.qti12.carriers import carried
from quizgen.lms.formats.qti12.targets import Carried, Part
from quizgen.quizzes.roster import Student

_QUESTION = re.compile(r"\d+: .*[0-9A-Za-z]{4}-[0-9A-Za-z]{4}", re.DOTALL)
_NUMBER = re.compile(r"\s*\d+(?:[.,]\d+)?\s*")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[ T]")
_TAG = re.compile(r"<[^>]*>")
_ENTITY = re.compile(r"&\w+;")
_SPACE = re.compile(r"\s+")
_UNESCAPED = re.compile(r"(?<!\\),")

_Answers = dict[str, str]
_Unread = dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where things stand. ``questions`` are the columns of responses; points stand to their right."""

    questions: tuple[int, ...]
    name: int
    id: int
    submitted: int | None
    attempt: int | None
    extra: tuple[tuple[str, int], ...]


def _question_columns(header: Sequence[str]) -> tuple[int, ...]:
    return tuple(
        place for place, head in enumerate(header[:-1]) if _QUESTION.match(head) and _NUMBER.fullmatch(header[place + 1])
    )


def _recognises(blob: Blob) -> bool:
    try:
        return bool(_question_columns(sheet_of(blob).header))
    except SubmissionError:
        return False


def _columns(header: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]], name: str) -> _Columns:
    questions = _question_columns(header)
    # A teacher's own question may stand before the first of ours; its heading begins with a number too.
    first = next(place for place, head in enumerate(header) if re.match(r"\d+: ", head))
    heads = [head.strip().casefold() for head in header[:first]]
    if "id" not in heads and len(heads) < 5:
        raise SubmissionError(
            f"{name}: the report does not say whose responses these are; an anonymous survey cannot be marked"
        )
    id = heads.index("id") if "id" in heads else 1
    sample = rows[0][1] if rows else ()
    times = [place for place in range(id + 1, len(heads)) if place < len(sample) and _TIME.match(sample[place])]
    submitted = heads.index("submitted") if "submitted" in heads else (times[-1] if times else None)
    attempt = submitted + 1 if submitted is not None and submitted + 1 < first else None
    taken = {id - 1, id, submitted, attempt}
    extra = tuple((header[place], place) for place in range(first) if place not in taken)
    return _Columns(questions, id - 1, id, submitted, attempt, extra)


def _read(blob: Blob, known: Known) -> Iterator[Returned | Unmatched]:
    sheet = sheet_of(blob)
    header, rows = sheet.header, list(sheet.rows)
    columns = _columns(header, rows, blob.name)
    questions = {place: known.in_text(header[place]) for place in columns.questions}
    if not any(questions.values()):
        raise SubmissionError(f"{blob.name}: none of its questions is one of this export")
    for line, cells in rows:

        def cell(place: int | None, cells: Sequence[str] = cells) -> str:
            return cells[place].strip() if place is not None and place < len(cells) else ""

        extra = tuple((head, cell(place)) for head, place in (("ID", columns.id), *columns.extra))
        student = Student(cell(columns.id), cell(columns.name), "", extra)
        for place, question in questions.items():
            response, points = cell(place), cell(place + 1)
            if not response and not points:
                continue
            if not student.id:
                yield Unmatched(student.name, response, "the row has no student's id: somebody who was not logged in", line)
            elif question is None:
                yield Unmatched(student.id, response, "the question is none of this export's", line)
            else:
                answers, unread = _taken(question, response)
                yield Returned(
                    student,
                    question,
                    answers,
                    line,
                    unread,
                    points_in(points),
                    points_in(header[place + 1]),
                    cell(columns.attempt),
                    cell(columns.submitted),
                )


# From a cell to responses ---------------------------------------------------------------------------------------------


def _taken(question: Question, cell: str) -> tuple[_Answers, _Unread]:
    """The responses that a cell shows, by answer, and what of it cannot be told surely."""
    if not cell:
        return {}, {}
    carrier = carried(question)
    part = carrier.parts[0]
    name, interaction = part.asked.name, part.asked.interaction
    match carrier.kind:
        case "multiple_choice_question":
            assert isinstance(interaction, ChooseOne)
            slots = [_candidates(question, interaction.options)]
            return _settled(name, cell, [_first(one) for one in _ways(cell, slots, escaped=False)])
        case "multiple_answers_question":
            assert isinstance(interaction, ChooseMany)
            slots = [[one] for one in _candidates(question, interaction.options)]
            return _settled(name, cell, [" ".join(filter(None, one)) for one in _ways(cell, slots)])
        case "matching_question":
            assert isinstance(interaction, Match)
            rights = [*_candidates(question, interaction.rights), ("", frozenset([""]))]
            pairs = [
                [
                    (f"{left.label}-{right}" if right else "", frozenset(f"{one}=>{other}" for one in shown for other in texts))
                    for right, texts in rights
                ]
                for left in interaction.lefts
                for shown in [_shown(question, left.text)]
            ]
            found = [" ".join(filter(None, one)) for one in _ways(cell, pairs, whole=True)]
            return _settled(name, cell, found)
        case "fill_in_multiple_blanks_question":
            return _typed_gaps(carrier, cell)
        case "multiple_dropdowns_question":
            return _menus(question, carrier, cell)
        case "short_answer_question":
            return {name: _letters(part, cell)}, {}
        case "numerical_question" | "essay_question":
            return {name: cell}, {}


_Candidates = list[tuple[str, frozenset[str]]]


def _candidates(question: Question, options: Sequence[Option]) -> _Candidates:
    """Each option's label, with the texts as which Canvas may show it."""
    return [(option.label, _shown(question, option.text)) for option in options]


def _shown(question: Question, text: Filled) -> frozenset[str]:
    """A text as Canvas may show it, whatever became of its formulas; spaces do not count.

    Canvas takes plain text for HTML once more on the way: what looks like a tag or an entity in it may be lost.
    """
    found = {plain_words(text, question)}
    for math in ("mathml", "latex"):
        found.add(html.unescape(_TAG.sub("", markup(text, question, Options(math=math)))))
    found |= {_ENTITY.sub("", one) for one in found}
    found |= {html.unescape(_TAG.sub("", one)) for one in found}
    return frozenset(_squeezed(one.replace("=>", "\\=>")) for one in found)


def _squeezed(text: str) -> str:
    return _SPACE.sub("", text)


def _first(labels: Sequence[str]) -> str:
    return next(filter(None, labels), "")


def _ways(cell: str, slots: Sequence[_Candidates], *, escaped: bool = True, whole: bool = False) -> list[tuple[str, ...]]:
    """How a cell can be read as one candidate of each slot, in order, with commas between; at most two ways.

    A slot may be empty, unless the cell has them ``whole``; it then stands as an empty text in what is found.
    """
    text = _squeezed(cell)

    def found(place: int, rest: str, first: bool) -> Iterator[tuple[str, ...]]:
        if place == len(slots):
            if not rest:
                yield ()
            return
        if not whole:
            for tail in found(place + 1, rest, first):
                yield ("", *tail)
        for value, texts in slots[place]:
            for one in texts:
                start = ("" if first else ",") + (one.replace(",", "\\,") if escaped else one)
                if (one or whole) and rest.startswith(start):
                    for tail in found(place + 1, rest[len(start) :], False):
                        yield (value, *tail)

    unique: dict[tuple[str, ...], None] = {}
    for one in islice(found(0, text, True), 64):
        unique[one] = None
        if len(unique) > 1:
            break
    return list(unique)


def _settled(name: str, cell: str, found: Sequence[str]) -> tuple[_Answers, _Unread]:
    """The one response that was found, or why there is none."""
    ways = list(dict.fromkeys(found))
    if len(ways) == 1:
        return {name: ways[0]}, {}
    reason = "these are none of the question's options" if not ways else "this can be read in several ways"
    return {}, {name: (cell, reason)}


def _typed_gaps(carrier: Carried, cell: str) -> tuple[_Answers, _Unread]:
    texts = [one.replace("\\,", ",").strip() for one in _UNESCAPED.split(cell)]
    if len(texts) != sum(len(part.gaps) for part in carrier.parts):
        return {}, {part.asked.name: (cell, "the report does not show a text for each gap") for part in carrier.parts}
    return _assembled(carrier, texts)


def _menus(question: Question, carrier: Carried, cell: str) -> tuple[_Answers, _Unread]:
    slots = [
        [
            (str(place), frozenset([_squeezed(choice), _squeezed(_TAG.sub("", choice))]))
            for place, choice in enumerate(gap.choices)
        ]
        for part in carrier.parts
        for gap in part.gaps
    ]
    ways = _ways(cell, slots)
    if len(ways) != 1:
        reason = "these are none of the menus' choices" if not ways else "the report does not tell which menus were left open"
        return {}, {part.asked.name: (cell, reason) for part in carrier.parts}
    return _assembled(carrier, ways[0])


def _assembled(carrier: Carried, values: Sequence[str]) -> tuple[_Answers, _Unread]:
    """The responses of all answers from what stands in their gaps: texts, or places of choices."""
    answers: _Answers = {}
    unread: _Unread = {}
    at = 0
    for part in carrier.parts:
        mine, at = list(values[at : at + len(part.gaps)]), at + len(part.gaps)
        if not any(mine):
            continue
        try:
            answers[part.asked.name] = _response(part, mine)
        except ValueError as error:
            unread[part.asked.name] = ("; ".join(mine), str(error))
    return answers, unread


def _response(part: Part, values: list[str]) -> str:
    """One answer's response. `ValueError` where its gaps make none."""
    match part.form:
        case "letter" if part.gaps[0].choices:
            return LETTERS[int(values[0])]
        case "statements":
            ticked = [LETTERS[place] for place, value in enumerate(values) if value == "0"]
            return " ".join(ticked) or "none"
        case "pairs":
            return _order(values)
        case "places":
            return " ".join(LETTERS[int(value)] if value else GAP for value in values)
        case "lefts":
            letters = [LETTERS[int(value)] if value and part.gaps[0].choices else value for value in values]
            if any(letter and (len(letter) > 1 or not letter.isalpha()) for letter in letters):
                raise ValueError("one letter is needed for each item")
            return " ".join(f"{left}-{letter.upper()}" for left, letter in enumerate(letters, 1) if letter)
        case "shares":
            return "; ".join(values)
        case "letters":
            return _letters(part, values[0])
        case "number" | "text" | "letter" | "own":
            return values[0]


def _order(values: Sequence[str]) -> str:
    """The order that decisions about all pairs make."""
    if not all(values):
        raise ValueError("not every pair was decided, so that no order follows")
    items = next(n for n in range(2, len(LETTERS)) if n * (n - 1) // 2 == len(values))
    before = [0] * items
    for (one, other), value in zip(combinations(range(items), 2), values, strict=True):
        before[one if value == "0" else other] += 1
    if sorted(before) != list(range(items)):
        raise ValueError("the decisions about the pairs contradict each other: no order follows")
    return " ".join(LETTERS[place] for place in sorted(range(items), key=lambda place: -before[place]))


def _letters(part: Part, typed: str) -> str:
    """Letters that may stand without anything between them, as on a worksheet; any other text as it is."""
    joined = typed.isascii() and typed.isalpha() and typed.casefold() != "none"
    apart = part.form == "letters" and isinstance(part.asked.interaction, ChooseMany | Arrange)
    return " ".join(typed.upper()) if joined and apart else typed


REPORT = Report("canvas", "Canvas student analysis", _recognises, _read)
