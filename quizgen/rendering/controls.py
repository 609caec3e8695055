"""Where a worksheet asks for answers: each interaction with its field's name, and the stem they are placed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from quizgen.errors import QuizgenError
from quizgen.items import Entry, Interaction, field_name, plain
from quizgen.rendering.flavours import show
from quizgen.rendering.program import Placing, Setting, Spot


@dataclass(frozen=True, slots=True)
class Control:
    """One answer to be asked: the field's name in a response, an id unique on the page, and what it is called.

    ``title`` is plain words: the answer's label where it has one.
    """

    answer: str
    name: str
    id: str
    title: str
    interaction: Interaction
    setting: Setting


def controls_of(entry: Entry, decimal_comma: bool) -> dict[str, Control]:
    """The controls of an entry by their answers' names, in order."""
    single = len(entry.item.interactions) == 1
    setting = Setting(decimal_comma)
    return {
        answer: Control(
            answer=answer,
            name=field_name(entry.field, answer, single),
            id=f"q{entry.number}-{ordinal}",
            title=_title(answer, interaction, single, setting),
            interaction=interaction,
            setting=setting,
        )
        for ordinal, (answer, interaction) in enumerate(entry.item.interactions, 1)
    }


def _title(answer: str, interaction: Interaction, single: bool, setting: Setting) -> str:
    """What an answer is called: by its label, or else by its name, of which there is no need where it is the only one."""
    if interaction.prompt and (label := " ".join(show(interaction.prompt, "text", setting).split()).rstrip(": ")):
        return label
    return "Your answer" if single else answer[:1].upper() + answer[1:].replace("_", " ")


def asked(
    entry: Entry,
    decimal_comma: bool,
    flavour: str,
    block: Callable[[Control], str],
    inline: Callable[[Control, Spot], str | None],
) -> tuple[str, list[str]]:
    """The stem with the controls it places, and the controls that follow it.

    A control that needs lines of its own but is placed inside a sentence follows the stem; the sentence names it.
    """
    controls = controls_of(entry, decimal_comma)
    placed: set[str] = set()

    def place(answer: str, spot: Spot) -> str:
        control = _control(controls, answer, entry)
        if spot.block:
            placed.add(answer)
            return block(control)
        if (markup := inline(control, spot)) is None:
            return show(plain(f"(below: {control.title})"), flavour, control.setting)
        placed.add(answer)
        return markup

    stem = show(entry.item.stem, flavour, Setting(decimal_comma, place))
    return stem, [block(control) for answer, control in controls.items() if answer not in placed]


def told(entry: Entry, decimal_comma: bool, flavour: str, tell: Callable[[Control], str]) -> str:
    """The stem with a short word in each answer's place, for those who need not answer it any more."""

    def place(answer: str, spot: Spot) -> str:
        return tell(_control(controls_of(entry, decimal_comma), answer, entry))

    placing: Placing = place
    return show(entry.item.stem, flavour, Setting(decimal_comma, placing))


def _control(controls: dict[str, Control], answer: str, entry: Entry) -> Control:
    if answer not in controls:
        names = ", ".join(controls)
        raise QuizgenError(f"the stem of {entry.item.title!r} places an answer {answer!r}; the item has {names}")
    return controls[answer]
