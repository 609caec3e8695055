"""One of several options: a pool of statements that are true or false of a variant's numbers, or a key with distractors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator, model_validator

from quizgen.answers.base import (
    CORRECT,
    WRONG,
    Answer,
    AnswerSpec,
    Earlier,
    Mark,
    Path,
    Reading,
    Shared,
    Specimens,
    UnreadableError,
    Workshop,
)  # fmt: skip
from quizgen.answers.labels import LETTERS, Named, read_named, resolved
from quizgen.answers.pool import (
    OptionSpec,
    Pool,
    PoolOption,
    between,
    choose,
    compile_option,
    distinct_count,
    pool_of,
)  # fmt: skip
from quizgen.items import AnswerKey, ChooseOne, Filled, Option
from quizgen.variants.draws.vectors import shuffled
from quizgen.variants.expressions import Expression
from quizgen.variants.sampler import Block
from quizgen.variants.streams import Words
from quizgen.variants.texts import Compiled, plain_text

MAX_OPTIONS = 12


def _as_option(value: Any) -> Any:
    """A bare text or number as an option."""
    if isinstance(value, str):
        return {"text": value}
    return value


class Choice(AnswerSpec):
    """One of several options.

    >>> Choice(key="0.105", distractors=["0.511"]).mark("A").outcome
    'correct'
    """

    kind: Literal["choice"] = "choice"
    key: OptionSpec | None = Field(None, description="the right option, where options are not a pool")
    distractors: list[OptionSpec] = Field(
        [], max_length=100, description="wrong options, each with the mistake that leads to it"
    )
    options: list[OptionSpec] = Field([], max_length=100, description="a pool of statements, each with true_when")
    choose: int | None = Field(None, ge=2, le=MAX_OPTIONS, description="how many options are shown, key included")
    order: Literal["shuffle", "size", "fixed"] | None = Field(None, description="default: size for numbers, else shuffle")

    _key = field_validator("key", mode="before")(_as_option)
    _lists = field_validator("distractors", "options", mode="before")(
        lambda values: [_as_option(value) for value in values] if isinstance(values, list) else values
    )

    @model_validator(mode="after")
    def _forms(self) -> Choice:
        if bool(self.options) == (self.key is not None):
            raise ValueError("give 'options' (a pool with true_when), or 'key' and 'distractors'")
        if self.key is not None and not self.distractors:
            raise ValueError("a key needs 'distractors'")
        if self.options and self.distractors:
            raise ValueError("'distractors' go with 'key'; in a pool every option stands under 'options'")
        if len(self.all_options) < 2:
            raise ValueError("there must be at least two options")
        if self.choose is not None and self.choose > len(self.all_options):
            raise ValueError(f"{self.choose} options are to be shown, but only {len(self.all_options)} are written")
        if self.order == "fixed" and self.choose not in (None, len(self.all_options)):
            raise ValueError("'order: fixed' shows every option: leave out 'choose'")
        if self.order == "size" and any(option.value is None for option in self.all_options):
            raise ValueError("'order: size' is for options with 'value'; texts are shuffled, or stand as written (fixed)")
        return self

    @property
    def all_options(self) -> list[OptionSpec]:
        """Every option that is written, the key first where there is one."""
        return self.options or [*([self.key] if self.key else []), *self.distractors]

    def compile(self, name: str, path: Path, shop: Workshop) -> Answer:
        """The compiled answer."""
        return ChoiceAnswer(
            Shared(name, self.weight, shop.text(self.label, (*path, "label")) if self.label else None),
            options := compile_options(self, path, shop),
            min(self.choose or len(options), MAX_OPTIONS),
            self.order or ("size" if all(option.value is not None for option in options) else "shuffle"),
        )


def compile_options(spec: Choice, path: Path, shop: Workshop) -> tuple[PoolOption, ...]:
    """The pool: statements with their conditions, or the key, always true, and distractors, never true."""
    options = []
    if spec.key is not None:
        rounding = None
        if spec.key.decimals is not None:
            rounding = ("decimals", spec.key.decimals)
        elif spec.key.sigfigs is not None:
            rounding = ("sigfigs", spec.key.sigfigs)
        options.append(compile_option(spec.key, (*path, "key"), shop, True))
        for i, distractor in enumerate(spec.distractors):
            where = (*path, "distractors", i)
            unit = distractor.unit or spec.key.unit
            options.append(compile_option(distractor.model_copy(update={"unit": unit}), where, shop, False, rounding))
    for i, option in enumerate(spec.options):
        where = (*path, "options", i)
        if option.true_when is None:
            shop.problem(where, "an option of a pool needs 'true_when': a condition, or true or false")
        options.append(compile_option(option, where, shop, option.true_when or False))
    for i, option in enumerate([*([spec.key] if spec.key else []), *spec.distractors]):
        if option.true_when is not None:
            where = (*path, "key") if i == 0 else (*path, "distractors", i - 1)
            shop.problem((*where, "true_when"), "'true_when' belongs to the options of a pool; use 'when' here")
    return tuple(options)


@dataclass(frozen=True, slots=True)
class ChoiceKeys:
    """Of n variants: which options are shown (k, n) in their order, and the place of the key (n,)."""

    texts: Sequence[Sequence[Filled]]
    shown: NDArray[np.int64]
    key: NDArray[np.int64]
    ok: NDArray[np.bool_]
    prompts: Sequence[Filled] | None
    feedback: Mapping[int, Sequence[Filled]]


@dataclass(frozen=True)
class OptionsAnswer(Answer):
    """What kinds with a pool of options share."""

    shared: Shared
    options: tuple[PoolOption, ...]
    choose: int
    order: str

    @property
    def words(self) -> int:  # type: ignore[override] # computed from the pool
        return len(self.options) + self.choose + 1

    def key_expressions(self) -> Iterable[Expression]:
        """What decides which options are right; and where one always is and no other ever, what that one says."""
        for option in self.options:
            yield from (part for part in (option.true_when, option.value) if isinstance(part, Expression))
        always = [option for option in self.options if option.true_when is not False]
        if len(always) == 1:
            yield from (*always[0].text.displays, *always[0].text.conditions)

    def claims(self) -> Iterable[Compiled]:
        return [option.text for option in self.options]

    def mistakes(self) -> Iterable[tuple[str, Path]]:
        return [(option.mistake, (*option.path, "mistake")) for option in self.options if option.mistake]

    def arranged(self, pool: Pool, chosen: NDArray[np.int64], words: Words) -> NDArray[np.int64]:
        """The chosen options in the order in which they are shown."""
        columns = np.arange(chosen.shape[1])
        if self.order == "fixed":
            return np.sort(chosen, axis=0)
        if self.order == "size" and pool.values is not None:
            return np.take_along_axis(chosen, np.argsort(pool.values[chosen, columns], axis=0, kind="stable"), axis=0)
        return np.take_along_axis(chosen, shuffled(words, len(chosen)), axis=0)

    def prompts(self, block: Block) -> Sequence[Filled] | None:
        """The label of each variant."""
        return self.shared.prompt.fill(block) if self.shared.prompt else None

    def feedbacks(self, block: Block) -> Mapping[int, Sequence[Filled]]:
        """Each option's own feedback, where it has one."""
        return {i: option.feedback.fill(block) for i, option in enumerate(self.options) if option.feedback}


