"""``quizgen check``: proves templates well posed over many variants."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
from click.core import ParameterSource

from quizgen.cli.options import Address, bank_option, cluster_option, helpers, progress, workers_option

FEW = 3
"""Of so many templates what was measured is told without being asked for."""


@click.command("check")
@click.argument("targets", nargs=-1, metavar="[TEMPLATE | FOLDER | QUIZ]...")
@click.option("--variants", type=click.IntRange(1, 1_000_000), default=2000, show_default=True, help="How many of each.")
@click.option("--start", type=Address(0, 2**39), default=0, show_default=True, help="From which address on.")
@click.option("--all", "exhaustive", is_flag=True, help="Also every combination of cases and draws, where they can be counted.")
@click.option("--only", multiple=True, metavar="NAME", help="Only this check; may be given again.")
@click.option("--format", "form", default="text", show_default=True, help="text, json, sarif, junit or github.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "note"]),
    default="error",
    show_default=True,
    help="Exit with 1 from here on.",
)
@click.option("--figures", is_flag=True, help=f"Tell what was measured, also of more than {FEW} templates.")
@click.option(
    "--failures",
    "failures_file",
    type=click.Path(dir_okay=False, path_type=Path),
    default=".quizgen-check.json",
    show_default=True,
    help="Where failing addresses are kept, to be drawn again by every later run.",
)
@click.option("--no-failures", is_flag=True, help="Neither read nor write failing addresses.")
@workers_option
@cluster_option
@click.option(
    "--explain",
    is_flag=False,
    flag_value="",
    metavar="[NAME]",
    help="Say what a check looks for, or list all checks, and stop.",
)
@click.option("--debug", is_flag=True, help="Show where a check broke down.")
@bank_option
@click.pass_context
def command(
    ctx: click.Context,
    targets: tuple[str, ...],
    variants: int,
    start: int,
    exhaustive: bool,
    only: tuple[str, ...],
    form: str,
    fail_on: str,
    figures: bool,
    failures_file: Path,
    no_failures: bool,
    workers: int | None,
    cluster: str | None,
    explain: str | None,
    debug: bool,
    bank_folder: Path | None,
) -> None:
    """Prove templates well posed: one right answer in every variant, computed from what is shown.

    Without TEMPLATE, FOLDER or QUIZ the whole bank is checked. Exit codes: 0 nothing of weight was found; 1 something was;
    2 wrong use.
    """
    from quizgen.checking import SEVERITIES, checks
    from quizgen.checking.failures import addresses, check_writable, read_failures, updated, write_failures
    from quizgen.checking.formats import Style, formats
    from quizgen.checking.run import Plan, check_all, no_check
    from quizgen.checking.targets import targets as meant
    from quizgen.errors import OutputError
    from quizgen.spelling import suggest

    if explain is not None:
        _explain(explain)
        return
    for name in only:
        if name not in checks():
            raise click.UsageError(no_check(name))
    if form not in formats():
        raise click.UsageError(f"there is no format '{form}'{suggest(form, formats())}")
    found = meant(targets, bank_folder)
    failures = {} if no_failures else read_failures(failures_file)
    if not no_failures and ctx.get_parameter_source("failures_file") is ParameterSource.COMMANDLINE:
        check_writable(failures_file)  # the file that is there by default need not be: it is told afterwards
    home = failures_file.absolute().parent
    again = addresses(failures, [str(target.file) for target in found], home)
    plan = Plan(variants, start, again, frozenset(only), exhaustive)
    with helpers(workers, cluster) as crew, progress("checking", len(found)) as tell:
        reports = check_all(found, plan, workers=crew, progress=tell)
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    severity = next(one for one in SEVERITIES if one == fail_on)
    style = Style(Path.cwd(), severity, colour, figures or len(reports) <= FEW, debug)
    text = formats()[form](reports, style)
    if text:
        click.echo(text)
    kept = {} if no_failures else updated(failures, reports, plan, style.fails, home)
    if kept != failures:
        try:
            write_failures(failures_file, kept)
        except OutputError as error:
            click.echo(str(error), err=True)
    if any(style.fails(one) for report in reports for one in report.found):
        sys.exit(1)


def _explain(name: str) -> None:
    """Prints what a check looks for; without a name all checks by how grave what they find is, each with its first sentence."""
    from quizgen.checking import SEVERITIES, checks
    from quizgen.checking.run import OWN, no_check

    known = {**{name: (check.severity, check.about) for name, check in checks().items()}, **OWN}
    if name:
        if name not in known:
            raise click.UsageError(no_check(name))
        severity, about = known[name]
        click.echo(f"{name} ({severity})\n\n{about}")
        return
    formatter = click.HelpFormatter(max_width=100)
    for group in SEVERITIES:
        with formatter.section(f"{group.capitalize()}s"):
            formatter.write_dl(
                [
                    (name, about.partition(". ")[0].rstrip(".") + ".")
                    for name, (severity, about) in known.items()
                    if severity == group
                ]
            )
    click.echo(formatter.getvalue().rstrip())
    click.echo("\nquizgen check --explain NAME says more of one.")
