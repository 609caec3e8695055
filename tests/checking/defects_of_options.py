"""Planted defects of options, of ties, and of probabilities as displayed."""

from __future__ import annotations

from planting import BETTER, LOAD, Planted, spoilt

REST = """
draw:
  p: {uniform: [0.1, 0.4], step: 0.1}
stem: The model gives the word {{ p }}. What is left for all other words?
answer:
  kind: choice
  key: "{{ (1 - p)|fixed(2) }}"
  distractors: ["{{ p|fixed(2) }}", "{{ 1 - p }}"]
"""

VERDICT = (
    BETTER
    + """
answer:
  kind: choice
  choose: 2
  options:
    - {text: Model A is at least as good., true_when: a >= b}
    - {text: Model B is better., true_when: a < b}
    - {text: Both know nothing., true_when: false}
"""
)

TABLE = """
cases:
  - {words: [salt, thyme, mint]}
draw:
  q: {distribution: 3, step: 0.01, min: 0.05, distinct: true}
  gold: {integer: [0, 2]}
stem: |
  {{ table({"Word": case.words, "Probability": q}) }}

  The word *{{ case.words[gold] }}* came. What is the loss in nats?
answer: {kind: numeric, value: "surprisal(q[gold])", decimals: 3}
"""

KEPT = """
draw:
  q: {distribution: 4, step: 0.1, min: 0.1, distinct: true}
let: {down: "sort(q, descending=true)"}
stem: A model gives four words the probabilities {{ q }}. Two words are kept. Is the first one kept?
answer:
  kind: choice
  order: fixed
  options:
    - {text: It is kept., true_when: "q[0] >= down[1]"}
    - {text: It is not kept., true_when: "q[0] < down[1]"}
"""
"""A choice in which entries of a list meet themselves."""

