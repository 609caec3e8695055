"""Interactions as HTML form controls: real labels, no script needed to read them."""

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
from quizgen.rendering.html import escape
from quizgen.rendering.program import Spot


def block(control: Control) -> str:
    """The control on lines of its own."""
    match control.interaction:
        case ChooseOne(prompt, options):
            return _group(control, "one", prompt, "Choose one.", "", _rows(control, options, "radio"))
        case ChooseMany(prompt, options, rule):
            rows = _rows(control, options, "checkbox") + _none_of_these(control)
            return _group(control, "many", prompt, "Choose all that apply.", rule, rows)
        case EnterNumber(prompt, form, unit):
            return _field(control, "number", prompt, form, unit)
        case EnterText(prompt):
            return _field(control, "text", prompt, "", "")
        case Arrange(prompt, options, rule):
            rows = "".join(_position(control, option, len(options)) for option in options)
            return _group(control, "arrange", prompt, "Give each a position; 1 comes first.", rule, rows)
        case Match(prompt, lefts, rights, rule):
            legend = '<div class="rights">' + _listed(control, rights) + "</div>\n"
            rows = "".join(_partner(control, left, rights) for left in lefts)
            return _group(control, "match", prompt, "Choose a partner for each.", rule, legend + rows)
        case StateDistribution(prompt, options, form, rule):
            rows = "".join(_probability(control, option) for option in options)
            total = '<p class="sum" data-sum hidden>Sum: <output data-total>0</output></p>\n'
            asked = f"Give each a probability{f' ({form})' if form else ''}; together they make 1."
            return _group(control, "distribution", prompt, asked, rule, rows + total)
        case WriteFreely(prompt, words, rubric):
            return _essay(control, prompt, words, rubric)
    assert_never(control.interaction)


def inline(control: Control, spot: Spot) -> str | None:
    """The control inside a sentence or a table's cell; None for a kind that needs lines of its own."""
    match control.interaction:
        case ChooseOne(prompt, options):
            choices = [_choice(option.label, f"{option.label}. {_text(option.text, control)}") for option in options]
            label = _hidden_label(control, prompt, spot)
            select = _select(control.id, control.name, "", ['<option value="">choose…</option>', *choices])
            field = f'data-field="{escape(control.name)}" data-kind="select"'
            return f'<span class="answer inline" {field}>{label}{select}</span>'
        case EnterNumber(prompt, form, unit):
            return _inline_field(control, prompt, spot, "number", form, unit)
        case EnterText(prompt):
            return _inline_field(control, prompt, spot, "text", "", "")
    return None


# Parts ----------------------------------------------------------------------------------------------------------------


def _html(filled: Filled, control: Control) -> str:
    return show(filled, "html", control.setting)


def _text(filled: Filled, control: Control) -> str:
    return show(filled, "text", control.setting)


def _spoken(filled: Filled | None, html: str, control: Control, before: str = "") -> str:
    """An attribute with the label in plain words, where browsers would leave its formulas out of the control's name."""
    if filled is None or "<math" not in html:
        return ""
    return f' aria-label="{escape(before + _text(filled, control))}"'


def _group(control: Control, kind: str, prompt: Filled | None, asked: str, rule: str, inside: str) -> str:
    """A fieldset whose legend is the prompt, described by what to do and how credit is given."""
    hints = [f'<p class="hint" id="{control.id}-how">{escape(asked)}</p>\n']
    described = f"{control.id}-how"
    if rule:
        hints.append(f'<p class="hint rule" id="{control.id}-rule">Marking: {escape(rule)}</p>\n')
        described += f" {control.id}-rule"
    legend = _html(prompt, control) if prompt else escape(control.title)
    return (
        f'<fieldset class="answer {kind}" id="{control.id}" data-field="{escape(control.name)}" data-kind="{kind}" '
        f'aria-describedby="{described}"{_spoken(prompt, legend, control)}>\n'
        f"<legend>{legend}</legend>\n{''.join(hints)}{inside}</fieldset>\n"
    )


def _rows(control: Control, options: Iterable[Option], kind: str) -> str:
    rows = []
    for option in options:
        html = _html(option.text, control)
        label = f'<span class="letter">{escape(option.label)}</span><span class="words">{html}</span>'
        rows.append(_row(control, option.label, kind, label, _spoken(option.text, html, control, f"{option.label} ")))
    return "".join(rows)


def _none_of_these(control: Control) -> str:
    words = '<span class="letter" aria-hidden="true">–</span><span class="words">None of these</span>'
    return _row(control, "none", "checkbox", words, "")


def _row(control: Control, value: str, kind: str, label: str, spoken: str) -> str:
    """An option as a clickable row; the whole row is its label."""
    ident = f"{control.id}-{escape(value)}"
    return (
        f'<label class="row" for="{ident}"><input type="{kind}" id="{ident}" name="{escape(control.name)}" '
        f'value="{escape(value)}" autocomplete="off"{spoken}>{label}</label>\n'
    )


