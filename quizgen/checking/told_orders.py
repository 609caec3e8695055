"""Checks of what the words say of two things taken from each other: which is the larger, and when the result is negative."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizgen.answers.numeric import NumericAnswer
from quizgen.checking.base import Finding, check
from quizgen.checking.sweep import Sweep
from quizgen.checking.wording import asking_line

_LARGER, _SMALLER = r"(?:larger|higher|greater|bigger)", r"(?:smaller|lower|lesser)"
_NOUN = r"(?:\s+(?!divided|minus)\w+){0,2}"
_FORMS = (
    (re.compile(rf"\b{_LARGER}{_NOUN}\s+(?:is\s+)?divided\s+by\s+(?:the\s+)?{_SMALLER}\b", re.I), 1.0, 1),
    (re.compile(rf"\b{_SMALLER}{_NOUN}\s+(?:is\s+)?divided\s+by\s+(?:the\s+)?{_LARGER}\b", re.I), 1.0, -1),
    (re.compile(rf"\bratio of (?:the )?{_LARGER}{_NOUN}\s+to\s+(?:the\s+)?{_SMALLER}\b", re.I), 1.0, 1),
    (re.compile(rf"\bratio of (?:the )?{_SMALLER}{_NOUN}\s+to\s+(?:the\s+)?{_LARGER}\b", re.I), 1.0, -1),
    (re.compile(rf"\b{_LARGER}{_NOUN}\s+minus\s+(?:the\s+)?{_SMALLER}\b", re.I), 0.0, 1),
    (re.compile(rf"\b{_SMALLER}{_NOUN}\s+minus\s+(?:the\s+)?{_LARGER}\b", re.I), 0.0, -1),
)
"""What is asked for, the number that it never crosses, and on which side of that it lies."""

_SIGN = re.compile(
    r"\b(?P<first>[A-Z][\w’']*|first|second)\b(?P<between>[^.?!;()]*?)\bminus\b[^.?!;()]*?\b(?P<second>[A-Z][\w’']*|first|second)\s*"
    r"\(\s*(?P<sign>negative|positive|below 0|above 0)\s+(?:if|when|where)\s+(?:the\s+|that of\s+|\w+\s+(?=[A-Z]))?"
    r"(?P<which>[A-Z]\w*|first|second)(?:['’]s)?(?:\s+(?!is\b)\w+){0,2}\s+is\s+(?:the\s+)?(?P<size>\w+)",
)
_SIGNED = re.compile(r"\((?:negative|positive|below 0|above 0)\b")
_IS_LARGER = {"larger": True, "higher": True, "greater": True, "bigger": True, "smaller": False, "lower": False, "less": False}


@check("order-contradicts", "error")
def order_contradicts(sweep: Sweep) -> Iterator[Finding]:
    """The words ask for the larger divided by the smaller and the key is below 1 in some variant, or for the larger minus the
    smaller and it is below 0; or they ask for A minus B “(negative if B's is smaller)”, which is when it is positive. Take
    ``max`` and ``min`` of the two, or say the other.
    """
    for part, answer, keys in sweep.answers(NumericAnswer):
        label = answer.shared.prompt.text.marked if answer.shared.prompt else ""
        words = f"{label}\n{asking_line(sweep, answer.name)}"
        asks = [(found[0], bound, side) for pattern, bound, side in _FORMS if (found := pattern.search(words))]
        if len(asks) == 1:
            wanted, bound, side = asks[0]
            value = keys.bands.value
            bad = side * (value - bound) < -1e-9
            if bad.any():
                said = f"the words ask for “{wanted}”, but the key is {value[bad][0]:.6g}"
                yield Finding(sweep.path(answer.name, "value"), said, part.first(bad))
    yield from _sign_told_otherwise(sweep)


def _sign_told_otherwise(sweep: Sweep) -> Iterator[Finding]:
    """A difference whose sign is explained the wrong way round."""
    labels = [(sweep.path(one.name, "label"), one.shared.prompt) for one in sweep.template.answers]
    texts = [(("stem",), sweep.stems[0]), *((path, prompt.text.marked) for path, prompt in labels if prompt is not None)]
    for path, text in texts:
        for found in (
            _SIGN.finditer(" ".join(text.replace("*", "").split())) if "minus" in text and _SIGNED.search(text) else ()
        ):
            first, second, which = found["first"], found["second"], found["which"]
            larger = _IS_LARGER.get(found["size"])
            if larger is None or first == second or which not in (first, second):
                continue
            positive = larger == (which == first)
            if positive != (found["sign"] in ("positive", "above 0")):
                asks = found[0][found.end("between") - found.start() :]
                yield Finding(path, f"“{first} {asks})” is not so: then it is {'positive' if positive else 'negative'}")
                return
