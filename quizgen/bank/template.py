"""A template that was checked: it draws variants, shows them as items, and marks what students answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from quizgen.answers import BLANK, Answer, Earlier, Mark, Reading
from quizgen.bank.mistakes import Mistake
from quizgen.errors import ExpressionError, QuizgenError, VariantError
from quizgen.items import Filled, Interaction, Item, KeyedItem, Text, options_of, texts
from quizgen.schemes import SchemedItem
from quizgen.spelling import suggest
from quizgen.variants.expressions import Expression
from quizgen.variants.sampler import MAX_ORDINAL, Block, Program, sample, take
from quizgen.variants.texts import Compiled, plain_text, plain_texts
from quizgen.variants.values import Array, spread

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """A checked YAML file. ``single`` tells one ``answer:`` from several ``answers:``.

    ``sources`` are the files it is made of, each with its path in the bank and its bytes. ``verify`` has second formulas of
    numeric keys by answer, ``waive`` the reasons for letting a check's findings be.
    """

    id: str
    title: str
    concept: str
    level: str
    minutes: float
    tags: tuple[str, ...]
    program: Program
    stem: Compiled
    answers: tuple[Answer, ...]
    single: bool
    solution: Compiled | None
    hints: tuple[Compiled, ...]
    mistakes: Mapping[str, Mistake]
    incidental: tuple[str, ...]
    sources: tuple[tuple[str, bytes], ...]
    verify: Mapping[str, Expression] = field(default_factory=dict)
    waive: Mapping[str, str] = field(default_factory=dict)

    def variants(self, *, secret: bytes, start: int = 0, count: int = 1) -> Variants:
        """The variants at the addresses ``start`` to before ``start + count``.

        Raises:
            VariantError: the template's conditions cannot be met.
        """
        if start < 0 or count < 1:
            raise VariantError(f"addresses count from 0, and at least one is needed, not {count} from {start}")
        if start + count > MAX_ORDINAL:
            raise VariantError(f"addresses of variants are 0 to {MAX_ORDINAL - 1:,}")
        return self.variants_at(np.arange(start, start + count), secret=secret)

    def variants_at(self, ordinals: NDArray[np.int64] | Sequence[int], *, secret: bytes) -> Variants:
        """The variants at any addresses, in their order."""
        wanted = np.asarray(ordinals, dtype=np.int64)

        def drawn(some: NDArray[np.int64]) -> tuple[Block, ...]:
            return sample(self.program, secret, some, self.answers)

        with self.named():
            try:
                return Variants(self, wanted, drawn(wanted))
            except ExpressionError as error:
                raise _located(error, wanted, drawn) from error

    @contextmanager
    def named(self) -> Iterator[None]:
        """What cannot be computed in some variant is told with the template's id."""
        try:
            yield
        except ExpressionError as error:
            raise ExpressionError(f"{self.id}: {error}") from error

    def item(self, variants: Variants, i: int) -> Item:
        """What a student meets of the i-th variant."""
        return self.items(variants.pick([i]))[0]

    def items(self, variants: Variants) -> list[Item]:
        """What students meet, for every variant in order."""
        return self._by_block(variants, lambda block: self._items(block, self.prepared(block)))

    def keyed_item(self, variants: Variants, i: int) -> KeyedItem:
        """The i-th variant with its keys and worked solution."""
        return self.keyed_items(variants.pick([i]))[0]

    def keyed_items(self, variants: Variants) -> list[KeyedItem]:
        """Every variant in order, with keys and worked solution."""
        return self._by_block(variants, lambda block: self.keyed_block(block, self.prepared(block)))

    def _by_block(self, variants: Variants, make: Callable[[Block], list[T]]) -> list[T]:
        """What is made of each block, in the order of the variants."""
        made = []
        with self.named():
            for block in variants.blocks:
                try:
                    made.append(make(block))
                except ExpressionError as error:
                    raise _located(error, block.ordinals, _made_at(block, make)) from error
        return variants.in_order(made)

    def mark(self, variants: Variants, i: int, responses: Mapping[str, str | float], *, decimal_comma: bool = False) -> Mark:
        """The mark of one student's responses to the i-th variant, by answer name (``answer`` where there is one).

        A response is a text as typed, or a number, which is no matter of ``decimal_comma``.
        """
        names = [answer.name for answer in self.answers]
        for name in responses:
            if name not in names:
                raise QuizgenError(f"{self.id} has no answer '{name}'{suggest(name, names)}")
        texts = {name: [_as_typed(responses.get(name, ""), decimal_comma)] for name in names}
        marks = self.mark_all(variants.pick([i]), texts, Reading(decimal_comma))
        mark = self.together([marks[name][0] for name in names])
        explanation = self.explanation(mark.mistake) if mark.feedback is None else None
        return replace(mark, feedback=explanation) if explanation is not None else mark

    def explanation(self, mistake: str) -> Filled | None:
        """What a learner is told about a diagnosed mistake; None for no mistake."""
        known = self.mistakes.get(mistake)
        return Filled(Text(f"**{known.title}.** {known.explanation}")) if known is not None else None

    def together(self, marks: Sequence[Mark]) -> Mark:
        """The mark of an item from those of its answers, by their weights."""
        if len(marks) == 1:
            return marks[0]
        weights = [answer.shared.weight for answer in self.answers]
        fraction = sum(w * mark.fraction for w, mark in zip(weights, marks, strict=True)) / sum(weights)
        for outcome in ("manual", "blank", "invalid"):
            if all(mark.outcome == outcome for mark in marks) or (outcome == "manual" and _has(marks, outcome)):
                return Mark(outcome, fraction)
        first = next((mark for mark in marks if mark.mistake), None)
        note = "; ".join(dict.fromkeys(mark.note for mark in marks if mark.note))
        if all(mark.outcome == "correct" for mark in marks):
            return Mark("correct", 1.0, note=note)
        return Mark.of(min(fraction, 1 - 1e-12) if fraction == 1 else fraction, first.mistake if first else "", note)

    def mark_all(self, variants: Variants, responses: Mapping[str, Sequence[str]], reading: Reading) -> dict[str, list[Mark]]:
        """Marks by answer name; ``responses`` has, for each answer, one text for every variant in order."""
        result: dict[str, list[Mark]] = {answer.name: [BLANK] * len(variants) for answer in self.answers}
        for block in variants.blocks:
            rows = block.rows.tolist()
            texts = {name: [column[row] for row in rows] for name, column in responses.items()}
            for name, marks in self.mark_prepared(self.prepared(block), np.arange(len(block)), texts, reading).items():
                for row, mark in zip(rows, marks, strict=True):
                    result[name][row] = mark
        return result

    def mark_prepared(
        self,
        prepared: Sequence[tuple[Answer, Any]],
        block_rows: NDArray[np.int64],
        responses: Mapping[str, Sequence[str]],
        reading: Reading,
    ) -> dict[str, list[Mark]]:
        """Marks by answer name of variants of one block whose answers are prepared: one text for each row, any row often."""
        given: dict[str, list[Earlier | None]] = {}
        looked_at = frozenset().union(*(answer.follows_from for answer, _ in prepared))
        result: dict[str, list[Mark]] = {}
        for answer, keys in prepared:
            texts = responses.get(answer.name, [""] * len(block_rows))
            read = {text: answer.taken(text, reading) for text in set(texts)}
            marks: list[Mark] = []
            typed: list[Any] = []
            rows: list[int] = []
            for row, text in enumerate(texts):
                found = read[text]
                marks.append(found if isinstance(found, Mark) else BLANK)
                typed.append(None if isinstance(found, Mark) else found)
                if typed[-1] is not None:
                    rows.append(row)
            if rows:
                known = {name: [values[row] for row in rows] for name, values in given.items()}
                made = answer.mark(keys, block_rows[rows], [typed[row] for row in rows], known)
                for row, mark in zip(rows, made, strict=True):
                    marks[row] = mark
            if answer.name in looked_at:
                slacks = iter(answer.slacks([what for what in typed if what is not None]))
                given[answer.name] = [
                    None if what is None else Earlier(what, mark.outcome == "correct", next(slacks))
                    for what, mark in zip(typed, marks, strict=True)
                ]
            result[answer.name] = marks
        return result

    def with_value(self, answer: str, expression: Expression) -> Template | None:
        """The template with another key for an answer; None where the key of its kind is not the value of one expression."""
        changed = {one.name: one.with_value(expression) for one in self.answers if one.name == answer}
        if changed.get(answer) is None:
            return None
        return replace(self, answers=tuple(changed.get(one.name) or one for one in self.answers))

    def prepared(self, block: Block) -> list[tuple[Answer, Any]]:
        """Each answer with its keys for a block."""
        found, at = [], 0
        for answer in self.answers:
            found.append((answer, answer.prepared(block, block.words[at : at + answer.words])))
            at += answer.words
        return found

    def _items(self, block: Block, prepared: Sequence[tuple[Answer, Any]]) -> list[Item]:
        stems = self.stem.fill(block)
        hints = [hint.fill(block) for hint in self.hints]
        return [
            Item(
                self.title,
                stem,
                tuple((answer.name, answer.interaction(keys, row)) for answer, keys in prepared),
                tuple(hint[row] for hint in hints),
            )
            for row, stem in enumerate(stems)
        ]

    def keyed_block(self, block: Block, prepared: Sequence[tuple[Answer, Any]], *, in_short: bool = False) -> list[KeyedItem]:
        """Every variant of a block whose answers are prepared, with keys and worked solution.

        ``in_short`` leaves out what else counts as right, which takes longer to say than all the rest.
        """
        solutions: Sequence[Filled | None] = self.solution.fill(block) if self.solution else [None] * len(block)
        n = len(block)
        columns = [
            answer.keys_in_short(keys, n) if in_short else [answer.key(keys, row) for row in range(n)]
            for answer, keys in prepared
        ]
        items = self._items(block, prepared)
        return [
            KeyedItem(item, keys, solution)
            for item, keys, solution in zip(items, zip(*columns, strict=True), solutions, strict=True)
        ]

    def schemed_items(self, variants: Variants) -> list[SchemedItem]:
        """Every variant in order, with keys and the scheme by which each answer is marked."""
        weights = tuple(answer.shared.weight for answer in self.answers)

        def schemed(block: Block) -> list[SchemedItem]:
            prepared = self.prepared(block)
            return [
                SchemedItem(keyed, tuple(answer.scheme(keys, row) for answer, keys in prepared), weights)
                for row, keyed in enumerate(self.keyed_block(block, prepared))
            ]

        return self._by_block(variants, schemed)

    def fingerprints(self, variants: Variants) -> list[str]:
        """For each variant in order a text that tells variants apart: what a student sees, and the key.

        The order of options does not count.
        """
        return self._by_block(variants, lambda block: self.fingerprinted(block, self.prepared(block)))

    def fingerprinted(self, block: Block, prepared: Sequence[tuple[Answer, Any]]) -> list[str]:
        """The fingerprints of a block whose answers are prepared."""
        prints = []
        for row, stem in enumerate(plain_texts(self.stem.fill(block))):
            parts = [str(block.case), stem]
            for answer, keys in prepared:
                interaction = answer.interaction(keys, row)
                parts.extend(met(interaction))
                if not options_of(interaction):
                    parts.append(plain_text(answer.key_shown(keys, row)))
            prints.append("\x1f".join(parts))
        return prints


