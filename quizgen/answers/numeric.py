"""Numbers: the student types one, and it is right within a band around the key (see `bands`)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from quizgen.answers.bands import Accuracy, Bands, Floats, close, exponents
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
    Workshop,
    also,
)  # fmt: skip
from quizgen.answers.defined import check_defined
from quizgen.answers.following import Following, earlier_in, following
from quizgen.answers.numbers import parse_number
from quizgen.answers.pool import written
from quizgen.answers.stated import NATS_PER, PERCENT, Stated, in_form, stated
from quizgen.errors import ExpressionError, NumberError
from quizgen.folding import folded
from quizgen.items import AnswerKey, EnterNumber, Filled, Number, plain
from quizgen.schemes import Band, NumberBands, Verdict
from quizgen.variants.expressions import Expression
from quizgen.variants.formats import fixed_all, significant_all
from quizgen.variants.sampler import Block, Program, compute_lets
from quizgen.variants.streams import Words
from quizgen.variants.values import Grid, Significant, round_decimals, round_significant, spread

EVERY_SUBSET = 4
"""Up to so many steps that may be rounded, every choice of them is tried; of more, each alone and all together."""


class ToleranceSpec(BaseModel):
    """The accuracy to mark: ``abs`` in the key's unit, ``rel`` as a fraction of the key."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    abs: float | None = Field(None, gt=0, description="how far from the key, in its unit")
    rel: float | None = Field(None, gt=0, lt=1, description="how far from the key, as a fraction of it")

    @model_validator(mode="after")
    def _one(self) -> ToleranceSpec:
        if (self.abs is None) == (self.rel is None):
            raise ValueError("tolerance is {abs: 0.01} or {rel: 0.02}")
        return self


