"""Checking templates: which findings count, where they stand, and many templates on all cores."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

from quizgen.bank import Bank, Template, load_bank
from quizgen.bank.files import unpacked_files
from quizgen.bank.source import Document, read_with_extends
from quizgen.checking import Check, Figure, Severity, Sweep, checks
from quizgen.checking.carrying import Carried
from quizgen.checking.exhaustive import Space, space_of
from quizgen.errors import Problem, ProblemsError, QuizgenError
from quizgen.shipped import bank_folder
from quizgen.spelling import closest
from quizgen.workers import Lost, Workers, team, without_collecting

OWN: Mapping[str, tuple[Severity, str]] = {
    "load": (
        "error",
        "The template does not load: its YAML, a name, an expression or a text is wrong, or its key cannot be seen.",
    ),
    "crashed": (
        "error",
        "A check broke down for a reason that it does not know, which is a fault of the check or of quizgen: report it. "
        "`--debug` shows where. What other checks find stands.",
    ),
    "waiver": ("error", "A waiver names no check, or (a warning then) a check that finds nothing here: take the waiver out."),
    "all": (
        "note",
        "The combinations of cases and draws cannot be counted, or not all were met, where `--all` asks for them.",
    ),
}
"""What is found besides what the checks find: its name, its severity, and what it says."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding in its place. ``waived`` is the template's reason for letting it be, empty where it counts.

    ``traceback`` says where a check broke down.
    """

    check: str
    severity: Severity
    place: Problem
    ordinal: int | None = None
    waived: str = ""
    traceback: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What checking one template found, and what was measured. ``checks`` are the names of those that ran."""

    template: str
    variants: int
    found: tuple[Found, ...]
    figures: tuple[Figure, ...] = ()
    checks: tuple[str, ...] = ()
    file: str = ""
    bank: str = ""
    """The folder of the template's bank; empty for the shipped one."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to check: how many variants from which address, more addresses by file, and which checks (all where none).

    With ``exhaustive`` also every combination of cases and draws, where they can be counted.
    """

    count: int = 2000
    start: int = 0
    more: Mapping[str, Sequence[int]] | None = None
    only: frozenset[str] = frozenset()
    exhaustive: bool = False

    def checks(self) -> list[Check]:
        """The checks that are asked for."""
        return [check for name, check in checks().items() if not self.only or name in self.only]


def check_template(template: Template, document: Document, plan: Plan) -> Report:
    """What all checks find in a template; that a check cannot compute a variant, or breaks down, is a finding too."""
    found = list(_unknown_waivers(template, document))
    figures: list[Figure] = []
    space = _everywhere(template, document, found, figures) if plan.exhaustive else Space.uncounted("it was not asked for")
    more = [*(plan.more or {}).get(document.name, ()), *space.ordinals.tolist()]
    sweep = Sweep(template, plan.count, plan.start, more, complete=space.is_complete)
    checks = plan.checks()
    for check in checks:
        try:
            for one in check.find(sweep):
                if isinstance(one, Figure):
                    figures.append(one)
                    continue
                place = document.problem(one.path, one.message)
                found.append(Found(check.name, check.severity, place, one.ordinal, template.waive.get(check.name, "")))
        except QuizgenError as error:
            message = str(error).removeprefix(f"{template.id}: ")
            if all(one.place.message != message for one in found):  # each check meets what cannot be computed
                found.append(Found(check.name, "error", document.problem((), message)))
        except Exception as error:
            found.append(_crashed(f"the check '{check.name}'", error, document.problem((), "")))
    found.extend(_idle_waivers(template, document, found, plan))
    names = tuple(check.name for check in checks)
    return Report(template.id, len(sweep.ordinals), tuple(found), tuple(figures), names, document.name)


def _crashed(what: str, error: BaseException, place: Problem) -> Found:
    message = f"{what} broke down: {type(error).__name__}: {error}".rstrip(": ")
    where = "".join(traceback.format_exception(error))
    return Found("crashed", "error", Problem(place.file, place.line, place.column, message), traceback=where)


def _everywhere(template: Template, document: Document, found: list[Found], figures: list[Figure]) -> Space:
    """All combinations, where they can be counted; what is to be said of them is added."""
    try:
        space = space_of(template)
    except QuizgenError as error:
        space = Space.uncounted(f"some cannot be computed: {error}")
    if space.why:
        found.append(Found("all", "note", document.problem(("draw",), f"not all combinations are gone through: {space.why}")))
        return space
    figures.append(Figure("combinations", f"{space.found:,} of {space.total:,}"))
    if space.found < space.total:
        message = f"of {space.total:,} combinations {space.total - space.found:,} were not met at any address looked at"
        found.append(Found("all", "note", document.problem(("draw",), message)))
    return space


def no_check(name: str) -> str:
    """What to say of a name that no check has."""
    near = closest(name, [*checks(), *OWN])
    meant = f'did you mean "{near}"?' if near else "quizgen check --explain lists all checks"
    return f"there is no check '{name}'; {meant}"


