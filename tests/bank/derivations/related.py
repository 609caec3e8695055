"""Derivations for the concepts of the page itself."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from fractions import Fraction

from student_view import Answer, Rules, Seen, about, cross, judged, mean, nats, never

from derivations.common import comparison, in_order, two_losses


def soft_targets(s: Seen) -> dict[str, Answer]:
    p, q = s.numbers("True p"), s.numbers("Model q")
    return {"entropy": cross(p, p), "cross_entropy": cross(p, q), "kl": cross(p, q) - cross(p, p)}


def best_model_row(s: Seen) -> dict[str, Answer]:
    p = s.numbers("True p")
    values = {model: cross(p, s.numbers(model)) for model in s.options["row"]}
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


def costliest_first(s: Seen) -> dict[str, Answer]:
    items, right = next(iter(s.table.values())), s.table["First choice right"]
    first, q = s.numbers("Probability of first choice"), s.numbers("Probability of correct answer")
    assert all((a == b) if yes == "yes" else (a > b and a + b < 1) for yes, a, b in zip(right, first, q, strict=True))
    assert "**largest** loss first" in s.stem
    return {"answer": in_order(items, [-nats(x) for x in q])}


def loss_without_accuracy(s: Seen) -> dict[str, Answer]:
    items = next(iter(s.table.values()))
    p = {head: s.numbers(head) for head in ("Early", "Late")}
    early, late = ([nats(q) for q in row] for row in p.values())
    right = [sum(q > 0.5 for q in row) for row in p.values()]
    assert mean(late) > mean(early)

    def others(word: str, direction: str) -> bool:
        i = items.index(word)
        change = sum(late) - late[i] - sum(early) + early[i]
        assert abs(change) > 0.1
        return (change < 0) == direction.startswith("fall")

    def alone(word: str, size: str, percent: str) -> bool:
        return (size == "more") == (100 * late[items.index(word)] > int(percent) * sum(late))

    def wrong_label(word: str, size: str) -> bool:
        i = items.index(word)
        return (size == "more") == (1 - p["Late"][i] > 1 - p["Early"][i])

    rules: Rules = [
        (r"The model decides as many .+", lambda: right[0] == right[1]),
        (r"The number of cases that the model decides correctly differs .+", lambda: right[0] != right[1]),
        (r"The mean loss of the five cases rises by about (.+) nats .+", lambda n: about(n, mean(late) - mean(early))),
        (r"Over the four cases other than ‘(.+)’, the mean loss (\w+) .+", others),
        (r"Late in training, ‘(.+)’ alone makes up (more|less) than (\d+)% of the total loss\.", alone),
        (r"For ‘(.+)’ the wrong label is (more|less) probable late in training than it was early\.", wrong_label),
    ]
    return {"answer": judged(rules)}


def error_price(s: Seen) -> dict[str, Answer]:
    losses = [nats(q) for q in s.numbers("Probability of the correct label")]
    i = s.row(next(iter(s.table)), s.find(r"undecided on ‘(.+?)’, with 0\.50")[0])
    return {"mean_loss": mean(losses), "undecided": mean([*losses[:i], nats(0.5), *losses[i + 1 :]])}


def outweighing(s: Seen) -> dict[str, Answer]:
    error, unsure = s.find(r"probability of only \*\*([\d.]+)\*\*.+correct answer got \*\*([\d.]+)\*\*")
    number = 1
    while number * nats(float(unsure)) <= nats(float(error)):
        number += 1
    return {"answer": number}


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


def scores(s: Seen) -> dict[str, Answer]:
    heads = list(s.table)
    weights = [math.exp(z) for z in s.numbers("Score")]
    q = weights[s.row(heads[0], s.find(r"correct answer is \*\*(.+?)\*\*")[0])] / sum(weights)
    return {"q": q, "loss": nats(q), "bits": -math.log2(q)}


def smoothed_loss(s: Seen) -> dict[str, Answer]:
    truth = s.find(r"correct answer is \*\*(.+?)\*\*")[0]
    epsilon = s.number(r"varepsilon = ([\d.]+)\$")
    assert "over **all** four classes" in s.stem
    classes, q = next(iter(s.table.values())), s.numbers("Probability")
    targets = [(1 - epsilon) * (name == truth) + epsilon / 4 for name in classes]
    return {"target": max(targets), "other": min(targets), "loss": cross(targets, q)}


def one_score(s: Seen) -> dict[str, Answer]:
    z, label = s.find(r"score \(logit\) is \*\*(.+?)\*\*.+label is \*\*(\d)\*\*")
    signed = float(z.replace("−", "-")) * (1 if label == "1" else -1)
    return {"answer": lambda option: about(option, math.log(1 + math.exp(-signed)))}


def first_slip(s: Seen) -> dict[str, Answer]:
    number, list_of = r"([\d.]+)", r"([\d., ]+)"
    lines = s.find(
        rf"correct labels are {list_of}\. .+ losses in nats are {list_of}\. "
        rf".+ total loss is {number} nats\. .+ mean loss is {number} nats\."
    )
    told = [[float(x) for x in line.split(", ")] for line in lines]
    due = [labelled(s)[1], [nats(q) for q in told[0]], [sum(told[1])], [told[2][0] / 4]]
    off = [max(abs(a - b) for a, b in zip(x, y, strict=True)) for x, y in zip(told, due, strict=True)]
    assert all(x < 0.00051 or x > 0.01 for x in off)
    (slip,) = [f"Line {i}" for i, x in enumerate(off, 1) if x > 0.01]
    return {"answer": slip}


def undo_loss(s: Seen) -> dict[str, Answer]:
    return {"answer": math.exp(-s.number(r"was \*\*([\d.]+) nats\*\*"))}


def loss_ratio(s: Seen) -> dict[str, Answer]:
    a, b = two_labels(s)
    return {**two_losses(a, b), "ratio": max(nats(a), nats(b)) / min(nats(a), nats(b))}


def label_statements(s: Seen) -> dict[str, Answer]:
    a, b = two_labels(s)
    return {"answer": judged(comparison({"A": a, "B": b}))}


def correct_label(y: str, p: str) -> float:
    """The probability that the correct label got."""
    return float(p) if y == "1" else float(1 - Fraction(p))


def labelled(s: Seen) -> tuple[list[str], list[float]]:
    """The cases of a table of labels and predictions, and the probabilities of their correct labels."""
    q = [correct_label(y, p) for y, p in zip(s.table["Correct label y"], s.table["P(y = 1)"], strict=True)]
    return list(next(iter(s.table.values()))), q


def binary_order(s: Seen) -> dict[str, Answer]:
    items, q = labelled(s)
    assert "**smallest** loss first" in s.stem
    return {"answer": in_order(items, [nats(x) for x in q])}


def two_cases(s: Seen) -> dict[str, Answer]:
    items, q = labelled(s)
    larger = items[q.index(min(q))]
    return {"answer": "Both have the same loss." if q[0] == q[1] else f"‘{larger}’ has the larger loss."}


def equal_steps(s: Seen) -> dict[str, Answer]:
    (label,) = s.find(r"label is \*\*(\d)\*\*")
    before, after = (s.table[f"P(y = 1) {when}"] for when in ("before", "after"))
    falls = [nats(correct_label(label, p)) - nats(correct_label(label, r)) for p, r in zip(before, after, strict=True)]
    return {"fall_a": falls[0], "fall_b": falls[1], "times": max(falls) / min(falls)}


def ends_of_the_loss(s: Seen) -> dict[str, Answer]:
    label, here = s.find(r"label is \*\*(\d)\*\*, and the model gives \$P\(y=1\) = ([\d.]+)\$")

    def loss(p: str) -> float:
        return nats(correct_label(label, p))

    def change(old: str, new: str) -> float:
        return abs(loss(new) - loss(old))

    half = "0.5"
    rules: Rules = [
        (r"As .+ comes closer to ([01]), the loss grows without limit\.", lambda end: math.isinf(loss(end))),
        (r"As .+ comes closer to ([01]), the loss comes closer to 0\.", lambda end: loss(end) == 0),
        (r"At .+ = 0\.5\$ the loss is about (.+) nats\.", lambda n: about(n, loss(half))),
        (r"At .+ = (.+)\$ the loss would be the same if the correct label were [01]\.",
         lambda p: abs(loss(p) - nats(1 - correct_label(label, p))) < 1e-9),
        (r"The loss is larger here than it would be at .+ = 0\.5\$\.", lambda: loss(here) > loss(half)),
        (r"At .+ = (.+)\$ the loss is above 1 nat\.", lambda p: loss(p) > 1),
        (r"Moving .+ from (\S+) to (\S+) changes the loss more than moving it from (\S+) to (\S+)\.",
         lambda a, b, c, d: change(a, b) > change(c, d) + 0.01),
    ]  # fmt: skip
    return {"answer": judged(rules)}


def denoising_pair(s: Seen) -> dict[str, Answer]:
    clean, noisy = s.find(r"Text (\d) is a sentence of the training data, and a noise function has made text (\d) from it")
    plain = "trained without noise" in s.stem
    assert plain != ("**denoising autoencoder**" in s.stem)
    return {"answer": f"The log-probability of text {clean} given text {clean if plain else noisy}"}


def denoising_loss(s: Seen) -> dict[str, Answer]:
    rows = list(zip(s.table["Corrupted input"], s.table["Clean sentence"], s.numbers("Pr(clean token)"), strict=True))
    return {"corrupted": sum(nats(q) for x, y, q in rows if x != y), "everywhere": sum(nats(q) for _, _, q in rows)}


def denoising_parts(s: Seen) -> dict[str, Answer]:
    clean, noisy = s.find(r"clean text ‘(.+?)’ was turned into the corrupted text ‘(.+?)’")
    old, new = clean.split(), noisy.split()
    done = "hid" if "[MASK]" in new else "dropped" if len(new) < len(old) else "swapped" if set(new) == set(old) else "replaced"
    assert len(old) - len(new) == 2 if done == "dropped" else sum(a != b for a, b in zip(old, new, strict=True)) == 2
    return {
        "answer": {
            "The input that the model reads": f"‘{noisy}’",
            "The target that the output is compared with": f"‘{clean}’",
            "What the noise function did to the text": f"It {done} two tokens",
            "The probability inside the loss": "Pr(clean text given corrupted text)",
        }
    }


def loss_change(s: Seen) -> dict[str, Answer]:
    truth = s.find(r"word that comes is \*\*(.+?)\*\*")[0]
    before, after = (dict(zip(s.table["Next word"], s.table[head], strict=True)) for head in ("Before", "After"))
    change = nats(float(after[truth])) - nats(float(before[truth]))
    verb = "stays the same" if change == 0 else "becomes larger" if change > 0 else "becomes smaller"
    row = ["first", "second", "third", "fourth"][s.row("Next word", truth)]
    pattern = r"It (.+), and what decides is the (.+) row of the table\."
    return {"answer": judged([(pattern, lambda how, which: how == verb and which == row)])}


def one_position(s: Seen) -> dict[str, Answer]:
    assert "in nats" in s.stem
    return {"answer": nats(s.numbers("Model")[s.numbers("Gold").index(1)])}


def one_word_in_bits(s: Seen) -> dict[str, Answer]:
    (word,) = s.find(r"The text goes on with \*\*(.+?)\*\*\. How many bits")
    return {"answer": -math.log2(s.numbers("Model")[s.row("Next word", word)])}


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
        (r"The probability given to ‘(.+)’ at position (\d) enters the loss\.", scored),
        (r"The loss would rise if ‘(.+)’ at position (\d) were given a lower probability\.", scored),
        (r"The loss would stay the same if ‘(.+)’ at position (\d) .+ lower probability\.", lambda w, i: not scored(w, i)),
        (
            r"The sum of the losses is divided by the number of (the hidden|all seven) tokens\.",
            lambda which: which == "the hidden",
        ),
        (r"At position (\d) the model may use all the visible tokens on both sides\.", lambda i: 1 < masked(i) < len(words)),
        (r"At position (\d) the model may use only the visible tokens on its left\.", lambda i: masked(i) == len(words)),
        (r"At position (\d) the target of the model is the word ‘(\w+)’\.", lambda i, word: words[masked(i) - 1] == word),
    ]
    return {"answer": judged(rules)}


def chosen_counts(s: Seen) -> dict[str, Answer]:
    n, rate = (int(x) for x in s.find(r"Of (\d+) tokens, (\d+)% are chosen"))
    assert re.search(
        r"80% are replaced by \[MASK\],.+10% are replaced by a random other token,.+10% are left as they are", s.stem
    )
    chosen = Fraction(n * rate, 100)
    hidden, swapped = chosen * Fraction(8, 10), chosen * Fraction(1, 10)
    assert all(x.denominator == 1 for x in (chosen, hidden, swapped))
    return {"scored": int(chosen), "masks": int(hidden), "unchanged": int(n - hidden - swapped)}


def chosen_targets(s: Seen) -> dict[str, Answer]:
    originals, chosen = s.table["Original token"], s.table["Chosen"]
    assert chosen.count("yes") == 3

    def target(position: str) -> str:
        i = s.row("Position", position)
        return f"It scores the probability of ‘{originals[i]}’." if chosen[i] == "yes" else "It scores nothing here."

    return {"answer": {left: target(left.removeprefix("Position ")) for left in s.options["answer"]}}


def chosen_losses(s: Seen) -> dict[str, Answer]:
    rows = zip(s.table["Chosen"], s.numbers("Probability of the original token"), strict=True)
    losses = [nats(q) for chosen, q in rows if chosen == "yes"]
    assert len(losses) == s.number(r"model, (\d) tokens of a sentence are chosen")
    return {"total": sum(losses), "mean_loss": mean(losses)}


def counted(s: Seen) -> dict[str, Answer]:
    counts = s.numbers("Count")
    assert sum(counts) == s.number(r"occurs (\d+) times")
    shares = [count / sum(counts) for count in counts]
    return {"row": shares, "lowest": cross(shares, shares)}


def times_as_likely(s: Seen) -> dict[str, Answer]:
    tokens, measure, before, after = s.find(r"of (\d+) tokens\. The \*\*(.+?)\*\* falls from ([\d.]+) to ([\d.]+) nats")
    fall = float(before) - float(after)
    return {"answer": math.exp({"total loss": 1, "mean loss per token": int(tokens)}[measure] * fall)}


def each_position(s: Seen) -> dict[str, Answer]:
    truth = s.find(r"on the text ‘(.+?)’")[0].split()
    losses = [nats(float(s.table[word][i])) for i, word in enumerate(truth)]
    named = {f"loss_{i}": loss for i, loss in enumerate(losses, start=1)}
    return {**named, "total": sum(losses), "average": mean(losses)}


def costly_positions(s: Seen) -> dict[str, Answer]:
    truth = s.table["True token"]
    q = dict(zip(truth, s.numbers("Probability of the true token"), strict=True))
    word, before, after = s.find(r"true token \*\*(\w+)\*\* rises from ([\d.]+) to ([\d.]+);")
    assert float(before) == q[word]
    new = {**q, word: float(after)}
    return {
        "order": sorted(truth, key=lambda token: nats(q[token]), reverse=True),
        "drop": mean([nats(x) for x in q.values()]) - mean([nats(x) for x in new.values()]),
    }


def two_updates(s: Seen) -> dict[str, Answer]:
    before, after = s.numbers("Probability before"), s.numbers("Probability after")
    fall = {x: nats(p) - nats(q) for x, p, q in zip(s.table["Update"], before, after, strict=True)}
    step = {x: q - p for x, p, q in zip(s.table["Update"], before, after, strict=True)}
    rules: Rules = [
        (r"Cross-entropy prefers update (.); the plain difference prefers update (.)\.",
         lambda x, y: fall[x] == max(fall.values()) and step[y] == max(step.values())),
    ]  # fmt: skip
    return {"fall_a": fall["A"], "fall_b": fall["B"], "verdict": judged(rules)}


def mixture(s: Seen) -> dict[str, Answer]:
    share, one, two = s.find(r"a share of ([\d.]+) is in (.+?) and the rest in (.+?)\. A model")
    # a thousand places, shared out exactly
    places = [
        [1000 * Fraction(weight) * Fraction(p) for p in s.table[source]]
        for weight, source in ((Fraction(share), one), (1 - Fraction(share), two))
    ]
    row = [float(sum(column) / 1000) for column in zip(*places, strict=True)]
    return {"row": row, "lowest": cross(row, row)}


def two_units(s: Seen) -> dict[str, Answer]:
    h, first, ce, second = s.find(r"H\(p\) = ([\d.]+)\$ \*\*(\w+)\*\*.+H\(p, q\) = ([\d.]+)\$ \*\*(\w+)\*\*")
    assert {first, second} == {"bits", "nats"}
    converted = float(ce) * {"bits": math.log2(math.e), "nats": math.log(2)}[first]
    return {"cross_entropy": converted, "kl": converted - float(h)}


def finite_or_infinite(s: Seen) -> dict[str, Answer]:
    row = {"p": s.numbers("True p"), "q": s.numbers("Model q")}
    infinite = s.find(r"are \*\*(\w+)\*\*")[0] == "infinite"
    rules: Rules = [
        (r"the entropy \$H\((.)\)\$", lambda p: math.isinf(cross(row[p], row[p])) == infinite),
        (r"the cross-entropy \$H\((.), (.)\)\$", lambda p, q: math.isinf(cross(row[p], row[q])) == infinite),
        (r"the KL divergence \$D\((.) \\\| (.)\)\$",
         lambda p, q: math.isinf(cross(row[p], row[q]) - cross(row[p], row[p])) == infinite),
    ]  # fmt: skip
    return {"answer": judged(rules)}


def two_numbers(s: Seen) -> dict[str, Answer]:
    h, ce = (Fraction(x) for x in s.find(r"H\(p\) = ([\d.]+)\$ nats.+H\(p, q\) = ([\d.]+)\$ nats"))
    assert 0 < h < ce
    rules: Rules = [
        (r"The KL divergence .+ is \$([\d.]+) ([-+]) ([\d.]+)\$ nats\.",
         lambda m, sign, n: Fraction(m) + Fraction(sign + n) == ce - h),
        (r"A better model could reach a cross-entropy (between the two|below both of the) numbers\.",
         lambda where: where.startswith("between")),  # it cannot fall below the entropy
        (r"Stated in bits, the two quantities would have (\w+) numbers\.",
         lambda how: (float(h) / math.log(2) > h) == (how == "larger")),
        (r"For a model that predicts \$p\$ itself the cross-entropy equals (\$H\(p\)\$|zero)\.", lambda value: value != "zero"),
        (r"The two numbers (leave open|also tell) how large the cross-entropy .+", lambda how: how == "leave open"),
        (r"If the (probability of every word|most probable of all words) were the same in \$q\$ as in \$p\$, .+ would be 0\.",
         lambda how: how.startswith("probability")),
    ]  # fmt: skip
    return {"answer": judged(rules)}


def reports(s: Seen) -> dict[str, Answer]:
    tokens = int(s.find(r" of (\d+) tokens")[0])
    number = r"\$?(-?[\d.]+)\$?"
    forms: list[tuple[str, Callable[[float], float]]] = [
        (rf"a mean cross-entropy loss of {number} nats per token", lambda x: x * tokens),
        (rf"a total cross-entropy loss of {number} nats", lambda x: x),
        (rf"a total cross-entropy loss of {number} bits", lambda x: x / math.log2(math.e)),
        (rf"a log-likelihood \(natural logarithm\) of {number}", lambda x: -x),
    ]
    losses = {}
    for model, report in re.findall(r"- (\w+): (.+?)(?= - | 1\. )", s.stem):
        (losses[model],) = (total(float(m[1])) for form, total in forms if (m := re.fullmatch(form, report)))
    first, second = sorted(losses.values())[:2]
    return {"order": in_order(list(losses), list(losses.values())), "gap": second - first}


def avoidable(s: Seen) -> dict[str, Answer]:
    p = s.numbers("Share")
    before, after = (float(x) for x in s.find(r"from ([\d.]+) to ([\d.]+) nats"))
    lowest = cross(p, p)
    assert lowest < after < before
    return {"lowest": lowest, "left": after - lowest, "removed": 100 * (1 - (after - lowest) / (before - lowest))}


def one_step(s: Seen) -> dict[str, Answer]:
    words, z = s.table["Next word"], s.numbers("Score z")
    gold = words.index(s.find(r"word that comes is \*\*(\w+)\*\*")[0])
    other = words.index(s.find(r"3\. the derivative of \$L\$ with respect to the score of \*(\w+)\*")[0])
    rate = s.number(r"z - ([\d.]+) \\cdot")

    def loss(scores: list[float]) -> float:
        return math.log(sum(map(math.exp, scores))) - scores[gold]

    def slope(i: int) -> float:
        """The derivative by a difference quotient."""
        width = 1e-5
        up, down = ([x + sign * width * (k == i) for k, x in enumerate(z)] for sign in (1, -1))
        return (loss(up) - loss(down)) / (2 * width)

    return {
        "q_gold": math.exp(-loss(z)),
        "slope_gold": slope(gold),
        "slope_other": slope(other),
        "new": z[gold] - rate * slope(gold),
    }


def moving_scores(s: Seen) -> dict[str, Answer]:
    words, p, q = s.table["Next word"], s.numbers("Training texts p"), s.numbers("Model q")
    asked = s.find(r"which words \*\*(\w+)\*\*")[0]

    def loss(scores: list[float]) -> float:
        total = sum(map(math.exp, scores))
        return cross(p, [math.exp(x) / total for x in scores])

    def rises(word: str) -> bool:
        """Whether the loss falls when this word's score rises a little."""
        scores = [math.log(x) + 1e-4 * (w == word) for w, x in zip(words, q, strict=True)]
        return loss(scores) < cross(p, q)

    return {"answer": lambda word: rises(word) == (asked == "rise")}


