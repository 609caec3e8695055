"""What the documentation shows is run or loaded here, so it cannot rot."""

from __future__ import annotations

import json
import re
import shlex
import sys
from pathlib import Path

import docs_blocks
import pytest
from docs_blocks import DOCS, README, section
from sample_class import answers, read_rows, saved, write_bank, write_rows, write_text

from quizgen.bank import load_bank
from quizgen.cli import COMMANDS, main
from quizgen.grading.policy import ACTIONS
from quizgen.lms.record import read_record
from quizgen.quizzes import load_quiz, read_manifest, read_roster
from quizgen.quizzes.blueprint import _BlueprintSpec


def blocks(page: str, language: str) -> list[str]:
    """The texts of a page's blocks in one language."""
    return [block.text for block in docs_blocks.blocks(DOCS / page, language)]


def test_the_first_template_of_the_language_page_compiles_and_marks(tmp_path: Path) -> None:
    first = docs_blocks.blocks(DOCS / "templates.md", "yaml")[0]
    path = tmp_path / first.title
    path.parent.mkdir(parents=True)
    path.write_text(first.text, encoding="utf-8")
    template = load_bank(tmp_path / "my_bank")[first.title.removeprefix("my_bank/").removesuffix(".yaml")]
    variants = template.variants(secret=b"docs", count=50)
    for i, key in enumerate(variants.keys()):
        assert template.mark(variants, i, {"answer": float(key)}).outcome == "correct"


def test_the_key_table_of_the_quiz_file_is_complete() -> None:
    text = (DOCS / "grading.md").read_text(encoding="utf-8")
    quiz = blocks("grading.md", "yaml")[0]
    for key in set(_BlueprintSpec.model_fields) - {"items"}:
        assert f"| `{key}` |" in text
        assert re.search(rf"^{key}:", quiz, re.MULTILINE)
    assert all(f"| `{action}`" in text for action in ACTIONS)


def test_the_commands_of_the_grading_page_run_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    quiz, policy = blocks("grading.md", "yaml")
    roster, _ = blocks("grading.md", "csv")
    write_text(tmp_path / "homework.yaml", quiz)
    write_text(tmp_path / "class.csv", roster)
    write_text(tmp_path / "policy.yaml", policy)
    commands = [shlex.split(line) for block in blocks("grading.md", "bash") for line in block.splitlines()]
    assert [command[:2] for command in commands] == [["quizgen", name] for name in ("build", "grade", "grade", "grade")]
    for number, command in enumerate(commands):
        if number == 1:
            manifest = read_manifest(tmp_path / "homework-1")
            (tmp_path / "answers").mkdir()
            for sheet, given in zip(manifest.sheets, answers(manifest, right=0.5), strict=True):
                data = json.dumps(saved(manifest, sheet, given))
                (tmp_path / "answers" / f"answers-{sheet.code}.json").write_text(data)
            rows = [("student", "field", "response", "points", "comment")]
            write_rows(tmp_path / "to-mark.csv", rows)
        monkeypatch.setattr(sys, "argv", command)
        with pytest.raises(SystemExit) as stopped:
            main()
        assert not stopped.value.code
    written = {path.name for path in (tmp_path / "homework-1").iterdir()}
    assert written == {"worksheets", "keys", "index.html", "responses-template.csv", "manifest.json"}
    assert len(json.loads((tmp_path / "graded" / "audit.json").read_text())[0]["changes"]) == 4


def test_the_quiz_the_class_list_and_the_policy_of_the_grading_page_load(tmp_path: Path) -> None:
    quiz, policy = blocks("grading.md", "yaml")
    assert load_quiz(write_text(tmp_path / "quiz.yaml", quiz)).points == 7
    roster, table = blocks("grading.md", "csv")
    assert [student.name for student in read_roster(write_text(tmp_path / "class.csv", roster)).students] == [
        "Adaeze Obi", "O'Brien, Seán",
    ]  # fmt: skip
    assert read_rows(write_text(tmp_path / "table.csv", table))[0]["q2.total"] == "0,105"
    assert policy.startswith("by:")


def test_every_file_that_grade_writes_is_on_its_page() -> None:
    text = (DOCS / "grading.md").read_text(encoding="utf-8")
    for name in (
        "marks.csv",
        "gradebook.csv",
        "rejected.csv",
        "summary.json",
        "to-mark.csv",
        "audit.json",
        "audit.csv",
        "feedback/",
    ):
        assert f"`{name}`" in text


