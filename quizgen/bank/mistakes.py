"""Named misconceptions: ``mistakes.yaml``, and the ``mistakes:`` of a single template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, RootModel

from quizgen.bank.concepts import Concepts
from quizgen.bank.source import Document, KeyPath, read_document
from quizgen.bank.validation import Slug, closest, suggest, validate
from quizgen.errors import BankError, Problem


@dataclass(frozen=True, slots=True)
class Mistake:
    """A misconception: what a learner is told about it, and the concept that repairs it (None if none is named)."""

    id: str
    title: str
    explanation: str
    concept: str | None = None


class MistakeSpec(BaseModel):
    """One entry as it is written in YAML, under its id."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Annotated[str, Field(min_length=1, description="the mistake in a few words")]
    explanation: Annotated[str, Field(min_length=1, description="what a learner is told who made it")]
    concept: str | None = Field(None, description="the id of the concept that repairs it")

    def mistake(self, id: str) -> Mistake:
        """The mistake of that id."""
        return Mistake(id, self.title, self.explanation.strip(), self.concept)


class Mistakes(Mapping[str, Mistake]):
    """Mistakes by id, in the order of the file."""

    __slots__ = ("_by_id",)

    def __init__(self, mistakes: tuple[Mistake, ...] = ()) -> None:
        self._by_id = {mistake.id: mistake for mistake in mistakes}

    def __getitem__(self, id: str) -> Mistake:
        return self._by_id[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    def closest(self, word: str) -> str | None:
        """The id that was probably meant by a misspelt one."""
        return closest(word, self._by_id)


class _MistakesSpec(RootModel[dict[Slug, MistakeSpec]]):
    pass


def load_mistakes(path: Path, concepts: Concepts | None = None) -> Mistakes:
    """The mistakes of a ``mistakes.yaml``; with ``concepts``, the repairing concepts must be among them.

    Raises `BankError` with every problem.
    """
    document = read_document(path)
    specs = validate(_MistakesSpec, document).root
    problems = [] if concepts is None else list(unknown_concepts(specs, concepts, document))
    if problems:
        raise BankError(problems)
    return Mistakes(tuple(spec.mistake(id) for id, spec in specs.items()))


def unknown_concepts(
    specs: Mapping[str, MistakeSpec], concepts: Concepts, document: Document, path: KeyPath = ()
) -> Iterator[Problem]:
    """A problem for each mistake whose repairing concept does not exist; the map of mistakes stands at ``path``."""
    for id, spec in specs.items():
        if spec.concept is not None and spec.concept not in concepts:
            message = f'there is no concept "{spec.concept}"{suggest(spec.concept, concepts)}'
            yield document.problem((*path, id, "concept"), message)
