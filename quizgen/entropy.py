"""The cross-entropy engine: surprisal, entropy, cross-entropy, divergences and language-model losses.

Every function works along the last axis, which is the vocabulary (for distributions and logits) or the tokens (for
probabilities of single tokens). Leading axes broadcast as in NumPy; the last axis never does. Numbers go in as anything
`numpy.asarray` takes and come out as float64: a Python ``float`` where one number is left, else an array.

Conventions: 0·log 0 = 0; −log 0 is ``inf``, silently; a zero is never negative. Nothing is clipped or normalised behind
the caller's back: what is no probability, no distribution (its sum is off 1 by more than 1e-9), NaN, empty, or
a mean over nothing raises `DistributionError`, which names the row. ``base`` is ``"nats"``, ``"bits"`` or ``"bans"``;
``reduction`` is ``"sum"``, ``"mean"`` or ``"none"`` and acts on the tokens' axis only. ``gold`` is the index of the
true class, of an integer type, shaped like the leading axes.
"""

from __future__ import annotations

import math
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from quizgen import divergences, rows
from quizgen.divergences import log_where
from quizgen.errors import DistributionError
from quizgen.rows import Floats, Indices

Base: TypeAlias = Literal["nats", "bits", "bans"]
Reduction: TypeAlias = Literal["sum", "mean", "none"]
Values: TypeAlias = float | Floats

# Each base's own logarithm, not a ratio of natural ones: −log2(1/8) is then exactly 3.
_LOGARITHMS: dict[str, np.ufunc] = {"nats": np.log, "bits": np.log2, "bans": np.log10}
_NATS_PER_UNIT = {"nats": 1.0, "bits": math.log(2), "bans": math.log(10)}


def surprisal(p: ArrayLike, *, base: Base = "nats") -> Values:
    """Return −log p of each probability, in the shape of ``p``; ``inf`` where p is 0.

    >>> surprisal(0.125, base="bits")
    3.0
    """
    return rows.plain(_minus_log(rows.probabilities("p", p), base))


def entropy(p: ArrayLike, *, base: Base = "nats") -> Values:
    """Return H(p) = −Σ p log p of each distribution, shape (..., K) → (...); between 0 and log K.

    >>> entropy([0.5, 0.25, 0.25], base="bits")
    1.5
    """
    log = _logarithm(base)

    def kernel(p: Floats) -> Floats:
        return _negated(_dot(p, log_where(log, p, p)))

    return rows.plain(rows.row_by_row(kernel, rows.distributions("p", p)))


def cross_entropy(p: ArrayLike, q: ArrayLike, *, base: Base = "nats") -> Values:
    """Return H(p, q) = −Σ p log q, shapes (..., K) → (...): the mean cost under the model q of what p generates.

    ``inf`` where p gives mass to what q calls impossible. Equals ``entropy(p) + kl_divergence(p, q)``.

    >>> cross_entropy([0.5, 0.5], [0.25, 0.75], base="bits")  # (2 + log2(4/3)) / 2
    1.207518749639422
    """
    log = _logarithm(base)

    def kernel(p: Floats, q: Floats) -> Floats:
        return _negated(_dot(p, log_where(log, q, p)))

    return rows.plain(rows.row_by_row(kernel, *_same_classes(p, q)))


def kl_divergence(p: ArrayLike, q: ArrayLike, *, base: Base = "nats") -> Values:
    """Return KL(p‖q) = Σ p log(p/q), shapes (..., K) → (...); not negative, 0 where p = q, not symmetric.

    Summed as Σ (p log(p/q) − p + q), in which no term is negative, so that it is exact to 12 digits however near the two
    distributions are to each other. Where their sums differ, each within the 1e-9 allowed, that difference does not count.

    >>> kl_divergence([1.0, 0.0], [0.25, 0.75], base="bits")
    2.0
    """
    kernel = divergences.kl(_logarithm(base), _NATS_PER_UNIT[base])
    return rows.plain(rows.row_by_row(kernel, *_same_classes(p, q)))


