"""All that is written in a template as its readers meet it, each text once for every way its words can come out.

Numbers are told apart only by their sound ("a 0.5", "an 8"), so that thousands of variants become a handful of texts.
Inserted words stand between `OPEN` and `CLOSE`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from quizgen.answers.choice import ChoiceAnswer
from quizgen.answers.match import MatchAnswer
from quizgen.answers.multiple import MultipleAnswer
from quizgen.answers.order import OrderAnswer
from quizgen.checking.base import Path
from quizgen.checking.sweep import Sweep
from quizgen.items import Filled, Listing, Number, Place, Shown, Table, texts
from quizgen.variants.texts import plain_text
from quizgen.variants.words import a_an

OPEN, CLOSE = "\x02", "\x03"
"""Around what is inserted."""

GAP = "\x04"
"""Stands for a formula, code, a table or an answer's place: no words, but something that is read."""

LOOKED_AT = 1000
"""So many variants are read: words that are rarer than that are few."""

Part = Literal["stem", "option", "label", "solution", "hint"]

_NOT_WORDS = re.compile(r"```.*?```|\$\$.*?\$\$|\$[^$\n]*\$|`[^`\n]*`|\[[\w ]+\](?!\()", re.DOTALL)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_TABLE_LINE = re.compile(r"^\s*\|.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Passage:
    """One text: where it stands in the YAML and in the item, its words, and the first variant that has it."""

    path: Path
    part: Part
    words: str
    ordinal: int

    @property
    def bare(self) -> str:
        """The words without the marks of what is inserted."""
        return self.words.replace(OPEN, "").replace(CLOSE, "")

    @property
    def own(self) -> str:
        """The words without what is inserted: those that the template's author wrote here."""
        return re.sub(f"{OPEN}[^{CLOSE}]*{CLOSE}", GAP, self.words)


def prose(sweep: Sweep) -> list[Passage]:
    """The passages of a sweep, in the order in which they are met."""
    places = _places(sweep)
    found: dict[tuple[int, tuple[Shown, ...]], Passage] = {}
    for keyed, ordinal in zip(sweep.keyed[:LOOKED_AT], sweep.ordinals.tolist(), strict=False):
        item = keyed.item
        parts: list[tuple[Path, Part, Filled]] = [(("stem",), "stem", item.stem)]
        for name, interaction in item.interactions:
            for filled in texts(interaction):
                path, part = places.get(id(filled.text), (sweep.path(name), "option"))
                parts.append((path, part, filled))
        if keyed.solution is not None:
            parts.append((("solution",), "solution", keyed.solution))
        parts.extend((("hints", i), "hint", hint) for i, hint in enumerate(item.hints))
        for path, part, filled in parts:
            values = tuple(map(_bounded, filled.values))
            key = (id(filled.text), values)
            if key not in found:
                found[key] = Passage(path, part, _words_of(plain_text(Filled(filled.text, values))), ordinal)
    return list(found.values())


def _bounded(value: Shown) -> Shown:
    """A value between marks, its numbers brought to one of their sound."""
    match value:
        case Number():
            return f"{OPEN}{_sound(value)}{CLOSE}"
        case str():
            return f"{OPEN}{value}{CLOSE}"
        case tuple():
            return f"{OPEN}{', '.join(_sound(part) if isinstance(part, Number) else part for part in value)}{CLOSE}"
        case Table() | Listing() | Place():
            return GAP
    return value


@functools.lru_cache(maxsize=20_000)
def _sound(number: str) -> str:
    return "8" if str(a_an(str(number))).startswith("an ") else "0"


def _words_of(text: str) -> str:
    """A text without what is not read as words."""
    return _LINK.sub(r"\1", _TABLE_LINE.sub(GAP, _NOT_WORDS.sub(GAP, text)))


def _places(sweep: Sweep) -> Mapping[int, tuple[Path, Part]]:
    """Where each text of an answer stands in the YAML, by the text's identity."""
    found: dict[int, tuple[Path, Part]] = {}
    for answer in sweep.template.answers:
        below: Iterator[tuple[Path, object]] = iter(())
        if isinstance(answer, ChoiceAnswer | MultipleAnswer):
            below = ((option.path, option.text.text) for option in answer.pool)
        elif isinstance(answer, OrderAnswer):
            below = ((sweep.path(answer.name, "items", i), item.text) for i, item in enumerate(answer.items))
        elif isinstance(answer, MatchAnswer):
            sides: Sequence[tuple[Path, object]] = [
                *((sweep.path(answer.name, "pairs", i, "left"), text.text) for i, text in enumerate(answer.lefts)),
                *((sweep.path(answer.name, "pairs", i, "right"), text.text) for i, text in enumerate(answer.rights)),
                *((sweep.path(answer.name, "extra", i), text.text) for i, text in enumerate(answer.extra)),
            ]
            below = iter(sides)
        found.update({id(text): (path, "option") for path, text in below})
        if answer.shared.prompt is not None:
            found[id(answer.shared.prompt.text)] = (sweep.path(answer.name, "label"), "label")
    return found


_SENTENCE_END = re.compile(r"(?<=[.?!])[”’\")*_]*\s+(?=[^\sa-z])|\n\s*\n|\n\s*(?=[-*+]\s|\d+[.)]\s)|:\s*\n")


def sentences(words: str) -> list[str]:
    """The sentences of a text; items of lists are sentences of their own."""
    return [" ".join(sentence.split()) for sentence in _SENTENCE_END.split(words) if sentence.strip()]
