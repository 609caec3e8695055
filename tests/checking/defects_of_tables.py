"""Planted defects of what is told beside tables: solutions, lookups, counts, options that calculate, units and orders."""

from __future__ import annotations

from planting import Planted

LOSSES = """
draw:
  p: {sequence: {uniform: [0.05, 0.95], step: 0.05}, size: 4, distinct: true}
let:
  losses: surprisal(p)
  words: '["saw", "fan", "pump", "press"]'
stem: |
  A model predicts the next word. What is the mean loss over four texts in which each of these words came once, in nats?

  {{ table({"Next word": words, "Probability": p}) }}
answer:
  kind: numeric
  value: mean(losses)
  decimals: 3
  unit: nats
solution: |
  Each word costs minus the logarithm of its probability:

  {{ table({"Next word": words, "Probability": p, "Loss in nats": losses|fixed(4)}) }}

  The last column sums to {{ sum(losses)|fixed(4) }}, and the mean is **{{ mean(losses)|fixed(3) }}** nats.
  The smallest loss belongs to *{{ words[argmax(p)] }}* and the largest to *{{ words[argmin(p)] }}*.
  The lowest loss is {{ min(losses)|fixed(4) }}.
"""

MODELS = """
draw:
  p: {sequence: {uniform: [0.05, 0.60], step: 0.05}, size: 6, distinct: true}
  gold: {integer: [0, 2]}
let:
  words: '["saw", "fan", "pump"]'
  a: p[:3]
  b: p[3:]
  first: argmax(a)
stem: |
  {{ table({"Next word": words, "Model A": a, "Model B": b}) }}

  The word *{{ words[gold] }}* came. By how much does the loss of Model A exceed that of Model B, in nats?
answer:
  kind: numeric
  value: log(b[gold] / a[gold])
  decimals: 3
  unit: nats
solution: |
  Model A ranks *{{ words[first] }}* first, which is no matter here.

  To *{{ words[gold] }}* Model A gives {{ a[gold] }} and Model B gives {{ b[gold] }}, so the answer is
  **{{ log(b[gold] / a[gold])|fixed(3) }}** nats.
"""

THREE = """
draw:
  p: {sequence: {uniform: [0.05, 0.60], step: 0.05}, size: 6, distinct: true}
  gold: {integer: [0, 1]}
let:
  a: p[:2]
  b: p[2:4]
  c: p[4:]
  q: "[a[gold], b[gold], c[gold]]"
  words: '["saw", "fan"]'
stem: |
  {{ table({"Next word": words, "Heron": a, "Ibis": b, "Wren": c}) }}

  The word *{{ words[gold] }}* came. What is the mean of the three models' losses, in nats?
answer: {kind: numeric, value: mean(surprisal(q)), decimals: 3, unit: nats}
solution: |
  {{ table({"Model": ["Heron", "Ibis", "Wren"], "Probability of the true word": q, "Loss in nats": surprisal(q)|fixed(3)}) }}

  The mean is **{{ mean(surprisal(q))|fixed(3) }}** nats.
"""

CHANGED = """
draw:
  p: {uniform: [0.05, 0.95], step: 0.05}
  q: {uniform: [0.05, 0.95], step: 0.05}
require: [abs(p - q) > 0.01]
stem: The probability of the word was {{ p }} before an update and {{ q }} after it. How large is the change in nats?
answer: {kind: numeric, value: abs(log(p / q)), decimals: 3, unit: nats}
solution: |
  $L_1 = -\\ln {{ p }} = {{ surprisal(p)|fixed(3) }}$ and $L_2 = -\\ln {{ q }} = {{ surprisal(q)|fixed(3) }}$.

  The loss {% if q > p %}fell{% else %}rose{% endif %} by **{{ abs(log(p / q))|fixed(3) }}** nats.
  {% if q > p %}The probability rose from {{ p }} to {{ q }}.{% endif %}
"""

SAMPLES = """
draw:
  p: {uniform: [0.15, 0.45], step: 0.05}
let:
  exact: log(0.1) / log(1 - p)
stem: A token has the probability {{ p }}. How many samples are needed at least so that it comes once with a probability of 0.9?
answer: {kind: numeric, value: ceil(exact), decimals: 0}
solution: |
  It must hold that $n \\ge \\frac{\\ln 0.1}{\\ln {{ 1 - p }} } = {{ exact|fixed(2) }}$. The smallest such whole number is
  **{{ ceil(exact)|fixed(0) }}**.
"""

