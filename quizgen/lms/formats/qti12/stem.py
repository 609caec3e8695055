"""A question's text in Canvas: the stem with what is to be filled in, what may be typed, and the question's code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TypeAlias

from markupsafe import Markup, escape

from quizgen.items import (
    Arrange,
    ChooseMany,
    ChooseOne,
    EnterNumber,
    EnterText,
    Filled,
    Match,
    Option,
    StateDistribution,
    WriteFreely,
)
from quizgen.lms.base import Options, Question, code_line, laid_out, markup
from quizgen.lms.formats.qti12.targets import Blank, Carried, Part
from quizgen.lms.pages import page
from quizgen.rendering.controls import Control
from quizgen.rendering.program import Spot

BLANK = "____"
"""Stands where an answer is placed in the stem whose control follows it."""

_NUMBER = "Type the number in digits, such as {}, without a unit, percent sign or fraction{}."
_LISTED = (
    "Type each number with exactly the digits asked for (two decimals: {}): without further digits, "
    "a unit, percent sign, fraction or exponent."
)
_TEXT = "Type the answer alone, without further words or marks around it."
_LETTER = "Type the letter of your choice alone, such as B."
_SET = "Type the letters of all right options in alphabetical order, such as BD, or none where none is right."
_ORDER = "Type all letters in the right order, such as BCA."
_ROW = "Type a letter for each numbered item, in the items' order, such as BCA."
_TYPED = {
    "statements": "Type R for each statement that is right and N for each that is not.",
    "pairs": "Type, for each pair, the letter of the one that comes first.",
    "places": "Type a letter for each place.",
}
_LEFTS = "Type a letter for each item, such as B."

Html: TypeAlias = Markup
Line: TypeAlias = tuple[Html, str, str]
"""What stands before a gap, the gap's mark, and plain words behind it."""


