"""Words, code and formulas of elsewhere as Markdown in which nothing is read as a tag, a formula or HTML by accident."""

from __future__ import annotations

import re
from urllib.parse import quote

from quizgen.importing.questions import NotCarriedError
from quizgen.rendering.formulas import complaint
from quizgen.rendering.markdown import code_block, code_span, escape
from quizgen.rendering.words import without_controls

LONGEST_FORMULA = 2000
WIDEST = 110
"""Lines of a paragraph are broken before so many characters, for whoever reads the template."""

PLACE = 0xF000
"""The first of the characters that stand for the places of answers until a text is converted."""
MOST_PLACES = 50

_PRIVATE = re.compile("[\ue000-\uf8ff]")
_TAG = re.compile(r"\{(?=[{%#])")
_UNIT = re.compile(r"(?:\\.|\$\$[^$]*\$\$|\$[^$]*\$|(`+)(?!`).*?(?<!`)\1(?!`)|\{\{.*?\}\}|\S)+", re.DOTALL)
_OPENS_BLOCK = re.compile(r"[#>+=:|~-]|\d{1,9}[.)]|```")
_SCRIPTS = {
    "sub": str.maketrans("0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"),
    "sup": str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ"),
}


def clean(text: str) -> str:
    """The text without what no template holds: control characters, and private ones, which become U+FFFD."""
    return _PRIVATE.sub("\ufffd", without_controls(text.replace("\r\n", "\n").replace("\r", "\n")))


def place(number: int) -> str:
    """The character that stands for the place of an answer, counted from 0."""
    return chr(PLACE + number)


def without_places(text: str, where: str) -> str:
    """The text. Raises `NotCarriedError` where it has the place of an answer."""
    if any(PLACE <= ord(character) < PLACE + MOST_PLACES for character in text):
        raise NotCarriedError(f"a gap stands in {where}, where no answer can")
    return text


def words(text: str, starts_line: bool = False) -> str:
    r"""Words that Markdown, Jinja and LaTeX leave alone.

    >>> words("costs {{ 5 }} $ in *all*")
    'costs {\\{ 5 }} \\$ in \\*all\\*'
    """
    return _TAG.sub(r"{\\", escape(text, starts_line))


def code(text: str) -> str:
    """A code span."""
    return _in_code(code_span(" ".join(text.split())))


def fenced(text: str) -> str:
    """A block of code."""
    return _in_code(code_block(text.strip("\n")))


def _in_code(text: str) -> str:
    return _TAG.sub('{{ "{" }}', without_places(text, "code"))


def value(text: str) -> str:
    r"""The text as one value of a template: for what is compared with what is typed, where no markup is read.

    >>> value("tea"), value("a*b"), value('say "{{"')
    ('tea', '{{ "a*b" }}', '{{ "say \\"{{\\"" }}')
    """
    line = " ".join(text.split())
    if escape(line, True) == line and not _TAG.search(line):
        return line
    quoted = line.replace("\\", "\\\\").replace('"', '\\"')
    return f'{{{{ "{quoted}" }}}}'


def formula(latex: str, *, display: bool = False, in_table: bool = False) -> tuple[str, str]:
    r"""A formula as Markdown, and what is wrong with it: then it is code, so that nobody takes it for one.

    >>> formula(r"x^{{2}}")
    ('$x^{ {2}}$', '')
    """
    line = _TAG.sub("{ ", " ".join(without_places(latex, "a formula").split()))
    if in_table:
        line = line.replace(r"\|", r"\Vert ").replace("|", r"\vert ").strip()
    if len(line) > LONGEST_FORMULA:
        wrong = f"a formula has at most {LONGEST_FORMULA} characters"
    elif re.search(r"(?<!\\)\$", line):
        wrong = "a formula holds a dollar sign"
    else:
        wrong = complaint(line) or ""
    if wrong:
        return code(latex), wrong
    return (f"$$\n{line}\n$$" if display else f"${line}$"), ""


def scripted(text: str, kind: str) -> str | None:
    """The text as raised (``sup``) or lowered (``sub``) characters; None where there are none for it."""
    table = _SCRIPTS[kind]
    return text.translate(table) if all(ord(character) in table for character in text) else None


def link(shown: str, address: str) -> str | None:
    """A link; None for an address that a text cannot link to."""
    if not address.startswith(("http://", "https://", "mailto:")):
        return None
    return f"[{shown}]({quote(address, safe=_IN_ADDRESS)})"


_IN_ADDRESS = "%/:=&?~#+!;,@'*_.-"


def wrapped(paragraph: str, first: str = "", rest: str = "") -> str:
    """The paragraph in lines of a readable width, broken only where Markdown sees a space.

    ``first`` stands before the first line, ``rest`` before the others.
    """
    out = []
    for line in paragraph.split("\n"):
        row = ""
        for unit in (match.group() for match in _UNIT.finditer(line)):
            if row and len(row) + len(unit) >= WIDEST and not _OPENS_BLOCK.match(unit):
                out.append(row)
                row = unit
            else:
                row = f"{row} {unit}" if row else unit
        out.append(row)
    return "\n".join(((rest if i else first) + line).rstrip() for i, line in enumerate(out))
