"""Who gets which variant: balanced over templates, and no variant twice in a class while a template has others left."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from quizgen.bank import Bank, Header, Template
from quizgen.bank.bank import meant
from quizgen.errors import Problem, QuizError
from quizgen.quizzes.blueprint import Blueprint, Fixed, Pick
from quizgen.quizzes.frozen import FrozenBank
from quizgen.spelling import closest
from quizgen.workers import HERE, Workers, complete, without_collecting

_CHUNK = 256
_PATIENCE = 10
"""A template's variants are thought to be exhausted when this many times as many addresses gave nothing new."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place of the quiz that every student has: its section, points, and the templates that may stand there."""

    section: int
    points: float
    templates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assigned:
    """One item of a student: which slot it fills, with which variant."""

    slot: int
    template: str
    ordinal: int


@dataclass(frozen=True, slots=True)
class Assignment:
    """Each student's items in the order in which they stand on the worksheet, and what the instructor should know."""

    items: tuple[tuple[Assigned, ...], ...]
    warnings: tuple[str, ...]


def slots_of(blueprint: Blueprint, bank: Bank) -> tuple[Slot, ...]:
    """The slots of a quiz.

    Raises:
        QuizError: templates that are not there, picks that nothing or too little fits; all at once.
        BankError: there are picks, and files of which it cannot be said whether they fit.
    """
    picks = any(isinstance(item, Pick) for section in blueprint.sections for item in section.items)
    headers = bank.headers() if picks else []
    fixed = {item.template for section in blueprint.sections for item in section.items if isinstance(item, Fixed)}
    slots: list[Slot] = []
    problems: list[Problem] = []
    for index, section in enumerate(blueprint.sections):
        for item in section.items:
            if isinstance(item, Fixed):
                if item.template not in bank:
                    problems.append(blueprint.problem((*item.path, "template"), bank.missing(item.template)))
                slots.append(Slot(index, item.points, (item.template,)))
                continue
            unknown = list(_unknown(blueprint, item, headers))
            problems.extend(unknown)
            fitting = [header.id for header in headers if _fits(header, item)]
            free = [id for id in fitting if id not in fixed] if len(set(fitting) - fixed) >= item.count else fitting
            if len(free) < item.count and not unknown:
                wanted = f"{item.count} templates are" if item.count > 1 else "1 template is"
                there = f"{len(free)} of the bank's {len(headers)} fit{'s' if len(free) == 1 else ''}"
                problems.append(blueprint.problem((*item.path, "pick"), f"{wanted} to be picked, but {there}"))
            slots.extend(Slot(index, item.points, tuple(free)) for _ in range(item.count))
    if problems:
        raise QuizError(problems)
    return tuple(slots)


def expected_minutes(slots: Sequence[Slot], bank: Bank) -> float:
    """How long a worksheet is expected to take: for each slot the mean over the templates that may stand there."""
    minutes = {id: bank.header(id).minutes for slot in slots for id in slot.templates}
    return math.fsum(math.fsum(minutes[id] for id in slot.templates) / len(slot.templates) for slot in slots)


def _fits(header: Header, pick: Pick) -> bool:
    return (
        (not pick.concepts or header.concept in pick.concepts)
        and (not pick.levels or header.level in pick.levels)
        and (not pick.tags or bool(set(header.tags) & set(pick.tags)))
        and (not pick.kinds or set(header.kinds) <= set(pick.kinds))
    )


def _unknown(blueprint: Blueprint, pick: Pick, headers: Sequence[Header]) -> Iterator[Problem]:
    """Words of a pick that nothing in the bank has."""
    known = {
        "concept": (pick.concepts, {header.concept for header in headers}),
        "level": (pick.levels, {header.level for header in headers}),
        "tag": (pick.tags, {tag for header in headers for tag in header.tags}),
        "kinds": (pick.kinds, {kind for header in headers for kind in header.kinds}),
    }
    for key, (wanted, there) in known.items():
        for word in wanted:
            if word not in there:
                which = f"the {key.removesuffix('s')} '{word}'"
                message = f"no template of the bank has {which}{meant(closest(word, there), sorted(there))}"
                yield blueprint.problem((*pick.path, key), message)


@dataclass(slots=True)
class _Chooser:
    """Chooses templates for slots: the least used in the class so far, ties by random rank."""

    secret: bytes
    used: Counter[str] = field(default_factory=Counter)

    def choose(self, slots: Sequence[Slot], student: str) -> list[str]:
        """A template for each slot, no two alike where the pools allow it at all."""
        seating = _Seating([self._preferred(slot, student) for slot in slots])
        chosen = seating.seated()
        self.used.update(id for id, slot in zip(chosen, slots, strict=True) if len(slot.templates) > 1)
        return chosen

    def _preferred(self, slot: Slot, student: str) -> list[str]:
        if len(slot.templates) == 1:
            return list(slot.templates)
        return sorted(slot.templates, key=lambda id: (self.used[id], _rank(self.secret, student, id)))


