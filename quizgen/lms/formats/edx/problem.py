"""A question as a problem: its text with inputs, hints, and the worked solution."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import assert_never

from markupsafe import Markup

from quizgen.answers.labels import LETTERS
from quizgen.items import Arrange, ChooseMany, EnterNumber, Filled, Match, Option, StateDistribution, Text, options_of
from quizgen.lms.base import Asked, Options, Question, code_line, laid_out, markup, plain_words
from quizgen.lms.formats.edx.carriers import (
    NONE,
    NONE_OF_THESE,
    Carrier,
    Essay,
    Letters,
    List,
    Menus,
    Number,
    Shares,
    Ticks,
    Words,
    carriers_of,
)
from quizgen.lms.formats.edx.pages import macros, safe
from quizgen.lms.formats.edx.typed import any_of, infinity, row_of
from quizgen.rendering.controls import Control
from quizgen.rendering.flavours import show
from quizgen.rendering.numbers import points
from quizgen.rendering.program import Setting, Spot
from quizgen.schemes import ManyOptions, Verdict

_PARAGRAPH = re.compile(r"<p>((?:(?!</p>).)*?\x00[0-9]+\x00.*?)</p>", re.DOTALL)
_PLACE = re.compile("\x00([0-9]+)\x00")

_MARKED = re.compile("[<&$]")

_EXACT = Context(prec=60)
_NOTHING = Markup()


def problem(question: Question, options: Options) -> str:
    """The problem as OLX."""
    return _Problem(question, options).written()


def fields_of(question: Question) -> list[tuple[Asked, Carrier]]:
    """The answers of a question in the order in which their inputs stand in its problem."""
    there = {asked.name: (asked, carrier) for asked, carrier in carriers_of(question)}
    order: list[str] = []

    def block(control: Control) -> str:
        order.append(control.answer)
        return ""

    def inline(control: Control, spot: Spot) -> str | None:
        return block(control) if _in_line(there[control.answer][1]) else None

    laid_out(question, Options(math="latex"), block, inline)
    return [there[name] for name in order]


def _in_line(carrier: Carrier) -> bool:
    """Whether an answer can stand inside a sentence or a table's cell."""
    return isinstance(carrier, Number | Words)


@dataclass(frozen=True, slots=True)
class Choice:
    """A line to choose: words before its markup (which the report shows) and the share that it earns.

    ``said`` is told where it is chosen, ``said_open`` where it is not.
    """

    before: str
    markup: Markup
    fraction: float
    said: Markup
    said_open: Markup


