"""Options as people name them: by label (``B``, ``b)``, ``(B)``, ``Option B``, ``A, C``, ``AC``) or by their own words.

A label is what the student sees before an option, so it outdoes words: where options say ``C``, ``A`` and ``B``, the
response ``B`` is the option labelled B, and the mark says that it was read so. A response is read as a whole: letters are
all labels, or, where some of them are no labels that are offered, all words. Numbers among the options are compared as
numbers: ``.511`` and ``0,511`` name the option ``0.511 nats``.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from quizgen.answers.base import Reading, UnreadableError
from quizgen.answers.numbers import TypedNumber, parse_number
from quizgen.answers.stated import same_unit
from quizgen.errors import NumberError
from quizgen.folding import bare, shortened

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

MAX_RESPONSE = 4000

GAP = "?"
"""A place that a student left open."""

_SEPARATORS = re.compile(r"[\s,;|>→/()\[\]&+.:\-–—]+|\b(?:and|options?|answers?|choices?)\b", re.IGNORECASE)
_LABELLED = re.compile(
    r"(?:(?:option|answer|choice)\s+)?[(\[]?([A-Za-z])(?:\s*+[)\].:,\-–—]++\s*+|\s++)(.+)", re.IGNORECASE | re.DOTALL
)
_SPLITS = tuple(re.compile(pattern) for pattern in (r"[\n;|]", r"[\n;|>→]", r"[\n;|>→,]"))

_HAS_NUMBER = re.compile(r"[0-9∞]|\binf", re.IGNORECASE)
_STARTS_NUMBER = re.compile(r"[-+]?(?:[.,]?[0-9]|∞)")
_UNIT = re.compile(r"(-?[0-9.]+)[^0-9.].*")
_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9])")


@dataclass(frozen=True, slots=True)
class Named:
    """What a response names: its labels (`GAP` for a place left open), none where it is not made of labels alone.

    ``words`` is the response, which may also be an option's own words; ``apart`` tells labels with something between them
    from a word such as ``AC`` that may be made of labels. ``note`` says how an unusual form was read.
    """

    labels: tuple[str, ...]
    words: str = ""
    apart: bool = True
    decimal_comma: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The places of the options that are named, None for a gap; ``note`` says how an ambiguous response was read."""

    places: tuple[int | None, ...]
    note: str = ""


def read_named(response: str, reading: Reading = Reading(), *, gaps: bool = False) -> Named:  # noqa: B008 # frozen
    """What a response names. Whether there are such options is told by `resolved`.

    Raises:
        UnreadableError: it is too long, or holds neither a letter nor a digit.
    """
    if len(response) > MAX_RESPONSE:
        raise UnreadableError(f"{len(response):,} characters are too many for naming options")
    text = response.strip()
    if not any(map(str.isalnum, text)) and "∞" not in text:
        raise UnreadableError(_no_label(text))
    parts = [part for part in _SEPARATORS.split(text) if part]
    if all(len(part) == 1 and (_is_letter(part) or (gaps and part == GAP)) for part in parts) and parts:
        return Named(tuple(part.upper() for part in parts), text, True, reading.decimal_comma)
    (word, *more) = parts or [""]
    joined = not more and _is_letter(word) and len(set(word.upper())) == len(word) and (word.isupper() or word.islower())
    return Named(tuple(word.upper()) if joined else (), text, False, reading.decimal_comma)


def _is_letter(part: str) -> bool:
    return part.isascii() and part.isalpha()


def are_letters(texts: Sequence[str]) -> bool:
    """Whether any of the options' texts could be taken for a label."""
    return any(len(text) < 12 and len(bare(text)) == 1 for text in texts)


def resolved(named: Named, offered: int, text_of: Callable[[int], str], *, letters: bool = True, several: bool = True) -> Found:
    """The options that are named; ``text_of`` gives an option's text by its place, ``letters`` is `are_letters` of them.

    Where ``several`` may be named, ``A: b`` is the options A and B; where only one may, A with its words.

    Raises:
        UnreadableError: an option is not offered or named twice, or words are none of the options'.
    """
    if named.apart and not letters:
        return _once(_by_labels(named, offered))
    texts = [bare(text_of(place)) for place in range(offered)]
    by_words = _by_letters(named, texts, several) if named.apart else _by_words(named, texts)
    if by_words is None:
        return _once(_by_labels(named, offered))
    if not all(label == GAP or label in LETTERS[:offered] for label in named.labels) or not named.labels:
        return _once(by_words)
    by_labels = _by_labels(named, offered)
    if by_labels.places == by_words.places or (named.apart and len(by_words.places) < len(by_labels.places)):
        return _once(by_words)
    if named.apart:
        return _once(Found(by_labels.places, f"read {shortened(named.words)} as labels of options, not as their words"))
    return _once(Found(by_words.places, f"read {shortened(named.words)} as the words of an option, not as labels"))