@dataclass(slots=True)
class _Seating:
    """Gives each slot a template of its own: a matching of slots and templates, by preference."""

    preferred: Sequence[Sequence[str]]
    held: dict[str, int] = field(default_factory=dict)

    def seated(self) -> list[str]:
        """A template for each slot; the most preferred one again where no free one can be had."""
        chosen = [preferred[0] for preferred in self.preferred]
        for slot in sorted(range(len(chosen)), key=lambda slot: len(self.preferred[slot]) > 1):
            self._seat(slot, set())
        for id, slot in self.held.items():
            chosen[slot] = id
        return chosen

    def _seat(self, slot: int, asked: set[str]) -> bool:
        """Whether the slot got a template: a free one, or one whose slot can take another."""
        wanted = self.preferred[slot]
        free = next((id for id in wanted if id not in self.held), None)
        for id in (free,) if free is not None else wanted:
            if id not in asked:
                asked.add(id)
                if id not in self.held or self._seat(self.held[id], asked):
                    self.held[id] = slot
                    return True
        return False


def _rank(secret: bytes, *words: str) -> bytes:
    return hashlib.blake2b("\x00".join(words).encode(), key=secret[:64], digest_size=8, person=b"quizgen-choose").digest()


@dataclass(frozen=True, slots=True)
class _DistinctJob:
    """What all templates have in common that are looked through for distinct variants."""

    secret: bytes
    bank: FrozenBank


def _distinct(job: _DistinctJob, part: tuple[str, int]) -> NDArray[np.int64]:
    template, count = part
    with without_collecting():
        return np.array(distinct_ordinals(job.bank.opened()[template], job.secret, count), dtype=np.int64)


def assign(
    blueprint: Blueprint, slots: Sequence[Slot], bank: Bank, students: Sequence[str], secret: bytes, workers: Workers = HERE
) -> Assignment:
    """Items for every student; ``workers`` look for variants that differ, a template at a time.

    Raises:
        VariantError: a template's conditions cannot be met.
    """
    chooser = _Chooser(secret)
    chosen = [chooser.choose(slots, student) for student in students]
    demand = Counter(template for row in chosen for template in row)
    ordinals: dict[str, Iterator[int]] = {}
    warnings = []
    job = _DistinctJob(secret, FrozenBank.of(bank, list(demand)))
    found = complete(workers.results(_distinct, job, demand.items()))
    for (template, count), addresses in zip(demand.items(), found, strict=True):
        distinct = addresses.tolist()
        if len(distinct) < count:
            each = -(-count // len(distinct))
            plural = "s" if len(distinct) != 1 else ""
            warnings.append(
                f"{template} has only {len(distinct)} distinct variant{plural} for {count} uses: "
                f"each is handed out up to {each} times"
            )
        ordinals[template] = _around(distinct)
    items = []
    for student, row in zip(students, chosen, strict=True):
        assigned = [Assigned(slot, template, next(ordinals[template])) for slot, template in enumerate(row)]
        items.append(tuple(_ordered(assigned, slots, blueprint.shuffle, secret, student)))
    return Assignment(tuple(items), tuple(sorted(warnings)))


def _around(distinct: Sequence[int]) -> Iterator[int]:
    while True:
        yield from distinct


def distinct_ordinals(template: Template, secret: bytes, wanted: int) -> list[int]:
    """Addresses of variants that differ in what a student sees or in their key: as many as wanted, or all there are."""
    seen: set[bytes] = set()
    found: list[int] = []
    start = barren = 0
    while len(found) < wanted:
        count = min(max(_CHUNK // 8, wanted - len(found)), 16 * _CHUNK)
        variants = template.variants(secret=secret, start=start, count=count)
        for ordinal, words in zip(variants.ordinals.tolist(), template.fingerprints(variants), strict=True):
            fingerprint = hashlib.blake2b(words.encode(), digest_size=16).digest()
            if fingerprint in seen:
                barren += 1
                continue
            seen.add(fingerprint)
            barren = 0
            found.append(ordinal)
        start += count
        if barren > max(_CHUNK, _PATIENCE * len(found)):
            break
    return found[:wanted]


def _ordered(assigned: Sequence[Assigned], slots: Sequence[Slot], shuffle: str, secret: bytes, student: str) -> list[Assigned]:
    """The items in the order of the student's worksheet; sections stay together."""
    if shuffle == "none":
        return list(assigned)
    sections: dict[int, list[Assigned]] = {}
    for item in assigned:
        sections.setdefault(slots[item.slot].section, []).append(item)
    order = sorted(sections)
    if shuffle == "sections":
        order.sort(key=lambda section: _rank(secret, student, "section", str(section)))
    else:
        for items in sections.values():
            items.sort(key=lambda item: _rank(secret, student, "item", str(item.slot)))
    return [item for section in order for item in sections[section]]
