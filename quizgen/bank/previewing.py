"""Templates made ready for a gallery: some variants of each, with what a learner is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from quizgen.answers import Reading
from quizgen.bank.bank import Bank
from quizgen.bank.overview import Group, Listed, overview, problems_in
from quizgen.bank.template import Template, Variants
from quizgen.errors import QuizgenError
from quizgen.items import (
    Arrange,
    ChooseMany,
    ChooseOne,
    EnterNumber,
    EnterText,
    Interaction,
    KeyedItem,
    Match,
    StateDistribution,
    WriteFreely,
)
from quizgen.rendering.gallery import Exhibit, Room, Shot, Told

SECRET = b"show"
"""That of ``quizgen show`` where no other seed is given, so that an address means the same variant there."""

_KINDS: Mapping[type[Interaction], str] = MappingProxyType(
    {
        ChooseOne: "choice",
        ChooseMany: "multiple",
        EnterNumber: "numeric",
        EnterText: "text",
        Arrange: "order",
        Match: "match",
        StateDistribution: "distribution",
        WriteFreely: "essay",
    }
)
"""The kind of answer that is asked for so."""

_SEARCHED = 16
"""How many times as many addresses as are wanted are looked through for variants that differ."""


def exhibit_of(template: Template, count: int) -> Exhibit:
    """A template with the first ``count`` of its variants that differ, or fewer where there are no more.

    Raises:
        QuizgenError: variants that cannot be drawn or shown.
    """
    shots = shots_of(template, _different(template, count))
    kinds = tuple(dict.fromkeys(_KINDS[type(asked)] for _, asked in shots[0].keyed.item.interactions))
    return Exhibit(template.id, template.title, kinds, template.level, template.minutes, shots, mistakes_told(template))


def shots_of(template: Template, variants: Variants) -> tuple[Shot, ...]:
    """Variants of a template as a page shows them, each with what its options say of themselves."""
    return tuple(
        Shot(int(variants.ordinals[row]), keyed, tuple(_said_of_options(template, variants, row, keyed)))
        for row, keyed in enumerate(template.keyed_items(variants))
    )


def mistakes_told(template: Template) -> tuple[Told, ...]:
    """What learners are told of the mistakes that a template tells from others."""
    named = dict.fromkeys(id for answer in template.answers for id, _ in answer.mistakes())
    told = ((id, template.explanation(id)) for id in named)
    return tuple(Told(id, words) for id, words in told if words is not None)


def _different(template: Template, count: int) -> Variants:
    drawn = template.variants(secret=SECRET, count=_SEARCHED * count)
    first: dict[str, int] = {}
    for row, words in enumerate(template.fingerprints(drawn)):
        first.setdefault(words, row)
    return drawn.pick(list(first.values())[:count])


def _said_of_options(template: Template, variants: Variants, row: int, keyed: KeyedItem) -> Iterator[Told]:
    """What the options of a variant say of themselves to those who choose them alone."""
    one = variants.pick([row])
    for name, interaction in keyed.item.interactions:
        if not isinstance(interaction, ChooseOne | ChooseMany):
            continue
        for option in interaction.options:
            (mark,) = template.mark_all(one, {name: [option.label]}, Reading())[name]
            if mark.feedback is not None:
                yield Told(option.label, mark.feedback)


def rooms_of(bank: Bank, count: int, progress: Callable[[int], None] = lambda done: None) -> tuple[Room, ...]:
    """Every template of a bank under its concept; a broken one has its problems in place of variants.

    ``progress`` is called with how much is done of two steps for each template: loading it, and drawing variants.
    """
    rooms = []
    groups = overview(bank, progress=progress)
    done = len(bank)
    for group in groups:
        exhibits = []
        for listed in group.templates:
            exhibits.append(_exhibit(bank, listed, count))
            done += 1
            progress(done)
        if exhibits:
            rooms.append(_room(group, tuple(exhibits)))
    return tuple(rooms)


def _exhibit(bank: Bank, listed: Listed, count: int) -> Exhibit:
    header = listed.header
    problems = listed.problems
    if not problems:
        try:
            return exhibit_of(bank[header.id], count)
        except QuizgenError as error:
            problems = problems_in(error)
    return Exhibit(header.id, header.title or header.id, header.kinds, header.level, header.minutes, problems=problems)


def _room(group: Group, exhibits: tuple[Exhibit, ...]) -> Room:
    if group.concept is None:
        return Room("Of no concept of this course", "", exhibits)
    return Room(group.concept.title, group.concept.summary, exhibits)
