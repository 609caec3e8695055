"""Exporting a quiz: the file for the other system and the manifest, both or neither."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from quizgen.bank import Bank
from quizgen.errors import OutputError, QuizgenError
from quizgen.lms.base import Export, Format, Loss, Options, Pool, Question
from quizgen.lms.packing import write_package
from quizgen.lms.plan import export_of, ident_of, plan
from quizgen.lms.record import Record, is_record, read_record, write_record
from quizgen.quizzes.blueprint import Blueprint
from quizgen.quizzes.build import checked_slots
from quizgen.quizzes.codes import named_code
from quizgen.quizzes.manifest import QuizFacts, SlotFacts

Progress = Callable[[int, int], None]
"""Told how many questions are written, and of how many."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """What a format cannot carry of a template's questions: the loss, and of how many of its ``count`` questions."""

    template: str
    loss: Loss
    times: int
    count: int

    def __str__(self) -> str:
        where = f"{self.template}, answer '{self.loss.answer}'" if self.loss.answer else self.template
        return f"{where}: {self.loss}{self.some}"

    @property
    def some(self) -> str:
        """Of how many of the template's variants it is, in brackets; nothing where it is of all."""
        return f" ({self.times} of {self.count} variants)" if self.times < self.count else ""


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export made. ``left_out`` are what questions were left out for, ``notes`` what is not carried of the others."""

    file: Path
    manifest: Path
    questions: int
    pools: int
    left_out: tuple[Lacking, ...]
    differing: tuple[Lacking, ...]
    lost: tuple[Lacking, ...]
    warnings: tuple[str, ...]


class UnsupportedError(QuizgenError):
    """Questions that a format cannot carry, each named with what is in the way."""

    def __init__(self, format: Format, lacking: Sequence[Lacking], *, all_of_it: bool) -> None:
        self.lacking = tuple(lacking)
        flags = []
        if any(one.loss.severity == "differs" for one in lacking):
            flags.append("--approximate writes those that would be marked otherwise there")
        flags.append(
            "without them nothing would be left" if all_of_it else "--skip-unsupported leaves them out and writes the rest"
        )
        lines = "\n".join(f"  {one}" for one in lacking)
        super().__init__(f"{format.title} cannot carry all of this quiz; nothing was written.\n{lines}\n{'; '.join(flags)}")


def manifest_path(out: Path) -> Path:
    """Where the manifest of an export stands: beside its file. `OutputError` where that is no name of a file."""
    if out.name in ("", ".."):
        raise OutputError(f"'{out}' is no name of a file; give one with --out")
    return out.with_name(out.name + ".manifest.json")


def export_quiz(
    blueprint: Blueprint,
    bank: Bank,
    format: Format,
    out: Path,
    *,
    variants: int = 20,
    options: Options | None = None,
    force: bool = False,
    skip_unsupported: bool = False,
    approximate: bool = False,
    secret: bytes | None = None,
    same_as: Path | None = None,
    progress: Progress = lambda done, total: None,
) -> Exported:
    """Writes a quiz for another system into the file ``out``, and beside it the manifest by which responses are marked.

    Where the manifest of an earlier export stands there, or is given by ``same_as``, its secret is used again: what did not
    change comes out with the same variants and ids. The new manifest remembers questions that only the earlier export there
    had. ``progress`` is told how many questions are written, and of how many.

    Raises:
        QuizError, BankError, VariantError: the quiz or a template is wrong.
        UnsupportedError: the format cannot carry something; nothing is written then.
        OutputError: the file is taken, or cannot be written; nothing is left there then.
    """
    chosen = options or Options(math=format.maths[0])
    record_file = manifest_path(out)
    _check_place(out, record_file, force)
    slots = checked_slots(blueprint, bank)
    before = read_record(record_file) if is_record(record_file) else None
    like = read_record(same_as) if same_as is not None else before
    key = secret or (like.secret if like is not None else secrets.token_bytes(32))
    shown = f"{chosen.math}{' comma' if blueprint.decimal_comma else ''}"
    sent, warnings = plan(slots, bank, variants, key, shown)
    name = ident_of(_quiz_code(blueprint, key))
    whole = export_of(blueprint, bank, slots, sent, key, name)
    bad, differing, lost = _lacking(whole, format, chosen)
    refused = [*bad.values(), *(() if approximate else differing.values())]
    left_out = {id for losses in refused for id in losses.idents}
    lacking = [losses.told for losses in refused]
    if lacking and (not skip_unsupported or len(left_out) == len(sent)):
        raise UnsupportedError(format, lacking, all_of_it=len(left_out) == len(sent))
    kept = [one for one in sent if ident_of(one.code) not in left_out]
    export = whole if len(kept) == len(sent) else export_of(blueprint, bank, slots, kept, key, name)
    record = Record(
        key,
        format.name,
        chosen.dialect,
        chosen.math,
        QuizFacts.of(blueprint),
        tuple(SlotFacts(slot.section, slot.points) for slot in slots),
        str(bank.folder.resolve()),
        bank.frozen(sorted({one.template for one in kept})),
        tuple(kept),
    )
    if before is not None:
        record = record.replacing(before)
    _write(out, record_file, _counting(export, progress), format, chosen, record)
    return Exported(
        out,
        record_file,
        len(kept),
        len(export.pools),
        tuple(lacking),
        _told_of(differing.values(), left_out) if approximate else (),
        _told_of(lost.values(), left_out),
        tuple(warnings),
    )


def _check_place(out: Path, record_file: Path, force: bool) -> None:
    """Nothing, or `OutputError` where ``out`` is taken. With ``force`` it may be what an earlier export wrote."""
    try:
        for path in (out, record_file):
            if path.is_symlink() or (path.exists() and not path.is_file()):
                raise OutputError(f"{path}: is no plain file; give a file that does not exist yet")
            if path.exists() and not force:
                raise OutputError(f"{path}: is there already; choose another file with --out, or --force to replace it")
        if (out.exists() or record_file.exists()) and not is_record(record_file):
            raise OutputError(f"{out}: was not written by export (no manifest is beside it), so --force does not replace it")
    except OSError as error:
        raise OutputError(f"{out}: cannot be written: {error.strerror}") from error


def _quiz_code(blueprint: Blueprint, secret: bytes) -> str:
    return named_code(secret, f"quiz\x00{blueprint.title}")


@dataclass(slots=True)
class _Losses:
    """One loss of one template, and the questions that have it, of all ``every`` questions of the template."""

    template: str
    loss: Loss
    every: list[str]
    idents: list[str]

    @property
    def told(self) -> Lacking:
        return Lacking(self.template, self.loss, len(self.idents), len(self.every))

    def without(self, left_out: Collection[str]) -> _Losses:
        """The loss of the questions that are written."""
        every, idents = ([one for one in idents if one not in left_out] for idents in (self.every, self.idents))
        return _Losses(self.template, self.loss, every, idents)


_Found = dict[tuple[str, str, str], _Losses]


def _lacking(export: Export, format: Format, options: Options) -> tuple[_Found, _Found, _Found]:
    """What cannot be carried, what would be marked otherwise, and what is lost without harm; by template, answer and words."""
    every: dict[str, list[str]] = {}
    found: dict[str, _Found] = {"refused": {}, "differs": {}, "lost": {}}
    for question in export.questions():
        alike = every.setdefault(question.template, [])
        alike.append(question.ident)
        for loss in format.losses(question, options):
            here = found[loss.severity]
            key = (question.template, loss.answer, loss.what)
            losses = here.setdefault(key, _Losses(question.template, loss, alike, []))
            if question.ident not in losses.idents[-1:]:
                losses.idents.append(question.ident)
    return found["refused"], found["differs"], found["lost"]


def _told_of(found: Iterable[_Losses], left_out: Collection[str]) -> tuple[Lacking, ...]:
    """What is told of the questions that are written; of what is left out nothing else need be said."""
    kept = (losses.without(left_out) for losses in found) if left_out else iter(found)
    return tuple(losses.told for losses in kept if losses.idents)


def _counting(export: Export, progress: Progress) -> Export:
    """The export that tells how many of its questions have been drawn."""
    done, total = 0, sum(pool.count for pool in export.pools)

    def counted(pool: Pool) -> Callable[[], Iterator[Question]]:
        def questions() -> Iterator[Question]:
            nonlocal done
            for question in pool.questions():
                yield question
                done += 1
                progress(done, total)

        return questions

    return replace(export, pools=tuple(replace(pool, questions=counted(pool)) for pool in export.pools))


def _write(out: Path, record_file: Path, export: Export, format: Format, options: Options, record: Record) -> None:
    """Writes both files beside their places, and moves them there when both are whole."""
    partials = [path.with_name(f".{path.name}.partial") for path in (out, record_file)]
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        try:
            with partials[0].open("wb") as stream:
                write_package(stream, format.files(export, options), format.packed)
            write_record(partials[1], record)
            os.replace(partials[1], record_file)  # first: a file without its manifest could never be marked
            os.replace(partials[0], out)
        finally:
            for partial in partials:
                partial.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{out}: cannot be written: {error.strerror or error}") from error
