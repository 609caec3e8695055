"""Documents → checked models: every fault of pydantic's at its place in the file, in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import AfterValidator, BaseModel, ValidationError

from quizgen.bank.source import Document, KeyPath
from quizgen.bank.wording import SHAPES, Found, cut, either, message
from quizgen.errors import BankError, Problem, ProblemsError
from quizgen.spelling import closest, listed, suggest

__all__ = ["Slug", "closest", "problems_of", "suggest", "validate"]

Model = TypeVar("Model", bound=BaseModel)


def _slug(word: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", word):
        raise ValueError(f'"{cut(word)}" is no id: use lower-case letters, digits and single hyphens, as in used-log10')
    return word


Slug: TypeAlias = Annotated[str, AfterValidator(_slug)]
"""An id such as ``used-log10``."""


def validate(model: type[Model], document: Document, path: KeyPath = (), error: type[ProblemsError] = BankError) -> Model:
    """The model made of the document's value at ``path``. Raises ``error`` with every problem at its place."""
    try:
        return model.model_validate(document.value(path))
    except ValidationError as exc:
        raise error(problems_of(exc, document, path, model)) from exc


def problems_of(exc: ValidationError, document: Document, path: KeyPath, model: type[BaseModel]) -> list[Problem]:
    """The problems behind a validation error of ``model`` for the document's value at ``path``.

    Of the members of a union only the one that was meant is spoken of, judged by the kind of value that stands there.
    """
    walk = _Walk(model, document)
    found = _meant([walk.follow(fault, path) for fault in exc.errors(include_url=False)], 0)
    unknown = {(item.path[:-1], item.suggestion) for item in found if item.type == "extra_forbidden"}
    return [
        document.problem(item.path if item.at is None else item.at, message(item), item.key)
        for item in found
        # A misspelt key is one problem, not two: it is not also told as missing.
        if not (item.type == "missing" and (item.path[:-1], item.path[-1]) in unknown)
        # An entry with a fault of its own is not there for pydantic, but it is for the author.
        if not (item.type == "too_short" and len(document.value(item.path, ())) >= item.context["min_length"])
    ]


