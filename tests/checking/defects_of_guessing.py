"""Planted defects that reward guessing, leave too few variants, or make some variants harder than others."""

from __future__ import annotations

from planting import BETTER, SURPRISAL, Planted, spoilt

STATEMENTS = """
draw:
  a: {uniform: [0.1, 0.9], step: 0.01}
  b: {uniform: [0.1, 0.9], step: 0.01}
  c: {uniform: [0.1, 0.9], step: 0.01}
require: [a != b, b != c, a != c]
stem: Three models, A, B and C, give the right word {{ a }}, {{ b }} and {{ c }}. Whose loss is the lowest?
answer:
  kind: choice
  choose: 3
  options:
    - {text: "Model A is best, which A<>", true_when: a > b and a > c}
    - {text: "Model B is best, which B<>", true_when: b > a and b > c}
    - {text: "Model C is best, which C<>", true_when: c > a and c > b}
"""
"""A choice whose statements look alike but for what is put in the place of ``<X>``."""


def telling(right: str, wrong: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The choice in which the right statement ends in other words than the wrong ones; and what makes all end alike."""
    conditions = {"A": "a > b and a > c", "B": "b > a and b > c", "C": "c > a and c > b"}
    text = STATEMENTS
    for name, condition in conditions.items():
        end = "{% if " + condition + " %}" + right + "{% else %}" + wrong + "{% endif %}"
        text = text.replace(f"which {name}<>", end)
    return text, ((right + "{% else %}", wrong + "{% else %}"),)


def _told(name: str, says: str, right: str, wrong: str = "as computed") -> Planted:
    text, near = telling(right, wrong)
    return Planted(name, "guessable", text, near=near, says=says, at=("answer",))


RANKED = """
draw:
  p: {uniform: [0.05, 0.95], step: 0.01}
stem: The model gives the word the probability {{ p }}. What is its surprisal in nats?
answer:
  kind: choice
  choose: 3
  key: {value: surprisal(p), decimals: 3}
  distractors:
    - {value: surprisal(p) * 1.3}
    - {value: surprisal(p) * 1.6}
    - {value: surprisal(p) * 0.7}
    - {value: surprisal(p) * 0.4}
"""
"""Numbers in order of size, with enough of them on both sides of the key."""

TICKS = """
draw:
  n: {integer: [1, 99]}
stem: The text has {{ n }} words. Tick every statement that is true.
answer:
  kind: multiple
  choose: 4
  credit: every-decision-counts
  min_true: 1
  max_true: 3
  options:
    - {text: "There are more than 20 words.", true_when: n > 20}
    - {text: "There are more than 40 words.", true_when: n > 40}
    - {text: "There are more than 60 words.", true_when: n > 60}
    - {text: "There are fewer than 21 words.", true_when: n < 21}
    - {text: "There are fewer than 41 words.", true_when: n < 41}
    - {text: "There are fewer than 61 words.", true_when: n < 61}
"""

LONG_TRUTHS = spoilt(
    TICKS,
    ("more than 60 words.", "more than 60 words{% if n > 60 %}, as anybody may count{% endif %}."),
    ("fewer than 61 words.", "fewer than 61 words{% if n < 61 and n > 40 %}, as anybody may count{% endif %}."),
)

LOSSES = spoilt(telling("the loss is so", "the word is so")[0], ("Whose loss", "A loss is a loss. Whose loss"))

CASES = """
cases:
  - {told: "The model reads a letter from Lima."}
  - {told: "The model reads a letter from Oslo."}
  - {told: "The model reads a letter from Kyiv."}
  - {told: "The model reads a letter from Bonn."}
draw:
  p: {uniform: [0.05, 0.95], step: 0.05}
incidental: [case]
stem: "{{ case.told }} It gives the last word the probability {{ p }}. What is its surprisal in nats?"
answer: {kind: numeric, value: surprisal(p), decimals: 3}
"""

LONG_STORY = "The model reads a letter from Bonn, " + ", ".join(["which a clerk has found in an old box"] * 5) + "."

PLANTED = [
    _told("the longest option is right", "longest option", "as is computed from the probability that it gives"),
    _told("the shortest option is right", "shortest option", "so", "as is computed from the probability that it gives"),
    _told("the hedged option is right", "hedged", "as it may be", "as it is so"),
    _told("the absolute options are wrong", "hedged", "as it often is", "as it always is"),
    _told("only the right option has a number", "precise", "by 0.12 nats", "by many nats"),
    _told("the right option repeats the words of the question", "words", "with lowest loss", "with least pain"),
    _told("the right option ends in the largest number", "largest last number", "by 0.12 to 0.92 nats", "by 0.12 to 0.32 nats"),
    _told("the right option begins with the smallest number", "smallest first number", "0.12 as is 0.5", "0.32 as is 0.5"),
    Planted(
        "the right option repeats the word that the question says most often",
        "guessable",
        LOSSES,
        near=(("the loss is so{% else %}the word", "the loss is so{% else %}the loss"),),
        says="counted as often as they stand there",
    ),
    Planted(
        "what is said at most length is true more often than the rest",
        "guessable",
        LONG_TRUTHS,
        near=(("{% if n < 61 and n > 40 %}", "{% if n < 0 %}"), ("{% if n > 60 %}", "{% if n < 0 %}")),
        says="the longest option is true in",
    ),
    Planted(
        "one model is nearly always the right one",
        "guessable",
        spoilt(
            STATEMENTS.replace(", which A<>", ".").replace(", which B<>", ".").replace(", which C<>", "."),
            ("require: [", "require: [a > 0.4, "),
        ),
        near=(("a > 0.4, ", ""),),
        says="always 'model a'",
    ),
    Planted(
        "the middle number is right",
        "guessable",
        spoilt(RANKED, ("    - {value: surprisal(p) * 1.6}\n", ""), ("    - {value: surprisal(p) * 0.4}\n", "")),
        near=(
            (
                "    - {value: surprisal(p) * 0.7}",
                "    - {value: surprisal(p) * 0.7}\n    - {value: surprisal(p) * 0.4}\n    - {value: surprisal(p) * 1.6}",
            ),
        ),
        says="middle",
    ),
    Planted(
        "the key stands last of numbers in order of size",
        "key-position",
        spoilt(RANKED, ("* 1.3", "* 0.8"), ("* 1.6", "* 0.6")),
        near=(("* 0.8", "* 1.3"), ("* 0.6", "* 1.6")),
        says="not uniform",
    ),
    Planted(
        "the key stands first of options in a fixed order",
        "key-position",
        BETTER
        + """
require: [a > 0.3, b != a]
answer:
  kind: choice
  order: fixed
  options:
    - {text: Model A has the lower loss., true_when: a > b}
    - {text: Model B has the lower loss., true_when: b > a}
""",
        near=(("a > 0.3, ", ""),),
    ),
    Planted(
        "ticking everything earns full marks",
        "guessable",
        spoilt(TICKS, ("every-decision-counts", "none")),
        near=(("credit: none", "credit: percent-correct"),),
        says="ticking everything",
    ),
    Planted(
        "one number is the key of every second variant",
        "guessable",
        """
draw:
  n: {integer: [20, 39]}
stem: A text has {{ n }} words. How many full tens of words are these?
answer: {kind: numeric, value: n // 10, decimals: 0}
""",
        near=(("[20, 39]", "[20, 99]"),),
        says="always 2",
    ),
    Planted(
        "items are shown in an order that their words give away",
        "guessable",
        """
draw:
  n: {integer: [3, 90]}
stem: A model has read {{ n }} pages. Put the steps in order.
answer:
  kind: order
  credit: pairs
  items: [add the losses, both are divided, come to the mean, do the rest]
""",
        near=(
            (
                "[add the losses, both are divided, come to the mean, do the rest]",
                "[take two losses, add one to the other, then divide, keep the mean]",
            ),
        ),
        says="alphabet",
    ),
    Planted(
        "pairs share their words",
        "guessable",
        """
draw:
  n: {integer: [3, 90]}
stem: A model has read {{ n }} pages. Which meaning belongs to which name?
answer:
  kind: match
  pairs:
    - {left: the mean loss, right: the mean of all}
    - {left: the total loss, right: the total of all}
    - {left: the loss in bits, right: a number of bits}
    - {left: the perplexity, right: e to that perplexity}
""",
        near=(
            ("the mean of all", "a quotient"),
            ("the total of all", "a sum"),
            ("a number of bits", "another base"),
            ("e to that perplexity", "a power of e"),
        ),
        says="shares most words",
    ),
    Planted(
        "a class shares a handful of variants",
        "capacity",
        spoilt(SURPRISAL, ("[0.05, 0.95], step: 0.05", "[0.1, 0.9], step: 0.1")),
        near=(("[0.1, 0.9], step: 0.1", "[0.01, 0.99], step: 0.01"),),
        says="9 distinct",
    ),
    Planted(
        "nothing varies",
        "no-variation",
        spoilt(SURPRISAL, ("{uniform: [0.05, 0.95], step: 0.05}", "{choice: [0.25, 0.25]}")),
        near=(("[0.25, 0.25]", "[0.25, 0.5]"),),
    ),
    Planted(
        "one case is a long story",
        "fairness",
        spoilt(CASES, ("The model reads a letter from Bonn.", LONG_STORY)),
        near=((LONG_STORY, "The model reads a long letter that came yesterday from Bonn."),),
        says="words to read",
        at=("cases", 3),
    ),
    Planted(
        "one case has numbers of many digits",
        "fairness",
        spoilt(
            CASES,
            ("Lima.", "12 people in 3 rooms."),
            ("Oslo.", "15 people in 4 rooms."),
            ("Kyiv.", "18 people in 5 rooms."),
            ("Bonn.", "123456 people in 7654321 rooms."),
        ),
        near=(("123456 people in 7654321", "17 people in 6"),),
        says="characters in a number",
    ),
    Planted(
        "what is called incidental moves the key",
        "incidental",
        spoilt(
            SURPRISAL,
            ("draw:", "incidental: [k]\ndraw:\n  k: {choice: [1, 20]}"),
            ("surprisal in nats?", "surprisal in nats, {{ k }} times?"),
            ("value: surprisal(p)", "value: k * surprisal(p)"),
        ),
        near=(("[1, 20]", "[2, 3]"),),
        at=("incidental", 0),
    ),
    Planted(
        "fewer minutes than reading takes",
        "minutes",
        spoilt(
            CASES,
            ("The model reads a letter from Bonn.", LONG_STORY),
            ("{{ case.told }} It", LONG_STORY * 8 + " It"),
            ("cases:", "tags: [long]\ncases:"),
            ("It gives", "{{ case.told }} It gives"),
        ),
        near=((LONG_STORY * 8, "First,"),),
        says="reading",
        at=("minutes",),
    ),
]
