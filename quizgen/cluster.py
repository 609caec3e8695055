"""Parts of a job done by the workers of a Dask cluster, on as many machines as there are.

Job and parts go there as bytes: the job once to each worker, also to those that join later, a part to whoever does it. A
worker that dies takes nothing with it: what it did is done again by another, so a part must come out the same each time.
"""

from __future__ import annotations

import asyncio
import pickle
import secrets
import socket
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pydoc import locate  # it says None of what is not there, and needs no quizgen where it runs
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from quizgen import __version__
from quizgen.errors import QuizgenError, WorkerError
from quizgen.workers import AHEAD, Lost

if TYPE_CHECKING:
    from distributed import Client, Future

J = TypeVar("J")
P = TypeVar("P")
R = TypeVar("R")

_ANSWER = 5
"""Seconds in which a scheduler has to answer."""

_JOINING = 10
"""Seconds in which a first worker has to be there."""

_RETURN = 60
"""Seconds in which another worker has to come where all have gone."""

_WAKING = 0.5
"""Seconds between two looks at what is under way."""

_COUNTING = 2
"""Seconds between two looks at who is there."""

_ENDING = 10
"""Seconds that parts under way are waited for where the job is given up."""


class Cluster:
    """The workers of the Dask scheduler at an address. Entered, it is connected to them."""

    local: ClassVar[bool] = False

    def __init__(self, address: str) -> None:
        self.address = address
        self._places = 1
        self._counted = self._seen = 0.0

    def __enter__(self) -> Cluster:
        """The same, once there are workers that can do the work.

        Raises:
            WorkerError: the extra is not installed, nobody answers, or somebody has another version of quizgen.
        """
        try:
            from distributed import Client
            from distributed.comm.registry import backends
        except ImportError as error:
            message = "a cluster needs packages that are not installed here: pip install 'quizgen[cluster]'"
            raise WorkerError(message) from error
        protocol, _, place = self.address.partition("://")
        if protocol not in backends or not place:
            raise WorkerError(f"'{self.address}' is no address of a Dask scheduler; one is written tcp://HOST:8786")
        try:
            self._client: Client = Client(self.address, timeout=_ANSWER, set_as_default=False, name="quizgen")
        except Exception as error:  # each transport has its own
            how = "one is started with `dask scheduler`, which tells its address"
            raise WorkerError(f"{self.address}: no Dask scheduler answers there; {how}") from error
        try:
            self._client.wait_for_workers(1, timeout=_JOINING)
            self._check_versions()
        except TimeoutError as error:
            self._client.close()
            message = (
                f"{self.address}: the cluster has no workers; one is started with `dask worker {self.address} --nthreads 1`"
            )
            raise WorkerError(message) from error
        except BaseException:
            self._client.close()
            raise
        return self

    def __exit__(self, *raised: object) -> None:
        with suppress(Exception):  # the scheduler may be gone
            self._client.close(timeout=_ANSWER)

    def results(self, work: Callable[[J, P], R], job: J, parts: Iterable[P]) -> Generator[R | Lost, None, None]:
        """The results in order; a part that costs one worker after another its life is `Lost`."""
        run = _Run(secrets.token_hex(8), __version__, pickle.dumps((work, job)))
        known = self._client.submit(_know, run, pure=False)
        pending: deque[tuple[bytes, Future[Any]]] = deque()
        try:
            for part in parts:
                sent = pickle.dumps(part)
                pending.append((sent, self._client.submit(_do, known, sent, pure=False)))
                if len(pending) >= AHEAD * self._workers():
                    yield self._result(known, *pending.popleft())
            while pending:
                yield self._result(known, *pending.popleft())
        except BaseException:
            self._give_up(run, [known, *(future for _, future in pending)])
            raise

    def _result(self, known: Future[Any], part: bytes, future: Future[Any]) -> Any:
        from distributed import KilledWorker

        try:
            result = self._waited(future)
        except KilledWorker:  # it may have been with another part that did it
            try:
                result = self._waited(self._client.submit(_do, known, part, pure=False))
            except KilledWorker:
                return Lost("the workers that did it died one after another, as a rule for want of memory", "give workers more")
        if isinstance(result, _Raised):
            raise result.error
        return result

    def _waited(self, future: Future[Any]) -> Any:
        """The result, once it is there. Raises `WorkerError` where it will never be."""
        from distributed import CancelledError, KilledWorker

        while True:
            try:
                return future.result(timeout=_WAKING)
            except TimeoutError:
                self._workers()
            except KilledWorker:
                raise
            except (CancelledError, OSError) as error:
                raise WorkerError(f"{self.address}: the scheduler has gone, and with it what was under way") from error
            except Exception as error:  # what work raises is returned: it could not even begin
                raise WorkerError(f"a worker of the cluster cannot do the work: {type(error).__name__}: {error}") from error

    def _workers(self) -> int:
        """How many workers there are, by a look not long ago."""
        now = time.monotonic()
        if now - self._counted >= _COUNTING:
            try:
                count = len(self._client.nthreads())
            except (OSError, TimeoutError) as error:
                raise WorkerError(f"{self.address}: the scheduler has gone, and with it what was under way") from error
            self._counted = now
            self._seen = now if count or not self._seen else self._seen
            if now - self._seen > _RETURN:
                raise WorkerError(f"{self.address}: all workers of the cluster have gone")
            self._places = max(count, 1)
        return self._places

    def _check_versions(self) -> None:
        """Nothing, or `WorkerError` where somebody has another version of quizgen, or none."""
        wanted = "quizgen.__version__"
        told = {"the scheduler": self._client.run_on_scheduler(locate, wanted)}
        told |= {f"the worker {worker}": there for worker, there in self._client.run(locate, wanted).items()}
        for who, there in told.items():
            if there != __version__:
                raise _other_version(who, there, __version__)

    def _give_up(self, run: _Run, futures: list[Future[Any]]) -> None:
        """Begins no more of the parts, and waits a little until those under way have ended."""
        with suppress(Exception):  # what is told is why the job is given up
            self._client.cancel(futures, force=True)
            self._client.run(_leave, run.id, on_error="ignore")


