"""Options as people name them: by label (``B``, ``b)``, ``(B)``, ``Option B``, ``A, C``, ``AC``) or by their own words."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from quizgen.answers.base import UnreadableError

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

MAX_RESPONSE = 4000

GAP = "?"
"""A place that a student left open."""

_SEPARATORS = re.compile(r"[\s,;|>→/()\[\]&+.:\-–—]+|\b(?:and|options?|answers?|choices?)\b", re.IGNORECASE)
_LABELLED = re.compile(
    r"(?:(?:option|answer|choice)\s+)?[(\[]?([A-Za-z])(?:\s*+[)\].:,\-–—]++\s*+|\s++)(.+)", re.IGNORECASE | re.DOTALL
)
_SPLITS = tuple(re.compile(pattern) for pattern in (r"[\n;|]", r"[\n;|>→]", r"[\n;|>→,]"))

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-") | dict.fromkeys("‘’‚′", "'") | dict.fromkeys("“”„″", '"'))
_MARKUP = re.compile(r"[\s*_`$\\{}\u200b-\u200f\u2060\ufeff]+")
_UNIT = re.compile(r"(-?[0-9.]+)[^0-9.].*")
_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9])")


@dataclass(frozen=True, slots=True)
class Named:
    """What a response names: its labels (`GAP` for a place left open), none where it is not made of labels alone.

    ``words`` is the response where it may also be an option's own words, else empty.
    """

    labels: tuple[str, ...]
    words: str = ""


def read_named(response: str, *, gaps: bool = False) -> Named:
    """What a response names. Whether there are such options is told by `resolved`.

    Raises:
        UnreadableError: it is too long, or holds neither a letter nor a digit.
    """
    if len(response) > MAX_RESPONSE:
        raise UnreadableError(f"{len(response):,} characters are too many for naming options")
    text = response.strip()
    if not any(map(str.isalnum, text)):
        raise UnreadableError(_no_label(text))
    parts = [part for part in _SEPARATORS.split(text) if part]
    if all(len(part) == 1 and (_is_letter(part) or (gaps and part == GAP)) for part in parts) and parts:
        return Named(tuple(part.upper() for part in parts))
    (word, *more) = parts or [""]
    joined = not more and _is_letter(word) and len(set(word.upper())) == len(word) and (word.isupper() or word.islower())
    return Named(tuple(word.upper()) if joined else (), text)


def _is_letter(part: str) -> bool:
    return part.isascii() and part.isalpha()


def resolved(named: Named, offered: int, text_of: Callable[[int], str]) -> tuple[int | None, ...]:
    """The places of the options that are named, None for a gap; ``text_of`` gives an option's text by its place.

    Raises:
        UnreadableError: an option is not offered or named twice, or words are none of the options'.
    """
    found = _by_words(named, offered, text_of) if named.words else None
    if found is None and not named.labels:
        raise UnreadableError(_no_label(named.words))
    places: tuple[int | None, ...] = found or tuple(None if label == GAP else _place(label, offered) for label in named.labels)
    placed = [place for place in places if place is not None]
    if len(set(placed)) < len(placed):
        raise UnreadableError("an option is named twice")
    return places


def _place(label: str, offered: int) -> int:
    place = LETTERS.find(label)
    if not 0 <= place < offered:
        raise UnreadableError(f"there is no option {label}; the options are A to {LETTERS[offered - 1]}")
    return place


def _by_words(named: Named, offered: int, text_of: Callable[[int], str]) -> tuple[int, ...] | None:
    """The options whose words the response is, one or a list of them; None where it is not."""
    texts = [_folded(text_of(place)) for place in range(offered)]
    whole = _option(named.words, texts)
    if whole is not None:
        return (whole,)
    for split in _SPLITS:
        parts = [part for part in split.split(named.words) if part.strip()]
        found = [place for part in parts[:offered] if (place := _option(part, texts)) is not None]
        if 1 < len(parts) == len(found):
            return tuple(found)
    return None


def _option(part: str, texts: Sequence[str]) -> int | None:
    """The option that a piece of a response is: its words, its label, or its label with its words behind."""
    words = _folded(part)
    matching = [place for place, text in enumerate(texts) if text == words or _bare_number(text) == words]
    if len(matching) == 1:
        return matching[0]
    if len(words) == 1 and words.upper() in LETTERS[: len(texts)]:
        return LETTERS.index(words.upper())
    found = _LABELLED.fullmatch(part.strip())
    if found is None:
        return None
    place = LETTERS.find(found[1].upper())
    if place < len(texts) and _folded(found[2]) == texts[place]:
        return place
    return None


@functools.lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    """The text without what is lost or changed when it is copied: case, spaces, marks of Markdown and LaTeX, dashes."""
    plain = _MARKUP.sub("", unicodedata.normalize("NFKC", text).casefold().translate(_DASHES))
    return _COMMA.sub(".", plain).rstrip(".")


def _bare_number(text: str) -> str:
    """The number that an option such as ``0.511 nats`` begins with, without its unit; empty for other words."""
    found = _UNIT.fullmatch(text)
    return found[1] if found else ""


def _no_label(text: str) -> str:
    line = " ".join(text.split())
    return f"'{line if len(line) <= 40 else line[:39] + '…'}' is neither a label of an option, such as A or B, nor its words"
