"""Decimal intervals as regular expressions, exact for numbers typed with any number of digits.

Only what every engine reads alike is used: classes, groups without capture, ``* + ?``, anchors and lookahead.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

ANY = "[0-9]*"
"""Any digits, or none."""

_THOUSAND = 1000
_MINUS = "[-‐‑‒–—−]"


@dataclass(frozen=True, slots=True)
class Interval:
    """Numbers from ``low`` to ``high``, finite decimals; each bound belongs to it unless its ``_in`` is false."""

    low: Fraction
    high: Fraction
    low_in: bool = True
    high_in: bool = True

    def __contains__(self, number: Fraction) -> bool:
        above = self.low < number or (self.low_in and self.low == number)
        return above and (number < self.high or (self.high_in and self.high == number))

    @property
    def empty(self) -> bool:
        """Whether there is no number in it."""
        return self.low > self.high or (self.low == self.high and not (self.low_in and self.high_in))

    def without(self, other: Interval) -> tuple[Interval, ...]:
        """What is left of the interval where another's numbers are taken out of it: nothing, one piece or two."""
        below = replace(self, high=other.low, high_in=not other.low_in) if other.low <= self.high else self
        above = replace(self, low=other.high, low_in=not other.high_in) if other.high >= self.low else self
        if other.empty or other.low > self.high or other.high < self.low:
            return (self,)
        return tuple(piece for piece in (below, above) if not piece.empty)

    def times(self, factor: Fraction) -> Interval:
        """The interval of all its numbers times a positive factor."""
        return replace(self, low=self.low * factor, high=self.high * factor)


@dataclass(frozen=True, slots=True)
class _Writing:
    """How numbers are written: the decimal mark, the same behind a zero or nothing, and what stands between thousands.

    With ``between`` only whole numbers that have thousands are meant, and it stands between all of them.
    """

    marks: str
    after_zero: str
    between: str = ""

    def apart(self, whole: int) -> str:
        """The digits of a whole number."""
        return f"{whole:,}".replace(",", self.between)

    def before(self, digits: int) -> str:
        """What stands before so many last digits of a whole number."""
        return self.between if digits and not digits % 3 else ""


def number_pattern(interval: Interval, marks: str, after_zero: str = "") -> str:
    """A regular expression for every decimal number in an interval that is not empty, with a sign or without.

    ``marks`` is one for the decimal mark, ``after_zero`` another for that behind a zero or nothing. There are no anchors: the
    caller says what stands around the number.
    """
    return _signed(interval, _Writing(marks, after_zero or marks))


def grouped_pattern(interval: Interval, marks: str, between: str) -> str:
    """The same for numbers whose thousands are set apart by ``between``; "" where none of the interval has thousands."""
    return _signed(interval, _Writing(marks, marks, between))


def _signed(interval: Interval, written: _Writing) -> str:
    zero = Fraction(0)
    ways = []
    if interval.high > 0 or zero in interval:
        low_in = interval.low < 0 or interval.low_in
        upper = Interval(max(zero, interval.low), interval.high, low_in, interval.high_in)
        ways.append((r"\+? *", _magnitude(upper, written)))
    if interval.low < 0 or zero in interval:
        high_in = interval.high > 0 or interval.high_in
        lower = Interval(max(zero, -interval.high), -interval.low, high_in, interval.low_in)
        ways.append((f"{_MINUS} *", _magnitude(lower, written)))
    return _either([sign + magnitude for sign, magnitude in ways if magnitude])


def _magnitude(interval: Interval, written: _Writing) -> str:
    """The pattern of numbers without a sign; the bounds are not negative."""
    first, last = interval.low.__floor__(), interval.high.__floor__()
    ways = []
    for whole in dict.fromkeys((first, last)):
        if written.between and whole < _THOUSAND:
            continue
        within = Interval(
            max(interval.low - whole, Fraction(0)),
            min(interval.high - whole, Fraction(1)),
            interval.low_in or whole > first,
            interval.high_in and whole == last,
        )
        ways.append(_with_whole(whole, within, written))
    least = max(first + 1, _THOUSAND if written.between else 1)
    if least < last and written.between:
        ways.append(f"{_wholes(least, last - 1, written)}(?:{written.marks}[0-9]+)?")
    elif least < last:
        ways.append(f"0*{_wholes(least, last - 1, written)}(?:{written.marks}{ANY})?")
    return _either([way for way in ways if way])


def _with_whole(whole: int, within: Interval, written: _Writing) -> str:
    """The pattern of numbers with this whole part and a fraction inside an interval from 0 to 1; "" where there is none."""
    if within.empty:
        return ""
    fraction, nothing = _fraction(within)
    marks = written.marks if whole else written.after_zero
    if written.between:
        start = written.apart(whole)
        return _either([start] * nothing + [f"{start}{marks}{fraction}"] * bool(fraction))
    start = f"0*{whole}" if whole else "0+"
    ways = []
    if nothing:
        ways.append(f"{start}(?:{marks})?")
    if fraction:
        ways.append(f"{start if whole else '0*'}{marks}{fraction}")  # .105 too
    return _either(ways)


