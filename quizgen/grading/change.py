"""One change of a regrading policy, and the rows of a table that it is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import polars as pl

Action: TypeAlias = Literal["drop", "full_marks", "accept"]


@dataclass(frozen=True, slots=True)
class Change:
    """One change. ``number`` is its place in the file, from 1; empty texts and 0 leave a criterion open."""

    number: int
    action: Action
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
        return pl.all_horizontal(pl.lit(True), *tests)
