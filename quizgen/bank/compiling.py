"""From a YAML document to a `Template`, with everything that is wrong with it at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import nodes
from pydantic import ValidationError

from quizgen.answers import Answer, answer_kinds
from quizgen.bank.concepts import Concepts
from quizgen.bank.mistakes import Mistake, Mistakes, unknown_concepts
from quizgen.bank.source import Document
from quizgen.bank.spec import LetSpec, TemplateSpec
from quizgen.bank.spelling import suggest
from quizgen.bank.template import Template
from quizgen.bank.validation import problems_of
from quizgen.bank.workshop import Workshop
from quizgen.errors import BankError, ExpressionError, Problem, QuizgenError
from quizgen.variants.draws import Draw, Scope, draw_kind, read_table
from quizgen.variants.draws.base import Sampler
from quizgen.variants.expressions import RESERVED, Expression, parse
from quizgen.variants.functions import FORMATS
from quizgen.variants.kinds import kind_of
from quizgen.variants.sampler import Case, Let, Program
from quizgen.variants.texts import Compiled
from quizgen.variants.values import REAL, TEXT, Grid, Kind, Significant, Value, constant

_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_]*")
_TRIAL_SECRET = b"quizgen trial"
_TRIAL_VARIANTS = 32


def compile_template(
    id: str,
    document: Document,
    concepts: Concepts | None,
    mistakes: Mistakes,
    read_file: Callable[[str], bytes],
) -> Template:
    """The template of a document.

    ``read_file`` gives the bytes of a data file named relative to the template.

    Raises:
        BankError: every problem found, each at its place.
    """
    return _Compiler(id, document, concepts, mistakes, read_file).template()


class _Compiler:
    """The steps of compiling one template, in the order of its keys."""

    def __init__(
        self,
        id: str,
        document: Document,
        concepts: Concepts | None,
        mistakes: Mistakes,
        read_file: Callable[[str], bytes],
    ) -> None:
        self.id = id
        self.document = document
        self.concepts = concepts
        self.known_mistakes = mistakes
        self.read_file = read_file
        self.shop = Workshop(document)
        self.sources: dict[str, bytes] = {}
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
        used_mistakes = self._mistakes(spec, answers)
        self._concept(spec)
        self._incidental(spec)
        if whole and not shop.problems:
            self._unused(spec)
            self._unanswerable(spec, stem, answers, lets)
        template = Template(
            self.id, spec.title, spec.concept, spec.level, float(spec.minutes), tuple(spec.tags), program, stem, answers,
            spec.answers is None, solution, hints, used_mistakes, tuple(spec.incidental),
            (*self.document.sources, *self.sources.items()),
        )  # fmt: skip
        if whole and not shop.problems:
            self._trial(template)
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
            wrong = {str(fault["loc"][0]) for fault in error.errors() if fault["loc"]}
        rest = {key: value for key, value in data.items() if key in TemplateSpec.model_fields and key not in wrong}
        stand_ins = {"title": "-", "concept": "-", "level": "apply", "minutes": 1, "stem": "-"}
        if not {"answer", "answers"} & set(rest):
            stand_ins["answer"] = {"kind": "essay", "rubric": [{"criterion": "-"}]}
        if {"answer", "answers"} <= set(rest):
            del rest["answers"]
        return TemplateSpec.model_validate({**stand_ins, **rest}), False

    def _cases(self, spec: TemplateSpec) -> list[dict[str, tuple[Value, Kind]]]:
        """Each case's constants; one without fields where there are no cases."""
        cases: list[dict[str, tuple[Value, Kind]]] = []
        fields = set(spec.cases[0]) if spec.cases else set()
        for i, case in enumerate(spec.cases):
            for missing in sorted(fields - set(case)):
                self.shop.problem(("cases", i), f"this case has no '{missing}', which the first case has")
            found: dict[str, tuple[Value, Kind]] = {}
            for name, value in case.items():
                if name not in fields:
                    self.shop.problem(("cases", i, name), f"'{name}' is not in the first case{suggest(name, fields)}", key=True)
                if not _NAME.fullmatch(name):
                    message = f"'{name}' is no name: use letters, digits and _, a letter first"
                    self.shop.problem(("cases", i, name), message, key=True)
                try:
                    found[f"case.{name}"] = constant(value)
                except ExpressionError as error:
                    self.shop.problem(("cases", i, name), str(error))
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
        if not _NAME.fullmatch(name):
            self.shop.problem(path, f"'{name}' is no name: use letters, digits and _, a letter first", key=True)
        elif name in RESERVED:
            self.shop.problem(path, f"'{name}' has a meaning of its own; choose another name", key=True)

    def _prepare_draws(self, spec: TemplateSpec, constants: list[dict[str, tuple[Value, Kind]]]) -> list[Case]:
        """The cases with their draws prepared; a draw that fails is reported for the first case in which it does."""
        tables = self._tables()
        failed = set(spec.draw) - set(self.draws)
        cases = []
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
                except (ExpressionError, ValueError) as error:
                    where = f" (in case {i + 1})" if len(constants) > 1 else ""
                    self.shop.problem(("draw", name), f"{error}{where}")
                    failed.add(name)
                    continue
                samplers.append(sampler)
                kinds.update(sampler.kinds)
                self.shop.define(sampler.kinds, "draw")
                self.shop.used.update(draw.uses())
            self.shop.define(failed, "draw")
            cases.append(Case(values, kinds, tuple(samplers)))
        return cases

    def _tables(self) -> dict[str, tuple[Mapping[str, object], ...]]:
        tables = {}
        for name, draw in list(self.draws.items()):
            for file in draw.files():
                try:
                    raw = self.read_file(file)
                    tables[file] = read_table(file, raw)
                    self.sources[file] = raw
                except QuizgenError as error:
                    self.shop.problem(("draw", name), str(error))
                    self.draws.pop(name, None)
        return tables

    def _lets(self, spec: TemplateSpec, cases: list[Case]) -> tuple[Let, ...]:
        shop = self.shop
        shop.later = dict.fromkeys(spec.let, "let")
        circle = _circle(spec.let)
        if circle:
            names = " → ".join(circle)
            shop.problem(("let", circle[0]), f"these lets need each other in a circle: {names}", key=True)
        kinds: list[dict[str, Kind]] = [dict(case.kinds) for case in cases]
        lets = []
        for name, entry in spec.let.items():
            self._check_name(("let", name), name)
            if name in spec.draw:
                shop.problem(("let", name), f"'{name}' is the name of a draw already", key=True)
            rounded = isinstance(entry, LetSpec)
            path = ("let", name, "value") if rounded else ("let", name)
            source = entry.value if isinstance(entry, LetSpec) else entry
            expression = parse("0") if circle and name in circle else shop.expression(source, path)
            for case_kinds in kinds:
                case_kinds[name] = _declared(entry) or kind_of(expression.node, case_kinds)
            if _shows_format(expression):
                shop.problem(path, "fixed, sig and percent are for showing; to round in let write {value: …, decimals: 3}")
            lets.append(Let(name, expression))
            shop.later.pop(name)
            shop.define([name], "let")
        cases[:] = [Case(case.constants, k, case.samplers) for case, k in zip(cases, kinds, strict=True)]
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
        for place in stem.places:
            if spec.answers is None:
                shop.problem(("stem",), "a single 'answer' needs no place: it stands below the stem")
            elif place not in wanted:
                shop.problem(("stem",), f"there is no answer '{place}'{suggest(place, wanted)}")
        for place in {place for place in stem.places if stem.places.count(place) > 1}:
            shop.problem(("stem",), f"the answer '{place}' is placed twice")
        return tuple(answers)

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

    def _unused(self, spec: TemplateSpec) -> None:
        used = self.shop.used
        for name in spec.draw:
            if name not in used and not any(known.startswith(f"{name}.") for known in used):
                self.shop.problem(("draw", name), f"the draw '{name}' is used nowhere", key=True)
        for name in spec.let:
            if name not in used:
                self.shop.problem(("let", name), f"the let '{name}' is used nowhere", key=True)
        for name in spec.cases[0] if spec.cases else ():
            if f"case.{name}" not in used:
                self.shop.problem(("cases", 0, name), f"the field 'case.{name}' is used nowhere", key=True)

    def _unanswerable(self, spec: TemplateSpec, stem: Compiled, answers: tuple[Answer, ...], lets: tuple[Let, ...]) -> None:
        """Reports keys that do not follow from what the student sees.

        A draw is seen when something shown comes from it exactly: `gold` is, where `words[gold]` is shown. What is shown
        rounded does not tell what it comes from.
        """
        by_name = {let.name: let.expression for let in lets}
        kinds = self.shop.program.cases[0].kinds
        rounded = frozenset().union(*(stem.rounded_names(k) for k in self.shop.kinds))
        shown = stem.names | frozenset(name for answer in answers for name in answer.shown_names())
        whole = {name for name in by_name if not isinstance(spec.let[name], LetSpec) and kinds[name] != REAL}
        seen = _closure(shown - rounded, {name: by_name[name] for name in whole})
        for answer in answers:
            path = ("answer",) if len(answers) == 1 and answer.name == "answer" else ("answers", answer.name)
            for name in sorted(_closure(answer.key_names(), by_name, seen)):
                if name in rounded:
                    message = (
                        f"the key depends on '{name}', which the stem shows only rounded: "
                        f"round it in let, {name}: {{value: …, decimals: …}}"
                    )
                    self.shop.problem(path, message)
                elif name not in by_name and not name.startswith("case.") and kinds.get(name) != TEXT:
                    self.shop.problem(path, f"the key depends on the draw '{name}', which the student does not see")

    def _trial(self, template: Template) -> None:
        """Draws some variants through everything that a build does, so that what fails does so before a student sees it."""
        count = max(_TRIAL_VARIANTS, 4 * len(template.program.cases))
        try:
            variants = template.variants(secret=_TRIAL_SECRET, count=min(count, 400))
            for keyed in template.keyed_items(variants):
                for _, interaction in keyed.item.interactions:
                    assert interaction is not None
        except QuizgenError as error:
            self.shop.problems.append(self._placed(error))

    def _placed(self, error: QuizgenError) -> Problem:
        """The error at the expression that it came from, where that is known."""
        message = str(error).removeprefix(f"{self.id}: ")
        for source, path in self.shop.places.items():
            if message.startswith((f"in '{source[:77]}", f"'{source[:77]}")):
                return self.document.problem(path, message)
        return self.document.problem(("require",) if "require" in self.document.data else ("draw",), message)


def _declared(entry: str | float | LetSpec) -> Kind | None:
    if not isinstance(entry, LetSpec):
        return None
    return Grid(entry.decimals) if entry.decimals is not None else Significant(entry.sigfigs or 1)


def _shows_format(expression: Expression) -> bool:
    whole = nodes.Output([expression.node])  # find_all looks below a node only
    return any(node.name in FORMATS for node in whole.find_all(nodes.Filter))


def _circle(lets: Mapping[str, str | float | LetSpec]) -> list[str]:
    """Lets that need each other in a circle, the first one again at the end; empty where there is none."""
    needs: dict[str, list[str]] = {}
    for name, entry in lets.items():
        source = entry.value if isinstance(entry, LetSpec) else entry
        try:
            needs[name] = sorted(used for used in parse(str(source)).names if used in lets)
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


def _closure(names: frozenset[str], lets: Mapping[str, Expression], without: frozenset[str] = frozenset()) -> frozenset[str]:
    """The names and, through these lets, all that they come from; what is in ``without`` is not followed or named."""
    found: set[str] = set()
    stack = list(names)
    while stack:
        name = stack.pop()
        if name not in found and name not in without:
            found.add(name)
            if name in lets:
                stack.extend(lets[name].names)
    return frozenset(found)
