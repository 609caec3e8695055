"""The course page that the bank turns into questions: its 18 rows, and its three worked questions with their own numbers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from quizgen import load_bank
from quizgen.bank import Bank, Template, Variants
from quizgen.variants.sampler import sample
from quizgen.variants.streams import Stream, Words, below
from quizgen.variants.texts import plain_text

TOP = 2**64 - 1
"""The largest random word."""

ROWS = (
    "fundamental-llm-training-objective",
    "llm-policy-as-a-probability-distribution",
    "comparing-next-word-distributions",
    "mathematical-notation-for-text-generation-probability",
    "evaluating-language-model-suitability",
    "predicting-next-word-likelihood",
    "loss-function-for-language-modeling",
    "a-broad-definition-of-cross-entropy",
    "why-minimise-cross-entropy-loss",
    "denoising-autoencoder-training-objective",
    "mlm-training-objective-using-cross-entropy-loss",
    "comparing-binary-cross-entropy-losses",
    "calculating-cross-entropy-loss",
    "analysing-model-errors-with-cross-entropy-loss",
    "comparing-next-word-losses",
    "total-loss-calculation-for-a-token-sequence",
    "evaluating-model-prediction-quality",
    "defining-the-ground-truth-distribution",
)
"""The page's concepts and questions in its order."""


@pytest.fixture(scope="module")
def bank() -> Bank:
    """The shipped bank."""
    return load_bank()


def test_concepts_are_the_pages_rows_in_its_order(bank: Bank) -> None:
    assert tuple(bank.concepts) == ROWS
    assert [concept.row for concept in bank.concepts.values()] == list(range(1, 19))
    parts = [concept.part for concept in bank.concepts.values()]
    assert parts == ["before"] * 6 + ["related"] * 8 + ["after"] * 4


def test_every_row_has_a_template(bank: Bank) -> None:
    assert {header.concept for header in bank.headers()} == set(ROWS)


def test_every_template_names_its_own_folders_concept(bank: Bank) -> None:
    assert [header.id for header in bank.headers() if header.id.split("/")[0] != header.concept] == []


def steered(monkeypatch: pytest.MonkeyPatch, template: Template, case: int, wanted: Mapping[str, object]) -> Variants:
    """The variant whose draws come out as wanted, by random words that make them so: it is one that a student can meet."""
    chance = np.random.default_rng(5)
    program = template.program
    width = 1 + max(sum(s.words for s in c.samplers) for c in program.cases) + sum(a.words for a in template.answers)
    column = chance.integers(0, TOP, size=(width, 1), dtype=np.uint64, endpoint=True)
    cases = below(candidates := chance.integers(0, TOP, 100_000, dtype=np.uint64, endpoint=True), len(program.cases))
    column[0] = candidates[np.flatnonzero(cases == case)[0]]
    at = 1
    for sampler in program.cases[case].samplers:
        words = chance.integers(0, TOP, size=(sampler.words, 100_000), dtype=np.uint64, endpoint=True)
        drawn = sampler.sample(words, dict(program.cases[case].constants))
        fits = np.ones(100_000, dtype=bool) if drawn.ok is None else drawn.ok
        for name, value in drawn.values.items():
            if name in wanted:
                target = np.asarray(wanted[name])
                same = np.asarray(value) == (target[:, None] if target.ndim else target)
                fits = fits & (same.all(axis=0) if target.ndim else same)
        assert fits.any(), f"{list(drawn.values)} cannot be {wanted}"
        column[at : at + sampler.words, 0] = words[:, np.flatnonzero(fits)[0]]
        at += sampler.words

    def words_of(self: Stream, ordinals: np.ndarray, attempt: int) -> Words:
        assert attempt == 0, f"a condition of {template.id} refuses these numbers"
        return column

    monkeypatch.setattr(Stream, "words", words_of)
    ordinals = np.array([0])
    return Variants(template, ordinals, sample(program, b"x", ordinals, template.answers))


def case_with(template: Template, words: str) -> int:
    """The case that holds these words."""
    return next(i for i, case in enumerate(template.program.cases) if words in str(case.constants))


def test_the_chefs_stew_is_a_variant_with_the_pages_numbers(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    template = bank["comparing-next-word-distributions/which-model-understood"]
    numbers = {"good": "A", "order": [0, 1, 2, 3], "g_1": 0.02, "g_2": 0.03, "g_3": 0.30, "b_1": 0.45, "b_2": 0.15, "b_3": 0.20}
    variants = steered(monkeypatch, template, case_with(template, "stew"), numbers)
    keyed = template.keyed_item(variants, 0)
    stem = plain_text(keyed.item.stem)
    rows = ["salt|0.65|0.20", "concrete|0.02|0.45", "laughter|0.03|0.15", "thyme|0.30|0.20"]
    assert "a pinch of" in stem
    assert [row for row in rows if row not in stem] == []
    assert "Model " in plain_text(keyed.keys[0].shown)


def test_label_1_with_predictions_09_and_06_is_a_variant(bank: Bank) -> None:
    template = bank["comparing-binary-cross-entropy-losses/which-comparison-is-right"]
    variants = template.variants(secret=b"seed page", count=4000)
    found = np.flatnonzero((variants["y"] == 1) & (variants["p_a"] == 0.9) & (variants["p_b"] == 0.6))
    assert len(found) > 0
    stem = plain_text(template.item(variants, int(found[0])).stem)
    assert "0.90" in stem
    assert "0.60" in stem


def test_the_sun_is_shining_is_a_variant_with_075_against_015(bank: Bank) -> None:
    template = bank["comparing-next-word-losses/which-analysis-is-right"]
    variants = template.variants(secret=b"seed page", count=20_000)
    sun = variants["case.prompt"] == "The sun is shining"
    found = np.flatnonzero(sun & (variants["q_a"] == 0.75) & (variants["q_b"] == 0.15))
    assert len(found) > 0
    stem = plain_text(template.item(variants, int(found[0])).stem)
    assert "brightly" in stem
    assert "0.75" in stem
    assert "0.15" in stem
