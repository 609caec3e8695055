"""Derivations for the concepts that come before the page."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from fractions import Fraction

from student_view import Answer, Rules, Seen, about, cross, judged, nats

from derivations.common import in_order, two_losses

FITTING = """
fire stove piece melody cracks faults crowded full rest medicine torch candle galaxy star shot penalty
salt thyme pulse temperature saw blade bucket jug tests checks storm turbulence mangoes tomatoes silence quiet
"""
"""The words that a reader finds fitting in the contexts about fitting words."""


def word_that_came(s: Seen) -> dict[str, Answer]:
    i = s.row("Next word", s.find(r"really came is \*\*(.+?)\*\*")[0])
    a, b = s.numbers("Model A")[i], s.numbers("Model B")[i]
    return {**two_losses(a, b), "difference": nats(a) - nats(b)}


def fits(word: str) -> bool:
    return word in FITTING.split()


def fitting_entries(s: Seen, model: str) -> list[Fraction]:
    """What a model puts on each of the two words that fit, exactly."""
    rows = zip(s.table["Next word"], s.table[f"Model {model}"], strict=True)
    entries = [Fraction(p) for word, p in rows if fits(word)]
    assert len(entries) == 2
    return entries


def fitting_mass(s: Seen) -> dict[str, Fraction]:
    """What each model puts on the words that fit, exactly."""
    return {model: sum(fitting_entries(s, model), Fraction(0)) for model in "AB"}


def fitting_words(s: Seen) -> dict[str, Answer]:
    mass = fitting_mass(s)
    better = max("AB", key=mass.__getitem__)
    fitting = {x: fitting_entries(s, x) for x in "AB"}
    highest = max("AB", key=lambda x: max(fitting[x]))
    alike = min("AB", key=lambda x: abs(fitting[x][0] - fitting[x][1]))
    rules: Rules = [
        (r"Model (.) has understood the context better, and Model (.) puts more on a single fitting word\.",
         lambda m, n: m == better and n == highest),
        (r"Model (.) has understood the context better, and Model (.) gives the two fitting words more similar shares\.",
         lambda m, n: m == better and n == alike),
    ]  # fmt: skip
    return {"mass_a": float(mass["A"]), "mass_b": float(mass["B"]), "verdict": judged(rules)}


def context_understood(s: Seen) -> dict[str, Answer]:
    mass = fitting_mass(s)
    right = {"better": max("AB", key=mass.__getitem__), "poorer": min("AB", key=mass.__getitem__)}
    words = s.table["Next word"]

    def given(model: str, *chosen: str) -> Fraction:
        return sum((Fraction(s.table[f"Model {model}"][words.index(word)]) for word in chosen), Fraction(0))

    def holds(model: str, how: str, size: str, *pair: str) -> bool:
        """Whether the verdict is right and the model puts more, or less, on two words than the other model."""
        assert fits(pair[0]) == fits(pair[1])
        gap = given(model, *pair) - given("AB".replace(model, ""), *pair)
        assert gap
        return right[how] == model and (gap > 0) == (size == "more")

    pattern = r"Model (.) has the (\w+) grasp, because it puts (\w+) probability on \*(.+)\* and \*(.+)\* together\."
    return {"answer": judged([(pattern, holds)])}


def several_words(s: Seen) -> dict[str, Answer]:
    counts = s.numbers("Chosen by")
    assert sum(counts) == 20
    loss = {x: cross([count / 20 for count in counts], s.numbers(f"Model {x}")) for x in "AB"}
    better = min("AB", key=loss.__getitem__)
    assert abs(loss["A"] - loss["B"]) > 0.05
    top = counts.index(max(counts))

    def more_even(model: str) -> bool:
        """Whether a model has both the smaller largest and the larger smallest probability; the other must not have either."""
        one, other = (sorted(s.numbers(f"Model {x}")) for x in (model, "AB".replace(model, "")))
        assert (one[-1] < other[-1]) == (one[0] > other[0])
        return one[-1] < other[-1]

    rules: Rules = [
        (r"Model (.) fits all the answers better, and Model (.) has the smaller loss on the commonest one\.",
         lambda m, n: m == better and n == max("AB", key=lambda x: s.numbers(f"Model {x}")[top])),
        (r"Model (.) fits all the answers better, and Model (.) treats the three words more evenly\.",
         lambda m, n: m == better and more_even(n)),
    ]  # fmt: skip
    return {"loss_a": loss["A"], "loss_b": loss["B"], "verdict": judged(rules)}


def two_columns(s: Seen) -> dict[str, Answer]:
    q = {model: dict(zip(s.table["Next word"], map(Fraction, s.table[f"Model {model}"]), strict=True)) for model in "AB"}
    assert all(sum(row.values()) == 1 for row in q.values())
    first = {model: max(row, key=row.__getitem__) for model, row in q.items()}
    assert sorted(map(q["A"].__getitem__, q["A"])) == sorted(set(q["A"].values()))
    rules: Rules = [
        (r"Model (.) puts more probability on \*(.+)\* and \*(.+)\* together than Model (.) does\.",
         lambda m, v, w, n: q[m][v] + q[m][w] > q[n][v] + q[n][w]),
        (r"Model (.) puts more than half of its probability on \*(.+)\* and \*(.+)\* together\.",
         lambda m, v, w: q[m][v] + q[m][w] > Fraction(1, 2)),
        (r"If \*(.+)\* comes, the loss of Model (.) is smaller than that of Model (.)\.", lambda w, m, n: q[m][w] > q[n][w]),
        (r"If \*(.+)\* comes, the loss of Model (.) is larger than that of Model (.)\.", lambda w, m, n: q[m][w] < q[n][w]),
        (r"Model (.) has the larger loss if \*(.+)\* comes than if \*(.+)\* comes\.", lambda m, v, w: q[m][v] < q[m][w]),
        (r"Model (.) gives \*(.+)\* more than twice the probability that Model (.) gives it\.",
         lambda m, w, n: q[m][w] > 2 * q[n][w]),
        (r"The two models rank the same word first\.", lambda: first["A"] == first["B"]),
        (r"The two models rank different words first\.", lambda: first["A"] != first["B"]),
        (r"Model (.) gives \*(.+)\* no chance of being the next word\.", lambda m, w: q[m][w] == 0),
        (r"Model (.) gives \*(.+)\* some chance of being the next word\.", lambda m, w: q[m][w] > 0),
        (r"Whatever word comes, the losses of the models are equal, .+", lambda: q["A"] == q["B"]),
        (r"Whatever word comes, the losses of the models are unequal, .+", lambda: all(q["A"][w] != q["B"][w] for w in q["A"])),
    ]  # fmt: skip
    return {"answer": judged(rules)}


def domain_ranking(s: Seen) -> dict[str, Answer]:
    means = [total / n for total, n in zip(s.numbers("Sum of losses"), s.numbers("Tokens tested"), strict=True)]
    return {"answer": in_order(s.table["Model"], means)}


def recommended(s: Seen) -> dict[str, Answer]:
    domains = list(s.table)[1:]
    losses = {head.lower(): dict(zip(s.table["Model"], s.numbers(head), strict=True)) for head in domains}
    task = s.find(r"language model that will (.+?); the")[0]
    (domain,) = [name for name in losses if name in task]
    best = min(losses[domain], key=losses[domain].__getitem__)
    # Right is what names the right model with the reason that decides: the loss on the texts that it will meet.
    rules: Rules = [(r"(\w+), because it has the smallest loss on (.+)\.", lambda m, name: m == best and name == domain)]
    return {"answer": judged(rules)}


def mix_of_texts(s: Seen) -> dict[str, Answer]:
    share = [Fraction(x) for x in s.table["Share in use"]]
    assert sum(share) == 1
    expected = {m: sum(w * Fraction(x) for w, x in zip(share, s.table[m], strict=True)) for m in ("Heron", "Ibis", "Plover")}
    best, second = sorted(expected, key=expected.__getitem__)[:2]
    assert expected[second] - expected[best] > Fraction(1, 100)
    return {**{model.lower(): float(loss) for model, loss in expected.items()}, "best": best}


def bits_per_byte(s: Seen) -> dict[str, Answer]:
    size = s.number(r", (\d+) bytes of UTF-8")
    tokens_of = dict(zip(s.table["Model"], s.numbers("Tokens of the text"), strict=True))
    perplexity_of = dict(zip(s.table["Model"], s.numbers("Perplexity per token"), strict=True))
    rows = [(model, tokens_of[model], perplexity_of[model]) for model in tokens_of]
    bits = {model: tokens * math.log(perplexity) / math.log(2) / size for model, tokens, perplexity in rows}
    better = min(bits, key=bits.__getitem__)
    rules: Rules = [
        (r"Model (.) predicts the text better, and Model (.) has the lower perplexity per token\.",
         lambda m, n: m == better and n == min("AB", key=perplexity_of.__getitem__)),
        (r"Model (.) predicts the text better, and Model (.) makes fewer tokens of it\.",
         lambda m, n: m == better and n == min("AB", key=tokens_of.__getitem__)),
    ]  # fmt: skip
    return {"bits_a": bits["A"], "bits_b": bits["B"], "verdict": judged(rules)}


def collection(s: Seen) -> dict[str, Answer]:
    sequences = re.findall(r"- \*([^*]+)\*: ((?:[\d.]+, )*[\d.]+)", s.stem)
    probabilities = [float(p) for _, row in sequences for p in row.split(", ")]
    assert len(probabilities) == sum(len(words.split()) for words, _ in sequences)
    total = sum(map(math.log, probabilities))
    return {"objective": total, "mean_loss": -total / len(probabilities)}


def preferred_setting(s: Seen) -> dict[str, Answer]:
    total = {x: sum(map(Fraction, s.table[f"Setting {x}"])) for x in "AB"}
    better = min("AB", key=total.__getitem__)
    rows = {x: list(map(Fraction, s.table[f"Setting {x}"])) for x in "AB"}
    gains = [b - a for a, b in zip(rows["A"], rows["B"], strict=True)]  # how much smaller the loss of A is
    won = sum((gain > 0) - (gain < 0) for gain in gains)
    assert won
    assert min(rows["A"]) != min(rows["B"])
    ahead = {
        "has the smaller loss on more of the sequences": "A" if won > 0 else "B",
        "has the largest lead on a single sequence": "A" if max(gains) > -min(gains) else "B",
        "has the lowest loss of a single sequence": "A" if min(rows["A"]) < min(rows["B"]) else "B",
    }
    rules: Rules = [
        (r"Training prefers Setting (.), and Setting (.) (.+)\.", lambda x, y, how: x == better and y == ahead[how]),
    ]
    return {"verdict": judged(rules), "gap": float(abs(total["A"] - total["B"]))}


def objective(s: Seen) -> dict[str, Answer]:
    sequences, tokens = s.find(r"on (\d+) sequences .+ cut to (\d+) tokens")

    def likelihood(option: str) -> bool:
        """Parameters that make the collection most probable: probabilities or their logarithms large, or losses small."""
        chance = r"\Pr_{\theta}(x^{(i)}_t \mid x^{(i)}_{<t})"
        terms = rf"\log {chance}"
        sums = rf"\sum_{{i \le {sequences} }} \sum_{{t \le {tokens} }}"
        gain, loss = rf"$\arg\max_{{\theta}} {sums}$ ${terms}$", rf"$\arg\min_{{\theta}} {sums}$ $\bigl(- {terms}\bigr)$"
        product = rf"$\arg\max_{{\theta}} {sums}$ ${chance}$".replace(r"\sum", r"\prod")
        return option in (gain, loss, product)

    return {"answer": likelihood}


def pooled(s: Seen) -> dict[str, Answer]:
    tokens = [Fraction(n) for n in s.table["Tokens"]]
    means = {x: [Fraction(loss) for loss in s.table[f"Mean loss per token, setting {x}"]] for x in "AB"}
    assert sum(tokens) == s.number(r"of all (\d+) tokens")
    loss = {x: sum(n * mean for n, mean in zip(tokens, means[x], strict=True)) / sum(tokens) for x in "AB"}
    by_tokens, by_texts = min("AB", key=loss.__getitem__), min("AB", key=lambda x: sum(means[x]))
    verdict = f"Setting {by_tokens} by the pooled loss, setting {by_texts} by the average of the means"
    return {"pooled_a": float(loss["A"]), "pooled_b": float(loss["B"]), "verdict": verdict}


def missing_entry(s: Seen) -> dict[str, Answer]:
    missing = float(1 - sum(map(Fraction, s.table["Probability"])))
    return {"missing": missing, "log_p": math.log(missing) + math.log(s.number(r"probability ([\d.]+) to the token"))}


def response(s: Seen) -> dict[str, Answer]:
    tokens = s.find(r"whole response \*(.+?)\*")[0].split()
    factors = [
        Fraction(s.table[f"π{sub}"][s.row(f"Step {t}", token)])
        for t, (sub, token) in enumerate(zip("₁₂₃", tokens, strict=True), 1)
    ]
    assert len(factors) == 3
    return {"product": float(math.prod(factors)), "log_p": sum(math.log(q) for q in factors)}


def tempered(p: Sequence[float], temperature: float) -> list[float]:
    """A policy's probabilities at another temperature, by the softmax of its divided logarithms."""
    powers = [math.exp(math.log(x) / temperature) for x in p]
    return [x / sum(powers) for x in powers]


