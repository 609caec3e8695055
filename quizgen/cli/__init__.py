"""The command line. Each command is a module of its own that is imported only when it is run."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

import click

import quizgen

COMMANDS = {
    "build": "Make worksheets, keys and a manifest for a class, or for practice.",
    "check": "Prove templates well posed over thousands of variants.",
    "demo": "Build, answer and grade a sample quiz for an invented class.",
    "explain": "Tell how a variant came about, or how a worksheet was marked and why.",
    "export": "Write a quiz as a file that another system imports.",
    "grade": "Mark submissions; write marks, gradebook, feedback and summary.",
    "import": "Make templates of questions in GIFT, Moodle XML or R/exams.",
    "list": "List the templates of a bank by concept.",
    "new": "Begin a template from a commented starter of some kind.",
    "preview": "Write a page with variants, keys and solutions of one template or of all.",
    "schema": "Print the JSON Schema of templates, for editors.",
    "show": "Show one variant of a template, with its key and solution.",
}
"""Every command with its one line of help, so that ``quizgen --help`` imports none of them.

Once the command ``list`` is imported, that name means its module here, not the type.
"""


class _Commands(click.Group):
    """The group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"quizgen.cli.{cmd_name}").command
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from quizgen.spelling import closest

            near = closest(args[0], COMMANDS)
            hint = f" Did you mean '{near}'?" if near else f" The commands are {', '.join(COMMANDS)}."
            ctx.fail(f"There is no command '{args[0]}'.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([*COMMANDS.items()])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(quizgen.__version__, prog_name="quizgen")
def cli() -> None:
    """Exercises and quizzes from YAML templates: every student gets another variant, every answer is marked.

    Exit codes: 0 done; 1 done, but some responses were rejected, some templates are broken, or some questions could not be
    exported; 2 wrong use or bad input, nothing written.
    """


def main() -> None:
    """Runs the command line; a problem that the user can mend is printed in plain words and exits with 2."""
    from quizgen.errors import QuizgenError

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        sys.exit(_run())
    except QuizgenError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except (KeyboardInterrupt, click.Abort):
        click.echo("stopped; nothing was written", err=True)
        sys.exit(130)
    except (OSError, MemoryError) as error:
        click.echo(f"the machine refuses: {str(error) or type(error).__name__}; nothing was written", err=True)
        sys.exit(2)


def _run() -> Any:
    try:
        return cli(prog_name="quizgen", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
