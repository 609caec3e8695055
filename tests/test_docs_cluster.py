"""What the page about clusters shows is done on one."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

from docs_blocks import DOCS, ROOT, blocks
from sample_class import write_bank, write_roster


def test_the_commands_of_the_page_about_clusters_do_what_it_says(tmp_path: Path, address: str) -> None:
    (block,) = (block for block in blocks(DOCS / "scale.md", "bash") if block.note.startswith("run by"))
    write_roster(tmp_path / "class.csv", [(f"s{i}", f"Student {i}") for i in range(12)])
    text = block.text.replace("tcp://scheduler:8786", address).replace("/shared", str(tmp_path / "shared"))
    commands = [shlex.split(line) for line in text.replace("question_bank/", f"{ROOT}/question_bank/").splitlines()]
    assert [words[:2] for words in commands] == [["quizgen", "build"], ["quizgen", "build"], ["quizgen", "check"]]
    commands[-1].append("bank/calc/surprisal.yaml")  # the whole bank takes long
    write_bank(tmp_path / "bank")
    for words in commands:
        done = subprocess.run([sys.executable, "-m", "quizgen.cli", *words[1:]], cwd=tmp_path, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
    names = ["index.html", "keys", "manifest.json", "responses-template.csv", "worksheets"]
    for build in ("homework", "again"):
        assert sorted(path.name for path in (tmp_path / "shared" / build).iterdir()) == names
