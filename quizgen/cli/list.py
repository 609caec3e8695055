"""``quizgen list``: the templates of a bank."""

from __future__ import annotations

from pathlib import Path

import click

from quizgen.cli.options import bank_option


@click.command("list")
@bank_option
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def command(bank_folder: Path | None, as_json: bool) -> None:
    """List the templates of a bank by concept, in the order of the concepts."""
    import json
    from dataclasses import asdict

    from quizgen.bank import load_bank

    bank = load_bank(bank_folder)
    order = {concept: place for place, concept in enumerate(bank.concepts)}
    headers = sorted(bank.headers(), key=lambda header: (order.get(header.concept, len(order)), header.id))
    unread = sorted(set(bank) - {header.id for header in headers})
    if unread:
        click.echo(f"Files that cannot be read: {', '.join(unread)} (quizgen show FILE says why)", err=True)
    if not bank:
        click.echo(f"There are no templates in {bank.folder}", err=True)
    if as_json:
        click.echo(json.dumps([asdict(header) for header in headers], ensure_ascii=False, indent=2))
        headers = []
    concept = None
    for header in headers:
        if header.concept != concept:
            concept = header.concept
            title = bank.concepts[concept].title if concept in bank.concepts else concept
            click.echo(f"\n{title}")
        click.echo(f"  {header.id}\n      {header.title} ({', '.join(header.kinds)}; {header.level}; {header.minutes:g} min)")
    raise SystemExit(1 if unread else 0)
