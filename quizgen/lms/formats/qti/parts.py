"""How each answer is marked there: its declared responses, and the rules that set what it earns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import assert_never

from quizgen.items import Arrange, ChooseMany, ChooseOne, Filled, Interaction, Match, Option
from quizgen.lms.base import Asked, Question
from quizgen.lms.formats.qti.distributions import distribution_cases, right_shares
from quizgen.lms.formats.qti.expressions import (
    Case,
    assign,
    base,
    cases,
    decimal,
    either,
    is_correct,
    label,
    number,
    op,
    response,
    variable,
    within,
)
from quizgen.lms.formats.qti.many import NONE, answered, many_points, mapping
from quizgen.lms.formats.qti.orders import order_rules
from quizgen.lms.formats.qti.tree import Element, element
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

ALL_OR_NOTHING = "all-or-nothing"

_ONE = frozenset({0, 1})


@dataclass(frozen=True, slots=True)
class Part:
    """What one answer needs. Its rules set the outcome ``earned`` to a number of ``points``, all of which are full marks.

    ``reached`` are the numbers that can be earned; None where any number can, or a person gives it.
    """

    earned: str
    responses: tuple[Element, ...]
    outcomes: tuple[Element, ...]
    rules: tuple[Element, ...]
    points: int
    reached: frozenset[int] | None
    told: tuple[tuple[str, Filled], ...] = ()
    feedback: str = ""
    by_person: bool = False


@dataclass(slots=True)
class Telling:
    """Collects what is said to a student by an outcome that names the one text to be shown."""

    question: Question
    outcome: str
    texts: dict[Filled, str] = field(default_factory=dict)

    def of(self, verdict: Verdict) -> tuple[Element, ...]:
        """The rule by which what there is to say of a verdict is shown; none where there is nothing."""
        return self.saying(self.question.told(verdict))

    def saying(self, text: Filled | None) -> tuple[Element, ...]:
        """The rule by which a text is shown."""
        if text is None:
            return ()
        name = self.texts.setdefault(text, f"M{len(self.texts) + 1}")
        return (assign(self.outcome, label(name)),)


def is_standard(scheme: Scheme) -> bool:
    """Whether only the declared correct response earns anything, as in the standard's own processing."""
    match scheme:
        case OneOption():
            return True
        case ManyOptions() | RightOrder() | RightPairs():
            return scheme.rule == ALL_OR_NOTHING
    return False


def response_name(place: int, several: bool) -> str:
    """The name of an answer's response: ``RESPONSE``, or with its number (from 1) where a question has several answers."""
    return f"RESPONSE_{place}" if several else "RESPONSE"


def share_name(response: str, share: int) -> str:
    """The name of the response for one probability, counted from 1."""
    return f"{response}_P{share}"


def left_name(option: Option) -> str:
    """The identifier of a left item. They are equally long: players take one that begins like another for it."""
    return f"L{int(option.label):02}"


def part_of(asked: Asked, question: Question, place: int, several: bool) -> Part:
    """All that one answer needs."""
    name = response_name(place, several)
    suffix = f"_{place}" if several else ""
    telling = Telling(question, f"FEEDBACK{suffix}")
    # Where there is nothing to count, the rules of an only answer set the score itself.
    counts = _steps(asked.scheme) != 1 and not isinstance(asked.scheme, TrueDistribution | ByPerson)
    earned = f"POINTS{suffix}" if several or counts else "SCORE"
    maker = _Maker(asked.interaction, name, earned, suffix, telling)
    return maker.part(asked.scheme)


def _steps(scheme: Scheme) -> int:
    """In how many equal steps a scheme that knows single verdicts gives points; 0 for what counts or computes them."""
    match scheme:
        case OneOption():
            return 1
        case NumberBands(bands=bands):
            return _common(band.verdict for band in bands)
        case Texts(accepted=accepted):
            return _common(verdict for _, verdict in accepted)
        case ManyOptions() | RightOrder() | RightPairs():
            return 1 if scheme.rule == ALL_OR_NOTHING else 0
        case TrueDistribution() | ByPerson():
            return 0
    assert_never(scheme)


