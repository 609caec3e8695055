"""A distribution that the student states, scored by a proper scoring rule: full marks for the truth alone.

The score is the expected score of the stated q when outcomes follow the true p, scaled so that the truth earns 1 and the
uniform distribution 0 (a *skill score*); it is not below 0, and at most 0.99 for anything but the truth.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from quizgen.answers.bands import NOISE, decimal_fraction
from quizgen.answers.base import (
    CORRECT,
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
    also,
)  # fmt: skip
from quizgen.answers.numeric import CreditedValue
from quizgen.answers.shares import Share, in_order, read_shares
from quizgen.errors import ExpressionError
from quizgen.items import AnswerKey, Filled, Number, Option, StateDistribution, plain
from quizgen.schemes import TrueDistribution, Verdict
from quizgen.variants.expressions import Expression
from quizgen.variants.formats import fixed
from quizgen.variants.sampler import Block
from quizgen.variants.streams import Words
from quizgen.variants.texts import Compiled
from quizgen.variants.values import spread

MOST_PARTIAL = 0.99
"""What is nearly true earns no more, so that a partial mark is seen to be one."""

_OF_ALL = (
    "The right distribution earns all marks. Any other earns more, up to 99 %, the nearer it comes to the right one ({}); one "
    "that is no nearer than equal probabilities for all earns nothing, and neither does what a known mistake leads to."
)
RULES = {
    "brier": _OF_ALL.format("by the sum of the squared differences"),
    "log": _OF_ALL.format("by the KL divergence: a zero where the right one is above zero earns nothing"),
}


class Distribution(AnswerSpec):
    """Probabilities to be stated, one for each label."""

    kind: Literal["distribution"] = "distribution"
    value: str = Field(description="the true distribution, a vector")
    over: str = Field(description="the labels, a list of texts")
    decimals: int = Field(2, ge=1, le=6, description="decimals asked for")
    rule: Literal["brier", "log"] = Field("brier", description="the proper scoring rule")
    mistakes: dict[str, str | CreditedValue] = Field(
        {}, max_length=100, description="mistake: the vector it leads to, or {value, credit}; without credit it earns nothing"
    )

    def compile(self, name: str, path: Path, shop: Workshop) -> Answer:
        """The compiled answer."""
        foreseen = []
        for mistake, vector in self.mistakes.items():
            where = (*path, "mistakes", mistake)
            if isinstance(vector, CreditedValue):
                foreseen.append((mistake, shop.expression(vector.value, (*where, "value")), vector.credit))
            else:
                foreseen.append((mistake, shop.expression(vector, where), 0.0))
        return DistributionAnswer(
            self.shared(name, path, shop),
            shop.expression(self.value, (*path, "value")),
            shop.expression(self.over, (*path, "over")),
            self.decimals,
            self.rule,
            tuple(foreseen),
        )


@dataclass(frozen=True, slots=True)
class DistributionKeys:
    """Of n variants: true distributions (k, n), labels (k, n), each mistake's distributions and where that is surely another
    than the true one, however they are rounded (n,)."""

    value: NDArray[np.float64]
    labels: NDArray[np.object_]
    mistaken: Sequence[NDArray[np.float64]]
    apart: Sequence[NDArray[np.bool_]]
    prompts: Sequence[Filled | None]


@dataclass(frozen=True)
class DistributionAnswer(Answer):
    """A compiled distribution answer."""

    shared: Shared
    value: Expression
    over: Expression
    decimals: int
    rule: str
    foreseen: tuple[tuple[str, Expression, float], ...]

    def key_expressions(self) -> Iterable[Expression]:
        return [self.value]

    def shown(self) -> Iterable[Compiled | Expression]:
        return [*super().shown(), self.over]

    def mistakes(self) -> Iterable[tuple[str, Path]]:
        return [(mistake, ("mistakes", mistake)) for mistake, _, _ in self.foreseen]

    def prepare(self, block: Block, words: Words) -> DistributionKeys:
        value = block.numbers(self.value)
        labels = spread(self.over(block.values), len(block))
        if value.ndim != 2 or labels.shape != value.shape or labels.dtype != object:
            raise ExpressionError(f"'{self.over.source}' must be a list of texts, as long as '{self.value.source}'")
        if not ((value >= 0).all() and np.allclose(value.sum(axis=0), 1, rtol=0, atol=1e-9)):
            raise ExpressionError(f"'{self.value.source}' is not a distribution in every variant")
        mistaken = [block.numbers(vector) for _, vector, _ in self.foreseen]
        # Each is rounded by less than a unit of the last digit.
        apart = [np.abs(vector - value).max(axis=0) > 2 * 10.0**-self.decimals for vector in mistaken]
        return DistributionKeys(value, labels, mistaken, apart, self.shared.prompts(block))

    def interaction(self, keys: DistributionKeys, row: int) -> StateDistribution:
        options = tuple(Option(str(i + 1), plain(str(label))) for i, label in enumerate(keys.labels[:, row]))
        form = f"{self.decimals} decimal{'s' if self.decimals != 1 else ''} each"
        return StateDistribution(keys.prompts[row], options, form, RULES[self.rule])

    def read(self, response: str, reading: Reading) -> tuple[Share, ...]:
        return read_shares(response, reading)

    def mark(
        self,
        keys: DistributionKeys,
        rows: NDArray[np.int64],
        answers: Sequence[Any],
        given: Mapping[str, Sequence[Earlier | None]],
    ) -> list[Mark]:
        return [self._mark_one(keys, row, shares) for row, shares in zip(rows.tolist(), answers, strict=True)]

    def _mark_one(self, keys: DistributionKeys, row: int, shares: tuple[Share, ...]) -> Mark:
        try:
            exact = in_order(shares, [str(label) for label in keys.labels[:, row]])
        except UnreadableError as error:
            return Mark.invalid(str(error))
        true = keys.value[:, row]
        total = sum(exact, Fraction(0))
        if abs(total - 1) > Fraction(len(true), 2) / 10**self.decimals:
            return Mark.invalid(f"the probabilities sum to {_sum(total, self.decimals)}, not to 1")
        if is_rounding(true, exact, self.decimals):
            return CORRECT
        fitting = [
            (mistake, credit)
            for vectors, (mistake, _, credit) in zip(keys.mistaken, self.foreseen, strict=True)
            if is_rounding(vectors[:, row], exact, self.decimals)
        ]
        if fitting:
            mistake, credit = fitting[0]
            return Mark.of(credit, mistake, also("distribution") if len(fitting) > 1 else "")
        return Mark.of(self._score(true, exact, total))

    def _score(self, true: NDArray[np.float64], stated: Sequence[Fraction], total: Fraction) -> float:
        """The skill score, at most `MOST_PARTIAL` because the stated distribution is not the true one."""
        q = np.array([float(part / total) for part in stated])
        uniform = np.full(len(true), 1 / len(true))
        lost = self._divergence(true, q)
        reference = self._divergence(true, uniform)
        if reference < 1e-12:  # the truth is uniform: compare with certainty in one label, or its like for the log rule
            reference = 1 - 1 / len(true) if self.rule == "brier" else float(np.log(len(true)))
        return float(np.clip(1 - lost / reference, 0, MOST_PARTIAL))

    def _divergence(self, p: NDArray[np.float64], q: NDArray[np.float64]) -> float:
        """How much worse q scores than p in expectation: squared distance, or KL divergence in nats."""
        if self.rule == "brier":
            return float(((p - q) ** 2).sum())
        live = p > 0
        with np.errstate(divide="ignore"):
            return float((p[live] * (np.log(p[live]) - np.log(q[live]))).sum())

    def _typed(self, value: NDArray[np.float64]) -> str:
        """A vector as people type it."""
        return "; ".join(fixed(p, self.decimals) for p in value.tolist())

    def key(self, keys: DistributionKeys, row: int) -> AnswerKey:
        def shown(value: NDArray[np.float64]) -> Filled:
            return plain(Number(self._typed(value)))

        mistakes = tuple((mistake, shown(vector)) for mistake, vector in self._mistaken(keys, row))
        return AnswerKey(self.name, shown(keys.value[:, row]), "", mistakes)

    def scheme(self, keys: DistributionKeys, row: int) -> TrueDistribution:
        credits = {mistake: credit for mistake, _, credit in self.foreseen}
        foreseen = tuple(
            (tuple(map(decimal_fraction, vector.tolist())), Verdict(credits[mistake], mistake))
            for mistake, vector in self._mistaken(keys, row)
        )
        probabilities = tuple(map(decimal_fraction, keys.value[:, row].tolist()))
        return TrueDistribution(probabilities, self.decimals, self.rule, foreseen)

    def specimens(self, keys: DistributionKeys, row: int) -> Specimens:
        true = keys.value[:, row]
        right = self._typed(true)
        k = len(true)
        certain = "; ".join("1" if i == int(true.argmin()) else "0" for i in range(k))
        diagnosed = tuple(
            (mistake, typed)
            for mistake, vector in self._mistaken(keys, row)
            if _sums_to_one(typed := self._typed(vector), k, self.decimals)
        )
        unreadable = ("0.5", "; ".join(["0.9"] * k), "x; " + right, "; ".join(["-0.5"] * k), right.rpartition(" ")[0])
        return Specimens((right, right.replace("; ", " ")), (certain,), unreadable, diagnosed)

    def _mistaken(self, keys: DistributionKeys, row: int) -> Iterator[tuple[str, NDArray[np.float64]]]:
        """Each mistake with its vector, where that is not a rounding of the truth."""
        for vectors, apart, (mistake, _, _) in zip(keys.mistaken, keys.apart, self.foreseen, strict=True):
            vector = vectors[:, row]
            if not np.isfinite(vector).all():
                continue
            if not apart[row]:
                typed = [Fraction(fixed(p, self.decimals)) for p in vector.tolist()]
                if is_rounding(keys.value[:, row], typed, self.decimals):
                    continue
            yield mistake, vector


def is_rounding(wanted: NDArray[np.float64], stated: Sequence[Fraction], decimals: int) -> bool:
    """Whether a statement is the wanted vector rounded, one entry at a time or together so that the sum stays 1.

    One at a time: each entry within half a unit of the last digit. Together: rounded down, and as many units as lack to 1
    added to the entries that lost most (largest remainders; of equal ones any): ``0.33; 0.33; 0.34`` for three thirds.
    """
    unit = Fraction(1, 10**decimals)
    if not np.isfinite(wanted).all():
        return False
    exact = [decimal_fraction(p) for p in wanted.tolist()]
    if all(abs(p - q) <= unit / 2 for p, q in zip(exact, stated, strict=True)):
        return True
    floors = [p // unit * unit for p in exact]
    if sum(stated, Fraction(0)) != 1 or any(q - low not in (0, unit) for q, low in zip(stated, floors, strict=True)):
        return False
    lost = [p - low for p, low in zip(exact, floors, strict=True)]
    raised = [loss for loss, q, low in zip(lost, stated, floors, strict=True) if q > low]
    kept = [loss for loss, q, low in zip(lost, stated, floors, strict=True) if q == low]
    return not raised or not kept or min(raised) >= max(kept) - unit * Fraction(NOISE)


def _sums_to_one(typed: str, k: int, decimals: int) -> bool:
    total = sum(map(Fraction, typed.split("; ")), Fraction(0))
    return bool(abs(total - 1) <= Fraction(k, 2) / 10**decimals)


def _sum(total: Fraction, decimals: int) -> str:
    """A sum with as many decimals as show that it is not 1."""
    return fixed(float(total), decimals + 2).rstrip("0").rstrip(".")
