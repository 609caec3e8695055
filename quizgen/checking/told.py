"""What the stem and the worked solution of the first variants tell, in prose and in tables, laid side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quizgen.checking.pages import shown_values
from quizgen.checking.sweep import Sweep
from quizgen.items import Filled, Number, Table, plain
from quizgen.variants.texts import plain_texts

LOOKED_AT = 60
"""So many variants are read."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as it is shown; ``numbers`` has its columns as numbers, None for one that holds anything else."""

    heads: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    numbers: tuple[tuple[float, ...] | None, ...]

    @property
    def rows(self) -> tuple[str, ...]:
        """What the rows are called: the cells of the first column that is none of numbers, or of the first."""
        return self.cells[self._first]

    @property
    def _first(self) -> int:
        return next((i for i, numbers in enumerate(self.numbers) if numbers is None), 0)

    def rows_called(self, other: Grid) -> tuple[str, ...]:
        """What the rows are called in the column that has the head of another table's rows; nothing where only its own tell."""
        head = other.heads[other._first]
        if head in self.heads:
            return self.cells[self.heads.index(head)]
        return self.rows if sum(numbers is None for numbers in self.numbers) == 1 else ()

    def numeric(self) -> Iterator[tuple[str, tuple[str, ...], tuple[float, ...]]]:
        """The columns of numbers: the head of each, its cells, and these as numbers."""
        for head, cells, numbers in zip(self.heads, self.cells, self.numbers, strict=True):
            if numbers is not None:
                yield head, cells, numbers


@dataclass(frozen=True, slots=True)
class Told:
    """One variant: its address, the prose of stem and solution without their tables, and the tables of either."""

    ordinal: int
    stem: str
    solution: str
    stem_grids: tuple[Grid, ...]
    solution_grids: tuple[Grid, ...]

    @property
    def grids(self) -> tuple[Grid, ...]:
        """All tables."""
        return (*self.stem_grids, *self.solution_grids)


def told(sweep: Sweep) -> list[Told]:
    """The first variants as they are read."""
    first = sweep.keyed[:LOOKED_AT]
    stems = plain_texts([_without_tables(keyed.item.stem) for keyed in first])
    solutions = plain_texts([_without_tables(keyed.solution or _NOTHING) for keyed in first])
    return [
        Told(ordinal, stem.replace("−", "-"), solution.replace("−", "-"), grids(keyed.item.stem), grids(keyed.solution))
        for keyed, ordinal, stem, solution in zip(first, sweep.ordinals.tolist(), stems, solutions, strict=False)
    ]


_NOTHING = plain("")


def _without_tables(filled: Filled) -> Filled:
    return Filled(filled.text, tuple("" if isinstance(value, Table) else value for value in filled.values))


def grids(filled: Filled | None) -> tuple[Grid, ...]:
    """The tables of a text."""
    if filled is None:
        return ()
    return tuple(_grid(value) for value in shown_values(filled) if isinstance(value, Table) and value.columns)


def _grid(table: Table) -> Grid:
    numbers = tuple(
        tuple(number_of(str(cell)) for cell in cells) if all(isinstance(cell, Number) for cell in cells) else None
        for cells in table.columns
    )
    return Grid(table.heads, tuple(tuple(map(str, cells)) for cells in table.columns), numbers)


def number_of(cell: str) -> float:
    """A displayed number's value; a percentage is a share of 1."""
    return float(cell[:-1]) / 100 if cell.endswith("%") else float(cell)


def half_of(cell: str) -> float:
    """Half a unit of a displayed number's last digit, and a hair; of a whole number, which is exact, the hair alone."""
    digits = cell.rstrip("%").partition(".")[2]
    half = 0.5 * 10.0 ** -len(digits) if digits else 0.0
    return (half / 100 if cell.endswith("%") else half) + 1e-9


def names_in(words: str, names: Sequence[str]) -> list[str]:
    """Which of some names a text has, each once, in the order in which it has them; a longer name counts before a part of it.

    >>> names_in("The smallest loss is that of *a saw*, not of *saw*.", ["saw", "a saw", "A"])
    ['a saw', 'saw']
    """
    known = sorted({name for name in names if name.strip()}, key=len, reverse=True)
    if not known:
        return []
    pattern = "|".join(map(re.escape, known))
    return list(dict.fromkeys(found[0] for found in re.finditer(rf"(?<![\w-])(?:{pattern})(?![\w-])", words)))


def marked_in(words: str, names: Sequence[str]) -> list[str]:
    """Which of some names a text sets in italics, in bold or between quotation marks."""
    known = set(names)
    return list(dict.fromkeys(word for found in _MARKED.finditer(words) if (word := found[1] or found[2]) in known))


_MARKED = re.compile(r"\*{1,3}[‘“]?([^*\n‘“”’]+?)[’”]?\*{1,3}|[‘“]([^’”\n]+)[’”]")
