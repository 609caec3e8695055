"""Problems in plain words, at their place, with a did-you-mean."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Discriminator, Field, StrictInt, Tag, ValidationError, field_validator

from quizgen.bank.source import Document, WrittenFloat, read_document
from quizgen.bank.validation import Slug, closest, problems_of, suggest, validate
from quizgen.errors import BankError, QuizError


class Spec(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Numeric(Spec):
    kind: Literal["numeric"]
    value: str | float
    decimals: int | None = None


class Choice(Spec):
    kind: Literal["choice"]
    options: list[str | Option]
    order: str = "size"


class Option(Spec):
    text: str
    weight: float = Field(default=1, gt=0)


class ChoiceDraw(Spec):
    choice: list[int | str]


class SequenceDraw(Spec):
    sequence: Draw
    size: int


def draw_kind(value: Any) -> str | None:
    keys = ("choice", "sequence")
    return next((key for key in keys if key in value), None) if isinstance(value, dict) else None


Draw = Annotated[Annotated[ChoiceDraw, Tag("choice")] | Annotated[SequenceDraw, Tag("sequence")], Discriminator(draw_kind)]


class Template(Spec):
    title: str = "t"
    level: Literal["remember", "apply", "evaluate"] = "apply"
    answer: Annotated[Numeric | Choice, Field(discriminator="kind")] | None = None
    draw: dict[str, Draw] = {}
    let: dict[Slug, str | Option] = {}
    hints: Annotated[list[str], Field(min_length=1, max_length=2)] | None = None
    minutes: StrictInt | WrittenFloat = 1
    shuffle: bool | Literal["none", "items"] = False
    tags: tuple[str, ...] = ()

    @field_validator("tags")
    @classmethod
    def _tags(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if "x" in value:
            raise ValueError("a tag cannot be x; choose a word")
        return value


def document(text: str) -> Document:
    return read_document(Path("t.yaml"), text=text.encode())


def refused(text: str) -> list[str]:
    with pytest.raises(BankError) as caught:
        validate(Template, document(text))
    return str(caught.value).splitlines()


CASES = [
    ("titel: x", '1:1: unknown key "titel"; did you mean "title"?'),
    (
        "answer: {kind: numeric, value: x, colour: 1}",
        '1:35: unknown key "colour"; the keys here are kind, value, decimals',
    ),
    ("level: aply", '1:8: level must be one of remember, apply, evaluate, not "aply"; did you mean "apply"?'),
    ("level: hard", '1:8: level must be one of remember, apply, evaluate, not "hard"'),
    ("level:", "1:7: level must be one of remember, apply, evaluate, not nothing (no value is written)"),
    ("title: 2024", '1:8: title must be a text, not the number 2024; put it in quotes: "2024"'),
    ("title: 0.50", '1:8: title must be a text, not the number 0.50; put it in quotes: "0.50"'),
    ("title: true", '1:8: title must be a text, not true; put it in quotes: "true"'),
    ("title: [a]", "1:8: title must be a text, not a list"),
    ("minutes: '5'", '1:10: minutes must be a number, not "5"; remove the quotes'),
    ("minutes: 1,5", '1:10: minutes must be a number, not "1,5"; did you mean 1.5?'),
    ("hints: x", '1:8: hints must be a list, not "x"'),
    ("hints: [a, b, c]", "1:8: hints must have at most 2 entries; there are 3"),
    ("hints: []", "1:8: hints must have at least 1 entry; there are none"),
    ("hints: [7]", '1:9: item 1 of hints must be a text, not the number 7; put it in quotes: "7"'),
    ("tags: [a, x]", "1:7: a tag cannot be x; choose a word"),
    ("answer: {kind: numerc}", '1:16: kind must be one of numeric, choice, not "numerc"; did you mean "numeric"?'),
    ("answer: {value: x}", '1:1: the key "kind" is missing; it must be one of numeric, choice'),
    ("answer: {kind: numeric}", '1:1: the key "value" is missing'),
    ("answer: 3", "1:9: answer must be a map of keys and values, not the number 3"),
    ("answer: {kind: numeric, value: [1]}", "1:32: value must be a text or a number, not a list"),
    ("answer: {kind: choice, options: [{tet: a}]}", '1:35: unknown key "tet"; did you mean "text"?'),
    ("answer: {kind: choice, options: [{}]}", '1:34: the key "text" is missing'),
    (
        "answer: {kind: choice, options: [{text: a, weight: 0}]}",
        "1:52: weight must be greater than 0, not the number 0",
    ),
    (
        "answer: {kind: choice, options: [[a]]}",
        "1:34: item 1 of options must be a text or a map of keys and values, not a list",
    ),
    ("draw: {y: {choise: [1]}}", '1:12: unknown key "choise"; did you mean "choice"?'),
    ("draw: {y: {zzz: [1]}}", "1:11: y needs one of the keys choice, sequence"),
    ("draw: {y: 3}", "1:11: y must be a map of keys and values, not the number 3"),
    ("draw: {y: {choice: [1], wieght: 2}}", '1:25: unknown key "wieght"; the keys here are choice'),
    ("draw: {y: {sequence: {choice: [1]}}}", '1:8: the key "size" is missing'),
    (
        "draw: {y: {sequence: {choice: [[]]}, size: 2}}",
        "1:32: item 1 of choice must be a whole number or a text, not a list",
    ),
    ("draw: {y: {sequence: {choice: [1]}, size: 0.5}}", "1:43: size must be a whole number, not the number 0.5"),
    ("let: {a: 3}", '1:10: a must be a text or a map of keys and values, not the number 3; put it in quotes: "3"'),
    ("let: {A B: x}", '1:7: "A B" is no id: use lower-case letters, digits and single hyphens, as in used-log10'),
    ("shuffle: itms", '1:10: shuffle must be true or false or one of none, items, not "itms"; did you mean "items"?'),
    ("[1]", "1:1: the file must be a map of keys and values, not a list"),
]


@pytest.mark.parametrize(("text", "message"), CASES)
def test_each_fault_is_one_problem_at_its_place_in_plain_words(text: str, message: str) -> None:
    assert refused(text) == [f"t.yaml:{message}"]


def test_all_faults_of_a_file_are_told_at_once_in_the_order_of_the_file() -> None:
    found = refused("level: x\nhints: 3\nfoo: 1\nanswer: {kind: numeric, vlue: 1}\nlet: {a: [1]}\n")
    assert [line.split(":")[1] for line in found] == ["1", "2", "3", "4", "5"]


def test_a_misspelt_key_is_not_also_told_as_missing() -> None:
    assert refused("answer: {kind: numeric, valeu: x}") == ['t.yaml:1:25: unknown key "valeu"; did you mean "value"?']


def test_an_entry_with_a_fault_of_its_own_still_counts_as_an_entry() -> None:
    class Row(Spec):
        a: int

    class Rows(Spec):
        rows: Annotated[tuple[Row, ...], Field(min_length=1)]

    with pytest.raises(BankError) as caught:
        validate(Rows, document("rows: [{a: x}]"))
    assert str(caught.value) == 't.yaml:1:12: a must be a whole number, not "x"'


def test_a_part_of_a_document_is_validated_with_its_own_places_and_error() -> None:
    text = document("parts:\n  - {text: a}\n  - {txt: b}\n")
    assert validate(Option, text, ("parts", 0)).text == "a"
    with pytest.raises(QuizError, match=r'^t\.yaml:3:6: unknown key "txt"; did you mean "text"\?$'):
        validate(Option, text, ("parts", 1), QuizError)


def test_problems_can_be_collected_without_raising_them() -> None:
    text = document("text: a\nweight: -1\n")
    with pytest.raises(ValidationError) as caught:
        Option.model_validate(text.data)
    assert [problem.line for problem in problems_of(caught.value, text, (), Option)] == [2]


def test_a_number_field_keeps_how_the_number_was_written() -> None:
    minutes = validate(Template, document("minutes: 0.50")).minutes
    assert isinstance(minutes, WrittenFloat)
    assert minutes.text == "0.50"
    assert Template.model_json_schema()["properties"]["minutes"]["anyOf"][1] == {"type": "number"}


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("stemm", "stem"),
        ("tite", "title"),
        ("Title", "title"),
        ("show titles", "show_titles"),
        ("show-title", "show_titles"),
        ("opts", None),
        ("p_c", None),
        ("zzz", None),
        ("", None),
        ("x" * 10_000, None),
        ("desc", "descending"),
        ("stp", "step"),
    ],
)
def test_the_word_that_was_meant_is_found_and_no_other_is_guessed(word: str, meant: str | None) -> None:
    assert closest(word, ["title", "stem", "show_titles", "p_a", "p_b", "step", "descending"]) == meant


@given(st.text("abcde", min_size=1, max_size=12), st.lists(st.text("abcde", min_size=1, max_size=12)))
def test_a_word_that_is_there_is_its_own_closest(word: str, others: list[str]) -> None:
    assert closest(word, [*others, word]) == word


def test_without_a_near_word_what_there_is_gets_listed() -> None:
    assert suggest("zzz", ["alpha", "beta"]) == "; there are alpha, beta"
    assert suggest("alpa", ["alpha", "beta"]) == '; did you mean "alpha"?'
    assert suggest("zzz", []) == ""
    assert suggest("zzz", [f"w{i}" for i in range(50)]).endswith("w7 and 42 more")


WORDS = st.sampled_from([*Template.model_fields, "kind", "choice", "sequence", "size", "value", "options", "[key]", "x"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | WORDS | st.sampled_from(["numeric", "apply"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from([*Template.model_fields, "[key]", "ttle"]), VALUES, max_size=6))
def test_whatever_is_wrong_is_told_at_a_place_of_the_file(data: dict[str, Any]) -> None:
    text = document(json.dumps(data))
    try:
        Template.model_validate(text.data)
    except ValidationError as exc:
        problems = problems_of(exc, text, (), Template)
    else:
        return
    assert problems
    for problem in problems:
        assert problem.line == 1
        assert 1 <= problem.column <= len(text.raw)
        assert "Input should" not in problem.message