def another_temperature(s: Seen) -> dict[str, Answer]:
    return {"answer": tempered(s.numbers("π at temperature 1"), s.number(r"policy at \$T = ([\d.]+)\$"))}


def temperature_statements(s: Seen) -> dict[str, Answer]:
    words, old = s.table["Next token"], s.numbers("π")
    new = tempered(old, s.number(r"is set to \*\*([\d.]+)\*\*"))
    before, after = dict(zip(words, old, strict=True)), dict(zip(words, new, strict=True))
    entropy_rises = cross(new, new) > cross(old, old) + 0.01
    rules: Rules = [
        (r"The probability of \*(.+)\* rises\.", lambda w: after[w] > before[w] + 0.005),
        (r"The probability of \*(.+)\* falls\.", lambda w: after[w] < before[w] - 0.005),
        (r"The policy becomes more (even|peaked)\.", lambda how: (how == "even") == entropy_rises),
        (r"\*(.+)\* is (\d+) times as probable as \*(.+)\*\.", lambda v, n, w: about(n, after[v] / after[w])),
        (r"\*(.+)\* is (?:still|now) more probable than \*(.+)\*\.", lambda v, w: after[v] > after[w]),
        (r"The four probabilities sum to (.+)\.", lambda n: float(n) == 1),
    ]
    return {"answer": judged(rules)}


