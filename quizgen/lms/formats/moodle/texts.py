"""A question's text in Moodle: the stem, what is asked, how it is marked, and the gaps where it is a cloze."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import assert_never

from markupsafe import Markup

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
    Text,
    WriteFreely,
)
from quizgen.lms.base import Asked, Options, Question, code_line, laid_out, markup, plain_words
from quizgen.lms.formats.moodle.carriers import Carrier, Type, carrier_of, letters_foreseen, said_of, tick_fractions
from quizgen.lms.formats.moodle.gaps import Choice, Form, Gap, mark, with_gaps
from quizgen.lms.formats.moodle.pages import macros
from quizgen.lms.formats.moodle.weights import interval, plain_decimal
from quizgen.lms.formats.moodle.wording import NOT_RIGHT, RIGHT, TYPING, TYPING_PERCENT, how, letter_forms, spellings, wanted
from quizgen.rendering.controls import Control
from quizgen.rendering.flavours import show
from quizgen.rendering.program import Setting, Spot
from quizgen.schemes import ManyOptions, NumberBands, OneOption, RightOrder, RightPairs, Texts, TrueDistribution

_BOX = "________"
"""Five underscores or more are where Moodle puts the field of a number or a short text."""

Row = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Body:
    """A question's text with the marks of its gaps, and the gaps in the order in which they stand there."""

    text: str
    gaps: tuple[Gap, ...]


