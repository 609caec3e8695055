"""A check that breaks down, a worker that dies or a Ctrl-C loses nothing but itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from planting import HEAD, SURPRISAL

from quizgen.checking import Finding, Sweep, check, run
from quizgen.checking.run import Plan, Target, check_all
from quizgen.workers import Lost


@check("broken", "warning")
def broken(sweep: Sweep) -> Iterator[Finding]:
    """It breaks down."""
    yield Finding(("stem",), "said before it broke", 3)
    raise ZeroDivisionError("by nothing")


@check("sound", "warning")
def sound(sweep: Sweep) -> Iterator[Finding]:
    """It finds the stem."""
    yield Finding(("stem",), "a stem", int(sweep.ordinals[0]))


@pytest.fixture
def target(tmp_path: Path) -> Target:
    file = tmp_path / "t.yaml"
    file.write_text(HEAD + SURPRISAL, encoding="utf-8")
    return Target(tmp_path, "t", file)


@pytest.fixture
def only_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "checks", lambda: {"broken": broken, "sound": sound})


def test_a_check_that_breaks_down_is_an_error_and_the_others_are_run(target: Target, only_ours: None) -> None:
    (report,) = check_all([target], Plan(20))
    said = [(one.check, one.severity, one.place.message) for one in report.found]
    assert said == [
        ("broken", "warning", "said before it broke"),
        ("crashed", "error", "the check 'broken' broke down: ZeroDivisionError: by nothing"),
        ("sound", "warning", "a stem"),
    ]
    assert report.found[1].place.file == str(target.file)
    assert "raise ZeroDivisionError" in report.found[1].traceback
    assert report.checks == ("broken", "sound")


def test_a_template_whose_loading_breaks_down_is_an_error_too(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(*words: object, **more: object) -> None:
        raise RuntimeError("at load")

    monkeypatch.setattr(run, "read_with_extends", explode)
    (report,) = check_all([target], Plan(20))
    assert [(one.check, one.place.message) for one in report.found] == [
        ("crashed", "loading the template broke down: RuntimeError: at load")
    ]


class _Mortal:
    """Workers of which the one dies that has the second part."""

    local = True

    def results(self, work: Callable[..., Any], job: Any, parts: Iterable[Any]) -> Iterator[Any]:
        return (Lost("it died") if number == 1 else work(job, part) for number, part in enumerate(parts))


def test_a_worker_that_dies_is_told_of_and_takes_no_other_report_with_it(target: Target) -> None:
    reports = check_all([target, target, target], Plan(20), workers=_Mortal())
    crashed = [[("it died" in one.place.message) for one in report.found if one.check == "crashed"] for report in reports]
    assert crashed == [[], [True], []]


def test_ctrl_c_ends_the_command_and_its_workers_at_once() -> None:
    words = [sys.executable, "-m", "quizgen.cli", "check", "--workers", "2", "--no-failures", "--variants", "50000"]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdout=pipe, stderr=pipe, text=True, start_new_session=True) as started:
        deadline = time.monotonic() + 60
        while len(_members(started.pid)) < 4 and time.monotonic() < deadline:  # itself, its helpers, and workers
            time.sleep(0.1)
        time.sleep(1)
        started.send_signal(signal.SIGINT)  # to the command alone: it must take its workers with it
        out, err = started.communicate(timeout=30)
    assert started.returncode == 130
    assert "Traceback" not in err + out
    assert "stopped" in err
    assert not _lives(started.pid)


def _members(group: int) -> list[int]:
    """The processes of a group."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(ProcessLookupError):
            if os.getpgid(int(entry.name)) == group:
                found.append(int(entry.name))
    return found


def _lives(group: int, seconds: float = 10) -> bool:
    """Whether any process of a group is still there after some time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.05)
    return True
