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
from typing import Annotated, Any, Literal

import polars as pl
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from quizgen.bank import Bank
from quizgen.bank.source import Document, KeyPath, WrittenFloat, read_document
from quizgen.bank.validation import validate
from quizgen.errors import ExpressionError, PolicyError, Problem
from quizgen.quizzes.codes import read_code
from quizgen.spelling import suggest
from quizgen.variants.expressions import parse

ACTIONS = ("drop", "full_marks", "accept")


def _as_written(value: Any) -> Any:
    """A number of the file as the text that it was written as; anything else as it is."""
    if isinstance(value, WrittenFloat):
        return value.text
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


_Words = Annotated[str, BeforeValidator(_as_written), Field(min_length=1)]


class _TargetSpec(BaseModel):
    """Which items: a slot of the quiz by number, a template, one item by its code, one student; all given must fit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    item: int | None = Field(None, ge=1, description="number in the quiz file, from 1")
    template: str | None = None
    code: str | None = Field(None, description="an item's code as on the worksheet, such as K7QX-3M9P/4")
    student: _Words | None = None

    @model_validator(mode="after")
    def _some(self) -> _TargetSpec:
        if self.item is None and self.template is None and self.code is None:
            raise ValueError("say which items are meant: item (a number), template or code")
        return self


class _AcceptSpec(_TargetSpec):
    """What else is accepted."""

    answer: str | None = Field(None, description="name of the answer, where an item has several")
    response: _Words | None = Field(None, description="a response, as typed")
    value: _Words | None = Field(None, description="an expression of the template, for numeric answers")
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

    @property
    def meant(self) -> pl.Expr:
        """True for the rows of a table with item, template, student, code and answer that the change is for."""
        wanted = {name: getattr(self, name) for name in ("item", "template", "student", "answer")}
        tests = [pl.col(name) == value for name, value in wanted.items() if value]
        if self.code:
            whole_sheet = pl.col("code").str.starts_with(f"{self.code}/")
            tests.append((pl.col("code") == self.code) | whole_sheet)
        return pl.all_horizontal(tests)


@dataclass(frozen=True, slots=True)
class Policy:
    """A regrading policy."""

    by: str
    reason: str
    changes: tuple[Change, ...]


NO_POLICY = Policy("", "", ())


def load_policy(path: Path, fields: pl.DataFrame, bank: Bank, secret: bytes) -> Policy:
    """The policy in a file, checked against the fields of the build and its bank.

    Raises:
        PolicyError: every problem, at its place.
    """
    document = read_document(path, error=PolicyError)
    spec = validate(_PolicySpec, document, error=PolicyError)
    changes = []
    problems: list[Problem] = []
    for number, entry in enumerate(spec.changes, 1):
        action: Any = next(name for name in ACTIONS if getattr(entry, name) is not None)
        place = _Entry(document, ("changes", number - 1, action), getattr(entry, action), fields)
        change = _change(number, action, place.target)
        found = list(place.unknown()) or list(place.unfit(change, bank, secret))
        problems.extend(found)
        changes.append(change)
    if problems:
        raise PolicyError(problems)
    return Policy(spec.by, spec.reason, tuple(changes))


def _change(number: int, action: Any, target: _TargetSpec) -> Change:
    given = target.model_dump(exclude_none=True, exclude={"code"})
    return Change(number, action, code=_code(target.code or ""), **given)


def _code(text: str) -> str:
    """The code as it stands on worksheets; empty for what is none."""
    sheet, item = read_code(text) or ("", None)
    return sheet if item is None else f"{sheet}/{item}"


@dataclass(frozen=True, slots=True)
class _Entry:
    """One change as written: its place in the file, and the fields of the build that it may be for."""

    document: Document
    path: KeyPath
    target: _TargetSpec
    fields: pl.DataFrame

    def unknown(self) -> Iterator[Problem]:
        """What is named but not there."""
        target = self.target
        items: Any = self.fields["item"].max()
        if target.item is not None and target.item > items:
            yield self._problem("item", f"the quiz has {items} items, not {target.item}")
        templates = self.fields["template"].unique().sort().to_list()
        if target.template is not None and target.template not in templates:
            message = f"no worksheet of this build has the template '{target.template}'{suggest(target.template, templates)}"
            yield self._problem("template", message)
        if target.student is not None and target.student not in self.fields["student"]:
            yield self._problem("student", f"there is no student '{target.student}' in this build")
        if target.code is not None:
            if not _code(target.code):
                yield self._problem("code", f"'{target.code}' is no code: a character of it is wrong")
            elif self.fields.filter(Change(0, "drop", code=_code(target.code)).meant).is_empty():
                yield self._problem("code", f"no worksheet of this build has the code {target.code}")

    def unfit(self, change: Change, bank: Bank, secret: bytes) -> Iterator[Problem]:
        """What does not fit together: criteria that no item meets, or an accepted answer and its template."""
        meant = self.fields.filter(change.meant)
        names = self.fields["answer"].unique().sort().to_list()
        if change.answer and change.answer not in names:
            yield self._problem("answer", f"there is no answer '{change.answer}'{suggest(change.answer, names)}")
        elif meant.is_empty():
            yield self.document.problem(self.path, "no item of this build fits all that is said here")
        elif change.value:
            for id in meant["template"].unique().sort():
                yield from self._unfit_value(change, meant.filter(pl.col("template") == id), bank, secret)

    def _unfit_value(self, change: Change, meant: pl.DataFrame, bank: Bank, secret: bytes) -> Iterator[Problem]:
        template = bank[meant["template"][0]]
        try:
            expression = parse(change.value)
            if not any(template.with_value(name, expression) for name in meant["answer"].unique()):
                yield self.document.problem(
                    self.path, f"{template.id} has no numeric answer: give 'response' instead of 'value'"
                )
                return
            variants = template.variants_at(meant["ordinal"].unique(maintain_order=True).to_numpy(), secret=secret)
            for block in variants.blocks:
                unknown = sorted(expression.names - set(block.values))
                if unknown:
                    message = f"{template.id} has no value '{unknown[0]}'{suggest(unknown[0], block.values)}"
                    yield self._problem("value", message)
                    return
                block.numbers(expression)
        except ExpressionError as error:
            yield self._problem("value", str(error))

    def _problem(self, key: str, message: str) -> Problem:
        return self.document.problem((*self.path, key), message)
