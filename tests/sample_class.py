"""A small bank, a quiz and a class with awkward names, for tests of whole builds and gradings."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from quizgen.bank import Bank, load_bank
from quizgen.items import field_name
from quizgen.quizzes import Built, Manifest, Roster, build_quiz, load_quiz, read_manifest, read_roster
from quizgen.quizzes.manifest import Sheet
from quizgen.quizzes.simulated import Learner, responses

SECRET = bytes(range(32))

SURPRISAL = """
title: Surprisal
concept: {concept}
level: apply
minutes: 1
draw:
  q: {{probability: [0.05, 0.95], step: 0.01, avoid: [0.5]}}
stem: The correct word has the probability {{{{ q }}}}. What is its loss in nats?
answer:
  kind: numeric
  value: surprisal(q)
  decimals: 3
  mistakes:
    linear-loss: 1 - q
solution: It is {{{{ surprisal(q)|fixed(3) }}}}.
"""

TWO_STEPS = """
title: Two steps
concept: {concept}
level: apply
minutes: 2
draw:
  a: {{integer: [2, 60]}}
  b: {{integer: [2, 60]}}
stem: The numbers are {{{{ a }}}}, {{{{ b }}}}. Add them ({{{{ answer.total }}}}) and double the sum ({{{{ answer.twice }}}}).
answers:
  total: {{kind: numeric, label: Sum, value: a + b, decimals: 0, weight: 3}}
  twice: {{kind: numeric, label: Twice the sum, value: 2 * (a + b), decimals: 0, follow_through: 2 * given.total}}
solution: Add, then double.
"""

PICK_ONE = """
title: Pick one
concept: {concept}
level: understand
minutes: 1
draw:
  p: {{probability: [0.05, 0.95], step: 0.01}}
  q: {{probability: [0.05, 0.95], step: 0.01}}
require:
  - abs(p - q) > 0.1
stem: Model A gives the word {{{{ p }}}}, Model B {{{{ q }}}}. Which is right?
answer:
  kind: choice
  choose: 4
  options:
    - {{text: Model A has the lower loss., true_when: p > q, mistake: higher-is-better, feedback: Look at the logarithm again.}}
    - {{text: Model B has the lower loss., true_when: q > p, mistake: higher-is-better}}
    - {{text: Their losses are equal., true_when: p == q}}
    - {{text: Neither has a loss., true_when: false}}
    - {{text: Both losses are 0., true_when: false}}
mistakes:
  higher-is-better: {{title: Higher taken for better, explanation: A loss is better when it is lower., concept: {concept}}}
solution: The higher probability has the lower loss.
"""

TINY = """
title: Tiny
concept: {concept}
level: remember
minutes: 1
tags: [few]
draw:
  n: {{choice: [3, 5, 7]}}
stem: What is {{{{ n }}}} plus 100?
answer: {{kind: numeric, value: n + 100, decimals: 0}}
solution: Add.
"""

ESSAY = """
title: Explain
concept: {concept}
level: evaluate
minutes: 10
draw:
  q: {{probability: [0.1, 0.9], step: 0.01}}
stem: A model gave the correct word {{{{ q }}}}. Explain its loss.
answer:
  kind: essay
  words: 50
  rubric:
    - {{criterion: Names the logarithm, points: 2}}
    - {{criterion: Says what a loss of 0 means, points: 2}}
solution: The loss is the surprisal.
"""

CONCEPT = "calculating-cross-entropy-loss"
TEMPLATES = {"surprisal": SURPRISAL, "two-steps": TWO_STEPS, "pick-one": PICK_ONE, "tiny": TINY, "essay": ESSAY}

QUIZ = """
title: Test quiz
instructions: Work alone.
due: 2026-03-01T12:00+00:00
hints: true
sections:
  - title: First
    items:
      - {template: calc/surprisal, points: 2}
      - {template: calc/two-steps, points: 4}
  - title: Second
    items:
      - {template: calc/pick-one, points: 1}
      - {template: calc/essay, points: 4}
