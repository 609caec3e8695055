"""What a check is: a function of a `Sweep` that finds what is wrong with a template, with a name and an explanation.

A new check is one function here or in another package: decorated with `check` and entered in `quizgen.checking.BUILT_IN`,
or announced as an entry point of the group ``quizgen.checks``.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from quizgen.checking.sweep import Sweep

Severity: TypeAlias = Literal["error", "warning", "note"]
"""An error makes a template unfit for students, a warning is a doubt that a person decides, a note is worth knowing."""

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")

Path: TypeAlias = tuple[str | int, ...]
"""Keys that lead to a value in a template's YAML."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong: where in the YAML, what, and what would be right; ``ordinal`` is the first variant that shows it."""

    path: Path
    message: str
    ordinal: int | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """Something measured that is reported for every template, right or wrong."""

    name: str
    value: str


Find: TypeAlias = Callable[[Sweep], Iterable[Finding | Figure]]


@dataclass(frozen=True, slots=True)
class Check:
    """A check: its stable name, how grave what it finds is, one paragraph of explanation, and the function that finds."""

    name: str
    severity: Severity
    about: str
    find: Find


def check(name: str, severity: Severity) -> Callable[[Find], Check]:
    """Makes a check of a function, whose docstring becomes the explanation, with code between single backticks.

    The function may find the same in every case of a template: of findings at one place the one with the smallest witness
    is kept.
    """

    def make(find: Find) -> Check:
        about = " ".join(inspect.getdoc(find).replace("``", "`").split())  # type: ignore[union-attr] # a test holds it
        return Check(name, severity, about, lambda sweep: _first_at_each_place(find(sweep)))

    return make


def _first_at_each_place(found: Iterable[Finding | Figure]) -> Iterator[Finding | Figure]:
    """The figures, and of the findings that have a witness the first at each place.

    Where looking breaks off with an error, what was found before it is told first.
    """
    first: dict[Path, Finding] = {}
    broken: Exception | None = None
    try:
        for one in found:
            if isinstance(one, Figure) or one.ordinal is None:
                yield one
            elif one.path not in first or one.ordinal < (first[one.path].ordinal or 0):
                first[one.path] = one
    except Exception as error:
        broken = error
    yield from first.values()
    if broken is not None:
        raise broken
