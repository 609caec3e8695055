"""Checks of items with several answers: their weights, their places, and what follows from an earlier answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from jinja2 import nodes

from quizgen.answers import Answer
from quizgen.answers.bands import Floats, close
from quizgen.answers.numeric import NumericAnswer, NumericKeys
from quizgen.checking.base import Finding, check
from quizgen.checking.sweep import Part, Sweep
from quizgen.variants.values import spread

LIGHT = 0.1
"""An answer of less than this part of the mean weight hardly counts."""


@check("weights", "warning")
def weights(sweep: Sweep) -> Iterator[Finding]:
    """A ``weight`` has no effect, because the item has one answer only; or an answer weighs so much less than the others, under
    a tenth of the mean, that a student may leave it out. Weights are relative: 1 and 2 make a third and two thirds.
    """
    answers = sweep.template.answers
    mean = sum(answer.shared.weight for answer in answers) / len(answers)
    for answer in answers:
        weight = answer.shared.weight
        if len(answers) == 1 and weight != 1:
            yield Finding(sweep.path(answer.name, "weight"), "a single answer carries all the points: its weight has no effect")
        elif weight < LIGHT * mean:
            share = weight / (mean * len(answers))
            yield Finding(sweep.path(answer.name), f"this answer carries {share:.1%} of the item's points")


@check("answer-place", "warning")
def answer_place(sweep: Sweep) -> Iterator[Finding]:
    """Of several answers one has neither a place in the stem nor a label: the student meets a field below the stem and cannot
    know what belongs into it. Write ``{{ answer.NAME }}`` where it is asked for, or give the answer a ``label``.
    """
    template = sweep.template
    if len(template.answers) == 1:
        return
    for answer in template.answers:
        if answer.name not in template.stem.places and answer.shared.prompt is None:
            yield Finding(sweep.path(answer.name), f"nothing tells what belongs into '{answer.name}': place or label it")


@check("told-twice", "warning")
def told_twice(sweep: Sweep) -> Iterator[Finding]:
    """Behind an answer's place in the stem its unit or its digits are written once more, though the field shows them itself: a
    student reads “nats nats” or “(3 decimals) (3 decimals)”. Leave them out behind ``{{ answer.NAME }}``.
    """
    for answer in sweep.template.answers:
        _, place, behind = sweep.stems[0].partition(f"[{answer.name}]")
        if not isinstance(answer, NumericAnswer) or not place:
            continue
        unit = rf"(?:{re.escape(answer.unit.removesuffix('s'))}s?(?!\w))?" if answer.unit else ""
        said = re.match(rf"[\s*]*{unit}[\s*]*(?:\(\d+ (?:decimals?|significant digits?)\))?", behind)
        words = said[0].strip(" *\n") if said else ""
        if words and (answer.form or "(" not in words):
            yield Finding(("stem",), f"the field of '{answer.name}' is followed by “{words}”, which it shows itself")


@check("answer-numbering", "error")
def answer_numbering(sweep: Sweep) -> Iterator[Finding]:
    """Of several answers that are numbered, one is out of step: two have the same label, the label's number goes with another
    entry of a list than those of its fellows (“token 3” with ``losses[3]`` where “token 1” goes with ``losses[0]``), or
    ``loss_2`` stands before ``loss_1`` in the stem. Who answers rightly in one field is marked by the key of another.
    """
    answers = sweep.template.answers
    labels = Counter(label for answer in answers if (label := _label(answer)))
    for answer in answers:
        if labels[_label(answer)] > 1:
            yield Finding(sweep.path(answer.name, "label"), f"another answer is labelled “{_label(answer)}” too")
    steps: dict[tuple[str, str], list[tuple[Answer, int]]] = {}
    for answer in answers:
        number, entry = re.findall(r"\d+", _label(answer)), _entry(answer)
        if len(number) == 1 and entry is not None:
            family = entry[0], re.sub(r"\d+", "", _label(answer))
            steps.setdefault(family, []).append((answer, int(number[0]) - entry[1]))
    for (name, _), found in steps.items():
        usual = Counter(step for _, step in found).most_common(1)[0][0]
        for answer, step in found:
            if step != usual and len(found) > 2:
                said = f"its key is another entry of '{name}' than its label “{_label(answer)}” says, by what the others are"
                yield Finding(sweep.path(answer.name, "value"), said)
    placed: dict[str, list[int]] = {}
    for place in sweep.template.stem.places:
        if found_number := re.fullmatch(r"(.*?)(\d+)", place):
            placed.setdefault(found_number[1], []).append(int(found_number[2]))
    for stem, numbers in placed.items():
        if numbers != sorted(numbers):
            first = next(b for a, b in pairwise(numbers) if b < a)
            yield Finding(sweep.path(f"{stem}{first}"), f"'{stem}{first}' stands in the stem behind a later one")


def _label(answer: Answer) -> str:
    """The label of an answer that is the same in all variants."""
    prompt = answer.shared.prompt
    return prompt.text.marked.strip() if prompt is not None and not prompt.holes else ""


def _entry(answer: Answer) -> tuple[str, int] | None:
    """The list of which the key is one entry that is named by its number, and that number."""
    match answer.value.node if isinstance(answer, NumericAnswer) else None:
        case nodes.Getitem(node=nodes.Name(name=name), arg=nodes.Const(value=int(index))):
            return name, index
    return None


@check("follow-through-wrong", "error")
def follow_through_wrong(sweep: Sweep) -> Iterator[Finding]:
    """From right earlier answers the follow-through of a later one comes to something else than its key: who goes on rightly
    from a slip is marked wrong, and who goes on wrongly is marked right. Use the same formula with ``given.NAME`` in place of
    the earlier answer's value.
    """
    for part, answer, keys in sweep.answers(NumericAnswer):
        follows = _following(part, answer, keys, 0)
        if follows is None:
            continue
        bad = ~(close(follows, keys.bands.value, answer.accuracy) | keys.bands.contain(follows))
        if bad.any():
            i = int(np.flatnonzero(bad)[0])
            yield Finding(
                sweep.path(answer.name, "follow_through"),
                f"from right earlier answers it comes to {follows[i]:.6g}, but the key is {keys.bands.value[i]:.6g}",
                part.first(bad),
            )


@check("follow-through-idle", "warning")
def follow_through_idle(sweep: Sweep) -> Iterator[Finding]:
    """Whatever a student gave before, about a tenth more or less than the right value (of a whole number one), the
    follow-through comes to the key or to no number: it never helps anybody. Let it depend on ``given.NAME`` as the key depends
    on that value.
    """
    helps: dict[str, bool] = {}
    for part, answer, keys in sweep.answers(NumericAnswer):
        for turn in (-1, 1):
            follows = _following(part, answer, keys, turn)
            if follows is not None:
                differs = np.isfinite(follows) & ~close(follows, keys.bands.value, answer.accuracy)
                helps[answer.name] = helps.get(answer.name, False) or bool(differs.any())
    for name, does in helps.items():
        if not does:
            yield Finding(sweep.path(name, "follow_through"), "it comes to the key, or to no number, whatever was given before")


def _following(part: Part, answer: NumericAnswer, keys: NumericKeys, turn: int) -> Floats | None:
    """What follows (n,) where the right earlier answers were given, or with ``turn`` -1 or 1 wrong ones near them, each off by
    another part; None without follow-through.
    """
    if answer.follow is None:
        return None
    given: dict[str, Floats] = {}
    for i, (other, other_keys) in enumerate(part.prepared):
        if isinstance(other, NumericAnswer):
            value = other_keys.bands.value
            whole = other.accuracy.rounding == ("decimals", 0)
            given[f"given.{other.name}"] = value + turn * (1 + i % 3) if whole else value * (1 + turn * (0.1 + 0.03 * (i % 3)))
    expression, _ = answer.follow
    return spread(expression({**part.block.values, **given}), len(part.block)).astype(np.float64)