def _common(verdicts: Iterable[Verdict]) -> int:
    return lcm(*(Fraction(repr(verdict.fraction)).denominator for verdict in verdicts))


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the part of one answer."""

    interaction: Interaction
    name: str
    earned: str
    suffix: str
    telling: Telling

    def part(self, scheme: Scheme) -> Part:
        steps = _steps(scheme)
        match self.interaction, scheme:
            case ChooseOne(options=options), OneOption():
                declared = [response(self.name, "single", "identifier", [options[scheme.right].label])]
                return self._made(declared, [cases(*self._one(options, scheme))], 1, _ONE)
            case _, NumberBands(typed=typed, bands=bands):
                declared = [response(self.name, "single", "float", [typed])]
                branches = [
                    (within(variable(self.name), band.low, band.high), self._earn(band.verdict, steps)) for band in bands
                ]
                reached = {0, *(_points(band.verdict, steps) for band in bands)}
                return self._made(declared, [self._if_answered(branches)], steps, reached)
            case _, Texts(accepted=accepted, case_sensitive=strict):
                declared = [response(self.name, "single", "string", [accepted[0][0]])]
                branches = [
                    (op("stringMatch", variable(self.name), base("string", text), caseSensitive=strict),
                     self._earn(verdict, steps))
                    for text, verdict in accepted
                ]  # fmt: skip
                reached = {0, *(_points(verdict, steps) for _, verdict in accepted)}
                return self._made(declared, [self._if_answered(branches)], steps, reached)
            case ChooseMany(options=options), ManyOptions():
                return self._many(options, scheme)
            case Arrange(options=options), RightOrder():
                return self._order(options, scheme)
            case Match(lefts=lefts, rights=rights), RightPairs():
                return self._pairs(lefts, rights, scheme)
            case _, TrueDistribution():
                return self._distribution(scheme)
            case _, ByPerson():
                return self._made([response(self.name, "single", "string", [])], [], 1, None, by_person=True)
        raise TypeError(f"{type(self.interaction).__name__} is not marked by {type(scheme).__name__}")

    def _made(
        self,
        responses: Iterable[Element],
        rules: Iterable[Element],
        points: int,
        reached: Iterable[int] | None,
        outcomes: Iterable[Element] = (),
        by_person: bool = False,
    ) -> Part:
        told = tuple((name, text) for text, name in self.telling.texts.items())
        return Part(
            self.earned,
            tuple(responses),
            tuple(outcomes),
            tuple(rules),
            points,
            None if reached is None else frozenset(reached),
            told,
            self.telling.outcome if told else "",
            by_person,
        )

    def _earn(self, verdict: Verdict, steps: int) -> tuple[Element, ...]:
        """The rules that give what a verdict earns and tell what there is to say."""
        earned = _points(verdict, steps)
        given = (assign(self.earned, number(earned)),) if earned else ()
        return (*given, *self.telling.of(verdict))

    def _if_answered(self, branches: Iterable[Case]) -> Element:
        """The branches where something is typed: nothing is neither 0 nor a text to some players."""
        return cases((op("isNull", variable(self.name)), ()), *branches)

    def _one(self, options: tuple[Option, ...], scheme: OneOption) -> Iterator[Case]:
        right = scheme.verdicts[scheme.right]
        yield is_correct(self.name), self._earn(right, 1)
        for option, verdict in zip(options, scheme.verdicts, strict=True):
            if verdict.fraction != 1 and (rules := self.telling.of(verdict)):
                yield op("match", variable(self.name), label(option.label)), rules

    def _many(self, options: tuple[Option, ...], scheme: ManyOptions) -> Part:
        labels = [option.label for option in options]
        right = [name for name, good in zip(labels, scheme.right, strict=True) if good] or [NONE]
        wrongly = self._wrong_decisions(labels, scheme)
        reached: frozenset[int] | None
        maps: list[Element]
        if scheme.rule == ALL_OR_NOTHING:
            rules = [cases((is_correct(self.name), (assign(self.earned, number(1)),)))]
            points, reached, maps = 1, _ONE, []
        else:
            made = many_points(scheme, self.name, self.earned)
            maps = [mapping(made.values, labels, scheme.right)]
            rules = [cases((answered(self.name), made.rules))]
            points, reached = made.points, made.reached
        if wrongly:
            rules.append(cases((answered(self.name), (cases(*wrongly),))))
        return self._made([response(self.name, "multiple", "identifier", right, *maps)], rules, points, reached)

    def _wrong_decisions(self, labels: list[str], scheme: ManyOptions) -> list[Case]:
        """What is told of the first option that is decided wrongly, of those ticked and then of those left open."""
        ticked: list[Case] = []
        missed: list[Case] = []
        for name, good, verdict in zip(labels, scheme.right, scheme.verdicts, strict=True):
            if rules := self.telling.of(verdict):
                chosen = op("member", label(name), variable(self.name))
                (missed if good else ticked).append((op("not", chosen) if good else chosen, rules))
        return [*ticked, *missed]

    def _order(self, options: tuple[Option, ...], scheme: RightOrder) -> Part:
        right = [options[place].label for place in scheme.places]
        made = order_rules(scheme.rule, right, self.name, self.earned, self.suffix)
        told: list[Case] = []
        for places, mistake in scheme.foreseen:
            if saying := self.telling.saying(self.telling.question.explained(mistake)):
                wrong = op("ordered", *(label(options[place].label) for place in places))
                told.append((op("match", variable(self.name), wrong), saying))
        rules = [*made.rules, *([cases(*told)] if told else [])]
        declared = [response(self.name, "ordered", "identifier", right)]
        return self._made(declared, rules, made.points, range(made.points + 1), made.outcomes)

    def _pairs(self, lefts: tuple[Option, ...], rights: tuple[Option, ...], scheme: RightPairs) -> Part:
        right = [f"{left_name(left)} {rights[place].label}" for left, place in zip(lefts, scheme.partners, strict=True)]
        maps = []
        if scheme.rule == ALL_OR_NOTHING:
            points = 1
            rules = [cases((is_correct(self.name), (assign(self.earned, number(1)),)))]
        else:
            points = len(lefts)
            maps = [element("mapping", *(element("mapEntry", mapKey=pair, mappedValue=1) for pair in right), defaultValue=0)]
            joined = op("not", op("isNull", variable(self.name)))  # some players cannot map nothing
            rules = [cases((joined, (assign(self.earned, op("mapResponse", identifier=self.name)),)))]
        told = list(self._wrong_pairs(lefts, rights, scheme))
        rules += [cases(*told)] if told else []
        declared = [response(self.name, "multiple", "directedPair", right, *maps)]
        return self._made(declared, rules, points, range(points + 1))

    def _wrong_pairs(self, lefts: tuple[Option, ...], rights: tuple[Option, ...], scheme: RightPairs) -> Iterator[Case]:
        for left, partner, mistake in zip(lefts, scheme.partners, scheme.mistakes, strict=True):
            if rules := self.telling.saying(self.telling.question.explained(mistake)):
                wrong = [
                    op("member", base("directedPair", f"{left_name(left)} {other.label}"), variable(self.name))
                    for place, other in enumerate(rights)
                    if place != partner
                ]
                yield either(*wrong), rules

    def _distribution(self, scheme: TrueDistribution) -> Part:
        names = [share_name(self.name, place) for place in range(1, len(scheme.probabilities) + 1)]
        right = right_shares(scheme)
        declared = [response(name, "single", "float", [decimal(share)]) for name, share in zip(names, right, strict=True)]
        branches = distribution_cases(scheme, names, self.earned, self.telling.of)
        return self._made(declared, [branches], 1, None)


def _points(verdict: Verdict, steps: int) -> int:
    return int(Fraction(repr(verdict.fraction)) * steps)
