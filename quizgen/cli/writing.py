"""A page that is written whole or not at all, and never over what is no page."""

from __future__ import annotations

import os
from pathlib import Path

from quizgen.errors import OutputError

_START = b"<!DOCTYPE html>"


def check_page(out: Path, force: bool) -> None:
    """Nothing, or `OutputError` where ``out`` is taken. With ``force`` it may be a page in HTML."""
    try:
        if out.is_symlink() or (out.exists() and not out.is_file()):
            raise OutputError(f"{out}: is a folder or a link; give a file that does not exist yet")
        if not out.exists():
            return
        if not force:
            raise OutputError(f"{out}: is there already; choose another file with --out, or --force to replace it")
        with out.open("rb") as stream:
            if stream.read(len(_START)) != _START:
                raise OutputError(f"{out}: is no page that this command wrote, so --force does not replace it")
    except OSError as error:
        raise OutputError(f"{out}: cannot be written: {error.strerror}") from error


def write_page(out: Path, page: str, force: bool) -> None:
    """Writes the page beside its place and moves it there, so that half a page is never seen.

    Raises:
        OutputError: ``out`` is taken, or cannot be written; nothing is left there then.
    """
    partial = out.with_name(f".{out.name}.partial")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        try:
            partial.write_text(page, encoding="utf-8", newline="\n")
            check_page(out, force)
            os.replace(partial, out)
        finally:
            partial.unlink(missing_ok=True)
    except (OSError, ValueError) as error:  # ValueError: a path that ends in no name
        raise OutputError(f"{out}: cannot be written: {getattr(error, 'strerror', None) or error}") from error