def hits_and_loss(s: Seen) -> dict[str, Answer]:
    q = {when: s.numbers(f"True {when}") for when in ("before", "after")}
    hits = {when: [x > y for x, y in zip(q[when], s.numbers(f"Best other {when}"), strict=True)].count(True) for when in q}
    loss = {when: mean([nats(x) for x in q[when]]) for when in q}
    change = hits["after"] - hits["before"]
    rules: Rules = [
        (r"(As many|More|Fewer) hits (?:as|than) before, and a (lower|higher) mean loss\.",
         lambda n, how: n == ("As many" if change == 0 else "More" if change > 0 else "Fewer")
         and (how == "lower") == (loss["after"] < loss["before"])),
    ]  # fmt: skip
    return {**loss, "verdict": judged(rules)}


def noises(s: Seen) -> dict[str, Answer]:
    words = s.find(r"the sentence > (.+?) was corrupted")[0].split()

    def noise(text: str) -> str:
        tokens = text.split()
        masks = tokens.count("[MASK]")
        if masks:
            return "Masking" if len(tokens) == len(words) else "Infilling"
        if len(tokens) < len(words):
            return "Deletion"
        if set(tokens) != set(words):
            return "Replacement"
        turns = [words[i:] + words[:i] for i in range(1, len(words))]
        if tokens in turns:
            return "Rotation"
        assert [a == b for a, b in zip(tokens, words, strict=True)].count(False) == 2
        return "Swapping"

    told = {
        "Masking": "single tokens, each behind its own mask",
        "Infilling": "a run of tokens behind a single mask",
        "Deletion": "tokens left out without a mark",
        "Replacement": "foreign tokens in place of others",
        "Swapping": "two tokens in exchanged places",
        "Rotation": "the front part put behind the rest",
    }
    found = {text: noise(tokens) for text, tokens in zip(s.table["Text"], s.table["Corrupted input"], strict=True)}
    assert len(set(found.values())) == 4
    return {"answer": {f"Text {text}": f"{kind}: {told[kind]}" for text, kind in found.items()}}


