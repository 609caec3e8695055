"""A Dask cluster for tests: a scheduler and two workers of this machine, in processes of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docs_blocks import ROOT

ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": os.pathsep.join([str(ROOT / "tests"), str(ROOT)]),  # workers find what is done below
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
}

SINGLE = ("--nthreads", "1", "--death-timeout", "10")
ENDING = ("--idle-timeout", "600 seconds")
"""What is left of a run of the tests that was killed ends by itself."""


@dataclass
class Running:
    """A scheduler and its workers; those that have died come back."""

    address: str
    folder: Path
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """One more worker."""
        place = self.folder / f"w{len(self.started)}"
        worker = dask(place, "worker", self.address, *SINGLE, "--local-directory", str(place), *words)
        self.started.append(worker)
        return worker

    def client(self) -> Any:
        """A client of the scheduler."""
        from distributed import Client

        return Client(self.address, set_as_default=False)

    def wait_for(self, count: int) -> None:
        """Returns when there are so many workers."""
        with self.client() as client:
            until(lambda: len(client.nthreads()) == count)

    def pids(self) -> dict[str, int]:
        """The workers' processes by address."""
        with self.client() as client:
            return dict(client.run(os.getpid))


def dask(log: Path, *words: str) -> subprocess.Popen[bytes]:
    with log.with_suffix(".log").open("wb") as out:
        command = [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:], "--no-dashboard"]
        return subprocess.Popen(command, stdout=out, stderr=out, env=ENVIRONMENT, start_new_session=True)


def until(met: Any, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def cluster_in(folder: Path) -> Iterator[Running]:
    """A cluster that writes its logs into a folder."""
    told = folder / "scheduler.json"
    scheduler = dask(folder / "s", "scheduler", "--host", "127.0.0.1", "--port", "0", *ENDING, "--scheduler-file", str(told))
    until(told.exists)
    found = Running(json.loads(told.read_text())["address"], folder)
    try:
        found.start()
        found.start()
        yield found
    finally:
        for process in [*found.started, scheduler]:
            stop(process)
