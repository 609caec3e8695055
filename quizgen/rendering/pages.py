"""Whole pages in HTML: one self-contained file each, with its style and script inside and nothing fetched."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from quizgen.rendering.numbers import points
from quizgen.rendering.words import without_controls
from quizgen.shipped import templates_folder


@dataclass(frozen=True, slots=True)
class Shell:
    """What a page carries inside: its style, its script, and the policy that lets no other run."""

    style: Markup
    script: Markup
    policy: str


def page(name: str, **view: Any) -> str:
    """The page of ``templates/NAME.html.j2``."""
    return _template(name).render(view)


def page_in_chunks(name: str, **view: Any) -> Iterator[str]:
    """The same page in chunks of some kilobytes, as its rows come in."""
    stream = _template(name).stream(view)
    stream.enable_buffering(256)
    return stream


@cache
def shell(scripts: str, live: bool = False, beside: bool = False) -> Shell:
    """The shell of pages that run ``templates/NAME.js`` for each of the names, one after the other; none where it is empty.

    The script of a ``live`` page may ask the server that the page comes from, and no other. A page with files ``beside`` it
    may run scripts from there.
    """
    folder = templates_folder()
    style = (folder / "page.css").read_text(encoding="utf-8")
    code = "\n".join((folder / f"{script}.js").read_text(encoding="utf-8") for script in scripts.split())
    own = " 'self'" if beside else ""
    policy = "; ".join(
        [
            "default-src 'none'",
            f"style-src '{_digest(style)}'",
            f"script-src '{_digest(code)}'{own}" if code else "script-src 'none'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            *(["connect-src 'self'"] if live else []),
        ]
    )
    # Both are quizgen's own files; they hold no "</".
    return Shell(Markup(style), Markup(code), policy)


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


@cache
def _template(name: str) -> Template:
    return _environment().get_template(f"{name}.html.j2")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_clean,
    )
    environment.filters["points"] = points
    environment.globals["shell"] = shell
    return environment


def _clean(value: object) -> object:
    return without_controls(value) if isinstance(value, str) and not isinstance(value, Markup) else value
