"""What the documentation says of commands and checks is made from them, and everything that an author may write is there."""

from __future__ import annotations

import os
import re
import typing
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Literal

import click
import numpy as np
import pytest
from docs_blocks import DOCS, HOW_TO_REWRITE, README, REWRITE, blocks
from pydantic import BaseModel

from quizgen.answers import answer_kinds
from quizgen.answers.base import AnswerSpec
from quizgen.bank.source import read_document
from quizgen.bank.spec import LetSpec, TemplateSpec
from quizgen.checking import SEVERITIES, checks
from quizgen.cli import COMMANDS, cli
from quizgen.errors import ProblemsError
from quizgen.variants.draws import draw_kinds
from quizgen.variants.expressions import parse
from quizgen.variants.functions import FUNCTIONS
from quizgen.variants.words import FORMATS

HELP_WIDTH = 100


def _hold(page: Path, name: str, text: str) -> None:
    """Holds the part of a page between two marks against what it is made from, or writes that into it."""
    begin, end = f"<!-- {name}: made by a test -->\n", f"<!-- end of {name} -->"
    whole = page.read_text(encoding="utf-8")
    before, found, rest = whole.partition(begin)
    assert found, f"{page} has no place for {name}"
    now, found, after = rest.partition(end)
    assert found, f"{page}: where do the {name} end?"
    if now != text and os.environ.get(REWRITE):
        page.write_text(before + begin + text + end + after, encoding="utf-8")
    else:
        assert now == text, HOW_TO_REWRITE


def _help(command: click.Command, name: str) -> str:
    parent = click.Context(cli, info_name="quizgen", **cli.context_settings)
    context = click.Context(command, parent=parent, info_name=name, terminal_width=HELP_WIDTH, max_content_width=HELP_WIDTH)
    return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


def test_the_help_of_every_command_is_on_the_page_of_commands_as_it_is_printed() -> None:
    parts = []
    for name, summary in COMMANDS.items():
        said = _help(import_module(f"quizgen.cli.{name}").command, name)
        parts.append(f"\n## {name}\n\n{summary}\n\n```text\n{said}\n```\n")
    _hold(DOCS / "commands.md", "commands", "".join(parts) + "\n")


def test_every_check_is_on_the_page_of_checks_with_its_explanation() -> None:
    parts = []
    for severity in SEVERITIES:
        parts.append(f"\n## {severity.capitalize()}s\n")
        for name, check in checks().items():
            if check.severity == severity:
                parts.append(f"\n### {name}\n\n{check.about}\n")
    _hold(DOCS / "checking.md", "checks", "".join(parts) + "\n")


