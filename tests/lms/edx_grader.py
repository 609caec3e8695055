"""Open edX's own grader for tests: problems of an export, answered as a student answers them there.

The grader is a package that needs many others, so it may live in an environment of its own, whose Python the variable
``QUIZGEN_CAPA_PYTHON`` names.
"""

from __future__ import annotations

import atexit
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from quizgen.answers.labels import LETTERS
from quizgen.lms.base import Options, Question
from quizgen.lms.formats.edx.carriers import NO, NONE, YES, Carrier, Letters, List, Menus, Shares, Ticks
from quizgen.lms.formats.edx.problem import fields_of, problem
from quizgen.schemes import ManyOptions, RightPairs

LATEX = Options(math="latex")

_TOOL = Path(__file__).with_name("capa_marks.py")


def grader_python() -> str:
    """The Python that has the grader; the test is skipped where there is none."""
    if named := os.environ.get("QUIZGEN_CAPA_PYTHON"):
        return named
    if importlib.util.find_spec("xblocks_contrib") is None:
        pytest.skip("Open edX's grader is not here: install xblocks-contrib, or name a Python that has it: QUIZGEN_CAPA_PYTHON")
    return sys.executable


@cache
def _grader() -> subprocess.Popen[str]:
    """The grader, which takes seconds to start and runs until the tests end."""
    started = subprocess.Popen([grader_python(), _TOOL], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(_end, started)
    return started


def _end(grader: subprocess.Popen[str]) -> None:
    with grader:
        grader.kill()


def run(tasks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What the grader makes of each task."""
    grader = _grader()
    assert grader.stdin is not None
    assert grader.stdout is not None
    grader.stdin.write(json.dumps(list(tasks)) + "\n")
    grader.stdin.flush()
    return list(json.loads(grader.stdout.readline()))


def task(question: Question, responses: Mapping[str, str]) -> dict[str, Any]:
    """A problem with what a student puts into its inputs who would type these responses on a worksheet."""
    return {"xml": _xml(question), "ident": question.ident, "answers": inputs_of(question, responses)}


def shown(question: Question) -> dict[str, Any]:
    """A problem to be shown."""
    return {"xml": _xml(question), "ident": question.ident, "show": True}


_WRITTEN: dict[int, tuple[Question, str]] = {}
"""What was written for a question, which is kept so that its number is not given to another."""


def _xml(question: Question) -> str:
    if id(question) not in _WRITTEN:
        _WRITTEN[id(question)] = (question, problem(question, LATEX))
    return _WRITTEN[id(question)][1]


def inputs_of(question: Question, responses: Mapping[str, str]) -> dict[str, Any]:
    """What stands in each input; an input that is left alone is missing."""
    filled: dict[str, Any] = {}
    number = 2
    for asked, carrier in fields_of(question):
        values = _values(carrier, responses.get(asked.name, ""), asked.scheme)
        filled.update({f"{number + i}_1": value for i, value in enumerate(values) if value is not None})
        number += len(values)
    return filled


def _values(carrier: Carrier, text: str, scheme: object) -> list[Any]:
    match carrier:
        case List():
            places = [i for i, line in enumerate(carrier.lines) if line.typed == text]
            return [f"choice_{places[0]}"] if places else [None]
        case Ticks():
            labels = [] if carrier.every and text == NONE else [text] if text == NONE else text.split()
            places = [len(carrier.right) if label == NONE else LETTERS.index(label) for label in labels]
            return [[f"choice_{place}" for place in places] or None]
        case Menus():
            return _menus(carrier, text, scheme)
        case Letters():
            return [text or None]
        case Shares():
            return [part.strip() for part in text.split(";")] if text else [None] * len(carrier.bands)
    return [text or None]


def _menus(carrier: Menus, text: str, scheme: object) -> list[str | None]:
    rows = len(carrier.right)
    if not text:
        return [None] * rows
    if isinstance(scheme, ManyOptions):
        return [YES if LETTERS[i] in text.split() else NO for i in range(rows)]
    if isinstance(scheme, RightPairs):
        joined = dict(pair.split("-") for pair in text.split())
        return [joined.get(str(i)) for i in range(1, rows + 1)]
    return [None if letter == "?" else letter for letter in text.split()]
