"""``quizgen schema``: the JSON Schema of a template, for editors."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command("schema")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write it to a file.  [default: the terminal]")
def command(out: Path | None) -> None:
    """Print the JSON Schema of a template, with which an editor completes and checks YAML files as they are written."""
    from quizgen.bank.schema import template_schema
    from quizgen.errors import OutputError

    text = json.dumps(template_schema(), indent=2, ensure_ascii=False) + "\n"
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{out}: cannot be written: {error.strerror or error}") from error
    click.echo(f"wrote {out}")
