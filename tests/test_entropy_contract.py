"""What others may rely on of `quizgen.entropy`, clause by clause: names, axes, bases, conventions and refusals."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import quizgen
from quizgen import entropy
from quizgen.errors import DistributionError

INF, NAN = math.inf, math.nan
UNIT = {"nats": 1.0, "bits": math.log(2), "bans": math.log(10)}

P, Q = [0.5, 0.25, 0.25], [0.25, 0.5, 0.25]
Z = [0.5, -1.0, 2.0]

CALLS: dict[str, Callable[..., Any]] = {
    "surprisal": lambda **o: entropy.surprisal(0.25, **o),
    "entropy": lambda **o: entropy.entropy(P, **o),
    "cross_entropy": lambda **o: entropy.cross_entropy(P, Q, **o),
    "kl_divergence": lambda **o: entropy.kl_divergence(P, Q, **o),
    "js_divergence": lambda **o: entropy.js_divergence(P, Q, **o),
    "empirical_cross_entropy": lambda **o: entropy.empirical_cross_entropy([2, 1, 1], Q, **o),
    "binary_cross_entropy": lambda **o: entropy.binary_cross_entropy([1, 0], [0.25, 0.5], **o),
    "binary_cross_entropy_from_logits": lambda **o: entropy.binary_cross_entropy_from_logits([1, 0], [0.5, -2.0], **o),
    "log_softmax": lambda **o: entropy.log_softmax(Z, **o),
    "cross_entropy_gradient": lambda **o: entropy.cross_entropy_gradient(Z, 1, **o),
    "cross_entropy_from_logits": lambda **o: entropy.cross_entropy_from_logits(Z, 1, **o),
    "label_smoothed_cross_entropy": lambda **o: entropy.label_smoothed_cross_entropy(P, 1, 0.1, **o),
    "sequence_nll": lambda **o: entropy.sequence_nll(P, **o),
    "masked_nll": lambda **o: entropy.masked_nll(P, [1, 0, 1], **o),
    "perplexity": lambda **o: entropy.perplexity(P, **o),
    "bits_per_byte": lambda **o: entropy.bits_per_byte(10.0, 5, **o),
    "brier_score": lambda **o: entropy.brier_score(P, 1, **o),
}
WITHOUT_UNIT = {"perplexity", "brier_score"}
"""What is no number of nats, bits or bans, and so is the same in every base."""


def test_the_engine_is_reached_from_the_package_and_has_these_functions_alone() -> None:
    assert quizgen.entropy is entropy
    own = {name for name, value in vars(entropy).items() if inspect.isfunction(value) and value.__module__ == entropy.__name__}
    assert {name for name in own if not name.startswith("_")} == set(CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_base_is_a_keyword_everywhere_and_nats_unless_told(name: str) -> None:
    call = CALLS[name]
    assert inspect.signature(getattr(entropy, name)).parameters["base"].kind is inspect.Parameter.KEYWORD_ONLY
    assert np.array_equal(call(), call(base="nats"))
    for base, unit in UNIT.items():
        wanted = np.asarray(call()) / (1 if name in WITHOUT_UNIT else unit)
        if name == "bits_per_byte":  # the base is that of the loss that is given; bits come out
            wanted = np.asarray(call()) * unit
        assert call(base=base) == pytest.approx(wanted, rel=1e-14)
    with pytest.raises(DistributionError, match="base is 'bit'; it is one of 'nats', 'bits', 'bans'"):
        call(base="bit")


def test_bits_per_byte_takes_a_loss_in_any_base() -> None:
    assert entropy.bits_per_byte(10 * math.log(2), 5) == pytest.approx(2.0, rel=1e-15)
    assert entropy.bits_per_byte(10.0, 5, base="bits") == 2.0
    assert entropy.bits_per_byte(10 * math.log10(2), 5, base="bans") == pytest.approx(2.0, rel=1e-15)
    sums = np.array([[8.0], [16.0]])
    assert entropy.bits_per_byte(sums, [1, 2, 4], base="bits").tolist() == [[8.0, 4.0, 2.0], [16.0, 8.0, 4.0]]


LEADING: list[tuple[str, Callable[[Any], Any], Any]] = [
    ("entropy", entropy.entropy, P),
    ("cross_entropy", lambda p: entropy.cross_entropy(p, Q), P),
    ("cross_entropy of many models", lambda q: entropy.cross_entropy(P, q), Q),
    ("kl_divergence", lambda p: entropy.kl_divergence(p, Q), P),
    ("js_divergence", lambda p: entropy.js_divergence(p, Q), P),
    ("empirical_cross_entropy", lambda n: entropy.empirical_cross_entropy(n, Q), [3, 2, 1]),
    ("binary_cross_entropy", lambda q: entropy.binary_cross_entropy([1, 0, 1], q), Q),
    ("binary_cross_entropy_from_logits", lambda z: entropy.binary_cross_entropy_from_logits([1, 0, 1], z), Z),
    ("label_smoothed_cross_entropy", lambda q: entropy.label_smoothed_cross_entropy(q, 1, 0.1), Q),
    ("sequence_nll", entropy.sequence_nll, P),
    ("masked_nll", lambda q: entropy.masked_nll(q, [1, 1, 0]), P),
    ("perplexity", entropy.perplexity, P),
    ("brier_score", lambda q: entropy.brier_score(q, 1), Q),
]


@pytest.mark.parametrize(("call", "row"), [pytest.param(call, row, id=name) for name, call, row in LEADING])
def test_the_last_axis_is_taken_up_and_leading_axes_stay(call: Callable[[Any], Any], row: Any) -> None:
    alone = call(row)
    assert type(alone) is float
    for shape in ((4,), (2, 3)):
        many = call(np.broadcast_to(np.array(row), (*shape, 3)))
        assert many.shape == shape
        assert many.dtype == np.float64
        assert set(many.ravel().tolist()) == {alone}


def test_logits_lose_their_vocabulary_then_their_tokens() -> None:
    z = np.broadcast_to(np.array(Z), (2, 4, 3))
    gold = np.zeros((2, 4), dtype=int)
    assert entropy.cross_entropy_from_logits(z, gold).shape == (2,)
    assert entropy.cross_entropy_from_logits(z, gold, reduction="sum").shape == (2,)
    assert entropy.cross_entropy_from_logits(z, gold, reduction="none").shape == (2, 4)
    assert entropy.log_softmax(z, 2.0).shape == entropy.cross_entropy_gradient(z, gold).shape == (2, 4, 3)
    assert type(entropy.cross_entropy_from_logits(Z, 0)) is float


DEFAULTS = {
    "binary_cross_entropy": "mean",
    "binary_cross_entropy_from_logits": "mean",
    "cross_entropy_from_logits": "mean",
    "sequence_nll": "sum",
    "masked_nll": "mean",
}


@pytest.mark.parametrize("name", DEFAULTS)
def test_a_loss_is_reduced_as_its_name_promises_unless_told(name: str) -> None:
    assert inspect.signature(getattr(entropy, name)).parameters["reduction"].default == DEFAULTS[name]
    each = {
        "binary_cross_entropy": lambda **o: entropy.binary_cross_entropy([1, 0], [0.25, 0.5], **o),
        "binary_cross_entropy_from_logits": lambda **o: entropy.binary_cross_entropy_from_logits([1, 0], [0.5, -2.0], **o),
        "cross_entropy_from_logits": lambda **o: entropy.cross_entropy_from_logits([Z, Z], [0, 1], **o),
        "sequence_nll": lambda **o: entropy.sequence_nll(P, **o),
        "masked_nll": lambda **o: entropy.masked_nll(P, [1, 1, 1], **o),
    }[name]
    terms = each(reduction="none")
    assert each(reduction="sum") == pytest.approx(sum(terms), rel=1e-15)
    assert each(reduction="mean") == pytest.approx(sum(terms) / len(terms), rel=1e-15)
    assert each() == each(reduction=DEFAULTS[name])
    with pytest.raises(DistributionError, match="reduction is 'avg'"):
        each(reduction="avg")


def test_zero_times_the_logarithm_of_zero_is_zero() -> None:
    assert entropy.entropy([1, 0]) == 0
    assert entropy.cross_entropy([1, 0], [1, 0]) == 0
    assert entropy.kl_divergence([0.5, 0.5, 0], [0.5, 0.5, 0]) == 0
    assert entropy.js_divergence([1, 0], [1, 0]) == 0
    assert entropy.empirical_cross_entropy([1, 0], [1, 0]) == 0
    assert entropy.binary_cross_entropy([1, 0], [1, 0]) == 0
    assert entropy.label_smoothed_cross_entropy([1, 0], 0, 0.0) == 0


IMPOSSIBLE: list[Callable[[], Any]] = [
    lambda: entropy.surprisal(0),
    lambda: entropy.cross_entropy([0.5, 0.5], [1, 0]),
    lambda: entropy.kl_divergence([0.5, 0.5], [1, 0]),
    lambda: entropy.empirical_cross_entropy([1, 1], [1, 0]),
    lambda: entropy.binary_cross_entropy(1, 0),
    lambda: entropy.binary_cross_entropy_from_logits(1, -INF),
    lambda: entropy.cross_entropy_from_logits([0, -INF], 1),
    lambda: entropy.label_smoothed_cross_entropy([1, 0], 0, 0.1),
    lambda: entropy.sequence_nll([0.5, 0.0]),
    lambda: entropy.masked_nll([0.5, 0.0], [1, 1]),
    lambda: entropy.perplexity([0.5, 0.0]),
    lambda: entropy.bits_per_byte(INF, 3),
]


@pytest.mark.parametrize("call", IMPOSSIBLE)
def test_the_logarithm_of_zero_is_infinite_without_a_warning(call: Callable[[], Any]) -> None:
    """Warnings are errors in these tests."""
    with np.errstate(all="raise"):
        assert call() == INF


CERTAIN: list[Callable[[], Any]] = [
    lambda: entropy.surprisal([1.0, 1]),
    lambda: entropy.entropy([0, 1]),
    lambda: entropy.cross_entropy([0, 1], [0, 1]),
    lambda: entropy.kl_divergence(P, P),
    lambda: entropy.js_divergence(P, P),
    lambda: entropy.empirical_cross_entropy([0, 7], [0, 1]),
    lambda: entropy.binary_cross_entropy([0, 1], [0, 1], "none"),
    lambda: entropy.binary_cross_entropy_from_logits([0, 1], [-1000, 1000], "none"),
    lambda: entropy.cross_entropy_from_logits([0, -INF], 0),
    lambda: entropy.log_softmax([0, -INF])[0],
    lambda: entropy.cross_entropy_gradient([0, -INF], 0),
    lambda: entropy.label_smoothed_cross_entropy([0, 1], 1, 0.0),
    lambda: entropy.sequence_nll([1, 1]),
    lambda: entropy.masked_nll([1, 0.5], [1, 0], "none"),
    lambda: entropy.bits_per_byte(-0.0, 3),
    lambda: entropy.brier_score([0, 1], 1),
]


@pytest.mark.parametrize("call", CERTAIN)
def test_a_zero_is_never_negative(call: Callable[[], Any]) -> None:
    for value in np.atleast_1d(call()).tolist():
        assert value == 0
        assert math.copysign(1, value) == 1


NO_DISTRIBUTION: list[tuple[list[float], str]] = [
    ([0.5, 0.5 + 2e-9], "sums to"),
    ([0.5, 0.5 - 2e-9], "sums to"),
    ([2.0, 3.0], "sums to"),
    ([1.5, -0.5], "a probability lies in"),
    ([NAN, 1.0], "a probability lies in"),
    ([INF, 0.0], "a probability lies in"),
    ([], "empty"),
]
TAKING: list[Callable[[Any], Any]] = [
    entropy.entropy,
    lambda p: entropy.cross_entropy(p, p),
    lambda p: entropy.kl_divergence(p, p),
    lambda p: entropy.js_divergence(p, p),
    lambda p: entropy.empirical_cross_entropy([1] * max(len(p), 1), p),
    lambda p: entropy.label_smoothed_cross_entropy(p, 0, 0.0),
    lambda p: entropy.brier_score(p, 0),
]


@pytest.mark.parametrize("call", TAKING)
@pytest.mark.parametrize(("p", "message"), NO_DISTRIBUTION)
def test_what_is_no_distribution_is_refused(call: Callable[[Any], Any], p: list[float], message: str) -> None:
    with pytest.raises(DistributionError, match=message):
        call(p)


@pytest.mark.parametrize("call", TAKING)
def test_a_sum_within_a_billionth_of_1_is_taken_as_it_is(call: Callable[[Any], Any]) -> None:
    assert math.isfinite(call([0.5, 0.5 + 0.9e-9]))
    assert math.isfinite(call([0.5, 0.5 - 0.9e-9]))


def test_nothing_is_normalised_or_clipped() -> None:
    p = np.array([0.5, 0.5 + 0.9e-9])
    assert entropy.entropy(p) == pytest.approx(-float((p * np.log(p)).sum()), rel=1e-15)
    assert entropy.surprisal(1e-300) == pytest.approx(300 * math.log(10), rel=1e-15)
    assert entropy.binary_cross_entropy(0, 1 - 2**-53) == pytest.approx(53 * math.log(2), rel=1e-15)
    before = p.copy()
    entropy.kl_divergence(p, [0.5, 0.5])
    assert (p == before).all()


NOTHING: list[Callable[[], Any]] = [
    lambda: entropy.sequence_nll([0.5], "mean", [0]),
    lambda: entropy.masked_nll([0.5, 0.5], [False, False]),
    lambda: entropy.perplexity([0.5, 0.5], [0, 0]),
    lambda: entropy.cross_entropy_from_logits([Z], [-100], ignore_index=-100),
    lambda: entropy.cross_entropy_from_logits([Z], [0], weight=[0, 1, 1]),
    lambda: entropy.sequence_nll([]),
    lambda: entropy.surprisal([]),
    lambda: entropy.empirical_cross_entropy([0, 0, 0], Q),
]


@pytest.mark.parametrize("call", NOTHING)
def test_an_empty_input_and_a_mean_over_nothing_are_refused(call: Callable[[], Any]) -> None:
    with pytest.raises(DistributionError):
        call()


def test_label_smoothing_spreads_epsilon_over_all_classes_the_gold_one_among_them() -> None:
    epsilon, gold = 0.3, 1
    target = np.full(3, epsilon / 3)
    target[gold] += 1 - epsilon
    wanted = -float((target * np.log(P)).sum())
    assert entropy.label_smoothed_cross_entropy(P, gold, epsilon) == pytest.approx(wanted, rel=1e-15)
    assert entropy.cross_entropy_from_logits(np.log(P), gold, epsilon) == pytest.approx(wanted, rel=1e-14)
    assert entropy.label_smoothed_cross_entropy(P, gold, 1.0) == pytest.approx(-float(np.log(P).mean()), rel=1e-15)


ANYTHING = [NAN, INF, -INF, -0.5, 1.5]


@pytest.mark.parametrize("odd", ANYTHING)
@pytest.mark.parametrize("reduction", ["sum", "mean", "none"])
def test_what_a_mask_leaves_out_may_be_anything(odd: float, reduction: Any) -> None:
    wanted = np.asarray(entropy.sequence_nll([0.5, 1.0, 0.125], reduction, [1, 0, 1], base="bits"))
    found = [
        entropy.sequence_nll([0.5, odd, 0.125], reduction, [1, 0, 1], base="bits"),
        entropy.masked_nll([0.5, odd, 0.125], [True, False, True], reduction, base="bits"),
    ]
    assert wanted.tolist() in ([1.0, 0.0, 3.0], 4.0, 2.0)
    for each in found:
        assert np.array_equal(each, wanted)
    assert entropy.perplexity([0.5, odd, 0.125], mask=[1, 0, 1]) == 4.0
    both = entropy.sequence_nll([0.5, odd], mask=[[1, 0], [1, 0]], base="bits")
    assert both.tolist() == [1.0, 1.0]


@pytest.mark.parametrize("odd", ANYTHING)
def test_what_counts_may_not(odd: float) -> None:
    with pytest.raises(DistributionError, match="a probability lies in"):
        entropy.sequence_nll([0.5, odd], mask=[0, 1])
    with pytest.raises(DistributionError, match=r"probabilities is .* at index 1"):
        entropy.masked_nll([0.5, odd, odd], [1, 1, 0])


@pytest.mark.parametrize("bad", [[NAN, 0.0], [INF, 0.0], [-INF, -INF], [NAN, NAN]])
def test_the_logits_of_an_ignored_token_may_be_anything(bad: list[float]) -> None:
    z = [[1.0, 2.0], bad, [0.0, 0.0]]
    clean = [[1.0, 2.0], [0.0, 0.0], [0.0, 0.0]]
    gold = [0, -100, 1]
    for options in ({}, {"label_smoothing": 0.2}, {"weight": [1.0, 3.0]}):
        for reduction in ("sum", "mean", "none"):
            found, wanted = (
                entropy.cross_entropy_from_logits(rows, gold, ignore_index=-100, reduction=reduction, **options)  # type: ignore[arg-type] # a union of options
                for rows in (z, clean)
            )
            assert np.array_equal(found, wanted)
    with pytest.raises(DistributionError, match="logit"):
        entropy.cross_entropy_from_logits(z, [0, 1, 1], ignore_index=-100)
    with pytest.raises(DistributionError, match="logit"):
        entropy.cross_entropy_from_logits(z, [0, 1, 1])


def test_one_row_of_bad_logits_is_ignored_only_where_every_gold_that_it_serves_is() -> None:
    assert entropy.cross_entropy_from_logits([NAN, 0.0], [-1, -1], ignore_index=-1, reduction="sum") == 0
    with pytest.raises(DistributionError, match="logits is nan at index"):
        entropy.cross_entropy_from_logits([NAN, 0.0], [-1, 0], ignore_index=-1, reduction="sum")
