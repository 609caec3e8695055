"""Responses of an invented class, made from the answer kinds' own specimens: for demonstrations and trials."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from quizgen.answers import Answer, Specimens
from quizgen.bank import Bank
from quizgen.items import field_name
from quizgen.quizzes.manifest import Manifest, Sheet

ESSAY = (
    "The loss looks at the probability that the correct word got, not at which word is on top. A model that is sure and wrong "
    "pays far more than one that hesitates, so two models with the same accuracy can have very different losses."
)


@dataclass(frozen=True, slots=True)
class Learner:
    """How an invented student answers: shares of right, of mistaken (as foreseen), of blank and of unreadable responses."""

    right: float
    mistaken: float
    blank: float = 0.05
    unreadable: float = 0.03


def responses(
    manifest: Manifest, bank: Bank, sheets: Sequence[Sheet], learners: Sequence[Learner], seed: int
) -> list[dict[str, str]]:
    """For each sheet a response to every field, by field name."""
    chance = random.Random(seed)
    result: list[dict[str, str]] = [{} for _ in sheets]
    for row, (sheet, learner) in enumerate(zip(sheets, learners, strict=True)):
        for number, item in enumerate(sheet.items, 1):
            template = bank[item.template]
            variants = template.variants_at([item.ordinal], secret=manifest.secret)
            for answer, keys in template.prepared(variants.blocks[0]):
                name = field_name(f"q{number}", answer.name, template.single)
                result[row][name] = _response(answer, keys, learner, chance)
    return result


def _response(answer: Answer, keys: Any, learner: Learner, chance: random.Random) -> str:
    specimens = answer.specimens(keys, 0)
    if not specimens.right:
        return ESSAY
    draw = chance.random()
    if draw < learner.right:
        return chance.choice(specimens.right)
    if draw < learner.right + learner.blank:
        return ""
    if draw < learner.right + learner.blank + learner.unreadable:
        return specimens.unreadable[0]
    return _mistaken(specimens, learner, chance)


def _mistaken(specimens: Specimens, learner: Learner, chance: random.Random) -> str:
    if specimens.mistakes and chance.random() < learner.mistaken:
        return chance.choice(specimens.mistakes)[1]
    return chance.choice(specimens.wrong or specimens.right)
