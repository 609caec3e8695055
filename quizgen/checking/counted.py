"""A check of numbers that are written in words against what the question shows so many of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizgen.checking.base import Finding, check
from quizgen.checking.pages import shown_values, some
from quizgen.checking.sweep import Sweep
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


@check("count-contradicts", "warning")
def count_contradicts(sweep: Sweep) -> Iterator[Finding]:
    """The stem says of a number of words, tokens, cases or the like, such as “these four words” or “a batch of five”, and its
    one table has another number of rows in every variant. Say how many there are, or mend the table.
    """
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


def _counted(text: str, head: list[str]) -> Iterator[tuple[int, str]]:
    """The numbers of rows that a text names, each with its words."""
    for found in _COUNTED.finditer(text):
        if found[3]:
            yield NUMBERS[found[4].casefold()], found[0]
        elif found[2].casefold() in (*_ROWS.split("|"), *head):
            yield NUMBERS[found[1].casefold()], " ".join(found[0].split())
