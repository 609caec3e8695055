"""A check of texts that speak of an option by its letter, which is another one in every variant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizgen.answers.options import OptionsAnswer
from quizgen.checking.base import Finding, Path, check
from quizgen.checking.pages import some
from quizgen.checking.sweep import Sweep
from quizgen.items import ChooseMany, ChooseOne, Filled, KeyedItem, texts
from quizgen.variants.texts import plain_text

LOOKED_AT = 80
"""So many variants' solutions and hints are read."""

_NAMED = re.compile(
    r"\b(?:(?:options?|choices?|alternatives?|letters?)\s+|(?:answer|option|choice)\s+is\s+(?:option\s+)?)[*_(]*([A-L])(?![\w’'-])"
)


def letters_named(text: str) -> list[str]:
    """The letters by which a text speaks of options.

    >>> letters_named("So option B is right, and A is a model."), letters_named("The right answer is **C**.")
    (['B'], ['C'])
    """
    return _NAMED.findall(text)


@check("option-by-letter", "error")
def option_by_letter(sweep: Sweep) -> Iterator[Finding]:
    """The solution or a hint speaks of an option by its letter, such as “option B”, but options are shuffled, or stand in order
    of size, so that another option has this letter in most variants; or the order is fixed, and the solution names a letter
    that is not the right one's. Say what the option says instead.
    """
    answers = [answer for answer in sweep.template.answers if isinstance(answer, OptionsAnswer)]
    if not answers:
        return
    fixed = all(answer.order == "fixed" for answer in answers)
    told: set[Path] = set()
    for place in some(sweep, LOOKED_AT):
        keyed, ordinal = sweep.keyed[place], int(sweep.ordinals[place])
        asked = letters_named(" ".join(plain_text(text) for text in _question(keyed)))
        for path, text in _explained(keyed):
            named = [letter for letter in letters_named(plain_text(text)) if letter not in asked]
            if path not in told and named and (not fixed or (path == ("solution",) and not set(named) & _right(keyed))):
                told.add(path)
                why = "which is not the right one" if fixed else "but that letter belongs to another option in other variants"
                yield Finding(path, f"it speaks of option {named[0]}, {why}", ordinal)


def _question(keyed: KeyedItem) -> list[Filled]:
    return [keyed.item.stem, *(text for _, interaction in keyed.item.interactions for text in texts(interaction))]


def _explained(keyed: KeyedItem) -> Iterator[tuple[Path, Filled]]:
    if keyed.solution is not None:
        yield ("solution",), keyed.solution
    yield from ((("hints", i), hint) for i, hint in enumerate(keyed.item.hints))


def _right(keyed: KeyedItem) -> set[str]:
    """The letters of all options that are right."""
    found: set[str] = set()
    for (_, interaction), key in zip(keyed.item.interactions, keyed.keys, strict=True):
        if isinstance(interaction, ChooseOne):
            found.add(key.accepted)
        elif isinstance(interaction, ChooseMany):
            found.update(plain_text(key.shown).split())
    return found
