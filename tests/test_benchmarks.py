"""The benchmarks run, compare like with like, and tell what they measured. How long anything takes is no matter here."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

sys.path.append(str(Path(__file__).parents[1]))  # the benchmarks are no part of the package

from benchmarks import child
from benchmarks.comparing import Comparison, Figure, Skipped, measured
from benchmarks.jobs import peers
from benchmarks.measuring import ROOT, Call, Command, Cost, Proof, cost_of
from benchmarks.peers.installing import MissingError
from benchmarks.peers.question import variants
from benchmarks.run import NAMES, benchmark
from benchmarks.telling import data, told
from benchmarks.work import entropy
from benchmarks.work.bare import pages
from benchmarks.work.by_hand import BY_HAND, TrueOfTheTwoColumns, WhichModelUnderstood
from benchmarks.work.draws import hand_written
from quizgen.bank import load_bank
from quizgen.items import Number, texts
from quizgen.quizzes import load_quiz, read_manifest


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("peers", "start")])
def test_all_that_a_benchmark_compares_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "run").mkdir()
    monkeypatch.chdir(tmp_path / "run")
    found = [one for one in benchmark(name).comparisons("tiny", tmp_path) if isinstance(one, Comparison)]
    assert found
    calls = {(job.function, json.dumps(dict(job.arguments))) for one in found for job in (one.subject, one.yardstick)}
    for function, arguments in sorted(calls):
        ((cost,),) = child.run({"calls": [[function, json.loads(arguments)]], "times": 1, "all_cores": True})
        assert min(cost) > 0


def test_the_command_runs_pairs_in_processes_and_writes_all_that_it_measured(tmp_path: Path) -> None:
    out = tmp_path / "found.json"
    words = ["start", "--size", "tiny", "--pairs", "2", "--only", "start/quizgen --help", "--out", str(out)]
    command = [sys.executable, "-m", "benchmarks", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "| start/quizgen --help " in done.stdout
    found = json.loads(out.read_text(encoding="utf-8"))
    (figure,) = found["figures"]
    assert figure["name"] == "start/quizgen --help"
    assert [len(pair) for pair in figure["pairs"]] == [2, 2]
    assert len(figure["ratios"]["wall"]) == 2
    assert figure["ratio"]["low"] <= figure["ratio"]["median"] <= figure["ratio"]["high"]
    assert {"numpy", "python", "quizgen"} <= found["versions"].keys()
    assert found["machine"]["cores"] >= 1


def test_a_ratio_is_of_the_seconds_for_one_thing() -> None:
    one = Comparison("more", Call("a:b"), "fewer", Call("a:b"), 100, "item", yardstick_count=10)
    pairs = tuple((Cost(0, cpu, 2**20), Cost(0, 1.0, 0)) for cpu in (5.0, 10.0, 20.0))
    ratio = Figure(one, pairs).ratio
    assert (ratio.low, ratio.median, ratio.high) == (0.75, 1.0, 1.5)
    assert "100 ms/item" in told(Figure(one, pairs))


def test_what_does_not_run_is_skipped_with_what_it_said() -> None:
    fails = Call("benchmarks.work.draws:engine", {"kind": "no such kind", "count": 1})
    found = measured(Comparison("x", fails, "y", fails, 1, "item"), 1)
    assert isinstance(found, Skipped)
    assert "no such kind" in found.reason
    assert data([found], "tiny")["skipped"] == [{"name": "x", "reason": found.reason}]


def test_a_command_that_writes_too_few_questions_is_not_taken_for_done() -> None:
    writes = Command((sys.executable, "-c", "open('q.xml', 'w').write('<item ' * 3)"), proof=Proof("*.xml", "<item ", 3))
    assert cost_of(writes).wall > 0
    found = measured(Comparison("x", replace(writes, proof=Proof("*.xml", "<item ", 4)), "y", writes, 4, "item", by="wall"), 1)
    assert isinstance(found, Skipped)
    assert "less than 4 questions" in found.reason


def test_the_benchmark_class_has_as_many_items_as_the_figures_count() -> None:
    build = benchmark("build")
    quiz = load_quiz(Path(build.QUIZ))  # type: ignore[attr-defined] # of this module alone
    assert sum(len(section.items) for section in quiz.sections) == build.ITEMS  # type: ignore[attr-defined] # as above


def test_larger_classes_are_compared_with_the_smallest_for_each_item(tmp_path: Path) -> None:
    found = [one for one in benchmark("build").comparisons("full", tmp_path) if isinstance(one, Comparison)]
    growth = {one.name: (one.count, one.yardstick_count) for one in found if one.yardstick_count}
    formats = ("html", "moodle", "qti3", "canvas")
    assert growth == {f"build/{what} 100,000": (100_000, 1000) for what in formats}


def test_the_yardstick_of_builds_shows_every_value_and_escapes_it() -> None:
    bank = load_bank()
    quiz = load_quiz(ROOT / "benchmarks" / "class.yaml")
    for item in (item for section in quiz.sections for item in section.items):
        template = bank[item.template]  # type: ignore[union-attr] # the class has no picks
        for keyed in template.keyed_items(template.variants(secret=b"x" * 32, count=5)):
            filled = [keyed.item.stem, *(text for _, one in keyed.item.interactions for text in texts(one))]
            for text, page in zip(filled, pages(filled), strict=True):
                shown = page.rendered()
                assert not re.search("[⟦⟧⟪⟫\ue000-\uf8ff]", shown)
                if not any(tag.kind == "if" for tag in text.text.tags):
                    assert all(value in shown for value in text.values if isinstance(value, Number))
    (page,) = pages([text for text in filled if text.values][:1])
    assert "&lt;b&gt;" in replace(page, values=dict.fromkeys(page.values, "<b>")).rendered()


@pytest.mark.parametrize("kind", BY_HAND)
def test_templates_by_hand_follow_the_banks(kind: str) -> None:
    """With the engine's draws they meet their conditions, and the keys are the engine's."""
    made = hand_written(kind)
    template = load_bank()[made.template]
    variants = template.variants(secret=b"x" * 32, count=400)
    for block in variants.blocks:
        words = [str(word) for word in np.asarray(block.values["case.words"])[:, 0]]
        values = {name: value for name, value in block.values.items() if isinstance(value, np.ndarray)}
        values["case"] = np.full(len(block), [row.tolist() for row in made.words].index(words))
        for name, options in (("good", "AB"), ("more", "AB")):
            if name in values:
                values[name] = np.array([options.index(value) for value in values[name]])
        for name, options in (("quality", ["better", "poorer"]), ("size", ["more", "less"]), ("tops", ["same", "different"])):
            if name in values:
                values[name] = np.array([options.index(value) for value in values[name]])
        if kind == "multiple":
            values["order"] = np.array([[words.index(word) for word in row] for row in values.pop("words").tolist()])
        followed = {**values, **made.lets(values)}
        assert made.allowed(followed).all()
        ((_, keys),) = template.prepared(block)
        if isinstance(made, TrueOfTheTwoColumns):
            assert (np.take_along_axis(made.truths(followed), keys.offer.shown, axis=0) == keys.right).all()
        elif isinstance(made, WhichModelUnderstood):
            named = np.array(["AB"[place] for place in followed["named"]])
            assert (named == values["named"]).all()
            assert (followed["pair"].T == values["pair"].T).all()
        else:
            np.testing.assert_allclose(made.keys(np.random.default_rng(1), followed), values["loss"], rtol=1e-12)
    mine, keys = made.variants(50, seed=1)
    assert {value.shape[-1] for value in mine.values()} == {50} == {keys.shape[-1]}
    assert made.allowed(mine).all()


@pytest.mark.parametrize("what", entropy.ENGINE)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_engine_and_scipy_are_given_the_same_and_find_the_same(what: str, dtype: str) -> None:
    found = [make(what, 3, 1, 50, dtype)() for make in (entropy.engine, entropy.scipy)]
    np.testing.assert_allclose(*found, rtol=1e-12 if dtype == "float64" else 1e-4)


def test_the_graded_class_answers_rightly_wrongly_not_at_all_and_twice(tmp_path: Path) -> None:
    next(benchmark("grade").comparisons("tiny", tmp_path))
    summary = json.loads((tmp_path / "graded" / "summary.json").read_text(encoding="utf-8"))
    rows = (tmp_path / "responses.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) > 200
    assert read_manifest(tmp_path).sheets
    marks = (tmp_path / "graded" / "marks.csv").read_text(encoding="utf-8")
    for outcome in ("correct", "wrong", "blank", "invalid", "manual"):
        assert f",{outcome}," in marks, summary
    assert len((tmp_path / "graded" / "rejected.csv").read_text(encoding="utf-8").splitlines()) > 1


def test_peers_that_cannot_be_had_are_skipped_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*given: object) -> Path:
        raise MissingError("there is no network")

    monkeypatch.setattr(peers, "environment", missing)
    monkeypatch.setattr(peers, "rscript", missing)
    found = list(peers.comparisons("tiny", tmp_path))
    assert {one.reason for one in found if isinstance(one, Skipped)} == {"there is no network"}
    assert len(found) == len(peers.PEERS)


def _peers_inputs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Comparison]:
    monkeypatch.setattr(peers, "environment", lambda *given: Path("programs"))
    monkeypatch.setattr(peers, "rscript", lambda: "Rscript")
    for one in peers.comparisons("tiny", folder):
        assert isinstance(one, Comparison)
        yield one


def test_quizgen_writes_the_questions_that_peers_are_compared_by(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = {one.name: one.subject for one in _peers_inputs(tmp_path, monkeypatch)}
    assert len(written) == 3
    for command in written.values():
        assert cost_of(command).wall > 0


def test_peers_are_given_the_same_question_so_many_times(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = [one.yardstick for one in _peers_inputs(tmp_path, monkeypatch)]
    assert all(isinstance(command, Command) and command.folder for command in commands)
    (block,) = re.findall(r"^```\{[^\n]*\n(.*?)^```", (tmp_path / "text2qti-2" / "quiz.txt").read_text("utf-8"), re.M | re.S)
    said = subprocess.run([sys.executable, "-c", block], capture_output=True, text=True, check=True).stdout
    assert len(re.findall(r"^=   \d\.\d{3} \+- 0\.0005$", said, re.MULTILINE)) == 2
    questions = sorted((tmp_path / "quizcomp-2" / "questions").glob("*/question.json"))
    keys = [json.loads(path.read_text(encoding="utf-8"))["answers"][0]["value"] for path in questions]
    assert keys == [round(variant.loss, 3) for variant in variants(2)]
    for made in (said, *(path.with_name("prompt.md").read_text(encoding="utf-8") for path in questions)):
        assert "What is the cross-entropy loss at this position, in nats, with 3 decimals?" in made
