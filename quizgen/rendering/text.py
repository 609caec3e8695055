"""The flavour `text`: words alone, for labels, terminals and tables of results."""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.items import Number, Shown
from quizgen.rendering.formulas import linear
from quizgen.rendering.numbers import separator, typographic
from quizgen.rendering.plain import Style, Writer
from quizgen.rendering.program import Piece, Setting, Slot, line_of
from quizgen.rendering.tables import text_table
from quizgen.rendering.words import without_controls

BLANK = "____"


def _words(words: str, starts_line: bool) -> str:
    return without_controls(words)


def show_words(value: Shown, setting: Setting) -> str:
    """The value as a part of a formula."""
    line = line_of(value)
    if isinstance(line, Number):
        return typographic(line, setting.decimal_comma)
    if isinstance(line, tuple):
        return separator(line, setting.decimal_comma).join(show_words(part, setting) for part in line)
    return without_controls(line)


def _formula(latex: str, display: bool) -> Iterator[Piece]:
    for part in linear(latex):
        yield part if isinstance(part, str) else Slot(part.tag, show_words)


WRITER = Writer(
    Style(
        words=_words,
        number=typographic,
        strong="",
        emphasis="",
        code=without_controls,
        code_block=lambda text: "\n".join("    " + line for line in without_controls(text).split("\n")),
        formula=_formula,
        link=lambda text, address: text if text == address else f"{text} ({address})",
        table=text_table,
        hard_break="\n",
        blank=BLANK,
        separate=separator,
        list_guard="",
    )
)

lower = WRITER.lower
