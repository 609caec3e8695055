"""A quiz's column in a gradebook that an LMS exported: found by its title, and filled in for the students who are there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from quizgen.errors import SubmissionError
from quizgen.folding import squeezed
from quizgen.lms.gradebooks.base import Grades
from quizgen.lms.gradebooks.cells import RawRow, RawTable
from quizgen.quizzes.roster import Student

_MOST_NAMED = 10


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


def fill(table: RawTable, place: int, grades: Grades, ids: Sequence[int]) -> list[str]:
    """Writes the points into a column; ``ids`` are the columns of ids. Returns what the instructor should know."""
    rows: dict[str, list[RawRow]] = {}
    for row in table.rows[1:]:
        for key in {_key(row.value(column)) for column in ids} - {""}:
            rows.setdefault(key, []).append(row)
    missing: list[str] = []
    unclear: list[str] = []
    for earned in grades.rows:
        mine = next((rows[key] for key in _keys(earned.student) if key in rows), [])
        if earned.points is None:
            continue
        if len(mine) == 1:
            table.put(mine[0], place, number(earned.points))
        else:
            (unclear if mine else missing).append(earned.student.id)
    notes = []
    if missing:
        notes.append(f"not in the gradebook that was given, so left out: {_listed(missing)}")
    if unclear:
        notes.append(f"several times in the gradebook that was given, so left out: {_listed(unclear)}")
    return notes


def _key(id: str) -> str:
    """An id as it is compared: some exports write a # before it, so that spreadsheets leave it as it is."""
    return id.strip().removeprefix("#").casefold()


def _keys(student: Student) -> list[str]:
    """All by which a student may be found, the id first."""
    others = (cell for _, cell in student.extra)
    return [key for key in map(_key, (student.id, student.email, *others)) if key]


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
