"""A check of what is said of one unit of information in another: how many nats a bit has."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from quizgen.answers.options import OptionsAnswer
from quizgen.checking.base import Finding, Path, check
from quizgen.checking.equations import worked_out
from quizgen.checking.solutions import numbers_of
from quizgen.checking.sweep import Sweep

_SIZES = {"bit": math.log(2), "nat": 1.0, "ban": math.log(10)}
"""Of each unit its size in nats."""

ROUGHLY = 1.005
"""By this factor a number may be off that is said roughly."""

_SAID = re.compile(
    r"(?<![\d.,])\b(?:1|one|an?|per)\s+(bit|nat|ban)\b\s*(?:is equal to|equals|is|has|makes|=|\$\s*=|≈|\$\s*\\approx)"
    r"(?!\s+(?:not|smaller|larger|less|more))((?:[^.;:!?\n]|\.\d)*?)\b(bit|nat|ban)s?\b",
    re.IGNORECASE,
)
_EQUAL = re.compile(r"=|\\approx|≈|,|\babout\b|\bor\b")


@check("unit-conversion", "error")
def unit_conversion(sweep: Sweep) -> Iterator[Finding]:
    """A text says of one unit of information that it is so many of another, and it is not: 1 nat is 1 / ln 2, about 1.4427
    bits, and 1 bit is ln 2, about 0.6931 nats. The two units are exchanged, or the number. (Options that are never right
    may say so.)
    """
    for path, text in _texts(sweep):
        for found in _SAID.finditer(text.replace("*", "").replace("−", "-")):
            one, other = found[1].casefold(), found[3].casefold()
            right = _SIZES[one] / _SIZES[other]
            for number in _EQUAL.split(found[2].replace("$", " ")):
                span = worked_out(number.strip()) if numbers_of(number) else None
                if span is not None and not (span[0] <= right * ROUGHLY and span[1] * ROUGHLY >= right):
                    said = f"“{' '.join(found[0].split())}” is not so: a {one} is {right:.4f} {other}s"
                    yield Finding(path, said)
                    break


def _texts(sweep: Sweep) -> Iterator[tuple[Path, str]]:
    """All that the template's author wrote for readers, values left out."""
    template = sweep.template
    yield ("stem",), template.stem.text.marked
    if template.solution is not None:
        yield ("solution",), template.solution.text.marked
    for i, hint in enumerate(template.hints):
        yield ("hints", i), hint.text.marked
    for answer in template.answers:
        for option in answer.pool if isinstance(answer, OptionsAnswer) else ():
            if option.true_when is not False:
                yield option.path, option.text.text.marked
