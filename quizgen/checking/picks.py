"""Checks of a word that is to be picked from a table: it is at the end that is asked for, and it alone is accepted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from quizgen.answers.choice import ChoiceAnswer
from quizgen.answers.text import TextAnswer
from quizgen.checking.base import Finding, check
from quizgen.checking.directions import sense_of, turn_of
from quizgen.checking.pages import shown_values, some
from quizgen.checking.sweep import Sweep
from quizgen.checking.wording import asked
from quizgen.folding import folded
from quizgen.items import Filled, Item, Number, Table
from quizgen.variants.texts import plain_text

LOOKED_AT = 40
"""So many variants' tables are read."""

_LIKELY = re.compile(r"\b(?:(likeliest|most (?:likely|probable))|(?:unlikeliest|least (?:likely|probable)))\b", re.IGNORECASE)
_EXTREME = re.compile(
    r"\b(?:(highest|largest|greatest|most)|(?:lowest|smallest|least))\s+((?:[\w-]+\s+){0,2}?(?:loss|surprisal|probability))\b",
    re.IGNORECASE,
)


@check("pick-direction", "error")
def pick_direction(sweep: Sweep) -> Iterator[Finding]:
    """The words ask for the likeliest word of a table, the one with the lowest loss or the like, and the key is in every
    variant the one at the other end of that column. Take ``argmax`` for ``argmin``, or ask for what is keyed.
    """
    for at, answer in enumerate(sweep.template.answers):
        wanted = _wanted(asked(sweep, answer.name)) if isinstance(answer, TextAnswer | ChoiceAnswer) else None
        if wanted is None:
            continue
        ends: dict[str, set[int]] = {}
        for place in some(sweep, LOOKED_AT):
            keyed = sweep.keyed[place]
            for head, numbers, row in _columns(keyed.item, plain_text(keyed.keys[at].shown)):
                ends.setdefault(head, set()).add(_end(numbers, row))
        way, what = wanted
        wrong = next((head for head, met in ends.items() if met == {-way} and turn_of(what, head, False) == 1), None)
        wrong = wrong or next((head for head, met in ends.items() if met == {way} and turn_of(what, head, False) == -1), None)
        if wrong is not None:
            said = f"the words ask for the {'most' if way > 0 else 'least'} {what}, but the key is the other end of “{wrong}”"
            yield Finding(sweep.path(answer.name), said, int(sweep.ordinals[0]))


def _wanted(words: str) -> tuple[int, str] | None:
    """What is asked for, the most (1) or the least (-1), and of what; None where the words name none, or several."""
    plain = words.replace("*", "")
    found = {(1 if match[1] else -1, "probability") for match in _LIKELY.finditer(plain)}
    found |= {(1 if match[1] else -1, sense_of(match[2])) for match in _EXTREME.finditer(plain)}
    return next(iter(found)) if len(found) == 1 else None


def _columns(item: Item, word: str) -> Iterator[tuple[str, list[float], int]]:
    """The columns of numbers of the stem's one table that names a word in one row: head, numbers, and the row."""
    tables = [value for value in shown_values(item.stem) if isinstance(value, Table)]
    for table in tables if len(tables) == 1 else ():
        said = [folded(str(cell)) for cell in table.columns[0]]
        if said.count(folded(word)) == 1:
            for head, cells in zip(table.heads, table.columns, strict=True):
                if all(isinstance(cell, Number) for cell in cells):
                    yield head, [float(str(cell).rstrip("%")) for cell in cells], said.index(folded(word))


def _end(numbers: Sequence[float], row: int) -> int:
    """1 where a row has the most, -1 where it has the least, 0 where it has neither."""
    return int(numbers[row] == max(numbers)) - int(numbers[row] == min(numbers))


@check("accepts-another", "error")
def accepts_another(sweep: Sweep) -> Iterator[Finding]:
    """Two different words of one column of the stem's table are accepted, in most variants: whichever is meant, who writes the
    other is marked right. Accept the one that is right, in its spellings.
    """
    places = set(some(sweep, LOOKED_AT))
    found: dict[str, list[int]] = {}
    for part, answer, keys in sweep.answers(TextAnswer):
        for row, place in enumerate(part.block.rows.tolist()):
            if place in places and _are_two_cells(sweep.keyed[place].item, [texts[row] for texts in keys.accepted]):
                found.setdefault(answer.name, []).append(int(part.block.ordinals[row]))
    for name, ordinals in found.items():
        if len(ordinals) > len(places) / 2:
            yield Finding(sweep.path(name, "accept"), "two different words of the stem's table are accepted", min(ordinals))


def _are_two_cells(item: Item, accepted: Sequence[Filled]) -> bool:
    if len(accepted) < 2:
        return False
    words = {folded(plain_text(text)) for text in accepted}
    columns = [cells for table in shown_values(item.stem) if isinstance(table, Table) for cells in table.columns]
    return any(len(words & {folded(str(cell)) for cell in cells if not isinstance(cell, Number)}) > 1 for cells in columns)
