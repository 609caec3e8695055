"""Texts compiled once per template: Markdown with ``{{ }}`` and ``{% if %}`` becomes structure and holes.

`compile_text` lifts the Jinja tags out of the Markdown (see `items.Text`); `Compiled.fill` evaluates them for a whole
block of variants and gives each variant its displayed values.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from quizgen.errors import ExpressionError
from quizgen.items import MARK_BASE, MAX_TAGS, Filled, Listing, Place, Shown, Table, Tag, Text
from quizgen.variants.expressions import Expression, check_form
from quizgen.variants.holes import Hole, read_hole
from quizgen.variants.sampler import Block
from quizgen.variants.tags import TextFault, follow_ifs, line_column, pieces
from quizgen.variants.values import Kind

MAX_SOURCE = 50_000

MAX_CELLS = 5_000
"""The most values that a text shows in one variant, those of lists and tables counted one by one."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A text and how to find its values; ``holes`` has one entry for each tag, None for else and endif."""

    text: Text
    holes: tuple[Hole | None, ...]

    def fill(self, block: Block) -> list[Filled]:
        """The text of each variant of a block."""
        text = self.text
        if not self.holes:
            return [Filled(text)] * len(block)
        columns: list[Sequence[Shown]] = []
        cells = 0
        for hole in self.holes:
            columns.append([None] * len(block) if hole is None else list(hole.column(block)))
            cells += _cells(columns[-1][0]) if len(block) else 0
            if cells > MAX_CELLS:
                raise ExpressionError(f"a text shows more than {MAX_CELLS:,} values")
        return [Filled(text, values) for values in zip(*columns, strict=True)]

    @property
    def is_long(self) -> bool:
        """Whether the author's own words alone make more than one letter or digit in every variant."""
        return all(tag.kind == "value" for tag in self.text.tags) and sum(map(str.isalnum, self.text.marked)) > 1

    @property
    def places(self) -> tuple[str, ...]:
        """The answers that the text places, in order."""
        return tuple(answer for hole in self.holes if hole for answer in hole.places)

    @property
    def displays(self) -> tuple[Expression, ...]:
        """The expressions whose values are shown."""
        return tuple(expression for hole in self.holes if hole for expression in hole.displays)

    @property
    def always_displays(self) -> tuple[Expression, ...]:
        """The expressions whose values are shown whatever the conditions: outside of every if, or in all its branches."""
        levels: list[list[dict[str, Expression]]] = [[{}]]
        complete: list[bool] = []
        for tag, hole in zip(self.text.tags, self.holes, strict=True):
            match tag.kind:
                case "if":
                    levels.append([{}])
                    complete.append(False)
                case "elif" | "else":
                    levels[-1].append({})
                    complete[-1] = tag.kind == "else"
                case "endif":
                    first, *others = levels.pop()
                    if complete.pop():
                        shown = {key: value for key, value in first.items() if all(key in other for other in others)}
                        levels[-1][-1].update(shown)
                case "value" if hole is not None:
                    levels[-1][-1].update({repr(expression.node): expression for expression in hole.displays})
        return tuple(levels[0][0].values())

    @property
    def glued(self) -> tuple[tuple[Expression, Expression], ...]:
        """Pairs of shown expressions between which nothing stands."""
        marks = [ord(letter) - MARK_BASE for letter in self.text.marked]
        found = []
        for first, second in pairwise(marks):
            if 0 <= first < len(self.holes) and 0 <= second < len(self.holes):
                before, after = self.holes[first], self.holes[second]
                if before and after and before.displays and after.displays:
                    found.append((before.displays[-1], after.displays[0]))
        return tuple(found)

    @property
    def conditions(self) -> tuple[Expression, ...]:
        """The expressions that decide what is shown."""
        return tuple(expression for hole in self.holes if hole for expression in hole.conditions)

    def complaints(self, kinds: Mapping[str, Kind], silent: Set[str] = frozenset()) -> Iterator[TextFault]:
        """What cannot be shown in a case where names have these kinds; nothing on expressions of ``silent`` names."""
        for tag, hole in zip(self.text.tags, self.holes, strict=True):
            if hole and not any(expression.names & silent for expression in hole.expressions):
                message = hole.complaint(kinds)
                if message:
                    yield TextFault(tag.line, tag.column, message)


def _cells(value: Shown) -> int:
    match value:
        case tuple():
            return len(value)
        case Table(_, columns):
            return sum(map(len, columns))
        case Listing(items):
            return len(items)
    return 1


@functools.lru_cache(maxsize=20_000)
def _pieces_of(marked: str) -> tuple[str | int, ...]:
    """A marked text as its literal parts and the numbers of its tags."""
    parts = re.split(f"([{chr(MARK_BASE)}-{chr(MARK_BASE + MAX_TAGS - 1)}])", marked)
    return tuple(ord(part) - MARK_BASE if i % 2 else part for i, part in enumerate(parts) if part)


