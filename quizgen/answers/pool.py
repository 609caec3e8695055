"""Choosing which options a variant shows: as many of each sort as wanted, no two that look alike, all as likely.

Shared by the kinds that have options. Arrays have the pool on their first axis and the variants on their last.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from quizgen.answers.base import Path, Workshop
from quizgen.folding import squeezed
from quizgen.items import Filled
from quizgen.variants.expressions import Expression
from quizgen.variants.formats import fixed, significant
from quizgen.variants.sampler import Block
from quizgen.variants.streams import Words, below
from quizgen.variants.texts import Compiled, plain_texts
from quizgen.variants.values import round_decimals, round_significant

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


class OptionSpec(BaseModel):
    """An option: a text, or a value with its rounding."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str | None = Field(None, description="Markdown on one line, with {{ }}")
    value: str | float | None = Field(None, description="an expression for a number")
    decimals: int | None = Field(None, ge=0, le=12, description="decimals of the number shown")
    sigfigs: int | None = Field(None, ge=1, le=12, description="significant digits of the number shown")
    unit: str = Field("", description="the unit shown after the number")
    true_when: bool | str | None = Field(None, description="the condition under which the statement is true")
    when: str | None = Field(None, description="the option is offered only where this holds")
    mistake: str | None = Field(None, description="the mistake that makes it tempting")
    feedback: str | None = Field(None, description="what a student reads who chose it")


@dataclass(frozen=True, slots=True)
class PoolOption:
    """A compiled option."""

    text: Compiled
    value: Expression | None
    rounding: tuple[str, int] | None
    true_when: Expression | bool
    when: Expression | None
    mistake: str
    feedback: Compiled | None
    path: Path

    def expressions(self) -> list[Expression]:
        """Its conditions and value."""
        candidates = (self.value, self.true_when, self.when)
        return [part for part in candidates if isinstance(part, Expression)]


def compile_option(
    spec: OptionSpec, path: Path, shop: Workshop, true_when: bool | str, rounding: tuple[str, int] | None = None
) -> PoolOption:
    """The option, with what is wrong reported to the workshop."""
    own = ("decimals", spec.decimals) if spec.decimals is not None else None
    own = ("sigfigs", spec.sigfigs) if spec.sigfigs is not None else own
    value = None
    if (spec.text is None) == (spec.value is None):
        shop.problem(path, "an option has either 'text' or 'value'")
    source = spec.text or ""
    if spec.value is not None:
        rounding = own or rounding
        value = shop.expression(spec.value, (*path, "value"))
        if rounding is None:
            shop.problem(path, "an option with 'value' needs 'decimals' or 'sigfigs'")
        else:
            form = "fixed" if rounding[0] == "decimals" else "sig"
            unit = f" {spec.unit}" if spec.unit else ""
            source = f"{{{{ ({spec.value})|{form}({rounding[1]}) }}}}{unit}"
    text_path = (*path, "text") if spec.text is not None else (*path, "value")
    condition: Expression | bool = true_when if isinstance(true_when, bool) else True
    if isinstance(true_when, str):
        condition = shop.expression(true_when, (*path, "true_when"))
    return PoolOption(
        shop.text(source, text_path),
        value,
        rounding if value is not None else None,
        condition,
        shop.expression(spec.when, (*path, "when")) if spec.when is not None else None,
        spec.mistake or "",
        shop.text(spec.feedback, (*path, "feedback")) if spec.feedback is not None else None,
        path,
    )


@dataclass(frozen=True, slots=True)
class Pool:
    """The options of a block: their texts, look (equal numbers look alike), truth, whether offered, and numeric value."""

    texts: Sequence[Sequence[Filled]]
    looks: Ints
    true: Bools
    offered: Bools
    values: NDArray[np.float64] | None


def pool_of(options: Sequence[PoolOption], block: Block) -> Pool:
    """The pool of a block of variants."""
    texts = [option.text.fill(block) for option in options]
    true = np.array([_condition(option.true_when, block) for option in options])
    offered = np.array([_condition(True if option.when is None else option.when, block) for option in options])
    values = None
    if all(option.value is not None for option in options):
        values = np.array([_rounded(option, block) for option in options])
        looks = np.unique(values, return_inverse=True)[1].reshape(values.shape).astype(np.int64)
    else:
        looks = looks_of(texts)
    return Pool(texts, looks, true, offered, values)


def _condition(condition: Expression | bool, block: Block) -> Bools:
    return np.full(len(block), condition) if isinstance(condition, bool) else block.truths(condition)


def _rounded(option: PoolOption, block: Block) -> NDArray[np.float64]:
    assert option.value is not None
    form, digits = option.rounding or ("decimals", 6)
    rounded = (round_decimals if form == "decimals" else round_significant)(block.single_numbers(option.value), digits)
    return np.asarray(rounded)


def looks_of(texts: Sequence[Sequence[Filled]]) -> Ints:
    """Numbers for what texts (k, n) look like; spaces and letters' case do not make a difference."""
    return np.array([_looks(column) for column in texts], dtype=np.int64)


def _looks(texts: Sequence[Filled]) -> Sequence[int] | Ints:
    if texts and not texts[0].text.tags:
        return np.full(len(texts), hash(squeezed(texts[0].text.marked)), dtype=np.int64)
    # Far fewer values are shown than variants: each is looked at once.
    looks = {one.values: place for place, one in enumerate(texts)}
    told = plain_texts([texts[place] for place in looks.values()])
    known = dict(zip(looks, (hash(squeezed(text)) for text in told), strict=True))
    return [known[one.values] for one in texts]


def choose(pool: Pool, group: Bools, first: Ints, total: int, priority: Words) -> tuple[Ints, Bools]:
    """Which options are shown, of shape (total, n) in the order chosen, and for whom there were enough.

    ``first`` of those in ``group`` and the rest of the others, all of different looks, by random priority.
    """
    m, n = pool.offered.shape
    columns = np.arange(n)
    left = np.stack([total - first, first])
    open_ = pool.offered.copy()
    chosen = np.zeros((total, n), dtype=np.int64)
    ok = (first >= 0) & (first <= total)
    which = group.astype(np.int64)
    for place in range(total):
        eligible = open_ & (np.take_along_axis(left, which, axis=0) > 0)
        ranked = np.where(eligible, priority[:m] >> np.uint64(1), np.uint64(0))
        best = ranked.argmax(axis=0)
        ok &= eligible[best, columns]
        chosen[place] = best
        left[which[best, columns], columns] -= 1
        open_ &= pool.looks != pool.looks[best, columns]
    return chosen, ok


def distinct_count(pool: Pool, among: Bools) -> Ints:
    """How many different looks there are among some options, for each variant."""
    count = np.zeros(among.shape[1], dtype=np.int64)
    for i in range(len(among)):
        seen = np.zeros(among.shape[1], dtype=np.bool_)
        for j in range(i):
            seen |= among[j] & (pool.looks[j] == pool.looks[i])
        count += among[i] & ~seen
    return count


def between(word: Words, low: Ints, high: Ints) -> Ints:
    """Uniform whole numbers from low to high, both included (low where there are none)."""
    return low + below(word, np.maximum(high - low + 1, 1))


@functools.lru_cache(maxsize=20_000)
def written(value: float, rounding: tuple[str, int]) -> str:
    """A number as a person types it when asked to round it so."""
    form, digits = rounding
    return str(fixed(value, digits) if form == "decimals" else significant(value, digits))
