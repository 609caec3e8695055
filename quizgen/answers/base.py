"""What a kind of answer is, and the one life that every kind has.

*compile* (a checked YAML map becomes an `Answer`), *prepare* (what a block of variants needs: keys, options, order),
*interaction* (what a student meets), *read* (typed text → answer, or why it cannot be read), *mark* (answers against
keys), *specimens* (a right, a wrong and an unreadable response for any variant, so that every kind tests itself).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from quizgen.errors import NumberError, QuizgenError
from quizgen.items import AnswerKey, Filled, Interaction
from quizgen.schemes import Scheme
from quizgen.variants.expressions import Expression
from quizgen.variants.sampler import Block, Program
from quizgen.variants.streams import Words
from quizgen.variants.texts import Compiled, plain_text

Outcome: TypeAlias = Literal["correct", "partial", "wrong", "blank", "invalid", "manual"]
Path: TypeAlias = tuple[str | int, ...]


class UnreadableError(QuizgenError):
    """A response that cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a response earns.

    ``fraction`` is from 0 to 1; an unreadable response is *invalid*, which is not *wrong*. ``mistake`` is the id of the
    diagnosed misconception or empty. ``note`` says how a response was read, or why it could not be.
    """

    outcome: Outcome
    fraction: float
    mistake: str = ""
    note: str = ""
    feedback: Filled | None = None

    @classmethod
    def of(cls, fraction: float, mistake: str = "", note: str = "", feedback: Filled | None = None) -> Mark:
        """The mark for a fraction: correct at 1, wrong at 0, partial between."""
        bounded = min(max(fraction, 0.0), 1.0)
        outcome: Outcome = "correct" if bounded == 1 else "wrong" if bounded == 0 else "partial"
        return cls(outcome, bounded, "" if outcome == "correct" else mistake, note, feedback)

    @classmethod
    def invalid(cls, reason: str) -> Mark:
        """The mark for what cannot be read."""
        return cls("invalid", 0.0, note=reason)


CORRECT, WRONG, BLANK = Mark("correct", 1.0), Mark("wrong", 0.0), Mark("blank", 0.0)


def also(what: str) -> str:
    """The note on a diagnosis that is one of several, so that nobody is told for certain what he or she did."""
    return f"another known mistake leads to the same {what}, so it may not be this one"


@dataclass(frozen=True, slots=True)
class Reading:
    """How responses are read."""

    decimal_comma: bool = False


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was read for an earlier answer of the item, whether it is right, and how far its rounding may have moved it."""

    answer: Any
    right: bool
    slack: float = 0.0


@dataclass(frozen=True, slots=True)
class Specimens:
    """Responses made by the kind itself: what earns full marks, what earns less, what cannot be read; and per mistake."""

    right: tuple[str, ...]
    wrong: tuple[str, ...]
    unreadable: tuple[str, ...]
    mistakes: tuple[tuple[str, str], ...] = ()


class Workshop(Protocol):
    """What an answer is compiled with: it turns sources into expressions and texts, and collects what is wrong."""

    @property
    def program(self) -> Program:
        """Cases, draws and lets of the template."""

    def expression(self, source: object, path: Path, *, given: Sequence[str] = ()) -> Expression:
        """The expression of a value or condition; a stand-in where it is wrong, which is then reported."""

    def text(self, source: str, path: Path, *, inline: bool = True) -> Compiled:
        """The compiled text, likewise."""

    def problem(self, path: Path, message: str) -> None:
        """Reports what is wrong."""


