"""Where several foreseen mistakes lead to one response, nobody is told for certain which one it was."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from quizgen.answers import Mark
from quizgen.bank import Template

NUMBER = """
cases: [{p: 0.4}]
stem: "{{ case.p }}"
answer: {kind: numeric, value: case.p, decimals: 2, mistakes: {used-log10: 2 * case.p, dropped-minus: %s}}
"""
ORDER = """
cases: [{words: [a, b, c], p: [0.2, 0.5, 0.3], q: [0.1, 0.3, 0.2]}]
stem: "{{ case.words }} {{ case.p }} {{ case.q }}"
answer: {kind: order, items: case.words, by: case.p, mistakes: {used-log10: -case.p, dropped-minus: %s}}
"""
SHARES = """
cases: [{words: [a, b], p: [0.2, 0.8]}]
stem: "{{ case.words }} {{ case.p }}"
answer: {kind: distribution, value: case.p, over: case.words, mistakes: {used-log10: "[0.5, 0.5]", dropped-minus: "%s"}}
"""


def diagnosed(template: Template) -> Mark:
    """The mark of who makes the first mistake."""
    variants = template.variants(secret=b"s")
    ((answer, keys),) = template.prepared(variants.blocks[0])
    response = dict(answer.specimens(keys, 0).mistakes)["used-log10"]
    return template.mark(variants, 0, {"answer": response})


@pytest.mark.parametrize(
    ("body", "same", "other"),
    [
        (NUMBER, "case.p + 0.4", "case.p + 0.3"),
        (ORDER, "1 - case.p", "case.q"),
        (SHARES, "[0.5, 0.5]", "[0.6, 0.4]"),
    ],
    ids=["number", "order", "distribution"],
)
def test_the_note_says_that_it_may_be_another_mistake(
    body: str, same: str, other: str, template: Callable[..., Template]
) -> None:
    both, one = diagnosed(template(body % same)), diagnosed(template(body % other))
    assert (both.mistake, one.mistake) == ("used-log10", "used-log10")
    assert "another known mistake leads to the same" in both.note
    assert "another" not in one.note
