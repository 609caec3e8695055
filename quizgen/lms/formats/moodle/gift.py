"""GIFT as Moodle reads it: the questions of one type of Moodle XML, as plain text with HTML inside."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizgen.lms.base import Export, File, Format, Options
from quizgen.lms.formats.moodle.losses import gift_losses
from quizgen.lms.formats.moodle.pages import environment
from quizgen.lms.formats.moodle.questions import made_of
from quizgen.lms.formats.moodle.weights import percent
from quizgen.lms.formats.moodle.xml import category, pool_note


def _files(export: Export, options: Options) -> Iterator[File]:
    yield File("quiz.gift.txt", _chunks(export, options))


def _chunks(export: Export, options: Options) -> Iterator[bytes]:
    whole = environment().get_template("question.gift.j2").module
    for pool in export.pools:
        yield _heading(category(export.title, pool.title), pool_note(pool)).encode()
        for question in pool.questions():
            yield str(whole.question(made_of(question, options), percent)).encode()  # type: ignore[attr-defined] # a macro


def _heading(path: str, note: str) -> str:
    return f"// {note}\n\n$CATEGORY: {re.sub(r'[{}]', '', path)}\n\n"


FORMAT = Format("gift", "GIFT", ".gift.txt", "plain", gift_losses, _files, maths=("latex", "mathml"))