def _field(control: Control, kind: str, prompt: Filled | None, form: str, unit: str) -> str:
    label = _html(prompt, control) if prompt else escape(control.title)
    described = _described(control, form, unit) + _spoken(prompt, label, control)
    unit_shown = f'<span class="unit" id="{control.id}-unit">{escape(unit)}</span>' if unit else ""
    hint = f'<p class="hint" id="{control.id}-form">{escape(form)}</p>\n' if form else ""
    return (
        f'<div class="answer {kind}" data-field="{escape(control.name)}" data-kind="{kind}">\n'
        f'<label for="{control.id}">{label}</label>\n<div class="line">{_input(control, kind, described)}{unit_shown}'
        f"</div>\n{hint}</div>\n"
    )


def _inline_field(control: Control, prompt: Filled | None, spot: Spot, kind: str, form: str, unit: str) -> str:
    unit_shown = f'<span class="unit" id="{control.id}-unit">{escape(unit)}</span>' if unit else ""
    hint = f'<span class="hint" id="{control.id}-form">({escape(form)})</span>' if form else ""
    field = _input(control, kind, _described(control, form, unit))
    return (
        f'<span class="answer inline {kind}" data-field="{escape(control.name)}" data-kind="{kind}">'
        f"{_hidden_label(control, prompt, spot)}{field}{unit_shown}{hint}</span>"
    )


def _input(control: Control, kind: str, described: str) -> str:
    mode = ' inputmode="decimal"' if kind == "number" else ""
    return (
        f'<input type="text" id="{control.id}" name="{escape(control.name)}"{mode} autocomplete="off" '
        f'autocapitalize="off" spellcheck="false"{described}>'
    )


def _described(control: Control, form: str, unit: str) -> str:
    ids = [f"{control.id}-{part}" for part, present in (("unit", unit), ("form", form)) if present]
    return f' aria-describedby="{" ".join(ids)}"' if ids else ""


def _hidden_label(control: Control, prompt: Filled | None, spot: Spot) -> str:
    words = _text(prompt, control) if prompt else spot.label or control.title
    return f'<label class="heard" for="{control.id}">{escape(words)}</label>'


def _select(ident: str, name: str, extra: str, choices: Iterable[str]) -> str:
    return f'<select id="{ident}" name="{escape(name)}"{extra} autocomplete="off">{"".join(choices)}</select>'


def _choice(value: str, words: str) -> str:
    return f'<option value="{escape(value)}">{escape(words)}</option>'


def _position(control: Control, option: Option, count: int) -> str:
    ident = f"{control.id}-{escape(option.label)}"
    choices = ['<option value="">–</option>', *(_choice(str(n), str(n)) for n in range(1, count + 1))]
    html = _html(option.text, control)
    extra = f' data-label="{escape(option.label)}"' + _spoken(option.text, html, control, f"Position of {option.label}: ")
    select = _select(ident, f"{control.name}:{option.label}", extra, choices)
    words = f'<span class="heard">Position of {escape(option.label)}: </span>{html}'
    letter = f'<span class="letter">{escape(option.label)}</span>'
    return f'<div class="row">{select}{letter}<label class="words" for="{ident}">{words}</label></div>\n'


def _listed(control: Control, options: Iterable[Option]) -> str:
    return "".join(
        f'<p><span class="letter">{escape(option.label)}</span> <span class="words">{_html(option.text, control)}</span></p>\n'
        for option in options
    )


def _partner(control: Control, left: Option, rights: Iterable[Option]) -> str:
    ident = f"{control.id}-{escape(left.label)}"
    choices = [_choice(right.label, f"{right.label}. {_text(right.text, control)}") for right in rights]
    html = _html(left.text, control)
    select = _select(
        ident,
        f"{control.name}:{left.label}",
        f' data-label="{escape(left.label)}"' + _spoken(left.text, html, control, f"{left.label} "),
        ['<option value="">choose…</option>', *choices],
    )
    label = f'<label for="{ident}"><span class="letter">{escape(left.label)}</span> <span class="words">{html}</span></label>'
    return f'<div class="row pair">{label}{select}</div>\n'


def _probability(control: Control, option: Option) -> str:
    ident = f"{control.id}-{escape(option.label)}"
    html = _html(option.text, control)
    return (
        f'<div class="row share"><label class="words" for="{ident}">{html}</label>'
        f'<input type="text" id="{ident}" name="{escape(control.name)}:{escape(option.label)}" inputmode="decimal" '
        f'autocomplete="off" spellcheck="false"{_spoken(option.text, html, control)}></div>\n'
    )


def _essay(control: Control, prompt: Filled | None, words: int, rubric: tuple[str, ...]) -> str:
    label = _html(prompt, control) if prompt else escape(control.title)
    criteria = "".join(f"<li>{escape(line)}</li>\n" for line in rubric)
    listed = f'<div class="rubric" id="{control.id}-rubric"><p>A person marks this by:</p><ul>\n{criteria}</ul></div>\n'
    length = f"About {words} words." if words else ""
    described = f"{control.id}-length" + (f" {control.id}-rubric" if rubric else "")
    return (
        f'<div class="answer essay" data-field="{escape(control.name)}" data-kind="essay">\n'
        f'<label for="{control.id}">{label}</label>\n{listed if rubric else ""}'
        f'<textarea id="{control.id}" name="{escape(control.name)}" rows="8" aria-describedby="{described}"'
        f"{_spoken(prompt, label, control)}>"
        "</textarea>\n"
        f'<p class="hint" id="{control.id}-length">{length} <output data-words hidden></output></p>\n</div>\n'
    )
