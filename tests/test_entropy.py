"""The cross-entropy engine against values known by hand, its conventions at the edges, and its errors."""

from __future__ import annotations

import doctest
import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from quizgen import entropy as engine
from quizgen import rows
from quizgen.errors import DistributionError

INF = math.inf
NAN = math.nan
LN2 = 0.6931471805599453094
LN3 = 1.0986122886681098
LN10 = 2.302585092994045684

# Values to 16 digits from decimal arithmetic with 40 digits, not from this engine.
TABLE = [
    (engine.surprisal(0.65), 0.4307829160924543),
    (engine.surprisal(0.2), 1.6094379124341003),
    (engine.surprisal(0.75), 0.2876820724517809),
    (engine.surprisal(0.15), 1.8971199848858813),
    (engine.surprisal(0.9), 0.1053605156578263),
    (engine.surprisal(0.6), 0.5108256237659907),
    (engine.surprisal(0.5), LN2),
    (engine.surprisal(1), 0.0),
    (engine.surprisal(5e-324), 744.4400719213812),
    (engine.surprisal(0.2, base="bits"), 2.321928094887362),
    (engine.surprisal(0.2, base="bans"), 0.6989700043360188),
    (engine.surprisal(0.001, base="bans"), 3.0),
    (engine.surprisal(2.0**-1074, base="bits"), 1074.0),
    (engine.entropy([0.5, 0.3, 0.2]), 1.0296530140645737),
    (engine.entropy([1 / 3] * 3), LN3),
    (engine.entropy([0, 1, 0]), 0.0),
    (engine.entropy([1]), 0.0),
    (engine.cross_entropy([0.5, 0.3, 0.2], [0.2, 0.3, 0.5]), 1.304540233626820),
    (engine.cross_entropy([0, 1], [0.8, 0.2]), 1.6094379124341003),
    (engine.kl_divergence([0.5, 0.3, 0.2], [0.2, 0.3, 0.5]), 0.3 * 0.9162907318741551),
    (engine.kl_divergence([0, 1], [0.8, 0.2]), 1.6094379124341003),
    (engine.kl_divergence([0.8, 0.2], [0, 1]), INF),
    (engine.js_divergence([0.5, 0.5], [1.0, 0.0]), 0.2157615543388357),
    (engine.js_divergence([1, 0], [0, 1]), LN2),
    (engine.js_divergence([1, 0], [0, 1], base="bans"), 0.30102999566398119521),
    (engine.empirical_cross_entropy([3, 0, 1], [0.5, 0.0, 0.5]), LN2),
    (engine.empirical_cross_entropy([7, 3], [0.7, 0.3]), 0.6108643020548934),
    (engine.binary_cross_entropy(1, 0.9), 0.1053605156578263),
    (engine.binary_cross_entropy(0, 0.9), LN10),
    (engine.binary_cross_entropy(0, 1e-20), 1e-20),
    (engine.binary_cross_entropy(0.5, 0.5), LN2),
    (engine.binary_cross_entropy([1, 0], [0.9, 0.6], "sum"), 0.1053605156578263 + 0.9162907318741551),
    (engine.binary_cross_entropy_from_logits(1, 0), LN2),
    (engine.binary_cross_entropy_from_logits(1, 1000), 0.0),
    (engine.binary_cross_entropy_from_logits(1, -1000), 1000.0),
    (engine.binary_cross_entropy_from_logits(0, -50), 1.9287498479639178e-22),
    (engine.binary_cross_entropy_from_logits(0.25, -2), 0.5 + 0.12692801104297249),
    (engine.binary_cross_entropy_from_logits(0, -INF), 0.0),
    (engine.binary_cross_entropy_from_logits(1, -INF), INF),
    (engine.cross_entropy_from_logits([0.65, 0.02, 0.03, 0.30], 0), 1.0207315829654362),
    (engine.cross_entropy_from_logits([0, -40], 0), 4.248354255291589e-18),
    (engine.cross_entropy_from_logits([1e308, 0], 1), 1e308),
    (engine.cross_entropy_from_logits([0, -INF], 0), 0.0),
    (engine.cross_entropy_from_logits([0, -INF], 1), INF),
    (engine.cross_entropy_from_logits([0, -INF], 0, 0.1), INF),
    (engine.cross_entropy_from_logits([0, 0, 0], 1, 0.3), LN3),
    (engine.label_smoothed_cross_entropy([0.7, 0.2, 0.1], 0, 0.0), 0.35667494393873245),
    (engine.label_smoothed_cross_entropy([0.7, 0.2, 0.1], 0, 0.3), 0.6765422556938004),
    (engine.label_smoothed_cross_entropy([1, 0], 0, 0.0), 0.0),
    (engine.label_smoothed_cross_entropy([1, 0], 0, 0.1), INF),
    (engine.label_smoothed_cross_entropy([0, 1], 0, 1.0), INF),
    (engine.sequence_nll([1e-300] * 3), 900 * LN10),
    (engine.sequence_nll([0.5, 0.25], "mean"), 1.5 * LN2),
    (engine.sequence_nll([0.5, 0.25, 0.0], mask=[True, True, False]), 3 * LN2),
    (engine.sequence_nll([0.5, 0.25], mask=[0, 0]), 0.0),
    (engine.perplexity([0.1] * 7), 10.0),
    (engine.perplexity([0.25, 1.0]), 2.0),
    (engine.perplexity([1.0, 1.0]), 1.0),
    (engine.perplexity([0.0, 1.0]), INF),
    (engine.perplexity([5e-324]), INF),
    (engine.perplexity([0.0, 0.5], mask=[0, 1]), 2.0),
    (engine.masked_nll([0.5, 0.01, 0.25], [1, 0, 1]), 1.5 * LN2),
    (engine.masked_nll([0.5, 0.01, 0.25], [1, 0, 1], "sum"), 3 * LN2),
    (engine.bits_per_byte(100 * LN2, 50), 2.0),
    (engine.bits_per_byte(0, 3), 0.0),
    (engine.bits_per_byte(INF, 3), INF),
    (engine.brier_score([0.7, 0.2, 0.1], 0), 0.14),
    (engine.brier_score([0.7, 0.2, 0.1], [1, 0, 0]), 0.14),
    (engine.brier_score([0.7, 0.2, 0.1], [0.5, 0.5, 0.0]), 0.14),
    (engine.brier_score([1, 0], 1), 2.0),
]


