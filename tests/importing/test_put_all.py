"""Files come into a folder all together or not at all, and never over others unless that is wished."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from quizgen.errors import OutputError
from quizgen.importing import put_all


def inside(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_missing_folder_is_made_and_another_file_in_it_is_left(tmp_path: Path) -> None:
    put_all(tmp_path / "a" / "b", {"x.yaml": "1"}, False)
    put_all(tmp_path / "a" / "b", {"y.yaml": "2"}, False)
    assert inside(tmp_path) == {"a/b/x.yaml": "1", "a/b/y.yaml": "2"}


def test_a_name_that_is_taken_keeps_everything_back_unless_forced(tmp_path: Path) -> None:
    put_all(tmp_path / "out", {"x.yaml": "1"}, False)
    with pytest.raises(OutputError, match=r"x\.yaml: there already"):
        put_all(tmp_path / "out", {"a.yaml": "2", "x.yaml": "2"}, False)
    assert inside(tmp_path / "out") == {"x.yaml": "1"}
    put_all(tmp_path / "out", {"a.yaml": "2", "x.yaml": "2"}, True)
    assert inside(tmp_path / "out") == {"a.yaml": "2", "x.yaml": "2"}


def test_links_and_folders_are_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("kept")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "x.yaml").symlink_to(tmp_path / "kept")
    (tmp_path / "out" / "y.yaml").mkdir()
    for name in ("x.yaml", "y.yaml"):
        with pytest.raises(OutputError, match="is not replaced"):
            put_all(tmp_path / "out", {name: "1"}, True)
    (tmp_path / "link").symlink_to(tmp_path / "out")
    for folder in ("link", "kept"):
        with pytest.raises(OutputError, match="give a folder"):
            put_all(tmp_path / folder, {"x.yaml": "1"}, True)
    assert (tmp_path / "kept").read_text() == "kept"


def test_where_a_move_fails_what_was_there_is_there_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_all(tmp_path / "out", {"a.yaml": "old", "b.yaml": "old"}, False)
    real = os.replace

    def failing(source: Path, target: Path) -> None:
        if Path(source).name == "b.yaml" and ".import-" in str(Path(source).parent.name):
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr("quizgen.importing.writing.os.replace", failing)
    with pytest.raises(OutputError, match="No space left"):
        put_all(tmp_path / "out", {"a.yaml": "new", "b.yaml": "new", "c.yaml": "new"}, True)
    monkeypatch.undo()
    assert inside(tmp_path / "out") == {"a.yaml": "old", "b.yaml": "old"}


def test_where_nothing_can_be_written_no_folder_is_left(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        put_all(tmp_path / "new" / "deeper", {"x\0.yaml": "1"}, False)
    assert list(tmp_path.iterdir()) == []
