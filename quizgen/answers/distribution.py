"""A distribution that the student states, scored by a proper scoring rule: full marks for the truth alone.

The score is the expected score of the stated q when outcomes follow the true p, scaled so that the truth earns 1 and the
uniform distribution 0 (a *skill score*); it is not below 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from quizgen.answers.base import (
    Answer,
    AnswerSpec,
    Mark,
    Path,
    Reading,
    Shared,
    Specimens,
    UnreadableError,
    Workshop,
)  # fmt: skip
from quizgen.answers.numbers import TypedNumber, parse_number
from quizgen.errors import ExpressionError, NumberError
from quizgen.items import AnswerKey, Filled, Number, Option, StateDistribution, plain
from quizgen.variants.expressions import Expression
from quizgen.variants.formats import fixed
from quizgen.variants.sampler import Block
from quizgen.variants.streams import Words
from quizgen.variants.values import spread

RULES = {
    "brier": "Marked by the Brier skill score: 1 minus your squared distance from the true distribution, as a share of "
    "the uniform distribution's; not below 0.",
    "log": "Marked by the logarithmic skill score: 1 minus the KL divergence of your distribution from the true one, as a "
    "share of the uniform distribution's; not below 0. A zero where the truth is above zero earns nothing.",
}


class Distribution(AnswerSpec):
    """Probabilities to be stated, one for each label."""

    kind: Literal["distribution"] = "distribution"
    value: str = Field(description="the true distribution, a vector")
    over: str = Field(description="the labels, a list of texts")
    decimals: int = Field(2, ge=1, le=6, description="decimals asked for")
    rule: Literal["brier", "log"] = Field("brier", description="the proper scoring rule")
    mistakes: dict[str, str] = Field({}, description="mistake: the vector it leads to")

    def compile(self, name: str, path: Path, shop: Workshop) -> Answer:
        """The compiled answer."""
        return DistributionAnswer(
            Shared(name, self.weight, shop.text(self.label, (*path, "label")) if self.label else None),
            shop.expression(self.value, (*path, "value")),
            shop.expression(self.over, (*path, "over")),
            self.decimals,
            self.rule,
            tuple((m, shop.expression(vector, (*path, "mistakes", m))) for m, vector in self.mistakes.items()),
        )


@dataclass(frozen=True, slots=True)
class DistributionKeys:
    """Of n variants: true distributions (k, n), labels (k, n) and each mistake's distributions."""

    value: NDArray[np.float64]
    labels: NDArray[np.object_]
    mistaken: Sequence[NDArray[np.float64]]
    prompts: Sequence[Filled] | None


