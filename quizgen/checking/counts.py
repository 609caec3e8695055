"""A check of nouns behind numbers: one token, two tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizgen.checking.base import Finding, Path, check
from quizgen.checking.prose import Passage, prose
from quizgen.checking.sweep import Sweep

_REGULAR = (
    "token|word|model|byte|bit|nat|ban|text|sentence|decimal|digit|case|item|letter|prediction|row|column|step|document|"
    "character|hint|option|student|page|position|example|sample|sequence|number|error|mistake|line|entry|"
    "trial|day|hour|minute|second|week|year|point|percentage point|layer|parameter|epoch|batch|probability|loss|"
    "class|guess|choice|candidate|continuation|reference|annotator|message|image|coin|die|marker|span|mask|topic|language|"
    "source|term|factor|variant|observation|prompt|response|corpus|query|category|frequency|person|child"
)
_IRREGULAR = {"die": "dice", "corpus": "corpora", "person": "people", "child": "children"}


def _many(noun: str) -> str:
    if noun in _IRREGULAR:
        return _IRREGULAR[noun]
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + ("es" if re.search(r"(?:s|x|ch|sh)$", noun) else "s")


_PLURALS = "|".join(_many(noun) for noun in _REGULAR.split("|"))
_BETWEEN = r"(?:(?:more|other|whole|true|correct|wrong|new|further|different|hidden|such|real|long|short|\w+ed)\s+)?"
_NAMED = rf"(?:{_REGULAR}|no\.|figure|table|part|chapter|section|version|{_PLURALS})\s+"
"""What stands before a number that is a name and no count: label 1, step 2."""

_END = (
    r"(?=\s*(?:[.,;:?!)”’]|$)|\s+(?:of|in|and|or|is|are|was|were|that|which|who|from|for|to|at|on|by|have|has|had|with|each|"
    r"per|than|as)\b)"
)
_START = r"(?<![\w.,/^=−-])(?<!\bor )(?<!\bto )(?<!\band )"
_ONE_OF_MANY = rf"{_START}(?:%s)\s+{_BETWEEN}(?:{_PLURALS})\b(?![-’'])"
_MANY_OF_ONE = rf"{_START}(?:%s)\s+{_BETWEEN}(?:{_REGULAR})\b{_END}"
_ARE_ONE = r"\b(?:there (?:are|were)|are there|were there)\s+(?:only\s+|just\s+)?(?:%s)(?![\w.,/])\s"
_TEN = "two|three|four|five|six|seven|eight|nine|ten|both|several|many|these|those"
_IN_DIGITS, _IN_WORDS = (
    re.compile("|".join([_ONE_OF_MANY % one, _MANY_OF_ONE % many, _ARE_ONE % one]), re.IGNORECASE)
    for one, many in (("1", r"[2-9]|[1-9]\d+|[1-9]\d*\.\d+"), ("one", _TEN))
)
_NAME_BEFORE = re.compile(rf"\b{_NAMED}$|[=≈+·/]\s*$", re.IGNORECASE)


@check("plural", "warning")
def plural(sweep: Sweep) -> Iterator[Finding]:
    """A noun does not go with the number before it in some variant: “1 tokens”, “2 token”, “there are 1”. Where the number is
    inserted, write ``{{ n }} {{ plural(n, "token", "tokens") }}``.
    """
    told: set[Path] = set()
    for passage in sweep.shared(prose):
        said = _said_wrong(passage) if passage.path not in told else ""
        if said:
            told.add(passage.path)
            yield Finding(passage.path, f"“{said}”: the noun does not go with the number", passage.ordinal)


def _said_wrong(passage: Passage) -> str:
    """The number and noun that do not go together, or nothing; words for numbers count where they are not inserted."""
    for pattern, words in ((_IN_DIGITS, passage.bare), (_IN_WORDS, passage.own)):
        for found in pattern.finditer(words):
            if not _NAME_BEFORE.search(words[: found.start()]):
                return " ".join(found[0].split())
    return ""
