"""Addresses at which a template once failed: kept in a file, and drawn again by every later run."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from quizgen.checking.run import Found, Plan, Report
from quizgen.errors import BankError, OutputError
from quizgen.shipped import bank_folder
from quizgen.variants.sampler import MAX_ORDINAL

DEFAULT = ".quizgen-check.json"

MOST = 100
"""The most addresses that are kept of one check in one template."""

_ABOUT = "Addresses at which quizgen check once found something; it draws them again until they have passed."

_OTHER = "is no file of failing addresses: delete it, or name another with --failures"

Failures: TypeAlias = Mapping[str, Mapping[str, Sequence[int]]]
"""By template (see `kept_as`) and check the addresses at which it found something."""


def read_failures(file: Path) -> Failures:
    """The addresses that a file keeps; none where there is no file.

    Raises:
        BankError: it is no such file.
    """
    try:
        data = json.loads(file.read_bytes())
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise BankError.at(file, f"cannot be read: {error.strerror or error}") from error
    except ValueError as error:  # no JSON, or no text at all
        raise BankError.at(file, _OTHER) from error
    templates = data.get("templates") if isinstance(data, dict) else None
    if not isinstance(templates, dict) or not all(_is_entry(entry) for entry in templates.values()):
        raise BankError.at(file, _OTHER)
    return templates


def _is_entry(entry: Any) -> bool:
    return isinstance(entry, dict) and all(
        isinstance(addresses, list) and all(type(one) is int and 0 <= one < MAX_ORDINAL for one in addresses)
        for addresses in entry.values()
    )


def kept_as(template: str, home: Path) -> str:
    """What a template's file is called in a file of addresses that lies in the folder ``home``: the way to it from there.

    That tells two files apart that have one id in two banks. What comes with quizgen has its id: it lies elsewhere on every
    machine.
    """
    file, shipped = Path(template).resolve(), bank_folder().resolve()
    if file.is_relative_to(shipped):
        return file.relative_to(shipped).with_suffix("").as_posix()
    try:
        return Path(os.path.relpath(file, home.resolve())).as_posix()
    except ValueError:  # on another drive
        return file.as_posix()


def addresses(failures: Failures, files: Iterable[str], home: Path) -> dict[str, list[int]]:
    """By template's file all addresses to draw again."""
    entries = {file: failures.get(kept_as(file, home), {}) for file in files}
    return {file: sorted({one for found in entry.values() for one in found}) for file, entry in entries.items() if entry}


def updated(failures: Failures, reports: Iterable[Report], plan: Plan, fails: Callable[[Found], bool], home: Path) -> Failures:
    """The addresses to keep after a run, in which ``fails`` tells the findings that count.

    An address is dropped when the check that failed there has passed in a sweep that reaches the address by itself; until
    then it is drawn again ever after, also by runs over fewer variants.
    """
    kept: dict[str, dict[str, list[int]]] = {name: {k: [*v] for k, v in entry.items()} for name, entry in failures.items()}
    reached = range(plan.start, plan.start + plan.count)
    for report in reports:
        template = kept_as(report.file, home)
        entry = kept.setdefault(template, {})
        failing: dict[str, set[int]] = {}
        for found in report.found:
            if found.ordinal is not None and fails(found):
                failing.setdefault(found.check, set()).add(found.ordinal)
        for name in report.checks:
            old = [one for one in entry.get(name, ()) if name in failing or one not in reached]
            entry[name] = sorted({*old, *failing.get(name, ())})[:MOST]
        kept[template] = {name: found for name, found in entry.items() if found}
    return {template: entry for template, entry in kept.items() if entry}


def check_writable(file: Path) -> None:
    """Nothing, or `OutputError` where a file of addresses cannot be written; nothing is made to see that."""
    there = next(folder for folder in (file, *file.absolute().parents) if os.path.lexists(folder))
    folder = there if there.is_dir() else there.parent
    if there == file or there.is_dir():
        why = "" if os.access(folder, os.W_OK | os.X_OK) else f"{folder} is not open for writing"
        why = f"{file} is a folder" if file.is_dir() else why
    else:
        why = f"{there} is no folder"
    if why:
        raise OutputError(f"{file}: failing addresses cannot be kept: {why}; name another file with --failures")


def write_failures(file: Path, failures: Failures) -> None:
    """Writes the file as a whole or not at all; takes it away where nothing fails any more.

    Raises:
        OutputError: it cannot be written.
    """
    partial = file.with_name(f"{file.name}.partial")
    try:
        if not failures:
            file.unlink(missing_ok=True)
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"version": 1, "about": _ABOUT, "templates": failures}, indent=1, sort_keys=True)
        try:
            partial.write_text(text + "\n", encoding="utf-8", newline="\n")
            os.replace(partial, file)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{file}: failing addresses cannot be kept: {error.strerror or error}") from error
