"""The compiler of one template: turns sources into expressions and texts, and collects everything that is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from quizgen.answers.base import Path
from quizgen.bank.source import Document
from quizgen.errors import ExpressionError, Problem
from quizgen.items import Text
from quizgen.rendering import check_text
from quizgen.spelling import suggest
from quizgen.variants.expressions import Expression, check_form, from_node, parse, parse_node, place_of_name
from quizgen.variants.sampler import Program
from quizgen.variants.tags import TextFault
from quizgen.variants.texts import Compiled, compile_text
from quizgen.variants.values import Kind
from quizgen.variants.written import written

STAND_IN = from_node("0", parse_node("0"))
"""Stands where an expression is wrong; the template is refused anyway."""


@dataclass(slots=True)
class Workshop:
    """Collects problems and the names in use while a template is compiled."""

    document: Document
    names: dict[str, str] = field(default_factory=dict)
    """Every name that may be used now, with what it is: a draw, a let, a field of the case."""
    broken: set[str] = field(default_factory=set)
    """Names that are wrong themselves, so that nothing more is said of what depends on them."""
    later: dict[str, str] = field(default_factory=dict)
    """Names that are defined further down, for a better message."""
    used: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    given: list[str] = field(default_factory=list)
    """Numeric answers before the one that is compiled."""
    program: Program = field(default_factory=lambda: Program("", (), (), ()))
    places: dict[str, list[Path]] = field(default_factory=dict)
    """Where each source stands, in order, to say where an error arose while computing."""

    @property
    def kinds(self) -> Iterable[Mapping[str, Kind]]:
        """The kinds of names; cases that agree in them share one map, which stands here once."""
        return {id(case.kinds): case.kinds for case in self.program.cases}.values()

    def problem(self, path: Path, message: str, *, key: bool = False) -> None:
        """Reports what is wrong with a value, or with its key."""
        self.problems.append(self.document.problem(path, message, key))

    def expression(self, source: object, path: Path, *, given: Sequence[str] = ()) -> Expression:
        """The expression of a value; a stand-in where it is wrong."""
        text = str(source).lower() if isinstance(source, bool) else written(source)
        try:
            expression = parse(text.strip())
            check_form(expression)
        except ExpressionError as error:
            self.problem(path, str(error))
            return STAND_IN
        message, name = self.wrong_name(expression, bool(given))
        if message:
            column = place_of_name(text, name) + 1
            self.problems.append(self.document.text_problem(path, message, 1, column))
            return STAND_IN
        self.places.setdefault(expression.source, []).append(path)
        return expression

    def wrong_name(self, expression: Expression, given: bool = False) -> tuple[str, str]:
        """What is wrong with the names of an expression, and which name; empty where nothing is."""
        for name in sorted(expression.names, key=lambda name: place_of_name(expression.source, name)):
            record, _, attribute = name.partition(".")
            if name in self.names:
                self.used.add(name)
            elif name in self.broken or record in self.broken:
                self.broken.add(name)
            elif record == "given":
                if not given:
                    return "'given' is for 'follow_through' only", name
                if attribute not in self.given:
                    return (
                        f"'{attribute}' is no numeric answer before this one{suggest(attribute, self.given)}",
                        name,
                    )
            elif name == "case":
                return "'case' is written with a field, as in case.word", name
            elif record == "answer":
                return "'answer' stands alone in {{ answer.name }}, or in a column of table(…)", name
            elif name in self.later:
                return f"'{name}' is defined further down; a let may use draws, the case and earlier lets", name
            else:
                columns = [known for known in self.names if known.startswith(f"{name}.")]
                if columns:
                    return f"'{name}' is a row of a data file: write {' or '.join(columns[:4])}", name
                return f"there is no '{name}'{suggest(name, self.names)}", name
        return "", ""

    def text(self, source: str, path: Path, *, inline: bool = True, may_place: bool = False) -> Compiled:
        """The compiled text, checked for what it shows; an empty one where it is wrong."""
        try:
            compiled = compile_text(source, lambda expression: self.wrong_name(expression)[0], inline=inline)
        except ExceptionGroup as group:
            self._report(path, [error for error in group.exceptions if isinstance(error, TextFault)])
            return Compiled(Text("", (), inline), ())
        found = [TextFault(line, column, message) for line, column, message in check_text(compiled.text)]
        for kinds in self.kinds:
            complaints = list(compiled.complaints(kinds, self.broken))
            if complaints:
                found.extend(complaints)
                break
        if not may_place:
            found.extend(
                TextFault(tag.line, tag.column, "an answer can be placed in the stem only")
                for tag, hole in zip(compiled.text.tags, compiled.holes, strict=True)
                if hole and hole.places
            )
        if inline and "\n\n" in source.strip():
            found.append(TextFault(1, 1, "this text is a single paragraph: take out the blank line"))
        self._report(path, found)
        for hole in compiled.holes:
            for expression in hole.expressions if hole else ():
                self.places.setdefault(expression.source, []).append(path)
        return compiled

    def _report(self, path: Path, problems: Iterable[TextFault]) -> None:
        for problem in problems:
            self.problems.append(self.document.text_problem(path, problem.message, problem.line, problem.column))

    def define(self, names: Iterable[str], what: str) -> None:
        """Makes names known."""
        self.names.update(dict.fromkeys(names, what))
