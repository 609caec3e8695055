"""Any number of several options, with a named rule of partial credit that the student is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator, model_validator

from quizgen.answers.base import (
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
from quizgen.answers.choice import MAX_OPTIONS, OptionsAnswer, chosen, shown_options
from quizgen.answers.labels import LETTERS, Named, read_named
from quizgen.answers.pool import OptionSpec, between, choose, compile_option, distinct_count, pool_of
from quizgen.items import AnswerKey, ChooseMany, Filled, plain
from quizgen.variants.sampler import Block
from quizgen.variants.streams import Words

NOTHING = frozenset({"none", "none of them", "none of these", "-", "–", "—"})
"""Responses that deliberately tick nothing."""

Rule = Callable[[int, int, int, int], float]


def _percent_correct(t: int, f: int, c: int, w: int) -> float:
    return max(t - f, 0) / c if c else float(f == 0)


CREDIT: Mapping[str, tuple[Rule, str]] = {
    "all-or-nothing": (
        lambda t, f, c, w: float(t == c and f == 0),
        "Full marks for exactly the right set, otherwise none.",
    ),
    "every-decision-counts": (
        lambda t, f, c, w: (t + w - f) / (c + w),
        "Each option counts equally: right options ticked and wrong options left open earn their share.",
    ),
    "all": (
        lambda t, f, c, w: float(f == 0) * (t / c if c else 1.0),
        "Each right option ticked earns a share; a single wrong option ticked costs everything.",
    ),
    "none": (
        lambda t, f, c, w: t / c if c else float(f == 0),
        "Each right option ticked earns a share; wrong options ticked cost nothing.",
    ),
    "percent-correct": (
        _percent_correct,
        "Each right option ticked earns a share, each wrong option ticked costs as much; not below 0.",
    ),
    "true": (_percent_correct, "Each right option ticked earns a share, each wrong option ticked costs as much; not below 0."),
    "coverage": (
        lambda t, f, c, w: (t / c) * (t / (t + f)) if t else float(c == 0 and f == 0),
        "The share of right options that you ticked, times the share of your ticks that are right.",
    ),
    "false": (
        lambda t, f, c, w: max((t / c if c else 1.0) - (f / w if w else 0.0), 0.0),
        "Each right option ticked earns a share; each wrong option ticked costs its share of all wrong ones; not below 0.",
    ),
    "false2": (
        lambda t, f, c, w: max((t / c if c else 1.0) - f / max(w, 2), 0.0),
        "Each right option ticked earns a share; each wrong option ticked costs its share of all wrong ones, "
        "at most a half; not below 0.",
    ),
}
"""Fractions of t right and f wrong options ticked, of c right and w wrong ones offered; and how the student is told."""


class Multiple(AnswerSpec):
    """Any number of several options."""

    kind: Literal["multiple"] = "multiple"
    options: list[OptionSpec] = Field(max_length=100, description="options with true_when: a condition, or true or false")
    choose: int | None = Field(None, ge=2, le=MAX_OPTIONS, description="how many options are shown")
    order: Literal["shuffle", "fixed"] = "shuffle"
    credit: Literal[
        "all-or-nothing", "every-decision-counts", "percent-correct", "coverage", "true", "false", "false2", "all", "none"
    ] = Field("all-or-nothing", description="the rule of partial credit")  # fmt: skip
    min_true: int = Field(1, ge=0, description="fewest right options")
    max_true: int | None = Field(None, ge=1, description="most right options")

    # YAML reads the bare words `true` and `false` as truth values; here they are rules' names.
    _credit = field_validator("credit", mode="before")(lambda value: str(value).lower() if isinstance(value, bool) else value)

    @model_validator(mode="after")
    def _forms(self) -> Multiple:
        if not len(self.options) >= 2:
            raise ValueError("there must be at least two options")
        if (self.choose or len(self.options)) > min(len(self.options), MAX_OPTIONS):
            raise ValueError(f"at most {min(len(self.options), MAX_OPTIONS)} options can be shown; give 'choose'")
        if self.order == "fixed" and self.choose not in (None, len(self.options)):
            raise ValueError("'order: fixed' shows every option: leave out 'choose'")
        if self.max_true is not None and self.max_true < self.min_true:
            raise ValueError("'max_true' is below 'min_true'")
        return self

    def compile(self, name: str, path: Path, shop: Workshop) -> Answer:
        """The compiled answer."""
        options = []
        for i, option in enumerate(self.options):
            where = (*path, "options", i)
            if option.true_when is None:
                shop.problem(where, "an option needs 'true_when': a condition, or true or false")
            options.append(compile_option(option, where, shop, option.true_when or False))
        shown = self.choose or len(options)
        return MultipleAnswer(
            Shared(name, self.weight, shop.text(self.label, (*path, "label")) if self.label else None),
            tuple(options),
            shown,
            self.order,
            self.credit,
            self.min_true,
            shown if self.max_true is None else min(self.max_true, shown),
        )


@dataclass(frozen=True, slots=True)
class MultipleKeys:
    """Of n variants: which options are shown (k, n) in their order, and which of them are right (k, n)."""

    texts: Sequence[Sequence[Filled]]
    shown: NDArray[np.int64]
    right: NDArray[np.bool_]
    ok: NDArray[np.bool_]
    prompts: Sequence[Filled] | None
    feedback: Mapping[int, Sequence[Filled]]


@dataclass(frozen=True)
class MultipleAnswer(OptionsAnswer):
    """A compiled multiple answer."""

    credit: str
    min_true: int
    max_true: int

    def prepare(self, block: Block, words: Words) -> MultipleKeys:
        pool = pool_of(self.options, block)
        m = len(self.options)
        true, false = distinct_count(pool, pool.offered & pool.true), distinct_count(pool, pool.offered & ~pool.true)
        fewest = np.maximum(self.min_true, self.choose - false)
        most = np.minimum(np.minimum(self.max_true, self.choose), true)
        chosen, ok = choose(pool, pool.true, between(words[-1], fewest, most), self.choose, words[:m])
        shown = self.arranged(pool, chosen, words[m : m + self.choose])
        right = np.take_along_axis(pool.true, shown, axis=0)
        ok = ok & (fewest <= most)
        return MultipleKeys(pool.texts, shown, right, ok, self.prompts(block), self.feedbacks(block))

    def refusals(self, block: Block, words: Words) -> Iterable[tuple[str, NDArray[np.bool_]]]:
        keys = self.prepare(block, words)
        yield (
            f"answer '{self.name}': not {self.choose} options that differ, {self.min_true} or more of them right",
            ~keys.ok,
        )

    def interaction(self, keys: MultipleKeys, row: int) -> ChooseMany:
        prompt = keys.prompts[row] if keys.prompts else None
        return ChooseMany(prompt, shown_options(keys.texts, keys.shown, row), CREDIT[self.credit][1])

    def read(self, response: str, reading: Reading) -> Named:
        if response.strip(" .\n").casefold() in NOTHING:
            return Named(())
        if re.fullmatch(r"(?:[a-z][\s,;]+)+none|none(?:[\s,;]+[a-z])+", response.strip().casefold()):
            raise UnreadableError("'none' is ticked together with an option")
        return read_named(response)

    def mark(
        self, keys: MultipleKeys, rows: NDArray[np.int64], answers: Sequence[Any], given: Mapping[str, Sequence[Earlier | None]]
    ) -> list[Mark]:
        return [self._mark_one(keys, row, named) for row, named in zip(rows.tolist(), answers, strict=True)]

    def _mark_one(self, keys: MultipleKeys, row: int, named: Named) -> Mark:
        try:
            ticked = set() if named == Named(()) else set(chosen(named, keys.texts, keys.shown, row))
        except UnreadableError as error:
            return Mark.invalid(str(error))
        right = set(np.flatnonzero(keys.right[:, row]).tolist())
        wrong_ticks, missed = sorted(ticked - right), sorted(right - ticked)
        fraction = CREDIT[self.credit][0](len(ticked & right), len(wrong_ticks), len(right), len(keys.shown) - len(right))
        mistakes = [self.options[int(keys.shown[i, row])].mistake for i in (*wrong_ticks, *missed)]
        feedback = next(
            (keys.feedback[option][row] for i in (*wrong_ticks, *missed)
             if (option := int(keys.shown[i, row])) in keys.feedback), None,
        )  # fmt: skip
        notes = []
        if wrong_ticks:
            notes.append(f"ticked but not right: {' '.join(LETTERS[i] for i in wrong_ticks)}")
        if missed:
            notes.append(f"right but not ticked: {' '.join(LETTERS[i] for i in missed)}")
        return Mark.of(fraction, next(filter(None, mistakes), ""), "; ".join(notes), feedback)

    def key(self, keys: MultipleKeys, row: int) -> AnswerKey:
        labels = " ".join(LETTERS[i] for i in np.flatnonzero(keys.right[:, row]).tolist()) or "none"
        mistakes = tuple(
            (self.options[option].mistake, keys.texts[option][row])
            for i, option in enumerate(keys.shown[:, row].tolist())
            if self.options[option].mistake and not keys.right[i, row]
        )
        return AnswerKey(self.name, plain(labels), "", mistakes)

    def specimens(self, keys: MultipleKeys, row: int) -> Specimens:
        right = [LETTERS[i] for i in np.flatnonzero(keys.right[:, row]).tolist()]
        flipped = [LETTERS[i] for i in range(len(keys.shown)) if LETTERS[i] not in right]
        return Specimens(
            (" ".join(right) or "none", ", ".join(reversed(right)).lower() or "none"),
            (" ".join(flipped) or "none",),
            ("?", LETTERS[len(keys.shown)], "A A"),
        )
