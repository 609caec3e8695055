"""A quiz as a course of its own: one subsection, with a unit for each pool, in which a block shows one of its problems."""

from __future__ import annotations

import json
from collections.abc import Iterator

from quizgen.lms.base import Export, File, Options, Pool
from quizgen.lms.formats.edx.pages import macros, safe
from quizgen.lms.formats.edx.problem import problem
from quizgen.rendering.flavours import show
from quizgen.rendering.program import Setting

TOP = "course"
"""The folder in which Studio looks for a course."""

RUN = "run"
BLOCKS = ("itembank", "library_content")
"""Blocks that show some of their children to each student; the first is of the releases from Sumac on."""


def course(export: Export, options: Options) -> Iterator[File]:
    """The files of a course."""
    made = macros("course.xml.j2")
    block = options.dialect or BLOCKS[0]
    told = show(export.instructions, options.flavour, Setting(export.decimal_comma)) if export.instructions else ""
    yield _file("course.xml", made.root(export.ident, RUN))
    yield _file(f"course/{RUN}.xml", made.course(export.title, export.ident))
    yield _json(f"policies/{RUN}/policy.json", {f"course/{RUN}": {}})
    yield _json(f"policies/{RUN}/grading_policy.json", _GRADING)
    yield _file(f"chapter/{export.ident}-section.xml", made.chapter(export.title, export.ident))
    units = [pool.ident for pool in export.pools]
    if told:
        units.insert(0, f"{export.ident}-0")
        yield _file(f"vertical/{export.ident}-0-unit.xml", made.instructions(f"{export.ident}-0"))
        yield _file(f"html/{export.ident}-0.xml", made.html(f"{export.ident}-0"))
        yield _file(f"html/{export.ident}-0.html", safe(told))
    yield _file(f"sequential/{export.ident}.xml", made.sequential(export.title, units))
    for pool in export.pools:
        yield from _unit(pool, block, options)


def _unit(pool: Pool, block: str, options: Options) -> Iterator[File]:
    made = macros("course.xml.j2")
    title = f"{pool.section}: {pool.title}" if pool.section else pool.title
    yield _file(f"vertical/{pool.ident}-unit.xml", made.vertical(title, block, pool.ident))
    idents = []
    for question in pool.questions():
        idents.append(question.ident)
        yield _file(f"problem/{question.ident}.xml", problem(question, options))
    yield _file(f"{block}/{pool.ident}.xml", made.bank(block, pool.title, idents))


def _file(name: str, content: object) -> File:
    return File(f"{TOP}/{name}", [str(content).encode("utf-8")])


def _json(name: str, content: object) -> File:
    return _file(name, json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


_GRADING = {
    "GRADER": [{"type": "Quiz", "short_label": "Quiz", "min_count": 1, "drop_count": 0, "weight": 1.0}],
    "GRADE_CUTOFFS": {"Pass": 0.5},
}