def sampled(s: Seen) -> dict[str, Answer]:
    word, samples, goal = s.find(
        r"that \*(.+?)\* comes \*\*at least once\*\* in (\d+) samples\?.+probability of ([\d.]+) or more"
    )
    miss = 1 - Fraction(s.table["π"][s.row("Next token", word)])
    needed = next(n for n in range(1, 1000) if 1 - miss**n >= Fraction(goal))
    return {"chance": float(1 - miss ** int(samples)), "needed": needed}


def is_policy(row: str) -> bool:
    entries = [Fraction(x) for x in row.split(", ")]
    return min(entries) >= 0 and sum(entries) == 1 and len(entries) == 4


def policies(s: Seen) -> dict[str, Answer]:
    return {"answer": is_policy}


def notation(s: Seen) -> dict[str, Answer]:
    n = s.find(r"of (\d+) tokens")[0]
    readings = [
        (r"\\operatorname\{argmax\}.+", "the text that is most probable after the prompt"),
        (
            rf"-\\frac\{{1\}}\{{ {n} \}} \\sum_\{{t=1\}}\^\{{ {n} \}} \\log \\Pr.+",
            "the mean loss per token over the whole text",
        ),
        (rf"\\sum_\{{t=1\}}\^\{{ {n} \}} \\log \\Pr.+", "the logarithm of the probability of all the tokens"),
        (rf"\\prod_\{{t=1\}}\^\{{ {n} \}} \\Pr.+", "the probability of all the tokens, given the prompt"),
        (r"\\Pr\(y_\{ \d \} \\mid x, y_1.+", "the probability of one token, given all that stands before it"),
        (r"\\Pr\(y_\{ \d \} \\mid x\)", "the probability of one token, when only the prompt is known"),
    ]
    return {
        "answer": {
            left: next(reading for pattern, reading in readings if re.fullmatch(rf"\${pattern}\$", left))
            for left in s.options["answer"]
        }
    }


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


