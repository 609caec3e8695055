"""What a typed number states in the unit that is asked for: converted, refused, or not understood."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from quizgen.answers.base import UnreadableError
from quizgen.answers.numbers import TypedNumber, canonical_unit

NATS_PER = {"nats": 1.0, "bits": math.log(2), "bans": math.log(10)}
"""How many nats one unit of information is."""

_WORD = re.compile(r"[^\W\d_]+")

PERCENT = frozenset({"%", "percent", "per cent"})


@dataclass(frozen=True, slots=True)
class Stated:
    """A number in the unit in which it was typed, of which ``factor`` makes the unit asked for.

    ``exact`` is None where ``value`` is infinite. ``refused`` says why the number cannot be right in its unit.
    """

    number: TypedNumber
    value: float
    exact: Fraction | None
    factor: float = 1.0
    refused: str = ""

    @property
    def in_key_unit(self) -> float:
        """The number in the unit that is asked for."""
        return self.value * self.factor


def stated(number: TypedNumber, unit: str, converted: Collection[str], label: str = "") -> Stated:
    """What a number states where ``unit`` is asked for and some others are ``converted``.

    Where there is no unit, what is counted may stand behind the number in the words of the ``label``: ``220 tokens``.

    Raises:
        UnreadableError: the unit behind the number is none that fits.
    """
    typed, asked = number.unit, canonical_unit(unit)
    if number.percent:
        if unit.casefold() in PERCENT:
            return _stated(number, number.value * 100 if number.value is not None else None)
        if unit:
            raise UnreadableError(f"'%' after the number is not understood; expected is '{unit}'")
        return _stated(number, number.value)
    if not typed or same_unit(typed, unit) or typed == asked:
        return _stated(number, number.value)
    if typed in NATS_PER and asked in NATS_PER:
        refused = "" if typed in converted else f"the answer is asked for in {unit}, not in {typed}"
        return _stated(number, number.value, NATS_PER[typed] / NATS_PER[asked], refused)
    if not unit and typed not in NATS_PER and f" {_words(typed)} " in f" {_words(label)} ":
        return _stated(number, number.value)
    raise UnreadableError(f"'{typed}' after the number is not understood; expected is {_quoted(unit)}")


def _words(text: str) -> str:
    """The words of a text in lower case with single spaces; singular and plural are one."""
    return " ".join(word.casefold().rstrip("s") for word in _WORD.findall(text))


def _stated(number: TypedNumber, exact: Fraction | None, factor: float = 1.0, refused: str = "") -> Stated:
    if exact is None:
        return Stated(number, float(number), None, factor, refused)
    try:
        value = float(exact)
    except OverflowError:  # large, but not infinite
        value = sys.float_info.max if exact > 0 else -sys.float_info.max
    return Stated(number, value, exact, factor, refused)


def same_unit(typed: str, unit: str) -> bool:
    """Whether two words are one unit: capital letters do not count, and singular and plural are one."""
    return bool(unit) and typed.casefold().rstrip("s") == unit.casefold().rstrip("s")


def in_form(said: Stated, rounding: tuple[str, int] | None) -> bool:
    """Whether a number is typed with the digits asked for. A fraction is in no such form; infinity and 0 have no digits."""
    if rounding is None or said.exact is None:
        return True
    form, digits = rounding
    number = said.number
    if form == "decimals":
        shift = 2 if number.percent and said.exact != number.value else 0
        return number.decimals is not None and number.decimals - shift == digits
    if said.exact == 0 and number.decimals is not None:
        return True
    if number.sigfigs is None:
        return False
    # The zeros at the end of a whole number may be digits or not: 1200 has two, three or four.
    spare = 0
    if number.decimals == 0 and said.exact.denominator == 1:
        text = str(abs(said.exact.numerator))
        spare = len(text) - len(text.rstrip("0"))
    return number.sigfigs - spare <= digits <= number.sigfigs


def _quoted(unit: str) -> str:
    return f"'{unit}'" if unit else "no unit"
