"""Checks that the worked solution comes to the key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from quizgen.answers.choice import ChoiceAnswer
from quizgen.answers.numeric import NumericAnswer
from quizgen.checking.base import Finding, check
from quizgen.checking.sweep import Sweep
from quizgen.variants.texts import plain_text

LOOKED_AT = 500
"""So many variants' solutions are read."""

_INFINITE = ("∞", "\\infty", "infinit", "inf ")
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
    solutions = sweep.keyed[:LOOKED_AT] if numeric else []
    for keyed, ordinal in zip(solutions, sweep.ordinals.tolist(), strict=False):
        assert keyed.solution is not None
        text = plain_text(keyed.solution)
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
        for keyed, ordinal in zip(sweep.keyed[:LOOKED_AT], sweep.ordinals.tolist(), strict=False):
            assert keyed.solution is not None
            key = plain_text(keyed.keys[i].shown)
            if not shows(numbers_of(plain_text(keyed.solution)), key):
                yield Finding(("solution",), f"the solution does not show the right option {key}", ordinal)
                break


def numbers_of(text: str) -> list[str]:
    """The numbers that a text shows, as they are written but without separating marks; ``inf`` for infinity.

    >>> numbers_of("In all $12{,}000 \\cdot 0.5 =$ **6,000**")
    ['12000', '0.5', '6000']
    """
    infinite = ["inf"] if any(sign in text for sign in _INFINITE) else []
    return [*_NUMBER.findall(_plain(text)), *infinite]


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
