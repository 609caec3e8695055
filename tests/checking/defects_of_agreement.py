"""Planted defects of what is said in one place and contradicted in another: units, counts, sums, thresholds, verdicts."""

from __future__ import annotations

from planting import BETTER, SURPRISAL, Planted, spoilt

SOLVED = SURPRISAL + '  unit: nats\nsolution: "Take minus the logarithm: **{{ surprisal(p)|fixed(3) }}** nats."\n'

RISE = """
draw:
  k: {choice: [2, 4, 5]}
stem: The probability of the word that came falls to one part in {{ k }} of what it was. By how many nats does the loss rise?
answer:
  kind: choice
  key: {value: ln(k), decimals: 3, unit: nats}
  distractors: [{value: k - 1, decimals: 3, unit: nats}, {value: log10(k), decimals: 3, unit: nats}]
"""

VERDICT = (
    BETTER
    + """
require: [a != b]
answer:
  kind: choice
  options:
    - {text: Model A has the larger loss., true_when: a < b}
    - {text: Model B has the larger loss., true_when: b < a}
solution: "The smaller probability has the larger loss: that is model {{ 'A' if a < b else 'B' }}."
"""
)

BATCH = """
draw:
  p: {sequence: {probability: [0.1, 0.9], step: 0.1}, size: 3, distinct: true}
let: {losses: surprisal(p)}
stem: |
  For these three words a model gives the probabilities:

  {{ table({"Word": ["salt", "mint", "sage"], "Probability": p}) }}

  What is the mean loss in nats?
answer: {kind: numeric, value: mean(losses), decimals: 3}
hints: [Add the losses and divide by 3.]
solution: |
  {{ table({"Word": ["salt", "mint", "sage"], "Loss": losses|fixed(4)}) }}

  The losses add up to {{ sum(losses)|fixed(4) }}. Divided by 3, the mean is **{{ mean(losses)|fixed(3) }}** nats.
"""

TWO = """
draw:
  p: {uniform: [0.1, 0.9], step: 0.1, avoid: [0.5]}
stem: The right word gets {{ p }}. What are the loss in nats and the perplexity?
answers:
  loss: {kind: numeric, label: Loss of the word, value: surprisal(p), decimals: 3}
  perplexity: {kind: numeric, label: Perplexity, value: 1 / p, decimals: 2}
solution: "The loss is {{ surprisal(p)|fixed(3) }}. The perplexity is {{ (1 / p)|fixed(2) }}."
"""

CLAIMS = """
draw:
  p: {uniform: [0.05, 0.95], step: 0.05}
let: {loss: surprisal(p)}
stem: The right word gets {{ p }}. Which statements are right?
answer:
  kind: multiple
  min_true: 0
  options:
    - {text: The loss is above 1 nat., true_when: loss > 1}
    - {text: The word is the likeliest., true_when: p > 0.5}
    - {text: The loss is never 0., true_when: true}
"""

GREEDY = """
cases:
  - {words: [salt, thyme, mint]}
  - {words: [oak, elm, ash]}
draw:
  q: {distribution: 3, step: 0.01, min: 0.1, distinct: true}
stem: |
  {{ table({"Word": case.words, "Probability": q}) }}

  Which word is the likeliest?
answer: {kind: text, label: Word, accept: ["{{ case.words[argmax(q)] }}"]}
"""

DIFFERENCE = """
draw:
  a: {uniform: [0.1, 0.9], step: 0.1}
  b: {uniform: [0.1, 0.9], step: 0.1}
let: {loss_a: surprisal(a), loss_b: surprisal(b)}
stem: Model A gives the right word {{ a }}, model B gives it {{ b }}. What is the difference of their losses in nats?
answer: {kind: numeric, label: Loss of model A minus loss of model B, value: loss_a - loss_b, decimals: 3}
"""

REPORTED = """
draw:
  n: {integer: [20, 90], step: 10}
  m: {uniform: [1.0, 3.0], step: 0.1}
let: {total: {value: n * m, decimals: 0}}
stem: A text of {{ n }} tokens has a total loss of {{ total }} nats. What is its perplexity?
answer: {kind: numeric, value: exp(total / n), decimals: 2}
"""

PLACED = """
draw:
  p: {uniform: [0.1, 0.9], step: 0.1}
stem: The right word gets {{ p }}. Its loss is {{ answer.loss }} nats, and its perplexity is {{ answer.ppl }}. Fill in both.
answers:
  loss: {kind: numeric, label: Loss, value: surprisal(p), decimals: 3, unit: nats}
  ppl: {kind: numeric, label: Perplexity, value: 1 / p, decimals: 2}
"""

ESSAY = """
draw:
  p: {uniform: [0.1, 0.9], step: 0.1}
stem: The right word gets {{ p }}. Explain what its loss says.
answer:
  kind: essay
  words: 100
  rubric:
    - {criterion: Says that the loss falls with the probability, points: 1}
    - {criterion: "says that the loss falls, with the probability.", points: 2}
"""

