"""Probabilities as people with decimal commas write them down."""

from __future__ import annotations

import pytest

from quizgen.answers.distribution import Distribution


@pytest.mark.parametrize("typed", ["0,20, 0,30, 0,50", "0,2 0,3 0,5", "0,20; 0,30; 0,50", "20%, 30%, 50%"])
def test_decimal_commas_and_separating_commas_are_told_apart(typed: str) -> None:
    spec = Distribution(value="[0.2, 0.3, 0.5]", over="['a', 'b', 'c']")
    assert spec.mark(typed, decimal_comma=True).outcome == "correct"
