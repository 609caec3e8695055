"""Brightspace's question file: one CSV file for each pool, to be imported into a section of the question library."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import assert_never

from quizgen.lms.base import Export, File, Format, Loss, Options, Pool, Question
from quizgen.lms.formats.brightspace_csv.patterns import apart
from quizgen.lms.formats.brightspace_csv.rows import rows_of, written
from quizgen.lms.formats.brightspace_csv.scoring import way_for_order, way_for_sets
from quizgen.lms.formats.single import only_answer, several_answers
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

_NEAREST = {
    "RightAnswers": "gives a share for each option that is decided rightly",
    "AllOrNothing": "gives marks only for exactly the right set",
    "RightMinusWrong": "gives right ticks less wrong ticks as a share of all options",
}
_BYTE_ORDER_MARK = "\ufeff"


def losses(question: Question, options: Options) -> Iterator[Loss]:
    """What the file cannot carry of a question."""
    yield from several_answers(question, "Brightspace's question file")
    asked = only_answer(question)
    if asked is not None:
        yield from _losses(asked.scheme, asked.name)


def _losses(scheme: Scheme, name: str) -> Iterator[Loss]:
    match scheme:
        case OneOption() | ByPerson():
            pass
        case ManyOptions(right, _, rule):
            if not any(right):
                yield Loss("refused", "no option is right, and Brightspace wants one that is", name)
                return
            way = way_for_sets(rule, sum(right), len(right) - sum(right))
            if not way.exact:
                yield Loss("differs", f"Brightspace {_NEAREST[way.name]}, which is not the rule here", name)
        case NumberBands():
            if not scheme.bands:
                yield Loss("refused", "the right answer is infinite", name)
                return
            if scheme.form_counts:
                yield Loss("differs", "the right number earns full marks there with any number of digits", name)
            yield from _uneven([verdict for _, verdict in apart(scheme)], name)
            yield Loss("lost", "fractions and powers of ten are not read there, which the question says", name)
            if scheme.units:
                yield Loss("lost", "numbers in another unit are not converted there", name)
            if any(band.verdict.mistake for band in scheme.bands):
                yield Loss("lost", "the feedback on wrong numbers is not shown there", name)
        case Texts(accepted):
            yield from _uneven([verdict for _, verdict in accepted], name)
            if any(verdict.mistake for _, verdict in accepted):
                yield Loss("lost", "the feedback on wrong texts is not shown there", name)
        case RightOrder(places, rule, foreseen):
            if not way_for_order(rule, len(places)).exact:
                yield Loss("differs", "Brightspace gives a share for each item in its place, which is not the rule here", name)
            if foreseen:
                yield Loss("lost", "the feedback on wrong orders is not shown there", name)
        case RightPairs(mistakes=mistakes):
            if any(mistakes):
                yield Loss("lost", "the feedback on wrong pairs is not shown there", name)
        case TrueDistribution():
            yield Loss("refused", "Brightspace's question file has no question with several numbers", name)
        case _:
            assert_never(scheme)


def _uneven(verdicts: list[Verdict], name: str) -> Iterator[Loss]:
    if any(abs(100 * verdict.fraction - round(100 * verdict.fraction)) > 1e-9 for verdict in verdicts):
        yield Loss("differs", "part credit is rounded to whole percent there", name)


def files(export: Export, options: Options) -> Iterator[File]:
    """A file for each pool, named by its number and title."""
    for pool in export.pools:
        yield File(f"{_file_name(pool)}.csv", _lines(pool, options))


def _lines(pool: Pool, options: Options) -> Iterator[bytes]:
    yield _BYTE_ORDER_MARK.encode()
    for question in pool.questions():
        yield written([*rows_of(question, options), ()]).encode()


def _file_name(pool: Pool) -> str:
    """``03 Which loss is lower``: in plain letters, which every system's file names may have."""
    plain = unicodedata.normalize("NFKD", pool.title.partition(". ")[2]).encode("ascii", "ignore").decode()
    words = " ".join(re.sub("[^A-Za-z0-9-]+", " ", plain).split())[:60].strip()
    return f"{pool.number:02d} {words}".strip()


FORMAT = Format("brightspace-csv", "Brightspace's question file (CSV)", ".zip", "zip", losses, files)
