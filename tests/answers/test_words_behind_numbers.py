"""What is counted may stand behind a number, in the words of the answer's unit or label."""

from __future__ import annotations

import pytest

from quizgen.answers.numeric import Numeric

TIMES = "So many times as probable"


@pytest.mark.parametrize(
    ("response", "unit", "label", "outcome"),
    [
        ("4.57 times", "times", None, "correct"),
        ("4.57 Time", "times", "Ratio", "correct"),
        ("4.57 times", "", TIMES, "correct"),
        ("4,57 times", "", TIMES, "correct"),
        ("4.57 (times as probable)", "", TIMES, "correct"),
        ("4.6 times", "", TIMES, "wrong"),
        ("4.57 tokens", "", "**Hidden** tokens", "correct"),
        ("4.57 hidden tokens", "", "Hidden tokens", "correct"),
        ("4.57 token", "", "Hidden tokens", "correct"),
        ("4.57 many probable", "", TIMES, "invalid"),  # words of the label, but not as they stand there
        ("4.57 im", "", TIMES, "invalid"),
        ("4.57 words", "", "Hidden tokens", "invalid"),
        ("4.57 tokens", "nats", "Loss of the tokens", "invalid"),  # a unit is asked for, and this is none
        ("4.57 nats", "", "Loss in nats, not in bits", "invalid"),  # a unit that matters is declared as one
        ("4.57 bits", "", "Loss in nats, not in bits", "invalid"),
        ("4.57 times", "", None, "invalid"),
    ],
)
def test_a_word_behind_a_number_is_read_where_the_answer_itself_has_it(
    response: str, unit: str, label: str | None, outcome: str
) -> None:
    comma = "," in response
    assert Numeric(value=4.57, decimals=2, unit=unit, label=label).mark(response, decimal_comma=comma).outcome == outcome
