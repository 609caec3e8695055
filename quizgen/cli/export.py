"""``quizgen export``: a quiz as a file that another system imports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quizgen.cli.options import bank_option, progress

if TYPE_CHECKING:
    from quizgen.lms.export import Lacking

_MOST_TOLD = 12


@click.command("export")
@click.argument("quiz", type=click.Path(path_type=Path))
@click.option("--format", "format_name", required=True, help="The other system's format; --formats lists them.")
@click.option("--dialect", default="", help="The dialect of the format, where it has some.")
@click.option(
    "--variants",
    type=click.IntRange(1, 10_000),
    default=20,
    show_default=True,
    help="Variants of each template, of which each student meets one.",
)
@click.option("--out", type=click.Path(path_type=Path), help="File to write.  [default: by the quiz's name]")
@click.option("--math", type=click.Choice(["mathml", "latex"]), help="Form of formulas.  [default: what the system reads]")
@click.option("--same-as", type=click.Path(path_type=Path), help="Manifest of another export whose variants and ids to keep.")
@click.option("--skip-unsupported", is_flag=True, help="Leave out what the format cannot carry, and list it.")
@click.option("--approximate", is_flag=True, help="Also write what would be marked otherwise there, and list it.")
@click.option("--formats", is_flag=True, is_eager=True, expose_value=False, callback=lambda *got: _list_formats(*got),
              help="List the formats and their dialects, then stop.")  # fmt: skip
@bank_option
@click.option("--force", is_flag=True, help="Replace what an earlier export wrote into the same file.")
def command(
    quiz: Path,
    format_name: str,
    dialect: str,
    variants: int,
    out: Path | None,
    math: str | None,
    same_as: Path | None,
    skip_unsupported: bool,
    approximate: bool,
    bank_folder: Path | None,
    force: bool,
) -> None:
    """Write QUIZ as a file that another system imports and marks as quizgen does.

    Each item of the quiz becomes a pool of variants, of which each student meets one. Beside the file stands its manifest, by
    which `quizgen grade` marks what comes back; keep it to yourself. Where it is there already, its secret is used again, so
    that questions keep their ids, and what comes back of the earlier file can still be marked. --same-as keeps the ids in a
    file of another name.

    What the format cannot carry, or would mark otherwise, is told before anything is written.

    Exit code 1 says that questions were left out.
    """
    from quizgen.bank import load_bank
    from quizgen.errors import QuizgenError
    from quizgen.lms import export_quiz
    from quizgen.lms.base import Options
    from quizgen.lms.registry import format_named
    from quizgen.quizzes import load_quiz
    from quizgen.spelling import suggest

    format = format_named(format_name)
    if dialect and dialect not in format.dialects:
        there = f"; choose {', '.join(format.dialects)}" if format.dialects else "; it has none"
        raise QuizgenError(f"{format.title} has no dialect '{dialect}'{suggest(dialect, format.dialects) or there}")
    if math is not None and math not in format.maths:
        raise QuizgenError(f"{format.title} carries formulas only as {' or '.join(format.maths)}")
    bank = load_bank(bank_folder)
    blueprint = load_quiz(quiz)
    target = out or Path(quiz.stem + format.suffix)
    options = Options(dialect or next(iter(format.dialects), ""), math or format.maths[0])
    with progress("Writing questions", None) as tell:
        done = export_quiz(
            blueprint,
            bank,
            format,
            target,
            variants=variants,
            options=options,
            force=force,
            skip_unsupported=skip_unsupported,
            approximate=approximate,
            same_as=same_as,
            progress=tell,
        )
    for warning in done.warnings:
        click.echo(f"Note: {warning}", err=True)
    _tell("Not carried", done.lost)
    _tell("Marked otherwise there", done.differing)
    _tell("Left out", done.left_out)
    plural = "s" if done.pools != 1 else ""
    click.echo(f"{done.file}: {done.questions:,} questions in {done.pools} pool{plural}, for {format.title}")
    click.echo(f"{done.manifest}: keep it, and keep it to yourself: by it responses are marked")
    raise SystemExit(1 if done.left_out else 0)


def _tell(heading: str, lacking: Sequence[Lacking]) -> None:
    """Prints what is lacking, each thing once with its templates."""
    by_words: dict[str, list[Lacking]] = {}
    for one in lacking:
        by_words.setdefault(one.loss.what, []).append(one)
    for alike in by_words.values():
        names = sorted({f"{one.template}{one.some}" for one in alike})
        more = f" and {len(names) - _MOST_TOLD} more" if len(names) > _MOST_TOLD else ""
        click.echo(f"{heading}: {alike[0].loss}: {', '.join(names[:_MOST_TOLD])}{more}", err=True)


def _list_formats(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    from quizgen.lms.registry import formats

    for name, format in formats().items():
        dialects = f"  (dialects: {', '.join(format.dialects)})" if format.dialects else ""
        click.echo(f"{name:<17}{format.title}{dialects}")
    ctx.exit()
