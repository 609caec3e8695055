"""The registry of flavours, and texts put into them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

from quizgen.errors import QuizgenError
from quizgen.items import Filled, Text
from quizgen.rendering import html, markdown, text
from quizgen.rendering.document import Document
from quizgen.rendering.program import Placing, Program, Setting, fill
from quizgen.rendering.reading import Problem, read

FLAVOURS: Mapping[str, Callable[[Document], Program]] = MappingProxyType(
    {
        "html": html.lower,
        "markdown": markdown.lower,
        "text": text.lower,
        "portable": html.portable,
        "portable-latex": html.portable_latex,
        "qti": html.qti,
        "qti-latex": html.qti_latex,
    }
)
"""From a flavour's name to what turns a tree into its program.

The portable ones are HTML for pages that are not ours, with MathML or with LaTeX between ``\\( \\)`` for formulas; those of
QTI are what its schemas allow of it.
"""


def fragment(filled: Filled, flavour: str, *, decimal_comma: bool = False, place: Placing | None = None) -> str:
    """The text with its values in a flavour: blocks, or words in a line where the text is an inline one.

    Answers' places become blanks unless ``place`` gives what stands there. `QuizgenError` for an unknown flavour and
    for a text that `check_text` finds unbalanced or whose formulas cannot be converted.

    >>> from quizgen.items import plain
    >>> fragment(plain("a < b"), "html"), fragment(plain("a < b"), "markdown")
    ('a &lt; b', 'a \\\\< b')
    """
    return show(filled, flavour, Setting(decimal_comma, place))


def show(filled: Filled, flavour: str, setting: Setting) -> str:
    """The text with its values in a flavour and a setting."""
    program = _program(filled.text, flavour)
    if len(program) == 1 and isinstance(program[0], str):
        return program[0].strip("\n")
    return fill(program, filled.values, setting).strip("\n")


def check_text(text: Text) -> list[Problem]:
    """Everything wrong with a text, as (line, column, message), in order of place."""
    return list(read(text).problems)


@lru_cache(maxsize=8192)
def _program(text: Text, flavour: str) -> Program:
    if flavour not in FLAVOURS:
        raise QuizgenError(f"there is no flavour {flavour!r}: choose {', '.join(FLAVOURS)}")
    reading = read(text)
    if reading.fatal:
        line, column, message = reading.fatal
        raise QuizgenError(f"line {line}, column {column} of a text: {message}")
    return FLAVOURS[flavour](reading.document)
