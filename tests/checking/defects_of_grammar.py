"""Planted defects of grammar: numbers and nouns, articles inside of a case's own words."""

from __future__ import annotations

from planting import SURPRISAL, Planted, spoilt

COUNTED = """
cases:
  - {thing: an apple, end: ripe}
  - {thing: a pear, end: green}
draw:
  n: {integer: [1, 4]}
  p: {uniform: [0.05, 0.95], step: 0.05}
stem: |
  The text ‘{{ case.thing }} is {{ case.end }}’ has {{ n }} {{ plural(n, "other token", "other tokens") }}
  of probability {{ p }}. What is their surprisal in nats?
answer: {kind: numeric, value: n * surprisal(p), decimals: 3}
hints: [Which base?]
"""

PLURAL = '{{ plural(n, "other token", "other tokens") }}'

PLANTED = [
    Planted(
        "one of many",
        "plural",
        spoilt(COUNTED, (PLURAL, "tokens")),
        near=(("}} tokens", "}} times tokens"),),
        says="“1 tokens”",
    ),
    Planted(
        "many of one",
        "plural",
        spoilt(COUNTED, (PLURAL, "token")),
        near=(("}} token\n", "}}-token words\n"),),
        says="“2 token”",
    ),
    Planted(
        "there are one",
        "plural",
        spoilt(COUNTED, ("What is", "There are {{ n }} {{ 'such word' if n == 1 else 'such words' }}. What is")),
        near=(("There are {{ n }} {{ 'such word' if n == 1 else 'such words' }}.", "Such words are {{ n }} in number."),),
    ),
    Planted(
        "a noun in the author's own words",
        "plural",
        spoilt(SURPRISAL, ("What is", "It knows two word. What is")),
        near=(("two word", "two words"),),
    ),
    Planted(
        "one token in the singular where it is a name",
        "plural",
        spoilt(COUNTED, ("Which base?", '"With {{ n }} words it is more."')),
        near=(("With {{ n }} words", "What position {{ n }} words"),),
        at=("hints", 0),
    ),
    Planted(
        "an article inside of a case's words",
        "article",
        spoilt(COUNTED, ("thing: an apple", "thing: a apple")),
        near=(("a apple", "an apple"),),
        says="“a apple” should be “an apple”",
    ),
    Planted(
        "an article before a vowel that sounds as a consonant",
        "article",
        spoilt(COUNTED, ("thing: an apple", "thing: an useful unit")),
        near=(("an useful", "a useful"),),
    ),
    Planted(
        "an article before letters that are spelled out",
        "article",
        spoilt(COUNTED, ("thing: an apple", "thing: a LLM")),
        near=(("a LLM", "an LLM"),),
    ),
    Planted(
        "an article before letters that are spelled out as a consonant",
        "article",
        spoilt(COUNTED, ("thing: an apple", "thing: an URL")),
        near=(("an URL", "a URL and an n-gram and an F1 score and an hour and a European or a one-hot row"),),
    ),
    Planted(
        "a word twice inside of a case's words",
        "doubled-word",
        spoilt(COUNTED, ("thing: an apple", "thing: the the apple")),
        near=(("the the", "the"),),
    ),
    Planted(
        "an article in the cell of a table",
        "article",
        spoilt(COUNTED, ("What is their", '\n\n  {{ table({"Text": [case.thing], "p": [p]}) }}\n\n  What is their'))
        .replace("‘{{ case.thing }} is {{ case.end }}’", "of a {{ case.end }} thing")
        .replace("an apple", "a apple"),
        near=(("a apple", "an apple"),),
    ),
    Planted(
        "an article in what is said of a wrong option",
        "article",
        """
draw:
  p: {uniform: [0.1, 0.4], step: 0.1}
stem: The model gives the word {{ p }}. What is left for all other words?
answer:
  kind: choice
  key: {value: 1 - p, decimals: 2}
  distractors: [{value: p, feedback: That is a odd answer.}]
""",
        near=(("a odd", "an odd"),),
        at=("answer", "distractors", 0, "feedback"),
    ),
]
