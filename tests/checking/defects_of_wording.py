"""Planted defects of wording, of slips where words are inserted, and of worked solutions."""

from __future__ import annotations

from planting import BETTER, SURPRISAL, Planted, spoilt

CHOICE = (
    BETTER
    + """
require: [a != b]
answer:
  kind: choice
  choose: 3
  options:
    - {text: Model A has the lower loss., true_when: a > b}
    - {text: Model B has the lower loss., true_when: b > a}
    - {text: The losses are equally low., true_when: false}
    - {text: The losses cannot be told., true_when: false}
"""
)

WORDS = """
cases:
  - {thing: apple, many: apples, end: ripe}
  - {thing: pear, many: pears, end: green}
  - {thing: orange, many: oranges, end: sweet}
draw:
  p: {uniform: [0.05, 0.95], step: 0.05}
stem: |
  A model names {{ a_an(case.thing) }} among the {{ case.many }}, which is {{ case.end }}, with probability {{ p }}.
  What is the surprisal in nats?
answer: {kind: numeric, value: surprisal(p), decimals: 3}
"""

SOLVED = (
    SURPRISAL
    + "solution: |\n  Take the logarithm.\n\n  The surprisal is {{ surprisal(p)|fixed(3) }} nats.\nhints: [Which base?]\n"
)

ASKED = "What is its surprisal in nats?"

