"""What a student meets: items, worksheets, and the closed set of interactions.

Everything here is plain data without a key. `KeyedItem` adds what only an instructor may see; whatever writes a
student's file takes an `Item` and so cannot be handed one.

A text is compiled once per template (`Text`); a variant adds its displayed values (`Filled`). Each flavour turns the
structure of a `Text` into its own markup once and puts the values in afterwards, so values are never read as markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

MARK_BASE = 0xE000
"""Tag number i of a text stands in its Markdown as the private-use character ``chr(MARK_BASE + i)``."""

MAX_TAGS = 0x400


class Number(str):
    """A displayed number in canonical form: ASCII ``-`` and ``.``, or ``inf``; a flavour makes it fit for its reader."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer stands inside a text."""

    answer: str


Cell: TypeAlias = str | Place


@dataclass(frozen=True, slots=True)
class Table:
    """A table: heads, and as many columns of equally many cells. A column of `Number` cells is aligned right."""

    heads: tuple[str, ...]
    columns: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A bulleted or numbered list."""

    items: tuple[str, ...]
    ordered: bool = False


Shown: TypeAlias = str | Number | tuple[str, ...] | Table | Listing | Place | bool | None
"""A tag's value: words, a number, several of them in a line, a block, an answer's place, an `if`'s truth, nothing."""


@dataclass(frozen=True, slots=True)
class Tag:
    """One Jinja tag of a text, in order of appearance.

    ``value`` is ``{{ … }}``; the others are the parts of ``{% if %}``. ``line`` and ``column`` count from 1 in the text.
    """

    kind: Literal["value", "if", "elif", "else", "endif"]
    expression: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Text:
    """Markdown whose Jinja tags are replaced by marks. ``inline`` texts (options, labels) are one paragraph."""

    marked: str
    tags: tuple[Tag, ...] = ()
    inline: bool = False

    def __hash__(self) -> int:
        return hash(self.marked)  # a text is looked up for each variant: Python keeps the hash of words, but not of tags


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with the displayed values of one variant: one value per tag of ``text.tags`` (None for else and endif)."""

    text: Text
    values: tuple[Shown, ...] = ()


def plain(words: str) -> Filled:
    """Words that are shown as they are, whatever characters they hold."""
    return Filled(_WORDS, (words,))


_WORDS = Text(chr(MARK_BASE), (Tag("value", "words", 1, 1),), inline=True)


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose, place or join: the label it is answered with ("A", "B", … or "1", "2", …) and its text."""

    label: str
    text: Filled


@dataclass(frozen=True, slots=True)
class ChooseOne:
    """Response: one label, ``B``."""

    prompt: Filled | None
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class ChooseMany:
    """Response: labels, ``A C``; ``none`` for deliberately no option. ``rule`` says how partial credit is given."""

    prompt: Filled | None
    options: tuple[Option, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class EnterNumber:
    """Response: a number as people type it. ``form`` says the rounding asked for, such as ``3 decimals``."""

    prompt: Filled | None
    form: str
    unit: str


@dataclass(frozen=True, slots=True)
class EnterText:
    """Response: a short text."""

    prompt: Filled | None


@dataclass(frozen=True, slots=True)
class Arrange:
    """Response: all labels in the chosen order, ``C A B``."""

    prompt: Filled | None
    options: tuple[Option, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class Match:
    """Response: pairs of a left label and a right label, ``1-B 2-A``."""

    prompt: Filled | None
    lefts: tuple[Option, ...]
    rights: tuple[Option, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class StateDistribution:
    """Response: one probability per option, in their order, ``0.2; 0.3; 0.5``."""

    prompt: Filled | None
    options: tuple[Option, ...]
    form: str
    rule: str


@dataclass(frozen=True, slots=True)
class WriteFreely:
    """Response: prose. ``rubric`` has one line per criterion, points included."""

    prompt: Filled | None
    words: int
    rubric: tuple[str, ...]


Interaction: TypeAlias = ChooseOne | ChooseMany | EnterNumber | EnterText | Arrange | Match | StateDistribution | WriteFreely


def options_of(interaction: Interaction) -> tuple[Option, ...]:
    """All that a letter or a number of a response may stand for, in order; nothing where a student types freely."""
    match interaction:
        case ChooseOne() | ChooseMany() | Arrange() | StateDistribution():
            return interaction.options
        case Match():
            return interaction.lefts + interaction.rights
        case EnterNumber() | EnterText() | WriteFreely():
            return ()


def texts(interaction: Interaction) -> tuple[Filled, ...]:
    """All that a student reads of an interaction, in order; what its kind says alike in all variants is not among it."""
    prompt = (interaction.prompt,) if interaction.prompt else ()
    return (*prompt, *(option.text for option in options_of(interaction)))


@dataclass(frozen=True, slots=True)
class Item:
    """One question as a student meets it. ``interactions`` pairs each answer's name with what it asks.

    An answer that the stem places (`Place`) stands there; the others follow the stem in order.
    """

    title: str
    stem: Filled
    interactions: tuple[tuple[str, Interaction], ...]
    hints: tuple[Filled, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """What is right for one answer, in words: ``shown`` for people, and what was foreseen to go wrong.

    ``accepted`` says what else counts as right; where one option is chosen, the label of the right one.
    """

    answer: str
    shown: Filled
    accepted: str = ""
    mistakes: tuple[tuple[str, Filled], ...] = ()


@dataclass(frozen=True, slots=True)
class KeyedItem:
    """An item with its keys and worked solution; for instructors only."""

    item: Item
    keys: tuple[AnswerKey, ...]
    solution: Filled | None


@dataclass(frozen=True, slots=True)
class Entry:
    """An item's place on a worksheet: its field prefix (``q3``), number, points and short code with check digit."""

    field: str
    number: int
    points: float
    code: str
    item: Item


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a worksheet."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Worksheet:
    """One student's quiz. ``student`` is the id, ``name`` what to call the person, ``code`` the sheet's short code."""

    title: str
    instructions: Filled | None
    due: str
    student: str
    name: str
    build: str
    code: str
    sections: tuple[Section, ...]
    decimal_comma: bool = False
    minutes: float = 0.0
    """How long the whole is expected to take; 0 where that is not known."""


def field_name(prefix: str, answer: str, single: bool) -> str:
    """The name of an answer's field in a response: ``q3``, or ``q3.loss_1`` where an item has several answers."""
    return prefix if single else f"{prefix}.{answer}"


@dataclass(frozen=True, slots=True)
class FeedbackPart:
    """What one answer earned: as typed, outcome, points, the key, and feedback texts in order."""

    answer: str
    typed: str
    outcome: str
    points: float
    key: Filled | None
    accepted: str
    feedback: tuple[Filled, ...]


@dataclass(frozen=True, slots=True)
class FeedbackEntry:
    """One entry of a worksheet marked, with its worked solution."""

    entry: Entry
    earned: float
    parts: tuple[FeedbackPart, ...]
    solution: Filled | None


@dataclass(frozen=True, slots=True)
class FeedbackPage:
    """Marks and feedback for one student."""

    worksheet: Worksheet
    earned: float
    possible: float
    entries: tuple[FeedbackEntry, ...]
    notes: tuple[str, ...] = ()
