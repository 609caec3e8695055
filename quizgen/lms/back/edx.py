"""Open edX's report of problem responses: a row for each input of each student, with the whole state of the problem as JSON.

The state is believed before the columns ``Answer ID`` and ``Answer``, which show the same in words. A problem is known by its
block's name; where it was copied in Studio and has a new one, by the code in its title.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, assert_never

from quizgen.folding import shortened
from quizgen.grading.readers.units import Blob, excerpt
from quizgen.lms.back.base import Known, Report, Returned, Unmatched
from quizgen.lms.back.sheets import Line, heads_of, lines_of, plain_head, sheet_of
from quizgen.lms.back.shown import UnclearError
from quizgen.lms.base import Question
from quizgen.lms.formats.edx.carriers import (
    NONE,
    NONE_OF_THESE,
    YES,
    Carrier,
    Essay,
    Letters,
    List,
    Menus,
    Number,
    Shares,
    Ticks,
    Words,
    inputs,
)
from quizgen.lms.formats.edx.problem import fields_of, worded
from quizgen.quizzes.roster import Student
from quizgen.schemes import ManyOptions, RightPairs

Given: TypeAlias = str | list[str] | None
"""What the state has for an input: a text, the names of boxes that are ticked, or nothing."""

_IDENT = re.compile(r"qg-[0-9a-z]{8}(?![0-9a-z])")
_INPUT = re.compile(r"_(\d+)_(\d+)\Z")
_PROBLEM = re.compile(r"(?:type@|/)problem[+@/]")
_CHOICE = re.compile(r"choice_(\d+)\Z")
_NOT_CHOSEN = re.compile(r"option_.*_dummy_default\Z")
_POINT = re.compile(r"([-+]?[0-9]*)\.([0-9]+(?:[eE][-+]?[0-9]+)?)")
_SEVERAL = re.compile(r"[;|\n=:]")
"""What parts probabilities, and labels from them, where they are typed in one line."""

_SAVED = "it was saved, and not handed in"
_NOBODY = "the report does not say whose response this is: the row has no username"
_UNTOLD = "the report does not tell it: neither its state nor its answer can be read"


def _recognises(blob: Blob) -> bool:
    heads = {plain_head(head) for head in heads_of(blob)}
    return {"username", "state"} <= heads or {"username", "answerid", "answer"} <= heads


def _read(blob: Blob, known: Known) -> Iterator[Returned | Unmatched]:
    for met in _met(blob):
        if isinstance(met, Unmatched):
            yield met
            continue
        if met.key and not _PROBLEM.search(met.key):
            continue  # units, banks of problems and other blocks have states too
        question = _question(met, known)
        if question is None:
            text = met.title or met.key
            yield Unmatched(met.student, text, "this is no problem of the export", met.row)
            continue
        yield _returned(met, question)


@dataclass(slots=True)
class _Met:
    """A problem that a student met: all that its rows say."""

    student: str
    key: str
    title: str
    state: str
    row: int
    shown: dict[str, str] = field(default_factory=dict)


def _met(blob: Blob) -> Iterator[_Met | Unmatched]:
    """The problems that students met, each once, in the order of the report; before them the rows of nobody."""
    found: dict[tuple[str, str, str], _Met] = {}
    for line in lines_of(sheet_of(blob)):
        who = line["username"]
        if not who:
            if not line["blockkey"] or _PROBLEM.search(line["blockkey"]):
                yield Unmatched("", excerpt(_cell(line) or line["state"] or line["title"]), _NOBODY, line.number)
            continue
        key = (who, line["blockkey"] or line["title"] or _INPUT.sub("", line["answerid"]), line["state"])
        one = found.setdefault(key, _Met(who, line["blockkey"], line["title"], line["state"], line.number))
        if line["answerid"]:
            one.shown[line["answerid"]] = _cell(line)
    yield from found.values()


def _cell(line: Line) -> str:
    return "" if line["answer"] == "Answer Text Missing" else line["answer"]


def _question(met: _Met, known: Known) -> Question | None:
    for text in (met.key, *met.shown, met.state):
        for found in _IDENT.finditer(text):
            if (question := known.by_ident(found.group())) is not None:
                return question
    return known.in_text(met.title)


def _returned(met: _Met, question: Question) -> Returned:
    state = _state(met.state)
    given = _given(state, met)
    names = [asked.name for asked in question.asked]
    if given is None:
        unread = dict.fromkeys(names, (shortened(met.state, 200), _UNTOLD))
        return Returned(Student(met.student), question, {}, met.row, unread)
    answers: dict[str, str] = {}
    unread = {}
    saved = bool(state.get("has_saved_answers"))
    place = 0
    for asked, carrier in fields_of(question):
        mine = given[place : place + inputs(carrier)] + [None] * (place + inputs(carrier) - len(given))
        place += inputs(carrier)
        if saved and any(mine):
            unread[asked.name] = (_raw(mine), _SAVED)
            continue
        try:
            if typed := _typed(carrier, mine, question, asked.scheme):
                answers[asked.name] = typed
        except UnclearError as error:
            unread[asked.name] = (_raw(mine), str(error))
    points = _points(state, place)
    earned = points * question.points if points is not None else None
    when = state.get("last_submission_time")
    # A report is of single problems, which files may part in any way: all are of one attempt, and a time tells the last.
    submitted = when if isinstance(when, str) else ""
    return Returned(Student(met.student), question, answers, met.row, unread, earned, question.points, submitted=submitted)


def _state(text: str) -> dict[str, Any]:
    try:
        state = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return state if isinstance(state, dict) else {}


def _given(state: Mapping[str, Any], met: _Met) -> list[Given] | None:
    """What stands in the inputs, in their order; None where the report does not tell."""
    told = state.get("student_answers", {} if state else None)
    if isinstance(told, dict):
        return _in_order(told)
    return _in_order(met.shown) if met.shown else None


def _in_order(told: Mapping[str, Any]) -> list[Given]:
    """Inputs are numbered from ``_2_1``; each of ours is the only one of its response."""
    by_number = {int(found[1]) - 2: value for name, value in told.items() if (found := _INPUT.search(name))}
    last = max(by_number, default=-1)
    return [_tidy(by_number.get(number)) for number in range(last + 1)]


def _tidy(value: object) -> Given:
    if isinstance(value, list):
        return [str(part) for part in value]
    text = str(value) if value is not None else ""
    return text if text.strip() and not _NOT_CHOSEN.match(text) else None


def _raw(mine: Sequence[Given]) -> str:
    return "; ".join("" if one is None else ", ".join(one) if isinstance(one, list) else one for one in mine)


def _points(state: Mapping[str, Any], count: int) -> float | None:
    """The share of the points that the system gave: 0 for who handed nothing in."""
    score, marked = state.get("score"), state.get("correct_map")
    try:
        if isinstance(score, dict) and score.get("raw_possible"):
            return float(score["raw_earned"] or 0) / float(score["raw_possible"])
        if isinstance(marked, dict):
            return sum(_earned(one) for one in marked.values()) / count if count else None
    except (TypeError, ValueError, KeyError, AttributeError):
        return None
    return 0.0 if state else None


def _earned(one: Mapping[str, Any]) -> float:
    points = one.get("npoints")
    return float(points) if points is not None else float(one.get("correctness") == "correct")


# Responses ------------------------------------------------------------------------------------------------------------


def _typed(carrier: Carrier, mine: Sequence[Given], question: Question, scheme: object) -> str:
    """The response as it is typed on a worksheet, empty for none. `UnclearError` where that is not sure."""
    if not any(mine):
        return ""
    match carrier:
        case List():
            return carrier.lines[_line(carrier, _text(mine[0]))].typed
        case Ticks():
            return " ".join(_ticked(carrier, mine[0]))
        case Menus():
            return _chosen(carrier, [_text(one) for one in mine], scheme)
        case Letters():
            return _text(mine[0])
        case Number():
            return _number(_text(mine[0]), question)
        case Words():
            return _text(mine[0])
        case Shares():
            return _shares([_number(_text(one), question) for one in mine])
        case Essay():
            return _text(mine[0])
    assert_never(carrier)


def _text(one: Given) -> str:
    if isinstance(one, list):
        if len(one) != 1:
            raise UnclearError("several answers stand where there is place for one")
        return one[0]
    return one or ""


def _line(carrier: List, text: str) -> int:
    """Which line is chosen: by its number in the state, or by its words."""
    if found := _CHOICE.match(text):
        if int(found[1]) < len(carrier.lines):
            return int(found[1])
    elif carrier.own:
        if (place := _label(text, len(carrier.lines))) is not None:
            return place
    else:
        words = [worded(line.typed) for line in carrier.lines]
        if text in words:
            return words.index(text)
    raise UnclearError(f"'{shortened(text)}' is no line of its list")


def _label(text: str, count: int) -> int | None:
    """The place of the option whose label the text begins with."""
    place = ord(text[0]) - ord("A") if re.match(r"[A-Z]\.(?:\s|\Z)", text) else count
    return place if place < count else None


def _ticked(carrier: Ticks, one: Given) -> Iterator[str]:
    """The labels of the boxes that are ticked, or the word for none."""
    count = len(carrier.right)
    for part in one if isinstance(one, list) else _parts(one or "", count):
        found = _CHOICE.match(part)
        place = int(found[1]) if found else count if part == NONE_OF_THESE else _label(part, count)
        if place is None or place > count - carrier.every:
            raise UnclearError(f"'{shortened(part)}' is none of the options")
        yield chr(ord("A") + place) if place < count else NONE


def _parts(text: str, count: int) -> list[str]:
    """Ticked options as the column shows them, joined by commas, which may stand in options too."""
    if all(_CHOICE.match(part) for part in text.split(", ")):
        return text.split(", ")
    parts = re.split(rf", (?=[A-{chr(ord('A') + count - 1)}]\. ?|{NONE_OF_THESE}\Z)", text)
    labels = [_label(part, count) for part in parts if part != NONE_OF_THESE]
    if None in labels or len(set(labels)) < len(labels):
        raise UnclearError("its ticked options cannot be told apart; export the report with the column state")
    return parts


def _chosen(carrier: Menus, chosen: Sequence[str], scheme: object) -> str:
    if any(one and one not in carrier.choices for one in chosen):
        raise UnclearError(f"'{shortened('; '.join(chosen))}' is not what its menus offer")
    match scheme:
        case ManyOptions():
            if not all(chosen):
                raise UnclearError("not every option was decided")
            return " ".join(chr(ord("A") + i) for i, one in enumerate(chosen) if one == YES) or NONE
        case RightPairs():
            return " ".join(f"{i}-{one}" for i, one in enumerate(chosen, 1) if one)
        case _:
            return " ".join(one or "?" for one in chosen)


def _shares(typed: Sequence[str]) -> str:
    """Probabilities in a row, with an open place for one that was not typed."""
    if any(_SEVERAL.search(one) for one in typed):
        raise UnclearError("more than a number stands in the field of a probability")
    return "; ".join(typed)


def _number(text: str, question: Question) -> str:
    """A number with the decimal sign that its question reads: the system knows only the point."""
    plain = text.strip()
    found = _POINT.fullmatch(plain) if question.decimal_comma else None
    return f"{found[1]},{found[2]}" if found else plain


REPORT = Report("edx", "Open edX: problem responses", _recognises, _read)
