"""Every block of code in the documentation is run: templates are checked, commands and programs run, outputs compared.

The blocks of a page are run from top to bottom in one empty folder: a block with a title is written to the file of that
name first, and a block of text below a command is what that command says. A line with nothing but … stands for any lines.
"""

from __future__ import annotations

import io
import json
import os
import re
import secrets
import shlex
import sys
import tomllib
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from pathlib import Path

import pytest
from docs_blocks import HOW_TO_REWRITE, PAGES, REWRITE, ROOT, Block, blocks, replaced

from quizgen.bank import load_bank
from quizgen.bank.source import read_document
from quizgen.checking.run import Plan, Target, check_target
from quizgen.cli import cli, main
from quizgen.errors import ProblemsError
from quizgen.quizzes import load_quiz

BUILD_SECRET = b"what the documentation is made with"[:32]
ENDLESS = {"--watch"}
"""With these a command serves until it is stopped, so it is read but not run."""

EXCERPT = {
    "title": "title: An excerpt",
    "concept": "concept: loss-function-for-language-modeling",
    "level": "level: apply",
    "minutes": "minutes: 3",
}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_blocks_of_a_page_run_from_top_to_bottom(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr(secrets, "token_bytes", lambda size=32: BUILD_SECRET[:size])
    said: str | None = None
    anew: list[tuple[Block, str]] = []
    for block in blocks(page):
        before, said = said, None
        if not block.run:
            continue
        if block.title:
            Path(block.title).parent.mkdir(parents=True, exist_ok=True)
            Path(block.title).write_text(block.text, encoding="utf-8")
        if block.note.startswith("the file "):
            said_there = Path(block.note.removeprefix("the file ")).read_text(encoding="utf-8")
            _compare(block, said_there, anew)
        elif block.note.startswith("only written:"):
            assert block.title, f"{block.place}: to which file?"
        elif block.language == "bash":
            said = "".join(_command(line, block, monkeypatch) for line in _lines(block.text))
        elif block.language == "text" and before is not None:
            _compare(block, before, anew)
        elif block.language == "yaml":
            _yaml(block)
        elif block.language == "python":
            exec(compile(block.text, block.place, "exec"), {"__name__": "docs"})
        elif block.language == "json":
            json.loads(block.text)
        elif block.language == "toml":
            tomllib.loads(block.text)
        else:
            assert block.title or block.language in ("csv", "text"), f"{block.place}: how is a block of this kind to be run?"
    for block, text in reversed(anew):
        replaced(block, text)


def _lines(text: str) -> list[str]:
    return text.replace("\\\n", " ").splitlines()


def _command(line: str, block: Block, monkeypatch: pytest.MonkeyPatch) -> str:
    words = shlex.split(line, comments=True)
    assert words[0] == "quizgen", f"{block.place}: {words[0]} is not run here; say above the block why not"
    if ENDLESS & set(words):
        import_module(f"quizgen.cli.{words[1]}").command.make_context(words[1], words[2:], **cli.context_settings)
        return ""
    monkeypatch.setattr(sys, "argv", words)
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out), pytest.raises(SystemExit) as stopped:
        main()
    code = re.match(r"exit (\d)", block.note)
    assert (stopped.value.code or 0) == (int(code[1]) if code else 0), f"{block.place}: {line}\n{out.getvalue()}"
    return out.getvalue().replace(f"{Path.cwd()}/", "")


def _compare(block: Block, said: str, anew: list[tuple[Block, str]]) -> None:
    """Holds a block against what was said, or keeps that to be written into the block."""
    said = "\n".join(line.rstrip() for line in said.strip("\n").splitlines()) + "\n"
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == "…" else re.escape(line) for line in block.text.splitlines(keepends=True)
    )
    if re.fullmatch(pattern, said):
        return
    if os.environ.get(REWRITE):
        anew.append((block, said))
        return
    pytest.fail(f"{block.place}: the page does not show what is said now:\n\n{said}\n{HOW_TO_REWRITE}")


def _yaml(block: Block) -> None:
    name = Path(block.title or "excerpt.yaml").name
    path = Path(block.title or name)
    keys = read_yaml(block.text)
    if name in ("concepts.yaml", "mistakes.yaml"):
        return  # the bank in whose folder it lies is loaded with it
    if block.head is not None:
        text = "\n".join((block.head, block.text))
        whole = read_yaml(text)
        path = Path(f"excerpt-{block.line}.yaml")
        path.write_text("\n".join([*(line for key, line in EXCERPT.items() if key not in whole), text]), encoding="utf-8")
    elif {"sections", "items"} & set(keys):
        path.write_text(block.text, encoding="utf-8")
        load_quiz(path)
        return
    elif {"by", "changes"} <= set(keys):
        return  # a policy: the command that takes it reads it
    else:
        assert {"stem", "extends"} & set(keys), f"{block.place}: no template; say with what it is one, or why it is not run"
        path.write_text(block.text, encoding="utf-8")
    found = errors_of(path)
    assert not found, f"{block.place}:\n" + "\n".join(found)


def read_yaml(text: str) -> dict[str, object]:
    """The keys of a YAML text. Raises `ProblemsError` where it is none."""
    path = Path("block-to-read.yaml")
    path.write_text(text, encoding="utf-8")
    data = read_document(path, error=ProblemsError).data
    path.unlink()
    assert isinstance(data, dict)
    return data


def errors_of(file: Path) -> list[str]:
    """What keeps a template from being given to students, over 100 variants."""
    folder = file.resolve().parent
    while folder not in (Path.cwd(), folder.parent) and not (folder / "concepts.yaml").is_file():
        folder = folder.parent
    id = file.resolve().relative_to(folder).with_suffix("").as_posix()
    report = check_target(Target(folder, id, file), Plan(100))
    return [str(one.place) for one in report.found if one.severity == "error" and not one.waived]


def test_what_is_not_run_in_its_place_is_run_by_a_test_that_exists_or_has_its_reason() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").glob("test_docs*.py"))
    for page in PAGES:
        for block in blocks(page):
            if block.note.startswith("not run:"):
                assert len(block.note) > len("not run: ") + 10, block.place
            elif block.note.startswith("run by "):
                assert f"def {block.note.removeprefix('run by ')}(" in tests, block.place


def test_every_fence_of_a_page_is_seen_as_a_block() -> None:
    for page in PAGES:
        fences = sum(line.lstrip().startswith("```") for line in page.read_text(encoding="utf-8").splitlines())
        assert fences == 2 * len(blocks(page)), page
        assert all(block.language for block in blocks(page)), page


def test_the_banks_of_the_pages_have_all_their_mistakes(tmp_path: Path) -> None:
    """A page's own concepts.yaml and mistakes.yaml load."""
    for page in PAGES:
        folder = tmp_path / page.stem
        for block in blocks(page, "yaml"):
            if Path(block.title).name in ("concepts.yaml", "mistakes.yaml"):
                folder.mkdir(exist_ok=True)
                (folder / Path(block.title).name).write_text(block.text, encoding="utf-8")
        if folder.is_dir():
            bank = load_bank(folder)
            assert bank.concepts
            assert bank.mistakes
