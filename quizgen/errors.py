"""Every error that quizgen raises on purpose.

::

    QuizgenError                     something the user can mend; the command line prints it and exits with 2
    ├── BankError                    YAML files of a bank: every problem at once, each with its place
    ├── ExpressionError              an expression that cannot be compiled or evaluated
    ├── VariantError                 conditions that refuse too often, an address out of range
    ├── DistributionError            numbers that are no probability distribution (also a ValueError)
    ├── NumberError                  a typed text that is not a number (also a ValueError)
    ├── QuizError                    a quiz file
    ├── RosterError                  a class list
    ├── ManifestError                a build's manifest
    ├── SubmissionError              a file of responses that cannot be read at all
    ├── PolicyError                  a regrading policy
    ├── QuestionFileError            a file of another system's questions
    ├── OutputError                  a place to write to that is taken or cannot be written
    └── WorkerError                  work that no process could do: a part is lost, or a cluster is not there

This module imports nothing of quizgen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


class QuizgenError(Exception):
    """Base of all errors that a user can mend."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong: where, what, and what would be right.

    Lines and columns count from 1; line 0 means the file or folder as a whole.
    """

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.message}"


class ProblemsError(QuizgenError):
    """An error that carries every problem found, in order of place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[ProblemsError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)  # it goes from one process to another with all that it holds

    @classmethod
    def at(cls, file: str | Path, message: str, line: int = 0, column: int = 1) -> ProblemsError:
        """The error for a single problem; without a line it is about the whole file or folder."""
        return cls([Problem(str(file), line, column, message)])


class BankError(ProblemsError):
    """One or more problems in a bank's YAML or data files."""


class QuizError(ProblemsError):
    """One or more problems in a quiz file."""


class RosterError(ProblemsError):
    """One or more problems in a class list."""


class PolicyError(ProblemsError):
    """One or more problems in a regrading policy."""


class QuestionFileError(ProblemsError):
    """One or more problems in a file of another system's questions, which keep it from being read."""


class ExpressionError(QuizgenError):
    """An expression that cannot be compiled or evaluated."""


class VariantError(QuizgenError):
    """Variants that cannot be drawn."""


class DistributionError(QuizgenError, ValueError):
    """Numbers that are no probabilities, or no distribution; the message names the offending row."""


class NumberError(QuizgenError, ValueError):
    """A typed text that is not a number; the message says why."""


class ManifestError(QuizgenError):
    """A manifest that is not one, or is of another version."""


class SubmissionError(QuizgenError):
    """A file of responses that cannot be read at all."""


class OutputError(QuizgenError):
    """A place to write to that is taken, or cannot be written."""


class WorkerError(QuizgenError):
    """Work that no process could do: a part of it is lost, or the cluster that should do it is not there."""
