"""Folders that are written whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizgen.errors import OutputError
from quizgen.quizzes.folders import check_target, whole_folder


def write(out: Path, content: str, force: bool = False) -> None:
    with whole_folder(out, force, "mark") as folder:
        (folder / "mark").write_text(content)


def listed(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_appears_only_when_it_is_whole(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    with whole_folder(out, False, "mark") as folder:
        (folder / "mark").write_text("x")
        assert not out.exists()
    assert listed(out) == ["mark"]
    assert listed(out.parent) == ["out"]


def test_nothing_is_left_where_writing_fails(tmp_path: Path) -> None:
    def failing() -> None:
        with whole_folder(tmp_path / "out", False, "mark") as folder:
            (folder / "half").write_text("x")
            raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match="No space left"):
        failing()
    assert listed(tmp_path) == []


def test_a_failure_leaves_the_earlier_folder_as_it_was(tmp_path: Path) -> None:
    write(tmp_path / "out", "old")

    def failing() -> None:
        with whole_folder(tmp_path / "out", True, "mark"):
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 # the very error goes through
        failing()
    assert (tmp_path / "out" / "mark").read_text() == "old"
    assert listed(tmp_path) == ["out"]


def test_an_existing_folder_is_replaced_only_with_force_and_only_if_it_bears_the_mark(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, "old")
    with pytest.raises(OutputError, match="is there already"):
        write(out, "new")
    write(out, "new", force=True)
    assert (out / "mark").read_text() == "new"
    (out / "mark").rename(out / "other")
    with pytest.raises(OutputError, match="was not written by this command"):
        write(out, "newer", force=True)
    assert listed(out) == ["other"]


def test_an_empty_folder_may_be_written_into(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    write(tmp_path / "out", "x")
    assert listed(tmp_path / "out") == ["mark"]


def test_a_file_or_a_link_in_the_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    for name in ("file", "link"):
        with pytest.raises(OutputError, match="is a file or a link"):
            check_target(tmp_path / name, True, "mark")


def test_what_a_killed_run_left_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / ".out.partial" / "worksheets").mkdir(parents=True)
    write(tmp_path / "out", "x")
    assert listed(tmp_path) == ["out"]


def test_a_run_killed_between_its_two_renames_loses_nothing(tmp_path: Path) -> None:
    write(tmp_path / "out", "old")
    (tmp_path / "out").rename(tmp_path / ".out.previous")
    with pytest.raises(OutputError, match="is there already"):
        write(tmp_path / "out", "new")
    assert (tmp_path / "out" / "mark").read_text() == "old"
    assert listed(tmp_path) == ["out"]
