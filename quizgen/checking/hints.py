"""Hints that tell the key, whatever the kind of answer; and hints that say the same."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from quizgen.answers.text import TextAnswer
from quizgen.checking.base import Finding, check
from quizgen.checking.letters import letters_named
from quizgen.checking.pages import some
from quizgen.checking.solutions import numbers_of, shows
from quizgen.checking.sweep import Sweep
from quizgen.folding import folded
from quizgen.items import (
    AnswerKey,
    Arrange,
    ChooseMany,
    ChooseOne,
    EnterNumber,
    EnterText,
    Filled,
    Interaction,
    Item,
    KeyedItem,
    Match,
    Option,
    StateDistribution,
    texts,
)
from quizgen.variants.texts import plain_text

LOOKED_AT = 80
"""So many variants' hints are read."""

HINTED = 0.5
"""A hint that holds a key of several digits in more than this share of the variants tells it on purpose …"""

ALWAYS = 0.9
"""… and one that holds a short number, a word or an option, where it is the key in as good as all of them."""

SEVERAL = 3
"""A short number or word is met by chance; that it is told is seen where the key has so many values at least."""

_MARKUP = re.compile(r"[*_`$\\{}]+")


@dataclass(slots=True)
class Count:
    """How often a hint could have told the key of an answer, the first variants that it did in, and the keys it told."""

    asked: int = 0
    told: list[int] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    long: bool = False

    @property
    def tells(self) -> bool:
        """Whether it tells the key on purpose."""
        if self.long:
            return len(self.told) > max(1, HINTED * self.asked)
        return len(self.told) > max(1, ALWAYS * self.asked)


def hints_that_tell(sweep: Sweep) -> Iterator[Finding]:
    """The hints that hold what is right for an answer, be it a number, an option's words or letter, a word or an order."""
    counts: dict[tuple[int, str], Count] = {}
    places = some(sweep, LOOKED_AT) if sweep.template.hints else []
    words = _words_to_tell(sweep)
    for place in places:
        keyed, ordinal = sweep.keyed[place], int(sweep.ordinals[place])
        for (name, interaction), key in zip(keyed.item.interactions, keyed.keys, strict=True):
            tells = _teller(keyed, interaction, key, words.get(name, frozenset()))
            if tells is None:
                continue
            for i, hint in enumerate(keyed.item.hints):
                count = counts.setdefault((i, name), Count())
                count.asked += 1
                count.long |= isinstance(interaction, EnterNumber) and len(_digits(key)) > 2
                if tells(plain_text(hint)):
                    count.told.append(ordinal)
                    count.keys.add(plain_text(key.shown))
    told = {i: count for (i, _), count in reversed(counts.items()) if count.tells and _is_no_chance(sweep, i, count)}
    for i, count in sorted(told.items()):
        yield Finding(("hints", i), "the hint tells the key itself: let it say how to find it", min(count.told))


def _is_no_chance(sweep: Sweep, hint: int, count: Count) -> bool:
    """Whether a short number is told too often for chance: by a hint that is not the same in all variants."""
    return count.long or len(count.keys) >= SEVERAL or not any(key.strip("-").replace(".", "").isdigit() for key in count.keys)


def _teller(keyed: KeyedItem, interaction: Interaction, key: AnswerKey, words: frozenset[str]) -> Callable[[str], bool] | None:
    """What says of a hint whether it tells the key; None where the question shows the key, or there is none."""
    shown = plain_text(key.shown)
    match interaction:
        case EnterNumber():
            number, rounded = (_unsigned(shown) or [""])[0], len(_digits(key)) > 2
            asked = [number for text in _question(keyed.item) for number in _unsigned(plain_text(text))]
            if not number or shows(asked, number, rounded=rounded):
                return None
            return lambda hint: shows(_unsigned(hint), number, rounded=rounded)
        case EnterText():
            right = {_bare(text) for text in (shown, *key.accepted.split(", ")) if text}
            return lambda hint: any(_holds(hint, text, words - right) for text in right)
        case ChooseOne(options=options) | ChooseMany(options=options):
            labels = {key.accepted} if isinstance(interaction, ChooseOne) else set(shown.split())
            return functools.partial(_tells_option, options=options, labels=labels)
        case Arrange(options=options):
            by_label = {option.label: _bare(plain_text(option.text)) for option in options}
            return functools.partial(_in_order, items=[by_label[label] for label in shown.split()])
        case Match(lefts=lefts, rights=rights):
            return functools.partial(_joins, pairs=_pairs(shown, lefts, rights), others=[*lefts, *rights])
        case StateDistribution():
            numbers = numbers_of(shown)
            if any(_stand_in_order(numbers, numbers_of(plain_text(text))) for text in _question(keyed.item)):
                return None
            return lambda hint: _stand_in_order(numbers, numbers_of(hint))
    return None


