"""One of several options: a pool of statements that are true or false of a variant's numbers, or a key with distractors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator, model_validator

from quizgen.answers.base import CORRECT, WRONG, Answer, AnswerSpec, Mark, Path, Specimens, UnreadableError, Workshop
from quizgen.answers.labels import LETTERS, Found
from quizgen.answers.options import MAX_OPTIONS, Offer, OptionsAnswer
from quizgen.answers.pool import OptionSpec, Pool, PoolOption, between, choose, compile_option, distinct_count, pool_of
from quizgen.items import AnswerKey, ChooseOne
from quizgen.schemes import OneOption, Verdict
from quizgen.variants.sampler import Block
from quizgen.variants.streams import Words


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
            self.shared(name, path, shop),
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
    """Of n variants: what they offer, and the place of the key (n,)."""

    offer: Offer
    key: NDArray[np.int64]


@dataclass(frozen=True)
class ChoiceAnswer(OptionsAnswer):
    """A compiled choice."""

    several = False

    def prepare(self, block: Block, words: Words) -> ChoiceKeys:
        pool = pool_of(self.pool, block)
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
        offer = self.offer(pool, np.concatenate([key, others]), ok & enough, words, block)
        return ChoiceKeys(offer, (offer.shown == key[0]).argmax(axis=0))

    def refusals(self, block: Block, words: Words) -> Iterable[tuple[str, NDArray[np.bool_]]]:
        keys = self.prepared(block, words)
        yield f"answer '{self.name}': not one right and {self.choose - 1} wrong options that differ", ~keys.offer.ok

    def interaction(self, keys: ChoiceKeys, row: int) -> ChooseOne:
        return ChooseOne(keys.offer.prompt(row), keys.offer.options(row))

    def mark_found(self, keys: ChoiceKeys, row: int, found: Found) -> Mark:
        if len(found.places) != 1 or found.places[0] is None:
            raise UnreadableError(f"{len(found.places)} options are named where one is asked for")
        place = found.places[0]
        right = place == keys.key[row]
        mistake, feedback = self.mistake_at(keys.offer, place, row), keys.offer.said([place], row)
        if not found.note and feedback is None and (right or not mistake):
            return CORRECT if right else WRONG
        return Mark.of(float(right), mistake, found.note, feedback)

    def key(self, keys: ChoiceKeys, row: int) -> AnswerKey:
        options = keys.offer.options(row)
        right = options[int(keys.key[row])]
        mistakes = ((mistake, options[place].text) for mistake, place in self.tempting(keys.offer, row, [int(keys.key[row])]))
        return AnswerKey(self.name, right.text, right.label, tuple(mistakes))

    def key_typed(self, keys: ChoiceKeys, row: int) -> str:
        return LETTERS[int(keys.key[row])]

    def scheme(self, keys: ChoiceKeys, row: int) -> OneOption:
        right = int(keys.key[row])
        verdicts = []
        for place in range(len(keys.offer.shown)):
            mistake = "" if place == right else self.mistake_at(keys.offer, place, row)
            verdicts.append(Verdict(float(place == right), mistake, keys.offer.said([place], row)))
        return OneOption(tuple(verdicts))

    def specimens(self, keys: ChoiceKeys, row: int) -> Specimens:
        place, k = int(keys.key[row]), len(keys.offer.shown)
        right = LETTERS[place]
        others = [LETTERS[i] for i in range(k) if i != place]
        diagnosed = tuple((mistake, LETTERS[i]) for mistake, i in self.tempting(keys.offer, row, [place]))
        # where options are letters or the like, other responses name one of them too
        unreadable = ("?",) if keys.offer.letters else ("?", f"{right} {others[0]}", LETTERS[k])
        rights = (right, right.lower(), f" ({right}) ", f"Option {right}", f"{right.lower()})", f"{right}.")
        return Specimens(rights, tuple(others), unreadable, diagnosed)