@dataclass(frozen=True)
class ChoiceAnswer(OptionsAnswer):
    """A compiled choice."""

    def prepare(self, block: Block, words: Words) -> ChoiceKeys:
        pool = pool_of(self.options, block)
        m, n = pool.offered.shape
        priority = words[:m]
        right = Pool(pool.texts, pool.looks, pool.true, pool.offered & pool.true, pool.values)
        key, ok = choose(right, pool.true, np.ones(n, dtype=np.int64), 1, priority)
        columns = np.arange(n)
        # What looks like the key is not offered beside it; other true statements are not offered at all.
        offered = pool.offered & ~pool.true & (pool.looks != pool.looks[key[0], columns])
        rest = Pool(pool.texts, pool.looks, pool.true, offered, pool.values)
        wanted = self.choose - 1
        if pool.values is not None and self.order == "size":
            below = pool.values < pool.values[key[0], columns]
            lower, higher = distinct_count(rest, offered & below), distinct_count(rest, offered & ~below)
            first = between(words[-1], np.maximum(wanted - higher, 0), np.minimum(lower, wanted))
            others, enough = choose(rest, below, first, wanted, priority)
        else:
            others, enough = choose(rest, offered, np.full(n, wanted), wanted, priority)
        shown = self.arranged(pool, np.concatenate([key, others]), words[m : m + self.choose])
        place = (shown == key[0]).argmax(axis=0)
        return ChoiceKeys(pool.texts, shown, place, ok & enough, self.prompts(block), self.feedbacks(block))

    def refusals(self, block: Block, words: Words) -> Iterable[tuple[str, NDArray[np.bool_]]]:
        keys = self.prepare(block, words)
        yield f"answer '{self.name}': not one right and {self.choose - 1} wrong options that differ", ~keys.ok

    def interaction(self, keys: ChoiceKeys, row: int) -> ChooseOne:
        return ChooseOne(keys.prompts[row] if keys.prompts else None, shown_options(keys.texts, keys.shown, row))

    def read(self, response: str, reading: Reading) -> Named:
        return read_named(response)

    def mark(
        self, keys: ChoiceKeys, rows: NDArray[np.int64], answers: Sequence[Any], given: Mapping[str, Sequence[Earlier | None]]
    ) -> list[Mark]:
        return [self._mark_one(keys, row, named) for row, named in zip(rows.tolist(), answers, strict=True)]

    def _mark_one(self, keys: ChoiceKeys, row: int, named: Named) -> Mark:
        try:
            found = chosen(named, keys.texts, keys.shown, row)
        except UnreadableError as error:
            return Mark.invalid(str(error))
        if len(found) != 1:
            return Mark.invalid(f"{len(found)} options are named where one is asked for")
        (place,) = found
        option = int(keys.shown[place, row])
        feedback = keys.feedback[option][row] if option in keys.feedback else None
        right = place == keys.key[row]
        if feedback is None and (right or not self.options[option].mistake):
            return CORRECT if right else WRONG
        return Mark.of(float(right), self.options[option].mistake, feedback=feedback)

    def key(self, keys: ChoiceKeys, row: int) -> AnswerKey:
        place = int(keys.key[row])
        mistakes = tuple(
            (self.options[option].mistake, keys.texts[option][row])
            for option in keys.shown[:, row].tolist()
            if self.options[option].mistake and option != keys.shown[place, row]
        )
        return AnswerKey(self.name, keys.texts[int(keys.shown[place, row])][row], LETTERS[place], mistakes)

    def specimens(self, keys: ChoiceKeys, row: int) -> Specimens:
        place = int(keys.key[row])
        right = LETTERS[place]
        others = [LETTERS[i] for i in range(len(keys.shown)) if i != place]
        diagnosed = tuple(
            (mistake, LETTERS[i])
            for i, option in enumerate(keys.shown[:, row].tolist())
            if i != place and (mistake := self.options[option].mistake)
        )
        unreadable = ("?", f"{right} {others[0]}", LETTERS[len(keys.shown)], "Model")
        rights = (right, right.lower(), f" ({right}) ", f"Option {right}", f"{right.lower()})", f"{right}.")
        return Specimens(rights, tuple(others), unreadable, diagnosed)


def chosen(
    named: Named, texts: Sequence[Sequence[Filled]], shown: NDArray[np.int64], row: int
) -> tuple[int, ...]:  # fmt: skip
    """The places of the options that a response to one variant names; `UnreadableError` where it names none of them."""
    found = resolved(named, len(shown), lambda place: plain_text(texts[int(shown[place, row])][row]))
    return tuple(place for place in found if place is not None)


def shown_options(texts: Sequence[Sequence[Filled]], shown: NDArray[np.int64], row: int) -> tuple[Option, ...]:
    """The options of one variant, labelled A, B, C…"""
    return tuple(Option(LETTERS[i], texts[option][row]) for i, option in enumerate(shown[:, row].tolist()))
