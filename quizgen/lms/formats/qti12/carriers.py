"""What a question becomes in a dialect: the question type that marks it as quizgen does, and what is not carried.

Where there is no type that marks so, the task is asked for in another form that does: every decision about a statement as a
menu of its own, an order as a menu for each pair of its items, a whole set or order as letters to type. Several answers in
one question become gaps to fill in, and each gap has the same share.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from quizgen.answers.multiple import CREDIT as MULTIPLE
from quizgen.items import Arrange, ChooseMany, ChooseOne, EnterNumber, Match, StateDistribution
from quizgen.lms.base import Asked, Loss, Question
from quizgen.lms.formats.qti12.gaps import (
    full_bands,
    has_menus,
    listed_number,
    lose_numbers,
    menu_part,
    order_menus,
    statement_menus,
    typed_part,
)
from quizgen.lms.formats.qti12.spellings import decimals_of
from quizgen.lms.formats.qti12.targets import CANVAS, Carried, Kind, Losses, Part, Target
from quizgen.schemes import (
    ByPerson,
    ManyOptions,
    NumberBands,
    OneOption,
    RightOrder,
    RightPairs,
    Scheme,
    Texts,
    TrueDistribution,
    Verdict,
)


def carried(question: Question, target: Target = CANVAS) -> Carried:
    """What the question becomes."""
    losses = Losses(target)
    asked = question.asked
    if len(asked) == 1:
        kind, part = _alone(question, asked[0], losses)
        parts: tuple[Part, ...] = (part,)
    else:
        kind, parts = _together(question, losses)
    for part in parts:
        if kind != "multiple_choice_question" and _says_something(question, part, kind):
            losses.lose(part.asked, f"{target.name} does not show what there is to say to a mistake")
    if question.made.keyed.item.hints and question.hints and not target.hints:
        losses.append(Loss("lost", f"{target.name} has no hints"))
    return Carried(target, kind, parts, tuple(losses))


# One answer -----------------------------------------------------------------------------------------------------------


def _alone(question: Question, asked: Asked, losses: Losses) -> tuple[Kind, Part]:
    match asked.interaction, asked.scheme:
        case ChooseOne(), OneOption(verdicts):
            if any(0 < verdict.fraction < 1 for verdict in verdicts):
                losses.differ(asked, f"{losses.there} gives full points or none for an option")
            return "multiple_choice_question", Part(asked)
        case _, ByPerson():
            return "essay_question", Part(asked)
        case _ if losses.target.typed:
            return "fill_in_multiple_blanks_question", typed_part(question, asked, losses)
        case ChooseMany(), ManyOptions():
            return _many(question, asked, losses)
        case EnterNumber(), NumberBands():
            return _number_alone(asked, losses)
        case Arrange(), RightOrder():
            part = order_menus(asked, losses)
            return (
                ("multiple_dropdowns_question", part)
                if part
                else ("short_answer_question", typed_part(question, asked, losses))
            )
        case Match(rule=rule), RightPairs(rule="each-pair"):
            return "matching_question", Part(asked, rule=rule)
        case StateDistribution(), TrueDistribution():
            return "fill_in_multiple_blanks_question", typed_part(question, asked, losses)
    return "short_answer_question", typed_part(question, asked, losses)


def _many(question: Question, asked: Asked, losses: Losses) -> tuple[Kind, Part]:
    scheme = asked.scheme
    assert isinstance(scheme, ManyOptions)
    right, wrong = sum(scheme.right), len(scheme.right) - sum(scheme.right)
    if scheme.rule == "every-decision-counts":
        return "multiple_dropdowns_question", statement_menus(asked, losses.target)
    if scheme.rule == "all-or-nothing" and losses.target.costs and right:
        return "multiple_answers_question", Part(asked, rule=MULTIPLE[scheme.rule][1])
    costs = (0.0, 1 / max(right, 1), 1 / max(wrong, 1), 1 / max(wrong, 2)) if losses.target.costs else (1 / max(right, 1),)
    cost = next((cost for cost in costs if right and _same(scheme.rule, right, wrong, cost)), None)
    if cost is None and scheme.rule == "all-or-nothing":
        return "short_answer_question", typed_part(question, asked, losses)
    if right == 0:
        losses.refuse(asked, f"{losses.there} needs a right option, and here none is")
    elif cost is None:
        losses.differ(asked, f"{losses.there} takes off a right option's share for each wrong option that is ticked")
    told = MULTIPLE["percent-correct" if cost is None or not losses.target.costs else scheme.rule][1]
    return "multiple_answers_question", Part(asked, rule=told, cost=1 / max(right, 1) if cost is None else cost)


def _same(rule: str, right: int, wrong: int, cost: float) -> bool:
    """Whether a rule gives each right option ticked its share and takes off so much for each wrong one, not below 0."""
    return all(
        abs(MULTIPLE[rule][0](t, f, right, wrong) - max(t / right - f * cost, 0.0)) < 1e-12
        for t in range(right + 1)
        for f in range(wrong + 1)
    )


def _number_alone(asked: Asked, losses: Losses) -> tuple[Kind, Part]:
    """A number's own box where it keeps enough decimals; where not, a box for a text."""
    scheme = asked.scheme
    assert isinstance(scheme, NumberBands)
    if not scheme.bands:
        losses.refuse(asked, f"{losses.there} knows no infinite number")
        return "numerical_question", Part(asked)
    kept = losses.target.decimals
    if kept is not None and not _fits(scheme, kept):
        return "short_answer_question", listed_number(asked, losses)
    rounded = f", and rounds them to {kept} decimals" if kept is not None else ""
    lose_numbers(asked, losses, f"{losses.there} takes digits alone for a number{rounded}")
    if scheme.form_counts:
        losses.differ(asked, f"{losses.there} gives full points for the right number with any number of digits")
    return "numerical_question", Part(asked)


