"""Whatever is typed, every kind of answer reads it or says why not, in little time."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizgen.answers import Mark, Reading, UnreadableError, answer_kinds
from quizgen.answers.alone import prepare_alone
from quizgen.errors import NumberError

SPECS: list[dict[str, Any]] = [
    {"kind": "choice", "key": "salt", "distractors": ["thyme", "not spam", "A", "0.5"]},
    {"kind": "multiple", "options": [{"text": "salt", "true_when": True}, {"text": "thyme", "true_when": False}]},
    {"kind": "numeric", "value": 0.5, "decimals": 2, "unit": "nats", "accept_units": ["bits"], "wrong_form": 0.5},
    {"kind": "numeric", "value": "-log(0)", "sigfigs": 2, "mistakes": {"m": 1}},
    {"kind": "text", "accept": ["salt"], "mistakes": {"m": ["thyme"]}},
    {"kind": "order", "items": ["one", "two", "three"], "credit": "pairs"},
    {"kind": "match", "pairs": [{"left": "a", "right": "b"}, {"left": "c", "right": "d"}], "extra": ["e"]},
    {"kind": "distribution", "value": "[0.2, 0.3, 0.5]", "over": '["salt", "thyme", "not spam"]'},
    {"kind": "essay", "rubric": [{"criterion": "x"}]},
]
PREPARED = [(spec["kind"], *prepare_alone(answer_kinds()[spec["kind"]].model_validate(spec))) for spec in SPECS]

PIECES = [
    *("A", "b", "C", "?", "1-A", "2B", "->", "→", "=", ":", ";", ",", ".", "|", "\n", " ", "(", ")", "0.5", "1/3", "%", "e9"),
    *("-", "−", "none", "and", "option", "salt", "thyme", "not spam", "nats", "∞", "$", "\\", "\u200b", "½", "one", ">"),
]
texts = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=14).map("".join))


def marked(answer: Any, keys: Any, text: str, reading: Reading) -> Mark:
    try:
        read = answer.read(text, reading)
    except (UnreadableError, NumberError) as error:
        return Mark.invalid(str(error))
    (mark,) = answer.mark(keys, np.array([0]), [read], {})
    assert isinstance(mark, Mark)
    return mark


@pytest.mark.parametrize(("kind", "answer", "keys"), PREPARED, ids=[f"{kind}-{i}" for i, (kind, _, _) in enumerate(PREPARED)])
@given(text=texts, comma=st.booleans())
def test_any_text_is_marked_or_refused_with_a_reason(kind: str, answer: Any, keys: Any, text: str, comma: bool) -> None:
    if not text.strip():
        return
    mark = marked(answer, keys, text, Reading(comma))
    assert 0 <= mark.fraction <= 1
    assert (mark.outcome == "correct") == (mark.fraction == 1)
    assert mark.outcome in ("correct", "partial", "wrong", "invalid", "manual")
    if mark.outcome == "invalid":
        assert mark.note
    if mark.outcome == "correct":
        assert not mark.mistake


LONG = {
    "letters": "a" * 100_000,
    "labels": "A " * 50_000,
    "digits": "1" * 100_000,
    "numbers": "0.1; " * 20_000,
    "pairs": "1-A " * 25_000,
    "equations": "a=0.1, " * 14_000,
    "signs": "=" * 100_000,
    "dashes": "1" + " -" * 50_000,
    "spaces": "A" + " " * 99_998 + "B",
    "brackets": "(" * 100_000,
    "commas": "1," * 50_000,
    "gaps": "? " * 50_000,
    "joints": "A : " * 25_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_a_hundred_thousand_characters_take_little_time(text: str) -> None:
    for length in (100_000, 3_990):
        start = time.process_time()
        for _, answer, keys in PREPARED:
            marked(answer, keys, text[:length], Reading())
        assert time.process_time() - start < 1