def scored_positions(s: Seen) -> dict[str, Answer]:
    clean, noisy = s.table["Clean sentence"], s.table["Corrupted input"]
    (scope,) = s.find(r"target token over \*\*(all positions|the corrupted positions only)\*\*")
    scored = [scope == "all positions" or a != b for a, b in zip(clean, noisy, strict=True)]

    def target(i: str, word: str) -> bool:
        assert clean[int(i) - 1] != noisy[int(i) - 1]
        return scored[int(i) - 1] and clean[int(i) - 1] == word

    def counts(word: str, i: str) -> bool:
        assert clean[int(i) - 1] == word
        return scored[int(i) - 1]

    rules: Rules = [
        (r"At position (\d) the loss takes the probability of ‘(.+)’\.", target),
        (r"At position (\d) the encoder reads ‘(.+)’\.", lambda i, word: noisy[int(i) - 1] == word),
        (r"The loss would rise if ‘(.+)’ at position (\d) got a lower probability\.", counts),
        (r"The loss would stay as it is if ‘(.+)’ at position (\d) .+", lambda word, i: not counts(word, i)),
        (r"The loss adds up (\d) terms\.", lambda n: int(n) == sum(scored)),
    ]
    return {"answer": judged(rules)}


def span_lengths(s: Seen) -> dict[str, Answer]:
    n, percent, length = (int(x) for x in s.find(r"of (\d+) tokens, .+ Of its tokens (\d+)% .+ spans of (\d+) tokens each"))
    hidden = Fraction(percent, 100) * n
    spans = hidden / length
    assert spans.denominator == 1
    # write the two texts out, a letter for each token
    texts = {"input": "k" * int(n - hidden) + "s" * int(spans), "target": ("s" + "h" * length) * int(spans)}
    return {
        "hidden": texts["target"].count("h"),
        "spans": int(spans),
        "input_length": len(texts["input"]),
        "target_length": len(texts["target"]),
    }