def _fits(scheme: NumberBands, kept: int) -> bool:
    """Whether a box that keeps so many decimals marks what is typed with the digits asked for."""
    bounds, decimals = full_bands(scheme), decimals_of(scheme.typed)
    smallest = Fraction(1, 10**kept)
    narrow = any(high - low < 10 * smallest for low, high in bounds)
    tiny = any(0 < abs(bound) < smallest for band in bounds for bound in band)
    return not tiny and not (narrow and (decimals is None or decimals > kept))


# Several answers ------------------------------------------------------------------------------------------------------


def _together(question: Question, losses: Losses) -> tuple[Kind, tuple[Part, ...]]:
    asked = question.asked
    menus = losses.target.own_menus and all(map(has_menus, asked))
    parts = tuple((menu_part if menus else typed_part)(question, one, losses) for one in asked)
    gaps = sum(len(part.gaps) for part in parts)
    if gaps and not losses.target.typed and any(abs(part.asked.share - len(part.gaps) / gaps) > 1e-9 for part in parts):
        losses.append(Loss("differs", f"{losses.there} gives each gap the same share of the points"))
    return ("multiple_dropdowns_question" if menus else "fill_in_multiple_blanks_question"), parts


def verdicts_of(scheme: Scheme) -> Iterator[Verdict]:
    """The verdicts on what is not right, as far as a scheme foresees it."""
    match scheme:
        case OneOption(verdicts):
            yield from (verdict for verdict in verdicts if verdict.fraction < 1)
        case ManyOptions(_, verdicts):
            yield from verdicts
        case NumberBands(bands=bands):
            yield from (band.verdict for band in bands[1:])
        case Texts(accepted):
            yield from (verdict for _, verdict in accepted if verdict.fraction < 1)
        case RightOrder(foreseen=foreseen):
            yield from (Verdict(0.0, mistake) for _, mistake in foreseen)
        case RightPairs(mistakes=mistakes):
            yield from (Verdict(0.0, mistake) for mistake in mistakes)
        case TrueDistribution(foreseen=vectors):
            yield from (verdict for _, verdict in vectors)
        case ByPerson():
            return


def _says_something(question: Question, part: Part, kind: Kind) -> bool:
    scheme = part.asked.scheme
    if kind == "multiple_answers_question" and isinstance(scheme, ManyOptions):
        missed = (verdict for verdict, right in zip(scheme.verdicts, scheme.right, strict=True) if right)
        return any(question.told(verdict) for verdict in missed)
    return any(question.told(verdict) for verdict in verdicts_of(scheme))
