"""``quizgen check`` with files that are named one by one: two of one name, and broken ones among sound ones."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from commands import Run

TIE = """title: Which is better?
concept: calculating-cross-entropy-loss
level: apply
minutes: 1
draw:
  a: {integer: [1, 9]}
  b: {integer: [1, 9]}
stem: Model A loses {{ a }} nats and model B loses {{ b }}. Which is better?
answer:
  kind: choice
  order: fixed
  options:
    - {text: "A is better.", true_when: a < b}
    - {text: "B is better.", true_when: a >= b}
"""
SHORT = ("--workers", "1", "--only", "tie")


@pytest.fixture
def twins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Two files of one name in two folders that are no banks, both with a defect, at different addresses."""
    monkeypatch.chdir(tmp_path)
    for folder, most in (("one", "9"), ("two", "8")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "spam.yaml").write_text(TIE.replace("9", most))
    return "one/spam.yaml", "two/spam.yaml"


def test_two_files_of_one_name_are_both_drawn_again_where_they_failed(quizgen: Run, twins: tuple[str, str]) -> None:
    assert quizgen("check", *twins, "--variants", "150", *SHORT).code == 1
    kept = json.loads(Path(".quizgen-check.json").read_text())["templates"]
    assert set(kept) == set(twins)
    far = ("--variants", "1", "--start", "100000", *SHORT)
    done = quizgen("check", *twins, *far)
    assert done.code == 1
    for file in twins:
        assert f"{file}:" in done.out
        assert f"--bank {Path(file).parent} --seed check --address {kept[file]['tie'][0]}" in done.out
    Path(twins[0]).write_text(TIE + "require: [a != b]\n")
    assert quizgen("check", twins[0], "--variants", "150", *SHORT).code == 0
    assert json.loads(Path(".quizgen-check.json").read_text())["templates"] == {twins[1]: kept[twins[1]]}


def test_two_files_of_one_name_have_results_with_fingerprints_of_their_own(quizgen: Run, twins: tuple[str, str]) -> None:
    def fingerprints(*files: str) -> list[str]:
        done = quizgen("check", *files, "--variants", "150", *SHORT, "--no-failures", "--format", "sarif")
        results = json.loads(done.out)["runs"][0]["results"]
        return [result["partialFingerprints"]["templateCheckNumber/v1"] for result in results]

    assert fingerprints(*twins) == [*fingerprints(twins[0]), *fingerprints(twins[1])]


BROKEN = {
    "broken.yaml": ("title: x\nstem: [\n", 2),
    "quiz.yaml": ("title: Quiz\nitems:\n  - {template: nowhere, points: 1}\n", 3),
    "wrong-bank/concepts.yaml": ("course: x\nconcepts: 5\n", 2),
}
"""Files that are broken in ways of their own, each with the line in which it is."""


@pytest.mark.parametrize(("name", "word"), [(name, name.removesuffix("/concepts.yaml")) for name in BROKEN])
def test_a_broken_file_is_told_in_the_form_asked_for_and_the_others_are_checked(
    name: str, word: str, quizgen: Run, twins: tuple[str, str]
) -> None:
    text, line = BROKEN[name]
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text(text)
    words = ("check", word, twins[0], "--variants", "150", *SHORT, "--no-failures", "--format")

    def told(form: str) -> str:
        done = quizgen(*words, form)
        assert (done.code, done.err) == (1, "")
        return done.out

    first, second = json.loads(told("json"))["templates"]
    assert [(one["check"], one["file"], one["line"]) for one in first["findings"]] == [("load", name, line)]
    assert {one["check"] for one in second["findings"]} == {"tie"}
    broken, *ties = json.loads(told("sarif"))["runs"][0]["results"]
    place = broken["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == (name, line)
    assert (broken["ruleId"], {tie["ruleId"] for tie in ties}) == ("load", {"tie"})
    suites = ElementTree.fromstring(told("junit")).findall("testsuite")
    assert [suite.attrib["failures"] for suite in suites] == ["1", "1"]
    assert f"{name}:{line}:" in (suites[0].findtext("testcase/failure") or "")
    annotations = told("github").splitlines()
    assert annotations[0].startswith(f"::error file={name},line={line},")
    assert annotations[1].startswith(f"::error file={twins[0]},")
    assert f"{name}:{line}:" in told("text")


def test_a_file_in_a_bank_that_is_no_yaml_does_not_make_a_quiz_pick_fewer(quizgen: Run, twins: tuple[str, str]) -> None:
    Path("one/broken.yaml").write_text("stem: [")
    Path("pick.yaml").write_text("title: Quiz\nitems:\n  - {pick: 1, level: apply, points: 1}\n")
    done = quizgen("check", "pick.yaml", "--bank", "one", *SHORT, "--no-failures")
    assert done.code == 1
    assert "one/broken.yaml:1:8: " in done.out
    Path("class.csv").write_text("id\ns1\n")
    built = quizgen("build", "pick.yaml", "--bank", "one", "--roster", "class.csv", "--out", "out")
    assert (built.code, built.out) == (2, "")
    assert "one/broken.yaml:1:8: " in built.err
    assert not Path("out").exists()


def test_what_is_not_there_is_wrong_use_and_nothing_is_checked(quizgen: Run, twins: tuple[str, str]) -> None:
    for words in ((*twins, "thre/spam.yaml"), ("--bank", "nowhere"), (*twins, "--bank", "nowhere", "spma")):
        done = quizgen("check", *words, *SHORT, "--no-failures", "--format", "json")
        assert (done.code, done.out) == (2, "")
        assert done.err
