"""Marking from Python says what a learner is told, and refuses what is not there."""

from __future__ import annotations

import pytest

from quizgen import load_bank
from quizgen.errors import QuizgenError
from quizgen.variants.texts import plain_text


def test_a_diagnosed_mistake_brings_its_explanation_and_a_misspelt_answer_is_refused() -> None:
    template = load_bank()["calculating-cross-entropy-loss/compare-two-predictions"]
    variants = template.variants(secret=b"any", count=1)
    mistake = template.prepared(variants.blocks[0])[0]
    name, typed = mistake[0].specimens(mistake[1], 0).mistakes[0]
    mark = template.mark(variants, 0, {"answer": typed})
    assert mark.mistake == name
    assert mark.feedback is not None
    assert template.mistakes[name].explanation in plain_text(mark.feedback)
    with pytest.raises(QuizgenError, match=r"answr.*did you mean"):
        template.mark(variants, 0, {"answr": "1"})