def _fraction(within: Interval) -> tuple[str, bool]:
    """The pattern of one digit or more behind the mark ("" where there is none), and whether no digit is right too."""
    places = max(_places(within.low), _places(within.high), 1)
    low = f"{int(within.low * 10**places):0{places}}"
    open_above = within.high >= 1
    high = "9" * places if open_above else f"{int(within.high * 10**places):0{places}}"
    pattern = _digits(low, high, within, True, not open_above)
    return pattern, Fraction(0) in within


def _places(number: Fraction) -> int:
    """How many decimals a finite decimal has."""
    places = 0
    while number.denominator != 1:
        number *= 10
        places += 1
    return places


def _digits(low: str, high: str, within: Interval, at_low: bool, at_high: bool) -> str:
    """The pattern of the digits that follow, at least one; ``at_…`` tells where those before were the bound's own.

    Digits that are not typed count as zeros.
    """
    if not at_low and not at_high:
        return "[0-9]+"
    if at_low and not at_high and not low.strip("0"):
        return "[0-9]+" if within.low_in else "0*[1-9][0-9]*"
    if at_high and not high.strip("0"):
        return "0+" if within.high_in and (not at_low or within.low_in) else ""
    least, most = int(low[0]) if at_low else 0, int(high[0]) if at_high else 9
    ways = []
    for digit in range(least, most + 1):
        on_low, on_high = at_low and digit == least, at_high and digit == most
        if on_low or on_high:
            rest = _digits(low[1:], high[1:], within, on_low, on_high)
            may_end = _may_end(low[1:], high[1:], within, on_low, on_high)
            if rest:
                ways.append(f"{digit}{_optional(rest) if may_end else rest}")
            elif may_end:
                ways.append(f"{digit}")
    first, last = least + at_low, most - at_high
    if first <= last:
        ways.append(f"{_one_of(first, last)}{ANY}")
    return _either(ways)


def _may_end(low: str, high: str, within: Interval, at_low: bool, at_high: bool) -> bool:
    """Whether the number may end here: with zeros for the digits that follow, it is inside."""
    above = not at_low or (not int(low or "0") and within.low_in)
    return above and (not at_high or int(high or "0") > 0 or within.high_in)


def _wholes(first: int, last: int, written: _Writing) -> str:
    """The pattern of whole numbers from ``first`` (at least 1) to ``last``, without zeros before them."""
    ways = []
    for length in range(len(str(first)), len(str(last)) + 1):
        least, most = max(first, 10 ** (length - 1)), min(last, 10**length - 1)
        ways.append(_of_length(str(least), str(most), written))
    return _either(ways)


def _of_length(low: str, high: str, written: _Writing) -> str:
    """The pattern of numbers of so many digits, both bounds included."""
    if not low:
        return ""
    after = len(low) - 1
    zeros, nines, between = "0" * after, "9" * after, written.before(after)
    if low[0] == high[0]:
        return low[0] + between + _of_length(low[1:], high[1:], written)
    first, last = int(low[0]), int(high[0])
    ways = []
    if low[1:] != zeros:
        ways.append(low[0] + between + _of_length(low[1:], nines, written))
        first += 1
    if high[1:] != nines:
        ways.append(high[0] + between + _of_length(zeros, high[1:], written))
        last -= 1
    if first <= last:
        ways.append(_one_of(first, last) + _any_digits(after, written))
    return _either(ways)


def _any_digits(count: int, written: _Writing) -> str:
    """The pattern of any so many last digits of a whole number."""
    if not written.between:
        return f"[0-9]{{{count}}}" if count > 1 else "[0-9]" * count
    groups = f"(?:{written.between}[0-9]{{3}}){{{count // 3}}}" if count >= 3 else ""
    return "[0-9]" * (count % 3) + groups


def _one_of(first: int, last: int) -> str:
    return str(first) if first == last else f"[{first}-{last}]"


def _either(ways: list[str]) -> str:
    return f"(?:{'|'.join(ways)})" if len(ways) > 1 else "".join(ways)


def _optional(pattern: str) -> str:
    if pattern == "[0-9]+":
        return ANY
    return f"{pattern}?" if pattern.startswith("(?:") and _is_group(pattern) else f"(?:{pattern})?"


def _is_group(pattern: str) -> bool:
    """Whether the bracket that opens the pattern closes at its end."""
    depth = 0
    for place, character in enumerate(pattern):
        depth += (character == "(") - (character == ")")
        if not depth:
            return place == len(pattern) - 1
    return False
