"""A check of the sums that a worked solution tells in words: what is divided by how many, and what losses add up to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from quizgen.checking.base import Finding, check
from quizgen.checking.pages import shown_values
from quizgen.checking.solutions import solutions_read
from quizgen.checking.sweep import Sweep
from quizgen.items import Filled, Number, Table

LOOKED_AT = 60
"""So many variants' solutions are worked out."""

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
_DIVIDED = re.compile(r"\bdivided? (?:it |them |this |that |the (?:sum|total) )?by\s+(\d+)(?!\d|\.\d|\s*%)", re.IGNORECASE)


@check("solution-told-sum", "error")
def solution_told_sum(sweep: Sweep) -> Iterator[Finding]:
    """The worked solution of some variant tells in words a sum that is not so: “add up to 3.2; divided by 4, the mean is 0.9”,
    or losses that add up to something else than the column of losses in its table; or a hint divides by another fixed number
    than the solution does. One of the numbers is wrong, or was not changed with the rest.
    """
    solutions = sweep.shared(solutions_read)[:LOOKED_AT]
    for i, text in enumerate(solutions):
        plain = re.sub(r"\s+", " ", text.replace("−", "-"))
        said = next(_wrong_quotients(plain), None) or next(_wrong_sums(plain, sweep.keyed[i].solution), None)
        if said is not None:
            yield Finding(("solution",), said, int(sweep.ordinals[i]))
            break
    if solutions:
        yield from _other_divisors(sweep, solutions[0])


def _wrong_quotients(text: str) -> Iterator[str]:
    for found in _QUOTIENT.finditer(text):
        total, count, mean = map(float, found.groups())
        slack = _half(found[1]) / abs(count or 1) + _half(found[3])
        if count and abs(total / count - mean) > slack * (1 + 1e-9):
            yield f"{found[1]} divided by {found[2]} is not {found[3]}"


def _wrong_sums(text: str, solution: Filled | None) -> Iterator[str]:
    columns = list(_losses(solution)) if solution is not None else []
    for found in _ADDED.finditer(text) if len(columns) == 1 else ():
        slack = (sum(map(_half, columns[0])) + _half(found[1])) * (1 + 1e-9)
        losses, told = [float(cell) for cell in columns[0]], float(found[1])
        some = (sum(part) for size in range(len(losses), 0, -1) for part in combinations(losses, size))
        if len(losses) <= MOST and all(abs(total - told) > slack for total in some):  # some may not count
            yield f"the losses in its table add up to {sum(losses):.6g}, not to {found[1]}"


def _losses(solution: Filled) -> Iterator[list[str]]:
    """The columns of losses in the tables of a solution."""
    for table in shown_values(solution):
        for head, cells in zip(table.heads, table.columns, strict=True) if isinstance(table, Table) else ():
            if re.search(r"\bloss", head, re.IGNORECASE) and all(isinstance(cell, Number) for cell in cells):
                yield [str(cell) for cell in cells]


def _half(number: str) -> float:
    """Half a unit of a number's last digit; a whole number is exact."""
    return 0.5 * 10.0 ** -len(number.partition(".")[2]) if "." in number else 0.0


def _other_divisors(sweep: Sweep, solution: str) -> Iterator[Finding]:
    """Hints that divide by a number which their author wrote out, where the solution divides by another."""
    divides = set(_DIVIDED.findall(solution.replace("*", "").replace("$", "")))
    for i, hint in enumerate(sweep.template.hints):
        by = set(_DIVIDED.findall(hint.text.marked.replace("*", "").replace("$", "")))
        if by and divides and not by & divides:
            said = f"the hint divides by {' or '.join(sorted(by))}, the solution by {' or '.join(sorted(divides))}"
            yield Finding(("hints", i), said)
