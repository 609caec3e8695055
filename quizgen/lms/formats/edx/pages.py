"""The templates of OLX, which escape every value for where it stands."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from quizgen.rendering.words import without_controls
from quizgen.shipped import templates_folder

_VARIABLE = re.compile(r"\$(?=seed|anonymous_student_id|script_code|python_path|extra_files|attempt|debug)")


@cache
def environment() -> Environment:
    """The environment of ``templates/edx``."""
    return Environment(
        loader=FileSystemLoader(templates_folder() / "edx"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_clean,
    )


@cache
def macros(name: str) -> Any:
    """The macros of ``templates/edx/NAME``."""
    return environment().get_template(name).module


def safe(markup: str) -> Markup:
    """Markup in which Open edX finds none of the variables that it would put values for."""
    return Markup(_VARIABLE.sub("<span>$</span>", markup) if "$" in markup else markup)


def _clean(value: object) -> object:
    return without_controls(value) if isinstance(value, str) and not isinstance(value, Markup) else value
