"""Peers from the package registry, each in a virtual environment of its own that is kept in the user's cache."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

PYTHONS = ("python3.14", "python3.13", "python3.12", "python3.11")


class MissingError(Exception):
    """A peer cannot be had; the message says why."""


def environment(package: str, version: str, least: tuple[int, int] = (3, 11)) -> Path:
    """The folder of programs of an environment with a package, made where it is not there yet. Raises `MissingError`."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "quizgen-benchmarks"
    folder = cache / f"{package.lower()}-{version}"
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    whole = folder / "installed"
    if whole.exists():
        return programs
    python = _python(least)
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    for words in (
        [python, "-m", "venv", str(folder)],
        [str(programs / "python"), "-m", "pip", "install", f"{package}=={version}"],
    ):
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip().splitlines() or ["no reason is given"]
            raise MissingError(f"{package} {version} cannot be installed: {said[-1]}")
    whole.touch()
    return programs


def _python(least: tuple[int, int]) -> str:
    """A Python that is new enough: this one, or one that is found by its name and does run."""
    if sys.version_info[:2] >= least:
        return sys.executable
    for name in PYTHONS:
        found = shutil.which(name)
        if found and _runs(found, least):
            return found
    raise MissingError(f"it needs Python {'.'.join(map(str, least))} or newer, and there is none here")


def _runs(python: str, least: tuple[int, int]) -> bool:
    words = [python, "-c", f"import sys; sys.exit(sys.version_info < {least})"]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def rscript() -> str:
    """The program that runs R with the package exams. Raises `MissingError`."""
    found = shutil.which("Rscript")
    if found is None:
        raise MissingError("R is not installed (no Rscript)")
    done = subprocess.run([found, "-e", "library(exams)"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise MissingError("R is installed without its package exams")
    return found
