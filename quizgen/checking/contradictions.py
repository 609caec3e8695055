"""Checks of what is said against what is marked: the digits that the words name, and what feedback says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizgen.answers.numeric import NumericAnswer
from quizgen.answers.options import OptionsAnswer
from quizgen.checking.base import Finding, check
from quizgen.checking.sweep import Sweep
from quizgen.checking.wording import asked
from quizgen.folding import shortened

_COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_DIGITS = re.compile(r"\b(\d|one|two|three|four|five|six)[\s-]+(decimal|significant)", re.IGNORECASE)


@check("rounding-contradicts", "warning")
def rounding_contradicts(sweep: Sweep) -> Iterator[Finding]:
    """The words ask for another number of decimals or significant digits than the answer does: a student who obeys the words
    is marked wrong, or with more room than told. Say the same in both, or leave the words out, for the field shows it.
    """
    for answer in sweep.template.answers:
        if not isinstance(answer, NumericAnswer) or answer.accuracy.rounding in (None, ("decimals", 0)):
            continue  # that a number is whole is said in many ways
        assert answer.accuracy.rounding is not None
        form, digits = answer.accuracy.rounding
        kind = {"decimals": "decimal", "sigfigs": "significant"}[form]
        said = _DIGITS.findall(asked(sweep, answer.name))
        told = {
            _COUNTS.get(count.lower(), count if not count.isdigit() else int(count)) for count, what in said if what == kind
        }
        twice = len(told) > 1 and sweep.template.single
        if told and (digits not in told or twice):
            told_words = " or ".join(map(str, sorted(told, key=str)))
            yield Finding(
                sweep.path(answer.name, form), f"the words ask for {told_words} {kind} digits, the answer for {digits}"
            )


_PRAISE = re.compile(
    r"\W*(?:(?:that|this|it) is |it's |you are |yes\W+)?(?:right|correct|well done|exactly|true)\b", re.IGNORECASE
)
_BLAME = re.compile(
    r"\W*(?:(?:that|this|it) is |no\W+)?(?:wrong|incorrect|not (?:right|correct|true|quite)|false)\b", re.IGNORECASE
)


@check("feedback-contradicts", "error")
def feedback_contradicts(sweep: Sweep) -> Iterator[Finding]:
    """What a student reads who chose a wrong option begins with “right” or “correct”, or of an option that is always right it
    says that it is wrong. Say what is so.
    """
    for answer in sweep.template.answers:
        for option in answer.pool if isinstance(answer, OptionsAnswer) else ():
            said = option.feedback.text.marked if option.feedback is not None else ""
            if (option.true_when is False and _PRAISE.match(said)) or (option.true_when is True and _BLAME.match(said)):
                is_so = "right" if option.true_when else "wrong"
                yield Finding((*option.path, "feedback"), f"the option is {is_so}, but its feedback says “{shortened(said)}”")
