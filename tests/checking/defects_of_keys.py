"""Planted defects of keys: what is accepted around them, mistakes, second formulas, several answers."""

from __future__ import annotations

from planting import BETTER, LOAD, SURPRISAL, Planted, spoilt

MISTAKES = """
mistakes:
  first-slip: {title: First slip, explanation: Something went wrong., concept: calculating-cross-entropy-loss}
"""
TWO_MISTAKES = MISTAKES + MISTAKES.replace("first", "second").replace("First", "Second").replace("\nmistakes:\n", "")

TWO_ANSWERS = """
draw:
  p: {uniform: [0.05, 0.45], step: 0.05}
  q: {uniform: [0.5, 0.95], step: 0.05}
stem: |
  Two words have the probabilities {{ p }} and {{ q }}.
  What is the surprisal of the first, in nats? {{ answer.first }}
  What do both have together? {{ answer.total }}
answers:
  first: {kind: numeric, value: surprisal(p), decimals: 3}
  total: {kind: numeric, value: surprisal(p) + surprisal(q), decimals: 3, follow_through: given.first + surprisal(q)}
"""

PLANTED = [
    Planted(
        "no variation",
        "key-never-changes",
        spoilt(SURPRISAL, ("value: surprisal(p)", "value: surprisal(0.5)")),
        near=(("surprisal(0.5)", "surprisal(p / 2)"),),
        at=("answer", "value"),
    ),
    Planted(
        "the same model is right in all variants",
        "key-never-changes",
        BETTER.replace("b: {uniform: [0.1, 0.9]", "b: {uniform: [1, 1.9]")
        + """
answer:
  kind: choice
  options:
    - {text: Model A is better., true_when: a > b}
    - {text: Model B is better., true_when: b > a}
""",
        near=(("[1, 1.9]", "[0.5, 1.4]"),),
        says="“Model B is better.” is right in all",
        at=("answer",),
    ),
    Planted(
        "a tolerance that accepts zero",
        "tolerance-takes-zero",
        spoilt(SURPRISAL, ("decimals: 3", "decimals: 1"), ("[0.05, 0.95]", "[0.05, 1.0]"), ("0.05}", "0.01, avoid: [1]}")),
        near=(("decimals: 1", "decimals: 2"),),
    ),
    Planted(
        "a stated tolerance that accepts zero",
        "tolerance-takes-zero",
        spoilt(SURPRISAL, ("decimals: 3", "decimals: 3\n  tolerance: {abs: 0.1}")),
        near=(("abs: 0.1", "abs: 0.01"),),
    ),
    Planted(
        "a tolerance that accepts anything near",
        "tolerance-too-wide",
        spoilt(SURPRISAL, ("decimals: 3", "tolerance: {rel: 0.5}")),
        near=(("rel: 0.5", "rel: 0.1"),),
    ),
    Planted(
        "a key that is coarser than what is asked for",
        "key-coarser-than-asked",
        spoilt(SURPRISAL, ("value: surprisal(p)", 'value: "round(surprisal(p), 1)"')),
        near=(("surprisal(p), 1", "surprisal(p), 3"),),
        at=("answer", "value"),
    ),
    Planted(
        "a stored key that is coarser than the tolerance",
        LOAD,
        spoilt(SURPRISAL, ("value: surprisal(p)", "value: loss"), also="let: {loss: {value: surprisal(p), decimals: 1}}\n"),
        near=(("decimals: 1", "decimals: 3"),),
        says="the key depends on 'loss' rounded",
    ),
    Planted(
        "an infinite key that nobody announces",
        "infinite-key",
        spoilt(SURPRISAL, ("[0.05, 0.95]", "[0, 0.9]")),
        near=(("in nats?", "in nats? Type inf where it is infinite."),),
        at=("answer", "value"),
    ),
    Planted(
        "an infinite key by division",
        LOAD,
        spoilt(SURPRISAL, ("value: surprisal(p)", "value: 1 / (p - 0.5)")),
        near=(("(p - 0.5)", "(p + 0.5)"),),
        says="divides by zero",
    ),
    Planted(
        "a key that is not a number",
        LOAD,
        spoilt(SURPRISAL, ("value: surprisal(p)", "value: log(p - 0.5)")),
        near=(("log(p - 0.5)", "log(p + 0.5)"),),
        says="is undefined at variant",
    ),
    Planted(
        "a division by zero that is rare",
        "uncomputable",
        """
draw:
  n: {integer: [1, 400]}
stem: A model gives {{ n }} words. What is one part of the difference to 199?
answer: {kind: numeric, value: 1 / (n - 199), sigfigs: 3}
""",
        near=(("n - 199", "n - 499"),),
        says="divides by zero",
    ),
    Planted(
        "nine decimals from two",
        "finer-than-shown",
        spoilt(SURPRISAL, ("decimals: 3", "decimals: 9")),
        near=(("decimals: 9", "decimals: 4"),),
    ),
    Planted(
        "a narrow tolerance without a word of digits",
        "finer-than-shown",
        spoilt(SURPRISAL, ("decimals: 3", "tolerance: {abs: 0.00001}")),
        near=(("0.00001", "0.005"),),
    ),
    Planted(
        "a tolerance narrower than the rounding",
        "idle-tolerance",
        spoilt(SURPRISAL, ("decimals: 3", "decimals: 2\n  tolerance: {abs: 0.001}")),
        near=(("abs: 0.001", "abs: 0.01"),),
        at=("answer", "tolerance"),
    ),
    Planted(
        "keys half way between two roundings",
        "rounding-tie",
        spoilt(SURPRISAL, ("value: surprisal(p)", "value: p / 2"), ("decimals: 3", "decimals: 2")),
        near=(("decimals: 2", "decimals: 3"),),
    ),
    Planted(
        "an option half way between two roundings",
        "rounding-tie",
        """
draw:
  p: {uniform: [0.05, 0.95], step: 0.05}
stem: The model gives two words {{ p }} together. What does each have, if they are equally probable?
answer:
  kind: choice
  choose: 2
  key: {value: p / 2, decimals: 2}
  distractors: [{value: p + 1}, {value: p + 2}]
""",
        near=(("decimals: 2", "decimals: 3"),),
        at=("answer", "key"),
    ),
    Planted(
        "who rounds sensibly on the way is marked wrong",
        "sensible-rounding",
        spoilt(SURPRISAL, ("value: surprisal(p)", "value: 40 * loss"), also="let: {loss: surprisal(p)}\n"),
        near=(("decimals: 3", "decimals: 3\n  rounded_steps: [loss]"),),
    ),
    Planted(
        "a mistake that is often right",
        "mistake-like-key",
        spoilt(SURPRISAL, also='  mistakes: {first-slip: "surprisal(min(p, 0.5))"}\n' + MISTAKES),
        near=(("min(p, 0.5)", "1 - p"),),
        at=("answer", "mistakes", "first-slip"),
    ),
    Planted(
        "a mistaken order that is often right",
        "mistake-like-key",
        """
cases:
  - {words: [salt, thyme, mint]}
draw:
  q: {distribution: 3, step: 0.01, min: 0.05, distinct: true}
stem: |
  {{ table({"Word": case.words, "Model": q}) }}

  Put the words in order, the least surprising first.
answer:
  kind: order
  items: case.words
  by: -q
  mistakes: {first-slip: "-q if q[0] > 0.2 else q"}
"""
        + MISTAKES,
        near=(("-q if q[0] > 0.2 else q", "q"),),
    ),
    Planted(
        "a mistaken text that is often accepted",
        "mistake-like-key",
        """
draw:
  p: {uniform: [0.1, 0.9], step: 0.1}
stem: The model gives the word {{ p }}. Is that a high or a low probability, if it must be above 0.2 to be high?
answer:
  kind: text
  accept: ["{{ 'high' if p > 0.2 else 'low' }}"]
  mistakes: {first-slip: [high]}
"""
        + MISTAKES,
        near=(("[high]", "[hight]"),),
    ),
    Planted(
        "a mistaken distribution that is often right",
        "mistake-like-key",
        """
cases:
  - {words: [salt, thyme]}
draw:
  n: {integer: [1, 4]}
stem: Of 10 recipes {{ n }} want salt, the others thyme. Which distribution do the counts give?
answer:
  kind: distribution
  value: "[n / 10, 1 - n / 10]"
  over: case.words
  mistakes: {first-slip: "[min(n / 10, 0.3), max(1 - n / 10, 0.7)]"}
"""
        + MISTAKES,
        near=(("[min(n / 10, 0.3), max(1 - n / 10, 0.7)]", "[1 - n / 10, n / 10]"),),
    ),
    Planted(
        "two mistakes with one value",
        "mistakes-alike",
        spoilt(SURPRISAL, also="  mistakes: {first-slip: log10(p), second-slip: log2(p) / log2(10)}\n" + TWO_MISTAKES),
        near=(("log2(p) / log2(10)", "log2(p)"),),
        at=("answer", "mistakes", "second-slip"),
    ),
    Planted(
        "a second formula that comes to something else",
        "second-formula",
        SURPRISAL + "verify: -log2(p)\n",
        near=(("-log2(p)", "-log2(p) * ln(2)"),),
        at=("verify",),
    ),
    Planted(
        "an answer that hardly counts",
        "weights",
        spoilt(TWO_ANSWERS, ("first: {kind: numeric,", "first: {kind: numeric, weight: 0.01,")),
        near=(("weight: 0.01", "weight: 0.5"),),
        at=("answers", "first"),
    ),
    Planted(
        "a weight without effect",
        "weights",
        spoilt(SURPRISAL, ("decimals: 3", "decimals: 3\n  weight: 2")),
        near=(("weight: 2", "weight: 1"),),
        at=("answer", "weight"),
    ),
    Planted(
        "an answer without place or label",
        "answer-place",
        spoilt(TWO_ANSWERS, (" {{ answer.first }}", "")),
        near=(("first: {", "first: {label: Surprisal of the first word, "),),
        at=("answers", "first"),
    ),
    Planted(
        "a place of an answer that is not there",
        LOAD,
        spoilt(TWO_ANSWERS, ("{{ answer.first }}", "{{ answer.fist }}")),
        near=(("answer.fist", "answer.first"),),
        says="there is no answer 'fist'",
    ),
    Planted(
        "a follow-through by another formula",
        "follow-through-wrong",
        spoilt(TWO_ANSWERS, ("given.first + surprisal(q)", "given.first + q")),
        near=(("given.first + q", "given.first + surprisal(q)"),),
        at=("answers", "total", "follow_through"),
    ),
    Planted(
        "a follow-through that follows nothing",
        "follow-through-idle",
        spoilt(TWO_ANSWERS, ("given.first + surprisal(q)", "0 * given.first + surprisal(p) + surprisal(q)")),
        near=(("0 * given.first + surprisal(p)", "given.first"),),
        at=("answers", "total", "follow_through"),
    ),
    Planted(
        "a follow-through that is no number",
        "follow-through-idle",
        spoilt(
            TWO_ANSWERS, ("given.first + surprisal(q)", "given.first + surprisal(q) if given.first == surprisal(p) else -inf")
        ),
        near=((" if given.first == surprisal(p) else -inf", ""),),
    ),
    Planted(
        "a number that the stem shows",
        "key-in-stem",
        spoilt(
            SURPRISAL,
            ("{{ p }}.", "{{ p }}, that is {{ loss }} nats. The text has 7 words."),
            ("value: surprisal(p)", "value: loss"),
            also="let: {loss: {value: surprisal(p), decimals: 3}}\n",
        ),
        near=(("{{ loss }} nats", "{{ p|percent }} percent"),),
        at=("stem",),
    ),
    Planted(
        "a word that the question uses",
        "key-in-stem",
        """
draw:
  p: {uniform: [0.1, 0.9], step: 0.1}
stem: A word of probability {{ p }} has a surprisal. What is the negative logarithm of its probability called?
answer: {kind: text, accept: [surprisal]}
""",
        near=(("has a surprisal", "comes"),),
        at=("stem",),
    ),
]
