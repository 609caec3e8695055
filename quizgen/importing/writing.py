"""Files that are put into a folder all together or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from quizgen.errors import OutputError

MOST_NAMED = 5


def put_all(out: Path, files: Mapping[str, str], force: bool) -> None:
    """Writes files, by name, into a folder, which is made where it is missing. With ``force`` they replace others.

    All are written beside the folder's own files first, then moved; where that fails, what was there before is there again.

    Raises:
        OutputError: a name is taken, or the folder cannot be written; nothing was changed.
    """
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise OutputError(f"{out}: is a file or a link; give a folder")
    taken = [name for name in files if os.path.lexists(out / name)]
    blocked = [name for name in taken if (out / name).is_symlink() or not (out / name).is_file()]
    if blocked:
        raise OutputError(f"{out / blocked[0]}: is a folder or a link, and is not replaced")
    if taken and not force:
        listed = ", ".join(taken[:MOST_NAMED]) + (" …" if len(taken) > MOST_NAMED else "")
        raise OutputError(f"{out}: {listed}: there already; choose another folder with --out, or --force to replace")
    made = _missing(out)
    try:
        out.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".import-", dir=out))
        try:
            for name, text in files.items():
                (staging / name).write_text(text, encoding="utf-8", newline="\n")
            _move(out, staging, list(files))
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        for folder in made:
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        raise OutputError(f"{out}: cannot be written: {getattr(error, 'strerror', None) or error}") from error


def _missing(out: Path) -> list[Path]:
    """The folder and those above it that do not exist, innermost first."""
    return [folder for folder in (out, *out.parents) if not folder.exists()]


def _move(out: Path, staging: Path, names: list[str]) -> None:
    """Moves files into the folder; what they replace waits in the staging folder until all are there."""
    kept = staging / "replaced"
    kept.mkdir()
    moved: list[str] = []
    try:
        for name in names:
            if (out / name).exists():
                os.replace(out / name, kept / name)
            moved.append(name)
            os.replace(staging / name, out / name)
    except BaseException:
        for name in moved:
            (out / name).unlink(missing_ok=True)
            if (kept / name).exists():
                os.replace(kept / name, out / name)
        raise
