"""Laws of information theory, and agreement with SciPy and scikit-learn, over random distributions and logits."""

from __future__ import annotations

import contextlib
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import special, stats
from scipy.spatial import distance
from sklearn import metrics

from quizgen import entropy as engine
from quizgen.errors import DistributionError

BASES = st.sampled_from(["nats", "bits", "bans"])
POWER = {"nats": math.e, "bits": 2.0, "bans": 10.0}
LOG_2 = {"nats": math.log(2), "bits": 1.0, "bans": math.log10(2)}
CLOSE: dict[str, Any] = {"rel": 1e-12, "abs": 1e-12}

probability = st.floats(0.0, 1.0)
positive = st.floats(1e-12, 1.0)
logit = st.floats(-50, 50)


@st.composite
def distribution(draw: st.DrawFn, size: int, low: float = 0.0) -> np.ndarray:
    """A distribution, possibly with impossible classes and with tiny ones."""
    weights = draw(arrays(float, size, elements=st.floats(low, 1.0) | st.sampled_from([max(low, 1e-300), 1.0])))
    total = weights.sum()
    return weights / total if total > 1e-6 else np.eye(size)[0]


@st.composite
def pair(draw: st.DrawFn, low: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    size = draw(st.integers(1, 12))
    return draw(distribution(size, low)), draw(distribution(size, low))


@given(pair(), BASES)
def test_cross_entropy_is_entropy_plus_divergence(pq, base) -> None:  # type: ignore[no-untyped-def]
    p, q = pq
    parts = engine.entropy(p, base=base) + engine.kl_divergence(p, q, base=base)
    assert engine.cross_entropy(p, q, base=base) == pytest.approx(parts, **CLOSE)


@given(pair())
def test_divergence_is_not_negative_and_zero_for_equals(pq) -> None:  # type: ignore[no-untyped-def]
    p, q = pq
    assert engine.kl_divergence(p, q) >= 0
    assert engine.kl_divergence(p, p) == 0
    assert engine.js_divergence(p, p) == 0
    # Pinsker: what differs visibly diverges.
    assert engine.kl_divergence(p, q) >= np.abs(p - q).sum() ** 2 / 2 - 1e-9


@given(pair(), BASES)
def test_js_is_symmetric_and_at_most_log_2(pq, base) -> None:  # type: ignore[no-untyped-def]
    p, q = pq
    divergence = engine.js_divergence(p, q, base=base)
    assert 0 <= divergence <= LOG_2[base]
    assert divergence == pytest.approx(engine.js_divergence(q, p, base=base), **CLOSE)


@given(pair())
def test_entropy_lies_between_zero_and_log_k(pq) -> None:  # type: ignore[no-untyped-def]
    p, q = pq
    assert 0 <= engine.entropy(p) <= math.log(len(p)) + 1e-9
    assert engine.cross_entropy(p, q) >= engine.entropy(p) - 1e-12


@given(pair(), BASES)
def test_a_change_of_base_is_a_constant_factor(pq, base) -> None:  # type: ignore[no-untyped-def]
    for function in (engine.cross_entropy, engine.kl_divergence, engine.js_divergence):
        assert function(*pq, base=base) * math.log(POWER[base]) == pytest.approx(function(*pq), **CLOSE)


@given(pair(), st.randoms())
def test_the_order_of_the_classes_does_not_matter(pq, random) -> None:  # type: ignore[no-untyped-def]
    p, q = pq
    order = list(range(len(p)))
    random.shuffle(order)
    for function in (engine.cross_entropy, engine.kl_divergence, engine.js_divergence):
        assert function(p[order], q[order]) == pytest.approx(function(p, q), **CLOSE)


@given(pair(low=1e-9))
def test_divergences_agree_with_scipy(pq) -> None:  # type: ignore[no-untyped-def]
    p, q = pq
    assert engine.entropy(p) == pytest.approx(stats.entropy(p), **CLOSE)
    assert engine.kl_divergence(p, q, base="bits") == pytest.approx(stats.entropy(p, q, base=2), **CLOSE)
    assert engine.kl_divergence(p, q) == pytest.approx(special.rel_entr(p, q).sum(), **CLOSE)
    # SciPy's is the square root, and NaN where rounding goes below 0.
    with np.errstate(invalid="ignore"):
        distances = np.nan_to_num(distance.jensenshannon(p, q))
    assert math.sqrt(engine.js_divergence(p, q)) == pytest.approx(distances, rel=1e-6, abs=1e-6)


@given(arrays(int, 5, elements=st.integers(0, 1000)), distribution(5, 1e-9))
def test_counts_cost_what_their_proportions_cost(counts, q) -> None:  # type: ignore[no-untyped-def]
    counts[0] += 1
    expected = engine.cross_entropy(counts / counts.sum(), q)
    assert engine.empirical_cross_entropy(counts, q) == pytest.approx(expected, **CLOSE)
    assert engine.empirical_cross_entropy(counts, q) >= engine.entropy(counts / counts.sum()) - 1e-12


logit_rows = st.tuples(st.integers(1, 6), st.integers(2, 8)).flatmap(lambda shape: arrays(float, shape, elements=logit))


@given(logit_rows, st.floats(0.1, 10))
def test_log_softmax_agrees_with_scipy(z, temperature) -> None:  # type: ignore[no-untyped-def]
    expected = special.log_softmax(z / temperature, axis=-1)
    assert engine.log_softmax(z, temperature) == pytest.approx(expected, **CLOSE)
    assert np.exp(engine.log_softmax(z)).sum(-1) == pytest.approx(1.0)


@given(logit_rows, st.integers(-1000, 1000))
def test_adding_a_constant_to_all_logits_changes_nothing(z, shift) -> None:  # type: ignore[no-untyped-def]
    z = np.round(z, 3)
    gold = np.argmin(z, -1)
    moved = engine.cross_entropy_from_logits(z + shift, gold, reduction="none")
    assert moved == pytest.approx(engine.cross_entropy_from_logits(z, gold, reduction="none"), rel=1e-9, abs=1e-9)


@given(logit_rows, st.data())
def test_losses_from_logits_are_those_from_the_softmax(z, data) -> None:  # type: ignore[no-untyped-def]
    classes = z.shape[-1]
    gold = data.draw(arrays(int, len(z), elements=st.integers(0, classes - 1)))
    epsilon = data.draw(probability)
    q = special.softmax(z, -1)
    onehot = np.eye(classes)[gold]
    target = (1 - epsilon) * onehot + epsilon / classes
    smoothed = engine.cross_entropy(target, q)
    assert engine.label_smoothed_cross_entropy(q, gold, epsilon) == pytest.approx(smoothed, rel=1e-9, abs=1e-9)
    losses = engine.cross_entropy_from_logits(z, gold, epsilon, reduction="none")
    assert losses == pytest.approx(smoothed, rel=1e-9, abs=1e-9)
    assert engine.cross_entropy_gradient(z, gold) == pytest.approx(q - onehot, **CLOSE)
    assert engine.brier_score(q, gold) == pytest.approx(((q - onehot) ** 2).sum(-1), **CLOSE)
    assert engine.brier_score(q, onehot) == pytest.approx(engine.brier_score(q, gold), **CLOSE)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from([0, 1]), st.floats(1e-6, 1 - 1e-6)), min_size=1, max_size=20))
