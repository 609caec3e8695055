"""``quizgen build``: worksheets, keys and a manifest for a class, or for practice."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quizgen.cli.options import (
    Place,
    bank_option,
    cluster_option,
    flavour_option,
    force_option,
    helpers,
    progress,
    workers_option,
)

if TYPE_CHECKING:
    from quizgen.bank import Bank
    from quizgen.quizzes import Blueprint

EACH = 2
"""How many templates of a concept a practice path has where nothing else is said."""


@click.command("build")
@click.argument("quiz", required=False, type=click.Path(path_type=Path))
@click.option("--roster", type=click.Path(path_type=Path), help="Class list: CSV or .xlsx with an id column.")
@click.option("--out", required=True, type=Place(), help="Folder to write, or a URL (s3://…); must not exist yet.")
@click.option("--concept", help="Instead of a quiz file: practise this concept.")
@click.option("--with-prerequisites", "whole_path", is_flag=True, help="Before it, practise all that the concept requires.")
@click.option("--each", type=click.IntRange(1, 100), help=f"How many templates of each concept to practise.  [default: {EACH}]")
@flavour_option
@click.option(
    "--layout",
    type=click.Choice(["files", "ndjson", "parquet", "zip"]),
    default="files",
    show_default=True,
    help="How pages lie in worksheets/ and keys/: a file each, or those of some hundred students in one file.",
)
@workers_option
@cluster_option
@bank_option
@force_option
def command(
    quiz: Path | None,
    roster: Path | None,
    out: Path | str,
    concept: str | None,
    whole_path: bool,
    each: int | None,
    flavours: tuple[str, ...],
    layout: str,
    workers: int | None,
    cluster: str | None,
    bank_folder: Path | None,
    force: bool,
) -> None:
    """Make an individual worksheet for every student of a class.

    QUIZ is a quiz file (YAML). Written are worksheets/ (for the students), keys/, manifest.json, responses-template.csv and
    index.html (for you). Keep manifest.json: without it submissions cannot be graded. --force replaces an earlier build
    together with its manifest.

    With --concept there is no quiz file: the worksheets practise that concept, and with --with-prerequisites before it
    everything that it requires, a section for each concept. Without --roster one worksheet is made, for nobody in particular.
    """
    _check_use(quiz, roster, concept, whole_path, each)

    from quizgen.bank import load_bank
    from quizgen.quizzes import build_quiz, load_quiz, read_roster
    from quizgen.quizzes.roster import ANYBODY

    bank = load_bank(bank_folder)
    students = read_roster(roster) if roster else ANYBODY
    blueprint = _practice(bank, concept, whole_path, each or EACH) if concept is not None else load_quiz(quiz or "")
    with helpers(workers, cluster) as crew, progress("Building worksheets", len(students.students)) as done:
        built = build_quiz(
            blueprint, bank, students, out,
            flavours=flavours, force=force, layout=layout, workers=crew, progress=done,
        )  # fmt: skip
    for warning in built.warnings:
        click.echo(f"Note: {warning}", err=True)
    worksheets, are = ("worksheets", "are") if built.students != 1 else ("worksheet", "is")
    items = "items" if built.items != 1 else "item"
    click.echo(f"{built.students} {worksheets} with {built.items} {items} {are} in {out}. Open {_in(out, 'index.html')}")
    click.echo(f"Expected working time: {_time(*built.minutes)}.")
    manifest = _in(out, "manifest.json")
    fetch = "" if isinstance(out, Path) else f"fetch {manifest}, then "
    click.echo(f"To grade: {fetch}quizgen grade {'manifest.json' if fetch else manifest} RESPONSES… --out graded")


def _in(out: Path | str, name: str) -> str:
    """A file in a folder or at a URL."""
    return str(out / name) if isinstance(out, Path) else f"{out.rstrip('/')}/{name}"


def _time(least: float, most: float) -> str:
    """From the shortest to the longest expected time of a worksheet, in words."""
    from quizgen.rendering.worksheets import worded_minutes

    words = worded_minutes(most)
    start = worded_minutes(least)
    return words if start == words else f"{start.rpartition(' ')[0]} to {words.removeprefix('about ')}"


def _check_use(quiz: Path | None, roster: Path | None, concept: str | None, whole_path: bool, each: int | None) -> None:
    """Nothing, or click's error for options that do not go together."""
    if quiz is None and concept is None:
        raise click.UsageError("Give a quiz file, or --concept to practise one.")
    if quiz is not None and concept is not None:
        raise click.UsageError("Give a quiz file or --concept, not both.")
    if quiz is not None and roster is None:
        raise click.UsageError("A quiz file needs --roster, the class list.")
    if concept is None and (whole_path or each is not None):
        raise click.UsageError(f"{'--with-prerequisites' if whole_path else '--each'} belongs to --concept.")


def _practice(bank: Bank, concept: str, whole_path: bool, each: int) -> Blueprint:
    from quizgen.errors import BankError
    from quizgen.quizzes.blueprint import practice_blueprint

    if concept not in bank.concepts:
        raise BankError.at(bank.folder, bank.missing_concept(concept))
    path = bank.concepts.path(concept) if whole_path else (bank.concepts[concept],)
    there = Counter(header.concept for header in bank.headers())
    if not there[concept]:
        message = f"this bank has no template of the concept '{concept}'; another bank is given with --bank"
        raise BankError.at(bank.folder, message)
    for step in path:
        if there[step.id] < each:
            has = f"only {there[step.id]} template{'s' if there[step.id] > 1 else ''}" if there[step.id] else "no templates"
            click.echo(f"Note: this bank has {has} of the concept '{step.id}'", err=True)
    click.echo(f"Path: {' → '.join(step.title for step in path if there[step.id])}")
    return practice_blueprint(path, {step.id: min(each, there[step.id]) for step in path})
