"""A student who answers in Blackboard or Brightspace what others answer on a worksheet, by what the question asks there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from quizgen.answers.labels import LETTERS
from quizgen.items import (
    Arrange,
    ChooseMany,
    ChooseOne,
    EnterNumber,
    EnterText,
    Match,
    Option,
    StateDistribution,
    WriteFreely,
    options_of,
)
from quizgen.lms.base import Asked, Question, plain_words
from quizgen.schemes import ManyOptions


def labels_in(response: str) -> list[str]:
    """The labels of ``A C``; none of ``none``."""
    return [] if response == "none" else response.split()


def joined(response: str) -> dict[str, str]:
    """The pairs of ``1-B 2-A``."""
    return dict(pair.split("-") for pair in response.split())  # type: ignore[misc] # two sides


def rule_of(asked: Asked) -> str:
    return str(getattr(asked.scheme, "rule", ""))


def decisions(asked: Asked, response: str) -> list[bool]:
    """Of each statement whether it is called right, or of each pair of items whether it stands in the letters' order."""
    offered = [option.label for option in options_of(asked.interaction)]
    named = labels_in(response)
    if isinstance(asked.interaction, ChooseMany):
        return [label in named for label in offered]
    return [named.index(one) < named.index(other) for one, other in combinations(offered, 2)]


def typed(asked: Asked, response: str, *, share_by_share: bool) -> list[str]:
    """What is typed into an answer's blanks; ``share_by_share`` where each decision, pair or place has a blank of its own."""
    match asked.interaction:
        case ChooseMany():
            if share_by_share and rule_of(asked) == "every-decision-counts":
                return ["R" if right else "N" for right in decisions(asked, response)]
            return ["".join(labels_in(response)) or "none"]
        case Arrange(options=options):
            if share_by_share and rule_of(asked) == "pairs" and len(options) <= 5:
                pairs = combinations(LETTERS[: len(options)], 2)
                ways = decisions(asked, response)
                return [one if first else other for (one, other), first in zip(pairs, ways, strict=True)]
            return response.split() if share_by_share and rule_of(asked) == "absolute-position" else ["".join(response.split())]
        case Match(lefts=lefts):
            letters = [joined(response)[left.label] for left in lefts]
            return letters if rule_of(asked) == "each-pair" else ["".join(letters)]
        case StateDistribution():
            return response.split("; ")
        case ChooseOne() | EnterNumber() | EnterText() | WriteFreely():
            return [response]


def typed_everywhere(
    question: Question, answers: Mapping[str, str], order: Sequence[str], *, share_by_share: bool
) -> list[str]:
    """What stands in all blanks of a question, whose answers stand on the page in this order."""
    by_name = {asked.name: asked for asked in question.asked}
    return [text for name in order for text in typed(by_name[name], answers[name], share_by_share=share_by_share)]


def blackboards_cell(question: Question, answers: Mapping[str, str], order: Sequence[str], separator: str, joint: str) -> str:
    """What Blackboard's download shows."""
    if len(question.asked) > 1:
        return separator.join(typed_everywhere(question, answers, order, share_by_share=False))
    (asked,) = question.asked
    response, interaction = answers[asked.name], asked.interaction

    def shown(options: Sequence[Option]) -> dict[str, str]:
        return {option.label: plain_words(option.text, question) for option in options}

    def matched(lefts: Sequence[str], rights: Sequence[str]) -> str:
        return separator.join(f"{left}{joint}{right}" for left, right in zip(lefts, rights, strict=True))

    match interaction:
        case ChooseOne(options=options):
            return shown(options)[response]
        case ChooseMany(options=options):
            if rule_of(asked) == "every-decision-counts":
                words = ["right" if right else "not right" for right in decisions(asked, response)]
                return matched(list(shown(options).values()), words)
            if isinstance(asked.scheme, ManyOptions) and any(asked.scheme.right):
                return separator.join(shown(options)[label] for label in labels_in(response)) or "<Unanswered>"
        case Arrange(options=options) if rule_of(asked) == "pairs" and len(options) <= 5:
            ways = ["in this order" if first else "the other way round" for first in decisions(asked, response)]
            return matched([f"{one}, {other}" for one, other in combinations(shown(options), 2)], ways)
        case Arrange(options=options) if rule_of(asked) != "all-or-nothing":
            return matched([f"Place {place}" for place in range(1, len(options) + 1)], response.split())
        case Match(_, lefts, rights) if rule_of(asked) == "each-pair":
            pairs = joined(response)
            return matched(list(shown(lefts).values()), [shown(rights)[pairs[left.label]] for left in lefts])
    return separator.join(typed(asked, response, share_by_share=False))
