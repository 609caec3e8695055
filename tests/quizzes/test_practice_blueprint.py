"""The quiz that practises a path of concepts."""

from __future__ import annotations

import pytest

from quizgen.bank.concepts import Concept
from quizgen.errors import QuizError
from quizgen.quizzes.blueprint import Pick, practice_blueprint

PATH = (Concept("entropy", "Entropy: its “why” \\ \u2028"), Concept("loss", "The loss"), Concept("goal", "The goal"))


def test_each_concept_is_a_section_in_the_order_of_the_path() -> None:
    quiz = practice_blueprint(PATH, {"entropy": 2, "loss": 1, "goal": 3})
    assert quiz.title == "Practice: The goal"
    assert [section.title for section in quiz.sections] == [concept.title for concept in PATH]
    picks = [item for section in quiz.sections for item in section.items]
    assert all(isinstance(item, Pick) for item in picks)
    assert [(item.count, item.concepts) for item in picks if isinstance(item, Pick)] == [
        (2, ("entropy",)), (1, ("loss",)), (3, ("goal",)),
    ]  # fmt: skip
    assert quiz.points == 6
    assert quiz.hints


def test_a_concept_of_which_nothing_is_picked_is_left_out() -> None:
    quiz = practice_blueprint(PATH, {"entropy": 0, "goal": 1})
    assert [section.title for section in quiz.sections] == ["The goal"]


def test_nothing_to_pick_at_all_is_an_error() -> None:
    with pytest.raises(QuizError, match="practice of goal"):
        practice_blueprint(PATH, {})
