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

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import polars as pl
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from quizgen.bank import Bank
from quizgen.bank.source import read_document
from quizgen.bank.validation import validate
from quizgen.errors import PolicyError
from quizgen.grading.change import Change
from quizgen.grading.policy_faults import ACTIONS, as_written, code_as_written, problems_of_changes

_Words = Annotated[str, BeforeValidator(as_written), Field(min_length=1)]


class _TargetSpec(BaseModel):
    """What is meant: an item of the quiz by number, a template, an item by its code, an answer, a student; all must fit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    item: int | None = Field(None, ge=1, description="number in the quiz file, from 1")
    template: str | None = None
    code: str | None = Field(None, description="an item's code as on the worksheet, such as K7QX-3M9P/4")
    answer: str | None = Field(None, description="name of the answer, where an item has several")
    student: _Words | None = None


class _AcceptSpec(_TargetSpec):
    """What else is accepted."""

    response: _Words | None = Field(None, description="a response, as typed")
    value: _Words | None = Field(None, description="an expression of the template, for numeric answers")
    fraction: float = Field(1.0, gt=0, le=1)


class _ChangeSpec(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    drop: _TargetSpec | None = None
    full_marks: _TargetSpec | None = None
    accept: _AcceptSpec | None = None


class _PolicySpec(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    by: str = Field(min_length=1, description="who decided")
    reason: str = Field(min_length=1, description="why, for the audit trail")
    changes: list[_ChangeSpec] = Field(min_length=1)


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
    problems = list(problems_of_changes(document, fields, bank, secret))
    try:
        spec = validate(_PolicySpec, document, error=PolicyError)
    except PolicyError as error:
        raise PolicyError([*error.problems, *problems]) from error
    if problems:
        raise PolicyError(problems)
    return Policy(spec.by, spec.reason, tuple(_change(number, entry) for number, entry in enumerate(spec.changes, 1)))


def _change(number: int, entry: _ChangeSpec) -> Change:
    """The change that an entry without a fault stands for."""
    action = next(action for action in ACTIONS if getattr(entry, action) is not None)
    given = getattr(entry, action).model_dump(exclude_none=True)
    return Change(number, action, **{**given, "code": code_as_written(given.get("code", ""))})
