"""Blackboard: a package with a pool of questions for each of the quiz's, and a test that draws one of each at random.

Its dialect is QTI 1.2 with metadata of its own. A test's random block names the pool that it draws from; menus in the text are
not known, so that decisions about statements, pairs or places become a matching whose lefts share their choices.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from markupsafe import Markup

from quizgen.items import ChooseMany, ChooseOne, Filled, Match, Option
from quizgen.lms.base import Export, File, Format, Loss, Options, Pool, Question, markup
from quizgen.lms.formats.qti12.carriers import carried
from quizgen.lms.formats.qti12.gaps import full_bands, prompts
from quizgen.lms.formats.qti12.spellings import bound_texts
from quizgen.lms.formats.qti12.stem import blanks_in_order, question_text
from quizgen.lms.formats.qti12.targets import Carried, Kind, Target
from quizgen.lms.looks import option_markup
from quizgen.lms.pages import page, page_in_chunks
from quizgen.schemes import ManyOptions, NumberBands, OneOption, RightPairs

BLACKBOARD = Target("Blackboard", own_menus=False, decimals=None, costs=True)

_TYPES: dict[Kind, str] = {
    "multiple_choice_question": "Multiple Choice",
    "multiple_answers_question": "Multiple Answer",
    "numerical_question": "Numeric",
    "short_answer_question": "Fill in the Blank",
    "fill_in_multiple_blanks_question": "Fill in the Blank Plus",
    "multiple_dropdowns_question": "Matching",
    "matching_question": "Matching",
    "essay_question": "Essay",
}


@dataclass(frozen=True, slots=True)
class _Option:
    """Something to choose: the percentage that it earns, and what is said to who chooses it."""

    ident: str
    text: str
    right: bool
    percent: float = 0.0
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class _Left:
    """A left item, and the place of its right one."""

    ident: str
    text: str
    partner: int


@dataclass(slots=True)
class _Item:
    """A question as the template shows it."""

    ident: str
    title: str
    kind: str
    points: float
    text: str
    solution: str
    partial: bool
    options: list[_Option] = field(default_factory=list)
    gaps: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    bounds: tuple[str, str, str] = ("", "", "")
    lefts: list[_Left] = field(default_factory=list)
    rights: list[str] = field(default_factory=list)


def _losses(question: Question, options: Options) -> Iterator[Loss]:
    carrier = carried(question, BLACKBOARD)
    yield from carrier.losses
    asked = carrier.parts[0].asked
    if carrier.kind == "numerical_question" and isinstance(asked.scheme, NumberBands) and len(full_bands(asked.scheme)) > 1:
        yield Loss(
            "differs", "Blackboard knows one interval in which a number is right, and here there are several", asked.name
        )


def _item(question: Question, options: Options) -> _Item:
    carrier = carried(question, BLACKBOARD)
    text, names = question_text(question, carrier, options)
    solution = question.made.keyed.solution
    part = carrier.parts[0]
    partial = carrier.kind in ("multiple_dropdowns_question", "matching_question", "fill_in_multiple_blanks_question")
    item = _Item(
        question.ident,
        question.title,
        _TYPES[carrier.kind],
        question.points,
        text,
        markup(solution, question, options) if solution else "",
        partial or part.cost is not None,
    )
    _fill(item, question, carrier, options, names)
    return item


def _fill(item: _Item, question: Question, carrier: Carried, options: Options, names: tuple[str, ...]) -> None:
    part = carrier.parts[0]
    interaction, scheme = part.asked.interaction, part.asked.scheme

    def html(text: Filled) -> str:
        return markup(text, question, options)

    def texts(several: Sequence[Option]) -> list[str]:
        return option_markup(question, several, options)

    if carrier.kind == "multiple_dropdowns_question":
        item.rights = [str(Markup.escape(choice)) for choice in part.gaps[0].choices]
        for place, (gap, prompt) in enumerate(zip(part.gaps, texts(prompts(part)), strict=True), 1):
            item.lefts.append(_Left(f"{item.ident}-l{place}", prompt, gap.choices.index(gap.accepted[0])))
    elif part.gaps:
        item.gaps = [(name, blank.gap.accepted) for name, blank in blanks_in_order(carrier, item.text, names)]
    elif isinstance(interaction, ChooseOne) and isinstance(scheme, OneOption):
        for option, text, verdict in zip(interaction.options, texts(interaction.options), scheme.verdicts, strict=True):
            told, ident = question.told(verdict), f"{item.ident}-o{option.label}"
            right = verdict.fraction == 1
            item.options.append(_Option(ident, text, right, 100 * verdict.fraction, html(told) if told else ""))
    elif isinstance(interaction, ChooseMany) and isinstance(scheme, ManyOptions):
        share = 100 / max(sum(scheme.right), 1)
        for option, text, right in zip(interaction.options, texts(interaction.options), scheme.right, strict=True):
            percent = share if right else -100 * (part.cost or 0.0)
            item.options.append(_Option(f"{item.ident}-o{option.label}", text, right, percent))
    elif isinstance(interaction, Match) and isinstance(scheme, RightPairs):
        item.rights = texts(interaction.rights)
        for left, text, partner in zip(interaction.lefts, texts(interaction.lefts), scheme.partners, strict=True):
            item.lefts.append(_Left(f"{item.ident}-l{left.label}", text, partner))
    elif isinstance(scheme, NumberBands):
        low, high = full_bands(scheme)[0]
        middle = (low + high) / Fraction(2)
        item.bounds = (*bound_texts(low, high), bound_texts(middle, middle)[0])


def _files(export: Export, options: Options) -> Iterator[File]:
    pools = [(f"res{number:05d}", pool) for number, pool in enumerate(export.pools, 1)]
    test = f"res{len(pools) + 1:05d}"
    view = {"export": export, "test": test}
    yield File(".bb-package-info", [b"cx.package.info.version=6.0\n"])
    yield File("imsmanifest.xml", [page("qti12/blackboard-manifest.xml", **view, pools=pools).encode()])
    for name, pool in pools:
        yield File(f"{name}.dat", page_in_chunks("qti12/blackboard-pool.xml", pool=pool, items=_items(pool, options)))
    instructions = ""
    if export.instructions is not None:
        instructions = markup(export.instructions, next(export.questions()), options)
    blocks = ((name, pool, _kinds(pool)) for name, pool in pools)
    yield File(f"{test}.dat", page_in_chunks("qti12/blackboard-test.xml", **view, instructions=instructions, blocks=blocks))


def _items(pool: Pool, options: Options) -> Iterator[_Item]:
    return (_item(question, options) for question in pool.questions())


def _kinds(pool: Pool) -> list[str]:
    """The question types in a pool, which a random block has to name."""
    return list(dict.fromkeys(_TYPES[carried(question, BLACKBOARD).kind] for question in pool.questions()))


FORMAT = Format("blackboard", "Blackboard", ".zip", "zip", _losses, _files)
