"""Numbers such as ``2,125`` in Moodle's report, whose comma may divide or group.

Moodle reads commas by the language of the student's page, which the report does not tell. Where it shows decimal commas
elsewhere, in its grades or in another response, the comma divides if the grade of the attempt agrees with that, and groups if
it agrees with that alone; where it agrees with neither, or is not there, the number is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from quizgen.items import EnterNumber
from quizgen.lms.back.base import Known, Returned, Unmatched

_EITHER = re.compile(r"(\s*[-+−]?[1-9][0-9]{0,2}),([0-9]{3})(?![0-9.,])")
_DIVIDES = re.compile(r"\s*[-+−]?(?:0?|[1-9][0-9]*),(?:[0-9]{1,2}|[0-9]{4,})(?![0-9.,])|\s*[-+−]?(?:0|[1-9][0-9]{3,}),[0-9]+")
_SAME = 1e-3
_ROUNDED = 0.006

_UNCLEAR = (
    "the report shows decimal commas, and the grade of the attempt does not tell whether the comma of this number divides or "
    "sets thousands apart"
)


def divides(cell: str) -> bool:
    """Whether a cell begins with a number whose comma can only be a decimal mark."""
    return _DIVIDES.match(cell) is not None


def settled(found: Sequence[Returned | Unmatched], grades: Iterable[str], known: Known) -> Iterator[Returned | Unmatched]:
    """What a report tells, with the numbers that can be read in two ways read as the rest of the report says.

    ``grades`` are what its column of grades shows, the heading's too.
    """
    returned = [one for one in found if isinstance(one, Returned)]
    numbers = (one.answers[name] for one in returned for name in _numbers(one))
    if not any(map(_doubtful, returned)) or not any(map(divides, (*grades, *numbers))):
        yield from found
        return
    for _, group in groupby(found, key=lambda one: one.row):
        attempt = list(group)
        yield from _attempt(attempt, known) if any(map(_doubtful, attempt)) else attempt


def _numbers(one: Returned) -> Iterator[str]:
    """The names of the answers that are numbers as Moodle reads them, with a point."""
    if not one.question.decimal_comma:
        kinds = dict(one.question.made.keyed.item.interactions)
        yield from (name for name in one.answers if isinstance(kinds[name], EnterNumber))


def _doubtful(one: Returned | Unmatched) -> dict[str, str]:
    """The responses that can be read in two ways, as they are with a point for the comma."""
    if isinstance(one, Unmatched):
        return {}
    texts = {name: one.answers[name] for name in _numbers(one)}
    return {name: f"{match[1]}.{text[match.end(1) + 1 :]}" for name, text in texts.items() if (match := _EITHER.match(text))}


def _attempt(attempt: Sequence[Returned | Unmatched], known: Known) -> Iterator[Returned | Unmatched]:
    """The responses of an attempt in which at least one can be read in two ways: all of them are read alike."""
    told = [(one, _doubtful(one)) for one in attempt]
    pointed = [
        replace(one, answers={**one.answers, **points}) if isinstance(one, Returned) and points else one for one, points in told
    ]
    given = next((one.total for one in attempt if isinstance(one, Returned) and one.total), None)
    for way in (pointed, attempt):
        if given is not None and any(_agree(share, *given) for share in _shares(way, known)):
            yield from way
            return
    for one, points in told:
        yield _unread(one, points) if isinstance(one, Returned) and points else one


def _agree(share: float, points: float, possible: float) -> bool:
    return abs(share - points / possible) <= max(_SAME, _ROUNDED / possible)


def _shares(attempt: Sequence[Returned | Unmatched], known: Known) -> tuple[float, ...]:
    """The share of the points that an attempt earns here: of those in its row and of the quiz's, which may have been more.

    Nothing where the mark of a response is not known.
    """
    earned = possible = 0.0
    for one in attempt:
        if isinstance(one, Unmatched) or one.unread:
            return ()
        fraction = known.fraction(one.question, one.answers)
        if fraction is None:
            return ()
        earned, possible = earned + fraction * one.question.points, possible + one.question.points
    return tuple(earned / whole for whole in (possible, known.points) if whole)


def _unread(one: Returned, doubtful: Mapping[str, str]) -> Returned:
    answers = {name: text for name, text in one.answers.items() if name not in doubtful}
    return replace(one, answers=answers, unread={**one.unread, **{name: (one.answers[name], _UNCLEAR) for name in doubtful}})