def js_divergence(p: ArrayLike, q: ArrayLike, *, base: Base = "nats") -> Values:
    """Return the Jensen–Shannon divergence ½KL(p‖m) + ½KL(q‖m), m = (p+q)/2, shapes (..., K) → (...).

    Symmetric, finite, between 0 and log 2. The divergence itself, not its square root (the "distance" of SciPy).

    >>> js_divergence([1.0, 0.0], [0.0, 1.0], base="bits")
    1.0
    """
    kernel = divergences.js(_logarithm(base), _NATS_PER_UNIT[base])
    return rows.plain(rows.row_by_row(kernel, *_same_classes(p, q)))


def empirical_cross_entropy(counts: ArrayLike, q: ArrayLike, *, base: Base = "nats") -> Values:
    """Return the mean cost per observation, −Σ (n/N) log q, of what was counted; shapes (..., K) → (...).

    ``counts`` are not negative and hold at least one observation per row.

    >>> empirical_cross_entropy([3, 1], [0.5, 0.5], base="bits")
    1.0
    """
    log = _logarithm(base)
    n = rows.vectors("counts", counts)
    rows.check(n, (n >= 0) & (n < math.inf), "counts", "counts are finite and not negative")
    totals = rows.row_by_row(lambda n: np.asarray(n.sum(-1)), n)
    rows.check(totals, totals > 0, "the total of counts", "count at least one thing in each row")
    rows.check(totals, totals < math.inf, "the total of counts", "these counts are too large to add")

    def kernel(n: Floats, q: Floats) -> Floats:
        return _negated(_dot(n, log_where(log, q, n)) / n.sum(-1))

    return rows.plain(rows.row_by_row(kernel, *rows.same_length("counts", n, "q", rows.distributions("q", q))))


def binary_cross_entropy(y: ArrayLike, q: ArrayLike, reduction: Reduction = "mean", *, base: Base = "nats") -> Values:
    """Return −y log q − (1−y) log(1−q) for labels ``y`` in [0, 1] and predictions ``q`` = P(y=1), reduced over tokens.

    ``y`` and ``q`` have the same last axis, or one of them is a single number; a term of weight 0 is 0.

    >>> round(binary_cross_entropy([1, 1], [0.9, 0.6]), 4)  # (0.1054 + 0.5108) / 2
    0.3081
    """
    log = _logarithm(base)
    labels, predictions = rows.same_tokens("y", rows.probabilities("y", y), "q", rows.probabilities("q", q))
    with np.errstate(all="ignore"):
        # log1p keeps a small q that 1 − q would round away.
        log_other = np.log1p(-predictions) / _NATS_PER_UNIT[base]
        losses = _times(labels, -log(predictions)) + _times(1.0 - labels, -log_other)
    return rows.reduced(losses + 0.0, reduction)


def binary_cross_entropy_from_logits(
    y: ArrayLike, logits: ArrayLike, reduction: Reduction = "mean", *, base: Base = "nats"
) -> Values:
    """Return (1−y)z + log(1 + e^−z), the cross-entropy of labels ``y`` under sigmoid(z), reduced over tokens.

    Exact for logits of any size, where the sigmoid itself would round to 0 or 1. A logit may be −inf, not +inf or NaN.

    >>> binary_cross_entropy_from_logits([0, 1], [1000, 1000], reduction="none").tolist()
    [1000.0, 0.0]
    """
    _logarithm(base)
    z = rows.numbers("logits", logits)
    rows.check(z, z < math.inf, "logits", "a logit is a number or -inf")
    labels, z = rows.same_tokens("y", rows.probabilities("y", y), "logits", z)
    with np.errstate(all="ignore"):
        size = np.abs(z)
        against = np.where(z > 0, 1.0 - labels, labels)  # the label's weight on what the logit speaks against
        losses = (_times(against, size) + np.log1p(np.exp(-size))) / _NATS_PER_UNIT[base]
    return rows.reduced(losses, reduction)


