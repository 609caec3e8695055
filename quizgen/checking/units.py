"""A check of the unit that the words name against that of the key, of the options and of the worked solution."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from quizgen.answers import Answer
from quizgen.answers.choice import ChoiceAnswer
from quizgen.answers.numeric import NumericAnswer
from quizgen.answers.stated import PERCENT
from quizgen.checking.base import Finding, check
from quizgen.checking.solutions import numbers_of, solutions_read
from quizgen.checking.sweep import Sweep
from quizgen.checking.verdicts import words_of
from quizgen.checking.wording import asked, asking_line
from quizgen.items import texts
from quizgen.variants.texts import plain_text

LOOKED_AT = 20
"""So many variants' solutions and options are read."""

_UNITS = {
    "nats": re.compile(r"\bnats?\b", re.IGNORECASE),
    "bits": re.compile(r"\bbits\b|(?<!\ba )\bbit\b", re.IGNORECASE),
    "bans": re.compile(r"\bbans?\b", re.IGNORECASE),
}
_BITS = re.compile(r"\blog2\(|\"bits\"|'bits'|\b2 \*\*")
_NATS = re.compile(r"\b(?:surprisal|entropy|cross_entropy|sequence_nll|masked_nll|kl_divergence|ln|log)\(")
_CONVERTS = re.compile(r"\b(?:ln|log)\(2\)|\b0\.693|\b1\.442|\bunit\b")
_IN_PERCENT = re.compile(r"\bin per ?cent\b|\bhow many per ?cent\b|\bwhat percentage\b|\bas a percentage\b", re.IGNORECASE)
_COUNTABLE = words_of("tokens words spans positions sentences examples characters bytes samples models texts labels steps")
_HEAD_ENDS = re.compile(r"\b(?:of|in|for|on|with|after|before|per|that|which|to)\b|[(,:?]")
_BEHIND = re.compile(r"[\s*$,]*(nats?|bits?|bans?)\b")


@check("unit-contradicts", "warning")
def unit_contradicts(sweep: Sweep) -> Iterator[Finding]:
    """Two places name different units for one number: the sentence that asks, the label, the answer's ``unit``, the right
    option, or the worked solution; or the key is computed with the logarithm of another unit: nats go with ln and
    ``surprisal(p)``, bits with log2 and ``base="bits"``. Or the label names what another unit counts: “Hidden tokens” in
    spans. Or a number is asked for in percent, and the key is a share of 1.
    """
    for at, answer in enumerate(sweep.template.answers):
        found = next(_between_words(sweep, at, answer), None)
        if found is None and isinstance(answer, NumericAnswer):
            found = next(
                chain(_in_the_formula(sweep, answer), _of_percent(sweep, answer), _of_another_count(sweep, answer)), None
            )
        if found is not None:
            yield found
    yield from _in_the_solution(sweep)


def named_in(words: str) -> set[str]:
    """The units of information that some words name."""
    return {unit for unit, pattern in _UNITS.items() if pattern.search(words)}


def _between_words(sweep: Sweep, at: int, answer: Answer) -> Iterator[Finding]:
    """The sentence that asks, the label, and the unit of the key or of the right option, each against those before it."""
    label = answer.shared.prompt.text.marked if answer.shared.prompt else ""
    line, by_label = named_in(asking_line(sweep, answer.name)), named_in(label)
    if line and by_label and not line & by_label:
        said = f"the label names {_or(by_label)}, but the stem asks for {_or(line)}"
        yield Finding(sweep.path(answer.name, "label"), said)
    named = by_label or line
    if isinstance(answer, NumericAnswer) and answer.unit in _UNITS:
        named = named or named_in(asked(sweep, answer.name))
        if named and answer.unit not in named:
            yield Finding(sweep.path(answer.name, "unit"), f"the words ask for {_or(named)}, the answer for {answer.unit}")
    if isinstance(answer, ChoiceAnswer) and all(option.value is not None for option in answer.pool):
        key = plain_text(sweep.keyed[0].keys[at].shown)
        if named and named_in(key) and not named & named_in(key):
            path = answer.pool[0].path if answer.pool[0].true_when is True else sweep.path(answer.name)
            yield Finding(path, f"the words ask for {_or(named)}, but the right option is “{key}”", int(sweep.ordinals[0]))


