"""Responses of an invented class, made from the answer kinds' own specimens: for demonstrations and trials."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from quizgen.answers import Specimens
from quizgen.bank import Bank
from quizgen.items import field_name
from quizgen.quizzes.assembling import fields_of
from quizgen.quizzes.manifest import Manifest, Sheet

GROUP = 1024
"""Students handled at a time."""

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
    result: list[dict[str, str]] = []
    for start in range(0, len(sheets), GROUP):
        group = sheets[start : start + GROUP]
        specimens = _specimens(manifest, bank, group)
        for row, (sheet, learner) in enumerate(zip(group, learners[start : start + GROUP], strict=True)):
            fields = fields_of(bank, sheet)
            result.append({field: _response(specimens[row, field], learner, chance) for field in fields})
    return result


def _specimens(manifest: Manifest, bank: Bank, sheets: Sequence[Sheet]) -> dict[tuple[int, str], Specimens]:
    """Specimens of responses to every field, by the sheet's row and the field; each template's are made at once."""
    places: dict[str, list[tuple[int, int, int]]] = {}
    for row, sheet in enumerate(sheets):
        for number, item in enumerate(sheet.items, 1):
            places.setdefault(item.template, []).append((row, number, item.ordinal))
    made: dict[tuple[int, str], Specimens] = {}
    for id, found in places.items():
        template = bank[id]
        variants = template.variants_at([ordinal for _, _, ordinal in found], secret=manifest.secret)
        for block in variants.blocks:
            for answer, keys in template.prepared(block):
                for i, place in enumerate(block.rows.tolist()):
                    row, number, _ = found[place]
                    made[row, field_name(f"q{number}", answer.name, template.single)] = answer.specimens(keys, i)
    return made


def _response(specimens: Specimens, learner: Learner, chance: random.Random) -> str:
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
