"""A template in Python, as the documentation shows it: variants as arrays, items, marks."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import quizgen
from quizgen.bank import Bank, Template
from quizgen.errors import VariantError
from quizgen.items import EnterNumber, Item, KeyedItem
from quizgen.variants.expressions import parse
from quizgen.variants.texts import plain_text

ID = "calculating-cross-entropy-loss/compare-two-predictions"

COMPARE = """\
title: Which prediction costs more?
concept: calculating-cross-entropy-loss
level: apply
minutes: 2
draw:
  y: {choice: [0, 1]}
  p_a: {uniform: [0.05, 0.95], step: 0.05}
  p_b: {uniform: [0.05, 0.95], step: 0.05}
let:
  q_a: p_a if y == 1 else 1 - p_a
  q_b: p_b if y == 1 else 1 - p_b
  gap: abs(surprisal(q_a) - surprisal(q_b))
require: [gap > 0.2]
stem: "Label **{{ y }}**. A gives {{ p_a }}, B gives {{ p_b }}. By how much do their losses differ, in nats?"
answer:
  kind: numeric
  value: gap
  decimals: 3
  unit: nats
  mistakes: {used-log10: gap / ln(10)}
solution: The difference is {{ gap|fixed(3) }} nats.
"""


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    folder = tmp_path / "my_bank" / "calculating-cross-entropy-loss"
    folder.mkdir(parents=True)
    (folder / "compare-two-predictions.yaml").write_text(COMPARE)
    return quizgen.load_bank(tmp_path / "my_bank")


def test_a_bank_is_loaded_from_a_path_or_is_the_one_that_is_shipped(bank: Bank, tmp_path: Path) -> None:
    assert list(bank) == [ID]
    assert list(quizgen.load_bank(str(tmp_path / "my_bank"))) == [ID]
    assert ID in quizgen.load_bank()


def test_variants_are_arrays_by_name(bank: Bank) -> None:
    variants = bank[ID].variants(secret=b"a secret", start=0, count=1000)
    assert len(variants) == 1000
    assert variants["p_a"].shape == (1000,)
    assert variants["p_a"].dtype == np.float64
    assert set(np.rint(variants["p_a"] * 20).astype(int)) == set(range(1, 20))
    wanted = np.abs(np.log(variants["q_a"]) - np.log(variants["q_b"]))
    assert np.abs(variants.keys("answer") - wanted).max() <= 1e-12


def test_a_name_that_is_not_there_is_a_key_error_that_lists_what_is(bank: Bank) -> None:
    variants = bank[ID].variants(secret=b"a secret", count=2)
    with pytest.raises(KeyError, match="has no value 'p_c'; it has gap, p_a, p_b, q_a, q_b, y"):
        _ = variants["p_c"]
    with pytest.raises(KeyError, match="has no answer 'loss'; it has answer"):
        variants.keys("loss")


def test_an_item_is_what_the_student_meets_and_holds_no_key(bank: Bank) -> None:
    template = bank[ID]
    variants = template.variants(secret=b"a secret", count=20)
    item = template.item(variants, 7)
    assert isinstance(item, Item)
    assert not isinstance(item, KeyedItem)
    assert item.title == "Which prediction costs more?"
    assert f"A gives {variants['p_a'][7]:.2f}, B gives {variants['p_b'][7]:.2f}." in plain_text(item.stem)
    assert item.interactions == (("answer", EnterNumber(None, "3 decimals", "nats")),)
    assert f"{variants.keys()[7]:.3f}" not in repr(item)


def test_a_keyed_item_adds_key_mistakes_and_solution(bank: Bank) -> None:
    template = bank[ID]
    variants = template.variants(secret=b"a secret", count=20)
    keyed = template.keyed_item(variants, 7)
    assert keyed.item == template.item(variants, 7)
    assert plain_text(keyed.keys[0].shown) == f"{variants.keys()[7]:.3f} nats"
    assert [name for name, _ in keyed.keys[0].mistakes] == ["used-log10"]
    assert keyed.solution is not None
    assert plain_text(keyed.solution) == f"The difference is {variants.keys()[7]:.3f} nats."


def test_a_response_is_marked_against_its_own_variant(bank: Bank) -> None:
    template = bank[ID]
    variants = template.variants(secret=b"a secret", count=20)
    key = f"{variants.keys()[7]:.3f}"
    right = template.mark(variants, 7, {"answer": key.replace(".", ",")})
    assert (right.outcome, right.fraction) == ("correct", 1.0)
    wrong = template.mark(variants, 7, {"answer": f"{variants['gap'][7] / math.log(10):.3f}"})
    assert (wrong.outcome, wrong.fraction, wrong.mistake) == ("wrong", 0.0, "used-log10")
    assert template.mark(variants, 7, {"answer": "a third"}).outcome == "invalid"
    assert template.mark(variants, 7, {}).outcome == "blank"
    assert template.mark(variants, 8, {"answer": key}).outcome != "correct"


def test_some_variants_can_be_picked_in_any_order(bank: Bank) -> None:
    variants = bank[ID].variants(secret=b"a secret", start=100, count=50)
    some = variants.pick([41, 3, 7])
    assert some.ordinals.tolist() == [141, 103, 107]
    assert some["p_a"].tolist() == variants["p_a"][[41, 3, 7]].tolist()
    assert some.keys().tolist() == variants.keys()[[41, 3, 7]].tolist()
    assert variants.pick(range(50)) is variants
    for positions in ([50], [-1]):
        with pytest.raises(VariantError, match="there are variants 0 to 49 here"):
            variants.pick(positions)


def test_values_of_different_lengths_are_read_block_by_block(template: Callable[..., Template]) -> None:
    found = template(
        "cases: [{w: [a, b]}, {w: [a, b, c]}]\ndraw: {o: {permutation: case.w}}\nstem: '{{ case.w }} {{ o }}'\n"
        "answer: {kind: text, accept: ['{{ o[0] }}']}"
    ).variants(secret=b"x", count=20)
    with pytest.raises(ValueError, match="has different lengths in different cases"):
        _ = found["o"]
    assert {len(np.asarray(block.values["o"])) for block in found.blocks} == {2, 3}


def test_keys_are_texts_where_they_are_no_numbers(template: Callable[..., Template]) -> None:
    made = template(
        """
