"""One question as an item: declarations, body, response processing and what is told afterwards."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm

from markupsafe import Markup

from quizgen.items import Filled
from quizgen.lms.base import Options, Question
from quizgen.lms.base import markup as html
from quizgen.lms.formats.qti.body import body
from quizgen.lms.formats.qti.expressions import (
    assign,
    cases,
    label,
    number,
    op,
    outcome,
    total,
    variable,
)
from quizgen.lms.formats.qti.parts import Part, is_standard, part_of
from quizgen.lms.formats.qti.tree import Element, element, markup
from quizgen.lms.formats.qti.versions import Version

MOST_TOTALS = 64
MOST_POINTS = 999
"""Players write bigger numbers with a comma, and then read them wrongly."""

SHOWN = "SHOWN"


def item(question: Question, options: Options, version: Version) -> bytes:
    """The file of a question."""
    asked = question.asked
    parts = [part_of(one, question, place, len(asked) > 1) for place, one in enumerate(asked, 1)]
    told = [_told(part.feedback, name, text, question, options, version) for part in parts for name, text in part.told]
    solution = question.made.keyed.solution
    if solution is not None:
        told.append(_told("SOLUTION", SHOWN, solution, question, options, version))
    root = element(
        "assessmentItem",
        *(declared for part in parts for declared in part.responses),
        *_outcomes(parts, solution is not None, version),
        body(question, options, version),
        *_processing(parts, question, told, version),
        *told,
        identifier=question.ident,
        title=" ".join(question.title.split()),
        adaptive=False,
        timeDependent=False,
        **header(version.namespace, version.schema),
    )
    return document(root, version)


def header(namespace: str, schema: str) -> dict[str, str]:
    """The attributes of a root that name its namespace and schema."""
    return {
        "xmlns": namespace,
        "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
        "xsi:schemaLocation": f"{namespace} {schema}",
    }


def document(root: Element, version: Version) -> bytes:
    """A whole file."""
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + markup(root, version).encode() + b"\n"


def _outcomes(parts: list[Part], solved: bool, version: Version) -> list[Element]:
    declared = [
        outcome("SCORE", "float", "0", normalMaximum=1, **_by(parts[0], "SCORE", version)),
        outcome("MAXSCORE", "float", "1"),
    ]
    if len(parts) > 1:
        declared.append(outcome("TOTAL", "float", "0"))
    for part in parts:
        if part.earned != "SCORE":
            declared.append(outcome(part.earned, "float", "0", normalMaximum=part.points, **_by(part, part.earned, version)))
        declared += part.outcomes
        if part.told:
            declared.append(outcome(part.feedback, "identifier"))
    if solved:
        declared.append(outcome("SOLUTION", "identifier"))
    return declared


def _by(part: Part, name: str, version: Version) -> dict[str, str]:
    """That a person gives an outcome, where it is what a part earns and one does."""
    return {"externalScored": "human"} if version.names_scorer and part.by_person and part.earned == name else {}


def _told(outcome: str, name: str, text: Filled, question: Question, options: Options, version: Version) -> Element:
    inside: Markup | Element = Markup(html(text, question, options))  # the flavour escapes every value
    if text.text.inline:
        inside = element("p", inside)
    if version.kebab:
        inside = element("contentBody", inside)
    return element("modalFeedback", inside, outcomeIdentifier=outcome, identifier=name, showHide="show")


def _processing(parts: list[Part], question: Question, told: list[Element], version: Version) -> list[Element]:
    """The response processing: a standard one where that is all there is to do, none where a person does it."""
    if not told and len(parts) == 1 and is_standard(question.asked[0].scheme):
        return [element("responseProcessing", template=version.template("match_correct"))]
    rules = [rule for part in parts for rule in part.rules]
    rules += _score(parts, question)
    if question.made.keyed.solution is not None:
        rules.append(assign("SOLUTION", label(SHOWN)))
    return [element("responseProcessing", *rules)] if rules else []


def _score(parts: list[Part], question: Question) -> list[Element]:
    """The rules that make the score, from 0 to 1, of the points of all answers.

    Where few sums can be reached the score is looked up among them, since players round what they compute to three decimals.
    """
    if len(parts) == 1 and parts[0].earned == "SCORE":
        return []
    factors, full = _factors(parts, [Fraction(repr(weight)) for weight in question.made.weights])
    rules, points = [], parts[0].earned
    if len(parts) > 1:
        products = [op("product", number(factor), variable(part.earned)) for part, factor in zip(parts, factors, strict=True)]
        rules, points = [assign("TOTAL", total(products))], "TOTAL"
    reached = _reached(parts, factors)
    if reached is None or full > MOST_POINTS or len(reached) > MOST_TOTALS:
        whole = products if len(parts) > 1 else [variable(points)]
        return [assign("SCORE", op("divide", total(whole), number(full)))]
    branches = [
        (op("gte", variable(points), number(one)), (assign("SCORE", number(one / full)),))
        for one in sorted(reached - {0}, reverse=True)
    ]
    return [*rules, cases(*branches)]


def _factors(parts: list[Part], weights: list[Fraction]) -> tuple[list[int], int]:
    """By how much the points of each answer count, in whole numbers as small as can be, and what full marks then make."""
    exact = [weight / part.points for weight, part in zip(weights, parts, strict=True)]
    scale = lcm(*(factor.denominator for factor in exact))
    factors = [int(factor * scale) for factor in exact]
    common = gcd(*factors)
    factors = [factor // common for factor in factors]
    return factors, sum(factor * part.points for factor, part in zip(factors, parts, strict=True))


def _reached(parts: list[Part], factors: list[int]) -> set[int] | None:
    """Every sum that the points of all answers can make; None where there is no end of them."""
    sums = {0}
    for part, factor in zip(parts, factors, strict=True):
        if part.reached is None:
            return None
        sums = {one + factor * points for one in sums for points in part.reached}
        if len(sums) > MOST_TOTALS * 4:
            return None
    return sums
