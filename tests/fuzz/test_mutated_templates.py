"""Whatever is done to a template's YAML, loading it gives a template or a `BankError`, and nothing else."""

from __future__ import annotations

import random
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizgen.bank import Bank, Template, load_bank
from quizgen.errors import BankError, Problem, VariantError
from quizgen.shipped import bank_folder

FILES = sorted(file for file in bank_folder().rglob("*/*.yaml") if "quizzes" not in file.parts)
HOSTILE: list[Any] = [
    *(None, True, False, 0, -1, 1, 10**30, 0.5, -0.0, 1e-300, 1e300),
    *("", " ", "x", "{{ x }}", "{{", "{% if x %}", "p[", "1 / 0", "0 / 0", "p", "case.words", "case", "given.a", "answer.a"),
    *("range(9)", "'a' * 9", "((((", "none", "true", "x" * 3000, "\u202e", "é", "$x$"),
    *([], [1], ["a", 1], [[1, 2], [3]], ["a"] * 30, list(range(1200))),
    *({}, {"a": 1}, {"value": "p", "decimals": 2}, {"kind": "choice"}, {"uniform": [0, 1], "step": 0.5}),
    {"text": "a", "true_when": "p > 0"},
]

DAMAGE = ["", ":", "'", '"', "{", "}", "[", "]", "-", "\n", "  ", "\t", "#", "&a", "*a", "|", "%", "\x00", "é"]


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every path in the data."""
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in entries:
        yield (*path, key)
        yield from places(value, (*path, key))


def mutated(data: Any, pick: random.Random) -> Any:
    """The data with one to three changes: a value replaced, dropped, doubled, moved or renamed, or a text damaged."""
    for _ in range(pick.randint(1, 3)):
        path = pick.choice(list(places(data)))
        parent = data
        for step in path[:-1]:
            parent = parent[step]
        key = path[-1]
        match pick.randint(0, 6):
            case 0 | 1:
                parent[key] = deepcopy(pick.choice(HOSTILE))
            case 2:
                del parent[key]
            case 3 if isinstance(parent, list):
                parent.append(parent[key])
            case 4 if isinstance(parent, dict):
                parent[pick.choice([*parent, "x", "value", "kind", "case"])] = parent.pop(key)
            case 5 if isinstance(parent[key], str) and parent[key]:
                text, at = parent[key], pick.randrange(len(parent[key]))
                parent[key] = (
                    text[:at]
                    + pick.choice(["", "(", "}", "{{", "[0]", " + ", "|", "9", "\n", "p"])
                    + text[at + pick.randint(0, 4) :]
                )
            case _:
                other = pick.choice(list(places(data)))
                value = data
                for step in other:
                    value = value[step]
                parent[key] = deepcopy(value)
        if not isinstance(data, dict) or not data:
            break
    return data


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    folder = tmp_path_factory.mktemp("bank")
    (folder / "t.yaml").write_text("title: x\n")
    for name in ("concepts.yaml", "mistakes.yaml"):
        (folder / name).write_bytes((bank_folder() / name).read_bytes())
    return load_bank(folder)


def is_sound(bank: Bank, text: str) -> bool:
    """Whether a text is a template whose variants can be shown and keyed, or is refused with problems that have a place."""
    template = loads(bank, text)
    if template is None:
        return True
    try:
        variants = template.variants(secret=b"fuzz", count=8)
    except VariantError:  # conditions that hold in the trial's variants may refuse all of others
        return True
    items, keyed = template.items(variants), template.keyed_items(variants)
    return (
        [one.item for one in keyed] == items
        and all(len(one.keys) == len(one.item.interactions) == len(template.answers) for one in keyed)
        and template.mark(variants, 0, {}).outcome == "blank"
    )


def loads(bank: Bank, text: str) -> Template | None:
    """The template of a text; None where it is refused with problems that have a place."""
    file = bank.folder / "t.yaml"
    file.write_text(text, "utf-8")
    problems: tuple[Problem, ...] = ()
    try:
        return bank.load("t", file)
    except BankError as error:
        problems = error.problems
    assert problems
    assert all(problem.line >= 1 and problem.column >= 1 and problem.message for problem in problems)
    return None


@pytest.mark.parametrize("file", FILES[::3], ids=lambda file: file.stem)
def test_a_shipped_template_with_random_changes_loads_or_has_problems(file: Path, bank: Bank) -> None:
    source = yaml.safe_load(file.read_text("utf-8"))
    pick = random.Random(file.stem)
    for _ in range(5):
        data = mutated(yaml.safe_load(yaml.safe_dump(source)), pick)
        assert is_sound(bank, yaml.safe_dump(data, allow_unicode=True, sort_keys=False))


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_shipped_template_with_damaged_characters_loads_or_has_problems(data: st.DataObject, bank: Bank) -> None:
    text = data.draw(st.sampled_from(FILES)).read_text("utf-8")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        put = data.draw(st.sampled_from(DAMAGE))
        text = text[:at] + put + text[at + data.draw(st.integers(0, 3)) :]
    assert is_sound(bank, text)


_EXPRESSIONS = st.text("p qv0123456789.+-*/%()[]<>=!|~,'\"{}&abcdeif_", max_size=40)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(source=_EXPRESSIONS, place=st.sampled_from(["let", "stem", "require", "value"]))
def test_any_text_can_stand_where_an_expression_is_expected(source: str, place: str, bank: Bank) -> None:
    parts = {"let": "0", "stem": "x", "require": "p > 0", "value": "p"} | {
        place: source if place != "stem" else f"{{{{ {source} }}}}"
    }
    data = {
        "title": "t", "concept": "calculating-cross-entropy-loss", "level": "apply", "minutes": 1,
        "draw": {"p": {"uniform": [0.1, 0.9], "step": 0.1}, "q": {"integer": [1, 3]}, "v": {"distribution": 3}},
        "let": {"a": parts["let"]},
        "stem": f"{{{{ p }}}} {{{{ q }}}} {{{{ v }}}} {{% if a == 0 %}}y{{% endif %}} {parts['stem']}",
        "require": [parts["require"]],
        "answer": {"kind": "numeric", "value": parts["value"], "decimals": 2},
    }  # fmt: skip
    assert is_sound(bank, yaml.safe_dump(data, allow_unicode=True))


def test_the_unchanged_template_loads(bank: Bank) -> None:
    assert loads(bank, FILES[0].read_text("utf-8")) is not None
