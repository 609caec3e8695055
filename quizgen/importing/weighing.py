"""Weights of answers as other systems have them, made into kinds of answers; what the kinds do not hold is told.

Options are lists of `Weighed`: a fraction from −1 to 1 for who chooses it. The functions give the answer and what was lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import isclose

from quizgen.answers.options import MAX_OPTIONS
from quizgen.answers.stated import NATS_PER
from quizgen.folding import shortened, squeezed
from quizgen.importing.questions import Choice, NotCarriedError, Number, Option, Pairs, Several, Typed, TypedText, WrongNumber

NEAR = 1e-3
"""Fractions that differ by less are one: other systems write a third as 33.33333 %."""

MOST_PAIRS = 12
MOST_EXTRA = 6


@dataclass(frozen=True, slots=True)
class Weighed:
    """An option or a typed text with its fraction and feedback."""

    text: str
    fraction: float
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class WeighedNumber:
    """A number with its absolute tolerance, fraction and feedback."""

    value: Decimal
    tolerance: Decimal
    fraction: float
    feedback: str = ""


def one_of(weighed: Sequence[Weighed], *, shuffled: bool) -> tuple[Choice, list[str]]:
    """One of several options: right is what earns the whole mark. Raises `NotCarriedError`."""
    lost = [
        f"{_percent(one.fraction)} for the option “{shortened(one.text)}”, which is simply wrong now"
        for one in weighed
        if abs(one.fraction) > NEAR and not _whole(one.fraction)
    ]
    options = _distinct([Option(one.text, _whole(one.fraction), one.feedback) for one in weighed], lost)
    right = sum(option.right for option in options)
    if not right:
        raise NotCarriedError("no option earns the whole mark")
    if right == len(options):
        raise NotCarriedError("there is no wrong option")
    if right > 1:
        lost.append(f"{right} options are right: each student meets one of them now, with the wrong ones")
    return Choice(options, shuffled, _shown(len(options) - right + 1, lost)), lost


def several_of(weighed: Sequence[Weighed], *, shuffled: bool, credit: str = "") -> tuple[Several, list[str]]:
    """Any number of several options: right is what earns something. Without ``credit`` the rule follows from the fractions."""
    lost: list[str] = []
    options = _distinct([Option(one.text, one.fraction > NEAR, one.feedback) for one in weighed], lost)
    rule = credit or credit_of([one.fraction for one in weighed])
    if not rule:
        rule = "percent-correct"
        written = ", ".join(_percent(one.fraction) for one in weighed)
        lost.append(f"the weights {written}: no rule of partial credit gives them; credit is {rule} now")
    if not credit and not any(option.right for option in options):
        raise NotCarriedError("no option earns anything")
    return Several(options, shuffled, _shown(len(options), lost), rule), lost


def credit_of(fractions: Sequence[float]) -> str:
    """The rule of partial credit that marks as these fractions do, no total being below 0; nothing where none does."""
    right, wrong = [f for f in fractions if f > NEAR], [f for f in fractions if f <= NEAR]
    if not right or any(abs(f - 1 / len(right)) > NEAR for f in right):
        return ""
    each = {
        "none": 0.0,
        "percent-correct": -1 / len(right),
        "all": -1.0,
        "false": -1 / max(len(wrong), 1),
        "false2": -1 / max(len(wrong), 2),
    }
    return next((rule for rule, taken in each.items() if all(abs(f - taken) <= NEAR for f in wrong)), "")


def _distinct(options: Sequence[Option], lost: list[str]) -> tuple[Option, ...]:
    """The options that look different. Raises `NotCarriedError` where one is right and wrong, or fewer than two are left."""
    found: dict[str, Option] = {}
    for option in options:
        if not option.text:
            lost.append("an option without text")
            continue
        known = found.setdefault(squeezed(option.text), option)
        if known.right != option.right:
            raise NotCarriedError(f"the option “{shortened(option.text)}” is there twice, right and wrong")
        if known is not option:
            lost.append(f"the option “{shortened(option.text)}”, which is there twice")
    if len(found) < 2:
        raise NotCarriedError(f"{'one option is' if found else 'no options are'} too few to choose from")
    return tuple(found.values())


def _shown(count: int, lost: list[str]) -> int:
    if count > MAX_OPTIONS:
        lost.append(f"{count} options at once: each student meets {MAX_OPTIONS} of them now")
    return min(count, MAX_OPTIONS)


def number_of(weighed: Sequence[WeighedNumber], *, unit: str = "") -> tuple[Number, list[str]]:
    """A number: the first that earns the whole mark is the key, what others earn is foreseen. Raises `NotCarriedError`."""
    key = next((one for one in weighed if _whole(one.fraction)), None)
    if key is None:
        raise NotCarriedError("no number earns the whole mark")
    lost: list[str] = []
    wrong: dict[Decimal, WrongNumber] = {}
    for one in weighed:
        credit = min(max(one.fraction, 0.0), 1.0)
        told = f"{_percent(one.fraction)} for {one.value} ± {one.tolerance}"
        if one is key:
            _no_feedback(one.feedback, f"{one.value}", lost)
        elif _whole(one.fraction):
            lost.append(f"{one.value} ± {one.tolerance} as a second right answer")
        elif abs(one.value - key.value) <= key.tolerance or one.value in wrong:
            lost.append(f"{told}: a band around the key, or one more around the same number")
        else:
            wrong[one.value] = WrongNumber(one.value, credit, one.feedback)
            if one.tolerance:
                lost.append(f"the tolerance in “{told}”: only the number itself is foreseen")
            if one.fraction < -NEAR:
                lost.append(f"{told}: marks are not taken off")
    return Number(key.value, key.tolerance, unit, (), tuple(wrong.values())), lost


def typed_of(weighed: Sequence[Weighed], *, case_sensitive: bool = False) -> tuple[Typed, list[str]]:
    """A short text: what earns something is accepted, the rest is foreseen. Raises `NotCarriedError`."""
    accepted, wrong, lost = [], [], []
    for one in weighed:
        pattern, text = _pattern(one.text)
        if pattern and one.fraction <= NEAR:
            lost.append(f"the feedback for any other answer (“{shortened(one.text)}”)" if one.feedback else "")
        elif pattern:
            lost.append(f"“{shortened(one.text)}”: a * that stands for any letters")
        elif not text:
            lost.append("an accepted answer without text")
        elif one.fraction > NEAR:
            _no_feedback(one.feedback, text, lost)
            accepted.append(TypedText(text, min(one.fraction, 1.0) if not _whole(one.fraction) else 1.0))
        else:
            if one.fraction < -NEAR:
                lost.append(f"{_percent(one.fraction)} for “{shortened(text)}”: marks are not taken off")
            wrong.append(TypedText(text, 0.0, one.feedback))
    if not any(one.credit == 1 for one in accepted):
        raise NotCarriedError("no text without * earns the whole mark")
    return Typed(tuple(accepted), case_sensitive, tuple(wrong)), [told for told in lost if told]


def _pattern(text: str) -> tuple[bool, str]:
    """Whether a text has a ``*`` that stands for any letters, and the text with ``\\*`` as the sign itself."""
    bare = text.replace("\\*", "")
    return "*" in bare, text.replace("\\*", "*")


def _no_feedback(feedback: str, text: str, lost: list[str]) -> None:
    if feedback:
        lost.append(f"the feedback for the right answer “{shortened(text)}”: “{shortened(feedback)}”")


def pairs_of(pairs: Iterable[tuple[str, str]]) -> tuple[Pairs, list[str]]:
    """Pairs of a left, empty where the right matches nothing, and a right. Raises `NotCarriedError`."""
    lost: list[str] = []
    joined, extra, rights = [], [], {}
    for left, right in pairs:
        if not right:
            lost.append(f"“{shortened(left)}”, which has nothing to be joined to")
        elif left:
            joined.append((left, right))
            rights[squeezed(right)] = right
        else:
            extra.append(right)
    spare = {squeezed(right): right for right in extra if squeezed(right) not in rights}
    if len(rights) < 2:
        raise NotCarriedError("there are not two pairs whose right sides differ")
    if len(rights) < len(joined):
        lost.append(f"{len(joined)} pairs at once: some have the same right side, so each student meets {len(rights)} now")
    shown = min(len(rights), MOST_PAIRS)
    if len(rights) > MOST_PAIRS:
        lost.append(f"{len(rights)} pairs at once: each student meets {MOST_PAIRS} of them now")
    if len(spare) > MOST_EXTRA:
        lost.extend(f"the right side “{shortened(right)}”, which matches nothing" for right in [*spare.values()][MOST_EXTRA:])
    return Pairs(tuple(joined), tuple(spare.values())[:MOST_EXTRA], shown), lost


def in_unit(number: Number, units: Sequence[tuple[str, Decimal]]) -> tuple[Number, list[str]]:
    """The number in its unit, the one whose multiplier is 1, or the first; others are told, but for those that are converted.

    A multiplier is how many of its unit the key's unit makes.
    """
    meant = [(name, multiplier) for name, multiplier in units if not (name == "%" and multiplier == 100)]
    if not meant:
        return number, []  # without a unit a percentage is read as such anyway
    unit = next((name for name, multiplier in meant if multiplier == 1), meant[0][0])
    converted, lost = [], []
    for name, multiplier in meant:
        if name in NATS_PER and unit in NATS_PER and isclose(NATS_PER[unit] / NATS_PER[name], multiplier, rel_tol=1e-3):
            converted.append(name)
        elif name != unit:
            lost.append(f"the unit {name} (× {multiplier})")
    return replace(number, unit=unit, accept_units=tuple(name for name in converted if name != unit)), lost


def _whole(fraction: float) -> bool:
    return fraction > 1 - NEAR


def _percent(fraction: float) -> str:
    return f"{fraction * 100:.5g} %"
