"""``quizgen preview --watch``: a live page until Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
from commands import Run
from sample_class import write_bank


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent as POSIX knows them")
def test_the_page_is_served_until_ctrl_c_and_no_file_is_written(tmp_path: Path) -> None:
    bank = write_bank(tmp_path / "bank")
    before = sorted(tmp_path.rglob("*"))
    words = [sys.executable, "-m", "quizgen.cli", "preview", "tiny", "--bank", bank, "--watch", "--no-browser"]
    with subprocess.Popen(
        words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        env={**os.environ, "PYTHONUNBUFFERED": "1"}, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            told = process.stdout.readline() + process.stdout.readline()
            address = re.search(r"http://127\.0\.0\.1:\d+/[\w-]{30,}/", told)
            assert address, told
            with urlopen(address[0], timeout=20) as reply:
                assert b"Bench: tiny" in reply.read()
            process.send_signal(signal.SIGINT)
            rest, errors = process.communicate(timeout=20)
        finally:
            process.kill()
    assert (process.returncode, errors) == (0, "")
    assert rest.endswith("ended\n")
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent as POSIX knows them")
def test_what_is_wrong_at_the_start_is_told_in_the_terminal(tmp_path: Path) -> None:
    bank = write_bank(tmp_path / "bank")
    file = bank / "calc" / "tiny.yaml"
    file.write_text(file.read_text("utf-8").replace("minutes:", "minuets:"), "utf-8")
    words = [sys.executable, "-m", "quizgen.cli", "preview", file, "--bank", bank, "--watch", "--no-browser"]
    with subprocess.Popen(
        words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        env={**os.environ, "PYTHONUNBUFFERED": "1"}, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:  # fmt: skip
        try:
            assert process.stderr is not None
            told = process.stderr.readline() + process.stderr.readline()
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=20)
        finally:
            process.kill()
    assert "cannot be loaded as it is" in told
    assert "tiny.yaml" in told
    assert "minuets" in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--all", "--watch"), "--watch goes with one template"),
        (("tiny", "--watch", "--out", "x.html"), "--watch goes with one template"),
        (("tiny", "--no-browser"), "--no-browser belongs to --watch"),
        (("nothing", "--watch", "--no-browser"), "there is no template 'nothing'"),
    ],
)
def test_what_does_not_go_with_it_is_refused(quizgen: Run, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    done = quizgen("preview", *words, "--bank", write_bank(tmp_path / "bank"))
    assert done.code == 2
    assert said in done.err
