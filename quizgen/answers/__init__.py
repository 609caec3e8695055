"""The kinds of answers, one module each, known by their ``kind``."""

from __future__ import annotations

from collections.abc import Mapping

from quizgen.answers.base import BLANK, Answer, AnswerSpec, Earlier, Mark, Outcome, Reading, Specimens, UnreadableError
from quizgen.answers.numbers import TypedNumber, parse_number
from quizgen.extensions import known

KINDS: Mapping[str, str] = {
    "choice": "quizgen.answers.choice:Choice",
    "multiple": "quizgen.answers.multiple:Multiple",
    "numeric": "quizgen.answers.numeric:Numeric",
    "text": "quizgen.answers.text:TextSpec",
    "order": "quizgen.answers.order:Order",
    "match": "quizgen.answers.match:MatchSpec",
    "distribution": "quizgen.answers.distribution:Distribution",
    "essay": "quizgen.answers.essay:Essay",
}


def answer_kinds() -> Mapping[str, type[AnswerSpec]]:
    """Every kind of answer by its name: the built-in ones, and those that other packages announce."""
    return known("quizgen.answers", KINDS)


__all__ = [
    "BLANK",
    "KINDS",
    "Answer",
    "AnswerSpec",
    "Earlier",
    "Mark",
    "Outcome",
    "Reading",
    "Specimens",
    "TypedNumber",
    "UnreadableError",
    "answer_kinds",
    "parse_number",
]