@dataclass(slots=True)
class _Block:
    """An answer on lines of its own."""

    prompt: Html | None = None
    lists: list[list[tuple[str, Html]]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def question_text(question: Question, carrier: Carried, options: Options) -> tuple[str, tuple[str, ...]]:
    """The question's text as HTML, and the names under which its gaps stand in it, ``[a1]``, each of them once."""
    count = len(carrier.blanks)
    letter = "a"
    while True:
        names = tuple(f"{letter}{i}" for i in range(1, count + 1))
        text = _Stem(question, carrier, options, names).text()
        if not carrier.marked or all(text.count(f"[{name}]") == 1 for name in names):
            return text, names
        letter += "a"


def blanks_in_order(carrier: Carried, text: str, names: Sequence[str]) -> tuple[tuple[str, Blank], ...]:
    """The gaps with their names in the order in which they stand in the question's text, where they stand in it."""
    named = list(zip(names, carrier.blanks, strict=True))
    return tuple(sorted(named, key=lambda one: text.index(f"[{one[0]}]")) if carrier.marked else named)


class _Stem:
    """The text of one question in the making."""

    def __init__(self, question: Question, carrier: Carried, options: Options, names: Sequence[str]) -> None:
        self.question, self.carrier, self.options = question, carrier, options
        marks = [f"[{name}]" if carrier.marked else BLANK for name in names]
        self.marks: dict[str, list[str]] = {}
        for part in carrier.parts:
            self.marks[part.asked.name], marks = marks[: len(part.gaps)], marks[len(part.gaps) :]
        self.parts = {part.asked.name: part for part in carrier.parts}

    def text(self) -> str:
        stem, after = laid_out(self.question, self.options, self.block, self.inline)
        notes = list(dict.fromkeys(note for part in self.carrier.parts if (note := self._note(part))))
        tail = page("qti12/notes.html", notes=notes)
        return "".join([stem, *after, tail, code_line(self.question)])

    def html(self, text: Filled) -> Html:
        return Markup(markup(text, self.question, self.options))  # the flavour escapes every value

    def inline(self, control: Control, spot: Spot) -> str | None:
        """The answer inside a sentence or cell; None for one that needs lines of its own."""
        part, interaction = self.parts[control.answer], control.interaction
        if part.gaps and self.carrier.target.typed:
            return None  # its text is cut in pieces at the gaps, each of them whole
        mark = (self.marks[control.answer] or [BLANK])[0]
        match interaction:
            case EnterNumber(form=form, unit=unit):
                return str(escape(f"{mark}{_behind(form, unit)}"))
            case EnterText():
                return str(escape(mark))
            case ChooseOne() if part.form == "own" or part.gaps[0].choices:
                return str(escape(mark))
        return None

    def block(self, control: Control) -> str:
        """The answer on lines of its own."""
        block = _Block(self.html(control.interaction.prompt) if control.interaction.prompt else None)
        self._fill(block, self.parts[control.answer], self.marks[control.answer], control)
        return page("qti12/answer.html", block=block, apart=self.carrier.target.typed and self.carrier.marked)

    def _fill(self, block: _Block, part: Part, marks: list[str], control: Control) -> None:
        if part.rule:
            block.notes.append(f"Marking: {part.rule}")
        match control.interaction:
            case EnterNumber(prompt, form, unit):
                block.lines.append((self._label(block, prompt), marks[0] if marks else BLANK, _behind(form, unit)))
            case EnterText(prompt):
                block.lines.append((self._label(block, prompt), marks[0], ""))
            case ChooseOne(_, options):
                if part.form == "letter":
                    self._list_where_needed(block, options, part)
                    block.lines.append((Markup("Your choice:"), marks[0], ""))
            case ChooseMany(_, options):
                self._fill_many(block, options, part, marks)
            case Arrange(_, options):
                self._list(block, options)
                self._fill_order(block, part, marks)
            case Match(_, lefts, rights):
                self._fill_match(block, lefts, rights, part, marks)
            case StateDistribution(_, options, form, _):
                asked = f"Give each a probability{f' ({form})' if form else ''}; together they make 1."
                block.notes.insert(0, asked)
                block.lines += [(self._colon(option.text), mark, "") for option, mark in zip(options, marks, strict=True)]
            case WriteFreely(_, words, rubric):
                if words:
                    block.notes.append(f"About {words} words.")
                block.notes += [f"A person marks this by: {'; '.join(rubric)}."] if rubric else []

    def _label(self, block: _Block, prompt: Filled | None) -> Html:
        """The prompt as what stands before the gap, on the same line."""
        block.prompt = None
        return self._colon(prompt) if prompt else Markup("Your answer:")

    def _colon(self, text: Filled) -> Html:
        html = self.html(text)
        return html if html.rstrip().endswith((":", "?", ":</p>", "=")) else html + Markup(":")

    def _list(self, block: _Block, options: Sequence[Option]) -> None:
        block.lists.append([(option.label, self.html(option.text)) for option in options])

    def _list_where_needed(self, block: _Block, options: Sequence[Option], part: Part) -> None:
        """Lists the options unless a menu shows all there is of them, which are plain words."""
        if not part.gaps[0].choices or any("<" in markup(option.text, self.question, self.options) for option in options):
            self._list(block, options)

    def _fill_many(self, block: _Block, options: Sequence[Option], part: Part, marks: list[str]) -> None:
        if part.form == "statements" and self.carrier.marked:
            block.lines += [
                (Markup("{}. ").format(option.label) + self.html(option.text), mark, "")
                for option, mark in zip(options, marks, strict=True)
            ]
        elif part.form == "letters":
            self._list(block, options)
            block.lines.append((Markup("All right ones:"), marks[0], ""))

    def _fill_order(self, block: _Block, part: Part, marks: list[str]) -> None:
        if part.form == "letters":
            block.lines.append((Markup("The right order:"), marks[0], ""))
        elif not self.carrier.marked:
            return
        elif part.form == "places":
            block.lines += [(Markup("Place {}:").format(place), mark, "") for place, mark in enumerate(marks, 1)]
        else:
            labels = [label for label, _ in block.lists[-1]]
            block.lines += [
                (Markup("{} and {}:").format(one, other), mark, "")
                for (one, other), mark in zip(combinations(labels, 2), marks, strict=True)
            ]

    def _fill_match(
        self, block: _Block, lefts: Sequence[Option], rights: Sequence[Option], part: Part, marks: list[str]
    ) -> None:
        if part.form == "own":
            return
        if part.form == "letters":
            self._list(block, lefts)
            self._list(block, rights)
            block.lines.append((Markup("The letters:"), marks[0], ""))
            return
        self._list_where_needed(block, rights, part)
        block.lines += [
            (Markup("{}. ").format(left.label) + self._colon(left.text), mark, "")
            for left, mark in zip(lefts, marks, strict=True)
        ]

    def _note(self, part: Part) -> str:
        """What may be typed."""
        comma = self.question.decimal_comma
        menus = bool(part.gaps and part.gaps[0].choices)
        match part.form:
            case "own":
                if not isinstance(part.asked.interaction, EnterNumber):
                    return ""
                kept = self.carrier.target.decimals
                return _NUMBER.format("1,234" if comma else "1.234", f"; {kept} decimals of it are kept" if kept else "")
            case "number" | "shares":
                return _LISTED.format("1,20" if comma else "1.20")
            case "text":
                return _TEXT
            case "letter":
                return "" if menus else _LETTER
            case "lefts":
                return "" if menus else _LEFTS
            case "letters":
                match part.asked.interaction:
                    case Arrange():
                        return _ORDER
                    case Match():
                        return _ROW
                return _SET
            case "statements" | "pairs" | "places":
                return "" if menus else _TYPED[part.form]


def _behind(form: str, unit: str) -> str:
    return f"{' ' + unit if unit else ''}{f' ({form})' if form else ''}"
