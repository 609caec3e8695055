"""What a dialect of QTI 1.2 can do, and what a question becomes in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from quizgen.lms.base import Asked, Loss

Kind: TypeAlias = Literal[
    "multiple_choice_question",
    "multiple_answers_question",
    "numerical_question",
    "short_answer_question",
    "fill_in_multiple_blanks_question",
    "multiple_dropdowns_question",
    "matching_question",
    "essay_question",
]
Form: TypeAlias = Literal["own", "number", "text", "letter", "letters", "statements", "pairs", "places", "lefts", "shares"]


@dataclass(frozen=True, slots=True)
class Target:
    """What a system can do. Names of question types are Canvas's, whatever the system calls them.

    ``own_menus``: a menu in the text may have choices of its own; where not, menus are a matching with choices for all.
    ``decimals``: to so many it rounds what is typed into a number's box before it marks it; None where it does not round.
    ``costs``: whether a wrong option ticked may cost any share; where not, it costs what a right one earns.
    ``typed``: everything but one choice and an essay is typed into gaps, which may have any shares.
    """

    name: str
    own_menus: bool = False
    decimals: int | None = None
    costs: bool = False
    typed: bool = False
    hints: bool = False


CANVAS = Target("Canvas", own_menus=True, decimals=4)


@dataclass(frozen=True, slots=True)
class Gap:
    """A place to fill in: with any of the texts that are accepted or, where there are choices, with one of these."""

    accepted: tuple[str, ...]
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """How one answer is asked for: its gaps, or nothing where the question type has its own control for it.

    ``form`` says what the gaps are, in order: a decision for each statement, a pair of items, a place, a left item, ….
    ``rule`` is how part of the points is earned, as the student is told. Where options are ticked, ``cost`` is the share that a
    wrong one costs; None where only the whole set is right.
    """

    asked: Asked
    form: Form = "own"
    gaps: tuple[Gap, ...] = ()
    rule: str = ""
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class Blank:
    """A gap with the part that it belongs to."""

    part: Part
    gap: Gap


@dataclass(frozen=True, slots=True)
class Carried:
    """A question there. Where a loss is a refusal, the rest means nothing."""

    target: Target
    kind: Kind
    parts: tuple[Part, ...]
    losses: tuple[Loss, ...]

    @property
    def marked(self) -> bool:
        """Whether gaps stand in the text, rather than behind it."""
        menus = self.kind == "multiple_dropdowns_question" and self.target.own_menus
        return menus or self.kind == "fill_in_multiple_blanks_question"

    @property
    def blanks(self) -> tuple[Blank, ...]:
        """All gaps, part by part."""
        return tuple(Blank(part, gap) for part in self.parts for gap in part.gaps)


class Losses(list[Loss]):
    """The losses found so far, of one answer after the other."""

    def __init__(self, target: Target) -> None:
        super().__init__()
        self.target, self.there = target, target.name

    def refuse(self, asked: Asked, what: str, example: str = "") -> None:
        self.append(Loss("refused", what, asked.name, example))

    def differ(self, asked: Asked, what: str) -> None:
        self.append(Loss("differs", what, asked.name))

    def lose(self, asked: Asked, what: str) -> None:
        self.append(Loss("lost", what, asked.name))