def written_target(s: Seen) -> dict[str, Answer]:
    clean, noisy = s.find(r"the sentence > (.+?) was corrupted.+The model reads > (.+?) Its target")
    runs = re.fullmatch(re.escape(noisy).replace(r"\[A\]", "(.+?)").replace(r"\[B\]", "(.+?)"), clean)
    assert runs
    whole = "Its target is **the whole text**" in s.stem
    return {"answer": clean if whole else f"[A] {runs[1]} [B] {runs[2]}"}


def two_scopes(s: Seen) -> dict[str, Answer]:
    percent = s.number(r"with (\d+)% of the tokens")
    only = dict(zip(s.table["Model"], s.numbers("Corrupted positions"), strict=True))
    kept = dict(zip(s.table["Model"], s.numbers("Kept positions"), strict=True))
    whole = {model: (percent * only[model] + (100 - percent) * kept[model]) / 100 for model in only}
    pair = tuple(min(losses, key=losses.__getitem__) for losses in (only, whole))
    rules: Rules = [(r"Model (.) if only corrupted positions count, Model (.) if all count", lambda *named: named == pair)]
    return {"all_a": whole["A"], "all_b": whole["B"], "verdict": judged(rules)}


def four_objectives(s: Seen) -> dict[str, Answer]:
    clean = s.find(r"The same sentence, ‘(.+?)’")[0]
    rows = {}
    for row, read, target in zip(s.table["Row"], s.table["Input"], s.table["Target"], strict=True):
        if target == clean:
            kind = "Plain autoencoder without noise" if read == clean else "Denoising autoencoder"
        else:
            kind = "Left-to-right language model" if f"{read} {target}" == clean else "Masked language model"
        rows[kind] = f"Row {row}"
    assert len(rows) == 4
    return {"answer": rows}


