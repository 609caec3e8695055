"""Checks of what a student earns who understands nothing: by a blind strategy, or by where the key stands."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from quizgen.answers import Answer
from quizgen.answers.choice import ChoiceAnswer
from quizgen.answers.match import MatchAnswer
from quizgen.answers.multiple import MultipleAnswer
from quizgen.answers.numeric import NumericAnswer
from quizgen.answers.order import OrderAnswer
from quizgen.answers.text import TextAnswer
from quizgen.checking.base import Figure, Finding, check
from quizgen.checking.blind import (
    IN_STEM,
    Floats,
    Ints,
    Play,
    Plays,
    choice_plays,
    frequent_keys,
    match_plays,
    multiple_plays,
    numeric_plays,
    order_plays,
    text_plays,
)
from quizgen.checking.capacity import capacity_of_sweep
from quizgen.checking.chances import normal_tail, uneven
from quizgen.checking.cues import number_ends, occurrences
from quizgen.checking.looks import live_labels, seen_in
from quizgen.checking.sweep import Part, Sweep
from quizgen.variants.texts import plain_text

PLAYED = 2000
"""So many variants are played: the score is then known to a percentage point."""

SURE = 0.001
"""A strategy is named where chance alone would do so well less often than this, all strategies taken together."""

MORE_POINTS = 0.03
"""And where it beats chance by so many points: less is of no use to anybody."""

ENOUGH = 30
"""And where it can be told from chance in so many variants: of fewer the tail of a normal distribution says too little."""

OPEN = 1 / 4
"""A number or text that is typed blindly should be right less often than one of four options."""

LAZY, LAZIER = 0.55, 0.05
"""Ticking everything or nothing may earn half, where every option counts, but not more, nor so much more than chance."""

UNEVEN = 1e-4

LOOKED_AT = 50
"""So many variants of each case are looked at to see whether options are numbers in rising order."""

_ONE_NUMBER = re.compile(r"\D*?([-−]?\d[\d,]*(?:\.\d+)?)\D*")

_TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Score:
    """What a strategy earns on the average of the variants, what chance would, and how probable so much is by chance.

    ``telling`` is in how many of the variants it can earn more or less than chance. Of ``truth`` see `Play`.
    """

    strategy: str
    earned: float
    chance: float
    p_value: float
    bland: bool
    truth: bool
    variants: int
    telling: int
    witness: int

    @property
    def beats_chance(self) -> bool:
        """Whether it earns more than it should."""
        if self.chance == 0:
            return self.earned > OPEN + self._doubt(OPEN)
        if self.bland:
            return self.earned > max(LAZY, self.chance + LAZIER) + self._doubt(LAZY)
        return self.telling >= ENOUGH and self.p_value < SURE and self.earned > self.chance + MORE_POINTS

    def __str__(self) -> str:
        if self.truth:
            return f"{self.strategy} is true in {self.earned:.0%} of the variants where {self.chance:.0%} of all options are"
        return f"{self.strategy} earns {self.earned:.0%} where chance earns {self.chance:.0%}"

    def _doubt(self, share: float) -> float:
        """Three standard errors of a share."""
        return 3 * math.sqrt(share * (1 - share) / self.variants)


@check("guessable", "warning")
def guessable(sweep: Sweep) -> Iterator[Finding | Figure]:
    """A strategy that needs no understanding earns more than chance, beyond sampling error: always the longest option, the same
    model, what repeats most or fewest words of the question, the largest, middle or last number that options show, ticking
    everything, a number copied from the stem; or, of several options, the one that stands out so is true more often than the
    rest. Make the options alike in form, and the draws such that each is right equally often. Of a single variant nothing can
    be said.
    """
    scores = {name: found for name, found in sweep.shared(blind_scores).items() if found}
    if not scores:
        yield Figure("best blind strategy", "none: nothing here can be guessed by looks")
        return
    marked = {name: [score for score in found if not score.truth] for name, found in scores.items()}
    best = {name: max(found, key=lambda score: score.earned - score.chance) for name, found in marked.items()}
    name, top = max(best.items(), key=lambda pair: pair[1].earned - pair[1].chance)
    where = "" if sweep.template.single else f" (answer {name})"
    yield Figure("best blind strategy", f"{top.strategy}{where}: {top.earned:.0%} of the marks, by chance {top.chance:.0%}")
    if sweep.shared(capacity_of_sweep).distinct == 1:  # something always goes with one key
        return
    for name, found in scores.items():
        by_place = name in sweep.shared(uneven_places)
        winners = [
            score
            for score in found
            if score.beats_chance and not (by_place and score.strategy in ("the first option", "the last option"))
        ]
        if winners:
            top = max(winners, key=lambda score: score.earned - score.chance)
            others = len(winners) - 1
            beating = "1 other strategy beats" if others == 1 else f"{others} other strategies beat"
            more = f", and {beating} chance" if others else ""
            yield Finding(
                sweep.path(name),
                f"{top}{more}",
                top.witness,
            )


@check("key-position", "warning")
def key_position(sweep: Sweep) -> Iterator[Finding]:
    """The key stands in some places of the list more often than in others, so that always choosing one letter pays. Let the
    options be shuffled; where numbers stand in order of size, give distractors below and above the key, more of them than are
    shown, so that each rank can be the key's. Numbers that are written out in rising order may stand so.
    """
    for name, counts in sweep.shared(uneven_places).items():
        if name in sweep.shared(_rising):
            continue
        shares = ", ".join(f"{'ABCDEFGHIJKL'[i]} {count / counts.sum():.0%}" for i, count in enumerate(counts.tolist()))
        yield Finding(sweep.path(name), f"the key's place is not uniform: {shares}")


def uneven_places(sweep: Sweep) -> dict[str, Ints]:
    """How often the key stands in each place, of the choices in which that is not uniform."""
    places: dict[str, list[Ints]] = {}
    for _, answer, keys in sweep.answers(ChoiceAnswer):
        places.setdefault(answer.name, []).append(np.bincount(keys.key, minlength=len(keys.offer.shown)))
    found = {}
    for name, counts in places.items():
        total = np.sum(counts, axis=0)
        if total.sum() >= 5 * len(total) and uneven(total) < UNEVEN:
            found[name] = total
    return found


def _rising(sweep: Sweep) -> frozenset[str]:
    """The choices whose options are numbers that stand as written, and rise in every variant that is looked at."""
    rising: dict[str, bool] = {}
    for part, answer, keys in sweep.answers(ChoiceAnswer):
        rows = range(min(len(part.block), LOOKED_AT))
        rising[answer.name] = rising.get(answer.name, answer.order == "fixed") and all(
            _rise([plain_text(keys.offer.texts[option][row]) for option in keys.offer.shown[:, row].tolist()]) for row in rows
        )
    return frozenset(name for name, rises in rising.items() if rises)


def _rise(options: Sequence[str]) -> bool:
    found = [_ONE_NUMBER.fullmatch(words) for words in options]
    numbers = [float(match[1].replace(",", "").replace("−", "-")) for match in found if match]
    return len(numbers) == len(options) and all(a < b for a, b in pairwise(numbers))


def blind_scores(sweep: Sweep) -> dict[str, list[Score]]:
    """The scores of all blind strategies by answer; none for kinds that looks do not help with."""
    found = {}
    for i, answer in enumerate(sweep.template.answers):
        players = [(part, part.prepared[i][1], rows) for part, rows in _played(sweep)]
        ordinals = np.concatenate([part.block.ordinals[rows] for part, rows in _played(sweep)])
        found[answer.name] = _scored(list(plays_of(sweep, answer, players)), ordinals)
    return found


def plays_of(sweep: Sweep, answer: Answer, players: Sequence[tuple[Part, Any, Ints]]) -> Iterator[Plays]:
    """What all strategies earn in some rows of each part."""
    if isinstance(answer, ChoiceAnswer | MultipleAnswer):
        seen = [seen_in(keys.offer, rows) for _, keys, rows in players]
        live: list[str] = []
        if isinstance(answer, ChoiceAnswer):
            live = live_labels(seen, [keys.key[rows] for _, keys, rows in players])
        for (part, keys, rows), options in zip(players, seen, strict=True):
            words = sweep.shared(_stem_words)
            stems = [words[place] for place in part.block.rows[rows].tolist()]
            if isinstance(answer, ChoiceAnswer):
                yield choice_plays(keys, rows, options, stems, live)
            else:
                yield multiple_plays(answer, keys, rows, options, stems)
    elif isinstance(answer, NumericAnswer):
        frequent = frequent_keys(answer, (keys for _, keys, _ in players))
        ends = sweep.shared(_stem_percentages if answer.unit == "%" else _stem_numbers)
        for part, keys, rows in players:
            yield numeric_plays(keys, rows, ends[:, part.block.rows[rows]], frequent)
    elif isinstance(answer, OrderAnswer):
        yield from (order_plays(answer, keys, rows) for _, keys, rows in players)
    elif isinstance(answer, MatchAnswer):
        yield from (match_plays(answer, keys, rows) for _, keys, rows in players)
    elif isinstance(answer, TextAnswer):
        typed = [[answer.key_typed(keys, row) for row in rows.tolist()] for _, keys, rows in players]
        frequent_texts = [text for text, _ in Counter(text for part in typed for text in part).most_common(3)]
        yield from (text_plays(part, frequent_texts) for part in typed)


def _played(sweep: Sweep) -> Iterator[tuple[Part, Ints]]:
    """The rows of each part that are played."""
    share = min(1.0, PLAYED / len(sweep.ordinals))
    yield from ((part, np.arange(math.ceil(share * len(part.block)))) for part in sweep.parts)


def _stem_words(sweep: Sweep) -> dict[int, Counter[str]]:
    """The words of the stems of what is played, and how often each stands there, by place in the sweep."""
    places = (place for part, rows in _played(sweep) for place in part.block.rows[rows].tolist())
    return {place: occurrences(sweep.stems[place]) for place in places}


def _stem_numbers(sweep: Sweep) -> Floats:
    """The numbers of the stems of what is played, shape (4, n) by place in the sweep."""
    return _ends(sweep, percent=False)


def _stem_percentages(sweep: Sweep) -> Floats:
    """The same, for an answer that is a percentage."""
    return _ends(sweep, percent=True)


def _ends(sweep: Sweep, *, percent: bool) -> Floats:
    found = np.full((len(IN_STEM), len(sweep.ordinals)), np.nan)
    for part, rows in _played(sweep):
        for place in part.block.rows[rows].tolist():
            found[:, place] = number_ends(sweep.stems[place], percent=percent)
    return found


def _scored(plays: Sequence[Plays], ordinals: Ints) -> list[Score]:
    """The score of each strategy over all parts.

    P-values are multiplied by the number of strategies that can tell one option from another (Bonferroni).
    """
    names = dict.fromkeys(name for part in plays for name in part)
    joined = {name: _joined([part[name] for part in plays if name in part]) for name in names}
    telling = {name: int((play.variance > _TINY).sum()) for name, play in joined.items()}
    tried = sum(count > 0 for count in telling.values())
    return [_score(name, play, telling[name], tried, ordinals) for name, play in joined.items()]


def _joined(played: Sequence[Play]) -> Play:
    earned, chance, variance = (
        np.concatenate([getattr(play, field) for play in played]) for field in ("earned", "chance", "variance")
    )
    return Play(earned, chance, variance, played[0].bland, played[0].truth)


def _score(name: str, play: Play, telling: int, tried: int, ordinals: Ints) -> Score:
    z = float((play.earned - play.chance).sum()) / math.sqrt(float(play.variance.sum())) if telling else 0.0
    return Score(
        name,
        float(play.earned.mean()),
        float(play.chance.mean()),
        min(1.0, normal_tail(z) * tried),
        play.bland,
        play.truth,
        len(play.earned),
        telling,
        int(ordinals[play.earned == play.earned.max()].min()),
    )
