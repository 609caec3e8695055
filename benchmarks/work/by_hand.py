"""Three templates of the shipped bank by hand in NumPy: what one would write who needs this template and no other.

Each has three steps: draws; lets with the conditions; keys. Conditions refuse whole variants, which are drawn again. What the
engine does besides is not done: addresses, displayed texts, and the proof that no foreseen mistake comes near the key.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = dict[str, NDArray[Any]]


class ByHand:
    """A template by hand. ``words`` has those of its cases, of shape (cases, k)."""

    template: str

    def __init__(self, words: NDArray[Any]) -> None:
        self.words = words

    def variants(self, n: int, seed: int) -> tuple[Values, NDArray[Any]]:
        """The values of n variants that meet the conditions, variants on the last axis, and their keys."""
        random = np.random.Generator(np.random.Philox(seed))
        pieces: list[Values] = []
        found, share = 0, 0.5
        while found < n:
            count = int((n - found) / share * 1.1) + 64
            values = self.draws(random, count)
            values.update(self.lets(values))
            good = np.flatnonzero(self.allowed(values))
            pieces.append({name: value[..., good] for name, value in values.items()})
            found += len(good)
            share = max(len(good) / count, 0.01)
        joined = {name: np.concatenate([piece[name] for piece in pieces], axis=-1)[..., :n] for name in pieces[0]}
        return joined, self.keys(random, joined)

    @abstractmethod
    def draws(self, random: np.random.Generator, n: int) -> Values:
        """The draws of n variants."""

    @abstractmethod
    def lets(self, values: Mapping[str, NDArray[Any]]) -> Values:
        """What follows from the draws."""

    @abstractmethod
    def allowed(self, values: Mapping[str, NDArray[Any]]) -> NDArray[np.bool_]:
        """Which variants meet the conditions."""

    @abstractmethod
    def keys(self, random: np.random.Generator, values: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
        """The keys of variants."""

    def _word_of(self, case: NDArray[np.int64], place: NDArray[np.int64]) -> NDArray[Any]:
        return np.asarray(self.words[case, place])


def distributions(random: np.random.Generator, n: int, entries: int, parts: int, least: int, most: int) -> NDArray[np.float64]:
    """Rows of distinct whole parts, uniform over those within the bounds, divided by their sum; shape (entries, n)."""
    rows: list[NDArray[np.int64]] = []
    found = 0
    spare = parts - entries * least + entries - 1
    while found < n:
        bars = np.sort(random.integers(0, spare, size=(entries - 1, 2 * (n - found) + 64)), axis=0)
        bars = bars[:, (bars[1:] > bars[:-1]).all(axis=0)]
        edges = np.pad(bars, ((1, 1), (0, 0)), constant_values=((-1, spare), (0, 0)))
        row = np.diff(edges, axis=0) - 1 + least
        ordered = np.sort(row, axis=0)
        row = row[:, (ordered[-1] <= most) & (ordered[1:] > ordered[:-1]).all(axis=0)]
        rows.append(row)
        found += row.shape[1]
    return np.asarray(np.concatenate(rows, axis=1)[:, :n] / parts)


class LossAtOnePosition(ByHand):
    """A table of next tokens, and the loss at the gold one."""

    template = "loss-function-for-language-modeling/loss-at-one-position"

    def draws(self, random: np.random.Generator, n: int) -> Values:
        return {
            "case": random.integers(0, len(self.words), n),
            "gold": random.integers(0, 5, n),
            "q": distributions(random, n, 5, 1000, 30, 700),
        }

    def lets(self, values: Mapping[str, NDArray[Any]]) -> Values:
        q, gold = values["q"], values["gold"].astype(np.int64)
        columns = np.arange(q.shape[1])
        q_true = q[gold, columns]
        down = np.sort(q, axis=0)[::-1]
        return {
            "word": self._word_of(values["case"], gold),
            "target": (np.arange(5)[:, None] == gold).astype(np.float64),
            "q_true": q_true,
            "loss": -np.log(q_true),
            "down": down,
            "neighbour": np.where(q_true == down[0], down[1], down[0]),
        }

    def allowed(self, values: Mapping[str, NDArray[Any]]) -> NDArray[np.bool_]:
        q, q_true, loss, down = values["q"], values["q_true"], values["loss"], values["down"]
        entropy = -(q * np.log(q)).sum(axis=0)
        return np.asarray(
            (q_true >= 0.05)
            & (np.abs(q_true - 0.5) > 0.03)
            & (np.abs(loss - q_true) > 0.03)
            & (np.abs(loss - entropy) > 0.03)
            & (np.abs(loss - entropy / np.log(2)) > 0.03)
            & (down[0] - down[1] >= 0.02 - 1e-12)
            & (np.abs(-np.log(values["neighbour"]) - loss) > 0.03)
        )

    def keys(self, random: np.random.Generator, values: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
        return values["loss"]


class WhichModelUnderstood(ByHand):
    """Two models' rows, of which one fits; four options, and the key's place among them."""

    template = "comparing-next-word-distributions/which-model-understood"

    def draws(self, random: np.random.Generator, n: int) -> Values:
        drawn = {name: random.integers(low, high + 1, n) / 100 for name, (low, high) in _BOUNDS.items()}
        return {
            "case": random.integers(0, len(self.words), n),
            "good": random.integers(0, 2, n),
            "order": random.permuted(np.tile(np.arange(4)[:, None], n), axis=0),
            "quality": random.integers(0, 2, n),
            "size": random.integers(0, 2, n),
            **drawn,
        }

    def lets(self, values: Mapping[str, NDArray[Any]]) -> Values:
        good, bad = _row(values, "g"), _row(values, "b")
        a_is_good = values["good"] == 0
        row_a, row_b = np.where(a_is_good, good, bad), np.where(a_is_good, bad, good)
        fit_a, fit_b = row_a[0] + row_a[3], row_b[0] + row_b[3]
        ahead = np.where(fit_a > fit_b, 0, 1)
        named = np.where(values["quality"] == 0, ahead, 1 - ahead)
        fits = (values["quality"] == 0) == (values["size"] == 0)
        case = values["case"]
        words = self.words[case].T
        return {
            "good_row": good,
            "bad_row": bad,
            "row_a": row_a,
            "row_b": row_b,
            "ahead": ahead,
            "named": named,
            "pair": np.where(fits, words[[0, 3]], words[[1, 2]]),
            "other_pair": np.where(fits, words[[1, 2]], words[[0, 3]]),
        }

    def allowed(self, values: Mapping[str, NDArray[Any]]) -> NDArray[np.bool_]:
        good, bad, b_1 = values["good_row"], values["bad_row"], values["b_1"]
        return np.asarray(
            (np.abs(good[0] - good[3]) > 1e-9)
            & (bad[0] >= 0.03 - 1e-9)
            & (b_1 > bad[0] + 0.04 + 1e-9)
            & (b_1 + values["b_2"] > 0.5 + 1e-9)
        )

    def keys(self, random: np.random.Generator, values: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
        shown = random.permuted(np.tile(np.arange(4)[:, None], values["case"].shape[0]), axis=0)
        return np.asarray(shown.argmin(axis=0))  # the key is the first of the options as written


_BOUNDS = {"g_1": (1, 9), "g_2": (1, 9), "g_3": (10, 48), "b_1": (35, 60), "b_2": (5, 25), "b_3": (5, 25)}


def _row(values: Mapping[str, NDArray[Any]], letter: str) -> NDArray[np.float64]:
    rest = [values[f"{letter}_{i}"] for i in (1, 2, 3)]
    return np.stack([1 - rest[0] - rest[1] - rest[2], *rest])


class TrueOfTheTwoColumns(ByHand):
    """Two columns of probabilities; four of twelve statements, and which of these are true."""

    template = "comparing-next-word-distributions/true-of-the-two-columns"

    def draws(self, random: np.random.Generator, n: int) -> Values:
        return {
            "case": random.integers(0, len(self.words), n),
            "order": random.permuted(np.tile(np.arange(4)[:, None], n), axis=0),
            "p": distributions(random, n, 4, 100, 2, 75),
            "q": distributions(random, n, 4, 100, 2, 75),
            "i": random.integers(0, 2, n),
            "j": random.integers(2, 4, n),
            "more": random.integers(0, 2, n),
            "tops": (random.random(n) >= 19 / 24).astype(np.int64),
        }

    def lets(self, values: Mapping[str, NDArray[Any]]) -> Values:
        p, q, i, j = values["p"], values["q"], values["i"].astype(np.int64), values["j"].astype(np.int64)
        columns = np.arange(p.shape[1])
        a_first = values["more"] == 0
        m, n = np.where(a_first, p, q), np.where(a_first, q, p)
        m_i, n_i = m[i, columns], n[i, columns]
        return {
            "m_i": m_i,
            "m_j": m[j, columns],
            "n_i": n_i,
            "n_j": n[j, columns],
            "pair_m": m_i + m[j, columns],
            "pair_n": n_i + n[j, columns],
            "top_m": m.argmax(axis=0),
            "top_n": n.argmax(axis=0),
            "low_m": m.argmin(axis=0),
            "high": np.where(m_i > n_i, values["more"], 1 - values["more"]),
            "ratio": np.maximum(m_i, n_i) / np.minimum(m_i, n_i),
            "words": np.take_along_axis(self.words[values["case"]].T, values["order"].astype(np.int64), axis=0),
        }

    def allowed(self, values: Mapping[str, NDArray[Any]]) -> NDArray[np.bool_]:
        v = values
        return np.asarray(
            (np.abs(v["p"] - v["q"]).min(axis=0) >= 0.02 - 1e-9)
            & (np.abs(v["pair_m"] - v["pair_n"]) >= 0.03 - 1e-9)
            & (np.abs(v["pair_m"] - 0.5) >= 0.02 - 1e-9)
            & (np.abs(v["ratio"] - 2) >= 0.15 - 1e-9)
            & ((v["top_m"] == v["top_n"]) == (v["tops"] == 0))
            & (np.abs(v["m_j"] - v["m_i"]) >= 0.02 - 1e-9)
        )

    def truths(self, values: Mapping[str, NDArray[Any]]) -> NDArray[np.bool_]:
        """Which of the twelve statements are true of each variant, shape (12, n)."""
        v = values
        same = v["top_m"] == v["top_n"]
        no = np.zeros_like(same)
        return np.stack(
            [
                v["pair_m"] > v["pair_n"],
                v["pair_m"] > 0.5,
                v["m_i"] > v["n_i"],
                v["m_j"] > v["n_j"],
                v["m_i"] < v["m_j"],
                v["ratio"] > 2,
                same,
                ~same,
                no,
                ~no,
                no,
                ~no,
            ]
        )

    def keys(self, random: np.random.Generator, values: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
        true = self.truths(values)
        n = true.shape[1]
        wanted = random.integers(1, 4, n)  # from one to three of the four are true
        at_random = random.random(true.shape)
        first_true = np.argsort(at_random + ~true, axis=0)[:3]
        first_false = np.argsort(at_random + true, axis=0)[:3]
        places = np.arange(3)[:, None]
        chosen = np.concatenate([first_true, first_false])
        used = np.concatenate([places < wanted, places < 4 - wanted])
        shown = np.take_along_axis(chosen, np.argsort(random.random(chosen.shape) + ~used, axis=0)[:4], axis=0)
        return np.take_along_axis(true, shown, axis=0)


BY_HAND: Mapping[str, type[ByHand]] = {
    "numeric": LossAtOnePosition,
    "choice": WhichModelUnderstood,
    "multiple": TrueOfTheTwoColumns,
}
