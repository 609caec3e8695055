"""The door for extensions: tables of built-in things by name, and what other packages announce as entry points."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import Any

from quizgen.errors import QuizgenError


def known(group: str, built_in: Mapping[str, str]) -> Mapping[str, Any]:
    """Everything by name: the built-in (given as ``module:name``) and what is announced in the entry point group.

    Raises:
        QuizgenError: an announced thing cannot be loaded, or takes the name of a built-in one.
    """
    return _known(group, tuple(built_in.items()))


@functools.cache
def _known(group: str, built_in: tuple[tuple[str, str], ...]) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for name, target in built_in:
        module, _, attribute = target.partition(":")
        found[name] = getattr(import_module(module), attribute)
    for point in entry_points(group=group):
        package = point.dist.name if point.dist is not None else point.value
        if point.name in found:
            raise QuizgenError(f"the package '{package}' announces '{point.name}' in {group}, which is there already")
        try:
            found[point.name] = point.load()
        except Exception as error:  # another's code may fail in any way; the user must learn whose it is
            raise QuizgenError(
                f"the package '{package}' announces '{point.name}' in {group}, but it cannot be loaded "
                f"({type(error).__name__}: {error}): mend or remove it"
            ) from error
    return MappingProxyType(found)


forget = _known.cache_clear
"""Makes the next look find what was installed since."""
