"""Prose, queued for a person to mark, with the rubric."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from quizgen.answers.base import (
    Answer,
    AnswerSpec,
    Earlier,
    Mark,
    Path,
    Reading,
    Shared,
    Specimens,
    UnreadableError,
    Workshop,
)  # fmt: skip
from quizgen.items import AnswerKey, Filled, WriteFreely, plain
from quizgen.schemes import ByPerson
from quizgen.variants.expressions import Expression
from quizgen.variants.sampler import Block
from quizgen.variants.streams import Words
from quizgen.variants.texts import Compiled, plain_text

MAX_RESPONSE = 100_000


class CriterionSpec(BaseModel):
    """One line of a rubric."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    criterion: str = Field(description="plain words, with {{ }}; the student sees them")
    points: float = Field(1.0, gt=0, description="what the criterion is worth")


class Essay(AnswerSpec):
    """Prose for a person to mark."""

    kind: Literal["essay"] = "essay"
    rubric: list[CriterionSpec] = Field(min_length=1, max_length=100, description="what is looked for, with points")
    words: int = Field(150, ge=1, le=20_000, description="expected length")

    def compile(self, name: str, path: Path, shop: Workshop) -> Answer:
        """The compiled answer."""
        return EssayAnswer(
            self.shared(name, path, shop),
            tuple(
                shop.text(f"{line.criterion} ({line.points:g} point{'s' if line.points != 1 else ''})", place)
                for i, line in enumerate(self.rubric)
                for place in ((*path, "rubric", i, "criterion"),)
            ),
            self.words,
        )


@dataclass(frozen=True, slots=True)
class EssayKeys:
    """Of n variants: each line of the rubric, and the labels."""

    rubric: Sequence[Sequence[Filled]]
    prompts: Sequence[Filled | None]


@dataclass(frozen=True)
class EssayAnswer(Answer):
    """A compiled essay."""

    shared: Shared
    rubric: tuple[Compiled, ...]
    length: int

    def key_expressions(self) -> Iterable[Expression]:
        return ()

    def shown(self) -> Iterable[Compiled | Expression]:
        return [*super().shown(), *self.rubric]

    def prepare(self, block: Block, words: Words) -> EssayKeys:
        return EssayKeys([line.fill(block) for line in self.rubric], self.shared.prompts(block))

    def interaction(self, keys: EssayKeys, row: int) -> WriteFreely:
        return WriteFreely(keys.prompts[row], self.length, self._lines(keys, row))

    @staticmethod
    def _lines(keys: EssayKeys, row: int) -> tuple[str, ...]:
        return tuple(plain_text(line[row]) for line in keys.rubric)

    def read(self, response: str, reading: Reading) -> str:
        if len(response) > MAX_RESPONSE:
            raise UnreadableError(f"the text is longer than {MAX_RESPONSE:,} characters")
        return response

    def mark(
        self, keys: EssayKeys, rows: NDArray[np.int64], answers: Sequence[Any], given: Mapping[str, Sequence[Earlier | None]]
    ) -> list[Mark]:
        return [Mark("manual", 0.0, note=f"waiting for a person to mark ({len(text.split())} words)") for text in answers]

    def key(self, keys: EssayKeys, row: int) -> AnswerKey:
        return AnswerKey(self.name, plain("Marked by a person: " + "; ".join(self._lines(keys, row))))

    def scheme(self, keys: EssayKeys, row: int) -> ByPerson:
        return ByPerson()

    def specimens(self, keys: EssayKeys, row: int) -> Specimens:
        return Specimens((), (), ("x" * (MAX_RESPONSE + 1),))
