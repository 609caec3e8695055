"""Derivations for the concepts that come before the page."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from fractions import Fraction

from student_view import Answer, Rules, Seen, judged, nats, never

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


def log_probabilities(s: Seen) -> dict[str, Answer]:
    values = s.numbers("Log-probability")
    high, second = sorted(values, reverse=True)[:2]
    return {"order": in_order(s.table["Next word"], values)[::-1], "ratio": math.exp(high - second)}


def softmax(s: Seen) -> dict[str, Answer]:
    scores = s.numbers("Score")
    i = s.row("Next word", s.find(r"to the word \*\*(.+?)\*\*")[0])
    return {"answer": math.exp(scores[i]) / sum(map(math.exp, scores))}


DERIVATIONS: dict[str, Callable[[Seen], dict[str, Answer]]] = {
    "comparing-next-word-distributions/loss-of-the-word-that-came": word_that_came,
    "comparing-next-word-distributions/probability-on-fitting-words": fitting_words,
    "comparing-next-word-distributions/which-model-understood": context_understood,
    "evaluating-language-model-suitability/rank-by-mean-loss": domain_ranking,
    "evaluating-language-model-suitability/recommend-a-model": recommended,
    "fundamental-llm-training-objective/log-likelihood-of-a-collection": collection,
    "fundamental-llm-training-objective/which-setting-does-training-prefer": preferred_setting,
    "llm-policy-as-a-probability-distribution/fill-the-missing-entry": missing_entry,
    "llm-policy-as-a-probability-distribution/which-rows-are-policies": policies,
    "mathematical-notation-for-text-generation-probability/match-notation-and-meaning": notation,
    "mathematical-notation-for-text-generation-probability/most-probable-continuation": best_path,
    "mathematical-notation-for-text-generation-probability/probability-along-a-path": one_path,
    "mathematical-notation-for-text-generation-probability/the-chain-of-conditionals": chain,
    "predicting-next-word-likelihood/order-log-probabilities": log_probabilities,
    "predicting-next-word-likelihood/softmax-of-scores": softmax,
}
