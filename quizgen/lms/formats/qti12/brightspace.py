"""Brightspace: a question library in Desire2Learn's dialect of QTI 1.2, with a section for each pool.

Of its question types only those are used whose marking its files state: one choice with a weight for each option, and blanks
each with its own share of the points. Everything else is asked for as blanks to type into.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from defusedxml import ElementTree
from defusedxml.ElementTree import ParseError

from quizgen.items import ChooseOne
from quizgen.lms.base import Export, File, Format, Loss, Options, Pool, Question, markup
from quizgen.lms.formats.qti12.carriers import carried
from quizgen.lms.formats.qti12.stem import blanks_in_order, question_text
from quizgen.lms.formats.qti12.targets import Target
from quizgen.lms.looks import option_markup
from quizgen.lms.pages import page, page_in_chunks
from quizgen.schemes import OneOption

BRIGHTSPACE = Target("Brightspace", typed=True, hints=True)

_TYPES = {
    "multiple_choice_question": "Multiple Choice",
    "fill_in_multiple_blanks_question": "Fill in the Blanks",
    "essay_question": "Long Answer",
}


@dataclass(frozen=True, slots=True)
class _Option:
    """An option: the percentage that it earns, and what is said to who chooses it."""

    text: str
    percent: float
    feedback: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """Text in front of a blank, and the blank: what it accepts, and its percentage. The last piece has none."""

    text: str
    accepted: tuple[str, ...] = ()
    percent: float = 0.0


@dataclass(slots=True)
class _Item:
    """A question as the template shows it."""

    ident: str
    title: str
    kind: str
    points: float
    solution: str
    pieces: list[_Piece]
    hints: list[str]
    options: list[_Option] = field(default_factory=list)


def _losses(question: Question, options: Options) -> Iterator[Loss]:
    losses = carried(question, BRIGHTSPACE).losses
    yield from losses
    refused = any(loss.severity == "refused" for loss in losses)
    if not refused and not all(_whole(piece.text) for piece in _item(question, options).pieces):
        yield Loss("refused", "a blank stands inside a list or table, where Brightspace has no place for one")


def _whole(piece: str) -> bool:
    """Whether no element of a text ends in another piece."""
    try:
        ElementTree.fromstring(f"<p>{piece}</p>")
    except ParseError:
        return False
    return True


def _item(question: Question, options: Options) -> _Item:
    carrier = carried(question, BRIGHTSPACE)
    text, names = question_text(question, carrier, options)
    solution = question.made.keyed.solution
    hints = question.made.keyed.item.hints if question.hints else ()
    item = _Item(
        question.ident,
        question.title,
        _TYPES[carrier.kind],
        question.points,
        markup(solution, question, options) if solution else "",
        [_Piece(text)],
        [markup(hint, question, options) for hint in hints],
    )
    part = carrier.parts[0]
    if isinstance(part.asked.interaction, ChooseOne) and isinstance(part.asked.scheme, OneOption) and not part.gaps:
        texts = option_markup(question, part.asked.interaction.options, options)
        for shown, verdict in zip(texts, part.asked.scheme.verdicts, strict=True):
            told = question.told(verdict)
            said = markup(told, question, options) if told else ""
            item.options.append(_Option(shown, 100 * verdict.fraction, said))
    elif names:
        item.pieces = []
        for name, blank in blanks_in_order(carrier, text, names):
            before, _, text = text.partition(f"[{name}]")
            share = 100 * blank.part.asked.share / len(blank.part.gaps)
            item.pieces.append(_Piece(before, blank.gap.accepted, share))
        item.pieces.append(_Piece(text))
    return item


def _items(pool: Pool, options: Options) -> Iterator[_Item]:
    return (_item(question, options) for question in pool.questions())


def _files(export: Export, options: Options) -> Iterator[File]:
    instructions = ""
    if export.instructions is not None:
        instructions = markup(export.instructions, next(export.questions()), options)
    yield File("imsmanifest.xml", [page("qti12/brightspace-manifest.xml", export=export).encode()])
    sections = ((pool, _items(pool, options)) for pool in export.pools)
    library = page_in_chunks("qti12/brightspace.xml", export=export, instructions=instructions, sections=sections)
    yield File("questiondb.xml", library)


FORMAT = Format("brightspace", "Brightspace", ".zip", "zip", _losses, _files)
