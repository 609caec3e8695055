"""How each template of the shipped bank is answered by someone who has only the page, and plain Python.

Each derivation knows its question in words: it takes numbers and words out of the displayed stem and options and works the
answers out with `math`, with nothing of the cross-entropy engine or of the template's own expressions.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from student_view import Answer, Rules, Seen, about, cross, judged, mean, nats, never

FITTING = """
fire stove piece melody cracks faults crowded full rest medicine torch candle galaxy star shot penalty
salt thyme pulse temperature saw blade bucket jug tests checks storm turbulence mangoes tomatoes silence quiet
"""
"""The words that a reader finds fitting in the contexts about fitting words."""


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


def two_losses(a: float, b: float) -> dict[str, Answer]:
    return {"loss_a": nats(a), "loss_b": nats(b)}


def loss_ratio(s: Seen) -> dict[str, Answer]:
    a, b = two_labels(s)
    return {**two_losses(a, b), "ratio": max(nats(a), nats(b)) / min(nats(a), nats(b))}


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
        (r"The losses of predictions A and B add up to (1) nat, .+", lambda n: about(n + ".00", low + high)),
        (r"The (?:two predictions have the same loss|losses of predictions A and B are equal), .+", never),
    ]  # fmt: skip


def label_statements(s: Seen) -> dict[str, Answer]:
    a, b = two_labels(s)
    return {"answer": judged(comparison({"A": a, "B": b}))}


def word_statements(s: Seen) -> dict[str, Answer]:
    a, b = (float(x) for x in re.findall(r"a probability of ([\d.]+)\.", s.stem))
    return {"answer": judged(comparison({"A": a, "B": b}))}


def word_that_came(s: Seen) -> dict[str, Answer]:
    i = s.row("Next word", s.find(r"really came is \*\*(.+?)\*\*")[0])
    a, b = s.numbers("Model A")[i], s.numbers("Model B")[i]
    return {**two_losses(a, b), "difference": nats(a) - nats(b)}


def fits(word: str) -> bool:
    return word in FITTING.split()


def fitting_mass(s: Seen) -> dict[str, Fraction]:
    """What each model puts on the words that fit, exactly."""
    words = s.table["Next word"]
    assert sum(map(fits, words)) == 2
    rows = {model: zip(words, s.table[f"Model {model}"], strict=True) for model in "AB"}
    return {model: sum((Fraction(p) for word, p in rows[model] if fits(word)), Fraction(0)) for model in "AB"}


def fitting_words(s: Seen) -> dict[str, Answer]:
    mass = fitting_mass(s)
    better = max("AB", key=mass.__getitem__)
    # A statement answers the question by naming the right model with the reason that decides.
    rules: Rules = [
        (r"Model (.), because it puts more probability on the two fitting words taken together\.", lambda m: m == better),
        (r"Model (.), because it leaves less probability for the two words that do not fit\.", lambda m: m == better),
        (r"Model ., because (?:one fitting word|it treats|it keeps) .+|Neither, .+", never),
    ]
    return {"mass_a": float(mass["A"]), "mass_b": float(mass["B"]), "verdict": judged(rules)}


def context_understood(s: Seen) -> dict[str, Answer]:
    mass = fitting_mass(s)
    better = max("AB", key=mass.__getitem__)
    right = {"better": better, "less well": min("AB", key=mass.__getitem__)}
    words = s.table["Next word"]

    def given(model: str, *chosen: str) -> Fraction:
        return sum((Fraction(s.table[f"Model {model}"][words.index(word)]) for word in chosen), Fraction(0))

    rules: Rules = [
        (r"Model (.) understands it (.+): in all it puts (.+) of its probability on words that fit, Model (.) only (.+)\.",
         lambda m, how, x, n, y: right[how] == m and mass[m] == Fraction(x) and mass[n] == Fraction(y)),
        (r"Model (.) understands it (.+): in all it puts (.+) on words that do not fit, against (.+) in Model (.)\.",
         lambda m, how, x, y, n: right[how] == m and 1 - mass[m] == Fraction(x) and 1 - mass[n] == Fraction(y)),
        (r"Model (.) understands it (.+): it expects \*(.+)\* with (.+), a word that Model (.) hardly considers\.",
         lambda m, how, w, x, n: right[how] == m and given(m, w) == Fraction(x) and given(n, w) < Fraction(1, 10)),
        (r"Model (.) understands it (.+): it leaves only (.+) for \*(.+)\* and \*(.+)\* together\.",
         lambda m, how, x, v, w: right[how] == m and given(m, v, w) == Fraction(x)),
        (r"Model (.) understands it better: it rules out \*(.+)\* and \*(.+)\*, .+", lambda m, v, w: given(m, v, w) == 0),
        (r"Model (.) understands it better: it shares its probability .+", lambda m: m == better),
        (r"The two models understand it equally well: .+", lambda: mass["A"] == mass["B"]),
    ]  # fmt: skip
    return {"answer": judged(rules)}


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


def in_order(texts: Sequence[str], values: Sequence[float]) -> list[str]:
    """Texts by the size of their values, which differ clearly."""
    ranked = sorted(zip(values, texts, strict=True))
    assert all(b[0] - a[0] > 0.01 for a, b in pairwise(ranked))
    return [text for _, text in ranked]


def domain_ranking(s: Seen) -> dict[str, Answer]:
    means = [total / n for total, n in zip(s.numbers("Sum of losses"), s.numbers("Tokens tested"), strict=True)]
    return {"answer": in_order(s.table["Model"], means)}


def recommended(s: Seen) -> dict[str, Answer]:
    domain = list(s.table)[2]
    losses = dict(zip(s.table["Model"], s.numbers(domain), strict=True))
    best = min(losses, key=losses.__getitem__)
    named = domain.lower()
    # Right is what names the right model with the reason that decides: the loss on the texts that it will meet.
    rules: Rules = [
        (rf"(\w+), because its loss on {named} is the smallest of the four\.", lambda model: model == best),
        (rf"(\w+), because it is the least surprised of the four by {named}\.", lambda model: model == best),
        (r"\w+, because .+ (?:general web text.*|largest of the four|the sum of .+|most surprised .+)\.", never),
        (r"\w+, because the sum of .+", never),
    ]
    return {"answer": judged(rules)}


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


def collection(s: Seen) -> dict[str, Answer]:
    sequences = re.findall(r"- \*([^*]+)\*: ((?:[\d.]+, )*[\d.]+)", s.stem)
    probabilities = [float(p) for _, row in sequences for p in row.split(", ")]
    assert len(probabilities) == sum(len(words.split()) for words, _ in sequences)
    total = sum(map(math.log, probabilities))
    return {"objective": total, "mean_loss": -total / len(probabilities)}


def preferred_setting(s: Seen) -> dict[str, Answer]:
    total = {x: sum(map(Fraction, s.table[f"Setting {x}"])) for x in "AB"}
    better = min("AB", key=total.__getitem__)
    rules: Rules = [
        (r"Setting (.), because its losses on the four sequences have the smaller sum\.", lambda x: x == better),
        (r"Setting (.), because it gives the four sequences together the higher probability\.", lambda x: x == better),
        (r"Setting ., because it has the smaller loss on (?:three|every single one) of the four sequences\.", never),
        (r"Setting ., because (?:its advantage on a single .+|its losses .+ the larger sum\.)|Neither, .+", never),
    ]
    return {"verdict": judged(rules), "gap": float(abs(total["A"] - total["B"]))}


def missing_entry(s: Seen) -> dict[str, Answer]:
    missing = float(1 - sum(map(Fraction, s.table["Probability"])))
    return {"missing": missing, "log_p": math.log(missing) + math.log(s.number(r"probability ([\d.]+) to the token"))}


def is_policy(row: str) -> bool:
    entries = [Fraction(x) for x in row.split(", ")]
    return min(entries) >= 0 and sum(entries) == 1 and len(entries) == 4


def policies(s: Seen) -> dict[str, Answer]:
    return {"answer": is_policy}


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


def notation(s: Seen) -> dict[str, Answer]:
    n = s.find(r"of (\d+) tokens")[0]
    readings: list[tuple[str, Callable[[str], str]]] = [
        (r"\\operatorname\{argmax\}.+()", lambda k: "the text that is most probable after the prompt"),
        (r"-\\frac.+\\log \\Pr.+()", lambda k: f"the mean loss per token over all {n} tokens"),
        (r"\\sum.+\\log \\Pr.+()", lambda k: f"the log-probability of all {n} tokens, given the prompt"),
        (r"\\prod.+\\Pr.+()", lambda k: f"the probability of all {n} tokens, given the prompt"),
        (r"\\Pr\(y_\{ (\d) \} \\mid x, y_1.+", lambda k: f"the probability of token {k}, given all that stands before it"),
        (r"\\Pr\(y_\{ (\d) \} \\mid x\)", lambda k: f"the probability of token {k}, when only the prompt is known"),
    ]
    found = {}
    for left in s.options["answer"]:
        (pattern, reading) = next((p, r) for p, r in readings if re.fullmatch(rf"\${p}\$", left))
        match = re.fullmatch(rf"\${pattern}\$", left)
        assert match
        found[left] = reading(match[1])
    return {"answer": found}


def paths(s: Seen) -> dict[str, float]:
    """The probability of each continuation of two words."""
    seconds = [head for head in s.table if head.startswith("then ")]
    return {
        f"{word} {head.removeprefix('then ')}": float(Fraction(s.table["Pr(first word)"][i]) * Fraction(s.table[head][i]))
        for i, word in enumerate(s.table["First word"])
        for head in seconds
    }


def best_path(s: Seen) -> dict[str, Answer]:
    found = paths(s)
    best, second = sorted(found, key=found.__getitem__, reverse=True)[:2]
    assert found[best] > found[second] + 0.005
    return {"answer": best}


def one_path(s: Seen) -> dict[str, Answer]:
    return {"answer": paths(s)[s.find(r"continuation \*(.+?)\*")[0]]}


def chain(s: Seen) -> dict[str, Answer]:
    prompt, form, text = s.find(r"the prompt \*(.+?)\*.+equals the (\S+) of the continuation \*(.+?)\*")
    words = text.split()
    name, sign = ("Pr", " × ") if form == "probability" else ("log Pr", " + ")
    return {"answer": sign.join(f"{name}({word} | {' '.join([prompt, *words[:t]])})" for t, word in enumerate(words))}


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


def log_probabilities(s: Seen) -> dict[str, Answer]:
    values = s.numbers("Log-probability")
    high, second = sorted(values, reverse=True)[:2]
    return {"order": in_order(s.table["Next word"], values)[::-1], "ratio": math.exp(high - second)}


def softmax(s: Seen) -> dict[str, Answer]:
    scores = s.numbers("Score")
    i = s.row("Next word", s.find(r"to the word \*\*(.+?)\*\*")[0])
    return {"answer": math.exp(scores[i]) / sum(map(math.exp, scores))}


def less_likely(s: Seen) -> dict[str, Answer]:
    word, new, old = s.find(r"gives ‘(.+?)’ the probability ([\d.]+) instead of ([\d.]+)\.")
    i = s.row("Token", word)
    q = s.numbers("Probability")
    assert q[i] == float(old)
    total = sum(map(nats, q)) - nats(q[i]) + nats(float(new))
    return {"rise": total - sum(map(nats, q)), "total": total, "perplexity": math.exp(total / len(q))}


def total_in_bits(s: Seen) -> dict[str, Answer]:
    return {"answer": -sum(map(math.log2, s.numbers("Probability of the true token")))}


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
    "comparing-next-word-distributions/loss-of-the-word-that-came": word_that_came,
    "comparing-next-word-distributions/probability-on-fitting-words": fitting_words,
    "comparing-next-word-distributions/which-model-understood": context_understood,
    "comparing-next-word-losses/two-losses-and-their-difference": before_and_after,
    "comparing-next-word-losses/which-analysis-is-right": word_statements,
    "defining-the-ground-truth-distribution/smoothed-gold-row": smoothed_row,
    "defining-the-ground-truth-distribution/when-annotators-disagree": annotators,
    "defining-the-ground-truth-distribution/where-the-one-stands": one_hot_place,
    "denoising-autoencoder-training-objective/input-and-target": denoising_pair,
    "denoising-autoencoder-training-objective/loss-over-a-stated-scope": denoising_loss,
    "denoising-autoencoder-training-objective/parts-of-the-objective": denoising_parts,
    "evaluating-language-model-suitability/rank-by-mean-loss": domain_ranking,
    "evaluating-language-model-suitability/recommend-a-model": recommended,
    "evaluating-model-prediction-quality/order-by-loss": loss_order,
    "evaluating-model-prediction-quality/perplexity-from-the-total": perplexity,
    "evaluating-model-prediction-quality/two-reports-in-different-units": two_reports,
    "fundamental-llm-training-objective/log-likelihood-of-a-collection": collection,
    "fundamental-llm-training-objective/which-setting-does-training-prefer": preferred_setting,
    "llm-policy-as-a-probability-distribution/fill-the-missing-entry": missing_entry,
    "llm-policy-as-a-probability-distribution/which-rows-are-policies": policies,
    "loss-function-for-language-modeling/does-the-loss-change": loss_change,
    "loss-function-for-language-modeling/loss-at-one-position": one_position,
    "loss-function-for-language-modeling/loss-at-one-position-in-bits": one_position,
    "mathematical-notation-for-text-generation-probability/match-notation-and-meaning": notation,
    "mathematical-notation-for-text-generation-probability/most-probable-continuation": best_path,
    "mathematical-notation-for-text-generation-probability/probability-along-a-path": one_path,
    "mathematical-notation-for-text-generation-probability/the-chain-of-conditionals": chain,
    "mlm-training-objective-using-cross-entropy-loss/mean-masked-loss": masked_mean,
    "mlm-training-objective-using-cross-entropy-loss/what-enters-the-loss": masked_statements,
    "predicting-next-word-likelihood/order-log-probabilities": log_probabilities,
    "predicting-next-word-likelihood/softmax-of-scores": softmax,
    "total-loss-calculation-for-a-token-sequence/one-token-gets-less": less_likely,
    "total-loss-calculation-for-a-token-sequence/total-loss-in-bits": total_in_bits,
    "why-minimise-cross-entropy-loss/best-row-for-counts": counted,
    "why-minimise-cross-entropy-loss/how-many-times-more-likely": times_as_likely,
}
