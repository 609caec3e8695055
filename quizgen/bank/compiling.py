"""From a YAML document to a `Template`, with everything that is wrong with it at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import nodes
from pydantic import ValidationError

from quizgen.answers import Answer, answer_kinds
from quizgen.answers.numeric import NumericAnswer
from quizgen.bank.concepts import Concepts
from quizgen.bank.mistakes import Mistake, Mistakes, unknown_concepts
from quizgen.bank.source import Document
from quizgen.bank.spec import LetSpec, TemplateSpec, let_source
from quizgen.bank.template import Template
from quizgen.bank.trial import draw_trial, hidden_keys
from quizgen.bank.validation import problems_of
from quizgen.bank.workshop import STAND_IN, Workshop
from quizgen.errors import BankError, ExpressionError, Problem, QuizgenError
from quizgen.spelling import suggest
from quizgen.variants.draws import Draw, Scope, draw_kind, read_table
from quizgen.variants.draws.base import Sampler, Table
from quizgen.variants.expressions import RESERVED, Expression, parse
from quizgen.variants.kinds import kind_of
from quizgen.variants.sampler import Case, Let, Program
from quizgen.variants.texts import Compiled
from quizgen.variants.values import MAX_NUMBER, REAL, Grid, Kind, Significant, Value, constant
from quizgen.variants.words import FORMATS

_NAMED = ("draw", "let", "answers", "mistakes")
"""Keys whose value is a map from names, so that one entry can be wrong and the others right."""

_WHOLE = 80
"""An expression of up to so many characters is quoted as a whole in a message."""

_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_]*")

_AT = re.compile(r"^at address \d+: ")
"""An address of the trial, which says nothing to an author."""


def compile_template(
    id: str,
    document: Document,
    concepts: Concepts | None,
    mistakes: Mistakes,
    read_file: Callable[[str], bytes],
    *,
    prove: bool = True,
) -> Template:
    """The template of a document.

    ``read_file`` gives the bytes of a data file named relative to the template. Without ``prove`` no variants are drawn to
    see whether they can be: for a template that was proven before.

    Raises:
        BankError: every problem found, each at its place.
    """
    return _Compiler(id, document, concepts, mistakes, read_file, prove).template()


class _Compiler:
    """The steps of compiling one template, in the order of its keys."""

    def __init__(
        self,
        id: str,
        document: Document,
        concepts: Concepts | None,
        mistakes: Mistakes,
        read_file: Callable[[str], bytes],
        prove: bool,
    ) -> None:
        self.id = id
        self.document = document
        self.concepts = concepts
        self.known_mistakes = mistakes
        self.read_file = read_file
        self.prove = prove
        self.shop = Workshop(document)
        self.draws: dict[str, Draw] = {}

    def template(self) -> Template:
        spec, whole = self._spec()
        shop = self.shop
        constants = self._cases(spec)
        self._draws(spec)
        cases = self._prepare_draws(spec, constants)
        lets = self._lets(spec, cases)
        shop.program = Program(self.id, tuple(cases), lets, ())
        requires = tuple(
            shop.expression(source, ("require", i)) for i, source in enumerate(spec.require)
        )  # fmt: skip
        shop.program = program = Program(self.id, tuple(cases), lets, requires)
        stem = shop.text(spec.stem, ("stem",), inline=False, may_place=True)
        answers = self._answers(spec, stem)
        solution = shop.text(spec.solution, ("solution",), inline=False) if spec.solution else None
        hints = tuple(shop.text(hint, ("hints", i)) for i, hint in enumerate(spec.hints))
        sound = whole and not shop.problems  # what follows is wrong in itself only: variants can be drawn all the same
        verify = self._verify(spec, answers)
        used_mistakes = self._mistakes(spec, answers)
        self._concept(spec)
        self._incidental(spec)
        if whole:
            self._unused(spec, sound)
        template = Template(
            self.id, spec.title, spec.concept, spec.level, float(spec.minutes), tuple(spec.tags), program, stem, answers,
            spec.answers is None, solution, hints, used_mistakes, tuple(spec.incidental),
            self.document.sources, verify, dict(spec.waive),
        )  # fmt: skip
        if self.prove and sound:
            try:
                for path, message in hidden_keys(template, spec, draw_trial(template)):
                    shop.problem(path, message)
            except QuizgenError as error:
                shop.problems.append(self._placed(error))
        if shop.problems:
            raise BankError(shop.problems)
        return template

    def _spec(self) -> tuple[TemplateSpec, bool]:
        """The checked keys; where some are wrong, the rest of them with stand-ins, and False."""
        data = self.document.data
        if not isinstance(data, dict):
            raise BankError([self.document.problem((), "a template is a map of keys such as title, draw, stem and answer")])
        try:
            return TemplateSpec.model_validate(data), True
        except ValidationError as error:
            self.shop.problems.extend(problems_of(error, self.document, (), TemplateSpec))
            places = [fault["loc"] for fault in error.errors() if fault["loc"]]
        rest = self._without(data, places)
        stand_ins = {"title": "-", "concept": "-", "level": "apply", "minutes": 1, "stem": "-"}
        for key in ("answer", "answers"):
            if not rest.get(key):
                rest.pop(key, None)
        if not {"answer", "answers"} & set(rest):
            stand_ins["answer"] = {"kind": "essay", "rubric": [{"criterion": "-"}]}
        if {"answer", "answers"} <= set(rest):
            del rest["answers"]
        return TemplateSpec.model_validate({**stand_ins, **rest}), False

    def _without(self, data: Mapping[str, Any], places: list[tuple[int | str, ...]]) -> dict[str, Any]:
        """The keys without what is wrong: of a map only the entries that are; their names are known to be broken."""
        rest = {key: value for key, value in data.items() if key in TemplateSpec.model_fields}
        for key, *entries in places:
            value = rest.get(str(key))
            if key in _NAMED and isinstance(value, dict) and entries and entries[0] in value:
                self.shop.broken.add(str(entries[0]))
                rest[str(key)] = {name: entry for name, entry in value.items() if name != entries[0]}
            elif rest.pop(str(key), None) is not None:
                self.shop.broken.update(["case"] if key == "cases" else value if isinstance(value, dict) else ())
        return rest

    def _cases(self, spec: TemplateSpec) -> list[dict[str, tuple[Value, Kind]]]:
        """Each case's constants; one without fields where there are no cases."""
        cases: list[dict[str, tuple[Value, Kind]]] = []
        fields = set(spec.cases[0]) if spec.cases else set()
        for i, case in enumerate(spec.cases):
            for missing in sorted(fields - set(case)):
                self.shop.broken.add(f"case.{missing}")
                self.shop.problem(("cases", i), f"this case has no '{missing}', which the first case has")
            found: dict[str, tuple[Value, Kind]] = {}
            for name, value in case.items():
                if name not in fields:
                    self.shop.problem(("cases", i, name), f"'{name}' is not in the first case{suggest(name, fields)}", key=True)
                if not _NAME.fullmatch(name):
                    message = f"'{name}' is no name: use letters, digits and _, a letter first"
                    self.shop.problem(("cases", i, name), message, key=True)
                    self.shop.broken.add(f"case.{name}")
                try:
                    found[f"case.{name}"] = constant(value)
                except ExpressionError as error:
                    self.shop.problem(("cases", i, name), str(error))
                    self.shop.broken.add(f"case.{name}")
                    found[f"case.{name}"] = (0.0, REAL)
            cases.append({**{f"case.{name}": (0.0, REAL) for name in fields}, **found})
        self.shop.define((f"case.{name}" for name in fields), "case")
        return cases or [{}]

    def _draws(self, spec: TemplateSpec) -> None:
        for name, data in spec.draw.items():
            self._check_name(("draw", name), name)
            try:
                _, kind = draw_kind(data)
                self.draws[name] = kind.model_validate(data)
            except ExpressionError as error:
                self.shop.problem(("draw", name), str(error))
            except ValidationError as error:
                self.shop.problems.extend(problems_of(error, self.document, ("draw", name), kind))

    def _check_name(self, path: tuple[str, ...], name: str) -> None:
        if name in RESERVED or not _NAME.fullmatch(name):
            self.shop.broken.add(name)
        if not _NAME.fullmatch(name):
            self.shop.problem(path, f"'{name}' is no name: use letters, digits and _, a letter first", key=True)
        elif name in RESERVED:
            self.shop.problem(path, f"'{name}' has a meaning of its own; choose another name", key=True)

    def _prepare_draws(self, spec: TemplateSpec, constants: list[dict[str, tuple[Value, Kind]]]) -> list[Case]:
        """The cases with their draws prepared; a draw that fails is reported for the first case in which it does."""
        tables = self._tables()
        failed = set(spec.draw) - set(self.draws)
        cases = []
        shared: dict[tuple[tuple[str, Kind], ...], dict[str, Kind]] = {}
        for i, fields in enumerate(constants):
            values = {name: value for name, (value, _) in fields.items()}
            kinds = {name: kind for name, (_, kind) in fields.items()}
            samplers: list[Sampler] = []
            for name, draw in self.draws.items():
                if name in failed:
                    continue
                try:
                    sampler = draw.prepare(name, Scope(values, kinds, tables))
                    unknown = [used for used in draw.uses() if used not in kinds]
                    if unknown:
                        raise ExpressionError(f"there is no earlier '{unknown[0]}'{suggest(unknown[0], kinds)}")
                except (ExpressionError, ValueError) as error:  # ValueError: a validator called late
                    where = f" (in case {i + 1})" if len(constants) > 1 else ""
                    self.shop.problem(("draw", name), f"{error}{where}")
                    failed.add(name)
                    continue
                samplers.append(sampler)
                kinds.update(sampler.kinds)
                self.shop.define(sampler.kinds, "draw")
                self.shop.used.update(draw.uses())
            self.shop.define(failed, "draw")
            self.shop.broken.update(failed)
            cases.append(Case(values, shared.setdefault(tuple(kinds.items()), kinds), tuple(samplers)))
        return cases

    def _tables(self) -> dict[str, Table]:
        tables = {}
        for name, draw in list(self.draws.items()):
            for file in draw.files():
                try:
                    tables[file] = read_table(file, self.read_file(file))
                except QuizgenError as error:
                    self.shop.problem(("draw", name), str(error))
                    self.draws.pop(name, None)
        return tables

    def _lets(self, spec: TemplateSpec, cases: list[Case]) -> tuple[Let, ...]:
        shop = self.shop
        shop.later = dict.fromkeys(spec.let, "let")
        circle = _circle({name: let_source(entry) for name, entry in spec.let.items()})
        if circle:
            names = " → ".join(circle)
            shop.problem(("let", circle[0]), f"these lets need each other in a circle: {names}", key=True)
        kinds = {id(case.kinds): dict(case.kinds) for case in cases}
        lets = []
        for name, entry in spec.let.items():
            self._check_name(("let", name), name)
            if name in spec.draw:
                shop.problem(("let", name), f"'{name}' is the name of a draw already", key=True)
            path = ("let", name, "value") if isinstance(entry, LetSpec) else ("let", name)
            expression = STAND_IN if name in circle else shop.expression(let_source(entry), path)
            if expression is STAND_IN or expression.names & shop.broken:
                shop.broken.add(name)
            for case_kinds in kinds.values():
                case_kinds[name] = _declared(entry) or kind_of(expression.node, case_kinds)
            if _shows_format(expression):
                shop.problem(path, "fixed, sig and percent are for showing; to round in let write {value: …, decimals: 3}")
            lets.append(Let(name, expression))
            shop.later.pop(name)
            shop.define([name], "let")
        cases[:] = [Case(case.constants, kinds[id(case.kinds)], case.samplers) for case in cases]
        return tuple(lets)

    def _answers(self, spec: TemplateSpec, stem: Compiled) -> tuple[Answer, ...]:
        shop = self.shop
        named: list[tuple[str, tuple[str, ...], dict[str, Any]]] = []
        if spec.answers is not None:
            for name, data in spec.answers.items():
                if not _NAME.fullmatch(name):
                    shop.problem(("answers", name), f"'{name}' is no name: use letters, digits and _", key=True)
                named.append((name, ("answers", name), data))
        else:
            named.append(("answer", ("answer",), spec.answer or {}))
        answers = []
        for name, path, data in named:
            answer = self._answer(name, path, data)
            if answer is not None:
                answers.append(answer)
                if data.get("kind") == "numeric":
                    shop.given.append(name)
        wanted = [name for name, _, _ in named]
        self._places(stem, wanted, single=spec.answers is None)
        return tuple(answers)

    def _places(self, stem: Compiled, wanted: list[str], *, single: bool) -> None:
        """Reports places in the stem of answers that are not there, or are placed already."""
        placed: set[str] = set()
        for tag, hole in zip(stem.text.tags, stem.holes, strict=True):
            for place in hole.places if hole else ():
                message = ""
                if single:
                    message = "a single 'answer' needs no place: it stands below the stem"
                elif place not in wanted:
                    message = f"there is no answer '{place}'{suggest(place, wanted)}"
                elif place in placed:
                    message = f"the answer '{place}' is placed twice"
                if message:
                    self.shop.problems.append(self.document.text_problem(("stem",), message, tag.line, tag.column))
                placed.add(place)

    def _answer(self, name: str, path: tuple[str, ...], data: dict[str, Any]) -> Answer | None:
        kinds = answer_kinds()
        kind = str(data.get("kind"))
        if kind not in kinds:
            wanted = f"there is no kind of answer '{kind}'{suggest(kind, kinds)}" if "kind" in data else (
                f"an answer needs 'kind': {', '.join(kinds)}"
            )  # fmt: skip
            self.shop.problem((*path, "kind"), wanted)
            return None
        try:
            spec = kinds[kind].model_validate(data)
        except ValidationError as error:
            self.shop.problems.extend(problems_of(error, self.document, path, kinds[kind]))
            return None
        return spec.compile(name, path, self.shop)

    def _verify(self, spec: TemplateSpec, answers: tuple[Answer, ...]) -> dict[str, Expression]:
        """The second formulas of numeric keys."""
        several = spec.verify if isinstance(spec.verify, dict) else {"answer": spec.verify}
        numeric = [answer.name for answer in answers if isinstance(answer, NumericAnswer)]
        found = {}
        for name, source in several.items():
            path = ("verify", name) if isinstance(spec.verify, dict) else ("verify",)
            if name not in numeric:
                self.shop.problem(path, f"there is no numeric answer '{name}'{suggest(name, numeric)}", key=path != ("verify",))
            found[name] = self.shop.expression(source, path)
        return found

    def _mistakes(self, spec: TemplateSpec, answers: tuple[Answer, ...]) -> dict[str, Mistake]:
        """The mistakes that the answers can diagnose."""
        own = {id: entry.mistake(id) for id, entry in spec.mistakes.items()}
        if self.concepts is not None:
            self.shop.problems.extend(unknown_concepts(spec.mistakes, self.concepts, self.document, ("mistakes",)))
        found: dict[str, Mistake] = {}
        for answer in answers:
            base = ("answer",) if spec.answers is None else ("answers", answer.name)
            for id, path in answer.mistakes():
                where = path if path[: len(base)] == base else (*base, *path)
                mistake = own.get(id) or self.known_mistakes.get(id)
                if mistake is None:
                    known = [*own, *self.known_mistakes]
                    self.shop.problem(where, f"there is no mistake '{id}' in mistakes.yaml{suggest(id, known)}")
                else:
                    found[id] = mistake
        for id in own:
            if id not in found:
                self.shop.problem(("mistakes", id), f"the mistake '{id}' is not used by any answer", key=True)
        return found

    def _concept(self, spec: TemplateSpec) -> None:
        if self.concepts is not None and spec.concept != "-" and spec.concept not in self.concepts:
            message = f"there is no concept '{spec.concept}' in concepts.yaml{suggest(spec.concept, self.concepts)}"
            self.shop.problem(("concept",), message)

    def _incidental(self, spec: TemplateSpec) -> None:
        for i, name in enumerate(spec.incidental):
            if name != "case" and name not in spec.draw:
                self.shop.problem(("incidental", i), f"'{name}' is no draw{suggest(name, ['case', *spec.draw])}")

    def _unused(self, spec: TemplateSpec, sound: bool) -> None:
        used = self.shop.used | self.shop.broken
        if not sound:  # what is wrong may hide a use, so only a name that is written nowhere else is told
            raw = self.document.raw.decode("utf-8", "replace")
            names = {name for name in (*spec.draw, *spec.let) if _NAME.fullmatch(name) and name not in RESERVED}
            used = used | {*spec.draw, *spec.let} - {n for n in names if len(re.findall(rf"\b{n}\b", raw)) == 1}
            fields = spec.cases[0] if spec.cases else {}
            used |= {f"case.{name}" for name in fields if f"case.{name}" in raw or not _NAME.fullmatch(name)}
        for name in spec.draw:
            if name not in used and not any(known.startswith(f"{name}.") for known in used):
                self.shop.problem(("draw", name), f"the draw '{name}' is used nowhere", key=True)
        for name in spec.let:
            if name not in used:
                self.shop.problem(("let", name), f"the let '{name}' is used nowhere", key=True)
        for name in spec.cases[0] if spec.cases else ():
            if f"case.{name}" not in used:
                self.shop.problem(("cases", 0, name), f"the field 'case.{name}' is used nowhere", key=True)

    def _placed(self, error: QuizgenError) -> Problem:
        """The error at the expression that it came from, where that is known."""
        message = _AT.sub("", str(error).removeprefix(f"{self.id}: "))
        one_wanted = "' is a list" in message and " cell " not in message  # texts show lists: an answer wants one number
        for source, paths in self.shop.places.items():
            quoted = f"'{source}'" if len(source) <= _WHOLE else f"'{source[: _WHOLE - 3]}"
            if message.startswith((f"in {quoted}", quoted)):
                return self.document.problem(paths[-1 if one_wanted else 0], message)
        return self.document.problem(("require",) if "require" in self.document.data else ("draw",), message)


def _declared(entry: object) -> Kind | None:
    """The kind that a let states itself: how it is rounded, or as a number."""
    if not isinstance(entry, LetSpec):
        return constant(entry)[1] if isinstance(entry, int | float) and abs(entry) <= MAX_NUMBER else None
    return Grid(entry.decimals) if entry.decimals is not None else Significant(entry.sigfigs or 1)


def _shows_format(expression: Expression) -> bool:
    whole = nodes.Output([expression.node])  # find_all looks below a node only
    return any(node.name in FORMATS for node in whole.find_all(nodes.Filter))


def _circle(lets: Mapping[str, str]) -> list[str]:
    """Lets that need each other in a circle, the first one again at the end; empty where there is none."""
    needs: dict[str, list[str]] = {}
    for name, source in lets.items():
        try:
            needs[name] = sorted(used for used in parse(source).names if used in lets)
        except ExpressionError:
            needs[name] = []

    def search(name: str, path: list[str], done: set[str]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return []
        done.add(name)
        for needed in needs[name]:
            found = search(needed, [*path, name], done)
            if found:
                return found
        return []

    done: set[str] = set()
    return next((found for name in needs if (found := search(name, [], done))), [])
