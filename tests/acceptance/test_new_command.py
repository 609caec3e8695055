"""``quizgen new``: a commented template that works as it stands."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
import yaml
from commands import Run

from quizgen.answers import answer_kinds
from quizgen.bank import load_bank
from quizgen.bank.schema import template_schema
from quizgen.bank.starters import STARTERS, starter, starter_concept
from quizgen.checking.run import Plan, Target, check_target
from quizgen.shipped import templates_folder

CONCEPT = "calculating-cross-entropy-loss"
HEAD = "course: C\npage: P\nconcepts:"


def test_a_kind_that_is_none_is_answered_with_all_there_are(quizgen: Run) -> None:
    done = quizgen("new", "my-question", "--kind", "video", "--concept", CONCEPT)
    assert done.code == 2
    assert all(kind in done.err for kind in STARTERS)


every_kind = pytest.mark.parametrize("kind", STARTERS)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_there_is_a_starter_for_every_kind_of_answer_and_one_with_several() -> None:
    assert set(STARTERS) == {*answer_kinds(), "several"}
    assert {file.stem for file in (templates_folder() / "new").iterdir()} == set(STARTERS)


@every_kind
def test_what_is_written_loads_is_shown_and_passes_every_check(quizgen: Run, kind: str, tmp_path: Path) -> None:
    done = quizgen("new", "my-question", "--kind", kind, "--concept", CONCEPT)
    assert (done.code, done.err) == (0, "")
    file = Path("my_bank") / CONCEPT / "my-question.yaml"
    assert f"quizgen check {file}" in done.out
    template = load_bank("my_bank")[f"{CONCEPT}/my-question"]
    assert template.concept == CONCEPT
    assert template.solution is not None
    assert template.hints
    shown = quizgen("show", file)
    assert shown.code == 0
    assert template.title in shown.out
    report = check_target(Target(tmp_path / "my_bank", template.id, file), Plan(400))
    assert [(one.check, str(one.place)) for one in report.found if one.severity != "note"] == []
    assert report.variants == 400


@every_kind
def test_a_starter_asks_in_its_kind_and_explains_each_key_in_a_comment_before_or_beside_it(kind: str) -> None:
    text = starter(kind)
    data = yaml.safe_load(text)
    kinds = [answer["kind"] for answer in data.get("answers", {"answer": data.get("answer")}).values()]
    assert len(kinds) > 1 if kind == "several" else kinds == [kind]
    assert set(data) <= set(template_schema()["properties"])
    lines = text.splitlines()
    for key in data:
        if key in ("title", "concept", "hints", "answer", "answers", "stem", "solution"):
            continue  # these explain themselves
        at = next(i for i, line in enumerate(lines) if line.startswith(f"{key}:"))
        assert "#" in lines[at] or lines[at - 1].startswith("#"), key
    assert text.count("#") >= 10
    assert max(map(len, lines)) <= 128
    assert starter_concept(kind) in load_bank().concepts


def test_a_new_bank_is_told_and_what_it_borrows_from_the_shipped_one(quizgen: Run) -> None:
    first = quizgen("new", "one", "--kind", "text", "--concept", CONCEPT, "--bank", "course")
    assert "course is a new bank.\nUntil course has concepts.yaml and mistakes.yaml of its own" in first.out
    second = quizgen("new", "two", "--kind", "text", "--concept", CONCEPT, "--bank", "course")
    assert "new bank" not in second.out
    assert sorted(load_bank("course")) == [f"{CONCEPT}/one", f"{CONCEPT}/two"]


def test_a_bank_with_concepts_of_its_own_offers_those(quizgen: Run, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "concepts.yaml").write_text(HEAD + " [{id: sums, title: Sums}]\n", "utf-8")
    (tmp_path / "own" / "mistakes.yaml").write_text("forgot: {title: F, explanation: E.}\n", "utf-8")
    assert quizgen("new", "one", "--kind", "choice", "--concept", CONCEPT, "--bank", "own").err.endswith(
        f"there is no concept '{CONCEPT}'; there is sums\n"
    )
    done = quizgen("new", "one", "--kind", "choice", "--concept", "sums", "--bank", "own")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Wrote ")
    assert load_bank("own")["sums/one"].concept == "sums"


def test_nothing_is_overwritten(quizgen: Run) -> None:
    words = ("new", "one", "--kind", "order", "--concept", CONCEPT)
    assert quizgen(*words).code == 0
    file = Path("my_bank") / CONCEPT / "one.yaml"
    file.write_text("mine", encoding="utf-8")
    again = quizgen(*words)
    assert (again.code, again.err) == (2, f"{file}: is there already; choose another name\n")
    assert file.read_text(encoding="utf-8") == "mine"
    file.rename(file.with_suffix(".yml"))
    assert quizgen(*words).code == 2


def test_without_a_terminal_all_that_is_missing_is_named_at_once(quizgen: Run) -> None:
    done = quizgen("new")
    assert done.code == 2
    for part in ("ID, the name of the file", "--kind: numeric, choice, multiple", "--concept: ", CONCEPT):
        assert part in done.err
    assert not Path("my_bank").exists()


def test_on_a_terminal_what_is_missing_is_asked_for(quizgen: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    replies = iter(["third", "essay", CONCEPT])
    monkeypatch.setattr("click.prompt", lambda question, default=None: next(replies))
    done = quizgen("new")
    assert done.code == 0
    assert "essay: prose, marked by a person" in done.err
    assert load_bank("my_bank")[f"{CONCEPT}/third"].title == yaml.safe_load(starter("essay"))["title"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("one", "--kind", "chioce", "--concept", CONCEPT), 'did you mean "choice"'),
        (("one", "--kind", "choice", "--concept", "calculating-cross-entropy-los"), f'did you mean "{CONCEPT}"'),
        (("a/b", "--kind", "choice", "--concept", CONCEPT), "its folder is that of its --concept"),
        (("../b", "--kind", "choice", "--concept", CONCEPT), "is no name for a template"),
        (("_hidden", "--kind", "choice", "--concept", CONCEPT), "is no name for a template"),
    ],
)
def test_a_wrong_kind_concept_or_name_is_refused_and_nothing_is_written(
    quizgen: Run, words: tuple[str, ...], said: str
) -> None:
    done = quizgen("new", *words)
    assert done.code == 2
    assert re.search(re.escape(said), done.err)
    assert not Path("my_bank").exists()


def test_the_schema_is_written_into_a_folder_that_is_made(quizgen: Run, tmp_path: Path) -> None:
    out = tmp_path / "editor" / "schema.json"
    assert quizgen("schema", "--out", out).code == 0
    assert json.loads(out.read_text("utf-8")) == template_schema()
    done = quizgen("schema", "--out", out / "below.json")
    assert done.code == 2
    assert "cannot be written" in done.err
