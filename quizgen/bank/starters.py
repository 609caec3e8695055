"""Starters: templates that work as they stand, one of each kind, for authors to change into their own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from quizgen.bank.bank import CONCEPTS, MISTAKES
from quizgen.errors import OutputError
from quizgen.shipped import templates_folder

STARTERS = {
    "numeric": "a number",
    "choice": "one of several options",
    "multiple": "any number of several options",
    "text": "a word or a short text",
    "order": "things put in order",
    "match": "pairs",
    "distribution": "probabilities",
    "essay": "prose, marked by a person",
    "several": "several answers that build on each other",
}
"""Every starter with what it asks a student for."""

_CONCEPT_LINE = re.compile(r"^concept: *(\S+).*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Started:
    """A template that was begun: its file, and which of ``concepts.yaml`` and ``mistakes.yaml`` its bank has not.

    ``new_bank`` says that the bank began with it.
    """

    file: Path
    missing: tuple[str, ...]
    new_bank: bool


def starter(kind: str, concept: str | None = None) -> str:
    """The YAML text of a starter, about its own concept or about another."""
    text = (templates_folder() / "new" / f"{kind}.yaml").read_text(encoding="utf-8")
    return text if concept is None else _CONCEPT_LINE.sub(f"concept: {concept}", text, count=1)


def starter_concept(kind: str) -> str:
    """The concept that a starter is about as it stands."""
    found = _CONCEPT_LINE.search(starter(kind))
    return found[1] if found else ""


def is_name(word: str) -> bool:
    """Whether a word can be the name of a template's file: letters, digits, ``-`` and ``_``, a letter or digit first."""
    return re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}", word) is not None


def begin(folder: Path, name: str, kind: str, concept: str) -> Started:
    """Writes the starter of a kind as the template ``concept/name`` of the bank in ``folder``, which may not be there yet.

    Raises:
        OutputError: there is such a template, or it cannot be written.
    """
    file = folder / concept / f"{name}.yaml"
    taken = next((path for path in (file, file.with_suffix(".yml")) if path.exists() or path.is_symlink()), None)
    if taken is not None:
        raise OutputError(f"{taken}: is there already; choose another name")
    missing = tuple(known for known in (CONCEPTS, MISTAKES) if not (folder / known).is_file())
    new_bank = not folder.is_dir() or (CONCEPTS in missing and not any(folder.rglob("*.y*ml")))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8", newline="\n") as out:
            out.write(starter(kind, concept))
    except OSError as error:
        raise OutputError(f"{file}: cannot be written: {error.strerror}") from error
    return Started(file, missing, new_bank)
