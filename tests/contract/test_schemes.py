"""A scheme says how an answer is marked: whoever marks by it alone gives the marks that quizgen gives.

This holds for every template of the shipped bank, so for every kind of answer in it, with each kind's own specimens.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from quizgen import load_bank
from quizgen.answers import Reading
from quizgen.answers.multiple import CREDIT as MULTIPLE
from quizgen.answers.order import CREDIT as ORDER
from quizgen.bank import Template
from quizgen.schemes import (
    ByPerson,
    ManyOptions,
    NumberBands,
    OneOption,
    RightOrder,
    RightPairs,
    Scheme,
    Texts,
    TrueDistribution,
    Verdict,
)

BANK = load_bank()
ORDINALS = range(3)
READING = Reading()


def told(verdict: Verdict | None) -> tuple[float, str]:
    return (verdict.fraction, "" if verdict.fraction == 1 else verdict.mistake) if verdict is not None else (0.0, "")


def responses(scheme: Scheme) -> list[tuple[str, tuple[float, str] | float]]:
    """Responses with what a system that knows the scheme alone would give: fraction and mistake, or only the fraction."""
    match scheme:
        case OneOption(verdicts):
            return [(chr(65 + place), told(verdict)) for place, verdict in enumerate(verdicts)]
        case ManyOptions(right, _, rule):
            found: list[tuple[str, tuple[float, str] | float]] = []
            for pattern in range(2 ** min(len(right), 5)):
                ticked = [bool(pattern >> place & 1) for place in range(len(right))]
                t = sum(a and b for a, b in zip(ticked, right, strict=True))
                f = sum(a and not b for a, b in zip(ticked, right, strict=True))
                labels = " ".join(chr(65 + place) for place, tick in enumerate(ticked) if tick) or "none"
                found.append((labels, MULTIPLE[rule][0](t, f, sum(right), len(right) - sum(right))))
            return found
        case NumberBands(typed, bands):
            found = [(typed, (1.0, ""))]
            width = bands[0].high - bands[0].low if bands else Fraction(0)
            for band in bands:
                for number in (band.low, band.high, band.low - width / 7, band.high + width / 7):
                    first = next((one.verdict for one in bands if one.low <= number <= one.high), None)
                    found.append((decimal(number), told(first)))
            return found
        case Texts(accepted):
            return [(text, told(verdict)) for text, verdict in accepted]
        case RightOrder(places, rule, foreseen):
            orders = [(places, ""), (places[::-1], ""), (places[1:] + places[:1], ""), *foreseen]
            ranks = {place: rank for rank, place in enumerate(places)}
            return [
                (" ".join(chr(65 + place) for place in order), ORDER[rule][0]([ranks[place] for place in order]))
                for order, _ in orders
            ]
        case RightPairs(partners, _, rule):
            turned = partners[1:] + partners[:1]
            shares = sum(a == b for a, b in zip(turned, partners, strict=True)) / len(partners)
            joined = [" ".join(f"{i + 1}-{chr(65 + place)}" for i, place in enumerate(way)) for way in (partners, turned)]
            return [(joined[0], 1.0), (joined[1], shares if rule == "each-pair" else float(shares == 1))]
        case TrueDistribution(probabilities, decimals, _, foreseen):
            rounded = "; ".join(f"{float(p):.{decimals}f}" for p in probabilities)
            found = [(rounded, 1.0)]
            for vector, verdict in foreseen:
                wrong = "; ".join(f"{float(p):.{decimals}f}" for p in vector)
                if abs(sum(map(Fraction, wrong.split("; "))) - 1) <= Fraction(len(vector), 2) / 10**decimals:
                    found.append((wrong, told(verdict)))
            return found
        case ByPerson():
            return []


def decimal(number: Fraction) -> str:
    """A number as typed: a fraction where it is no finite decimal."""
    return f"{number.numerator}/{number.denominator}" if number >= 0 else f"-{-number.numerator}/{number.denominator}"


@pytest.mark.parametrize("id", sorted(BANK))
def test_marks_by_the_scheme_alone_are_quizgens_marks(id: str) -> None:
    template: Template = BANK[id]
    variants = template.variants(secret=b"schemes", count=len(ORDINALS))
    items = template.schemed_items(variants)
    for row, made in zip(ORDINALS, items, strict=True):
        for answer, scheme in zip(template.answers, made.schemes, strict=True):
            for response, wanted in responses(scheme):
                mark = template.mark_all(
                    variants.pick([row]), {a.name: [response if a is answer else ""] for a in template.answers}, READING
                )[answer.name][0]
                if isinstance(wanted, tuple):
                    assert (mark.fraction, mark.mistake) == wanted, (row, answer.name, response, mark)
                else:
                    assert mark.fraction == pytest.approx(wanted), (row, answer.name, response, mark)
