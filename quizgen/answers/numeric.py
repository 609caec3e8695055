"""Numbers: the student types one, and it is right within a band around the key.

The band follows from the rounding asked for: whatever rounds correctly to the key's digits is right. Its bounds are
inclusive and decided in decimal arithmetic; arrays are compared in double precision first, and only what lies within
rounding error of a bound is decided exactly.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from quizgen.answers.base import Answer, AnswerSpec, Mark, Path, Reading, Shared, Specimens, Workshop
from quizgen.answers.numbers import TypedNumber, parse_number
from quizgen.answers.pool import written
from quizgen.errors import ExpressionError
from quizgen.items import AnswerKey, EnterNumber, Number, plain
from quizgen.variants.expressions import Expression
from quizgen.variants.sampler import Block, Program, compute_lets
from quizgen.variants.streams import Words
from quizgen.variants.values import Value, spread

NATS_PER = {"nats": 1.0, "bits": math.log(2), "bans": math.log(10)}
"""How many nats one unit of information is."""

Floats = NDArray[np.float64]


class ToleranceSpec(BaseModel):
    """The accuracy to mark: ``abs`` in the key's unit, ``rel`` as a fraction of the key."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    abs: float | None = Field(None, gt=0)
    rel: float | None = Field(None, gt=0, lt=1)

    @model_validator(mode="after")
    def _one(self) -> ToleranceSpec:
        if (self.abs is None) == (self.rel is None):
            raise ValueError("tolerance is {abs: 0.01} or {rel: 0.02}")
        return self


class CreditedValue(BaseModel):
    """A value that is not the key, and the fraction that it earns."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: str | float
    credit: float = Field(0.0, ge=0, le=1)


class Numeric(AnswerSpec):
    """A number.

    >>> Numeric(value=0.105, decimals=3).mark("0,105").outcome
    'correct'
    """

    kind: Literal["numeric"] = "numeric"
    value: str | float = Field(description="the key, an expression")
    decimals: int | None = Field(None, ge=0, le=12, description="decimals asked for")
    sigfigs: int | None = Field(None, ge=1, le=12, description="significant digits asked for")
    tolerance: ToleranceSpec | None = Field(None, description="accuracy to mark, wider than the rounding")
    rounded_steps: list[str] = Field([], description="lets that may be rounded to one digit more than asked before going on")
    unit: str = Field("", description="unit of the key")
    accept_units: list[str] = Field([], description="units that are converted when typed")
    mistakes: dict[str, str | float | CreditedValue] = Field({}, description="mistake: the value it leads to")
    follow_through: str | CreditedValue | None = Field(None, description="the value from what was typed before: given.name")
    wrong_form: float = Field(1.0, ge=0, le=1, description="fraction for the right value with another number of digits")

    @model_validator(mode="after")
    def _forms(self) -> Numeric:
        if self.decimals is not None and self.sigfigs is not None:
            raise ValueError("give 'decimals' or 'sigfigs', not both")
        if self.decimals is None and self.sigfigs is None and self.tolerance is None:
            raise ValueError("give 'decimals' or 'sigfigs' (the rounding asked for), or a 'tolerance'")
        for unit in self.accept_units:
            if unit not in NATS_PER or self.unit not in NATS_PER:
                raise ValueError(f"only nats, bits and bans can be converted, not {unit!r} to {self.unit!r}")
        return self

    def compile(self, name: str, path: Path, shop: Workshop) -> Answer:
        """The compiled answer."""
        lets = {let.name for let in shop.program.lets}
        for i, step in enumerate(self.rounded_steps):
            if step not in lets:
                shop.problem((*path, "rounded_steps", i), f"'{step}' is not a name of let")
        rounding = ("sigfigs", self.sigfigs) if self.sigfigs is not None else ("decimals", self.decimals)
        follow = self.follow_through if isinstance(self.follow_through, CreditedValue) else None
        if isinstance(self.follow_through, str):
            follow = CreditedValue(value=self.follow_through, credit=1.0)
        mistakes = []
        for mistake, foreseen in self.mistakes.items():
            credited = foreseen if isinstance(foreseen, CreditedValue) else CreditedValue(value=foreseen, credit=0.0)
            where = (*path, "mistakes", mistake, *(["value"] if isinstance(foreseen, CreditedValue) else []))
            mistakes.append((mistake, shop.expression(credited.value, where), credited.credit))
        return NumericAnswer(
            Shared(name, self.weight, shop.text(self.label, (*path, "label")) if self.label else None),
            shop.expression(self.value, (*path, "value")),
            rounding if rounding[1] is not None else None,  # type: ignore[arg-type] # checked here
            self.tolerance,
            tuple(step for step in self.rounded_steps if step in lets),
            self.unit,
            tuple(self.accept_units),
            tuple(mistakes),
            (shop.expression(follow.value, (*path, "follow_through"), given=("*",)), follow.credit) if follow else None,
            self.wrong_form,
            shop.program,
        )


@dataclass(frozen=True, slots=True)
class NumericKeys:
    """Of n variants: keys, inclusive bounds, each mistake's value (m, n); and the block, for follow-through."""

    value: Floats
    low: Floats
    high: Floats
    mistakes: Floats
    block: Block