def _located(
    error: ExpressionError, ordinals: NDArray[np.int64], make: Callable[[NDArray[np.int64]], object]
) -> ExpressionError:
    """The error with the address of a variant that has it, found by halves."""
    while len(ordinals) > 1:
        half = ordinals[: len(ordinals) // 2]
        try:
            make(half)
        except ExpressionError as found:
            ordinals, error = half, found
        else:
            ordinals = ordinals[len(half) :]
    return type(error)(f"at address {int(ordinals[0])}: {error}")


def _made_at(block: Block, make: Callable[[Block], object]) -> Callable[[NDArray[np.int64]], object]:
    """What makes something of the variants of a block at some of its addresses."""
    return lambda ordinals: make(take(block, np.flatnonzero(np.isin(block.ordinals, ordinals))))


def _has(marks: Sequence[Mark], outcome: str) -> bool:
    return any(mark.outcome == outcome for mark in marks)


def _as_typed(response: str | float, decimal_comma: bool) -> str:
    if isinstance(response, str):
        return response
    return repr(float(response)).replace(".", "," if decimal_comma else ".")


def met(interaction: Interaction) -> list[str]:
    """What a student reads of an interaction, in an order that shuffling does not change."""
    return sorted(map(plain_text, texts(interaction)))


@dataclass(frozen=True, slots=True, eq=False)
class Variants:
    """Variants of a template as arrays, grouped by case inside."""

    template: Template
    ordinals: NDArray[np.int64]
    blocks: tuple[Block, ...]

    def __len__(self) -> int:
        return len(self.ordinals)

    def __getitem__(self, name: str) -> Array:
        """The values of a draw, a let or ``case.field``, variants on the last axis."""
        parts = []
        for block in self.blocks:
            if name not in block.values:
                known = sorted(block.values)
                raise KeyError(f"{self.template.id} has no value {name!r}; it has {', '.join(known)}")
            parts.append(spread(block.values[name], len(block)))
        if len({part.shape[:-1] for part in parts}) > 1:
            raise ValueError(f"{name!r} has different lengths in different cases; look at the blocks")
        return self._joined(parts)

    def _joined(self, parts: Sequence[Array]) -> Array:
        """Arrays of each block as one, in the order of the variants, which are on the last axis."""
        rows = np.concatenate([block.rows for block in self.blocks])
        joined: Array = np.concatenate(parts, axis=-1)[..., np.argsort(rows, kind="stable")]
        return joined

    def keys(self, answer: str = "answer") -> NDArray[Any]:
        """The key of every variant, shape (n,): float64 where it is a number, unrounded and in the key's unit.

        Else an object array of what a student types: a label, labels, a text, pairs, probabilities.
        """
        names = [known.name for known in self.template.answers]
        if answer not in names:
            raise KeyError(f"{self.template.id} has no answer {answer!r}; it has {', '.join(names)}")
        with self.template.named():
            parts = []
            for block in self.blocks:
                kind, keys = self.template.prepared(block)[names.index(answer)]
                parts.append(kind.key_values(keys, len(block)))
        return self._joined(parts)

    def pick(self, positions: Sequence[int]) -> Variants:
        """Some of the variants, in the order given (each at most once)."""
        wanted = np.asarray(positions, dtype=np.int64)
        if ((wanted < 0) | (wanted >= len(self))).any():
            raise VariantError(f"there are variants 0 to {len(self) - 1} here, not {int(wanted.max())}")
        if len(wanted) == len(self) and (wanted == np.arange(len(self))).all():
            return self
        new_row = np.full(len(self), -1, dtype=np.int64)
        new_row[wanted] = np.arange(len(wanted))
        blocks = []
        for block in self.blocks:
            kept = np.flatnonzero(new_row[block.rows] >= 0)
            if len(kept):
                part = take(block, kept)
                blocks.append(
                    Block(part.case, new_row[part.rows], part.ordinals, part.attempts, part.values, part.kinds, part.words)
                )
        return Variants(self.template, self.ordinals[wanted], tuple(blocks))

    def in_order(self, by_block: Sequence[Sequence[T]]) -> list[T]:
        """Results of each block, put back in the order of the variants."""
        result: list[Any] = [None] * len(self)
        for block, values in zip(self.blocks, by_block, strict=True):
            for row, value in zip(block.rows.tolist(), values, strict=True):
                result[row] = value
        return result
