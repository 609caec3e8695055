"""``quizgen build`` as an instructor meets it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from commands import Run
from sample_class import AWKWARD, QUIZ, SECRET, TEMPLATES, build, read_rows, write_bank, write_roster, write_text

from quizgen.quizzes import read_manifest
from quizgen.quizzes.outputs import Folder


def prepared(folder: Path, quiz: str = QUIZ) -> list[str | Path]:
    """The words of a build command for the awkward class."""
    return [
        "build", write_text(folder / "quiz.yaml", quiz), "--roster", write_roster(folder / "class.csv"),
        "--bank", write_bank(folder / "bank"), "--out", folder / "build",
    ]  # fmt: skip


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, installed: Run) -> Path:
    folder = tmp_path_factory.mktemp("awkward")
    done = installed(*prepared(folder), "--to", "html,md")
    assert (done.code, done.err) == (0, "")
    assert f"30 worksheets with 120 items are in {folder / 'build'}" in done.out
    return folder


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_every_student_gets_a_worksheet_and_a_key_in_every_format_and_nothing_stands_elsewhere(course: Path) -> None:
    manifest = read_manifest(course / "build")
    names = {sheet.file for sheet in manifest.sheets}
    assert len({name.casefold() for name in names}) == 30
    pages = {f"{kind}/{name}{end}" for kind in ("worksheets", "keys") for name in names for end in (".html", ".md")}
    assert files(course / "build") == pages | {"manifest.json", "responses-template.csv", "index.html"}
    assert sorted(path.name for path in course.iterdir()) == ["bank", "build", "class.csv", "quiz.yaml"]


def test_names_and_ids_stand_in_the_pages_as_text_and_never_as_markup(course: Path) -> None:
    manifest = read_manifest(course / "build")
    for sheet, (id, name) in zip(manifest.sheets, AWKWARD, strict=True):
        page = (course / "build" / "worksheets" / f"{sheet.file}.html").read_text(encoding="utf-8")
        assert (sheet.student.id, sheet.student.name) == (id, name)
        assert "<script>alert" not in page
        assert sheet.code in page
    index = (course / "build" / "index.html").read_text(encoding="utf-8")
    assert "<script>alert" not in index
    assert "{{ config }}" in index
    hrefs = re.findall(r'href="((?:worksheets|keys)/[^"]+)"', index)
    assert len(hrefs) == 90
    assert all((course / "build" / href).is_file() for href in hrefs)


def test_the_response_template_has_a_row_for_each_student_and_no_formula(course: Path) -> None:
    rows = read_rows(course / "build" / "responses-template.csv")
    assert [row["student"].removeprefix("'") for row in rows] == [id for id, _ in AWKWARD]
    assert [*rows[0]] == ["student", "name", "submitted", "q1", "q2.total", "q2.twice", "q3", "q4"]
    assert not any(cell.startswith(("=", "+", "@", "-r")) for row in rows for cell in row.values())


def test_ids_that_differ_only_in_case_or_come_twice_are_refused_with_their_lines(quizgen: Run, tmp_path: Path) -> None:
    words = prepared(tmp_path)
    write_roster(tmp_path / "class.csv", [("ann", "A"), ("Ann", "B"), ("bob", "C"), ("bob", "D")])
    done = quizgen(*words)
    assert done.code == 2
    assert "class.csv:3:1" in done.err
    assert "class.csv:5:1" in done.err
    assert not (tmp_path / "build").exists()


def test_a_class_larger_than_a_template_is_built_with_a_note(quizgen: Run, tmp_path: Path) -> None:
    done = quizgen(*prepared(tmp_path, "title: T\nitems: [{template: calc/tiny}]\n"))
    assert done.code == 0
    assert "Note: calc/tiny has only 3 distinct variants for 30 uses" in done.err
    assert "only 3 distinct variants" in (tmp_path / "build" / "index.html").read_text(encoding="utf-8")


def test_an_existing_folder_is_refused_and_replaced_with_force_only_if_it_is_a_build(quizgen: Run, tmp_path: Path) -> None:
    words = prepared(tmp_path)
    assert quizgen(*words).code == 0
    before = (tmp_path / "build" / "manifest.json").read_text()
    done = quizgen(*words)
    assert done.code == 2
    assert "--force" in done.err
    assert (tmp_path / "build" / "manifest.json").read_text() == before
    assert quizgen(*words, "--force").code == 0
    assert (tmp_path / "build" / "manifest.json").read_text() != before
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    done = quizgen(*words[:-1], tmp_path / "mine", "--force")
    assert done.code == 2
    assert files(tmp_path / "mine") == {"thesis.txt"}


def test_the_same_secret_gives_the_same_build_and_a_new_one_another(tmp_path: Path) -> None:
    made = []
    for name, secret in (("a", SECRET), ("b", SECRET), ("c", bytes(32))):
        build(tmp_path / name, secret=secret, flavours=("html", "markdown"))
        folder = tmp_path / name / "build"
        made.append({file: (folder / file).read_bytes() for file in files(folder) if file != "manifest.json"})
    assert made[0] == made[1]
    assert not any(made[0][file] == made[2][file] for file in made[0] if file.startswith(("worksheets", "keys")))


def test_a_build_that_was_killed_leaves_nothing_that_hinders_the_next(tmp_path: Path) -> None:
    words = prepared(tmp_path)
    write_roster(tmp_path / "class.csv", [(f"s{i:04}", "") for i in range(1500)])
    process = subprocess.Popen([sys.executable, "-m", "quizgen.cli", *map(str, words)])
    partial = tmp_path / ".build.partial" / "worksheets"
    end = time.monotonic() + 60
    while not (partial.is_dir() and any(partial.iterdir())) and time.monotonic() < end:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert not (tmp_path / "build").exists()
    assert partial.is_dir()
    write_roster(tmp_path / "class.csv", AWKWARD)
    again = subprocess.run([sys.executable, "-m", "quizgen.cli", *map(str, words)], capture_output=True)
    assert again.returncode == 0
    assert len(read_manifest(tmp_path / "build").sheets) == 30
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bank", "build", "class.csv", "quiz.yaml"]


def test_a_full_disk_leaves_nothing_half_made(quizgen: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []
    write = Folder.write

    def full(folder: Folder, name: str, content: bytes) -> None:
        if len(written) == 20:
            raise OSError(28, "No space left on device")
        written.append(name)
        write(folder, name, content)

    monkeypatch.setattr(Folder, "write", full)
    done = quizgen(*prepared(tmp_path))
    assert done.code == 2
    assert "No space left on device" in done.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bank", "class.csv", "quiz.yaml"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_one_error(quizgen: Run, tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    done = quizgen(*prepared(tmp_path)[:-1], tmp_path / "locked" / "build")
    assert (done.code, list((tmp_path / "locked").iterdir())) == (2, [])


def test_a_place_inside_a_file_is_one_error(quizgen: Run, tmp_path: Path) -> None:
    done = quizgen(*prepared(tmp_path)[:-1], tmp_path / "quiz.yaml" / "build")
    assert done.code == 2
    assert "Traceback" not in done.err


def test_memory_does_not_grow_with_the_pages_of_a_class(tmp_path: Path) -> None:
    """A student's pages take some 40 kB on disk; what a build holds on to is its plan, some 3 kB a student."""
    program = (
        "import resource, sys\n"
        "from quizgen.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit as stopped:\n"
        "    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)\n    raise\n"
    )
    peaks = []
    for count in (100, 600):
        folder = tmp_path / str(count)
        folder.mkdir()
        words = prepared(folder)
        write_roster(folder / "class.csv", [(f"s{i:04}", "") for i in range(count)])
        done = subprocess.run([sys.executable, "-c", program, *map(str, words)], capture_output=True, encoding="utf-8")
        assert done.returncode == 0
        peaks.append(int(done.stderr.split()[-1]))
    size = sum(path.stat().st_size for path in (tmp_path / "600" / "build").rglob("*.html")) // 1024
    assert peaks[1] - peaks[0] < size / 3


