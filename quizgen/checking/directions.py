"""A check of orders: the keyed one goes the way that the words ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from jinja2 import nodes

from quizgen.answers.order import OrderAnswer
from quizgen.checking.base import Finding, check
from quizgen.checking.pages import shown_values, some
from quizgen.checking.solutions import numbers_of
from quizgen.checking.sweep import Sweep
from quizgen.items import AnswerKey, Arrange, KeyedItem, Number, Table
from quizgen.variants.texts import plain_text

LOOKED_AT = 60
"""So many variants' orders are read."""

_GOOD, _BAD = r"best|better|most (?:suitable|accurate|apt)", r"worst|worse|least (?:suitable|accurate|apt)"
_LEAST = "lowest|smallest|least|fewest|shortest|cheapest|minimal|minimum"
_MOST = "highest|largest|most|greatest|biggest|longest|costliest|dearest|maximal|maximum"
_EXTREME = rf"({_GOOD}|{_BAD}|{_LEAST}|{_MOST})\b"
_WAYS = (
    re.compile(rf"\b(?:from|(?:start|beginn)ing with)\s+(?:the\s+)?{_EXTREME}([^.?!;:\n]{{0,60}})", re.IGNORECASE),
    re.compile(
        rf"\b{_EXTREME}([^.?!;:,\n]{{0,60}}?)\s+(?:(?:comes|stands|goes)\s+)?(?:first|at the (?:top|front))\b", re.IGNORECASE
    ),
    re.compile(
        r"\b(?:in|of|by)\s+(ascending|increasing|rising|descending|decreasing|falling)\b([^.?!;:\n]{0,60})", re.IGNORECASE
    ),
)
_RISING = re.compile(rf"{_LEAST}|ascending|increasing|rising", re.IGNORECASE)
_BY_LOSS = re.compile(rf"({_GOOD})|{_BAD}|costliest|dearest|cheapest", re.IGNORECASE)
_OF_WHAT = re.compile(r"\b(?:order of|by)\s+([^.?!;:,\n]{1,60})", re.IGNORECASE)

_SENSES: Mapping[str, re.Pattern[str]] = {
    sense: re.compile(rf"\b(?:{words})", re.IGNORECASE)
    for sense, words in {
        "fall": r"fall|drop|fell|saving|saved",
        "rise": r"rise|rose|gain|growth|grew",
        "difference": r"differen|gap\b|gaps\b|minus\b",
        "quotient": r"factor|ratio|quotient|times\b",
        "change": r"chang|step",
        "probability": r"\w*probab|likel|chance|logp\b|log_p",
        "loss": r"loss|surpris|cross.entrop|nll\b|perplexit|cost|nats?\b|bits?\b",
    }.items()
}
"""What words measure, by their beginnings; the first that is met counts, for the difference of two losses is no loss."""

