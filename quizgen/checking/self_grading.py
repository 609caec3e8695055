"""Responses that each kind makes of its own keys, marked by the real grader: right, wrong, mistaken, blank and unreadable."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quizgen.answers import Mark, Reading, Specimens
from quizgen.answers.numeric import NumericAnswer
from quizgen.answers.pool import written
from quizgen.checking.base import Finding, check
from quizgen.checking.pages import some
from quizgen.checking.sweep import Part, Sweep
from quizgen.variants.sampler import take
from quizgen.variants.values import spread

MARKED = 200
"""So many variants of a template are answered and marked."""

WRONG_BY = (1.0, 2.0)
"""What earlier answers are changed by, where a later one follows from them."""

_SWAPPED = str.maketrans(".,", ",.")
_RESPONSE = "{response}"
"""Stands in a judge's words for the response."""

Judge = Callable[[Mark, str, "Paper"], str]
"""What is wrong with the mark of a response to a variant, in words; nothing where it is as it must be."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One variant: its address, its row in its block, and the specimens of every answer."""

    ordinal: int
    row: int
    specimens: Mapping[str, Specimens]


@dataclass(frozen=True, slots=True)
class Trial:
    """A response to every answer of a variant; ``judged`` says by answer what the mark must be."""

    paper: Paper
    responses: Mapping[str, str]
    judged: Mapping[str, Judge]


@check("self-grading", "error")
def self_grading(sweep: Sweep) -> Iterator[Finding]:
    """The grader marks what the template itself says of its answers: the key in each way of writing it must earn full marks,
    a wrong response and each foreseen mistake less, a mistake must be diagnosed as itself, nothing is blank, and nonsense is
    invalid. All answers of a question are marked together, and where a later answer follows from earlier ones, also what
    follows from wrong ones. Look at the answer's accepted forms, options and ``follow_through``.
    """
    wanted = set(some(sweep, MARKED))
    names = [answer.name for answer in sweep.template.answers]
    for part in sweep.parts:
        rows = [row for row, place in enumerate(part.block.rows.tolist()) if place in wanted]
        papers = _papers(part, rows)
        for reading, trials_of in ((Reading(), _trials), (Reading(decimal_comma=True), _with_comma)):
            trials = list(trials_of(part, papers))
            at = np.array([trial.paper.row for trial in trials], dtype=np.int64)
            responses = {name: [trial.responses.get(name, "") for trial in trials] for name in names}
            marks = sweep.template.mark_prepared(part.prepared, at, responses, reading)
            for place, trial in enumerate(trials):
                for name, judge in trial.judged.items():
                    if fault := judge(marks[name][place], name, trial.paper):
                        said = fault.replace(_RESPONSE, f"“{trial.responses.get(name, '').strip()}”")
                        comma = " where the quiz takes decimal commas" if reading.decimal_comma else ""
                        yield Finding(sweep.path(name), said + comma, trial.paper.ordinal)


def _papers(part: Part, rows: Sequence[int]) -> list[Paper]:
    ordinals = part.block.ordinals.tolist()
    return [
        Paper(ordinals[row], row, {answer.name: answer.specimens(keys, row) for answer, keys in part.prepared}) for row in rows
    ]


def _trials(part: Part, papers: Sequence[Paper]) -> Iterator[Trial]:
    """Everything right, in some of its spellings; then one answer at a time wrong, mistaken or unreadable; then nothing."""
    for turn, paper in enumerate(papers):
        right = {name: s.right[0] for name, s in paper.specimens.items() if s.right}
        for again in (0, 1):
            spelled = {name: s.right[(turn + again) % len(s.right)] for name, s in paper.specimens.items() if s.right}
            yield Trial(paper, spelled, dict.fromkeys(spelled, _is_right))
        for name, s in paper.specimens.items():
            for responses, judge in ((s.wrong, _is_wrong), (s.unreadable, _is_invalid)):
                if responses:
                    yield Trial(paper, {**right, name: responses[turn % len(responses)]}, {name: judge})
            if s.mistakes:
                mistake, response = s.mistakes[turn % len(s.mistakes)]
                yield Trial(paper, {**right, name: response}, {name: _is_diagnosed(mistake)})
        nothing = dict.fromkeys(paper.specimens, " " if turn % 2 else "")
        yield Trial(paper, nothing, dict.fromkeys(nothing, _is_blank))
    for answer, _ in part.prepared:
        if papers and isinstance(answer, NumericAnswer) and answer.follow is not None:
            yield from _following(part, answer, papers)


