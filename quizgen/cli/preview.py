"""``quizgen preview``: a page to look at templates, with keys, solutions and what learners are told."""

from __future__ import annotations

from pathlib import Path

import click

from quizgen.cli.options import bank_option, progress, report_broken
from quizgen.cli.writing import check_page, write_page


@click.command("preview")
@click.argument("template", required=False)
@click.option("--all", "whole_bank", is_flag=True, help="Every template of the bank, by concept.")
@click.option("--variants", "count", type=click.IntRange(1, 50), default=3, show_default=True, help="How many of each.")
@click.option("--out", type=click.Path(path_type=Path), help="File to write.  [default: gallery.html, or the template's name]")
@click.option("--force", is_flag=True, help="Replace a page that is there already.")
@click.option("--watch", is_flag=True, help="Write no file: open a live page that follows every saved change of TEMPLATE.")
@click.option("--no-browser", is_flag=True, help="With --watch: only print the address of the page.")
@bank_option
def command(
    template: str | None,
    whole_bank: bool,
    count: int,
    out: Path | None,
    force: bool,
    watch: bool,
    no_browser: bool,
    bank_folder: Path | None,
) -> None:
    """Write one HTML page with a few variants of TEMPLATE, or with --all of every template of the bank.

    TEMPLATE is the id of one in the bank or a YAML file. The page shows keys, solutions, hints, foreseen mistakes and what
    learners are told of them: it is for you, not for students. `quizgen show TEMPLATE --address N` shows the same variants in
    the terminal.

    With --watch the page is served to you alone, on this machine, until Ctrl-C: it has variants at any address, what `quizgen
    check` finds in a few of them, and boxes in which to try how responses are marked.

    Exit code 1 says that some templates of the bank are broken; the page and the terminal say what is wrong with them.
    """
    if (template is None) != whole_bank:
        raise click.UsageError("Give a template or --all" + (", not both." if whole_bank else "."))

    if watch:
        if template is None or out is not None or force:
            raise click.UsageError("--watch goes with one template, and writes no file.")
        _watch(template, count, bank_folder, not no_browser)
        return
    if no_browser:
        raise click.UsageError("--no-browser belongs to --watch.")

    from quizgen.bank import find_template, load_bank
    from quizgen.bank.previewing import exhibit_of, rooms_of
    from quizgen.errors import BankError
    from quizgen.rendering.gallery import Room, gallery

    if template is not None:
        found = find_template(template, bank_folder)
        target = out or Path(f"{found.id.rpartition('/')[2]}.html")
        check_page(target, force)
        rooms: tuple[Room, ...] = (Room("", "", (exhibit_of(found, count),)),)
        title = f"Preview: {found.title}"
    else:
        bank = load_bank(bank_folder)
        target = out or Path("gallery.html")
        check_page(target, force)
        if not bank:
            raise BankError.at(bank.folder, "there are no templates in this bank")
        with progress("Drawing variants", 2 * len(bank)) as done:
            rooms = rooms_of(bank, count, done)
        title = f"Gallery: {bank.concepts.page or bank.folder.name}"
    write_page(target, gallery(title, rooms), force)
    shown = sum(len(room.exhibits) for room in rooms)
    click.echo(f"{shown} template{' is' if shown == 1 else 's are'} shown in {target}")
    broken = {exhibit.id: exhibit.problems for room in rooms for exhibit in room.exhibits if exhibit.problems}
    report_broken(broken)
    raise SystemExit(1 if broken else 0)


_FIRST_LOOK = 10
"""Seconds that the terminal waits for what is wrong with a template when its watching begins."""


def _watch(template: str, count: int, bank_folder: Path | None, browse: bool) -> None:
    """Serves the live page of a template until Ctrl-C."""
    import time
    import webbrowser

    from quizgen.serving.bench import Bench, target_of
    from quizgen.serving.server import watching

    target = target_of(template, bank_folder)
    bench = Bench(target)
    with watching(bench, count) as address:
        click.echo(f"Watching {target.file}. Its page, for you alone, is\n  {address}\nCtrl-C ends it.")
        if browse:
            webbrowser.open(address)
        try:
            problems = bench.wait(0, _FIRST_LOOK).problems
            if problems:
                click.echo("It cannot be loaded as it is; the page follows what you save:", err=True)
                click.echo("\n".join(f"  {problem}" for problem in problems), err=True)
            while True:
                time.sleep(0.5)  # a wait without end may not hear Ctrl-C, which can reach another thread
        except KeyboardInterrupt:
            click.echo("\nended")