class CreditedValue(BaseModel):
    """A value that is not the key, and the fraction that it earns."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: str | float = Field(description="an expression for the number that the mistake leads to")
    credit: float = Field(0.0, ge=0, le=1, description="the fraction that it earns")


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
    mistakes: dict[str, str | float | CreditedValue] = Field({}, max_length=100, description="mistake: the value it leads to")
    follow_through: str | CreditedValue | None = Field(None, description="the value from what was typed before: given.name")
    wrong_form: float = Field(1.0, ge=0, le=1, description="fraction for the right value with another number of digits")

    @model_validator(mode="after")
    def _forms(self) -> Numeric:
        if self.decimals is not None and self.sigfigs is not None:
            raise ValueError("give 'decimals' or 'sigfigs', not both")
        if self.decimals is None and self.sigfigs is None and self.tolerance is None:
            raise ValueError("give 'decimals' or 'sigfigs' (the rounding asked for), or a 'tolerance'")
        if self.rounded_steps and self.decimals is None and self.sigfigs is None:
            raise ValueError("'rounded_steps' follow from the rounding asked for: give 'decimals' or 'sigfigs'")
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
        follow = self.follow_through if isinstance(self.follow_through, CreditedValue) else None
        if isinstance(self.follow_through, str):
            follow = CreditedValue(value=self.follow_through, credit=1.0)
        mistakes = []
        for mistake, foreseen in self.mistakes.items():
            credited = foreseen if isinstance(foreseen, CreditedValue) else CreditedValue(value=foreseen, credit=0.0)
            where = (*path, "mistakes", mistake, *(["value"] if isinstance(foreseen, CreditedValue) else []))
            mistakes.append((mistake, shop.expression(credited.value, where), credited.credit))
        tolerance = self.tolerance or ToleranceSpec.model_construct(abs=None, rel=None)
        return NumericAnswer(
            self.shared(name, path, shop),
            shop.expression(self.value, (*path, "value")),
            Accuracy(self.rounding, tolerance.abs or 0.0, tolerance.rel or 0.0),
            tuple(step for step in self.rounded_steps if step in lets),
            self.unit,
            frozenset(self.accept_units),
            tuple(mistakes),
            (shop.expression(follow.value, (*path, "follow_through"), given=("*",)), follow.credit) if follow else None,
            self.wrong_form,
            shop.program,
        )

    @property
    def rounding(self) -> tuple[str, int] | None:
        """The rounding asked for."""
        if self.sigfigs is not None:
            return "sigfigs", self.sigfigs
        return ("decimals", self.decimals) if self.decimals is not None else None


@dataclass(frozen=True, slots=True)
class NumericKeys:
    """Of n variants: the keys' bands, each mistake's value (m, n) and whether it is apart from the key when it is typed as
    asked (m, n), the labels; and the block, for follow-through."""

    bands: Bands
    mistakes: Floats
    apart: NDArray[np.bool_]
    prompts: Sequence[Filled | None]
    block: Block


@dataclass(frozen=True)
class NumericAnswer(Answer):
    """A compiled numeric answer."""

    shared: Shared
    value: Expression
    accuracy: Accuracy
    rounded_steps: tuple[str, ...]
    unit: str
    accept_units: frozenset[str]
    foreseen: tuple[tuple[str, Expression, float], ...]
    follow: tuple[Expression, float] | None
    wrong_form: float
    program: Program

    def key_expressions(self) -> Iterable[Expression]:
        return [self.value]

    @property
    def follows_from(self) -> frozenset[str]:
        return earlier_in(self.follow[0]) if self.follow is not None else frozenset()

    def mistakes(self) -> Iterable[tuple[str, Path]]:
        return [(mistake, ("mistakes", mistake)) for mistake, _, _ in self.foreseen]

    def prepare(self, block: Block, words: Words) -> NumericKeys:
        value = block.numbers(self._unrounded(block) or self.value)
        if value.ndim != 1:
            raise ExpressionError(f"'{self.value.source}' is a list; a numeric answer has one number")
        check_defined(self.value, value, block, self.program)
        ways = [value, *(self._with_rounded(block, names) for names in self._roundings())]
        mistakes = np.zeros((len(self.foreseen), len(block)))
        for i, (_, expression, _) in enumerate(self.foreseen):
            mistakes[i] = block.single_numbers(expression)
        bands = Bands(self.accuracy, value, np.min(ways, axis=0), np.max(ways, axis=0))
        apart = np.zeros(mistakes.shape, dtype=np.bool_)
        for i, wrong in enumerate(mistakes):
            apart[i] = ~np.isnan(wrong) & ~bands.contain(self.rounded(wrong))
        return NumericKeys(bands, mistakes, apart, self.shared.prompts(block), block)

    def _unrounded(self, block: Block) -> Expression | None:
        """What is behind a key that is a let rounded just as the answer asks; None for any other key.

        Of 0.125 the let is 0.13, but who rounds it to 0.12 is right too.
        """
        kind = block.kinds.get(self.value.source)
        let = next((let for let in self.program.lets if let.name == self.value.source), None)
        match kind, self.accuracy.rounding:
            case (Grid(asked), ("decimals", digits)) | (Significant(asked), ("sigfigs", digits)) if let and asked == digits:
                return let.expression
        return None

    def _roundings(self) -> Iterator[tuple[str, ...]]:
        """Which steps a student may have rounded."""
        steps = self.rounded_steps
        few = len(steps) <= EVERY_SUBSET
        for size in range(1, len(steps) + 1):
            if few or size in (1, len(steps)):
                yield from combinations(steps, size)

    def _with_rounded(self, block: Block, names: tuple[str, ...]) -> Floats:
        """The key as it comes out when these lets are rounded to one digit more than asked."""
        form, digits = self.accuracy.rounding or ("decimals", 0)
        case = self.program.cases[block.case]
        values = dict(block.values)
        with np.errstate(all="ignore"):
            compute_lets(self.program, case, values, dict.fromkeys(names, (form, digits + 1)))
        return spread(self.value(values), len(block)).astype(np.float64)

    def interaction(self, keys: NumericKeys, row: int) -> EnterNumber:
        return EnterNumber(keys.prompts[row], self.form, self.unit)

    @property
    def form(self) -> str:
        """The rounding asked for, in words."""
        if self.accuracy.rounding is None:
            return ""
        form, digits = self.accuracy.rounding
        if form == "decimals" and digits == 0:
            return "a whole number"
        noun = "decimal" if form == "decimals" else "significant digit"
        return f"{digits} {noun}{'s' if digits != 1 else ''}"

    def read(self, response: str, reading: Reading) -> Stated:
        label = self.shared.prompt.text.marked if self.shared.prompt else ""
        try:
            number = parse_number(response, decimal_comma=reading.decimal_comma)
        except NumberError:
            bare = self._without_unit(response)
            if bare is None:
                raise
            number = parse_number(bare, decimal_comma=reading.decimal_comma)
        return stated(number, self.unit, self.accept_units, label)

    def _without_unit(self, response: str) -> str | None:
        """A response without the unit at its end, which may be one that no other number has, such as m/s2 or °C."""
        typed, unit = folded(response), folded(self.unit)
        return typed.removesuffix(unit) if unit and typed.endswith(unit) else None

    def mark(
        self,
        keys: NumericKeys,
        rows: NDArray[np.int64],
        answers: Sequence[Stated],
        given: Mapping[str, Sequence[Earlier | None]],
    ) -> list[Mark]:
        marks: list[Mark] = [WRONG] * len(answers)
        follow = following(*self.follow, keys.block, rows, given) if self.follow is not None else None
        factors = np.array([1.0 if said.refused else said.factor for said in answers])
        for factor in np.unique(factors).tolist():
            places = np.flatnonzero(factors == factor)
            here = [answers[place] for place in places.tolist()]
            carried = None if follow is None else follow.at(places, factor)
            for place, mark in zip(places.tolist(), self._mark_unit(keys, rows[places], here, factor, carried), strict=True):
                marks[place] = mark
        for place, said in enumerate(answers):
            if said.refused and self._right_in_own_unit(keys, rows[place : place + 1], said):
                marks[place] = Mark("wrong", 0.0, note=said.refused)  # who knows the value has made no other mistake
        return marks

    def _right_in_own_unit(self, keys: NumericKeys, rows: NDArray[np.int64], said: Stated) -> bool:
        """Whether a number is right in the unit in which it was typed, though that is not the one asked for."""
        return bool(keys.bands.at(rows).in_unit(said.factor).contain(np.array([said.value]), [said.exact])[0])

    def _mark_unit(
        self,
        keys: NumericKeys,
        rows: NDArray[np.int64],
        answers: Sequence[Stated],
        factor: float,
        follow: Following | None,
    ) -> Iterator[Mark]:
        """The marks of answers that are all given in one unit, of which ``factor`` makes the key's."""
        values = np.array([said.value for said in answers])
        bands = keys.bands.at(rows).in_unit(factor)
        in_unit = np.array([not said.refused for said in answers], dtype=bool)
        right = in_unit & bands.contain(values, [said.exact for said in answers])
        # What an answer is found to be: the first mistake that fits, a value that follows, the key; each outdoes the last.
        found, fitting = np.full(len(answers), -1), np.zeros(len(answers), dtype=int)
        for i in reversed(range(len(self.foreseen))):
            fits = close(values, keys.mistakes[i, rows] / factor, bands.accuracy)
            found[fits] = i
            fitting += fits
        credits = np.array([*(credit for _, _, credit in self.foreseen), 0.0])[found]
        if follow is not None:
            follows = in_unit & ~right & follow.fits(values, bands.accuracy)
            found[follows], credits[follows] = len(self.foreseen), follow.worth[follows]
        told = zip(right.tolist(), found.tolist(), credits.tolist(), fitting.tolist(), answers, strict=True)
        for is_right, what, credit, mistakes, said in told:
            note = said.refused or said.number.note
            if is_right and (self.wrong_form == 1 or in_form(said, self.accuracy.rounding)):
                yield Mark("correct", 1.0, note=note) if note else CORRECT
            elif is_right:
                yield Mark.of(self.wrong_form, note=f"the value is right, but not given with {self.form}")
            elif what == len(self.foreseen):
                yield Mark.of(credit, note="right for what you gave before" + ("" if credit == 1 else ", which is not right"))
            elif what >= 0:
                notes = [note, also("number")] if mistakes > 1 else [note]
                yield Mark.of(credit, self.foreseen[what][0], "; ".join(filter(None, notes)))
            else:
                yield Mark("wrong", 0.0, note=note) if note else WRONG

    def slacks(self, answers: Sequence[Stated]) -> Sequence[float]:
        margins = Accuracy(self.accuracy.rounding).margins(np.array([answer.in_key_unit for answer in answers]))
        return [float(margin) for margin in margins.tolist()]

    def key(self, keys: NumericKeys, row: int) -> AnswerKey:
        bounds = keys.bands.shown(row)
        accepted = f"{bounds[0]} to {bounds[1]}{self._unit_shown}" if bounds else ""
        mistakes = tuple((name, self._shown(typed)) for name, typed in self._mistaken(keys, row))
        return AnswerKey(self.name, self.key_shown(keys, row), accepted, mistakes)

    def keys_in_short(self, keys: NumericKeys, n: int) -> list[AnswerKey]:
        mistakes: list[tuple[tuple[str, Filled], ...]] = [()] * n
        for (name, _, _), values, apart in zip(self.foreseen, keys.mistakes, keys.apart, strict=True):
            rows = np.flatnonzero(apart)
            for row, typed in zip(rows.tolist(), self._typed_all(values[rows]), strict=True):
                mistakes[row] = (*mistakes[row], (name, self._shown(typed)))
        shown = map(self._shown, self._typed_all(keys.bands.value))
        return [AnswerKey(self.name, key, "", wrong) for key, wrong in zip(shown, mistakes, strict=True)]

    def key_shown(self, keys: NumericKeys, row: int) -> Filled:
        return self._shown(self._typed(float(keys.bands.value[row])))

    def key_values(self, keys: NumericKeys, n: int) -> Floats:
        return keys.bands.value

    def with_value(self, value: Expression) -> NumericAnswer:
        return replace(self, value=value, follow=None, wrong_form=1.0)

    @property
    def _unit_shown(self) -> str:
        return f" {self.unit}" if self.unit and self.unit != "%" else self.unit

    def _shown(self, typed: str) -> Filled:
        return plain(Number(typed + self._unit_shown))

    def _mistaken(self, keys: NumericKeys, row: int) -> Iterator[tuple[str, str]]:
        """Each mistake with what a student types who makes it, where that is not right by chance."""
        wrong, apart = keys.mistakes[:, row].tolist(), keys.apart[:, row].tolist()
        for (name, _, _), value, is_apart in zip(self.foreseen, wrong, apart, strict=True):
            if is_apart:
                yield name, self._typed(value)

    def rounded(self, values: Floats) -> Floats:
        """The values as a student rounds them who was asked to."""
        if self.accuracy.rounding is None:
            return values
        form, digits = self.accuracy.rounding
        return np.asarray((round_decimals if form == "decimals" else round_significant)(values, digits))

    def _typed_all(self, values: Floats) -> Sequence[str]:
        """Numbers of shape (m,), each as `_typed` gives it."""
        match self.accuracy.rounding:
            case ("decimals", digits):
                return fixed_all(values, digits)
            case (_, digits):
                return significant_all(values, digits)
        return [self._typed(value) for value in values.tolist()]

    def _typed(self, value: float) -> str:
        """A number as a person types it who was asked for this accuracy."""
        if self.accuracy.rounding is not None:
            return written(value, self.accuracy.rounding)
        margin = float(self.accuracy.margins(np.array([value]))[0])
        digits = 6 if not margin else max(6, int(exponents(np.array([value]))[0] - exponents(np.array([margin]))[0]) + 2)
        text = written(value, ("sigfigs", min(digits, 15)))
        return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text

    def scheme(self, keys: NumericKeys, row: int) -> NumberBands:
        value = float(keys.bands.value[row])
        bands = []
        if math.isfinite(value):
            bands.append(Band(*keys.bands.bounds(row), Verdict(1.0)))
            for (mistake, _, credit), wrong, apart in zip(
                self.foreseen, keys.mistakes[:, row].tolist(), keys.apart[:, row].tolist(), strict=True
            ):
                if apart and math.isfinite(wrong):
                    bands.append(Band(*self.accuracy.bounds(wrong), Verdict(credit, mistake)))
        own = NATS_PER.get(self.unit, 1.0)
        return NumberBands(
            self._typed(value),
            tuple(bands),
            tuple((unit, NATS_PER[unit] / own) for unit in sorted(self.accept_units - {self.unit})),
            Fraction(1) if self.unit.casefold() in PERCENT else None if self.unit else Fraction(1, 100),
            self.wrong_form < 1,
            self.follow is not None,
        )

    def specimens(self, keys: NumericKeys, row: int) -> Specimens:
        value = float(keys.bands.value[row])
        right = self._typed(value)
        low, high = keys.bands.bounds(row) if math.isfinite(value) else (Fraction(0), Fraction(0))
        far = "12345" if not math.isfinite(value) else self._typed(value + 1000 * float(high - low) + 1)
        rights = [right] if math.isinf(value) else [right, right.replace(".", ","), right.replace("-", "−")]
        if "." not in right or len(right.partition(".")[2]) == 3:  # 1,234 would be read as grouped
            rights = [r for r in rights if "," not in r]
        if self.unit and not (math.isinf(value) and self.unit == "%"):
            rights.append(right + self._unit_shown)
        return Specimens(
            tuple(dict.fromkeys(rights)), (far,), ("about a third", "1,2,3", "nan"), tuple(self._mistaken(keys, row))
        )