def log_softmax(logits: ArrayLike, temperature: ArrayLike = 1.0, *, base: Base = "nats") -> Floats:
    """Return log softmax(z / temperature) along the last axis, in the shape of ``logits``.

    Shift-invariant and stable for logits of any size. A logit may be −inf (an impossible class), but not all of a row;
    +inf and NaN raise. ``temperature`` > 0: one number, or one for each row.

    >>> log_softmax([1e308, 1e308], base="bits").tolist()
    [-1.0, -1.0]
    """
    _logarithm(base)
    divisor = rows.numbers("temperature", temperature)
    rows.check(divisor, (divisor > 0) & (divisor < math.inf), "temperature", "a temperature is finite and above 0")

    def kernel(z: Floats, t: Floats) -> Floats:
        shifted, log_total = _shifted(z, t)
        return (shifted - log_total) / _NATS_PER_UNIT[base] + 0.0

    return rows.row_by_row(kernel, rows.logits("logits", logits), divisor[..., None], wide=True)


def cross_entropy_from_logits(
    logits: ArrayLike,
    gold: ArrayLike,
    label_smoothing: ArrayLike = 0.0,
    weight: ArrayLike | None = None,
    ignore_index: int | None = None,
    reduction: Reduction = "mean",
    *,
    base: Base = "nats",
) -> Values:
    """Return −log softmax(z)[gold], shapes (..., C) and (...), reduced over the last axis of ``gold`` (the tokens).

    The conventions are PyTorch's: ``label_smoothing`` ε spreads ε over all C classes, the gold one among them;
    ``weight`` holds one factor per class, and the mean divides by the sum of the gold classes' weights; a token whose
    gold is ``ignore_index`` counts in neither sum nor mean and is 0 under ``"none"``, whatever its logits. Unlike there, a
    weight of 0 silences an infinite loss. For a single token, whose gold is one number, ``"sum"`` and ``"none"`` are the
    same.

    >>> round(cross_entropy_from_logits([[0.0, 0.0], [2.0, 0.0]], [0, 0]), 4)  # (ln 2 + ln(1 + e^-2)) / 2
    0.41
    """
    _logarithm(base)
    z = rows.vectors("logits", logits)
    classes = z.shape[-1]
    index, counted = rows.gold_indices("gold", gold, classes, ignore_index)
    rows.check_logits("logits", z, counted)
    weights = np.ones(classes) if weight is None else rows.numbers("weight", weight)
    if weights.shape != (classes,):
        raise DistributionError(f"weight has shape {weights.shape}; it holds one number for each of {classes} classes")
    rows.check(weights, (weights >= 0) & (weights < math.inf), "weight", "weights are finite and not negative")
    epsilon = rows.probabilities("label_smoothing", label_smoothing)
    smooth = bool(epsilon.any())

    def kernel(z: Floats, index: Indices, epsilon: Floats) -> Floats:
        shifted, log_total = _shifted(z)
        losses = _times((1.0 - epsilon) * weights[index], log_total - np.take_along_axis(shifted, index, -1))
        if smooth:
            spread = _times(epsilon * weights / classes, log_total - shifted)
            losses = losses + spread.sum(-1, keepdims=True)
        return np.asarray(losses[..., 0])

    losses = rows.row_by_row(kernel, z, index[..., None], epsilon[..., None]) / _NATS_PER_UNIT[base]
    counted = np.broadcast_to(counted, losses.shape)
    return rows.reduced(np.where(counted, losses, 0.0), reduction, np.where(counted, weights[index], 0.0))


def cross_entropy_gradient(logits: ArrayLike, gold: ArrayLike, *, base: Base = "nats") -> Floats:
    """Return softmax(z) − onehot(gold), the gradient of each row's cross-entropy with respect to its logits.

    Shapes (..., C) and (...) → (..., C); rows are not averaged.

    >>> cross_entropy_gradient([0.0, 0.0], 0).tolist()
    [-0.5, 0.5]
    """
    _logarithm(base)
    z = rows.logits("logits", logits)
    index, _ = rows.gold_indices("gold", gold, z.shape[-1])

    def kernel(z: Floats, index: Indices) -> Floats:
        shifted, log_total = _shifted(z)
        log_q = np.broadcast_to(shifted - log_total, (max(len(z), len(index)), z.shape[-1]))
        gradient = np.exp(log_q)
        # expm1 keeps q − 1 exact where q is nearly 1.
        np.put_along_axis(gradient, index, np.expm1(np.take_along_axis(log_q, index, -1)), -1)
        return gradient / _NATS_PER_UNIT[base] + 0.0

    return rows.row_by_row(kernel, z, index[..., None], wide=True)


