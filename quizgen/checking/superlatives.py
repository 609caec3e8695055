"""Checks of what a worked solution says to be largest or smallest, to rise or to fall, against the numbers that are shown."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence

from quizgen.checking.base import Finding, check
from quizgen.checking.prose import sentences
from quizgen.checking.solutions import numbers_of
from quizgen.checking.sweep import Sweep
from quizgen.checking.told import Grid, Told, half_of, marked_in, names_in, told

_SMALLEST = ("smallest", "lowest", "least")
_LARGEST = ("largest", "highest", "greatest", "biggest")
_STOP = r"(?:belongs?|has|have|is|was|goes|comes|to|of|on|in|by|with|for|per|among|one|ones|and|it|that|which)\b"
_MOST = re.compile(rf"\b(?:the|its) ({'|'.join((*_SMALLEST, *_LARGEST))})\b((?:\s+(?!{_STOP})[A-Za-z][\w-]*)*)", re.IGNORECASE)
_UNSURE = re.compile(
    r"\b(?:not|no|never|if|would|could|might|when|where|second|third|next|other|others|except|than|both)\b|n't\b", re.IGNORECASE
)
_CLAUSE = re.compile(r"[;:]|,? and (?=the\b)|, (?:so|but|while|whereas)\b")
_OF_SOME = re.compile(
    r"\s+(?:of|among|in|on|for|at)\b(?!\s+(?:all|them|the (?:two|three|four|five|six|rows))\b)", re.IGNORECASE
)
"""What follows a superlative that is of some rows only."""

_RANKS = re.compile(r"\branks?\b([^.;,]*?)\bfirst\b", re.IGNORECASE)
_LESS_IS_MORE = re.compile(r"loss|rank|perplex|surprisal|\bbits\b|\bnats\b|cost", re.IGNORECASE)

_BOUND = re.compile(r"\$\s*[A-Za-z]\s*(\\geq?|≥|\\leq?|≤)\b([^$]*)\$")
_WHOLE = re.compile(
    r"\b(smallest|least|largest|greatest)\s+(?:such\s+)?(?:whole\s+number|integer)[^.\d]*?\b(?:is|are|equals)\b\W*(\d+)(?![\d.]*\d)",
    re.IGNORECASE,
)

_MOVED = re.compile(
    r"\b(?:(fell|falls|dropped|drops|sank|sinks|decreased|decreases|went down)|"
    r"(rose|rises|grew|grows|climbed|climbs|increased|increases|went up))\b"
    r"(?:\s+(?:from\s+\W*?(?P<start>-?\d*\.?\d+)\W*(?:\w+\W+)?to\W*?(?P<end>-?\d*\.?\d+)|by\s+\W*?(?P<by>\d*\.?\d+)))(%?)",
    re.IGNORECASE,
)
_RESULT = re.compile(r"(?:=|\\approx|≈)\s*[$*]*\s*(-?\d*\.?\d+)(?![\d.]|\s*[-+*/^\\·×])")

Best = Callable[[Sequence[float]], float]


@check("solution-superlative", "error")
def solution_superlative(sweep: Sweep) -> Iterator[Finding]:
    """The worked solution of some variant says that something has the largest or smallest loss, mean or the like, or that a
    model ranks it first, and in the column of that name, in its own table or the stem's, something else has it; or it gives as
    the smallest whole number above a bound, or the largest below, one that is not. The indices of two things are exchanged,
    or max and min, or ``floor`` and ``ceil``.
    """
    for one in sweep.shared(told):
        said = next(_not_so(one), None)
        if said is not None:
            yield Finding(("solution",), said, one.ordinal)
            return


def _not_so(one: Told) -> Iterator[str]:
    says = bool(_MOST.search(one.solution) or _RANKS.search(one.solution))
    for sentence in sentences(one.solution) if one.grids and says else ():
        nouns: list[str] = []
        for clause in _CLAUSE.split(sentence):
            found = list(_MOST.finditer(clause))
            if len(found) == 1 and not _UNSURE.search(clause) and not _OF_SOME.match(clause, found[0].end()):
                nouns = found[0][2].casefold().split() or nouns
                best: Best = min if found[0][1].casefold() in _SMALLEST else max
                said = _not_the_most(one, clause, nouns, best) if nouns else ""
                if said:
                    yield f"of “{' '.join(clause.split())}” this is not so: {said}"
        yield from _not_ranked_first(one.grids, sentence)
    yield from _not_next_to_the_bound(one.solution)


def _not_the_most(one: Told, clause: str, nouns: Sequence[str], best: Best) -> str:
    """What has the largest or smallest number instead of what a clause names, in all columns that bear the nouns."""
    wrong = ""
    for grid in one.solution_grids or one.stem_grids:
        for head, cells, numbers in grid.numeric():
            if not all(noun in head.casefold() for noun in nouns) or any(number != number for number in numbers):
                continue
            most = best(numbers)
            names = names_in(clause, [name for name in grid.rows if len(name) > 1])
            shown = [number for number in numbers_of(clause) if number not in names]
            place = grid.rows.index(names[0]) if len(names) == 1 else None
            if place is None and (names or len(shown) != 1):
                return ""
            of_name = place is None or numbers[place] == most
            of_number = len(shown) != 1 or abs(float(shown[0]) - most) <= half_of(shown[0]) + half_of(
                cells[numbers.index(most)]
            )
            if of_name and of_number:
                return ""
            wrong = f"in the column “{head}” it is {cells[numbers.index(most)]}, that of {grid.rows[numbers.index(most)]}"
    return wrong


def _not_ranked_first(grids: Sequence[Grid], sentence: str) -> Iterator[str]:
    """What is said to be ranked first by something whose column has its largest probability elsewhere."""
    for found in _RANKS.finditer(sentence):
        for grid in grids:
            columns = {head: numbers for head, _, numbers in grid.numeric() if not _LESS_IS_MORE.search(head)}
            models = names_in(sentence[: found.start()], list(columns))
            items = marked_in(found[1], grid.rows)
            if models and len(items) == 1 and not _UNSURE.search(found[0]):
                numbers = columns[models[-1]]
                if numbers[grid.rows.index(items[0])] != max(numbers):
                    yield f"{models[-1]} does not rank “{items[0]}” first, but “{grid.rows[numbers.index(max(numbers))]}”"


def _not_next_to_the_bound(solution: str) -> Iterator[str]:
    """A whole number that is called the smallest above a bound, or the largest below one, and is not."""
    for found in _WHOLE.finditer(solution):
        bounds = [
            (sign, numbers[-1]) for sign, rest in _BOUND.findall(solution[: found.start()]) if (numbers := numbers_of(rest))
        ]
        if not bounds:
            continue
        sign, bound = bounds[-1]
        upward = sign in ("\\ge", "\\geq", "≥")
        if upward == (found[1].casefold() in ("smallest", "least")):
            right = {(math.ceil if upward else math.floor)(float(bound) + slip * half_of(bound)) for slip in (-1, 0, 1)}
            if int(found[2]) not in right:
                yield f"the {found[1].casefold()} whole number {'from' if upward else 'up to'} {bound} is not {found[2]}"


@check("solution-direction", "warning")
def solution_direction(sweep: Sweep) -> Iterator[Finding]:
    """The worked solution of some variant says that something fell which rose, or the other way round: “fell from 0.3 to 0.5”,
    or “rose by 0.4” behind two results of which the second is 0.4 less than the first. Exchange the words, or their condition.
    """
    for one in sweep.shared(told):
        said = next(_moved_otherwise(one.solution), None)
        if said is not None:
            yield Finding(("solution",), said, one.ordinal)
            return


def _moved_otherwise(solution: str) -> Iterator[str]:
    for found in _MOVED.finditer(solution):
        sign = -1 if found[1] else 1
        words = " ".join(found[0].split())
        if found["start"] is not None:
            if sign * (float(found["end"]) - float(found["start"])) < 0:
                yield f"“{words}” is not so"
            continue
        by, results = found["by"], _RESULT.findall(solution[: found.start()])
        rises = {
            later > earlier
            for i, first in enumerate(results)
            for second in results[i + 1 :]
            if (later := float(second)) != (earlier := float(first))
            and abs(abs(later - earlier) - float(by)) <= half_of(first) + half_of(second) + half_of(by)
        }
        if float(by) and len(rises) == 1 and rises != {sign > 0}:
            yield f"“{words}” is not so: the second of the two results before it is the {'smaller' if sign > 0 else 'larger'}"
