"""Everything that counts as right where a system compares what is typed with a list of texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from itertools import permutations
from math import ceil, floor

from quizgen.rendering.numbers import MINUS

MOST_VALUES = 40
"""More values than this are not listed: each is spelt in several ways."""

DIGITS = 15
"""Significant digits that a system keeps of a number, whatever it computes with."""

MOST_ANYHOW = 3
"""Letters of a set that are listed in every order."""

_BETWEEN = ("", " ", ",", ", ", ";", "; ")
_CURLED = "\N{RIGHT SINGLE QUOTATION MARK}"


def decimals_of(typed: str) -> int | None:
    """The decimals of a number as typed; None where it is no plain decimal number."""
    whole, _, decimals = typed.removeprefix("-").partition(".")
    return len(decimals) if whole.isdecimal() and (decimals.isdecimal() or "." not in typed) else None


def values_between(low: Fraction, high: Fraction, decimals: int) -> range:
    """The numbers with so many decimals in a closed interval, in units of the last decimal."""
    unit = 10**decimals
    return range(ceil(low * unit), floor(high * unit) + 1)


def how_many(values: range) -> int:
    """The length of a range of step 1, also where it is longer than ``len`` can tell."""
    return max(values.stop - values.start, 0)


def number_spellings(bands: Iterable[tuple[Fraction, Fraction]], decimals: int) -> tuple[str, ...]:
    """How the numbers with so many decimals in closed intervals are typed; nothing where they are too many.

    >>> number_spellings([(Fraction("0.15"), Fraction("0.24"))], 1)
    ('0.2', '0,2', '.2', ',2')
    """
    ranges = [values_between(low, high, decimals) for low, high in bands]
    if sum(map(how_many, ranges)) > MOST_VALUES:
        return ()
    return tuple(dict.fromkeys(text for values in ranges for value in values for text in _spelt(value, decimals)))


def _spelt(value: int, decimals: int) -> Iterator[str]:
    digits = str(abs(value)).rjust(decimals + 1, "0")
    whole, after = (digits[:-decimals], digits[-decimals:]) if decimals else (digits, "")
    forms = [f"{whole}.{after}" if after else whole]
    if after.endswith("0"):
        forms.append(f"{whole}.{after.rstrip('0')}".rstrip("."))
    forms += [form[1:] for form in forms if form.startswith("0.")]
    for form in forms:
        for sign in ("-", MINUS) if value < 0 else ("",):
            yield sign + form
            if "." in form:
                yield sign + form.replace(".", ",")


def letter_spellings(letters: Iterable[str]) -> tuple[str, ...]:
    """How letters in their order are typed.

    >>> letter_spellings("BCA")
    ('BCA', 'B C A', 'B,C,A', 'B, C, A', 'B;C;A', 'B; C; A')
    """
    given = tuple(letters)
    return tuple(between.join(given) for between in _BETWEEN) if len(given) > 1 else given


def order_spellings(letters: Iterable[str]) -> tuple[str, ...]:
    """How an order is typed.

    >>> order_spellings("BA")
    ('BA', 'B A', 'B,A', 'B, A', 'B;A', 'B; A', 'B>A', 'B > A')
    """
    given = tuple(letters)
    return (*letter_spellings(given), ">".join(given), " > ".join(given))


def set_spellings(letters: Iterable[str]) -> tuple[str, ...]:
    """How a set of letters is typed, few of them in any order.

    >>> set_spellings("AC")[:4], set_spellings("AC")[-1], set_spellings("")[0]
    (('AC', 'A C', 'A,C', 'A, C'), 'C and A', 'none')
    """
    given = tuple(letters)
    if not given:
        return ("none", "none of them", "none of these")
    orders = permutations(given) if len(given) <= MOST_ANYHOW else [given]
    return tuple(form for order in orders for form in (*letter_spellings(order), *_with_and(order)))


def _with_and(letters: Sequence[str]) -> Iterator[str]:
    if len(letters) > 1:
        yield f"{', '.join(letters[:-1])} and {letters[-1]}"


def text_spellings(texts: Iterable[str]) -> tuple[str, ...]:
    """Texts, each with either shape of its apostrophes: word processors and phones type the curled one.

    >>> text_spellings(["Bayes' rule"])
    ("Bayes' rule", 'Bayes’ rule')
    """
    return tuple(
        dict.fromkeys(form for text in texts for form in (text, text.replace(_CURLED, "'"), text.replace("'", _CURLED)))
    )


def bound_texts(low: Fraction, high: Fraction) -> tuple[str, str]:
    """A closed interval as decimal numbers of at most 15 significant digits, which holds the same numbers of so many digits.

    >>> bound_texts(Fraction("0.1045"), Fraction("0.1055"))
    ('0.1045', '0.1055')
    """
    return _bound(low, ROUND_CEILING), _bound(high, ROUND_FLOOR)


def _bound(bound: Fraction, rounding: str) -> str:
    context = Context(prec=DIGITS, rounding=rounding)
    text = f"{context.divide(Decimal(bound.numerator), Decimal(bound.denominator)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
