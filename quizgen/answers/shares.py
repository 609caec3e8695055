"""Probabilities as people type them: in the order of the labels, or each with its label."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from quizgen.answers.base import Reading, UnreadableError
from quizgen.answers.numbers import parse_number
from quizgen.errors import NumberError
from quizgen.folding import folded, shortened

MAX_RESPONSE = 4000

_SEPARATOR = re.compile(r"[\s,;|]+")
_FRACTION = re.compile(r"\s*+[0-9]++\s*+/\s*+[0-9]++\s*+")
_DECIMAL_COMMA = re.compile(r"\s*+[0-9]*+,[0-9]++\s*+%?+\s*+")
_LONGEST_NUMBER = 60
_ORDINALS = {1: "first", 2: "second", 3: "third"}


@dataclass(frozen=True, slots=True)
class Share:
    """One probability as typed, from 0 to 1, with its label where one stands before it; None where a place was left open."""

    label: str
    value: Fraction | None


def read_shares(response: str, reading: Reading) -> tuple[Share, ...]:
    """The probabilities of a response: ``0.2; 0.8``, ``0.2 0.8``, ``20%, 80%``, ``1/3; 2/3``, ``salt=0.2, thyme=0.8``.

    They are separated by semicolons, bars or lines, else by commas where those are no decimal marks, else by spaces.

    Raises:
        UnreadableError: something in it is no probability.
    """
    if len(response) > MAX_RESPONSE:
        raise UnreadableError(f"{len(response):,} characters are too many for a list of probabilities")
    text = _unwrapped(response.strip())
    if "=" in text or ":" in text:
        return _labelled(text, reading)
    return tuple(Share("", _value(part, _nth(i), reading)) for i, part in enumerate(_parts(text, reading), 1))


def _unwrapped(text: str) -> str:
    """The text without brackets around the whole."""
    pairs = {"[": "]", "(": ")", "{": "}"}
    inner = text[1:-1]
    wrapped = text[:1] in pairs and text[-1:] == pairs[text[0]] and not any(bracket in inner for bracket in text[0] + text[-1])
    return inner if wrapped else text


def _parts(text: str, reading: Reading) -> list[str]:
    if re.search(r"[;|\n]", text):
        return re.split(r"[;|\n]", text)
    # A comma behind a percent sign or between fractions is no decimal mark.
    percentages = re.split(r"(?<=%)\s*,", text.rstrip(" ,"))
    if len(percentages) > 1 and all(part.endswith("%") for part in map(str.rstrip, percentages)):
        return percentages
    fractions = text.rstrip(" ,").split(",")
    if len(fractions) > 1 and all(map(_FRACTION.fullmatch, fractions)):
        return fractions
    if not reading.decimal_comma:
        _check_commas(text)
    if "," in text and (re.search(r",\s", text) or (not reading.decimal_comma and "." in text)):
        return re.split(r",\s+" if reading.decimal_comma and re.search(r",\s", text) else r",\s*", text)
    # A percent sign that stands apart belongs to the number before it.
    return re.sub(r"\s+%", "%", text).split()


def _check_commas(text: str) -> None:
    """Raises `UnreadableError` where commas stand both in the numbers and between them, and the point is the decimal mark."""
    spaced = re.split(r",\s+", text.rstrip(" ,"))
    certain = all(part.strip() in ("0", "1") for part in text.split(","))  # 0,1, 0,0 is four probabilities
    if len(spaced) > 1 and not certain and all(map(_DECIMAL_COMMA.fullmatch, spaced)):
        better = shortened("; ".join(part.strip() for part in spaced))
        raise UnreadableError(f"commas stand in the numbers and between them; put semicolons between them, as in {better}")


def _labelled(text: str, reading: Reading) -> tuple[Share, ...]:
    """Pairs of label and number. Between two ``=`` stand a number, a separator and the next label."""
    label, *rest = re.split(r"[=:]", text)
    shares = []
    for piece in rest[:-1]:
        typed, following = _number_and_label(piece, reading)
        shares.append(Share(label.strip(), _value(typed, f"of {shortened(label)}", reading)))
        label = following
    shares.append(Share(label.strip(), _value(rest[-1].rstrip(" ;,|\n"), f"of {shortened(label)}", reading)))
    return tuple(shares)


def _number_and_label(piece: str, reading: Reading) -> tuple[str, str]:
    """The number that a piece begins with, the longest that can be read, and the label behind it."""
    start = len(piece) - len(piece.lstrip())
    label = ""
    typed = ""
    for gap in _SEPARATOR.finditer(piece, start):
        if gap.end() == len(piece) or gap.start() - start > _LONGEST_NUMBER:
            break
        if gap.start() == start or _is_number(piece[start : gap.start()], reading):
            typed, label = piece[start : gap.start()], piece[gap.end() :]
    if not label:
        raise UnreadableError(f"'{shortened(piece)}' is not a number followed by the next label")
    return typed, label


def _is_number(typed: str, reading: Reading) -> bool:
    try:
        return not parse_number(typed, decimal_comma=reading.decimal_comma).unit
    except NumberError:
        return False


def _value(typed: str, which: str, reading: Reading) -> Fraction | None:
    name = f"the {which} probability" if not which.startswith("of ") else f"the probability {which}"
    if not typed.strip():
        return None
    try:
        number = parse_number(typed, decimal_comma=reading.decimal_comma)
    except NumberError as error:
        raise UnreadableError(f"{name} cannot be read: {error}") from error
    if number.unit:
        raise UnreadableError(f"{name} has a unit, '{shortened(number.unit)}'")
    if number.value is None or not 0 <= number.value <= 1:
        raise UnreadableError(f"{name} is not between 0 and 1; type it like 0.2, 20% or 1/5")
    return number.value


def in_order(shares: Sequence[Share], labels: Sequence[str]) -> list[Fraction]:
    """The probabilities in the order of the labels, by label where they have one.

    Raises:
        UnreadableError: one is missing, or a label is unknown, or there twice.
    """
    named = [share for share in shares if share.label]
    if named:
        found: dict[int, Fraction | None] = {}
        places = {str(i + 1): i for i in range(len(labels))} | {_name(label): i for i, label in enumerate(labels)}
        for share in shares:
            place = places.get(_name(share.label))
            if place is None:
                raise UnreadableError(f"'{shortened(share.label)}' is none of the labels: {', '.join(map(shortened, labels))}")
            if place in found:
                raise UnreadableError(f"'{shortened(share.label)}' is there twice")
            found[place] = share.value
        stated = [found.get(place) for place in range(len(labels))]
    else:
        stated = [share.value for share in shares]
        while len(stated) > len(labels) and stated[-1] is None:
            stated.pop()  # a separator behind the last one
        if len(stated) != len(labels) and None not in stated:
            raise UnreadableError(f"{len(stated)} probabilities are stated where {len(labels)} are asked for")
        stated += [None] * (len(labels) - len(stated))
    missing = [shortened(label) for label, value in zip(labels, stated, strict=False) if value is None]
    if missing:
        raise UnreadableError(f"no probability is stated for {', '.join(missing)}; type 0 where you mean none")
    return [value for value in stated if value is not None]


def _name(label: str) -> str:
    return folded(label).strip("'\"")


def _nth(i: int) -> str:
    return _ORDINALS.get(i, f"{i}th")
