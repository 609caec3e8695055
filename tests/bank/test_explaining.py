"""How a variant came about, told step by step."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from quizgen.bank import Template, load_bank
from quizgen.bank.explaining import Explained, explain, words_of
from quizgen.errors import VariantError
from quizgen.variants.texts import plain_text
from quizgen.variants.values import REAL, TEXT, TRUTH, Grid

NUMERIC = """
cases:
  - {word: salt, other: [a, b]}
  - {word: thyme, other: [c, d]}
draw:
  q: {probability: [0.05, 0.95], step: 0.05}
  order: {permutation: case.other}
let:
  loss: {value: surprisal(q), decimals: 2}
  big: loss > 1
require: [q < 0.5]
stem: |
  {{ case.word }} has {{ q }}, then {{ order }}.{% if big %} It is large: {{ loss }}.{% else %} It is {{ loss }}.{% endif %}
answer: {kind: numeric, value: loss * 2, decimals: 2, mistakes: {linear-loss: 1 - q}}
"""


def named(explained: Explained) -> dict[str, str]:
    return {one.name: one.value for one in (*explained.fields, *explained.draws, *explained.lets)}


def test_every_step_has_its_name_its_source_and_its_value(template: Callable[..., Template]) -> None:
    loaded = template(NUMERIC)
    told = explain(loaded, secret=b"x", address=3)
    variants = loaded.variants(secret=b"x", start=3)
    q, loss = float(variants["q"][0]), float(variants["loss"][0])
    values = named(told)
    assert values["q"] == f"{q:.2f}"
    assert values["loss"] == f"{loss:.2f}"
    assert values["big"] == ("true" if loss > 1 else "false")
    assert (values["case.word"], values["case.other"]) in [("salt", "a, b"), ("thyme", "c, d")]
    assert {one.name: one.source for one in (*told.draws, *told.lets)} == {
        "q": "{probability: [0.05, 0.95], step: 0.05}",
        "order": "{permutation: case.other}",
        "loss": "{value: surprisal(q), decimals: 2}",
        "big": "loss > 1",
    }
    assert (told.case, told.cases, told.conditions) == (1 if values["case.word"] == "salt" else 2, 2, ("q < 0.5",))
    assert plain_text(told.answers[0].key.shown) == f"{2 * loss:.2f}"
    assert [(id, plain_text(value)) for id, value in told.answers[0].key.mistakes] == [("linear-loss", f"{1 - q:.2f}")]


def test_what_is_shown_in_the_stem_stands_beside_its_expression(template: Callable[..., Template]) -> None:
    told = explain(template(NUMERIC), secret=b"x", address=3)
    values = named(told)
    shown = [(one.name, one.source, one.value) for one in told.shown]
    assert shown[:4] == [
        ("value", "case.word", values["case.word"]), ("value", "q", values["q"]), ("value", "order", values["order"]),
        ("if", "big", values["big"]),
    ]  # fmt: skip


def test_refused_attempts_have_what_was_drawn_and_by_which_condition_each_was_refused(
    template: Callable[..., Template],
) -> None:
    loaded = template(NUMERIC)
    told = [explain(loaded, secret=b"x", address=i) for i in range(30)]
    refused = [attempt for one in told for attempt in one.refused]
    assert len(refused) > 10
    for attempt in refused:
        draws = {draw.name: draw.value for draw in attempt.draws}
        assert float(draws["q"]) >= 0.5
        assert attempt.by == ("'q < 0.5'",)
    assert any(not one.refused for one in told)


def test_a_pool_tells_of_each_statement_whether_it_is_true_was_on_offer_and_is_shown(
    template: Callable[..., Template],
) -> None:
    loaded = template("""
draw:
  p: {probability: [0.1, 0.9], step: 0.1}
stem: "{{ p }}"
answer:
  kind: choice
  choose: 2
  options:
    - {text: at least half, true_when: p >= 0.5, mistake: linear-loss}
    - {text: below half, true_when: p < 0.5}
    - {text: never, true_when: false, when: p > 0.8}
    - {text: negative, true_when: false}
""")
    for address in range(20):
        told = explain(loaded, secret=b"x", address=address)
        p = float(named(told)["p"])
        (answer,) = told.answers
        pool = {plain_text(one.text): one for one in answer.pool}
        assert [one.true for one in pool.values()] == [p >= 0.5, p < 0.5, False, False]
        assert [one.offered for one in pool.values()] == [True, True, p > 0.8, True]
        assert pool["at least half"].mistake == "linear-loss"
        labels = {one.label: one for one in pool.values() if one.label}
        assert set(labels) == {"A", "B"}
        assert [label for label, one in labels.items() if one.true] == [answer.key.accepted]


def test_an_inherited_draw_is_explained_with_the_declaration_that_holds(template: Callable[..., Template]) -> None:
    base = """
title: T
concept: calculating-cross-entropy-loss
level: apply
minutes: 1
draw:
  p: {integer: [1, 9]}
  r: {integer: [1, 3]}
stem: "{{ p }} {{ r }}"
answer: {kind: numeric, value: p + r, decimals: 0}
solution: S.
"""
    loaded = template("extends: base.yaml\ndraw: {p: {integer: [20, 30]}}\n", head="", base__yaml=base)
    told = explain(loaded, secret=b"x", address=0)
    assert {one.name: one.source for one in told.draws} == {"p": "{integer: [20, 30]}", "r": "{integer: [1, 3]}"}
    assert float(named(told)["p"]) >= 20


def test_templates_of_the_shipped_bank_can_be_explained_one_in_four() -> None:
    bank = load_bank(prove=False)
    for id in [*bank][::4]:
        told = explain(bank[id], secret=b"show", address=7)
        assert all(one.value for one in (*told.draws, *told.lets)), id
        assert len(told.answers) == len(bank[id].answers)


def test_an_address_that_is_none_is_refused(template: Callable[..., Template]) -> None:
    with pytest.raises(VariantError, match="addresses"):
        explain(template(NUMERIC), secret=b"x", address=2**40)


def test_values_are_written_as_people_read_them() -> None:
    assert words_of(np.array([0.5]), Grid(2)) == "0.50"
    assert words_of(np.array([[0.1], [0.25]]), Grid(2)) == "0.10, 0.25"
    assert words_of(np.array([[[1.0], [2.0]], [[3.0], [4.0]]]), Grid(0)) == "1, 2; 3, 4"
    assert words_of(np.array([1 / 3]), REAL) == "0.3333333333"
    assert words_of(np.array([True]), TRUTH) == "true"
    assert words_of("salt", TEXT) == "salt"
    assert words_of(np.array([["a"], ["b"]], dtype=object), TEXT) == "a, b"
