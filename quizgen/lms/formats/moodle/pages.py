"""The templates of Moodle's formats, which escape every value for where it stands."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from quizgen.rendering.words import without_controls
from quizgen.shipped import templates_folder


@cache
def environment() -> Environment:
    """The environment of ``templates/moodle``."""
    made = Environment(
        loader=FileSystemLoader(templates_folder() / "moodle"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_clean,
    )
    made.filters.update(cdata=cdata, gift=gift, gift_html=gift_html, comment=comment)
    return made


@cache
def macros(name: str) -> Any:
    """The macros of ``templates/moodle/NAME``."""
    return environment().get_template(name).module


def cdata(text: str) -> Markup:
    """The text as character data of XML, as it is."""
    inside = without_controls(text).replace("]]>", "]]]]><![CDATA[>")
    return Markup(f"<![CDATA[{inside}]]>")  # nothing inside can end it


def gift(text: str) -> Markup:
    """The text as GIFT, on one line: a backslash stands before each sign that GIFT reads as its own."""
    inside = _GIFT.sub(r"\\\g<0>", without_controls(text))
    return Markup("\\n".join(inside.split("\n")))


def gift_html(text: str) -> Markup:
    """HTML as GIFT; what GIFT would read as a weight or a format at its beginning is an entity."""
    first = text[:1]
    return gift(f"&#{ord(first)};{text[1:]}" if first in ("%", "[") else text)


def comment(text: str) -> Markup:
    """The text as a tag in a comment of GIFT."""
    return Markup(_IN_TAG.sub(r"\\\g<0>", " ".join(without_controls(text).split())))


_GIFT = re.compile(r"[\\~=#{}:]")
_IN_TAG = re.compile(r"[\\\]]")


def _clean(value: object) -> object:
    return without_controls(value) if isinstance(value, str) and not isinstance(value, Markup) else value
