"""Plain data as YAML in the layout of a template that a person writes: blocks of text, an option a line, notes in comments."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

Data: TypeAlias = "str | bool | int | float | Decimal | Sequence[Data] | Mapping[str, Data]"

WIDEST = 120
"""A map or list that fits into so many characters stands on one line."""

_PLAIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ][^:#{}\[\],`\"\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff]*")
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n", "inf", "nan"})
_NOT_PRINTED = re.compile("[\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")


def written(data: Mapping[str, Data], comments: Mapping[str, str], head: str = "") -> str:
    """The YAML of a map; ``comments`` stand before its keys, one a line, ``head`` before everything.

    An empty line stands before every key whose value takes more than one line.
    """
    lines = list(_comment(head))
    for key, value in data.items():
        entry = list(_entry(key, value, ""))
        said = list(_comment(comments.get(key, "")))
        if lines and (len(entry) > 1 or said or (len(lines) > 1 and lines[-1].startswith("  "))):
            lines.append("")
        lines.extend([*said, *entry])
    return "\n".join(lines) + "\n"


def _comment(text: str) -> Iterator[str]:
    for line in text.splitlines():
        yield f"# {_NOT_PRINTED.sub('', line)}".rstrip()


def _entry(key: str, value: Data, indent: str) -> Iterator[str]:
    """The lines of a key and its value."""
    begun = f"{indent}{_scalar(key)}:"
    if isinstance(value, str) and _is_block(value):
        yield f"{begun} |{'' if value.endswith(chr(10)) else '-'}"
        yield from (f"{indent}  {line}".rstrip() for line in value.removesuffix("\n").split("\n"))
    elif not _is_spread(value, indent, len(begun)):
        yield f"{begun} {_scalar(value, alone=True) if isinstance(value, str) else _flow(value)}"
    elif isinstance(value, Mapping):
        yield begun
        for name, inner in value.items():
            yield from _entry(name, inner, f"{indent}  ")
    else:
        yield begun
        for inner in value:  # type: ignore[union-attr] # all else is a list
            yield from _item(inner, f"{indent}  ")


def _is_spread(value: Data, indent: str, before: int) -> bool:
    """Whether a value has more lines than one: what is long, a map of the first level or with a kind, a list of maps."""
    if isinstance(value, Mapping):
        return bool(value) and (not indent or "kind" in value or before + len(_flow(value)) > WIDEST)
    if isinstance(value, list | tuple):
        return bool(value) and (isinstance(value[0], Mapping) or before + len(_flow(value)) > WIDEST)
    return False


def _item(value: Data, indent: str) -> Iterator[str]:
    """The lines of a list's item."""
    if len(flat := f"{indent}- {_flow(value)}") <= WIDEST or not isinstance(value, Mapping):
        yield flat
        return
    lines = [line for name, inner in value.items() for line in _entry(name, inner, f"{indent}  ")]
    yield f"{indent}- {lines[0][len(indent) + 2 :]}"
    yield from lines[1:]


def _is_block(text: str) -> bool:
    """Whether a text can stand as a block: it has several lines, none that a block would change."""
    lines = text.removesuffix("\n").split("\n")
    return (
        "\n" in text
        and not lines[0].startswith((" ", "\t"))
        and bool(lines[0] and lines[-1])
        and all(line == line.rstrip() and "\t" not in line and line.isprintable() for line in lines)
    )


def _flow(value: Data) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _scalar(value)


def _scalar(value: Data, *, alone: bool = False) -> str:
    """A value without parts; ``alone`` on its line a text may hold a question mark."""
    match value:
        case bool():
            return str(value).lower()
        case Decimal():
            return _number(value)
        case int():
            return str(value)
        case float():
            return _number(Decimal(repr(value)))
        case str() if (
            _PLAIN.fullmatch(value)
            and (alone or "?" not in value)
            and value.casefold() not in _WORDS
            and value[-1] not in " -'"
        ):
            return value
    return re.sub("[\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]", _escape, json.dumps(value, ensure_ascii=False))


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def _number(value: Decimal) -> str:
    """A decimal so that YAML reads it as a number: plain, or with a point before its exponent."""
    if -12 <= value.adjusted() <= 15:
        plain = format(value, "f")
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    digits, _, exponent = f"{value.normalize():e}".partition("e")
    return f"{digits if '.' in digits else digits + '.0'}e{exponent}"
