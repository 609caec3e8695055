"""Where a build is written: folders and URLs, whole or not at all, and seen by all who write there."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from quizgen.errors import OutputError
from quizgen.quizzes import stores
from quizgen.quizzes.outputs import WRITING, Folder, check_output, whole_output
from quizgen.quizzes.stores import Store

fsspec = pytest.importorskip("fsspec", reason="the extra quizgen[cluster] is not installed")
pytest.importorskip("fsspec.implementations.memory")


@pytest.fixture(params=["folder", "file", "memory"])
def out(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | str]:
    """A place of each kind, at which there is nothing yet."""
    name = f"quizgen-{uuid.uuid4().hex}"
    yield {"folder": tmp_path / "out", "file": f"file://{tmp_path}/out", "memory": f"memory://{name}/out"}[request.param]
    store = fsspec.filesystem("memory")
    if store.exists(f"/{name}"):
        store.rm(f"/{name}", recursive=True)


def _write(out: Path | str, text: str, *, force: bool = False, shared: bool = True) -> None:
    with whole_output(out, force, "mark", shared=shared) as output:
        output.make("pages")
        output.check_seen()
        output.write(f"pages/{text}", text.encode())
        with output.open("mark") as file:
            file.write(b"m")
            file.write(text.encode())


def _found(out: Path | str) -> dict[str, bytes] | None:
    """What stands at a place, by path; None where there is no place."""
    system, path = fsspec.url_to_fs(str(out))
    system.invalidate_cache()
    if not system.exists(path):
        return None
    return {name.removeprefix(path + "/"): system.cat_file(name) for name in system.find(path)}


@pytest.mark.parametrize("shared", [False, True])
def test_what_is_written_stands_there_and_nothing_else(out: Path | str, shared: bool) -> None:
    _write(out, "a", shared=shared)
    assert _found(out) == {"pages/a": b"a", "mark": b"ma"}


def test_nothing_is_left_where_writing_fails(out: Path | str) -> None:
    def failing() -> None:
        with whole_output(out, False, "mark", shared=True) as output:
            output.make("pages")
            output.write("pages/a", b"a")
            raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match=r"cannot be written: No space left"):
        failing()
    assert _found(out) is None


def test_what_is_there_is_replaced_only_with_force_and_only_if_it_bears_the_mark(out: Path | str) -> None:
    _write(out, "a")
    with pytest.raises(OutputError, match="is there already"):
        _write(out, "b")
    assert _found(out) == {"pages/a": b"a", "mark": b"ma"}
    _write(out, "b", force=True)
    assert _found(out) == {"pages/b": b"b", "mark": b"mb"}
    system, path = fsspec.url_to_fs(str(out))
    system.rm(f"{path}/mark")
    for force in (False, True):
        with pytest.raises(OutputError, match=r"is there already|was not written by this command"):
            check_output(out, force, "mark")
    assert _found(out) == {"pages/b": b"b"}


def test_what_a_killed_run_left_at_a_url_is_replaced_with_force() -> None:
    url = f"memory://quizgen-{uuid.uuid4().hex}"
    left = whole_output(url, False, "mark", shared=True)
    left.__enter__().write("pages/half", b"h")  # and no more: the process is gone
    assert _found(url)
    with pytest.raises(OutputError, match="is there already"):
        _write(url, "b")
    _write(url, "b", force=True)
    assert _found(url) == {"pages/b": b"b", "mark": b"mb"}
    left.gen.close()  # type: ignore[attr-defined]


def test_a_place_at_which_there_is_nothing_yet_may_be_there(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(RuntimeError), whole_output(f"file://{tmp_path}/out", False, "mark", shared=True):
        raise RuntimeError
    assert (tmp_path / "out").is_dir()
    _write(f"file://{tmp_path}/out", "a")
    assert _found(tmp_path / "out") == {"pages/a": b"a", "mark": b"ma"}


def test_no_bucket_is_made_of_a_misspelt_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """An object store, in which a folder is nothing, and making one makes its bucket."""

    class Buckets(fsspec.implementations.memory.MemoryFileSystem):  # type: ignore[misc]
        async_impl = True
        made: ClassVar[list[str]] = []

        def makedirs(self, path: str, exist_ok: bool = False) -> None:
            self.made.append(path)

    system = Buckets(skip_instance_cache=True)
    monkeypatch.setattr(stores, "_place", lambda url: (system, f"/quizgen-{__name__}/out"))
    _write("buckets://misspelt/out", "a")
    assert system.made == []
    system.rm(f"/quizgen-{__name__}", recursive=True)


def test_a_url_of_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="is a file; give a URL at which there is nothing yet"):
        check_output(f"file://{tmp_path}/file", True, "mark")


def test_who_sees_another_place_says_so(out: Path | str) -> None:
    with whole_output(out, False, "mark", shared=True) as output:
        assert isinstance(output, Folder | Store)
        with pytest.raises(OutputError, match=r"a worker on .* does not see it; all machines of the cluster must share it"):
            replace(output, token="another").check_seen()


def test_a_late_writer_finds_nothing_to_write_to_any_more(tmp_path: Path) -> None:
    with whole_output(f"file://{tmp_path}/out", False, "mark", shared=True) as output:
        output.make("pages")
    with pytest.raises(OutputError):
        output.check_seen()
    with pytest.raises(FileNotFoundError):
        output.write("pages/late", b"l")
    assert _found(tmp_path / "out") == {}


def test_a_file_of_a_shared_folder_has_its_name_only_once_it_is_whole(tmp_path: Path) -> None:
    with whole_output(tmp_path / "out", False, "mark", shared=True) as output:
        assert isinstance(output, Folder)
        output.write("page", b"first")
        with output.open("page") as file:
            file.write(b"sec")
            file.flush()
            assert (output.path / "page").read_bytes() == b"first"
            assert len(list((output.path / WRITING).iterdir())) == 2
            file.write(b"ond")
        assert (output.path / "page").read_bytes() == b"second"


def test_a_url_that_nothing_reaches_is_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OutputError, match=r"nosuch://x: Protocol not known: nosuch"):
        check_output("nosuch://x", False, "mark")
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(OutputError, match=r"pip install 'quizgen\[cluster\]'"):
        check_output("s3://bucket/out", False, "mark")
