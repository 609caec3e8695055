"""Open edX's grades: its own file with the quiz's points filled in, everything else as it was, byte for byte.

Two kinds are known: the file of all subsections' grades, in which a column ``new_override-…`` stands for each, and the file of
one staff graded block, with a column ``New Points``. In both, students are known by numbers that only the file has.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from quizgen.errors import SubmissionError
from quizgen.lms.gradebooks.base import Earned, Gradebook, Grades, Sheet
from quizgen.lms.gradebooks.cells import RawTable, raw_table

_NEW = "new_override-"
_POINTS = "New Points"
_MOST_TOLD = 20
_NO_FILE = (
    "Open edX knows students by numbers that only its own file of grades has: export that, and give it with --gradebook-from"
)
_NO_GRADES = (
    "this is no file of grades of Open edX: it has the columns user_id and username, and either new_override-… or New Points"
)


def _write(grades: Grades, existing: str | None) -> Sheet:
    if existing is None:
        raise SubmissionError(_NO_FILE)
    mark = "\ufeff" if existing.startswith("\ufeff") else ""
    table = raw_table(existing.removeprefix("\ufeff"), ",", "Open edX's grades")
    heads = table.heads if table.rows else []
    if not {"user_id", "username"} <= set(heads):
        raise SubmissionError(_NO_GRADES)
    column, notes = _column(table, heads, grades)
    missing = _fill(table, heads.index("username"), column, grades.rows)
    if missing:
        more = f" and {len(missing) - _MOST_TOLD} more" if len(missing) > _MOST_TOLD else ""
        notes.append(f"not in Open edX's file, so left out: {', '.join(missing[:_MOST_TOLD])}{more}")
    return Sheet(mark + table.text(), tuple(notes))


def shown(points: float) -> str:
    """Points with at most four decimals."""
    return f"{points:.4f}".rstrip("0").rstrip(".")


def _column(table: RawTable, heads: list[str], grades: Grades) -> tuple[int, list[str]]:
    """The column to fill in, and what the instructor should know of it."""
    possible = shown(grades.possible)
    if _POINTS in heads and "block_id" in heads:
        return heads.index(_POINTS), [f"the staff graded block must allow at least {possible} points"]
    found = [_Subsection(place, head.removeprefix(_NEW)) for place, head in enumerate(heads) if head.startswith(_NEW)]
    if not found:
        raise SubmissionError(_NO_GRADES)
    named = [one for one in found if _same(one.title(table, heads), grades.title)]
    mine = named or (found if len(found) == 1 else [])
    if len(mine) != 1:
        titles = ", ".join(f"'{one.title(table, heads) or one.id}'" for one in found[:_MOST_TOLD])
        how = "none" if not mine else f"{len(mine)}"
        raise SubmissionError(
            f"of the subsections in Open edX's file {how} are named '{grades.title}'; there are {titles}. "
            "Leave only the one that is meant in the file"
        )
    title = mine[0].title(table, heads) or mine[0].id
    return mine[0].place, [f"the points of '{title}' are overridden; there it must be worth {possible} points in all"]


@dataclass(frozen=True, slots=True)
class _Subsection:
    """A subsection: the place of its column for new grades, and its short id."""

    place: int
    id: str

    def title(self, table: RawTable, heads: list[str]) -> str:
        """Its name, which stands in every row."""
        column = heads.index(f"name-{self.id}") if f"name-{self.id}" in heads else -1
        return next((row.value(column).strip() for row in table.rows[1:] if row.value(column).strip()), "")


def _same(title: str, other: str) -> bool:
    return " ".join(title.split()).casefold() == " ".join(other.split()).casefold()


def _fill(table: RawTable, name: int, column: int, rows: Iterable[Earned]) -> list[str]:
    """Fills in the points; returns who is not in the table."""
    left = {row.student.id.strip().casefold(): row for row in rows}
    for line in table.rows[1:]:
        earned = left.pop(line.value(name).strip().casefold(), None)
        if earned is not None and earned.points is not None:
            table.put(line, column, shown(max(earned.points, 0.0)))
    return [row.student.id for row in left.values()]


GRADEBOOK = Gradebook("edx", "Open edX", ".csv", _write)