class AnswerSpec(BaseModel):
    """The YAML form of an answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    label: str | None = Field(None, description="what the field asks, shown above it and read out by screen readers")
    weight: float = Field(1.0, description="share of the item's points, relative to its other answers", gt=0)

    @abstractmethod
    def compile(self, name: str, path: Path, shop: Workshop) -> Answer:
        """The answer, ready to be prepared for blocks of variants."""

    def shared(self, name: str, path: Path, shop: Workshop) -> Shared:
        """What every compiled answer has."""
        return Shared(name, self.weight, shop.text(self.label, (*path, "label")) if self.label else None)

    def mark(self, response: str, *, decimal_comma: bool = False) -> Mark:
        """The mark of a response where nothing is random: values and texts are constants.

        Raises:
            QuizgenError: the specification is wrong.
        """
        from quizgen.answers.alone import mark_alone

        return mark_alone(self, response, Reading(decimal_comma))


@dataclass(frozen=True, slots=True)
class Shared:
    """What every compiled answer has."""

    name: str
    weight: float
    prompt: Compiled | None

    def prompts(self, block: Block) -> Sequence[Filled | None]:
        """The label of each variant of a block, None where the answer has none."""
        return self.prompt.fill(block) if self.prompt else [None] * len(block)


class Answer(ABC):
    """A compiled answer of a template. ``Keys`` of a kind are made by `prepare` and are the kind's own."""

    shared: Shared
    words: int = 0
    """Random words a variant that the kind needs."""

    @property
    def name(self) -> str:
        """The answer's name in the template."""
        return self.shared.name

    @property
    def settled(self) -> bool:
        """Whether all that a variant shows, but for its order, follows from its case and draws."""
        return not self.words

    @abstractmethod
    def key_expressions(self) -> Iterable[Expression]:
        """Every expression on which the key depends."""

    def shown(self) -> Iterable[Compiled | Expression]:
        """Texts and values that the student reads with the answer."""
        return [self.shared.prompt] if self.shared.prompt else []

    def claims(self) -> Iterable[Compiled]:
        """Texts that the student reads too, but that may be wrong: options."""
        return ()

    def mistakes(self) -> Iterable[tuple[str, Path]]:
        """Ids of mistakes that the answer can diagnose, with where they stand below the answer."""
        return ()

    @abstractmethod
    def prepare(self, block: Block, words: Words) -> Any:
        """Keys of all variants of a block; ``words`` of shape (self.words, n) are the kind's own random words."""

    def prepared(self, block: Block, words: Words) -> Any:
        """What `prepare` makes of a block, made once: to see whether its variants are well posed, and to show and mark them."""
        made = block.made.get(self.name)
        if made is None or made[0] is not self:  # another answer of that name: one with another key, say
            made = block.made[self.name] = (self, self.prepare(block, words))
        return made[1]

    def refusals(self, block: Block, words: Words) -> Iterable[tuple[str, NDArray[np.bool_]]]:
        """Why variants are not well posed, each reason with who is refused."""
        return ()

    @abstractmethod
    def interaction(self, keys: Any, row: int) -> Interaction:
        """What the student of one variant meets."""

    @abstractmethod
    def read(self, response: str, reading: Reading) -> Any:
        """The answer that a text (not blank) states. Raises `UnreadableError`, or `NumberError`."""

    @abstractmethod
    def mark(
        self, keys: Any, rows: NDArray[np.int64], answers: Sequence[Any], given: Mapping[str, Sequence[Earlier | None]]
    ) -> list[Mark]:
        """Marks of read answers, each for the variant at its row.

        ``given`` has, by name, what was read for each earlier answer (an `Earlier`), or None where nothing could be.
        """

    def taken(self, response: str, reading: Reading) -> Any:
        """What a text states, blank or not: the kind's own answer, or the `Mark` of what is blank or cannot be read."""
        if not response.strip():
            return BLANK
        try:
            return self.read(response, reading)
        except (UnreadableError, NumberError) as error:
            return Mark.invalid(str(error))

    @property
    def follows_from(self) -> frozenset[str]:
        """The names of the earlier answers that its marks look at."""
        return frozenset()

    def slacks(self, answers: Sequence[Any]) -> Sequence[float]:
        """How far the number behind each read answer may lie from it, because it was asked for rounded; 0 for other kinds."""
        return [0.0] * len(answers)

    @abstractmethod
    def key(self, keys: Any, row: int) -> AnswerKey:
        """The key of one variant, in words."""

    def keys_in_short(self, keys: Any, n: int) -> list[AnswerKey]:
        """The keys of n variants, without what else counts as right where that takes long to say."""
        return [self.key(keys, row) for row in range(n)]

    def key_typed(self, keys: Any, row: int) -> str:
        """The key of one variant as a student types it."""
        return plain_text(self.key(keys, row).shown)

    def key_values(self, keys: Any, n: int) -> NDArray[Any]:
        """The keys of n variants: numbers where they are numbers, else texts as students type them (an object array)."""
        texts = np.empty(n, dtype=object)
        texts[:] = [self.key_typed(keys, row) for row in range(n)]
        return texts

    def with_value(self, value: Expression) -> Answer | None:
        """The answer with another key; None for a kind whose key is not the value of one expression."""
        return None

    def key_shown(self, keys: Any, row: int) -> Filled:
        """The key alone, for telling variants apart."""
        return self.key(keys, row).shown

    @abstractmethod
    def scheme(self, keys: Any, row: int) -> Scheme:
        """How the answer to one variant is marked, for systems that mark on their own."""

    @abstractmethod
    def specimens(self, keys: Any, row: int) -> Specimens:
        """Responses that must be marked right, wrong and invalid."""
