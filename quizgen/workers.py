"""Parts of a job done in other processes; what comes out does not depend on how many there are.

A job is done by a function of the job and of one part of it, which stands at the top of a module. Job, parts and results go
between processes, so they can be pickled; each process gets the job once. Results come in the order of the parts, and few
are under way at a time, so that memory does not grow with their number.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypeVar

from quizgen.errors import WorkerError

J = TypeVar("J")
P = TypeVar("P")
R = TypeVar("R")

AHEAD = 8
"""So many parts for each process are under way or waiting to be taken."""

_WAKING = 0.2
"""Seconds between two looks at what is under way, so that a Ctrl-C gets through that another thread has received."""


class Workers(Protocol):
    """Something that does parts of a job. ``local`` says whether it does so on this machine, and sees its files."""

    local: ClassVar[bool]

    def results(self, work: Callable[[J, P], R], job: J, parts: Iterable[P]) -> Generator[R | Lost, None, None]:
        """What ``work`` makes of each part, in order. What it raises is raised here, and the rest is given up.

        Where it may be left before its end, close it first, so that no part is under way any more.
        """


@dataclass(frozen=True, slots=True)
class Lost:
    """In place of a result: the process that did the part died, and so did the one that tried again."""

    said: str = "the process that did it died, as a rule for want of memory"
    mend: str = "try fewer --workers"


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def team(wanted: int | Workers | None, parts: int, worth: int = 2) -> Workers:
    """Who does so many parts: those who are wanted, or that many processes; by default as many as there are cores, where the
    parts are ``worth`` it.
    """
    if not isinstance(wanted, int | None):
        return wanted
    count = min(wanted or (cores() if parts >= worth else 1), parts)
    return Processes(count) if count > 1 else HERE


def complete(results: Iterable[R | Lost]) -> Iterator[R]:
    """The results of a job that is nothing without each of its parts. Raises `WorkerError` for one that is lost."""
    for number, result in enumerate(results, 1):
        if isinstance(result, Lost):
            raise WorkerError(f"part {number} of the work is not done: {result.said}; {result.mend}")
        yield result


@dataclass(frozen=True, slots=True)
class Here:
    """Does all parts in this process."""

    local: ClassVar[bool] = True

    def results(self, work: Callable[[J, P], R], job: J, parts: Iterable[P]) -> Generator[R | Lost, None, None]:
        """The results in order."""
        return (work(job, part) for part in parts)


HERE = Here()


@dataclass(frozen=True, slots=True)
class Processes:
    """Does parts in ``count`` processes of this machine."""

    count: int
    local: ClassVar[bool] = True

    def results(self, work: Callable[[J, P], R], job: J, parts: Iterable[P]) -> Generator[R | Lost, None, None]:
        """The results in order; a part whose process died is tried once more, alone."""
        with _Pool(self.count, work, job) as pool:
            pending: deque[tuple[P, Future[Any]]] = deque()
            for part in parts:
                pending.append((part, pool.submit(part)))
                if len(pending) >= AHEAD * self.count:
                    yield _result(pool, work, job, *pending.popleft())
            while pending:
                yield _result(pool, work, job, *pending.popleft())


def _result(pool: _Pool, work: Callable[[J, P], R], job: J, part: P, future: Future[Any]) -> Any:
    try:
        return pool.waited(future)
    except BrokenProcessPool:  # its process died, or another's that took the others with it
        with _Pool(1, work, job) as alone:
            try:
                return alone.waited(alone.submit(part))
            except BrokenProcessPool:
                return Lost()


@contextmanager
def without_collecting() -> Iterator[None]:
    """Lets the many values of a part be made without looking again and again for which of them have become garbage."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Pool:
    """Processes that know a job; they are given up where anything goes wrong, and made anew where they have died."""

    def __init__(self, count: int, work: Callable[[J, P], R], job: J) -> None:
        self._count, self._work, self._job = count, work, job
        self._others = frozenset(multiprocessing.active_children())  # a program's own, which are none of ours to end
        self._executor = self._made()

    def _made(self) -> ProcessPoolExecutor:
        # Processes are not forked from this one, whose other threads may hold a lock.
        method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
        context = multiprocessing.get_context(method)
        if method == "forkserver":
            context.set_forkserver_preload([self._work.__module__])
        return ProcessPoolExecutor(self._count, context, initializer=_begin, initargs=(self._work, self._job))

    def submit(self, part: Any) -> Future[Any]:
        """The future of a part's result."""
        try:
            return self._executor.submit(_do, part)
        except BrokenProcessPool:
            self._executor = self._made()
            return self._executor.submit(_do, part)

    def waited(self, future: Future[Any]) -> Any:
        """The result, once it is there."""
        while not future.done():
            wait([future], _WAKING, FIRST_COMPLETED)
        return future.result()

    def __enter__(self) -> _Pool:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)
            for process in frozenset(multiprocessing.active_children()) - self._others:
                process.terminate()
        self._executor.shutdown()


_known: tuple[Callable[[Any, Any], Any], Any] | None = None
"""In a worker: what it does, and the job."""


def _begin(work: Callable[[Any, Any], Any], job: Any) -> None:
    """Gets a worker ready; it ends without a word at a Ctrl-C, and when the process that wants its results is gone."""
    global _known
    _known = work, job
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _do(part: Any) -> Any:
    assert _known is not None
    work, job = _known
    return work(job, part)