@dataclass(slots=True)
class _Problem:
    question: Question
    options: Options
    carried: dict[str, tuple[Asked, Carrier]] = field(init=False)
    placed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.carried = {asked.name: (asked, carrier) for asked, carrier in carriers_of(self.question)}

    def written(self) -> str:
        """The whole problem."""
        item, keyed = self.question.made.keyed.item, self.question.made.keyed
        stem, rest = laid_out(self.question, self.options, self._block, self._inline)
        text = _PLACE.sub(lambda found: self.placed[int(found[1])], _PARAGRAPH.sub(r"<div>\1</div>", stem))
        whole = macros("problem.xml.j2").problem(
            title=self.question.title,
            weight=points(self.question.points),
            stem=safe(text),
            rest=[Markup(part) for part in rest],
            typing=self._typing(),
            code=Markup(code_line(self.question)),
            hints=[self._html(hint) for hint in item.hints] if self.question.hints else [],
            solution=self._html(keyed.solution),
            keys=list(self._keys()),
            mistakes=list(self._mistakes()),
        )
        return str(whole)

    # Texts ----------------------------------------------------------------------------------------------------------

    def _html(self, filled: Filled | None) -> Markup:
        if filled is None:
            return _NOTHING
        if not filled.values:
            return _constant(filled.text, self.options.flavour)
        return safe(markup(filled, self.question, self.options))

    def _said(self, verdict: Verdict) -> Markup:
        return self._html(self.question.told(verdict))

    def _typing(self) -> Sequence[str]:
        """How numbers are to be typed, where some are."""
        carriers = [carrier for _, carrier in self.carried.values()]
        numbers = [carrier for carrier in carriers if isinstance(carrier, Number | Shares)]
        if not numbers:
            return []
        lines = ["Type numbers with a decimal point and without a unit, such as 0.105, -2 or 1.05e-3, and no formulas."]
        if any(isinstance(carrier, Number) and carrier.band is None for carrier in numbers):
            lines.append("For infinity type inf.")
        interactions = [asked.interaction for asked, _ in self.carried.values()]
        if any(isinstance(one, EnterNumber) and one.unit == "%" for one in interactions):
            lines.append("A number of percent is typed without the sign: 37, not 37%.")
        return lines

    def _keys(self) -> Iterator[tuple[str, Markup]]:
        """What is right where the system shows an expression for it."""
        for asked, carrier in self.carried.values():
            if isinstance(carrier, Words | Letters) or (isinstance(carrier, Number) and carrier.band is None):
                yield self._title(asked), self._html(asked.key.shown)

    def _mistakes(self) -> Iterator[tuple[Markup, Markup]]:
        """Wrong numbers that were foreseen, and what they show."""
        for asked, carrier in self.carried.values():
            if isinstance(carrier, Number):
                for mistake, shown in asked.key.mistakes:
                    if (told := self.question.explained(mistake)) is not None:
                        yield self._html(shown), self._html(told)

    def _title(self, asked: Asked) -> str:
        prompt = asked.interaction.prompt
        return plain_words(prompt, self.question).rstrip(": ") if prompt else ""

    # Answers --------------------------------------------------------------------------------------------------------

    def _inline(self, control: Control, spot: Spot) -> str | None:
        _, carrier = self.carried[control.answer]
        if not _in_line(carrier):
            return None
        label = control.title if control.interaction.prompt else spot.label or control.title
        self.placed.append(self._field(control, Markup.escape(label), within=True))
        return f"\x00{len(self.placed) - 1}\x00"

    def _block(self, control: Control) -> str:
        asked, carrier = self.carried[control.answer]
        prompt = control.interaction.prompt
        label = self._html(prompt) or Markup.escape(control.title)
        made = macros("problem.xml.j2")
        match carrier:
            case Number() | Words():
                return self._field(control, label, within=False)
            case List(own=True):
                return str(made.choices(label, [], [], self._options(asked, carrier)))
            case List():
                return str(made.choices(label, _how(asked, carrier), self._listed(asked), self._lines(carrier)))
            case Ticks():
                return str(made.ticks(label, _how(asked, carrier), list(self._boxes(asked, carrier)), carrier.every))
            case Menus():
                rows, listed = list(self._menus(asked, carrier)), self._above_menus(asked)
                return str(made.menus(self._html(prompt), _how(asked, carrier), listed, rows))
            case Letters():
                expression = row_of(carrier.right)
                return str(made.letters(label, _how(asked, carrier), self._listed(asked), expression, self._example(asked)))
            case Shares():
                return str(made.shares(self._html(prompt), _how(asked, carrier), list(self._shares(asked, carrier))))
            case Essay():
                return ""
        assert_never(carrier)

    def _field(self, control: Control, label: Markup, *, within: bool) -> str:
        _, carrier = self.carried[control.answer]
        made = macros("problem.xml.j2")
        if isinstance(carrier, Words):
            wrong = [
                (any_of([text], carrier.case_sensitive), said)
                for text, verdict in carrier.wrong
                if (said := self._said(verdict))
            ]
            return str(made.text(label, any_of(carrier.right, carrier.case_sensitive), carrier.case_sensitive, wrong, within))
        assert isinstance(carrier, Number)
        assert isinstance(control.interaction, EnterNumber)
        behind = _behind(control.interaction)
        if carrier.band is None:
            return str(made.infinity(label, infinity(carrier.typed), behind, within))
        return str(made.number(label, decimal(carrier.band.low), decimal(carrier.band.high), behind, within))

    def _options(self, asked: Asked, carrier: List) -> list[Choice]:
        rows = zip(options_of(asked.interaction), carrier.lines, strict=True)
        return [self._choice(option, line.verdict) for option, line in rows]

    def _choice(self, option: Option, verdict: Verdict) -> Choice:
        return Choice(*self._labelled(option), verdict.fraction, self._said(verdict), _NOTHING)

    def _labelled(self, option: Option) -> tuple[str, Markup]:
        """An option's text: in the words before where it is plain, so that the report shows it, else as markup.

        The system writes the words out without escaping them.
        """
        text = self._html(option.text)
        if _MARKED.search(text):
            return f"{option.label}. ", text
        return f"{option.label}. {text}", _NOTHING

    def _lines(self, carrier: List) -> list[Choice]:
        return [
            Choice(worded(line.typed), _NOTHING, line.verdict.fraction, self._said(line.verdict), _NOTHING)
            for line in carrier.lines
        ]

    def _boxes(self, asked: Asked, carrier: Ticks) -> Iterator[Choice]:
        for option, right, verdict in zip(options_of(asked.interaction), carrier.right, carrier.verdicts, strict=True):
            said = self._said(verdict)
            ticked, left_open = (_NOTHING, said) if right else (said, _NOTHING)
            yield Choice(*self._labelled(option), float(right), ticked, left_open)
        if not carrier.every:
            yield Choice(NONE_OF_THESE, Markup(), float(not any(carrier.right)), _NOTHING, _NOTHING)

    def _menus(self, asked: Asked, carrier: Menus) -> Iterator[tuple[Markup, list[Choice]]]:
        """Each row: its label, and its menu."""
        match asked.interaction:
            case Match(lefts=rows) | ChooseMany(options=rows):
                labels = [Markup("{}. {}").format(row.label, self._html(row.text)) for row in rows]
            case _:
                labels = [Markup.escape(f"Place {i}") for i in range(1, len(carrier.right) + 1)]
        for label, right, wrong in zip(labels, carrier.right, carrier.wrong, strict=True):
            said = self._said(wrong) if wrong is not None else _NOTHING
            yield (
                label,
                [
                    Choice(words, _NOTHING, float(i == right), _NOTHING if i == right else said, _NOTHING)
                    for i, words in enumerate(carrier.choices)
                ],
            )

    def _above_menus(self, asked: Asked) -> list[tuple[str, Markup]]:
        match asked.interaction:
            case Match(rights=rights):
                return self._labels(rights)
            case ChooseMany():
                return []
            case _:
                return self._listed(asked)

    def _listed(self, asked: Asked) -> list[tuple[str, Markup]]:
        return self._labels(options_of(asked.interaction))

    def _labels(self, options: Sequence[Option]) -> list[tuple[str, Markup]]:
        return [(option.label, self._html(option.text)) for option in options]

    def _shares(self, asked: Asked, carrier: Shares) -> Iterator[tuple[Markup, str, str]]:
        for option, (low, high) in zip(options_of(asked.interaction), carrier.bands, strict=True):
            yield self._html(option.text), decimal(low), decimal(high)

    @staticmethod
    def _example(asked: Asked) -> str:
        count = len(asked.interaction.lefts) if isinstance(asked.interaction, Match) else len(options_of(asked.interaction))
        return " ".join(reversed(LETTERS[:count]))


