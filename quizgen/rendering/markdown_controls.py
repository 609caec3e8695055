"""Interactions as lines of Markdown to fill in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from quizgen.items import (
    Arrange,
    ChooseMany,
    ChooseOne,
    EnterNumber,
    EnterText,
    Filled,
    Match,
    Option,
    StateDistribution,
    WriteFreely,
)
from quizgen.rendering.controls import Control
from quizgen.rendering.flavours import show
from quizgen.rendering.markdown import BLANK, escape


def block(control: Control) -> str:
    """The control on lines of its own; it names the field, by which the answer is handed in."""
    match control.interaction:
        case ChooseOne(prompt, options):
            return _asked(control, prompt, "choose one letter") + "\n\n" + _boxes(control, options)
        case ChooseMany(prompt, options, rule):
            head = _asked(control, prompt, "choose all letters that apply, or write none")
            return "\n\n".join([head, _boxes(control, options), _rule(rule)]).rstrip()
        case EnterNumber(prompt, form, unit):
            return f"{_asked(control, prompt, form)} {BLANK}{' ' + escape(unit) if unit else ''}"
        case EnterText(prompt):
            return f"{_asked(control, prompt, '')} {BLANK}"
        case Arrange(prompt, options, rule):
            head = _asked(control, prompt, "write all letters in order, such as " + _specimen(options))
            return "\n\n".join([head, _lettered(control, options), BLANK, _rule(rule)]).rstrip()
        case Match(prompt, lefts, rights, rule):
            head = _asked(control, prompt, f"write pairs, such as {_pair(lefts, rights)}")
            parts = [head, _lettered(control, lefts), "with", _lettered(control, rights), BLANK, _rule(rule)]
            return "\n\n".join(parts).rstrip()
        case StateDistribution(prompt, options, form, rule):
            head = _asked(control, prompt, f"a probability for each, together 1; {form}".rstrip("; "))
            rows = "\n".join(f"- {_show(option.text, control)}: {BLANK}" for option in options)
            return "\n\n".join([head, rows, _rule(rule)]).rstrip()
        case WriteFreely(prompt, words, rubric):
            head = _asked(control, prompt, f"about {words} words" if words else "")
            marked = ["A person marks this by:", "\n".join(f"- {escape(line, True)}" for line in rubric)] if rubric else []
            return "\n\n".join([head, *marked, BLANK])
    assert_never(control.interaction)


def inline(control: Control) -> str | None:
    """The control inside a sentence or a table's cell; None for a kind that needs lines of its own."""
    match control.interaction:
        case EnterNumber(_, form, unit):
            asked = f" ({escape(form)})" if form else ""
            return f"`{control.name}` {BLANK}{' ' + escape(unit) if unit else ''}{asked}"
        case EnterText():
            return f"`{control.name}` {BLANK}"
        case ChooseOne(_, options):
            return f"`{control.name}` (" + " / ".join(f"{escape(o.label)} {_show(o.text, control)}" for o in options) + ")"
    return None


def _show(filled: Filled, control: Control) -> str:
    return show(filled, "markdown", control.setting).replace("\n\n", " ").replace("\n", " ")


def _asked(control: Control, prompt: Filled | None, how: str) -> str:
    label = _show(prompt, control) if prompt else escape(control.title)
    bracket = f" ({escape(how)})" if how else ""
    return f"`{control.name}` {label}{bracket}:"


def _boxes(control: Control, options: Iterable[Option]) -> str:
    return "\n".join(f"- [ ] {escape(option.label)}. {_show(option.text, control)}" for option in options)


def _lettered(control: Control, options: Iterable[Option]) -> str:
    return "\n".join(f"- **{escape(option.label)}.** {_show(option.text, control)}" for option in options)


def _rule(rule: str) -> str:
    return f"Marking: {escape(rule)}" if rule else ""


def _specimen(options: tuple[Option, ...]) -> str:
    return " ".join(option.label for option in options)


def _pair(lefts: tuple[Option, ...], rights: tuple[Option, ...]) -> str:
    return " ".join(f"{left.label}-{right.label}" for left, right in zip(lefts, rights, strict=False))