def label_smoothed_cross_entropy(q: ArrayLike, gold: ArrayLike, epsilon: ArrayLike, *, base: Base = "nats") -> Values:
    """Return −Σ target log q with target = (1−ε)·onehot(gold) + ε/C, shapes (..., C) and (...) → (...).

    ε in [0, 1] is spread over all C classes, the gold one among them (as PyTorch does). ``inf`` where ε > 0 and any
    class is impossible.

    >>> label_smoothed_cross_entropy([0.25, 0.75], 0, 1.0, base="bits")  # (2 + log2(4/3)) / 2
    1.207518749639422
    """
    _logarithm(base)
    predicted = rows.distributions("q", q)
    index, _ = rows.gold_indices("gold", gold, predicted.shape[-1])

    def kernel(q: Floats, index: Indices, epsilon: Floats) -> Floats:
        costs = _minus_log(q, base)
        spread = _times(epsilon / q.shape[-1], costs).sum(-1, keepdims=True)
        return np.asarray((_times(1.0 - epsilon, np.take_along_axis(costs, index, -1)) + spread)[..., 0])

    smoothing = rows.probabilities("epsilon", epsilon)[..., None]
    return rows.plain(rows.row_by_row(kernel, predicted, index[..., None], smoothing))


def sequence_nll(
    probabilities: ArrayLike, reduction: Reduction = "sum", mask: ArrayLike | None = None, *, base: Base = "nats"
) -> Values:
    """Return the negative log-likelihood −Σ log q of tokens with these probabilities, shape (..., T) → (...).

    A sum of logarithms, never the logarithm of a product. ``mask`` (true or 1 where a token counts) has the same last
    axis; for a denoising loss it marks the corrupted positions, for a prompt the completion. What it leaves out is 0
    under ``"none"``, even an impossible token or what is no probability. A sum over nothing is 0; a mean over nothing raises.

    >>> round(sequence_nll([0.65, 0.2]), 4)  # 0.4308 + 1.6094
    2.0402
    """
    if mask is None:
        return rows.reduced(_minus_log(rows.probabilities("probabilities", probabilities), base), reduction)
    found, counted = rows.numbers("probabilities", probabilities), rows.mask("mask", mask)
    found, counted = rows.same_tokens("probabilities", found, "mask", counted)
    # What does not count costs nothing, as a certain token does.
    q = rows.probabilities("probabilities", np.where(counted > 0, found, 1.0))
    return rows.reduced(_minus_log(q, base), reduction, counted)


def perplexity(probabilities: ArrayLike, mask: ArrayLike | None = None, *, base: Base = "nats") -> Values:
    """Return exp(mean NLL) of tokens with these probabilities, shape (..., T) → (...): 1 / their geometric mean.

    At least 1; ``inf`` where a token is impossible or the number is too large. The same in every ``base``, since the
    logarithm and the power share it. ``mask`` as in `sequence_nll`.

    >>> perplexity([0.5, 0.125])
    4.0
    """
    _logarithm(base)
    with np.errstate(all="ignore"):
        return rows.plain(np.exp2(sequence_nll(probabilities, "mean", mask, base="bits")))


def masked_nll(probabilities: ArrayLike, mask: ArrayLike, reduction: Reduction = "mean", *, base: Base = "nats") -> Values:
    """Return the masked-language-model loss: the NLL at masked positions, its mean over their count, (..., T) → (...).

    ``mask`` is true or 1 where the token was masked; the other positions count nowhere.

    >>> masked_nll([0.5, 0.0, 0.125], [1, 0, 1], base="bits")
    2.0
    """
    return sequence_nll(probabilities, reduction, mask, base=base)


