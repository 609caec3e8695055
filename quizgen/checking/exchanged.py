"""A check of solutions that give two answers each other's number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from quizgen.answers.numeric import NumericAnswer
from quizgen.checking.base import Finding, check
from quizgen.checking.prose import sentences
from quizgen.checking.solutions import numbers_of, shows, solutions_read
from quizgen.checking.sweep import Sweep
from quizgen.checking.verdicts import words_of
from quizgen.variants.texts import plain_text

LOOKED_AT = 20
"""So many variants' solutions are read."""

_IDLE = words_of("the a an of for on in at to by with that this is its and or per from")


@check("solution-exchanges", "error")
def solution_exchanges(sweep: Sweep) -> Iterator[Finding]:
    """The worked solution gives two answers each other's number: wherever it speaks of the one, in the words that are only in
    its label, it shows the key of the other and never its own, and the other way round. Exchange the two numbers.
    """
    numeric = [i for i, answer in enumerate(sweep.template.answers) if isinstance(answer, NumericAnswer)]
    if sweep.template.solution is None or len(numeric) < 2:
        return
    labels = [_label(sweep, i) for i in numeric]
    own = [label - frozenset().union(*(other for other in labels if other is not label)) for label in labels]
    pairs = set(combinations(range(len(numeric)), 2))
    met = dict.fromkeys(pairs, 0)
    for keyed, text in zip(sweep.keyed, sweep.shared(solutions_read)[:LOOKED_AT], strict=False):
        keys = [plain_text(keyed.keys[i].shown) for i in numeric]
        told = _told(text, own)
        for one, other in tuple(pairs):
            found = _are_exchanged(told[one], told[other], keys[one], keys[other])
            met[one, other] += bool(found)
            if found is False:
                pairs.discard((one, other))
    for one, other in sorted(pair for pair in pairs if met[pair] >= LOOKED_AT // 4):
        names = [sweep.template.answers[numeric[place]].name for place in (one, other)]
        message = f"where the solution speaks of '{names[0]}' it shows the key of '{names[1]}', and the other way round"
        yield Finding(("solution",), message, int(sweep.ordinals[0]))


def _label(sweep: Sweep, at: int) -> frozenset[str]:
    prompt = sweep.keyed[0].item.interactions[at][1].prompt
    return words_of(plain_text(prompt)) - _IDLE if prompt is not None else frozenset()


def _told(solution: str, own: Sequence[frozenset[str]]) -> list[list[str]]:
    """For each answer the numbers of the sentences that have words of its label alone."""
    found: list[list[str]] = [[] for _ in own]
    for sentence in sentences(re.sub(r"(?m)^\s*\|.*$", "", solution)):
        words = words_of(sentence)
        named = [i for i, label in enumerate(own) if label & words]
        if len(named) == 1:
            found[named[0]] += numbers_of(sentence)
    return found


def _are_exchanged(one: Sequence[str], other: Sequence[str], key: str, other_key: str) -> bool | None:
    """Whether each of two answers has the other's key among its numbers, and not its own; None where that cannot be told."""
    alike = shows(numbers_of(key), other_key, rounded=True) or shows(numbers_of(other_key), key, rounded=True)
    if not one or not other or alike:
        return None
    crossed = shows(one, other_key, rounded=True) and shows(other, key, rounded=True)
    return crossed and not shows(one, key, rounded=True) and not shows(other, other_key, rounded=True)
