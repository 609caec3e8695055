"""SCORM 1.2 and 2004 packages: one page, a worksheet without keys, that draws a student's questions and reports the answers.

What stands in a package can be read by every student, so it is written from items and holds no key: no mark is given there.
The page reports each answer as an interaction whose id has the question's (``qg-k7qx3m9p.answer``), and marks are given by
the report. Each question is a file of its own, of which the page loads those that the student draws.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from markupsafe import Markup

from quizgen.errors import QuizgenError
from quizgen.items import Entry, field_name
from quizgen.lms.base import Export, File, Format, Loss, Options, Question
from quizgen.lms.pages import page as file_page
from quizgen.rendering.flavours import fragment
from quizgen.rendering.numbers import points
from quizgen.rendering.pages import page
from quizgen.rendering.worksheets import entry_view

MOST_ANSWERS = 200
"""Systems need to keep 250 interactions and, in SCORM 1.2, 4,096 characters; some are left for the pieces of long answers."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of SCORM: the name of its manifest's template, and how the page's script calls it."""

    name: str
    number: str


V12 = Version("scorm12", "1.2")
V2004 = Version("scorm2004", "2004")


def losses(question: Question, options: Options) -> Iterator[Loss]:
    """What a package does not carry: the key, and with it all that would give it away."""
    yield Loss(
        "lost",
        "marks, feedback and solutions are not shown there, because students can read all that stands in a package; "
        "quizgen grade gives them from the report",
    )


def files(version: Version) -> Callable[[Export, Options], Iterator[File]]:
    """What writes packages of a version."""

    def written(export: Export, options: Options) -> Iterator[File]:
        names = ["index.html"]
        codes: dict[int, list[str]] = {}
        answers = 0
        for pool in export.pools:
            most = 0
            for question in pool.questions():
                codes.setdefault(pool.number, []).append(question.ident.removeprefix("qg-"))
                most = max(most, len(question.made.keyed.item.interactions))
                names.append(f"questions/{question.ident}.js")
                shown = question.made.keyed.item if export.hints else replace(question.made.keyed.item, hints=())
                entry = Entry(f"q{pool.number}", pool.number, pool.points, question.code, shown)
                yield File(
                    names[-1], [_script(question.ident, question.title, entry, bool(pool.section), export.decimal_comma)]
                )
            answers += most
        if answers > MOST_ANSWERS:
            raise QuizgenError(
                f"a SCORM package reports up to {MOST_ANSWERS} answers of a student, and this quiz has {answers}"
            )
        yield File("index.html", [_index(export, codes, version).encode()])
        manifest = file_page(f"scorm/{version.name}.xml", ident=export.ident, title=export.title, files=names)
        yield File("imsmanifest.xml", [manifest.encode()])

    return written


def _script(ident: str, title: str, entry: Entry, in_section: bool, decimal_comma: bool) -> bytes:
    """A question as a call of the page's script."""
    interactions = entry.item.interactions
    told = {
        "ident": ident,
        "title": title,
        "fields": {field_name(entry.field, answer, len(interactions) == 1): answer for answer, _ in interactions},
        "html": page("scorm/question", entry=entry_view(entry, decimal_comma), level="h3" if in_section else "h2").strip(),
    }
    return f"quizgenQuestion({json.dumps(told)});\n".encode()


def _index(export: Export, codes: dict[int, list[str]], version: Version) -> str:
    told = export.instructions
    return page(
        "scorm/index",
        script="fields scorm/sheet",
        beside=True,
        title=export.title,
        version=version.number,
        count=len(export.pools),
        total=points(sum(pool.points for pool in export.pools), export.decimal_comma),
        # Fragments are made of escaped values and quizgen's own markup.
        instructions=Markup(fragment(told, "html", decimal_comma=export.decimal_comma)) if told else None,
        parts=[
            (section, [(pool.number, codes[pool.number]) for pool in pools])
            for section, pools in groupby(export.pools, lambda pool: pool.section)
        ],
    )


SCORM12 = Format("scorm12", "SCORM 1.2", ".zip", "zip", losses, files(V12), maths=("mathml",))
SCORM2004 = Format("scorm2004", "SCORM 2004 4th edition", ".zip", "zip", losses, files(V2004), maths=("mathml",))
