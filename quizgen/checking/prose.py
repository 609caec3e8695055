"""All that is written in a template as its readers meet it, each text once for every way its words can come out.

Numbers are told apart only by what the words around them must heed ("a 0.5", "an 8", "1 token", "2 tokens"), so that thousands
of variants become a handful of texts. Inserted words stand between `OPEN` and `CLOSE`; those that are written so nowhere in the
template, but come from a data file or are put together of words, stand between `OPEN` and `QUOTED`: they keep their own ways.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from quizgen.answers.choice import ChoiceAnswer
from quizgen.answers.match import MatchAnswer
from quizgen.answers.multiple import MultipleAnswer
from quizgen.answers.options import OptionsAnswer
from quizgen.answers.order import OrderAnswer
from quizgen.checking.base import Path
from quizgen.checking.sweep import Sweep
from quizgen.items import Filled, Listing, Number, Place, Shown, Table, texts
from quizgen.variants.draws.numbers import ChoiceSampler
from quizgen.variants.draws.vectors import ShuffleSampler
from quizgen.variants.texts import plain_text
from quizgen.variants.words import a_an

OPEN, CLOSE, QUOTED = "\x02", "\x03", "\x05"
"""Around what is inserted."""

EDGES = f"{OPEN}{CLOSE}{QUOTED}"

_INSERTED = re.compile(f"{OPEN}[^{CLOSE}{QUOTED}]*[{CLOSE}{QUOTED}]")

GAP = "\x04"
"""Stands for a formula, code, a table or an answer's place: no words, but something that is read."""

LOOKED_AT = 1000
"""So many variants are read: words that are rarer than that are few."""

Part = Literal["stem", "option", "label", "solution", "hint", "feedback", "cell"]


_NOT_WORDS = re.compile(r"```.*?```|\$\$.*?\$\$|\$[^$\n]*\$|`[^`\n]*`|\[[\w ]+\](?!\()", re.DOTALL)
_LITERAL = re.compile(r"\"([^\"]*)\"|'([^']*)'")
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
        return _bare(self.words)

    @property
    def own(self) -> str:
        """The words without what is inserted: those that the template's author wrote here."""
        return _INSERTED.sub(GAP, self.words)


@functools.lru_cache(maxsize=20_000)
def _bare(words: str) -> str:
    return words.replace(OPEN, "").replace(CLOSE, "").replace(QUOTED, "")


def prose(sweep: Sweep) -> list[Passage]:
    """The passages of a sweep, in the order in which they are met."""
    written = _written(sweep)
    found: dict[tuple[int, tuple[Shown, ...]], Passage] = {}
    met: set[tuple[int, tuple[Shown, ...]]] = set()  # most texts are met again and again, with the same values
    for ordinal, path, part, filled in _read(sweep):
        if (id(filled.text), filled.values) in met:
            continue
        met.add((id(filled.text), filled.values))
        values = tuple(_bounded(value, written) for value in filled.values)
        key = (id(filled.text), values)
        if key in found:
            continue
        found[key] = Passage(path, part, _words_of(plain_text(Filled(filled.text, values))), ordinal)
        for cell in (cell for value in filled.values for cell in _cells(value)):
            found.setdefault((id(filled.text), (cell,)), Passage(path, "cell", _marked(cell, written), ordinal))
    return list(found.values())


def _read(sweep: Sweep) -> Iterator[tuple[int, Path, Part, Filled]]:
    """Every text of the first variants: the address of its variant, its place and its part of the item."""
    places = _places(sweep)
    for keyed, ordinal in zip(sweep.keyed[:LOOKED_AT], sweep.ordinals.tolist(), strict=False):
        item = keyed.item
        yield ordinal, ("stem",), "stem", item.stem
        for name, interaction in item.interactions:
            for filled in texts(interaction):
                yield ordinal, *places.get(id(filled.text), (sweep.path(name), "option")), filled
        if keyed.solution is not None:
            yield ordinal, ("solution",), "solution", keyed.solution
        for i, hint in enumerate(item.hints):
            yield ordinal, ("hints", i), "hint", hint
    for part, answer, keys in sweep.answers(OptionsAnswer):
        for i, texts_said in keys.offer.feedback.items():
            for ordinal, filled in zip(part.block.ordinals[:LOOKED_AT].tolist(), texts_said, strict=False):
                yield ordinal, (*answer.pool[i].path, "feedback"), "feedback", filled


def _written(sweep: Sweep) -> frozenset[str]:
    """The texts that stand as such in the template, to be inserted: in cases, in lists to draw from, and in expressions."""
    program, template = sweep.template.program, sweep.template
    arrays: list[object] = [value for case in program.cases for value in case.constants.values()]
    arrays += [sampler.options for sampler in program.cases[0].samplers if isinstance(sampler, ChoiceSampler | ShuffleSampler)]
    found = {word for array in arrays for word in np.ravel(np.asarray(array, dtype=object)).tolist() if isinstance(word, str)}
    texts_met = [template.stem, *template.hints, *([template.solution] if template.solution else [])]
    sources = [let.expression.source for let in program.lets]
    sources += [tag.expression for text in texts_met for tag in text.text.tags]
    found.update(said[1] or said[2] for source in sources for said in _LITERAL.finditer(source))
    return frozenset(found)


def _cells(value: Shown) -> Iterator[str]:
    """The texts of a table or list."""
    match value:
        case Table(heads, columns):
            yield from heads
            yield from (cell for column in columns for cell in column if isinstance(cell, str) and not isinstance(cell, Number))
        case Listing(items):
            yield from (item for item in items if not isinstance(item, Number))


def _bounded(value: Shown, written: frozenset[str]) -> Shown:
    """A value between marks, its numbers brought to one of their like."""
    match value:
        case Number():
            return f"{OPEN}{_like(value)}{CLOSE}"
        case str():
            return _marked(value, written)
        case tuple():
            parts = [_like(part) if isinstance(part, Number) else part for part in value]
            return f"{OPEN}{', '.join(parts)}{QUOTED}"
        case Table() | Listing() | Place():
            return GAP
    return value


def _marked(word: str, written: frozenset[str]) -> str:
    return f"{OPEN}{word}{CLOSE if word in written else QUOTED}"


@functools.lru_cache(maxsize=20_000)
def _like(number: str) -> str:
    """One number for all that ask the same of the words around them: their article, and singular or plural."""
    if str(a_an(str(number))).startswith("an "):
        return "8"
    if number == "1":
        return "1"
    return "2" if re.fullmatch(r"[1-9]\d*(\.\d+)?", number) and float(number) >= 2 else "0"


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
