"""What was probably meant by a misspelt word."""

from __future__ import annotations

import pytest

from quizgen.spelling import closest

KEYS = ["title", "concept", "level", "minutes", "let", "draw", "cases", "stem", "answer", "answers", "hints", "tags"]


@pytest.mark.parametrize(
    ("typed", "meant"), [("lte", "let"), ("elt", "let"), ("darw", "draw"), ("tite", "title"), ("Level", "level")]
)
def test_a_word_with_two_neighbouring_letters_in_each_others_place_is_known_again(typed: str, meant: str) -> None:
    assert closest(typed, KEYS) == meant


@pytest.mark.parametrize("typed", ["tel", "xyz", "let_it_be_something_else"])
def test_a_word_that_is_near_to_none_is_taken_for_none(typed: str) -> None:
    assert closest(typed, KEYS) is None
