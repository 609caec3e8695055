"""What a report shows of a question's options, found again among them, and turned into what a student types on a worksheet."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from quizgen.folding import bare, shortened
from quizgen.items import EnterNumber, EnterText, Option, StateDistribution
from quizgen.lms.base import Options, Question, laid_out, markup, plain_words
from quizgen.lms.looks import alike, shown_as
from quizgen.rendering.controls import Control
from quizgen.rendering.program import Spot

_TAG = re.compile(r"</?[A-Za-z][^>]*>|<!--.*?-->", re.DOTALL)
_MATHML, _LATEX = Options(), Options(math="latex")
_GAP = "?"
_MOST_WAYS = 50

T = TypeVar("T", bound=Hashable)


class UnclearError(Exception):
    """A cell that cannot be turned into a response surely, with the reason."""


def without_tags(cell: str) -> str:
    """What a reader sees of markup."""
    return html.unescape(_TAG.sub("", cell)) if "<" in cell or "&" in cell else cell


@dataclass(frozen=True, slots=True)
class Offer:
    """Options by the forms in which a report may show their texts; a form that two have is none of theirs.

    ``exact`` has the texts as they are, ``forms`` without what is lost when they are copied.
    """

    labels: tuple[str, ...]
    forms: Mapping[str, int]
    exact: Mapping[str, int]

    def place(self, cell: str) -> int:
        """The place of the option that a cell shows. `UnclearError` where it shows none, or might show several."""
        plain = without_tags(cell)
        for form in (_one_line(cell), _one_line(plain)):
            if self.exact.get(form, -1) >= 0:
                return self.exact[form]
        for form in (bare(cell), bare(plain)):
            if form in self.forms:
                if (place := self.forms[form]) < 0:
                    raise UnclearError(f"'{shortened(cell)}' may be several of the options")
                return place
        raise UnclearError(f"'{shortened(cell)}' is none of the options")

    def label(self, cell: str) -> str:
        """The label of the option that a cell shows."""
        return self.labels[self.place(cell)]

    def places(self, cell: str, separators: Sequence[str]) -> list[int]:
        """The places of the options that a cell lists.

        Options may hold what separates them, so a way to split is looked for in which every piece is an option, once.

        Raises:
            UnclearError: there is no such way, or there are several that name other options.
        """
        found = splits(cell, separators, self.known)
        if len(found) > 1:
            raise UnclearError(f"'{shortened(cell)}' can be split into options in several ways")
        if not found:
            raise UnclearError(f"'{shortened(cell)}' is no list of the options")
        return list(found.pop())

    def known(self, text: str) -> int | None:
        """The place of the option that a text shows, None where it shows none surely."""
        try:
            return self.place(text)
        except UnclearError:
            return None


def splits(cell: str, separators: Sequence[str], known: Callable[[str], T | None]) -> set[tuple[T, ...]]:
    """All ways to split a cell at one of the separators so that every piece, or several joined, is something known, once.

    More than a few ways are not looked for.
    """
    found: set[tuple[T, ...]] = set()
    for separator in separators:
        pieces = cell.split(separator)
        ways: list[dict[tuple[T, ...], None]] = [{(): None}, *({} for _ in pieces)]
        for end in range(1, len(pieces) + 1):
            for start in range(end):
                one = known(separator.join(pieces[start:end])) if ways[start] else None
                if one is not None:
                    ways[end] |= {(*way, one): None for way in ways[start] if one not in way}
            ways[end] = dict.fromkeys(islice(ways[end], _MOST_WAYS))
        found.update(ways[-1])
    return found


class Offers:
    """The offers of questions, made once for each. ``shows`` tell what a report may make of an option's HTML."""

    def __init__(self, *shows: Callable[[str], str]) -> None:
        self._shows = (without_tags, *shows)
        self._made: dict[tuple[str, str], Offer] = {}

    def of(self, question: Question, name: str, options: Sequence[Option]) -> Offer:
        """The offer of an answer's options, or of its lefts or rights: ``name`` tells them apart."""
        key = (question.ident, name)
        if key not in self._made:
            self._made[key] = _offer(question, options, self._shows)
        return self._made[key]


def _offer(question: Question, options: Sequence[Option], shows: Sequence[Callable[[str], str]]) -> Offer:
    forms: dict[str, int] = {}
    exact: dict[str, int] = {}
    labelled = alike(question, options)
    for place, option in enumerate(options):
        shown = {plain_words(option.text, question)}
        for written in (_MATHML, _LATEX):
            source = markup(option.text, question, written)
            shown |= {show(source) for show in shows}
        if labelled:
            shown |= {f"{option.label}. {text}" for text in shown | shown_as(option.text, question)}
        for form in {bare(text) for text in shown}:
            forms[form] = place if forms.get(form, place) == place else -1
        for form in {_one_line(text) for text in shown}:
            exact[form] = place if exact.get(form, place) == place else -1
    return Offer(tuple(option.label for option in options), forms, exact)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def in_order(labels: Sequence[str], positions: Sequence[str]) -> str:
    """An order such as ``C A B`` from the position of each label; a place that nothing has is open.

    Raises:
        UnclearError: a position is no number in reach, or given twice.
    """
    if not any(position.strip() for position in positions):
        return ""
    order = [_GAP] * len(labels)
    for label, position in zip(labels, positions, strict=True):
        if not position.strip():
            continue
        place = int(position) if re.fullmatch(r"\s*[0-9]{1,3}\s*", position) else 0
        if not 1 <= place <= len(labels) or order[place - 1] != _GAP:
            raise UnclearError(f"the positions {', '.join(positions)} are no order")
        order[place - 1] = label
    return " ".join(order)


def spread_over(question: Question, blanks: Sequence[str]) -> dict[str, str]:
    """The answers that a list of blanks holds, in the order in which the question asks for them.

    Raises:
        UnclearError: the question's answers are not so many blanks.
    """
    interactions = dict(question.made.keyed.item.interactions)
    sizes = []
    for name in _asked_in_order(question):
        match interactions[name]:
            case EnterNumber() | EnterText():
                sizes.append((name, 1))
            case StateDistribution(_, options):
                sizes.append((name, len(options)))
            case _:
                raise UnclearError("what was chosen cannot be told from what stands in the blanks")
    if sum(size for _, size in sizes) != len(blanks):
        raise UnclearError(f"the report has {len(blanks)} blanks, the question {sum(size for _, size in sizes)}")
    answers, start = {}, 0
    for name, size in sizes:
        mine, start = blanks[start : start + size], start + size
        answers[name] = "; ".join(mine) if any(blank.strip() for blank in mine) else ""
    return answers


def _asked_in_order(question: Question) -> list[str]:
    """The names of the answers as they stand on the page: those in the stem first."""
    met: list[str] = []

    def seen(control: Control, spot: Spot | None = None) -> str:
        met.append(control.answer)
        return ""

    laid_out(question, _MATHML, seen, seen)
    return list(dict.fromkeys(met))