def lost_order(s: Seen) -> dict[str, Answer]:
    token = s.find(r"first token was Pr\((.+?) \| ")[0]
    following = {}
    for factor in s.options["answer"]:
        found = re.fullmatch(r"Pr\((.+) \| …, (.+)\)", factor)
        assert found
        following[found[2]] = (found[1], factor)
    order = []
    while token in following:
        token, factor = following[token]
        order.append(factor)
    assert len(order) == 4
    return {"answer": order}


def odd_factor(s: Seen) -> dict[str, Answer]:
    text, prompt = s.find(r"the continuation \*(.+?)\* of the prompt \*(.+?)\*")
    words = text.split()
    factors = dict(re.findall(r"Pr\((\w+) \| ([^)]+)\)", s.stem))
    right = {word: " ".join([prompt, *words[:t]]) for t, word in enumerate(words)}
    assert list(factors) == words
    (wrong,) = [word for word in words if factors[word] != right[word]]
    return {"factor": f"*{wrong}*", "condition": f"*{right[wrong]}*"}


def phrase_counts(s: Seen) -> dict[str, Answer]:
    thirds = list(s.table)[1:]
    counts = {
        (*pair.split(), third): int(s.table[third][i]) for i, pair in enumerate(s.table["First two words"]) for third in thirds
    }
    assert sum(counts.values()) == s.number(r"these (\d+) phrases")
    first, second, third = s.find(r"the phrase \*(.+?)\*")[0].split()

    def count(*start: str) -> int:
        return sum(n for words, n in counts.items() if words[: len(start)] == start)

    both = count(first, second, third)
    return {"third": both / count(first, second), "pair": both / count(first), "all": both / count()}


