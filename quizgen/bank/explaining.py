"""How one variant of a template came about, step by step, in words and numbers for its author."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from quizgen.answers import Answer
from quizgen.answers.labels import LETTERS
from quizgen.answers.options import OptionsAnswer
from quizgen.answers.pool import pool_of
from quizgen.bank.source import read_document
from quizgen.bank.template import Template
from quizgen.items import AnswerKey, Filled, Interaction, KeyedItem, Listing, Place, Shown, Table
from quizgen.variants.attempts import attempts
from quizgen.variants.formats import write_all, writer
from quizgen.variants.sampler import Block
from quizgen.variants.texts import Compiled
from quizgen.variants.values import TRUTH, Kind, Plain, Value
from quizgen.variants.written import written


@dataclass(frozen=True, slots=True)
class Named:
    """A name with its value in words; ``source`` is how the template makes it, where it does."""

    name: str
    source: str
    value: str


@dataclass(frozen=True, slots=True)
class Refused:
    """An attempt that was refused: what was drawn, and by which conditions it was refused."""

    draws: tuple[Named, ...]
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """An option of a pool: its text, whether it is true, whether it was on offer, and its label where it is shown."""

    text: Filled
    true: bool
    offered: bool
    label: str
    mistake: str


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer of the variant: what is asked, its key with what else is accepted and the mistakes, and its pool if any."""

    interaction: Interaction
    key: AnswerKey
    pool: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """A variant with all steps that led to it. ``case`` counts from 1; ``fields`` are those of the case.

    ``shown`` has every expression of the stem with what stands in its place.
    """

    template: str
    address: int
    case: int
    cases: int
    fields: tuple[Named, ...]
    refused: tuple[Refused, ...]
    draws: tuple[Named, ...]
    lets: tuple[Named, ...]
    conditions: tuple[str, ...]
    shown: tuple[Named, ...]
    answers: tuple[Answered, ...]
    keyed: KeyedItem


def explain(template: Template, *, secret: bytes, address: int) -> Explained:
    """The variant of a template at an address, and how it came about.

    Raises:
        VariantError: there is no such address, or all attempts at it were refused.
    """
    variants = template.variants(secret=secret, start=address)
    (block,) = variants.blocks
    program = template.program
    drawn = [name for sampler in program.cases[block.case].samplers for name in sampler.kinds]
    sources = _declared(template)

    def named(names: list[str], values: Block) -> tuple[Named, ...]:
        return tuple(Named(name, sources.get(name, ""), words_of(values.values[name], values.kinds[name])) for name in names)

    with template.named():
        refused = tuple(
            Refused(named(drawn, attempt.block), attempt.refused_by)
            for attempt in attempts(program, secret, address, template.answers)
            if attempt.refused_by
        )
        keyed = template.keyed_item(variants, 0)
        answers = tuple(_answered(block, answer, keys) for answer, keys in template.prepared(block))
    return Explained(
        template.id,
        address,
        block.case + 1,
        len(program.cases),
        named(sorted(name for name in program.cases[block.case].constants if name.startswith("case.")), block),
        refused,
        named(drawn, block),
        named([let.name for let in program.lets], block),
        tuple(condition.source for condition in program.requires),
        tuple(_shown(template.stem, keyed.item.stem)),
        answers,
        keyed,
    )


def words_of(value: Value, kind: Kind) -> str:
    """A value of a single variant in words: a number with the decimals that it has, a list with commas, a table by rows."""
    if isinstance(value, str):
        return value
    array = np.asarray(value)
    if array.ndim > 1:
        return ("; " if array.ndim > 2 else ", ").join(words_of(part, kind) for part in array)
    single = array.reshape(-1)[0]
    if isinstance(single, str):
        return single
    if kind == TRUTH:
        return "true" if single else "false"
    return f"{float(single):.10g}" if isinstance(kind, Plain) else str(write_all(float(single), writer(kind)))


def _declared(template: Template) -> dict[str, str]:
    """How the template's files declare each draw and let, in one line."""
    found: dict[str, str] = {}
    for name, raw in template.sources:
        if not name.endswith((".yaml", ".yml")):
            continue
        data = read_document(Path(name), text=raw).data
        for part in ("draw", "let"):
            entries = data.get(part) if isinstance(data, dict) else None
            for key, value in entries.items() if isinstance(entries, dict) else ():
                found.setdefault(key, _in_line(value))
    return found


def _in_line(value: Any) -> str:
    """A value of a YAML file in one line, nearly as it was written."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_in_line(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_in_line, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else written(value)


def _shown(compiled: Compiled, filled: Filled) -> Iterator[Named]:
    """What stands in the place of each expression of a text, where that is no answer."""
    for tag, hole, value in zip(compiled.text.tags, compiled.holes, filled.values, strict=True):
        if hole is not None and not isinstance(value, Place):
            yield Named(tag.kind, " ".join(tag.expression.split()), _shown_words(value))


def _shown_words(value: Shown) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case tuple():
            return ", ".join(value)
        case Table(heads, columns):
            cells = (", ".join(cell if isinstance(cell, str) else f"[{cell.answer}]" for cell in column) for column in columns)
            return "; ".join(f"{head}: {column}" for head, column in zip(heads, cells, strict=True))
        case Listing(items):
            return ", ".join(items)
    return str(value)


def _answered(block: Block, answer: Answer, keys: Any) -> Answered:
    pool = tuple(_statements(block, answer, keys)) if isinstance(answer, OptionsAnswer) else ()
    return Answered(answer.interaction(keys, 0), answer.key(keys, 0), pool)


def _statements(block: Block, answer: OptionsAnswer, keys: Any) -> Iterator[Statement]:
    pool = pool_of(answer.pool, block)
    labels = {option: LETTERS[place] for place, option in enumerate(keys.offer.shown[:, 0].tolist())}
    for number, option in enumerate(answer.pool):
        yield Statement(
            pool.texts[number][0],
            bool(pool.true[number, 0]),
            bool(pool.offered[number, 0]),
            labels.get(number, ""),
            option.mistake,
        )
