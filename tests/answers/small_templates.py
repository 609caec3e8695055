"""Small templates made in a test, each from its answer, draws and lets alone."""

from __future__ import annotations

import tempfile
from pathlib import Path

from quizgen import load_bank
from quizgen.bank import Template

HEAD = "title: A trial\nconcept: trial\nlevel: apply\nminutes: 1\n"
CONCEPTS = """course: A course
page: A page
concepts:
  - {id: trial, title: Trial, part: before, row: 1, requires: [], summary: A trial.}
"""
MISTAKES = "".join(
    f"m-{name}:\n  title: A mistake\n  explanation: It is one.\n  concept: trial\n" for name in ("one", "two", "three", "four")
)


def template(body: str) -> Template:
    """The template with this body, in a bank with one concept and the mistakes m-one to m-four."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "concepts.yaml").write_text(CONCEPTS, encoding="utf-8")
        (folder / "mistakes.yaml").write_text(MISTAKES, encoding="utf-8")
        (folder / "small.yaml").write_text(HEAD + body, encoding="utf-8")
        return load_bank(folder)["small"]
