"""What was probably meant by a misspelt word."""

from __future__ import annotations

import pytest

from quizgen.spelling import closest, listed

KEYS = ["title", "concept", "level", "minutes", "let", "draw", "cases", "stem", "answer", "answers", "hints", "tags"]


@pytest.mark.parametrize(
    ("typed", "meant"), [("lte", "let"), ("elt", "let"), ("darw", "draw"), ("tite", "title"), ("Level", "level")]
)
def test_a_word_with_two_neighbouring_letters_in_each_others_place_is_known_again(typed: str, meant: str) -> None:
    assert closest(typed, KEYS) == meant


@pytest.mark.parametrize("typed", ["tel", "xyz", "let_it_be_something_else"])
def test_a_word_that_is_near_to_none_is_taken_for_none(typed: str) -> None:
    assert closest(typed, KEYS) is None


def test_a_list_is_told_whole_or_cut_so_far_that_it_is_worth_it() -> None:
    assert listed(["a", "b"]) == "a, b"
    assert listed(f"w{i}" for i in range(12)).endswith(", w11")
    assert listed(f"w{i}" for i in range(13)) == "w0, w1, w2, w3, w4, w5, w6, w7 and 5 more"