_OPPOSITE = frozenset({"loss", "probability"})
_BLAND = re.compile(r"(?:to|the|of|one|ones|and|a|an|number|value|in|order|first|last|\W)+|" + _EXTREME, re.IGNORECASE)
_BEHIND = re.compile(r"\b(?:of|that|which|on|in|for|from|after|at|under)\b")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the words ask for: whether the first of the order has the least, and of what (words, perhaps none)."""

    rising: bool
    what: str


@check("order-direction", "error")
def order_direction(sweep: Sweep) -> Iterator[Finding]:
    """The words ask for an order from the lowest to the highest, the largest first or the like, but by the numbers of the
    items, as the template shows, writes or names them, the key goes the other way. (A loss is the smaller, the larger the
    probability is.) Or label and stem ask for two orders. Put ``descending`` right, take out or add a minus under ``by``, or
    say it the other way round.
    """
    for at, answer in enumerate(sweep.template.answers):
        if not isinstance(answer, OrderAnswer):
            continue
        asked = _asked(sweep, answer)
        if len(asked) > 1 and _contradict(*asked):
            first = ("least" if one.rising else "most" for one in asked)
            said = "the label asks for the {} first, the stem for the {}".format(*first)
            yield Finding(sweep.path(answer.name, "label"), said, int(sweep.ordinals[0]))
        elif asked:
            yield from _against(sweep, answer, at, asked[0])


def _against(sweep: Sweep, answer: OrderAnswer, at: int, asked: Asked) -> Iterator[Finding]:
    """A key that goes the other way than what is asked for."""
    ways = {way * turn for head, way, own in _measures(sweep, answer, at) if (turn := turn_of(asked.what, head, own))}
    if ways == {-1 if asked.rising else 1}:
        path = sweep.path(answer.name, "items" if answer.by is None else "by")
        first = "least" if asked.rising else "most"
        said = f"the words ask for the {first} first, but the key begins with the other end"
        yield Finding(path, said, int(sweep.ordinals[0]))


def _asked(sweep: Sweep, answer: OrderAnswer) -> list[Asked]:
    """The directions that the label and the stem name, where they do."""
    label = answer.shared.prompt.text.marked if answer.shared.prompt else ""
    return [asked for text in (label, sweep.stems[0]) if (asked := _direction(text.replace("*", ""))) is not None]


def _contradict(one: Asked, other: Asked) -> bool:
    """Whether two directions cannot both be meant: the lowest loss first is the highest probability first."""
    senses = {sense_of(one.what), sense_of(other.what)} - {""}
    if senses == _OPPOSITE:
        return one.rising == other.rising
    return len(senses) < 2 and one.rising != other.rising


def _direction(text: str) -> Asked | None:
    """What a text asks for.

    >>> _direction("Order them from the lowest loss to the highest."), _direction("Rank by probability, the largest first.")
    (Asked(rising=True, what='loss to the highest'), Asked(rising=False, what='probability'))
    """
    found = next((match for pattern in _WAYS for match in reversed(list(pattern.finditer(text)))), None)
    if found is None:
        return None
    word, what = found[1], found[2].strip()
    by_loss = _BY_LOSS.fullmatch(word)
    if by_loss:
        return Asked(bool(by_loss[1]) or word.casefold() == "cheapest", "loss")
    if not sense_of(what):
        named = [said for said in _OF_WHAT.finditer(text) if sense_of(said[1])]
        nearest = [said for said in named if said.start() < found.start()][-1:] or named[:1]
        what = nearest[0][1].strip() if nearest else what
    return Asked(bool(_RISING.fullmatch(word)), what)


def sense_of(words: str) -> str:
    """What words measure, one of `_SENSES`, or nothing that is known; what stands before an “of” counts before the rest."""
    for part in (_BEHIND.split(words, maxsplit=1)[0], words):
        found = [sense for sense, pattern in _SENSES.items() if pattern.search(part)]
        if found:
            return "" if set(found) >= _OPPOSITE else found[0]
    return ""


def turn_of(what: str, head: str, own: bool) -> int:
    """Whether numbers of a head rise with what is asked for (1), fall with it (-1), or cannot be compared (0).

    ``own`` tells numbers that belong to the order itself, and so are meant where nothing is named.
    """
    wanted, sense = sense_of(what), sense_of(head)
    if wanted:
        return 1 if sense == wanted else -1 if {wanted, sense} == _OPPOSITE else 0
    content = [word[:4] for word in re.findall(r"[^\W\d_]+", _BLAND.sub(" ", what).casefold())]
    if not content:
        return int(own)
    return int(any(word.startswith(tuple(content)) for word in re.findall(r"[^\W\d_]+", head.casefold())))


def _measures(sweep: Sweep, answer: OrderAnswer, at: int) -> Iterator[tuple[str, int, bool]]:
    """Numbers that belong to the items: what they are called, whether they rise (1) or fall (-1) along the key in every
    variant, and whether they belong to the order itself.
    """
    if answer.by is not None:
        node = answer.by.node
        minus = isinstance(node, nodes.Neg)
        way = -1 if minus != answer.descending else 1
        name = answer.by.source.strip().lstrip("-").replace("_", " ")
        yield name, way, True
        if not sense_of(name):
            yield _explained(sweep, answer.by.source.strip().lstrip("-")), way, False
    found: dict[tuple[str, bool], list[int]] = {}
    looked_at = [sweep.keyed[place] for place in some(sweep, LOOKED_AT)]
    for keyed in looked_at:
        for head, own, numbers in _numbers(keyed, at):
            found.setdefault((head, own), []).append(_way(numbers))
    for (head, own), ways in found.items():
        if len(ways) == len(looked_at) and len(set(ways)) == 1 and ways[0]:
            yield head, ways[0], own


def _explained(sweep: Sweep, name: str) -> str:
    """What a name is, where a let computes a loss as such, or a draw is a probability."""
    let = next((let.expression.source for let in sweep.template.program.lets if let.name == name), "")
    return let if not re.search(r" - |/|\bif\b", let) else ""


def _numbers(keyed: KeyedItem, at: int) -> Iterator[tuple[str, bool, list[float]]]:
    """Numbers of the items of a variant in the order of the key: those of a table's column, and those in the items' texts."""
    items = _in_order(keyed.item.interactions[at][1], keyed.keys[at])
    for filled in (keyed.item.stem, keyed.solution):
        for table in shown_values(filled) if filled is not None else ():
            if not isinstance(table, Table):
                continue
            for rows in table.columns:
                place = {cell: i for i, cell in enumerate(rows)}
                if not all(item in place for item in items):
                    continue
                for head, cells in zip(table.heads, table.columns, strict=True):
                    if all(isinstance(cell, Number) for cell in cells):
                        yield head, False, [float(str(cells[place[item]]).rstrip("%")) for item in items]
    written = [numbers_of(item) for item in items]
    if all(len(numbers) == 1 for numbers in written):
        yield " ".join(re.findall(r"[^\W\d_]+", items[0])), True, [float(numbers[0]) for numbers in written]


def _in_order(interaction: object, key: AnswerKey) -> list[str]:
    assert isinstance(interaction, Arrange)
    texts = {option.label: plain_text(option.text) for option in interaction.options}
    return [texts[label] for label in plain_text(key.shown).split()]


def _way(numbers: Sequence[float]) -> int:
    """1 where numbers rise, -1 where they fall, 0 where they do both or neither; rounded ones may be equal."""
    rises, falls = (any(a < b for a, b in pairwise(numbers)), any(a > b for a, b in pairwise(numbers)))
    return int(rises) - int(falls)
