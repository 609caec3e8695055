"""Mistakes whose response is right, or is nobody's, in some of the variants; and templates that are refused."""

from __future__ import annotations

import numpy as np
import pytest
from small_templates import template

from quizgen.answers import AnswerSpec, answer_kinds
from quizgen.answers.bands import Accuracy, close
from quizgen.bank import Template, Variants
from quizgen.errors import BankError

SECRET = b"mistakes"


def drawn(body: str, count: int = 40) -> tuple[Template, Variants]:
    small = template(body)
    return small, small.variants(secret=SECRET, count=count)


def test_a_mistaken_text_that_is_accepted_in_a_variant_is_no_mistake_there() -> None:
    small, variants = drawn(
        """
cases: [{right: salt, other: thyme}, {right: thyme, other: thyme}]
stem: "{{ case.right }} {{ case.other }}"
answer: {kind: text, accept: ["{{ case.right }}"], mistakes: {m-one: ["{{ case.other }}"]}}
"""
    )
    met = set()
    for i, (right, keyed) in enumerate(zip(variants["case.right"], small.keyed_items(variants), strict=True)):
        mark = small.mark(variants, i, {"answer": "Thyme"})
        met.add((right, mark.outcome, mark.mistake, len(keyed.keys[0].mistakes)))
    assert met == {("salt", "wrong", "m-one", 1), ("thyme", "correct", "", 0)}


def test_a_mistaken_number_that_rounds_to_the_key_is_no_mistake_there() -> None:
    small, variants = drawn(
        """
draw: {p: {choice: [0.5, 0.9]}}
stem: "{{ p }}"
answer: {kind: numeric, value: surprisal(p), decimals: 2, mistakes: {m-one: surprisal(1 - p)}}
"""
    )
    for i, (p, keyed) in enumerate(zip(variants["p"], small.keyed_items(variants), strict=True)):
        mark = small.mark(variants, i, {"answer": "0.69" if p == 0.5 else "2.30"})
        assert (mark.outcome, mark.mistake) == (("correct", "") if p == 0.5 else ("wrong", "m-one"))
        assert len(keyed.keys[0].mistakes) == (p != 0.5)


def test_an_order_by_a_mistake_is_diagnosed_where_it_is_one_order_and_not_the_right_one() -> None:
    small, variants = drawn(
        """
cases: [{words: [salt, thyme, mint]}]
draw: {p: {distribution: 3, distinct: true}}
stem: "{{ case.words }}: {{ p }}"
answer: {kind: order, items: case.words, by: p, mistakes: {m-one: -p, m-two: "[1, 1, 2]", m-three: 2 * p}}
"""
    )
    for i, keyed in enumerate(small.keyed_items(variants)):
        key = keyed.keys[0]
        assert [name for name, _ in key.mistakes] == ["m-one"], "m-two leaves the order open, m-three is right"
        by_size = [word for _, word in sorted(zip(variants["p"][:, i], ("salt", "thyme", "mint"), strict=True))]
        assert small.mark(variants, i, {"answer": " > ".join(by_size)}).outcome == "correct"
        backwards = small.mark(variants, i, {"answer": " > ".join(reversed(by_size))})
        assert (backwards.outcome, backwards.mistake) == ("wrong", "m-one")


def test_who_joins_a_left_wrongly_has_its_mistake_and_who_leaves_it_has_none() -> None:
    small, variants = drawn(
        """
cases: [{word: salt}]
stem: "{{ case.word }}"
answer: {kind: match, pairs: [{left: a, right: x, mistake: m-one}, {left: b, right: y, mistake: m-two}, {left: c, right: z}]}
""",
        1,
    )
    shown = small.keyed_item(variants, 0).keys[0].shown
    right = dict(pair.split("-") for pair in str(shown.values[0]).split())
    assert small.mark(variants, 0, {"answer": " ".join(f"{left}-{letter}" for left, letter in right.items())}).fraction == 1
    letters = sorted(right.values())
    moved = {left: letters[(letters.index(letter) + 1) % 3] for left, letter in right.items()}
    mark = small.mark(variants, 0, {"answer": " ".join(f"{left}-{letter}" for left, letter in moved.items())})
    assert mark.mistake in ("m-one", "m-two")
    assert small.mark(variants, 0, {"answer": "1-?  2-? 3-" + right["3"]}).mistake == ""


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ("{kind: essay, rubric: [{criterion: 'names {{ nothing }}'}]}", "there is no 'nothing'"),
        ("{kind: essay, rubric: [{criterion: 'shows {{ log(case.p) }}'}]}", "has no fixed number of decimals"),
        ("{kind: text, accept: [{text: a, credit: 0.5}]}", "no text earns full marks"),
        ("{kind: order, items: case.words, by: '[1, 2, 3]'}", "must be a list of 2 numbers"),
        ("{kind: order, items: case.p, by: '[1, 2]'}", "is no list of texts"),
        ("{kind: numeric, value: 'log(-1)', decimals: 2}", "is undefined at variant"),
        (
            "{kind: numeric, value: 1, decimals: 2, unit: bytes, accept_units: [bits]}",
            "only nats, bits and bans can be converted",
        ),
        ("{kind: distribution, value: '[0.5, 0.6]', over: case.words}", "is not a distribution in every variant"),
        ("{kind: distribution, value: '[0.5, 0.2, 0.3]', over: case.words}", "must be a list of texts, as long as"),
        ("{kind: match, pairs: [{left: a, right: x}, {left: b, right: x}]}", "not 2 pairs whose right sides differ"),
        ("{kind: choice, order: size, key: a, distractors: [b]}", "'order: size' is for options with 'value'"),
    ],
)
def test_an_answer_that_cannot_be_marked_is_refused_when_the_template_is_loaded(answer: str, complaint: str) -> None:
    body = f"cases: [{{words: [salt, thyme], p: 0.25}}]\nstem: '{{{{ case.words }}}} {{{{ case.p }}}}'\nanswer: {answer}\n"
    with pytest.raises(BankError, match=complaint):
        template(body)


def test_every_kind_says_in_its_schema_what_its_keys_mean() -> None:
    for kind in answer_kinds().values():
        assert issubclass(kind, AnswerSpec)
        for name, field in kind.model_fields.items():
            assert field.description or name in ("kind", "credit", "choose", "order", "pairs"), (kind, name)


def test_a_whole_number_with_a_binary_tail_is_typed_without_it() -> None:
    mistaken = np.array([570.0000000000001, 569.9999999999999, 571.0])
    assert close(np.full(3, 570.0), mistaken, Accuracy(("decimals", 0))).tolist() == [True, True, False]
