"""The JSON Schema for editors: it takes what quizgen takes, and refuses what an author would want to be told of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from quizgen.answers import answer_kinds
from quizgen.bank.schema import template_schema
from quizgen.shipped import bank_folder
from quizgen.variants.draws import draw_kinds

SCHEMA = template_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
BASE: dict[str, Any] = {
    "title": "T",
    "concept": "calculating-cross-entropy-loss",
    "level": "apply",
    "minutes": 2,
    "draw": {"p": {"uniform": [0.1, 0.9], "step": 0.1}},
    "stem": "{{ p }}",
    "answer": {"kind": "numeric", "value": "surprisal(p)", "decimals": 2},
}


def faults(data: Any) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(data)]


def test_it_is_a_schema_of_its_dialect() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_every_shipped_template_is_valid() -> None:
    files = [file for file in bank_folder().rglob("*/*.yaml") if file.parent.name != "quizzes"]
    assert len(files) > 40
    assert {file.name: found for file in files if (found := faults(yaml.safe_load(file.read_text("utf-8"))))} == {}


def test_the_smallest_template_is_valid() -> None:
    assert not faults(BASE)


REFUSED: dict[str, dict[str, Any]] = {
    "a misspelt key": {"titel": "T"},
    "an unknown level": {"level": "create"},
    "a draw of no kind": {"draw": {"p": {"unifrom": [0, 1]}}},
    "a draw with a key of another kind": {"draw": {"p": {"integer": [0, 1], "peak": 1}}},
    "an answer of no kind": {"answer": {"value": "p"}},
    "an answer of an unknown kind": {"answer": {"kind": "number", "value": "p"}},
    "an answer with a key of another kind": {"answer": {"kind": "numeric", "value": "p", "rubric": []}},
    "a tolerance that is no number": {"answer": {"kind": "numeric", "value": "p", "tolerance": {"abs": "much"}}},
    "both answer and answers": {"answers": {"a": {"kind": "numeric", "value": "p"}}},
    "a waiver without a reason": {"waive": {"tie": ""}},
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_refuses(what: str) -> None:
    assert faults({**BASE, **REFUSED[what]})


def test_what_extends_another_template_may_leave_out_its_keys() -> None:
    assert not faults({"extends": "base.yaml", "answer": {"decimals": 3}})


def test_every_kind_of_draw_and_answer_is_in_it() -> None:
    assert {kind for schema in SCHEMA["$defs"]["draw"]["anyOf"] for kind in schema["required"]} >= set(draw_kinds())
    assert set(SCHEMA["$defs"]["answer"]["properties"]["kind"]["enum"]) == set(answer_kinds())


def described(schema: Any, path: str = "") -> Iterator[tuple[str, bool]]:
    if isinstance(schema, dict):
        for name, entry in schema.get("properties", {}).items():
            if isinstance(entry, dict) and "const" not in entry and entry.keys() - {"required", "additionalProperties"}:
                yield f"{path}.{name}", "description" in entry
            yield from described(entry, f"{path}.{name}")
        for key in ("anyOf", "allOf", "then"):
            for part in schema.get(key, ()) if key != "then" else [schema.get("then")]:
                yield from described(part, path)
    return


def test_every_key_has_a_description_for_the_author() -> None:
    found = [(path, has) for part in (SCHEMA, *SCHEMA["$defs"].values()) for path, has in described(part)]
    without = sorted({path for path, has in found if not has})
    assert not without, without
