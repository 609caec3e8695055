"""Where the combinations of cases and draws can be counted, each of them is met at an address."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from planting import HEAD

from quizgen.bank import load_template
from quizgen.bank.source import read_with_extends
from quizgen.bank.template import Template
from quizgen.checking.exhaustive import space_of
from quizgen.checking.run import Plan, check_template
from quizgen.checking.sweep import SECRET

RARE = """
draw:
  a: {integer: [1, 40]}
  b: {choice: [1, 2, 3], weights: [1, 0, 3]}
require: [a != 5]
stem: "{{ a }} and {{ b }}: what is the sum of their doubles?"
answer: {kind: numeric, value: 2 * a + 2 * b, decimals: 0}
"""


def template_of(text: str, folder: Path) -> Template:
    file = folder / "t.yaml"
    file.write_text(HEAD + text, encoding="utf-8")
    return load_template(file)


def values_at(template: Template, ordinals: np.ndarray, *names: str) -> set[tuple[float, ...]]:
    variants = template.variants_at(ordinals, secret=SECRET)
    return set(zip(*(variants[name].tolist() for name in names), strict=True))


def test_every_combination_that_conditions_allow_has_one_address(tmp_path: Path) -> None:
    template = template_of(RARE, tmp_path)
    space = space_of(template)
    assert (space.total, space.found, space.why) == (39 * 2, 39 * 2, "")
    assert values_at(template, space.ordinals, "a", "b") == {(a, b) for a in range(1, 41) if a != 5 for b in (1, 3)}


def test_sequences_samples_and_cases_are_counted(tmp_path: Path) -> None:
    text = """
cases: [{words: [a, b, c], one: x}, {words: [d, e, f], one: y}]
draw:
  s: {sequence: {integer: [0, 2]}, size: 2, distinct: true}
  w: {sample: case.words, size: 2}
stem: "{{ case.one }}: {{ s }}, {{ w }}. What is twice the first number?"
answer: {kind: numeric, value: "2 * s[0]", decimals: 0}
"""
    space = space_of(template_of(text, tmp_path))
    assert (space.total, space.found) == (2 * 6 * 6, 2 * 6 * 6)


@pytest.mark.parametrize(
    ("draw", "why"),
    [
        ("{distribution: 3, step: 0.1}", "the draw 'p' has outcomes that are not counted"),
        ("{sequence: {probability: [0, 1]}, size: 4}", "104,060,401 combinations, more than 20,000"),
    ],
)
def test_what_cannot_be_counted_says_why(draw: str, why: str, tmp_path: Path) -> None:
    text = f"""
draw:
  p: {draw}
stem: "{{{{ p }}}}. What is ten times the first?"
answer: {{kind: numeric, value: "10 * p[0]", decimals: 2}}
"""
    template = template_of(text, tmp_path)
    assert why in space_of(template).why
    document = read_with_extends(tmp_path / "t.yaml", tmp_path)
    found = check_template(template, document, Plan(50, exhaustive=True)).found
    assert [(one.check, one.severity) for one in found if one.check == "all"] == [("all", "note")]


def test_a_defect_of_one_combination_alone_is_found_where_a_short_sweep_misses_it(tmp_path: Path) -> None:
    text = """
draw: {a: {integer: [1, 900]}}
stem: "The word comes {{ a }} times in 1000, and 871 other words come as often together. How many words is that?"
answer: {kind: numeric, value: a + 871, decimals: 0}
verify: a + 871 if a != 666 else 0
"""
    template = template_of(text, tmp_path)
    document = read_with_extends(tmp_path / "t.yaml", tmp_path)
    short = Plan(20, only=frozenset({"second-formula"}))
    assert not check_template(template, document, short).found
    report = check_template(template, document, replace(short, exhaustive=True))
    (found,) = report.found
    assert found.ordinal is not None
    assert template.variants_at([found.ordinal], secret=SECRET)["a"].tolist() == [666]
    assert report.variants >= 900
    assert [(figure.name, figure.value) for figure in report.figures] == [("combinations", "900 of 900")]


def capacity_told(text: str, folder: Path, plan: Plan) -> str:
    template = template_of(text, folder)
    document = read_with_extends(folder / "t.yaml", folder)
    figures = {figure.name: figure.value for figure in check_template(template, document, plan).figures}
    return figures["distinct variants"]


CAPACITY = Plan(50, only=frozenset({"capacity", "no-variation"}))


def test_where_every_combination_is_met_variants_are_counted_and_not_estimated(tmp_path: Path) -> None:
    assert capacity_told(RARE, tmp_path, CAPACITY) != "78"
    assert capacity_told(RARE, tmp_path, replace(CAPACITY, exhaustive=True)) == "78"


def test_combinations_that_look_alike_are_one_variant_whatever_the_order_of_options(tmp_path: Path) -> None:
    text = """
draw: {a: {integer: [1, 7]}, b: {integer: [1, 9]}}
let: {s: a * b}
stem: "The product is {{ s }}. Which statements are right?"
answer:
  kind: multiple
  options:
    - {text: It is even., true_when: s % 2 == 0}
    - {text: It is above 20., true_when: s > 20}
    - {text: It is below 100., true_when: true}
"""
    products = {a * b for a in range(1, 8) for b in range(1, 10)}
    assert capacity_told(text, tmp_path, replace(CAPACITY, exhaustive=True)) == str(len(products))


def test_where_options_are_chosen_by_chance_the_estimate_is_of_the_sample_and_not_of_what_was_added(tmp_path: Path) -> None:
    text = """
draw: {a: {integer: [1, 200]}}
stem: "The number is {{ a }}. Which statement is right?"
answer: {kind: choice, choose: 2, key: "It is {{ a }}.", distractors: ["It is 0.", "It is minus {{ a }}.", "It is none."]}
"""
    told = capacity_told(text, tmp_path, replace(CAPACITY, count=1000, exhaustive=True))
    assert told.startswith("about ")
    assert 480 <= int(told.removeprefix("about ").replace(",", "")) <= 720