@dataclass(frozen=True)
class NumericAnswer(Answer):
    """A compiled numeric answer."""

    shared: Shared
    value: Expression
    rounding: tuple[str, int] | None
    tolerance: ToleranceSpec | None
    rounded_steps: tuple[str, ...]
    unit: str
    accept_units: tuple[str, ...]
    foreseen: tuple[tuple[str, Expression, float], ...]
    follow: tuple[Expression, float] | None
    wrong_form: float
    program: Program

    def key_names(self) -> frozenset[str]:
        return self.value.names

    def expressions(self) -> Iterable[Expression]:
        yield self.value
        for _, expression, _ in self.foreseen:
            yield expression
        if self.follow:
            yield self.follow[0]

    def mistakes(self) -> Iterable[tuple[str, Path]]:
        return [(mistake, ("mistakes", mistake)) for mistake, _, _ in self.foreseen]

    def prepare(self, block: Block, words: Words) -> NumericKeys:
        value = block.numbers(self.value)
        if value.ndim != 1:
            raise ExpressionError(f"'{self.value.source}' is a list; a numeric answer has one number")
        if np.isnan(value).any():
            bad = int(block.ordinals[np.isnan(value)][0])
            raise ExpressionError(
                f"'{self.value.source}' is undefined at variant {bad} (0/0, or a negative number's logarithm)"
            )
        ways = [value, *(self._with_rounded(block, names) for names in self._roundings())]
        margin = self._margin(value)
        mistakes = np.zeros((len(self.foreseen), len(block)))
        for i, (_, expression, _) in enumerate(self.foreseen):
            mistakes[i] = block.numbers(expression)
        return NumericKeys(value, np.min(ways, axis=0) - margin, np.max(ways, axis=0) + margin, mistakes, block)

    def _roundings(self) -> list[tuple[str, ...]]:
        """Which steps a student may have rounded: each alone, and all."""
        alone: list[tuple[str, ...]] = [(step,) for step in self.rounded_steps]
        return [*alone, self.rounded_steps] if len(alone) > 1 else alone

    def _with_rounded(self, block: Block, names: tuple[str, ...]) -> Floats:
        """The key as it comes out when these lets are rounded to one digit more than asked."""
        if self.rounding is None:
            return block.numbers(self.value)
        form, digits = self.rounding
        case = self.program.cases[block.case]
        values = dict(block.values)
        with np.errstate(all="ignore"):
            compute_lets(self.program, case, values, dict.fromkeys(names, (form, digits + 1)))
        return spread(self.value(values), len(block)).astype(np.float64)

    def _margin(self, value: Floats) -> Floats:
        """Half a unit of the last digit asked for, or the tolerance where that is more."""
        margin = np.zeros(value.shape)
        if self.rounding is not None:
            form, digits = self.rounding
            if form == "decimals":
                margin = np.full(value.shape, 0.5 * 10.0**-digits)
            else:
                margin = np.array([_half_unit(number, digits) for number in value.tolist()])
        if self.tolerance is not None:
            stated = self.tolerance.abs if self.tolerance.abs is not None else None
            wide = np.full(value.shape, stated) if stated is not None else np.abs(value) * (self.tolerance.rel or 0)
            margin = np.maximum(margin, np.where(np.isfinite(wide), wide, 0))
        return margin

    def interaction(self, keys: NumericKeys, row: int) -> EnterNumber:
        prompt = self.shared.prompt.fill(keys.block)[row] if self.shared.prompt else None
        return EnterNumber(prompt, self.form, self.unit)

    @property
    def form(self) -> str:
        """The rounding asked for, in words."""
        if self.rounding is None:
            return ""
        form, digits = self.rounding
        if form == "decimals" and digits == 0:
            return "a whole number"
        noun = "decimal" if form == "decimals" else "significant digit"
        return f"{digits} {noun}{'s' if digits != 1 else ''}"

    def read(self, response: str, reading: Reading) -> TypedNumber:
        return parse_number(response, decimal_comma=reading.decimal_comma)

    def mark(
        self, keys: NumericKeys, rows: NDArray[np.int64], answers: Sequence[Any], given: Mapping[str, Sequence[Any]]
    ) -> list[Mark]:
        numbers: list[TypedNumber | None] = []
        marks: list[Mark | None] = []
        for typed in answers:
            problem = self._unit_problem(typed)
            marks.append(problem)
            numbers.append(None if problem else typed)
        values = np.array([math.nan if typed is None else self._in_unit(typed) for typed in numbers])
        low, high = keys.low[rows], keys.high[rows]
        right = self._within(values, numbers, low, high, rows, keys)
        follow = self._follow(keys, rows, given)
        for i, typed in enumerate(numbers):
            if typed is not None:
                marks[i] = self._mark_one(
                    typed, float(values[i]), bool(right[i]), keys, int(rows[i]), follow[i] if follow else None
                )
        return [mark for mark in marks if mark is not None]

    def _mark_one(
        self,
        typed: TypedNumber,
        value: float,
        right: bool,
        keys: NumericKeys,
        row: int,
        follow: tuple[float, float] | None,
    ) -> Mark:
        if right:
            wrong_form = self.wrong_form < 1 and not self._in_form(typed)
            note = f"the value is right, but not given with {self.form}" if wrong_form else typed.note
            return Mark.of(self.wrong_form if wrong_form else 1.0, note=note)
        if follow is not None:
            expected, credit = follow
            margin = float(self._margin(np.array([expected]))[0]) if math.isfinite(expected) else 0.0
            if abs(value - expected) <= margin * (1 + 1e-9) or value == expected:
                return Mark.of(credit, note="right for what you gave before, which is not right itself")
        for i, (mistake, _, credit) in enumerate(self.foreseen):
            wrong = keys.mistakes[i, row]
            margin = float(self._margin(np.array([wrong]))[0]) if math.isfinite(wrong) else 0.0
            if value == wrong or abs(value - wrong) <= margin * (1 + 1e-9):
                return Mark.of(credit, mistake, typed.note)
        return Mark.of(0.0, note=typed.note)

    def _within(
        self, values: Floats, typed: Sequence[TypedNumber | None], low: Floats, high: Floats,
        rows: NDArray[np.int64], keys: NumericKeys,
    ) -> NDArray[np.bool_]:  # fmt: skip
        """Whether values lie in their bands: in double precision, and exactly where that is too close to tell."""
        with np.errstate(invalid="ignore"):
            right: NDArray[np.bool_] = (values >= low) & (values <= high)
            slack = 1e-9 * np.maximum(np.abs(low), np.abs(high))
            close = (np.abs(values - low) <= slack) | (np.abs(values - high) <= slack)
        for i in np.flatnonzero(close).tolist():
            number = typed[i]
            if number is not None and math.isfinite(keys.low[rows[i]]):
                exact_low, exact_high = self._exact_band(keys, int(rows[i]))
                right[i] = exact_low <= self._exact(number) <= exact_high
        return right

    def _exact_band(self, keys: NumericKeys, row: int) -> tuple[Fraction, Fraction]:
        """The band's bounds as the decimal numbers that they are meant to be."""
        value = decimal_fraction(keys.value[row])
        margins = [Fraction(0)]
        if self.rounding is not None:
            form, digits = self.rounding
            exponent = digits if form == "decimals" else digits - 1 - _exponent(float(keys.value[row]))
            margins.append(Fraction(1, 2) * Fraction(10) ** -exponent)
        if self.tolerance is not None:
            stated = self.tolerance.abs if self.tolerance.abs is not None else self.tolerance.rel or 0.0
            margins.append(decimal_fraction(stated) * (abs(value) if self.tolerance.abs is None else 1))
        if self.rounded_steps:
            return decimal_fraction(keys.low[row]), decimal_fraction(keys.high[row])
        return value - max(margins), value + max(margins)

    def _in_unit(self, typed: TypedNumber) -> float:
        """The typed value in the key's unit."""
        value = float(typed)
        if typed.percent and self.unit == "%":
            return value * 100
        return value * self._factor(typed)

    def _exact(self, typed: TypedNumber) -> Fraction:
        value = typed.value if typed.value is not None else Fraction(0)
        if typed.percent and self.unit == "%":
            return value * 100
        factor = self._factor(typed)
        return value if factor == 1 else value * Fraction(factor)

    def _factor(self, typed: TypedNumber) -> float:
        if typed.unit in NATS_PER and self.unit in NATS_PER:
            return NATS_PER[typed.unit] / NATS_PER[self.unit]
        return 1.0

    def _unit_problem(self, typed: TypedNumber) -> Mark | None:
        unit = typed.unit
        if not unit or unit.casefold() == self.unit.casefold() or unit in self.accept_units:
            return None
        if unit in NATS_PER and self.unit in NATS_PER:
            return Mark.of(0.0, note=f"the answer is asked for in {self.unit}, not in {unit}")
        if _same_word(unit, self.unit):
            return None
        wanted = f"'{self.unit}'" if self.unit else "no unit"
        return Mark.invalid(f"'{unit}' after the number is not understood; expected is {wanted}")

    def _in_form(self, typed: TypedNumber) -> bool:
        if self.rounding is None:
            return True
        form, digits = self.rounding
        if form == "decimals":
            shift = 2 if typed.percent and self.unit == "%" else 0
            return typed.decimals is not None and typed.decimals - shift == digits
        return typed.sigfigs == digits

    def _follow(
        self, keys: NumericKeys, rows: NDArray[np.int64], given: Mapping[str, Sequence[Any]]
    ) -> list[tuple[float, float] | None] | None:
        """For each response the value that follows from what was typed before, and its credit; None where nothing does."""
        if self.follow is None:
            return None
        expression, credit = self.follow
        needed = sorted(name.removeprefix("given.") for name in expression.names if name.startswith("given."))
        n = len(rows)
        known = np.ones(n, dtype=bool)
        values: dict[str, Value] = {
            name: spread(value, len(keys.block))[..., rows] if isinstance(value, np.ndarray) else value
            for name, value in keys.block.values.items()
        }
        for name in needed:
            typed = given.get(name, [None] * n)
            known &= np.array([isinstance(number, TypedNumber) for number in typed], dtype=bool)
            values[f"given.{name}"] = np.array(
                [float(number) if isinstance(number, TypedNumber) else math.nan for number in typed]
            )
        results = spread(expression(values), n)
        return [
            (float(result), credit) if fine and not math.isnan(result) else None
            for result, fine in zip(results.tolist(), known.tolist(), strict=True)
        ]

    def key(self, keys: NumericKeys, row: int) -> AnswerKey:
        unit = f" {self.unit}" if self.unit and self.unit != "%" else self.unit
        value = float(keys.value[row])
        accepted = ""
        if math.isfinite(value) and keys.low[row] < keys.high[row]:
            accepted = f"{_bound(keys.low[row])} to {_bound(keys.high[row])}{unit}"
        mistakes = tuple(
            (name, plain(Number(self._typed(float(keys.mistakes[i, row]))) + unit))
            for i, (name, _, _) in enumerate(self.foreseen)
            if not math.isnan(keys.mistakes[i, row])
        )
        return AnswerKey(self.name, plain(Number(self._typed(value)) + unit), accepted, mistakes)

    def _typed(self, value: float) -> str:
        return written(value, self.rounding) if self.rounding else f"{value:.6g}"

    def specimens(self, keys: NumericKeys, row: int) -> Specimens:
        value = float(keys.value[row])
        right = self._typed(value)
        far = "12345" if not math.isfinite(value) else self._typed(value + 1000 * float(keys.high[row] - keys.low[row]) + 1)
        rights = [right] if math.isinf(value) else [right, right.replace(".", ","), right.replace("-", "−")]
        if "." not in right or len(right.partition(".")[2]) == 3:  # 1,234 would be read as grouped
            rights = [r for r in rights if "," not in r]
        if self.unit:
            rights.append(f"{right} {self.unit}" if self.unit != "%" else f"{right}%")
        diagnosed = tuple(
            (name, self._typed(wrong))
            for i, (name, _, _) in enumerate(self.foreseen)
            if math.isfinite(wrong := float(keys.mistakes[i, row]))
        )
        return Specimens(tuple(dict.fromkeys(rights)), (far,), ("about a third", "1,2,3", "nan"), diagnosed)


def decimal_fraction(value: float) -> Fraction:
    """The decimal number that a double stands for: 15 significant digits hide its binary tail."""
    return Fraction(f"{value:.15g}")


def _exponent(value: float) -> int:
    return int(f"{value:e}".partition("e")[2]) if value and math.isfinite(value) else 0


def _half_unit(value: float, digits: int) -> float:
    return float(Fraction(1, 2) * Fraction(10) ** (_exponent(value) - digits + 1))


def _bound(value: float) -> Number:
    text = f"{value:.10g}"
    return Number(text if "e" not in text else f"{value:.10f}".rstrip("0").rstrip("."))


def _same_word(typed: str, unit: str) -> bool:
    """Whether two words are one unit: singular and plural are."""
    return bool(unit) and typed.casefold().rstrip("s") == unit.casefold().rstrip("s")
