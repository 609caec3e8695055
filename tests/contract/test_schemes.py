"""A scheme says how an answer is marked: whoever marks by it alone gives the marks that quizgen gives.

This holds for every template of the shipped bank, so for every kind of answer in it, at the bounds of each band too.
"""

from __future__ import annotations

import pytest

from quizgen import load_bank
from quizgen.answers import Reading
from quizgen.checking.exports import foretold
from quizgen.schemes import NumberBands, OneOption

BANK = load_bank()
ORDINALS = range(3)
READING = Reading()


@pytest.mark.parametrize("id", sorted(BANK))
def test_marks_by_the_scheme_alone_are_quizgens_marks(id: str) -> None:
    template = BANK[id]
    variants = template.variants(secret=b"schemes", count=len(ORDINALS))
    for row, made in zip(ORDINALS, template.schemed_items(variants), strict=True):
        one = variants.pick([row])
        for answer, scheme in zip(template.answers, made.schemes, strict=True):
            for response, fraction in foretold(scheme):
                typed = {a.name: [response if a is answer else ""] for a in template.answers}
                mark = template.mark_all(one, typed, READING)[answer.name][0]
                assert mark.fraction == pytest.approx(fraction), (row, answer.name, response, mark)


@pytest.mark.parametrize("id", sorted(BANK))
def test_the_mistake_that_a_scheme_names_is_the_one_that_quizgen_finds(id: str) -> None:
    template = BANK[id]
    variants = template.variants(secret=b"schemes", count=1)
    (made,) = template.schemed_items(variants)
    for answer, scheme in zip(template.answers, made.schemes, strict=True):
        found = []
        if isinstance(scheme, OneOption):
            found = [(chr(65 + place), verdict.mistake) for place, verdict in enumerate(scheme.verdicts)]
        elif isinstance(scheme, NumberBands):
            for band in scheme.bands[1:]:
                middle = (band.low + band.high) / 2
                first = next(one.verdict for one in scheme.bands if one.low <= middle <= one.high)
                sign = "-" if middle < 0 else ""
                found.append((f"{sign}{abs(middle.numerator)}/{middle.denominator}", first.mistake))
        for response, mistake in found:
            typed = {a.name: [response if a is answer else ""] for a in template.answers}
            assert template.mark_all(variants, typed, READING)[answer.name][0].mistake == mistake, (answer.name, response)
