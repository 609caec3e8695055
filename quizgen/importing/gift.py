r"""GIFT: questions as plain text, separated by blank lines, with their answers in braces.

``::title::text {answers}``; ``=`` begins a right answer, ``~`` a wrong one, ``#`` feedback, ``%50%`` a weight, ``->`` joins
a pair, ``####`` begins the general feedback; ``\`` before one of ``~ = # { } : \`` makes a plain character of it, ``\n`` is
the end of a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from quizgen.errors import QuestionFileError
from quizgen.folding import shortened
from quizgen.importing.converting import carried, plain_words
from quizgen.importing.forms import Form
from quizgen.importing.prose import clean, place
from quizgen.importing.questions import Answer, Asked, Choice, Free, NotCarriedError, Option, Question, Read, Refused
from quizgen.importing.weighing import Weighed, WeighedNumber, number_of, one_of, pairs_of, several_of, typed_of

AskedT = TypeVar("AskedT", bound=Asked)

_ESCAPED = "\\~=#{}:n"
_HIDDEN = 0xF800
"""The first of the characters that stand for escaped ones, in the order above, until a text is taken."""

_FORMS: dict[str, Form] = {"html": "html", "moodle": "moodle", "plain": "plain", "markdown": "markdown"}
_WEIGHT = re.compile(r"%\s*(-?\d{1,3}(?:\.\d+)?)\s*%")
_CATEGORY = re.compile(r"\$CATEGORY:(.*)")
_TAG = re.compile(r"\[tag:([^\]]+)\]")
_TRUTH = {"T": True, "TRUE": True, "F": False, "FALSE": False}
_BLANK = "_____"


def read_gift(text: str, name: str) -> list[Read]:
    """The questions of a GIFT file, in order; one whose braces are not balanced is refused, with the line of the brace.

    Raises:
        QuestionFileError: text without a single brace that would hold answers.
    """
    found: list[Read] = []
    asks = False
    tags: tuple[str, ...] = ()
    for part in _parts(clean(text)):
        category = _CATEGORY.match(part.text)
        if category:
            tags = categories(_shown(category[1]))
            part = part.after(category.end())
        if not part.text:
            continue
        asks = asks or "{" in part.text or "}" in part.text
        fault = _unbalanced(part)
        if fault is not None:
            line, column, what = fault
            found.append(Refused(f"{name}:{line}:{column}", _Question(part, name, tags).words(), what))
            continue
        found.append(_Question(part, name, tags).read())
    if found and not asks:
        raise QuestionFileError.at(name, "there are no questions in this file: in GIFT answers stand in braces, {…}")
    return found


def categories(path: str) -> tuple[str, ...]:
    """The names in a path of categories, but for those that every course has; ``//`` is a slash in a name."""
    names = [part.replace("\0", "/").strip() for part in path.replace("//", "\0").split("/")]
    return tuple(name for name in names if name and name not in ("top", "$course$", "$system$", "$module$", "$cat1$"))


@dataclass(frozen=True, slots=True)
class _Part:
    """Text between blank lines, escaped characters hidden, without comments; the line where it begins; tags of comments."""

    text: str
    line: int
    tags: tuple[str, ...]

    def after(self, at: int) -> _Part:
        rest = self.text[at:]
        bare = rest.lstrip()
        line = self.line + self.text[: at + len(rest) - len(bare)].count("\n")
        return _Part(bare, line, self.tags)


def _parts(text: str) -> Iterator[_Part]:
    lines: list[str] = []
    tags: list[str] = []
    first = 0
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if not line.strip():
            whole = "\n".join(lines).rstrip()
            if whole.strip():
                yield _Part(_hidden(whole), first, tuple(tags))
                tags = []
            lines = []
        elif line.lstrip().startswith("//"):
            tags.extend(tag.strip() for tag in _TAG.findall(line))
            if lines:
                lines.append("")
        else:
            if not lines:
                first, line = number, line.lstrip()
            lines.append(line)


def _hidden(text: str) -> str:
    return re.sub(r"\\([\\~=#{}:n])", lambda match: chr(_HIDDEN + _ESCAPED.index(match[1])), text)


def _shown(text: str) -> str:
    for index, sign in enumerate(_ESCAPED):
        text = text.replace(chr(_HIDDEN + index), "\n" if sign == "n" else sign)
    return text