COUNTED = """
draw:
  counts: {sequence: {integer: [3, 20]}, size: 3}
let:
  n: sum(counts)
stem: |
  In a collection the text *the fox* occurs {{ n }} times. The next word was:

  {{ table({"Next word": ["ran", "sat", "slept"], "Count": counts}) }}

  What share of the texts goes on with *ran*?
answer: {kind: numeric, value: "counts[0] / n", decimals: 2}
solution: |
  The other two words do not count: **{{ (counts[0] / n)|fixed(2) }}**.
"""

HIDDEN = """
draw:
  place: {permutation: 5}
  p: {sequence: {uniform: [0.1, 0.9], step: 0.1}, size: 5}
let:
  mask: 1 if place < 2 else 0
  words: '["the", "fox", "ran", "too", "far"]'
  losses: surprisal(p)
stem: |
  Of a sentence 2 tokens are hidden by [MASK].

  {{ table({"Input": "[MASK]" if mask == 1 else words, "True token": words, "Probability": p}) }}

  What do the hidden tokens cost together, in nats?
answer: {kind: numeric, value: sum(mask * losses), decimals: 3, unit: nats}
solution: |
  {{ table({"True token": words, "Masked": "yes" if mask == 1 else "no", "Loss in nats": losses|fixed(5)}) }}

  The masked rows add up to {{ sum(mask * losses)|fixed(5) }}, so the answer is **{{ sum(mask * losses)|fixed(3) }}** nats.
"""

LOST = """
draw:
  p: {distribution: 4, step: 0.05, min: 0.05}
let:
  words: '["ran", "sat", "slept", "hid"]'
  known: p[1:]
stem: |
  {{ table({"Next word": words[1:], "Probability": known}) }}

  One more word is possible. The probability of *{{ words[0] }}* is missing. What is it?
answer: {kind: numeric, value: 1 - sum(known), decimals: 2}
"""

CALCULATED = """
draw:
  a: {uniform: [0.1, 0.9], step: 0.1}
  b: {uniform: [0.1, 0.9], step: 0.1}
require: [a != b]
stem: Two tokens have the probabilities {{ a }} and {{ b }}. Which of these calculations give the total loss in nats?
answer:
  kind: multiple
  min_true: 1
  options:
    - {text: "$-\\\\ln {{ a }} - \\\\ln {{ b }}$", true_when: true}
    - {text: "$-\\\\ln ({{ a }} \\\\cdot {{ b }})$", true_when: true}
    - {text: "$-\\\\ln ({{ a }} + {{ b }})$", true_when: false}
"""

ROWS = """
draw:
  good: {distribution: 3, step: 0.05, min: 0.1}
  bad: {distribution: 3, step: 0.05, min: 0.1}
stem: Which of these rows of numbers can be a distribution over three tokens?
answer:
  kind: multiple
  min_true: 1
  options:
    - {text: "{{ good }}", true_when: true}
    - {text: "{{ bad + [0.05, 0, 0] }}", true_when: false}
"""

SPANS = """
draw:
  spans: {integer: [2, 9]}
  size: {integer: [2, 5]}
stem: A text has {{ spans }} hidden spans of {{ size }} tokens each. How many tokens are hidden?
answer: {kind: numeric, label: Hidden tokens, value: spans * size, decimals: 0, unit: tokens}
"""

RATIO = """
draw:
  p: {uniform: [0.05, 0.95], step: 0.05}
  q: {uniform: [0.05, 0.95], step: 0.05}
let:
  one: surprisal(p)
  other: surprisal(q)
require: [abs(p - q) > 0.01]
stem: Model A gives the word {{ p }}, model B gives it {{ q }}. What is the quotient of their losses?
answer: {kind: numeric, label: Larger loss divided by smaller loss, value: "max(one, other) / min(one, other)", decimals: 2}
"""

