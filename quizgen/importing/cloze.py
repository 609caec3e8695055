r"""Moodle's embedded answers (cloze): ``{1:NUMERICAL:=0.105:0.0005#well done~%50%0.1:0.05}`` inside a text.

``~`` separates answers, ``=`` or ``%n%`` before one is its weight, ``#`` begins its feedback, ``\`` makes a plain character
of the next ``} # ~ / " \``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from decimal import InvalidOperation

from quizgen.importing.converting import plain_words
from quizgen.importing.forms import Form
from quizgen.importing.gift import decimal
from quizgen.importing.prose import MOST_PLACES, place
from quizgen.importing.questions import Answer, Asked, NotCarriedError
from quizgen.importing.weighing import Weighed, WeighedNumber, number_of, one_of, several_of, typed_of

_KINDS = {
    "number": "NUMERICAL NM",
    "typed": "SHORTANSWER SA MW",
    "typed exactly": "SHORTANSWER_C SAC MWC",
    "one": "MULTICHOICE MC MULTICHOICE_V MCV MULTICHOICE_H MCH",
    "one shuffled": "MULTICHOICE_S MCS MULTICHOICE_VS MCVS MULTICHOICE_HS MCHS",
    "several": "MULTIRESPONSE MR MULTIRESPONSE_H MRH",
    "several shuffled": "MULTIRESPONSE_S MRS MULTIRESPONSE_HS MRHS",
}
_KIND = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_START = re.compile(rf"\{{(\d{{0,4}}):({'|'.join(sorted(_KIND, key=len, reverse=True))}):")
_PART = re.compile(r"((?:\\.?|[^\\~}])*+)([~}]?)", re.DOTALL)
_WEIGHT = re.compile(r"=|%(-?\d{1,3}(?:\.\d+)?)%")
_TWICE = re.compile(r"&(?:amp|#38|#x26);#?\w{1,12};", re.IGNORECASE)
_BEFORE_FEEDBACK = re.compile(r"((?:\\.?|&#?\w{1,12};|[^\\#])*+)(?:#(.*))?", re.DOTALL)

Carry = Callable[[str, Form], str]
"""Gives a text of some form as Markdown on one line; notes what is lost."""


def read_gaps(source: str, form: Form, carry: Carry, lost: list[str]) -> tuple[str, tuple[Answer, ...]]:
    """The text with characters for places where its gaps were, and the gaps' answers.

    Raises:
        NotCarriedError: there is no gap, or one that cannot be read.
    """
    parts: list[str] = []
    answers: list[Answer] = []
    at = 0
    while (start := _START.search(source, at)) is not None:
        if len(answers) == MOST_PLACES:
            raise NotCarriedError(f"it has more than {MOST_PLACES} gaps")
        name = f"gap_{len(answers) + 1}"
        said: list[str] = []
        try:
            given, end = _given(source, start.end())
            asked, gone = _asked(_KIND[start[2]], given, form, carry)
            said.extend(gone)
        except NotCarriedError as error:
            raise NotCarriedError(f"{name}: {error}") from error
        weight = int(start[1] or 1)
        if not weight:
            raise NotCarriedError(f"{name}: its weight is 0")
        parts.extend((source[at : start.start()], place(len(answers))))
        answers.append(Answer(asked, name, f"Gap {len(answers) + 1}", weight))
        lost.extend(f"{name}: {what}" for what in said)
        at = end
    if not answers:
        raise NotCarriedError("it has no gap")
    return "".join([*parts, source[at:]]), tuple(answers)


def _given(source: str, at: int) -> tuple[list[str], int]:
    """The answers of a gap that begin here, and where the gap ends."""
    given: list[str] = []
    while True:
        part = _PART.match(source, at)
        if part is None or not part[2]:
            raise NotCarriedError("its } is missing")
        given.append(part[1].strip())
        at = part.end()
        if part[2] == "}":
            return [one for one in given if one], at


def _asked(kind: str, given: list[str], form: Form, carry: Carry) -> tuple[Asked, list[str]]:
    weighed, stated = [], False
    for one in given:
        weight = _WEIGHT.match(one)
        fraction = 0.0 if weight is None else 1.0 if weight[1] is None else float(weight[1]) / 100
        stated = stated or bool(weight and weight[1])
        split = _BEFORE_FEEDBACK.match(one[weight.end() :] if weight else one)
        text, feedback = (split[1], split[2] or "") if split else ("", "")
        said = carry(_read_once(_unescaped(feedback), form), form) if feedback else ""
        weighed.append((_unescaped(text).strip(), fraction, said))
    match kind.split():
        case ["number"]:
            return _number(weighed, form)
        case ["typed", *exactly]:
            return typed_of([Weighed(_literal(text, form), f, said) for text, f, said in weighed], case_sensitive=bool(exactly))
        case ["one", *shuffled]:
            return one_of(
                [Weighed(carry(_read_once(text, form), form), f, said) for text, f, said in weighed], shuffled=bool(shuffled)
            )
        case [_, *shuffled]:
            right = sum(f > 0 for _, f, _ in weighed) or 1
            shares = [(text, f if stated else (1 if f > 0 else -1) / right, said) for text, f, said in weighed]
            options = [Weighed(carry(_read_once(text, form), form), f, said) for text, f, said in shares]
            return several_of(options, shuffled=bool(shuffled))
    raise AssertionError(kind)


def _number(weighed: list[tuple[str, float, str]], form: Form) -> tuple[Asked, list[str]]:
    numbers, lost = [], []
    for text, fraction, feedback in weighed:
        bare = _literal(text, form)
        if bare == "*":
            lost.append("the feedback for any other number")
            continue
        value, _, tolerance = bare.partition(":")
        try:
            numbers.append(WeighedNumber(decimal(value), abs(decimal(tolerance or "0")), fraction, feedback))
        except InvalidOperation as error:
            raise NotCarriedError(f"“{bare[:40]}” is no number with a tolerance") from error
    asked, more = number_of(numbers)
    return asked, [*lost, *more]


def _literal(text: str, form: Form) -> str:
    return " ".join(text.split()) if form == "plain" else plain_words(text, "html")


def _read_once(text: str, form: Form) -> str:
    """HTML of a gap. Moodle reads its entities before it takes it for HTML, so that some files have entities of entities."""
    return html.unescape(text) if form == "html" and _TWICE.search(text) else text


def _unescaped(text: str) -> str:
    return re.sub(r"\\([}#~/\"\\])", lambda match: html.escape(match[1]), text)
