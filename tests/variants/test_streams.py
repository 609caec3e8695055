"""Random words by address: the same on every machine, whatever else is drawn, and as even as they should be."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizgen.variants.streams import Stream, below

SECRET = bytes(range(32))


def philox(counter: list[int], key: tuple[int, int]) -> list[int]:
    """One block of Philox 4x64-10 as its authors define it, in plain Python (Salmon et al. 2011)."""
    word = (1 << 64) - 1
    c, k = list(counter), list(key)
    for _ in range(10):
        high_0, low_0 = divmod(0xD2E7470EE14C6C93 * c[0], 1 << 64)
        high_1, low_1 = divmod(0xCA5A826395121157 * c[2], 1 << 64)
        c = [high_1 ^ c[1] ^ k[0], low_1, high_0 ^ c[3] ^ k[1], low_0]
        k = [(k[0] + 0x9E3779B97F4A7C15) & word, (k[1] + 0xBB67AE8584CAA73B) & word]
    return c


def test_the_words_of_a_variant_are_the_philox_blocks_at_its_address() -> None:
    stream = Stream.of(SECRET, "bank/template", 6)
    digest = hashlib.blake2b(b"bank/template", key=SECRET, digest_size=16, person=b"quizgen-variant1").digest()
    assert stream.key == (int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little"))
    words = stream.words(np.array([0, 5]), 3)
    for column, ordinal in enumerate((0, 5)):
        # NumPy steps the counter before each block, and six words take two blocks a variant.
        blocks = [philox([2 * ordinal + i, 3, 0, 0], stream.key) for i in (1, 2)]
        assert words[:, column].tolist() == [*blocks[0], *blocks[1]][:6]


@given(st.lists(st.integers(0, 200_000), min_size=1, max_size=8), st.integers(1, 9), st.integers(0, 3))
def test_words_do_not_depend_on_what_else_is_drawn_or_in_which_order(ordinals: list[int], width: int, attempt: int) -> None:
    stream = Stream.of(SECRET, "t", width)
    together = stream.words(np.array(ordinals), attempt)
    assert together.shape == (width, len(ordinals))
    for column, ordinal in enumerate(ordinals):
        start = max(ordinal - 3, 0)
        run = stream.words(np.arange(start, ordinal + 2), attempt)
        assert run[:, ordinal - start].tolist() == together[:, column].tolist()


def test_other_secrets_templates_and_attempts_have_other_words() -> None:
    at = np.arange(4)
    streams = [Stream.of(SECRET, "t", 4), Stream.of(SECRET, "u", 4), Stream.of(b"other", "t", 4)]
    seen = {tuple(stream.words(at, attempt).ravel().tolist()) for stream in streams for attempt in (0, 1)}
    assert len(seen) == 6


def test_nothing_is_drawn_for_no_variants() -> None:
    assert Stream.of(SECRET, "t", 4).words(np.array([], dtype=np.int64), 0).shape == (4, 0)


@pytest.mark.parametrize("bound", [1, 2, 3, 10, 2**31])
def test_whole_numbers_below_a_bound_reach_its_ends(bound: int) -> None:
    words = np.array([0, 2**64 - 1], dtype=np.uint64)
    assert below(words, bound).tolist() == [0, bound - 1]


def test_whole_numbers_below_a_bound_are_even() -> None:
    words = Stream.of(SECRET, "even", 1).words(np.arange(60_000), 0)[0]
    counts = np.bincount(below(words, 6), minlength=6)
    assert ((counts - 10_000) ** 2 / 10_000).sum() < 20.5  # chi-square with 5 degrees of freedom, p = 0.001
