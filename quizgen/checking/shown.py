"""What is shown is what is graded: numbers are read back from what is displayed, and keys are computed from them anew."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quizgen.answers import Answer
from quizgen.answers.distribution import DistributionAnswer
from quizgen.answers.numeric import NumericAnswer
from quizgen.answers.options import OptionsAnswer
from quizgen.answers.order import OrderAnswer
from quizgen.checking.base import Finding, check
from quizgen.checking.pages import main_part, seen, some, student_page, words_shown
from quizgen.checking.reading import ReadBack, read_back
from quizgen.checking.sweep import Sweep
from quizgen.errors import QuizgenError
from quizgen.items import Number, texts
from quizgen.rendering.numbers import typographic
from quizgen.variants.sampler import Block
from quizgen.variants.values import round_decimals, round_significant, spread, to_grid

PAGES = 24
"""Of so many variants of a template the whole page is looked at."""

_WELL_WRITTEN = re.compile(r"[-+]?(?:\d{1,40}(?:\.\d{1,12})?(?:e-?\d{1,3})?|inf)%?")
_NOT_WRITTEN = re.compile(r"nan|-0(?:\.0*)?|-?\d+\.\d{13,}", re.IGNORECASE)

Bools = NDArray[np.bool_]


@check("shown-is-graded", "error")
def shown_is_graded(sweep: Sweep) -> Iterator[Finding]:
    """Every number that the question displays is read back from what is displayed, with the digits that a student sees, and
    the key is computed anew from these numbers. It must be the key that is graded: who computes with the worksheet alone
    would else be marked wrong. Show such numbers with all their digits, or round them in ``let``, so that the key is
    computed from what is shown.
    """
    lets = {let.name: let.expression for let in sweep.template.program.lets}
    for part in sweep.parts:
        stems = [sweep.keyed[row].item.stem for row in part.block.rows.tolist()]
        read = read_back(sweep.template.stem, stems, part.block, lets)
        if not read.changed():
            continue
        block = _as_read(sweep, part.block, read)
        try:
            anew = sweep.template.prepared(block)
        except QuizgenError as error:
            yield Finding(("stem",), f"{read.told(0)}, and with it no key can be computed: {error}", part.first(read.differ))
            continue
        for (answer, keys), (_, others) in zip(part.prepared, anew, strict=True):
            bad = _other_key(answer, part.block, keys, block, others) & read.differ
            if bad.any():
                i = int(np.flatnonzero(bad)[part.block.ordinals[bad].argmin()])
                yield Finding(sweep.path(answer.name), f"{read.told(i)}, {_told(answer, keys, others, i)}", part.first(bad))


def _as_read(sweep: Sweep, block: Block, read: ReadBack) -> Block:
    """The block with the values that are read back, and the lets that follow from them."""
    values = dict(block.values)
    n = len(block)
    for name, known in read.known.items():
        values[name] = np.where(known.where, known.values, spread(values[name], n))
    for let in sweep.template.program.lets:
        value = to_grid(let.expression(values), block.kinds[let.name])
        if let.name in read.known:
            known = read.known[let.name]
            value = np.where(known.where, known.values, spread(value, n))
        values[let.name] = value
    return replace(block, values=values)


def _other_key(answer: Answer, block: Block, keys: Any, other: Block, others: Any) -> Bools:
    """For whom the key comes out otherwise; both blocks have the same random words, so options stand alike."""
    match answer:
        case NumericAnswer():
            typed = answer.rounded(others.bands.value)
            alike = keys.bands.contain(typed)
            if answer.accuracy.rounding is not None:
                alike &= _close(typed, answer.rounded(keys.bands.value)) | _close(keys.bands.value, others.bands.value)
            return np.asarray(~alike)
        case DistributionAnswer(decimals=decimals):
            first, second = round_decimals(keys.value, decimals), round_decimals(others.value, decimals)
            return np.asarray(~_close(np.asarray(first), np.asarray(second)).all(axis=0))
        case OrderAnswer():
            return np.asarray((keys.ranks != others.ranks).any(axis=0))
        case OptionsAnswer():
            return _other_options(answer, block, keys.offer.shown, other)
    differ = np.zeros(len(block), dtype=np.bool_)
    for expression in answer.key_expressions():
        differ |= _differ(expression(block.values), expression(other.values), len(block))
    return differ


def _other_options(answer: OptionsAnswer, block: Block, shown: NDArray[np.int64], other: Block) -> Bools:
    """For whom an option that is shown becomes right or wrong, or the right one another number."""
    differ = np.zeros(len(block), dtype=np.bool_)
    for i, option in enumerate(answer.pool):
        here = (shown == i).any(axis=0)
        if not isinstance(option.true_when, bool):
            differ |= here & (block.truths(option.true_when) != other.truths(option.true_when))
        if option.value is not None and option.true_when is not False:
            form, digits = option.rounding or ("decimals", 6)
            rounded = round_decimals if form == "decimals" else round_significant
            both = [np.asarray(rounded(one.single_numbers(option.value), digits)) for one in (block, other)]
            differ |= here & ~_close(*both)
        elif option.true_when is True:
            for expression in option.text.displays:
                differ |= here & _differ(expression(block.values), expression(other.values), len(block))
    return differ


def _close(first: NDArray[np.float64], second: NDArray[np.float64]) -> Bools:
    with np.errstate(invalid="ignore"):
        return np.asarray(np.isclose(first, second, rtol=1e-9, atol=1e-12, equal_nan=True))


def _differ(first: Any, second: Any, n: int) -> Bools:
    a, b = spread(first, n), spread(second, n)
    if a.shape != b.shape:
        return np.ones(n, dtype=np.bool_)
    alike = a == b if a.dtype == object or b.dtype == object else _close(a.astype(np.float64), b.astype(np.float64))
    return np.asarray(~np.asarray(alike).reshape(-1, n).all(axis=0))


def _told(answer: Answer, keys: Any, others: Any, row: int) -> str:
    if isinstance(answer, NumericAnswer):
        return f"with which the key is {others.bands.value[row]:.10g}, but {keys.bands.value[row]:.10g} is graded"
    return "with which another answer is right than the one that is graded"


@check("shown-in-full", "error")
def shown_in_full(sweep: Sweep) -> Iterator[Finding]:
    """The page that a student opens is made for some variants, and the numbers of the question and of its options must be
    seen there in their order, each as it was meant: none lost, no ``-0.00``, no ``0.30000000000000004``, no ``nan``.
    """
    for place in some(sweep, PAGES):
        item, ordinal = sweep.keyed[place].item, int(sweep.ordinals[place])
        parts = [item.stem, *(text for _, interaction in item.interactions for text in texts(interaction))]
        bad = next((word for part in parts for word in words_shown(part) if not _is_well_written(word)), None)
        if bad is not None:
            yield Finding(("stem",), f"a student reads “{bad}”, which is no number as people write it", ordinal)
            return
        lost = _lost(seen(main_part(student_page(item, "html"))), [list(words_shown(part)) for part in parts])
        if lost is not None:
            yield Finding(("stem",), f"the number {lost} is meant to be shown, but is not seen on the page", ordinal)
            return


def _is_well_written(word: str) -> bool:
    if isinstance(word, Number):
        return bool(_WELL_WRITTEN.fullmatch(word)) and not _NOT_WRITTEN.fullmatch(word)
    return not _NOT_WRITTEN.fullmatch(word.strip())


def _lost(page: str, parts: Sequence[Sequence[str]]) -> str | None:
    """The first number that is not found behind the one before; each part may stand anywhere on the page."""
    for words in parts:
        at = 0
        for word in words:
            if isinstance(word, Number):
                shown = _as_seen(word)
                at = page.find(shown, at)
                if at < 0:
                    return shown
                at += len(shown)
    return None


@functools.lru_cache(maxsize=20_000)
def _as_seen(number: Number) -> str:
    return re.sub(r"\s+", "", typographic(number))
