"""Short texts, compared with what is accepted; spaces, Unicode form, quotes' shape and (by default) case do not count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, field_validator

from quizgen.answers.base import (
    CORRECT,
    WRONG,
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
from quizgen.folding import worded
from quizgen.items import AnswerKey, EnterText, Filled
from quizgen.schemes import Texts, Verdict
from quizgen.variants.expressions import Expression
from quizgen.variants.sampler import Block
from quizgen.variants.streams import Words
from quizgen.variants.texts import Compiled, plain_text

MAX_RESPONSE = 1000


class AcceptedSpec(BaseModel):
    """An accepted text and the fraction that it earns."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str = Field(description="the text, with {{ }}")
    credit: float = Field(1.0, gt=0, le=1, description="the fraction that it earns")


class TextSpec(AnswerSpec):
    """A short text."""

    kind: Literal["text"] = "text"
    accept: list[AcceptedSpec] = Field(min_length=1, max_length=100, description="accepted texts, with {{ }}")
    case_sensitive: bool = Field(False, description="whether capital letters count")
    mistakes: dict[str, list[str]] = Field({}, max_length=100, description="mistake: texts that it leads to")

    _accept = field_validator("accept", mode="before")(
        lambda values: (
            [{"text": value} if isinstance(value, str) else value for value in values] if isinstance(values, list) else values
        )
    )

    def compile(self, name: str, path: Path, shop: Workshop) -> Answer:
        """The compiled answer."""
        if not any(accepted.credit == 1 for accepted in self.accept):
            shop.problem((*path, "accept"), "no text earns full marks")
        return TextAnswer(
            self.shared(name, path, shop),
            tuple((shop.text(a.text, (*path, "accept", i)), a.credit) for i, a in enumerate(self.accept)),
            self.case_sensitive,
            tuple(
                (mistake, shop.text(text, (*path, "mistakes", mistake, i)))
                for mistake, texts in self.mistakes.items()
                for i, text in enumerate(texts)
            ),
        )


@dataclass(frozen=True, slots=True)
class TextKeys:
    """Of n variants: each accepted text, and each mistaken one, as shown."""

    accepted: Sequence[Sequence[Filled]]
    mistaken: Sequence[Sequence[Filled]]
    prompts: Sequence[Filled | None]


@dataclass(frozen=True)
class TextAnswer(Answer):
    """A compiled text answer."""

    shared: Shared
    accept: tuple[tuple[Compiled, float], ...]
    case_sensitive: bool
    foreseen: tuple[tuple[str, Compiled], ...]

    def key_expressions(self) -> Iterable[Expression]:
        return [expression for text, _ in self.accept for expression in (*text.displays, *text.conditions)]

    def mistakes(self) -> Iterable[tuple[str, Path]]:
        return [(mistake, ("mistakes", mistake)) for mistake, _ in self.foreseen]

    def prepare(self, block: Block, words: Words) -> TextKeys:
        return TextKeys(
            [text.fill(block) for text, _ in self.accept],
            [text.fill(block) for _, text in self.foreseen],
            self.shared.prompts(block),
        )

    def interaction(self, keys: TextKeys, row: int) -> EnterText:
        return EnterText(keys.prompts[row])

    def read(self, response: str, reading: Reading) -> str:
        if len(response) > MAX_RESPONSE:
            raise UnreadableError(f"the text is longer than {MAX_RESPONSE} characters")
        return self._folded(response)

    def _folded(self, text: str) -> str:
        return worded(text, self.case_sensitive)

    def mark(
        self, keys: TextKeys, rows: NDArray[np.int64], answers: Sequence[Any], given: Mapping[str, Sequence[Earlier | None]]
    ) -> list[Mark]:
        return [self._mark_one(keys, row, typed) for row, typed in zip(rows.tolist(), answers, strict=True)]

    def _mark_one(self, keys: TextKeys, row: int, typed: str) -> Mark:
        credit = self._credit(keys, row, typed)
        if credit:
            return CORRECT if credit == 1 else Mark.of(credit)
        for texts, (mistake, _) in zip(keys.mistaken, self.foreseen, strict=True):
            if self._folded(plain_text(texts[row])) == typed:
                return Mark.of(0.0, mistake)
        return WRONG

    def _credit(self, keys: TextKeys, row: int, typed: str) -> float:
        """The most that a text earns as one of those accepted; 0 where it is none of them."""
        return max(
            (
                credit
                for texts, (_, credit) in zip(keys.accepted, self.accept, strict=True)
                if self._folded(plain_text(texts[row])) == typed
            ),
            default=0.0,
        )

    def _mistaken(self, keys: TextKeys, row: int) -> Iterator[tuple[str, Filled]]:
        """Each mistaken text that is not accepted by chance."""
        for texts, (mistake, _) in zip(keys.mistaken, self.foreseen, strict=True):
            if not self._credit(keys, row, self._folded(plain_text(texts[row]))):
                yield mistake, texts[row]

    def key(self, keys: TextKeys, row: int) -> AnswerKey:
        full = [texts[row] for texts, (_, credit) in zip(keys.accepted, self.accept, strict=True) if credit == 1]
        also = ", ".join(dict.fromkeys(plain_text(text) for text in full[1:]))
        return AnswerKey(self.name, full[0], also, tuple(self._mistaken(keys, row)))

    def scheme(self, keys: TextKeys, row: int) -> Texts:
        right = sorted(
            ((plain_text(texts[row]), Verdict(credit)) for texts, (_, credit) in zip(keys.accepted, self.accept, strict=True)),
            key=lambda accepted: -accepted[1].fraction,
        )
        wrong = [(plain_text(text), Verdict(0.0, mistake)) for mistake, text in self._mistaken(keys, row)]
        first = {self._folded(text): (text, verdict) for text, verdict in reversed([*right, *wrong])}
        return Texts(tuple(reversed(first.values())), self.case_sensitive)

    def specimens(self, keys: TextKeys, row: int) -> Specimens:
        right = plain_text(
            next(texts[row] for texts, (_, credit) in zip(keys.accepted, self.accept, strict=True) if credit == 1)
        )
        rights = (right, f"  {right} ") if self.case_sensitive else (right, f"  {right.upper()} ")
        diagnosed = tuple((mistake, plain_text(text)) for mistake, text in self._mistaken(keys, row))
        return Specimens(rights, ("no such thing",), ("x" * (MAX_RESPONSE + 1),), diagnosed)