def plain_texts(filled: Sequence[Filled]) -> list[str]:
    """The plain texts of one text with the values of many variants."""
    if not filled:
        return []
    text = filled[0].text
    conditions = [i for i, tag in enumerate(text.tags) if tag.kind in ("if", "elif")]
    if not conditions and len(text.tags) == 1:
        before, after = text.marked.split(chr(MARK_BASE))
        return [before + (v if isinstance(v := one.values[0], str) else _shown_text(v)) + after for one in filled]
    forms: dict[tuple[Shown, ...], tuple[str, Sequence[int]]] = {} if conditions else {(): _form_of(text.marked)}
    found = []
    for one in filled:
        values = one.values
        held = tuple([values[i] for i in conditions])
        known = forms.get(held)
        if known is None:
            known = forms[held] = _form(text, values)
        form, order = known
        found.append(form % tuple([v if isinstance(v := values[i], str) else _shown_text(v) for i in order]))
    return found


def _form(text: Text, values: Sequence[Shown]) -> tuple[str, Sequence[int]]:
    """A text as a form to be filled with some of its values, where its conditions hold as among these."""
    kept: list[str | int] = []
    keep, done = [True], [False]
    for piece in _pieces_of(text.marked):
        kind = "value" if isinstance(piece, str) else text.tags[piece].kind
        if kind == "value":
            if keep[-1]:
                kept.append(piece)
            continue
        assert isinstance(piece, int)
        if kind == "if":
            done.append(bool(values[piece]))
            keep.append(keep[-1] and done[-1])
        elif kind == "endif":
            keep.pop()
            done.pop()
        else:
            holds = not done[-1] and (kind == "else" or bool(values[piece]))
            done[-1] = done[-1] or holds
            keep[-1] = keep[-2] and holds
    return _joined(kept)


@functools.lru_cache(maxsize=20_000)
def _form_of(marked: str) -> tuple[str, Sequence[int]]:
    """A text without conditions as a form to be filled with its values."""
    return _joined(_pieces_of(marked))


def _joined(pieces: Sequence[str | int]) -> tuple[str, Sequence[int]]:
    form = "".join("%s" if isinstance(piece, int) else piece.replace("%", "%%") for piece in pieces)
    return form, [piece for piece in pieces if isinstance(piece, int)]


def plain_text(filled: Filled) -> str:
    """The text without markup's sense, for telling texts apart: marks replaced by what is shown there."""
    text, values = filled.text, filled.values
    if not values:
        return text.marked
    if len(values) == 1:
        before, _, after = text.marked.partition(chr(MARK_BASE))
        return before + _shown_text(values[0]) + after
    return plain_texts([filled])[0]


def _shown_text(value: Shown) -> str:
    match value:
        case str():
            return value
        case tuple():
            return ", ".join(value)
        case Table(heads, columns):
            return "\n".join(["|".join(heads), *("|".join(map(str, row)) for row in zip(*columns, strict=True))])
        case Listing(items):
            return "\n".join(items)
        case Place(answer):
            return f"[{answer}]"
    return ""


def compile_text(source: str, check: Callable[[Expression], str], *, inline: bool = False) -> Compiled:
    """The compiled text. ``check`` says what is wrong with an expression's names, or nothing.

    Raises:
        ExceptionGroup of `TextFault`: all that is wrong with its tags.
    """
    problems: list[TextFault] = []
    if len(source) > MAX_SOURCE:
        raise ExceptionGroup("text", [TextFault(1, 1, f"a text has at most {MAX_SOURCE:,} characters")])
    private = re.search(f"[{chr(MARK_BASE)}-\uf8ff]", source)
    if private:
        place = line_column(source, private.start())
        raise ExceptionGroup("text", [TextFault(*place, "private-use characters cannot be used")])
    parts: list[str] = []
    tags: list[Tag] = []
    holes: list[Hole | None] = []
    open_ifs: list[Tag] = []
    try:
        for piece in pieces(source):
            if isinstance(piece, str):
                parts.append(piece)
                continue
            if len(tags) >= MAX_TAGS:
                raise TextFault(piece.line, piece.column, f"a text has at most {MAX_TAGS} tags")
            parts.append(chr(MARK_BASE + len(tags)))
            tags.append(piece)
            holes.append(_hole(piece, check, problems))
            misplaced = follow_ifs(piece, open_ifs)
            if misplaced:
                problems.append(TextFault(piece.line, piece.column, misplaced))
    except TextFault as problem:
        problems.append(problem)
    else:
        problems.extend(TextFault(tag.line, tag.column, "this {% if %} has no {% endif %}") for tag in open_ifs)
    if problems:
        raise ExceptionGroup("text", problems)
    marked = "".join(parts)
    return Compiled(Text(marked.strip() if inline else marked, tuple(tags), inline), tuple(holes))


def _hole(tag: Tag, check: Callable[[Expression], str], problems: list[TextFault]) -> Hole | None:
    """The hole of a tag; None where it has none, or where it is wrong, which is reported."""
    if tag.kind in ("else", "endif"):
        return None
    try:
        hole = read_hole(tag)
        for expression in hole.expressions:
            check_form(expression)
    except ExpressionError as error:
        problems.append(TextFault(tag.line, tag.column, str(error)))
        return None
    for expression in hole.expressions:
        message = check(expression)
        if message:
            problems.append(TextFault(tag.line, tag.column, message))
    return hole
