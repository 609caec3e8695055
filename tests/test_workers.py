"""Work in other processes: its order, its errors, processes that die, and a Ctrl-C or a kill of the one that waits."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizgen.errors import BankError, Problem, QuizgenError, VariantError, WorkerError
from quizgen.workers import Here, Lost, Processes, complete, team


def times(job: int, part: int) -> int:
    """The product, and the later the earlier its part stands."""
    time.sleep(0.02 * (part % 3))
    return job * part


def wrong(job: str, part: int) -> int:
    """An error at the third part."""
    if part == 2:
        raise BankError([Problem(job, 3, 1, "is wrong"), Problem(job, 9, 1, "also")])
    return part


def deadly(folder: str, part: int) -> int:
    """The process dies at the second part: always, or once where the job says so."""
    mark = Path(folder, "died")
    if part == 1 and not (mark.exists() and mark.read_text() == "once"):
        mark.write_text("once" if Path(folder, "mercy").exists() else "always")
        os._exit(9)
    return part


def test_results_come_in_order_however_many_work() -> None:
    for workers in (Here(), Processes(2), Processes(3)):
        assert list(workers.results(times, 7, range(20))) == [7 * part for part in range(20)]


def test_an_error_of_a_worker_arrives_whole() -> None:
    for workers in (Here(), Processes(2)):
        with pytest.raises(BankError, match=r"bank\.yaml:3:1: is wrong\nbank\.yaml:9:1: also") as caught:
            list(workers.results(wrong, "bank.yaml", range(50)))
        assert len(caught.value.problems) == 2


def test_a_process_that_dies_is_tried_again_and_takes_no_other_part_with_it(tmp_path: Path) -> None:
    found = list(Processes(2).results(deadly, str(tmp_path), range(6)))
    assert [isinstance(one, Lost) for one in found] == [False, True, False, False, False, False]
    (tmp_path / "died").unlink()
    (tmp_path / "mercy").touch()
    assert list(Processes(2).results(deadly, str(tmp_path), range(6))) == list(range(6))


def test_a_job_that_needs_every_part_says_which_is_lost() -> None:
    with pytest.raises(WorkerError, match=r"part 2 of the work is not done: .*died.*fewer --workers"):
        list(complete(iter([1, Lost(), 3])))


def test_one_process_is_enough_for_one_part() -> None:
    assert team(None, 1) == Here()
    assert team(1, 100) == Here()
    assert team(8, 3) == Processes(3)


@given(st.lists(st.builds(Problem, st.text(), st.integers(0, 99), st.integers(1, 99), st.text()), min_size=1))
def test_errors_go_from_one_process_to_another(problems: list[Problem]) -> None:
    sent: list[QuizgenError] = [BankError(problems), VariantError("refused")]
    for error in sent:
        came = pickle.loads(pickle.dumps(error))  # its own
        assert type(came) is type(error)
        assert str(came) == str(error)


def rest(seconds: float) -> None:
    """What a program does in a process of its own."""
    time.sleep(seconds)


def test_an_error_ends_no_process_of_the_program_itself() -> None:
    own = multiprocessing.get_context("spawn").Process(target=rest, args=(60,))
    own.start()
    try:
        with pytest.raises(BankError):
            list(Processes(2).results(wrong, "bank.yaml", range(50)))
        assert own.is_alive()
    finally:
        own.terminate()
        own.join()


SCRIPT = """
import time, os
from quizgen.workers import Processes
def sleep(job, part):
    open(os.path.join(job, str(os.getpid())), "w").close()
    time.sleep(60)
if __name__ == "__main__":
    import sys
    list(Processes(2).results(sleep, sys.argv[1], range(9)))
"""


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_no_process_outlives_the_one_that_waits_for_it(tmp_path: Path, sent: signal.Signals) -> None:
    script, marks = tmp_path / "script.py", tmp_path / "marks"
    script.write_text(SCRIPT, encoding="utf-8")
    marks.mkdir()
    with subprocess.Popen([sys.executable, script, marks], stderr=subprocess.PIPE, start_new_session=True) as started:
        deadline = time.monotonic() + 30
        while len(list(marks.iterdir())) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        workers = [int(mark.name) for mark in marks.iterdir()]
        assert len(workers) == 2
        started.send_signal(sent)
        started.wait(timeout=30)
    deadline = time.monotonic() + 10
    while any(map(_lives, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(_lives, workers))


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