@pytest.mark.parametrize(
    ("quiz", "said"),
    [
        ("title: T\nitems: [{template: calc/suprisal}]\n", "calc/surprisal"), ("title: [\n", "quiz.yaml:1:9"),
        ("title: T\n", "items"), ("titel: T\nitems: [{template: calc/tiny}]\n", "title"), ("", "empty"),
        ("title: T\ninstructions: \"$\\\\frac{1\"\nitems: [{template: calc/tiny}]\n", "quiz.yaml:2"),
    ],
)  # fmt: skip
def test_a_wrong_quiz_file_is_told_with_its_place_and_nothing_is_written(
    quiz: str, said: str, quizgen: Run, tmp_path: Path
) -> None:
    done = quizgen(*prepared(tmp_path, quiz))
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err
    assert not (tmp_path / "build").exists()


def test_a_broken_template_of_the_quiz_stops_the_build_and_a_broken_one_elsewhere_does_not(
    quizgen: Run, tmp_path: Path
) -> None:
    words = prepared(tmp_path)
    (tmp_path / "bank" / "calc" / "tiny.yaml").write_text("title: [")
    assert quizgen(*words).code == 0
    (tmp_path / "bank" / "calc" / "essay.yaml").write_text(TEMPLATES["tiny"].format(concept="no-such-concept"))
    done = quizgen(*words, "--force")
    assert done.code == 2
    assert "essay.yaml:" in done.err
    assert (tmp_path / "build" / "manifest.json").is_file()
