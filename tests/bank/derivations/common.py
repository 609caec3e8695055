"""What several derivations share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from student_view import Answer, Rules, about, nats, never


def two_losses(a: float, b: float) -> dict[str, Answer]:
    return {"loss_a": nats(a), "loss_b": nats(b)}


def comparison(q: Mapping[str, float]) -> Rules:
    """What may be said about the losses of predictions A and B."""
    loss = {name: nats(x) for name, x in q.items()}
    low, high = sorted(loss.values())
    side = {"lower": low, "smaller": low, "higher": high, "larger": high}
    probability = {"lower": min(q.values()), "higher": max(q.values())}
    return [
        (
            r"Prediction (.) has the (\w+) loss, because it gives .+ the (\w+) probability\.",
            lambda x, size, p: loss[x] == side[size] and q[x] == probability[p],
        ),
        (r"The loss of the worse prediction is about (.+) times as large as .+", lambda n: about(n, high / low)),
        (r"The loss of the (?:worse|better) prediction is (?:larger|lower) than .+ by about (.+) nats\.",
         lambda n: about(n, high - low)),
        (r"The mean loss of the two predictions is about (.+) nats\.", lambda n: about(n, (low + high) / 2)),
        (r"The losses of the two predictions add up to about (.+) nats\.", lambda n: about(n, low + high)),
        (r"The losses of predictions A and B add up to (1), .+", lambda n: about(n + ".00", low + high)),
        (r"The (?:two predictions have the same loss|losses of predictions A and B are equal), .+", never),
    ]  # fmt: skip


def in_order(texts: Sequence[str], values: Sequence[float]) -> list[str]:
    """Texts by the size of their values, which differ clearly."""
    ranked = sorted(zip(values, texts, strict=True))
    assert all(b[0] - a[0] > 0.01 for a, b in pairwise(ranked))
    return [text for _, text in ranked]
