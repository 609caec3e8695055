"""Checks of keys that are typed: they vary, are finite or announced, and agree with a second formula."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from quizgen.answers.choice import ChoiceAnswer
from quizgen.answers.numeric import NumericAnswer
from quizgen.answers.text import TextAnswer
from quizgen.checking.base import Finding, check
from quizgen.checking.sweep import Sweep
from quizgen.variants.texts import plain_text


@check("key-never-changes", "warning")
def never_changes(sweep: Sweep) -> Iterator[Finding]:
    """The key of a number, a choice or a text is the same in all variants, so the first student who solves it has solved it for
    everybody. Let it depend on a draw or on the case.
    """
    if len(sweep.ordinals) < 2:
        return
    values: dict[str, list[float]] = {}
    for _, answer, keys in sweep.answers(NumericAnswer):
        values.setdefault(answer.name, []).extend([keys.bands.value.min(), keys.bands.value.max()])
    every, first = f"in all {len(sweep.ordinals):,} variants", int(sweep.ordinals[0])
    for name, ends in values.items():
        if min(ends) == max(ends):
            yield Finding(sweep.path(name, "value"), f"the key is {ends[0]:.6g} {every}", first)
    for at, answer in enumerate(sweep.template.answers):
        if isinstance(answer, ChoiceAnswer | TextAnswer):
            said = {plain_text(keyed.keys[at].shown) for keyed in sweep.keyed}
            if len(said) == 1:
                yield Finding(sweep.path(answer.name), f"“{said.pop()}” is right {every}", first)


@check("infinite-key", "warning")
def infinite_key(sweep: Sweep) -> Iterator[Finding]:
    """The key is infinite in some variants, because a probability is 0 there, and the template says nowhere that this may
    happen, nor how to type it. Keep the probability from 0; or, if infinity is the point, write in the stem or the label that
    an infinite value is typed ``inf``. (A key that divides by zero is an error of its own.)
    """
    for part, answer, keys in sweep.answers(NumericAnswer):
        bad = np.isinf(keys.bands.value)
        if bad.any() and not _announced(sweep, answer):
            yield Finding(
                sweep.path(answer.name, "value"),
                f"the key is infinite in {bad.mean():.1%} of this case's variants, and the stem does not say that it may be",
                part.first(bad),
            )


_INFINITE = re.compile(r"infin|\binf\b|∞|\\infty", re.IGNORECASE)


def _announced(sweep: Sweep, answer: NumericAnswer) -> bool:
    """Whether the stem or the label speaks of infinity."""
    label = answer.shared.prompt.text.marked if answer.shared.prompt else ""
    return bool(_INFINITE.search(label)) or any(_INFINITE.search(stem) for stem in sweep.stems)


@check("second-formula", "error")
def second_formula(sweep: Sweep) -> Iterator[Finding]:
    """A second formula, given under ``verify``, must come to the same key in every variant: where it does not, one of the two
    is wrong, and the message says what either comes to.
    """
    for name, formula in sweep.template.verify.items():
        for part, answer, keys in sweep.answers(NumericAnswer):
            if answer.name != name:
                continue
            other = part.block.single_numbers(formula)
            with np.errstate(invalid="ignore"):
                bad = ~(np.isclose(other, keys.bands.value, rtol=1e-9, atol=1e-12) | (other == keys.bands.value))
            if bad.any():
                i = int(np.flatnonzero(bad)[0])
                yield Finding(
                    ("verify",) if sweep.template.single else ("verify", name),
                    f"the key is {keys.bands.value[i]:.10g}, but '{formula.source}' comes to {other[i]:.10g}",
                    part.first(bad),
                )