def _of_another_count(sweep: Sweep, answer: NumericAnswer) -> Iterator[Finding]:
    """A label that names what is counted, and a unit that counts something else."""
    label = answer.shared.prompt.text.marked if answer.shared.prompt else ""
    head = re.findall(r"[a-z]+", _HEAD_ENDS.split(label.removeprefix("Number of "), maxsplit=1)[0].casefold())
    unit = answer.unit.casefold()
    if head and head[-1] in _COUNTABLE and unit in _COUNTABLE and unit != head[-1]:
        yield Finding(sweep.path(answer.name, "unit"), f"the label names {head[-1]}, but the unit is {answer.unit}")


def _or(units: set[str]) -> str:
    return " or ".join(unit for unit in _UNITS if unit in units)


def _in_the_formula(sweep: Sweep, answer: NumericAnswer) -> Iterator[Finding]:
    """A key that is computed with the logarithm of another unit than its own."""
    if answer.unit not in _UNITS:
        return
    lets = {let.name: let.expression for let in sweep.template.program.lets}
    key = lets.get(answer.value.source, answer.value)
    sources = " ".join([key.source, *(lets[name].source for name in key.names if name in lets)])
    bits, nats = bool(_BITS.search(sources)), bool(_NATS.search(sources))
    if not _CONVERTS.search(sources) and bits != nats and answer.unit == ("nats" if bits else "bits"):
        other = "bits" if bits else "nats"
        yield Finding(sweep.path(answer.name, "unit"), f"'{key.source}' is in {other}, but the unit is {answer.unit}")


def _of_percent(sweep: Sweep, answer: NumericAnswer) -> Iterator[Finding]:
    """A share of 1 that is asked for in percent."""
    label = answer.shared.prompt.text.marked if answer.shared.prompt else ""
    words = f"{asking_line(sweep, answer.name)} {label}" if sweep.template.single else _words_before(sweep, answer.name) + label
    if answer.unit.casefold() in PERCENT or not _IN_PERCENT.search(words):
        return
    values = [keys.bands.value for _, one, keys in sweep.answers(NumericAnswer) if one.name == answer.name]
    if all(((value >= 0) & (value <= 1)).all() for value in values):
        yield Finding(sweep.path(answer.name, "value"), "the words ask for percent, but the key is a share of 1")


def _words_before(sweep: Sweep, name: str) -> str:
    """The sentence of the stem up to an answer's place, but not what stands before another place."""
    before, place, _ = sweep.stems[0].partition(f"[{name}]")
    return re.split(r"[.?!]\s|\]", before)[-1] if place else ""


def _in_the_solution(sweep: Sweep) -> Iterator[Finding]:
    """A solution that speaks of none of the units that the question names, or writes another one behind the key."""
    solutions = sweep.shared(solutions_read)[:LOOKED_AT]
    if not solutions:
        return
    item = sweep.keyed[0].item
    said = [sweep.stems[0], *(plain_text(text) for _, interaction in item.interactions for text in texts(interaction))]
    said += [answer.unit for answer in sweep.template.answers if isinstance(answer, NumericAnswer)]
    question, solution = named_in(" ".join(said)), named_in(solutions[0])
    if question and solution and not question & solution:
        said_of = f"the solution speaks of {_or(solution)}, but the question of {_or(question)}"
        yield Finding(("solution",), said_of, int(sweep.ordinals[0]))
        return
    for at, answer in enumerate(sweep.template.answers):
        if not isinstance(answer, NumericAnswer) or answer.unit not in _UNITS:
            continue
        behind = [_unit_behind(text, plain_text(sweep.keyed[i].keys[at].shown)) for i, text in enumerate(solutions)]
        if all(units and answer.unit not in units for units in behind):
            message = f"behind the key of '{answer.name}', which is in {answer.unit}, the solution writes {_or(behind[0])}"
            yield Finding(("solution",), message, int(sweep.ordinals[0]))


def _unit_behind(solution: str, key: str) -> set[str]:
    """The units that stand directly behind a key's number in the solution."""
    number = next(iter(numbers_of(key)), "")
    plain = solution.replace("−", "-")
    ends = [found.end() for found in re.finditer(rf"(?<![\d.]){re.escape(number)}(?![\d]|\.\d)", plain)] if number else []
    return {unit for end in ends if (found := _BEHIND.match(plain, end)) for unit in named_in(found[1])}