def bits_per_byte(nll_nats: ArrayLike, n_bytes: ArrayLike, *, base: Base = "nats") -> Values:
    """Return a summed NLL as bits per UTF-8 byte, nll / (bytes · ln 2), element by element.

    ``base`` is the unit of the NLL that is given, nats unless told; what is returned is always in bits. For several
    documents pool first (sum both) and divide once.

    >>> round(bits_per_byte(6.931471805599453, 5), 12)  # 10 ln 2 over 5 bytes
    2.0
    """
    _logarithm(base)
    nll, size = rows.numbers("nll_nats", nll_nats), rows.numbers("n_bytes", n_bytes)
    rows.check(nll, nll >= 0, "nll_nats", "a negative log-likelihood is not negative")
    rows.check(size, (size > 0) & (size < math.inf), "n_bytes", "a number of bytes is finite and above 0")
    rows.common_shape(nll.shape, size.shape)
    with np.errstate(all="ignore"):
        return rows.plain(nll / (size * (math.log(2) / _NATS_PER_UNIT[base])) + 0.0)


def brier_score(q: ArrayLike, gold: ArrayLike, *, base: Base = "nats") -> Values:
    """Return Σ (q − gold)² over the classes, shapes (..., C) → (...): 0 is perfect, 2 is sure and wrong.

    The same in every ``base``, since it takes no logarithm.
    ``gold`` of an integer type with fewer axes than ``q`` is the index of the true class; anything else is itself a
    distribution (one-hot or soft) along the last axis.

    >>> brier_score([0.5, 0.25, 0.25], 0)
    0.375
    """
    _logarithm(base)
    predicted = rows.distributions("q", q)
    truth = rows.array("gold", gold)
    if truth.ndim < predicted.ndim and (truth.dtype.kind in "iu" or truth.ndim == 0):
        index, _ = rows.gold_indices("gold", truth, predicted.shape[-1])

        def kernel(q: Floats, index: Indices) -> Floats:
            error = np.repeat(q, len(index), 0) if len(q) < len(index) else q.copy()
            np.put_along_axis(error, index, np.take_along_axis(error, index, -1) - 1.0, -1)
            return np.asarray((error * error).sum(-1))

        return rows.plain(rows.row_by_row(kernel, predicted, index[..., None]))
    pair = rows.same_length("q", predicted, "gold", rows.distributions("gold", truth))
    return rows.plain(rows.row_by_row(lambda q, gold: np.asarray(((q - gold) ** 2).sum(-1)), *pair))


def _logarithm(base: str) -> np.ufunc:
    if base not in _LOGARITHMS:
        raise DistributionError(f"base is {base!r}; it is one of 'nats', 'bits', 'bans'")
    return _LOGARITHMS[base]


def _same_classes(p: ArrayLike, q: ArrayLike) -> tuple[Floats, Floats]:
    return rows.same_length("p", rows.distributions("p", p), "q", rows.distributions("q", q))


def _minus_log(p: Floats, base: str) -> Floats:
    """Return −log p; subtracting from 0 is what keeps −log 1 from being −0.0."""
    log = _logarithm(base)
    with np.errstate(all="ignore"):
        return np.asarray(0.0 - log(p))


def _times(weight: Floats, losses: Floats) -> Floats:
    """Return weight · losses, but 0 where the weight is 0, also for an infinite loss."""
    return np.where(weight == 0, 0.0, weight * losses)


def _dot(weights: Floats, logs: Floats) -> Floats:
    """Return Σ weight · log of each row; pairwise, which a matrix product would not promise."""
    return np.asarray((weights * logs).sum(-1))


def _negated(sums: Floats) -> Floats:
    """Return −x of what is at most 0 but for rounding: never below 0, never −0.0."""
    return np.maximum(0.0 - sums, 0.0) + 0.0


def _shifted(z: Floats, temperature: Floats | None = None) -> tuple[Floats, Floats]:
    """Return the rows less their maximum, divided by the temperature, and the logarithm of their exponentials' sum.

    The maximum's own exponential is the 1 of log1p, so that a nearly certain class keeps its small loss.
    """
    top = z.argmax(-1, keepdims=True)
    shifted = z - np.take_along_axis(z, top, -1)
    if temperature is not None:
        shifted = shifted / temperature
    exponentials = np.exp(shifted)
    np.put_along_axis(exponentials, top, 0.0, -1)
    return shifted, np.log1p(exponentials.sum(-1, keepdims=True))
