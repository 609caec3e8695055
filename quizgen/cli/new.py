"""``quizgen new``: begins a template from a starter that works as it stands."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from quizgen.bank.concepts import Concepts

BANK = "my_bank"
"""The bank that is written to where no other is named: never the shipped one."""


@click.command("new")
@click.argument("name", metavar="ID", required=False)
@click.option("--kind", help="numeric, choice, multiple, text, order, match, distribution, essay or several.")
@click.option("--concept", help="The concept that the question is about.")
@click.option(
    "--bank",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=BANK,
    show_default=True,
    help="Folder of your bank; made where there is none.",
)
def command(name: str | None, kind: str | None, concept: str | None, folder: Path) -> None:
    """Begin a template: write a commented question of some kind that works as it stands, for you to change.

    ID is the name of its file, such as first-question. What is not given is asked for on a terminal.
    """
    from quizgen.bank import load_bank
    from quizgen.bank.starters import STARTERS, begin, starter_concept
    from quizgen.spelling import suggest

    concepts = load_bank(folder if folder.is_dir() else None).concepts
    asking = sys.stdin.isatty()
    if not asking:
        _check_given(name, kind, concept, concepts)
    name = _name(name if name is not None else click.prompt("Name of the file, such as first-question"))
    if kind is None:
        _tell(f"{known}: {words}" for known, words in STARTERS.items())
        kind = str(click.prompt("Kind of answer", default=next(iter(STARTERS))))
    if kind not in STARTERS:
        raise click.UsageError(f"there is no kind '{kind}'{suggest(kind, STARTERS)}")
    if concept is None:
        _tell(concepts)
        own = starter_concept(kind)
        concept = str(click.prompt("Concept", default=own if own in concepts else next(iter(concepts))))
    if concept not in concepts:
        raise click.UsageError(f"there is no concept '{concept}'{suggest(concept, concepts)}")
    begun = begin(folder, name, kind, concept)
    if begun.new_bank:
        click.echo(f"{folder} is a new bank.")
    if begun.missing:
        words = " and ".join(begun.missing)
        click.echo(f"Until {folder} has {words} of its own, what the shipped bank has there is used.")
    click.echo(f"Wrote {begun.file}. Look at it, change it, prove it:")
    for then in (f"quizgen show {begun.file}", f"quizgen preview {begun.file} --watch", f"quizgen check {begun.file}"):
        click.echo(f"  {then}")


def _check_given(name: str | None, kind: str | None, concept: str | None, concepts: Concepts) -> None:
    """Nothing, or click's error that says all that must be given where nobody can be asked."""
    from quizgen.bank.starters import STARTERS

    wanted = []
    if name is None:
        wanted.append("ID, the name of the file, such as first-question")
    if kind is None:
        wanted.append(f"--kind: {', '.join(STARTERS)}")
    if concept is None:
        wanted.append(f"--concept: {', '.join(concepts)}")
    if wanted:
        raise click.UsageError("There is no terminal to ask on, so give\n  " + "\n  ".join(wanted))


def _name(word: str) -> str:
    from quizgen.bank.starters import is_name

    name = word.strip().removesuffix(".yaml")
    if not is_name(name):
        hint = "; its folder is that of its --concept" if "/" in name else ""
        raise click.UsageError(f"'{word}' is no name for a template: use letters, digits, - and _{hint}")
    return name


def _tell(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(f"  {line}", err=True)
