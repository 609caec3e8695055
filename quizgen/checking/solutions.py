"""Checks that the worked solution comes to the key."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from quizgen.answers import Answer
from quizgen.answers.choice import ChoiceAnswer
from quizgen.answers.numeric import NumericAnswer
from quizgen.answers.text import TextAnswer
from quizgen.checking.base import Finding, check
from quizgen.checking.pages import shown_values
from quizgen.checking.sweep import Sweep
from quizgen.folding import bare
from quizgen.items import Arrange, Filled, Listing, Number, Shown, Table
from quizgen.variants.texts import plain_text, plain_texts

LOOKED_AT, FEW = 500, 100
"""So many variants' solutions are read for their numbers, and for their lists."""

_INFINITE = ("∞", "\\infty", "infinit", "inf ")
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_CALLED = re.compile(r"\b(?:answer|result) (?:is|comes to)(?: about)?:?\s+[*$]*(-?\d*\.?\d+%?)", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.])-?\d*\.?\d+(?:e[-+]?\d+)?")
_SPACES = re.compile(r"(?<=\d)(?:\\,|\{,\}|[,\u2009\u202f\xa0 ])(?=\d{3}(?!\d))|\\,|[*{}$\u2009\u202f\xa0]")


@check("solution-shows-key", "error")
def solution_shows_key(sweep: Sweep) -> Iterator[Finding]:
    """The worked solution of some variant does not show the key as a student types it: in its last paragraph where there is one
    answer, anywhere where there are several. Either it stops short, it rounds otherwise than asked, or solution and key
    follow different formulas, of which one is wrong.
    """
    if sweep.template.solution is None:
        return
    numeric = [i for i, answer in enumerate(sweep.template.answers) if isinstance(answer, NumericAnswer)]
    missing: dict[int, list[tuple[int, str]]] = {i: [] for i in numeric}
    solutions = sweep.shared(solutions_read) if numeric else []
    for text, keyed, ordinal in zip(solutions, sweep.keyed, sweep.ordinals.tolist(), strict=False):
        shown = numbers_of(_last(text) if sweep.template.single else text)
        for i in numeric:
            key = plain_text(keyed.keys[i].shown)
            if not shows(shown, key, rounded=not sweep.template.single):
                missing[i].append((ordinal, key))
    where = "the solution's last paragraph" if sweep.template.single else "the solution"
    for i, found in missing.items():
        if found:
            ordinal, key = found[0]
            yield Finding(
                ("solution",),
                f"{where} does not show the key {key} of '{sweep.template.answers[i].name}' "
                f"({len(found) / len(solutions):.0%} of the variants)",
                ordinal,
            )


@check("solution-shows-option", "warning")
def solution_shows_option(sweep: Sweep) -> Iterator[Finding]:
    """The right option is a number, and the worked solution of some variant does not show it, so that a student cannot see how
    the solution leads there. Let it end with that number.
    """
    if sweep.template.solution is None:
        return
    for i, answer in enumerate(sweep.template.answers):
        if not isinstance(answer, ChoiceAnswer) or not all(option.value is not None for option in answer.pool):
            continue
        for text, keyed, ordinal in zip(sweep.shared(solutions_read), sweep.keyed, sweep.ordinals.tolist(), strict=False):
            key = plain_text(keyed.keys[i].shown)
            if not shows(numbers_of(text), key):
                yield Finding(("solution",), f"the solution does not show the right option {key}", ordinal)
                break


@check("solution-shows-word", "error")
def solution_shows_word(sweep: Sweep) -> Iterator[Finding]:
    """The word or text that is right is not told in the worked solution of some variant: the solution stops short, or it tells
    another word than the key. Let it end with the key.
    """
    if sweep.template.solution is None:
        return
    for part, answer, keys in sweep.answers(TextAnswer):
        for row, place in enumerate(part.block.rows[:FEW].tolist()):
            solution = sweep.keyed[place].solution
            said = bare(plain_text(solution)) if solution is not None else ""
            accepted = [plain_text(texts[row]) for texts in keys.accepted]
            if not any(bare(text).strip(".") in said for text in accepted):
                message = f"the solution does not tell “{accepted[0]}”, the key of '{answer.name}'"
                yield Finding(("solution",), message, int(part.block.ordinals[row]))
                break


@check("solution-shows-order", "error")
def solution_shows_order(sweep: Sweep) -> Iterator[Finding]:
    """The worked solution lists the items to be ordered, numbered or in a line, and in some variant never in the order that
    counts as right; or it shows their numbers in a table, and these rise or fall along none of its columns as the key does.
    One of the two is wrong: sort by the numbers that the solution shows.
    """
    if sweep.template.solution is None:
        return
    for at, answer in enumerate(sweep.template.answers):
        for keyed, ordinal in zip(sweep.keyed[:FEW], sweep.ordinals.tolist(), strict=False):
            interaction = keyed.item.interactions[at][1]
            if not isinstance(interaction, Arrange) or keyed.solution is None:
                break
            words = {option.label: plain_text(option.text) for option in interaction.options}
            right = [words[label] for label in plain_text(keyed.keys[at].shown).split()]
            listed = [found for value in shown_values(keyed.solution) if (found := _listed(value, right))]
            if listed and right not in listed:
                said = f"the solution lists {', '.join(listed[0])}, but the key of '{answer.name}' is {', '.join(right)}"
                yield Finding(("solution",), said, ordinal)
                break
            if not listed and (columns := _columns_along(keyed.solution, right)) and not any(map(_goes_along, columns)):
                said = f"no column of the solution's table rises or falls along the key of '{answer.name}', {', '.join(right)}"
                yield Finding(("solution",), said, ordinal)
                break


