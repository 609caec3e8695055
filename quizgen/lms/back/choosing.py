"""Which of a student's attempts counts, and which response where one attempt tells a place of the quiz twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from quizgen.grading.counting import LATE
from quizgen.grading.resolving import Policy
from quizgen.grading.times import parse_time
from quizgen.lms.back.base import Returned

_OTHERS = {
    "last": "a later attempt counts",
    "first": "an earlier attempt counts",
    "best": "a better attempt counts",
    "error": "the student has several attempts, and this quiz allows one: none is marked",
}
_ANOTHER = "the student met another question in the same place, and that one counts"


@dataclass(frozen=True, slots=True)
class Told:
    """A question that a student met, as the file with this number tells it."""

    file: int
    one: Returned

    @property
    def when(self) -> datetime | None:
        """When it was handed in; None where the report does not say, or not in a way that can be read."""
        return parse_time(self.one.submitted) if self.one.submitted else None


@dataclass(frozen=True, slots=True)
class Chosen:
    """Of one student: what counts, by its place in the quiz, and what does not, each with the reason.

    ``guessed`` tells that the order of attempts had to be taken from the reports' order of rows.
    """

    counting: Mapping[int, Told]
    others: tuple[tuple[Told, str], ...]
    guessed: bool = False


def chosen(
    told: Sequence[Told], place_of: Callable[[Returned], int], policy: Policy, due: datetime | None, *, takes_late: bool
) -> Chosen:
    """What counts of all that reports tell of one student.

    What a report gives no attempt belongs to one attempt, in whatever files it stands. Attempts are put in order by their
    numbers, else by their times, else as they stand. What came after ``due`` counts only where the quiz takes it.
    """
    others: list[tuple[Told, str]] = []
    in_time = list(told)
    if not takes_late:
        in_time = [one for one in told if not is_late(one, due)]
        others += [(one, LATE) for one in told if is_late(one, due)]
    tries: dict[str, list[Told]] = {}
    for one in in_time:
        tries.setdefault(one.one.attempt, []).append(one)
    ordered, guessed = _ordered(list(tries.values()))
    counts = _counting(ordered, policy)
    for tried in ordered:
        if tried is not counts:
            others += [(one, _OTHERS[policy]) for one in tried]
    counting: dict[int, Told] = {}
    for one in sorted(counts or [], key=_moment, reverse=policy != "first"):
        place = place_of(one.one)
        if place not in counting:
            counting[place] = one
        elif counting[place].one.question.code == one.one.question.code:
            others.append((one, "a later response counts" if policy != "first" else "an earlier response counts"))
        else:
            others.append((one, _ANOTHER))
    return Chosen(dict(sorted(counting.items())), tuple(others), guessed and len(ordered) > 1)


def is_late(told: Told, due: datetime | None) -> bool:
    """Whether something was handed in after the quiz's due time; what has no time is not."""
    when = told.when
    return due is not None and when is not None and when > due


def _moment(told: Told) -> tuple[datetime, int, int]:
    """What responses of one attempt are put in order by: those without a time come first, and of equals as they stand."""
    return told.when or datetime.min.replace(tzinfo=UTC), told.file, told.one.row


def _ordered(tries: Sequence[list[Told]]) -> tuple[Sequence[list[Told]], bool]:
    """The attempts from the first to the last, and whether their order had to be guessed."""
    labels = [tried[0].one.attempt.strip() for tried in tries]
    if all(label.isdecimal() for label in labels):
        return sorted(tries, key=lambda tried: int(tried[0].one.attempt)), False
    times = [_latest(tried) for tried in tries]
    if all(times) and len(set(times)) == len(times):
        return sorted(tries, key=lambda tried: _latest(tried) or datetime.min.replace(tzinfo=UTC)), False
    return tries, True


def _latest(tried: Iterable[Told]) -> datetime | None:
    return max((when for told in tried if (when := told.when) is not None), default=None)


def _counting(tries: Sequence[list[Told]], policy: Policy) -> list[Told] | None:
    """The attempt that counts; None where none does."""
    if not tries or (policy == "error" and len(tries) > 1):
        return None
    if policy == "first":
        return tries[0]
    if policy == "best":
        return max(reversed(tries), key=_worth)
    return tries[-1]


def _worth(tried: Sequence[Told]) -> float:
    """What the LMS gave for an attempt."""
    whole = next((told.one.total for told in tried if told.one.total is not None), None)
    return sum(told.one.points or 0.0 for told in tried) if whole is None else whole[0]