draw: {n: {integer: [1, 9]}}
stem: "{{ n }}: {{ answer.a }} {{ answer.b }} {{ answer.c }} {{ answer.d }}"
answers:
  a: {kind: choice, order: fixed, key: x, distractors: [y]}
  b: {kind: multiple, order: fixed, options: [{text: x, true_when: n > 4}, {text: y, true_when: true}]}
  c: {kind: text, accept: ["{{ n }} words", "{{ n }}"]}
  d: {kind: numeric, value: n / 8, decimals: 1, unit: nats}
"""
    )
    variants = made.variants(secret=b"a secret", count=30)
    n = variants["n"]
    assert variants.keys("a").tolist() == ["A"] * 30
    assert variants.keys("b").tolist() == ["A B" if value > 4 else "B" for value in n]
    assert variants.keys("c").tolist() == [f"{value:.0f} words" for value in n]
    assert variants.keys("d").tolist() == (n / 8).tolist()
    assert variants.keys("a").dtype == variants.keys("c").dtype == object
    assert variants.keys("d").dtype == np.float64


@pytest.mark.parametrize("decimal_comma", [False, True])
def test_a_number_may_be_marked_as_it_is(bank: Bank, decimal_comma: bool) -> None:
    variants = bank[ID].variants(secret=b"a secret", count=20)
    for i, key in enumerate(variants.keys()):
        for response in (key, float(key), round(float(key), 3)):
            assert bank[ID].mark(variants, i, {"answer": response}, decimal_comma=decimal_comma).outcome == "correct"
        assert bank[ID].mark(variants, i, {"answer": key + 0.1}, decimal_comma=decimal_comma).outcome == "wrong"


def test_a_key_can_be_changed_where_it_is_the_value_of_an_expression(bank: Bank, template: Callable[..., Template]) -> None:
    changed = bank[ID].with_value("answer", parse("2 * gap"))
    assert changed is not None
    variants = changed.variants(secret=b"a secret", count=5)
    assert variants.keys().tolist() == pytest.approx((2 * variants["gap"]).tolist())
    made = template("stem: x\nanswer: {kind: choice, key: a, distractors: [b]}\n")
    assert made.with_value("answer", parse("1")) is None
    assert bank[ID].with_value("other", parse("1")) is None


def test_fingerprints_of_pairs_do_not_depend_on_how_they_are_shuffled(template: Callable[..., Template]) -> None:
    made = template(
        """
draw: {n: {choice: [1, 2]}}
stem: "{{ n }}"
answer: {kind: match, extra: [w], pairs: [{left: a, right: x}, {left: b, right: y}, {left: c, right: z}]}
"""
    )
    variants = made.variants(secret=b"a secret", count=60)
    assert len(set(map(repr, variants.keys().tolist()))) > 2, "they are shuffled"
    assert len(set(made.fingerprints(variants))) == 2


def test_fingerprints_tell_variants_apart_by_what_a_student_sees(template: Callable[..., Template]) -> None:
    made = template("draw: {p: {integer: [1, 3]}}\nstem: '{{ p }}'\nanswer: {kind: numeric, value: 2 * p, decimals: 0}")
    variants = made.variants(secret=b"x", count=60)
    prints = made.fingerprints(variants)
    assert len(set(prints)) == 3
    assert all(
        (a == b) == (x == y)
        for a, x in zip(prints, variants["p"], strict=True)
        for b, y in zip(prints, variants["p"], strict=True)
    )


def test_several_answers_are_weighed_into_one_mark(template: Callable[..., Template]) -> None:
    made = template(
        "draw: {p: {integer: [2, 9]}}\nstem: '{{ p }}: {{ answer.a }} {{ answer.b }}'\nanswers:\n"
        "  a: {kind: numeric, value: p, decimals: 0}\n  b: {kind: numeric, value: p * p, decimals: 0, weight: 3}"
    )
    variants = made.variants(secret=b"x", count=3)
    p = int(variants["p"][1])
    assert made.mark(variants, 1, {"a": str(p), "b": str(p * p)}).outcome == "correct"
    half = made.mark(variants, 1, {"a": "1", "b": str(p * p)})
    assert (half.outcome, half.fraction) == ("partial", 0.75)
    assert made.mark(variants, 1, {"a": str(p)}).fraction == 0.25
    assert made.mark(variants, 1, {}).outcome == "blank"
    assert made.mark(variants, 1, {"a": "x", "b": "y"}).outcome == "invalid"
