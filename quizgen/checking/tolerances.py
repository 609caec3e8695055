"""Checks of what is accepted around a numeric key: neither anything, nor too little, and as the student was told."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from jinja2 import nodes
from numpy.typing import NDArray

from quizgen.answers.bands import Accuracy, Floats, exponents
from quizgen.answers.choice import ChoiceAnswer
from quizgen.answers.numeric import NumericAnswer
from quizgen.checking.base import Finding, check
from quizgen.checking.sweep import Part, Sweep
from quizgen.variants.expressions import Expression, from_node
from quizgen.variants.sampler import compute_lets
from quizgen.variants.values import REAL, round_significant, spread

OFTEN = 0.1
"""What goes wrong for a careful student in more than this share of the variants is told."""

WIDE = 0.25
"""A band that reaches further than this share of the key to each side accepts guesses."""

MOST_DIGITS = 6
"""More significant digits than these no question of a course needs …"""

EXTRA_DIGITS = 3
"""… that shows numbers with so many digits less."""

TIED = 1e-9
"""A number is half way between two roundings when it is so but for this part of half a unit of the last digit asked for, and
for what binary arithmetic adds to a number of its size."""

UNTOLD = 5e-4
"""A tolerance alone, of less than this part of the key, must say how many digits are meant."""


@check("tolerance-takes-zero", "error")
def takes_zero(sweep: Sweep) -> Iterator[Finding]:
    """Zero lies inside the accepted band although the key is not zero, so that who types 0 without thinking is marked right.
    Ask for more digits, narrow the tolerance, or keep keys away from zero by a condition.
    """
    for part, answer, keys in sweep.answers(NumericAnswer):
        bands = keys.bands
        bad = (bands.value != 0) & np.isfinite(bands.value) & bands.contain(np.zeros(len(bands.value)))
        if bad.any():
            low = float(bands.value[bad][0])
            yield Finding(
                sweep.path(answer.name),
                f"0 is accepted where the key is {low:.6g} ({bad.mean():.0%} of this case's variants): "
                "ask for more digits or keep the key away from 0",
                part.first(bad),
            )


@check("tolerance-too-wide", "error")
def too_wide(sweep: Sweep) -> Iterator[Finding]:
    """The accepted band reaches further than a quarter of the key to either side, so that estimates and many wrong ways are
    marked right. Ask for more digits or state a narrower tolerance.
    """
    for part, answer, keys in sweep.answers(NumericAnswer):
        bands = keys.bands
        finite = np.isfinite(bands.value) & (bands.value != 0)
        with np.errstate(invalid="ignore"):
            reach = np.maximum(bands.most - bands.value, bands.value - bands.least) + bands.margins()
            bad = finite & (reach > WIDE * np.abs(bands.value))
        if bad.mean() > 0.02:
            worst = int(np.argmax(np.where(bad, reach / np.abs(np.where(finite, bands.value, 1)), 0)))
            yield Finding(
                sweep.path(answer.name),
                f"the band around the key {bands.value[worst]:.6g} reaches {reach[worst]:.2g} to each side, more than a "
                f"quarter of it ({bad.mean():.0%} of this case's variants)",
                part.first(bad),
            )


@check("key-coarser-than-asked", "error")
def coarser(sweep: Sweep) -> Iterator[Finding]:
    """The key is rounded in let to fewer digits than the answer asks for, and the student who computes exactly as asked
    falls outside the band. Round the let to at least as many digits as are asked, or not at all.
    """
    for part, answer, keys in sweep.answers(NumericAnswer):
        exact = _before_rounding(sweep, answer.value, part)
        if exact is None:
            continue
        typed = answer.rounded(exact)
        bad = np.isfinite(typed) & ~keys.bands.contain(typed)
        if bad.any():
            i = int(np.flatnonzero(bad)[0])
            yield Finding(
                sweep.path(answer.name, "value"),
                f"'{answer.value.source}' is rounded to {keys.bands.value[i]:.12g}, and {typed[i]:.12g}, rounded as asked, is "
                "marked wrong",
                part.first(bad),
            )


def _before_rounding(sweep: Sweep, key: Expression, part: Part) -> Floats | None:
    """The values (n,) behind a key that is a let or a ``round(…)``; None where it is neither."""
    lets = {let.name: let.expression.node for let in sweep.template.program.lets}
    node: nodes.Expr | None = key.node
    while True:
        match node:
            case nodes.Name(name=name) if name in lets:
                node = lets[name]
            case nodes.Call(node=nodes.Name(name="round"), args=[inner, *_]) | nodes.Filter(name="round", node=inner):
                node = inner
            case _:
                break
    if node is None or node is key.node:
        return None
    return spread(from_node(key.source, node)(part.block.values), len(part.block)).astype(np.float64)


@check("sensible-rounding", "warning")
def sensible_rounding(sweep: Sweep) -> Iterator[Finding]:
    """A student who rounds a let on the way to one digit more than the answer asks for ends outside the accepted band. Name
    the let in ``rounded_steps``, so that the band takes such answers, or ask for fewer digits.
    """
    for name, steps in _steps(sweep).items():
        for step in steps:
            bad = 0
            total = 0
            witness: int | None = None
            for part, answer, keys in sweep.answers(NumericAnswer):
                if answer.name != name or answer.accuracy.rounding is None:
                    continue
                form, digits = answer.accuracy.rounding
                values = dict(part.block.values)
                with np.errstate(all="ignore"):
                    case = sweep.template.program.cases[part.block.case]
                    compute_lets(sweep.template.program, case, values, {step: (form, digits + 1)})
                typed = answer.rounded(spread(answer.value(values), len(part.block)).astype(np.float64))
                off = np.isfinite(typed) & ~keys.bands.contain(typed)
                bad += int(off.sum())
                total += len(off)
                if off.any():
                    witness = min(part.first(off), witness if witness is not None else part.first(off))
            if total and bad / total > OFTEN:
                yield Finding(
                    sweep.path(name, "value"),
                    f"who rounds '{step}' to one digit more than asked is marked wrong in {bad / total:.0%} of the variants: "
                    f"add it to rounded_steps, or ask for fewer digits",
                    witness,
                )


def _steps(sweep: Sweep) -> dict[str, list[str]]:
    """For each numeric answer the lets that its key rests on, other than itself and those it lists in rounded_steps."""
    lets = {let.name: let.expression.names for let in sweep.template.program.lets}
    kinds = sweep.parts[0].block.kinds
    found: dict[str, list[str]] = {}
    for answer in sweep.template.answers:
        if isinstance(answer, NumericAnswer):
            own = _taken_from(answer.value.node)
            names = lets.get(own, answer.value.names)  # of the key's own let the steps are one further down
            used = {name for name in names if name in lets}
            found[answer.name] = sorted(name for name in used - set(answer.rounded_steps) if kinds.get(name) == REAL)
    return found


def _taken_from(node: nodes.Expr) -> str:
    """The name that is the key, or of whose entries the key is one: to round that is to answer; nothing for other keys."""
    match node:
        case nodes.Name(name=name):
            return name
        case nodes.Getitem(node=inner) | nodes.Call(node=nodes.Name(name="max" | "min"), args=[inner]):
            return _taken_from(inner)
    return ""


@check("finer-than-shown", "warning")
def finer_than_shown(sweep: Sweep) -> Iterator[Finding]:
    """The answer must be given more finely than the displayed numbers make sensible: to more than six significant digits where
    the stem shows numbers with three digits less; or within a narrow tolerance without a word of how many digits are meant.
    Ask for fewer ``decimals`` or ``sigfigs``.
    """
    seen = max((_digits(text) for text in sweep.stems[:FEW] for text in _NUMBER.findall(text)), default=1)
    for part, answer, keys in sweep.answers(NumericAnswer):
        value, rounding = keys.bands.value, answer.accuracy.rounding
        live = np.isfinite(value) & (value != 0)
        if rounding is None:
            with np.errstate(divide="ignore", invalid="ignore"):
                narrow = live & (keys.bands.margins() < UNTOLD * np.abs(value))
            bad = narrow & (np.abs(round_significant(value, 4) - value) > 1e-9 * np.abs(value))
            if bad.mean() > OFTEN:
                yield Finding(
                    sweep.path(answer.name, "tolerance"),
                    f"a key such as {value[bad][0]:.8g} is accepted within {keys.bands.margins()[bad][0]:.2g} only, and "
                    "nothing says how many digits are meant: give decimals or sigfigs",
                    part.first(bad),
                )
            continue
        form, count = rounding
        asked = np.full(len(value), count) if form == "sigfigs" else exponents(np.where(live, value, 1.0)) + 1 + count
        with np.errstate(invalid="ignore"):  # of infinite keys, which are not live
            exact = np.abs(answer.rounded(value) - value) <= 1e-14 * np.abs(value)
        bad = live & ~exact & (asked > max(MOST_DIGITS, seen + EXTRA_DIGITS))
        if bad.mean() > 1 / 2:
            yield Finding(
                sweep.path(answer.name, form),
                f"{int(asked[bad][0])} significant digits are asked for, and the displayed numbers have {seen} at most",
                part.first(bad),
            )


FEW = 40
"""So many stems tell how many digits the displayed numbers have."""

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def _digits(number: str) -> int:
    return len(number.replace(".", "").lstrip("0"))


@check("idle-tolerance", "warning")
def idle_tolerance(sweep: Sweep) -> Iterator[Finding]:
    """A ``tolerance`` is stated, but in every variant the rounding that is asked for reaches as far or further, so that it has
    no effect. Take it out, or ask for more digits if accuracy matters.
    """
    widens: dict[str, bool] = {}
    for _, answer, keys in sweep.answers(NumericAnswer):
        accuracy, value = answer.accuracy, keys.bands.value
        if accuracy.rounding is not None and (accuracy.absolute or accuracy.relative):
            wider = accuracy.margins(value) > Accuracy(accuracy.rounding).margins(value) * (1 + 1e-9)
            widens[answer.name] = widens.get(answer.name, False) or bool(wider.any())
    for name, does in widens.items():
        if not does:
            yield Finding(sweep.path(name, "tolerance"), "the tolerance is never wider than the rounding asked for")


@check("rounding-tie", "note")
def rounding_tie(sweep: Sweep) -> Iterator[Finding]:
    """A key lies exactly half way between two roundings, as 0.125 does with two decimals. Of a typed number both roundings
    count as right; an option shows only the one away from zero, and who rounds to even looks for the other. Ask for one
    digit more, or exclude such numbers by a condition.
    """
    for part in sweep.parts:
        for answer, keys in part.prepared:
            if isinstance(answer, NumericAnswer) and answer.accuracy.rounding is not None:
                values, rounding, path = keys.bands.value, answer.accuracy.rounding, sweep.path(answer.name)
            elif isinstance(answer, ChoiceAnswer) and (option := answer.pool[0]).value is not None and option.true_when is True:
                values, path = part.block.single_numbers(option.value), option.path
                rounding = option.rounding or ("decimals", 6)
            else:
                continue
            tied = _tied(values, *rounding)
            if tied.any():
                yield Finding(
                    path,
                    f"{values[tied][0]:.12g} lies half way between two roundings ({tied.mean():.1%} of this case's variants)",
                    part.first(tied),
                )


def _tied(values: Floats, form: str, digits: int) -> NDArray[np.bool_]:
    """Which values are an odd multiple of half a unit of the last digit asked for."""
    finite = np.isfinite(values)
    safe = np.where(finite, values, 0.0)
    places = np.full(safe.shape, float(digits)) if form == "decimals" else digits - 1.0 - exponents(safe)
    halves = np.abs(safe) * 10.0**places * 2
    near = np.rint(halves)
    slack = TIED + 32 * np.spacing(np.maximum(near, 1.0))
    return np.asarray(finite & (near % 2 == 1) & (np.abs(halves - near) < slack))
