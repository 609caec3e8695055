"""Files of formats from the templates in ``templates/``, every value escaped, as text that every format carries."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from quizgen.rendering.words import without_controls
from quizgen.shipped import templates_folder

_PIECES = 256
"""Pieces of a template that are written at once, some kilobytes."""


def page(name: str, **view: Any) -> str:
    """The page of ``templates/NAME.j2``."""
    return _template(name).render(view)


def page_in_chunks(name: str, **view: Any) -> Iterator[bytes]:
    """The same page in chunks of some kilobytes, as what it shows comes in."""
    stream = _template(name).stream(view)
    stream.enable_buffering(_PIECES)
    return (chunk.encode() for chunk in stream)


@cache
def _template(name: str) -> Template:
    return _environment().get_template(f"{name}.j2")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(templates_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_clean,
    )


def _clean(value: object) -> object:
    return without_controls(value) if isinstance(value, str) and not isinstance(value, Markup) else value
