"""Derivations for the concepts of the page itself."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from fractions import Fraction

from student_view import Answer, Rules, Seen, about, cross, judged, mean, nats, never

from derivations.common import comparison, two_losses


def soft_targets(s: Seen) -> dict[str, Answer]:
    p, q = s.numbers("True p"), s.numbers("Model q")
    return {"entropy": cross(p, p), "cross_entropy": cross(p, q), "kl": cross(p, q) - cross(p, p)}


def best_model_row(s: Seen) -> dict[str, Answer]:
    p = s.numbers("True p")
    values = {row: cross(p, [float(q) for q in row.split(", ")]) for row in s.options["row"]}
    best, second = sorted(values, key=values.__getitem__)[:2]
    assert values[second] - values[best] > 0.005
    return {"row": best, "lowest": values[best]}


def same_accuracy(s: Seen) -> dict[str, Answer]:
    items = next(iter(s.table.values()))
    q = {model: s.numbers(f"Model {model}") for model in "AB"}
    loss = {model: [nats(x) for x in q[model]] for model in "AB"}
    wrong = {model: [x for x in loss[model] if x > math.log(2)] for model in "AB"}
    other = {"A": "B", "B": "A"}
    assert [len(wrong[model]) for model in "AB"] == [1, 1]
    rest = {model: sum(loss[model]) - wrong[model][0] for model in "AB"}
    rules: Rules = [
        (
            r"Model (.) has the higher mean loss, and ‘(.+)’ costs it more than any other case\.",
            lambda m, w: sum(loss[m]) > sum(loss[other[m]]) and items[loss[m].index(max(loss[m]))] == w,
        ),
        (r"Without the case that each model gets wrong, model (.) would have the lower mean loss .+",
         lambda m: rest[m] < rest[other[m]]),
        (r"(More|Less) than half of the total loss of model (.) comes from the one case that it gets wrong\.",
         lambda size, m: (size == "More") == (wrong[m][0] > rest[m])),
        (r"Each model gets 4 of the 5 cases right, and yet their mean losses differ by about (.+) nats\.",
         lambda gap: about(gap, abs(mean(loss["A"]) - mean(loss["B"])))),
        (r"Each model gets 4 of the 5 cases right, and for that reason .+ the same mean loss\.", never),
        (r"Model . has the higher mean loss, because it gets more of the cases wrong than model .\.", never),
    ]  # fmt: skip
    return {"answer": judged(rules)}


def costliest_item(s: Seen) -> dict[str, Answer]:
    q = s.numbers("Probability of the correct answer")
    worst = next(iter(s.table.values()))[q.index(min(q))]
    return {"worst": worst, "share": 100 * nats(min(q)) / sum(map(nats, q))}


def two_labels(s: Seen) -> tuple[float, float]:
    """The probabilities that predictions A and B gave to the correct label."""
    label = s.find(r"label is \*\*(\d)\*\*")[0]
    told = re.findall(r"P\(y=1\) = ([\d.]+)", s.stem) or s.table["P(y = 1)"]
    q = [float(p) if label == "1" else float(1 - Fraction(p)) for p in told]
    assert len(q) == 2
    return q[0], q[1]


def two_predictions(s: Seen) -> dict[str, Answer]:
    a, b = two_labels(s)
    return {"answer": abs(nats(a) - nats(b))}


def batch_mean(s: Seen) -> dict[str, Answer]:
    rows = zip(s.table["Correct label y"], s.numbers("P(y = 1)"), strict=True)
    return {"answer": mean([nats(p if y == "1" else 1 - p) for y, p in rows])}


def undo_loss(s: Seen) -> dict[str, Answer]:
    return {"answer": math.exp(-s.number(r"was \*\*([\d.]+) nats\*\*"))}


def loss_ratio(s: Seen) -> dict[str, Answer]:
    a, b = two_labels(s)
    return {**two_losses(a, b), "ratio": max(nats(a), nats(b)) / min(nats(a), nats(b))}


def label_statements(s: Seen) -> dict[str, Answer]:
    a, b = two_labels(s)
    return {"answer": judged(comparison({"A": a, "B": b}))}


def denoising_pair(s: Seen) -> dict[str, Answer]:
    clean, noisy = s.find(r"From the sentence ‘(.+?)’ a noise function has made ‘(.+?)’")
    return {"answer": f"The log-probability of ‘{clean}’ given ‘{noisy}’"}


def denoising_loss(s: Seen) -> dict[str, Answer]:
    rows = list(
        zip(s.table["Corrupted input"], s.table["Clean sentence"], s.numbers("Probability of the clean token"), strict=True)
    )
    return {"corrupted": sum(nats(q) for x, y, q in rows if x != y), "everywhere": sum(nats(q) for _, _, q in rows)}


def denoising_parts(s: Seen) -> dict[str, Answer]:
    clean, noisy = s.find(r"clean text ‘(.+?)’ was turned into the corrupted text ‘(.+?)’")
    return {
        "answer": {
            "The input that the model reads": f"‘{noisy}’",
            "The target that the output is compared with": f"‘{clean}’",
            "The noise function": "Hiding two tokens" if "[MASK]" in noisy else "Swapping two tokens",
            "The probability inside the loss": "Pr(clean text given corrupted text)",
        }
    }


def loss_change(s: Seen) -> dict[str, Answer]:
    truth = s.find(r"word that comes is \*\*(.+?)\*\*")[0]
    before, after = (dict(zip(s.table["Next word"], s.table[head], strict=True)) for head in ("Before", "After"))
    change = nats(float(after[truth])) - nats(float(before[truth]))
    verb = "stays the same" if change == 0 else "becomes larger" if change > 0 else "becomes smaller"
    pattern = r"It (.+), because \*(.+)\* has (.+) before and (.+) after the update\."
    for option in s.options["answer"]:
        found = re.fullmatch(pattern, option)
        assert found
        assert (before[found[2]], after[found[2]]) == (found[3], found[4])
    return {"answer": judged([(pattern, lambda how, word, *shown: how == verb and word == truth)])}


def one_position(s: Seen) -> dict[str, Answer]:
    i = s.numbers("Gold").index(1)
    loss = nats(s.numbers("Model")[i])
    assert ("in nats" in s.stem) != ("in bits" in s.stem)
    return {"answer": loss if "in nats" in s.stem else loss / math.log(2)}


def masked_mean(s: Seen) -> dict[str, Answer]:
    rows = zip(s.table["Input"], s.numbers("Probability of the true token"), strict=True)
    return {"answer": mean([nats(q) for shown, q in rows if shown == "[MASK]"])}


def masked_statements(s: Seen) -> dict[str, Answer]:
    words = s.find(r"The sentence ‘(.+?)’")[0].split()
    hidden = [shown == "[MASK]" for shown in s.table["Input"]]
    assert all(shown in (word, "[MASK]") for shown, word in zip(s.table["Input"], words, strict=True))

    def scored(word: str, position: str) -> bool:
        assert words[int(position) - 1] == word
        return hidden[int(position) - 1]

    def masked(position: str) -> int:
        assert hidden[int(position) - 1]
        return int(position)

    rules: Rules = [
        (r"The probability of ‘(.+)’ at position (\d) enters the loss\.", scored),
        (r"The loss would rise if ‘(.+)’ at position (\d) were given a lower probability\.", scored),
        (r"The loss would stay the same if ‘(.+)’ at position (\d) .+ lower probability\.", lambda w, i: not scored(w, i)),
        (r"The sum of the losses is divided by (\d)\.", lambda n: int(n) == sum(hidden)),
        (r"At position (\d) the model may use visible tokens on both sides\.", lambda i: 1 < masked(i) < len(words)),
        (r"At position (\d) the model may use only the tokens to its left\.", lambda i: masked(i) == len(words)),
        (r"At position (\d) the target is word number (\d) of the sentence\.", lambda i, j: masked(i) == int(j)),
    ]
    return {"answer": judged(rules)}


def counted(s: Seen) -> dict[str, Answer]:
    counts = s.numbers("Count")
    assert sum(counts) == s.number(r"occurs (\d+) times")
    shares = [count / sum(counts) for count in counts]
    return {"row": shares, "lowest": cross(shares, shares)}


def times_as_likely(s: Seen) -> dict[str, Answer]:
    tokens, measure, before, after = s.find(r"of (\d+) tokens\. The \*\*(.+?)\*\* falls from ([\d.]+) to ([\d.]+) nats")
    fall = float(before) - float(after)
    return {"answer": math.exp({"total loss": 1, "mean loss per token": int(tokens)}[measure] * fall)}


DERIVATIONS: dict[str, Callable[[Seen], dict[str, Answer]]] = {
    "a-broad-definition-of-cross-entropy/cross-entropy-of-soft-targets": soft_targets,
    "a-broad-definition-of-cross-entropy/which-model-row-is-best": best_model_row,
    "analysing-model-errors-with-cross-entropy-loss/same-accuracy-different-loss": same_accuracy,
    "analysing-model-errors-with-cross-entropy-loss/which-item-costs-most": costliest_item,
    "calculating-cross-entropy-loss/compare-two-predictions": two_predictions,
    "calculating-cross-entropy-loss/mean-loss-of-a-batch": batch_mean,
    "calculating-cross-entropy-loss/probability-from-the-loss": undo_loss,
    "comparing-binary-cross-entropy-losses/two-losses-and-their-ratio": loss_ratio,
    "comparing-binary-cross-entropy-losses/which-comparison-is-right": label_statements,
    "denoising-autoencoder-training-objective/input-and-target": denoising_pair,
    "denoising-autoencoder-training-objective/loss-over-a-stated-scope": denoising_loss,
    "denoising-autoencoder-training-objective/parts-of-the-objective": denoising_parts,
    "loss-function-for-language-modeling/does-the-loss-change": loss_change,
    "loss-function-for-language-modeling/loss-at-one-position": one_position,
    "loss-function-for-language-modeling/loss-at-one-position-in-bits": one_position,
    "mlm-training-objective-using-cross-entropy-loss/mean-masked-loss": masked_mean,
    "mlm-training-objective-using-cross-entropy-loss/what-enters-the-loss": masked_statements,
    "why-minimise-cross-entropy-loss/best-row-for-counts": counted,
    "why-minimise-cross-entropy-loss/how-many-times-more-likely": times_as_likely,
}
