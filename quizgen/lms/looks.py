"""Options as systems show them in their reports: without markup, formulas as the bare characters that are in them.

By such a text a report's reader has to know an option again. Where two options look alike so (10² and 102), an export
therefore puts their labels in front of all of them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from markupsafe import Markup

from quizgen.folding import bare
from quizgen.items import Filled, Option
from quizgen.lms.base import Options, Question, markup, plain_words

_MATHML, _LATEX = Options(), Options(math="latex")
_TAG = re.compile(r"<[^>]*>")
_ENTITY = re.compile(r"&\w+;")


def shown_as(text: Filled, question: Question) -> frozenset[str]:
    """All that may be shown of a text, whatever became of its formulas.

    Some systems take plain text for HTML once more on the way: what looks like a tag or an entity in it may be lost.
    """
    found = {plain_words(text, question)}
    found |= {html.unescape(_TAG.sub("", markup(text, question, math))) for math in (_MATHML, _LATEX)}
    found |= {_ENTITY.sub("", one) for one in found}
    return frozenset(found | {html.unescape(_TAG.sub("", one)) for one in found})


def alike(question: Question, options: Sequence[Option]) -> bool:
    """Whether options may look alike in a report, so that they need their labels."""
    texts = [markup(option.text, question, _MATHML) for option in options]
    if not any("<" in text or "&" in text for text in texts):
        return len(set(map(bare, texts))) < len(texts)
    met: set[str] = set()
    for option in options:
        mine = set(map(bare, shown_as(option.text, question)))
        if mine & met:
            return True
        met |= mine
    return False


def option_markup(question: Question, options: Sequence[Option], how: Options) -> list[str]:
    """The options' texts, with their labels in front where they may look alike without."""
    texts = [markup(option.text, question, how) for option in options]  # the flavour escapes every value
    if not alike(question, options):
        return texts
    return [str(Markup("{}. {}").format(option.label, Markup(text))) for option, text in zip(options, texts, strict=True)]


def option_words(question: Question, options: Sequence[Option]) -> list[str]:
    """The same as plain words."""
    texts = [plain_words(option.text, question) for option in options]
    if not alike(question, options):
        return texts
    return [f"{option.label}. {text}" for option, text in zip(options, texts, strict=True)]


def looks(question: Question, options: Sequence[Option]) -> list[frozenset[str]]:
    """As what a report may show each of the options of an export."""
    texts = [shown_as(option.text, question) for option in options]
    if not alike(question, options):
        return texts
    return [mine | {f"{option.label}. {one}" for one in mine} for option, mine in zip(options, texts, strict=True)]
