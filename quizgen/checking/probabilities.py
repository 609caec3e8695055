"""Checks of probabilities as displayed: they lie in [0, 1], a distribution sums to 1, and the gold word is among the words."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import numpy as np

from quizgen.answers.distribution import DistributionAnswer
from quizgen.answers.numeric import NumericAnswer
from quizgen.checking.base import Finding, check
from quizgen.checking.sweep import Sweep
from quizgen.items import MARK_BASE, MAX_TAGS, Filled, Number, Table

NEAR_ONE = Decimal("0.05")
"""A list of probabilities that comes so near to 1 …"""

MOSTLY, MOST = 0.6, 0.9
"""… in most variants, or comes to 1 exactly in a clear majority of them, is meant as a distribution."""

ONE_HOT = 0.5
"""A column of zeros and ones that has a single one in more than half of the variants is meant to be one-hot."""

SELDOM = 0.02
"""A uniform truth is told where it occurs in more than this share of the variants."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers that stand together in a variant's stem: a table's column or row, or a list in a line; ``name`` says which."""

    ordinal: int
    name: str
    cells: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table of a variant's stem; ``numbers`` has its columns as numbers, None for one that is none."""

    ordinal: int
    stem: Filled
    table: Table
    numbers: tuple[tuple[Decimal, ...] | None, ...]


def shown_columns(sweep: Sweep) -> list[Numbers]:
    """Every numeric column of every table in every stem."""
    return [
        Numbers(shown.ordinal, f"the column “{head}”", numbers)
        for shown in sweep.shared(_tables)
        for head, numbers in zip(shown.table.heads, shown.numbers, strict=True)
        if numbers is not None
    ]


def shown_lists(sweep: Sweep) -> list[Numbers]:
    """Every row of tables whose columns but the first are numbers, and every list of numbers in a line."""
    found = []
    for shown in sweep.shared(_tables):
        first, *others = shown.numbers
        rows = zip(*shown.table.columns[1:], strict=True) if first is None and len(others) > 1 else ()
        for i, row in enumerate(rows):
            if (numbers := _numbers(row)) is not None:
                name = f"row {i + 1} of the table “{' | '.join(shown.table.heads)}”"
                found.append(Numbers(shown.ordinal, name, numbers))
    for keyed, ordinal in zip(sweep.keyed, sweep.ordinals.tolist(), strict=True):
        stem = keyed.item.stem
        for tag, value in zip(stem.text.tags, stem.values, strict=True):
            if isinstance(value, tuple) and len(value) > 1 and (numbers := _numbers(value)) is not None:
                found.append(Numbers(ordinal, f"the list {{{{ {tag.expression.strip()} }}}}", numbers))
    return found


@check("probability-range", "error")
def in_range(sweep: Sweep) -> Iterator[Finding]:
    """A number that is named as a probability lies below 0 or above 1 (100 %): in a column headed as probability, behind
    ``P(…) =`` or “probability is” in the stem, or as the key of an answer whose label asks for a probability. Mend the
    numbers, or name them as what they are.
    """
    for found in sweep.shared(shown_columns):
        if _is_probability(found.name):
            bad = next((cell for cell in found.cells if not 0 <= cell <= 1), None)
            if bad is not None:
                yield Finding(("stem",), f"{found.name} holds {bad}, which is no probability", found.ordinal)
    stem = sweep.template.stem.text
    for i in _named_as_probability(stem.marked):
        for keyed, ordinal in zip(sweep.keyed, sweep.ordinals.tolist(), strict=True):
            value = keyed.item.stem.values[i]
            number = _decimal(value) if isinstance(value, str) else None
            if number is not None and not 0 <= number <= 1:
                said = stem.tags[i].expression.strip()
                yield Finding(("stem",), f"{{{{ {said} }}}} is {value}, which is no probability", ordinal)
    for part, answer, keys in sweep.answers(NumericAnswer):
        label = answer.shared.prompt
        if label is not None and not answer.unit and _is_probability(label.text.marked):
            wrong = (keys.bands.value < 0) | (keys.bands.value > 1)
            if wrong.any():
                value = keys.bands.value[wrong][0]
                message = f"the label asks for a probability, and the key is {value:.6g}"
                yield Finding(sweep.path(answer.name, "value"), message, part.first(wrong))