@pytest.mark.parametrize(("found", "expected"), TABLE)
def test_values_agree_with_those_known_by_hand(found: object, expected: float) -> None:
    assert type(found) is float
    assert found == pytest.approx(expected, rel=4e-15, abs=0)
    assert math.copysign(1, found) == 1


def test_every_docstring_example_holds() -> None:
    outcome = doctest.testmod(engine)
    assert outcome.failed == 0
    assert outcome.attempted >= 17


def test_powers_of_the_base_come_out_exact() -> None:
    assert engine.surprisal([0.5**k for k in range(60)], base="bits").tolist() == [float(k) for k in range(60)]
    assert engine.perplexity([0.25] * 4) == 4.0


P = [[0.5, 0.5], [0.25, 0.75], [1.0, 0.0]]
Q = [[0.75, 0.25], [0.25, 0.75], [0.5, 0.5]]
LOGITS = [[0.0, 1.0, -2.0], [3.0, -1.0, 0.5]]


@pytest.mark.parametrize("function", [engine.cross_entropy, engine.kl_divergence, engine.js_divergence])
def test_leading_axes_broadcast_and_rows_are_independent(function) -> None:  # type: ignore[no-untyped-def]
    table = function(np.array(P)[:, None, :], np.array(Q)[None, :, :], base="bits")
    assert table.shape == (3, 3)
    assert table.dtype == np.float64
    for i, p in enumerate(P):
        assert function(p, Q, base="bits").tolist() == table[i].tolist()
        for j, q in enumerate(Q):
            assert function(p, q, base="bits") == table[i, j]


