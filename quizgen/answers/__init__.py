"""The kinds of answers, one module each, known by their ``kind``."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points

from quizgen.answers.base import BLANK, Answer, AnswerSpec, Earlier, Mark, Outcome, Reading, Specimens, UnreadableError
from quizgen.answers.numbers import TypedNumber, parse_number

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


@functools.cache
def answer_kinds() -> Mapping[str, type[AnswerSpec]]:
    """Every kind of answer by its name: the built-in ones, and those announced as entry points of ``quizgen.answers``."""
    kinds = {}
    for kind, target in KINDS.items():
        module, _, name = target.partition(":")
        kinds[kind] = getattr(import_module(module), name)
    for point in entry_points(group="quizgen.answers"):
        kinds[point.name] = point.load()
    return kinds


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
