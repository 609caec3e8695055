"""A key that no form of an expression gives away as hidden is found by two variants that look alike and differ in the key."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from quizgen.bank import Template
from quizgen.bank.twins import find_twins


def body(stem: str, answer: str, draw: str = "", case: str = "", let: str = "") -> str:
    return "\n".join(
        [
            *(["cases:", *(f"  - {{{fields}}}" for fields in case.split(";"))] if case else []),
            *(["draw:", *(f"  {line}" for line in draw.split(";"))] if draw else []),
            *(["let:", *(f"  {line}" for line in let.split(";"))] if let else []),
            f"stem: '{stem}'",
            f"answer: {answer}",
            "",
        ]
    )


P, Y, Y3, G = (
    "p: {uniform: [0.1, 0.9], step: 0.1}",
    "y: {choice: [0, 1]}",
    "y: {choice: [0, 1, 2]}",
    "g: {integer: [0, 2]}",
)
WORDS = "words: [salt, thyme, salt]; words: [mint, dill, mint]"

HIDDEN = {
    "a number of the case that no text shows": (
        body("How many?", "{kind: numeric, value: case.n, decimals: 0}", case="n: 3;n: 4"),
        "case",
    ),
    "an index told by a word that occurs twice": (
        body(
            "{{ case.words[g] }} in {{ v }}",
            '{kind: numeric, value: "v[g]", decimals: 2}',
            f"{G};v: {{distribution: 3, distinct: true}}",
            WORDS,
        ),
        "g",
    ),
    "an index told by an entry that may equal another": (
        body(
            "{{ v[g] }} in {{ v }} and {{ w }}",
            '{kind: numeric, value: "w[g]", decimals: 2}',
            f"{G};v: {{distribution: 3, step: 0.25}};w: {{distribution: 3}}",
        ),
        "g",
    ),
    "a draw that one branch of an expression shows": (
        body("{{ p if y == 1 else 0.5 }} {{ y }}", "{kind: numeric, value: p, decimals: 1}", f"{P};{Y}"),
        "p",
    ),
    "a factor beside one that may be 0": (
        body("{{ p * y }} {{ y }}", "{kind: numeric, value: p, decimals: 1}", f"{P};{Y}"),
        "p",
    ),
    "a square that hides a sign": (
        body("{{ p ** 2 }}", "{kind: numeric, value: p, decimals: 0}", "p: {integer: [-3, 3]}"),
        "p",
    ),
    "a product of a draw and what it leaves": (
        body("{{ p * (1 - p) }}", "{kind: numeric, value: p, decimals: 1}", P),
        "p",
    ),
    "a condition that tells two of three values": (
        body("{% if y == 1 %}one{% else %}another{% endif %}", "{kind: numeric, value: y, decimals: 0}", Y3),
        "y",
    ),
    "pairs whose match is not told": (
        body(
            "Which is which?",
            "{kind: match, pairs: [{left: One, right: \"{{ 'salt' if y == 1 else 'mint' }}\"}, "
            "{left: Two, right: \"{{ 'mint' if y == 1 else 'salt' }}\"}]}",
            Y,
        ),
        "y",
    ),
    "a statement that is not drawn": (
        body(
            "What is true?",
            '{kind: choice, choose: 2, options: [{text: "It is large.", true_when: y > 2}, '
            '{text: "It is small.", true_when: y <= 2}, {text: "It is {{ y }} or 9.", true_when: y > 9}]}',
            "y: {integer: [1, 4]}",
        ),
        "y",
    ),
    "two draws of which only the equality is told": (
        body("{% if y == z %}Right{% else %}Wrong{% endif %}, {{ p }}",
             '{kind: numeric, value: "p if y == 1 else 1 - p", decimals: 1}',
             f"{P};{Y};z: {{choice: [0, 1]}}"),
        "y",
    ),
    "a third value that comes seldom": (
        body("{% if y == 0 %}spam{% else %}ham{% endif %} {{ p }}", "{kind: numeric, value: p + y, decimals: 1}",
             f"{P};y: {{choice: [0, 1, 2], weights: [400, 400, 1]}}"),
        "y",
    ),
    "a word that occurs twice in a later case": (
        body("{{ case.words[g] }} in {{ v }}", '{kind: numeric, value: "v[g]", decimals: 2}',
             f"{G};v: {{distribution: 3, distinct: true}}",
             "words: [a, b, c];words: [d, e, f];words: [the, cat, the];words: [g, h, i]"),
        "g",
    ),
    "a word that differs from another by a space": (
        body("{{ case.words[g] }} in {{ v }}", '{kind: numeric, value: "v[g]", decimals: 2}',
             f"{G};v: {{distribution: 3, distinct: true}}", 'words: ["a", " a", "b"]'),
        "g",
    ),
    "one word of thirty that occurs twice": (
        body("{{ case.words[g] }} in {{ v }}", '{kind: numeric, value: "v[g]", decimals: 3}',
             "g: {integer: [0, 29]};v: {distribution: 30, step: 0.001}",
             "words: [" + ", ".join(f"w{i}" for i in range(29)) + ", w3]"),
        "g",
    ),
    "two numbers with nothing between": (
        body("Code {{ a }}{{ b }}", "{kind: numeric, value: a * b, decimals: 0}",
             "a: {integer: [1, 19]};b: {integer: [1, 19]}"),
        "a",
    ),
    "two numbers joined without a word between": (
        body("Code {{ a ~ b }}", "{kind: numeric, value: a * b, decimals: 0}", "a: {integer: [1, 19]};b: {integer: [1, 19]}"),
        "a",
    ),
    "a number that two cases alike in words do not share": (
        body("{{ case.a }}", "{kind: numeric, value: case.n, decimals: 0}",
             case=";".join(f"a: w{i % 14}, n: {i}" for i in range(28))),
        "case",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", HIDDEN)
def test_a_key_must_follow_from_what_every_variant_shows(what: str, problems: Callable[..., list[str]]) -> None:
    text, cause = HIDDEN[what]
    problem = " ".join(problems(text))
    hidden = "case" if cause == "case" else f"draw '{cause}'"
    assert f"the key depends on the {hidden}, which does not follow from what the student sees" in problem


SEEN = {
    "the number of the case in the stem": body("{{ case.n }}", "{kind: numeric, value: case.n, decimals: 0}", case="n: 3;n: 4"),
    "an index by a word of its own": body(
        "{{ case.words[g] }} in {{ v }}",
        '{kind: numeric, value: "v[g]", decimals: 2}',
        f"{G};v: {{distribution: 3, distinct: true}}",
        "words: [salt, thyme, dill]",
    ),
    "a square of what is not negative": body("{{ p ** 2 }}", "{kind: numeric, value: p, decimals: 0}", "p: {integer: [0, 3]}"),
    "a draw where the key does not need it": body(
        "{{ p if y == 1 else 0.5 }} {{ y }}", '{kind: numeric, value: "p if y == 1 else 7", decimals: 1}', f"{P};{Y}"
    ),
    "a label of three by two conditions": body(
        "{% if y == 0 %}none{% elif y == 1 %}one{% else %}two{% endif %} {{ p }}",
        "{kind: numeric, value: p + y, decimals: 1}",
        f"{P};{Y3}",
    ),
    "two numbers with a word between": body(
        'Codes {{ a }} and {{ "no. " ~ b }}',
        "{kind: numeric, value: a * b, decimals: 0}",
        "a: {integer: [1, 19]};b: {integer: [1, 19]}",
    ),
    "a value among listed ones that repeat": body(
        "{% if y == 0 %}spam{% else %}ham{% endif %} {{ p }}",
        "{kind: numeric, value: p + y, decimals: 1}",
        f"{P};y: {{choice: [0, 0, 1]}}",
    ),
    "a draw whose constraint follows another": body(
        "{{ v }}: the word that came is the most probable.",
        '{kind: numeric, value: "max(v)", decimals: 2}',
        f"{G};v: {{distribution: 3, gold: g, rank: 1}}",
    ),
}


@pytest.mark.parametrize("what", SEEN)
def test_a_key_may_follow_from_what_is_shown(what: str, template: Callable[..., Template]) -> None:
    assert not list(find_twins(template(SEEN[what])))
