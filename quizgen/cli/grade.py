"""``quizgen grade``: marks, gradebook, rejected responses, feedback and a summary."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from quizgen.cli.options import bank_option, flavour_option, force_option, progress

if TYPE_CHECKING:
    from quizgen.grading import Graded


@click.command("grade")
@click.argument("manifest", type=click.Path(path_type=Path))
@click.argument("responses", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder to write; must not exist yet.")
@click.option("--policy", type=click.Path(path_type=Path), help="Changes to apply: drop an item, accept a value, full marks.")
@click.option(
    "--marked",
    "marked_by_hand",
    type=click.Path(path_type=Path),
    help="to-mark.csv of an earlier run, with the points that you gave filled in.",
)
@click.option(
    "--attempts",
    type=click.Choice(["last", "best", "first", "error"]),
    help="Which submission counts.  [default: as the quiz says]",
)
@click.option("--gradebook", help="Also write the marks as this LMS's gradebook imports them; --gradebooks lists them.")
@click.option(
    "--gradebook-from",
    "existing",
    type=click.Path(path_type=Path),
    help="That gradebook's own export, to be filled in; its other columns stay as they are.",
)
@click.option(
    "--gradebooks",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda *got: _list_gradebooks(*got),
    help="List the gradebooks and the reports that are read, then stop.",
)
@flavour_option
@bank_option
@force_option
def command(
    manifest: Path,
    responses: tuple[Path, ...],
    out: Path,
    policy: Path | None,
    marked_by_hand: Path | None,
    attempts: Literal["last", "best", "first", "error"] | None,
    gradebook: str | None,
    existing: Path | None,
    flavours: tuple[str, ...],
    bank_folder: Path | None,
    force: bool,
) -> None:
    """Mark the submissions to a build.

    MANIFEST is the manifest.json of the build, or its folder. RESPONSES are files, folders or zip archives, mixed: saved
    response files (.json), JSON lines, CSV and .xlsx with a row for each student or for each response.

    Or MANIFEST is the manifest beside a file that `quizgen export` wrote, and RESPONSES are the LMS's own reports of that quiz.
    Then lms-marks.csv tells where the LMS's marks and these differ, and why.

    Written are marks.csv, gradebook.csv, rejected.csv, summary.json, feedback/, and to-mark.csv where essays wait for you.
    Every response that came in is in marks.csv or, with its reason, in rejected.csv. Exit code 1 says that some were
    rejected.
    """
    from quizgen.grading import grade
    from quizgen.grading.reading import Submissions
    from quizgen.lms.back.beside import further_files
    from quizgen.lms.back.reading import read_back
    from quizgen.lms.record import is_record, read_record
    from quizgen.quizzes import read_manifest
    from quizgen.quizzes.manifest import changed_files

    if existing is not None and gradebook is None:
        raise click.UsageError("--gradebook-from belongs to --gradebook.")
    came: tuple[Path, ...] | Submissions = responses
    back = None
    if is_record(manifest):
        back = read_back(read_record(manifest), responses, attempts)
        build, came = back.manifest, back.submissions
    else:
        build = read_manifest(manifest)
    beside = further_files(build, back, gradebook, existing, lambda note: click.echo(f"Note: {note}", err=True))
    changed = changed_files(build, bank_folder)
    notes = []
    if changed:
        notes.append(f"Changed in the bank since the build, and graded as it was then: {', '.join(changed)}.")
    with progress("Marking responses", None) as done:
        graded = grade(
            build,
            came,
            out,
            policy_file=policy,
            marked_by_hand=marked_by_hand,
            attempts=attempts,
            flavours=flavours,
            force=force,
            notes=notes,
            beside=beside,
            progress=done,
        )
    report(graded)
    raise SystemExit(1 if graded.rejected else 0)


def report(graded: Graded) -> None:
    """Prints what a grading run found."""
    for note in graded.notes:
        click.echo(f"Note: {note}", err=True)
    rejected = f", {graded.rejected:,} rejected (see {graded.folder / 'rejected.csv'})" if graded.rejected else ""
    came = f"{_counted(graded.received, 'response')} came in"
    click.echo(f"{came}: {graded.marked:,} of {_counted(graded.students, 'student')} marked{rejected}.")
    if graded.waiting:
        queue = graded.folder / "to-mark.csv"
        waiting = _counted(graded.waiting, "response")
        click.echo(f"Waiting for you: {waiting}. Fill in points in {queue} and grade again with --marked.")
    mean = graded.summary["percent"]["mean"]
    if mean is not None:
        so_far = " without what waits for you" if graded.waiting else ""
        click.echo(f"Mean {mean:.1f} %, median {graded.summary['percent']['median']:.1f} %{so_far}.")
    for line in graded.summary["misconceptions"][:5]:
        click.echo(f"  {_counted(line['students'], 'student')}: {line['title']}")
    click.echo(f"Open {graded.folder / 'gradebook.csv'} and the pages in {graded.folder / 'feedback'}")


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' if number != 1 else ''}"


def _list_gradebooks(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    from quizgen.lms.registry import gradebooks, reports

    for name, gradebook in gradebooks().items():
        click.echo(f"{name:<17}{gradebook.title}")
    click.echo("Reports that are read: " + ", ".join(report.title for report in reports().values()))
    ctx.exit()