class Writer:
    """Writes the texts of one question."""

    def __init__(self, question: Question, options: Options) -> None:
        self.question = question
        self.options = options
        self.asked = {asked.name: asked for asked in question.asked}
        self.gaps: list[Gap] = []

    # Texts ----------------------------------------------------------------------------------------------------------

    def html(self, filled: Filled | None) -> Markup:
        """A text as HTML; empty where there is none."""
        if filled is None:
            return Markup()
        if not filled.text.tags:
            return _constant(filled.text, self.options.flavour)
        return Markup(markup(filled, self.question, self.options))

    def words(self, filled: Filled) -> str:
        """A text as plain words."""
        return plain_words(filled, self.question)

    def body(self, type: Type) -> Body:
        """The question's text for its type."""
        if type == "cloze":
            stem, rest = laid_out(self.question, self.options, self._gapped, self._gapped_inline)
        else:
            stem, rest = laid_out(self.question, self.options, self._told, self._told_inline)
        parts = [stem, *rest, self._typing(type), code_line(self.question)]
        return Body("\n".join(part.strip("\n") for part in parts if part), tuple(self.gaps))

    def cloze(self) -> str:
        """The text with its gaps."""
        body = self.body("cloze")
        return with_gaps(body.text, body.gaps, self.question.points)

    def _typing(self, type: Type) -> str:
        """How numbers are to be typed, where some are."""
        schemes = [asked.scheme for asked in self.question.asked]
        if not any(isinstance(scheme, NumberBands | TrueDistribution) for scheme in schemes):
            return ""
        percent = type == "numerical" and reads_percent(schemes[0])
        return str(macros("controls.html.j2").note(f"{TYPING} {TYPING_PERCENT}" if percent else TYPING))

    # Questions of one type ------------------------------------------------------------------------------------------

    def _told(self, control: Control) -> str:
        """What is asked, on lines of its own; where to answer is the type's own affair."""
        asked = self.asked[control.answer]
        match control.interaction:
            case WriteFreely(prompt, words, rubric):
                return str(macros("controls.html.j2").essay(self.html(prompt), words, rubric))
            case EnterNumber(prompt, form, unit):
                return self._group(prompt, [wanted(form, unit)])
            case interaction:
                return self._group(interaction.prompt, list(how(asked, carrier_of(asked, alone=True))))

    def _told_inline(self, control: Control, spot: Spot) -> str | None:
        match control.interaction:
            case EnterNumber(_, form, unit):
                return self._within(_BOX, unit, form)
            case EnterText():
                return self._within(_BOX, "", "")
        return None

    # Gaps -----------------------------------------------------------------------------------------------------------

    def _gapped(self, control: Control) -> str:
        asked = self.asked[control.answer]
        match control.interaction:
            case EnterNumber(prompt, form, unit):
                return self._field(prompt, self._number(asked), unit, form)
            case EnterText(prompt):
                return self._field(prompt, self._text(asked), "", "")
            case ChooseOne(prompt):
                return self._group(prompt, ["Choose one."], [], [("", self._one(asked, within=False), "")])
            case interaction:
                carrier = carrier_of(asked, alone=len(self.asked) == 1)
                listed, rows = self._rows(asked, carrier)
                return self._group(interaction.prompt, list(how(asked, carrier)), listed, rows)

    def _gapped_inline(self, control: Control, spot: Spot) -> str | None:
        asked = self.asked[control.answer]
        match control.interaction:
            case EnterNumber(_, form, unit):
                return self._within(self._number(asked), unit, form)
            case EnterText():
                return self._within(self._text(asked), "", "")
            case ChooseOne():
                return self._one(asked, within=True)
        return None

    def _rows(self, asked: Asked, carrier: Carrier) -> tuple[list[tuple[str, Markup]], list[Row]]:
        """Options that are listed with their labels, and rows with a gap each."""
        match asked.interaction:
            case ChooseMany(_, options):
                if carrier == "decisions":
                    gaps = self._decisions(asked)
                    return [], [("", gap, self.html(option.text)) for gap, option in zip(gaps, options, strict=True)]
                if carrier == "ticks":
                    return [], [("", self._ticks(asked), "")]
                return self._listed(options), [("", self._letters(asked), "")]
            case Arrange(_, options):
                if carrier == "positions":
                    return [], [(f"{place}.", gap, "") for place, gap in enumerate(self._positions(asked), 1)]
                return self._listed(options), [("", self._letters(asked), "")]
            case Match(_, lefts, rights):
                if carrier == "pairs":
                    gaps = self._pairs(asked)
                    return [], [(self.html(left.text), gap, "") for left, gap in zip(lefts, gaps, strict=True)]
                return self._listed((*lefts, *rights)), [("", self._letters(asked), "")]
            case StateDistribution(_, options):
                gaps = self._shares(asked)
                return [], [(self.html(option.text), gap, "") for option, gap in zip(options, gaps, strict=True)]
            case ChooseOne() | EnterNumber() | EnterText():
                raise AssertionError("stands in a line")
            case WriteFreely():
                return [], []  # an essay has no gap; such a question is refused
        assert_never(asked.interaction)

    def _gap(self, asked: Asked, carrier: Carrier, form: Form, choices: Iterable[Choice], parts: int = 1) -> Markup:
        share = Fraction(str(self.question.made.weights[list(self.asked).index(asked.name)])) / parts
        self.gaps.append(Gap(asked.name, carrier, form, tuple(choices), share))
        return Markup(mark(len(self.gaps) - 1))

    def _number(self, asked: Asked) -> Markup:
        return self._gap(asked, "number", "NUMERICAL", self.numbers(asked))

    def _text(self, asked: Asked) -> Markup:
        exact = isinstance(asked.scheme, Texts) and asked.scheme.case_sensitive
        return self._gap(asked, "text", "SHORTANSWER_C" if exact else "SHORTANSWER", self.texts(asked))

    def _one(self, asked: Asked, *, within: bool) -> Markup:
        return self._gap(asked, "one", "MULTICHOICE" if within else "MULTICHOICE_V", self.options_of(asked, within=within))

    def _ticks(self, asked: Asked) -> Markup:
        return self._gap(asked, "ticks", "MULTIRESPONSE", self.options_of(asked))

    def _decisions(self, asked: Asked) -> Iterator[Markup]:
        scheme = asked.scheme
        assert isinstance(scheme, ManyOptions)
        for right, verdict in zip(scheme.right, scheme.verdicts, strict=True):
            said = self.html(self.question.told(verdict))
            yield self._gap(
                asked,
                "decisions",
                "MULTICHOICE",
                (
                    Choice(RIGHT, float(right), "" if right else said),
                    Choice(NOT_RIGHT, float(not right), said if right else ""),
                ),
                len(scheme.right),
            )

    def _letters(self, asked: Asked) -> Markup:
        foreseen = letters_foreseen(asked) or ()
        forms = letter_forms([labels for labels, _ in foreseen], isinstance(asked.scheme, ManyOptions))
        choices = [Choice(text, credit) for (_, credit), texts in zip(foreseen, forms, strict=True) for text in texts]
        return self._gap(asked, "letters", "SHORTANSWER", choices)

    def _positions(self, asked: Asked) -> Iterator[Markup]:
        assert isinstance(asked.interaction, Arrange)
        assert isinstance(asked.scheme, RightOrder)
        words = [self._plain(option) for option in asked.interaction.options]
        for right in asked.scheme.places:
            choices = [Choice(word, float(place == right)) for place, word in enumerate(words)]
            yield self._gap(asked, "positions", "MULTICHOICE", choices, len(words))

    def _pairs(self, asked: Asked) -> Iterator[Markup]:
        assert isinstance(asked.interaction, Match)
        assert isinstance(asked.scheme, RightPairs)
        words = [self._plain(option) for option in asked.interaction.rights]
        for partner, mistake in zip(asked.scheme.partners, asked.scheme.mistakes, strict=True):
            said = self.html(self.question.explained(mistake))
            choices = [Choice(word, float(i == partner), "" if i == partner else said) for i, word in enumerate(words)]
            yield self._gap(asked, "pairs", "MULTICHOICE", choices, len(asked.scheme.partners))

    def _shares(self, asked: Asked) -> Iterator[Markup]:
        assert isinstance(asked.scheme, TrueDistribution)
        tolerance = plain_decimal(Fraction(1, 2 * 10**asked.scheme.decimals))
        for probability in asked.scheme.probabilities:
            choices = (Choice(plain_decimal(probability), 1.0, "", tolerance),)
            yield self._gap(asked, "shares", "NUMERICAL", choices, len(asked.scheme.probabilities))

    # What is foreseen -----------------------------------------------------------------------------------------------

    def numbers(self, asked: Asked) -> Iterator[Choice]:
        """A number's bands; the first that fits counts, there as here."""
        assert isinstance(asked.scheme, NumberBands)
        for band in asked.scheme.bands:
            there = interval(band)
            yield Choice(there.answer, band.verdict.fraction, self.html(self.question.told(band.verdict)), there.tolerance)

    def texts(self, asked: Asked) -> Iterator[Choice]:
        """Short texts in their usual spellings; a ``*`` stands for itself."""
        assert isinstance(asked.scheme, Texts)
        seen: set[str] = set()
        for text, verdict in asked.scheme.accepted:
            said = self.html(self.question.told(verdict))
            for spelling in spellings(text, asked.scheme.case_sensitive):
                if spelling not in seen:
                    seen.add(spelling)
                    yield Choice(spelling.replace("*", "\\*"), verdict.fraction, said)

    def options_of(self, asked: Asked, *, within: bool = False) -> Iterator[Choice]:
        """Options to choose from, as plain words where they stand ``within`` a line."""
        match asked.interaction, asked.scheme:
            case ChooseOne(_, options), OneOption(verdicts):
                for option, verdict in zip(options, verdicts, strict=True):
                    shown = self._plain(option) if within else self.html(option.text)
                    yield Choice(shown, verdict.fraction, self.html(self.question.told(verdict)))
            case ChooseMany(_, options), ManyOptions() as scheme:
                fractions = tick_fractions(scheme)
                assert fractions is not None
                for option, fraction, foreseen in zip(options, fractions, said_of(scheme), strict=True):
                    said = self.html(self.question.told(foreseen)) if foreseen is not None else ""
                    yield Choice(self.html(option.text), fraction, said)
            case _:
                raise AssertionError("has no options to choose from")

    # Markup ---------------------------------------------------------------------------------------------------------

    def _plain(self, option: Option) -> Markup:
        """An option for a menu, which shows no markup."""
        return Markup.escape(self.words(option.text))

    def _listed(self, options: Sequence[Option]) -> list[tuple[str, Markup]]:
        return [(option.label, self.html(option.text)) for option in options]

    def _group(
        self,
        prompt: Filled | None,
        lines: Sequence[str],
        listed: Sequence[tuple[str, Markup]] = (),
        rows: Sequence[Row] = (),
    ) -> str:
        return str(macros("controls.html.j2").group(self.html(prompt), [line for line in lines if line], listed, rows))

    def _field(self, prompt: Filled | None, gap: str, unit: str, form: str) -> str:
        return str(macros("controls.html.j2").field(self.html(prompt), gap, unit, form))

    def _within(self, gap: str, unit: str, form: str) -> str:
        return str(macros("controls.html.j2").within(gap, unit, form))


@lru_cache(maxsize=2048)
def _constant(text: Text, flavour: str) -> Markup:
    """A text without values, such as what is told of a mistake, which is the same in every question."""
    return Markup(show(Filled(text), flavour, Setting()))


def reads_percent(scheme: object) -> bool:
    """Whether a percentage may be typed for a number that is no percentage itself."""
    return isinstance(scheme, NumberBands) and scheme.percent is not None and scheme.percent != 1
