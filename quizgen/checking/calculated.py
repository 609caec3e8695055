"""Checks of options that are calculations or rows of numbers: those that are true come to the same, and a distribution to 1."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizgen.answers.multiple import MultipleAnswer
from quizgen.answers.options import OptionsAnswer
from quizgen.checking.base import Finding, check
from quizgen.checking.equations import Span, displayed, worked_out
from quizgen.checking.prose import sentences
from quizgen.checking.sweep import Sweep
from quizgen.items import ChooseMany, ChooseOne, KeyedItem, Option
from quizgen.variants.texts import plain_text

LOOKED_AT = 40
"""So many variants' options are worked out."""

_FORMULA = re.compile(r"\$([^$]+)\$|`([^`]+)`")
_COME_TO = re.compile(
    r"\b(?:calculations?|expressions?|formulas?|gives?|equals?|comes? to|computes?|same (?:number|value))\b", re.I
)
_DISTRIBUTION = re.compile(
    r"\b(?:rows?|lists?|which|these)\b[^.?!]*\b(?:can|could|may|is|are|be)\b[^.?!]*\b(?:policy|policies|distributions?|probabilities)\b",
    re.I,
)
_COMPARES = re.compile(
    r"\b(?:above|below|more|less|larger|smaller|greater|between|positive|negative|least|most|possible)\b", re.I
)
_DENIES = re.compile(r"\b(?:not|cannot|no|never|wrong|unnormali[sz]ed|before)\b|n['’]t\b", re.I)
_NEAR_ONE = 0.2
"""A row of numbers that comes so near to 1 is meant to be a distribution."""


@check("option-calculation", "error")
def option_calculation(sweep: Sweep) -> Iterator[Finding]:
    """The question asks which calculations give a number, and in some variant two options that count as right, worked out from
    the numbers that they show, do not come to the same. A sign or a number in one of them is wrong.
    """
    for at, answer in enumerate(sweep.template.answers):
        if not isinstance(answer, MultipleAnswer) or not _asks(sweep, _COME_TO, _COMPARES):
            continue
        for keyed, ordinal in zip(sweep.keyed[:LOOKED_AT], sweep.ordinals.tolist(), strict=False):
            worked = [(said, span) for option in _right(keyed, at) for said, span in _calculation(option)]
            other = next((two for one in worked for two in worked if two[1][0] > one[1][1] + 1e-9 * (1 + abs(one[1][1]))), None)
            if other is not None:
                values = "; ".join(f"“{said}” is about {(span[0] + span[1]) / 2:.4g}" for said, span in worked)
                yield Finding(
                    sweep.path(answer.name, "options"), f"of the right options not all come to the same: {values}", ordinal
                )
                break


@check("option-sum", "error")
def option_sum(sweep: Sweep) -> Iterator[Finding]:
    """The question asks which row of numbers is a policy or a distribution, and in some variant a row that counts as right has
    a number below 0 or does not sum to 1, although nearly so. Mend the row, or the condition under which it is right.
    """
    for at, answer in enumerate(sweep.template.answers):
        if not isinstance(answer, OptionsAnswer) or not _asks(sweep, _DISTRIBUTION, _DENIES):
            continue
        for keyed, ordinal in zip(sweep.keyed[:LOOKED_AT], sweep.ordinals.tolist(), strict=False):
            bad = next((said for option in _right(keyed, at) if (said := _no_distribution(option))), "")
            if bad:
                yield Finding(sweep.path(answer.name, "options"), bad, ordinal)
                break


def _asks(sweep: Sweep, what: re.Pattern[str], otherwise: re.Pattern[str]) -> bool:
    """Whether a question of the stem asks for something, and not with words that turn it into another question."""
    asked = [sentence for sentence in sentences(sweep.stems[0]) if "?" in sentence]
    return any(what.search(question) and not (otherwise.search(question) or _DENIES.search(question)) for question in asked)


def _right(keyed: KeyedItem, at: int) -> list[Option]:
    """The options of a choice that count as right."""
    interaction, key = keyed.item.interactions[at][1], keyed.keys[at]
    match interaction:
        case ChooseOne(options=options):
            return [option for option in options if option.label == key.accepted]
        case ChooseMany(options=options):
            return [option for option in options if option.label in plain_text(key.shown).split()]
    return []


def _calculation(option: Option) -> Iterator[tuple[str, Span]]:
    """The words of an option that is nothing but a calculation, and what it comes to."""
    found = _FORMULA.fullmatch(plain_text(option.text).strip())
    said = (found[1] or found[2]) if found else ""
    span = worked_out(said) if re.search(r"\d", said) else None
    if span is not None:
        yield said, span


def _no_distribution(option: Option) -> str:
    """What is wrong with an option that is a row of numbers and nearly a distribution."""
    said = plain_text(option.text).strip("[]()$ ")
    cells = [cell.strip() for cell in re.split(r"[,;]\s", said)]
    spans = [displayed(cell) for cell in cells]
    if len(cells) < 3 or any(span is None for span in spans):
        return ""
    numbers = [(low + high) / 2 for low, high in filter(None, spans)]
    total, slack = sum(numbers), 0.5 * 10.0 ** -max(len(cell.partition(".")[2]) for cell in cells) * len(cells)
    below = min(numbers) < 0
    exact = slack * 2 if max(len(cell.partition(".")[2]) for cell in cells) > 2 else 1e-9
    if below or exact < abs(total - 1) < _NEAR_ONE:
        return f"the right option “{said}” {'has a number below 0' if below else f'sums to {total:.6g}'}"
    return ""
