"""Checks of what stands twice where each should be another: cases, the fields of a case, the rows of a table, criteria."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

import numpy as np

from quizgen.answers.essay import EssayAnswer
from quizgen.checking.base import Finding, check
from quizgen.checking.pages import shown_values, some
from quizgen.checking.sweep import Sweep
from quizgen.folding import folded, worded
from quizgen.items import Number, Table
from quizgen.variants.values import Value

LOOKED_AT = 80
"""So many variants' tables are read."""

_POINTS = re.compile(r" \([\d.]+ points?\)$")
"""What a line of a rubric says of its points."""

SELDOM = 0.25
"""What is so in at most this share of the cases is a slip."""


@check("same-cases", "warning")
def same_cases(sweep: Sweep) -> Iterator[Finding]:
    """Two cases are alike in every field, so that their story is told twice as often and another is missing; or in one case two
    fields say the same, and in no other case. Tell another story, or mend the word.
    """
    cases = [dict(case.constants) for case in sweep.template.program.cases]
    first: dict[tuple[str, ...], int] = {}
    for i, case in enumerate(cases):
        seen = first.setdefault(tuple(_said(value) for value in case.values()), i)
        if seen != i and case:
            yield Finding(("cases", i), f"this case is case {seen + 1} again")
    for one, other in combinations(cases[0], 2):
        alike = [i for i, case in enumerate(cases) if _is_text(case[one]) and _said(case[one]) == _said(case[other])]
        if alike and len(alike) <= SELDOM * len(cases):
            names = one.removeprefix("case."), other.removeprefix("case.")
            yield Finding(("cases", alike[0]), f"'{names[0]}' and '{names[1]}' say the same here, and in no other case")


def _said(value: Value) -> str:
    return folded(str(np.asarray(value).ravel().tolist()))


def _is_text(value: Value) -> bool:
    return isinstance(value, str) and any(map(str.isalpha, value))


@check("same-rows", "warning")
def same_rows(sweep: Sweep) -> Iterator[Finding]:
    """Two rows of a table in the stem begin with the same words in some variant, so that the row of this word is two rows. Make
    the words of the case different, or draw them without replacement. (Rows that begin with numbers are let be.)
    """
    for place in some(sweep, LOOKED_AT):
        for table in shown_values(sweep.keyed[place].item.stem):
            if not isinstance(table, Table) or not all(isinstance(cell, str) for cell in table.columns[0]):
                continue
            heads = [str(cell) for cell in table.columns[0]]
            twice = next((head for head in heads if heads.count(head) > 1), None)
            if twice is not None and not isinstance(table.columns[0][0], Number):
                yield Finding(("stem",), f"two rows of a table begin with “{twice}”", int(sweep.ordinals[place]))
                return


@check("same-criteria", "error")
def same_criteria(sweep: Sweep) -> Iterator[Finding]:
    """Two criteria of an essay's rubric say the same, but for capital letters and marks: what is written once earns twice, or
    a criterion was copied and never changed. Say in each what it alone asks for.
    """
    for answer in sweep.template.answers:
        first: dict[tuple[str, ...], int] = {}
        for i, criterion in enumerate(answer.rubric if isinstance(answer, EssayAnswer) else ()):
            words = worded(_POINTS.sub("", criterion.text.marked))
            at = first.setdefault((words, *(tag.expression for tag in criterion.text.tags)), i)
            if at != i:
                path = sweep.path(answer.name, "rubric", i)
                yield Finding(path, f"criterion {i + 1} says what criterion {at + 1} says")
