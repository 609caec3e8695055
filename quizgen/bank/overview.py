"""A bank at a glance: its templates under their concepts, with what each says of itself and whether it loads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from quizgen.bank.bank import CONCEPTS, Bank, Header
from quizgen.bank.capacity import Capacity, capacity_of
from quizgen.bank.concepts import Concept
from quizgen.errors import ProblemsError, QuizgenError


@dataclass(frozen=True, slots=True)
class Listed:
    """A template of a bank. ``problems`` say why it does not load; ``capacity`` is None where it was not asked for."""

    header: Header
    problems: tuple[str, ...] = ()
    capacity: Capacity | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A concept with its templates; None for those of a concept that the course does not have."""

    concept: Concept | None
    templates: tuple[Listed, ...]


def overview(bank: Bank, *, capacity: int | None = None, progress: Callable[[int], None] = lambda done: None) -> list[Group]:
    """Every concept of the bank's course in its order, with its templates by id; last, if any, those of no such concept.

    Concepts without a template are left out where the bank has no course of its own. Every template is loaded. With
    ``capacity``, so many variants of each are drawn to say how many there are. ``progress`` is called with how many
    templates are done.
    """
    groups: dict[str | None, list[Listed]] = {concept: [] for concept in bank.concepts}
    for done, id in enumerate(sorted(bank), 1):
        listed = _listed(bank, id, capacity)
        concept = listed.header.concept
        groups.setdefault(concept if concept in bank.concepts else None, []).append(listed)
        progress(done)
    own = (bank.folder / CONCEPTS).is_file()
    return [Group(bank.concepts[id] if id else None, tuple(group)) for id, group in groups.items() if group or own]


def _listed(bank: Bank, id: str, capacity: int | None) -> Listed:
    listed = Listed(Header(id, "", "", "", 0.0, (), ()))
    try:
        listed = Listed(bank.header(id))
        template = bank[id]
        return replace(listed, capacity=capacity_of(template, count=capacity)) if capacity else listed
    except QuizgenError as error:
        return replace(listed, problems=problems_in(error))


def problems_in(error: QuizgenError) -> tuple[str, ...]:
    """What an error says, a problem each."""
    return tuple(map(str, error.problems)) if isinstance(error, ProblemsError) else (str(error),)
