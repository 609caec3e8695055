"""A quiz's column in a gradebook that an LMS exported: found by its title, and filled in for the students who are there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from quizgen.errors import SubmissionError
from quizgen.folding import squeezed
from quizgen.lms.back.sheets import plain_head
from quizgen.lms.gradebooks.base import Grades
from quizgen.lms.gradebooks.cells import RawRow, RawTable
from quizgen.quizzes.roster import Student

_MOST_NAMED = 10
_NUMBER = re.compile(r"[-+]?[0-9.,\s]*")


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column of grades: the item's title and, where it tells them, its points."""

    place: int
    title: str
    possible: float | None


def column_of(heads: Iterable[Head], title: str, name: str) -> Head | None:
    """The column of a title; None where there is none. `SubmissionError` where there are several."""
    found = [head for head in heads if squeezed(head.title) == squeezed(title)]
    if len(found) > 1:
        raise SubmissionError(f"{name}: {len(found)} columns are called '{title}'; rename the others, and export it again")
    return found[0] if found else None


def fill(
    table: RawTable,
    place: int,
    grades: Grades,
    ids: Sequence[int],
    sort: Callable[[str], str] = plain_head,
    kept: Callable[[str], bool] = lambda cell: False,
) -> list[str]:
    """Writes the points into a column; ``ids`` are the columns of ids. Returns what the instructor should know.

    ``sort`` tells by the head of a column, here or in a report, which sort of id it holds: ids are compared with those of
    their own sort alone. ``kept`` tells which cells are left as they are.
    """
    found = _Rows(table, ids, sort)
    told: dict[str, list[str]] = {}
    for earned in grades.rows:
        if earned.points is None:
            continue
        mine = found.of(earned.student)
        there = mine[0].value(place).strip() if len(mine) == 1 else ""
        if len(mine) != 1:
            why = "several times" if mine else "not"
            told.setdefault(f"{why} in the gradebook that was given, so left out", []).append(earned.student.id)
        elif kept(there):
            told.setdefault(f"'{there}' stands in the gradebook and was kept", []).append(earned.student.id)
        else:
            if there and not _NUMBER.fullmatch(there):
                told.setdefault(f"'{there}' stood in the gradebook; the points took its place", []).append(earned.student.id)
            table.put(mine[0], place, number(earned.points))
    return [f"{what}: {_listed(students)}" for what, students in told.items()]


class _Rows:
    """The rows of a gradebook by the ids of their students, each sort of id for itself."""

    def __init__(self, table: RawTable, ids: Sequence[int], sort: Callable[[str], str]) -> None:
        self._sort = sort
        self._by_sort: dict[str, dict[str, list[RawRow]]] = {}
        heads = table.heads
        for column in ids:
            rows = self._by_sort.setdefault(sort(heads[column]), {})
            for row in table.rows[1:]:
                if key := _key(row.value(column)):
                    rows.setdefault(key, []).append(row)

    def of(self, student: Student) -> list[RawRow]:
        """The student's rows: one, none, or several that may be."""
        known = {self._sort(head): _key(cell) for head, cell in student.extra if _key(cell)}
        for sort, rows in self._by_sort.items():
            if mine := rows.get(known.get(sort, "")):
                return mine
        # Of which sort the id is that stands for the student everywhere may not be known; then it has to be clear.
        id = _key(student.id)
        if id not in {known.get(sort) for sort in self._by_sort}:
            anywhere = [row for rows in self._by_sort.values() for row in rows.get(id, [])]
            if anywhere:
                return [row for i, row in enumerate(anywhere) if not any(row is other for other in anywhere[:i])]
        email = _key(student.email)
        return next((rows[email] for sort, rows in self._by_sort.items() if "mail" in sort and email in rows), [])


def _key(id: str) -> str:
    """An id as it is compared: some exports write a # before it, so that spreadsheets leave it as it is."""
    return id.strip().removeprefix("#").casefold()


def _listed(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _MOST_NAMED} more" if len(ids) > _MOST_NAMED else ""
    return ", ".join(ids[:_MOST_NAMED]) + more


def number(points: float) -> str:
    """Points as gradebooks read them, with at most three decimals."""
    return f"{points:.3f}".rstrip("0").rstrip(".")


def scale_note(possible: float | None, grades: Grades) -> list[str]:
    """What to say where the column has other points than the quiz."""
    if possible is None or abs(possible - grades.possible) < 1e-6:
        return []
    return [f"the column has {number(possible)} points, the quiz {number(grades.possible)}; the quiz's are written as they are"]


def known(grades: Grades) -> list[tuple[Student, float]]:
    """The students of whom there are points, and these."""
    return [(earned.student, earned.points) for earned in grades.rows if earned.points is not None]


def extra(student: Student, heads: Iterable[str], plain: Callable[[str], str]) -> str:
    """A further fact of a student by the head of its column; empty where it is not known."""
    wanted = set(heads)
    return next((cell for head, cell in student.extra if plain(head) in wanted), "")
