"""A question as rows of a question file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import assert_never

from quizgen.items import ChooseMany, Match, options_of
from quizgen.lms.base import Asked, Options, Question, markup, plain_words
from quizgen.lms.formats.brightspace_csv.patterns import apart, number_answer, text_answer
from quizgen.lms.formats.brightspace_csv.scoring import way_for_order, way_for_sets
from quizgen.lms.formats.single import asked_text, only_answer
from quizgen.lms.looks import option_markup
from quizgen.rendering.numbers import points
from quizgen.rendering.words import without_controls
from quizgen.schemes import (
    ByPerson,
    ManyOptions,
    NumberBands,
    OneOption,
    RightOrder,
    RightPairs,
    Scheme,
    Texts,
    TrueDistribution,
    Verdict,
)

Row = tuple[str, ...]

_WIDTH = 5
_CODE_BLOCK = re.compile("<pre>.*?</pre>", re.DOTALL)


def rows_of(question: Question, options: Options) -> list[Row]:
    """The rows of a question that can be carried."""
    asked = only_answer(question)
    if asked is None:
        raise AssertionError(f"{question.ident} has several answers, which was refused")
    kind, answers = _answers(question, asked, options)
    text = asked_text(question, asked, options, advice(asked, question.decimal_comma), _other_rule(asked.scheme))
    return [
        ("NewQuestion", kind),
        ("ID", question.ident),
        ("Title", without_controls(question.title)),
        ("QuestionText", _html(text), "HTML"),
        ("Points", points(question.points)),
        *answers,
        *_told(question, options),
    ]


def written(rows: Iterable[Row]) -> str:
    """Rows as lines of a file, each with the five cells that the format has."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows((*row, *[""] * (_WIDTH - len(row))) for row in rows)
    return out.getvalue()


def _answers(question: Question, asked: Asked, options: Options) -> tuple[str, list[Row]]:
    interaction, scheme = asked.interaction, asked.scheme
    sides = (interaction.lefts, interaction.rights) if isinstance(interaction, Match) else (options_of(interaction),)
    texts = [_html(text) for side in sides for text in option_markup(question, side, options)]
    match scheme:
        case OneOption(verdicts):
            weights = [f"{100 * verdict.fraction:g}" for verdict in verdicts]
            return "MC", list(_options(question, weights, texts, verdicts))
        case ManyOptions(right, verdicts, rule):
            way = way_for_sets(rule, sum(right), len(right) - sum(right))
            chosen = [str(int(is_right)) for is_right in right]
            return "MS", [("Scoring", way.name), *_options(question, chosen, texts, verdicts)]
        case NumberBands(percent=percent):
            unit = getattr(interaction, "unit", "")
            rows = [
                ("Answer", percentage(verdict), number_answer(interval, percent, unit, question.decimal_comma), "regexp")
                for interval, verdict in apart(scheme)
            ]
            return "SA", [("InputBox", "1", "40"), *rows]
        case Texts(accepted, case_sensitive):
            rows = [
                ("Answer", percentage(verdict), text_answer(text, case_sensitive), "regexp")
                for text, verdict in accepted
                if verdict.fraction > 0
            ]
            return "SA", [("InputBox", "1", "60"), *rows]
        case RightOrder(places, rule):
            way = way_for_order(rule, len(places))
            return "O", [("Scoring", way.name), *(("Item", texts[place], "HTML") for place in places)]
        case RightPairs(partners, _, rule):
            return "M", list(_pairs(interaction, partners, rule, texts))
        case ByPerson():
            rubric = "; ".join(getattr(interaction, "rubric", ()))
            return "WR", [("AnswerKey", without_controls(rubric))] if rubric else []
        case TrueDistribution():
            raise AssertionError(f"{question.ident} asks for several numbers, which was refused")
        case _:
            assert_never(scheme)


def _other_rule(scheme: Scheme) -> str | None:
    """How Brightspace gives credit where that is not the question's rule."""
    match scheme:
        case ManyOptions(right, _, rule):
            way = way_for_sets(rule, sum(right), len(right) - sum(right))
        case RightOrder(places, rule):
            way = way_for_order(rule, len(places))
        case _:
            return None
    return None if way.exact else way.told


def _options(question: Question, weights: Iterable[str], texts: Iterable[str], verdicts: Iterable[Verdict]) -> Iterator[Row]:
    for weight, text, verdict in zip(weights, texts, verdicts, strict=True):
        said = question.told(verdict)
        yield "Option", weight, text, "HTML", plain_words(said, question) if said is not None else ""


def _pairs(interaction: object, partners: tuple[int, ...], rule: str, texts: list[str]) -> Iterator[Row]:
    """Choices are what stands in every list to choose from, matches what has such a list."""
    count = len(partners)
    yield "Scoring", "AllOrNothing" if rule == "all-or-nothing" else "EquallyWeighted"
    for number, text in enumerate(texts[count:], 1):
        yield "Choice", str(number), text, "HTML"
    for text, partner in zip(texts[:count], partners, strict=True):
        yield "Match", str(partner + 1), text, "HTML"


def _told(question: Question, options: Options) -> Iterator[Row]:
    if question.hints and question.made.keyed.item.hints:
        hints = "".join(f"{markup(hint, question, options)}\n" for hint in question.made.keyed.item.hints)
        yield "Hint", _html(hints), "HTML"
    if question.made.keyed.solution is not None:
        yield "Feedback", _html(markup(question.made.keyed.solution, question, options)), "HTML"


def advice(asked: Asked, decimal_comma: bool) -> str:
    """What may be typed, where that is less than on a worksheet; empty where nothing is typed or nothing is lost."""
    if isinstance(asked.interaction, ChooseMany):
        return "If none is right, tick nothing."
    if isinstance(asked.scheme, NumberBands):
        number = "0,5" if decimal_comma else "0.5"
        percent = ", or with a percent sign" if asked.scheme.percent else ""
        return f"Type digits with a decimal mark, such as {number}{percent}; no fraction such as 1/2, no power of ten."
    return ""


def percentage(verdict: Verdict) -> str:
    """A verdict's fraction in whole percent."""
    return str(round(100 * verdict.fraction))


def _html(text: str) -> str:
    """Markup in one line, since rows are lines to some readers; line breaks that are seen become references to them."""
    kept = _CODE_BLOCK.sub(lambda block: block[0].replace("\n", "&#10;"), text)
    return " ".join(kept.split("\n")).strip()
