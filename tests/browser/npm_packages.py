"""Packages of npm that tests need, pinned by a lock file and installed once into the user's cache."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest


def installed(pinned: Path, script: Path) -> Path:
    """A script of the packages that ``pinned`` locks; the test is skipped, or fails where a browser is demanded, without it."""
    lock = (pinned / "package-lock.json").read_bytes()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "quizgen-tests"
    folder = cache / f"{pinned.name.replace('_', '-')}-{hashlib.sha256(lock).hexdigest()[:12]}"
    if not (folder / script).exists():
        if shutil.which("npm") is None or shutil.which("node") is None:
            _without("Node with npm is not installed (on Debian: apt-get install nodejs npm)")
        cache.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=cache))
        for name in ("package.json", "package-lock.json"):
            shutil.copy(pinned / name, fresh)
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=fresh, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            shutil.rmtree(fresh)
            _without(f"{pinned.name} cannot be installed: {done.stderr[-300:]}")
        try:
            fresh.rename(folder)
        except OSError:  # another process was faster
            shutil.rmtree(fresh)
    return folder / script


def _without(reason: str) -> None:
    if os.environ.get("QUIZGEN_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
