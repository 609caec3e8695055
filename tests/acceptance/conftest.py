from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from commands import Ran, Run

from quizgen.cli import main


@pytest.fixture
def quizgen(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command line inside this process."""

    def run(*words: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["quizgen", *map(str, words)])
        with pytest.raises(SystemExit) as stopped:
            main()
        told = capsys.readouterr()
        return Ran(int(stopped.value.code or 0), told.out, told.err)

    return run


@pytest.fixture(scope="session")
def installed() -> Run:
    """Runs a command line in a process of its own."""

    def run(*words: str | Path) -> Ran:
        done = subprocess.run([sys.executable, "-m", "quizgen.cli", *map(str, words)], capture_output=True, encoding="utf-8")
        return Ran(done.returncode, done.stdout, done.stderr)

    return run
