"""A homework that takes every template of the shipped bank once, for two students."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from quizgen import load_bank, load_quiz
from quizgen.grading import Graded
from quizgen.items import WriteFreely, field_name
from quizgen.quizzes import Manifest, build_quiz, read_manifest, read_roster


@dataclass(frozen=True, slots=True)
class Built:
    """A build for two students; ``keys`` has the right response to every field of the first one's worksheet."""

    folder: Path
    manifest: Manifest
    keys: dict[str, str]
    essays: frozenset[str]

    @property
    def worksheet(self) -> Path:
        """The first student's worksheet."""
        return self.folder / "build" / "worksheets" / f"{self.manifest.sheets[0].file}.html"


@dataclass(frozen=True, slots=True)
class HandedIn:
    """The first student's file, what the page showed before it was saved, what its console said, and the marks of both."""

    saved: Path
    answers: dict[str, str]
    progress: str
    logged: list[str]
    graded: Graded


def build(folder: Path) -> Built:
    """A homework that takes every template of the shipped bank once, for two students."""
    bank = load_bank(prove=False)  # other tests prove it
    items = "".join(f"      - {{template: {header.id}, points: 2}}\n" for header in bank.headers())
    quiz = folder / "quiz.yaml"
    quiz.write_text(
        "title: Every question of the bank\n"
        'instructions: "Use **natural** logarithms, where $1\\\\ \\\\text{nat}$ is about $1.4427$ bits."\n'
        "due: 2099-03-01T18:00+00:00\nhints: true\n"
        f"sections:\n  - title: All of it\n    items:\n{items}",
        encoding="utf-8",
    )
    roster = folder / "class.csv"
    roster.write_text("id,name\ns1047,Zoë O’Connor-Ñandú 李\ns2,נועה כהן\n", encoding="utf-8")
    build_quiz(load_quiz(quiz), bank, read_roster(roster), folder / "build")
    manifest = read_manifest(folder / "build")
    keys, essays = {}, set()
    for number, item in enumerate(manifest.sheets[0].items, 1):
        template = bank[item.template]
        variants = template.variants_at([item.ordinal], secret=manifest.secret)
        for answer, interaction in template.item(variants, 0).interactions:
            field = field_name(f"q{number}", answer, template.single)
            keys[field] = str(variants.keys(answer)[0])
            if isinstance(interaction, WriteFreely):
                essays.add(field)
                keys[field] = "Accuracy counts only which word is on top; the loss looks at the probability of the right one."
    return Built(folder, manifest, keys, frozenset(essays))


def hand_in_muddled(built: Built, path: Path) -> None:
    """Writes what the second student hands in: things that are wrong or cannot be read, and blanks."""
    rows = [
        {"student": built.manifest.sheets[1].student.id, "field": name, "response": (key, "?? <b>", "")[place % 3]}
        for place, (name, key) in enumerate(built.keys.items())
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