@check("table-sum", "error")
def sums_to_one(sweep: Sweep) -> Iterator[Finding]:
    """A column or row of a table, or a list of numbers in a line, is a probability distribution, for it sums to 1 or nearly so
    in most variants, but as displayed it does not sum to exactly 1 in some. A student who checks the sum loses trust in the
    numbers. Draw it as a ``distribution``, or round its entries in let so that they sum to 1.
    """
    sums: dict[str, list[tuple[int, Decimal]]] = {}
    for found in (*sweep.shared(shown_columns), *sweep.shared(shown_lists)):
        if len(found.cells) >= 2 and all(0 <= cell <= 1 for cell in found.cells) and not set(found.cells) <= {0, 1}:
            sums.setdefault(found.name, []).append((found.ordinal, sum(found.cells, Decimal(0))))
    for name, totals in sums.items():
        near = sum(abs(total - 1) <= NEAR_ONE for _, total in totals) / len(totals)
        exact = sum(total == 1 for _, total in totals) / len(totals)
        off = [(ordinal, total) for ordinal, total in totals if total != 1]
        if off and (near > MOST or exact > MOSTLY):
            ordinal, total = off[0]
            yield Finding(("stem",), f"{name} sums to {total} as displayed", ordinal)


@check("one-hot", "error")
def one_hot(sweep: Sweep) -> Iterator[Finding]:
    """A column of zeros and ones that stands for the one right word has two ones, or none, in some variant: it is headed as
    one-hot or ground truth, or has a single one in most variants and stands beside a distribution over the same words. Make
    it with ``one_hot(index, k)``.
    """
    ones: dict[str, list[tuple[int, int, bool]]] = {}
    for shown in sweep.shared(_tables):
        pairs = zip(shown.table.heads, shown.numbers, strict=True)
        columns = {head: numbers for head, numbers in pairs if numbers is not None}
        beside = any(sum(numbers) == 1 and not set(numbers) <= {0, 1} for numbers in columns.values())
        for head, numbers in columns.items():
            named = bool(_GROUND_TRUTH.search(head))
            if len(numbers) > 2 and set(numbers) <= {0, 1} and (named or beside):
                ones.setdefault(head, []).append((shown.ordinal, int(sum(numbers)), named))
    for head, found in ones.items():
        off = [(ordinal, count) for ordinal, count, _ in found if count != 1]
        if off and (found[0][2] or 1 - len(off) / len(found) > ONE_HOT):
            ordinal, count = off[0]
            yield Finding(("stem",), f"the column “{head}” has {count or 'no'} ones, not a single one", ordinal)


@check("gold-not-in-table", "warning")
def gold_not_in_table(sweep: Sweep) -> Iterator[Finding]:
    """A word that the stem names is one of the table's words in most variants, but is not in the table in some: a slip of the
    pen in one case, or an index that leads past the table. So is a word whose expression speaks of gold, target or correct
    and that is never in the table of probabilities. Take the word from the list itself: ``{{ case.words[gold] }}``.
    """
    counts: dict[int, list[tuple[int, str, bool]]] = {}
    tags = sweep.template.stem.text.tags
    for shown in sweep.shared(_tables):
        pairs = list(zip(shown.table.columns, shown.numbers, strict=True))
        words = [{_word(cell) for cell in column} for column, numbers in pairs if numbers is None]
        if not words or not any(sum(numbers) == 1 for numbers in shown.numbers if numbers is not None):
            continue
        for i, value in enumerate(shown.stem.values):
            if tags[i].kind == "value" and isinstance(value, str) and not isinstance(value, Number) and _decimal(value) is None:
                counts.setdefault(i, []).append((shown.ordinal, value, any(_word(value) in column for column in words)))
    for i, found in counts.items():
        inside = sum(is_in for _, _, is_in in found) / len(found)
        if MOSTLY < inside < 1 or (inside == 0 and _GOLD.search(tags[i].expression)):
            ordinal, value = next((ordinal, value) for ordinal, value, is_in in found if not is_in)
            yield Finding(("stem",), f"“{value}” ({{{{ {tags[i].expression.strip()} }}}}) is not in the table", ordinal)


