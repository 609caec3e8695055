"""Questions on their way to other systems: every format writes them, and who marks by their schemes marks as we do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from quizgen.answers import Reading
from quizgen.answers.labels import LETTERS
from quizgen.answers.multiple import CREDIT as MULTIPLE
from quizgen.answers.order import CREDIT as ORDER
from quizgen.checking.base import Figure, Finding, check
from quizgen.checking.pages import some
from quizgen.checking.sweep import SECRET, Sweep
from quizgen.lms.base import Export, Options, Pool, Question
from quizgen.lms.packing import in_memory
from quizgen.lms.plan import Sent, drawn
from quizgen.lms.registry import formats
from quizgen.quizzes.codes import named_code
from quizgen.schemes import (
    Band,
    ByPerson,
    ManyOptions,
    NumberBands,
    OneOption,
    RightOrder,
    RightPairs,
    Scheme,
    Texts,
    TrueDistribution,
)

WRITTEN = 2
"""So many variants of a template are written in each format."""

MARKED = 6
"""So many are marked by their schemes."""

_NEAR = 1e-9


@check("exports", "error")
def exports(sweep: Sweep) -> Iterator[Finding | Figure]:
    """Every format to which a quiz can be exported must either write the question or say what of it it cannot carry; and a
    system that knows of an answer only its marking scheme (the band of the key, the verdict on each option) must give the
    marks that quizgen gives. Which formats refuse the question is reported as a figure. A finding here is mostly a key that
    needs more digits than computers' numbers have: give the answer a wider tolerance, or fewer decimals.
    """
    yield from _marked_by_schemes(sweep)
    questions = _questions(sweep, WRITTEN)
    refusing = []
    for name, format in formats().items():
        options = Options(next(iter(format.dialects), ""), format.maths[0])
        try:
            losses = [loss for question in questions for loss in format.losses(question, options)]
            if any(loss.severity == "refused" for loss in losses):
                refusing.append(name)
                continue
            in_memory(format.files(_export(questions), options), format.packed)
        except Exception as error:  # whatever a format stumbles over, the author must learn of it
            yield Finding((), f"the format {name} cannot write it ({type(error).__name__}: {error})", questions[0].ordinal)
    yield Figure("formats that refuse it", ", ".join(refusing) or "none")


def _questions(sweep: Sweep, count: int) -> list[Question]:
    """Some variants as an export has them."""
    ordinals = [int(sweep.ordinals[place]) for place in some(sweep, count)]
    id = sweep.template.id
    sent = [Sent(named_code(SECRET, f"{id}\x00{ordinal}"), 0, id, ordinal) for ordinal in ordinals]
    return list(drawn(sweep.template, 1.0, sent, SECRET, decimal_comma=False, hints=True))


def _export(questions: Sequence[Question]) -> Export:
    pool = Pool("qg-0-1", 1, "", questions[0].template, 1.0, len(questions), lambda: iter(questions))
    return Export("qg-0", questions[0].template, None, False, True, (pool,))


def _marked_by_schemes(sweep: Sweep) -> Iterator[Finding]:
    wanted = set(some(sweep, MARKED))
    for part in sweep.parts:
        chosen = [row for row, place in enumerate(part.block.rows.tolist()) if place in wanted]
        for answer, keys in part.prepared:
            told = [(row, *one) for row in chosen for one in foretold(answer.scheme(keys, row))]
            if not told:
                continue
            at = np.array([row for row, _, _ in told], dtype=np.int64)
            typed = {answer.name: [response for _, response, _ in told]}
            marks = sweep.template.mark_prepared(part.prepared, at, typed, Reading())[answer.name]
            for mark, (row, response, fraction) in zip(marks, told, strict=True):
                if abs(mark.fraction - fraction) > _NEAR:
                    words = f"“{response}” earns {mark.fraction:g} here, but {fraction:g} where only the key's bounds are known"
                    yield Finding(sweep.path(answer.name), words, int(part.block.ordinals[row]))


def foretold(scheme: Scheme) -> Iterator[tuple[str, float]]:
    """Responses as typed, each with the fraction that a system gives which knows the scheme alone."""
    match scheme:
        case OneOption(verdicts):
            for place, verdict in enumerate(verdicts):
                yield LETTERS[place], verdict.fraction
        case ManyOptions(right, _, rule):
            for ticked in _subsets(len(right)):
                t = sum(a and b for a, b in zip(ticked, right, strict=True))
                labels = " ".join(LETTERS[place] for place, tick in enumerate(ticked) if tick) or "none"
                yield labels, MULTIPLE[rule][0](t, sum(ticked) - t, sum(right), len(right) - sum(right))
        case NumberBands(typed, bands) as scheme:
            yield typed, _by_bands(Fraction(typed), bands) if bands else 1.0  # without bands the key is infinite
            for band in () if scheme.form_counts else bands:
                width = bands[0].high - bands[0].low
                for number in (band.low, band.high, band.low - width / 7, band.high + width / 7):
                    yield _typed(number), _by_bands(number, bands)
        case Texts(accepted):
            for text, verdict in accepted:
                yield text, verdict.fraction
        case RightOrder(places, rule, foreseen):
            ranks = {place: rank for rank, place in enumerate(places)}
            for order in (places, places[::-1], places[1:] + places[:1], *(wrong for wrong, _ in foreseen)):
                yield " ".join(LETTERS[place] for place in order), ORDER[rule][0]([ranks[place] for place in order])
        case RightPairs(partners, _, rule):
            turned = partners[1:] + partners[:1]
            share = sum(a == b for a, b in zip(turned, partners, strict=True)) / len(partners)
            yield _joined(partners), 1.0
            yield _joined(turned), share if rule == "each-pair" else float(share == 1)
        case TrueDistribution(probabilities, decimals):
            yield "; ".join(f"{float(p):.{decimals}f}" for p in probabilities), 1.0
        case ByPerson():
            return


def _by_bands(number: Fraction, bands: Sequence[Band]) -> float:
    return next((band.verdict.fraction for band in bands if band.low <= number <= band.high), 0.0)


def _subsets(count: int) -> Iterator[list[bool]]:
    """Some sets of options: all of up to five, with the others left open."""
    for pattern in range(2 ** min(count, 5)):
        yield [bool(pattern >> place & 1) for place in range(count)]


def _joined(partners: Sequence[int]) -> str:
    return " ".join(f"{left + 1}-{LETTERS[place]}" for left, place in enumerate(partners))


def _typed(number: Fraction) -> str:
    """A number exactly as it can be typed."""
    return f"{'-' if number < 0 else ''}{abs(number.numerator)}/{number.denominator}"