def _columns_along(solution: Filled, items: Sequence[str]) -> list[list[float]]:
    """The columns of numbers of the tables that have all items, in the order of these."""
    found = []
    for table in shown_values(solution):
        for rows in table.columns if isinstance(table, Table) else ():
            place = {cell: i for i, cell in enumerate(rows)}
            if isinstance(table, Table) and all(item in place for item in items):
                columns = [cells for cells in table.columns if all(isinstance(cell, Number) for cell in cells)]
                found += [[float(str(cells[place[item]]).rstrip("%")) for item in items] for cells in columns]
    return found


def _goes_along(numbers: Sequence[float]) -> bool:
    return any(all(sign * a <= sign * b for a, b in pairwise(numbers)) for sign in (1, -1))


def _listed(value: Shown, items: Sequence[str]) -> list[str]:
    """The items in the order in which a numbered list, or a list in a line, has them; nothing where it has others."""
    match value:
        case Listing(items=listed, ordered=True):
            found = list(listed)
        case tuple():
            found = list(value)
        case str():
            found = value.split(", ")
        case _:
            return []
    return found if sorted(found) == sorted(items) else []


@check("solution-rival", "error")
def solution_rival(sweep: Sweep) -> Iterator[Finding]:
    """In the last paragraph of the worked solution a number is set in bold, or called the answer, that is not right for any
    answer of the question, as it would have to be typed: a reader takes it for the result. Set the key alone in bold, and
    leave plain what is said besides.
    """
    if sweep.template.solution is None or not any(map(_is_number, sweep.template.answers)):
        return
    for text, keyed, ordinal in zip(sweep.shared(solutions_read), sweep.keyed, sweep.ordinals.tolist(), strict=False):
        last = _last(text)
        keys = [plain_text(key.shown) for key in keyed.keys]
        presented = [number for said in (*_BOLD.findall(last), *_CALLED.findall(last)) for number in numbers_of(said)]
        rival = next((number for number in presented if not _is_of_a_key(number, keys)), None)
        if rival is not None:
            said = f"its last paragraph presents {rival} as the result, which is no key ({', '.join(keys)})"
            yield Finding(("solution",), said, ordinal)
            return


def _is_number(answer: Answer) -> bool:
    if isinstance(answer, ChoiceAnswer):
        return all(option.value is not None for option in answer.pool)
    return isinstance(answer, NumericAnswer)


def _is_of_a_key(number: str, keys: Sequence[str]) -> bool:
    return any(shows([number], part, rounded=True) for key in keys for part in numbers_of(key))


def solutions_read(sweep: Sweep) -> list[str]:
    """What the worked solutions of the first variants say; nothing where there is none."""
    return plain_texts([keyed.solution for keyed in sweep.keyed[:LOOKED_AT] if keyed.solution is not None])


@functools.lru_cache(maxsize=20_000)
def numbers_of(text: str) -> tuple[str, ...]:
    """The numbers that a text shows, as they are written but without separating marks; ``inf`` for infinity.

    >>> numbers_of("In all $12{,}000 \\cdot 0.5 =$ **6,000**")
    ('12000', '0.5', '6000')
    """
    infinite = ["inf"] if any(sign in text for sign in _INFINITE) else []
    return (*_NUMBER.findall(_plain(text)), *infinite)


def shows(shown: Sequence[str], key: str, *, rounded: bool = False) -> bool:
    """Whether a key's number is among those shown, be it with a percent sign or without zeros at its end.

    With ``rounded`` a number of more digits that rounds to it is enough.

    >>> shows(["0.105"], "0.105 nats"), shows(["0.1051"], "0.105 nats"), shows(["0.1051"], "0.105 nats", rounded=True)
    (True, False, True)
    """
    found = numbers_of(key)
    if not found or found[0] in shown:
        return True
    value = float(found[0])
    digits = len(found[0].partition(".")[2]) if "e" not in found[0] else 0
    half = 0.5 * 10.0**-digits * (1 + 1e-9) if rounded and digits else 1e-12
    return any(abs(one - value) <= half or abs(one / 100 - value) <= 1e-12 for one in map(float, shown))


def _plain(text: str) -> str:
    return _SPACES.sub("", text.replace("−", "-"))


def _last(solution: str) -> str:
    """The last paragraph of a text that holds a number."""
    paragraphs = [part for part in re.split(r"\n\s*\n", solution) if any(map(str.isdigit, part))]
    return paragraphs[-1] if paragraphs else solution