@check("uniform-truth", "warning")
def uniform_truth(sweep: Sweep) -> Iterator[Finding]:
    """The distribution to be stated is uniform in some variants, as far as the digits asked for tell: there who guesses, and
    gives every label the same, gets full marks. Require that the largest entry is clearly larger than the rest.
    """
    for part, answer, keys in sweep.answers(DistributionAnswer):
        half = 0.5 * 10.0**-answer.decimals * (1 + 1e-9)
        bad = (np.abs(keys.value - 1 / len(keys.value)) <= half).all(axis=0)
        if bad.mean() > SELDOM:
            yield Finding(
                sweep.path(answer.name, "value"),
                f"the truth is uniform in {bad.mean():.0%} of this case's variants: who guesses is right",
                part.first(bad),
            )


def _tables(sweep: Sweep) -> list[ShownTable]:
    """Every table of every stem."""
    return [
        ShownTable(ordinal, keyed.item.stem, value, tuple(map(_numbers, value.columns)))
        for keyed, ordinal in zip(sweep.keyed, sweep.ordinals.tolist(), strict=True)
        for value in keyed.item.stem.values
        if isinstance(value, Table)
    ]


def _numbers(cells: Sequence[object]) -> tuple[Decimal, ...] | None:
    """The cells as numbers; None where one is none."""
    numbers = []
    for cell in cells:
        number = _decimal(cell) if isinstance(cell, str) else None
        if number is None:
            return None
        numbers.append(number)
    return tuple(numbers)


@functools.lru_cache(maxsize=50_000)
def _decimal(cell: str) -> Decimal | None:
    text = cell.replace("−", "-").strip()
    try:
        number = Decimal(text[:-1].strip()) / 100 if text.endswith("%") else Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _word(cell: object) -> str:
    return str(cell).strip(" *\"'“”").casefold()


_MARK = f"[{chr(MARK_BASE)}-{chr(MARK_BASE + MAX_TAGS - 1)}]"
_BEFORE_PROBABILITY = re.compile(
    rf"(?:(?<![A-Za-z\\])(?:P|Pr|p|q)(?:_\{{?\w+\}}?)?\s*\([^()\n]{{0,60}}\)\s*=\s*|probability\s+(?:is|was)\s+)[$*]*({_MARK})"
    r"(?!\s*(?:[/:×·^%]|\\(?:times|cdot|%)|out of))"
)
_GROUND_TRUTH = re.compile(r"one[- ]hot|ground[- ]truth|true dist|target dist|gold dist", re.IGNORECASE)
_PROBABILITY = re.compile(r"probabilit|(?:^|“)\W{0,2}(?:Pr|[Ppq])\s*\(", re.IGNORECASE)
_NO_LONGER = re.compile(r"log|\\ln|ratio|quotient|differ|change|odds|loss|surprisal|cost|times|per ", re.IGNORECASE)
_GOLD = re.compile(r"gold|target|correct|truth")


def _named_as_probability(marked: str) -> list[int]:
    """The numbers of the tags of a text that stand where a probability is named."""
    return [ord(found[1]) - MARK_BASE for found in _BEFORE_PROBABILITY.finditer(marked)]


@functools.lru_cache(maxsize=1000)
def _is_probability(head: str) -> bool:
    return bool(_PROBABILITY.search(head)) and not _NO_LONGER.search(head)
