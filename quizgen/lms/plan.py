"""From a quiz file to an export: which variants stand in which pool, with codes that stay the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quizgen.bank import Bank, Template
from quizgen.items import Filled, Text
from quizgen.lms.base import Export, Pool, Question
from quizgen.quizzes.assignment import Slot, distinct_ordinals
from quizgen.quizzes.blueprint import Blueprint
from quizgen.quizzes.codes import named_code

BLOCK = 256
"""Variants drawn at a time, so that memory does not grow with their number."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One variant of an export: its code, slot (from 0), template and ordinal."""

    code: str
    slot: int
    template: str
    ordinal: int


def shared_out(slots: Sequence[Slot]) -> list[tuple[str, ...]]:
    """The templates of each slot. Slots that draw from the same templates share them out, so that none is met twice.

    Where there are fewer templates than slots, they stand in several.
    """
    alike: dict[tuple[str, ...], list[int]] = {}
    for place, slot in enumerate(slots):
        alike.setdefault(slot.templates, []).append(place)
    shared: list[tuple[str, ...]] = [()] * len(slots)
    for templates, places in alike.items():
        for i, place in enumerate(places):
            own = templates[i :: len(places)] if len(templates) >= len(places) else (templates[i % len(templates)],)
            shared[place] = own
    return shared


def plan(slots: Sequence[Slot], bank: Bank, variants: int, secret: bytes, written: str = "") -> tuple[list[Sent], list[str]]:
    """The variants of an export in order, so many of each template of each slot; and what the instructor should know.

    ``written`` names what else decides what a question shows, such as the form of formulas: with it the codes change.

    Raises:
        VariantError: a template's conditions cannot be met.
    """
    shared = shared_out(slots)
    uses: dict[str, int] = {}
    for templates in shared:
        for template in templates:
            uses[template] = uses.get(template, 0) + 1
    warnings = []
    ordinals: dict[str, list[int]] = {}
    for template, times in uses.items():
        ordinals[template] = distinct_ordinals(bank[template], secret, variants * times)
        if len(ordinals[template]) < variants * times:
            warnings.append(f"{template} has only {len(ordinals[template])} distinct variants, not {variants * times}")
    sent: list[Sent] = []
    taken: set[str] = set()
    for slot, templates in enumerate(shared):
        for template in templates:
            share = -(-len(ordinals[template]) // uses[template])
            chosen, ordinals[template] = ordinals[template][:share], ordinals[template][share:]
            uses[template] -= 1
            content = f"{_content(bank, template)}\x00{written}"
            for ordinal in chosen:
                code = _free_code(secret, f"{content}\x00{ordinal}", taken)
                sent.append(Sent(code, slot, template, ordinal))
    return sent, sorted(warnings)


def _content(bank: Bank, template: str) -> str:
    """A template's id with a digest of all that its variants and what is told of mistakes follow from."""
    whole = hashlib.sha256()
    for path, raw in bank[template].sources:
        whole.update(path.encode() + b"\x00" + raw + b"\x00")
    for id, mistake in sorted(bank[template].mistakes.items()):
        whole.update(f"{id}\x00{mistake.title}\x00{mistake.explanation}\x00".encode())
    return f"{template}\x00{whole.hexdigest()}"


def _free_code(secret: bytes, content: str, taken: set[str]) -> str:
    salt = 0
    while (code := named_code(secret, content, salt)) in taken:
        salt += 1
    taken.add(code)
    return code


def ident_of(code: str) -> str:
    """A code as a name that is legal everywhere."""
    return f"qg-{_compact(code)}"


def _compact(code: str) -> str:
    return code.replace("-", "").lower()


def export_of(
    blueprint: Blueprint, bank: Bank, slots: Sequence[Slot], sent: Sequence[Sent], secret: bytes, name: str
) -> Export:
    """The export of a quiz, whose questions are drawn when they are asked for. Pools without questions are left out."""
    pools = []
    taken: set[str] = set()
    for number, slot in enumerate(slots, 1):
        mine = [one for one in sent if one.slot == number - 1]
        if mine:
            content = "\x00".join(("pool", blueprint.sections[slot.section].title, *sorted({one.template for one in mine})))
            ident = f"{name}-{_compact(_free_code(secret, content, taken))}"
            pools.append(_pool(blueprint, bank, slot, number, mine, secret, ident))
    instructions = Filled(Text(blueprint.instructions)) if blueprint.instructions.strip() else None
    return Export(name, blueprint.title, instructions, blueprint.decimal_comma, blueprint.hints, tuple(pools))


def _pool(blueprint: Blueprint, bank: Bank, slot: Slot, number: int, sent: Sequence[Sent], secret: bytes, ident: str) -> Pool:
    templates = list(dict.fromkeys(one.template for one in sent))
    title = bank[templates[0]].title if len(templates) == 1 else f"One of {len(templates)} templates"

    def questions() -> Iterator[Question]:
        for template in templates:
            mine = [one for one in sent if one.template == template]
            for start in range(0, len(mine), BLOCK):
                yield from drawn(
                    bank[template],
                    slot.points,
                    mine[start : start + BLOCK],
                    secret,
                    decimal_comma=blueprint.decimal_comma,
                    hints=blueprint.hints,
                )

    section = blueprint.sections[slot.section].title
    return Pool(ident, number, section, f"{number}. {title}", slot.points, len(sent), questions)


def drawn(
    template: Template, points: float, sent: Sequence[Sent], secret: bytes, *, decimal_comma: bool, hints: bool
) -> Iterator[Question]:
    """The questions of some of a template's variants, each for ``points``."""
    variants = template.variants_at([one.ordinal for one in sent], secret=secret)
    for one, made in zip(sent, template.schemed_items(variants), strict=True):
        yield Question(
            ident_of(one.code),
            one.code,
            one.template,
            one.ordinal,
            template.concept,
            template.level,
            template.tags,
            points,
            made,
            template.mistakes,
            decimal_comma,
            hints,
        )
