"""Runs benchmarks, prints a table and writes JSON."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import cast

import click

from benchmarks.comparing import SIZES, Benchmark, Figure, Size, Skipped, measured
from benchmarks.telling import data, head, told

NAMES = ("build", "draws", "grade", "check", "start", "entropy", "peers")


def benchmark(name: str) -> Benchmark:
    """The benchmark of a name."""
    return cast("Benchmark", import_module(f"benchmarks.jobs.{name}"))


def figures(names: tuple[str, ...], size: Size, pairs: int, only: str = "") -> Iterator[Figure | Skipped]:
    """The figures of some benchmarks, as they are measured; ``only`` those whose name begins with these words."""
    for name in names:
        with tempfile.TemporaryDirectory(prefix="quizgen-benchmarks-") as folder:
            for one in benchmark(name).comparisons(size, Path(folder)):
                if one.name.startswith(only):
                    yield one if isinstance(one, Skipped) else measured(one, pairs)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("names", nargs=-1, type=click.Choice(NAMES), metavar="[NAME]...")
@click.option("--quick", "size", flag_value="quick", help="Small sizes: some minutes for all.")
@click.option("--full", "size", flag_value="full", help="The largest sizes, of which some need an hour.")
@click.option("--size", type=click.Choice(SIZES), default="normal", show_default=True, help="How much is done.")
@click.option("--pairs", type=click.IntRange(1), default=5, show_default=True, help="How often each pair is run.")
@click.option("--only", default="", metavar="WORDS", help="Only comparisons whose name begins so, such as build/html.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to write all that was measured, as JSON.")
@click.option("--list", "listed", is_flag=True, help="List the benchmarks, then stop.")
def command(names: tuple[str, ...], size: Size, pairs: int, only: str, out: Path | None, listed: bool) -> None:
    """Measure quizgen beside what limits it: each figure is a ratio within this run.

    NAME is one or more of the benchmarks that --list tells; without it all are run.
    """
    if listed:
        for name in NAMES:
            click.echo(f"{name:<9}{benchmark(name).ABOUT}")
        return
    found = []
    click.echo(head())
    for one in figures(names or NAMES, size, pairs, only):
        click.echo(told(one))
        found.append(one)
    if out is not None:
        out.write_text(json.dumps(data(found, size), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        click.echo(f"\n{out}: all that was measured")
