"""Numbers as people type them, read exactly or refused with the reason.

Read are ``0.105``, ``.105``, ``0,105``, ``1.05e-1``, ``1.05×10⁻¹``, ``10^-1``, ``10.5%``, ``1/3``, ``∞``, digits in
strict groups of three (``1 234.5``, ``1'234.5``, ``1,234.5``, ``1.234,5``), all in round brackets or not, and a unit of up
to three words behind, or in brackets; before it, ``=``, ``≈`` or ``~``, also behind a short name without digits
(``L = 0.105``, ``H(p,q) ≈ 0.105``, ``loss: 0.105``), and after it a full stop or a comma.
Anything else is a `NumberError`: nothing is guessed, but for ``1,234`` (and ``1.234`` where people write commas), whose
mark may group or divide; there the caller's ``decimal_comma`` decides and the number's ``note`` says how it was read.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction

from quizgen.errors import NumberError
from quizgen.folding import shortened

MAX_LENGTH = 200
MAX_EXPONENT = 400

_UNITS = {
    **dict.fromkeys(("nat", "nats"), "nats"),
    **dict.fromkeys(("bit", "bits"), "bits"),
    **dict.fromkeys(("ban", "bans", "dit", "dits", "hartley", "hartleys"), "bans"),
}
_PERCENT_WORDS = frozenset({"percent", "per cent"})
_PER_TOKEN = re.compile(r"(?: ?/ ?| per )tokens?\Z")

# Look-alikes, one character for one: a keyboard, a word processor and a PDF each have their own minus and space.
_LOOK_ALIKES = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d", "-")
    | dict.fromkeys("\ufe62\uff0b", "+")
    | dict.fromkeys("\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " ")
    | dict.fromkeys("\u2018\u2019\u02bc\uff07", "'")
    | dict.fromkeys("\u2044\u2215\uff0f", "/")
    | dict.fromkeys("\ufe6a\uff05", "%")
    | dict.fromkeys("\u223c\uff5e", "~")
    | dict.fromkeys("\uff1d", "=")
)
# Characters without width that a copied number may carry at its ends.
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
_SUPERSCRIPTS = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")

_PLAIN = re.compile(r"(-?)([0-9]{1,15})(?:\.([0-9]{1,15}))?")

# Every repetition is possessive or bounded by what cannot follow it, so matching takes linear time.
_TYPED = re.compile(
    r"""
    (?:
        (?: [^\W\d_] [^\W\d]{0,11} (?: \( [^()0-9]{1,12} \) )? \ {0,3} )? [=≈~] \ *+
      | [^\W\d_]{2,12} \ ? : \ *+
    )?
    (?P<sign> [-+] )? \ *+
    (?:
        (?P<infinity> ∞ | (?:inf|Inf|INF)(?:inity|INITY)? (?![^\W\d_]) )
      | (?P<top> [0-9]++ ) \ *+ / \ *+ (?P<bottom> [0-9]++ )
      | 10 \ *+ (?:\^|\*\*) \ *+ (?: (?P<alone> [-+]?[0-9]++ ) | \( (?P<alone_bracketed> [-+]?[0-9]++ ) \) )
      | 10 (?P<alone_raised> [⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]++ )
      | (?P<mantissa> [0-9]++ (?: [., '] [0-9]++ )*+ [.,]? | [.,] [0-9]++ )
        (?:
            \ ?[eE] (?P<e> [-+]?[0-9]++ )
          | \ *+ [×xX*·⋅∙] \ *+ 10
            (?: \ *+ (?:\^|\*\*) \ *+ (?: (?P<power> [-+]?[0-9]++ ) | \( (?P<bracketed> [-+]?[0-9]++ ) \) )
              | (?P<raised> [⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]++ ) )
        )?
    )
    \ *+
    (?: (?P<percent> % ) | (?P<unit> UNIT ) | \( \ ? (?P<bracketed_unit> UNIT ) \ ? \) )?
    """.replace("UNIT", r"[^\W\d_]++ (?: (?: \ ?/\ ? | [ -] ) [^\W\d_]++ ){0,2}"),
    re.VERBOSE,
)

_ENDED = re.compile(r"[^\s.,][.,]\Z")
"""A full stop or comma that ends what is said, not a number such as ``5.``, which is read with it."""

_BRACKETED = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """A number as typed. ``value`` is exact, and None where ``infinite`` is +1 or −1 (else 0).

    ``decimals`` counts digits after the decimal mark of the value as a plain number (``10.5%`` and ``1.05e-1`` have 3);
    ``sigfigs`` counts typed digits from the first that is not 0 (None for a zero). Both are None for a fraction such as
    1/3 and for infinity. ``unit`` is ``"nats"``, ``"bits"``, ``"bans"``, another unit as typed, or empty. ``note`` says
    how an ambiguous number was read.
    """

    value: Fraction | None
    infinite: int = 0
    decimals: int | None = None
    sigfigs: int | None = None
    unit: str = ""
    percent: bool = False
    note: str = ""

    def __float__(self) -> float:
        if self.value is None:
            return math.copysign(math.inf, self.infinite)
        try:
            return float(self.value)
        except OverflowError:
            return math.inf if self.value > 0 else -math.inf


def parse_number(text: str, *, decimal_comma: bool = False) -> TypedNumber:
    """Return the number that ``text`` states; raises `NumberError` with the reason where it states none.

    >>> parse_number("10.5 %").value
    Fraction(21, 200)
    >>> parse_number("1,234 bits", decimal_comma=True).note
    'read 1,234 as 1.234'
    """
    plain = _PLAIN.fullmatch(text)
    if plain is None or (decimal_comma and plain[3] is not None):
        return _parse_any(text, decimal_comma)
    sign, whole, decimals = plain.groups("")
    digits = whole + decimals
    value = Fraction(int(sign + digits), 10 ** len(decimals))
    return TypedNumber(value, 0, len(decimals), len(digits.lstrip("0")) or None)


def _parse_any(text: str, decimal_comma: bool) -> TypedNumber:
    if len(text) > MAX_LENGTH:
        raise NumberError(f"{len(text)} characters are too many for a number")
    typed = text.strip().strip(_INVISIBLE).strip().translate(_LOOK_ALIKES)
    if within := _BRACKETED.fullmatch(typed):
        typed = within[1].strip()
    found = _TYPED.fullmatch(typed) or (_TYPED.fullmatch(typed[:-1].rstrip(" ")) if _ENDED.search(typed) else None)
    # To a regular expression ½ and ² are letters: they are no unit.
    if found is None or any(map(str.isnumeric, _unit_typed(found))):
        raise NumberError(_reason(typed))
    sign = -1 if found["sign"] == "-" else 1
    unit, percent = _unit(found)
    if found["infinity"]:
        if percent:
            raise NumberError("infinity has no percentage")
        return TypedNumber(None, infinite=sign, unit=unit)
    hundredths = 2 if percent else 0
    if found["top"]:
        if int(found["bottom"]) == 0:
            raise NumberError(f"{_quoted(typed)} divides by zero")
        fraction = Fraction(sign * int(found["top"]), int(found["bottom"]) * 10**hundredths)
        return TypedNumber(fraction, unit=unit, percent=percent)
    whole, decimals, note = _split(found["mantissa"] or "1", decimal_comma)
    digits = whole + decimals
    places = len(decimals) + hundredths - _exponent(found)
    value = Fraction(sign * int(digits) * 10 ** max(0, -places), 10 ** max(0, places))
    return TypedNumber(value, 0, max(0, places), len(digits.lstrip("0")) or None, unit, percent, note)


def _unit(found: re.Match[str]) -> tuple[str, bool]:
    """Return the unit behind a number in its canonical form, and whether the number is a percentage."""
    typed = _unit_typed(found)
    folded = typed.casefold()
    if found["percent"] or folded in _PERCENT_WORDS:
        return "", True
    if folded == "e":
        raise NumberError(f"{_quoted(found[0])} lacks the digits of its exponent")
    return canonical_unit(typed), False


def _unit_typed(found: re.Match[str]) -> str:
    return found["unit"] or found["bracketed_unit"] or ""


def canonical_unit(unit: str) -> str:
    """Return ``nats``, ``bits`` or ``bans`` for one of these in any spelling, also per token; another unit as it is.

    >>> canonical_unit("nat/token"), canonical_unit("bits per character")
    ('nats', 'bits per character')
    """
    return _UNITS.get(_PER_TOKEN.sub("", unit.casefold()), unit)


def _exponent(found: re.Match[str]) -> int:
    forms = ("e", "power", "bracketed", "raised", "alone", "alone_bracketed", "alone_raised")
    typed = next(filter(None, map(found.group, forms)), "0").translate(_SUPERSCRIPTS)
    exponent = int(typed)
    if abs(exponent) > MAX_EXPONENT:
        raise NumberError(f"the exponent {shortened(typed)} is too large; exponents go from -{MAX_EXPONENT} to {MAX_EXPONENT}")
    return exponent


def _split(mantissa: str, decimal_comma: bool) -> tuple[str, str, str]:
    """Return the digits before and after the decimal mark, and a note where the mark could also have grouped."""
    parts = re.split(r"([., '])", mantissa)
    digits, marks = parts[::2], parts[1::2]
    kinds = set(marks)
    if not marks:
        return mantissa, "", ""
    last = marks[-1]
    if mantissa.endswith(","):  # no decimal mark, but what ends a part of a sentence
        if len(marks) == 2 and marks[0] in ".," and _grouped(digits[:-1]):
            raise NumberError(
                f"{_quoted(mantissa)} may be {'.'.join(digits[:-1])} or {''.join(digits)}; leave out the last comma"
            )
        return _split(mantissa[:-1], decimal_comma)
    if len(marks) > 1 and mantissa.endswith(".") and not (marks.count(".") == 1 and _grouped(digits[:-1])):
        return _split(mantissa[:-1], decimal_comma)  # the last point is a full stop
    if len(marks) == 1 and last in ".,":
        if (last == "." and not decimal_comma) or not _grouped(digits):
            return digits[0], digits[1], ""
        if (last == ",") == decimal_comma:
            return digits[0], digits[1], f"read {mantissa} as {digits[0]}.{digits[1]}"
        return digits[0] + digits[1], "", f"read {mantissa} as {digits[0]}{digits[1]}"
    if len(kinds) == 1:
        if not _grouped(digits):
            raise NumberError(_ungrouped(mantissa, last))
        return "".join(digits), "", ""
    if len(kinds) == 2 and last in ".," and marks.count(last) == 1:
        if not _grouped(digits[:-1]):
            raise NumberError(_ungrouped(mantissa, marks[0]))
        return "".join(digits[:-1]), digits[-1], ""
    raise NumberError(f"the marks in {_quoted(mantissa)} do not make one number; type it like 1234.5")


def _grouped(digits: list[str]) -> bool:
    """Return whether these are strict groups: one to three digits, not led by 0, then three each."""
    first, *others = digits
    return 1 <= len(first) <= 3 and first[0] != "0" and all(len(group) == 3 for group in others)


def _ungrouped(mantissa: str, mark: str) -> str:
    if mark == " ":
        return f"{_quoted(mantissa)} looks like several numbers; type one"
    return f"the digits of {_quoted(mantissa)} are not in groups of three; type it like 1234.5"


def _reason(typed: str) -> str:
    """Return why a text is no number, as precisely as can be told."""
    if not typed:
        return "the answer is blank"
    quoted = _quoted(typed)
    if any(character in typed for character in "\\${}"):
        return f"{quoted} is LaTeX; type a plain number such as 0.105"
    if re.search(r"(?![0-9])\d", typed):
        return f"{quoted} has digits of another script; use 0 to 9"
    if re.fullmatch(r"[-+]?nan", typed, re.IGNORECASE):
        return f"{quoted} is not a number"
    if any(character in typed for character in "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"):
        return f"{quoted} has a fraction in one character; type it like 1/2 or 0.5"
    if not re.search(r"[0-9]", typed):
        return f"there is no number in {quoted}"
    if re.search(r"[0-9]_", typed):
        return f"{quoted} joins digits by an underscore; type them without"
    if re.fullmatch(r"[-+]?[0-9]+ +[0-9]+ */ *[0-9]+.*", typed):
        return f"{quoted} is a mixed number, which can be read in two ways; type it like 3/2 or 1.5"
    if re.search(r"[0-9] +[-+]?[.,]?[0-9]|[0-9] *(?:;|and|or|to) *[-+]?[.,]?[0-9]", typed):
        return f"{quoted} looks like several numbers; type one"
    return f"{quoted} cannot be read as a number; type one such as 0.105, 1.05e-1, 10.5% or 1/3"


def _quoted(typed: str) -> str:
    return f'"{shortened(typed)}"'
