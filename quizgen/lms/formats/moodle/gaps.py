r"""Moodle's embedded answers (cloze): gaps such as ``{1:NUMERICAL:=0.105:0.0005~%0%0.046:0.0005#log10?}`` in a text.

What would end a gap or an answer early stands as an entity: ``\}`` and ``\#`` would do too, but ``\~`` keeps its backslash.
Inside a gap Moodle reads entities once before the text is HTML, so that those of the HTML are entities of entities.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import Literal, TypeAlias

from quizgen.lms.formats.moodle.carriers import Carrier
from quizgen.lms.formats.moodle.weights import percent

Form: TypeAlias = Literal["NUMERICAL", "SHORTANSWER", "SHORTANSWER_C", "MULTICHOICE", "MULTICHOICE_V", "MULTIRESPONSE"]

MOST_WEIGHT = 9999

_MARK = re.compile("\x00([0-9]+)\x00")
"""Where a gap is to stand; no text has the character 0."""

_ENTITIES = str.maketrans({sign: f"&#{ord(sign)};" for sign in "&{}~#\n"})
_BACKSLASH = re.compile(r"\\(?![()\[\]])")
"""A backslash but before what Moodle knows formulas by."""

_TAKEN = re.compile(r"\\(?=[}#])")
"""A backslash that Moodle takes away, even where both signs are entities: so two stand there."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that is foreseen: its text, the fraction that it earns, and what is said to it, in HTML.

    The text is HTML where options are chosen, else what may be typed; of a number it is a plain decimal with a tolerance.
    """

    text: str
    fraction: float
    said: str = ""
    tolerance: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A place to answer inside a text: the answer to which it belongs, by what carrier, and its share of the question."""

    answer: str
    carrier: Carrier
    form: Form
    choices: tuple[Choice, ...]
    share: Fraction


def mark(number: int) -> str:
    """What stands for a gap, counted from 0, until the text around it is whole."""
    return f"\x00{number}\x00"


def with_gaps(text: str, gaps: Sequence[Gap], points: float) -> str:
    """A text of HTML with its gaps in the places of their marks; braces elsewhere are kept from being read as gaps."""
    weights = whole_weights([gap.share for gap in gaps], points)
    around = text.translate(_BRACES)
    return _MARK.sub(lambda found: _source(gaps[int(found[1])], weights[int(found[1])]), around)


_BRACES = str.maketrans({"{": "&#123;", "}": "&#125;"})
_ANGLES = str.maketrans({"<": "&lt;", ">": "&gt;"})


def whole_weights(shares: Sequence[Fraction], points: float) -> tuple[int, ...]:
    """Whole numbers in proportion to the shares; their sum is the points where that can be.

    >>> whole_weights([Fraction(3, 4), Fraction(1, 4)], 8), whole_weights([Fraction(1, 3)] * 3, 1)
    ((6, 2), (1, 1, 1))
    """
    common = lcm(*(share.denominator for share in shares))
    weights = [share * common for share in shares]
    scale = Fraction(points) / sum(weights)
    if scale >= 1 and scale.denominator == 1:
        weights = [weight * scale for weight in weights]
    most = max(weights)
    if most > MOST_WEIGHT:
        weights = [max(Fraction(1), weight * MOST_WEIGHT / most) for weight in weights]
    return tuple(round(weight) for weight in weights)


def are_exact(shares: Sequence[Fraction]) -> bool:
    """Whether the shares are as whole numbers to each other that a gap can have."""
    common = lcm(*(share.denominator for share in shares))
    return max(share * common for share in shares) <= MOST_WEIGHT


def _source(gap: Gap, weight: int) -> str:
    return f"{{{weight}:{gap.form}:{'~'.join(_answers(gap))}}}"


def _answers(gap: Gap) -> Iterable[str]:
    for choice in gap.choices:
        # Of several to tick, Moodle takes 0 and = for no fractions, and gives the wrong ones less than nothing of its own.
        plainly = choice.fraction == 1 and gap.form != "MULTIRESPONSE"
        sign = "=" if plainly else f"%{percent(choice.fraction)}%"
        said = f"#{_escaped(choice.said)}" if choice.said else ""
        yield f"{sign}{_shown(gap, choice)}{said}"


def _shown(gap: Gap, choice: Choice) -> str:
    match gap.form:
        case "NUMERICAL":
            return f"{choice.text}:{choice.tolerance}"
        case "SHORTANSWER" | "SHORTANSWER_C":
            return _escaped(choice.text).translate(_ANGLES)
        case _:
            return _escaped(choice.text)


@lru_cache(maxsize=4096)
def _escaped(words: str) -> str:
    """A text as it stands in a gap, with nothing that a gap reads as its own; a ``&`` at the end would keep it open."""
    text = _BACKSLASH.sub("&#92;", _TAKEN.sub(r"\\\\", words).translate(_ENTITIES))
    return f"&#{ord(text[0])};{text[1:]}" if text[:1] in ("=", "%") else text
