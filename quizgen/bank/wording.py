"""Faults that pydantic finds, in the words of someone who writes YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Sized
from dataclasses import dataclass
from typing import Any

from quizgen.bank.source import KeyPath
from quizgen.spelling import closest, listed
from quizgen.variants.written import WrittenFloat

SHAPES = {
    "string_type": "a text",
    "string_sub_type": "a text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "decimal_type": "a number",
    "decimal_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "set_type": "a list",
    "frozen_set_type": "a list",
    "iterable_type": "a list",
    "dict_type": "a map of keys and values",
    "mapping_type": "a map of keys and values",
    "model_type": "a map of keys and values",
    "model_attributes_type": "a map of keys and values",
    "dataclass_type": "a map of keys and values",
    "none_required": "left empty",
}
_BOUNDS = {
    "greater_than": ("gt", "greater than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
    "multiple_of": ("multiple_of", "a multiple of"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A fault of pydantic's, placed: the path in the data, what was allowed there, and the unions it came through.

    ``unions`` pairs each union's path with the member's label.
    """

    type: str
    path: KeyPath
    input: Any
    context: Mapping[str, Any]
    words: str
    unions: tuple[tuple[KeyPath, str], ...] = ()
    allowed: tuple[str, ...] = ()
    at: KeyPath | None = None
    key: bool = False
    suggestion: str | None = None

    @property
    def is_shape(self) -> bool:
        """Whether the kind of value is wrong, so that another member of a union may have been meant."""
        return self.type in SHAPES or self.type == "literal_error"


def message(item: Found) -> str:
    """What is wrong, and what would be right."""
    subject = _subject(item.path)
    match item.type:
        case "missing":
            return f'the key "{item.path[-1]}" is missing'
        case "extra_forbidden":
            return _unknown_key(str(item.path[-1]), item.suggestion, item.allowed)
        case "literal_error" | "enum" | "union_tag_invalid":
            return f"{subject} must be {_one_of(item.allowed)}, not {_shown(item.input)}{_near(item)}"
        case "union_tag_not_found" if item.key:
            return f'the key "{item.path[-1]}" is missing; it must be {_one_of(item.allowed)}'
        case "union_tag_not_found":
            return _no_kind(subject, item)
        case "shape":
            hint = _near(item) or _hint(item.words, item.input)
            return f"{subject} must be {item.words}, not {_shown(item.input)}{hint}"
        case "value_error" | "assertion_error":
            return str(item.context.get("error", item.words))
        case "string_pattern_mismatch" if item.key:
            return f'the name "{cut(str(item.input))}" is not allowed: it must match {item.context.get("pattern")}'
        case "too_short" | "too_long":
            return _length(subject, item)
        case "string_too_short":
            least = item.context.get("min_length")
            return f"{subject} must not be empty" if not item.input else f"{subject} must have at least {least} characters"
        case "string_too_long":
            return f"{subject} must have at most {item.context.get('max_length')} characters"
        case "finite_number":
            return f"{subject} must be a finite number"
    if item.type in SHAPES:
        return f"{subject} must be {SHAPES[item.type]}, not {_shown(item.input)}{_hint(SHAPES[item.type], item.input)}"
    if item.type in _BOUNDS:
        name, words = _BOUNDS[item.type]
        return f"{subject} must be {words} {item.context[name]:.12g}, not {_shown(item.input)}"
    # Custom errors carry their own words.
    return item.words if item.type not in _FOREIGN else f"{subject}: {item.words}"


_FOREIGN = frozenset({"string_pattern_mismatch", "date_parsing", "datetime_parsing", "is_instance_of", "recursion_loop"})


def _unknown_key(key: str, near: str | None, allowed: Sequence[str]) -> str:
    if any(key.count(closing) > key.count(opening) for opening, closing in ("()", "[]")):
        return f'unknown key "{cut(key)}"; an expression that holds a comma must be put in quotes inside {{ }}'
    if near is not None:
        return f'unknown key "{cut(key)}"; did you mean "{near}"?'
    return f'unknown key "{cut(key)}"' + (f"; the keys here are {listed(allowed)}" if allowed else "")


def _no_kind(subject: str, item: Found) -> str:
    """The words for a map whose kind is one of its keys, and none of them is there."""
    if not isinstance(item.input, dict):
        return f"{subject} must be a map of keys and values, not {_shown(item.input)}"
    return f"{subject} needs one of the keys {listed(item.allowed)}"


def _length(subject: str, item: Found) -> str:
    least, most = item.context.get("min_length"), item.context.get("max_length")
    count = item.context.get("actual_length")
    if count is None and isinstance(item.input, Sized):  # pydantic stops counting a long map
        count = len(item.input)
    bound = f"at least {least}" if item.type == "too_short" else f"at most {most}"
    number = least if item.type == "too_short" else most
    have = "none" if count == 0 else count
    return f"{subject} must have {bound} {'entry' if number == 1 else 'entries'}; there are {have}"


def _hint(wanted: str, value: Any) -> str:
    """How to mend a value that YAML reads as another kind than was meant."""
    if "a text" in wanted and isinstance(value, bool | int | float):
        return f'; put it in quotes: "{_as_written(value)}"'
    if "number" in wanted and isinstance(value, str):
        if re.fullmatch(r"[-+]?\d+,\d+", value):
            return f"; did you mean {value.replace(',', '.')}?"
        if re.fullmatch(r"[-+]?\d+(\.\d+)?", value):
            return "; remove the quotes"
    return ""


def _near(item: Found) -> str:
    near = closest(item.input, item.allowed) if isinstance(item.input, str) else None
    return "" if near is None else f'; did you mean "{near}"?'


def _subject(path: KeyPath) -> str:
    """What a message is about: ``points``, ``item 3 of sections``, or ``the file``."""
    match path:
        case (*_, str() as key, int() as position):
            return f"item {position + 1} of {cut(key)}"
        case (*_, int() as position):
            return f"item {position + 1}"
        case (*_, key):
            return cut(str(key))
    return "the file"


def _shown(value: Any) -> str:
    match value:
        case None:
            return "nothing (no value is written)"
        case bool():
            return _as_written(value)
        case int() | float():
            return f"the number {_as_written(value)}"
        case str():
            return f'"{cut(value)}"' if value else "an empty text"
        case list():
            return "a list"
    return "a map"


def _as_written(value: bool | int | float) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.text if isinstance(value, WrittenFloat) else str(value)


def _one_of(words: Sequence[str]) -> str:
    return f"one of {listed(words)}" if len(words) > 1 else listed(words)


def either(words: Sequence[str]) -> str:
    """The words as alternatives: ``a, b or c``."""
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def cut(text: str) -> str:
    """The text on one line, shortened if it is long."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59] + "…"