def _parts(page: str, level: str = "##") -> dict[str, str]:
    """The sections of a page by their headings."""
    text = (DOCS / page).read_text(encoding="utf-8")
    found = re.split(rf"^{level} (.+)$", text, flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


def test_every_key_of_a_template_is_in_the_table_of_the_language_page() -> None:
    table = _parts("templates.md")["Keys of a template"]
    for key in (*TemplateSpec.model_fields, "extends"):
        assert re.search(rf"^\|[^|]*`{key}`[^|]*\|", table, re.MULTILINE), key
    for key in LetSpec.model_fields:
        assert key in table, key


@pytest.mark.parametrize("kind", draw_kinds())
def test_every_kind_of_draw_has_a_section_with_an_example_and_all_its_keys(kind: str) -> None:
    part = _parts("draws.md")[kind]
    for key in draw_kinds()[kind].model_fields:
        assert re.search(rf"^\| `{key}` \|", part, re.MULTILINE), key
    assert re.search(rf"^```yaml\ndraw:\n(  .*\n)*  \w+: \{{{kind}: ", part, re.MULTILINE)


@pytest.mark.parametrize("kind", answer_kinds())
def test_every_kind_of_answer_has_a_section_with_an_example_and_all_its_keys_and_choices(kind: str) -> None:
    part = _parts("answers.md")[kind]
    assert re.search(rf"^  kind: {kind}$", part, re.MULTILINE)
    for owner, key, annotation in _keys(answer_kinds()[kind]):
        assert f"`{key}`" in part or f"{{{key}: " in part or f", {key}: " in part, f"{owner}.{key}"
        for value in _literals(annotation):
            assert f"`{value}`" in part or key == "kind", f"{owner}.{key}: {value}"


def _keys(model: type[BaseModel]) -> Iterator[tuple[str, str, object]]:
    """The keys of a kind's model and of the models within it, but for what all kinds have."""
    for key, field in model.model_fields.items():
        if key in AnswerSpec.model_fields and issubclass(model, AnswerSpec):
            continue
        yield model.__name__, key, field.annotation
        for inner in _inside(field.annotation):
            if isinstance(inner, type) and issubclass(inner, BaseModel) and inner.__name__ != "OptionSpec":
                yield from _keys(inner)


def _inside(annotation: object) -> Iterator[object]:
    yield annotation
    for argument in typing.get_args(annotation):
        yield from _inside(argument)


def _literals(annotation: object) -> set[str]:
    return {str(value) for one in _inside(annotation) if typing.get_origin(one) is Literal for value in typing.get_args(one)}


def test_every_key_of_an_option_and_every_key_that_all_answers_have_is_on_the_page_of_answers() -> None:
    options = next(one for one in _inside(answer_kinds()["choice"].model_fields["options"].annotation) if _is_model(one))
    for key in options.model_fields:  # type: ignore[attr-defined]
        assert re.search(rf"^\|[^|]*`{key}`[^|]*\|", _parts("answers.md")["choice"], re.MULTILINE), key
    head = (DOCS / "answers.md").read_text(encoding="utf-8").partition("\n## ")[0]
    for key in AnswerSpec.model_fields:
        assert f"| `{key}` |" in head, key


def _is_model(thing: object) -> bool:
    return isinstance(thing, type) and issubclass(thing, BaseModel)


_ROW = re.compile(r"^\| (?P<names>`.+?) \|.*\| `(?P<example>[^`]+)` \| (?P<result>[^|]+?) \|$", re.MULTILINE)


def _examples() -> list[tuple[str, str, str]]:
    return [(row["names"], row["example"], row["result"]) for row in _ROW.finditer((DOCS / "functions.md").read_text("utf-8"))]


def test_every_function_has_an_example_that_calls_it() -> None:
    named = {re.match(r"`(\w+)\(", names)[1]: example for names, example, _ in _examples() if "(" in names}  # type: ignore[index]
    assert set(named) == set(FUNCTIONS)
    for name, example in named.items():
        assert f"{name}(" in example
    for name, function in FUNCTIONS.items():
        text = (DOCS / "functions.md").read_text("utf-8")
        assert all(option in text for option in function.options), name


@pytest.mark.parametrize(("names", "example", "result"), _examples(), ids=lambda part: part if part.count("`") == 0 else "")
def test_the_examples_of_the_expression_language_give_what_the_page_says(names: str, example: str, result: str) -> None:
    assert _shown(parse(example)({})) == result


def _shown(value: object) -> str:
    array = np.asarray(value, dtype=object)
    if array.ndim > 1 and array.shape[-1] == 1:
        array = array[..., 0]
    return ", ".join(_one(entry) for entry in array.ravel().tolist())


def _one(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.4g}" if isinstance(value, float | int) else str(value)


def test_every_way_to_show_a_number_is_on_the_page_of_functions() -> None:
    part = _parts("functions.md")["Showing a number"]
    for name in FORMATS:
        assert f"|{name}" in part, name


def test_the_readme_names_every_command_and_every_page() -> None:
    text = README.read_text(encoding="utf-8")
    assert [name for name in COMMANDS if not re.search(rf"`(quizgen )?{name}[ `]|quizgen {name}\b", text)] == []
    pages = {page.name for page in DOCS.glob("*.md")}
    assert sorted(page for page in pages if f"docs/{page}" not in text) == []


def test_every_page_is_in_the_navigation_and_every_page_of_the_navigation_is_there(tmp_path: Path) -> None:
    listed = re.findall(r"[\w/-]+\.md", (README.parent / "mkdocs.yml").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md"))


def test_every_yaml_block_is_yaml(tmp_path: Path) -> None:
    for page in DOCS.glob("*.md"):
        for block in blocks(page, "yaml"):
            path = tmp_path / "block.yaml"
            path.write_text(block.text, encoding="utf-8")
            if not block.note.startswith("not run:"):
                assert isinstance(read_document(path, error=ProblemsError).data, dict), block.place
