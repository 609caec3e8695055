"""Folders that are written whole or not at all.

What is written goes into a hidden sibling, which is renamed at the end; what a killed run leaves behind is cleared away by
the next one.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from quizgen.errors import OutputError


def check_target(out: Path, force: bool, mark: str) -> None:
    """Nothing, or `OutputError` where ``out`` is taken. With ``force`` a folder that holds the file ``mark`` may be."""
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise OutputError(f"{out}: is a file or a link; give a folder that does not exist yet")
    if not out.exists() or not any(out.iterdir()):
        return
    if not force:
        raise OutputError(f"{out}: is there already; choose another folder, or --force to replace what an earlier run wrote")
    if not (out / mark).is_file():
        raise OutputError(f"{out}: was not written by this command, so --force does not replace it; choose another folder")


@contextmanager
def whole_folder(out: Path, force: bool, mark: str) -> Iterator[Path]:
    """A hidden sibling of ``out`` to write into; it takes its place at the end, and is gone if anything fails.

    Raises:
        OutputError: ``out`` is taken, or cannot be written.
    """
    check_target(out, force, mark)
    target = out.absolute()
    partial = target.parent / f".{target.name}.partial"
    previous = target.parent / f".{target.name}.previous"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if previous.exists() and not target.exists():
            previous.rename(target)  # a run was killed between its two renames
            check_target(out, force, mark)
        for leftover in (partial, previous):
            if leftover.exists():
                shutil.rmtree(leftover)
        partial.mkdir()
    except OSError as error:
        raise OutputError(f"{out}: cannot be written: {error.strerror}") from error
    try:
        yield partial
        check_target(out, force, mark)
        if target.exists():
            target.rename(previous)
        partial.rename(target)
        shutil.rmtree(previous, ignore_errors=True)
    except OSError as error:
        raise OutputError(f"{out}: cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