def test_large_batches_give_what_single_rows_give() -> None:
    """Work is done in blocks; no row is lost or shifted at their edges, however the array lies in memory."""
    rng = np.random.default_rng(1)
    z = rng.normal(size=(1500, 97))
    p = np.exp(z) / np.exp(z).sum(-1, keepdims=True)
    gold = rng.integers(0, 97, 1500)
    for layout in (p, np.asfortranarray(p)):
        assert engine.entropy(layout).tolist() == [engine.entropy(row) for row in p]
    whole = engine.cross_entropy_from_logits(z, gold, 0.1, reduction="none")
    assert whole.tolist() == [engine.cross_entropy_from_logits(row, g, 0.1) for row, g in zip(z, gold, strict=True)]
    assert engine.log_softmax(z)[1400].tolist() == engine.log_softmax(z[1400]).tolist()
    assert engine.brier_score(p, gold)[777] == engine.brier_score(p[777], gold[777])


def test_one_row_serves_many_golds_and_many_rows_one_gold() -> None:
    q = [0.5, 0.25, 0.25]
    z = np.log(q)
    golds = [0, 1, 2, 0]
    losses = [LN2, 2 * LN2, 2 * LN2, LN2]
    assert engine.cross_entropy_from_logits(z, golds, reduction="none") == pytest.approx(losses)
    assert engine.label_smoothed_cross_entropy(q, golds, 0.0) == pytest.approx(losses)
    assert engine.brier_score([q], golds).tolist() == [0.375, 0.875, 0.875, 0.375]
    assert engine.cross_entropy_gradient(z, golds).shape == (4, 3)
    assert engine.cross_entropy_gradient([LOGITS, LOGITS], 1).shape == (2, 2, 3)
    assert engine.label_smoothed_cross_entropy([q, q], 0, [0.0, 1.0]).shape == (2,)


def test_reduction_acts_on_the_tokens_axis_only() -> None:
    q = np.array([[0.5, 0.25], [1.0, 0.125]])
    assert engine.sequence_nll(q, base="bits").tolist() == [3.0, 3.0]
    assert engine.sequence_nll(q, "mean", base="bits").tolist() == [1.5, 1.5]
    assert engine.sequence_nll(q, "none", base="bits").tolist() == [[1.0, 2.0], [0.0, 3.0]]
    assert engine.sequence_nll(q, "none", [[1, 0], [1, 1]], base="bits").tolist() == [[1.0, 0.0], [0.0, 3.0]]
    assert engine.sequence_nll(q, "mean", [0, 1], base="bits").tolist() == [2.0, 3.0]
    assert engine.perplexity(q).tolist() == pytest.approx([2**1.5, 2**1.5])
    assert engine.binary_cross_entropy([1, 1], q, "sum", base="bits").tolist() == [3.0, 3.0]
    assert engine.cross_entropy_from_logits([LOGITS] * 4, [[0, 1]] * 4).shape == (4,)


def test_a_mask_broadcasts_against_the_rows() -> None:
    many = engine.masked_nll([0.5, 0.25, 0.125], [[1, 0, 0], [0, 1, 1]], base="bits")
    assert many.tolist() == [1.0, 2.5]


def test_an_unmasked_impossible_token_does_not_poison_the_loss() -> None:
    assert engine.masked_nll([0.0, 0.5], [False, True], "none").tolist() == [0.0, LN2]


def test_denoising_scope_is_chosen_by_the_mask() -> None:
    clean = [0.9, 0.5, 0.8, 0.25]
    corrupted = [0, 1, 0, 1]
    assert engine.sequence_nll(clean, mask=corrupted, base="bits") == 3.0
    assert engine.sequence_nll(clean, base="bits") > 3.0