"""

AWKWARD: tuple[tuple[str, str], ...] = (
    ("s01", "Zoë O'Brien, \"Zo\""), ("s02", "🙂🙃 Emoji"), ("s03", "שלום עולם"), ("s04", "محمد الأمين"),
    ("s05", '=HYPERLINK("http://example.org","x")'), ("s06", "N" * 300), ("s07", "Same Name"), ("s08", "Same Name"),
    ("../../x", "Dot Dot"), ("CON", "Console"), ("aux.txt", "Aux"), ("=1+1", "Formula"), ("@sum(A1)", "At"),
    ("-rf", "Hyphen"), ("+49 170", "Plus"), ("a/b", "Slash"), ("a\\b", "Backslash"), ("a:b*?\"<>|", "Windows"),
    ("José", "Nfc"), ("用户", "汉字"), ("x" * 100, "Long id"), ("007", "Zeros"), ("a b", "Space"), ("a_b", "Underscore"),
    (".hidden", "Dot"), ("semi;colon", "<script>alert(1)</script>"), ("q,uote", "a\u202egnp.exe"), ("é" * 60, "Accents"),
    ("100%", "Percent"), ("{{ 7*7 }}", "{{ config }}"),
)  # fmt: skip
"""30 students: id and name."""


def write_bank(folder: Path, templates: Mapping[str, str] = TEMPLATES) -> Path:
    """Writes the templates below ``calc/``; returns the folder."""
    (folder / "calc").mkdir(parents=True)
    for name, text in templates.items():
        (folder / "calc" / f"{name}.yaml").write_text(text.format(concept=CONCEPT).lstrip(), encoding="utf-8")
    return folder


def write_text(path: Path, text: str) -> Path:
    """Writes a text; returns its path."""
    path.write_text(text.lstrip("\n"), encoding="utf-8")
    return path


def write_roster(path: Path, students: Iterable[tuple[str, str]] = AWKWARD) -> Path:
    """Writes a class list; returns its path."""
    return write_rows(path, [("id", "name"), *students])


def write_rows(path: Path, rows: Iterable[Sequence[str]]) -> Path:
    """Writes rows as CSV; returns the path."""
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)
    return path


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file by column."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def build(
    folder: Path, quiz: str = QUIZ, students: Iterable[tuple[str, str]] = AWKWARD, secret: bytes = SECRET,
    templates: Mapping[str, str] = TEMPLATES, flavours: Sequence[str] = ("html",),
) -> tuple[Built, Manifest]:  # fmt: skip
    """Builds a class below the folder (``bank``, ``quiz.yaml``, ``class.csv``, ``build``)."""
    folder.mkdir(exist_ok=True)
    bank: Bank = load_bank(write_bank(folder / "bank", templates))
    roster: Roster = read_roster(write_roster(folder / "class.csv", students))
    blueprint = load_quiz(write_text(folder / "quiz.yaml", quiz))
    built = build_quiz(blueprint, bank, roster, folder / "build", flavours=flavours, secret=secret)
    return built, read_manifest(folder / "build")


def answers(
    manifest: Manifest, right: float = 1.0, sheets: Sequence[Sheet] | None = None, seed: int = 1
) -> list[dict[str, str]]:
    """Responses by field for each sheet; ``right`` is the share of right ones, the others show foreseen mistakes."""
    wanted = manifest.sheets if sheets is None else sheets
    with manifest.bank() as bank:
        learner = Learner(right, 1 - right, blank=0, unreadable=0)
        return responses(manifest, bank, wanted, [learner] * len(wanted), seed)


def saved(manifest: Manifest, sheet: Sheet, given: Mapping[str, str], when: str = "2026-02-01T10:00:00Z") -> dict[str, Any]:
    """What a worksheet saves in the browser."""
    return {
        "format": "quizgen-responses", "version": 1, "build": manifest.build, "worksheet": sheet.code,
        "student": sheet.student.id, "saved": when, "answers": dict(given),
    }  # fmt: skip


def write_saved(folder: Path, manifest: Manifest, sheets: Sequence[Sheet], given: Sequence[Mapping[str, str]]) -> Path:
    """Writes a saved response file for each sheet; returns the folder."""
    folder.mkdir(exist_ok=True)
    for sheet, row in zip(sheets, given, strict=True):
        text = json.dumps(saved(manifest, sheet, row), ensure_ascii=False)
        (folder / f"answers-{sheet.code}.json").write_text(text, encoding="utf-8")
    return folder


def fields(manifest: Manifest, sheet: Sheet) -> list[str]:
    """The names of a sheet's fields."""
    with manifest.bank() as bank:
        return [
            field_name(f"q{number}", answer.name, bank[item.template].single)
            for number, item in enumerate(sheet.items, 1)
            for answer in bank[item.template].answers
        ]