class _Walk:
    """Follows an error's location through a model's schema, where it is known which steps name a union's member."""

    def __init__(self, model: type[BaseModel], document: Document) -> None:
        self._document = document
        self._schema: Any = model.__pydantic_core_schema__
        self._definitions: dict[str, Any] = {}

    def follow(self, fault: Mapping[str, Any], path: KeyPath) -> Found:
        schema: Any = self._schema
        unions: list[tuple[KeyPath, str]] = []
        allowed: tuple[str, ...] = ()
        is_key = False
        for step in fault["loc"]:
            schema = self._bare(schema)
            kind = schema.get("type")
            if step == "[key]" and fault["type"] != "extra_forbidden":
                is_key = True
            elif kind == "model-fields":
                fields = schema["fields"]
                allowed = tuple(_written_name(name, spec) for name, spec in fields.items())
                path, schema = (
                    (*path, step),
                    next((spec["schema"] for name, spec in fields.items() if _written_name(name, spec) == step), {}),
                )
            elif kind == "dict":
                path, schema = (*path, step), schema.get("values_schema", {})
            elif kind in ("list", "set", "frozenset", "tuple"):
                path, schema = (*path, step), _item_schema(schema, step)
            elif kind == "tagged-union":
                schema = schema["choices"].get(step, {})
            elif kind == "union":
                unions.append((path, str(step)))
                schema = self._member(schema, str(step))
            elif self._document.value((*path, step), _NOTHING) is not _NOTHING:
                path = (*path, step)
        return self._described(fault, path, self._bare(schema), tuple(unions), allowed, is_key)

    def _described(
        self,
        fault: Mapping[str, Any],
        path: KeyPath,
        schema: Any,
        unions: tuple[tuple[KeyPath, str], ...],
        allowed: tuple[str, ...],
        is_key: bool,
    ) -> Found:
        kind, value, context = fault["type"], fault["input"], fault.get("ctx", {})
        found = Found(kind, path, value, context, fault["msg"], unions, key=is_key)
        match kind:
            case "missing":
                return replace(found, at=path[:-1], key=True)
            case "extra_forbidden":
                unused = [name for name in allowed if self._document.value((*path[:-1], name), _NOTHING) is _NOTHING]
                return replace(
                    found,
                    allowed=allowed,
                    key=True,
                    suggestion=closest(str(path[-1]), unused) or closest(str(path[-1]), allowed),
                )
            case "literal_error":
                return replace(found, allowed=tuple(str(word) for word in schema.get("expected", ())))
            case "enum":
                return replace(found, allowed=tuple(str(member.value) for member in schema.get("members", ())))
            case "union_tag_invalid" | "union_tag_not_found":
                return self._untagged(found, schema)
        return found

    def _untagged(self, found: Found, schema: Any) -> Found:
        """A map of which it is not known which member of a union it is: by a key's value, or by the key itself."""
        tags = tuple(str(tag) for tag in schema.get("choices", {}))
        discriminator = schema.get("discriminator")
        if not isinstance(discriminator, str):
            for key in found.input if isinstance(found.input, dict) else ():
                near = closest(str(key), tags)
                if near is not None:
                    path = (*found.path, key)
                    return replace(found, type="extra_forbidden", path=path, key=True, suggestion=near)
            return replace(found, allowed=tags)
        if found.type == "union_tag_not_found":
            return replace(found, allowed=tags, path=(*found.path, discriminator), at=found.path, key=True)
        return replace(found, allowed=tags, path=(*found.path, discriminator), input=found.context.get("tag"))

    def _bare(self, schema: Any) -> Any:
        """The schema inside wrappers that add no step to a location."""
        while True:
            match schema:
                case {"type": "definitions", "schema": inner, "definitions": definitions}:
                    self._definitions.update((entry["ref"], entry) for entry in definitions)
                    schema = inner
                case {"type": "definition-ref", "schema_ref": ref}:
                    schema = self._definitions.get(ref, {})
                case {"type": "lax-or-strict", "lax_schema": inner} | {
                    "type": "json-or-python",
                    "python_schema": inner,
                }:
                    schema = inner
                case {"type": "chain", "steps": [inner, *_]}:
                    schema = inner
                case {
                    "type": "default" | "nullable" | "model" | "function-before" | "function-after" | "function-wrap",
                    "schema": inner,
                }:
                    schema = inner
                case _:
                    return schema

    def _member(self, union: Any, label: str) -> Any:
        """The member of a plain union that a label stands for; labels are documented by example only."""
        members = []
        for choice in union["choices"]:
            member, own = choice if isinstance(choice, tuple) else (choice, None)
            if own == label:
                return member
            members.append(member)
        for member in members:
            if any(re.search(rf"\b{re.escape(name)}\b", label) for name in self._names(member)):
                return member
        return {}

    def _names(self, schema: Any) -> Iterator[str]:
        while schema.get("type") == "definition-ref":
            schema = self._definitions.get(schema["schema_ref"], {})
        if schema.get("type") == "model":
            yield schema["cls"].__name__
        elif "schema" in schema:
            yield from self._names(schema["schema"])
        else:
            yield str(schema.get("type"))


_NOTHING: Any = object()


def _written_name(name: str, spec: Any) -> str:
    alias = spec.get("validation_alias")
    return alias if isinstance(alias, str) else name


def _item_schema(schema: Any, step: Any) -> Any:
    items = schema.get("items_schema", {})
    if isinstance(items, list):
        return items[min(step, len(items) - 1)] if items and isinstance(step, int) else {}
    return items


def _meant(found: Sequence[Found], level: int) -> list[Found]:
    """The faults without those of union members that were not meant; ``level`` counts the unions entered."""
    kept = [item for item in found if len(item.unions) <= level]
    groups: dict[KeyPath, dict[str, list[Found]]] = {}
    for item in found:
        if len(item.unions) > level:
            place, label = item.unions[level]
            groups.setdefault(place, {}).setdefault(label, []).append(item)
    for place, members in groups.items():
        fitting = [faults for faults in members.values() if not any(item.is_shape and item.path == place for item in faults)]
        if fitting:
            # The member that objects to least is the one that was meant.
            kept += _meant(min(fitting, key=len), level + 1)
        else:
            kept.append(_joined([item for faults in members.values() for item in faults if item.path == place]))
    return kept


def _joined(found: list[Found]) -> Found:
    """One fault for a value that is of no kind that a union allows."""
    if len(found) == 1:
        return found[0]
    words = list(dict.fromkeys(SHAPES[item.type] for item in found if item.type in SHAPES))
    if "a number" in words and "a whole number" in words:
        words.remove("a whole number")
    literals = tuple(word for item in found for word in item.allowed)
    if literals:
        words.append(f"one of {listed(literals)}" if len(literals) > 1 else listed(literals))
    return replace(found[0], type="shape", words=either(words), allowed=literals)