SHARES = """
draw:
  z: {uniform: [0.5, 3.0], step: 0.1}
let: {p: "softmax([z, 0])"}
stem: Two words have the scores {{ z }} and 0. What is the probability of the first?
answer: {kind: numeric, label: Probability, value: "p[0]", decimals: 3}
"""

WRITTEN = """
cases:
  - {words: [salt, thyme, mint]}
  - {words: [oak, elm, ash]}
draw:
  q: {distribution: 3, step: 0.01, min: 0.1, distinct: true}
let: {losses: surprisal(q)}
stem: |
  {{ table({"Word": case.words, "Probability": q}) }}

  Put the words in order of their loss, the lowest first.
answer: {kind: order, label: From the lowest loss to the highest, items: case.words, by: losses}
solution: |
  {{ table({"Word": case.words, "Loss": losses|fixed(3)}) }}
"""

PAIRS = """
draw:
  p: {uniform: [0.1, 0.4], step: 0.05}
stem: The model gives one word {{ p }} and the other all the rest. What belongs together?
answer:
  kind: match
  pairs: [{left: the one word, right: "{{ p }}"}, {left: the other word, right: "{{ 1 - p }}"}]
"""

FORCED = """
draw:
  g: {integer: [0, 2]}
  p: {distribution: 3, step: 0.05, min: 0.05, distinct: true}
stem: "The words have {{ p[0] }}, {{ p[1] }} and {{ p[2] }}. Word {{ g + 1 }} came. Which statements are right?"
answer:
  kind: multiple
  min_true: 0
  options:
    - {text: It was the likeliest., true_when: "p[g] == max(p)"}
    - {text: It was the least likely., true_when: "p[g] == min(p)"}
    - {text: The first word would have cost more., true_when: "p[0] < p[g]", when: g != 0}
"""