PLANTED = [
    Planted(
        "none of the above",
        "all-of-the-above",
        spoilt(CHOICE, ("The losses cannot be told.", "None of the above.")),
        near=(("None of the above.", "None of the words is likely."),),
    ),
    Planted(
        "all of these",
        "all-of-the-above",
        spoilt(CHOICE, ("The losses cannot be told.", "All of these statements")),
        near=(("All of these statements", "All of these words are likely."),),
    ),
    Planted(
        "both A and B",
        "all-of-the-above",
        spoilt(CHOICE, ("The losses cannot be told.", "Both A and B")),
        near=(("Both A and B", "Both model A and model B lose."),),
    ),
    Planted(
        "a negative that is easily overlooked",
        "hidden-negative",
        spoilt(CHOICE, ("Which statement is right?", "Which statement is not right?")),
        near=(("is not right", "is **not** right"),),
        says="“not”",
        at=("stem",),
    ),
    Planted(
        "an exception that is easily overlooked",
        "hidden-negative",
        spoilt(CHOICE, ("Which statement is right?", "Choose all statements except the right one.")),
        near=(("except", "**except**"),),
    ),
    Planted(
        "a negative outside of the question is no matter",
        "hidden-negative",
        spoilt(CHOICE, ("Which statement is right?", "Which model did never see the word?")),
        near=(("Which model did never see the word?", "It has never seen the word. Which statement is right?"),),
    ),
    Planted(
        "one option is far longer than the others",
        "option-length",
        spoilt(
            CHOICE,
            (
                "The losses cannot be told.",
                "The losses cannot be told as a probability says nothing of a loss unless the base is told too.",
            ),
        ),
        near=((" as a probability says nothing of a loss unless the base is told too", " without the base"),),
    ),
    Planted(
        "a stem without a question",
        "no-question",
        spoilt(SURPRISAL, (ASKED, "The surprisal is in nats.")),
        near=(("The surprisal is in nats.", "Compute the surprisal in nats."),),
    ),
    Planted(
        "a tolerance of which the student hears nothing",
        "rounding-not-told",
        spoilt(SURPRISAL, ("decimals: 3", "tolerance: {abs: 0.01}")),
        near=((ASKED, "What is its surprisal in nats, to two decimals?"),),
    ),
    Planted(
        "other digits in the words than in the field",
        "rounding-contradicts",
        spoilt(SURPRISAL, (ASKED, "What is its surprisal in nats, to 2 decimals?")),
        near=(("to 2 decimals", "to three decimals"),),
        at=("answer", "decimals"),
    ),
    Planted(
        "another unit in the words than in the field",
        "unit-contradicts",
        spoilt(SURPRISAL, (ASKED, "What is its surprisal in bits?"), ("decimals: 3", "decimals: 3\n  unit: nats")),
        near=(("in bits?", "in nats?"),),
        at=("answer", "unit"),
    ),
    Planted(
        "a key in another unit than the field's",
        "unit-contradicts",
        spoilt(SURPRISAL, (ASKED, "What is its surprisal in bits?"), ("decimals: 3", "decimals: 3\n  unit: bits")),
        near=(("surprisal(p)", "-log2(p)"),),
        at=("answer", "unit"),
    ),
    Planted(
        "a logarithm of unknown base",
        "unit-not-told",
        spoilt(SURPRISAL, (ASKED, "What is its surprisal?")),
        near=(("decimals: 3", "decimals: 3\n  unit: nats"),),
    ),
    Planted(
        "a sentence without end",
        "long-sentence",
        spoilt(SURPRISAL, (ASKED, ASKED[:-1] + ", " + " and ".join(["which number does it give"] * 8) + "?")),
        near=((" and which", "? And which"),),
        says="words",
    ),
    Planted(
        "no solution",
        "no-solution",
        SURPRISAL,
        near=(("decimals: 3", "decimals: 3\nsolution: It is found by the logarithm.\nhints: [One.]"),),
    ),
    Planted("no hints", "no-hints", SURPRISAL, near=(("decimals: 3", "decimals: 3\nhints: [Which base?]"),)),
    Planted(
        "a before a vowel",
        "article",
        spoilt(WORDS, ("{{ a_an(case.thing) }}", "a {{ case.thing }}")),
        near=(("a {{ case.thing }}", "{{ a_an(case.thing) }}"),),
        says="should be “an ",
    ),
    Planted(
        "an before a consonant that is written out",
        "article",
        spoilt(WORDS, ("{{ a_an(case.thing) }}", "an loss, {{ case.thing }}")),
        near=(("an loss", "a loss"),),
    ),
    Planted(
        "a before eight",
        "article",
        spoilt(WORDS, ("with probability", "after a {{ 8 }} and a *half*, with probability")),
        near=(("a {{ 8 }}", "an {{ 8 }}"),),
    ),
    Planted(
        "a word twice in a line",
        "doubled-word",
        spoilt(WORDS, ("which is", "which is is")),
        near=(("which is is", "which is"),),
        says="“is”",
    ),
    Planted(
        "an inserted word that stands before it too",
        "doubled-word",
        spoilt(WORDS, ("{{ case.end }},", "green {{ case.end }},")),
        near=(("green {{ case.end }}", "very {{ case.end }}"),),
        says="“green”",
    ),
    Planted(
        "a space before the full stop",
        "punctuation",
        spoilt(WORDS, ("probability {{ p }}.", "probability {{ p }} .")),
        near=(("{{ p }} .", "{{ p }}."),),
        says="space before",
    ),
    Planted(
        "an inserted sentence that brings its own full stop",
        "punctuation",
        spoilt(WORDS, ("end: ripe}", "end: ripe.}")),
        near=(("ripe.", "ripe"),),
        says="two marks",
    ),
    Planted(
        "an empty word between two spaces",
        "punctuation",
        spoilt(WORDS, ("end: ripe}", "end: ''}"), ("is {{ case.end }},", "is {{ case.end }} fruit,")),
        near=(("end: ''", "end: ripe"),),
        says="two spaces",
    ),
    Planted(
        "quotation marks around nothing",
        "empty-text",
        spoilt(WORDS, ("end: ripe}", "end: ''}"), ("{{ case.end }},", "‘{{ case.end }}’,")),
        near=(("end: ''", "end: ripe"),),
    ),
    Planted(
        "American beside British spelling",
        "spelling",
        spoilt(WORDS, ("which is", "labelled by colour and behavior, which is")),
        near=(("behavior", "behaviour"),),
        says="“behavior” is American",
    ),
    Planted(
        "British beside American spelling",
        "spelling",
        spoilt(WORDS, ("which is", "labeled by color and minimised, which is")),
        near=(("minimised", "minimized"),),
        says="“minimised” is British",
    ),
    Planted(
        "a solution that stops short of the key",
        "solution-shows-key",
        spoilt(SOLVED, ("surprisal(p)|fixed(3)", "surprisal(p)|fixed(2)")),
        near=(("fixed(2)", "fixed(3)"),),
    ),
    Planted(
        "a solution by another formula",
        "solution-shows-key",
        spoilt(SOLVED, ("{{ surprisal(p)|", "{{ (1 - p)|")),
        near=(("(1 - p)|", "(-ln(p))|"),),
    ),
    Planted(
        "a solution that shows the key early and ends with another number",
        "solution-shows-key",
        spoilt(
            SOLVED,
            ("Take the logarithm.", "It is {{ surprisal(p)|fixed(3) }}."),
            ("{{ surprisal(p)|fixed(3) }} nats", "{{ p|fixed(3) }} nats"),
        ),
        near=(("is {{ p|fixed(3) }} nats", "of {{ p|fixed(2) }} is {{ surprisal(p)|fixed(3) }} nats"),),
        says="last paragraph",
    ),
    Planted(
        "a solution that does not show the right option",
        "solution-shows-option",
        """
draw:
  p: {uniform: [0.05, 0.95], step: 0.05}
stem: The model gives the word the probability {{ p }}. What is its surprisal in nats?
answer:
  kind: choice
  key: {value: surprisal(p), decimals: 3}
  distractors: [{value: surprisal(p) + 1}, {value: surprisal(p) + 2}]
solution: "It is {{ surprisal(p)|fixed(1) }}."
""",
        near=(("fixed(1)", "fixed(3)"),),
    ),
]
