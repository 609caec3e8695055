"""Questions with one answer, for formats in which a question has no more: what is asked, above what the format itself shows."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import assert_never

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2 import Template as Page
from markupsafe import Markup

from quizgen.items import (
    Arrange,
    ChooseMany,
    ChooseOne,
    EnterNumber,
    EnterText,
    Interaction,
    Match,
    StateDistribution,
    WriteFreely,
)
from quizgen.lms.base import Asked, Loss, Options, Question, code_line, laid_out, markup
from quizgen.shipped import templates_folder

BLANK = "____"
"""What stands in a sentence where the answer belongs; it is given below."""


def only_answer(question: Question) -> Asked | None:
    """The question's answer, None where it has several."""
    asked = question.asked
    return asked[0] if len(asked) == 1 else None


def several_answers(question: Question, title: str) -> Iterator[Loss]:
    """The loss of a question that has several answers; none where it has one."""
    count = len(question.made.schemes)
    if count > 1:
        yield Loss("refused", f"a question of {title} has one answer, and this one has {count}")


def asked_text(question: Question, asked: Asked, options: Options, advice: str = "", rule: str | None = None) -> str:
    """The stem, what to do, how partial credit is given, what may be typed (``advice``), and the question's code.

    ``rule`` is how the system itself gives credit, where that is not the rule of the question.
    """
    interaction = asked.interaction
    stem, _ = laid_out(question, options, lambda control: "", lambda control, spot: BLANK)
    prompt = markup(interaction.prompt, question, options) if interaction.prompt else ""
    lines = [*_told(interaction, rule), *([advice] if advice else [])]
    text = _page().render(stem=Markup(stem), prompt=Markup(prompt), lines=lines, code=Markup(code_line(question)))
    return text.strip()  # all markup in it comes from flavours, which escape


def _told(interaction: Interaction, other_rule: str | None) -> Iterator[str]:
    match interaction:
        case ChooseOne() | EnterText():
            pass
        case ChooseMany(_, _, rule):
            yield "Choose all that apply."
            yield f"Marking: {other_rule or rule}"
        case EnterNumber(_, form, unit):
            asked = [f"in {unit}" if unit else "", f"with {form}" if form else ""]
            if any(asked):
                yield f"Answer {', '.join(filter(None, asked))}."
        case Arrange(_, _, rule):
            yield f"Marking: {other_rule or rule}"
        case Match(_, _, _, rule):
            yield f"Marking: {other_rule or rule}"
        case StateDistribution(_, _, form, rule):
            yield f"Give each a probability{f' ({form})' if form else ''}; together they make 1."
            yield f"Marking: {other_rule or rule}"
        case WriteFreely(_, words, rubric):
            if words:
                yield f"About {words} words."
            yield from (f"A person marks this by: {line}" for line in rubric)
        case _:
            assert_never(interaction)


@cache
def _page() -> Page:
    environment = Environment(
        loader=FileSystemLoader(templates_folder() / "single"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("stem.html.j2")
