"""What is measured, and what it costs: functions and commands, each run in a process of its own."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

ROOT = Path(__file__).resolve().parent.parent

PEAK_UNIT = 1 if sys.platform == "darwin" else 1024
"""How many bytes one unit of ``ru_maxrss`` is."""


class FailedError(Exception):
    """What was to be measured did not run; the message has the end of what it said."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock, seconds of processors, and the most memory that the process held, in bytes."""

    wall: float
    cpu: float
    peak: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function (``module:name``) that makes something ready from its arguments and returns what is timed.

    It runs on one core alone, so that its figures are those of a core, unless it is given ``all_cores``.
    """

    function: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    all_cores: bool = False


@dataclass(frozen=True, slots=True)
class Proof:
    """That a command did its work: in the files of a pattern, packed or not, some words stand at least so often."""

    files: str
    words: str
    count: int

    def holds(self, folder: Path) -> bool:
        """Whether it did."""
        return sum(content.count(self.words.encode()) for content in _contents(folder.glob(self.files))) >= self.count


@dataclass(frozen=True, slots=True)
class Command:
    """A command line, timed from its start to its end; in its words `OUT` stands for a folder that is new in each run.

    It is run in ``folder``, by default that new one; Python looks for modules in ``path``. ``proof`` is looked for in the new
    folder, or else where it is run.
    """

    words: tuple[str, ...]
    folder: Path | None = None
    path: Path = ROOT
    proof: Proof | None = None


Job: TypeAlias = Call | Command

OUT = "{out}"


def cost_of(job: Job) -> Cost:
    """What a job costs in a process of its own."""
    return _command_cost(job) if isinstance(job, Command) else _measured([job], 1)[0][0]


def costs_in_turns(subject: Call, yardstick: Call, pairs: int) -> list[tuple[Cost, Cost]]:
    """What both cost in one process, in turns, after each was run once: for what takes less time than a process's start."""
    return [(first, second) for first, second in _measured([subject, yardstick], pairs)]


def quizgen(*words: str) -> Command:
    """A command line of quizgen."""
    return Command((sys.executable, "-c", "from quizgen.cli import main; main()", *words))


def _environment(path: Path = ROOT) -> dict[str, str]:
    """The environment of what is measured, in which the modules in a folder are found first."""
    paths = [str(path), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def _measured(calls: Sequence[Call], times: int) -> list[list[Cost]]:
    order = {
        "calls": [[call.function, dict(call.arguments)] for call in calls],
        "times": times,
        "all_cores": any(call.all_cores for call in calls),
    }
    with tempfile.TemporaryDirectory(prefix="quizgen-benchmark-") as folder:
        words = [sys.executable, "-m", "benchmarks.child", json.dumps(order)]
        done = subprocess.run(words, cwd=folder, env=_environment(), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise FailedError(f"it ended with {done.returncode}: {done.stderr.strip()[-2000:]}")
    return [[Cost(*cost) for cost in row] for row in json.loads(done.stdout.splitlines()[-1])]


def _command_cost(command: Command) -> Cost:
    with tempfile.TemporaryDirectory(prefix="quizgen-benchmark-") as folder:
        words = [word.replace(OUT, folder) for word in command.words]
        where = command.folder or Path(folder)
        with Path(folder, ".said").open("w+b") as said:
            start = time.perf_counter()
            process = subprocess.Popen(words, cwd=where, env=_environment(command.path), stdout=said, stderr=subprocess.STDOUT)
            _, status, used = os.wait4(process.pid, 0)
            wall = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode != 0:
                said.seek(0)
                raise FailedError(f"{' '.join(words)}\n{said.read()[-2000:].decode(errors='replace')}")
        if command.proof is not None and not any(command.proof.holds(place) for place in {Path(folder), where}):
            raise FailedError(f"{' '.join(words)}\nwrote less than {command.proof.count} questions")
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * PEAK_UNIT)


def _contents(files: Iterable[Path]) -> Iterator[bytes]:
    """The content of each file; of a zip that of each file in it."""
    for file in files:
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as packed:
                yield from (packed.read(name) for name in packed.namelist())
        elif file.is_file():
            yield file.read_bytes()


def used_here() -> tuple[float, int]:
    """Seconds of processors that this process and those it waited for have used, and its peak of memory in bytes."""
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    seconds = own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
    return seconds, max(own.ru_maxrss, others.ru_maxrss) * PEAK_UNIT
