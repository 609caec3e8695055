"""A check of the sums that a worked solution shows: each side of an equals sign, worked out from the numbers as displayed."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import mul, truediv

from quizgen.checking.base import Finding, check
from quizgen.checking.solutions import solutions_read
from quizgen.checking.sweep import Sweep

LOOKED_AT = 60
"""So many variants' solutions are worked out."""

ROUGHLY = 0.02
"""What is said to be about equal may differ by this part."""

Span = tuple[float, float]
"""The least and the most that a displayed number stands for, or what follows from such numbers."""

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?|\.\d+)(?P<percent>\\?%)?|(?P<word>\\(?:d?frac|ln|log_\{?(?:2|10)\}?|log|sqrt|cdot|times|exp)\b|"
    r"e(?=\s*\^))|(?P<sign>[-−+*/·×^(){}]))"
)
_IDLE = re.compile(r"\\[,;: ]|\\(?:left|right|big|Big)(?![a-z])|\\text\{[^{}]*\}|(?<=\d)\{,\}(?=\d{3})|\*\*")
_UNITS = re.compile(r"\s*(?:nats?|bits?|bans?|tokens?|words?|spans?|per \w+|[.,;:])*\s*")
_EQUALS = re.compile(r"(=|\\approx|≈)")
_START = re.compile(r"^|\$|(?<![\\a-zA-Z])[A-Za-z]{2,}\s|[,:;]\s")
"""Where a calculation may begin: with a formula, or behind a word or mark; not behind a letter that is part of it."""

_OPERATION = re.compile(r"[+*/·×^\\]|[\d)}]\s*[-−]")

_LOGARITHMS: Mapping[str, float] = {"\\ln": 1.0, "\\log_2": math.log(2), "\\log_10": math.log(10)}


@check("solution-arithmetic", "error")
def solution_arithmetic(sweep: Sweep) -> Iterator[Finding]:
    """The worked solution of some variant shows a calculation, such as ``$-\\ln 0.2 = 1.609$``, that does not come to what
    stands behind the equals sign, even if every number in it was rounded to the digits shown. A sign, a base, an operand or
    one of the numbers is wrong. (What is not plain arithmetic is passed over.)
    """
    for text, ordinal in zip(sweep.shared(solutions_read)[:LOOKED_AT], sweep.ordinals.tolist(), strict=False):
        for left, right in calculations(text):
            yield Finding(("solution",), f"“{left.strip()} = {right.strip()}” is not so", ordinal)
            return


def calculations(text: str) -> Iterator[tuple[str, str]]:
    """The calculations in a text that do not come to what they are said to come to: both sides of an equals sign.

    >>> list(calculations("So $-\\\\ln 0.2 = 1.609$, and $2 \\\\cdot 0.3 =$ **0.9**."))
    [('2 \\\\cdot 0.3', '  0.9')]
    """
    for line in re.split(r"\n\s*\n|\n\s*(?=[-*|]\s|\d\.\s)|(?<=[.;])\s|\|", text):
        sides = _EQUALS.split(_IDLE.sub("", line))
        for left, equals, right in zip(sides[::2], sides[1::2], sides[2::2], strict=False):
            before, after = _trailing(left), _leading(right.replace("$", " "))
            if before is None or after is None:
                continue
            (low, high), begun = before
            (least, most), shown = after
            slack = 1e-9 * max(map(abs, (low, high, least, most))) + (0 if equals == "=" else ROUGHLY * abs(least))
            if low > most + slack or high < least - slack:
                yield begun, shown


def _trailing(source: str) -> tuple[Span, str] | None:
    """What the calculation comes to with which a text ends, and its words; None where it ends with none, or a mere number."""
    for start in _START.finditer(source):
        begun = source[start.end() :].replace("$", " ").strip()
        span = worked_out(begun)
        if span is not None:
            return (span, begun) if _OPERATION.search(begun) else None
    return None


def worked_out(source: str) -> Span | None:
    """What a text comes to that is a calculation from its beginning to its end; None where it is none.

    >>> [round(bound, 2) for bound in worked_out("2 \\\\cdot 0.3") or ()]
    [0.5, 0.7]
    """
    try:
        reader = _Reader(source)
        span = reader.sum()
        return span if reader.at_end() else None
    except (ValueError, ArithmeticError):
        return None


def _leading(source: str) -> tuple[Span, str] | None:
    """What the number or calculation comes to with which a text begins, and its words; None where it goes on in another way."""
    try:
        reader = _Reader(source)
        span = reader.sum()
    except (ValueError, ArithmeticError):
        return None
    if re.match(r"\s*[\\^{(_]", source[reader.at :]):
        return None
    shown = source[: reader.at]
    whole = re.fullmatch(r"\s*[-−]?\d*?([1-9]?)(0*)\s*", shown)
    if whole and span[0] != 0:  # a result may be rounded to a whole number, or to fewer digits
        half = 0.5 * (10.0 ** len(whole[2]) if len(shown.strip()) > 3 else 1.0)
        span = span[0] - half, span[1] + half
    return span, shown


