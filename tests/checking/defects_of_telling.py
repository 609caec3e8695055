"""Planted defects of what is told besides the question: hints that tell or repeat, letters of options, solutions, orders."""

from __future__ import annotations

from planting import BETTER, SURPRISAL, Planted, spoilt

HINTED = SURPRISAL + "hints: [Which base?, Take the logarithm of the probability that the word has.]\n"

WORD = """
draw:
  p: {uniform: [0.1, 0.9], step: 0.1}
stem: The model gives the right word {{ p }}. Is the word more or less probable than one half, or equally probable?
answer: {kind: text, accept: ["{{ word }}"]}
let: {word: "'more' if p > 0.5 else ('less' if p < 0.5 else 'equally')"}
hints: ["Compare {{ p }} with one half."]
"""

PICK = (
    BETTER
    + """
require: [a != b]
answer:
  kind: choice
  order: shuffle
  key: "Model {{ 'A' if a > b else 'B' }} has the lower loss."
  distractors: ["Model {{ 'B' if a > b else 'A' }} has the lower loss.", The losses are equal.]
hints: [A higher probability costs less.]
solution: "The larger of {{ a }} and {{ b }} costs less."
"""
)

LINES = """
draw:
  p: {uniform: [0.1, 0.4], step: 0.1}
  slip: {choice: [1, 2]}
stem: |
  Line 1: the word has {{ p }}.
  Line 2: its loss is {% if slip == 1 %}{{ p }}{% else %}{{ 1 - p }}{% endif %}.
  Which line is wrong?
answer:
  kind: choice
  order: fixed
  options: [{text: Line 1, true_when: slip == 2}, {text: Line 2, true_when: slip == 1}]
solution: "It is option {{ right }}."
let: {right: "'B' if slip == 1 else 'A'"}
"""

TICKED = """
draw:
  a: {uniform: [0.1, 0.9], step: 0.1}
  b: {uniform: [0.1, 0.9], step: 0.1}
require: [a != b]
stem: Model A gives the right word {{ a }}, model B gives it {{ b }}. Which statements are right?
answer:
  kind: multiple
  min_true: 1
  options:
    - {text: Model A is surer of the word., true_when: a > b}
    - {text: Model B is surer of the word., true_when: b > a}
    - {text: The word is impossible., true_when: false}
hints: [A higher probability means more certainty.]
"""

SORTED = """
cases:
  - {words: [salt, thyme, mint]}
  - {words: [oak, elm, ash]}
draw:
  q: {distribution: 3, step: 0.01, min: 0.1, distinct: true}
let: {losses: surprisal(q)}
stem: |
  {{ table({"Word": case.words, "Probability": q}) }}

  Put the words in order of their loss, from the lowest to the highest.
answer: {kind: order, items: case.words, by: losses}
hints: [The loss falls as the probability rises.]
solution: |
  {{ numbered(take(case.words, argsort(losses))) }}
"""

RISING = """
draw:
  n: {integer: [2, 9]}
stem: A model was trained on {{ n }} texts. Put its reports in order, the {{ 'largest' if n > 0 else '' }} loss first.
answer: {kind: order, items: ["a loss of {{ n + 9 }} nats", "a loss of {{ n + 5 }} nats", "a loss of {{ n }} nats"]}
"""

PAIRS = """
cases:
  - {one: salt, other: thyme}
  - {one: oak, other: elm}
draw:
  p: {uniform: [0.1, 0.4], step: 0.05}
stem: The model gives *{{ case.one }}* the probability {{ p }} and *{{ case.other }}* all the rest. What belongs together?
answer:
  kind: match
  pairs: [{left: "{{ case.one }}", right: "{{ p }}"}, {left: "{{ case.other }}", right: "{{ 1 - p }}"}]
hints: [All probabilities sum to 1.]
"""

SHARES = """
cases:
  - {words: [salt, thyme]}
draw:
  n: {integer: [1, 4]}
stem: Of 10 recipes {{ n }} want salt, the others thyme. Which distribution do the counts give?
answer: {kind: distribution, value: "[n / 10, 1 - n / 10]", over: case.words}
hints: [Divide each count by their sum.]
"""

SOLVED = (
    SURPRISAL
    + "solution: |\n  Of {{ p }} it is the logarithm.\n\n  So the surprisal is **{{ surprisal(p)|fixed(3) }}** nats.\n"
)

