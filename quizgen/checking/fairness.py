"""Checks that all variants are equally hard, and that the minutes stated are enough to read them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quizgen.answers.essay import EssayAnswer
from quizgen.answers.numeric import NumericAnswer
from quizgen.checking.base import Figure, Finding, check
from quizgen.checking.sweep import Sweep
from quizgen.items import Filled, texts
from quizgen.variants.texts import plain_text
from quizgen.variants.values import spread

Floats = NDArray[np.float64]

APART = 1.6
"""A case is told from the others where it is so many times as long or as short."""

GAPS = 4.0
"""Or where its wrong numbers lie so many times nearer to the key."""

OUTLYING = 2.5
"""And a single variant, from the median of all."""

FEWEST = 10
"""Of so many variants a median says something."""

MAGNITUDES = 5.0
"""What must not move difficulty should not make the key so many times as large."""

MANY_VALUES, MOST_ENTRIES = 8, 12
"""A drawn number of so many values, or an entry of a vector of at most so many, is no mere place or name …"""

TOGETHER = 0.3
"""… and moves a key with which it is correlated, rank by rank, more than so …"""

BY_CHANCE = 4.0
"""… and by more than so many standard errors."""

WORDS_A_MINUTE = 150
"""How fast second-language readers read."""

TYPING_MINUTES = 1 / 3
"""What typing a number takes at least."""

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Feature:
    """What makes a variant harder: a number for each variant in the order of the sweep, and what counts as far.

    Two medians are far apart where they differ by ``least`` or more and by more than the factor ``ratio``.
    """

    name: str
    values: Floats
    least: float
    ratio: float = APART


@check("fairness", "warning")
def fairness(sweep: Sweep) -> Iterator[Finding | Figure]:
    """The variants of one case are much longer to read than those of the others, show many more numbers, or numbers of many
    more digits, so that who draws this case has the harder question. Make the cases alike, or make two templates of them.
    """
    features = sweep.shared(features_of)
    words = features["words"].values
    yield Figure("words to read", f"{np.median(words):.0f} ({words.min():.0f} to {words.max():.0f})")
    blocks = sweep.variants.blocks
    if len(blocks) < 3:
        return
    for feature in features.values():
        medians = np.array([np.median(feature.values[block.rows]) for block in blocks])
        middle = float(np.median(medians))
        for block, median in zip(blocks, medians.tolist(), strict=True):
            if len(block) >= FEWEST and _far(median, middle, feature.least, feature.ratio):
                yield Finding(
                    ("cases", block.case),
                    f"the variants of this case have {median:.3g} {feature.name}, those of the other cases {middle:.3g}",
                    int(block.ordinals.min()),
                )
                break


@check("uneven-variants", "note")
def uneven_variants(sweep: Sweep) -> Iterator[Finding]:
    """Some variants are far longer to read than most, or show far more numbers. Look whether they are harder too, and exclude
    them by a condition if they are.
    """
    for feature in sweep.shared(features_of).values():
        if feature.ratio == GAPS:  # a gap varies from draw to draw by its nature
            continue
        middle = float(np.median(feature.values))
        far = np.array([_far(value, middle, feature.least, OUTLYING) for value in feature.values.tolist()])
        if far.any():
            place = int(np.argmax(np.where(far, np.abs(feature.values - middle), -1)))
            yield Finding(
                ("stem",),
                f"{far.mean():.1%} of the variants lie far from the median of {middle:.3g} {feature.name}; "
                f"the furthest has {feature.values[place]:.3g}",
                int(sweep.ordinals[place]),
            )


@check("incidental", "note")
def incidental(sweep: Sweep) -> Iterator[Finding]:
    """What is declared incidental must not make a variant harder, but by its value the key, the words to read or the numbers
    shown differ strongly; or it is a number of many values with which a numeric key rises or falls. Take it out of
    ``incidental``, or make its values alike.
    """
    features = dict(sweep.shared(features_of))
    magnitudes = sweep.shared(_magnitudes)
    features.update(magnitudes)
    for i, name in enumerate(sweep.template.incidental):
        moved = next((key.name for key in magnitudes.values() if _moves(sweep, name, key.values)), "")
        if moved:
            yield Finding(("incidental", i), f"with '{name}' {moved} rises or falls")
            continue
        groups = _by_value(sweep, name)
        if not 2 <= len(groups) <= 24:
            continue
        for feature in features.values():
            if name == "case" and feature.least:  # the check of fairness tells it
                continue
            medians = {
                value: float(np.nanmedian(feature.values[rows])) for value, rows in groups.items() if len(rows) >= FEWEST
            }
            if len(medians) < 2:
                continue
            low, high = min(medians, key=medians.__getitem__), max(medians, key=medians.__getitem__)
            if _far(medians[high], medians[low], feature.least, feature.ratio):
                yield Finding(
                    ("incidental", i),
                    f"with '{name}' {high} there are {medians[high]:.3g} {feature.name}, with {low} {medians[low]:.3g}"
                    if feature.least
                    else f"with '{name}' {high} {feature.name} is {medians[high]:.3g}, with {low} {medians[low]:.3g}",
                )
                break


@check("minutes", "warning")
def minutes(sweep: Sweep) -> Iterator[Finding | Figure]:
    """The minutes stated are fewer than a second-language reader (150 words a minute) needs to read the question and type the
    numbers, or many times more than the work can take. Correct ``minutes``, from which the time of a quiz is summed.
    """
    template = sweep.template
    words = float(np.median(sweep.shared(features_of)["words"].values))
    typing = TYPING_MINUTES * sum(isinstance(answer, NumericAnswer) for answer in template.answers)
    writing = sum(answer.length / 10 for answer in template.answers if isinstance(answer, EssayAnswer))
    least = words / WORDS_A_MINUTE + typing
    yield Figure("minutes to read and type", f"{least:.1f} of {template.minutes:g}")
    if template.minutes < least:
        yield Finding(
            ("minutes",),
            f"{template.minutes:g} minutes are stated, but reading {words:.0f} words and typing alone take {least:.1f}",
        )
    most = 5 + 5 * len(template.answers) + 5 * least + 3 * writing
    if template.minutes > most:
        yield Finding(
            ("minutes",), f"{template.minutes:g} minutes are stated; even {most:.0f} would be much for such a question"
        )


def features_of(sweep: Sweep) -> Mapping[str, Feature]:
    """What makes variants of a sweep harder, by a short name."""
    interactions = [keyed.item.interactions for keyed in sweep.keyed]
    words: dict[int, int] = {}  # by identity: what shows no values is one text for all variants

    def words_of(text: Filled) -> int:
        if id(text) not in words:
            words[id(text)] = _words(plain_text(text))
        return words[id(text)]

    asked = np.array([sum(words_of(text) for _, one in pairs for text in texts(one)) for pairs in interactions])
    shown = [_NUMBER.findall(stem) for stem in sweep.stems]
    count = np.array([len(numbers) for numbers in shown], dtype=np.float64)
    digits = np.array([sum(map(len, numbers)) for numbers in shown], dtype=np.float64)
    found = {
        "words": Feature("words to read", np.array([_words(stem) for stem in sweep.stems]) + asked.astype(np.float64), 20),
        "numbers": Feature("numbers in the stem", count, 5),
        "digits": Feature("characters in a number of the stem", digits / np.maximum(count, 1), 1.5),
    }
    found.update({f"gap of {name}": gap for name, gap in _gaps(sweep)})
    return found


def _gaps(sweep: Sweep) -> Iterator[tuple[str, Feature]]:
    """How far the nearest foreseen mistake lies from each numeric key, as a share of the key."""
    found: dict[str, Floats] = {}
    for part, answer, keys in sweep.answers(NumericAnswer):
        if answer.foreseen:
            value = keys.bands.value
            with np.errstate(all="ignore"):
                gap = np.where(keys.apart, np.abs(keys.mistakes - value) / np.abs(value), np.inf).min(axis=0)
            found.setdefault(answer.name, np.zeros(len(sweep.ordinals)))[part.block.rows] = gap
    for name, gap in found.items():
        if np.isfinite(gap).all():
            yield name, Feature("as the share of the key by which the nearest mistake misses it", gap, 0.05, GAPS)


def _magnitudes(sweep: Sweep) -> Mapping[str, Feature]:
    """The size of each numeric key. Without a least difference: keys are compared by their ratio alone."""
    found: dict[str, Floats] = {}
    for part, answer, keys in sweep.answers(NumericAnswer):
        values = found.setdefault(answer.name, np.full(len(sweep.ordinals), np.nan))
        finite = np.isfinite(keys.bands.value) & (keys.bands.value != 0)
        values[part.block.rows] = np.where(finite, np.abs(keys.bands.value), np.nan)
    return {
        f"key of {name}": Feature("the key" if sweep.template.single else f"the key of '{name}'", values, 0, MAGNITUDES)
        for name, values in found.items()
        if np.isfinite(values).all()
    }


def _moves(sweep: Sweep, name: str, key: Floats) -> bool:
    """Whether a key's size goes with the size of a draw, or of an entry of it, that is a number of many values."""
    blocks = [block for block in sweep.variants.blocks if name in block.values]
    drawn = [spread(block.values[name], len(block)).reshape(-1, len(block)) for block in blocks]
    if not drawn or any(array.dtype.kind != "f" for array in drawn):
        return False
    places = np.concatenate([block.rows for block in blocks])
    for entry in range(min(MOST_ENTRIES, min(map(len, drawn)))):
        numbers = np.concatenate([array[entry] for array in drawn])
        if len(np.unique(numbers)) >= MANY_VALUES and len(np.unique(key[places])) > 1:
            ranks = np.array([column.argsort().argsort() for column in (numbers, key[places])])
            if abs(np.corrcoef(ranks)[0, 1]) > max(TOGETHER, BY_CHANCE / math.sqrt(len(places))):
                return True
    return False


def _by_value(sweep: Sweep, name: str) -> dict[object, NDArray[np.int64]]:
    """The places of the variants by the value of a draw, or by the number of the case."""
    blocks = sweep.variants.blocks
    if name == "case":
        return {block.case + 1: block.rows for block in blocks}
    groups: dict[object, list[NDArray[np.int64]]] = {}
    for block in blocks:
        values = spread(block.values.get(name, np.nan), len(block))
        if values.ndim != 1:
            return {}
        kinds = values.tolist()
        for value in set(kinds):
            groups.setdefault(value, []).append(block.rows[np.array([one == value for one in kinds])])
            if len(groups) > 24:
                return {}
    return {value: np.concatenate(rows) for value, rows in groups.items()}


def _words(text: str) -> int:
    return len(text.replace("|", " ").split())


def _far(value: float, middle: float, least: float, ratio: float) -> bool:
    low, high = min(value, middle), max(value, middle)
    return high - low >= least and high > ratio * low
