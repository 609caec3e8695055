"""The concept graph of a course: ``concepts.yaml``."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StrictInt

from quizgen.bank.source import Document, read_document
from quizgen.bank.validation import Slug, closest, suggest, validate
from quizgen.errors import BankError, Problem

Part: TypeAlias = Literal["before", "related", "after"]


@dataclass(frozen=True, slots=True)
class Concept:
    """One concept. ``part`` and ``row`` tell where the course's page lists it; ``requires`` holds ids of concepts."""

    id: str
    title: str
    part: Part = "related"
    row: int | None = None
    requires: tuple[str, ...] = ()
    summary: str = ""


class Concepts(Mapping[str, Concept]):
    """The concepts of a course by id, in the order of the file."""

    __slots__ = ("_by_id", "_order", "course", "page")

    def __init__(self, course: str, page: str, concepts: tuple[Concept, ...]) -> None:
        self.course = course
        self.page = page
        self._by_id = {concept.id: concept for concept in concepts}
        self._order = _learning_order(self._by_id)

    def __getitem__(self, id: str) -> Concept:
        return self._by_id[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    def closest(self, word: str) -> str | None:
        """The id that was probably meant by a misspelt one."""
        return closest(word, self._by_id)

    def prerequisites(self, id: str) -> tuple[Concept, ...]:
        """All concepts to know before this one, each after what it requires itself."""
        needed: set[str] = set()
        open_ids = list(self._by_id[id].requires)
        while open_ids:
            current = open_ids.pop()
            if current not in needed:
                needed.add(current)
                open_ids += self._by_id[current].requires
        return tuple(self._by_id[known] for known in self._order if known in needed)

    def path(self, id: str) -> tuple[Concept, ...]:
        """The way to learn a concept: all it requires, each after what that requires itself, and the concept at its end."""
        return (*self.prerequisites(id), self._by_id[id])


class _ConceptSpec(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Slug
    title: Annotated[str, Field(min_length=1)]
    part: Part = "related"
    row: Annotated[StrictInt, Field(ge=1)] | None = None
    requires: tuple[str, ...] = ()
    summary: str = ""


class _ConceptsSpec(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    course: str = ""
    page: str = ""
    concepts: Annotated[tuple[_ConceptSpec, ...], Field(min_length=1)]


def load_concepts(path: Path) -> Concepts:
    """The concepts of a ``concepts.yaml``.

    Raises `BankError` with every problem: misspelt keys, an id or a row used twice, a required concept that does not
    exist, concepts that require each other in a circle.
    """
    document = read_document(path)
    spec = validate(_ConceptsSpec, document)
    problems = [*_repeated(spec, document), *_unknown(spec, document)]
    if not problems:
        problems = _circles(spec, document)
    if problems:
        raise BankError(problems)
    return Concepts(spec.course, spec.page, tuple(Concept(**dict(concept)) for concept in spec.concepts))


def _repeated(spec: _ConceptsSpec, document: Document) -> Iterator[Problem]:
    for name in ("id", "row"):
        first: dict[object, int] = {}
        for position, concept in enumerate(spec.concepts):
            value = getattr(concept, name)
            if value is None:
                continue
            if value in first:
                line = document.place(("concepts", first[value], name)).line
                yield document.problem(("concepts", position, name), f"{name} {value} is already used on line {line}")
            first.setdefault(value, position)


def _unknown(spec: _ConceptsSpec, document: Document) -> Iterator[Problem]:
    ids = [concept.id for concept in spec.concepts]
    for position, concept in enumerate(spec.concepts):
        for place, required in enumerate(concept.requires):
            if required not in ids:
                near = suggest(required, [known for known in ids if known != concept.id])
                yield document.problem(("concepts", position, "requires", place), f'there is no concept "{required}"{near}')


def _circles(spec: _ConceptsSpec, document: Document) -> list[Problem]:
    try:
        _learning_order({concept.id: Concept(**dict(concept)) for concept in spec.concepts})
    except CycleError as exc:
        # The sorter lists a circle from what is required to what requires it; people read it the other way round.
        circle: list[str] = exc.args[1][::-1]
        position = next(place for place, concept in enumerate(spec.concepts) if concept.id == circle[0])
        message = f"concepts require each other in a circle: {' → '.join(circle)}"
        return [document.problem(("concepts", position, "requires"), message)]
    return []


def _learning_order(concepts: Mapping[str, Concept]) -> tuple[str, ...]:
    """All ids so that each follows what it requires; else the lower row comes first, then the file's order decides.

    Raises `CycleError`.
    """
    by_rank = sorted(concepts, key=lambda id: _row(concepts[id]))
    rank = {id: place for place, id in enumerate(by_rank)}
    sorter = TopologicalSorter({id: concept.requires for id, concept in concepts.items()})
    sorter.prepare()
    order: list[str] = []
    ready: list[int] = []
    while sorter.is_active():
        for id in sorter.get_ready():
            heappush(ready, rank[id])
        order.append(by_rank[heappop(ready)])
        sorter.done(order[-1])
    return tuple(order)


def _row(concept: Concept) -> float:
    return math.inf if concept.row is None else concept.row
