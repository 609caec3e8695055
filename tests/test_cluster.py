"""Work on a Dask cluster: a scheduler and two workers of this machine, in processes of their own."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from dask_cluster import Running, stop, until
from sample_class import CONCEPT, QUIZ, SECRET, TEMPLATES, write_bank, write_roster, write_text

import quizgen
from quizgen import cluster, load_bank, load_quiz
from quizgen.checking.run import Plan, check_all
from quizgen.checking.targets import targets
from quizgen.cluster import Cluster
from quizgen.errors import BankError, OutputError, Problem, QuizgenError, WorkerError
from quizgen.quizzes import build_quiz, read_roster
from quizgen.quizzes.layouts import LAYOUTS
from quizgen.quizzes.sheets import PART
from quizgen.workers import Lost

distributed = pytest.importorskip("distributed", reason="the extra quizgen[cluster] is not installed")


def pid_of(job: str, part: int) -> tuple[str, int]:
    """Who does a part."""
    time.sleep(0.05)
    return f"{job}{part}", os.getpid()


def wrong(job: str, part: int) -> int:
    """An error at the third part, longer than what is cut off; others leave a mark."""
    if part == 2:
        raise BankError([Problem(job, 3, 1, "is wrong" * 3000), Problem(job, 9, 1, "also")])
    time.sleep(0.02)
    Path(job, str(part)).touch()
    return part


class _OddError(Exception):
    """An error that cannot be sent."""

    def __init__(self, one: int, two: threading.Lock) -> None:
        super().__init__("odd")
        self.two = two


def odd(job: None, part: int) -> int:
    """An error that cannot be sent."""
    raise _OddError(1, threading.Lock())


def deadly(folder: str, part: int) -> int:
    """The worker dies at the second part: always, or once where the job says so."""
    mark = Path(folder, "died")
    if part == 1 and not (mark.exists() and mark.read_text() == "once"):
        mark.write_text("once" if Path(folder, "mercy").exists() else "always")
        os.kill(os.getpid(), signal.SIGKILL)
    return part


def test_results_come_in_order_and_all_workers_have_a_share(address: str) -> None:
    with Cluster(address) as workers:
        found = list(workers.results(pid_of, "p", range(60)))
        again = list(workers.results(pid_of, "q", range(3)))
    assert [word for word, _ in found] == [f"p{part}" for part in range(60)]
    assert [word for word, _ in again] == ["q0", "q1", "q2"]
    assert len({pid for _, pid in found}) == 2
    assert os.getpid() not in {pid for _, pid in found}


def test_few_parts_are_under_way_at_a_time(address: str) -> None:
    parts = iter(range(1000))
    with Cluster(address) as workers:
        results = workers.results(pid_of, "", parts)
        next(results)
        assert next(parts) < 50
        results.close()


def test_an_error_arrives_whole_and_no_part_is_done_after_it(address: str, tmp_path: Path) -> None:
    with Cluster(address) as workers:
        with pytest.raises(BankError, match="also") as caught:
            list(workers.results(wrong, str(tmp_path), range(500)))
        assert [len(one.message) for one in caught.value.problems] == [24000, 4]
        done = len(list(tmp_path.iterdir()))
        time.sleep(0.5)
        assert len(list(tmp_path.iterdir())) == done < 100
        with pytest.raises(WorkerError, match="a worker of the cluster broke down: _OddError: odd"):
            list(workers.results(odd, None, range(3)))


def test_a_part_whose_worker_died_is_done_by_another_and_is_lost_where_that_dies_too(running: Running, tmp_path: Path) -> None:
    running.wait_for(2)
    (tmp_path / "mercy").touch()
    with Cluster(running.address) as workers:
        assert list(workers.results(deadly, str(tmp_path), range(6))) == list(range(6))
    (tmp_path / "mercy").unlink()
    (tmp_path / "died").unlink()
    running.wait_for(2)
    with Cluster(running.address) as workers:
        found = list(workers.results(deadly, str(tmp_path), range(6)))
    assert [isinstance(one, Lost) for one in found] == [False, True, False, False, False, False]


def test_a_worker_that_joins_later_is_given_work(running: Running) -> None:
    running.wait_for(2)
    before = set(running.pids().values())
    with Cluster(running.address) as workers:
        results = workers.results(pid_of, "", range(100_000))
        next(results)
        third = running.start()
        try:
            until(lambda: next(results)[1] not in before)  # type: ignore[index]
        finally:
            results.close()
            stop(third)
    running.wait_for(2)


def test_who_has_another_version_is_named(running: Running, tmp_path: Path) -> None:
    running.wait_for(2)
    write_text(tmp_path / "old.py", "import quizgen\nquizgen.__version__ = '0.0.7'\n")
    third = running.start("--preload", str(tmp_path / "old.py"))
    try:
        running.wait_for(3)
        with pytest.raises(WorkerError, match=rf"the worker tcp://\S+ has quizgen 0.0.7, and here it is {quizgen.__version__}"):
            Cluster(running.address).__enter__()
    finally:
        stop(third)
    running.wait_for(2)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("tcp://127.0.0.1:9", "tcp://127.0.0.1:9: no Dask scheduler answers there"),
        ("localhost", "'localhost' is no address of a Dask scheduler; one is written tcp://HOST:8786"),
        ("", "'' is no address"),
    ],
)
def test_an_address_that_nobody_answers_is_one_error(address: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_ANSWER", 1)
    with pytest.raises(WorkerError, match=re.escape(told)):
        Cluster(address).__enter__()


def test_a_cluster_without_workers_is_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_JOINING", 0.5)
    with (
        distributed.LocalCluster(n_workers=0, processes=False, dashboard_address=":0") as empty,
        pytest.raises(WorkerError, match="has no workers; one is started with `dask worker inproc://"),
    ):
        Cluster(empty.scheduler_address).__enter__()


def test_without_the_extra_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(WorkerError, match=re.escape("pip install 'quizgen[cluster]'")):
        Cluster("tcp://127.0.0.1:8786").__enter__()


@pytest.fixture
def class_of(tmp_path: Path) -> Path:
    """A folder with a bank, a quiz and a class of some parts."""
    write_bank(tmp_path / "bank")
    write_text(tmp_path / "quiz.yaml", QUIZ)
    write_roster(tmp_path / "class.csv", [(f"s{i:04d}", f"Student {i}") for i in range(PART * 5 // 2)])
    return tmp_path


def _build(folder: Path, out: Path | str, **how: Any) -> None:
    bank, quiz, roster = load_bank(folder / "bank"), load_quiz(folder / "quiz.yaml"), read_roster(folder / "class.csv")
    build_quiz(quiz, bank, roster, out, secret=SECRET, **how)


def _written(out: Path) -> dict[str, bytes]:
    """What a build wrote, by path; the manifest without the time of the build."""
    found = {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    manifest = json.loads(found["manifest.json"])
    del manifest["created"], manifest["digest"]
    return {**found, "manifest.json": json.dumps(manifest).encode()}


def _listed(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_cluster_builds_the_same_bytes_as_one_process(class_of: Path, address: str, layout: str) -> None:
    how = {"layout": layout, "flavours": ("html", "markdown")}
    _build(class_of, class_of / "one", **how)
    with Cluster(address) as workers:
        _build(class_of, class_of / "many", workers=workers, **how)
        _build(class_of, f"file://{class_of / 'url'}", workers=workers, **how)
    one = _written(class_of / "one")
    assert _written(class_of / "many") == one
    assert _written(class_of / "url") == one


@pytest.mark.parametrize("kind", ["folder", "url"])
def test_a_build_is_complete_and_identical_though_a_worker_is_killed(class_of: Path, running: Running, kind: str) -> None:
    running.wait_for(2)
    out = class_of / "out"
    written = (out if kind == "url" else class_of / ".out.partial") / "worksheets"
    victim = next(iter(running.pids().values()))
    killed = threading.Event()

    def kill() -> None:
        until(lambda: written.is_dir() and any(written.iterdir()))
        os.kill(victim, signal.SIGKILL)
        killed.set()

    write_roster(class_of / "class.csv", [(f"s{i:04d}", f"Student {i}") for i in range(PART * 6)])
    _build(class_of, class_of / "one")
    killer = threading.Thread(target=kill)
    killer.start()
    with Cluster(running.address) as workers:
        _build(class_of, f"file://{out}" if kind == "url" else out, workers=workers)
    assert killed.is_set()
    killer.join()
    assert _written(out) == _written(class_of / "one")


@pytest.mark.parametrize("kind", ["folder", "url"])
def test_an_error_in_a_part_names_template_and_address_and_leaves_nothing(class_of: Path, address: str, kind: str) -> None:
    file = class_of / "bank" / "calc" / "surprisal.yaml"
    broken = file.read_text().replace("What is", "Beside it stands {{ ln(q - 0.15)|fixed(2) }}. What is")
    file.write_text(broken, encoding="utf-8")
    bank, quiz, roster = (
        load_bank(class_of / "bank", prove=False), load_quiz(class_of / "quiz.yaml"), read_roster(class_of / "class.csv"),
    )  # fmt: skip
    out = f"file://{class_of / 'out'}" if kind == "url" else class_of / "out"
    with (
        Cluster(address) as workers,
        pytest.raises(QuizgenError, match=r"calc/surprisal: at address \d+: .*a number that is shown is undefined"),
    ):
        build_quiz(quiz, bank, roster, out, workers=workers)
    assert _listed(class_of) == ["bank", "class.csv", "quiz.yaml"]


def test_workers_that_do_not_see_the_place_say_that_it_must_be_shared(class_of: Path, address: str) -> None:
    with (
        Cluster(address) as workers,
        pytest.raises(
            OutputError, match=r"memory://far: a worker on .* does not see it; all machines of the cluster must share"
        ),
    ):
        _build(class_of, "memory://far", workers=workers)


def test_an_object_store_that_all_see_holds_the_same_files(class_of: Path) -> None:
    """Workers that are threads of this process see its memory, as others see a bucket."""
    import fsspec

    _build(class_of, class_of / "one")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=2, processes=False, dashboard_address=":0") as local,
        Cluster(local.scheduler_address) as workers,
    ):
        _build(class_of, "memory://bucket/out", workers=workers)
    store = fsspec.filesystem("memory")
    for path in store.find("/bucket/out"):
        file = class_of / "many" / path.removeprefix("/bucket/out/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(store.cat_file(path))
    store.rm("/bucket", recursive=True)
    assert _written(class_of / "many") == _written(class_of / "one")


def _command(folder: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "quizgen.cli", *words, "--bank", str(folder / "bank")]


@pytest.mark.parametrize("kind", ["folder", "url"])
def test_ctrl_c_ends_a_build_and_leaves_nothing(class_of: Path, address: str, kind: str) -> None:
    write_roster(class_of / "class.csv", [(f"s{i:05d}", f"Student {i}") for i in range(PART * 30)])
    out = f"file://{class_of / 'out'}" if kind == "url" else "out"
    written = class_of / ("out" if kind == "url" else ".out.partial") / "worksheets"
    words = _command(class_of, "build", "quiz.yaml", "--roster", "class.csv", "--out", out, "--cluster", address)
    with subprocess.Popen(words, cwd=class_of, stderr=subprocess.PIPE, text=True) as started:
        until(lambda: written.is_dir() and any(written.iterdir()))
        started.send_signal(signal.SIGINT)
        _, err = started.communicate(timeout=40)
    assert (started.returncode, err.strip()) == (130, "stopped; nothing was written")
    assert _listed(class_of) == ["bank", "class.csv", "quiz.yaml"]
    time.sleep(0.5)
    assert _listed(class_of) == ["bank", "class.csv", "quiz.yaml"]


TIE = """
title: Tie
concept: {concept}
level: apply
minutes: 1
draw:
  row: {{rows: losses.csv}}
