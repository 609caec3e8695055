"""R/exams: one exercise a file, in Markdown, of which the static parts are read; what R computes is told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import InvalidOperation
from typing import TypeVar

from quizgen.errors import QuestionFileError
from quizgen.folding import shortened
from quizgen.importing.converting import carried, plain_words
from quizgen.importing.gift import decimal
from quizgen.importing.prose import MOST_PLACES, clean, place
from quizgen.importing.questions import Answer, Asked, Choice, Free, NotCarriedError, Question, Read, Refused, Several
from quizgen.importing.weighing import Weighed, WeighedNumber, number_of, one_of, several_of, typed_of

AskedT = TypeVar("AskedT", bound=Asked)

CREDIT = "false2"
"""How R/exams marks several choices unless told otherwise where an exam is made; an exercise does not say."""

_SECTIONS = ("question", "solution", "meta-information", "answerlist")
_UNDERLINE = re.compile(r"(=+|-+)\s*")
_ATX = re.compile(r"#{1,3}\s+([A-Za-z-]+)\s*#*\s*")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})\s*(.*)")
_INLINE_R = re.compile(r"`r\s[^`]*`")
_META = re.compile(r"(ex\w+)(\[[^\]]*\])?\s*:\s*(.*)")
_ANSWER = re.compile(r"##ANSWER(\d{1,3})##")
_TRUTH = re.compile(r"(?:true|false|right|wrong|correct|incorrect)\s*[.:!]?", re.IGNORECASE)
_TEXTS = {"schoice", "mchoice"}


def read_rexams(text: str, name: str) -> list[Read]:
    """The exercise of a file.

    Raises:
        QuestionFileError: it has no sections ``Question`` and ``Meta-information``.
    """
    parts, chunks = _sections(clean(text))
    missing = [section for section in ("question", "meta-information") if section not in parts]
    if missing:
        heading = missing[0].capitalize()
        raise QuestionFileError.at(name, f"this is no R/exams exercise in Markdown: it has no section “{heading}”")
    return [_Exercise(parts, chunks, name).read()]


def _sections(text: str) -> tuple[dict[str, str], list[str]]:
    """The text of each section (of an answer list: ``question answerlist``) without chunks of R, and the chunks."""
    parts: dict[str, list[str]] = {}
    chunks: list[str] = []
    current, at = "", ""
    lines = text.split("\n")
    fence, chunk = "", False
    for number, line in enumerate(lines):
        marks = _FENCE.match(line)
        if fence:
            if marks and marks[1].startswith(fence) and not marks[2]:
                fence, chunk, keep = "", False, not chunk
            else:
                keep = not chunk
            if keep:
                parts.setdefault(at, []).append(line)
            continue
        if marks:
            fence = marks[1]
            chunk = re.match(r"\{\s*[rR]\b", marks[2]) is not None
            if chunk:
                label = re.match(r"\{\s*[rR]\s*([^,}=]*)(?=[,}])", marks[2])
                chunks.append((label[1].strip() if label else "") or f"in line {number + 1}")
                continue
        if found := _heading(lines, number):
            current = current if found == "answerlist" else found
            at = f"{current} answerlist" if found == "answerlist" else found
            parts.setdefault(at, [])
        elif not (number and _heading(lines, number - 1) and _UNDERLINE.fullmatch(line)):
            parts.setdefault(at, []).append(line)
    return {section: "\n".join(found).strip() for section, found in parts.items() if section}, chunks


def _heading(lines: Sequence[str], number: int) -> str:
    """The section that a line begins, or nothing."""
    line = lines[number].strip()
    atx = _ATX.fullmatch(line)
    if atx is not None:
        line = atx[1]
    elif number + 1 == len(lines) or not _UNDERLINE.fullmatch(lines[number + 1]):
        return ""
    return line.casefold() if line.casefold() in _SECTIONS else ""


def _items(text: str) -> list[str]:
    """The items of a list, each with the lines that belong to it."""
    items: list[str] = []
    for line in text.split("\n"):
        begun = re.match(r"[*+-](?:\s+(.*)|$)", line)
        if begun:
            items.append(begun[1] or "")
        elif items:
            items[-1] += f"\n{line.strip()}"
    return [item.strip() for item in items]


class _Exercise:
    """Reads one exercise; collects what is lost of it."""

    def __init__(self, parts: dict[str, str], chunks: Sequence[str], name: str) -> None:
        self.parts = parts
        self.origin = name
        self.meta = dict(self._meta(parts["meta-information"]))
        self.title = plain_words(self.meta.get("extitle") or self.meta.get("exname", ""), "dollars")
        self.lost = [f"the R chunk {chunk}" for chunk in chunks]

    @staticmethod
    def _meta(text: str) -> Iterator[tuple[str, str]]:
        for line in text.split("\n"):
            if found := _META.match(line.strip()):
                yield found[1].casefold() + (found[2] or ""), found[3].strip()

    def read(self) -> Read:
        try:
            return self._read()
        except NotCarriedError as error:
            return Refused(self.origin, self.title, str(error))

    def _read(self) -> Question:
        key = self.meta.get("exsolution", "")
        kind = self.meta.get("extype", "").casefold()
        if _INLINE_R.search(key):
            raise NotCarriedError(f"R computes its solution: {shortened(key, 80)}")
        source = self.parts["question"]
        listed, said = (_items(self.parts.get(f"{section} answerlist", "")) for section in ("question", "solution"))
        if kind == "cloze":
            source, answers = self._cloze(source, key, listed, said)
        else:
            answers = (Answer(self._asked(kind, key, listed, said, self.meta.get("extol", ""))),)
            if kind not in _TEXTS and listed:
                source += "\n\n" + "\n".join(f"* {item}" for item in listed)
        stem = self._text(source, inline=False)
        if not stem.strip():
            raise NotCarriedError("there is no text that asks something")
        for number, answer in enumerate(answers):
            if answer.name and stem.count(place(number)) != 1:
                raise NotCarriedError(f"{answer.name} stands where no answer can, or not just once")
            stem = stem.replace(place(number), f"{{{{ answer.{answer.name} }}}}")
        solution = self._text(self.parts.get("solution", ""), inline=False)
        tags = tuple(part.strip() for part in self.meta.get("exsection", "").split("/") if part.strip())
        computed = dict.fromkeys(span for part in self.parts.values() for span in _INLINE_R.findall(part))
        self.lost.extend(f"what R computes: {shortened(span, 80)}" for span in computed)
        self.lost.extend(f"the meta-information {key}" for key in self.meta if key.startswith("exextra"))
        title = self.title or plain_words(source, "dollars")
        return Question(self.origin, title, stem, answers, solution, (), tags, tuple(dict.fromkeys(self.lost)))

    def _text(self, source: str, *, inline: bool = True) -> str:
        made = carried(source, "dollars", inline=inline)
        self.lost.extend(made.lost)
        return made.text

    def _told(self, made: tuple[AskedT, list[str]]) -> AskedT:
        self.lost.extend(made[1])
        return made[0]

    def _asked(self, kind: str, key: str, listed: Sequence[str], said: Sequence[str], tolerance: str) -> Asked:
        match kind:
            case "schoice" | "mchoice":
                return self._choice(kind, key, listed, said)
            case "num":
                try:
                    weighed = WeighedNumber(decimal(key), abs(decimal(tolerance or "0")), 1.0)
                except InvalidOperation as error:
                    told = f"“{shortened(key)}” and the tolerance “{shortened(tolerance)}” are not both numbers"
                    raise NotCarriedError(told) from error
                return self._told(number_of([weighed]))
            case "string" if self.meta.get("exstringtype", "").startswith("essay"):
                return Free()
            case "string":
                written = key.replace("*", "\\*")
                return self._told(typed_of([Weighed(written, 1.0)], case_sensitive=True))
            case "essay":
                return Free()
        raise NotCarriedError(f"exercises of type “{shortened(kind)}” are not read")

    def _choice(self, kind: str, key: str, listed: Sequence[str], said: Sequence[str]) -> Asked:
        if not re.fullmatch("[01]+", key) or len(key) != len(listed):
            raise NotCarriedError(
                f"the solution {shortened(key) or '(none)'} is not a 0 or 1 for each of {len(listed)} answers"
            )
        feedback = [item if _TRUTH.fullmatch(item) is None else "" for item in said] + [""] * len(listed)
        weighed = [
            Weighed(self._text(text), float(bit), self._text(why))
            for text, bit, why in zip(listed, key, feedback, strict=False)
        ]
        stated = self.meta.get("exshuffle", "").casefold()
        shuffled = stated not in ("", "false", "f", "0")
        asked: Choice | Several
        if kind == "schoice":
            asked = self._told(one_of(weighed, shuffled=shuffled))
        else:
            asked = self._told(several_of(weighed, shuffled=shuffled, credit=CREDIT))
        drawn = int(stated) if re.fullmatch(r"\d{1,3}", stated) else 0
        return replace(asked, shown=min(drawn, asked.shown)) if drawn > 1 else asked

    def _cloze(self, source: str, key: str, listed: list[str], said: list[str]) -> tuple[str, tuple[Answer, ...]]:
        """The text with characters for places, and the answers: each kind takes its items of the list in turn."""
        keys = [part.strip() for part in key.split("|")]
        kinds = [part.strip().casefold() for part in self.meta.get("exclozetype", "").split("|")]
        tolerances = [part.strip() for part in self.meta.get("extol", "").split("|")]
        if len(tolerances) == 1:
            tolerances *= len(keys)
        if len(kinds) != len(keys) or len(tolerances) != len(keys) or len(keys) > MOST_PLACES:
            raise NotCarriedError(f"exclozetype and extol do not go with the {len(keys)} parts of exsolution")
        answers, labels = [], []
        for number, (kind, part) in enumerate(zip(kinds, keys, strict=True)):
            name, taken = f"gap_{number + 1}", len(part) if kind in _TEXTS else min(len(listed), 1)
            own, listed = listed[:taken], listed[taken:]
            why, said = said[:taken], said[taken:]
            try:
                asked = self._asked(kind, part, own, why if kind in _TEXTS else (), tolerances[number])
            except NotCarriedError as error:
                raise NotCarriedError(f"{name}: {error}") from error
            label = "" if kind in _TEXTS or not own else own[0]
            answers.append(Answer(asked, name, plain_words(label, "dollars") or f"Gap {number + 1}"))
            labels.append(label)
            self.lost.extend(f"the solution of {name}: “{shortened(one)}”" for one in why if kind not in _TEXTS and one)
        placed = set()

        def put(match: re.Match[str]) -> str:
            number = int(match[1]) - 1
            if not 0 <= number < len(answers):
                raise NotCarriedError(f"there is no answer for {match[0]}")
            placed.add(number)
            return place(number)

        source = _ANSWER.sub(put, source)
        rest = [f"* {labels[number]} {place(number)}" for number in range(len(answers)) if number not in placed]
        return "\n".join([source, "", *rest]), tuple(answers)
