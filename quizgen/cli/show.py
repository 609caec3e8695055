"""``quizgen show``: one variant in the terminal, with its key."""

from __future__ import annotations

from pathlib import Path

import click

from quizgen.cli.options import ADDRESS, bank_option


@click.command("show")
@click.argument("template")
@click.option("--address", type=ADDRESS, default=0, show_default=True, help="Which variant.")
@click.option("--seed", default="show", show_default=True, help="Another word gives other variants.")
@click.option("--no-key", is_flag=True, help="Show only what a student sees.")
@bank_option
def command(template: str, address: int, seed: str, no_key: bool, bank_folder: Path | None) -> None:
    """Show a variant of TEMPLATE, the id of one in the bank or a YAML file."""
    from quizgen.bank import find_template
    from quizgen.rendering.single import keyed_page

    found = find_template(template, bank_folder)
    variants = found.variants(secret=seed.encode(), start=address)
    click.echo(keyed_page(found.keyed_item(variants, 0), with_key=not no_key))