def _unbalanced(part: _Part) -> tuple[int, int, str] | None:
    """The line, column and fault of the first brace without its partner."""
    opened = -1
    for match in re.finditer("[{}]", part.text):
        if match[0] == "{" and opened < 0:
            opened = match.start()
        elif match[0] == "{":
            return *_spot(part, match.start()), "a { inside the answers: a brace that is meant as such is written \\{"
        elif opened < 0:
            return *_spot(part, match.start()), "this } has no { before it; a brace that is meant as such is written \\}"
        else:
            opened = -1
    if opened >= 0:
        return *_spot(part, opened), "this { has no } before the next blank line; answers hold no blank lines"
    return None


def _spot(part: _Part, at: int) -> tuple[int, int]:
    before = part.text[:at]
    hidden = sum(chr(_HIDDEN) <= sign < chr(_HIDDEN + len(_ESCAPED)) for sign in before[before.rfind("\n") + 1 :])
    return part.line + before.count("\n"), at - before.rfind("\n") + hidden


class _Question:
    """Reads one question; collects what is lost of it."""

    def __init__(self, part: _Part, name: str, tags: Sequence[str]) -> None:
        self.part = part
        self.origin = f"{name}:{part.line}"
        self.tags = (*tags, *part.tags)
        self.lost: list[str] = []
        self.form: Form = "moodle"
        self.title = ""

    def read(self) -> Read:
        text = self._titled()
        try:
            return self._read(text)
        except NotCarriedError as error:
            return Refused(self.origin, self._words(text), str(error))

    def words(self) -> str:
        """What tells the question from others: its title, or its text."""
        return self._words(self._titled())

    def _titled(self) -> str:
        """The text without the title before it, which is taken in."""
        text = self.part.text
        if text.startswith("::") and (end := text.find("::", 2)) > 0:
            self.title, text = plain_words(_shown(text[2:end])), text[end + 2 :].strip()
        return text

    def _words(self, text: str) -> str:
        return self.title or plain_words(_shown(re.sub(r"\{.*?\}", _BLANK, text, flags=re.DOTALL)))

    def _read(self, text: str) -> Question:
        blocks = list(re.finditer(r"\{([^{}]*)\}", text))
        if not blocks:
            raise NotCarriedError("it asks nothing: a description has no answers")
        if len(blocks) > 1:
            raise NotCarriedError("there are several answers in braces; GIFT knows one a question")
        before, after = text[: blocks[0].start()], text[blocks[0].end() :]
        self.form, before = self._formed(before)
        given, _, general = blocks[0][1].strip().rpartition("####") if "####" in blocks[0][1] else (blocks[0][1], "", "")
        asked = self._asked(given.strip())
        name = ""
        if after.strip():
            placed = not isinstance(asked, Choice | Free)
            name = "gap" if placed else ""
            before = f"{before}{place(0) if placed else _BLANK}"
        stem = self._text(f"{before}{after}", self.form, inline=False)
        if not stem.replace(place(0), "").strip():
            raise NotCarriedError("there is no text that asks something")
        if name and stem.count(place(0)) != 1:
            raise NotCarriedError("the gap stands where no answer can: in a formula, a link or code")
        title = self.title or plain_words(_shown(f"{before.replace(place(0), _BLANK)}{after}"), self.form)
        stem = stem.replace(place(0), f"{{{{ answer.{name} }}}}")
        solution = self._text(general, inline=False)
        return Question(self.origin, title, stem, (Answer(asked, name),), solution, (), self.tags, tuple(self.lost))

    def _formed(self, text: str) -> tuple[Form, str]:
        """The form that a text states, ``[html]`` before it, and the rest."""
        stated = re.match(r"\s*\[(html|moodle|plain|markdown)\]", text)
        return (_FORMS[stated[1]], text[stated.end() :]) if stated else (self.form, text)

    def _text(self, text: str, form: Form | None = None, *, inline: bool = True) -> str:
        stated, text = (form, text) if form else self._formed(text)
        if stated in ("moodle", "plain"):
            text = " ".join(text.split("\n"))  # where a line of the file ends is layout; \n is what ends a line
        made = carried(_shown(text).strip(), stated, inline=inline)
        self.lost.extend(made.lost)
        return made.text

    def _asked(self, given: str) -> Asked:
        if not given:
            return Free()
        if given.startswith("#"):
            return self._number(given[1:].strip())
        if "~" in given:
            return self._options(given)
        if "=" in given and "->" in given:
            return self._told(pairs_of(self._pairs(given)))
        words = given.partition("#")[0].strip()
        if words in _TRUTH:
            return self._truth(_TRUTH[words], given)
        return self._told(typed_of([self._weighed(part, 1.0, literal=True) for part in _split(given, "=")]))

    def _told(self, made: tuple[AskedT, list[str]]) -> AskedT:
        self.lost.extend(made[1])
        return made[0]

    def _options(self, given: str) -> Asked:
        signed = given if given[0] in "~=" else f"~{given}"
        parts = [part for part in re.findall(r"[~=][^~=]*", signed) if part[1:].strip()]
        weighed = [self._weighed(part[1:], 1.0 if part[0] == "=" else 0.0) for part in parts]
        if "=" in given:
            return self._told(one_of(weighed, shuffled=True))
        return self._told(several_of(weighed, shuffled=True))

    def _weighed(self, part: str, default: float, *, literal: bool = False) -> Weighed:
        fraction, part = _fraction(part, default)
        text, _, feedback = part.partition("#")
        words = " ".join(_shown(self._formed(text)[1]).split()) if literal else self._text(text)
        return Weighed(words, fraction, self._text(feedback))

    def _pairs(self, given: str) -> Iterator[tuple[str, str]]:
        for part in _split(given, "="):
            left, arrow, right = part.partition("->")
            if not arrow:
                raise NotCarriedError(f"“{shortened(_shown(part))}” has no -> to what it belongs to")
            yield self._text(left), self._text(right)

    def _truth(self, right: bool, given: str) -> Choice:
        _, wrong_said, right_said = [*given.split("#", 2), "", ""][:3]
        said = {right: self._text(right_said), not right: self._text(wrong_said)}
        options = tuple(Option(str(value), value is right, said[value]) for value in (True, False))
        return Choice(options, False, 2)

    def _number(self, given: str) -> Asked:
        answers, _, wrong = given.partition("~")
        if "#" in wrong:
            self.lost.append(f"the feedback for any other number: “{shortened(_shown(wrong.partition('#')[2]).strip())}”")
        weighed = []
        for part in _split(answers, "="):
            fraction, rest = _fraction(part, 1.0)
            number, _, feedback = rest.partition("#")
            if number.strip() == "*" and fraction <= 0:
                self.lost.append("the feedback for any other number")
                continue
            value, tolerance = _band(_shown(number).strip())
            weighed.append(WeighedNumber(value, tolerance, fraction, self._text(feedback)))
        return self._told(number_of(weighed))


