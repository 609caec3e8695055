"""The forms in which texts are written elsewhere, and how each is HTML in which formulas stand as Moodle writes them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Literal, TypeAlias

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

Form: TypeAlias = Literal["html", "moodle", "plain", "markdown", "dollars"]
"""How a text is written: HTML; HTML in which line ends count; plain words; Markdown; Markdown where ``$x$`` is a formula."""

_INSIDE = r"(?:[^\\]|\\[^(\[]){1,4000}?"
"""What may stand in a formula: not the beginning of another, so that what never ends is found out at once."""
_BRACKETED = re.compile(rf"\\\({_INSIDE}\\\)|\\\[{_INSIDE}\\\]")
FORMULA = re.compile(rf"\\\(({_INSIDE})\\\)|\\\[({_INSIDE})\\\]|\$\$([^$]{{1,4000}}?)\$\$")
"""A formula: in the line between ``\\(`` and ``\\)``, else its second and third group."""


def as_html(source: str, form: Form) -> str:
    """The text as HTML in which formulas are written as Moodle has them."""
    match form:
        case "html":
            return source
        case "moodle":
            return re.sub(r"\n", "<br>", re.sub(r"\n[ \t]*\n\s*", "<p>", source.strip()))
        case "plain":
            return as_html(html.escape(source), "moodle")
        case "markdown" | "dollars":
            rendered: str = _markdown(form == "dollars").render(source)
            return rendered


@cache
def _markdown(dollars: bool) -> MarkdownIt:
    """A reader of Markdown that leaves formulas as Moodle writes them; ``$x$`` is one only where ``dollars``."""

    def rule(opening: str, closing: str) -> Callable[..., str]:
        def render(self: object, tokens: Sequence[Token], index: int, options: object, env: object) -> str:
            return html.escape(f"{opening}{tokens[index].content}{closing}")

        return render

    reader = MarkdownIt("commonmark", {"html": True}).enable("table")
    reader.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False, double_inline=True)
    reader.inline.ruler.before("escape", "bracket_math", _bracket_math)
    reader.add_render_rule("math_inline", rule("\\(", "\\)") if dollars else rule("$", "$"))
    for name in ("math_inline_double", "math_block"):
        reader.add_render_rule(name, rule("\n\\[", "\\]\n"))
    reader.add_render_rule("bracket_math", rule("", ""))
    return reader


def _bracket_math(state: StateInline, silent: bool) -> bool:
    """A rule of the Markdown reader: between ``\\(`` and ``\\)`` there is no markup."""
    found = _BRACKETED.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        state.push("bracket_math", "", 0).content = found[0]
    state.pos = found.end()
    return True