def test_binary_losses_agree_with_scikit_learn(cases) -> None:  # type: ignore[no-untyped-def]
    y, q = map(np.array, zip(*cases, strict=True))
    expected = metrics.log_loss(y, q, labels=[0, 1])
    assert engine.binary_cross_entropy(y, q) == pytest.approx(expected, rel=1e-9)
    assert engine.binary_cross_entropy_from_logits(y, special.logit(q)) == pytest.approx(expected, rel=1e-9)


@settings(max_examples=40)
@given(logit_rows, st.data())
def test_mean_losses_agree_with_scikit_learn(z, data) -> None:  # type: ignore[no-untyped-def]
    classes = z.shape[-1]
    z = z / 5  # scikit-learn clips what is close to 0
    gold = data.draw(arrays(int, len(z), elements=st.integers(0, classes - 1)))
    q = special.softmax(z, -1)
    expected = metrics.log_loss(gold, q, labels=range(classes))
    assert engine.cross_entropy_from_logits(z, gold) == pytest.approx(expected, rel=1e-9)


@given(probability, probability)
def test_binary_is_the_two_class_case(y, q) -> None:  # type: ignore[no-untyped-def]
    expected = engine.cross_entropy([1 - y, y], [1 - q, q])
    assert engine.binary_cross_entropy(y, q) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(probability, logit)
