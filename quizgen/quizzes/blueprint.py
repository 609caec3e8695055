"""Quiz files: which templates, how many of them, for how many points."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    model_validator,
)

from quizgen.bank.concepts import Concept
from quizgen.bank.source import Document, KeyPath, WrittenFloat, read_document
from quizgen.bank.validation import validate
from quizgen.errors import Problem, QuizError

Shuffle: TypeAlias = Literal["none", "items", "sections"]
Attempts: TypeAlias = Literal["last", "best", "first", "error"]
Late: TypeAlias = Literal["accept", "reject"]

_MOST_PICKED = 1_000
_MOST_POINTS = 1_000_000


@dataclass(frozen=True, slots=True)
class Fixed:
    """One template that every student gets. ``path`` is its place in the quiz file."""

    template: str
    points: float
    path: KeyPath


@dataclass(frozen=True, slots=True)
class Pick:
    """``count`` templates drawn for each student among those that fit, each for ``points``.

    A template fits if it has one of the ``concepts``, one of the ``levels``, one of the ``tags`` and only answers of
    ``kinds``; an empty tuple leaves that open.
    """

    count: int
    points: float
    path: KeyPath
    concepts: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A section of a quiz; the only one of a quiz without sections has no title."""

    title: str
    items: tuple[Fixed | Pick, ...]
    path: KeyPath


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A checked quiz file. ``due`` has an offset; ``document`` knows the place of everything."""

    title: str
    sections: tuple[Part, ...]
    document: Document = field(repr=False)
    instructions: str = ""
    due: datetime | None = None
    decimal_comma: bool = False
    shuffle: Shuffle = "none"
    hints: bool = False
    show_titles: bool = True
    attempts: Attempts = "last"
    late: Late = "accept"
    late_penalty: float = 0.0

    @property
    def points(self) -> float:
        """What a student can earn in all."""
        return math.fsum(
            item.points * (item.count if isinstance(item, Pick) else 1) for section in self.sections for item in section.items
        )

    @property
    def due_words(self) -> str:
        """The due date for people, such as ``2026-11-03 23:59 UTC``; empty if there is none."""
        return "" if self.due is None else f"{self.due:%Y-%m-%d %H:%M} {self.due.tzname()}"

    def problem(self, path: KeyPath, message: str, key: bool = False) -> Problem:
        """The problem of a value of the quiz file, such as ``(*item.path, "template")``."""
        return self.document.problem(path, message, key)


def _number(value: float) -> float:
    number = float(value)
    if not math.isfinite(number) or number <= 0:
        raise ValueError("points must be greater than 0")
    if number > _MOST_POINTS:
        raise ValueError(f"points must be at most {_MOST_POINTS:,}")
    # marks are counted in thousandths, so that all that is shown adds up
    if round(number, 3) != number:
        raise ValueError("points must have at most three decimals, such as 2.5")
    return number


def _title(value: str) -> str:
    if not value.strip():
        raise ValueError("title must not be blank")
    return value


def _fraction(value: float) -> float:
    if not 0 <= float(value) <= 1:
        raise ValueError("late_penalty must be a fraction from 0 to 1, such as 0.1 for a tenth of the points")
    return float(value)


def _shuffle(value: Any) -> Any:
    return "none" if value is False else value


def _due(value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
        if len(value) <= len("2026-11-03"):
            moment = datetime.combine(date.fromisoformat(value), time.max)
        moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
        moment.astimezone(UTC)  # moments at the very ends of the calendar have no UTC form
    except (TypeError, ValueError, OverflowError) as exc:
        raise ValueError("due must be a date such as 2026-11-03, or a date and time such as 2026-11-03T18:00+01:00") from exc
    return moment


def _list(value: Any) -> Any:
    return value if value is None or isinstance(value, list | dict) else [value]


_Words = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_list)]
_Points = Annotated[StrictInt | WrittenFloat, AfterValidator(_number)]


class _Spec(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _ItemSpec(_Spec):
    template: Annotated[str, Field(min_length=1)] | None = None
    pick: Annotated[StrictInt, Field(ge=1, le=_MOST_PICKED)] | None = None
    points: _Points = 1
    concept: _Words = ()
    level: _Words = ()
    tag: _Words = ()
    kinds: _Words = ()

    @model_validator(mode="after")
    def _one_way(self) -> _ItemSpec:
        criteria = [name for name in ("concept", "level", "tag", "kinds") if getattr(self, name)]
        if self.template is None and self.pick is None:
            raise ValueError("an item needs either template: (an id) or pick: (how many)")
        if self.template is not None and self.pick is not None:
            raise ValueError("an item has either template: or pick:, not both")
        if self.template is not None and criteria:
            raise ValueError(f"{criteria[0]}: belongs to pick:, not to template:")
        if self.pick is not None and not criteria:
            raise ValueError("pick: needs a concept:, level:, tag: or kinds: to pick by")
        return self

    def item(self, path: KeyPath) -> Fixed | Pick:
        points = float(self.points)
        if self.template is not None:
            return Fixed(self.template.removesuffix(".yaml"), points, path)
        return Pick(self.pick or 1, points, path, self.concept, self.level, self.tag, self.kinds)


_Items = Annotated[tuple[_ItemSpec, ...], Field(min_length=1)]


class _PartSpec(_Spec):
    title: str = ""
    items: _Items


class _BlueprintSpec(_Spec):
    title: Annotated[str, Field(min_length=1), AfterValidator(_title)]
    instructions: str = ""
    due: Annotated[datetime, BeforeValidator(_due)] | None = None
    decimal_comma: StrictBool = False
    shuffle: Annotated[Shuffle, BeforeValidator(_shuffle)] = "none"
    hints: StrictBool = False
    show_titles: StrictBool = True
    attempts: Attempts = "last"
    late: Late = "accept"
    late_penalty: Annotated[StrictInt | WrittenFloat, AfterValidator(_fraction)] = 0
    sections: Annotated[tuple[_PartSpec, ...], Field(min_length=1)] | None = None
    items: _Items | None = None

    @model_validator(mode="after")
    def _one_way(self) -> _BlueprintSpec:
        if (self.sections is None) == (self.items is None):
            raise ValueError("a quiz needs items: or sections:, one of the two")
        if self.late == "reject" and self.late_penalty:
            raise ValueError("late_penalty: has no use where late: reject refuses what comes late")
        return self


def load_blueprint(path: str | Path) -> Blueprint:
    """The blueprint of a quiz file.

    ``due`` is an ISO date, which means the end of that day, or a date and time; without an offset both mean UTC.
    Raises `QuizError` with every problem at its place. Whether its templates exist is for the bank to say.
    """
    return _blueprint(read_document(Path(path), error=QuizError))


def practice_blueprint(path: Sequence[Concept], counts: Mapping[str, int]) -> Blueprint:
    """The blueprint that practises concepts in the order of the path: a section each, with so many picks as counted by id.

    Concepts with no count, or 0, are left out. Raises `QuizError` where nothing is left.
    """
    quiz = {
        "title": f"Practice: {path[-1].title}",
        "instructions": "Work from the top: each part builds on those before it.",
        "hints": True,
        "sections": [
            {"title": concept.title, "items": [{"pick": counts[concept.id], "concept": concept.id}]}
            for concept in path
            if counts.get(concept.id)
        ],
    }
    name = f"practice of {path[-1].id}"
    return _blueprint(read_document(Path(name), text=json.dumps(quiz).encode(), name=name, error=QuizError))


def _blueprint(document: Document) -> Blueprint:
    spec = validate(_BlueprintSpec, document, error=QuizError)
    values = {name: getattr(spec, name) for name in _BlueprintSpec.model_fields if name not in ("sections", "items")}
    return Blueprint(sections=tuple(_parts(spec)), document=document, **values)


def _parts(spec: _BlueprintSpec) -> Iterator[Part]:
    if spec.items is not None:
        yield Part("", tuple(item.item(("items", place)) for place, item in enumerate(spec.items)), ())
    for position, part in enumerate(spec.sections or ()):
        path = ("sections", position)
        items = tuple(item.item((*path, "items", place)) for place, item in enumerate(part.items))
        yield Part(part.title, items, path)