MINUS = """
draw:
  p: {uniform: [0.05, 0.95], step: 0.05}
  q: {uniform: [0.05, 0.95], step: 0.05}
stem: |
  Model A gives the word {{ p }}, Model B gives it {{ q }}. What is the loss of Model A minus that of Model B
  (negative if A's is smaller), in nats?
answer: {kind: numeric, value: log(q / p), decimals: 3, unit: nats}
"""

CONVERTED = """
draw:
  p: {uniform: [0.05, 0.95], step: 0.05}
stem: A word has the probability {{ p }}. What is its surprisal in bits?
answer: {kind: numeric, value: "surprisal(p, base=\\"bits\\")", decimals: 3, unit: bits}
hints: ["1 nat = $1 / \\\\ln 2 \\\\approx 1.4427$ bits, and a bit is about 0.693 nats."]
"""

AFTER = """
draw:
  p: {uniform: [0.05, 0.95], step: 0.05}
  q: {uniform: [0.05, 0.95], step: 0.05}
stem: |
  The word had the probability {{ p }}, and an update made it {{ q }}.

  1. Loss before the update, in nats: {{ answer.old }}
  2. Loss after the update, in nats: {{ answer.new }}
answers:
  old: {kind: numeric, label: Loss before the update, value: surprisal(p), decimals: 3, unit: nats}
  new: {kind: numeric, label: Loss after the update, value: surprisal(q), decimals: 3, unit: nats}
"""

JOINED = """
draw:
  order: {permutation: 3}
let:
  kinds: take(["masking", "deletion", "rotation"], order)
  texts: take(["the [M] ran", "the ran", "ran the fox"], order)
stem: |
  {{ table({"Text": ["P", "Q", "R"], "Corrupted input": texts}) }}

  Which noise made each text?
answer:
  kind: match
  pairs:
    - {left: Text P, right: "{{ kinds[0] }}"}
    - {left: Text Q, right: "{{ kinds[1] }}"}
    - {left: Text R, right: "{{ kinds[2] }}"}
solution: |
  {{ table({"Text": ["P", "Q", "R"], "Noise": kinds}) }}
"""


def _planted(name: str, check: str, sound: str, right: str, wrong: str, says: str = "") -> Planted:
    """A sound template in which something right was replaced; the twin is the sound template."""
    assert right in sound, name
    assert wrong not in sound, name
    return Planted(name, check, sound.replace(right, wrong), ((wrong, right),), says=says)


