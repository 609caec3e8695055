"""How many variants a template has: exact where a sample meets them all, else an estimate that is near."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from template_head import HEAD

from quizgen.bank import Template, load_bank
from quizgen.bank.capacity import Capacity, capacity_from, capacity_of
from quizgen.errors import VariantError


def adding(most: int, draws: int) -> str:
    """A template of ``most ** draws`` variants."""
    names = [f"n{i}" for i in range(draws)]
    return (
        "draw: {" + ", ".join(f"{name}: {{integer: [1, {most}]}}" for name in names) + "}\n"
        "stem: Add " + " and ".join(f"{{{{ {name} }}}}" for name in names) + ".\n"
        "answer: {kind: numeric, value: " + " + ".join(names) + ", decimals: 0}\n"
    )


@pytest.mark.parametrize("most", [1, 3, 50])
def test_few_variants_are_counted_exactly(template: Callable[..., Template], most: int) -> None:
    capacity = capacity_of(template(adding(most, 1)), count=1000)
    assert (capacity.exact, capacity.distinct, capacity.drawn, str(capacity)) == (True, most, 1000, str(most))


@pytest.mark.parametrize(("most", "draws"), [(400, 1), (30, 2), (12, 3)])
def test_many_variants_are_estimated_to_a_fifth(template: Callable[..., Template], most: int, draws: int) -> None:
    capacity = capacity_of(template(adding(most, draws)), count=1000)
    assert not capacity.exact
    assert capacity.estimate == pytest.approx(most**draws, rel=0.2)
    assert capacity.distinct <= most**draws
    assert str(capacity).startswith("about ")


def test_more_variants_than_a_sample_shows_are_only_said_to_be_more(template: Callable[..., Template]) -> None:
    capacity = capacity_of(template(adding(1000, 3)), count=200)
    assert capacity == Capacity(200, 200, None, False)
    assert str(capacity) == "over 200"


def test_the_order_of_options_makes_no_other_variant_and_the_key_alone_does(template: Callable[..., Template]) -> None:
    same = "answer: {kind: choice, order: shuffle, key: yes it is, distractors: ['no', maybe, never]}\n"
    assert capacity_of(template("stem: Is it so?\n" + same), count=100).distinct == 1


def test_the_same_secret_gives_the_same_capacity_and_sizes_do_not_depend_on_how_a_sample_is_cut(
    template: Callable[..., Template],
) -> None:
    made = template(adding(40, 2))
    assert capacity_of(made, count=1500) == capacity_of(made, count=1500)
    assert capacity_of(made, secret=b"another", count=1500) != capacity_of(made, count=1500)
    assert capacity_of(made, count=1500).drawn == 1500


def test_conditions_that_cannot_be_met_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text("require: [n0 > 3]\n" + adding(3, 1) + HEAD, encoding="utf-8")
    with pytest.raises(VariantError, match="n0 > 3"):
        capacity_of(load_bank(tmp_path, prove=False)["t"], count=50)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=400))
def test_an_estimate_is_never_below_what_was_seen(variants: list[int]) -> None:
    capacity = capacity_from(Counter(Counter(variants).values()))
    assert (capacity.drawn, capacity.distinct) == (len(variants), len(set(variants)))
    assert capacity.estimate is None or capacity.estimate >= capacity.distinct
    assert (capacity.estimate is None) == (len(set(variants)) == len(variants))
    if capacity.exact:
        assert capacity.estimate == capacity.distinct


@pytest.mark.parametrize("size", [60, 700, 5000])
def test_the_estimate_is_right_on_average(size: int) -> None:
    """Of uniform draws, Chao's estimate is nearly unbiased."""
    chance = np.random.default_rng(7)
    found = []
    for _ in range(60):
        times = Counter(Counter(chance.integers(0, size, 1000).tolist()).values())
        found.append(capacity_from(times).estimate)
    assert np.mean(found) == pytest.approx(size, rel=0.06)


def test_an_estimate_from_a_few_repeats_is_told_to_one_digit() -> None:
    assert str(capacity_from(Counter({1: 996, 2: 2}))) == "about 200,000"
    assert str(capacity_from(Counter({1: 60, 2: 470}))) == "about 530"
