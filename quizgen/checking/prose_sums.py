"""A check of the sums that a worked solution tells in words: what is divided by how many, and what losses add up to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, combinations

from quizgen.checking.base import Finding, check
from quizgen.checking.prose import sentences
from quizgen.checking.solutions import numbers_of
from quizgen.checking.sweep import Sweep
from quizgen.checking.told import Grid, Told, half_of, number_of, told

MOST = 10
"""Of more losses it is not tried which of them add up to a number."""

_N = r"[$*(]*(-?\d*\.?\d+)[$*)]*"
_QUOTIENT = re.compile(
    rf"(?:add up to|adds up to|sum to|sums to|sum is|total is|sum of|total of|total loss is)\s+{_N}(?:\s+(?:nats|bits|bans))?"
    rf"[.,;:]?\s+(?:and\s+|so\s+|which\s+|this\s+|that\s+)*divided by\s+{_N}(?:\s+\w+)?,?\s+"
    rf"(?:this |that |it |which )*(?:the mean |the average )?(?:is|gives|makes|comes to)?\s*(?:the mean |a mean of )?{_N}",
    re.IGNORECASE,
)
_ADDED = re.compile(rf"\blosses (?:add up|sum|come) to\s+{_N}", re.IGNORECASE)
_ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1}
_OF_COLUMNS = re.compile(
    rf"\bthe (last (?P<count>two|three)|{'|'.join(_ORDINALS)}) columns?"
    r"(?:,? (?P<adds>(?:add|sum)s? (?:up )?to|comes? to)| is\b|:|,)(?P<rest>[^;]*)",
    re.IGNORECASE,
)
_OF_ROWS = re.compile(rf"\bthe (\w+) (?:rows|losses) (?:add|sum) (?:up )?to\s+{_N}", re.IGNORECASE)
_SUM_OF = re.compile(r"\b(?:sum of|total of)\s+$", re.IGNORECASE)
_DIVIDED = re.compile(r"\bdivided? (?:it |them |this |that |the (?:sum|total) )?by\s+(\d+)(?!\d|\.\d|\s*%)", re.IGNORECASE)


@check("solution-told-sum", "error")
def solution_told_sum(sweep: Sweep) -> Iterator[Finding]:
    """The worked solution of some variant tells in words a sum that is not so: “add up to 3.2; divided by 4, the mean is 0.9”,
    or losses, or the last column, that add up to something else than they do in its table; or a hint divides by another fixed
    number than the solution does. One of the numbers is wrong, or was not changed with the rest.
    """
    variants = sweep.shared(told)
    for one in variants:
        plain = re.sub(r"\s+", " ", one.solution)
        wrong = chain(_wrong_quotients(plain), _wrong_sums(plain, one), _wrong_columns(one), _wrong_rows(plain, one))
        said = next(wrong, None)
        if said is not None:
            yield Finding(("solution",), said, one.ordinal)
            break
    if variants and variants[0].solution:
        yield from _other_divisors(sweep, variants[0].solution)


def _wrong_quotients(text: str) -> Iterator[str]:
    for found in _QUOTIENT.finditer(text):
        total, count, mean = map(float, found.groups())
        slack = half_of(found[1]) / abs(count or 1) + half_of(found[3])
        if count and abs(total / count - mean) > slack * (1 + 1e-9):
            yield f"{found[1]} divided by {found[2]} is not {found[3]}"


def _wrong_sums(text: str, one: Told) -> Iterator[str]:
    columns = [
        (cells, numbers)
        for grid in one.solution_grids
        for head, cells, numbers in grid.numeric()
        if re.search(r"\bloss", head, re.IGNORECASE)
    ]
    for found in _ADDED.finditer(text) if len(columns) == 1 else ():
        cells, losses = columns[0]
        slack, told_sum = (sum(map(half_of, cells)) + half_of(found[1])) * (1 + 1e-9), float(found[1])
        some = (sum(part) for size in range(len(losses), 0, -1) for part in combinations(losses, size))
        if len(losses) <= MOST and all(abs(told_sum - total) > slack for total in some):  # some may not count
            yield f"the losses in its table add up to {sum(losses):.6g}, not to {found[1]}"


def _wrong_columns(one: Told) -> Iterator[str]:
    """What the columns of a table are said to add up to, named by their places: the last, the third, the last two."""
    for sentence in sentences(one.solution) if one.solution_grids else ():
        for found in _OF_COLUMNS.finditer(sentence):
            count = {"two": 2, "three": 3}.get((found["count"] or "").casefold(), 1)
            sums = numbers_of(found["rest"])[:count]
            if len(sums) < count or not (found["adds"] or _SUM_OF.search(sentence[: found.start()])):
                continue
            places = range(-count, 0) if found["count"] else (_ORDINALS[found[1].casefold()],)
            said = [_other_sum(grid, places, sums) for grid in one.solution_grids]
            if all(said):
                yield said[0]


def _other_sum(grid: Grid, places: Sequence[int], sums: Sequence[str]) -> str:
    """What is wrong where the columns of a table at some places do not add up to some numbers."""
    for place, told_sum in zip(places, sums, strict=True):
        if not -len(grid.heads) <= place < len(grid.heads) or (numbers := grid.numbers[place]) is None:
            return ""
        slack = sum(map(half_of, grid.cells[place])) + half_of(told_sum)
        if abs(sum(numbers) - float(told_sum)) > slack:
            return f"the column “{grid.heads[place]}” of its table adds up to {sum(numbers):.6g}, not to {told_sum}"
    return ""


def _wrong_rows(text: str, one: Told) -> Iterator[str]:
    """What the rows that a column marks with “yes” are said to add up to, called after its head: the masked rows."""
    for found in _OF_ROWS.finditer(text):
        for grid in one.solution_grids:
            marks = [
                cells for head, cells in zip(grid.heads, grid.cells, strict=True) if head.casefold() == found[1].casefold()
            ]
            columns = list(grid.numeric())
            if marks and set(marks[0]) <= {"yes", "no"} and len(columns) == 1:
                cells = [cell for cell, mark in zip(columns[0][1], marks[0], strict=True) if mark == "yes"]
                total = sum(map(number_of, cells))
                if abs(total - float(found[2])) > sum(map(half_of, cells)) + half_of(found[2]):
                    yield f"the {found[1]} rows of its table add up to {total:.6g}, not to {found[2]}"


def _other_divisors(sweep: Sweep, solution: str) -> Iterator[Finding]:
    """Hints that divide by a number which their author wrote out, where the solution divides by another."""
    divides = set(_DIVIDED.findall(solution.replace("*", "").replace("$", "")))
    for i, hint in enumerate(sweep.template.hints):
        by = set(_DIVIDED.findall(hint.text.marked.replace("*", "").replace("$", "")))
        if by and divides and not by & divides:
            said = f"the hint divides by {' or '.join(sorted(by))}, the solution by {' or '.join(sorted(divides))}"
            yield Finding(("hints", i), said)
