# ruff: noqa: N999 # a command's module has its name, though no statement can import this one
"""``quizgen import``: templates from the questions of other systems."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quizgen.cli.options import progress

if TYPE_CHECKING:
    from quizgen.importing import Import


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the templates.")
@click.option("--concept", default="-", help="The concept that they belong to.  [default: left open]")
@click.option(
    "--from",
    "form",
    type=click.Choice(["gift", "moodle-xml", "rexams"]),
    help="Format of the files.  [default: by their ending]",
)
@click.option("--force", is_flag=True, help="Replace templates of the same names.")
def command(files: tuple[Path, ...], out: Path, concept: str, form: str | None, force: bool) -> None:
    """Make templates of the questions in FILE: GIFT, Moodle XML, or exercises of R/exams in Markdown.

    Each question becomes a template with one case. What could not be carried is told for each of them, and stands at the top of
    its file.

    Exit code 1 says that something was not carried.
    """
    from quizgen.importing import bank_of, convert, put_all, read_questions

    questions = []
    with progress("Reading", len(files)) as tell:
        for number, file in enumerate(files, 1):
            questions.extend(read_questions(file, form))
            tell(number)
    done = convert(questions, concept, bank_of(out))
    if done.made:
        put_all(out, {f"{made.name}.yaml": made.text for made in done.made}, force)
    for line in _report(done, out):
        click.echo(line)
    raise SystemExit(0 if done.whole else 1)


def _report(done: Import, out: Path) -> Iterator[str]:
    """What was not carried, question by question, and how many there were."""
    for made in done.made:
        if made.question.lost:
            yield f'{made.question.origin}: "{made.question.title}" is {out / made.name}.yaml; not carried:'
            yield from (f"  {' '.join(what.split())}" for what in made.question.lost)
    for refused in done.refused:
        yield f'{refused.origin}: "{refused.title}" is not carried: {refused.reason}'
    partly = sum(bool(made.question.lost) for made in done.made)
    read = len(done.made) + len(done.refused)
    said = f"{_count(read, 'question')} read: {_count(len(done.made), 'template')} written"
    said += f" into {out}" if done.made else ""
    said += f" ({partly} not in all parts)" if partly else ""
    yield f"{said}, {len(done.refused)} refused" if done.refused else said


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
