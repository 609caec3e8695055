"""A template under its author's hands: every saved change is seen, what is wrong is told, and the last good one is kept."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from sample_class import write_bank

from quizgen.bank import load_bank
from quizgen.checking.run import Target
from quizgen.errors import BankError
from quizgen.serving import bench as bench_module
from quizgen.serving.bench import CHECKED, Bench, target_of

clock = iter(range(10**9, 10**10))


def save(file: Path, text: str) -> None:
    """Writes a file with a time of its own, however quickly tests save."""
    file.write_text(text, encoding="utf-8")
    moment = next(clock) * 1_000_000_000
    os.utime(file, ns=(moment, moment))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    folder = write_bank(tmp_path / "bank")
    return Bench(Target(folder, "calc/tiny", folder / "calc" / "tiny.yaml"))


def test_a_saved_change_makes_a_new_version_and_an_untouched_file_does_not(bench: Bench) -> None:
    assert bench.look()
    assert (bench.state.version, bench.state.template is not None) == (1, True)
    assert not bench.look()
    text = bench.target.file.read_text(encoding="utf-8")
    save(bench.target.file, text.replace("title: Tiny", "title: Larger"))
    assert bench.look()
    assert bench.state.version == 2
    assert bench.state.template is not None
    assert bench.state.template.title == "Larger"


def test_a_file_that_is_saved_again_while_it_is_read_is_read_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    read, text = bench_module.read_with_extends, bench.target.file.read_text(encoding="utf-8")

    def slow(file: Path, *words: Any, **named: Any) -> Any:
        document = read(file, *words, **named)
        if "title: Tiny" in file.read_text(encoding="utf-8"):
            save(file, text.replace("title: Tiny", "title: Larger"))
        return document

    monkeypatch.setattr(bench_module, "read_with_extends", slow)
    assert bench.look()
    assert bench.look()
    assert bench.state.template is not None
    assert bench.state.template.title == "Larger"
    assert not bench.look()


def test_a_broken_file_tells_line_and_column_and_the_last_good_template_stays(bench: Bench) -> None:
    bench.look()
    good = bench.state.template
    text = bench.target.file.read_text(encoding="utf-8")
    save(bench.target.file, text.replace("minutes: 1", "minuets: 1"))
    assert bench.look()
    assert bench.state.template is good
    (place,) = {(problem.line, problem.column) for problem in bench.state.problems if "minuets" in problem.message}
    assert place == (4, 1)
    bench.check()
    assert bench.state.report is None
    save(bench.target.file, text)
    assert bench.look()
    assert bench.state.problems == ()
    assert bench.state.template is not good


def test_a_file_that_is_broken_from_the_start_is_told_of_too(bench: Bench) -> None:
    save(bench.target.file, "title: [")
    assert bench.look()
    assert bench.state.template is None
    assert bench.state.problems


def test_a_file_that_vanishes_and_comes_back_is_followed(bench: Bench) -> None:
    bench.look()
    text = bench.target.file.read_text(encoding="utf-8")
    bench.target.file.unlink()
    assert bench.look()
    assert bench.state.problems
    save(bench.target.file, text)
    assert bench.look()
    assert bench.state.problems == ()


def test_what_a_template_extends_its_data_and_the_mistakes_of_its_bank_are_watched(tmp_path: Path) -> None:
    folder = write_bank(tmp_path / "bank")
    base = folder / "bases" / "base.yaml"
    base.parent.mkdir()
    save(base, (folder / "calc" / "tiny.yaml").read_text(encoding="utf-8"))
    file = folder / "calc" / "child.yaml"
    save(file, "extends: ../bases/base.yaml\ntitle: Child\n")
    bench = Bench(Target(folder, "calc/child", file))
    bench.look()
    assert bench.state.problems == ()
    save(base, base.read_text(encoding="utf-8").replace("What is", "How much is"))
    assert bench.look()
    save(folder / "mistakes.yaml", "odd: {title: Odd, explanation: E.}\n")
    assert bench.look()
    save(folder / "calc" / "numbers.csv", "n\n1\n")
    assert bench.look()
    assert not bench.look()


def test_what_the_checks_find_in_a_few_variants_is_told_after_the_template(bench: Bench) -> None:
    bench.look()
    before = bench.state.news
    assert bench.state.report is None
    bench.check()
    assert bench.state.news == before + 1
    assert bench.state.report is not None
    assert bench.state.report.variants == CHECKED
    assert bench.state.version == 1


def test_a_check_that_fails_is_told_and_ends_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*arguments: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(bench_module, "check_template", fails)
    bench.look()
    bench.check()
    assert bench.state.report is not None
    assert "ZeroDivisionError: oh" in bench.state.report.found[0].place.message


def test_waiting_ends_with_news_and_with_the_end(bench: Bench) -> None:
    bench.look()
    assert bench.wait(bench.state.news - 1, 5).news == bench.state.news
    bench.end()
    assert bench.wait(bench.state.news, 60).news == bench.state.news


def test_a_template_is_named_by_its_file_by_its_id_or_by_the_end_of_its_id(tmp_path: Path) -> None:
    folder = write_bank(tmp_path / "bank")
    (folder / "concepts.yaml").write_bytes((load_bank().folder / "concepts.yaml").read_bytes())
    file = folder / "calc" / "tiny.yaml"
    assert [target_of(word, folder).id for word in (str(file), "calc/tiny", "tiny")] == ["calc/tiny"] * 3
    file.write_text("broken: [", encoding="utf-8")
    assert target_of(str(file)) == Target(folder, "calc/tiny", file)
    with pytest.raises(BankError, match="one at a time"):
        target_of(str(folder), folder)
    with pytest.raises(BankError):
        target_of("nothing-like-it", folder)