def test_class_weights_divide_the_mean_by_the_golds_weights() -> None:
    """PyTorch 2: cross_entropy(z, y, weight=w) = Σ w_y·nll / Σ w_y."""
    gold = [0, 1]
    nll = engine.cross_entropy_from_logits(LOGITS, gold, reduction="none")
    weighted = engine.cross_entropy_from_logits(LOGITS, gold, weight=[1.0, 3.0, 5.0])
    assert weighted == pytest.approx((nll[0] + 3 * nll[1]) / 4, rel=1e-15)


def test_smoothing_weights_and_ignored_tokens_combine_as_in_pytorch() -> None:
    """Reference: ((1−ε)·w_y·nll_y + ε/C·Σ_c w_c·(−log q_c)) over the tokens that count, / Σ w_y."""
    z = np.array([[0.5, -1.0, 2.0], [1.0, 1.0, 0.0], [9.0, 9.0, 9.0], [0.0, -3.0, 0.25]])
    w, epsilon = np.array([0.5, 2.0, 1.25]), 0.2
    log_q = z - np.log(np.exp(z).sum(-1, keepdims=True))
    gold, counted = [2, 0, -100, 1], [0, 1, 3]
    rows_ = [(1 - epsilon) * w[gold[t]] * -log_q[t, gold[t]] + epsilon / 3 * (w * -log_q[t]).sum() for t in counted]
    arguments = {"label_smoothing": epsilon, "weight": w, "ignore_index": -100}
    mean = engine.cross_entropy_from_logits(z, gold, **arguments)
    assert mean == pytest.approx(sum(rows_) / w[[2, 0, 1]].sum(), rel=1e-14)
    assert engine.cross_entropy_from_logits(z, gold, **arguments, reduction="sum") == pytest.approx(sum(rows_))
    assert engine.cross_entropy_from_logits(z, gold, **arguments, reduction="none")[2] == 0.0


def test_a_class_of_weight_zero_silences_its_infinite_loss() -> None:
    assert engine.cross_entropy_from_logits([0.0, -INF], 0, 0.5, weight=[1.0, 0.0]) == 0.0


def test_ignored_tokens_count_in_neither_sum_nor_mean() -> None:
    z = [[0.0, 0.0], [5.0, -5.0]]
    assert engine.cross_entropy_from_logits(z, [0, 0], ignore_index=0, reduction="sum") == 0.0
    assert engine.cross_entropy_from_logits(z, [1, 0], ignore_index=0) == LN2


def test_temperature_divides_the_logits_of_each_row() -> None:
    z = np.array([1.0, 3.0])
    both = engine.log_softmax(z, [1.0, 2.0])
    assert both == pytest.approx(np.stack([engine.log_softmax(z), engine.log_softmax(z / 2)]))
    assert engine.log_softmax([0.0, 1e308], 1e-10).tolist() == [-INF, 0.0]


def test_huge_logits_neither_overflow_nor_warn() -> None:
    assert engine.log_softmax([1e308, 1e308 * 0.5, -1e308]).tolist() == [0.0, -5e307, -INF]
    assert engine.log_softmax([-INF, 3.0]).tolist() == [-INF, 0.0]


def test_the_gradient_sums_to_zero_and_is_exact_for_sure_predictions() -> None:
    assert engine.cross_entropy_gradient([40.0, 0.0], 0)[0] == pytest.approx(-math.exp(-40), rel=1e-14)
    assert engine.cross_entropy_gradient([2.0, 1.0, 0.0], 1).sum() == pytest.approx(0.0, abs=1e-16)
    assert engine.cross_entropy_gradient([0.0, 0.0], 1, base="bits") == pytest.approx([0.5 / LN2, -0.5 / LN2])