def _once(found: Found) -> Found:
    placed = [place for place in found.places if place is not None]
    if len(set(placed)) < len(placed):
        raise UnreadableError("an option is named twice")
    return found


def _by_labels(named: Named, offered: int) -> Found:
    if not named.labels:
        raise UnreadableError(_no_label(named.words))
    return Found(tuple(None if label == GAP else _place(label, offered) for label in named.labels))


def _place(label: str, offered: int) -> int:
    place = LETTERS.find(label)
    if not 0 <= place < offered:
        raise UnreadableError(f"there is no option {label}; the options are A to {LETTERS[offered - 1]}")
    return place


def _by_letters(named: Named, texts: Sequence[str], several: bool) -> Found | None:
    """What labels name where they are words of options, or one label with its words behind; None where they are not."""
    labelled = None if several else _labelled(named.words, texts)
    if labelled is not None:
        return Found((labelled,))
    matching = [
        [place for place, text in enumerate(texts) if _without_comma(text) == label.casefold()] for label in named.labels
    ]
    return Found(tuple(places[0] for places in matching)) if all(len(places) == 1 for places in matching) else None


def _by_words(named: Named, texts: Sequence[str]) -> Found | None:
    """The options whose words the response is, one or a list of them; None where it is not."""
    whole = _option(named.words, texts, named.decimal_comma)
    if whole is not None:
        return whole
    for split in _SPLITS:
        parts = [part for part in split.split(named.words) if part.strip()]
        for labels in (False, True):  # a letter among words is nowhere a label where all of them are words
            read = (_option(part, texts, named.decimal_comma, labels) for part in parts[: len(texts)])
            found = [one for one in read if one is not None]
            if 1 < len(parts) == len(found):
                return Found(
                    tuple(place for one in found for place in one.places), "; ".join(one.note for one in found if one.note)
                )
    return None


def _option(part: str, texts: Sequence[str], decimal_comma: bool, labels: bool = True) -> Found | None:
    """The option that a piece of a response is: its label (with ``labels``), its number, its words, or its label with its
    words behind.
    """
    letter = part.strip().rstrip(".").upper()
    if labels and len(letter) == 1 and letter in LETTERS[: len(texts)]:
        return Found((LETTERS.index(letter),))
    number = _number(part.strip(), decimal_comma) if _HAS_NUMBER.search(part) else None
    if number is not None:
        same = [place for place, text in enumerate(texts) if _is_number(text, number)]
        if len(same) == 1:
            return Found((same[0],), number.note)
    words = _without_comma(part)
    if not words:
        return None
    matching = [place for place, text in enumerate(texts) if words in (_without_comma(text), _bare_number(text))]
    if len(matching) == 1:
        return Found((matching[0],))
    labelled = _labelled(part, texts)
    return None if labelled is None else Found((labelled,))


def _labelled(part: str, texts: Sequence[str]) -> int | None:
    """The option whose label and then whose words these are."""
    found = _LABELLED.fullmatch(part.strip())
    place = LETTERS.find(found[1].upper()) if found else -1
    return place if found and 0 <= place < len(texts) and _without_comma(found[2]) == _without_comma(texts[place]) else None


@functools.lru_cache(maxsize=4096)
def _without_comma(text: str) -> str:
    """The bare text with the point as its decimal mark, and without a full stop."""
    return _COMMA.sub(".", bare(text)).rstrip(".")


@functools.lru_cache(maxsize=4096)
def _number(text: str, decimal_comma: bool) -> TypedNumber | None:
    try:
        return parse_number(text, decimal_comma=decimal_comma)
    except NumberError:
        return None


def _is_number(text: str, number: TypedNumber) -> bool:
    """Whether an option is a number, and this one; a unit may be left out."""
    own = _number(text, False) if _STARTS_NUMBER.match(text) else None
    return (
        own is not None
        and (own.value, own.infinite) == (number.value, number.infinite)
        and (not number.unit or same_unit(number.unit, own.unit))
    )


def _bare_number(text: str) -> str:
    """The number that an option such as ``0.511 nats`` begins with, without its unit; empty for other words."""
    found = _UNIT.fullmatch(_without_comma(text))
    return found[1] if found else ""


def _no_label(text: str) -> str:
    return f"'{shortened(text)}' is neither a label of an option, such as A or B, nor its words"
