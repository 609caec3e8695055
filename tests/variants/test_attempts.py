"""The attempts at one variant: the last is the variant that everything else sees, the others say what refused them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from quizgen.bank import Template
from quizgen.variants.attempts import attempts
from quizgen.variants.sampler import MAX_ATTEMPTS

TEXT = """
cases:
  - {word: one}
  - {word: two}
draw:
  a: {integer: [1, 9]}
  b: {integer: [1, 9]}
require:
  - a > b
  - a + b > 8
stem: "{{ case.word }}: {{ a }}, {{ b }}"
answer: {kind: numeric, value: a - b, decimals: 0}
"""


def test_the_last_attempt_is_the_variant_and_each_before_it_names_exactly_the_conditions_that_it_fails(
    template: Callable[..., Template],
) -> None:
    loaded = template(TEXT)
    variants = loaded.variants(secret=b"s", count=60)
    refused = 0
    for address in range(60):
        *failed, last = attempts(loaded.program, b"s", address, loaded.answers)
        assert last.refused_by == ()
        (block,) = variants.pick([address]).blocks
        assert (last.block.case, last.block.values["a"], last.block.values["b"]) == (
            block.case, block.values["a"], block.values["b"],
        )  # fmt: skip
        assert len(failed) == int(block.attempts[0])
        for attempt in failed:
            a, b = (float(attempt.block.values[name][0]) for name in "ab")
            assert attempt.refused_by == tuple(
                reason for reason, holds in (("'a > b'", a > b), ("'a + b > 8'", a + b > 8)) if not holds
            )
            refused += 1
    assert refused > 40


def test_where_all_attempts_are_refused_there_is_no_last_one(template: Callable[..., Template]) -> None:
    loaded = template(TEXT)

    class Never:
        words = 0

        def refusals(self, block: object, words: object) -> list[tuple[str, np.ndarray]]:
            return [("never", np.array([True]))]

    tried = list(attempts(loaded.program, b"s", 0, [*loaded.answers, Never()]))
    assert len(tried) == MAX_ATTEMPTS
    assert all(attempt.refused_by for attempt in tried)
    assert any(attempt.refused_by == ("never",) for attempt in tried)


@pytest.mark.parametrize("secret", [b"s", b"t"])
def test_another_secret_gives_other_attempts(template: Callable[..., Template], secret: bytes) -> None:
    loaded = template(TEXT)
    drawn = [[float(a.block.values["a"][0]) for a in attempts(loaded.program, secret, i)] for i in range(20)]
    other = [[float(a.block.values["a"][0]) for a in attempts(loaded.program, b"u", i)] for i in range(20)]
    assert drawn != other