def _split(given: str, sign: str) -> list[str]:
    return [part.strip() for part in given.split(sign) if part.strip()]


def _fraction(part: str, default: float) -> tuple[float, str]:
    """The weight before an answer, as a fraction, and the rest."""
    weight = _WEIGHT.match(part.strip())
    return (float(weight[1]) / 100, part.strip()[weight.end() :]) if weight else (default, part)


def _band(text: str) -> tuple[Decimal, Decimal]:
    """The middle and half the width of ``value``, ``value:tolerance`` or ``low..high``. Raises `NotCarriedError`."""
    low, dots, high = text.partition("..")
    value, _, tolerance = text.partition(":")
    try:
        if dots:
            bounds = decimal(low), decimal(high)
            if bounds[0] > bounds[1]:
                raise NotCarriedError(f"the range {text} ends before it begins")
            return (bounds[0] + bounds[1]) / 2, (bounds[1] - bounds[0]) / 2
        return decimal(value), abs(decimal(tolerance or "0"))
    except InvalidOperation as error:
        raise NotCarriedError(f"“{shortened(text)}” is no number, number:tolerance or low..high") from error


_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")


def decimal(text: str) -> Decimal:
    """The number with a point as other systems write it. Raises `InvalidOperation` for anything else."""
    if len(text) > 60 or not _DECIMAL.fullmatch(text.strip()):
        raise InvalidOperation(text)
    return Decimal(text.strip())
