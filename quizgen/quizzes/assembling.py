"""From a manifest to worksheets: items are drawn for a group of students at a time, a template at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from quizgen.bank import Bank, Template, Variants
from quizgen.items import Entry, Filled, Item, KeyedItem, Section, Text, Worksheet, field_name
from quizgen.quizzes.codes import item_code
from quizgen.quizzes.manifest import Manifest, QuizFacts, Sheet

Made = TypeVar("Made")


def worksheets(manifest: Manifest, bank: Bank, sheets: Sequence[Sheet]) -> list[Worksheet]:
    """The worksheets of some students. Nothing in them is a key."""
    made = _for_items(manifest, bank, sheets, Template.items)
    return [_worksheet(manifest, sheet, row) for sheet, row in zip(sheets, made, strict=True)]


def keyed_items(manifest: Manifest, bank: Bank, sheets: Sequence[Sheet]) -> list[dict[str, KeyedItem]]:
    """For each of some students the items with their keys, by field prefix (``q3``)."""
    made = _for_items(manifest, bank, sheets, Template.keyed_items)
    return [{f"q{i}": keyed for i, keyed in enumerate(row, 1)} for row in made]


def _for_items(
    manifest: Manifest, bank: Bank, sheets: Sequence[Sheet], make: Callable[[Template, Variants], list[Made]]
) -> list[list[Made]]:
    """What ``make`` makes of every item of the sheets, each template's items at once."""
    wanted: dict[str, list[tuple[int, int]]] = {}
    ordinals: dict[str, list[int]] = {}
    for row, sheet in enumerate(sheets):
        for place, item in enumerate(sheet.items):
            wanted.setdefault(item.template, []).append((row, place))
            ordinals.setdefault(item.template, []).append(item.ordinal)
    result: list[dict[int, Made]] = [{} for _ in sheets]
    for id, places in wanted.items():
        template = bank[id]
        variants = template.variants_at(ordinals[id], secret=manifest.secret)
        for (row, place), made in zip(places, make(template, variants), strict=True):
            result[row][place] = made
    return [[found[place] for place in range(len(found))] for found in result]


def _worksheet(manifest: Manifest, sheet: Sheet, items: Sequence[Item]) -> Worksheet:
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
