"""What the bench's page asks its server for, and what it is given: the page, its parts, and marks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quizgen.answers import Mark, Reading
from quizgen.bank import Template
from quizgen.bank.previewing import mistakes_told, shots_of
from quizgen.checking.run import Target
from quizgen.checking.sweep import SECRET
from quizgen.errors import Problem, QuizgenError
from quizgen.items import Filled, plain
from quizgen.rendering.bench import Judged, Remark, bench_page, findings_part, marks_part, variants_part
from quizgen.serving.bench import CHECKED, Bench, State
from quizgen.variants.sampler import MAX_ORDINAL

PATIENCE = 20.0
"""Seconds for which a question for news waits for them."""

MAX_TYPED = 20_000
"""The longest response that is marked."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to a request: its HTTP status, the type of its content, and the content."""

    status: int
    kind: str
    content: bytes


class RequestError(QuizgenError):
    """A request that makes no sense; the message says why."""


def reply_to(bench: Bench, shown: int, method: str, path: str, query: Mapping[str, str], body: bytes = b"") -> Reply:
    """The reply to a request for a path below the token; ``shown`` variants stand side by side."""
    try:
        match method, path:
            case "GET", "":
                title = f"Bench: {bench.target.id.rpartition('/')[2]}"
                return Reply(200, "text/html", bench_page(str(bench.target.file), title, MAX_ORDINAL - shown).encode())
            case "GET", "news":
                return _json(_news(bench.target, bench.wait(_whole(query, "after", -1), PATIENCE)))
            case "GET", "variants":
                return _json(_variants(bench.state, _whole(query, "address", 0), shown))
            case "POST", "mark":
                return _json({"html": _marked(bench.state, body)})
    except RequestError as error:
        return Reply(400, "text/plain", str(error).encode())
    except QuizgenError as error:
        return Reply(409, "text/plain", str(error).encode())
    return Reply(404, "text/plain", b"there is nothing here")


def _json(data: Mapping[str, Any]) -> Reply:
    return Reply(200, "application/json", json.dumps(data).encode())


def _whole(query: Mapping[str, str], name: str, otherwise: int) -> int:
    text = query.get(name, str(otherwise))
    if not text.removeprefix("-").isascii() or not text.removeprefix("-").isdigit() or len(text) > 15:
        raise RequestError(f"{name} is a whole number")
    return int(text)


def _news(target: Target, state: State) -> dict[str, Any]:
    remarks = list(_remarks(target, state))
    report = state.report
    figures = [(figure.name, figure.value) for figure in report.figures] if report else []
    html = findings_part(remarks, figures, report.variants if report else 0)
    broken = bool(state.problems)
    return {"news": state.news, "version": state.version, "html": html, "broken": broken, "state": _state_words(state)}


def _state_words(state: State) -> str:
    if state.problems:
        return "broken; below is what it was before" if state.template else "broken"
    if state.report is None:
        return f"saved change {state.version} is shown; checking {CHECKED} variants …"
    return f"saved change {state.version} is shown and checked"


def _remarks(target: Target, state: State) -> Iterator[Remark]:
    for problem in state.problems:
        yield Remark(_place(target, problem), "broken", "", problem.message)
    for found in state.report.found if state.report else ():
        place = _place(target, found.place)
        yield Remark(place, found.severity, found.check, found.place.message, found.ordinal, found.waived)


def _place(target: Target, problem: Problem) -> str:
    """Line and column; in another file than the template's own, which the page names once, also that file in its bank."""
    at = f"{problem.line}:{problem.column}" if problem.line else ""
    file = Path(problem.file).resolve()
    if file == target.file.resolve():
        return at
    folder = target.folder.resolve()
    name = file.relative_to(folder).as_posix() if file.is_relative_to(folder) else problem.file
    return f"{name}:{at}" if at else name


def _variants(state: State, address: int, shown: int) -> dict[str, Any]:
    if state.template is None:
        return {"version": state.version, "count": shown, "html": ""}
    template = state.template
    start = min(max(address, 0), MAX_ORDINAL - shown)
    shots = shots_of(template, template.variants(secret=SECRET, start=start, count=shown))
    return {"version": state.version, "count": shown, "html": variants_part(shots, mistakes_told(template))}


def _marked(state: State, body: bytes) -> str:
    """The marks of responses to one variant; ``body`` is JSON with its address and the texts by answer."""
    if state.template is None:
        raise RequestError("there is no template to mark with yet")
    template = state.template
    address, typed = _read(body)
    texts = {answer.name: [typed.get(answer.name, "")] for answer in template.answers}
    marks = template.mark_all(template.variants(secret=SECRET, start=address), texts, Reading())
    judged = [
        Judged(name, one.outcome, _percent(one), one.mistake, tuple(_said(template, one))) for name, (one,) in marks.items()
    ]
    return marks_part(judged, _percent(template.together([one for (one,) in marks.values()])))


def _read(body: bytes) -> tuple[int, dict[str, str]]:
    try:
        data = json.loads(body)
        address, typed = data["address"], data["answers"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise RequestError("a request for marks is JSON with 'address' and 'answers'") from error
    if type(address) is not int or not 0 <= address < MAX_ORDINAL:
        raise RequestError(f"addresses are 0 to {MAX_ORDINAL - 1:,}")
    if not isinstance(typed, dict) or any(not isinstance(text, str) or len(text) > MAX_TYPED for text in typed.values()):
        raise RequestError(f"responses are texts of at most {MAX_TYPED:,} characters")
    return address, typed


def _percent(mark: Mark) -> str:
    return "" if mark.outcome in ("manual", "blank") else f"{100 * mark.fraction:.4g} %"


def _said(template: Template, mark: Mark) -> Iterator[Filled]:
    """What a student would read of a mark, in the order of the feedback."""
    if mark.note:
        yield plain(mark.note[:1].upper() + mark.note[1:] + ".")
    if mark.feedback is not None:
        yield mark.feedback
    explanation = template.explanation(mark.mistake)
    if explanation is not None:
        yield explanation
