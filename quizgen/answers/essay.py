"""Prose, queued for a person to mark, with the rubric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from quizgen.answers.base import (
    Answer,
    AnswerSpec,
    Mark,
    Path,
    Reading,
    Shared,
    Specimens,
    UnreadableError,
    Workshop,
)  # fmt: skip
from quizgen.items import AnswerKey, Filled, WriteFreely, plain
from quizgen.variants.sampler import Block
from quizgen.variants.streams import Words

MAX_RESPONSE = 100_000


class CriterionSpec(BaseModel):
    """One line of a rubric."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    criterion: str
    points: float = Field(1.0, gt=0)


class Essay(AnswerSpec):
    """Prose for a person to mark."""

    kind: Literal["essay"] = "essay"
    rubric: list[CriterionSpec] = Field(min_length=1, description="what is looked for, with points")
    words: int = Field(150, ge=1, le=20_000, description="expected length")

    def compile(self, name: str, path: Path, shop: Workshop) -> Answer:
        """The compiled answer."""
        return EssayAnswer(
            Shared(name, self.weight, shop.text(self.label, (*path, "label")) if self.label else None),
            tuple(f"{line.criterion} ({line.points:g} point{'s' if line.points != 1 else ''})" for line in self.rubric),
            self.words,
        )


@dataclass(frozen=True)
class EssayAnswer(Answer):
    """A compiled essay."""

    shared: Shared
    rubric: tuple[str, ...]
    length: int

    def key_names(self) -> frozenset[str]:
        return frozenset()

    def prepare(self, block: Block, words: Words) -> Sequence[Filled | None]:
        return self.shared.prompt.fill(block) if self.shared.prompt else [None] * len(block)

    def interaction(self, keys: Sequence[Filled | None], row: int) -> WriteFreely:
        return WriteFreely(keys[row], self.length, self.rubric)

    def read(self, response: str, reading: Reading) -> str:
        if len(response) > MAX_RESPONSE:
            raise UnreadableError(f"the text is longer than {MAX_RESPONSE:,} characters")
        return response

    def mark(
        self, keys: Any, rows: NDArray[np.int64], answers: Sequence[Any], given: Mapping[str, Sequence[Any]]
    ) -> list[Mark]:
        return [Mark("manual", 0.0, note=f"waiting for a person to mark ({len(text.split())} words)") for text in answers]

    def key(self, keys: Any, row: int) -> AnswerKey:
        return AnswerKey(self.name, plain("Marked by a person: " + "; ".join(self.rubric)))

    def specimens(self, keys: Any, row: int) -> Specimens:
        return Specimens((), (), ("x" * (MAX_RESPONSE + 1),))