def log_probabilities(s: Seen) -> dict[str, Answer]:
    values = s.numbers("Log-probability")
    high, second = sorted(values, reverse=True)[:2]
    return {"order": in_order(s.table["Next word"], values)[::-1], "ratio": math.exp(high - second)}


def softmax(s: Seen) -> dict[str, Answer]:
    scores = s.numbers("Score")
    i = s.row("Next word", s.find(r"to the word \*\*(.+?)\*\*")[0])
    return {"answer": math.exp(scores[i]) / sum(map(math.exp, scores))}


def from_counts(s: Seen) -> dict[str, Answer]:
    word, first, second = s.find(r"to \*(\w+)\* after \*(\w+)\* \(3 .+ after \*\w+\* as after \*(\w+)\*")
    heads = [head for head in s.table if head != "Word before"]

    def share(before: str) -> float:
        counts = {head: int(s.table[head][s.row("Word before", before)]) for head in heads}
        return counts[word] / sum(counts.values())

    return {"conditional": share(first), "ratio": share(first) / share(second)}


def smoothed_counts(s: Seen) -> dict[str, Answer]:
    n, c, size, occurring = (
        int(x) for x in s.find(r"occurs (\d+) times .+?\. .+? (\d+) times .+ has (\d+) words, of which (\d+) occur")
    )
    alpha = Fraction(s.find(r"alpha = ([\d.]+)\$")[0])
    # the smoothed counts one by one: the word that was seen, the others that were, and those that were not
    others = n - c
    counts = [c + alpha, *([Fraction(others, occurring - 1) + alpha] * (occurring - 1)), *([alpha] * (size - occurring))]
    shares = [count / sum(counts) for count in counts]
    assert sum(shares) == 1
    return {"seen": float(shares[0]), "unseen": float(shares[-1]), "all_unseen": float(sum(shares[occurring:]))}


def softmax_of(scores: Sequence[float]) -> list[float]:
    return [math.exp(z) / sum(map(math.exp, scores)) for z in scores]


def softmax_statements(s: Seen) -> dict[str, Answer]:
    words = s.table["Next word"]
    z = s.numbers("Score")
    now = dict(zip(words, softmax_of(z), strict=True))

    def changed(scores: Sequence[float]) -> dict[str, float]:
        return dict(zip(words, softmax_of(scores), strict=True))

    def raised(word: str) -> dict[str, float]:
        return changed([score + (1.7 if w == word else 0) for w, score in zip(words, z, strict=True)])

    def goes(how: str, before: float, after: float) -> bool:
        same = math.isclose(before, after, rel_tol=1e-9)
        return same if how == "stay as it is" else not same and (after > before) == (how == "become larger")

    def shifted(size: str, verb: str) -> dict[str, float]:
        number = {"two": 2.0, "three": 3.0, "five": 5.0, "ten": 10.0}[size]
        return changed([x + (number if verb == "added to" else -number) for x in z])

    rules: Rules = [
        (r"If (\w+) were (.+) every score, all four probabilities would stay as they are\.",
         lambda size, verb: all(math.isclose(now[w], shifted(size, verb)[w], rel_tol=1e-9) for w in words)),
        (r"If (\w+) were (.+) every score, the four probabilities would come nearer to each other\.",
         lambda size, verb: max(now.values()) - max(shifted(size, verb).values()) > 1e-9),
        (r"If every score were doubled, the probability of \*(\w+)\* would (.+)\.",
         lambda w, how: goes(how, now[w], changed([2 * x for x in z])[w])),
        (r"The word \*(\w+)\* is about (.+) times as probable as the word \*(\w+)\*\.",
         lambda v, n, w: about(n, now[v] / now[w])),
        (r"The score of \*(\w+)\* is negative, but its probability is greater than 0\.",
         lambda w: z[words.index(w)] < 0 < now[w]),
        (r"The score of \*(\w+)\* is negative, and its probability is therefore 0\.", lambda w: now[w] == 0),
        (r"If only the score of \*(\w+)\* were raised, the probability of \*(\w+)\* would (.+)\.",
         lambda u, w, how: goes(how, now[w], raised(u)[w])),
        (r"If only the score of \*(\w+)\* were raised, the quotient Pr\((\w+)\) / Pr\((\w+)\) would (.+)\.",
         lambda u, v, w, how: goes(how, now[v] / now[w], raised(u)[v] / raised(u)[w])),
    ]  # fmt: skip
    return {"answer": judged(rules)}


