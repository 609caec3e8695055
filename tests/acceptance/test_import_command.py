"""``quizgen import``: what it says, what it writes, and its exit codes."""

from __future__ import annotations

from pathlib import Path

from commands import Run

CONCEPT = "calculating-cross-entropy-loss"
GOOD = "::First::Which unit goes with $$\\log_2$$? {=bits ~nats ~bans}\n\n::Second::What is 2 + 2? {#4}\n"


def test_questions_become_templates_that_show_and_pass_the_checks(installed: Run, quizgen: Run, tmp_path: Path) -> None:
    (tmp_path / "good.gift").write_text(GOOD)
    out = tmp_path / "bank"
    done = installed("import", tmp_path / "good.gift", "--out", out, "--concept", CONCEPT)
    assert (done.code, done.out, done.err) == (0, f"2 questions read: 2 templates written into {out}\n", "")
    assert sorted(path.name for path in out.iterdir()) == ["first.yaml", "second.yaml"]
    assert quizgen("check", out / "first.yaml", "--variants", "100").code == 0
    assert "answer: " in quizgen("show", out / "first.yaml").out


def test_what_is_not_carried_is_said_question_by_question_with_exit_code_1(quizgen: Run, tmp_path: Path) -> None:
    (tmp_path / "q.gift").write_text(GOOD + "\nRead this.\n\n::Half::Which? {=a ~%50%b}\n")
    done = quizgen("import", tmp_path / "q.gift", "--out", tmp_path / "out")
    assert done.code == 1
    assert done.out.splitlines() == [
        f'{tmp_path}/q.gift:7: "Half" is {tmp_path}/out/half.yaml; not carried:',
        "  50 % for the option “b”, which is simply wrong now",
        f'{tmp_path}/q.gift:5: "Read this." is not carried: it asks nothing: a description has no answers',
        f"4 questions read: 3 templates written into {tmp_path}/out (1 not in all parts), 1 refused",
    ]


def test_files_of_several_formats_are_imported_together(quizgen: Run, tmp_path: Path) -> None:
    (tmp_path / "a.gift").write_text("Which? {=a ~b}")
    texts = "<name><text>E</text></name><questiontext><text>Write.</text></questiontext>"
    (tmp_path / "b.xml").write_text(f'<quiz><question type="essay">{texts}</question></quiz>')
    exercise = "Question\n========\nHow many?\n\nMeta-information\n================\nexname: N\nextype: num\nexsolution: 3\n"
    (tmp_path / "c.Rmd").write_text(exercise)
    done = quizgen("import", *(tmp_path / name for name in ("a.gift", "b.xml", "c.Rmd")), "--out", tmp_path / "out")
    assert done.code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["e.yaml", "n.yaml", "which.yaml"]


def test_nothing_is_written_over_unless_forced(quizgen: Run, tmp_path: Path) -> None:
    (tmp_path / "q.gift").write_text(GOOD)
    assert quizgen("import", tmp_path / "q.gift", "--out", tmp_path / "out").code == 0
    (tmp_path / "out" / "first.yaml").write_text("mine")
    done = quizgen("import", tmp_path / "q.gift", "--out", tmp_path / "out")
    assert done.code == 2
    assert "first.yaml, second.yaml: there already" in done.err
    assert (tmp_path / "out" / "first.yaml").read_text() == "mine"
    assert quizgen("import", tmp_path / "q.gift", "--out", tmp_path / "out", "--force").code == 0
    assert (tmp_path / "out" / "first.yaml").read_text() != "mine"


def test_one_file_that_cannot_be_read_keeps_all_back(quizgen: Run, tmp_path: Path) -> None:
    (tmp_path / "good.gift").write_text(GOOD)
    (tmp_path / "bad.gift").write_bytes(b"Which? {=\xe9 ~b}\n")
    for bad in ("bad.gift", "missing.gift", "."):
        done = quizgen("import", tmp_path / "good.gift", tmp_path / bad, "--out", tmp_path / "out")
        assert (done.code, done.out) == (2, "")
        assert len(done.err.strip().splitlines()) == 1
        assert not (tmp_path / "out").exists()


def test_one_malformed_question_is_told_by_line_and_the_others_are_carried(quizgen: Run, tmp_path: Path) -> None:
    (tmp_path / "q.gift").write_text(f"{GOOD}\n\n::Open::\nWhich? {{=a ~b\n")
    done = quizgen("import", tmp_path / "q.gift", "--out", tmp_path / "out")
    assert done.code == 1
    line = len(f"{GOOD}\n\n".splitlines()) + 2
    assert f'q.gift:{line}:8: "Open" is not carried: this {{ has no }}' in done.out
    assert done.out.rstrip().endswith("1 refused")
    assert list((tmp_path / "out").iterdir())
    (tmp_path / "x.txt").write_text("hello")
    done = quizgen("import", tmp_path / "x.txt", "--out", tmp_path / "other")
    assert (done.code, done.out) == (2, "")
    assert "there are no questions in this file" in done.err


def test_where_all_is_refused_no_folder_is_made(quizgen: Run, tmp_path: Path) -> None:
    (tmp_path / "q.gift").write_text("Which? {~a ~b}")
    done = quizgen("import", tmp_path / "q.gift", "--out", tmp_path / "out")
    assert done.code == 1
    assert done.out.splitlines()[-1] == "1 question read: 0 templates written, 1 refused"
    assert not (tmp_path / "out").exists()


def test_a_concept_must_be_one_of_the_bank_that_the_folder_lies_in(quizgen: Run, tmp_path: Path) -> None:
    (tmp_path / "q.gift").write_text(GOOD)
    (tmp_path / "bank").mkdir()
    (tmp_path / "bank" / "concepts.yaml").write_text("concepts:\n  - {id: mine, title: Mine, row: 1, part: before}\n")
    done = quizgen("import", tmp_path / "q.gift", "--out", tmp_path / "bank" / "new", "--concept", CONCEPT)
    assert done.code == 2
    assert "there is no concept" in done.err
    assert quizgen("import", tmp_path / "q.gift", "--out", tmp_path / "bank" / "new", "--concept", "mine").code == 0
