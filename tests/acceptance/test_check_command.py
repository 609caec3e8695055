"""``quizgen check``: whole commands over a small bank."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from commands import Run
from sample_class import write_bank

from quizgen.checking import checks

TIE = """title: Tie
concept: {concept}
level: apply
minutes: 1
draw:
  a: {{integer: [1, 9]}}
  b: {{integer: [1, 9]}}
stem: Model A loses {{{{ a }}}} nats and model B loses {{{{ b }}}}. Which is better?
answer:
  kind: choice
  order: fixed
  options:
    - {{text: "A is better.", true_when: a < b}}
    - {{text: "B is better.", true_when: a >= b}}
"""


@pytest.fixture
def bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write_bank(tmp_path / "bank")


@pytest.fixture
def tied(bank: Path) -> Path:
    """The bank with a template whose key is decided by a tie."""
    concept = re.search(r"concept: (\S+)", (bank / "calc" / "tiny.yaml").read_text())
    assert concept
    (bank / "calc" / "tie.yaml").write_text(TIE.format(concept=concept[1]), encoding="utf-8")
    return bank


def few(bank: Path, *words: str) -> tuple[str, ...]:
    """A short run with a single process, so that everything happens in this one."""
    return ("check", "--bank", str(bank), "--variants", "150", "--workers", "1", *words)


def test_a_sound_template_exits_with_0_and_leaves_no_file(quizgen: Run, bank: Path) -> None:
    done = quizgen(*few(bank, "calc/surprisal", "--only", "tie", "--only", "self-grading", "--only", "leak"))
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[-1] == "1 template, 150 variants: nothing found"
    assert sorted(path.name for path in Path().iterdir()) == ["bank"]


def test_a_defect_exits_with_1_and_tells_place_check_witness_and_command(quizgen: Run, tied: Path) -> None:
    done = quizgen(*few(tied, "calc/tie", "--only", "tie"))
    assert done.code == 1
    assert re.search(r"^bank/calc/tie\.yaml:\d+:\d+: .*decided by a tie.*\[error: tie\]$", done.out, re.MULTILINE)
    shown = re.search(r"quizgen (show calc/tie --bank \S+ --seed check --address \d+)", done.out)
    assert shown
    page = quizgen(*shown[1].split()).out
    numbers = re.search(r"loses (\d) nats and model B loses (\d)", page)
    assert numbers
    assert numbers[1] == numbers[2]


def test_failing_addresses_are_drawn_again_until_they_have_passed(quizgen: Run, tied: Path) -> None:
    only = ("calc/tie", "--only", "tie")
    assert quizgen(*few(tied, *only)).code == 1
    (address,) = json.loads(Path(".quizgen-check.json").read_text())["templates"]["bank/calc/tie.yaml"]["tie"]
    short = ("check", "--bank", str(tied), "--workers", "1", "--variants", "1", "--start", "100000", *only)
    assert quizgen(*short, "--no-failures").code == 0
    again = quizgen(*short)
    assert again.code == 1
    assert f"--address {address}" in again.out
    file = tied / "calc" / "tie.yaml"
    file.write_text(file.read_text() + "require: [a != b]\n", encoding="utf-8")
    assert quizgen(*short).code == 0
    assert Path(".quizgen-check.json").exists()  # a run that does not reach the address goes on drawing it
    assert quizgen(*few(tied, *only)).code == 0
    assert not Path(".quizgen-check.json").exists()


def test_the_file_of_failing_addresses_may_be_another_and_is_never_a_strangers(quizgen: Run, tied: Path) -> None:
    assert quizgen(*few(tied, "calc/tie", "--only", "tie", "--failures", "kept.json")).code == 1
    assert sorted(path.name for path in Path().iterdir()) == ["bank", "kept.json"]
    Path("notes.json").write_text('{"mine": 1}')
    done = quizgen(*few(tied, "calc/tie", "--failures", "notes.json"))
    assert (done.code, done.out) == (2, "")
    assert "notes.json: is no file of failing addresses" in done.err
    assert Path("notes.json").read_text() == '{"mine": 1}'
    Path("broken.json").write_text("{")
    done = quizgen(*few(tied, "calc/tie", "--failures", "broken.json"))
    assert done.code == 2
    assert done.err == "broken.json: is no file of failing addresses: delete it, or name another with --failures\n"


def test_a_named_file_of_failing_addresses_that_cannot_be_written_is_told_before_anything_is_drawn(
    quizgen: Run, tied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode, **_: not mode & os.W_OK)
    monkeypatch.setattr("quizgen.checking.run.check_all", lambda *_, **__: pytest.fail("it was drawn"))
    done = quizgen(*few(tied, "calc/tie", "--failures", "kept/here.json"))
    assert (done.code, done.out) == (2, "")
    assert "failing addresses cannot be kept" in done.err
    monkeypatch.undo()
    monkeypatch.chdir(tied)
    assert quizgen(*few(tied, "calc/tie", "--only", "tie", "--failures", "kept/here.json")).code == 1
    assert (tied / "kept" / "here.json").is_file()


def test_a_template_that_does_not_load_is_a_finding_and_the_others_are_checked(quizgen: Run, bank: Path) -> None:
    (bank / "calc" / "essay.yaml").write_text("title: [")
    done = quizgen(*few(bank, "bank", "--only", "tie"))
    assert done.code == 1
    assert re.search(r"^bank/calc/essay\.yaml:\d+:\d+: .*\[error: load\]$", done.out, re.MULTILINE)
    assert done.out.splitlines()[-1].startswith("5 templates, ")


def test_what_to_fail_on_is_the_callers_choice(quizgen: Run, bank: Path) -> None:
    file = bank / "calc" / "surprisal.yaml"
    file.write_text(file.read_text().replace("[0.05, 0.95], step: 0.01, avoid: [0.5]", "[0.3, 0.3]"), encoding="utf-8")
    words = few(bank, "calc/surprisal", "--only", "key-never-changes")
    done = quizgen(*words)
    assert (done.code, "[warning: key-never-changes]" in done.out) == (0, True)
    assert quizgen(*words, "--fail-on", "warning").code == 1


def test_every_format_goes_to_standard_output_whole(quizgen: Run, tied: Path) -> None:
    words = few(tied, "calc/tie", "--only", "tie", "--no-failures", "--format")
    assert json.loads(quizgen(*words, "json").out)["templates"][0]["findings"][0]["file"] == "bank/calc/tie.yaml"
    assert json.loads(quizgen(*words, "sarif").out)["runs"][0]["results"][0]["ruleId"] == "tie"
    assert ElementTree.fromstring(quizgen(*words, "junit").out).attrib["failures"] != "0"
    assert quizgen(*words, "github").out.startswith("::error file=bank/calc/tie.yaml,line=")
    sound = quizgen(*few(tied, "calc/surprisal", "--only", "tie", "--format", "github"))
    assert (sound.code, sound.out) == (0, "")


def test_figures_are_told_of_a_few_templates_and_of_many_when_asked_for(quizgen: Run, bank: Path) -> None:
    only = ("--only", "draw-acceptance")
    assert "accepted draws" in quizgen(*few(bank, "calc/surprisal", *only)).out
    assert "accepted draws" not in quizgen(*few(bank, "bank", *only)).out
    assert "accepted draws" in quizgen(*few(bank, "bank", "--figures", *only)).out


def test_all_combinations_are_gone_through_where_they_can_be_counted(quizgen: Run, bank: Path) -> None:
    done = quizgen(*few(bank, "calc/two-steps", "--all", "--only", "tie"))
    assert "combinations: 3,481 of 3,481" in done.out
    assert re.search(r"1 template, 3,\d\d\d variants", done.out)


@pytest.mark.parametrize("name", [*checks(), "load", "crashed"])
def test_every_check_explains_itself(name: str, quizgen: Run) -> None:
    done = quizgen("check", "--explain", name)
    assert done.code == 0
    assert done.out.startswith(f"{name} (")
    assert len(done.out) > 100
    assert "``" not in done.out


def test_all_checks_are_listed_by_how_grave_they_are(quizgen: Run) -> None:
    done = quizgen("check", "--explain")
    assert (done.code, done.err) == (0, "")
    groups = re.split(r"^(Errors|Warnings|Notes):$", done.out, flags=re.MULTILINE)
    assert groups[1::2] == ["Errors", "Warnings", "Notes"]
    listed = {name: group[:-1].lower() for group, part in zip(groups[1::2], groups[2::2], strict=True)
              for name in re.findall(r"^  (\S+)", part, re.MULTILINE)}  # fmt: skip
    assert {name: check.severity for name, check in checks().items()}.items() <= listed.items()


def test_what_does_not_load_is_told_whatever_check_is_asked_for(quizgen: Run, bank: Path) -> None:
    (bank / "calc" / "essay.yaml").write_text("title: [")
    done = quizgen(*few(bank, "bank", "--only", "leak"))
    assert done.code == 1
    assert "[error: load]" in done.out


def test_what_is_misspelt_is_refused_with_what_is_near(quizgen: Run, bank: Path) -> None:
    for words, near in (
        (("--only", "leaks"), "leak"), (("--explain", "self-gradin"), "self-grading"), (("--format", "sarf"), "sarif"),
        (("calc/tyni",), "calc/tiny"),
    ):  # fmt: skip
        done = quizgen(*few(bank, *words))
        assert done.code == 2
        assert near in done.err
        assert not done.out


def test_many_templates_on_two_processes_are_told_in_their_order(installed: Run, tied: Path) -> None:
    words = ("check", "--bank", str(tied), "--variants", "60", "--no-failures", "--format", "json", "--only", "tie")
    one, two = (installed(*words, "--workers", workers) for workers in ("1", "2"))
    assert one.code == two.code == 1
    assert json.loads(one.out) == json.loads(two.out)


def test_a_file_that_is_no_yaml_is_said_to_be_none_and_not_sought_as_a_template(quizgen: Run, tmp_path: Path) -> None:
    (tmp_path / "class.csv").write_text("id,name\n")
    done = quizgen("check", tmp_path / "class.csv", "--no-failures")
    assert (done.code, done.out) == (2, "")
    assert "class.csv: this is no YAML file" in done.err
