"""Options that commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from quizgen.workers import Workers

FLAVOURS = {"html": "html", "md": "markdown", "markdown": "markdown"}


class FlavourList(click.ParamType[tuple[str, ...]]):
    """Flavours with commas between: ``html,md``."""

    name = "html,md"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """The flavours' own names, each once."""
        if isinstance(value, tuple):
            return value
        words = [word.strip().lower() for word in str(value).split(",") if word.strip()]
        unknown = [word for word in words if word not in FLAVOURS]
        if unknown or not words:
            self.fail(f"{unknown[0] if unknown else value!r} is no format; choose from html and md", param, ctx)
        return tuple(dict.fromkeys(FLAVOURS[word] for word in words))


class Place(click.ParamType[Path | str]):
    """A folder, or a URL at which other machines can write too."""

    name = "FOLDER|URL"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path | str:
        """The path, or the URL as it is."""
        return value if isinstance(value, Path) or "://" in value else Path(value)


class Address(click.IntRange):
    """The address of a variant."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; what is none is told with what an address is."""
        try:
            return int(super().convert(value, param, ctx))
        except click.BadParameter:
            self.fail(
                f"'{value}' is no address: that is a whole number from 0 to {self.max}, each for another variant", param, ctx
            )


ADDRESS = Address(0, 2**40 - 1)

bank_option = click.option(
    "--bank", "bank_folder", type=click.Path(path_type=Path), help="Folder of the bank.  [default: the shipped bank]"
)
flavour_option = click.option(
    "--to", "flavours", type=FlavourList(), default="html", show_default=True, help="Formats of the pages."
)
workers_option = click.option(
    "--workers",
    type=click.IntRange(1, 256),
    help="Processes that share the work; what they write does not depend on how many they are.  [default: the cores there are]",
)
cluster_option = click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Share the work with the workers of a Dask cluster instead, whose scheduler has this address: tcp://HOST:8786.",
)
force_option = click.option("--force", is_flag=True, help="Replace what an earlier run wrote into the same folder.")


@contextmanager
def helpers(workers: int | None, cluster: str | None) -> Iterator[int | Workers | None]:
    """Who does the work: the workers of a cluster, connected to; or as many processes as are wanted."""
    if cluster is None:
        yield workers
        return
    if workers is not None:
        raise click.UsageError("Give --workers or --cluster, not both: a cluster has the workers that were started there.")
    from quizgen.cluster import Cluster

    with Cluster(cluster) as connected:
        yield connected


@contextmanager
def progress(words: str, total: int | None) -> Iterator[Callable[..., None]]:
    """A progress bar on the terminal; gives the function that is told how much is done in all, and of how much if need be."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(words, total=total)
        yield lambda done, whole=total: bar.update(task, completed=done, total=whole)


def report_broken(broken: Mapping[str, Sequence[str]]) -> None:
    """Prints the first problem of each template that does not load, by id, as an error."""
    if broken:
        click.echo(f"\nBroken templates: {len(broken)} (quizgen show TEMPLATE says all that is wrong with one)", err=True)
    for id, problems in broken.items():
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        click.echo(f"  {id}\n    {problems[0]}{more}", err=True)
