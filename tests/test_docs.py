"""What the documentation shows is run or loaded here, so it cannot rot."""

from __future__ import annotations

import json
import re
import shlex
import sys
from pathlib import Path

import pytest
from sample_class import answers, read_rows, saved, write_bank, write_rows, write_text

from quizgen.bank import load_bank
from quizgen.bank.source import read_document
from quizgen.cli import COMMANDS, main
from quizgen.errors import ProblemsError
from quizgen.grading.policy import ACTIONS
from quizgen.quizzes import load_quiz, read_manifest, read_roster
from quizgen.quizzes.blueprint import _BlueprintSpec

DOCS = Path(__file__).parents[1] / "docs"


def blocks(page: str, language: str) -> list[str]:
    """The code blocks of a page in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def test_the_first_template_of_the_language_page_compiles_and_marks(tmp_path: Path) -> None:
    text = (DOCS / "templates.md").read_text(encoding="utf-8")
    named = re.search(r"Save this as `my_bank/(\S+)\.yaml`", text)
    assert named
    path = tmp_path / "my_bank" / f"{named[1]}.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(blocks("templates.md", "yaml")[0], encoding="utf-8")
    template = load_bank(tmp_path / "my_bank")[named[1]]
    variants = template.variants(secret=b"docs", count=50)
    for i, key in enumerate(variants.keys()):
        assert template.mark(variants, i, {"answer": float(key)}).outcome == "correct"


def _answer_blocks() -> list[str]:
    return [block for block in blocks("templates.md", "yaml") if block.startswith("answer:")]


@pytest.mark.parametrize("block", _answer_blocks(), ids=["statements", "key and distractors"])
def test_every_answer_of_the_language_page_compiles(block: str, tmp_path: Path) -> None:
    names = [name for name in ("loss_a", "loss_b") if name in block] or ["loss"]
    draws = {"loss_a": "p_a", "loss_b": "p_b", "loss": "q"}
    mistakes = set(re.findall(r"mistake: ([\w-]+)", block))
    text = "\n".join(
        [
            "title: T", "concept: calculating-cross-entropy-loss", "level: apply", "minutes: 1", "draw:",
            *(f"  {draws[name]}: {{probability: [0.05, 0.95], step: 0.01, avoid: [0.5]}}" for name in names),
            "let:", *(f"  {name}: surprisal({draws[name]})" for name in names),
            *(["require: [abs(p_a - p_b) > 0.05]"] if len(names) == 2 else []),
            "stem: The probabilities are " + " and ".join(f"{{{{ {draws[name]} }}}}" for name in names) + ".",
            "solution: See above.", "mistakes:",
            *(f"  {id}: {{title: T, explanation: E., concept: calculating-cross-entropy-loss}}" for id in mistakes),
            block,
        ]
    )  # fmt: skip
    # an example of a pool is an excerpt: it shows two statements where four are asked for
    text = text.replace("choose: 4                       #", "choose: 2                       #")
    (tmp_path / "one.yaml").write_text(text, encoding="utf-8")
    assert load_bank(tmp_path)["one"].variants(secret=b"docs", count=20)


@pytest.mark.parametrize("page", ["templates.md", "grading.md"])
def test_every_yaml_block_is_yaml(page: str, tmp_path: Path) -> None:
    for block in blocks(page, "yaml"):
        path = write_text(tmp_path / "block.yaml", block)
        assert isinstance(read_document(path, error=ProblemsError).data, dict)


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


README = Path(__file__).parents[1] / "README.md"


def test_the_readme_names_every_command() -> None:
    text = README.read_text(encoding="utf-8")
    assert [name for name in COMMANDS if not re.search(rf"`(quizgen )?{name}[ `]|quizgen {name}\\b", text)] == []


def test_the_commands_for_looking_at_the_bank_run_as_the_readme_has_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All but the two that go through the whole bank run on it; those run on a part of it."""
    monkeypatch.chdir(tmp_path)
    section = README.read_text(encoding="utf-8").partition("\n## Look at the bank\n")[2].partition("\n## ")[0]
    (block,) = re.findall(r"^```bash\n(.*?)^```", section, re.DOTALL | re.MULTILINE)
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
    for option in re.findall(r"`(--[a-z-]+)", section):
        assert option in block or any(
            option in Path(__file__).parents[1].joinpath("quizgen", "cli", f"{name}.py").read_text(encoding="utf-8")
            for name in (*COMMANDS, "options")
        )
