"""Checks of what should turn out now this way and now that: keys that vary, and statements that are true only at times."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

import numpy as np

from quizgen.answers import Answer
from quizgen.answers.choice import ChoiceAnswer
from quizgen.answers.distribution import DistributionAnswer
from quizgen.answers.match import MatchAnswer
from quizgen.answers.multiple import MultipleAnswer
from quizgen.answers.numeric import NumericAnswer
from quizgen.answers.options import OptionsAnswer
from quizgen.answers.order import OrderAnswer
from quizgen.answers.pool import PoolOption
from quizgen.answers.text import TextAnswer
from quizgen.checking.base import Finding, Path, check
from quizgen.checking.reaching import EXPECTED
from quizgen.checking.sweep import Sweep
from quizgen.folding import shortened
from quizgen.variants.expressions import Expression
from quizgen.variants.texts import plain_text


@check("key-never-changes", "warning")
def never_changes(sweep: Sweep) -> Iterator[Finding]:
    """The key is the same in all variants: one number, one option, one set of right statements, one order of the same items. Or
    every option is a fixed text that is always right or always wrong, so that a list of them is all there is to learn. The
    first student who solves it has solved it for everybody. Let the key depend on a draw or on the case.
    """
    if len(sweep.ordinals) < 2:
        return
    every, first = f"in all {len(sweep.ordinals):,} variants", int(sweep.ordinals[0])
    for answer in sweep.template.answers:
        said = _said_right(sweep, answer)
        if len(said) == 1:
            path = sweep.path(answer.name, "value") if isinstance(answer, NumericAnswer) else sweep.path(answer.name)
            yield Finding(path, f"{_as_words(said.pop())} {every}", first)
        elif isinstance(answer, OptionsAnswer) and not any(map(_varies, answer.pool)):
            yield Finding(sweep.path(answer.name), f"every option has one text, and is right or wrong {every}", first)


def _varies(option: PoolOption) -> bool:
    """Whether an option says now this and now that, or is only at times true."""
    return bool(option.text.holes) or not isinstance(option.true_when, bool)


def _said_right(sweep: Sweep, answer: Answer) -> set[Hashable]:
    """All that is ever right for an answer; nothing for kinds that have no key."""
    return {right for _, one, keys in sweep.answers(type(answer)) if one.name == answer.name for right in _right(one, keys)}


def _right(answer: Answer, keys: Any) -> Iterator[Hashable]:
    """What is right in each variant, told apart by what it says and not by where it stands."""
    match answer:
        case NumericAnswer():
            yield from keys.bands.value.tolist()
        case ChoiceAnswer() | MultipleAnswer():
            shown = keys.offer.shown
            right = np.arange(len(shown))[:, None] == keys.key if isinstance(answer, ChoiceAnswer) else keys.right
            for row in range(shown.shape[1]):
                options = shown[right[:, row], row].tolist()
                yield frozenset(plain_text(keys.offer.texts[option][row]) for option in options)
        case TextAnswer():
            yield from (frozenset([plain_text(text)]) for text in keys.accepted[0])
        case OrderAnswer():
            for row, order in enumerate(np.argsort(keys.ranks, axis=0, kind="stable").T.tolist()):
                yield tuple(plain_text(keys.texts[keys.shown[place, row]][row]) for place in order)
        case MatchAnswer():
            for row in range(keys.key.shape[1]):
                pairs = zip(keys.shown[:, row].tolist(), keys.right_shown[keys.key[:, row], row].tolist(), strict=True)
                yield frozenset((plain_text(keys.lefts[a][row]), plain_text(keys.rights[b][row])) for a, b in pairs)
        case DistributionAnswer():
            yield from (tuple(column) for column in keys.value.T.tolist())


def _as_words(right: Hashable) -> str:
    match right:
        case float():
            return f"the key is {right:.6g}"
        case frozenset():
            said = " and ".join(sorted(f"“{one}”" if isinstance(one, str) else "“{}” with “{}”".format(*one) for one in right))
            return f"{shortened(said, 120) or 'none of the options'} is right"
        case tuple():
            return f"the key is {shortened(', '.join(map(str, right)), 120)}"
    return f"“{right}” is right"


@check("settled-statement", "warning")
def settled_statement(sweep: Sweep) -> Iterator[Finding]:
    """A statement is offered as true under a condition, its ``true_when``, but wherever it is offered the condition holds, or
    it never does: students learn that this statement is always right or always wrong, whatever the numbers are, or the
    condition does not say what was meant. Mend the condition or the draws; or write ``true_when: true`` or ``false`` if it
    is meant so. (Options of one text count as one.)
    """
    for answer in sweep.template.answers:
        if not isinstance(answer, OptionsAnswer):
            continue
        met: dict[Hashable, dict[bool, int]] = {}
        for part, one, _ in sweep.answers(OptionsAnswer):
            for option in one.pool if one.name == answer.name else ():
                offered = np.ones(len(part.block), dtype=np.bool_) if option.when is None else part.block.truths(option.when)
                true = option.true_when
                holds = offered & (true if isinstance(true, bool) else part.block.truths(true))
                counts = met.setdefault(option.text.text, {True: 0, False: 0})
                counts[True] += int(holds.sum())
                counts[False] += int((offered & ~holds).sum())
        for option in answer.pool:
            counts = met[option.text.text]
            never = [outcome for outcome, count in counts.items() if not count]
            if isinstance(option.true_when, Expression) and len(never) == 1 and sum(counts.values()) >= EXPECTED:
                path: Path = (*option.path, "true_when")
                said = "holds wherever this is offered" if never == [False] else "never holds where this is offered"
                yield Finding(path, f"'{option.true_when.source}' {said}")
