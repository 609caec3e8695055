"""Which options a variant shows: one right, all different, and the key's place no hint."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import stats
from small_templates import template

from quizgen.answers.choice import Choice, ChoiceAnswer
from quizgen.bank import Template, Variants
from quizgen.errors import VariantError
from quizgen.items import ChooseOne
from quizgen.variants.texts import plain_text

SECRET = b"pools"
COUNT = 2000

RANKED = """
draw: {p: {uniform: [0.05, 0.95], step: 0.05}}
stem: "{{ p }}"
answer:
  kind: choice
  choose: 4
  key: {value: surprisal(p), decimals: 3}
  distractors:
    - {value: surprisal(p) / 4}
    - {value: surprisal(p) / 3}
    - {value: surprisal(p) / 2}
    - {value: surprisal(p) * 2}
    - {value: surprisal(p) * 3}
    - {value: surprisal(p) * 4}
"""

STATEMENTS = """
draw: {p: {distribution: 3, distinct: true}}
stem: "{{ p }}"
answer:
  kind: choice
  choose: 3
  options:
    - {text: the first is the largest, true_when: argmax(p) == 0, mistake: m-one}
    - {text: the second is the largest, true_when: argmax(p) == 1}
    - {text: the third is the largest, true_when: argmax(p) == 2}
    - {text: the first is below a third, true_when: "p[0] < 1/3"}
    - {text: they sum to 1, true_when: true}
    - {text: they sum to 2, true_when: false}
    - {text: all are equal, true_when: "p[0] == p[1] and p[1] == p[2]"}
"""


def prepared(small: Template, count: int = COUNT) -> tuple[Variants, Any]:
    variants = small.variants(secret=SECRET, count=count)
    ((_, keys),) = small.prepared(variants.blocks[0])
    return variants, keys


def p_value(places: np.ndarray[Any, Any], options: int) -> float:
    counts = np.bincount(places, minlength=options)
    return float(stats.chisquare(counts).pvalue)


def test_the_rank_of_a_numeric_key_is_uniform_where_the_pool_permits() -> None:
    _, keys = prepared(template(RANKED))
    assert p_value(keys.key, 4) > 0.001


def test_numbers_stand_in_order_of_size() -> None:
    small = template(RANKED)
    variants = small.variants(secret=SECRET, count=50)
    for item in small.items(variants):
        numbers = [float(plain_text(option.text)) for option in options(item)]
        assert numbers == sorted(numbers)


def options(item: Any) -> Any:
    ((_, interaction),) = item.interactions
    assert isinstance(interaction, ChooseOne)
    return interaction.options


def test_where_all_distractors_are_smaller_the_key_is_last() -> None:
    """No choice among them could make it otherwise; such a pool is the author's to mend."""
    body = RANKED[: RANKED.index("    - {value: surprisal(p) * 2}")]
    _, keys = prepared(template(body), 100)
    assert set(keys.key.tolist()) == {3}


def test_the_place_of_a_key_among_texts_is_uniform() -> None:
    body = """
draw: {p: {uniform: [0.05, 0.95], step: 0.05}}
stem: "{{ p }}"
answer: {kind: choice, choose: 3, key: yes, distractors: [no, perhaps, never, always], label: "{{ p }}"}
"""
    _, keys = prepared(template(body))
    assert p_value(keys.key, 3) > 0.001


def test_every_distractor_is_used_about_equally_often() -> None:
    body = """
draw: {p: {uniform: [0.05, 0.95], step: 0.05}}
stem: "{{ p }}"
answer: {kind: choice, choose: 3, key: yes, distractors: [no, perhaps, never, always], label: "{{ p }}"}
"""
    _, keys = prepared(template(body))
    used = Counter(keys.offer.shown[keys.offer.shown != 0].ravel().tolist())
    assert stats.chisquare(list(used.values())).pvalue > 0.001
    assert len(used) == 4


