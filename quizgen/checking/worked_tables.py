"""Checks of the tables that a worked solution shows: each column against what its head says, and against the stem's table."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence

from quizgen.checking.base import Finding, check
from quizgen.checking.equations import Span, displayed, worked_out
from quizgen.checking.sweep import Sweep
from quizgen.checking.told import Grid, Told, told

_LOSS = re.compile(
    r"(?:cross-entropy )?(?:loss|surprisal)(?:,? (?:in|\()\s*(nats|bits|bans)\)?)?|[-−]\s*ln of (?:its|the) probability", re.I
)
_PROBABILITY = re.compile(
    r"^(?:its )?probability$|^(?:its )?probability of the (?:true|correct|gold|right|original)|^Pr\([^)]*(?:true|clean)", re.I
)
_BASES = {"bits": "\\log_2", "bans": "\\log_10"}
_IN_FORMULA = re.compile(
    r"\s*(?:(?P<log>ln|log₂|log_2)|(?P<exp>exp)|(?P<word>[A-Za-z]+)|(?P<number>\d+(?:\.\d+)?)|(?P<sign>[-−+*/·×()]))"
)
_NAMES = re.compile(r"[A-Za-z]+")
_UNIT = re.compile(r"[,\s]*(?:\bin (?:nats|bits|bans)|\((?:nats|bits|bans)\))\s*$")


@check("solution-table", "error")
def solution_table(sweep: Sweep) -> Iterator[Finding]:
    """In a table of the worked solution a column is not what its head says: “−p ln q” does not follow from the columns p and q
    beside it, a loss is not minus the logarithm of the probability beside it, or a product is not that of the two columns
    before it, even if every number was rounded to the digits shown. Or the table repeats the stem's and has another number
    for the same row. A column is exchanged for another, or a row.
    """
    for one in sweep.shared(told):
        said = next(_unlike_their_heads(one), None) or next(_unlike_the_stem(one), None)
        if said is not None:
            yield Finding(("solution",), said, one.ordinal)
            return


def _unlike_their_heads(one: Told) -> Iterator[str]:
    """The first cell of each table that does not follow from those beside it."""
    for grid in one.solution_grids:
        for head, cells, formula, operands in _computed(grid):
            for place, cell in enumerate(cells):
                said = _filled(formula, {name: column[place] for name, column in operands.items()})
                span = _span(said)
                shown = displayed(cell)
                counts = cell.strip("0.") or "-" not in formula  # what does not count may be shown to cost 0
                if counts and span is not None and shown is not None and not _meet(span, shown):
                    yield f"in the row {grid.rows[place]} of its table the column “{head}” has {cell}, but it is to be {said}"
                    break


def _computed(grid: Grid) -> Iterator[tuple[str, Sequence[str], tuple[str, ...], Mapping[str, Sequence[str]]]]:
    """The columns that follow from others: head, cells, formula in pieces, and the columns that it names."""
    named: dict[str, Sequence[str]] = {}
    numeric = [(head, cells) for head, cells, _ in grid.numeric()]
    for head, cells in numeric:
        for name in _names(head):
            named.setdefault(name, cells)
    probabilities = [(head, cells) for head, cells in numeric if _PROBABILITY.search(head)]
    for place, (head, cells) in enumerate(numeric):
        formula = _formula(_UNIT.sub("", head))
        operands = {piece: named[piece] for piece in formula if piece in named}
        loss = _LOSS.fullmatch(head)
        if loss and len(probabilities) == 1:
            logarithm = _BASES.get(loss[1] or "", "\\ln")
            yield head, cells, ("-", logarithm, " ", "p"), {"p": probabilities[0][1]}
        elif head.casefold() == "product" and place == 2:
            yield head, cells, ("a", " \\cdot ", "b"), {"a": numeric[place - 2][1], "b": numeric[place - 1][1]}
        elif formula and len(operands) == len({piece for piece in formula if piece.isalpha()}):
            yield head, cells, formula, operands


@functools.lru_cache(maxsize=1000)
def _names(head: str) -> tuple[str, ...]:
    """What a column may be called in a formula: its head in one word, or a single letter in it."""
    words = _NAMES.findall(head) if re.fullmatch(r"[\w\s=]+", head) else []
    return tuple(word.casefold() for word in words if len(words) == 1 or len(word) == 1)


@functools.lru_cache(maxsize=1000)
def _formula(head: str) -> tuple[str, ...]:
    """A head that is a formula in the heads of other columns, in pieces that make arithmetic; nothing for other heads.

    >>> "".join(_formula("−p ln q"))
    '-p\\\\cdot \\\\ln q'
    """
    pieces: list[str] = []
    at, operation = 0, False
    while at < len(head.rstrip()):
        found = _IN_FORMULA.match(head, at)
        if found is None:
            return ()
        at = found.end()
        value_before = bool(pieces) and (pieces[-1].isalnum() or pieces[-1] == ")")
        if value_before and (found["log"] or found["word"] or found["exp"] or found["number"]):
            pieces.append("\\cdot ")
        operation = operation or bool(found["log"] or found["exp"] or (found["sign"] and pieces))
        if found["log"]:
            pieces += ["\\ln" if found["log"] == "ln" else "\\log_2", " "]
        elif found["exp"]:
            pieces += ["\\exp", " "]
        else:
            pieces.append((found["word"] or found["number"] or found["sign"]).casefold().replace("−", "-"))
    return tuple(pieces) if operation and len(pieces) > 1 else ()


def _filled(formula: Sequence[str], operands: Mapping[str, str]) -> str:
    numbers = {name: cell if not cell.startswith("-") else f"({cell})" for name, cell in operands.items()}
    return "".join(numbers.get(piece, piece) for piece in formula)


@functools.lru_cache(maxsize=20_000)
def _span(calculation: str) -> Span | None:
    return worked_out(calculation)


def _meet(span: Span, other: Span) -> bool:
    slack = 1e-9 * (1 + max(map(abs, (*span, *other))))
    return span[0] <= other[1] + slack and other[0] <= span[1] + slack


def _unlike_the_stem(one: Told) -> Iterator[str]:
    """A number that the stem's table has otherwise: in a column that mostly repeats it, or beside the head of its column."""
    for grid in one.solution_grids:
        for stem in one.stem_grids:
            yield from _unlike_column(grid, stem)
            yield from _unlike_head(grid, stem)


