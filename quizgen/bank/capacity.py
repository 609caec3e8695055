"""How many different variants a template has: counted where they can be exhausted, else estimated from a sample."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from dataclasses import dataclass

from quizgen.bank.template import Template

PATIENCE = 10
"""A sample of this many times as many variants as differ is taken to have met them all."""

_SECRET = b"quizgen capacity"
_AT_ONCE = 1024
_MANY_REPEATS = 20
"""From how many repeats on an estimate is good to about a quarter, so that a second digit says something."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """What a sample of ``drawn`` variants says of how many there are.

    ``distinct`` differ in what a student sees or in the key. ``estimate`` is how many there are in all: None where no two of
    the sample are alike, for then it only says that there are more.
    """

    drawn: int
    distinct: int
    estimate: float | None
    exact: bool

    def __str__(self) -> str:
        """For people: ``3``, ``about 1,200`` or ``over 1,000``."""
        if self.exact:
            return f"{self.distinct:,}"
        if self.estimate is None:
            return f"over {self.distinct:,}"
        sure = self.drawn - self.distinct >= _MANY_REPEATS
        return f"about {max(self.distinct, _rounded(self.estimate, 2 if sure else 1)):,}"


def capacity_of(template: Template, *, secret: bytes = _SECRET, count: int = 1000) -> Capacity:
    """The capacity of a template by a sample of ``count`` variants.

    Exact, but for variants far rarer than the others, where the sample is ten times what it holds of different ones. Else
    the estimate is Chao's (1984, bias-corrected), from how many variants came once and how many twice; it is a lower bound
    where some variants are likelier than others.

    Raises:
        VariantError: the template's conditions cannot be met.
    """
    times: Counter[bytes] = Counter()
    for start in range(0, count, _AT_ONCE):
        variants = template.variants(secret=secret, start=start, count=min(_AT_ONCE, count - start))
        # A digest takes less memory than what it stands for.
        times.update(hashlib.blake2b(words.encode(), digest_size=16).digest() for words in template.fingerprints(variants))
    return capacity_from(Counter(times.values()))


def capacity_from(times: Counter[int]) -> Capacity:
    """The capacity from how many variants came once, twice, … in a sample.

    >>> str(capacity_from(Counter({400: 1, 300: 2}))), str(capacity_from(Counter({1: 900, 2: 50})))
    ('3', 'about 8,900')
    >>> str(capacity_from(Counter({1: 1000})))
    'over 1,000'
    """
    drawn = sum(often * number for often, number in times.items())
    distinct = sum(times.values())
    if drawn == distinct:
        return Capacity(drawn, distinct, None, False)
    once, twice = times[1], times[2]
    estimate = distinct + once * (once - 1) / (2 * (twice + 1))
    return Capacity(drawn, distinct, estimate, once == 0 and drawn >= PATIENCE * distinct)


def _rounded(value: float, digits: int) -> int:
    unit = int(10 ** max(0, math.floor(math.log10(value)) + 1 - digits))
    return round(value / unit) * unit
