"""Where the files that travel with quizgen lie: the page templates and the shipped bank."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from quizgen.errors import QuizgenError


def templates_folder() -> Path:
    """The folder of page templates, style and script. `QuizgenError` if the installation lacks it."""
    return _shipped("templates")


def bank_folder() -> Path:
    """The folder of the shipped question bank. `QuizgenError` if the installation lacks it."""
    return _shipped("question_bank")


@cache
def _shipped(name: str) -> Path:
    package = Path(__file__).resolve().parent
    for folder in (package / "_shipped" / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise QuizgenError(f"the folder {name!r} that belongs to quizgen is missing: install quizgen again")