def _unlike_column(grid: Grid, stem: Grid) -> Iterator[str]:
    """Columns of one name: of the rows that both tables have, most agree and some do not."""
    columns = {head: cells for head, cells, _ in stem.numeric()}
    rows = stem.rows_called(grid)
    if len(set(rows)) < len(rows):
        return
    place = {row: i for i, row in enumerate(rows)}
    for head, cells, _ in grid.numeric():
        if head not in columns:
            continue
        pairs = [(row, cell, columns[head][place[row]]) for row, cell in zip(grid.rows, cells, strict=True) if row in place]
        other = [pair for pair in pairs if not _alike(pair[1], pair[2])]
        if other and 2 * len(other) <= len(pairs):
            row, cell, told_before = other[0]
            yield f"its table gives {row} {cell} in the column “{head}”, the stem's table gives it {told_before}"


def _unlike_head(grid: Grid, stem: Grid) -> Iterator[str]:
    """Numbers taken out of the stem's table, each of the column that the row is called after: some are of another column."""
    columns = {head: cells for head, cells, _ in stem.numeric()}
    if sum(row in columns for row in grid.rows) < 3:
        return
    anywhere = [cell for cells in columns.values() for cell in cells]
    for head, cells, _ in grid.numeric():
        named = [(row, cell) for row, cell in zip(grid.rows, cells, strict=True) if row in columns]
        taken = all(any(cell == other for other in anywhere) for _, cell in named)
        wrong = [(row, cell) for row, cell in named if cell not in columns[row]]
        if taken and wrong:
            row, cell = wrong[0]
            yield f"its table gives {row} {cell} in the column “{head}”, but that is in another column of the stem's table"


def _alike(cell: str, other: str) -> bool:
    """Whether two displayed numbers may be the same number, with as many digits or rounded to fewer."""
    one, two = displayed(cell), displayed(other)
    if one is None or two is None or _form(cell) == _form(other):
        return cell == other
    return _meet(one, two)


def _form(cell: str) -> tuple[int, bool]:
    return len(cell.rstrip("%").partition(".")[2]), cell.endswith("%")
