"""Defects of what is shown, of how answers are graded, and of what a student's file tells."""

from __future__ import annotations

from planting import SURPRISAL, Planted, spoilt

TWO_NUMBERS = """
cases: [{p: 0.125, name: first}, {p: 0.625, name: second}]
stem: "In the {{ case.name }} text the word has the probability {{ case.p }}. What is its surprisal in nats?"
answer: {kind: numeric, value: surprisal(case.p), decimals: 3}
"""

COMPARED = """
cases: [{a: 0.324, b: 0.315, name: first}, {a: 0.82, b: 0.57, name: second}]
stem: "In the {{ case.name }} text model A gives the word {{ case.a }} and model B gives it {{ case.b }}. Which is right?"
answer:
  kind: choice
  order: fixed
  options:
    - {text: "A has the lower loss.", true_when: case.a > case.b}
    - {text: "A does not have the lower loss.", true_when: case.a <= case.b}
"""

IN_A_TABLE = """
cases: [{words: [salt, thyme, mint], p: [0.255, 0.345, 0.4]}, {words: [cat, dog, cow], p: [0.55, 0.25, 0.2]}]
stem: |
  A model gives these probabilities:

  {{ table({"Word": case.words, "Probability": case.p}) }}

  What is the entropy in bits?
answer: {kind: numeric, value: "entropy(case.p, base='bits')", decimals: 3}
"""

PLANTED: list[Planted] = [
    Planted(
        "a number of a case that is shown out of a hundred, rounded",
        "shown-is-graded",
        spoilt(TWO_NUMBERS, ("has the probability {{ case.p }}", "comes {{ (100 * case.p)|fixed(0) }} times in a hundred")),
        near=(("|fixed(0)", "|fixed(1)"),),
        says="shows 0.63 for 'case.p', which is 0.625, with which the key is 0.4620354596, but 0.4700036292 is graded",
        at=("answer",),
    ),
    Planted(
        "a number of a case of which a rounded copy is shown",
        "shown-is-graded",
        spoilt(TWO_NUMBERS, ("{{ case.p }}", "{{ copy }}"), also="let: {copy: {value: case.p, decimals: 1}}\n"),
        near=(("decimals: 1}}", "decimals: 3}}"),),
        says="shows 0.6 for 'case.p', which is 0.625",
    ),
    Planted(
        "the rest of a number of which a rounded copy is shown",
        "shown-is-graded",
        spoilt(
            TWO_NUMBERS,
            ("has the probability {{ case.p }}", "is missed with the probability {{ rest }}"),
            also="let: {rest: {value: 1 - case.p, decimals: 2}}\n",
        ),
        near=(("decimals: 2}}", "decimals: 3}}"),),
        says="shows 0.62 for 'case.p', which is 0.625",
    ),
    Planted(
        "a column of a table that is shown rounded",
        "shown-is-graded",
        spoilt(IN_A_TABLE, ("case.p}", "(100 * case.p)|fixed(0)}")),
        near=(("|fixed(0)", "|fixed(1)"),),
        says="which is 0.255",
    ),
    Planted(
        "a comparison that what is shown turns",
        "shown-is-graded",
        spoilt(COMPARED, ("{{ case.b }}", "{{ (100 * case.b)|fixed(0) }}"), ("{{ case.a }}", "{{ (100 * case.a)|fixed(0) }}")),
        near=(("case.b)|fixed(0)", "case.b)|fixed(1)"), ("case.a)|fixed(0)", "case.a)|fixed(1)")),
        says="another answer is right",
    ),
    Planted(
        "a number with the tail of a float",
        "shown-in-full",
        """
cases: [{shown: "0.30000000000000004", p: 0.3}, {shown: "0.40", p: 0.4}]
stem: A word has the probability {{ case.shown }}. What is its surprisal in nats?
answer: {kind: numeric, value: surprisal(case.p), decimals: 3}
""",
        near=(("0.30000000000000004", "0.30"),),
        says="“0.30000000000000004”",
    ),
    Planted(
        "a unit that is read as part of the number",
        "self-grading",
        spoilt(SURPRISAL, ("decimals: 3", 'decimals: 3\n  unit: "e2"')),
        near=(("e2", "nats for every word of the text"),),
        at=("answer",),
    ),
    Planted(
        "a text that is blank in one case",
        "self-grading",
        """
cases: [{shown: "a b", word: ab}, {shown: ". .", word: " "}]
stem: "Write {{ case.shown }} without spaces and marks."
answer: {kind: text, accept: ["{{ case.word }}"]}
""",
        near=(('". ."', '"x y"'), ('" "', '"xy"')),
        says="is marked blank",
    ),
    Planted(
        "a distribution over one label, which every response states",
        "self-grading",
        """
draw: {p: {uniform: [0.1, 0.9], step: 0.1}}
stem: "One word has the probability {{ p }}, and no other word can come. What do you expect?"
answer: {kind: distribution, value: "[p / p]", over: '["it"]'}
""",
        near=(('"[p / p]"', '"[p, 1 - p]"'), ("""'["it"]'""", """'["it", "another"]'""")),
        says="the wrong response",
    ),
    Planted(
        "a text that is longer than what may be typed",
        "exports",
        f"""
cases: [{{word: rain, long: rain}}, {{word: snow, long: {"snow" * 300}}}]
stem: Write ‘{{{{ case.word }}}}’ as often as you like.
answer: {{kind: text, accept: ["{{{{ case.long }}}}"]}}
""",
        near=(("snow" * 300, "snowsnow"),),
        says="earns 0 here, but 1 where",
        at=("answer",),
    ),
    Planted(
        "a label that tells the key",
        "leak",
        spoilt(
            SURPRISAL,
            ("value: surprisal(p)", 'value: loss\n  label: "Loss (such as {{ loss }})"'),
            also="let: {loss: {value: surprisal(p), decimals: 3}}\n",
        ),
        near=(("such as {{ loss }}", "such as 1.234567"),),
        says="stands there, though the question does not show it",
        at=("answer", "label"),
    ),
    Planted(
        "a hint that tells the key",
        "leak",
        spoilt(SURPRISAL, also="hints: ['Take the logarithm.', 'Its value is {{ surprisal(p)|fixed(3) }}.']\n"),
        near=(("surprisal(p)|fixed(3)", "p"),),
        says="the hint tells the key",
        at=("hints", 1),
    ),
]
