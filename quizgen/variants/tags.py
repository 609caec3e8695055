"""The Jinja tags of a text, lifted out of its Markdown: what stands between them, and each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, cast

from jinja2 import TemplateSyntaxError

from quizgen.items import Tag
from quizgen.variants.expressions import environment


class TextFault(Exception):  # noqa: N818 # a place and a message as much as an exception
    """What is wrong in a text, with line and column in it, from 1."""

    def __init__(self, line: int, column: int, message: str) -> None:
        super().__init__(message)
        self.line, self.column, self.message = line, column, message


MAX_NESTED = 20
"""How many {% if %} may stand in one another."""

_BEGINS = {"variable_begin": "{{", "block_begin": "{%", "comment_begin": "{#", "raw_begin": "{%"}
_STATEMENT = re.compile(r"(\w+)\b\s*(.*)", re.DOTALL)


def pieces(source: str) -> Iterator[str | Tag]:
    """The text between tags, and the tags, as Jinja's lexer tells them apart. Raises `TextFault`."""
    source = source.replace("\r\n", "\n").replace("\r", "\n")  # as the lexer does, so that places agree
    at = 0
    begin = ""
    inside: list[str] = []
    place = (1, 1)
    try:
        for _, token, value in environment.lex(source):
            if token in _BEGINS:
                # White space before "{{-" is dropped by the lexer, so the place is searched for.
                at = source.find(_BEGINS[token], at)
                place = line_column(source, at)
                begin, inside = token, []
            elif token in ("variable_end", "block_end"):
                yield _tag(begin, "".join(inside).strip(), *place)
                begin = ""
            elif token in ("comment_end", "raw_end"):
                begin = ""
            elif token == "data":
                yield value
            elif begin:
                inside.append(value)
            at += len(value)
    except TemplateSyntaxError as error:
        raise TextFault(error.lineno, 1, f"{error.message}; a tag is {{{{ … }}}} or {{% … %}}") from error
    if begin:
        raise TextFault(*place, f"this {_BEGINS[begin]} is not closed")


def line_column(source: str, at: int) -> tuple[int, int]:
    """Line and column of a position, from 1."""
    return source.count("\n", 0, at) + 1, at - source.rfind("\n", 0, at)


def _tag(begin: str, content: str, line: int, column: int) -> Tag:
    if begin == "variable_begin":
        if not content:
            raise TextFault(line, column, "{{ }} is empty")
        return Tag("value", content, line, column)
    statement = _STATEMENT.fullmatch(content)
    word, rest = statement.groups() if statement else ("", "")
    if word in ("if", "elif") and rest:
        return Tag(cast("Literal['if', 'elif']", word), rest, line, column)
    if word in ("else", "endif") and not rest:
        return Tag(cast("Literal['else', 'endif']", word), "", line, column)
    raise TextFault(
        line,
        column,
        f"{{% {' '.join(content.split())[:60]} %}} is not available: there are {{% if condition %}}, {{% elif condition %}}, "
        "{% else %} and {% endif %}; for tables and lists use table(…), bullets(…) and numbered(…)",
    )


def follow_ifs(tag: Tag, open_ifs: list[Tag]) -> str:
    """What is wrong with a tag after those that are still open, or nothing; the list is kept up to date."""
    if tag.kind == "if":
        open_ifs.append(tag)
        if len(open_ifs) == MAX_NESTED + 1:
            return f"{{% if %}} stands in more than {MAX_NESTED} others"
    elif tag.kind in ("elif", "else", "endif") and not open_ifs:
        return f"{{% {tag.kind} %}} without an {{% if %}} before it"
    elif tag.kind == "endif":
        open_ifs.pop()
    elif tag.kind in ("elif", "else"):
        after_else = open_ifs[-1].kind == "else"
        open_ifs[-1] = tag
        return f"{{% {tag.kind} %}} after {{% else %}}" if after_else else ""
    return ""
