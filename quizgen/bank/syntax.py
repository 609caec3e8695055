"""YAML's syntax errors, said so that the author of a question can mend them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

_EXPRESSION = re.compile(r"(?:[:\-?,\[{] *|^\s*)\{[{%]")
_IN_FLOW = re.compile(r"[{\[,]\s*(?:[\w-]+:\s+)?(?=[^\s\"'\[{])([^\"',{}\[\]]*\w)\[")
_KEY = re.compile(r"\s*(?:- +)*(?:\"[^\"]*\"|'[^']*'|[^\s:#][^:#]*):(?:\s|$)")


class Fault(Exception):  # noqa: N818  # it is a place and a message as much as an exception
    """One thing wrong in a YAML text: line and column from 1, and what would be right."""

    def __init__(self, line: int, column: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.message = message


def starts_expression(lines: Sequence[str], line: int, column: int) -> bool:
    """Whether ``{{`` or ``{%`` stands at a place."""
    return column >= 1 and lines[line - 1].startswith(("{{", "{%"), column - 1)


def explain(exc: Any, lines: Sequence[str]) -> Fault:
    """The fault behind an error of PyYAML, from its wording and from the text around it.

    The C and the Python parser word their errors differently; only what they have in common is looked at.
    """
    problem = str(exc.problem or "")
    context = str(exc.context or "")
    mark = exc.problem_mark or exc.context_mark
    if mark is None:
        return Fault(1, 1, f"this is not valid YAML: {problem}")
    line, column = min(mark.line + 1, len(lines)), mark.column + 1
    start = exc.context_mark or mark
    from_line, from_column = min(start.line + 1, len(lines)), start.column + 1
    text = lines[line - 1]

    tab = re.match(r" *\t", text)
    if tab and column <= tab.end():
        return Fault(line, tab.end(), "a tab is used to indent this line; use spaces only")
    if "end of stream" in problem and "quoted" in context:
        quote = _at(lines, from_line, from_column)
        return Fault(from_line, from_column, f"the quotation mark {quote} that opens here is never closed")
    if "document" in problem and "quoted" in context:
        return Fault(from_line, from_column, "the quotation mark that opens here is never closed")
    if "escape" in problem:
        return Fault(
            line,
            column,
            "in double quotes, \\ starts an escape, and this one does not exist; use single quotes for this text",
        )
    expression = _EXPRESSION.search(text)
    if expression and expression.end() - 1 < column + 1 and text[: column - 1].strip():
        return Fault(line, expression.end() - 1, "a value that starts with {{ or {% must be put in quotes")
    indexed = _IN_FLOW.search(text[:column])
    if indexed and ("',' or" in problem or "cannot start any token" in problem):
        return Fault(
            line,
            indexed.start(1) + 1,
            "inside { } or [ ], an expression that holds [ ], { } or a comma must be put in quotes",
        )
    if "cannot start any token" in problem:
        return Fault(line, column, f'a text cannot start with "{_at(lines, line, column)}"; put it in quotes')
    if "alias" in context or "anchor" in context:
        return Fault(
            from_line,
            from_column,
            f'a text that starts with "{_at(lines, from_line, from_column)}" must be put in quotes',
        )
    if "tag" in context or "tag" in problem:
        return Fault(from_line, from_column, 'a text that starts with "!" must be put in quotes')
    if "block scalar" in context:
        sign = _at(lines, from_line, from_column)
        return Fault(
            from_line,
            from_column,
            f'a text that starts with "{sign}" must be put in quotes (alone, "{sign}" announces a text below)',
        )
    if "mapping values are not allowed" in problem:
        return _stray_colon(lines, line, column)
    if "could not find expected ':'" in problem:
        return _no_colon(lines, from_line, from_column)
    if "',' or" in problem:
        sign, end = _at(lines, from_line, from_column), f"line {line}, column {column}"
        closing = {"[": "]", "{": "}"}.get(sign, sign)
        return Fault(
            from_line,
            from_column,
            f'the "{sign}" that opens here is not closed: "," or "{closing}" is missing before {end}',
        )
    if "sequence entries are not allowed" in problem:
        return Fault(line, column, 'a list must start on a line of its own: write "- …" below the key')
    if "node content" in problem and not "".join(lines[mark.line :])[mark.column :].strip():
        last = max((number for number, written in enumerate(lines, 1) if written.strip()), default=1)
        message = 'the file ends where a value is expected: a "[" or "{" that opens above is not closed'
        return Fault(last, len(lines[last - 1].rstrip()) + 1, message)
    if "node content" in problem:
        return Fault(line, column, f'"{_at(lines, line, column)}" stands where a value is expected; put a text in quotes')
    if "document start" in problem:
        return Fault(line, column, "this stands after the end of the file's first value; a file holds only one map")
    if "incompatible" in problem:
        return Fault(line, column, 'this "%YAML" version is not supported; remove the line')
    if "block mapping" in context or "block collection" in context or "block sequence" in context:
        return _misplaced(lines, line, column, from_column)
    return Fault(line, column, f"this is not valid YAML: {problem}")


def _at(lines: Sequence[str], line: int, column: int) -> str:
    text = lines[line - 1]
    return text[column - 1] if 0 < column <= len(text) else ""


def _stray_colon(lines: Sequence[str], line: int, column: int) -> Fault:
    text = lines[line - 1]
    before = text[: column - 1]
    key = _KEY.match(before)
    if key and before[key.end() :].strip():
        value = key.end() + len(before[key.end() :]) - len(before[key.end() :].lstrip()) + 1
        return Fault(line, value, 'a text that holds ": " must be put in quotes')
    if key:
        return Fault(line, column, 'a second ":" follows the key; put the text in quotes')
    above = next((number for number in range(line - 1, 0, -1) if lines[number - 1].strip()), 0)
    if above and not _KEY.match(lines[above - 1]):
        first = len(lines[above - 1]) - len(lines[above - 1].lstrip()) + 1
        return Fault(above, first, 'a ":" is missing after the key of this line (or its text must be put in quotes)')
    if above:
        first = len(text) - len(text.lstrip()) + 1
        return Fault(
            line,
            first,
            f"this line is indented more than line {above}, which already has a value; "
            "give both the same indentation, or put a text of several lines in quotes",
        )
    return Fault(line, column, 'this ":" is not allowed here; put the text in quotes')


def _no_colon(lines: Sequence[str], line: int, column: int) -> Fault:
    text = lines[line - 1][column - 1 :]
    tight = re.match(r"([\w-]+):(?=\S)", text)
    if tight:
        return Fault(line, column + tight.end(), f'a space is missing after the colon: write "{tight[1]}: …"')
    return Fault(
        line,
        column,
        'this line has no ": " after a key; if it belongs to the text above, indent it more than that text\'s key',
    )


def _misplaced(lines: Sequence[str], line: int, column: int, wanted: int) -> Fault:
    text = lines[line - 1]
    before = text[: column - 1].rstrip()
    if before.endswith(("'", '"')):
        quote = before[-1]
        twice = "''" if quote == "'" else '\\"'
        return Fault(
            line,
            column,
            f"the text goes on after its closing quotation mark; inside {quote} … {quote} write {twice} for that mark",
        )
    if before.endswith(("]", "}")):
        return Fault(line, column, f'the text goes on after "{before[-1]}"; put the whole value in quotes')
    if before:
        return Fault(line, column, "this does not belong here; put the text in quotes")
    if text.lstrip().startswith("- ") or text.strip() == "-":
        return Fault(line, column, "a list item stands among the keys of a map; check the indentation")
    if text.lstrip().startswith(":"):
        return Fault(line, column, 'a key is missing before the ":"')
    return Fault(
        line, column, f"the indentation does not fit: this starts in column {column}, its neighbours in column {wanted}"
    )
