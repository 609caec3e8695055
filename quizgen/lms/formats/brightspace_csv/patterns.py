"""Regular expressions for what a student types: numbers in an interval, and texts, as quizgen reads them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from fractions import Fraction

from quizgen.answers.numbers import MAX_LENGTH, canonical_unit
from quizgen.folding import worded
from quizgen.lms.formats.brightspace_csv.intervals import Interval, grouped_pattern, number_pattern
from quizgen.schemes import NumberBands, Verdict

_POINT, _COMMA = "[.]", ","
_NOT_GROUPED = "(?![0-9]{3}(?![0-9]))"
"""Behind the mark that is not the usual one, where a number could be thousands in groups of three digits."""

_ABOUT = "[=＝≈~∼～]"

_SPECIAL = re.compile(r"[\\^$*+?()\[\]{}|/.-]")
_PLAIN_UNIT = re.compile(r"[^\W\d_]+(?:[ -][^\W\d_]+){0,2}")
_SPELLINGS = {"nats": ("nat", "nats"), "bits": ("bit", "bits"), "bans": ("ban", "bans")}

_APOSTROPHES, _QUOTES, _DASHES = "'‘’‚‛′", '"“”„‟″«»', "-–—−‐‑‒"
_AROUND = r"""[\s.,;:!?'"‘’‚‛′“”„‟″«»]*"""


def apart(scheme: NumberBands) -> Iterator[tuple[Interval, Verdict]]:
    """The bands that earn something, in pieces that do not overlap: of each number the first band that holds it counts."""
    taken: list[Interval] = []
    for band in scheme.bands:
        pieces = [Interval(band.low, band.high)]
        for other in taken:
            pieces = [left for piece in pieces for left in piece.without(other)]
        taken.append(Interval(band.low, band.high))
        if band.verdict.fraction > 0:
            yield from ((piece, band.verdict) for piece in pieces)


def number_answer(interval: Interval, percent: Fraction | None, unit: str, decimal_comma: bool) -> str:
    """The pattern of all answers that state a number of an interval: with point or comma, percent sign or unit.

    It may stand in round brackets, behind ``=`` or ``~``, and before a full stop or a comma.
    """
    behind = "" if unit.casefold() in {"%", "percent", "per cent"} else _unit(unit)
    ways = [form + ("(?: *%)?" if percent == 1 else behind) for form in _written(interval, decimal_comma)]
    if percent is not None and percent != 1:
        ways.append(f"{next(_written(interval.times(1 / percent), decimal_comma))} *%")
    return _whole_answer(ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})", decimal_comma)


def _written(interval: Interval, decimal_comma: bool) -> Iterator[str]:
    """The ways to write a number of an interval: as it is, and with thousands set apart."""
    usual, other = (_COMMA, _POINT) if decimal_comma else (_POINT, _COMMA)
    yield number_pattern(interval, f"(?:{usual}|{other}{_NOT_GROUPED})", "[.,]")
    for between in (" ", "['’]", other):
        if grouped := grouped_pattern(interval, usual, between):
            yield grouped


def _whole_answer(pattern: str, decimal_comma: bool) -> str:
    # Of two marks the second ends what is said; where the first may group, such as in 1.234, nobody can tell.
    two_marks = r"(?!.*[.,]\s*[.,])"
    unclear = rf"(?![^0-9]*[1-9][0-9]{{0,2}}[.,][0-9]{{3}}{'[.,]' if decimal_comma else ','}\s*\)?\s*$)"
    brackets = r"(?=\s*(?:\([^()]*\)|[^()]*)\s*$)"
    before = rf"^(?=.{{1,{MAX_LENGTH}}}$){brackets}{two_marks}{unclear}"
    return rf"{before}\s*\(?\s*(?:{_ABOUT} *)?{pattern}[.,]?\s*\)?\s*$"


def _unit(unit: str) -> str:
    """The pattern of a unit behind a number that may also be left out."""
    if not _PLAIN_UNIT.fullmatch(unit):
        return ""
    spellings = _SPELLINGS.get(canonical_unit(unit), (unit,))
    ways = sorted({"".join(map(_letter, spelling)) for spelling in spellings})
    return f"(?: *(?:{'|'.join(ways)}))?"


def text_answer(text: str, case_sensitive: bool) -> str:
    """The pattern of all texts that quizgen takes for this one, but for rare Unicode forms of its characters.

    Spaces, commas between words, marks around it, shapes of quotes and dashes do not count, nor capital letters by default.
    """
    words = worded(text, case_sensitive).split(" ")
    pieces = []
    for place, word in enumerate(words):
        if place:
            digits = words[place - 1][-1:].isdigit() and word[:1].isdigit()
            pieces.append(r",*\s[\s,]*" if digits else r"[\s,]+")
        pieces.append("".join(_as_is(letter) if case_sensitive else _letter(letter) for letter in word))
    marks_alone = re.fullmatch(_AROUND, "".join(words)) is not None
    around = r"\s*" if marks_alone else _AROUND
    return f"^{around}{''.join(pieces)}{around}$"


def _letter(letter: str) -> str:
    """The pattern of a character in small or capital form."""
    cases = sorted({letter, *(case for case in (letter.lower(), letter.upper()) if len(case) == 1)})
    same = [case for case in cases if unicodedata.normalize("NFKC", case).casefold() == letter.casefold()]
    return f"[{''.join(same)}]" if len(same) > 1 else _as_is(letter)


def _as_is(letter: str) -> str:
    for shapes in (_APOSTROPHES, _QUOTES):
        if letter in shapes:
            return f"[{shapes}]"
    if letter in _DASHES:
        return f"[{_DASHES}]"  # the hyphen stands first, where it is itself
    return f"\\{letter}" if _SPECIAL.match(letter) else letter
