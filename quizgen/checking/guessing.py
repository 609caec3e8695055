"""Checks of what a student earns who understands nothing: by a blind strategy, or by where the key stands."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
    Plays,
    choice_plays,
    frequent_keys,
    live_labels,
    match_plays,
    multiple_plays,
    numeric_plays,
    order_plays,
    shown_cues,
    text_plays,
)
from quizgen.checking.chances import normal_tail, uneven
from quizgen.checking.cues import content, number_ends
from quizgen.checking.sweep import Part, Sweep

PLAYED = 800
"""So many variants are played: the score is then known to one or two percentage points."""

SURE = 0.001
"""A strategy is named where chance alone would do so well less often than this, all strategies taken together."""

MORE_POINTS, MORE_TIMES = 0.05, 1.25
"""And where it beats chance by so many points and by this factor."""

MORE_THAN_ALLOWED = 1.05
"""And where it beats those who rule out one option at sight."""

OPEN = 1 / 3
"""A number or text that is typed blindly should be right less often than one of three options."""

LAZY = 0.55
"""Ticking everything or nothing may earn half, where every option counts, but not more."""

UNEVEN = 1e-4


@dataclass(frozen=True, slots=True)
class Score:
    """What a strategy earns on the average of the variants, what chance would, and how probable so much is by chance."""

    strategy: str
    earned: float
    chance: float
    p_value: float
    bland: bool
    allowed: float
    variants: int
    witness: int

    @property
    def beats_chance(self) -> bool:
        """Whether it earns more than it should."""
        if self.chance == 0:
            return self.earned > OPEN + self._doubt(OPEN)
        if self.bland:
            return self.earned > max(LAZY, self.chance + MORE_POINTS) + self._doubt(LAZY)
        return (
            self.earned > MORE_THAN_ALLOWED * self.allowed
            and self.p_value < SURE
            and self.earned > self.chance + MORE_POINTS
            and self.earned > MORE_TIMES * self.chance
        )

    def _doubt(self, share: float) -> float:
        """Three standard errors of a share."""
        return 3 * math.sqrt(share * (1 - share) / self.variants)


@check("guessable", "warning")
def guessable(sweep: Sweep) -> Iterator[Finding | Figure]:
    """A strategy that needs no understanding earns clearly more than chance: always the longest option, the middle number, the
    same model, what repeats the words of the question, ticking everything, a number copied from the stem. Make the options
    alike in form, and the draws such that each is right equally often.
    """
    scores = {name: found for name, found in sweep.shared(blind_scores).items() if found}
    if not scores:
        yield Figure("best blind strategy", "none: nothing here can be guessed by looks")
        return
    best = {name: max(found, key=lambda score: score.earned - score.chance) for name, found in scores.items()}
    name, top = max(best.items(), key=lambda pair: pair[1].earned - pair[1].chance)
    where = "" if sweep.template.single else f" (answer {name})"
    yield Figure("best blind strategy", f"{top.strategy}{where}: {top.earned:.0%} of the marks, by chance {top.chance:.0%}")
    for name, found in scores.items():
        by_place = name in sweep.shared(uneven_places)
        winners = [
            score
            for score in found
            if score.beats_chance and not (by_place and score.strategy in ("the first option", "the last option"))
        ]
        if winners:
            top = max(winners, key=lambda score: score.earned - score.chance)
            more = f", and {len(winners) - 1} more beat it" if len(winners) > 1 else ""
            yield Finding(
                sweep.path(name),
                f"{top.strategy} earns {top.earned:.0%} where chance earns {top.chance:.0%}{more}",
                top.witness,
            )


@check("key-position", "warning")
def key_position(sweep: Sweep) -> Iterator[Finding]:
    """The key stands in some places of the list more often than in others, so that always choosing one letter pays. Let the
    options be shuffled; where numbers stand in order of size, give distractors below and above the key, more of them than are
    shown, so that each rank can be the key's.
    """
    for name, counts in sweep.shared(uneven_places).items():
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
        seen = [shown_cues(keys.offer, rows) for _, keys, rows in players]
        live: list[str] = []
        if isinstance(answer, ChoiceAnswer):
            places = [place for _, keys, rows in players for place in keys.key[rows].tolist()]
            live = live_labels([options for part in seen for options in part], places)
        for (part, keys, rows), options in zip(players, seen, strict=True):
            words = sweep.shared(_stem_words)
            words_here = [words[place] for place in part.block.rows[rows].tolist()]
            if isinstance(answer, ChoiceAnswer):
                yield choice_plays(keys, rows, options, words_here, live)
            else:
                yield multiple_plays(answer, keys, rows, options, words_here)
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


def _stem_words(sweep: Sweep) -> dict[int, frozenset[str]]:
    """The words of the stems of what is played, by place in the sweep."""
    places = (place for part, rows in _played(sweep) for place in part.block.rows[rows].tolist())
    return {place: content(sweep.stems[place]) for place in places}


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
    """The score of each strategy over all parts; p-values are multiplied by the number of strategies (Bonferroni)."""
    names = dict.fromkeys(name for part in plays for name in part)
    scores = []
    for name in names:
        played = [part[name] for part in plays if name in part]
        earned, chance, variance = (
            np.concatenate([getattr(play, field) for play in played]) for field in ("earned", "chance", "variance")
        )
        deviation = math.sqrt(float(variance.sum()))
        z = float((earned - chance).sum()) / deviation if deviation > 1e-9 else 0.0
        p_value = min(1.0, normal_tail(z) * len(names))
        witness = int(ordinals[earned == earned.max()].min())
        allowed = np.concatenate([play.chance if play.allowed is None else play.allowed for play in played])
        scores.append(
            Score(
                name,
                float(earned.mean()),
                float(chance.mean()),
                p_value,
                played[0].bland,
                float(allowed.mean()),
                len(earned),
                witness,
            )
        )
    return scores
