"""Canvas: a quiz as a QTI 1.2 package as Canvas writes and reads it, for Classic and New Quizzes.

Each pool is a group inside the quiz of which every student meets one question. Canvas tells question types by metadata, and
the kind of a number's answer by the shape of its condition alone: a closed interval is a range, whose bounds it takes exactly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from quizgen.items import ChooseMany, ChooseOne, Filled, Match, Option
from quizgen.lms.base import Export, File, Format, Loss, Options, Question, markup
from quizgen.lms.formats.qti12.carriers import carried
from quizgen.lms.formats.qti12.gaps import full_bands
from quizgen.lms.formats.qti12.spellings import bound_texts
from quizgen.lms.formats.qti12.stem import question_text
from quizgen.lms.formats.qti12.targets import Carried, Kind
from quizgen.lms.looks import option_markup, option_words
from quizgen.lms.pages import page, page_in_chunks
from quizgen.schemes import ManyOptions, NumberBands, OneOption, RightPairs

LONGEST_TEXT = 16_000
"""Canvas throws away the text of a question that has more characters than 16 × 1024."""

LONGEST_TITLE = 240

_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|#x27);")
_NUMBERED = {"&amp;": "&#38;", "&lt;": "&#60;", "&gt;": "&#62;", "&quot;": "&#34;", "&#x27;": "&#39;"}


@dataclass(frozen=True, slots=True)
class _Choice:
    """Something that a student chooses, with what is said to it."""

    ident: int
    text: str
    right: bool = False
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class _Gap:
    """A place in the text: its name, and what it accepts or offers."""

    name: str
    choices: tuple[_Choice, ...]


@dataclass(frozen=True, slots=True)
class _Left:
    """A left item, and the ident of its right one."""

    ident: int
    text: str
    partner: int


@dataclass(slots=True)
class _Item:
    """A question as the template shows it."""

    ident: str
    title: str
    kind: Kind
    points: float
    text: str
    general: str
    choices: list[_Choice] = field(default_factory=list)
    gaps: list[_Gap] = field(default_factory=list)
    ranges: list[tuple[str, str]] = field(default_factory=list)
    lefts: list[_Left] = field(default_factory=list)

    @property
    def answer_ids(self) -> str:
        """The idents of all answers, in order."""
        ids = [choice.ident for gap in self.gaps for choice in gap.choices] or [choice.ident for choice in self.choices]
        return ",".join(map(str, [left.ident for left in self.lefts] or ids))


def _losses(question: Question, options: Options) -> Iterator[Loss]:
    carrier = carried(question)
    yield from carrier.losses
    if not any(loss.severity == "refused" for loss in carrier.losses):
        text, _ = question_text(question, carrier, options)
        if len(text) > LONGEST_TEXT:
            shorter = "; with --math latex it is shorter" if options.math == "mathml" else ""
            what = f"its text is longer than the {LONGEST_TEXT:,} characters that Canvas takes{shorter}"
            yield Loss("refused", what, example=f"{len(text):,}")


def _item(question: Question, options: Options) -> _Item:
    carrier = carried(question)
    text, names = question_text(question, carrier, options)
    item = _Item(
        question.ident,
        _title(question),
        carrier.kind,
        question.points,
        text,
        markup(question.made.keyed.solution, question, options) if question.made.keyed.solution else "",
    )
    _fill(item, question, carrier, options, names)
    return item


def _title(question: Question) -> str:
    """The title, cut where it is too long, with its code."""
    title, _, code = question.title.rpartition(" [")
    return f"{title[:LONGEST_TITLE]} [{code}"


def _fill(item: _Item, question: Question, carrier: Carried, options: Options, names: Sequence[str]) -> None:
    part = carrier.parts[0]
    interaction, scheme = part.asked.interaction, part.asked.scheme

    def html(text: Filled) -> str:
        return _as_numbers(markup(text, question, options))

    def texts(several: Sequence[Option]) -> list[str]:
        return [_as_numbers(text) for text in option_markup(question, several, options)]

    if part.gaps:
        places = iter(names)
        ident = 1000
        for gap in (gap for part in carrier.parts for gap in part.gaps):
            choices = [_Choice(ident := ident + 1, text, text in gap.accepted) for text in gap.choices or gap.accepted]
            item.gaps.append(_Gap(next(places), tuple(choices)))
    elif isinstance(interaction, ChooseOne) and isinstance(scheme, OneOption):
        for ident, (text, verdict) in enumerate(zip(texts(interaction.options), scheme.verdicts, strict=True), 1001):
            told = question.told(verdict)
            item.choices.append(_Choice(ident, text, verdict.fraction == 1, html(told) if told else ""))
    elif isinstance(interaction, ChooseMany) and isinstance(scheme, ManyOptions):
        options_shown = zip(texts(interaction.options), scheme.right, scheme.verdicts, strict=True)
        for ident, (text, right, verdict) in enumerate(options_shown, 1001):
            told = None if right else question.told(verdict)
            item.choices.append(_Choice(ident, text, right, html(told) if told else ""))
    elif isinstance(interaction, Match) and isinstance(scheme, RightPairs):
        item.choices = [_Choice(2001 + i, right) for i, right in enumerate(option_words(question, interaction.rights))]
        item.lefts = [
            _Left(1001 + i, left, 2001 + partner)
            for i, (left, partner) in enumerate(zip(texts(interaction.lefts), scheme.partners, strict=True))
        ]
    elif isinstance(scheme, NumberBands):
        item.ranges = [bound_texts(low, high) for low, high in full_bands(scheme)]


def _as_numbers(html: str) -> str:
    """HTML whose entities are numbers: from others Canvas loses the character where it shows an option as plain text."""
    return _ENTITY.sub(lambda found: _NUMBERED[found.group()], html)


@dataclass(frozen=True, slots=True)
class _Group:
    ident: str
    title: str
    points: float
    items: Iterator[_Item]


def _groups(export: Export, options: Options) -> Iterator[_Group]:
    for pool in export.pools:
        items = (_item(question, options) for question in pool.questions())
        yield _Group(pool.ident, pool.title[:LONGEST_TITLE], pool.points, items)


def _files(export: Export, options: Options) -> Iterator[File]:
    ident = export.ident
    points = sum(pool.points for pool in export.pools)
    instructions = ""
    if export.instructions is not None:
        first = next(export.questions())
        instructions = markup(export.instructions, first, options)
    view = {"ident": ident, "title": export.title[:LONGEST_TITLE]}
    yield File("imsmanifest.xml", [page("qti12/imsmanifest.xml", **view).encode()])
    meta = page("qti12/assessment_meta.xml", **view, points=points, instructions=instructions)
    yield File(f"{ident}/assessment_meta.xml", [meta.encode()])
    yield File(f"{ident}/{ident}.xml", page_in_chunks("qti12/canvas.xml", **view, groups=_groups(export, options)))


FORMAT = Format("canvas", "Canvas", ".zip", "zip", _losses, _files)
