"""The first check: every variant of the sweep can be drawn, keyed and shown at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizgen.checking.base import Finding, check
from quizgen.checking.sweep import Sweep
from quizgen.errors import QuizgenError

_VARIANT = re.compile(r"at variant (\d+)")


@check("uncomputable", "error")
def uncomputable(sweep: Sweep) -> Iterator[Finding]:
    """Some variant cannot be made: its conditions cannot be met, its key divides by zero or is undefined, an index leads past
    the end of a list. Loading a template tries a few dozen variants; this is what is rarer. Rule such variants out by a
    condition under ``require``.
    """
    try:
        _ = sweep.keyed
    except QuizgenError as error:
        message = str(error).removeprefix(f"{sweep.template.id}: ")
        named = _VARIANT.search(message)
        yield Finding((), message, int(named[1]) if named else None)