def test_the_commands_for_looking_at_the_bank_run_as_the_readme_has_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All but the two that go through the whole bank run on it; those run on a part of it."""
    monkeypatch.chdir(tmp_path)
    text = section(README, "Look at the bank")
    (block,) = re.findall(r"^```bash\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    commands = [shlex.split(line) for line in block.splitlines()]
    assert [command[1] for command in commands] == ["list", "show", "preview", "build"]
    part = write_bank(tmp_path / "part")
    for command in commands:
        monkeypatch.setattr(sys, "argv", [*command, *(["--bank", str(part)] if command[1] in ("list", "preview") else [])])
        with pytest.raises(SystemExit) as stopped:
            main()
        assert not stopped.value.code
    assert (tmp_path / "gallery.html").is_file()
    assert (tmp_path / "practice" / "worksheets" / "learner.html").is_file()
    for option in re.findall(r"`(--[a-z-]+)", text):
        assert option in block or any(
            option in Path(__file__).parents[1].joinpath("quizgen", "cli", f"{name}.py").read_text(encoding="utf-8")
            for name in (*COMMANDS, "options")
        )


def test_the_readmes_commands_for_a_class_run_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (quiz,) = [block.text for block in docs_blocks.blocks(README, "yaml") if block.title == "homework.yaml"]
    write_text(tmp_path / "homework.yaml", quiz)
    write_text(tmp_path / "class.csv", "id,name\ns1,Adaeze Obi\ns2,Seán Byrne\n")
    (block,) = re.findall(r"^```bash\n(.*?)^```", section(README, "Use it for a class"), re.DOTALL | re.MULTILINE)
    build, grade = (shlex.split(line) for line in block.splitlines())
    _run(build, monkeypatch)
    (tmp_path / "answers").mkdir()
    manifest = read_manifest(tmp_path / "homework-1")
    first = manifest.sheets[0]
    data = json.dumps(saved(manifest, first, answers(manifest, right=1.0)[0]))
    (tmp_path / "answers" / "answers.json").write_text(data, encoding="utf-8")
    write_text(tmp_path / "late-answers.csv", "student,q1\ns2,0.5\n")
    _run(grade, monkeypatch)
    assert (tmp_path / "graded" / "gradebook.csv").is_file()


def test_the_readmes_commands_for_an_lms_run_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (quiz,) = [block.text for block in docs_blocks.blocks(README, "yaml") if block.title == "homework.yaml"]
    write_text(tmp_path / "homework.yaml", quiz)
    (block,) = re.findall(r"^```bash\n(.*?)^```", section(README, "Take a quiz to your LMS"), re.DOTALL | re.MULTILINE)
    export, grade = (shlex.split(line) for line in block.splitlines())
    _run(export, monkeypatch)
    record = read_record(tmp_path / "homework.xml.manifest.json")
    first = next(one for one in record.sent if one.slot == 0)
    with record.bank() as bank:
        (question,) = [one for one in record.questions(bank) if one.code == first.code]
    right = question.asked[0].scheme.typed  # type: ignore[union-attr] # a number
    head = "Last name,First name,Email address,Status,Started,Completed,Duration,Grade/5.00,Question 1,Response 1"
    times = "1 March 2027 9:00 AM,1 March 2027 9:01 AM,1 min"
    row = f'Obi,Adaeze,ada@example.org,Finished,{times},2.00,"What is it? Question code: {first.code}",{right}'
    write_text(tmp_path / "responses.csv", f"{head}\n{row}\n")
    _run(grade, monkeypatch)
    marks = read_rows(tmp_path / "graded" / "marks.csv")
    assert [(mark["template"], mark["outcome"]) for mark in marks] == [(first.template, "correct")]
    assert (tmp_path / "graded" / "gradebook-moodle.csv").is_file()


def _run(command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", command)
    with pytest.raises(SystemExit) as stopped:
        main()
    assert not stopped.value.code


def test_every_quiz_of_the_bank_is_on_its_page_and_can_be_built() -> None:
    bank = load_bank()
    text = (DOCS / "quizzes.md").read_text(encoding="utf-8")
    for path in sorted((bank.folder / "quizzes").glob("*.yaml")):
        assert f"| `{path.name}` |" in text
        assert load_quiz(path).points > 0
    (command,) = (shlex.split(line) for block in blocks("quizzes.md", "bash") for line in block.splitlines())
    assert command[:2] == ["quizgen", "build"]
    assert (bank.folder.parent / command[2]).is_file()
