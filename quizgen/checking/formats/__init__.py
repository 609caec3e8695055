"""What is written of reports: one module for each format, each a pure function from reports and a `Style` to a text."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from quizgen.checking.base import SEVERITIES, Severity
from quizgen.checking.run import Found, Report
from quizgen.extensions import known

BUILT_IN = {
    "text": "quizgen.checking.formats.text:write",
    "json": "quizgen.checking.formats.json:write",
    "sarif": "quizgen.checking.formats.sarif:write",
    "junit": "quizgen.checking.formats.junit:write",
    "github": "quizgen.checking.formats.github:write",
}


@dataclass(frozen=True, slots=True)
class Style:
    """How to write: the folder that files are named from, what counts as a failure, and for people also colours, figures and
    tracebacks."""

    root: Path
    fail_on: Severity = "error"
    colour: bool = False
    figures: bool = False
    debug: bool = False

    def file(self, name: str) -> str:
        """A file's name as seen from the root, with ``/`` between folders; as it is where it lies outside."""
        path = Path(name)
        absolute = path if path.is_absolute() else self.root / path
        return absolute.relative_to(self.root).as_posix() if absolute.is_relative_to(self.root) else path.as_posix()

    def place(self, found: Found) -> str:
        """Where a finding is: ``file:line:column``, or the file alone."""
        file = self.file(found.place.file)
        return f"{file}:{found.place.line}:{found.place.column}" if found.place.line else file

    def fails(self, found: Found) -> bool:
        """Whether a finding counts as a failure."""
        return not found.waived and found.severity in SEVERITIES[: SEVERITIES.index(self.fail_on) + 1]


Write: TypeAlias = Callable[[Sequence[Report], Style], str]


def formats() -> Mapping[str, Write]:
    """All formats by name."""
    return known("quizgen.check_formats", BUILT_IN)


def command_of(report: Report, found: Found) -> str:
    """The command that shows a finding's witness; empty where it has none."""
    if found.ordinal is None:
        return ""
    words = ["quizgen", "show", report.template, *(["--bank", _from_here(report.bank)] if report.bank else [])]
    return shlex.join([*words, "--seed", "check", "--address", str(found.ordinal)])


def _from_here(folder: str) -> str:
    """A folder as it is named from the current one, where it lies below it."""
    path = Path(folder)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else folder


def counted(reports: Sequence[Report]) -> dict[str, int]:
    """How many findings there are of each severity, and how many are ``waived``."""
    found = [one for report in reports for one in report.found]
    counts = {str(name): sum(one.severity == name and not one.waived for one in found) for name in SEVERITIES}
    return {**counts, "waived": sum(bool(one.waived) for one in found)}
