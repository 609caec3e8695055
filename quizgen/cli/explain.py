"""``quizgen explain``: how one variant came about; and for a dispute, what a worksheet asked and how it was marked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from quizgen.cli.options import ADDRESS, bank_option

if TYPE_CHECKING:
    from quizgen.bank.explaining import Answered, Explained, Named
    from quizgen.grading.dispute import Asked, Dispute, Said
    from quizgen.items import Filled

MOST_REFUSED = 10
"""Refused attempts that are told one by one."""


@click.command("explain")
@click.argument("words", nargs=-1, metavar="[TEMPLATE | RESPONSES...]")
@click.option("--address", type=ADDRESS, help="Which variant of TEMPLATE.  [default: 0]")
@click.option("--seed", help="Another word gives other variants.  [default: show]")
@click.option("--manifest", type=click.Path(path_type=Path), help="The manifest.json of a build, or its folder.")
@click.option("--code", help="The code of a worksheet of that build, such as K7QX-3M9P, or of one item, K7QX-3M9P/4.")
@click.option("--student", help="Instead of a code: the id of the student.")
@click.option(
    "--responses", multiple=True, type=click.Path(path_type=Path), help="What was handed in: files, folders or zip archives."
)
@click.option("--policy", type=click.Path(path_type=Path), help="The policy that grading was given.")
@click.option("--marked", type=click.Path(path_type=Path), help="The to-mark.csv that grading was given.")
@click.option(
    "--attempts",
    type=click.Choice(["last", "best", "first", "error"]),
    help="Which submission counts.  [default: as the quiz says]",
)
@bank_option
def command(
    words: tuple[str, ...],
    address: int | None,
    seed: str | None,
    manifest: Path | None,
    code: str | None,
    student: str | None,
    responses: tuple[Path, ...],
    policy: Path | None,
    marked: Path | None,
    attempts: Literal["last", "best", "first", "error"] | None,
    bank_folder: Path | None,
) -> None:
    """Explain step by step how a variant of TEMPLATE came about: case, draws, refused attempts, lets, key, mistakes.

    With --manifest and the code of a worksheet it tells what that student was asked, the keys, and with --responses how each
    answer was marked and why. The code of a single item tells also how its variant came about.
    """
    from quizgen.quizzes.codes import read_code

    if len(words) == 1 and code is None and student is None and read_code(words[0]) is not None:
        if manifest is not None:
            code, words = words[0], ()
        elif words[0] == words[0].upper():  # no template's name, as people write them
            raise click.UsageError(f"{words[0]} is the code of a worksheet: give the --manifest of its build with it.")
    if manifest is None:
        if len(words) != 1:
            raise click.UsageError("Give one template; or --manifest with --code or --student.")
        for option, value in (("--code", code), ("--student", student), ("--responses", responses)):
            if value:
                raise click.UsageError(f"{option} needs --manifest.")
        from quizgen.bank import find_template
        from quizgen.bank.explaining import explain

        explained = explain(find_template(words[0], bank_folder), secret=(seed or "show").encode(), address=address or 0)
        _print(_variant_lines(explained))
        return
    if (code is None) == (student is None):
        raise click.UsageError("Give --code or --student with --manifest.")
    if words and not responses:
        raise click.UsageError("With --manifest there is no TEMPLATE; put --responses before files of responses.")
    if address is not None or seed is not None:
        raise click.UsageError("--address and --seed belong to a TEMPLATE; a worksheet has its own.")

    from quizgen.grading.dispute import dispute, sheet_of
    from quizgen.quizzes import read_manifest

    build = read_manifest(manifest)
    sheet, number = sheet_of(build, code=code, student=student)
    files = [*responses, *map(Path, words)]
    _print(_dispute_lines(dispute(build, sheet, number, files, policy, marked, attempts), bool(files)))


def _print(lines: Iterator[str]) -> None:
    for line in lines:
        click.echo(line.rstrip())


def _words(filled: Filled) -> str:
    from quizgen.rendering import fragment

    return " ".join(fragment(filled, "text").split())


def _title(words: str) -> str:
    return f"\n--- {words} ".ljust(61, "-")


# A variant ------------------------------------------------------------------------------------------------------------


def _variant_lines(variant: Explained) -> Iterator[str]:
    yield f"{variant.template}, address {variant.address}: {variant.keyed.item.title}"
    yield from _step_lines(variant)
    for answer in variant.answers:
        yield _title(f"key: {answer.key.answer}" if len(variant.answers) > 1 else "key")
        yield from _key_lines(answer, whole_pool=True)


def _step_lines(variant: Explained) -> Iterator[str]:
    if variant.fields:
        yield _title(f"case {variant.case} of {variant.cases}")
        yield from _named_lines(variant.fields)
    if variant.refused:
        count = len(variant.refused)
        yield _title(f"{count} attempt{'s' if count > 1 else ''} refused")
        for number, attempt in enumerate(variant.refused[:MOST_REFUSED], 1):
            yield f"{number}. {', '.join(f'{draw.name} = {draw.value}' for draw in attempt.draws)}"
            yield f"   refused by {'; '.join(attempt.by)}"
        if count > MOST_REFUSED:
            yield f"… and {count - MOST_REFUSED} more"
    if variant.draws:
        yield _title("draws")
        yield from _named_lines(variant.draws)
    if variant.lets:
        yield _title("lets")
        yield from _named_lines(variant.lets)
    if variant.conditions:
        yield _title("conditions, all met")
        yield from variant.conditions
    if variant.shown:
        yield _title("shown in the stem")
        for shown in variant.shown:
            tag = f"{{{{ {shown.source} }}}}" if shown.name == "value" else f"{{% {shown.name} {shown.source} %}}"
            yield f"{tag} → {shown.value}"


def _named_lines(named: tuple[Named, ...]) -> Iterator[str]:
    for one in named:
        yield f"{one.name} = {one.value}" + (f"    ← {one.source}" if one.source else "")


def _key_lines(answer: Answered, *, whole_pool: bool) -> Iterator[str]:
    from quizgen.rendering.outcomes import worded_key

    key, accepted = worded_key(answer.interaction, _words(answer.key.shown), answer.key.accepted)
    yield key + (f"   (accepted: {accepted})" if accepted else "")
    if answer.pool:
        for option in sorted((one for one in answer.pool if whole_pool or one.label), key=lambda one: one.label or "~"):
            place = f"{option.label}." if option.label else ("not drawn" if option.offered else "not offered")
            mistake = f"   ({option.mistake})" if option.mistake and not option.true else ""
            yield f"  {place:<12}{'true ' if option.true else 'false'}  {_words(option.text)}{mistake}"
        return
    for name, value in answer.key.mistakes:
        yield f"  mistake {name}: {_words(value)}"


# A dispute ------------------------------------------------------------------------------------------------------------


def _dispute_lines(found: Dispute, handed_in: bool) -> Iterator[str]:
    from quizgen.rendering.worksheets import item_text, worded_points

    who = f"{found.student.name} ({found.student.id})" if found.student.name else found.student.id
    yield f"Worksheet {found.code} of {who}, build {found.build}"
    for item in found.items:
        yield _title(f"{item.entry.code} ({worded_points(item.entry.points, False)})")
        yield f"{item.variant.template}, address {item.variant.address}\n"
        yield item_text(item.entry)
        if found.single:
            yield from _step_lines(item.variant)
        for asked, answer in zip(item.asked, item.variant.answers, strict=True):
            yield _title(f"{asked.field}: key")
            yield from _key_lines(answer, whole_pool=found.single)
            yield from _said_lines(asked, handed_in)
    if found.rejected:
        yield _title("handed in, but rejected")
        for one in found.rejected:
            yield f"{one.field or 'no field'} ‘{one.text}’: {one.reason} ({one.source}, row {one.row})"
    if handed_in:
        yield f"\nIn all {found.earned:g} of {found.possible:g} points" + (" for this item." if found.single else ".")


def _said_lines(asked: Asked, handed_in: bool) -> Iterator[str]:
    if handed_in and not asked.said:
        yield "Nothing was handed in for it."
    for said in asked.said:
        yield f"‘{said.text}’ – {_verdict(said)}"
        for reason in said.reasons:
            yield f"  {_words(reason)}"
        when = f", {said.submitted}" if said.submitted else ""
        yield f"  from {said.source}, row {said.row}{when}" + (" (late)" if said.late else "")


def _verdict(said: Said) -> str:
    from quizgen.rendering.outcomes import OUTCOMES

    words = OUTCOMES[said.outcome].lower()
    if said.superseded:
        return f"{words}, but does not count: {said.superseded}"
    return f"{words}: {said.points:g} of {said.possible:g} points"
