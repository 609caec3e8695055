"""What was probably meant by a misspelt word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

_LONGEST_WORD = 80
_LONGEST_LIST = 12
_START_OF_LIST = 8


def closest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that was probably meant by a misspelt word, or None if none is near.

    Case, hyphens, underscores and spaces do not count; short words must agree in more of their letters.
    """
    wanted = _folded(word)
    if not wanted or len(wanted) > _LONGEST_WORD:
        return None
    best, best_ratio = None, 0.7 if len(wanted) > 3 else 0.75
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    for candidate in candidates:
        folded = _folded(candidate)
        if folded == wanted:
            return candidate
        if _swapped(folded, wanted):
            best, best_ratio = candidate, max(best_ratio, 0.9)
            continue
        matcher.set_seq1(folded)
        if matcher.real_quick_ratio() > best_ratio and matcher.quick_ratio() > best_ratio:
            ratio = matcher.ratio()
            if ratio > best_ratio:
                best, best_ratio = candidate, ratio
        elif best is None and len(wanted) >= 3 and folded.startswith(wanted):
            best = candidate
    return best


def _swapped(word: str, other: str) -> bool:
    """Whether two words differ in two neighbouring letters that changed places, as ``lte`` and ``let``."""
    if len(word) != len(other):
        return False
    apart = [i for i, (a, b) in enumerate(zip(word, other, strict=True)) if a != b]
    if len(apart) != 2 or apart[1] != apart[0] + 1:
        return False
    return word[apart[0]] + word[apart[1]] == other[apart[1]] + other[apart[0]]


def suggest(word: str, candidates: Iterable[str]) -> str:
    """The rest of a message on an unknown word: the candidate meant, else what there is to choose from."""
    known = list(candidates)
    near = closest(word, known)
    if near is not None:
        return f'; did you mean "{near}"?'
    if not known:
        return ""
    return f"; there {'is' if len(known) == 1 else 'are'} {listed(known)}"


def _folded(word: str) -> str:
    return re.sub(r"[\s_-]+", "-", word.strip().casefold())


def listed(words: Iterable[str]) -> str:
    """The words with commas; of a long list, its start and how many more there are."""
    known = list(words)
    if len(known) > _LONGEST_LIST:
        return ", ".join(known[:_START_OF_LIST]) + f" and {len(known) - _START_OF_LIST} more"
    return ", ".join(known)
