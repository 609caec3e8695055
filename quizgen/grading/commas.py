"""Marks that depend on whether a comma (or point) groups digits or is the decimal mark, as in ``1,897``."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from quizgen.answers import Reading
from quizgen.bank import Bank
from quizgen.grading.counting import Counted
from quizgen.grading.marking import mark_responses
from quizgen.grading.policy import Policy
from quizgen.grading.reading import RESPONSES
from quizgen.quizzes.manifest import Manifest

_EITHER = r"(^|[^0-9.,])[1-9][0-9]{{0,2}}[{mark}][0-9]{{3}}($|[^0-9])"
"""A number that can be read in two ways; of a text that only looks like one, both readings earn the same."""

_ITEM = ["student", "submission", "number"]


@dataclass(frozen=True, slots=True)
class OtherReading:
    """How many marks would be higher with the other reading, as that of ``example``, and how many others lower."""

    higher: int
    lower: int
    example: str

    def told(self, decimal_comma: bool) -> str:
        """What the instructor is to know."""
        marks = "1 mark depends" if self.higher == 1 else f"{self.higher:,} marks depend"
        sign, other = ("point", "false") if decimal_comma else ("comma", "true")
        others = f" and would lower {self.lower:,} others" if self.lower else ""
        return (
            f"{marks} on how a {sign} was read, as in {self.example}; decimal_comma: {other} in the quiz reads it the other "
            f"way{others}."
        )


def other_reading(result: Counted, manifest: Manifest, bank: Bank, rules: Policy) -> OtherReading | None:
    """What the other reading would change in the marks that count, found by marking so; None where it would raise none."""

    def changed(marks: str) -> pl.DataFrame:
        """The marks that change in items where a number with one of these marks can be read in two ways."""
        typed = result.counted.filter(pl.col("text").str.contains(_EITHER.format(mark=marks)))
        items = result.marked.join(typed.select(_ITEM).unique(), on=_ITEM, how="semi", maintain_order="left")
        reading = Reading(not manifest.quiz.decimal_comma)
        other, _ = mark_responses(items.select(list(RESPONSES)), result.fields, manifest, bank, rules, reading=reading)
        keys = ["student", "submission", "field"]
        found = result.counted.filter(pl.col("dropped") == 0).join(
            other.select(*keys, "outcome", "fraction"), on=keys, how="inner", suffix="_other", maintain_order="left"
        )
        return found.filter((pl.col("outcome_other") != "manual") & (pl.col("fraction_other") != pl.col("fraction")))

    raised = pl.col("fraction_other") > pl.col("fraction")
    # A number with the quiz's own decimal mark is seldom meant otherwise: it counts only among what would be lost.
    doubtful = "." if manifest.quiz.decimal_comma else ","
    higher = changed(doubtful).filter(raised)
    if higher.is_empty():
        return None
    typed = higher.filter(pl.col("text").str.contains(_EITHER.format(mark=doubtful)))
    example = (typed if len(typed) else higher)["text"][0].strip()[:40]
    return OtherReading(len(higher), len(changed(",.").filter(~raised)), example)
