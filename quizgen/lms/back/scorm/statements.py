"""Interactions in JSON: statements (xAPI), registrations of a SCORM engine, or the run-time data of an attempt itself.

However deep they lie, an interaction is an object with one of our ids and a response; whose it is says the nearest object
around it that names a person.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from quizgen.errors import QuizgenError, SubmissionError
from quizgen.grading.readers.units import Blob
from quizgen.lms.back.scorm.logged import Logged, is_id, person
from quizgen.quizzes.delimited import decode
from quizgen.quizzes.roster import Student

_RESPONSES = ("response", "learnerResponse", "learner_response", "studentResponse", "student_response")
_TIMES = ("timestampUtc", "timestamp", "stored", "time")
_PEOPLE = ("actor", "learner", "student", "user", "core")
_ATTEMPTS = ("registration", "registrationId", "registration_id", "instance", "attempt")


def is_json(blob: Blob) -> bool:
    """Whether a file is JSON, or JSON lines, in which an id of ours stands."""
    return blob.raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") and any(True for _ in _all(blob))


def _all(blob: Blob) -> Iterator[Logged]:
    try:
        yield from statements(blob)
    except QuizgenError:
        return


@dataclass(frozen=True, slots=True)
class _Around:
    """What holds for everything inside an object: whose it is, and of which attempt."""

    student: Student
    attempt: str = ""


def statements(blob: Blob) -> Iterator[Logged]:
    """Every interaction of ours in a file; ``row`` is its place among them."""
    row = 0
    for value in _values(blob):
        for one in _inside(value, _Around(Student(""))):
            row += 1
            yield replace(one, row=row)


def _values(blob: Blob) -> Iterator[Any]:
    text = decode(blob.raw, blob.name, SubmissionError)
    try:
        yield json.loads(text)
    except (ValueError, RecursionError):
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                try:
                    yield json.loads(line)
                except (ValueError, RecursionError) as error:
                    raise SubmissionError(f"{blob.name}:{number}: is not JSON: {error.args[0]}") from error


def _inside(value: Any, around: _Around) -> Iterator[Logged]:
    """Every interaction inside a value, without recursion: JSON may be nested deeper than Python's stack."""
    waiting = [(value, around)]
    while waiting:
        value, around = waiting.pop()
        if isinstance(value, list):
            waiting.extend((inner, around) for inner in reversed(value))
        elif isinstance(value, dict):
            around = _known(value, around)
            if (found := _interaction(value, around)) is not None:
                yield found
            else:
                waiting.extend((inner, around) for inner in reversed(value.values()) if isinstance(inner, dict | list))


def _known(value: Mapping[str, Any], around: _Around) -> _Around:
    student = around.student
    for key in _PEOPLE:
        if isinstance(value.get(key), dict) and (found := _person(value[key])).id:
            student = found
    if _text(value.get("learner_id")) or _text(value.get("student_id")):
        student = _person({key: inner for key, inner in value.items() if key.startswith(("learner_", "student_"))})
    context = value.get("context")
    attempts = [_text(holder.get(key)) for holder in (value, context) if isinstance(holder, dict) for key in _ATTEMPTS]
    return _Around(student, " ".join(filter(None, (around.attempt, *attempts))))


def _person(value: Mapping[str, Any]) -> Student:
    account = value.get("account")
    account = account if isinstance(account, dict) else {}
    ids = (account.get("name"), *(value.get(key) for key in ("id", "learner_id", "student_id", "learnerId", "userId")))
    names = (value.get("name"), value.get("learner_name"), value.get("student_name"), value.get("learnerName"))
    whole = " ".join(filter(None, (_text(value.get("firstName")), _text(value.get("lastName")))))
    email = _text(value.get("mbox")).removeprefix("mailto:") or _text(value.get("email"))
    return person(
        {
            "id": next(filter(None, map(_text, ids)), ""),
            "name": next(filter(None, map(_text, names)), "") or whole,
            "email": email,
        }
    )


def _interaction(value: Mapping[str, Any], around: _Around) -> Logged | None:
    """The interaction that an object is, or that a statement's object and result make; None for others."""
    inner = value.get("object")
    id, result = (inner.get("id"), value.get("result")) if isinstance(inner, dict) else (value.get("id"), value)
    if not isinstance(id, str) or not is_id(id):
        return None
    holder = result if isinstance(result, dict) else {}
    responses = [_text(holder[key]) for key in _RESPONSES if holder.get(key) is not None]
    when = next(filter(None, (_text(value.get(key)) for key in _TIMES)), "")
    return Logged(around.student, around.attempt, id, responses[0] if responses else None, 0, when)


def _text(value: Any) -> str:
    return (
        value
        if isinstance(value, str)
        else str(value)
        if isinstance(value, int | float) and not isinstance(value, bool)
        else ""
    )