def _words_to_tell(sweep: Sweep) -> dict[str, frozenset[str]]:
    """By text answer all words that are right or foreseen in some variant: a hint that names several tells none."""
    found: dict[str, set[str]] = {}
    for part, answer, keys in sweep.answers(TextAnswer):
        for column in (*keys.accepted, *keys.mistaken):
            found.setdefault(answer.name, set()).update(_bare(plain_text(text)) for text in column[: len(part.block)])
    return {name: frozenset(words - {""}) for name, words in found.items()}


def _digits(key: AnswerKey) -> str:
    found = numbers_of(plain_text(key.shown))
    return re.sub(r"\D", "", found[0]).strip("0") if found else ""


def _question(item: Item) -> list[Filled]:
    """All texts of the question."""
    return [item.stem, *(text for _, interaction in item.interactions for text in texts(interaction))]


def _unsigned(text: str) -> list[str]:
    return [number.lstrip("-") for number in numbers_of(text)]


def _tells_option(hint: str, options: Sequence[Option], labels: Collection[str]) -> bool:
    """Whether a hint repeats a right option and no wrong one, or names its letter."""
    said = {option.label: _bare(plain_text(option.text)) for option in options}
    named = letters_named(hint)
    if named and set(named) <= set(labels):
        return True
    wrong = [text for label, text in said.items() if label not in labels]
    return any(_holds(hint, said[label], wrong) for label in labels if label in said)


def _holds(hint: str, right: str, others: Collection[str]) -> bool:
    """Whether a text stands in a hint, and none of the others stands there too, be it beside it or around it."""
    bare = _bare(hint)
    if not right or not _stands(right, bare) or any(right in other and _stands(other, bare) for other in others):
        return False
    rest = _as_word(right).sub(" ", bare)
    return not any(other and _stands(other, rest) for other in others)


def _in_order(hint: str, items: Sequence[str]) -> bool:
    places = [found.start() if (found := _as_word(item).search(_bare(hint))) else -1 for item in items]
    return len(items) > 2 and places[0] >= 0 and all(a < b for a, b in pairwise(places))


def _pairs(shown: str, lefts: Sequence[Option], rights: Sequence[Option]) -> list[tuple[str, str]]:
    """The texts that belong together, from a key such as ``1-B 2-A``."""
    left, right = ({option.label: _bare(plain_text(option.text)) for option in side} for side in (lefts, rights))
    joined = (pair.split("-") for pair in shown.split())
    return [(left[one], right[other]) for one, other in joined]


def _joins(hint: str, pairs: Sequence[tuple[str, str]], others: Sequence[Option]) -> bool:
    """Whether a hint names the two sides of a pair, and no other side."""
    bare = _bare(hint)
    named = {text for option in others if (text := _bare(plain_text(option.text))) and _stands(text, bare)}
    return any({left, right} == named for left, right in pairs)


def _stand_in_order(numbers: Sequence[str], among: Sequence[str]) -> bool:
    """Whether numbers stand one after the other among others."""
    values, found = [float(number) for number in numbers], [float(number) for number in among]
    return any(found[i : i + len(values)] == values for i in range(len(found) - len(values) + 1))


@functools.lru_cache(maxsize=20_000)
def _bare(text: str) -> str:
    """A text in the form in which texts are compared: without markup, case, or marks at its end."""
    return folded(_MARKUP.sub("", text)).strip(" .,;:!?\"'")


@functools.lru_cache(maxsize=4096)
def _as_word(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.-]){re.escape(text)}(?![\w-]|\.\d)")


def _stands(text: str, inside: str) -> bool:
    return _as_word(text).search(inside) is not None


@check("same-hints", "warning")
def same_hints(sweep: Sweep) -> Iterator[Finding]:
    """Two hints say the same, but for capital letters and marks, in some variant; or a hint says what stands in the stem
    already. Who asks for the second gets nothing for it. Let each hint go a step further than the one before.
    """
    told: set[int] = set()
    for place in some(sweep, LOOKED_AT) if sweep.template.hints else ():
        keyed, ordinal = sweep.keyed[place], int(sweep.ordinals[place])
        hints = [_in_words(plain_text(hint)) for hint in keyed.item.hints]
        stem = f" {_in_words(plain_text(keyed.item.stem))} "
        for i, hint in enumerate(hints):
            if i not in told and hint.count(" ") > 2 and f" {hint} " in stem:
                told.add(i)
                yield Finding(("hints", i), "the hint stands in the stem already", ordinal)
        for i, j in combinations(range(len(hints)), 2):
            if j not in told and _nearly(hints[i], hints[j]):
                told.add(j)
                yield Finding(("hints", j), f"the hint says what hint {i + 1} says", ordinal)


def _in_words(text: str) -> str:
    """A text's words and numbers alone."""
    return " ".join(re.findall(r"\w+(?:\.\d+)?", folded(text)))


def _nearly(first: str, second: str) -> bool:
    """Whether two texts are of the same words, or but for one in ten of them."""
    one, other = Counter(first.split()), Counter(second.split())
    longest = max(one.total(), other.total())
    return first == second or (longest >= 10 and (one & other).total() >= 0.9 * longest)