def _other_version(who: str, there: str | None, here: str) -> WorkerError:
    has = f"has quizgen {there}" if there else "has no quizgen"
    return WorkerError(f"{who} {has}, and here it is {here}; install the same version everywhere in the cluster")


@dataclass(frozen=True, slots=True)
class _Run:
    """A job on its way: what is done, and the job, as bytes that only workers unpack."""

    id: str
    version: str
    work: bytes


@dataclass(frozen=True, slots=True)
class _Known:
    """A job that a worker knows."""

    run: _Run
    work: Callable[[Any, Any], Any]
    job: Any


@dataclass(frozen=True, slots=True)
class _Raised:
    """In place of a result: what the work raised. Dask would shorten it where it is long."""

    error: Exception


_one = threading.Lock()
"""Held while a part is done: threads of one worker take turns, for they share a bank."""

_left: set[str] = set()
"""The jobs that were given up."""


def _know(run: _Run) -> _Known:
    return _Known(run, *pickle.loads(run.work))


def _do(known: _Known, part: bytes) -> Any:
    with _one:
        if known.run.id in _left:
            return None
        if known.run.version != __version__:  # it joined later, and another worker gave it the job
            return _Raised(_other_version(f"the worker on {socket.gethostname()}", __version__, known.run.version))
        try:
            return known.work(known.job, pickle.loads(part))
        except Exception as error:
            return _Raised(_sendable(error))


def _sendable(error: Exception) -> Exception:
    """The error, or one with its words where it cannot be sent; with where it was raised if it is no error of the user's."""
    if not isinstance(error, QuizgenError):
        error.add_note(f"On {socket.gethostname()}:\n{traceback.format_exc()}")
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return WorkerError(f"a worker of the cluster broke down: {type(error).__name__}: {error}")
    return error


async def _leave(id: str) -> None:
    """In each worker: does no more parts of a job, and waits until the one under way has ended."""
    _left.add(id)
    for _ in range(_ENDING * 20):
        if not _one.locked():
            return
        await asyncio.sleep(0.05)
