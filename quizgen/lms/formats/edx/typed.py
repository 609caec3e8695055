r"""What may be typed, as regular expressions of Open edX's grader, which reads them with Python's ``re``.

The grader takes spaces off both ends of a response and puts ``^`` and ``$`` around the expression. It replaces ``$name`` by a
variable, and splits the expression at ``_or_``: neither may stand in one. Students see it as the right answer when answers
are shown, so it is kept short.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from quizgen.folding import worded

_QUOTES = {"'": "['‘’‚‛′]", '"': '["“”„‟″«»]', "-": r"[-–—−‐‑‒]", "_": "[_]", "$": "[$]"}
_AROUND = "[\\s.,;:!?\"'‘’‚‛′“”„‟″«»]*"
_SPACE, _SPACE_IN_NUMBER = r"[\s,]+", r"(?:\s|,(?![0-9])|(?<![0-9]),)+"
_MARKS = re.compile(_AROUND)


def any_of(texts: Iterable[str], case_sensitive: bool) -> str:
    """An expression for the texts as quizgen compares them: marks around them, spaces and the shape of quotes do not count.

    >>> re.fullmatch(any_of(["it's  low"], False), "It’s, low.", re.IGNORECASE) is not None
    True
    """
    forms = dict.fromkeys(_one(worded(text, case_sensitive)) for text in texts)
    return f"(?:{'|'.join(forms)})"


def _one(whole: str) -> str:
    words = whole.split()
    written = ["".join(map(_character, word)) for word in words]
    if _MARKS.fullmatch(whole):  # marks alone are what is asked for, and count
        return r"\s+".join(written)
    pieces = written[:1]
    for (before, after), word in zip(pairwise(words), written[1:], strict=True):
        pieces += [_SPACE_IN_NUMBER if before[-1].isdigit() and after[0].isdigit() else _SPACE, word]
    return f"{_AROUND}{''.join(pieces)}{_AROUND}"


def _character(character: str) -> str:
    return _QUOTES.get(character) or re.escape(character)


def row_of(letters: str) -> str:
    """An expression for letters in a row, with or without something between them, and with their numbers or without.

    >>> [bool(re.fullmatch(row_of("BA"), typed, re.IGNORECASE)) for typed in ("ba", "B, A", "1-B 2-A", "AB")]
    [True, True, True, False]
    """
    return r"[\s,;|>]*".join(rf"(?:{i}[-–→=:.)\s]*)?{letter}" for i, letter in enumerate(letters, 1))


def infinity(typed: str) -> str:
    """An expression for infinity with the sign of the key as typed.

    >>> [bool(re.fullmatch(infinity("inf"), typed, re.IGNORECASE)) for typed in ("∞", "+Inf", "-inf")]
    [True, True, False]
    """
    return r"[-−–]\s*(?:∞|inf(?:inity)?)" if typed.startswith(("-", "−")) else r"\+?\s*(?:∞|inf(?:inity)?)"
