"""Derivations for the concepts that come after the page."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from student_view import Answer, Seen, about, cross, judged, nats

from derivations.common import comparison, in_order, two_losses


def word_statements(s: Seen) -> dict[str, Answer]:
    a, b = (float(x) for x in re.findall(r"a probability of ([\d.]+)\.", s.stem))
    return {"answer": judged(comparison({"A": a, "B": b}))}


def before_and_after(s: Seen) -> dict[str, Answer]:
    a, b = (float(x) for x in s.find(r"probability ([\d.]+) \(prediction A\), after the update ([\d.]+) \(prediction B\)"))
    return {**two_losses(a, b), "gap": abs(nats(a) - nats(b))}


def smoothed_row(s: Seen) -> dict[str, Answer]:
    epsilon = s.number(r"varepsilon = ([\d.]+)\$")
    truth = s.find(r"on the text ‘.* (\w+)’")[0]
    return {"answer": [(1 - epsilon) * (word == truth) + epsilon / 5 for word in s.table["Word"]]}


def annotators(s: Seen) -> dict[str, Answer]:
    counts = s.numbers("Annotators")
    assert sum(counts) == 10
    shares = [count / 10 for count in counts]
    return {"gold": shares, "loss": cross(shares, s.numbers("Model"))}


def one_hot_place(s: Seen) -> dict[str, Answer]:
    text, number = s.find(r"training text is ‘(.+?)’.+?word number \*\*(\d)\*\*")
    word = text.split()[int(number) - 1]
    i = s.row("Word", word)
    return {"word": word, "entry": float(s.table["No."][i]), "loss": nats(s.numbers("Model")[i])}


def loss_order(s: Seen) -> dict[str, Answer]:
    i = s.row("Next word", s.find(r"really came is \*\*‘(.+?)’\*\*")[0])
    models = [head for head in s.table if head != "Next word"]
    return {"answer": in_order(models, [nats(s.numbers(model)[i]) for model in models])}


def perplexity(s: Seen) -> dict[str, Answer]:
    tokens, total = (float(x) for x in s.find(r"of (\d+) tokens .+? loss of ([\d.]+) \*\*nats"))
    return {"answer": lambda option: about(option, math.exp(total / tokens))}


def two_reports(s: Seen) -> dict[str, Answer]:
    size = s.number(r"which is (\d+) bytes")
    one, mean_nats, tokens = s.find(r"- (Model \w+): mean loss ([\d.]+) \*\*nats\*\* per token, over (\d+)")
    two, mean_bits, more_tokens = s.find(r"- (Model \w+): mean loss ([\d.]+) \*\*bits\*\* per token, over (\d+)")
    a = float(mean_nats) * float(tokens) / math.log(2) / size
    b = float(mean_bits) * float(more_tokens) / size
    same = "on the same text" in s.stem
    assert same != ("on texts of the same length" in s.stem)
    return {"bpb_a": a, "bpb_b": b, "better": (one if a < b else two) if same else "The reports do not tell"}


def less_likely(s: Seen) -> dict[str, Answer]:
    word, new, old = s.find(r"gives ‘(.+?)’ the probability ([\d.]+) instead of ([\d.]+)\.")
    i = s.row("Token", word)
    q = s.numbers("Probability")
    assert q[i] == float(old)
    total = sum(map(nats, q)) - nats(q[i]) + nats(float(new))
    return {"rise": total - sum(map(nats, q)), "total": total, "perplexity": math.exp(total / len(q))}


def total_in_bits(s: Seen) -> dict[str, Answer]:
    return {"answer": -sum(map(math.log2, s.numbers("Probability of the true token")))}


DERIVATIONS: dict[str, Callable[[Seen], dict[str, Answer]]] = {
    "comparing-next-word-losses/two-losses-and-their-difference": before_and_after,
    "comparing-next-word-losses/which-analysis-is-right": word_statements,
    "defining-the-ground-truth-distribution/smoothed-gold-row": smoothed_row,
    "defining-the-ground-truth-distribution/when-annotators-disagree": annotators,
    "defining-the-ground-truth-distribution/where-the-one-stands": one_hot_place,
    "evaluating-model-prediction-quality/order-by-loss": loss_order,
    "evaluating-model-prediction-quality/perplexity-from-the-total": perplexity,
    "evaluating-model-prediction-quality/two-reports-in-different-units": two_reports,
    "total-loss-calculation-for-a-token-sequence/one-token-gets-less": less_likely,
    "total-loss-calculation-for-a-token-sequence/total-loss-in-bits": total_in_bits,
}
