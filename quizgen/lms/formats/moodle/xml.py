"""Moodle XML: a category for each pool of a quiz, with the pool's questions."""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.lms.base import Export, File, Format, Options, Pool
from quizgen.lms.formats.moodle.losses import losses
from quizgen.lms.formats.moodle.pages import environment
from quizgen.lms.formats.moodle.questions import made_of, without_tags
from quizgen.lms.formats.moodle.weights import percent
from quizgen.rendering.flavours import show
from quizgen.rendering.numbers import points
from quizgen.rendering.program import Setting

LONGEST_CATEGORY = 255


def category(*names: str) -> str:
    """The path of a category in the course's question bank; ``//`` is a slash in a name.

    >>> category("A/B", "1. C/")
    '$course$/top/A//B/1. C// '
    """
    return "/".join(["$course$/top", *(_category_name(name) for name in names)])


def _category_name(name: str) -> str:
    shown = without_tags(" ".join(name.split()))[:LONGEST_CATEGORY].strip() or "-"
    # A blank keeps a slash at an edge apart from those between names; Moodle takes it away again.
    before, after = " " if shown.startswith("/") else "", " " if shown.endswith("/") else ""
    return f"{before}{shown.replace('/', '//')}{after}"


def pool_note(pool: Pool) -> str:
    """What a teacher is to do with a pool."""
    worth = f"{points(pool.points)} point{'s' if pool.points != 1 else ''}"
    return f"Each student meets one of these: add one random question from here, for {worth}."


def _files(export: Export, options: Options) -> Iterator[File]:
    yield File("quiz.xml", _chunks(export, options))


def _chunks(export: Export, options: Options) -> Iterator[bytes]:
    whole = environment().get_template("question.xml.j2").module
    heading = environment().get_template("category.xml.j2")
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n'
    setting = Setting(export.decimal_comma)
    told = show(export.instructions, options.flavour, setting) if export.instructions is not None else ""
    yield heading.render(path=category(export.title), told=told, ident=export.ident).encode()
    for pool in export.pools:
        path = category(export.title, pool.title)
        yield heading.render(path=path, told=pool_note(pool), ident=pool.ident).encode()
        for question in pool.questions():
            yield str(whole.question(made_of(question, options), percent)).encode()  # type: ignore[attr-defined] # a macro
    yield b"</quiz>\n"


FORMAT = Format("moodle", "Moodle XML", ".xml", "plain", losses, _files, maths=("latex", "mathml"))
