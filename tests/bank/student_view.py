"""What a student sees of an item in plain words, and how answers that were worked out from it are typed in."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from quizgen.items import Arrange, ChooseMany, ChooseOne, EnterNumber, Item, Match, StateDistribution
from quizgen.variants.texts import plain_text

Rules: TypeAlias = Sequence[tuple[str, Callable[..., bool]]]
"""Patterns of statements, each with what decides it, called with the pattern's groups."""

Answer: TypeAlias = float | str | Sequence[float] | Sequence[str] | Mapping[str, str] | Callable[[str], bool]
"""A number, a text or an option, probabilities, texts in order, what is joined with what, or what tells true statements."""


@dataclass(frozen=True)
class Seen:
    """What a student sees of a variant: the stem, the columns of its table by head, and each answer's options."""

    stem: str
    table: Mapping[str, Sequence[str]]
    options: Mapping[str, Sequence[str]]

    def numbers(self, head: str) -> list[float]:
        """A column of the table as numbers."""
        return [float(cell) for cell in self.table[head]]

    def row(self, head: str, word: str) -> int:
        """The row in which a column has a word."""
        return list(self.table[head]).index(word)

    def find(self, pattern: str) -> tuple[str, ...]:
        """The groups of a pattern in the stem."""
        found = re.search(pattern, self.stem)
        assert found, f"no {pattern!r} in {self.stem!r}"
        return found.groups()

    def number(self, pattern: str) -> float:
        """The one group of a pattern, as a number."""
        (text,) = self.find(pattern)
        return float(text)


def seen(item: Item) -> Seen:
    """What is displayed of an item."""
    stem = plain_text(item.stem)
    lines = [line.split("|") for line in stem.splitlines() if "|" in line and "$" not in line]
    table = {head: [line[i] for line in lines[1:]] for i, head in enumerate(lines[0])} if lines else {}
    options = {
        name: [plain_text(option.text) for kind in ("options", "lefts") for option in getattr(interaction, kind, ())]
        for name, interaction in item.interactions
    }
    return Seen(" ".join(stem.split()), table, options)


def nats(q: float) -> float:
    """The loss of what got probability q."""
    return -math.log(q) if q else math.inf


def cross(p: Sequence[float], q: Sequence[float]) -> float:
    """Cross-entropy in nats."""
    return sum(a * nats(b) for a, b in zip(p, q, strict=True) if a)


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def about(claim: str, value: float) -> bool:
    """Whether a claimed number is the value rounded; what is neither that nor clearly another number is an error."""
    half = 0.5 * 10.0 ** -len(claim.partition(".")[2])
    off = abs(float(claim) - value)
    assert off <= half * 1.000001 or off > 2.5 * half, f"{claim} is too near to {value}"
    return off <= half * 1.000001


def judged(rules: Rules) -> Callable[[str], bool]:
    """Tells whether a statement is true, by the first rule that it fits as a whole."""

    def truth(statement: str) -> bool:
        for pattern, decide in rules:
            found = re.fullmatch(pattern, statement)
            if found:
                return bool(decide(*found.groups()))
        raise AssertionError(f"no rule for {statement!r}")

    return truth


def never(*groups: str) -> bool:
    """What is wrong of any numbers."""
    return False


def typed(item: Item, name: str, answer: Answer) -> str:
    """A derived answer as a student types it."""
    interaction = dict(item.interactions)[name]
    match interaction, answer:
        case EnterNumber(form=form), float() | int():
            return f"{answer:.{_digits(form)}f}"
        case StateDistribution(form=form), list():
            return "; ".join(f"{x:.{_digits(form)}f}" for x in answer)
        case ChooseOne() | ChooseMany(), _:
            truth = answer if callable(answer) else answer.__eq__
            right = [option.label for option in interaction.options if truth(plain_text(option.text)) is True]
            assert len(right) == 1 or (isinstance(interaction, ChooseMany) and right)
            return " ".join(right)
        case Arrange(options=options), list():
            labels = {plain_text(option.text): option.label for option in options}
            assert len(labels) == len(answer)
            return " ".join(labels[str(text)] for text in answer)
        case Match(lefts=lefts, rights=rights), Mapping():
            labels = {plain_text(option.text): option.label for option in rights}
            return " ".join(f"{left.label}-{labels[answer[plain_text(left.text)]]}" for left in lefts)
    assert isinstance(answer, str)
    return answer


def _digits(form: str) -> int:
    found = re.search(r"(\d+) decimal", form)
    return int(found[1]) if found else 0
