"""A check of numbers that are written in words against what the question shows so many of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from quizgen.checking.base import Finding, check
from quizgen.checking.pages import shown_values, some
from quizgen.checking.prose import sentences
from quizgen.checking.sweep import Sweep
from quizgen.checking.told import Told, marked_in, told
from quizgen.items import Table
from quizgen.variants.texts import plain_text

LOOKED_AT = 12
"""So many variants' tables are counted."""

NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}

_NUMBER = "|".join(NUMBERS)
_ROWS = "word|token|position|example|case|row|prediction|item|entrie|line"
"""What the rows of a table may be called, whatever the head of their column is; an “s” is added to each."""

_COUNTED = re.compile(
    rf"\b(?:only|just|all|these|those|its|their|following|over)\s+(?:the\s+|these\s+)?({_NUMBER})\s+(?:\w+\s+)?(\w+?)s\b|"
    rf"\b(batch) of ({_NUMBER})\b",
    re.IGNORECASE,
)

_ANY = rf"\d+|one|{_NUMBER}"
_OTHERS = re.compile(rf"\bthe other\s+({_NUMBER})\s+(?:\w+\s+)?(\w+?)s\b", re.IGNORECASE)
_COUNTS = re.compile(r"^(?:counts?|frequency|occurrences|times|how often|number of (?:times|occurrences))\b", re.IGNORECASE)
_TIMES = re.compile(
    r"\b(?:occurs?|occurred|appears?|appeared|comes?|came|was seen)\s+(\d[\d,]*)\s+times\b|"
    r"\bthese\s+(\d[\d,]*)\s+(?:examples|cases|places|occurrences|texts|sentences)\b",
    re.IGNORECASE,
)
_PARTIAL = re.compile(r"\bmost (?:frequent|common)|\b(?:among|some of|others?|rest|for example|at least)\b", re.IGNORECASE)
_KINDS = "hidden|masked|chosen|corrupted"
_MARKED = re.compile(
    rf"(?<![\d.])(?<!position )(?<!token )(?<!row )(?<!line )(?<!case )(?<!of )(?<!the )(?<!if )\b({_ANY})\s+"
    rf"(?:(?:tokens?|words?|positions?|of (?:them|its|the|a)|sentence)\s+){{0,4}}(?:is|are|were|was)\s+({_KINDS})\b|"
    rf"\bthe ({_ANY}) ({_KINDS}) (?:tokens|words|positions)\b",
    re.IGNORECASE,
)


@check("count-contradicts", "warning")
def count_contradicts(sweep: Sweep) -> Iterator[Finding]:
    """The stem says of a number of words, tokens, cases or the like, such as “these four words” or “a batch of five”, and its
    one table has another number of rows in every variant; or stem or solution speaks of “the other four words” where the table
    has no more than four, of “40 times” or “these 40 examples” where the counts add up to another number, or of three that are
    hidden, chosen or the like where the table marks another number of them. Say how many there are, or mend the table.
    """
    yield from _other_rows(sweep)
    for one in sweep.shared(told)[:LOOKED_AT]:
        found = next(chain(_others(one), _other_sums(one), _other_marks(one)), None)
        if found is not None:
            yield Finding((found[0],), found[1], one.ordinal)
            break


def _other_rows(sweep: Sweep) -> Iterator[Finding]:
    """What names a number of rows that the stem's table has in no variant."""
    said: set[tuple[int, str]] | None = None
    rows, columns = set(), set()
    for place in some(sweep, LOOKED_AT):
        stem = sweep.keyed[place].item.stem
        tables = [value for value in shown_values(stem) if isinstance(value, Table)]
        if len(tables) != 1:
            return
        head = re.sub(r"\W+$", "", tables[0].heads[0]).casefold().split()[-1:]
        counted = set(_counted(plain_text(stem), head))
        said = counted if said is None else said & counted
        rows.add(len(tables[0].columns[0]))
        columns.add(len(tables[0].columns) - 1)
    for number, words in sorted(said or ()):
        if number not in rows | columns:
            has = " or ".join(map(str, sorted(rows)))
            yield Finding(("stem",), f"the stem says “{words}”, but its table has {has} rows", int(sweep.ordinals[0]))
            return


def _others(one: Told) -> Iterator[tuple[str, str]]:
    """Others than one row of the stem's only table that are said to be as many as its rows, or more."""
    if len(one.stem_grids) != 1:
        return
    (grid,) = one.stem_grids
    head = re.sub(r"\W+$", "", grid.heads[0]).casefold().split()[-1:]
    for part, text in (("stem", one.stem), ("solution", one.solution)):
        for found in _OTHERS.finditer(text):
            most = max(len(grid.rows) - 1, len(grid.heads) - 2)
            if NUMBERS[found[1].casefold()] > most and found[2].casefold() in (*_ROWS.split("|"), *head):
                yield part, f"it says “{' '.join(found[0].split())}”, but the stem's table has {len(grid.rows)} rows"


def _other_sums(one: Told) -> Iterator[tuple[str, str]]:
    """Numbers of times or examples that are not what the stem's only column of counts adds up to."""
    counts = [numbers for grid in one.stem_grids for head, _, numbers in grid.numeric() if _COUNTS.search(head)]
    columns = [numbers for grid in one.stem_grids for _, _, numbers in grid.numeric()]
    if len(counts) != 1 or len(columns) != 1:
        return
    if _PARTIAL.search(one.stem):
        return
    names = one.stem_grids[0].rows
    for sentence in sentences(one.stem):
        for found in _TIMES.finditer(sentence) if not marked_in(sentence, names) else ():
            number = re.sub(r"\D", "", found[1] or found[2])
            if int(number) != sum(counts[0]):
                yield (
                    "stem",
                    f"it says “{' '.join(found[0].split())}”, but the counts in its table add up to {sum(counts[0]):g}",
                )


def _other_marks(one: Told) -> Iterator[tuple[str, str]]:
    """Numbers of what is hidden, chosen or the like that are not what a table marks with “yes”, or with [MASK]."""
    if not any("[MASK]" in cells or set(cells) <= {"yes", "no"} for grid in one.grids for cells in grid.cells):
        return
    for part, text in (("stem", one.stem), ("solution", one.solution)):
        for found in _MARKED.finditer(text):
            said, kind = (found[1] or found[3]).casefold(), (found[2] or found[4]).casefold()
            number = NUMBERS.get(said, 1) if said.isalpha() else int(said)
            for grid in one.grids:
                marks = [_marks(head, cells, kind) for head, cells in zip(grid.heads, grid.cells, strict=True)]
                has = next((count for count in marks if count is not None), number)
                if has != number:
                    yield part, f"it says “{' '.join(found[0].split())}”, but its table has {has} of them"


def _marks(head: str, cells: Sequence[str], kind: str) -> int | None:
    """How many rows a column marks as hidden, chosen or what its head says; None where it marks none of that kind."""
    if head.casefold() == kind and set(cells) <= {"yes", "no"}:
        return cells.count("yes")
    masks = cells.count("[MASK]")
    return masks if kind in ("hidden", "masked") and masks else None


def _counted(text: str, head: list[str]) -> Iterator[tuple[int, str]]:
    """The numbers of rows that a text names, each with its words."""
    for found in _COUNTED.finditer(text):
        if found[3]:
            yield NUMBERS[found[4].casefold()], found[0]
        elif found[2].casefold() in (*_ROWS.split("|"), *head):
            yield NUMBERS[found[1].casefold()], " ".join(found[0].split())