@lru_cache(maxsize=2048)
def _constant(text: Text, flavour: str) -> Markup:
    """A text without values, such as what is told of a mistake, which is the same in every question."""
    return safe(show(Filled(text), flavour, Setting()))


def decimal(number: Fraction) -> str:
    """The number without an exponent.

    >>> decimal(Fraction(209, 2000)), decimal(Fraction(-30))
    ('0.1045', '-30')
    """
    text = f"{_EXACT.divide(Decimal(number.numerator), Decimal(number.denominator)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def worded(typed: str) -> str:
    """A line of a list as it is shown."""
    return NONE_OF_THESE if typed == NONE else typed


def _behind(interaction: EnterNumber) -> str:
    """What stands behind a number's field: its unit, and the rounding asked for."""
    form = f"({interaction.form})" if interaction.form else ""
    return " ".join(part for part in (interaction.unit, form) if part)


def _how(asked: Asked, carrier: Carrier) -> list[str]:
    """What to do, and how it is marked."""
    match asked.interaction, carrier:
        case ChooseMany(rule=rule), List():
            return ["Which of these apply? Choose the line with their letters.", f"Marking: {rule}"]
        case ChooseMany(), Menus():
            return ["Does it apply? Decide for each.", "Marking: Each right decision earns an equal share."]
        case ChooseMany(rule=rule), Ticks(every=every):
            assert isinstance(asked.scheme, ManyOptions)
            alike = not every or asked.scheme.rule == "every-decision-counts"
            told = rule if alike else "Each option that is rightly ticked or rightly left open earns an equal share."
            return ["Choose all that apply.", f"Marking: {told}"]
        case Arrange(rule=rule), List():
            return ["Put these in order. Choose the line with their letters in the right order.", f"Marking: {rule}"]
        case Arrange(), Menus():
            return [
                "Put these in order; place 1 comes first. Choose each letter once.",
                "Marking: Each item in its right place earns an equal share.",
            ]
        case Arrange(rule=rule), _:
            return ["Put these in order. Type their letters in the right order.", f"Marking: {rule}"]
        case Match(rule=rule), Menus():
            return ["Choose a partner for each.", f"Marking: {rule}"]
        case Match(rule=rule), _:
            return ["Type the letter that belongs to each number, in the order of the numbers.", f"Marking: {rule}"]
        case StateDistribution(form=form), _:
            asked_for = f"Give each a probability{f' ({form})' if form else ''}; together they make 1."
            return [asked_for, "Marking: Each right probability earns an equal share."]
        case _:
            return []
