"""``quizgen build``: worksheets, keys and a manifest for a class."""

from __future__ import annotations

from pathlib import Path

import click

from quizgen.cli.options import bank_option, flavour_option, force_option, progress


@click.command("build")
@click.argument("quiz", type=click.Path(path_type=Path))
@click.option("--roster", required=True, type=click.Path(path_type=Path), help="Class list: CSV or .xlsx with an id column.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder to write; must not exist yet.")
@flavour_option
@bank_option
@force_option
def command(quiz: Path, roster: Path, out: Path, flavours: tuple[str, ...], bank_folder: Path | None, force: bool) -> None:
    """Make an individual worksheet for every student of a class.

    QUIZ is a quiz file (YAML). Written are worksheets/ (for the students), keys/, manifest.json, responses-template.csv and
    index.html (for you). Keep manifest.json: without it submissions cannot be graded. --force replaces an earlier build
    together with its manifest.
    """
    from quizgen.bank import load_bank
    from quizgen.quizzes import build_quiz, load_quiz, read_roster

    bank = load_bank(bank_folder)
    students = read_roster(roster)
    blueprint = load_quiz(quiz)
    with progress("Building worksheets", len(students.students)) as done:
        built = build_quiz(blueprint, bank, students, out, flavours=flavours, force=force, progress=done)
    for warning in built.warnings:
        click.echo(f"Note: {warning}", err=True)
    click.echo(f"{built.students} worksheets with {built.items} items are in {out}. Open {out / 'index.html'}")
    click.echo(f"To grade: quizgen grade {out / 'manifest.json'} RESPONSES… --out graded")
