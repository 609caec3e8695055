"""Questions by the right answer that Moodle's report shows, where it does not show the question."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizgen.answers.labels import LETTERS
from quizgen.folding import bare
from quizgen.items import Filled, Match, options_of
from quizgen.lms.back.base import Known
from quizgen.lms.back.moodle_cells import parts_of
from quizgen.lms.back.shown import without_tags
from quizgen.lms.base import Options, Question, markup, plain_words
from quizgen.lms.formats.moodle.carriers import type_of
from quizgen.lms.formats.moodle.questions import cut_off
from quizgen.lms.formats.moodle.texts import Writer
from quizgen.schemes import ManyOptions, NumberBands, OneOption, RightOrder, RightPairs, Texts

_WAYS: tuple[Options | None, ...] = (Options(math="latex"), Options(math="mathml"), None)
"""How formulas may be shown; None for plain words."""

_MOST_PARTS = 100
_COMMA = re.compile(r"(?<=\d),(?=\d)")


class RightAnswers:
    """Finds questions by their right answers. They are worked out when the first is asked for."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._found: dict[str, list[Question]] | None = None

    def question(self, cell: str) -> tuple[Question | None, str]:
        """The question that has a right answer, or why it is not known."""
        found = self._by_form().get(_shape(cell), [])
        if len(found) == 1:
            return found[0], ""
        again = "switch on 'question text' in Moodle and download the report again"
        if found:
            return None, f"{len(found)} questions of this export have this right answer; {again}"
        return None, f"no question of this export has this right answer; if one should, {again}"

    def fits(self, question: Question, cell: str) -> bool:
        """Whether a cell is a question's right answer."""
        return any(one is question for one in self._by_form().get(_shape(cell), []))

    def _by_form(self) -> dict[str, list[Question]]:
        if self._found is None:
            self._found = {}
            for question in self._known.values():
                for form in set(_forms(question)):
                    self._found.setdefault(form, []).append(question)
        return self._found


def _shape(cell: str) -> str:
    """A right answer without what differs by language and by how formulas are shown."""
    for count in range(1, _MOST_PARTS):
        if (parts := parts_of(cell, count)) is not None:
            return "|".join(_bare(part) for part in parts)
    return _bare(cell)


def _bare(text: str) -> str:
    return _COMMA.sub(".", bare(without_tags(text)))


def _forms(question: Question) -> Iterator[str]:
    """The shapes in which Moodle may show a question's right answer."""
    type = type_of(question)
    for options in _WAYS:
        if type == "cloze" and options is not None:
            yield "|".join(_bare(text) for text in _gap_keys(question, options))
        elif type not in ("cloze", "essay"):
            yield from (_bare(text) for text in _keys(question, options))


def _gap_keys(question: Question, options: Options) -> Iterator[str]:
    for gap in Writer(question, options).body("cloze").gaps:
        right = [choice.text for choice in gap.choices if choice.fraction > 0]
        yield "; ".join(right) if gap.form == "MULTIRESPONSE" else right[0]


def _keys(question: Question, options: Options | None) -> Iterator[str]:
    (asked,) = question.asked
    shown = [_shown(question, option.text, options) for option in options_of(asked.interaction)]
    match asked.scheme:
        case OneOption() as scheme:
            yield shown[scheme.right]
        case ManyOptions(right):
            yield "; ".join(text for text, is_right in zip(shown, right, strict=True) if is_right)
        case NumberBands() | Texts():
            writer = Writer(question, options or Options())
            choices = writer.numbers(asked) if isinstance(asked.scheme, NumberBands) else writer.texts(asked)
            text = next(iter(choices)).text
            yield from (text, text.replace("\\*", "*"))
        case RightOrder(places):
            yield "; ".join(shown[place] for place in places)
            yield "; ".join(cut_off(shown[place]) for place in places)
            yield "; ".join(cut_off(f"{LETTERS[place]}. {shown[place]}") for place in places)
        case RightPairs(partners):
            assert isinstance(asked.interaction, Match)
            lefts = [_shown(question, left.text, options) for left in asked.interaction.lefts]
            rights = [plain_words(right.text, question) for right in asked.interaction.rights]
            yield "; ".join(f"{left} -> {rights[partner]}" for left, partner in zip(lefts, partners, strict=True))


def _shown(question: Question, text: Filled, options: Options | None) -> str:
    return plain_words(text, question) if options is None else without_tags(markup(text, question, options))
