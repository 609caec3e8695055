"""An invented system with one output format and one report, small enough to see the whole seam at once."""

from __future__ import annotations

import json
from collections.abc import Iterator

from quizgen.grading.readers.units import Blob
from quizgen.lms.back.base import Known, Report, Returned, Unmatched
from quizgen.lms.base import Export, File, Format, Loss, Options, Question, code_line, laid_out
from quizgen.quizzes.roster import Student
from quizgen.schemes import ByPerson, NumberBands


def _losses(question: Question, options: Options) -> Iterator[Loss]:
    for asked in question.asked:
        if isinstance(asked.scheme, ByPerson):
            yield Loss("refused", "there is no place for an essay", asked.name)
        if isinstance(asked.scheme, NumberBands) and asked.scheme.follows:
            yield Loss("differs", "what follows from a wrong number earns nothing", asked.name)
        if question.made.keyed.solution is not None:
            yield Loss("lost", "the solution is not shown", asked.name)


def _page(question: Question, options: Options) -> bytes:
    stem, after = laid_out(
        question, options, lambda control: f"<p>[{control.answer}]</p>", lambda control, spot: f"[{control.answer}]"
    )
    return f"{question.title}\n{stem}{''.join(after)}{code_line(question)}\n".encode()


def _files(export: Export, options: Options) -> Iterator[File]:
    for pool in export.pools:
        yield File(f"{pool.ident}.html", (_page(question, options) for question in pool.questions()))


TOY = Format("toy", "the toy system", ".zip", "zip", _losses, _files)


def _read(blob: Blob, known: Known) -> Iterator[Returned | Unmatched]:
    for row, line in enumerate(json.loads(blob.raw)["toy"], 1):
        question = known.in_text(line["question"])
        if question is None:
            yield Unmatched(line["who"], line["question"], "no question of this export", row)
            continue
        yield Returned(
            Student(line["who"]),
            question,
            line.get("answers", {}),
            row,
            {name: (text, "cut off") for name, text in line.get("cut", {}).items()},
            line.get("points"),
            question.points,
            line.get("attempt", ""),
            line.get("when", ""),
        )


TOY_REPORT = Report("toy", "the toy system's report", lambda blob: blob.raw.startswith(b'{"toy"'), _read)
