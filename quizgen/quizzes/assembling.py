"""From a manifest to worksheets: items are drawn for a group of students at a time, a template at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from quizgen.bank import Bank
from quizgen.items import Entry, Filled, Item, KeyedItem, Section, Text, Worksheet, field_name
from quizgen.quizzes.codes import item_code
from quizgen.quizzes.manifest import Manifest, QuizFacts, Sheet


@dataclass(frozen=True, slots=True)
class Paper:
    """A student's worksheet, in which nothing is a key, and beside it the same items with their keys, by field prefix."""

    worksheet: Worksheet
    keyed: Mapping[str, KeyedItem]


def papers(manifest: Manifest, bank: Bank, sheets: Sequence[Sheet]) -> list[Paper]:
    """The papers of some students; each template's items are drawn at once."""
    wanted: dict[str, list[tuple[int, int]]] = {}
    ordinals: dict[str, list[int]] = {}
    for row, sheet in enumerate(sheets):
        for number, item in enumerate(sheet.items, 1):
            wanted.setdefault(item.template, []).append((row, number))
            ordinals.setdefault(item.template, []).append(item.ordinal)
    made: list[dict[int, KeyedItem]] = [{} for _ in sheets]
    for id, places in wanted.items():
        template = bank[id]
        variants = template.variants_at(ordinals[id], secret=manifest.secret)
        for (row, number), keyed in zip(places, template.keyed_items(variants), strict=True):
            made[row][number] = keyed
    return [_paper(manifest, bank, sheet, row) for sheet, row in zip(sheets, made, strict=True)]


def _paper(manifest: Manifest, bank: Bank, sheet: Sheet, keyed: Mapping[int, KeyedItem]) -> Paper:
    items = [keyed[number].item for number in range(1, len(sheet.items) + 1)]
    minutes = sum(bank[assigned.template].minutes for assigned in sheet.items)
    return Paper(_worksheet(manifest, sheet, items, minutes), {f"q{number}": item for number, item in keyed.items()})


def _worksheet(manifest: Manifest, sheet: Sheet, items: Sequence[Item], minutes: float) -> Worksheet:
    quiz = manifest.quiz
    sections: list[Section] = []
    current = -1
    entries: list[Entry] = []
    for number, (assigned, item) in enumerate(zip(sheet.items, items, strict=True), 1):
        slot = manifest.slots[assigned.slot]
        if slot.section != current and entries:
            sections.append(Section(quiz.sections[current], tuple(entries)))
            entries = []
        current = slot.section
        code = item_code(sheet.code, number)
        entries.append(Entry(f"q{number}", number, slot.points, code, _as_shown(item, quiz)))
    sections.append(Section(quiz.sections[current], tuple(entries)))
    return Worksheet(
        quiz.title,
        Filled(Text(quiz.instructions)) if quiz.instructions.strip() else None,
        quiz.due_words,
        sheet.student.id,
        sheet.student.name,
        manifest.build,
        sheet.code,
        tuple(sections),
        quiz.decimal_comma,
        minutes,
    )


def _as_shown(item: Item, quiz: QuizFacts) -> Item:
    return replace(item, title=item.title if quiz.show_titles else "", hints=item.hints if quiz.hints else ())


def fields_of(bank: Bank, sheet: Sheet) -> tuple[str, ...]:
    """The names of a sheet's fields in order: ``q1``, ``q2.loss_1``, …"""
    names: list[str] = []
    for number, item in enumerate(sheet.items, 1):
        template = bank[item.template]
        names.extend(field_name(f"q{number}", answer.name, template.single) for answer in template.answers)
    return tuple(names)