def test_the_gradient_is_the_slope_of_the_loss() -> None:
    z, step = np.array([0.3, -1.2, 2.0]), 1e-6
    slopes = [
        (engine.cross_entropy_from_logits(z + e, 2) - engine.cross_entropy_from_logits(z - e, 2)) / (2 * step)
        for e in np.eye(3) * step
    ]
    assert engine.cross_entropy_gradient(z, 2) == pytest.approx(slopes, abs=1e-9)


@pytest.mark.parametrize(
    "p",
    [
        np.array([True, False]),
        np.array([1, 0], np.uint8),
        np.array([1, 0], np.float16),
        (1, 0),
        [Fraction(1), Fraction(0)],
        [Decimal(1), 0],
    ],
)
def test_numbers_of_any_type_are_taken(p: object) -> None:
    assert engine.entropy(p) == 0.0
    assert engine.surprisal(p).dtype == np.float64


def test_inputs_are_left_as_they_were() -> None:
    p, z = np.array(P), np.array(LOGITS)
    engine.js_divergence(p, Q)
    engine.brier_score(p, [0, 1, 1])
    engine.cross_entropy_gradient(z, [0, 1])
    assert p.tolist() == P
    assert z.tolist() == LOGITS


def test_numpys_own_error_state_is_never_met() -> None:
    with np.errstate(all="raise"):
        assert engine.kl_divergence([0.5, 0.5], [1.0, 0.0]) == INF
        assert engine.js_divergence([5e-324, 1.0], [0.0, 1.0]) == 0.0
        assert engine.perplexity([1e-320]) == INF
        assert engine.log_softmax([0.0, -1e5])[1] == -1e5
        assert engine.binary_cross_entropy([0, 1], [1, 0], "none").tolist() == [INF, INF]
        assert engine.binary_cross_entropy_from_logits(0.0, 1e308, "none") == 1e308
        assert engine.label_smoothed_cross_entropy([1.0, 0.0], 1, 0.0) == INF


def test_a_sum_is_taken_within_a_billionth_and_no_more() -> None:
    assert engine.entropy([0.5, 0.5 + 9e-10]) == pytest.approx(LN2, abs=1e-8)
    assert engine.cross_entropy([1.0, 0.0], [1 + 5e-10, 0.0]) == 0.0
    with pytest.raises(DistributionError, match=r"p sums to 1\.00000000200\d*: "):
        engine.entropy([0.5, 0.500000002])


