"""What a planted defect is: a small template, the check that must catch it, and a twin that misses it narrowly."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

HEAD = "title: A question\nconcept: calculating-cross-entropy-loss\nlevel: apply\nminutes: 2\n"

LOAD = "load"
"""The name that stands for loading the template: what is refused there needs no check."""


@dataclass(frozen=True)
class Planted:
    """A defect. ``near`` are replacements in the text that make the twin, in which the check finds nothing.

    ``says`` is a part of the message; ``at`` the place of the finding in the YAML, where that is telling.
    """

    name: str
    check: str
    text: str
    near: tuple[tuple[str, str], ...]
    says: str = ""
    at: tuple[str | int, ...] | None = None

    @property
    def twin(self) -> str:
        """The text of the near miss."""
        text = self.text
        for old, new in self.near:
            assert old in text, f"{self.name}: '{old}' is not in the text"
            text = text.replace(old, new)
        return text


SURPRISAL = """
draw:
  p: {uniform: [0.05, 0.95], step: 0.05}
stem: The model gives the word the probability {{ p }}. What is its surprisal in nats?
answer:
  kind: numeric
  value: surprisal(p)
  decimals: 3
"""
"""A sound numeric question, to be spoilt."""

BETTER = """
draw:
  a: {uniform: [0.1, 0.9], step: 0.1}
  b: {uniform: [0.1, 0.9], step: 0.1}
stem: Model A gives the right word {{ a }}, model B gives it {{ b }}. Which statement is right?
"""
"""The stem of a sound choice between two models; its answer follows."""


def spoilt(text: str, *changes: tuple[str, str], also: str = "") -> str:
    """A sound template with some replacements, and lines added at its end."""
    for old, new in changes:
        assert old in text, f"'{old}' is not in the template"
        text = text.replace(old, new)
    return text + also


def all_planted() -> list[Planted]:
    """The defects of all modules ``defects_*`` beside this one."""
    modules = sorted(file.stem for file in Path(__file__).parent.glob("defects_*.py"))
    return [one for module in modules for one in import_module(module).PLANTED]
