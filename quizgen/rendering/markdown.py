"""The flavour `markdown`: reads well as it is, shows values literally in any renderer, keeps formulas as LaTeX."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizgen.items import MARK_BASE, Number, Shown
from quizgen.rendering.breaking import MARK
from quizgen.rendering.numbers import INFINITY, ascii_number, latex_number, separator
from quizgen.rendering.plain import Style, Writer
from quizgen.rendering.program import Piece, Setting, Show, Slot, line_of
from quizgen.rendering.tables import markdown_table
from quizgen.rendering.words import without_controls

BLANK = "`______`"

# An underscore inside a word is no sign in Markdown, nor is an ampersand before a space. Brackets make a link only with a
# parenthesis, colon or bracket after them, or as a footnote.
_SIGNS = re.compile(r"[\\`*<$|~]|(?<![^\W_])_|_(?![^\W_])|&(?=[#A-Za-z]|$)|!$|\[(?=\^)|\](?=[(\[:])")
_LINE_SIGNS = re.compile(r"(\s*)([#>+=:\[-]|\d{1,9}(?=[.)](?:\s|$)))")
_SPACE = re.compile(r"\s+")


def escape(words: str, starts_line: bool = False) -> str:
    """The words so that Markdown shows them as they are; more is needed where they begin a line.

    >>> escape("*x* costs $5"), escape("1. not a list", True)
    ('\\\\*x\\\\* costs \\\\$5', '1\\\\. not a list')
    """
    clean = _SPACE.sub(" ", without_controls(words))
    out = _SIGNS.sub(lambda match: "\\" + match.group(), clean)
    if not starts_line:
        return out
    sign = _LINE_SIGNS.match(out)
    if sign is None:
        return out
    cut = sign.end() if sign[2].isdigit() else sign.start(2)
    return f"{out[:cut]}\\{out[cut:]}"


def number(value: Number, decimal_comma: bool) -> str:
    """The number as one would type it, so that it can be copied into a calculator."""
    return ascii_number(value, decimal_comma).replace("inf", INFINITY)


def code_span(text: str) -> str:
    """The text as code in a line, fenced by more backticks than it holds."""
    inside = without_controls(text).replace("\n", " ")
    if not inside.strip():
        return ""
    fence = "`" * (_longest_run(inside) + 1)
    space = " " if inside[0] in "` " or inside[-1] in "` " else ""
    return f"{fence}{space}{inside}{space}{fence}"


def code_block(text: str) -> str:
    """The text as a fenced block of code."""
    inside = without_controls(text)
    fence = "`" * max(3, _longest_run(inside) + 1)
    return f"{fence}\n{inside}\n{fence}"


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def _link(text: str, address: str) -> str:
    target = f"<{address}>" if re.search(r"[()\s]", address) else address
    return f"[{text}]({target})"


# LaTeX ----------------------------------------------------------------------------------------------------------------

_LATEX_SIGNS = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "`": r"\textasciigrave{}",
}
_IN_WORDS = re.compile(r"\\(?:text\w*|mbox)\s*\{[^{}]*$")
_TAKES_ONE_SYMBOL = re.compile(rf"(?:[\^_]|\\[dt]?frac|\\binom|\\sqrt|\\hat|\\bar|{MARK.pattern})\s*$")


def latex_words(words: str) -> str:
    """The words as they stand inside ``\\text{…}``."""
    return "".join(_LATEX_SIGNS.get(character, character) for character in _SPACE.sub(" ", without_controls(words)))


def _latex_value(value: Shown, setting: Setting, *, inside_words: bool) -> str:
    line = line_of(value)
    if isinstance(line, tuple):
        sign = "; " if separator(line, setting.decimal_comma) == "; " else ", "
        return sign.join(_latex_value(part, setting, inside_words=inside_words) for part in line)
    if isinstance(line, Number):
        return latex_number(line, setting.decimal_comma)
    return latex_words(line) if inside_words else rf"\text{{{latex_words(line)}}}"


def show_latex(value: Shown, setting: Setting) -> str:
    """The value as a part of a formula."""
    return _latex_value(value, setting, inside_words=False)


def show_latex_braced(value: Shown, setting: Setting) -> str:
    """The value where LaTeX would take only its first digit."""
    return "{" + show_latex(value, setting) + "}"


def show_latex_words(value: Shown, setting: Setting) -> str:
    """The value inside ``\\text{…}``."""
    return _latex_value(value, setting, inside_words=True)


def latex_pieces(latex: str) -> Iterator[Piece]:
    """The formula's LaTeX with slots for its values."""
    start = 0
    for match in MARK.finditer(latex):
        before = latex[: match.start()]
        yield latex[start : match.start()]
        show: Show = show_latex
        if _IN_WORDS.search(before):
            show = show_latex_words
        elif _TAKES_ONE_SYMBOL.search(before):
            show = show_latex_braced
        yield Slot(ord(match.group()) - MARK_BASE, show)
        start = match.end()
    yield latex[start:]


def _formula(latex: str, display: bool) -> Iterator[Piece]:
    one_line = " ".join(latex.split())
    sign = "$$" if display else "$"
    yield sign + ("\n" if display else "")
    yield from latex_pieces(one_line)
    yield ("\n" if display else "") + sign


WRITER = Writer(
    Style(
        words=escape,
        number=number,
        strong="**",
        emphasis="*",
        code=code_span,
        code_block=code_block,
        formula=_formula,
        link=_link,
        table=markdown_table,
        hard_break="\\\n",
        blank=BLANK,
        separate=separator,
        list_guard="\\",
    )
)

lower = WRITER.lower