stem: Model A loses {{{{ row.a }}}} nats and model B loses {{{{ row.b }}}}. Which is better?
answer:
  kind: choice
  order: fixed
  options:
    - {{text: "A is better.", true_when: row.a < row.b}}
    - {{text: "B is better.", true_when: row.a >= row.b}}
"""


def _awkward(folder: Path) -> Path:
    """A bank in which much is wrong, in several ways; with a data file, and a template that extends another."""
    bank = write_bank(folder / "bank", {**TEMPLATES, "tie": TIE})
    (bank / "calc" / "losses.csv").write_text("a,b\n1,2\n2,2\n3,1\n", encoding="utf-8")
    (bank / "calc" / "no-yaml.yaml").write_bytes(b"title: [\xff")
    (bank / "calc" / "lost.yaml").write_text(TIE.format(concept=CONCEPT).replace("losses.csv", "gone.csv"), encoding="utf-8")
    (bank / "base.yaml").write_text(
        TEMPLATES["tiny"].format(concept=CONCEPT).lstrip().replace("What is", "{{ 1/(n-3) }}"), encoding="utf-8"
    )
    (bank / "calc" / "heir.yaml").write_text("extends: ../base.yaml\ntitle: An heir\n", encoding="utf-8")
    return bank


def _reports(words: Iterable[str], workers: Any, folder: Path | None = None) -> list[Any]:
    return check_all(targets([*words], folder), Plan(60, more={"bank/calc/tie.yaml": [400]}), workers=workers)


def test_a_cluster_checks_a_bank_that_it_does_not_see_as_one_process_does(
    tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _awkward(tmp_path)
    monkeypatch.chdir(tmp_path)
    with Cluster(address) as workers:
        for words, folder in ((["bank"], None), ([], Path("bank")), (["bank/calc/tie.yaml"], None)):
            assert _reports(words, workers, folder) == _reports(words, 1, folder)
        monkeypatch.chdir(tmp_path / "bank" / "calc")
        for words in (["heir.yaml", "tie.yaml", "no-yaml.yaml", "lost.yaml"], ["../base.yaml"]):
            here = _reports(words, 1)
            assert _reports(words, workers) == here
            assert any(report.found for report in here)


def test_the_check_command_says_the_same_with_a_cluster(tmp_path: Path, address: str) -> None:
    _awkward(tmp_path)
    words = _command(tmp_path, "check", "--variants", "40", "--format", "json", "--no-failures")
    one, many = (
        subprocess.run([*words, *more], capture_output=True, text=True, cwd=tmp_path)
        for more in (["--workers", "1"], ["--cluster", address])
    )
    assert (one.returncode, one.stdout, one.stderr) == (many.returncode, many.stdout, many.stderr)
    assert one.returncode == 1


def test_a_build_at_a_url_says_how_to_grade_it(class_of: Path) -> None:
    write_roster(class_of / "class.csv", [("s1", "Student 1")])
    url = f"file://{class_of / 'out'}"
    words = _command(class_of, "build", "quiz.yaml", "--roster", "class.csv", "--workers", "1", "--out", url)
    done = subprocess.run(words, cwd=class_of, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"Open {url}/index.html" in done.stdout
    assert f"To grade: fetch {url}/manifest.json, then quizgen grade manifest.json RESPONSES" in done.stdout
    assert (class_of / "out" / "manifest.json").is_file()


def test_workers_and_cluster_do_not_go_together(class_of: Path) -> None:
    words = _command(class_of, "check", "--cluster", "tcp://127.0.0.1:9", "--workers", "2", "--no-failures")
    told = subprocess.run(words, capture_output=True, text=True)
    assert told.returncode == 2
    assert "Give --workers or --cluster, not both" in told.stderr
