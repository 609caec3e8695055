"""What is imported to start: other packages by name, so that a start stays quick whatever the machine."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from quizgen.cli import COMMANDS

TEMPLATE = "calculating-cross-entropy-loss/compare-two-predictions"

TO_SHOW = {
    "annotated_types", "click", "jinja2", "latex2mathml", "markdown_it", "markupsafe", "mdit_py_plugins", "mdurl", "numpy",
    "pydantic", "pydantic_core", "typing_extensions", "typing_inspection", "yaml",
}  # fmt: skip
"""What a template needs to be read, drawn and shown: no tables (polars), no terminal's colours (rich), no SciPy."""

_PROGRAM = """
import json, sys
_, statement, found, *words = sys.argv
there = {*sys.modules}
try:
    exec(statement)
except SystemExit as stopped:
    assert not stopped.code, stopped.code
with open(found, "w", encoding="utf-8") as out:
    json.dump(sorted({*sys.modules} - there), out)
"""


def imported(folder: Path, statement: str, *words: str) -> set[str]:
    """The modules that a statement imports in a new Python, where ``words`` are the command line."""
    found = folder / "modules.json"
    command = [sys.executable, "-c", _PROGRAM, statement, str(found), *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(found.read_text(encoding="utf-8")))


def run(folder: Path, *words: str) -> set[str]:
    """The modules that a command line of quizgen imports."""
    return imported(folder, "from quizgen.cli import cli\ncli(words, prog_name='quizgen')", *words)


def packages(modules: set[str]) -> set[str]:
    """The packages that others have made, by the names under which they are imported."""
    installed = packages_distributions()
    return {top for name in modules if (top := name.partition(".")[0]) in installed and not top.startswith("_")} - {"quizgen"}


def own(modules: set[str]) -> set[str]:
    """The modules of quizgen."""
    return {name for name in modules if name.partition(".")[0] == "quizgen"}


def test_importing_quizgen_imports_nothing_else(tmp_path: Path) -> None:
    modules = imported(tmp_path, "import quizgen")
    assert packages(modules) == set()
    assert own(modules) == {"quizgen"}


def test_the_engine_imports_numpy_and_nothing_of_banks_and_texts(tmp_path: Path) -> None:
    modules = imported(tmp_path, "from quizgen import entropy; entropy.entropy([0.5, 0.5])")
    assert packages(modules) == {"numpy"}
    assert own(modules) == {"quizgen", *(f"quizgen.{name}" for name in ("divergences", "entropy", "errors", "rows"))}


def test_the_help_imports_click_and_no_command(tmp_path: Path) -> None:
    modules = run(tmp_path, "--help")
    assert packages(modules) == {"click"}
    assert own(modules) <= {"quizgen", "quizgen.cli", "quizgen.errors"}


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_imports_only_that_command(command: str, tmp_path: Path) -> None:
    modules = run(tmp_path, command, "--help")
    assert packages(modules) == {"click"}
    assert f"quizgen.cli.{command}" in modules
    assert not {f"quizgen.cli.{other}" for other in COMMANDS if other != command} & modules


def test_showing_a_template_imports_what_it_needs_and_no_more(tmp_path: Path) -> None:
    modules = run(tmp_path, "show", TEMPLATE)
    assert packages(modules) == TO_SHOW
    parts = {name.split(".")[1] for name in own(modules) if "." in name}
    assert not {"checking", "grading", "importing", "lms", "quizzes", "serving"} & parts
