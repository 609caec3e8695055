"""The command line itself: help, mistakes of its user, list, show and demo."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from commands import Run
from sample_class import AWKWARD, build, write_bank, write_roster, write_text

from quizgen.cli import COMMANDS, main


def test_help_lists_every_command_and_imports_nothing_heavy() -> None:
    program = (
        "import sys\nfrom quizgen.cli import main\nsys.argv = ['quizgen', '--help']\n"
        "try:\n    main()\nexcept SystemExit as stopped:\n    assert not stopped.code\n"
        "print(sorted(name for name in sys.modules if '.' not in name))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    assert all(f"  {name} " in done.stdout for name in COMMANDS)
    loaded = done.stdout.splitlines()[-1]
    heavy = ("numpy", "polars", "pydantic", "jinja2", "yaml", "rich", "markdown_it", "fastexcel", "latex2mathml")
    assert not [name for name in heavy if f"'{name}'" in loaded]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_that_agrees_with_the_list(name: str, quizgen: Run) -> None:
    done = quizgen(name, "--help")
    assert done.code == 0
    assert f"Usage: quizgen {name}" in done.out
    assert quizgen(name, "-h").out == done.out


def test_a_misspelt_command_is_guessed(quizgen: Run) -> None:
    done = quizgen("biuld")
    assert done.code == 2
    assert "Did you mean 'build'?" in done.err


@pytest.mark.parametrize(
    "words",
    [
        [], ["build"], ["grade"], ["show"], ["preview"], ["--nothing"],
        ["build", "QUIZ", "--roster", "CLASS", "--out", "OUT", "--to", "pdf"],
        ["build", "MISSING", "--roster", "CLASS", "--out", "OUT"], ["build", "QUIZ", "--roster", "MISSING", "--out", "OUT"],
        ["build", "FOLDER", "--roster", "CLASS", "--out", "OUT"], ["build", "QUIZ", "--roster", "FOLDER", "--out", "OUT"],
        ["build", "QUIZ", "--roster", "CLASS", "--out", "OUT", "--bank", "MISSING"],
        ["build", "CLASS", "--roster", "CLASS", "--out", "OUT"], ["build", "QUIZ", "--roster", "QUIZ", "--out", "OUT"],
        ["build", "BYTES", "--roster", "CLASS", "--out", "OUT"], ["build", "QUIZ", "--roster", "BYTES", "--out", "OUT"],
        ["build", "QUIZ", "--roster", "CLASS", "--out", "QUIZ"], ["build", "QUIZ", "--roster", "CLASS", "--out", "FOLDER"],
        ["build", "QUIZ", "--roster", "CLASS", "--out", "QUIZ/x"], ["build", "QUIZ", "--roster", "CLASS", "--out", "LONG"],
        ["build", "BROKEN", "--roster", "CLASS", "--out", "OUT"],
        ["grade", "MISSING", "CLASS", "--out", "OUT"], ["grade", "CLASS", "CLASS", "--out", "OUT"],
        ["grade", "FOLDER", "CLASS", "--out", "OUT"], ["grade", "BUILD", "MISSING", "--out", "OUT"],
        ["grade", "BUILD", "CLASS", "--out", "OUT"], ["grade", "BUILD", "BYTES", "--out", "OUT"],
        ["grade", "BUILD", "EMPTY", "--out", "OUT"], ["grade", "BUILD", "FOLDER", "--out", "OUT", "--policy", "MISSING"],
        ["grade", "BUILD", "FOLDER", "--out", "OUT", "--policy", "FOLDER"],
        ["grade", "BUILD", "FOLDER", "--out", "OUT", "--marked", "QUIZ"],
        ["grade", "BUILD", "FOLDER", "--out", "OUT", "--attempts", "all"], ["grade", "BUILD", "FOLDER", "--out", "BUILD"],
        ["grade", "BUILD", "FOLDER", "--out", "BUILD", "--force"], ["grade", "BUILD", "--out", "OUT"],
        ["show", "calc/nothing", "--bank", "BANK"], ["show", "MISSING.yaml"],
        ["show", "calc/tiny", "--bank", "BANK", "--address", "-1"],
        ["show", "calc/tiny", "--bank", "BANK", "--address", "9" * 30], ["show", "calc/tiny", "--bank", "QUIZ"],
        ["show", "BROKEN"], ["list", "--bank", "MISSING"], ["list", "--bank", "QUIZ"], ["demo", "--out", "QUIZ"],
        ["demo", "--out", "FOLDER"],
        ["list", "--bank", "BANK", "--capacity", "1"], ["list", "--bank", "BANK", "--capacity", "many"],
        ["preview", "calc/nothing", "--bank", "BANK", "--out", "OUT"], ["preview", "calc/tiny", "--all", "--bank", "BANK"],
        ["preview", "--all", "--bank", "FOLDER", "--out", "OUT"], ["preview", "--all", "--bank", "MISSING", "--out", "OUT"],
        ["preview", "calc/tiny", "--bank", "BANK", "--variants", "0", "--out", "OUT"], ["preview", "BROKEN", "--out", "OUT"],
        ["preview", "calc/tiny", "--bank", "BANK", "--out", "FOLDER"],
        ["preview", "calc/tiny", "--bank", "BANK", "--out", "FOLDER", "--force"],
        ["preview", "calc/tiny", "--bank", "BANK", "--out", "QUIZ"],
        ["preview", "calc/tiny", "--bank", "BANK", "--out", "QUIZ", "--force"],
        ["preview", "calc/tiny", "--bank", "BANK", "--out", "QUIZ/x"],
        ["preview", "calc/tiny", "--bank", "BANK", "--out", "LONG"],
        ["build", "QUIZ", "--out", "OUT", "--bank", "BANK"], ["build", "--roster", "CLASS", "--out", "OUT"],
        ["build", "QUIZ", "--concept", "entropy", "--roster", "CLASS", "--out", "OUT"],
        ["build", "QUIZ", "--roster", "CLASS", "--out", "OUT", "--each", "2"],
        ["build", "QUIZ", "--roster", "CLASS", "--out", "OUT", "--with-prerequisites"],
        ["build", "--concept", "entropy", "--out", "OUT", "--each", "0"],
        ["build", "--concept", "no-such-concept", "--out", "OUT", "--bank", "BANK"],
        ["build", "--concept", "", "--out", "OUT", "--bank", "BANK"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_use_and_bad_input_are_one_clear_error_with_exit_code_2_and_nothing_written(
    words: list[str], quizgen: Run, tmp_path: Path
) -> None:
    places = {
        "QUIZ": write_text(tmp_path / "quiz.yaml", "title: T\nitems: [{template: calc/tiny}]\n"),
        "CLASS": write_roster(tmp_path / "class.csv"), "BROKEN": write_text(tmp_path / "broken.yaml", "title: [\n"),
        "EMPTY": write_text(tmp_path / "empty", ""), "MISSING": tmp_path / "missing", "OUT": tmp_path / "out",
        "MISSING.yaml": tmp_path / "missing.yaml", "QUIZ/x": tmp_path / "quiz.yaml" / "x", "LONG": tmp_path / ("x" * 300),
        "FOLDER": tmp_path / "folder", "BYTES": tmp_path / "bytes", "BANK": write_bank(tmp_path / "bank"),
        "BUILD": tmp_path / "c" / "build",
    }  # fmt: skip
    places["FOLDER"].mkdir()
    write_roster(places["FOLDER"] / "class.csv")
    places["BYTES"].write_bytes(bytes(range(256)))
    if "BUILD" in words:
        build(tmp_path / "c", "title: T\nitems: [{template: calc/tiny}]\n", AWKWARD[:2])
    before = sorted(tmp_path.rglob("*"))
    done = quizgen(*(places.get(word, word) for word in words))
    assert done.code == 2
    assert done.err.strip() or "Usage" in done.out
    assert "Traceback" not in done.err
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show", "calc/tny"], "BANK: there is no template 'calc/tny'; did you mean \"calc/tiny\"?"),
        (["show", "tinny"], "BANK: there is no template 'tinny'; did you mean \"calc/tiny\"?"),
        (["show", "zzz/qqq"], "BANK: there is no template 'zzz/qqq'; this bank has calc/essay, "),
        (["build", "--concept", "calculating-cross-entropy", "--out", "OUT"],
         "BANK: there is no concept 'calculating-cross-entropy'; did you mean \"calculating-cross-entropy-loss\"?"),
        (["build", "--concept", "zzz", "--out", "OUT"], "BANK: there is no concept 'zzz'; this bank has "),
        (["build", "QUIZ", "--roster", "CLASS", "--out", "OUT"],
         "QUIZ:2:20: there is no template 'calc/tny'; did you mean \"calc/tiny\"?"),
        (["list", "--bank", "MISSING"], "MISSING: there is no such folder; a bank is a folder of templates"),
        (["show", "MISSING.yaml"], "MISSING.yaml: there is no such file"),
        (["build", "FOLDER", "--roster", "CLASS", "--out", "OUT"], "FOLDER: this is a folder, not a file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_what_is_not_there_is_told_with_what_was_meant_and_a_folder_has_no_lines(
    words: list[str], said: str, quizgen: Run, tmp_path: Path
) -> None:
    places = {
        "BANK": write_bank(tmp_path / "bank"), "CLASS": write_roster(tmp_path / "class.csv"), "OUT": tmp_path / "out",
        "QUIZ": write_text(tmp_path / "quiz.yaml", "title: T\nitems: [{template: calc/tny}]\n"),
        "MISSING": tmp_path / "no-bank", "MISSING.yaml": tmp_path / "missing.yaml", "FOLDER": tmp_path,
    }  # fmt: skip
    bank = [] if "--bank" in words else ["--bank", places["BANK"]]
    done = quizgen(*(places.get(word, word) for word in words), *bank)
    place, rest = said.split(":", 1)
    assert done.code == 2
    assert f"{places[place]}:{rest}" in done.err
    assert ("another bank is given with --bank" in done.err or "; another is given with --bank" in done.err) == (
        "this bank has" in said
    )


def test_show_takes_the_last_part_of_an_id_where_only_one_template_has_it(quizgen: Run, tmp_path: Path) -> None:
    bank = write_bank(tmp_path / "bank")
    assert quizgen("show", "tiny", "--bank", bank) == quizgen("show", "calc/tiny", "--bank", bank)
    (bank / "more").mkdir()
    (bank / "more" / "tiny.yaml").write_bytes((bank / "calc" / "tiny.yaml").read_bytes())
    done = quizgen("show", "tiny", "--bank", bank)
    assert done.code == 2
    assert "several templates 'tiny': calc/tiny, more/tiny; give the whole id" in done.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_one_error(quizgen: Run, tmp_path: Path) -> None:
    path = write_roster(tmp_path / "class.csv")
    path.chmod(0)
    quiz = write_text(tmp_path / "quiz.yaml", "title: T\nitems: [{template: calc/tiny}]\n")
    assert quizgen("build", quiz, "--roster", path, "--out", tmp_path / "out").code == 2


def test_show_shows_a_variant_with_its_key_or_without(installed: Run, quizgen: Run, tmp_path: Path) -> None:
    bank = write_bank(tmp_path / "bank")
    done = installed("show", "calc/tiny", "--bank", bank)
    assert done.code == 0
    assert any(f"What is {n} plus 100?" in done.out and str(n + 100) in done.out for n in (3, 5, 7))
    bare = quizgen("show", "calc/tiny", "--bank", bank, "--no-key").out
    assert "plus 100" in bare
    assert not any(str(n + 100) in bare for n in (3, 5, 7))
    others = {quizgen("show", "calc/tiny", "--bank", bank, "--address", i).out for i in range(12)}
    assert len(others) == 3
    assert quizgen("show", bank / "calc" / "tiny.yaml").code == 0


def test_the_demo_builds_answers_grades_and_replaces_an_earlier_one(installed: Run, tmp_path: Path) -> None:
    (tmp_path / "demo" / "graded").mkdir(parents=True)
    (tmp_path / "demo" / "about-this-demo.txt").write_text("an earlier run")
    done = installed("demo", "--out", tmp_path / "demo")
    assert (done.code, done.err) == (0, "")
    assert "Built 12 worksheets and graded" in done.out
    named = [line.split()[0] for line in done.out.split("Open these:")[1].splitlines() if line.strip()]
    assert len(named) == 5
    assert all(Path(path).is_file() for path in named)
    facts = json.loads((tmp_path / "demo" / "graded" / "summary.json").read_text())
    assert facts["misconceptions"]
    assert facts["responses"]["rejected"] == 0
    assert all(Path(file["name"]).is_file() for file in facts["files"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo"]


def test_output_that_nobody_reads_is_no_error(tmp_path: Path) -> None:
    bank = write_bank(tmp_path / "bank")
    command = f"{sys.executable} -m quizgen.cli list --json --bank {bank} | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, encoding="utf-8")
    assert "Traceback" not in done.stderr


def test_what_the_machine_refuses_without_a_word_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def starved() -> None:
        raise MemoryError

    monkeypatch.setattr("quizgen.cli._run", starved)
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    assert capsys.readouterr().err == "the machine refuses: MemoryError; nothing was written\n"


def test_help_comes_also_after_the_command_list_was_run(quizgen: Run, tmp_path: Path) -> None:
    """The module of that command has the name of a type."""
    quizgen("list", "--bank", write_bank(tmp_path / "bank"))
    assert quizgen("--help").code == 0
