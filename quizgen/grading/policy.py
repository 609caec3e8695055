"""Amending a key after the fact: drop an item, accept another answer, give full marks; with who says so, and why.

```yaml
by: Dr Adaeze Obi
reason: The stem of item 3 can be read as asking for bits.
changes:
  - accept: {template: calculating-cross-entropy-loss/compare-two-predictions, value: abs(loss_a - loss_b) / ln(2)}
  - accept: {item: 4, response: brightly, fraction: 0.5}
  - full_marks: {item: 2}
  - drop: {code: K7QX-3M9P/5}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from quizgen.bank import Bank
from quizgen.bank.source import Document, read_document
from quizgen.bank.spelling import suggest
from quizgen.bank.validation import validate
from quizgen.errors import ExpressionError, PolicyError, Problem
from quizgen.quizzes.codes import read_code
from quizgen.quizzes.manifest import Manifest
from quizgen.variants.expressions import parse

ACTIONS = ("drop", "full_marks", "accept")


class _TargetSpec(BaseModel):
    """Which items: a slot of the quiz by number, a template, one item by its code, one student; all given must fit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    item: int | None = Field(None, ge=1, description="number in the quiz file, from 1")
    template: str | None = None
    code: str | None = Field(None, description="an item's code as on the worksheet, such as K7QX-3M9P/4")
    student: str | None = None

    @model_validator(mode="after")
    def _some(self) -> _TargetSpec:
        if self.item is None and self.template is None and self.code is None:
            raise ValueError("say which items are meant: item (a number), template or code")
        return self


class _AcceptSpec(_TargetSpec):
    """What else is accepted."""

    answer: str | None = Field(None, description="name of the answer, where an item has several")
    response: str | None = Field(None, description="a response, as typed")
    value: str | float | None = Field(None, description="an expression of the template, for numeric answers")
    fraction: float = Field(1.0, gt=0, le=1)

    @model_validator(mode="after")
    def _one(self) -> _AcceptSpec:
        if (self.response is None) == (self.value is None):
            raise ValueError("give 'response' (as typed) or 'value' (an expression)")
        return self


class _ChangeSpec(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    drop: _TargetSpec | None = None
    full_marks: _TargetSpec | None = None
    accept: _AcceptSpec | None = None

    @model_validator(mode="after")
    def _one(self) -> _ChangeSpec:
        if sum(getattr(self, action) is not None for action in ACTIONS) != 1:
            raise ValueError("a change is one of drop, full_marks and accept")
        return self


class _PolicySpec(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    by: str = Field(min_length=1, description="who decided")
    reason: str = Field(min_length=1, description="why, for the audit trail")
    changes: list[_ChangeSpec] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Change:
    """One change. ``number`` is its place in the file, from 1; empty texts and 0 leave a criterion open."""

    number: int
    action: Literal["drop", "full_marks", "accept"]
    item: int = 0
    template: str = ""
    code: str = ""
    student: str = ""
    answer: str = ""
    response: str = ""
    value: str = ""
    fraction: float = 1.0

    @property
    def words(self) -> str:
        """The change in words, for the audit trail."""
        targets = {
            "item": self.item,
            "template": self.template,
            "code": self.code,
            "student": self.student,
            "answer": self.answer,
        }
        which = ", ".join(f"{name} {value}" for name, value in targets.items() if value)
        if self.action == "accept":
            what = f"value {self.value}" if self.value else f"response {self.response!r}"
            return f"accept {what} for {self.fraction:g} of the points: {which}"
        return f"{self.action.replace('_', ' ')}: {which}"


@dataclass(frozen=True, slots=True)
class Policy:
    """A regrading policy."""

    by: str
    reason: str
    changes: tuple[Change, ...]


NO_POLICY = Policy("", "", ())


def load_policy(path: Path, manifest: Manifest, bank: Bank) -> Policy:
    """The policy in a file, checked against the build.

    Raises:
        PolicyError: every problem, at its place.
    """
    document = read_document(path, error=PolicyError)
    spec = validate(_PolicySpec, document, error=PolicyError)
    changes = []
    problems: list[Problem] = []
    for number, entry in enumerate(spec.changes, 1):
        action: Any = next(name for name in ACTIONS if getattr(entry, name) is not None)
        target = getattr(entry, action)
        where = ("changes", number - 1, action)
        problems.extend(_unknown(document, where, target, manifest))
        if isinstance(target, _AcceptSpec) and not problems:
            problems.extend(_unfit(document, where, target, manifest, bank))
        found = read_code(target.code) if target.code else None
        code = f"{found[0]}/{found[1]}" if found and found[1] else (found[0] if found else "")
        changes.append(
            Change(
                number, action, target.item or 0, target.template or "", code, target.student or "",
                getattr(target, "answer", None) or "", getattr(target, "response", None) or "",
                str(getattr(target, "value", None) or ""), getattr(target, "fraction", 1.0),
            )
        )  # fmt: skip
    if problems:
        raise PolicyError(problems)
    return Policy(spec.by, spec.reason, tuple(changes))


def _unknown(document: Document, path: tuple[str | int, ...], target: _TargetSpec, manifest: Manifest) -> Iterator[Problem]:
    if target.item is not None and target.item > len(manifest.slots):
        yield document.problem((*path, "item"), f"the quiz has {len(manifest.slots)} items, not {target.item}")
    templates = sorted({item.template for sheet in manifest.sheets for item in sheet.items})
    if target.template is not None and target.template not in templates:
        message = f"no worksheet of this build has the template '{target.template}'{suggest(target.template, templates)}"
        yield document.problem((*path, "template"), message)
    if target.student is not None and target.student not in {sheet.student.id for sheet in manifest.sheets}:
        yield document.problem((*path, "student"), f"there is no student '{target.student}' in this build")
    if target.code is not None:
        found = read_code(target.code)
        if found is None:
            yield document.problem((*path, "code"), f"'{target.code}' is no code: a character of it is wrong")
        elif found[0] not in {sheet.code for sheet in manifest.sheets}:
            yield document.problem((*path, "code"), f"no worksheet of this build has the code {found[0]}")


def _unfit(
    document: Document, path: tuple[str | int, ...], target: _AcceptSpec, manifest: Manifest, bank: Bank
) -> Iterator[Problem]:
    """What is wrong with an accepted answer for the templates that it is meant for."""
    templates = [bank[id] for id in sorted(_templates(target, manifest))]
    names = {answer.name for template in templates for answer in template.answers}
    if target.answer is not None and target.answer not in names:
        yield document.problem((*path, "answer"), f"there is no answer '{target.answer}'{suggest(target.answer, names)}")
        return
    if target.value is None:
        return
    try:
        expression = parse(str(target.value))
        for template in templates:
            if not any(template.with_value(answer.name, expression) for answer in template.answers):
                yield document.problem(path, f"{template.id} has no numeric answer: give 'response' instead of 'value'")
                continue
            variants = template.variants(secret=manifest.secret)
            known = set(variants.blocks[0].values)
            unknown = sorted(expression.names - known)
            if unknown:
                message = f"{template.id} has no value '{unknown[0]}'{suggest(unknown[0], known)}"
                yield document.problem((*path, "value"), message)
                continue
            variants.blocks[0].numbers(expression)
    except ExpressionError as error:
        yield document.problem((*path, "value"), str(error))


def _templates(target: _TargetSpec, manifest: Manifest) -> set[str]:
    """The templates of the items that are meant."""
    return {
        item.template
        for sheet in manifest.sheets
        for item in sheet.items
        if (target.item is None or target.item == item.slot + 1)
        and (target.template is None or target.template == item.template)
    }