PLANTED = [
    _planted("argmin for argmax", "solution-superlative", LOSSES, "words[argmax(p)]", "words[argsort(p)[0]]", "smallest loss"),
    _planted("lowest not lowest", "solution-superlative", LOSSES, "{{ min(losses)|", "{{ max(losses)|", "lowest loss"),
    _planted("ranked first is second", "solution-superlative", MODELS, "argmax(a)", "argmin(a)", "does not rank"),
    _planted("floor for ceil in a bound", "solution-superlative", SAMPLES, "{{ ceil(", "{{ floor(", "smallest whole number"),
    _planted("fell and rose exchanged", "solution-direction", CHANGED, "{% if q > p %}fell", "{% if p > q %}fell", "by"),
    _planted(
        "rose from more to less",
        "solution-direction",
        CHANGED,
        "from {{ p }} to {{ q }}",
        "from {{ q }} to {{ p }}",
        "rose from",
    ),
    _planted(
        "a loss beside another probability",
        "solution-table",
        LOSSES,
        '"Loss in nats": losses',
        '"Loss in nats": surprisal(1 - p)',
        "ln",
    ),
    _planted(
        "a column headed by a formula",
        "solution-table",
        LOSSES.replace('"Probability": p, "Loss in nats": losses', '"p": p, "−p ln p": (p * losses)').replace(
            "{{ sum(losses)", "{{ sum(p * losses)"
        ),
        "(p * losses)|",
        "((1 - p) * losses)|",
        "−p ln p",
    ),
    _planted(
        "a row of another model", "solution-table", THREE, '"Heron": a, "Ibis": b', '"Heron": b, "Ibis": a', "another column"
    ),
    _planted(
        "a cell unlike the stem's",
        "solution-table",
        LOSSES.replace('"Loss in nats": losses|fixed(4)', '"Cost": losses|fixed(4)'),
        'words, "Probability": p, ',
        'words, "Probability": p + [0.01, 0, 0, 0], ',
        "the stem's table gives it",
    ),
    _planted("the sum of a column", "solution-told-sum", LOSSES, "sums to {{ sum(losses)|", "sums to {{ sum(p)|", "adds up to"),
    _planted(
        "the sum of the masked rows",
        "solution-told-sum",
        HIDDEN,
        "rows add up to {{ sum(mask * losses)|",
        "rows add up to {{ sum(losses)|",
        "masked rows",
    ),
    _planted(
        "a number of another row",
        "table-lookup",
        LOSSES.replace("The smallest", "*saw* has {{ p[0] }}. Of all\n\n  the smallest"),
        "{{ p[0] }}",
        "{{ p[1] }}",
        "saw",
    ),
    _planted(
        "a number of some other row",
        "table-lookup",
        MODELS,
        "To *{{ words[gold] }}* Model A gives {{ a[gold] }} and Model B gives {{ b[gold] }}",
        "To *{{ words[gold] }}* *Model A* gives {{ a[0 if gold == 1 else gold] }}",
        "they show",
    ),
    _planted("a missing word that is shown", "missing-is-shown", LOST, "*{{ words[0] }}*", "*{{ words[1] }}*", "sat"),
    _planted("pairs joined otherwise", "solution-pairs", JOINED, '"Noise": kinds', '"Noise": take(kinds, [1, 0, 2])', "Text P"),
    _planted(
        "options that come to another number",
        "option-calculation",
        CALCULATED,
        "{{ a }} - \\\\ln",
        "{{ a }} + \\\\ln",
        "the same",
    ),
    _planted(
        "a right row that sums to 1.05", "option-sum", ROWS, '"{{ good }}"', '"{{ good + [0.05, 0, 0] }}"', "sums to 1.05"
    ),
    _planted("tokens in spans", "unit-contradicts", SPANS, "unit: tokens", "unit: spans", "the label names tokens"),
    _planted(
        "a bit of a nat's size",
        "unit-conversion",
        CONVERTED,
        "1 nat = $1 / \\\\ln 2 \\\\approx 1.4427$ bits",
        "1 bit = $1 / \\\\ln 2 \\\\approx 1.4427$ nats",
        "0.6931",
    ),
    _planted(
        "the first divided by the second",
        "order-contradicts",
        RATIO,
        '"max(one, other) / min(one, other)"',
        "one / other",
        "Larger loss",
    ),
    _planted("negative when it is positive", "order-contradicts", MINUS, "if A's is smaller", "if B's is smaller", "positive"),
    _planted("before for after", "quantity-contradicts", AFTER, "label: Loss after", "label: The loss before", "after"),
    _planted(
        "times that do not add up", "count-contradicts", COUNTED, "occurs {{ n }} times", "occurs {{ 2 * n }} times", "add up"
    ),
    _planted("others that are all", "count-contradicts", COUNTED, "The other two", "The other three", "3 rows"),
    _planted("three of two are hidden", "count-contradicts", HIDDEN, "place < 2", "place < 3", "3 of them"),
    Planted(
        "the largest of some rows",
        "solution-superlative",
        LOSSES.replace("{{ min(losses)|", "{{ max(losses)|"),
        (("The lowest loss is", "The lowest loss among the words that do not fit is"),),
    ),
    Planted(
        "tokens hidden of so many",
        "count-contradicts",
        HIDDEN.replace("2 tokens are hidden", "5 tokens are hidden"),
        (("Of a sentence 5 tokens are hidden", "2 of the 5 tokens are hidden"),),
    ),
    Planted(
        "counts of the most frequent words alone",
        "count-contradicts",
        COUNTED.replace("occurs {{ n }} times", "occurs {{ 2 * n }} times"),
        (("The next word was:", "The most frequent next words were:"),),
    ),
    Planted(
        "rows that cannot be distributions",
        "option-sum",
        ROWS.replace('"{{ good }}"', '"{{ good + [0.05, 0, 0] }}"'),
        (("can be a", "cannot be a"),),
    ),
    Planted(
        "calculations above a number",
        "option-calculation",
        CALCULATED.replace("{{ a }} - \\\\ln", "{{ a }} + \\\\ln"),
        (("give the total loss in nats", "give a number above the total loss in nats"),),
    ),
]
