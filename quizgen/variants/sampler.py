"""Variants as arrays: a program of draws, lets and conditions, run for many ordinals at once.

Cases are grouped before numbers are drawn: inside a `Block` words and lengths are constants and numbers are arrays. A
variant that a condition refuses takes its numbers from the next attempt's words, so it too has an address.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from quizgen.errors import ExpressionError, VariantError
from quizgen.variants.draws.base import Sampler
from quizgen.variants.expressions import Expression
from quizgen.variants.kinds import kind_of
from quizgen.variants.operands import truth
from quizgen.variants.streams import Stream, Words, below
from quizgen.variants.values import Kind, Value, contiguous, round_decimals, round_significant, spread, to_grid

MAX_ATTEMPTS = 400
"""How often a variant is drawn before its conditions are called unreasonable."""

MAX_BYTES = 2 * 1024**3
"""The most memory that the values of one request may take."""

MAX_WORDS = 50_000
"""The most random words of one variant."""

_THE_DRAW = "the draw"

_MOST_AT_ONCE = 2048
"""The most rows that are drawn at once when several attempts are made together."""

MAX_ORDINAL = 2**40
"""Addresses are below this."""


@dataclass(frozen=True, slots=True)
class Let:
    """A derived value."""

    name: str
    expression: Expression


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a template: its constants under ``case.field``, each name's kind, and the draws prepared for it."""

    constants: Mapping[str, Value]
    kinds: Mapping[str, Kind]
    samplers: tuple[Sampler, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """All that makes a variant's values. A template without cases has one case without fields."""

    template: str
    cases: tuple[Case, ...]
    lets: tuple[Let, ...]
    requires: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Variants of one case, n of them: their positions in the request, addresses, values and spare random words."""

    case: int
    rows: NDArray[np.int64]
    ordinals: NDArray[np.int64]
    attempts: NDArray[np.int64]
    values: Mapping[str, Value]
    kinds: Mapping[str, Kind]
    words: Words
    made: dict[str, tuple[Any, Any]] = field(init=False, default_factory=dict, repr=False, compare=False)
    """What was made of the block to see whether it is well posed, by name and with its maker, so that it is not made twice."""

    def __len__(self) -> int:
        return len(self.rows)

    def numbers(self, expression: Expression) -> NDArray[np.float64]:
        """The expression's value with a variant axis of n; on its exact grid where it has one."""
        value = to_grid(expression(self.values), kind_of(expression.node, self.kinds))
        array = spread(value, len(self))
        if array.dtype == object:
            raise ExpressionError(f"'{expression.source}' is a text where a number is needed")
        return array.astype(np.float64, copy=False)

    def single_numbers(self, expression: Expression) -> NDArray[np.float64]:
        """The expression's value, which must be one number for each variant."""
        numbers = self.numbers(expression)
        if numbers.ndim != 1:
            raise ExpressionError(f"'{expression.source}' is a list where one number is needed")
        return numbers

    def truths(self, expression: Expression) -> NDArray[np.bool_]:
        """The condition's truth for each variant."""
        try:
            truths = spread(truth(expression(self.values)), len(self))
        except ExpressionError as error:
            message = str(error)
            raise ExpressionError(message if expression.source in message else f"'{expression.source}': {message}") from error
        if truths.ndim != 1:
            raise ExpressionError(f"'{expression.source}' is a list of conditions: use any(…) or all(…)")
        return truths.astype(np.bool_)


class Condition(Protocol):
    """What takes part in drawing besides the template's own conditions: an answer that must be well posed."""

    @property
    def words(self) -> int:
        """How many random words a variant it needs."""

    def refusals(self, block: Block, words: Words) -> Iterable[tuple[str, NDArray[np.bool_]]]:
        """Reasons to refuse variants, each with who is refused."""


def sample(
    program: Program, secret: bytes, ordinals: NDArray[np.int64], conditions: Sequence[Condition] = ()
) -> tuple[Block, ...]:
    """The variants at these ordinals, grouped by case; each condition's words stand in its block, in order.

    Raises:
        VariantError: a variant was refused `MAX_ATTEMPTS` times; the message counts what refused. Also for an address
            that is none, and where so many variants would need too much memory.
    """
    if len(ordinals) and not (ordinals.min() >= 0 and ordinals.max() < MAX_ORDINAL):
        raise VariantError(f"addresses of variants are 0 to {MAX_ORDINAL - 1:,}")
    width = words_needed(program, conditions)
    if width > MAX_WORDS:
        raise VariantError(
            f"{program.template}: the draws of one variant need {width:,} random numbers, more than {MAX_WORDS:,}"
        )
    if 8 * width * len(ordinals) > MAX_BYTES:
        raise _too_large(program, len(ordinals))
    stream = Stream.of(secret, program.template, width)
    first = stream.words(ordinals, 0)
    cases = below(first[0], len(program.cases))
    return tuple(
        _sample_case(program, int(case), stream, ordinals, np.flatnonzero(cases == case), first, conditions)
        for case in np.unique(cases)
    )


def words_needed(program: Program, conditions: Sequence[Condition] = ()) -> int:
    """How many random words one variant takes: one for the case, those of the draws, those of the conditions."""
    draws = max(sum(sampler.words for sampler in case.samplers) for case in program.cases)
    return 1 + draws + sum(condition.words for condition in conditions)


def _sample_case(
    program: Program,
    case: int,
    stream: Stream,
    ordinals: NDArray[np.int64],
    rows: NDArray[np.int64],
    first: Words,
    conditions: Sequence[Condition],
) -> Block:
    pieces: list[Block] = []
    refused: Counter[str] = Counter()
    pending, attempt, tried, most = rows, 0, 0, _MOST_AT_ONCE
    while attempt < MAX_ATTEMPTS:
        # Calls cost more than rows: where few of many attempts succeed, several are made at once.
        likely = (len(rows) - len(pending) + 1) / (tried + 1)
        several = int(min(MAX_ATTEMPTS - attempt, max(1, most // len(pending)), math.ceil(2 / likely))) if attempt else 1
        numbers = np.arange(attempt, attempt + several)
        words = [first[:, pending] if n == 0 else stream.words(ordinals[pending], n) for n in numbers.tolist()]
        again = np.tile(pending, several)
        try:
            block, ok = _draw(
                program, case, again, ordinals[again], np.repeat(numbers, len(pending)),
                np.concatenate(words, axis=1), conditions, refused,
            )  # fmt: skip
        except ExpressionError:
            if several == 1:
                raise
            most = 1  # it may be an attempt that is not needed
            continue
        tried += len(again)
        attempt += several
        succeeded = ok.reshape(several, len(pending))
        accepted = np.flatnonzero(succeeded.any(axis=0))
        used = succeeded.argmax(axis=0)[accepted] * len(pending) + accepted
        pieces.append(block if len(used) == len(block) else take(block, used))
        pending = np.delete(pending, accepted)
        if not len(pending):
            return _joined(pieces)
    counts = "; ".join(f"{reason}: {number:,} of {tried:,}" for reason, number in _by_weight(refused, program))
    where = f" in case {case + 1}" if len(program.cases) > 1 else ""
    raise VariantError(
        f"{program.template}: a variant{where} was refused in all of {MAX_ATTEMPTS} attempts. Refused by {counts}."
    )


def _by_weight(refused: Counter[str], program: Program) -> list[tuple[str, int]]:
    """What refused variants, and how often: first what the answers refuse, for it is all that the conditions let pass."""
    earlier = {f"'{requirement.source}'" for requirement in program.requires}
    counts = sorted(refused.most_common(), key=lambda count: count[0] in earlier or count[0].startswith(_THE_DRAW))
    return counts[:6]


def draw_once(
    program: Program, case: int, words: Words, conditions: Sequence[Condition] = (), refused: Counter[str] | None = None
) -> tuple[Block, NDArray[np.bool_]]:
    """Variants of a case drawn from these words, of shape (width, n), and which of them meet all conditions.

    ``refused`` counts the reasons for refusing the others.
    """
    rows = np.arange(words.shape[-1])
    return _draw(program, case, rows, rows, np.zeros_like(rows), words, conditions, Counter() if refused is None else refused)


def redrawn(case: Case, words: Words, turns: Sequence[int] = (1,)) -> Iterator[tuple[Sampler, Words]]:
    """For each draw and each turn the words of these variants, with those of the draw from another variant, so many places on.

    What follows from them differs in that draw alone. All that are wanted are best drawn at once: calls cost more than rows.
    """
    at = 1
    for sampler in case.samplers:
        own, at = slice(at, at + sampler.words), at + sampler.words
        for turn in turns:
            others = words.copy()
            others[own] = np.roll(words[own], turn, axis=1)
            yield sampler, others


def _draw(
    program: Program,
    case_index: int,
    rows: NDArray[np.int64],
    ordinals: NDArray[np.int64],
    attempts: NDArray[np.int64],
    words: Words,
    conditions: Sequence[Condition],
    refused: Counter[str],
) -> tuple[Block, NDArray[np.bool_]]:
    """Attempts at some variants of a case, and which of them are accepted."""
    n = len(rows)
    case = program.cases[case_index]
    values: dict[str, Value] = dict(case.constants)
    ok = np.ones(n, dtype=np.bool_)

    def note(reason: str, bad: NDArray[np.bool_]) -> None:
        nonlocal ok
        if bad.any():
            refused[reason] += int(bad.sum())
            ok = ok & ~bad

    at = 1
    for sampler in case.samplers:
        drawn = sampler.sample(words[at : at + sampler.words], values)
        at += sampler.words
        values.update({name: contiguous(value) for name, value in drawn.values.items()})
        if drawn.ok is not None:
            note(f"{_THE_DRAW} '{next(iter(drawn.values))}'", ~drawn.ok)
    compute_lets(program, case, values)
    spare = words[at:]
    block = Block(case_index, rows, ordinals, attempts, values, case.kinds, spare)
    for requirement in program.requires:
        note(f"'{requirement.source}'", ~block.truths(requirement))
    allowed = np.flatnonzero(ok)
    if not conditions or not len(allowed):
        return block, ok
    # What an answer needs is costly, and of no interest where a condition refuses.
    whole = len(allowed) == n
    rest, start = block if whole else take(block, allowed), 0
    for condition in conditions:
        for reason, refuses in condition.refusals(rest, rest.words[start : start + condition.words]):
            bad = refuses
            if not whole:
                bad = np.zeros(n, dtype=np.bool_)
                bad[allowed[refuses]] = True
            note(reason, bad)
        start += condition.words
    return block, ok


def compute_lets(
    program: Program,
    case: Case,
    values: dict[str, Value],
    rounded: Mapping[str, tuple[str, int]] | None = None,
    *,
    strict: bool = False,
) -> None:
    """Adds the lets to the values; those in ``rounded`` are rounded to (``decimals`` or ``sigfigs``, n) on the way.

    With ``strict`` what is divided by zero or grows too large is NaN (see `Expression`).
    """
    for let in program.lets:
        value = to_grid(let.expression(values, strict=strict), case.kinds[let.name])
        if rounded and let.name in rounded:
            form, digits = rounded[let.name]
            value = (round_decimals if form == "decimals" else round_significant)(value, digits)
        values[let.name] = value
        if sum(known.nbytes for known in values.values() if isinstance(known, np.ndarray)) > MAX_BYTES:
            raise _too_large(program, np.shape(value)[-1])


def _too_large(program: Program, n: int) -> VariantError:
    return VariantError(f"{program.template}: {n:,} variants take more than {MAX_BYTES >> 30} GiB; ask for fewer at once")


def take(block: Block, rows: NDArray[np.int64]) -> Block:
    """Some variants of a block."""
    n = len(block)
    values = {
        name: contiguous(value[..., rows]) if isinstance(value, np.ndarray) and value.shape[-1] == n and n > 1 else value
        for name, value in block.values.items()
    }
    return Block(
        block.case,
        block.rows[rows],
        block.ordinals[rows],
        block.attempts[rows],
        values,
        block.kinds,
        block.words[:, rows],
    )


def _joined(pieces: list[Block]) -> Block:
    """The pieces of all attempts as one block, in the order of their rows."""
    if len(pieces) == 1:
        return pieces[0]
    rows = np.concatenate([piece.rows for piece in pieces])
    order = np.argsort(rows, kind="stable")
    values: dict[str, Value] = {}
    for name, value in pieces[0].values.items():
        if isinstance(value, np.ndarray):
            parts = [spread(piece.values[name], len(piece)) for piece in pieces]
            values[name] = contiguous(np.concatenate(parts, axis=-1)[..., order])
        else:
            values[name] = value
    return Block(
        pieces[0].case,
        rows[order],
        np.concatenate([piece.ordinals for piece in pieces])[order],
        np.concatenate([piece.attempts for piece in pieces])[order],
        values,
        pieces[0].kinds,
        np.concatenate([piece.words for piece in pieces], axis=1)[:, order],
    )
