"""Checks of options as a student reads them: no two say the same, none stands within the key's tolerance, none is two."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from itertools import permutations

from quizgen.answers import parse_number
from quizgen.answers.stated import NATS_PER
from quizgen.checking.base import Finding, check
from quizgen.checking.sweep import Sweep
from quizgen.errors import NumberError
from quizgen.items import Arrange, ChooseMany, ChooseOne, Interaction, Match, Option
from quizgen.variants.texts import plain_text

NEAR = 3
"""A wrong number must be further from the right one than so many units of its last digit."""

FEW = 50
"""Options that are two glued together are so in most variants: so many are looked at."""


@check("equal-options", "error")
def equal_options(sweep: Sweep) -> Iterator[Finding]:
    """Two options of a variant say the same to a student: the same words in other dress, or one number written in two ways,
    such as 0.5 and 0.50, 50% and 0.5, or .5 and 1/2. Who chooses the one that is not the key is right and is marked wrong.
    Take one out, or exclude by a condition that they meet.
    """
    told: set[str] = set()
    for ordinal, name, interaction in _interactions(sweep):
        if name in told:
            continue
        for group in _groups(interaction):
            texts = [plain_text(option.text) for option in group]
            first: dict[object, int] = {}
            twice = ((texts[at], text) for i, text in enumerate(texts) if (at := first.setdefault(_sense(text), i)) != i)
            pair = next(twice, None)
            if pair is not None:
                told.add(name)
                yield Finding(sweep.path(name), f"the options “{pair[0]}” and “{pair[1]}” say the same", ordinal)
                break


@check("option-near-key", "error")
def near_key(sweep: Sweep) -> Iterator[Finding]:
    """A wrong numeric option lies so near to the key, within three units of its last digit, that an ordinary rounding on the
    way leads to it: the question then measures rounding. So does one that is the key in another unit, as 0.737 bits is
    0.511 nats. Exclude such variants by a condition.
    """
    told: set[str] = set()
    for keyed, ordinal in zip(sweep.keyed, sweep.ordinals.tolist(), strict=True):
        for (name, interaction), key in zip(keyed.item.interactions, keyed.keys, strict=True):
            if name in told or not isinstance(interaction, ChooseOne):
                continue
            texts = [plain_text(option.text) for option in interaction.options]
            shown = plain_text(key.shown)
            wrong = next((text for text in texts if text != shown and _is_near(text, shown)), None)
            if wrong is not None and all(_number(text) is not None for text in texts):
                told.add(name)
                yield Finding(sweep.path(name), f"the wrong option {wrong} lies next to the key {shown}", ordinal)


@functools.lru_cache(maxsize=50_000)
def _is_near(text: str, key: str) -> bool:
    """Whether two numbers could be taken for one another by rounding; whole numbers are counted, not rounded."""
    one, other = _number(text), _number(key)
    if one is None or other is None:
        return False
    (value, last, unit), (right, key_last, key_unit) = one, other
    if unit != key_unit and unit in NATS_PER and key_unit in NATS_PER:
        factor = NATS_PER[unit] / NATS_PER[key_unit]
        return abs(value * factor - right) <= max(last * factor, key_last) * (1 + 1e-9)
    return unit == key_unit and 0 < abs(value - right) <= NEAR * max(last, key_last) * (1 + 1e-9) and min(last, key_last) < 1


@check("glued-options", "error")
def glued_options(sweep: Sweep) -> Iterator[Finding]:
    """One option reads as two: another option's words stand in it without a separator, a dash of the YAML list has become
    part of its text, or it holds several numbers where the others hold one. Put each option on a line of its own that begins
    with a dash.
    """
    told: set[str] = set()
    for ordinal, name, interaction in _interactions(sweep, FEW):
        for group in _groups(interaction) if name not in told else ():
            texts = [" ".join(plain_text(option.text).split()) for option in group]
            glued = next((text for text in texts if _is_glued(text, tuple(other for other in texts if other != text))), None)
            if glued is not None:
                told.add(name)
                yield Finding(sweep.path(name), f"the option “{glued}” reads as two", ordinal)


@functools.lru_cache(maxsize=10_000)
def _is_glued(text: str, others: tuple[str, ...]) -> bool:
    """Whether an option reads as several."""
    if any(text == first + second for first, second in permutations(others, 2)):
        return True
    if text.count("$") % 2 == 0 and "$" in text:
        return False  # a minus in a formula
    parts = [part for part in text.split(" - ") if part]
    if len(parts) > 1:
        if all(_number(part) is not None for part in parts) and any(_number(other) is not None for other in others):
            return True
        first = parts[0].split()[:1]
        alike = all(part.split()[:1] == first for part in parts) and any(other.split()[:1] == first for other in others)
        return alike or parts[0].endswith(".")
    words = text.split()
    numeric = [_number(other) is not None for other in others]
    return len(words) > 1 and all(_NUMBER.fullmatch(word) for word in words) and bool(numeric) and all(numeric)


def _interactions(sweep: Sweep, most: int | None = None) -> Iterator[tuple[int, str, Interaction]]:
    for keyed, ordinal in zip(sweep.keyed[:most], sweep.ordinals[:most].tolist(), strict=True):
        for name, interaction in keyed.item.interactions:
            yield ordinal, name, interaction


def _groups(interaction: Interaction) -> Sequence[Sequence[Option]]:
    """Sets of options among which no two may say the same."""
    match interaction:
        case ChooseOne(options=options) | ChooseMany(options=options) | Arrange(options=options):
            return [options]
        case Match(lefts=lefts, rights=rights):
            return [lefts, rights]
    return []


_NUMBER = re.compile(r"(?<![\w.])[-−]?\d*\.?\d+%?")
_FRACTION = re.compile(r"\\d?frac\{\s*(\d+)\s*\}\{\s*(\d+)\s*\}")
_IN_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(_IN_WORDS)})\b", re.IGNORECASE)
_DRESS = re.compile(r"[\s*_`$\\{},;:!?\"'“”‘’]+|(?<!\d)\.|\.(?!\d)|(?<=[^\W\d])-(?=[^\W\d])")


@functools.lru_cache(maxsize=50_000)
def _sense(text: str) -> object:
    """What a text says: its number with its unit, where it is one, or its words without marks and spaces.

    Numbers in it count by their value; letters' case does not count but in formulas and code.
    """
    number = _number(text)
    if number is not None:
        return round(number[0], 12), number[2]
    in_digits = _NUMBER_WORD.sub(lambda found: str(_IN_WORDS.index(found[0].casefold()) + 1), text)
    plain = _NUMBER.sub(lambda found: f" {_value(found[0]):.12g} ", _FRACTION.sub(_divided, in_digits))
    bare = "|".join(filter(None, _DRESS.split(plain)))
    return (bare if "$" in text or "`" in text else bare.casefold()) or text


def _divided(found: re.Match[str]) -> str:
    return f" {int(found[1]) / int(found[2])} " if int(found[2]) else found[0]


def _value(shown: str) -> float:
    return float(shown.rstrip("%").replace("−", "-")) / (100 if shown.endswith("%") else 1)


@functools.lru_cache(maxsize=50_000)
def _number(text: str) -> tuple[float, float, str] | None:
    """A text's number with the size of its last digit and its unit; None where it is no number."""
    if any(sign in text for sign in "=≈~"):
        return None  # p = 0.5 and q = 0.5 are two statements
    plain = _FRACTION.sub(r"\1/\2", text).replace("$", "").replace("*", "").strip()
    try:
        typed = parse_number(plain)
    except NumberError:
        return None
    if typed.value is None:
        return None
    last = 10.0**-typed.decimals if typed.decimals is not None else 0.0
    return float(typed.value), last, typed.unit