def _unknown_waivers(template: Template, document: Document) -> Iterator[Found]:
    """Waivers of what is no check: they are told first, for what they were meant for follows."""
    for name in template.waive:
        if name in OWN:
            message = f"'{name}' is no check and cannot be waived"
        elif name not in checks():
            message = no_check(name)
        else:
            continue
        yield Found("waiver", "error", document.problem(("waive", name), message, key=True))


def _idle_waivers(template: Template, document: Document, found: Sequence[Found], plan: Plan) -> Iterator[Found]:
    """Waivers of checks that find nothing."""
    used = {one.check for one in found}
    for name in template.waive:
        if name not in used and any(name == check.name for check in plan.checks()):
            message = f"'{name}' finds nothing here: take the waiver out"
            yield Found("waiver", "warning", document.problem(("waive", name), message, key=True))


@dataclass(frozen=True, slots=True)
class Target:
    """A template to check: the folder of its bank, its id there, and its file.

    ``problems`` say why there is nothing to check: the file is a quiz or part of a bank, and wrong.
    """

    folder: Path
    id: str
    file: Path
    problems: tuple[Problem, ...] = ()


def check_target(target: Target, plan: Plan) -> Report:
    """The report of one template; what keeps it from loading is what is found in it."""
    with without_collecting():
        return _placed(_report(target, plan, _bank), target)


def _placed(report: Report, target: Target) -> Report:
    return report if target.folder == bank_folder() else replace(report, bank=str(target.folder))


def _report(target: Target, plan: Plan, bank_in: Callable[[Path], Bank]) -> Report:
    file = str(target.file)
    if target.problems:
        return _unloaded(target, [Found("load", "error", problem) for problem in target.problems])
    try:
        bank = bank_in(target.folder)
        template = bank.load(target.id, target.file)
        document = read_with_extends(target.file, bank.folder, name=file)
    except ProblemsError as error:
        return _unloaded(target, [Found("load", "error", problem) for problem in error.problems])
    except QuizgenError as error:
        return _unloaded(target, [Found("load", "error", Problem(file, 0, 1, str(error)))])
    except Exception as error:
        return _unloaded(target, [_crashed("loading the template", error, Problem(file, 0, 1, ""))])
    return check_template(template, document, plan)


def _unloaded(target: Target, found: Sequence[Found]) -> Report:
    return Report(target.id, 0, tuple(found), checks=("load",), file=str(target.file))


_banks: dict[Path, Bank] = {}


def _bank(folder: Path) -> Bank:
    """The bank in a folder, read once in each process."""
    if folder not in _banks:
        _banks[folder] = load_bank(folder, prove=True)
    return _banks[folder]


def check_all(
    targets: Sequence[Target],
    plan: Plan,
    *,
    workers: int | Workers | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> list[Report]:
    """The reports of many templates in their order, made on ``workers`` cores (default: all) or by those of a cluster."""
    reports: list[Report] = []
    crew = team(workers, len(targets))
    parts: Iterable[Target | Report | Carried] = targets if crew.local else _sent(targets, plan)
    with closing(crew.results(_checked, plan, parts)) as made:
        for target, report in zip(targets, made, strict=True):
            reports.append(_died(target, report) if isinstance(report, Lost) else _placed(report, target))
            progress(len(reports))
    return reports


def _sent(targets: Iterable[Target], plan: Plan) -> Iterator[Report | Carried]:
    """Each template with all that it is made of; its report where it does not even load."""
    bank_in = cache(lambda folder: load_bank(folder, prove=False))
    for target in targets:
        try:
            yield Carried.of(bank_in(target.folder), target.id, target.file)
        except Exception:  # it is told in the report
            yield check_target(target, plan)


def _checked(plan: Plan, part: Target | Report | Carried) -> Report:
    match part:
        case Target():
            return check_target(part, plan)
        case Carried():
            return _elsewhere(part, plan)
    return part


def _elsewhere(carried: Carried, plan: Plan) -> Report:
    """The report of a template of another machine."""
    with without_collecting(), unpacked_files(carried.files) as folder:
        file = folder / carried.file
        more = {str(file): (plan.more or {}).get(carried.names[carried.file], ())}
        target = Target(folder, carried.id, file)
        report = _report(target, replace(plan, more=more), partial(load_bank, prove=True))

    def renamed(found: Found) -> Found:
        file, message = (carried.renamed(text, folder) for text in (found.place.file, found.place.message))
        return replace(found, place=replace(found.place, file=file, message=message))

    found = tuple(map(renamed, report.found))
    return replace(report, found=found, file=carried.names[carried.file])


def _died(target: Target, lost: Lost) -> Report:
    message = f"the template was not checked: {lost.said}"
    return _unloaded(target, [Found("crashed", "error", Problem(str(target.file), 0, 1, message))])