def whole_continuations(s: Seen) -> dict[str, Answer]:
    lines = dict(re.findall(r"- \*([^*]+)\*: ((?:-[\d.]+, )*-[\d.]+)", s.stem))
    logs = {text: [float(x) for x in row.split(", ")] for text, row in lines.items()}
    assert all(len(text.split()) == len(row) for text, row in logs.items())
    means = {text: sum(row) / len(row) for text, row in logs.items()}
    return {
        "order": in_order(list(logs), [nats(math.prod(map(math.exp, row))) for row in logs.values()]),
        "highest_mean": max(means.values()),
    }


DERIVATIONS: dict[str, Callable[[Seen], dict[str, Answer]]] = {
    "comparing-next-word-distributions/loss-of-the-word-that-came": word_that_came,
    "comparing-next-word-distributions/loss-over-several-good-words": several_words,
    "comparing-next-word-distributions/probability-on-fitting-words": fitting_words,
    "comparing-next-word-distributions/true-of-the-two-columns": two_columns,
    "comparing-next-word-distributions/which-model-understood": context_understood,
    "evaluating-language-model-suitability/perplexity-or-bits-per-byte": bits_per_byte,
    "evaluating-language-model-suitability/rank-by-mean-loss": domain_ranking,
    "evaluating-language-model-suitability/recommend-a-model": recommended,
    "evaluating-language-model-suitability/weighted-by-use": mix_of_texts,
    "fundamental-llm-training-objective/log-likelihood-of-a-collection": collection,
    "fundamental-llm-training-objective/pick-the-objective": objective,
    "fundamental-llm-training-objective/pooled-or-averaged-means": pooled,
    "fundamental-llm-training-objective/which-setting-does-training-prefer": preferred_setting,
    "llm-policy-as-a-probability-distribution/fill-the-missing-entry": missing_entry,
    "llm-policy-as-a-probability-distribution/policy-at-another-temperature": another_temperature,
    "llm-policy-as-a-probability-distribution/probability-of-a-response": response,
    "llm-policy-as-a-probability-distribution/sampled-at-least-once": sampled,
    "llm-policy-as-a-probability-distribution/what-temperature-changes": temperature_statements,
    "llm-policy-as-a-probability-distribution/which-rows-are-policies": policies,
    "mathematical-notation-for-text-generation-probability/find-the-wrong-condition": odd_factor,
    "mathematical-notation-for-text-generation-probability/match-notation-and-meaning": notation,
    "mathematical-notation-for-text-generation-probability/most-probable-continuation": best_path,
    "mathematical-notation-for-text-generation-probability/order-the-factors": lost_order,
    "mathematical-notation-for-text-generation-probability/probability-along-a-path": one_path,
    "mathematical-notation-for-text-generation-probability/the-chain-of-conditionals": chain,
    "mathematical-notation-for-text-generation-probability/three-notations-one-table": phrase_counts,
    "predicting-next-word-likelihood/order-log-probabilities": log_probabilities,
    "predicting-next-word-likelihood/probability-from-counts": from_counts,
    "predicting-next-word-likelihood/rank-whole-continuations": whole_continuations,
    "predicting-next-word-likelihood/smoothed-counts": smoothed_counts,
    "predicting-next-word-likelihood/softmax-of-scores": softmax,
    "predicting-next-word-likelihood/what-changes-the-softmax": softmax_statements,
}
