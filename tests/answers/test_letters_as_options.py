"""Where the texts of options are letters themselves, a page shows as chosen what marking takes as chosen."""

from __future__ import annotations

import pytest

from quizgen.answers.alone import prepare_alone
from quizgen.answers.base import AnswerSpec
from quizgen.answers.choice import Choice
from quizgen.answers.multiple import Multiple
from quizgen.answers.order import Order
from quizgen.rendering.outcomes import chosen_in, key_choices

TICKS = Multiple(
    order="fixed",
    options=[{"text": text, "true_when": text in "bad"} for text in ("b", "a", "d", "z")],  # type: ignore[list-item]
)


@pytest.mark.parametrize(
    ("response", "chosen"), [("a, b", "AB"), ("b, a", "AB"), ("A: b", "AB"), ("d; c", "CD"), ("z", "D"), ("z; b", "AD")]
)
def test_what_is_shown_as_chosen_is_what_is_marked(response: str, chosen: str) -> None:
    answer, keys = prepare_alone(TICKS)
    assert chosen_in(answer.interaction(keys, 0), response) == set(chosen)
    ticks = " ".join(chosen)
    assert TICKS.mark(response).fraction == TICKS.mark(ticks).fraction


def test_a_key_of_letters_is_shown_as_all_the_options_that_it_names() -> None:
    answer, keys = prepare_alone(TICKS)
    key = answer.key(keys, 0)
    assert key_choices(answer.interaction(keys, 0), key.shown, key.accepted) == {"A", "B", "C"}


def test_every_way_in_which_a_key_of_letters_is_typed_earns_full_marks() -> None:
    answer, keys = prepare_alone(TICKS)
    assert [TICKS.mark(response).outcome for response in answer.specimens(keys, 0).right] == ["correct"] * 2


@pytest.mark.parametrize(
    "spec",
    [
        TICKS,
        Multiple(order="fixed", options=[{"text": text, "true_when": text < "d"} for text in "abef"]),  # type: ignore[list-item]
        Choice(order="fixed", key="b", distractors=["c", "a"]),  # type: ignore[arg-type, list-item]
        Choice(order="fixed", key="d", distractors=["Model", "e"]),  # type: ignore[arg-type, list-item]
        Order(items=["e", "a"]),
    ],
)
def test_what_a_kind_calls_right_wrong_and_unreadable_is_so_where_options_are_letters(spec: AnswerSpec) -> None:
    answer, keys = prepare_alone(spec)
    specimens = answer.specimens(keys, 0)
    assert {spec.mark(response).outcome for response in specimens.right} == {"correct"}
    assert {spec.mark(response).outcome for response in specimens.wrong} <= {"wrong", "partial"}
    assert {spec.mark(response).outcome for response in specimens.unreadable} == {"invalid"}