def test_exactly_one_statement_of_a_pool_is_true_of_the_variants_numbers() -> None:
    small = template(STATEMENTS)
    variants = small.variants(secret=SECRET, count=300)
    shown_true: Counter[str] = Counter()
    for i, item in enumerate(small.items(variants)):
        p = variants["p"][:, i]
        truth = {
            "the first is the largest": p.argmax() == 0,
            "the second is the largest": p.argmax() == 1,
            "the third is the largest": p.argmax() == 2,
            "the first is below a third": p[0] < 1 / 3,
            "they sum to 1": True,
            "they sum to 2": False,
            "all are equal": False,
        }
        true = [option.label for option in options(item) if truth[plain_text(option.text)]]
        assert len(true) == 1
        assert small.mark(variants, i, {"answer": true[0]}).outcome == "correct"
        shown_true[next(plain_text(o.text) for o in options(item) if o.label == true[0])] += 1
    assert len(shown_true) == 5, "each statement that can be true is the right one in some variant"


def test_the_place_of_the_true_statement_is_uniform() -> None:
    _, keys = prepared(template(STATEMENTS))
    assert p_value(keys.key, 3) > 0.001


def test_options_differ_as_displayed_and_as_values() -> None:
    """Of distractors that come out alike, or like the key, one at most is shown."""
    body = """
draw: {p: {uniform: [0.05, 0.95], step: 0.05}}
stem: "{{ p }}"
answer:
  kind: choice
  choose: 3
  key: {value: p, decimals: 2}
  distractors: [{value: p + 0.001}, {value: 1 - p}, {value: "abs(1 - p)"}, {value: p / 2}, {value: "0.5 * p"}, {value: 2 * p}]
"""
    small = template(body)
    variants = small.variants(secret=SECRET, count=500)
    for item in small.items(variants):
        texts = [plain_text(option.text) for option in options(item)]
        assert len(set(texts)) == len(set(map(float, texts))) == 3


def test_a_variant_that_has_too_few_different_options_is_not_drawn() -> None:
    body = """
draw: {p: {choice: [0.4, 0.5]}}
stem: "{{ p }}"
answer: {kind: choice, key: {value: p, decimals: 2}, distractors: [{value: 1 - p}]}
"""
    small = template(body)
    assert set(small.variants(secret=SECRET, count=50)["p"].tolist()) == {0.4}


def test_an_impossible_pool_says_what_is_missing() -> None:
    with pytest.raises((VariantError, Exception), match="not one right and 2 wrong options that differ"):
        template(
            """
draw: {p: {choice: [0.4, 0.5]}}
stem: "{{ p }}"
answer: {kind: choice, choose: 3, key: {value: p, decimals: 2}, distractors: [{value: 1 - p}, {value: "1.0 - p"}]}
"""
        )


def test_an_option_is_offered_only_where_its_condition_holds() -> None:
    body = """
draw: {p: {uniform: [0.1, 0.9], step: 0.1}}
stem: "{{ p }}"
answer: {kind: choice, choose: 3, key: yes, distractors: [no, perhaps, {text: never, when: p > 0.5}]}
"""
    small = template(body)
    variants = small.variants(secret=SECRET, count=300)
    seen = {
        (bool(variants["p"][i] > 0.5), plain_text(option.text))
        for i, item in enumerate(small.items(variants))
        for option in options(item)
    }
    assert (True, "never") in seen
    assert (False, "never") not in seen


def test_texts_cannot_be_ordered_by_size() -> None:
    with pytest.raises(ValidationError, match="'order: size' is for options with 'value'"):
        Choice(key="a", distractors=["b"], order="size")


def test_the_number_of_right_options_of_a_multiple_answer_is_spread_over_what_is_allowed() -> None:
    body = """
draw: {p: {uniform: [0.05, 0.95], step: 0.05}}
stem: "{{ p }}"
answer:
  kind: multiple
  choose: 4
  min_true: 1
  max_true: 3
  label: "{{ p }}"
  options:
    - {text: r1, true_when: true}
    - {text: r2, true_when: true}
    - {text: r3, true_when: true}
    - {text: w1, true_when: false}
    - {text: w2, true_when: false}
    - {text: w3, true_when: false}
"""
    _, keys = prepared(template(body))
    assert stats.chisquare(np.bincount(keys.right.sum(axis=0), minlength=4)[1:]).pvalue > 0.001
    assert stats.chisquare(keys.right.sum(axis=1)).pvalue > 0.001, "no place holds a right option more often than another"


def test_a_choice_is_compiled_to_a_choice() -> None:
    (answer,) = template(STATEMENTS).answers
    assert isinstance(answer, ChoiceAnswer)
