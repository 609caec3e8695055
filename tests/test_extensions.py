"""The door for other packages: what is announced is found, and a faulty announcement says whose it is."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import EntryPoint

import pytest

from quizgen import extensions
from quizgen.errors import QuizgenError

BUILT_IN = {"path": "pathlib:Path"}


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Nothing is remembered from or for other tests."""
    extensions.forget()
    yield
    extensions.forget()


def announce(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """Announces one thing in a group, as an installed package would."""
    monkeypatch.setattr(extensions, "entry_points", lambda group: [EntryPoint(name, value, group)])


def test_built_in_and_announced_things_come_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    announce(monkeypatch, "fraction", "fractions:Fraction")
    found = extensions.known("group", BUILT_IN)
    assert {name: thing.__name__ for name, thing in found.items()} == {"path": "Path", "fraction": "Fraction"}


def test_a_package_that_cannot_be_loaded_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    announce(monkeypatch, "dice", "no_such_package.dice:Dice")
    with pytest.raises(QuizgenError, match=r"no_such_package.*'dice' in group.*cannot be loaded"):
        extensions.known("group", BUILT_IN)


def test_a_built_in_name_cannot_be_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    announce(monkeypatch, "path", "fractions:Fraction")
    with pytest.raises(QuizgenError, match="'path' in group, which is there already"):
        extensions.known("group", BUILT_IN)
