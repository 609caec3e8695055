"""A check that the worked solution names the option that counts as right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from quizgen.answers.choice import ChoiceAnswer
from quizgen.checking.base import Finding, check
from quizgen.checking.pages import some
from quizgen.checking.prose import sentences
from quizgen.checking.sweep import Sweep
from quizgen.folding import shortened
from quizgen.items import ChooseOne, KeyedItem
from quizgen.variants.texts import plain_text

LOOKED_AT = 60
"""So many variants' solutions are read."""

FEWEST, MOST_RIGHT = 8, 0.1
"""A solution contradicts the key that names an option in so many variants at least, and the right one in at most this share."""

_WORD = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*")
_TABLE_LINE = re.compile(r"^\s*\|.*$", re.MULTILINE)
_IDLE = frozenset(
    re.findall(
        r"\w+",
        "a an the is are was were be has have had does do did of in on at to for by with and or that this it its than as both "
        "more most no not",
    )
)
"""Words that every sentence has."""


@dataclass(slots=True)
class Count:
    """How often a solution names an option, and of these how often the right one; and the first that it names wrongly."""

    named: int = 0
    right: int = 0
    wrong: list[tuple[int, str, str]] = field(default_factory=list)


@check("solution-names-option", "error")
def solution_names_option(sweep: Sweep) -> Iterator[Finding]:
    """The worked solution ends with a sentence that says what one of the options says, such as “that is A” where A and B are
    offered, but in the variants in which it does so this option is not the one that counts as right. Either the conditions
    of the options are exchanged, or the solution is wrong.
    """
    for at, answer in enumerate(sweep.template.answers):
        if sweep.template.solution is None or not isinstance(answer, ChoiceAnswer):
            continue
        if all(option.value is not None for option in answer.pool):
            continue
        count = Count()
        for place in some(sweep, LOOKED_AT):
            _read(sweep.keyed[place], at, int(sweep.ordinals[place]), count)
        if count.named >= FEWEST and count.right <= MOST_RIGHT * count.named:
            ordinal, said, key = count.wrong[0]
            message = f"the solution ends with “{shortened(said, 100)}”, but the key is “{shortened(key, 80)}”"
            yield Finding(("solution",), message, ordinal)


def _read(keyed: KeyedItem, at: int, ordinal: int, count: Count) -> None:
    interaction, key = keyed.item.interactions[at][1], keyed.keys[at]
    if not isinstance(interaction, ChooseOne) or keyed.solution is None:
        return
    said = [words_of(plain_text(option.text)) for option in interaction.options]
    for sentence in reversed(sentences(_TABLE_LINE.sub("", plain_text(keyed.solution)))):
        place = named(sentence, said)
        if place is not None:
            right = interaction.options[place].label == key.accepted
            count.named += 1
            count.right += right
            if not right:
                count.wrong.append((ordinal, sentence, plain_text(key.shown)))
            return


def words_of(text: str) -> frozenset[str]:
    """The words and numbers of a text; a capital letter alone, such as that of a model, is no article."""
    found = _WORD.findall(text.replace("*", ""))
    return frozenset(word if len(word) == 1 else word.casefold() for word in found)


def named(sentence: str, options: Sequence[frozenset[str]]) -> int | None:
    """The place of the only option that a sentence names: with all words that are its own, and all that it shares with others.

    >>> options = [words_of("Model A has the larger loss."), words_of("Model B has the larger loss.")]
    >>> named("The larger loss is that of model B.", options), named("B has the smaller loss.", options)
    (1, None)
    """
    said = words_of(sentence)
    own = [option - frozenset().union(*(other for other in options if other is not option)) for option in options]
    met = [i for i, words in enumerate(own) if words & said]
    if len(met) != 1:
        return None
    shared = options[met[0]] - own[met[0]] - _IDLE
    return met[0] if own[met[0]] <= said | _IDLE and shared and shared <= said else None