def _with_comma(part: Part, papers: Sequence[Paper]) -> Iterator[Trial]:
    """The right numbers as they are typed where a comma divides."""
    numeric = [answer.name for answer, _ in part.prepared if isinstance(answer, NumericAnswer)]
    for turn, paper in enumerate(papers):
        found = ((name, paper.specimens[name].right) for name in numeric)
        spelled = {name: right[turn % len(right)].translate(_SWAPPED) for name, right in found}
        if spelled:
            yield Trial(paper, spelled, dict.fromkeys(spelled, _is_right))


def _following(part: Part, answer: NumericAnswer, papers: Sequence[Paper]) -> Iterator[Trial]:
    """An answer that follows from earlier ones, which are wrong by a constant."""
    assert answer.follow is not None
    expression, credit = answer.follow
    rows = np.array([paper.row for paper in papers])
    earlier = {
        one.name: (one, keys.bands.value[rows])
        for one, keys in part.prepared
        if isinstance(one, NumericAnswer) and one.name in answer.follows_from
    }
    if len(earlier) < len(answer.follows_from):
        return
    block = take(part.block, rows)

    def follows(given: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
        values = {**block.values, **{f"given.{name}": value for name, value in given.items()}}
        return spread(expression(values), len(rows)).astype(np.float64)

    for by in WRONG_BY:
        typed = {
            name: [written(number, one.accuracy.rounding or ("sigfigs", 6)) for number in (value + by).tolist()]
            for name, (one, value) in earlier.items()
        }
        led = follows({name: np.array(list(map(float, texts))) for name, texts in typed.items()})
        for i in np.flatnonzero(np.isfinite(led)).tolist():
            given = {name: texts[i] for name, texts in typed.items()}
            given[answer.name] = written(led[i], answer.accuracy.rounding or ("sigfigs", 12))
            yield Trial(papers[i], given, {answer.name: _earns(credit)})


def _is_right(mark: Mark, answer: str, paper: Paper) -> str:
    if mark.outcome == "manual" or (mark.outcome, mark.fraction, mark.mistake) == ("correct", 1.0, ""):
        return ""
    return f"the right response {_RESPONSE} is marked {_said(mark)}"


def _is_wrong(mark: Mark, answer: str, paper: Paper) -> str:
    if mark.outcome in ("wrong", "partial", "manual") and mark.fraction < 1:
        return ""
    return f"the wrong response {_RESPONSE} is marked {_said(mark)}"


def _is_invalid(mark: Mark, answer: str, paper: Paper) -> str:
    return "" if mark.outcome in ("invalid", "manual") else f"{_RESPONSE}, which says nothing, is marked {_said(mark)}"


def _is_blank(mark: Mark, answer: str, paper: Paper) -> str:
    return "" if mark.outcome == "blank" else f"a blank response is marked {_said(mark)}"


def _is_diagnosed(mistake: str) -> Judge:
    def judge(mark: Mark, answer: str, paper: Paper) -> str:
        said = f"the mistake '{mistake}' ({_RESPONSE}) is marked {_said(mark)}"
        if mark.fraction == 1 or mark.outcome in ("correct", "blank", "invalid"):
            return said
        # several mistakes may lead to one response, or within the tolerance of each other: then the first is named
        return "" if mark.mistake and mark.mistake in dict(paper.specimens[answer].mistakes) else f"{said} and not diagnosed"

    return judge


def _earns(credit: float) -> Judge:
    def judge(mark: Mark, answer: str, paper: Paper) -> str:
        if mark.fraction >= credit - 1e-9:
            return ""
        return f"what follows from earlier answers that are wrong ({_RESPONSE}) is marked {_said(mark)}, not {credit:.0%}"

    return judge


def _said(mark: Mark) -> str:
    named = f", '{mark.mistake}'" if mark.mistake else ""
    return f"{mark.outcome} ({mark.fraction:.0%}{named})"