BAD = [
    (lambda: engine.surprisal(1.2), "p is 1.2: a probability lies in [0, 1]"),
    (lambda: engine.surprisal([0.5, -0.1]), "p is -0.1 at index 1: a probability lies in [0, 1]"),
    (lambda: engine.surprisal([[0.5, 0.1], [0.2, NAN]]), "p is nan at index (1, 1): "),
    (lambda: engine.surprisal(np.nextafter(1, 2)), "p is 1.0000000000000002"),
    (lambda: engine.surprisal([]), "p is empty"),
    (lambda: engine.surprisal("0.5"), "p holds what is no real number"),
    (lambda: engine.surprisal(None), "p holds what is no real number"),
    (lambda: engine.surprisal(0.5j), "p holds what is no real number"),
    (lambda: engine.surprisal([[0.5], [0.2, 0.3]]), "p is no array of numbers"),
    (lambda: engine.surprisal(10**400), "p holds a number too large"),
    (lambda: engine.surprisal(0.5, base="nat"), "base is 'nat'"),
    (lambda: engine.entropy(0.5), "p is the single number 0.5"),
    (lambda: engine.entropy([5, 4]), "p sums to 9.0: a distribution sums to 1"),
    (lambda: engine.entropy([0, 0]), "p sums to 0.0: "),
    (lambda: engine.entropy([1.1, -0.1]), "p is -0.1 at index 1: "),
    (lambda: engine.entropy([INF, 0.5]), "p is inf at index 0: "),
    (lambda: engine.entropy([[0.5, 0.5], [0.5, 0.4]]), "p sums to 0.9 in row 1: "),
    (lambda: engine.entropy([[[1.0, 0]], [[0.5, NAN]]]), "p is nan at index (1, 0, 1): "),
    (lambda: engine.entropy(np.full((2, 3, 2), 0.5) + np.array([0, 0, 1])[:, None]), "p sums to 3.0 in row (0, 2): "),
    (lambda: engine.entropy(np.empty((0, 3))), "p is empty (its shape is (0, 3))"),
    (lambda: engine.entropy([1e308, 1e308]), "p sums to inf: "),
    (lambda: engine.cross_entropy([0.5, 0.5], [1.0]), "p has 2 numbers in a row and q has 1"),
    (lambda: engine.cross_entropy(P, [[0.5, 0.5]] * 2), "shapes do not fit together: (3,) and (2,)"),
    (lambda: engine.cross_entropy([0.5, 0.5], [0.6, 0.6]), "q sums to 1.2: "),
    (lambda: engine.empirical_cross_entropy([0, 0], [0.5, 0.5]), "the total of counts is 0.0: "),
    (lambda: engine.empirical_cross_entropy([[1, 2], [0, 0]], [0.5, 0.5]), "the total of counts is 0.0 at index 1: "),
    (lambda: engine.empirical_cross_entropy([2, -1], [0.5, 0.5]), "counts is -1.0 at index 1: "),
    (lambda: engine.empirical_cross_entropy([NAN, 1], [0.5, 0.5]), "counts is nan at index 0: "),
    (lambda: engine.empirical_cross_entropy([1e308, 1e308], [0.5, 0.5]), "too large to add"),
    (lambda: engine.empirical_cross_entropy([1, 2, 3], [0.5, 0.5]), "counts has 3 numbers in a row and q has 2"),
    (lambda: engine.binary_cross_entropy([0, 2], [0.5, 0.5]), "y is 2.0 at index 1: "),
    (lambda: engine.binary_cross_entropy([0, 1], [0.5]), "y has 2 numbers in a row and q has 1"),
    (lambda: engine.binary_cross_entropy(1, 0.5, "average"), "reduction is 'average'"),
    (lambda: engine.binary_cross_entropy_from_logits(1, INF), "logits is inf: "),
    (lambda: engine.binary_cross_entropy_from_logits([1], [NAN]), "logits is nan at index 0: "),
    (lambda: engine.log_softmax([0.0, INF]), "logits is inf at index 1: "),
    (lambda: engine.log_softmax([[0.0, 1.0], [NAN, 1.0]]), "logits is nan at index (1, 0): "),
    (lambda: engine.log_softmax([-INF, -INF]), "every logit of logits is -inf: "),
    (lambda: engine.log_softmax([[0, 0], [-INF, -INF]]), "every logit of logits is -inf at index 1: "),
    (lambda: engine.log_softmax([0.0, 1.0], 0), "temperature is 0.0: "),
    (lambda: engine.log_softmax([0.0, 1.0], -1), "temperature is -1.0: "),
    (lambda: engine.log_softmax([0.0, 1.0], INF), "temperature is inf: "),
    (lambda: engine.cross_entropy_from_logits(LOGITS, [0, 3]), "gold is 3 at index 1: 3 classes have indices 0 to 2"),
    (lambda: engine.cross_entropy_from_logits(LOGITS, [0, -1]), "gold is -1 at index 1: "),
    (lambda: engine.cross_entropy_from_logits(LOGITS, [0, 1.5]), "gold is 1.5 at index 1: an index is a whole number"),
    (lambda: engine.cross_entropy_from_logits(LOGITS, [0.0, 1.0]), "gold is of type float64; "),
    (lambda: engine.cross_entropy_from_logits(LOGITS, [True, False]), "gold is of type bool; "),
    (lambda: engine.cross_entropy_from_logits(LOGITS, [0, 1, 2]), "shapes do not fit together: (2,) and (3,)"),
    (lambda: engine.cross_entropy_from_logits(LOGITS, [7, 7], ignore_index=7), "weight of the tokens is 0.0: "),
    (lambda: engine.cross_entropy_from_logits(LOGITS, [0, 0], weight=[0, 1, 1]), "weight of the tokens is 0.0: "),
    (lambda: engine.cross_entropy_from_logits(LOGITS, [0, 0], weight=[1, 1]), "weight has shape (2,)"),
    (lambda: engine.cross_entropy_from_logits(LOGITS, [0, 0], weight=[1, -1, 1]), "weight is -1.0 at index 1: "),
    (lambda: engine.cross_entropy_from_logits(LOGITS, [0, 0], 1.5), "label_smoothing is 1.5: "),
    (lambda: engine.cross_entropy_gradient(LOGITS, [0, 5]), "gold is 5 at index 1: "),
    (lambda: engine.label_smoothed_cross_entropy([0.5, 0.5], 2, 0.1), "gold is 2: "),
    (lambda: engine.label_smoothed_cross_entropy([0.5, 0.5], 1, -0.1), "epsilon is -0.1: "),
    (lambda: engine.sequence_nll([]), "probabilities is empty"),
    (lambda: engine.sequence_nll([0.5, 0.2], mask=[1, 2]), "mask is 2.0 at index 1: "),
    (lambda: engine.sequence_nll([0.5, 0.2], mask=[1]), "probabilities has 2 numbers in a row and mask has 1"),
    (lambda: engine.masked_nll([[0.5, 0.2]] * 2, [[1, 0], [0, 0]]), "weight of the tokens is 0.0 at index 1: "),
    (lambda: engine.perplexity([0.5], mask=[False]), "there is nothing to average"),
    (lambda: engine.perplexity([0.5], base="e"), "base is 'e'"),
    (lambda: engine.bits_per_byte(1.0, 0), "n_bytes is 0.0: "),
    (lambda: engine.bits_per_byte([1.0, -1.0], 5), "nll_nats is -1.0 at index 1: "),
    (lambda: engine.bits_per_byte([1.0, 1.0], [1, 2, 3]), "shapes do not fit together"),
    (lambda: engine.brier_score([0.5, 0.5], 0.5), "gold is 0.5: an index is a whole number"),
    (lambda: engine.brier_score([0.5, 0.5], 2), "gold is 2: "),
    (lambda: engine.brier_score([0.5, 0.5], [1, 0, 0]), "q has 2 numbers in a row and gold has 3"),
    (lambda: engine.brier_score([0.5, 0.5], [1, 1]), "gold sums to 2.0: "),
]


@pytest.mark.parametrize(("call", "message"), BAD)
def test_bad_input_gives_one_error_with_the_place_and_the_value(call, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(DistributionError) as caught:
        call()
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_bad_row_deep_in_a_large_batch_is_named() -> None:
    p = np.full((5000, 50), 0.02)
    p[4321, 7] = 0.03
    with pytest.raises(DistributionError, match=r"p sums to 1\.01\d* in row 4321: "):
        engine.entropy(p)


def test_the_engines_errors_are_value_errors() -> None:
    with pytest.raises(ValueError, match="sums to"):
        engine.entropy([0.2, 0.2])


def test_temporaries_stay_small_beside_the_input() -> None:
    """Rows are worked on in blocks, so the memory needed does not grow with the batch."""
    import tracemalloc

    q = np.full((500, 2000), 1 / 2000)
    tracemalloc.start()
    engine.js_divergence(q, q)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < q.nbytes


def test_blocks_of_a_single_wide_row_are_whole() -> None:
    wide = np.full(rows._BLOCK * 2, 1.0 / (rows._BLOCK * 2))
    assert engine.entropy(wide, base="bits") == pytest.approx(17.0)