@dataclass(slots=True)
class _Reader:
    """Reads arithmetic from left to right, by recursive descent; raises ValueError for what it does not know."""

    source: str
    at: int = 0

    def peek(self) -> re.Match[str] | None:
        """The next token, None where there is none that is known."""
        return _TOKEN.match(self.source, self.at)

    def takes(self, *signs: str) -> str:
        """The next token if it is one of these, which is then read; else nothing."""
        found = self.peek()
        text = (found["sign"] or found["word"] or "") if found else ""
        if found and text in signs:
            self.at = found.end()
            return text
        return ""

    def at_end(self) -> bool:
        """Whether nothing is left but spaces and units."""
        return _UNITS.fullmatch(self.source, self.at) is not None

    def sum(self) -> Span:
        """Products that are added or subtracted."""
        total = self.product()
        while sign := self.takes("+", "-", "−"):
            other = self.product()
            total = (total[0] + other[0], total[1] + other[1]) if sign == "+" else (total[0] - other[1], total[1] - other[0])
        return total

    def product(self) -> Span:
        """Powers that are multiplied or divided."""
        total = self.signed()
        while sign := self.takes("*", "·", "×", "\\cdot", "\\times", "/"):
            other = self.signed()
            total = _quotient(total, other) if sign == "/" else _spread(total, other, mul)
        return total

    def signed(self) -> Span:
        """A power with its sign."""
        if self.takes("-", "−"):
            low, high = self.signed()
            return -high, -low
        return self.power()

    def power(self) -> Span:
        """A value, or one to the power of another."""
        base = self.value()
        if not self.takes("^"):
            return base
        exponent = self.signed()
        if base[0] <= 0:
            raise ValueError("a power of what is not positive")
        return _spread(base, exponent, pow)

    def value(self) -> Span:
        """A number, a group, a fraction or a function's value."""
        found = self.peek()
        if found and found["number"]:
            self.at = found.end()
            return _shown(found["number"], percent=bool(found["percent"]))
        for opening, closing in (("(", ")"), ("{", "}")):
            if self.takes(opening):
                inner = self.sum()
                if not self.takes(closing):
                    raise ValueError("a group is not closed")
                return inner
        word = self.takes("e", "\\frac", "\\dfrac", "\\sqrt", "\\exp") or self._logarithm()
        match word:
            case "e":
                return math.e, math.e
            case "\\frac" | "\\dfrac":
                above, below = self.value(), self.value()
                return _quotient(above, below)
            case "\\sqrt" | "\\exp":
                low, high = self.value()
                function = math.sqrt if word == "\\sqrt" else math.exp
                return function(low), function(high)
            case "":
                raise ValueError("no number stands here")
        low, high = self.power()
        return math.log(low) / _LOGARITHMS[word], math.log(high) / _LOGARITHMS[word]

    def _logarithm(self) -> str:
        found = self.peek()
        name = found["word"].replace("{", "").replace("}", "") if found and found["word"] else ""
        if found and name in _LOGARITHMS:
            self.at = found.end()
            return name
        return ""


def _quotient(above: Span, below: Span) -> Span:
    if below[0] <= 0 <= below[1]:
        raise ValueError("a division by what may be 0")
    return _spread(above, below, truediv)


def _spread(first: Span, second: Span, operation: Callable[[float, float], float]) -> Span:
    """The least and the most of an operation that is monotone in either operand."""
    found = [operation(a, b) for a in first for b in second]
    return min(found), max(found)


def displayed(cell: str) -> Span | None:
    """What a displayed number, be it a percentage or below 0, may stand for; None where it is no plain decimal number."""
    found = re.fullmatch(r"([-−]?)(\d+(?:\.\d+)?)(%?)", cell)
    if found is None:
        return None
    low, high = _shown(found[2], percent=bool(found[3]))
    return (-high, -low) if found[1] else (low, high)


@functools.lru_cache(maxsize=20_000)
def _shown(number: str, *, percent: bool) -> Span:
    """What a displayed number may stand for: a whole one for itself, a decimal one for all that is rounded to it."""
    value = float(number)
    half = 0.5 * 10.0 ** -len(number.partition(".")[2]) if "." in number else 0.0
    scale = 100.0 if percent else 1.0
    low = value - half
    if value > 0 and low <= 0:
        low = value * 1e-6
    return low / scale, (value + half) / scale