@dataclass(frozen=True)
class DistributionAnswer(Answer):
    """A compiled distribution answer."""

    shared: Shared
    value: Expression
    over: Expression
    decimals: int
    rule: str
    foreseen: tuple[tuple[str, Expression], ...]

    def key_names(self) -> frozenset[str]:
        return self.value.names

    def shown_names(self) -> frozenset[str]:
        return super().shown_names() | self.over.names

    def expressions(self) -> Iterable[Expression]:
        return [self.value, self.over, *(vector for _, vector in self.foreseen)]

    def mistakes(self) -> Iterable[tuple[str, Path]]:
        return [(mistake, ("mistakes", mistake)) for mistake, _ in self.foreseen]

    def prepare(self, block: Block, words: Words) -> DistributionKeys:
        value = block.numbers(self.value)
        labels = spread(self.over(block.values), len(block))
        if value.ndim != 2 or labels.shape != value.shape or labels.dtype != object:
            raise ExpressionError(f"'{self.over.source}' must be a list of texts, as long as '{self.value.source}'")
        if not ((value >= 0).all() and np.allclose(value.sum(axis=0), 1, rtol=0, atol=1e-9)):
            raise ExpressionError(f"'{self.value.source}' is not a distribution in every variant")
        prompts = self.shared.prompt.fill(block) if self.shared.prompt else None
        return DistributionKeys(value, labels, [block.numbers(vector) for _, vector in self.foreseen], prompts)

    def interaction(self, keys: DistributionKeys, row: int) -> StateDistribution:
        options = tuple(Option(str(i + 1), plain(str(label))) for i, label in enumerate(keys.labels[:, row]))
        form = f"{self.decimals} decimal{'s' if self.decimals != 1 else ''} each, summing to 1"
        return StateDistribution(keys.prompts[row] if keys.prompts else None, options, form, RULES[self.rule])

    def read(self, response: str, reading: Reading) -> tuple[TypedNumber, ...]:
        """Numbers separated by semicolons, or by spaces, or by commas where those are no decimal marks."""
        text = response.strip().strip("[](){}")
        if ";" in text or "|" in text:
            parts = re.split(r"[;|]", text)
        elif "," in text and (re.search(r",\s", text) or (not reading.decimal_comma and "." in text)):
            parts = text.split(",")
        else:
            parts = text.split()
        while parts and not parts[-1].strip():
            parts.pop()
        numbers = []
        for i, part in enumerate(parts, 1):
            if not part.strip():
                raise UnreadableError(f"the {_ordinal(i)} probability is missing")
            try:
                number = parse_number(part.rpartition("=")[2].rpartition(":")[2], decimal_comma=reading.decimal_comma)
            except NumberError as error:
                raise UnreadableError(f"the {_ordinal(i)} probability cannot be read: {error}") from error
            if number.value is None or not 0 <= number.value <= 1:
                raise UnreadableError(f"the {_ordinal(i)} probability is not between 0 and 1")
            numbers.append(number)
        return tuple(numbers)

    def mark(
        self,
        keys: DistributionKeys,
        rows: NDArray[np.int64],
        answers: Sequence[Any],
        given: Mapping[str, Sequence[Any]],
    ) -> list[Mark]:
        return [self._mark_one(keys, row, stated) for row, stated in zip(rows.tolist(), answers, strict=True)]

    def _mark_one(self, keys: DistributionKeys, row: int, stated: tuple[TypedNumber, ...]) -> Mark:
        true = keys.value[:, row]
        k = len(true)
        if len(stated) != k:
            return Mark.invalid(f"{len(stated)} probabilities are stated where {k} are asked for")
        exact = [number.value or Fraction(0) for number in stated]
        half = Fraction(1, 2) / 10**self.decimals
        total = sum(exact, Fraction(0))
        if abs(total - 1) > half * k:
            return Mark.invalid(f"the probabilities sum to {fixed(float(total), self.decimals + 1)}, not to 1")
        if self._matches(true, exact, half):
            return Mark.of(1.0)
        for vectors, (mistake, _) in zip(keys.mistaken, self.foreseen, strict=True):
            if self._matches(vectors[:, row], exact, half):
                return Mark.of(self._score(true, exact, total), mistake)
        return Mark.of(self._score(true, exact, total))

    @staticmethod
    def _matches(wanted: NDArray[np.float64], stated: Sequence[Fraction], half: Fraction) -> bool:
        """Whether every entry is a correct rounding of the wanted one."""
        return all(abs(Fraction(f"{p:.15g}") - q) <= half for p, q in zip(wanted.tolist(), stated, strict=True))

    def _score(self, true: NDArray[np.float64], stated: Sequence[Fraction], total: Fraction) -> float:
        """The skill score, below 1 because the stated distribution is not the true one."""
        q = np.array([float(part / total) for part in stated])
        uniform = np.full(len(true), 1 / len(true))
        lost = self._divergence(true, q)
        reference = self._divergence(true, uniform)
        if reference < 1e-12:  # the truth is uniform: compare with certainty in one label, or its like for the log rule
            reference = 1 - 1 / len(true) if self.rule == "brier" else float(np.log(len(true)))
        return float(np.clip(1 - lost / reference, 0, 1 - 1e-9))

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

        mistakes = tuple(
            (mistake, shown(vectors[:, row])) for vectors, (mistake, _) in zip(keys.mistaken, self.foreseen, strict=True)
        )
        return AnswerKey(self.name, shown(keys.value[:, row]), "", mistakes)

    def specimens(self, keys: DistributionKeys, row: int) -> Specimens:
        true = keys.value[:, row]
        right = self._typed(true)
        k = len(true)
        flat = "; ".join([fixed(1 / k, 6)] * k)
        certain = "; ".join("1" if i == int(true.argmin()) else "0" for i in range(k))
        diagnosed = tuple(
            (mistake, self._typed(vectors[:, row])) for vectors, (mistake, _) in zip(keys.mistaken, self.foreseen, strict=True)
        )
        wrong = (certain,) if (true - 1 / k).any() else ()
        unreadable = ("0.5", "; ".join(["0.9"] * k), flat.replace("0", "x", 1), "; ".join(["-0.5"] * k))
        return Specimens((right, right.replace("; ", " ")), wrong, unreadable, diagnosed)


def _ordinal(i: int) -> str:
    return {1: "first", 2: "second", 3: "third"}.get(i, f"{i}th")
