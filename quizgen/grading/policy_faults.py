"""What is wrong with the changes of a regrading policy: what is named but not there, and what does not fit together.

The changes are judged as they are written, each part by itself, so that a fault in one part hides no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

import polars as pl

from quizgen.bank import Bank
from quizgen.bank.source import Document, KeyPath, WrittenFloat
from quizgen.errors import ExpressionError, Problem
from quizgen.grading.change import Action, Change
from quizgen.quizzes.codes import read_code
from quizgen.spelling import closest, suggest
from quizgen.variants.expressions import parse

ACTIONS: tuple[Action, ...] = get_args(Action)

_WHICH = ("item", "template", "code")
_WORDS = ("template", "code", "answer", "student", "response", "value")
_KEYS = {"item", "fraction", *_WORDS}
_SAY_WHICH = "say which items are meant: item (a number), template or code"


def as_written(value: Any) -> Any:
    """A number of the file as the text that it was written as; anything else as it is."""
    if isinstance(value, WrittenFloat):
        return value.text
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def code_as_written(text: str) -> str:
    """The code as it stands on worksheets; empty for what is none."""
    sheet, item = read_code(text) or ("", None)
    return sheet if item is None else f"{sheet}/{item}"


def problems_of_changes(document: Document, fields: pl.DataFrame, bank: Bank, secret: bytes) -> Iterator[Problem]:
    """Every problem of a policy's changes but those of the kinds of its values, which the model of the file tells."""
    entries = document.value(("changes",))
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        path = ("changes", number)
        if not isinstance(entry, dict):
            continue
        actions = [action for action in ACTIONS if action in entry]
        if len(actions) > 1:
            message = f"{actions[0]} stands in this change already: a change is one of drop, full_marks and accept"
            yield document.problem((*path, actions[1]), message, key=True)
        elif not entry:
            yield document.problem(path, "a change is one of drop, full_marks and accept")
        for action in actions:
            target = entry[action]
            if target is None:
                yield document.problem((*path, action), _SAY_WHICH)
            elif isinstance(target, dict):
                yield from _Entry(document, (*path, action), action, target, fields).problems(bank, secret)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One change as written: its place in the file, and the fields of the build that it may be for."""

    document: Document
    path: KeyPath
    action: Action
    target: Mapping[str, Any]
    fields: pl.DataFrame

    def problems(self, bank: Bank, secret: bytes) -> Iterator[Problem]:
        """All that is wrong."""
        found = [*self._incomplete(), *self._unknown()]
        yield from found or self._unfit(bank, secret)

    @property
    def _change(self) -> Change:
        """The change, as far as it can be read."""
        words = {key: as_written(self.target.get(key)) for key in _WORDS}
        given: dict[str, Any] = {key: word for key, word in words.items() if isinstance(word, str)}
        given["code"] = code_as_written(given.get("code", ""))
        item = self.target.get("item")
        if isinstance(item, int) and not isinstance(item, bool) and item > 0:
            given["item"] = item
        return Change(0, self.action, **given)

    def _incomplete(self) -> Iterator[Problem]:
        """What is missing, or said twice. A misspelt key may be the missing one, and is told by itself."""
        misspelt = not self.target.keys() <= _KEYS
        if not misspelt and not any(key in self.target for key in _WHICH):
            yield self.document.problem(self.path, _SAY_WHICH)
        ways = [key for key in ("response", "value") if key in self.target]
        if self.action == "accept" and (len(ways) == 2 or (not ways and not misspelt)):
            yield self.document.problem(self.path, "give 'response' (as typed) or 'value' (an expression)")

    def _unknown(self) -> Iterator[Problem]:
        """What is named but not there."""
        change = self._change
        items: Any = self.fields["item"].max()
        if change.item > items:
            yield self._problem("item", f"the quiz has {items} item{'s' if items != 1 else ''}, not {change.item}")
        templates = self.fields["template"].unique().sort().to_list()
        if change.template and change.template not in templates:
            message = f"no worksheet of this build has the template '{change.template}'{suggest(change.template, templates)}"
            yield self._problem("template", message)
        students = self.fields["student"].unique().sort().to_list()
        if change.student and change.student not in students:
            near = closest(change.student, students)
            hint = f'; did you mean "{near}"?' if near else "; write the id as on the class list"
            yield self._problem("student", f"there is no student '{change.student}' in this build{hint}")
        written = self.target.get("code")
        if isinstance(written, str) and written:
            if not change.code:
                example = self.fields["code"][0]
                yield self._problem("code", f"'{written}' is no code, or a character of it is wrong; a code is like {example}")
            elif self.fields.filter(Change(0, "drop", code=change.code).meant).is_empty():
                yield self._problem("code", f"no worksheet of this build has the code {written}")
        if change.answer:
            yield from self._unknown_answer(change)
        if change.value:
            try:
                parse(change.value)
            except ExpressionError as error:
                yield self._problem("value", str(error))

    def _unknown_answer(self, change: Change) -> Iterator[Problem]:
        """An answer that no field of what else is said has; of any field, where nothing fits that."""
        meant = Change(0, "drop", item=change.item, template=change.template, code=change.code, student=change.student)
        there = self.fields.filter(meant.meant)
        names = (self.fields if there.is_empty() else there)["answer"].unique(maintain_order=True).to_list()
        if change.answer not in names:
            yield self._problem("answer", f"there is no answer '{change.answer}'{suggest(change.answer, names)}")

    def _unfit(self, bank: Bank, secret: bytes) -> Iterator[Problem]:
        """What does not fit together: criteria that no item meets, or an accepted answer and its template."""
        change = self._change
        meant = self.fields.filter(change.meant)
        if meant.is_empty():
            yield self.document.problem(self.path, "no item of this build fits all that is said here")
        elif change.value:
            for id in meant["template"].unique().sort():
                yield from self._unfit_value(change, meant.filter(pl.col("template") == id), bank, secret)

    def _unfit_value(self, change: Change, meant: pl.DataFrame, bank: Bank, secret: bytes) -> Iterator[Problem]:
        template = bank[meant["template"][0]]
        expression = parse(change.value)
        if not any(template.with_value(name, expression) for name in meant["answer"].unique()):
            message = f"{template.id} has no numeric answer: give 'response' instead of 'value'"
            yield self.document.problem(self.path, message)
            return
        variants = template.variants_at(meant["ordinal"].unique(maintain_order=True).to_numpy(), secret=secret)
        try:
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
