"""Planted defects of the randomness: conditions, draws, branches, pools."""

from __future__ import annotations

from planting import BETTER, LOAD, SURPRISAL, Planted, spoilt

PLANTED = [
    Planted(
        "few draws meet the condition",
        "draw-acceptance",
        spoilt(SURPRISAL, ("[0.05, 0.95], step: 0.05", "[0.01, 0.99], step: 0.01"), also="require: [p >= 0.98]\n"),
        near=(("p >= 0.98", "p >= 0.5"),),
        at=("require",),
    ),
    Planted(
        "conditions that nothing meets",
        LOAD,
        SURPRISAL + "require: [p > 0.95]\n",
        near=(("p > 0.95", "p > 0.9"),),
        says="Refused by 'p > 0.95'",
    ),
    Planted(
        "a condition that refuses nothing",
        "idle-condition",
        SURPRISAL + "require: [p != 0.9, p > 0]\n",
        near=(("p > 0]", "p > 0.1]"),),
        at=("require", 1),
    ),
    Planted(
        "an option's condition that always holds",
        "idle-condition",
        BETTER
        + """
require: [a != b]
answer:
  kind: choice
  choose: 2
  key: "Model {{ 'A' if a > b else 'B' }} is better."
  distractors:
    - "Model {{ 'B' if a > b else 'A' }} is better."
    - {text: Nothing can be said., when: a + b > 0.1}
""",
        near=(("a + b > 0.1", "a + b > 1"),),
        at=("answer", "distractors", 1, "when"),
    ),
    Planted(
        "a guard that refuses nothing",
        "idle-guard",
        SURPRISAL + "let: {loss: surprisal(p)}\nrequire: [loss > 0.01]\n",
        near=(("loss > 0.01", "loss > 0.1"),),
    ),
    Planted(
        "a draw left over in a condition",
        "idle-draw",
        spoilt(SURPRISAL, ("  p:", "  r: {integer: [1, 9]}\n  p:"), also="require: [r > 3]\n"),
        near=(("r > 3", "r > 3 or p < 0.5"),),
        at=("draw", "r"),
    ),
    Planted(
        "a draw whose value cancels out",
        "idle-draw",
        spoilt(SURPRISAL, ("  p:", "  r: {integer: [1, 9]}\n  p:"), ("{{ p }}", "{{ p }}, and {{ 0 * r }} others")),
        near=(("0 * r", "1 * r"),),
        at=("draw", "r"),
    ),
    Planted(
        "a draw of one value",
        "idle-draw",
        """
draw:
  p: {uniform: [0.05, 0.95], step: 0.05}
  n: {choice: [3]}
stem: The model gives each of {{ n }} words the probability {{ p }}. What is the total surprisal in nats?
answer: {kind: numeric, value: n * surprisal(p), decimals: 3}
""",
        near=(("[3]", "[3, 4]"),),
        says="same value",
        at=("draw", "n"),
    ),
    Planted(
        "a draw that nothing uses",
        LOAD,
        spoilt(SURPRISAL, ("  p:", "  r: {integer: [1, 9]}\n  p:")),
        near=(("{{ p }}", "{{ p }} ({{ r }} times)"),),
        says="the draw 'r' is used nowhere",
    ),
    Planted(
        "a pool without a statement for ties",
        "pool-gap",
        spoilt(BETTER, ("[0.1, 0.9], step: 0.1", "[0.2, 0.8], step: 0.2"))
        + """
answer:
  kind: choice
  choose: 2
  options:
    - {text: Model A is better., true_when: a > b}
    - {text: Model B is better., true_when: a < b}
    - {text: Neither of them knows the word., true_when: false}
""",
        near=(("Neither of them knows the word., true_when: false", "They are equally good., true_when: a == b"),),
    ),
    Planted(
        "a value that the conditions exclude",
        "unreached",
        spoilt(SURPRISAL, ("{uniform: [0.05, 0.95], step: 0.05}", "{choice: [0.1, 0.2, 0.8]}"), also="require: [p < 0.5]\n"),
        near=(("p < 0.5", "p < 0.9"),),
        says="never 0.8",
        at=("draw", "p"),
    ),
    Planted(
        "a branch that is never shown",
        "unreached",
        spoilt(SURPRISAL, ("What is", "{% if p > 0.95 %}It was nearly sure.{% endif %} What is")),
        near=(("p > 0.95", "p > 0.9"),),
        says="never holds",
    ),
    Planted(
        "a branch in the solution that always is",
        "unreached",
        SURPRISAL + "solution: '{% if p < 1 %}It is {{ surprisal(p)|fixed(3) }}.{% else %}It is 0.{% endif %}'\n",
        near=(("p < 1", "p < 0.9"),),
        at=("solution",),
    ),
    Planted(
        "a distractor that always says what the key says",
        "unreached",
        """
draw:
  p: {uniform: [0.1, 0.4], step: 0.1}
stem: The model gives the word {{ p }}. What is left for all other words?
answer:
  kind: choice
  choose: 2
  key: {value: 1 - p, decimals: 2}
  distractors:
    - {value: p}
    - {value: (1 - p ** 2) / (1 + p)}
""",
        near=(("(1 - p ** 2) / (1 + p)", "(1 - p) / 2"),),
        at=("answer", "distractors", 1),
    ),
    Planted(
        "a mistake that leads to no number",
        "unreached",
        SURPRISAL
        + "  mistakes: {wrong-sign: log(-p)}\n"
        + "mistakes: {wrong-sign: {title: Sign, explanation: The sign is lost., concept: calculating-cross-entropy-loss}}\n",
        near=(("log(-p)", "log(p)"),),
        at=("answer", "mistakes", "wrong-sign"),
    ),
    Planted(
        "a distractor that says in one case what the key says",
        "unreached",
        """
cases:
  - {right: loss, wrong: accuracy, other: hit rate}
  - {right: cost, wrong: price, other: cost}
draw:
  p: {uniform: [0.1, 0.4], step: 0.1}
stem: The model gives the word {{ p }}. What is minus the logarithm of that called?
answer:
  kind: choice
  choose: 2
  key: "{{ case.right }}"
  distractors: ["{{ case.wrong }}", "{{ case.other }}"]
""",
        near=(("other: cost", "other: fee"),),
        says="in case 2",
        at=("answer", "distractors", 1),
    ),
    Planted(
        "no option of the pool is ever right",
        LOAD,
        BETTER
        + """
answer:
  kind: choice
  options:
    - {text: Model A is better., true_when: a > b + 1}
    - {text: Model B is better., true_when: b > a + 1}
""",
        near=(("b + 1", "b"), ("a + 1", "a")),
        says="not one right and 1 wrong options",
    ),
    Planted(
        "a key that the student cannot know",
        LOAD,
        spoilt(SURPRISAL, ("value: surprisal(p)", "value: surprisal(p) / n"), ("  p:", "  n: {integer: [1, 9]}\n  p:")),
        near=(("probability {{ p }}", "probability {{ p }} in {{ n }} trials"),),
        says="the key depends on the draw 'n'",
    ),
    Planted(
        "a probability below 0 in the draw",
        LOAD,
        spoilt(SURPRISAL, ("uniform: [0.05, 0.95]", "probability: [-0.05, 0.95]")),
        near=(("-0.05", "0.05"),),
        says="",
    ),
    Planted(
        "a gold index past the end of the table",
        LOAD,
        """
cases:
  - {words: [salt, thyme, mint]}
draw:
  gold: {integer: [1, 3]}
  q: {distribution: 3, step: 0.01, min: 0.05}
stem: |
  {{ table({"Word": case.words, "Model": q}) }}

  Word number {{ gold }} came. What is the loss in nats?
answer: {kind: numeric, value: "surprisal(q[gold])", decimals: 3}
""",
        near=(("q[gold]", "q[gold - 1]"),),
        says="",
    ),
    Planted(
        "a rare branch with a long story",
        "uneven-variants",
        spoilt(SURPRISAL, ("What is", "{% if p > 0.85 %}" + 60 * "The word came, as it often does. " + "{% endif %}What is")),
        near=((60 * "The word came, as it often does. ", "The word came, as it often does. "),),
        at=("stem",),
    ),
]