DERIVATIONS: dict[str, Callable[[Seen], dict[str, Answer]]] = {
    "a-broad-definition-of-cross-entropy/best-row-for-a-mixture": mixture,
    "a-broad-definition-of-cross-entropy/cross-entropy-of-soft-targets": soft_targets,
    "a-broad-definition-of-cross-entropy/two-reports-in-bits-and-nats": two_units,
    "a-broad-definition-of-cross-entropy/what-two-numbers-tell": two_numbers,
    "a-broad-definition-of-cross-entropy/where-a-zero-stands": finite_or_infinite,
    "a-broad-definition-of-cross-entropy/which-model-row-is-best": best_model_row,
    "analysing-model-errors-with-cross-entropy-loss/loss-up-accuracy-unchanged": loss_without_accuracy,
    "analysing-model-errors-with-cross-entropy-loss/order-examples-by-loss": costliest_first,
    "analysing-model-errors-with-cross-entropy-loss/price-of-a-confident-error": error_price,
    "analysing-model-errors-with-cross-entropy-loss/same-accuracy-different-loss": same_accuracy,
    "analysing-model-errors-with-cross-entropy-loss/unsure-answers-for-one-error": outweighing,
    "analysing-model-errors-with-cross-entropy-loss/which-item-costs-most": costliest_item,
    "calculating-cross-entropy-loss/compare-two-predictions": two_predictions,
    "calculating-cross-entropy-loss/find-the-slip": first_slip,
    "calculating-cross-entropy-loss/loss-from-scores": scores,
    "calculating-cross-entropy-loss/loss-of-one-score": one_score,
    "calculating-cross-entropy-loss/loss-with-label-smoothing": smoothed_loss,
    "calculating-cross-entropy-loss/mean-loss-of-a-batch": batch_mean,
    "calculating-cross-entropy-loss/probability-from-the-loss": undo_loss,
    "comparing-binary-cross-entropy-losses/loss-near-the-ends": ends_of_the_loss,
    "comparing-binary-cross-entropy-losses/order-predictions-by-binary-loss": binary_order,
    "comparing-binary-cross-entropy-losses/same-step-at-two-places": equal_steps,
    "comparing-binary-cross-entropy-losses/two-cases-two-labels": two_cases,
    "comparing-binary-cross-entropy-losses/two-losses-and-their-ratio": loss_ratio,
    "comparing-binary-cross-entropy-losses/which-comparison-is-right": label_statements,
    "denoising-autoencoder-training-objective/copying-against-repairing": two_scopes,
    "denoising-autoencoder-training-objective/four-objectives": four_objectives,
    "denoising-autoencoder-training-objective/input-and-target": denoising_pair,
    "denoising-autoencoder-training-objective/kinds-of-corruption": noises,
    "denoising-autoencoder-training-objective/lengths-after-span-corruption": span_lengths,
    "denoising-autoencoder-training-objective/loss-over-a-stated-scope": denoising_loss,
    "denoising-autoencoder-training-objective/parts-of-the-objective": denoising_parts,
    "denoising-autoencoder-training-objective/what-enters-the-denoising-loss": scored_positions,
    "denoising-autoencoder-training-objective/write-the-target": written_target,
    "loss-function-for-language-modeling/discrepancy-at-each-position": each_position,
    "loss-function-for-language-modeling/does-the-loss-change": loss_change,
    "loss-function-for-language-modeling/log-scale-against-plain-difference": two_updates,
    "loss-function-for-language-modeling/loss-at-one-position": one_position,
    "loss-function-for-language-modeling/loss-at-one-position-in-bits": one_word_in_bits,
    "loss-function-for-language-modeling/order-positions-by-loss": costly_positions,
    "mlm-training-objective-using-cross-entropy-loss/counts-in-the-80-10-10-rule": chosen_counts,
    "mlm-training-objective-using-cross-entropy-loss/loss-with-replaced-and-kept-tokens": chosen_losses,
    "mlm-training-objective-using-cross-entropy-loss/mean-masked-loss": masked_mean,
    "mlm-training-objective-using-cross-entropy-loss/targets-of-chosen-tokens": chosen_targets,
    "mlm-training-objective-using-cross-entropy-loss/what-enters-the-loss": masked_statements,
    "why-minimise-cross-entropy-loss/avoidable-loss": avoidable,
    "why-minimise-cross-entropy-loss/best-row-for-counts": counted,
    "why-minimise-cross-entropy-loss/four-reports-one-text": reports,
    "why-minimise-cross-entropy-loss/how-many-times-more-likely": times_as_likely,
    "why-minimise-cross-entropy-loss/one-step-at-the-scores": one_step,
    "why-minimise-cross-entropy-loss/same-hits-different-loss": hits_and_loss,
    "why-minimise-cross-entropy-loss/which-scores-rise": moving_scores,
}
