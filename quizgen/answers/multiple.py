"""Any number of several options, with a named rule of partial credit that the student is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator, model_validator

from quizgen.answers.base import Answer, AnswerSpec, Mark, Path, Reading, Specimens, UnreadableError, Workshop
from quizgen.answers.labels import LETTERS, Found, Named
from quizgen.answers.options import MAX_OPTIONS, Offer, OptionsAnswer
from quizgen.answers.pool import OptionSpec, between, choose, compile_option, distinct_count, pool_of
from quizgen.items import AnswerKey, ChooseMany, plain
from quizgen.schemes import ManyOptions, Verdict
from quizgen.variants.sampler import Block
from quizgen.variants.streams import Words

NOTHING = frozenset({"none", "none of them", "none of these"})
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
    order: Literal["shuffle", "fixed"] = Field("shuffle", description="how the options stand; fixed: as written")
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
            self.shared(name, path, shop),
            tuple(options),
            shown,
            self.order,
            self.credit,
            self.min_true,
            shown if self.max_true is None else min(self.max_true, shown),
        )


@dataclass(frozen=True, slots=True)
class MultipleKeys:
    """Of n variants: what they offer, and which of the options shown are right (k, n)."""

    offer: Offer
    right: NDArray[np.bool_]

    def right_places(self, row: int) -> list[int]:
        """The places of the right options of one variant."""
        return [int(place) for place in np.flatnonzero(self.right[:, row])]


@dataclass(frozen=True)
class MultipleAnswer(OptionsAnswer):
    """A compiled multiple answer."""

    several = True

    credit: str
    min_true: int
    max_true: int

    def prepare(self, block: Block, words: Words) -> MultipleKeys:
        pool = pool_of(self.pool, block)
        true, false = distinct_count(pool, pool.offered & pool.true), distinct_count(pool, pool.offered & ~pool.true)
        fewest = np.maximum(self.min_true, self.choose - false)
        most = np.minimum(np.minimum(self.max_true, self.choose), true)
        chosen, ok = choose(pool, pool.true, between(words[-1], fewest, most), self.choose, words[: len(self.pool)])
        offer = self.offer(pool, chosen, ok & (fewest <= most), words, block)
        return MultipleKeys(offer, np.take_along_axis(pool.true, offer.shown, axis=0))

    def refusals(self, block: Block, words: Words) -> Iterable[tuple[str, NDArray[np.bool_]]]:
        reason = f"answer '{self.name}': not {self.choose} options that differ, {self.min_true} or more of them right"
        yield reason, ~self.prepared(block, words).offer.ok

    def interaction(self, keys: MultipleKeys, row: int) -> ChooseMany:
        return ChooseMany(keys.offer.prompt(row), keys.offer.options(row), CREDIT[self.credit][1])

    def read(self, response: str, reading: Reading) -> Named:
        if response.strip(" .\n").casefold() in NOTHING:
            return Named(())
        if re.fullmatch(r"(?:[a-z][\s,;]+)+none|none(?:[\s,;]+[a-z])+", response.strip().casefold()):
            raise UnreadableError("'none' is ticked together with an option")
        if not response.strip(" .\n-\u2010\u2011\u2012–—−"):
            raise UnreadableError(f"'{response.strip()}' names no option; type none where you mean that none is right")
        return super().read(response, reading)

    def mark_found(self, keys: MultipleKeys, row: int, found: Found) -> Mark:
        ticked, right = {place for place in found.places if place is not None}, set(keys.right_places(row))
        wrong_ticks, missed = sorted(ticked - right), sorted(right - ticked)
        fraction = CREDIT[self.credit][0](len(ticked & right), len(wrong_ticks), len(right), len(keys.right) - len(right))
        wrong = (*wrong_ticks, *missed)
        notes = [
            f"{what}: {' '.join(LETTERS[place] for place in places)}"
            for what, places in (("ticked but not right", wrong_ticks), ("right but not ticked", missed))
            if places
        ]
        mistake = next(filter(None, (self.mistake_at(keys.offer, place, row) for place in wrong)), "")
        return Mark.of(fraction, mistake, "; ".join(filter(None, [found.note, *notes])), keys.offer.said(wrong, row))

    def key(self, keys: MultipleKeys, row: int) -> AnswerKey:
        right, options = keys.right_places(row), keys.offer.options(row)
        labels = " ".join(LETTERS[place] for place in right) or "none"
        mistakes = ((mistake, options[place].text) for mistake, place in self.tempting(keys.offer, row, right))
        return AnswerKey(self.name, plain(labels), "", tuple(mistakes))

    def scheme(self, keys: MultipleKeys, row: int) -> ManyOptions:
        right = tuple(keys.right[:, row].tolist())
        verdicts = tuple(
            Verdict(float(right[place]), self.mistake_at(keys.offer, place, row), keys.offer.said([place], row))
            for place in range(len(right))
        )
        return ManyOptions(right, verdicts, self.credit)

    def specimens(self, keys: MultipleKeys, row: int) -> Specimens:
        k = len(keys.right)
        right = [LETTERS[place] for place in keys.right_places(row)]
        flipped = [LETTERS[i] for i in range(k) if LETTERS[i] not in right]
        return Specimens(
            (" ".join(right) or "none", ", ".join(reversed(right)).lower() or "none"),
            (" ".join(flipped) or "none",),
            ("?", "A A", *([] if keys.offer.letters else [LETTERS[k]])),  # a letter may be an option's own text
        )
