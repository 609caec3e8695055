"""Responses as students give them on a worksheet, as they are given in Canvas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from canvas_importer import Imported

from quizgen.answers.labels import LETTERS
from quizgen.items import Arrange, ChooseMany, ChooseOne, EnterNumber, EnterText, Match, StateDistribution, WriteFreely
from quizgen.lms.base import Asked, Question


def given(question: Question, imported: Imported, answers: Mapping[str, str]) -> Any:
    """What a student does in Canvas who answers as on a worksheet (``B``; ``A C``; ``1-B 2-A``; ``C A B``; …)."""
    asked = question.asked
    if imported.kind in ("fill_in_multiple_blanks_question", "multiple_dropdowns_question"):
        menus = imported.kind == "multiple_dropdowns_question"
        found = []
        for one in asked:
            typed = answers.get(one.name, "")
            count = _gap_count(one, menus)
            found += [None] * count if not typed else list(_gaps(one, typed, menus))
        return found
    (one,) = asked
    typed = answers.get(one.name, "")
    match imported.kind:
        case "multiple_choice_question":
            return LETTERS.index(typed) if typed else None
        case "multiple_answers_question":
            return [LETTERS.index(label) for label in typed.split()] if typed != "none" else []
        case "matching_question":
            pairs = _pairs(typed)
            return [pairs.get(place) for place in range(len(imported.answers))]
    return next(_gaps(one, typed, False)) if imported.kind == "short_answer_question" else typed


def _pairs(typed: str) -> dict[int, int]:
    return {int(left) - 1: LETTERS.index(right) for left, right in re.findall(r"(\d+)-([A-Z])", typed)}


def _gap_count(asked: Asked, menus: bool) -> int:
    match asked.interaction:
        case ChooseMany(options=options) if menus:
            return len(options)
        case Arrange(options=options) if menus:
            n = len(options)
            return n * (n - 1) // 2 if asked.scheme.rule == "pairs" and n <= 5 else n  # type: ignore[union-attr]
        case Match(lefts=lefts) if asked.scheme.rule == "each-pair":  # type: ignore[union-attr]
            return len(lefts)
        case StateDistribution(options=options):
            return len(options)
    return 1


def _gaps(asked: Asked, typed: str, menus: bool) -> Iterator[Any]:
    """What stands in the gaps of one answer."""
    match asked.interaction:
        case ChooseOne():
            yield LETTERS.index(typed) if menus else typed
        case ChooseMany(options=options):
            ticked = set(typed.split()) - {"none"}
            if menus:
                yield from (0 if option.label in ticked else 1 for option in options)
            else:
                yield "".join(sorted(ticked)) or "none"
        case Arrange(options=options):
            order = [label for label in typed.split() if label != "?"]
            if not menus:
                yield "".join(order)
            elif _gap_count(asked, menus) == len(options) and asked.scheme.rule != "pairs":  # type: ignore[union-attr]
                labels = typed.split()
                yield from (None if label == "?" else LETTERS.index(label) for label in labels)
                yield from [None] * (len(options) - len(labels))
            else:
                for one, other in combinations([option.label for option in options], 2):
                    both = one in order and other in order
                    yield (0 if order.index(one) < order.index(other) else 1) if both else None
        case Match(lefts=lefts):
            pairs = _pairs(typed)
            letters = [LETTERS[pairs[place]] if place in pairs else "" for place in range(len(lefts))]
            if asked.scheme.rule == "all-or-nothing":  # type: ignore[union-attr]
                yield "".join(letters)
            else:
                yield from (pairs.get(place) if menus else letters[place] for place in range(len(lefts)))
        case StateDistribution():
            yield from (share.strip() for share in typed.split(";"))
        case EnterNumber() | EnterText() | WriteFreely():
            yield typed
