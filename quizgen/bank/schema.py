"""The JSON Schema of a template file, made from the models that read it: editors complete and check with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from quizgen.answers import answer_kinds
from quizgen.bank.spec import TemplateSpec
from quizgen.variants.draws import draw_kinds

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

_MAPS = {"draw", "let", "mistakes"}
"""Maps of which a template that extends another takes out an entry by writing nothing after its name."""

_ALSO_BARE = ("OptionSpec", "AcceptedSpec")
"""What may be written as a bare text instead of a map that holds it."""


def template_schema() -> Schema:
    """The JSON Schema (draft 2020-12) of a template.

    It knows keys, kinds of draws and answers, and the types of values, those of other packages included; what expressions and
    texts hold is for ``quizgen check`` to say. A template that ``extends`` another may leave out what must otherwise be there.
    """
    defs: Schema = {}
    whole = _model(TemplateSpec, defs)
    properties: Schema = whole["properties"]
    properties["extends"] = {"type": "string", "description": "another template's file, whose keys are taken and overridden"}
    draws = [_model(kind, defs) for kind in draw_kinds().values()]
    answers = [_answer(name, _model(kind, defs)) for name, kind in answer_kinds().items()]
    defs["draw"] = {"type": "object", "anyOf": draws}
    # A kind is looked up by its name, so that an editor complains of the keys of that kind alone.
    defs["answer"] = {
        "type": "object",
        "properties": {"kind": {"enum": [*answer_kinds()], "description": "the kind of answer"}},
        "allOf": [
            {"if": {"properties": {"kind": {"const": name}}, "required": ["kind"]}, "then": schema}
            for name, schema in zip(answer_kinds(), answers, strict=True)
        ],
    }
    properties["draw"]["additionalProperties"] = {"$ref": "#/$defs/draw"}
    for entries in (properties, *(answer["properties"] for answer in answers)):
        for name in _MAPS & set(entries):
            entries[name]["additionalProperties"] = {"anyOf": [entries[name]["additionalProperties"], {"type": "null"}]}
    properties["answer"] = {"$ref": "#/$defs/answer", "description": properties["answer"]["description"]}
    properties["answers"] = {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": {"$ref": "#/$defs/answer"},
        "description": properties["answers"]["description"],
    }
    required = whole.pop("required")
    return {
        "$schema": DIALECT,
        "title": "quizgen template",
        **whole,
        "if": {"required": ["extends"]},
        "else": {
            "required": required,
            "oneOf": [{"required": ["answer"]}, {"required": ["answers"]}],
            "properties": {"answer": {"required": ["kind"]}, "answers": {"additionalProperties": {"required": ["kind"]}}},
        },
        "$defs": defs,
    }


def _model(model: type[BaseModel], defs: Schema) -> Schema:
    """The schema of a model, with what it refers to put among the common definitions."""
    schema = model.model_json_schema(mode="validation")
    for name, definition in schema.pop("$defs", {}).items():
        known: Schema = _plain(definition)
        defs[name] = {"anyOf": [{"type": "string"}, known]} if name in _ALSO_BARE else known
    plain: Schema = _plain(schema)
    return plain


def _answer(name: str, schema: Schema) -> Schema:
    """The schema of a kind of answer, whose ``kind`` must be written."""
    schema["properties"]["kind"] = {"const": name}
    return schema


def _plain(schema: Any) -> Any:
    """Without pydantic's titles and nulls (a key that is absent is left out in YAML)."""
    if isinstance(schema, list):
        return [_plain(part) for part in schema]
    if not isinstance(schema, Mapping):
        return schema
    kept = {key: value for key, value in schema.items() if not (key == "title" and isinstance(value, str))}
    if kept.get("default", ...) is None:
        del kept["default"]
    if "true" in kept.get("enum", ()):  # YAML reads the bare word as a truth value
        kept = {**{key: value for key, value in kept.items() if key != "type"}, "enum": [*kept["enum"], True, False]}
    choices = [choice for choice in kept.get("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) == 1:
        del kept["anyOf"]
        kept = {**choices[0], **kept}
    return {
        key: {name: _plain(entry) for name, entry in value.items()} if key == "properties" else _plain(value)
        for key, value in kept.items()
    }
