"""``quizgen list``: the templates of a bank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quizgen.cli.options import bank_option, progress, report_broken

if TYPE_CHECKING:
    from rich.table import Table

    from quizgen.bank.overview import Group, Listed

NARROWEST = 100
"""How many characters wide the table is where no terminal says how wide it is."""


@click.command("list")
@click.option(
    "--capacity",
    "drawn",
    type=click.IntRange(2, 1_000_000),
    default=1000,
    show_default=True,
    metavar="N",
    help="Say how many variants each template has from a sample of N.",
)
@click.option("--quick", is_flag=True, help="Leave out the capacities: draw nothing.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@bank_option
def command(bank_folder: Path | None, drawn: int, quick: bool, as_json: bool) -> None:
    """List the templates of a bank by concept, in the order of the course.

    Shown are each template's kinds of answers, level, expected minutes and capacity, which is how many distinct variants it
    has: exactly where a sample meets them all many times, else an estimate.

    Exit code 1 says that some templates are broken; the first problem of each is told.
    """
    import json

    from quizgen.bank import load_bank
    from quizgen.bank.overview import overview

    bank = load_bank(bank_folder, prove=False if quick else None)
    with progress("Reading templates" if quick else "Drawing variants", len(bank)) as done:
        groups = overview(bank, capacity=None if quick else drawn, progress=done)
    if as_json:
        click.echo(json.dumps(_as_data(bank.folder, groups), ensure_ascii=False, indent=2))
    else:
        _print_table(groups, with_capacity=not quick)
    if not bank:
        click.echo(f"There are no templates in {bank.folder}", err=True)
    broken = {listed.header.id: listed.problems for group in groups for listed in group.templates if listed.problems}
    report_broken(broken)
    raise SystemExit(1 if broken else 0)


def _as_data(folder: Path, groups: Sequence[Group]) -> dict[str, Any]:
    every = [listed for group in groups for listed in group.templates]
    return {
        "bank": str(folder),
        "templates": len(every),
        "broken": sum(bool(listed.problems) for listed in every),
        "concepts": [
            {
                "id": group.concept.id if group.concept else None,
                "title": group.concept.title if group.concept else None,
                "part": group.concept.part if group.concept else None,
                "row": group.concept.row if group.concept else None,
                "requires": group.concept.requires if group.concept else (),
                "kinds": sorted({kind for listed in group.templates for kind in listed.header.kinds}),
                "levels": sorted({listed.header.level for listed in group.templates if listed.header.level}),
                "minutes": sum(listed.header.minutes for listed in group.templates),
                "templates": [_template_data(listed) for listed in group.templates],
            }
            for group in groups
        ],
    }


def _template_data(listed: Listed) -> dict[str, Any]:
    known = asdict(listed.header)
    del known["concept"]
    capacity = {**asdict(listed.capacity), "words": str(listed.capacity)} if listed.capacity else None
    return {**known, "problems": listed.problems, "capacity": capacity}


def _print_table(groups: Sequence[Group], *, with_capacity: bool) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = max(console.width, NARROWEST)
    heads = ["Template", "Kinds", "Level", "Minutes", *(["Variants"] if with_capacity else [])]
    rows = [[_cells(listed, group, len(heads)) for listed in group.templates] for group in groups]
    every = [heads, *(cells for part in rows for cells in part)]
    widths = [max(len(cells[place]) for cells in every) for place in range(len(heads))]
    widths[0] = max(20, min(widths[0], console.width - sum(widths[1:]) - 2 * len(widths)))
    console.print(_table(widths, [heads], style="bold"))
    for group, part in zip(groups, rows, strict=True):
        concept = group.concept
        title = Text(f"\n{concept.title if concept else 'Of no concept of this course'}", style="bold")
        console.print(title.append(f"  {concept.id}" if concept else "", style="dim"))
        console.print(_table(widths, part) if part else Text("  no templates", style="dim"))


def _cells(listed: Listed, group: Group, count: int) -> list[str]:
    header = listed.header
    folder = f"{group.concept.id}/" if group.concept else ""
    facts = [", ".join(header.kinds), header.level, f"{header.minutes:g}", str(listed.capacity or "")]
    if listed.problems:
        facts = ["broken", "", "", ""]
    return ["  " + header.id.removeprefix(folder), *facts][:count]


def _table(widths: Sequence[int], rows: Sequence[Sequence[str]], style: str = "") -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    for place, width in enumerate(widths):
        table.add_column(width=width, justify="right" if place > 2 else "left", overflow="fold")
    for cells in rows:
        table.add_row(*map(Text, cells), style="bold red" if cells[1] == "broken" else style)
    return table
