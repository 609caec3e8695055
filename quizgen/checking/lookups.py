"""Checks of what is taken out of a table: the number of the row that the words name, and what a solution joins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from quizgen.checking.base import Finding, check
from quizgen.checking.prose import sentences
from quizgen.checking.solutions import numbers_of
from quizgen.checking.sweep import Sweep
from quizgen.checking.told import Grid, Told, marked_in, names_in, told
from quizgen.items import Match
from quizgen.variants.texts import plain_text

FEWEST, MOSTLY, ALL = 8, 0.9, 0.95
"""A paragraph takes numbers out of the table that shows some in so many variants at least, and in this share of them; one that
shows the right number in few of them takes it from a wrong row, if nearly always it shows no other."""

_MISSING = re.compile(
    r"\b(?:probability|number|entry|count|score|row|value)\b.*\b(?:missing|lost|illegible|unreadable)\b|"
    r"\b(?:missing|lost|illegible|unreadable) (?:probability|number|entry|count|score|row|value)\b|"
    r"\b(?:is|are) not (?:listed|in the table|among the words|in the vocabulary)\b",
    re.IGNORECASE | re.DOTALL,
)
_NOT_MISSING = re.compile(r"\b(?:if|were|would|not (?:missing|lost)|nothing|after)\b", re.IGNORECASE)

FEW = 12
"""So many variants' pairs are looked up in their solutions."""


@dataclass(slots=True)
class Count:
    """How often a paragraph names one row of the table, shows a number of the table, and shows that of the row.

    ``alone`` counts how often the only number shown is one of another row; ``wrong`` is the first of these, or of others.
    """

    named: int = 0
    shown: int = 0
    right: int = 0
    alone: int = 0
    wrong: tuple[int, str] | None = None


@check("table-lookup", "warning")
def table_lookup(sweep: Sweep) -> Iterator[Finding]:
    """A paragraph of the stem or of the solution names one row of the stem's table, such as *snow*, or a row and a column, and
    shows numbers of that table, but in some variants not the one that stands there: it calls a number by another row's name,
    or a column of the table has its cells in another order. Take name, number and table from the same list and index.
    """
    counts: dict[tuple[str, int], Count] = {}
    for one in sweep.shared(told):
        if len(one.stem_grids) == 1 and len(set(one.stem_grids[0].rows)) == len(one.stem_grids[0].rows):
            _read(one, counts)
    for (part, _), count in counts.items():
        if count.shown < max(FEWEST, MOSTLY * count.named) or count.wrong is None:
            continue
        if 2 * count.right >= count.shown or count.alone + count.right >= ALL * count.shown:
            ordinal, said = count.wrong
            yield Finding((part,), said, ordinal)


def _read(one: Told, counts: dict[tuple[str, int], Count]) -> None:
    """Adds a variant's paragraphs to the counts."""
    grid = one.stem_grids[0]
    columns = [(head, cells) for head, cells, _ in grid.numeric()]
    called = {name: cells for head, cells in columns for name in (head, head.split()[-1] if head.split() else "")}
    anywhere = {cell for _, cells in columns for cell in cells}
    if not columns or grid.rows in [cells for _, cells in columns]:
        return
    for part, text in (("stem", one.stem), ("solution", one.solution)):
        column = columns[0][1] if len(columns) == 1 else None
        for i, paragraph in enumerate(re.split(r"\n\s*\n", text)):
            named = marked_in(paragraph, list(called)) if len(columns) > 1 else []
            if named:
                column = called[named[0]] if len(named) == 1 else None
            rows = marked_in(paragraph, grid.rows)
            if len(rows) == 1 and column is not None:
                count = counts.setdefault((part, i), Count())
                _count(
                    count, rows[0], column[grid.rows.index(rows[0])], anywhere.intersection(numbers_of(paragraph)), one.ordinal
                )


def _count(count: Count, row: str, own: str, shown: set[str], ordinal: int) -> None:
    count.named += 1
    count.shown += bool(shown)
    count.right += own in shown
    if shown and own not in shown:
        count.alone += len(shown) == 1
        told_of = f"where the words name {row}, which has {own} in the stem's table, they show {' and '.join(sorted(shown))}"
        count.wrong = count.wrong or (ordinal, told_of)


@check("missing-is-shown", "error")
def missing_is_shown(sweep: Sweep) -> Iterator[Finding]:
    """The stem says of some variant that a word's number is missing or lost, or that the word is not in the table, and the one
    table of the stem has a row for it with a number. An index into the words is one too high or too low.
    """
    for one in sweep.shared(told):
        if len(one.stem_grids) != 1:
            return
        (grid,) = one.stem_grids
        for sentence in sentences(one.stem) if _MISSING.search(one.stem) else ():
            names = marked_in(sentence, grid.rows) if _MISSING.search(sentence) and not _NOT_MISSING.search(sentence) else []
            place = grid.rows.index(names[0]) if len(names) == 1 else 0
            cells = [cells[place] for _, cells, _ in grid.numeric()]
            if len(names) == 1 and cells and len(cells) == len(grid.heads) - 1:
                said = f"“{' '.join(sentence.split())}”, but the table has a row {names[0]}, with {', '.join(cells)}"
                yield Finding(("stem",), said, one.ordinal)
                return


@check("solution-pairs", "error")
def solution_pairs(sweep: Sweep) -> Iterator[Finding]:
    """In a row of the solution's table, or a line of its list, a left side of the matching stands beside one right side alone,
    and that is not the one that counts as right. Exchange the two in the pairs, or in the solution.
    """
    for at in range(len(sweep.template.answers)):
        for keyed, one in zip(sweep.keyed[:FEW], sweep.shared(told), strict=False):
            interaction = keyed.item.interactions[at][1]
            if not isinstance(interaction, Match) or keyed.solution is None:
                break
            lefts = {option.label: plain_text(option.text) for option in interaction.lefts}
            rights = {option.label: plain_text(option.text) for option in interaction.rights}
            joined = re.findall(r"(\d+)-([A-Z])", plain_text(keyed.keys[at].shown))
            pairs = {lefts[left]: rights[right] for left, right in joined}
            said = next(_joined_otherwise(one, pairs, list(rights.values())), None)
            if said is not None:
                yield Finding(("solution",), said, one.ordinal)
                break


def _joined_otherwise(one: Told, pairs: Mapping[str, str], rights: Sequence[str]) -> Iterator[str]:
    for grid in one.solution_grids:
        for row in zip(*grid.cells, strict=True):
            left = _left(grid, row, pairs)
            right = [cell for cell in row if cell in rights]
            if left and len(right) == 1 and right[0] != pairs[left]:
                yield f"its table joins {left} with “{right[0]}”, but the key with “{pairs[left]}”"
    for line in one.solution.splitlines():
        named, right = names_in(line, list(pairs)), names_in(line, rights)
        if len(named) == 1 and len(right) == 1 and right[0] != pairs[named[0]]:
            yield f"it says “{' '.join(line.split())}”, but the key joins {named[0]} with “{pairs[named[0]]}”"


def _left(grid: Grid, row: Sequence[str], pairs: Mapping[str, str]) -> str:
    """The left side that a row is about: by its own words, or by those of its first column's head and cell."""
    return next((name for name in (*row, f"{grid.heads[0]} {row[0]}") if name in pairs), "")
