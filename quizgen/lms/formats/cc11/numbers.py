"""Numbers as the texts in which a student may type them, for systems that compare texts."""

from __future__ import annotations

from dataclasses import dataclass

from quizgen.items import EnterNumber
from quizgen.lms.formats.qti12.spellings import how_many, values_between
from quizgen.schemes import NumberBands

MOST = 60
"""Numbers that are listed at most, each in its ways of writing."""


@dataclass(frozen=True, slots=True)
class Listed:
    """All texts that are right: every number of the band with ``decimals`` of them, and with one more where these are few."""

    texts: tuple[str, ...]
    decimals: int


def listed(interaction: EnterNumber, scheme: NumberBands, decimal_comma: bool) -> Listed | None:
    """The texts for a number; None where a list cannot stand for what is right.

    It can where a certain number of decimals is asked for, or where a single number is right: then who types as asked is
    marked as in quizgen.
    """
    if not scheme.bands:
        return None
    band = scheme.bands[0]
    if "e" in scheme.typed or (not interaction.form and band.low != band.high):
        return None
    decimals = len(scheme.typed.partition(".")[2])
    numbers = values_between(band.low, band.high, decimals)
    if not 0 < how_many(numbers) <= MOST:
        return None
    texts = [text for number in numbers for text in _written(number, decimals, decimal_comma)]
    finer = values_between(band.low, band.high, decimals + 1)
    if not scheme.form_counts and how_many(finer) <= MOST:
        texts += [text for number in finer for text in _written(number, decimals + 1, decimal_comma)]
    return Listed(tuple(dict.fromkeys(texts)), decimals)


def _written(number: int, decimals: int, decimal_comma: bool) -> list[str]:
    """The ways to write a number: with point or comma, without a zero before it, with either minus sign.

    What could be read as thousands is left to the usual decimal mark alone.
    """
    digits = f"{abs(number):0{decimals + 1}}"
    whole, fraction = (digits[:-decimals], digits[-decimals:]) if decimals else (digits, "")
    marks = [",", "."] if decimal_comma else [".", ","]
    if decimals == 3 and whole != "0" and len(whole) <= 3:
        marks = marks[:1]
    wholes = [whole, ""] if whole == "0" and decimals else [whole]
    plain = [f"{start}{mark}{fraction}" for mark in marks for start in wholes] if decimals else [whole]
    return [f"{sign}{text}" for text in plain for sign in ("-", "−")] if number < 0 else plain
