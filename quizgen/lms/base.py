"""What an output format is: a pure function from an export to named files, and what it says it cannot carry.

A format knows items, interactions and schemes; it knows neither templates nor the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from quizgen.bank.mistakes import Mistake
from quizgen.items import AnswerKey, Entry, Filled, Interaction, Text
from quizgen.rendering.controls import Control, asked
from quizgen.rendering.flavours import show
from quizgen.rendering.program import Setting, Spot
from quizgen.schemes import Scheme, SchemedItem, Verdict

Math: TypeAlias = Literal["mathml", "latex"]
Severity: TypeAlias = Literal["refused", "differs", "lost"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One answer of a question: what the student meets, how it is marked, and its share of the question's points."""

    name: str
    interaction: Interaction
    scheme: Scheme
    share: float
    key: AnswerKey


@dataclass(frozen=True, slots=True)
class Question:
    """One variant in an export.

    ``code`` is printed in its stem (``K7QX-3M9P``), so that what comes back can be told apart; ``ident`` is the same as a
    legal name everywhere (``qg-k7qx3m9p``). Both stay the same in every export with the same secret, as long as what the
    question shows and tells is not changed. ``points`` are the slot's.
    """

    ident: str
    code: str
    template: str
    ordinal: int
    concept: str
    level: str
    tags: tuple[str, ...]
    points: float
    made: SchemedItem
    mistakes: Mapping[str, Mistake]
    decimal_comma: bool = False
    hints: bool = False

    @property
    def title(self) -> str:
        """The template's title with the code, which no other question of the export has."""
        return f"{self.made.keyed.item.title} [{self.code}]"

    @property
    def asked(self) -> tuple[Asked, ...]:
        """The answers in order."""
        whole = sum(self.made.weights)
        parts = zip(self.made.keyed.item.interactions, self.made.schemes, self.made.weights, self.made.keyed.keys, strict=True)
        return tuple(
            Asked(name, interaction, scheme, weight / whole, key) for (name, interaction), scheme, weight, key in parts
        )

    def told(self, verdict: Verdict) -> Filled | None:
        """What is said to who earns a verdict: the option's own feedback, or what there is to say of the mistake."""
        return verdict.feedback or self.explained(verdict.mistake)

    def explained(self, mistake: str) -> Filled | None:
        """What is said of a mistake; None for none."""
        known = self.mistakes.get(mistake)
        return Filled(Text(f"**{known.title}.** {known.explanation}")) if known is not None else None


@dataclass(frozen=True, slots=True)
class Pool:
    """Questions of which each student meets one, for ``points``. ``number`` counts from 1, ``title`` is for people.

    ``ident`` follows from the templates and the section, and stays the same where the pool gets another number.

    ``questions`` draws them anew each time; ``count`` says how many there are.
    """

    ident: str
    number: int
    section: str
    title: str
    points: float
    count: int
    questions: Callable[[], Iterator[Question]]


@dataclass(frozen=True, slots=True)
class Export:
    """A quiz ready to be written. ``ident`` is a legal name everywhere, as those of its pools and questions are."""

    ident: str
    title: str
    instructions: Filled | None
    decimal_comma: bool
    hints: bool
    pools: tuple[Pool, ...]

    def questions(self) -> Iterator[Question]:
        """All questions, pool by pool."""
        for pool in self.pools:
            yield from pool.questions()


@dataclass(frozen=True, slots=True)
class Options:
    """How an export is written: a dialect of the format (or empty), what becomes of formulas, and in which HTML texts stand."""

    dialect: str = ""
    math: Math = "mathml"
    html: str = "portable"

    @property
    def flavour(self) -> str:
        """The flavour of texts."""
        return self.html if self.math == "mathml" else f"{self.html}-latex"


@dataclass(frozen=True, slots=True)
class Loss:
    """What a format cannot carry of a question, in words that end the sentence "NAME: …".

    ``example`` is what of this one variant is in the way, such as its number: told of one, it stands for all.

    ``refused``: the question cannot be there at all. ``differs``: it would be there, but some responses would be marked
    otherwise, so it is written only on request. ``lost``: what does not change a right or partly right response's mark for
    the better or is only told (feedback, hints, follow-through, ways to type a number); it is written, and told.
    """

    severity: Severity
    what: str
    answer: str = ""
    example: str = ""

    def __str__(self) -> str:
        return f"{self.what}, such as {self.example}" if self.example else self.what


@dataclass(frozen=True, slots=True)
class File:
    """A file of a package: its name with ``/`` between folders, and its content in pieces."""

    name: str
    chunks: Iterable[bytes]


@dataclass(frozen=True, slots=True)
class Format:
    """An output format. ``packed`` tells what the user gets: one file as it is, a zip or a tar.gz of several.

    ``losses`` says all that the format cannot carry of a question; ``files`` writes what has no refused loss. ``maths`` are
    the forms of formulas that it can carry, the default first.
    """

    name: str
    title: str
    suffix: str
    packed: Literal["plain", "zip", "tar.gz"]
    losses: Callable[[Question, Options], Iterable[Loss]]
    files: Callable[[Export, Options], Iterator[File]]
    dialects: tuple[str, ...] = ()
    maths: tuple[Math, ...] = ("mathml", "latex")


def markup(filled: Filled, question: Question, options: Options) -> str:
    """A text as portable HTML (well-formed as XML too), with MathML or LaTeX for formulas."""
    return show(filled, options.flavour, Setting(question.decimal_comma))


def plain_words(filled: Filled, question: Question) -> str:
    """A text as plain words in one line, as LMS reports show options."""
    return " ".join(show(filled, "text", Setting(question.decimal_comma)).split())


def laid_out(
    question: Question,
    options: Options,
    block: Callable[[Control], str],
    inline: Callable[[Control, Spot], str | None],
) -> tuple[str, list[str]]:
    """The stem as portable HTML with the answers that it places, and the others' markup, which follows it.

    ``block`` gives an answer's markup on lines of its own, ``inline`` inside a sentence or a table's cell (None where its kind
    needs lines of its own). Both find by ``control.answer`` what they need.
    """
    entry = Entry("q", 1, question.points, question.code, question.made.keyed.item)
    return asked(entry, question.decimal_comma, options.flavour, block, inline)


def code_line(question: Question) -> str:
    """The line by which a question is known again when responses come back; it belongs at the end of each stem."""
    return f"<p><small>Question code: {question.code}</small></p>"
