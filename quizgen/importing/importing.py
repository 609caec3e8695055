"""From files of other systems to templates in a folder: each question is written, or refused with its reason."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from quizgen.bank import Bank, load_bank
from quizgen.bank.bank import CONCEPTS, MISTAKES
from quizgen.bank.compiling import compile_template
from quizgen.bank.files import read_bytes
from quizgen.bank.source import read_document
from quizgen.checking.run import Plan, check_template
from quizgen.checking.slips import LEFT_OVER
from quizgen.errors import BankError, ProblemsError, QuestionFileError, QuizgenError
from quizgen.importing.gift import read_gift
from quizgen.importing.moodle_xml import read_moodle_xml
from quizgen.importing.questions import Question, Read, Refused
from quizgen.importing.rexams import read_rexams
from quizgen.importing.templates import MEANT, NO_CONCEPT, template, title_of

MAX_BYTES = 50_000_000
MAX_TEXT_BYTES = 5_000_000
MAX_QUESTIONS = 10_000
_LONGEST_NAME = 60
_VARIANTS = 64
"""So many variants are drawn to see whether there is more than one."""

FORMATS: Mapping[str, tuple[str, ...]] = {
    "gift": (".gift", ".txt"),
    "moodle-xml": (".xml",),
    "rexams": (".rmd", ".md"),
}
"""The formats that are read, with the endings of their files."""

_DEVICES = {"con", "prn", "aux", "nul", *(f"{device}{number}" for device in ("com", "lpt") for number in range(10))}
_TAKEN = _DEVICES | {CONCEPTS.removesuffix(".yaml"), MISTAKES.removesuffix(".yaml")}
"""Names that a template's file cannot have: those of devices, and those that mean something in a bank."""


@dataclass(frozen=True, slots=True)
class Made:
    """A template that was made: the name of its file, its text, and the question that it was made of."""

    name: str
    text: str
    question: Question


@dataclass(frozen=True, slots=True)
class Import:
    """What came of some files: templates, and the questions that became none; in the order in which they were read."""

    made: tuple[Made, ...]
    refused: tuple[Refused, ...]

    @property
    def whole(self) -> bool:
        """Whether everything was carried."""
        return not self.refused and not any(made.question.lost for made in self.made)


def read_questions(file: Path, form: str | None = None) -> list[Read]:
    """The questions of a file, whose format follows from its ending unless it is given.

    Raises:
        QuestionFileError: the file cannot be read at all, or holds no questions.
    """
    raw = read_bytes(file, limit=MAX_BYTES, error=QuestionFileError)
    form = form or _form_of(file, raw)
    if form == "moodle-xml":
        found = read_moodle_xml(raw, str(file))
    else:
        reader: Callable[[str, str], list[Read]] = read_gift if form == "gift" else read_rexams
        found = reader(_decoded(raw, file), str(file))
    if not found:
        raise QuestionFileError.at(file, "there are no questions in this file")
    if len(found) > MAX_QUESTIONS:
        raise QuestionFileError.at(file, f"there are {len(found):,} questions in this file; the most is {MAX_QUESTIONS:,}")
    return found


def _form_of(file: Path, raw: bytes) -> str:
    for form, endings in FORMATS.items():
        if file.suffix.lower() in endings:
            return form
    if raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<?xml", b"<quiz")):
        return "moodle-xml"
    endings_known = ", ".join(f"{form} ({' '.join(endings)})" for form, endings in FORMATS.items())
    raise QuestionFileError.at(file, f"its ending names no format that is read: {endings_known}; give one with --from")


def _decoded(raw: bytes, file: Path) -> str:
    if len(raw) > MAX_TEXT_BYTES:
        raise QuestionFileError.at(file, f"the file is larger than {MAX_TEXT_BYTES // 1_000_000} MB, the most that is read")
    nul = raw.find(b"\0")
    if nul >= 0:
        message = "there is a NUL character here: this is no text in UTF-8"
        raise QuestionFileError.at(file, message, *_spot(raw, nul))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"byte 0x{raw[error.start]:02X} is not UTF-8 text; save the file in the encoding UTF-8"
        raise QuestionFileError.at(file, message, *_spot(raw, error.start)) from error


def _spot(raw: bytes, at: int) -> tuple[int, int]:
    """Line and column of a byte, from 1."""
    return raw.count(b"\n", 0, at) + 1, at - raw.rfind(b"\n", 0, at)


def convert(questions: Iterable[Read], concept: str, bank: Path | None) -> Import:
    """A template for each question that makes one which loads; ``bank`` is the folder of the bank that they go into.

    Raises:
        BankError: the bank has no such concept.
    """
    home = load_bank(bank)
    if concept != NO_CONCEPT and home.concepts is not None and concept not in home.concepts:
        raise BankError.at(home.folder / CONCEPTS, home.missing_concept(concept))
    made: list[Made] = []
    refused: list[Refused] = []
    taken = set(_TAKEN)
    for question in questions:
        if isinstance(question, Refused):
            refused.append(question)
            continue
        text = template(question, concept)
        try:
            if meant := _meant(text, home):
                text = template(question, concept, waived=meant)
        except QuizgenError as error:
            problem = error.problems[0].message if isinstance(error, ProblemsError) else str(error)
            refused.append(Refused(question.origin, title_of(question), f"its template would not load: {problem}"))
        else:
            made.append(Made(_name(title_of(question), taken), text, question))
    return Import(tuple(made), tuple(refused))


def _meant(text: str, bank: Bank) -> list[str]:
    """The checks that a template does not pass because its question is as it is. `QuizgenError` where it does not load.

    What stands for something that was not carried is never meant: the check tells of it until it is written out.
    """

    def no_file(name: str) -> bytes:
        raise QuizgenError(f"there is no data file {name}")

    document = read_document(Path("template.yaml"), text=text.encode())
    compiled = compile_template("template", document, bank.concepts, bank.mistakes, no_file)
    report = check_template(compiled, document, Plan(_VARIANTS, only=frozenset(MEANT)))
    found = {one.check for one in report.found}
    return [check for check in MEANT if check in found and not (check == "unfilled" and LEFT_OVER.search(text))]


def _name(title: str, taken: set[str]) -> str:
    """A file's name made of a title, without ending: lower-case letters, digits and hyphens, another one each time."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold()
    base = re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_NAME].strip("-") or "question"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    taken.add(name)
    return name


def bank_of(out: Path) -> Path | None:
    """The folder of the bank that a folder lies in: the nearest upwards that has concepts; None where none has."""
    folder = out.absolute()
    return next((up for up in (folder, *folder.parents) if (up / CONCEPTS).is_file()), None)