def test_a_binary_logit_is_a_difference_of_two_logits(y, z) -> None:  # type: ignore[no-untyped-def]
    parts = [engine.cross_entropy_from_logits([0.0, z], gold) for gold in (0, 1)]
    expected = (1 - y) * parts[0] + y * parts[1]
    assert engine.binary_cross_entropy_from_logits(y, z) == pytest.approx(expected, **CLOSE)


@given(st.lists(positive, min_size=1), st.lists(positive, min_size=1), BASES)
def test_the_loss_of_a_text_is_the_sum_of_its_parts(first, second, base) -> None:  # type: ignore[no-untyped-def]
    parts = engine.sequence_nll(first, base=base) + engine.sequence_nll(second, base=base)
    assert engine.sequence_nll(first + second, base=base) == pytest.approx(parts, **CLOSE)


@given(st.lists(positive, min_size=1), BASES)
def test_perplexity_is_the_power_of_the_mean_loss_in_every_base(q, base) -> None:  # type: ignore[no-untyped-def]
    mean = engine.sequence_nll(q, "mean", base=base)
    assert engine.perplexity(q, base=base) == pytest.approx(POWER[base] ** mean, rel=1e-9)
    assert engine.perplexity(q) == pytest.approx(1 / stats.gmean(q), rel=1e-9)
    assert engine.perplexity(q) >= 1
    assert engine.bits_per_byte(engine.sequence_nll(q), len(q)) == pytest.approx(
        engine.sequence_nll(q, "mean", base="bits"), **CLOSE
    )


@given(st.integers(1, 1000), st.integers(1, 5))
def test_a_uniform_model_has_the_perplexity_of_its_vocabulary(k, tokens) -> None:  # type: ignore[no-untyped-def]
    assert engine.perplexity([1 / k] * tokens) == pytest.approx(k, rel=1e-12)


@given(st.lists(st.tuples(probability, st.booleans()), min_size=1))
def test_a_mask_is_a_selection(tokens) -> None:  # type: ignore[no-untyped-def]
    q, mask = zip(*tokens, strict=True)
    kept = [p for p, counts in tokens if counts]
    expected = engine.sequence_nll(kept) if kept else 0.0
    assert engine.masked_nll(q, mask, "sum") == pytest.approx(expected, **CLOSE)


@given(st.lists(probability, min_size=1), BASES)
def test_no_zero_is_negative(q, base) -> None:  # type: ignore[no-untyped-def]
    for losses in (
        engine.surprisal(q, base=base),
        engine.binary_cross_entropy(q, q, "none", base=base),
        engine.binary_cross_entropy(np.round(q), np.round(q), "none", base=base),
        engine.sequence_nll(np.ones(len(q)), base=base),
    ):
        assert not np.signbit(losses).any()


@given(arrays(float, st.integers(1, 6), elements=st.floats(allow_nan=True, allow_infinity=True)))
def test_any_floats_give_numbers_or_the_engines_own_error(x) -> None:  # type: ignore[no-untyped-def]
    calls = (
        lambda: engine.entropy(x),
        lambda: engine.surprisal(x),
        lambda: engine.log_softmax(x),
        lambda: engine.cross_entropy_from_logits(x, 0, 0.1),
        lambda: engine.cross_entropy_gradient(x, 0),
        lambda: engine.binary_cross_entropy_from_logits(0.5, x),
        lambda: engine.empirical_cross_entropy(x, np.full(len(x), 1 / len(x))),
        lambda: engine.perplexity(x),
    )
    for call in calls:
        with contextlib.suppress(DistributionError):
            assert not np.isnan(call()).any()