PLANTED = [
    Planted(
        "a solution in another unit than the question",
        "unit-contradicts",
        spoilt(SOLVED, ("** nats.", "** bits.")),
        near=(("** bits.", "** nats."),),
        at=("solution",),
    ),
    Planted(
        "another unit behind the key in a solution that names both",
        "unit-contradicts",
        spoilt(SOLVED, ("Take minus the logarithm: ", "In nats take minus the logarithm: "), ("** nats.", "** bits.")),
        near=(("** bits.", "** nats, not bits."),),
        says="behind the key",
    ),
    Planted(
        "a right option in another unit than is asked for",
        "unit-contradicts",
        spoilt(RISE, ("key: {value: ln(k), decimals: 3, unit: nats}", "key: {value: ln(k), decimals: 3, unit: bits}")),
        near=(("unit: bits}", "unit: nats}"),),
        at=("answer", "key"),
    ),
    Planted(
        "a label with another unit than the stem",
        "unit-contradicts",
        SURPRISAL + "  label: Bits of surprisal\n",
        near=(("Bits of surprisal", "Nats of surprisal"),),
        at=("answer", "label"),
    ),
    Planted(
        "a share that is asked for in percent",
        "unit-contradicts",
        spoilt(SHARES, ("of the first?", "of the first, in percent?")),
        near=((", in percent?", "?"),),
        says="percent",
    ),
    Planted(
        "options whose conditions are exchanged",
        "solution-names-option",
        spoilt(VERDICT, ("true_when: a < b", "true_when: b <= a"), ("true_when: b < a", "true_when: a < b")),
        near=(("'A' if a < b", "'A' if b <= a"),),
        at=("solution",),
    ),
    Planted(
        "more rows in words than in the table",
        "count-contradicts",
        spoilt(BATCH, ("these three words", "these four words")),
        near=(("these four words", "these three words"),),
        at=("stem",),
    ),
    Planted(
        "a batch of another size than the table's",
        "count-contradicts",
        spoilt(BATCH, ("For these three words", "For a batch of five")),
        near=(("a batch of five", "a batch of three"),),
    ),
    Planted(
        "a sum in words that is divided by another number",
        "solution-told-sum",
        spoilt(BATCH, ("Divided by 3, the", "Divided by 4, the"), ("divide by 3", "divide by their number")),
        near=(("Divided by 4", "Divided by 3"),),
        says="divided by 4",
    ),
    Planted(
        "a sum in words that the column of losses does not have",
        "solution-told-sum",
        spoilt(
            BATCH,
            ("up to {{ sum(losses)|fixed(4) }}. Divided by 3, the", "up to {{ (1 + sum(losses))|fixed(4) }}. The"),
        ),
        near=(("(1 + sum(losses))", "(losses[0] + losses[1])"),),
        says="add up to",
    ),
    Planted(
        "a hint that divides by another number than the solution",
        "solution-told-sum",
        spoilt(BATCH, ("divide by 3", "divide by 4")),
        near=(("divide by 4", "divide by 3"),),
        at=("hints", 0),
    ),
    Planted(
        "a solution with two answers exchanged",
        "solution-exchanges",
        spoilt(
            TWO,
            ("The loss is {{ surprisal(p)|fixed(3) }}", "The loss is {{ (1 / p)|fixed(2) }}"),
            ("The perplexity is {{ (1 / p)|fixed(2) }}", "The perplexity is {{ surprisal(p)|fixed(3) }}"),
        ),
        near=(("The loss is", "The perplexity is, then,"), ("The perplexity is {", "The loss is {")),
        at=("solution",),
    ),
    Planted(
        "a threshold that is not the one of the condition",
        "statement-threshold",
        spoilt(CLAIMS, ("true_when: loss > 1}", "true_when: loss > 1.5}")),
        near=(("loss > 1.5", "loss >= 1"),),
        says="counts as false",
        at=("answer", "options", 0, "true_when"),
    ),
    Planted(
        "a threshold with the comparison turned round",
        "statement-threshold",
        spoilt(CLAIMS, ("true_when: loss > 1}", "true_when: loss <= 1}")),
        near=(("is above 1 nat", "is at most 1 nat"),),
    ),
    Planted(
        "the likeliest word keyed as the least likely",
        "pick-direction",
        spoilt(GREEDY, ("argmax(q)", "argmin(q)")),
        near=(("argmin(q)", "argmax(q)"),),
        at=("answer",),
    ),
    Planted(
        "another word of the table accepted too",
        "accepts-another",
        spoilt(GREEDY, ('argmax(q)] }}"]', 'argmax(q)] }}", "{{ case.words[argmin(q)] }}"]')),
        near=(('"{{ case.words[argmin(q)] }}"', '"the {{ case.words[argmax(q)] }}"'),),
        at=("answer", "accept"),
    ),
    Planted(
        "a difference taken the other way than the label says",
        "quantity-contradicts",
        spoilt(DIFFERENCE, ("value: loss_a - loss_b", "value: loss_b - loss_a")),
        near=(("loss_b - loss_a", "loss_a - loss_b"),),
        says="minus",
    ),
    Planted(
        "a total that the stem calls a mean",
        "quantity-contradicts",
        spoilt(REPORTED, ("has a total loss of", "has a mean loss per token of")),
        near=(("has a mean loss per token of", "has a total loss of"),),
        at=("stem",),
    ),
    Planted(
        "two questions and one field",
        "two-questions",
        spoilt(SURPRISAL, ("in nats?", "in nats? And how likely are all other words?")),
        near=(("And how likely are all other words?", "A colleague asks, “And how likely are all other words?”"),),
        at=("stem",),
    ),
    Planted(
        "a question without its mark",
        "no-question",
        spoilt(SURPRISAL, ("in nats?", "in nats.")),
        near=(("What is its surprisal in nats.", "Compute its surprisal in nats."),),
        says="question mark",
    ),
    Planted(
        "a text that is not written yet",
        "unfilled",
        spoilt(SURPRISAL, ("in nats?", "in nats? TODO")),
        near=(("TODO", "Todo lists do not help."),),
        says="TODO",
    ),
    Planted(
        "a unit written again behind an answer's place",
        "told-twice",
        PLACED,
        near=(("}} nats, and", "}}, and"),),
        says="nats",
        at=("stem",),
    ),
    Planted(
        "the digits written again behind an answer's place",
        "told-twice",
        spoilt(PLACED, ("}} nats, and", "}}, and"), ("answer.ppl }}.", "answer.ppl }} (2 decimals).")),
        near=(("(2 decimals)", "(a factor)"),),
    ),
    Planted(
        "one criterion twice",
        "same-criteria",
        ESSAY,
        near=(("says that the loss falls, with", "says that the loss rises against"),),
        at=("answer", "rubric", 1),
    ),
    Planted(
        "a label that shows the key",
        "key-in-stem",
        spoilt(GREEDY, ("label: Word", 'label: "Word ({{ case.words[argmax(q)] }})"')),
        near=(('label: "Word ({{ case.words[argmax(q)] }})"', 'label: "Word (not {{ case.words[argmin(q)] }})"'),),
        at=("answer", "label"),
    ),
    Planted(
        "a label that asks for the other end than the stem",
        "order-direction",
        spoilt(WRITTEN, ("From the lowest loss to the highest", "From the highest loss to the lowest")),
        near=(("From the highest loss to the lowest", "From the highest probability to the lowest"),),
        says="the label asks",
        at=("answer", "label"),
    ),
    Planted(
        "a table of the solution along which the key does not go",
        "solution-shows-order",
        spoilt(WRITTEN, ("by: losses}", "by: abs(q - 0.3)}")),
        near=(("by: abs(q - 0.3)}", "by: q}"),),
        says="no column",
        at=("solution",),
    ),
    Planted(
        "one left side twice",
        "equal-options",
        spoilt(PAIRS, ("the other word", "the one word")),
        near=(('right: "{{ p }}"}, {left: the one word', 'right: "{{ p }}"}, {left: the two words'),),
        at=("answer",),
    ),
    Planted(
        "one number in digits and in words",
        "equal-options",
        spoilt(CLAIMS, ("The word is the likeliest., true_when: p > 0.5", "The loss is above one nat., true_when: loss <= 1")),
        near=(("above one nat", "above two nats"),),
    ),
    Planted(
        "an option that may be withheld where all must be offered",
        "idle-condition",
        FORCED,
        near=(("kind: multiple", "kind: multiple\n  choose: 2"),),
        says="'g != 0'",
        at=("answer",),
    ),
]
