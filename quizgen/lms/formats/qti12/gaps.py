"""Answers as gaps to fill in: menus to choose from, and texts to type."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import combinations

from quizgen.answers.labels import LETTERS
from quizgen.answers.multiple import CREDIT as MULTIPLE
from quizgen.answers.order import CREDIT as ORDER
from quizgen.folding import worded
from quizgen.items import (
    Arrange,
    ChooseMany,
    ChooseOne,
    EnterNumber,
    Match,
    Option,
    StateDistribution,
    options_of,
    plain,
)
from quizgen.lms.base import Asked, Question, plain_words
from quizgen.lms.formats.qti12.spellings import (
    MOST_ANYHOW,
    decimals_of,
    letter_spellings,
    number_spellings,
    order_spellings,
    set_spellings,
    text_spellings,
)
from quizgen.lms.formats.qti12.targets import Gap, Losses, Part, Target
from quizgen.schemes import ByPerson, ManyOptions, NumberBands, OneOption, RightOrder, RightPairs, Texts, TrueDistribution

MOST_ORDERED = 5
"""Of more items, a menu for each pair would be too many."""


DECISIONS = "Each decision counts equally; one that is left open earns nothing."
RIGHT, NOT_RIGHT = ("R", "right"), ("N", "not right")
"""What is typed of a statement."""

PAIR_CHOICES = ("in this order", "the other way round")
"""What is chosen of a pair where all pairs have the same choices."""


def full_bands(scheme: NumberBands) -> list[tuple[Fraction, Fraction]]:
    """The closed intervals that earn full points."""
    return [(band.low, band.high) for band in scheme.bands if band.verdict.fraction == 1]


def lose_numbers(asked: Asked, losses: Losses, how: str) -> None:
    scheme = asked.scheme
    assert isinstance(scheme, NumberBands)
    units = f", a unit such as {scheme.units[0][0]}" if scheme.units else ""
    losses.lose(asked, f"{how}: a percent sign, a fraction{units} or another decimal sign than the course's is not read")
    if scheme.follows:
        losses.lose(asked, f"what follows from a wrong earlier answer earns nothing in {losses.there}")
    if any(0 < band.verdict.fraction < 1 for band in scheme.bands):
        losses.differ(asked, f"a number that earns part of the points earns none in {losses.there}")


# Menus ----------------------------------------------------------------------------------------------------------------


def has_menus(asked: Asked) -> bool:
    match asked.scheme:
        case OneOption():
            return True
        case ManyOptions(rule=rule):
            return rule == "every-decision-counts"
        case RightOrder(places, rule):
            return rule == "absolute-position" or (rule == "pairs" and len(places) <= MOST_ORDERED)
        case RightPairs(rule=rule):
            return rule == "each-pair"
        case NumberBands() | Texts() | TrueDistribution() | ByPerson():
            return False


def menu_part(question: Question, asked: Asked, losses: Losses) -> Part:
    match asked.interaction, asked.scheme:
        case ChooseOne(options=options), OneOption() as scheme:
            choices = labelled(question, options)
            return Part(asked, "letter", (Gap((choices[scheme.right],), choices),))
        case Match(rights=rights, rule=rule), RightPairs(partners):
            choices = labelled(question, rights)
            return Part(asked, "lefts", tuple(Gap((choices[partner],), choices) for partner in partners), rule)
        case ChooseMany(), ManyOptions():
            return statement_menus(asked, losses.target)
    part = order_menus(asked, losses)
    assert part is not None
    return part


def labelled(question: Question, options: tuple[Option, ...]) -> tuple[str, ...]:
    """Options as the choices of a menu, which are plain words."""
    return tuple(f"{option.label}. {plain_words(option.text, question)}" for option in options)


def statement_menus(asked: Asked, target: Target) -> Part:
    scheme, interaction = asked.scheme, asked.interaction
    assert isinstance(scheme, ManyOptions)
    assert isinstance(interaction, ChooseMany)
    gaps = []
    for option, right in zip(interaction.options, scheme.right, strict=True):
        before = f"{option.label}: " if target.own_menus else ""
        choices = (f"{before}right", f"{before}not right")
        gaps.append(Gap((choices[not right],), choices))
    return Part(asked, "statements", tuple(gaps), DECISIONS)


def order_menus(asked: Asked, losses: Losses) -> Part | None:
    """A menu for each pair of items or for each place; None where letters to type mark as the rule does."""
    scheme, own = asked.scheme, losses.target.own_menus
    assert isinstance(scheme, RightOrder)
    labels = LETTERS[: len(scheme.places)]
    if scheme.rule == "all-or-nothing":
        return None
    if scheme.rule == "pairs" and len(labels) <= MOST_ORDERED:
        rank = {place: rank for rank, place in enumerate(scheme.places)}
        gaps = []
        for i, j in combinations(range(len(labels)), 2):
            one, other = labels[i], labels[j]
            choices = (f"{one} before {other}", f"{other} before {one}") if own else PAIR_CHOICES
            gaps.append(Gap((choices[rank[i] > rank[j]],), choices))
        return Part(asked, "pairs", tuple(gaps), ORDER["pairs"][1])
    if scheme.rule != "absolute-position":
        losses.differ(asked, f"{losses.there} marks each item in its right place")
    offered = [tuple(f"{place}: {label}" if own else label for label in labels) for place in range(1, len(labels) + 1)]
    by_place = tuple(Gap((choices[item],), choices) for item, choices in zip(scheme.places, offered, strict=True))
    return Part(asked, "places", by_place, ORDER["absolute-position"][1])


def prompts(part: Part) -> tuple[Option, ...]:
    """What each menu of an answer decides, for systems where a menu stands beside a text of its own; each has another label."""
    options = options_of(part.asked.interaction)
    match part.form:
        case "places":
            return tuple(Option(str(place), plain(f"Place {place}")) for place in range(1, len(part.gaps) + 1))
        case "pairs":
            pairs = (f"{one.label}, {other.label}" for one, other in combinations(options, 2))
            return tuple(Option(pair, plain(pair)) for pair in pairs)
    return options


# Texts to type --------------------------------------------------------------------------------------------------------


def typed_part(question: Question, asked: Asked, losses: Losses) -> Part:
    """The answer as gaps to type into."""
    match asked.interaction, asked.scheme:
        case EnterNumber(), NumberBands():
            return listed_number(asked, losses)
        case ChooseOne(), OneOption() as scheme:
            if any(0 < verdict.fraction < 1 for verdict in scheme.verdicts):
                losses.differ(asked, f"{losses.there} gives full points or none for an option")
            letter = LETTERS[scheme.right]
            return Part(asked, "letter", (Gap((letter, f"{letter}.", f"({letter})", f"{letter})")),))
        case ChooseMany(), ManyOptions(right, _, "every-decision-counts") if losses.target.typed:
            statements = tuple(Gap(RIGHT if is_right else NOT_RIGHT) for is_right in right)
            return Part(asked, "statements", statements, DECISIONS)
        case Arrange(), RightOrder(places, "pairs") if losses.target.typed and len(places) <= MOST_ORDERED:
            rank = {place: rank for rank, place in enumerate(places)}
            first = (i if rank[i] < rank[j] else j for i, j in combinations(range(len(places)), 2))
            return Part(asked, "pairs", tuple(Gap((LETTERS[place],)) for place in first), ORDER["pairs"][1])
        case Arrange(), RightOrder(places, "absolute-position") if losses.target.typed:
            return Part(asked, "places", tuple(Gap((LETTERS[place],)) for place in places), ORDER["absolute-position"][1])
        case ChooseMany(), ManyOptions(right, _, rule):
            part = Part(asked, "letters", (Gap(set_spellings(LETTERS[i] for i, is_right in enumerate(right) if is_right)),))
            ordered = "" if sum(right) <= MOST_ANYHOW else ", in alphabetical order"
            losses.lose(asked, f"{losses.there} reads the letters alone{ordered}, and no options' words")
            return _whole(part, rule, MULTIPLE["all-or-nothing"][1], losses)
        case Arrange(), RightOrder(places, rule):
            part = Part(asked, "letters", (Gap(order_spellings(LETTERS[i] for i in places)),))
            losses.lose(asked, f"{losses.there} reads the letters alone, and no items' words")
            return _whole(part, rule, ORDER["all-or-nothing"][1], losses)
        case Match(rule=told), RightPairs(partners, _, rule):
            if rule == "each-pair":
                return Part(asked, "lefts", tuple(Gap((LETTERS[partner],)) for partner in partners), told)
            losses.lose(asked, f"{losses.there} reads the letters alone, in the items' order, and no pairs such as 1-B")
            return Part(asked, "letters", (Gap(letter_spellings(LETTERS[partner] for partner in partners)),), told)
        case StateDistribution(), TrueDistribution(probabilities, decimals):
            losses.differ(
                asked, f"{losses.there} gives a share for each right probability, and none for one that is nearly right"
            )
            half = Fraction(1, 2 * 10**decimals)
            gaps = tuple(Gap(number_spellings([(p - half, p + half)], decimals)) for p in probabilities)
            return Part(asked, "shares", gaps, "Each right probability earns a share.")
        case _, Texts() as texts:
            return _listed_text(asked, texts, losses)
    losses.refuse(asked, f"{losses.there} cannot ask for an essay among other answers")
    return Part(asked)


def _whole(part: Part, rule: str, told: str, losses: Losses) -> Part:
    """An answer that is right as a whole or not at all."""
    if rule != "all-or-nothing":
        losses.differ(part.asked, f"{losses.there} gives no part of the points for what is partly right here")
    return replace(part, rule=told)


def listed_number(asked: Asked, losses: Losses) -> Part:
    scheme, interaction = asked.scheme, asked.interaction
    assert isinstance(scheme, NumberBands)
    assert isinstance(interaction, EnterNumber)
    decimals = decimals_of(scheme.typed)
    spellings: tuple[str, ...] = ()
    if not scheme.bands:
        losses.refuse(asked, f"{losses.there} knows no infinite number")
    elif decimals is None:
        losses.refuse(
            asked,
            f"{losses.there} compares this number with a list, and one that is typed with a power of ten is spelt in too many "
            "ways to list it",
            scheme.typed,
        )
    elif not interaction.form:
        losses.refuse(
            asked, f"{losses.there} compares this number with a list, and no rounding is asked for by which to list it"
        )
    elif not (spellings := number_spellings(full_bands(scheme), decimals)):
        losses.refuse(asked, f"{losses.there} compares this number with a list, and too many numbers are right to list them")
    else:
        lose_numbers(asked, losses, f"{losses.there} reads this number only with the digits asked for")
        if scheme.form_counts:
            losses.differ(asked, f"{losses.there} gives nothing for the right number with other digits than asked for")
    return Part(asked, "number", (Gap(spellings),))


def _listed_text(asked: Asked, scheme: Texts, losses: Losses) -> Part:
    full = [text for text, verdict in scheme.accepted if verdict.fraction == 1]
    if any(0 < verdict.fraction < 1 for _, verdict in scheme.accepted):
        losses.differ(asked, f"a text that earns part of the points earns none in {losses.there}")
    if scheme.case_sensitive:
        losses.differ(asked, f"{losses.there} takes capital and small letters for the same")
    losses.lose(asked, "spaces and punctuation marks must be typed as in an accepted text")
    spelt = (form for text in full for form in (text, worded(text, scheme.case_sensitive)))
    return Part(asked, "text", (Gap(text_spellings(spelt)),))