PLANTED = [
    Planted(
        "a hint with the number that is asked for",
        "leak",
        spoilt(HINTED, ("Which base?", '"It is {{ surprisal(p)|fixed(4) }}."')),
        near=(("surprisal(p)|fixed(4)", "p"),),
        at=("hints", 0),
    ),
    Planted(
        "a hint with a short number that is asked for",
        "leak",
        spoilt(
            HINTED,
            ("value: surprisal(p)", "value: 100 * p"),
            ("decimals: 3", "decimals: 0"),
            ("What is its surprisal in nats?", "How many percent is that?"),
            ("Which base?", '"It is {{ 100 * p }}."'),
        ),
        near=(("100 * p }}.", "100 - 99 * p }}."),),
        at=("hints", 0),
    ),
    Planted(
        "a hint with the word that is asked for",
        "leak",
        spoilt(WORD, ("Compare {{ p }} with one half.", "It is {{ word }} probable.")),
        near=(("It is {{ word }} probable.", "Is it more or less?"),),
        at=("hints", 0),
    ),
    Planted(
        "a hint with the right option's words",
        "leak",
        spoilt(
            PICK, ("A higher probability costs less.", "\"Note that model {{ 'A' if a > b else 'B' }} has the lower loss.\"")
        ),
        near=(("Note that model {{ 'A' if a > b else 'B' }} has", "Which of A and B has"),),
        at=("hints", 0),
    ),
    Planted(
        "a hint with a right statement of several",
        "leak",
        spoilt(
            TICKED, ("A higher probability means", "\"Model {{ 'A' if a > b else 'B' }} is surer of the word. It has")
        ).replace("more certainty.]", 'more certainty."]'),
        near=(("Model {{ 'A' if a > b else 'B' }} is surer of the word. It", "Being sure of a word"),),
        at=("hints", 0),
    ),
    Planted(
        "a hint with the right option's letter",
        "leak",
        spoilt(LINES, ("solution:", "hints: ['Look at option {{ right }} again.']\nsolution:")),
        near=(("option {{ right }} again", "the numbers again"),),
        at=("hints", 0),
    ),
    Planted(
        "a hint with the right order",
        "leak",
        spoilt(
            SORTED,
            ("The loss falls as the probability rises.", "\"First {{ join(take(case.words, argsort(losses)), ', then ') }}.\""),
        ),
        near=(("argsort(losses)), ', then '", "argsort(case.words == 'elm')), ', then '"),),
        at=("hints", 0),
    ),
    Planted(
        "a hint with a right pair",
        "leak",
        spoilt(PAIRS, ("All probabilities sum to 1.", '"{{ case.one }} goes with {{ p }}."')),
        near=(("goes with {{ p }}", "has what {{ case.other }} has not"),),
        at=("hints", 0),
    ),
    Planted(
        "a hint with the right distribution",
        "leak",
        spoilt(
            SHARES, ("Divide each count by their sum.", '"That is {{ (n / 10)|fixed(2) }} and {{ (1 - n / 10)|fixed(2) }}."')
        ),
        near=(("(1 - n / 10)|fixed(2)", "10"),),
        at=("hints", 0),
    ),
    Planted(
        "a hint twice",
        "same-hints",
        spoilt(HINTED, ("Which base?", '"take the logarithm, of the probability that the word has"')),
        near=(("take the logarithm, of the probability that the word has", "take the probability of the word first"),),
        at=("hints", 1),
    ),
    Planted(
        "a hint twice but for one word",
        "same-hints",
        spoilt(HINTED, ("Which base?", "Take the natural logarithm of the probability that the word has.")),
        near=(("Take the natural logarithm of the probability that the word has", "Is the logarithm natural?"),),
    ),
    Planted(
        "a hint that stands in the stem",
        "same-hints",
        spoilt(HINTED, ("Which base?", '"What is its surprisal in nats?"')),
        near=(('"What is its surprisal', '"What is a logarithm'),),
        at=("hints", 0),
    ),
    Planted(
        "a solution that names a letter of shuffled options",
        "option-by-letter",
        spoilt(PICK, ('costs less."\n', 'costs less, so option B is right."\n')),
        near=(("so option B", "so model B"),),
        at=("solution",),
    ),
    Planted(
        "a solution that names the wrong letter of options in order",
        "option-by-letter",
        spoilt(LINES, ("'B' if slip == 1", "'B' if slip == 2")),
        near=(("'B' if slip == 2", "'B' if slip == 1"),),
        at=("solution",),
    ),
    Planted(
        "an order that begins with the other end",
        "order-direction",
        spoilt(SORTED, ("by: losses", "by: losses, descending: true")),
        near=((", descending: true", ""),),
        at=("answer", "by"),
    ),
    Planted(
        "an order by the probability where the loss is meant",
        "order-direction",
        spoilt(SORTED, ("by: losses", "by: q")),
        near=(("by: q", "by: -q"),),
    ),
    Planted(
        "an order of probabilities that begins with the least",
        "order-direction",
        spoilt(SORTED, ("of their loss, from the lowest to the highest", "of what the model expects, the most probable first"))
        .replace("by: losses", "by: -losses")
        .replace("argsort(losses)", "argsort(-losses)"),
        near=(("-losses", "losses"),),
    ),
    Planted(
        "an order of written numbers that begins with the least",
        "order-direction",
        RISING.replace("'largest'", "'smallest'"),
        near=(("'smallest'", "'largest'"),),
        at=("answer", "items"),
    ),
    Planted(
        "a solution that lists another order",
        "solution-shows-order",
        spoilt(SORTED, ("argsort(losses)", "argsort(q)")),
        near=(("argsort(q)", "argsort(-q)"),),
        at=("solution",),
    ),
    Planted(
        "a solution with two numbers in bold",
        "solution-rival",
        spoilt(SOLVED, ("nats.\n", "nats, and of its opposite **{{ surprisal(1 - p)|fixed(3) }}**.\n")),
        near=(("**{{ surprisal(1 - p)|fixed(3) }}**", "{{ surprisal(1 - p)|fixed(3) }}"),),
        at=("solution",),
    ),
    Planted(
        "a solution that shows the key and sets another number in bold",
        "solution-rival",
        spoilt(
            SOLVED, ("is **{{ surprisal(p)|fixed(3) }}** nats", "of **{{ p|fixed(2) }}** is {{ surprisal(p)|fixed(3) }} nats")
        ),
        near=(("**{{ p|fixed(2) }}**", "{{ p|fixed(2) }}"),),
    ),
    Planted(
        "a solution that calls another number the answer",
        "solution-rival",
        spoilt(SOLVED, ("nats.\n", "nats. The answer is {{ p|fixed(2) }}.\n")),
        near=(("The answer is {{ p|fixed(2) }}", "The answer is {{ surprisal(p)|fixed(3) }}"),),
    ),
]