PLANTED = [
    Planted(
        "equal values written differently",
        "equal-options",
        REST,
        near=(("{{ 1 - p }}", "{{ 1 + p }}"),),
    ),
    Planted(
        "a number and its percentage",
        "equal-options",
        spoilt(REST, ("{{ 1 - p }}", "{{ (1 - p)|percent }}")),
        near=(("(1 - p)|percent", "(1 + p)|percent"),),
    ),
    Planted(
        "a decimal and its fraction",
        "equal-options",
        """
draw:
  n: {integer: [1, 9]}
stem: Of 10 words the model gets {{ n }} right. What is its accuracy?
answer:
  kind: choice
  key: "{{ n / 10 }}"
  distractors: ["{{ n }}/10", "{{ n + 10 }}"]
let: {}
""".replace("{{ n / 10 }}", "{{ 0.1 * n }}"),
        near=(("{{ n }}/10", "{{ n }}/11"),),
    ),
    Planted(
        "duplicate options in a choice",
        "equal-options",
        BETTER
        + """
require: [a != b]
answer:
  kind: choice
  key: "Model {{ 'A' if a > b else 'B' }} is better"
  distractors: ["**Model {{ 'B' if a > b else 'A' }}** is better.", "Model {{ 'B' if a > b else 'A' }} is better", Neither]
""",
        near=(("**Model", "**Only model"),),
    ),
    Planted(
        "duplicate options in a composite",
        "equal-options",
        BETTER
        + """
require: [a != b]
answers:
  better:
    kind: choice
    label: The better model
    key: "{{ 'A' if a > b else 'B' }}"
    distractors: ["{{ 'B' if a > b else 'A' }}"]
  worse:
    kind: choice
    label: The worse model
    key: "Model {{ 'B' if a > b else 'A' }}"
    distractors: ["Model {{ 'A' if a > b else 'B' }}", "*Model {{ 'A' if a > b else 'B' }}.*"]
""",
        near=(("*Model {{ 'A' if a > b else 'B' }}.*", "None"),),
        at=("answers", "worse"),
    ),
    Planted(
        "a distractor that always is the key",
        LOAD,
        spoilt(REST, ("{{ 1 - p }}", "{{ (1 - p)|fixed(2) }}")),
        near=(('(1 - p)|fixed(2) }}"]', '(1 + p)|fixed(2) }}"]'),),
        says="not one right and 2 wrong options that differ",
    ),
    Planted(
        "two equal rights of a match",
        LOAD,
        """
draw:
  p: {uniform: [0.1, 0.4], step: 0.1}
stem: The model gives *salt* {{ p }}. What belongs together?
answer:
  kind: match
  pairs:
    - {left: probability of salt, right: "{{ p }}"}
    - {left: probability of everything else, right: "{{ 1 - p }}"}
    - {left: odds-free chance of salt, right: "{{ p + 0 }}"}
""",
        near=(("{{ p + 0 }}", "{{ p + 1 }}"),),
        says="not 3 pairs whose right sides differ",
    ),
    Planted(
        "two rights of a match that are one number",
        "equal-options",
        """
draw:
  p: {uniform: [0.1, 0.4], step: 0.1}
stem: The model gives *salt* {{ p }}. What belongs together?
answer:
  kind: match
  pairs:
    - {left: probability of salt, right: "{{ p }}"}
    - {left: chance of salt, right: "{{ p|fixed(2) }}"}
""",
        near=(("{{ p|fixed(2) }}", "{{ p|percent }} (in percent)"),),
    ),
    Planted(
        "a distractor within a rounding of the key",
        "option-near-key",
        """
draw:
  p: {uniform: [0.1, 0.4], step: 0.05}
stem: The model gives the word {{ p }}. What is its surprisal in nats?
answer:
  kind: choice
  choose: 3
  key: {value: surprisal(p), decimals: 3}
  distractors: [{value: surprisal(p) + 0.002}, {value: 1 - p}, {value: 2 - p}]
""",
        near=(("0.002", "0.02"),),
    ),
    Planted(
        "the key in another unit",
        "option-near-key",
        """
draw:
  p: {uniform: [0.1, 0.4], step: 0.05}
stem: The model gives the word {{ p }}. What is its surprisal?
answer:
  kind: choice
  key: {value: surprisal(p), decimals: 3, unit: nats}
  distractors: [{value: "surprisal(p, base='bits')", unit: bits}, {value: 1 - p, unit: nats}]
""",
        near=(("unit: bits", "unit: nats"),),
    ),
    Planted(
        "options glued together by a dash of the list",
        "glued-options",
        BETTER
        + """
require: [a != b]
answer:
  kind: choice
  key: "Model {{ 'A' if a > b else 'B' }}"
  distractors:
    - "Model {{ 'B' if a > b else 'A' }}"
    - Model C
      - Model D
""",
        near=(("Model C\n      - Model D", "Model C\n    - Model D"),),
    ),
    Planted(
        "options glued together without a separator",
        "glued-options",
        BETTER
        + """
require: [a != b]
answer:
  kind: choice
  order: fixed
  options:
    - {text: Model A, true_when: a > b}
    - {text: Model B, true_when: b > a}
    - {text: Model AModel B, true_when: false}
""",
        near=(("Model AModel B", "Neither model"),),
    ),
    Planted(
        "two numbers in one option",
        "glued-options",
        spoilt(REST, ("{{ 1 - p }}", "{{ 1 + p }} {{ 2 + p }}")),
        near=(("{{ 1 + p }} {{ 2 + p }}", "{{ 1 + p }}"),),
    ),
    Planted(
        "a tie with one option marked",
        "tie",
        VERDICT.replace("at least as good", "better"),
        near=(("draw:", "require: [a != b]\ndraw:"),),
    ),
    Planted(
        "a tie with both marked",
        "tie",
        VERDICT.replace("at least as good", "better").replace("a < b", "a <= b"),
        near=(("draw:", "require: [abs(a - b) > 0.05]\ndraw:"),),
    ),
    Planted(
        "a tie behind a let",
        "tie",
        BETTER
        + """
let: {winner: "'A' if a > b else 'B'"}
answer: {kind: choice, key: "Model {{ winner }}", distractors: ["Model {{ 'B' if winner == 'A' else 'A' }}", Model C]}
""",
        near=(("'A' if a > b else 'B'\"}", "'A' if a > b else ('B' if b > a else 'A or B')\"}"),),
    ),
    Planted(
        "a tie for the largest",
        "tie",
        spoilt(TABLE, ("distinct: true", "max: 0.6"), ("min: 0.05", "min: 0.1"), ("step: 0.01", "step: 0.1"))
        .replace("  gold: {integer: [0, 2]}\n", "")
        .replace("The word *{{ case.words[gold] }}* came. What is the loss in nats?", "What number has the likeliest word?")
        .replace('"surprisal(q[gold])", decimals: 3', "argmax(q) + 1, decimals: 0"),
        near=(("max: 0.6", "distinct: true"),),
    ),
    Planted(
        "a tie between counts",
        "tie",
        """
draw:
  hits: {sequence: {integer: [3, 6]}, size: 2}
  calls: {integer: [2, 4]}
let:
  counted: "sum(1 if range(9) < hits[0] and range(9) >= calls else 0)"
stem: Model A has {{ hits[0] }} hits, the first {{ calls }} of which are not counted; model B has {{ hits[1] }}. Which has more?
answer:
  kind: choice
  key: "Model {{ 'A' if counted > hits[1] - calls else 'B' }}"
  distractors: ["Model {{ 'B' if counted > hits[1] - calls else 'A' }}"]
""",
        near=(("draw:", "require: ['hits[0] != hits[1]', min(hits) >= calls]\ndraw:"),),
    ),
    Planted(
        "a tie for the second place of a sorted list",
        "tie",
        KEPT.replace("distinct: true", "max: 0.6"),
        near=(("max: 0.6", "distinct: true"),),
        says=" are both 0.",
    ),
    Planted(
        "a rank that is shared",
        "tie",
        spoilt(
            KEPT,
            ("distinct: true", "max: 0.6"),
            ('down: "sort(q, descending=true)"', 'rank: "1 + count(q > q[0])"'),
            ("q[0] >= down[1]", "rank <= 2"),
            ("q[0] < down[1]", "rank > 2"),
        ),
        near=(("max: 0.6", "distinct: true"),),
    ),
    Planted(
        "a tie behind a text that an option always shows",
        "tie",
        """
draw:
  hits: {sequence: {integer: [1, 6]}, size: 2}
  more: {sequence: {integer: [1, 6]}, size: 2}
let:
  best: "'A' if hits[0] > hits[1] else 'B'"
  other: "'B' if hits[0] > hits[1] else 'A'"
stem: Model A has {{ hits[0] }} hits and {{ more[0] }} near ones, model B {{ hits[1] }} and {{ more[1] }}. Which has more hits?
answer:
  kind: choice
  options:
    - {text: "Model {{ best }}.", true_when: true}
    - {text: "Model {{ other }}.", true_when: false, when: "(more[0] > more[1]) == (hits[1] > hits[0])"}
    - {text: "Not model {{ best }}.", true_when: false}
""",
        near=(("draw:", "require: ['hits[0] != hits[1]']\ndraw:"),),
        says="here hits[0] and hits[1] are both",
    ),
    Planted(
        "a verdict that turns on the third decimal",
        "close-call",
        BETTER.replace("step: 0.1", "step: 0.01")
        + """
let: {mean: surprisal(a) + surprisal(1 - a), other: surprisal(b) + surprisal(1 - b)}
require: [abs(mean - other) > 0.0001]
answer:
  kind: choice
  options:
    - {text: The first sum is larger., true_when: mean > other}
    - {text: The second sum is larger., true_when: mean < other}
""",
        near=(("> 0.0001", "> 0.05"),),
    ),
    Planted(
        "an order that turns on the third decimal",
        "close-call",
        """
cases:
  - {words: [salt, thyme, mint]}
draw:
  q: {sequence: {uniform: [0.500, 0.999], step: 0.001}, size: 3, distinct: true}
stem: |
  {{ table({"Word": case.words, "Its chance": q}) }}

  Put the words in order of their surprisal, the smallest first.
answer: {kind: order, items: case.words, by: surprisal(q)}
""",
        near=(("draw:", 'require: ["min(abs(q[0] - q[1]), abs(q[1] - q[2]), abs(q[0] - q[2])) > 0.05"]\ndraw:'),),
        at=("answer", "by"),
    ),
    Planted(
        "a column that does not sum to 1",
        "table-sum",
        spoilt(TABLE, ('"Probability": q', '"Probability": [q[0], q[1], q[2] + 0.01]'), ("q[gold]", "q[0]")).replace(
            "*{{ case.words[gold] }}*", "salt ({{ gold }})"
        ),
        near=(("q[2] + 0.01", "q[2]"),),
        at=("stem",),
    ),
    Planted(
        "one case whose column does not sum to 1",
        "table-sum",
        """
cases:
  - {words: [salt, thyme, mint], shares: [0.2, 0.3, 0.5]}
  - {words: [pen, ink, nib], shares: [0.1, 0.3, 0.6]}
  - {words: [oak, elm, ash], shares: [0.2, 0.3, 0.4]}
draw:
  gold: {integer: [0, 2]}
stem: |
  {{ table({"Word": case.words, "Share": case.shares}) }}

  The word *{{ case.words[gold] }}* came. What is the loss in nats?
answer: {kind: numeric, value: "surprisal(case.shares[gold])", decimals: 3}
""",
        near=(("0.3, 0.4]", "0.3, 0.5]"),),
    ),
    Planted(
        "a list that does not sum to 1",
        "table-sum",
        """
draw:
  q: {distribution: 3, step: 0.01, min: 0.05}
let: {shown: {value: q * 0.99, decimals: 2}}
stem: The model gives three words {{ shown }}. What is the surprisal of the first, in nats?
answer: {kind: numeric, value: "surprisal(shown[0])", decimals: 3}
""",
        near=(("q * 0.99", "q * 1"),),
    ),
    Planted(
        "a negative probability in a table",
        "probability-range",
        """
draw:
  p: {uniform: [0.1, 0.6], step: 0.1}
  q: {uniform: [0.1, 0.6], step: 0.1}
stem: |
  {{ table({"Word": ["salt", "thyme", "mint"], "Probability": [p, q, 1 - p - q]}) }}

  What is the surprisal of *salt*, in nats?
answer: {kind: numeric, value: surprisal(p), decimals: 3}
""",
        near=(("[0.1, 0.6]", "[0.1, 0.4]"),),
        at=("stem",),
    ),
    Planted(
        "a probability above 1 in a line",
        "probability-range",
        """
draw:
  p: {uniform: [0.1, 0.9], step: 0.1}
stem: The model says $P(\\text{salt}) = {{ p + 0.2 }}$. What is that in percent?
answer: {kind: numeric, value: 100 * p + 20, decimals: 0}
""",
        near=(("p + 0.2", "p + 0.1"), ("p + 20", "p + 10")),
    ),
    Planted(
        "a key above 1 where a probability is asked for",
        "probability-range",
        """
draw:
  n: {integer: [1, 9]}
  m: {integer: [2, 9]}
stem: Of {{ m }} texts {{ n }} hold the word. What is its relative frequency?
answer: {kind: numeric, label: Probability of the word, value: n / m, decimals: 3}
""",
        near=(("draw:", "require: [n <= m]\ndraw:"),),
        at=("answer", "value"),
    ),
    Planted(
        "a one-hot column with two ones",
        "one-hot",
        spoilt(
            TABLE, ('"Probability": q', '"Probability": q, "Ground truth": one_hot(gold, 3) + one_hot(0, 3) * (q > 0.5)')
        ).replace("0, 3) * (q > 0.5)", "0, 3) * (1 if gold == 2 else 0)"),
        near=((" + one_hot(0, 3) * (1 if gold == 2 else 0)", ""),),
    ),
    Planted(
        "a word that is not in the table",
        "gold-not-in-table",
        """
cases:
  - {words: [salt, thyme, mint], came: salt}
  - {words: [pen, ink, nib], came: ink}
  - {words: [oak, elm, ash], came: ahs}
  - {words: [rain, snow, hail], came: hail}
draw:
  q: {distribution: 3, step: 0.01, min: 0.05, distinct: true}
stem: |
  {{ table({"Word": case.words, "Probability": q}) }}

  The word *{{ case.came }}* came. What is the surprisal of the word in the first row, in nats?
answer: {kind: numeric, value: "surprisal(q[0])", decimals: 3}
""",
        near=(("came: ahs", "came: ash"),),
    ),
    Planted(
        "a truth that is uniform",
        "uniform-truth",
        """
cases:
  - {words: [salt, thyme]}
draw:
  n: {integer: [3, 7]}
stem: Of 10 recipes {{ n }} want salt, the others thyme. Which distribution do the counts give?
answer: {kind: distribution, value: "[n / 10, 1 - n / 10]", over: case.words}
""",
        near=(("[3, 7]", "[6, 9]"),),
        at=("answer", "value"),
    ),
]
