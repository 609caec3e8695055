"""The YAML form of a template, but for draws and answers, whose kinds bring their own."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from quizgen.bank.mistakes import MistakeSpec
from quizgen.variants.written import WrittenFloat, written


class LetSpec(BaseModel):
    """A let that rounds its value; everything after it uses the rounded one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: str | bool | int | WrittenFloat = Field(description="the expression")
    decimals: int | None = Field(None, ge=0, le=12, description="decimals to round to")
    sigfigs: int | None = Field(None, ge=1, le=12, description="significant digits to round to")

    @model_validator(mode="after")
    def _one(self) -> LetSpec:
        if (self.decimals is None) == (self.sigfigs is None):
            raise ValueError("give 'decimals' or 'sigfigs'")
        return self


def let_source(entry: str | bool | int | WrittenFloat | LetSpec) -> str:
    """The expression of a let as it was written."""
    value = entry.value if isinstance(entry, LetSpec) else entry
    return str(value).lower() if isinstance(value, bool) else written(value)


SHORTEST_REASON = 10
"""Characters that the reason for a waiver has at least."""


def _reason(words: str) -> str:
    if len(words.strip()) < SHORTEST_REASON:
        raise ValueError(
            f'"{words.strip()}" does not say why the finding is let be: give a reason of at least {SHORTEST_REASON} characters'
        )
    return words


class TemplateSpec(BaseModel):
    """The keys of a template file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(min_length=1, max_length=200, description="a short name, shown above the stem")
    concept: str = Field(description="the id of a concept in concepts.yaml")
    level: Literal["remember", "understand", "apply", "analyse", "evaluate"] = Field(description="what a solver must do")
    minutes: float = Field(gt=0, le=600, description="expected working time")
    tags: list[str] = Field([], description="words to pick by")
    cases: list[dict[str, Any]] = Field([], max_length=10_000, description="blocks of words; one is drawn for each variant")
    draw: dict[str, dict[str, Any]] = Field({}, max_length=100, description="random numbers: name: {kind: …}")
    let: dict[str, str | bool | int | WrittenFloat | LetSpec] = Field(
        {}, max_length=200, description="derived values, in order"
    )
    require: list[str] = Field([], max_length=100, description="conditions that a variant must meet")
    incidental: list[str] = Field([], description="names of draws, or 'case', that must not move difficulty")
    stem: str = Field(min_length=1, description="the question, in Markdown")
    answer: dict[str, Any] | None = Field(None, description="where the student answers")
    answers: dict[str, dict[str, Any]] | None = Field(None, min_length=1, max_length=50, description="several, by name")
    solution: str | None = Field(None, description="the worked solution, in Markdown")
    hints: list[str] = Field([], max_length=10, description="hints of rising strength")
    mistakes: dict[str, MistakeSpec] = Field({}, description="misconceptions of this template only")
    verify: dict[str, str] | str = Field(
        {}, description="a second formula for the key, or one for each of several answers by name; 'quizgen check' compares"
    )
    waive: dict[str, Annotated[str, AfterValidator(_reason), Field(json_schema_extra={"minLength": SHORTEST_REASON})]] = Field(
        {}, description="checks whose findings are let be, each with the reason"
    )

    @model_validator(mode="after")
    def _answers(self) -> TemplateSpec:
        if (self.answer is None) == (self.answers is None):
            raise ValueError("a template has either 'answer' or 'answers'")
        return self
