"""Derivations for the templates whose probabilities were measured from real models."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence

from student_view import Answer, Rules, Seen, cross, judged, mean, nats

from derivations.common import in_order


def significant(x: float, digits: int) -> str:
    """A positive number with so many significant digits, as people write it."""
    places = digits - 1 - math.floor(math.log10(x))
    rounded = round(x, places)
    places = digits - 1 - math.floor(math.log10(rounded))
    return f"{rounded:.{max(places, 0)}f}"


def found(s: Seen, pattern: str) -> tuple[str, ...]:
    """The groups of a pattern in the stem, of which emphasis is no part."""
    match = re.search(pattern, s.stem.replace("*", ""))
    assert match, f"no {pattern!r} in {s.stem!r}"
    return match.groups()


def expected_losses(s: Seen) -> dict[str, Answer]:
    n, one, m, two = found(s, r"same text, (\d+) wrote (\w\S*) and (\d+) wrote (\w\S*)\.")
    assert int(n) + int(m) == 10
    gold = [{one: int(n), two: int(m)}.get(word, 0) / 10 for word in s.table["Next word"]]
    a, b = cross(gold, s.numbers("Model A")), cross(gold, s.numbers("Model B"))
    return {"loss_a": a, "loss_b": b, "gap": a - b}


def base_ten_logarithms(s: Seen) -> dict[str, Answer]:
    (word,) = found(s, r"does the model give to (\S+) after")
    other, one = found(s, r"as probable as (\S+) is (\S+)\?")
    logs = dict(zip(s.table["Next word"], s.numbers("log₁₀ of its probability"), strict=True))
    top = max(logs, key=logs.__getitem__)
    return {
        "top": top,
        "probability": significant(10 ** logs[word], 2),
        "ratio": significant(10 ** logs[one] / 10 ** logs[other], 3),
    }


def gain_by_context(s: Seen) -> dict[str, Answer]:
    (word,) = found(s, r"change the probability of (\S+), compared")
    (after,) = [head for head in s.table if head.startswith("Probability after")]
    words, anywhere = s.table["Next word"], s.numbers("Among a million words")
    factors = [p / (n / 1e6) for p, n in zip(s.numbers(after), anywhere, strict=True)]
    order = in_order(words, [-math.log(factor) for factor in factors])
    return {"factor": significant(factors[words.index(word)], 2), "order": order}


def smallest_model(s: Seen) -> dict[str, Answer]:
    limit, first, second, n = found(s, r"at most (\d+) on .+ tested on ‘(.+?)’ and ‘(.+?)’, (\d+) words")
    assert len((first + " " + second).split()) == int(n)
    perplexities = [math.exp(total / int(n)) for total in s.numbers("Total loss (nats)")]
    assert all(abs(p - float(limit)) > 0.03 * p for p in perplexities)
    assert s.numbers("Entries in memory (millions)") == sorted(s.numbers("Entries in memory (millions)"))
    best = next(model for model, p in zip(s.table["Model"], perplexities, strict=True) if p <= float(limit))
    return {
        "perplexity_1": perplexities[0],
        "perplexity_2": perplexities[1],
        "perplexity_3": perplexities[2],
        "choice": f"The {best.lower()} model",
    }


def mixed_weights(s: Seen) -> dict[str, Answer]:
    weights = [float(w) for w in re.findall(r"Total loss of the four words with \*w\* = ([\d.]+),", s.stem)]
    pairs = list(zip(s.numbers("Trigram"), s.numbers("Bigram"), strict=True))
    likelihoods = [math.prod(w * three + (1 - w) * two for three, two in pairs) for w in weights]
    for w, p in zip(weights, likelihoods, strict=True):
        assert math.isclose(math.prod(s.numbers(f"w = {w}")), p, rel_tol=1e-9)
    return {
        "loss_1": nats(likelihoods[0]),
        "loss_2": nats(likelihoods[1]),
        "factor": max(likelihoods) / min(likelihoods),
    }


def where_they_differ(s: Seen) -> dict[str, Answer]:
    quotients = [b / a for a, b in zip(s.numbers("Model A"), s.numbers("Model B"), strict=True)]
    logs = [math.log(quotient) for quotient in quotients]
    return {"order": in_order(s.table["Next word"], [-x for x in logs]), "gap": mean(logs)}


def total_and_perplexity(s: Seen) -> dict[str, Answer]:
    q = s.numbers("Probability")
    shown = " ".join(s.table["Word"])
    (text,) = found(s, r"four words of ‘(.+?)’")
    assert shown.lower() in text.lower()
    cells: dict[str, Answer] = {f"loss_{i}": nats(x) for i, x in enumerate(q, 1)}
    return {**cells, "total": nats(math.prod(q)), "perplexity": significant(math.prod(q) ** (-1 / len(q)), 3)}


def unreadable(s: Seen) -> dict[str, Answer]:
    (text,) = found(s, r"tested on ‘(.+?)’")
    (word,) = found(s, r"did the model give to (\S+)\? Give")
    words = text.lower().split()
    assert sorted([word.lower(), *(known.lower() for known in s.table["Word that can be read"])]) == sorted(words)
    (total,) = map(float, found(s, r"all five words is ([\d.]+) nats"))
    return {"answer": significant(math.exp(-total) / math.prod(s.numbers("Probability")), 2)}


def first_choices(s: Seen) -> dict[str, Answer]:
    came = s.table["Word that came"]
    (limit,) = map(float, found(s, r"has to be below (\d+)\."))
    q = {model: s.numbers(f"{model}: q") for model in "AB"}
    hits = {model: hit_count(came, s.table[f"{model}: first choice"]) for model in "AB"}
    loss = {model: mean([nats(x) for x in row]) for model, row in q.items()}

    def dearer(word: str, one: str, other: str) -> bool:
        assert came.count(word) == 1
        return q[one][came.index(word)] < q[other][came.index(word)]

    rules: Rules = [
        (r"The first choice of Model (.) was right more often than that of Model (.)\.", lambda x, y: hits[x] > hits[y]),
        (r"The first choice of Model (.) was right just as often as that of Model (.)\.", lambda x, y: hits[x] == hits[y]),
        (r"Model (.) has a lower mean loss on these words than Model (.)\.", lambda x, y: loss[x] < loss[y]),
        (r"Model (.) keeps its perplexity .+ below the limit\.", lambda x: math.exp(loss[x]) < limit),
        (r"The word \*?(\S+?)\*? costs Model (.) more than it costs Model (.)\.", dearer),
    ]
    return {"answer": judged(rules)}


def hit_count(came: Sequence[str], first: Sequence[str]) -> int:
    return sum(a == b for a, b in zip(came, first, strict=True))


DERIVATIONS: dict[str, Callable[[Seen], dict[str, Answer]]] = {
    "analysing-model-errors-with-cross-entropy-loss/measured-where-two-models-differ": where_they_differ,
    "comparing-next-word-distributions/measured-expected-losses": expected_losses,
    "evaluating-language-model-suitability/measured-smallest-model-that-suffices": smallest_model,
    "evaluating-model-prediction-quality/measured-first-choices-and-losses": first_choices,
    "predicting-next-word-likelihood/measured-logarithms-in-a-model-file": base_ten_logarithms,
    "predicting-next-word-likelihood/measured-what-the-context-adds": gain_by_context,
    "total-loss-calculation-for-a-token-sequence/measured-hidden-probability": unreadable,
    "total-loss-calculation-for-a-token-sequence/measured-total-and-perplexity": total_and_perplexity,
    "why-minimise-cross-entropy-loss/measured-weights-of-a-mixed-model": mixed_weights,
}
