"""The start of the command line, against that of Python with click."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.comparing import Comparison, Size, Skipped
from benchmarks.measuring import Command, quizgen

ABOUT = "quizgen --help and quizgen show against python -c 'import click'"

TEMPLATE = "calculating-cross-entropy-loss/compare-two-predictions"
STARTS = (("--help",), ("list", "--help"), ("show", TEMPLATE), ("list", "--quick"))


def comparisons(size: Size, folder: Path) -> Iterator[Comparison | Skipped]:
    """What is compared."""
    click = Command((sys.executable, "-c", "import click"))
    package = Command((sys.executable, "-c", "import quizgen"))
    yield Comparison("start/import quizgen", package, "import click", click, 1, "start", by="wall")
    for words in STARTS:
        name = f"start/quizgen {' '.join(words).replace(TEMPLATE, 'TEMPLATE')}"
        yield Comparison(name, quizgen(*words), "import click", click, 1, "start", by="wall")
