"""A build in parts: the same bytes however many processes write it, every layout whole, and nothing half-made."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import polars as pl
import pytest

from quizgen import load_bank
from quizgen.errors import QuizgenError
from quizgen.quizzes import build_quiz, load_quiz, read_roster
from quizgen.quizzes.layouts import LAYOUTS
from quizgen.quizzes.sheets import PART

QUIZ = """
title: Parts
items:
  - {template: q, points: 1}
"""
TEMPLATE = """
title: A surprisal
concept: fundamental-llm-training-objective
level: apply
minutes: 2
draw:
  p: {probability: [0.1, 0.9], step: 0.0001}
stem: "The model gives the word {{ p }}. What is its surprisal in nats?"
answer: {kind: numeric, value: -ln(p), decimals: 3}
"""
BROKEN = TEMPLATE.replace("What is", "Beside it stands {{ ln(p - 0.15)|fixed(2) }}. What is")
"""A logarithm that some variants do not have."""


@pytest.fixture
def class_of(tmp_path: Path) -> Path:
    """A folder with a bank, a quiz and a class of a part and a half."""
    (tmp_path / "bank").mkdir()
    (tmp_path / "bank" / "q.yaml").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "quiz.yaml").write_text(QUIZ, encoding="utf-8")
    rows = "".join(f"s{i:04d},Student {i}\n" for i in range(PART * 3 // 2))
    (tmp_path / "class.csv").write_text("id,name\n" + rows, encoding="utf-8")
    return tmp_path


def _built(folder: Path, name: str, **how: object) -> dict[str, bytes]:
    """What a build wrote, by path; the manifest without the time of the build."""
    out = folder / name
    bank, quiz, roster = load_bank(folder / "bank"), load_quiz(folder / "quiz.yaml"), read_roster(folder / "class.csv")
    build_quiz(quiz, bank, roster, out, secret=b"s" * 32, **how)  # type: ignore[arg-type]
    found = {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    manifest = json.loads(found["manifest.json"])
    del manifest["created"], manifest["digest"]
    return {**found, "manifest.json": json.dumps(manifest).encode()}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_one_process_and_two_write_the_same_bytes(class_of: Path, layout: str) -> None:
    flavours = ("html", "markdown")
    one, two = (_built(class_of, f"out{n}", workers=n, layout=layout, flavours=flavours) for n in (1, 2))
    assert one == two


def test_every_layout_holds_the_same_pages(class_of: Path) -> None:
    files = _built(class_of, "files", flavours=("html", "markdown"))
    pages = {name: text.decode() for name, text in files.items() if name.startswith(("worksheets/", "keys/"))}
    assert len(pages) == 4 * (PART * 3 // 2)
    for layout in ("ndjson", "parquet", "zip"):
        out = class_of / layout
        parts = _built(class_of, layout, layout=layout, flavours=("html", "markdown"))
        assert sum(name.startswith("worksheets/") for name in parts) == 2
        found: dict[str, str] = {}
        for folder in ("worksheets", "keys"):
            for part in sorted((out / folder).iterdir()):
                found.update({f"{folder}/{name}": text for name, text in _read(part)})
        assert found == pages


def _read(part: Path) -> list[tuple[str, str]]:
    match part.suffix:
        case ".ndjson":
            lines = [json.loads(line) for line in part.read_text(encoding="utf-8").splitlines()]
            return [(line["file"], line["page"]) for line in lines]
        case ".parquet":
            return pl.read_parquet(part).select("file", "page").rows()
    with zipfile.ZipFile(part) as archive:
        return [(name, archive.read(name).decode()) for name in archive.namelist()]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_in_a_part_names_template_and_address_and_leaves_nothing(class_of: Path, workers: int) -> None:
    (class_of / "bank" / "q.yaml").write_text(BROKEN, encoding="utf-8")
    bank = load_bank(class_of / "bank", prove=False)
    with pytest.raises(QuizgenError, match=r"q: at address \d+: .*a number that is shown is undefined"):
        build_quiz(
            load_quiz(class_of / "quiz.yaml"), bank, read_roster(class_of / "class.csv"), class_of / "out", workers=workers
        )
    assert sorted(path.name for path in class_of.iterdir()) == ["bank", "class.csv", "quiz.yaml"]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_a_build_that_is_stopped_leaves_nothing_that_the_next_does_not_clear(class_of: Path, sent: signal.Signals) -> None:
    rows = "".join(f"s{i:05d},Student {i}\n" for i in range(6 * PART))
    (class_of / "class.csv").write_text("id,name\n" + rows, encoding="utf-8")
    words = [
        sys.executable, "-m", "quizgen.cli", "build", "quiz.yaml", "--roster", "class.csv", "--bank", "bank", "--out", "out",
        "--workers", "2",
    ]  # fmt: skip
    partial = class_of / ".out.partial" / "worksheets"
    with subprocess.Popen(words, cwd=class_of, stderr=subprocess.PIPE, text=True, start_new_session=True) as started:
        deadline = time.monotonic() + 60
        while not (partial.is_dir() and any(partial.iterdir())) and time.monotonic() < deadline:
            time.sleep(0.01)
        started.send_signal(sent)
        _, err = started.communicate(timeout=30)
    assert not (class_of / "out").exists()
    assert "Traceback" not in err
    if sent == signal.SIGINT:
        assert started.returncode == 130
        assert not (class_of / ".out.partial").exists()
    deadline = time.monotonic() + 10
    while _group_lives(started.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _group_lives(started.pid)
    subprocess.run(words, cwd=class_of, check=True, capture_output=True)
    assert len(list((class_of / "out" / "worksheets").iterdir())) == 6 * PART
    assert not (class_of / ".out.partial").exists()


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
