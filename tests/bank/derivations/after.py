"""Derivations for the concepts that come after the page."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import partial

from student_view import Answer, Rules, Seen, about, cross, judged, mean, nats, never

from derivations.common import comparison, in_order, two_losses


def word_statements(s: Seen) -> dict[str, Answer]:
    a, b = (float(x) for x in re.findall(r"a probability of ([\d.]+)\.", s.stem))
    best = {"A": a > b, "B": b > a}
    low, high = sorted((nats(a), nats(b)))
    rules: Rules = [
        (r"Of these two, prediction (.) has the (lower|higher) loss on .+", lambda x, size: best[x] == (size == "lower")),
        (r"The larger of the two losses on ‘.+’ is about (.+) times the smaller one\.", lambda n: about(n, high / low)),
        (r"The losses of the two predictions of ‘.+’ differ by about (.+) nats\.", lambda n: about(n, high - low)),
        (r"The losses of the two predictions of ‘.+’ add up to about (.+) nats\.", lambda n: about(n, high + low)),
        *comparison({"A": a, "B": b}),
    ]
    return {"answer": judged(rules)}


def before_and_after(s: Seen) -> dict[str, Answer]:
    a, b = (float(x) for x in s.find(r"probability ([\d.]+) \(prediction A\), after the update ([\d.]+) \(prediction B\)"))
    return {**two_losses(a, b), "gap": abs(nats(a) - nats(b))}


def divided_loss(s: Seen) -> dict[str, Answer]:
    q = s.number(r"the probability ([\d.]+)\. Further")
    target = nats(q) / {"half": 2, "third": 3, "quarter": 4}[s.find(r"\*\*one (\w+)\*\*")[0]]
    return {"loss": nats(q), "target": target, "new_q": math.exp(-target)}


def update_order(s: Seen) -> dict[str, Answer]:
    falls = [math.log(after / before) for before, after in zip(s.numbers("Before"), s.numbers("After"), strict=True)]
    return {"answer": in_order(s.table["Model"], falls)[::-1]}


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
    tokens, total = (float(x) for x in s.find(r", (\d+) tokens in all. .+? loss on it is ([\d.]+) \*\*nats"))
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


def token_by_token(s: Seen) -> dict[str, Answer]:
    losses = [nats(q) for q in s.numbers("Probability")]
    total = sum(losses)
    cells = {f"loss_{i + 1}": loss for i, loss in enumerate(losses)}
    return {**cells, "total": total, "mean": total / 4, "perplexity": math.exp(total / 4)}


def missing_probability(s: Seen) -> dict[str, Answer]:
    total = s.number(r"\*\*([\d.]+) nats\*\*")
    known = s.numbers("Probability")
    assert len(known) == 3
    rest = sum(map(nats, known))
    return {"rest": rest, "left": total - rest, "found": math.exp(rest - total)}


def total_calculations(s: Seen) -> dict[str, Answer]:
    total = sum(map(nats, s.numbers("Probability")))
    n = r"([\d.]+)"
    same = partial(math.isclose, total)

    def is_total(value: float) -> bool:
        assert same(value) or abs(value - total) > 0.09
        return same(value)

    forms: list[tuple[str, Callable[..., float]]] = [
        (rf"-\\ln {n} - \\ln {n} - \\ln {n}", lambda a, b, c: nats(a) + nats(b) + nats(c)),
        (rf"-\\ln \({n} \\cdot {n} \\cdot {n}\)", lambda a, b, c: nats(a * b * c)),
        (rf"\\ln \(1 / {n}\) \+ \\ln \(1 / {n}\) \+ \\ln \(1 / {n}\)",
         lambda a, b, c: math.log(1 / a) + math.log(1 / b) + math.log(1 / c)),
        (rf"-\\ln {n} - \\ln \({n} \\cdot {n}\)", lambda a, b, c: nats(a) + nats(b * c)),
        (rf"\\ln \(1 / \({n} \\cdot {n} \\cdot {n}\)\)", lambda a, b, c: math.log(1 / (a * b * c))),
        (rf"-\\ln {n} - \\ln \({n} \+ {n}\)", lambda a, b, c: nats(a) + nats(b + c)),
        (rf"-\\ln \({n} \+ {n} \+ {n}\)", lambda a, b, c: nats(a + b + c)),
        (rf"\\ln \(1 / {n}\) \\cdot \\ln \(1 / {n}\) \\cdot \\ln \(1 / {n}\)", lambda a, b, c: nats(a) * nats(b) * nats(c)),
        (rf"\\ln \(1 / \({n} \+ {n} \+ {n}\)\)", lambda a, b, c: nats(a + b + c)),
        (rf"\\ln {n} \+ \\ln {n} \+ \\ln {n}", lambda a, b, c: math.log(a * b * c)),
        (rf"{n} \\cdot {n} \\cdot {n}", lambda a, b, c: a * b * c),
        (rf"\(1 - {n}\) \+ \(1 - {n}\) \+ \(1 - {n}\)", lambda a, b, c: 3 - a - b - c),
    ]  # fmt: skip
    rules: Rules = [(rf"\${form}\$", lambda *found, value=value: is_total(value(*map(float, found)))) for form, value in forms]
    return {"answer": judged(rules)}


def rank_over_positions(s: Seen) -> dict[str, Answer]:
    models = [head for head in s.table if head != "True token"]
    return {"answer": in_order(models, [mean([nats(q) for q in s.numbers(model)]) for model in models])}


def accuracy_against_loss(s: Seen) -> dict[str, Answer]:
    accuracy = {model: s.table[f"{model}: rank"].count("1") / 5 for model in "AB"}
    loss = {model: mean([nats(q) for q in s.numbers(f"{model}: q")]) for model in "AB"}
    for model in "AB":
        ranked = zip(s.numbers(f"{model}: q"), s.numbers(f"{model}: rank"), strict=True)
        assert all(q * rank < 1 for q, rank in ranked), "so many tokens cannot all be as probable"
    assert accuracy["A"] != accuracy["B"]
    best, lowest = max("AB", key=accuracy.__getitem__), min("AB", key=loss.__getitem__)
    return {
        "accuracy_a": accuracy["A"],
        "accuracy_b": accuracy["B"],
        "loss_a": loss["A"],
        "loss_b": loss["B"],
        "verdict": f"Accuracy favours model {best}, and the loss favours model {lowest}.",
    }


def calibration(s: Seen) -> dict[str, Answer]:
    asked = s.find(r"at the confidence ([\d.]+)\?")[0]
    levels = list(zip(s.numbers("Confidence"), s.numbers("Predictions"), s.numbers("Right"), strict=True))
    assert all(0 <= right <= n for _, n, right in levels)
    off = [right / n - c for c, n, right in levels]
    assert all(abs(abs(x) - 0.03) > 0.005 for x in off)
    low, middle, high = (0 if abs(x) < 0.03 else math.copysign(1, x) for x in off)
    rules: Rules = [
        (r"It is overconfident at all .+", lambda: (low, middle, high) == (-1, -1, -1)),
        (r"It is underconfident at all .+", lambda: (low, middle, high) == (1, 1, 1)),
        (r"It is calibrated at all .+", lambda: (low, middle, high) == (0, 0, 0)),
        (r"It is overconfident only at the highest .+", lambda: high == -1 and -1 not in (low, middle)),
        (r"It is overconfident only at the lowest .+", lambda: low == -1 and -1 not in (middle, high)),
    ]
    i = s.row("Confidence", asked)
    expected = sum(n * c for c, n, _ in levels)
    return {"share": levels[i][2] / levels[i][1], "expected": expected, "verdict": judged(rules)}


def perplexity_statements(s: Seen) -> dict[str, Answer]:
    k = s.number(r"perplexity of \*\*(\d+)\*\*")
    rules: Rules = [
        (r"At each token it is on average as unsure as in an even choice among (\d+)\.", lambda n: float(n) == k),
        (r"At each token the true one is on average at rank .+", never),
        (r"Its mean loss is about (.+) nats per token\.", lambda x: about(x, math.log(k))),
        (r"Its mean loss is about (.+) bits per token\.", lambda x: about(x, math.log2(k))),
        (r"The geometric mean of the true tokens' probabilities is 1/(\d+)\.", lambda n: float(n) == k),
        (r"The share of positions where .+", never),
        (r"With one bit less of mean loss its perplexity would be (.+)\.", lambda x: about(x, 2 ** (math.log2(k) - 1))),
        (r"With half of its mean loss its perplexity would be (.+)\.", lambda x: about(x, math.exp(math.log(k) / 2))),
    ]
    return {"answer": judged(rules)}


def with_a_teacher(s: Seen) -> dict[str, Answer]:
    own, other = (float(x) for x in s.find(r"word in the text has the weight ([\d.]+), .+ has the weight ([\d.]+)\."))
    assert abs(own + other - 1) < 1e-9
    truth = s.find(r"from the text ‘.* (\w+)’ and")[0]
    rows = zip(s.table["Word"], s.numbers("Teacher"), strict=True)
    target = [own * (word == truth) + other * t for word, t in rows]
    return {"target": target, "loss": cross(target, s.numbers("Student"))}


def references(s: Seen) -> dict[str, Answer]:
    start = s.find(r"the word after ‘\*\*(.+? …)\*\*’")[0]
    heads = [head for head in s.table if head != "Next word"]
    assert sum(sum(s.numbers(head)) for head in heads) == s.number(r"translated into English by (\d+) people")
    for head in heads:
        count = s.number(rf"(\d+) (?:of them )?wrote ‘{head.removesuffix(' …')} {s.table['Next word'][0]}’")
        assert count == s.numbers(head)[0]
    counts = s.numbers(start)
    shares = [count / sum(counts) for count in counts]
    return {"gold": shares, "lowest": cross(shares, shares)}


def sources(s: Seen) -> dict[str, Answer]:
    words = s.find(r"in this order: (.+?)\. Join")[0].split(", ")

    def row(weight: float, word: str) -> list[float]:
        return [weight * (other == word) + (1 - weight) / 4 for other in words]

    found = {}
    for left in s.options["answer"]:
        told = re.search(r"‘(\w+)’", left)
        if counts := re.search(r"in the order above, come next (.+) times", left):
            numbers = [float(count) for count in counts[1].split(", ")]
            entries = [count / sum(numbers) for count in numbers]
        elif smoothed := re.search(r"smoothing of ([\d.]+) over all 4", left):
            assert told
            entries = row(1 - float(smoothed[1]), told[1])
        elif mixed := re.search(r"with the weight ([\d.]+), and a teacher .+ with the weight ([\d.]+)$", left):
            assert told
            assert abs(float(mixed[1]) + float(mixed[2]) - 1) < 1e-9
            entries = row(float(mixed[1]), told[1])
        else:
            assert told
            entries = row(1, told[1])
        found[left] = ", ".join(f"{entry:.2f}" for entry in entries)
    return {"answer": found}


DERIVATIONS: dict[str, Callable[[Seen], dict[str, Answer]]] = {
    "comparing-next-word-losses/half-the-loss": divided_loss,
    "comparing-next-word-losses/order-the-updates": update_order,
    "comparing-next-word-losses/two-losses-and-their-difference": before_and_after,
    "comparing-next-word-losses/which-analysis-is-right": word_statements,
    "defining-the-ground-truth-distribution/learn-from-a-teacher": with_a_teacher,
    "defining-the-ground-truth-distribution/match-source-and-row": sources,
    "defining-the-ground-truth-distribution/several-references": references,
    "defining-the-ground-truth-distribution/smoothed-gold-row": smoothed_row,
    "defining-the-ground-truth-distribution/when-annotators-disagree": annotators,
    "defining-the-ground-truth-distribution/where-the-one-stands": one_hot_place,
    "evaluating-model-prediction-quality/accuracy-against-loss": accuracy_against_loss,
    "evaluating-model-prediction-quality/calibration-by-level": calibration,
    "evaluating-model-prediction-quality/order-by-loss": loss_order,
    "evaluating-model-prediction-quality/perplexity-from-the-total": perplexity,
    "evaluating-model-prediction-quality/rank-over-positions": rank_over_positions,
    "evaluating-model-prediction-quality/reading-a-perplexity": perplexity_statements,
    "evaluating-model-prediction-quality/two-reports-in-different-units": two_reports,
    "total-loss-calculation-for-a-token-sequence/missing-probability": missing_probability,
    "total-loss-calculation-for-a-token-sequence/one-token-gets-less": less_likely,
    "total-loss-calculation-for-a-token-sequence/token-by-token": token_by_token,
    "total-loss-calculation-for-a-token-sequence/total-loss-in-bits": total_in_bits,
    "total-loss-calculation-for-a-token-sequence/which-calculations-give-the-total": total_calculations,
}
