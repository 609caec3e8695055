"""What every built-in check must be: explained, of a known severity, proven by a planted defect and its twin, and harmless."""

from __future__ import annotations

import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest

from quizgen.bank import Template
from quizgen.checking import BUILT_IN, SEVERITIES, Figure, Finding, Sweep, checks

sys.path.insert(0, str(Path(__file__).parents[1] / "checking"))

from planting import all_planted  # it stands beside the checks' own tests

EVERY_KIND = """
cases:
  - {words: [salt, thyme, mint]}
  - {words: [oak, elm, ash]}
draw:
  q: {distribution: 3, step: 0.01, min: 0.05, distinct: true}
  gold: {integer: [0, 2]}
let:
  loss: surprisal(q[gold])
require:
  - q[gold] != 0.5
stem: |
  {{ table({"Word": case.words, "Probability": q}) }}

  The word *{{ case.words[gold] }}* came.
answers:
  loss: {kind: numeric, label: Loss, value: loss, decimals: 3, unit: nats}
  bits: {kind: numeric, label: Loss in bits, value: loss / ln(2), decimals: 2, follow_through: given.loss / ln(2)}
  which: {kind: choice, label: Likeliest, key: "{{ case.words[argmax(q)] }}", distractors: ["{{ case.words[argmin(q)] }}"]}
  what:
    kind: multiple
    label: What is true?
    min_true: 0
    options: [{text: one, true_when: "q[0] > 0.3"}, {text: two, true_when: "q[1] > 0.3"}]
  say: {kind: text, label: Last, accept: ["{{ case.words[2] }}"]}
  sorted: {kind: order, label: In order, items: case.words, by: q}
  joined: {kind: match, label: Join, pairs: [{left: a, right: "{{ case.words[0] }}"}, {left: b, right: "{{ case.words[1] }}"}]}
  shares: {kind: distribution, label: Shares, value: q, over: case.words}
  why: {kind: essay, label: Why, rubric: [{criterion: clear, points: 1}]}
"""


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_check_has_its_name_a_severity_and_an_explanation(name: str) -> None:
    check = checks()[name]
    assert check.name == name
    assert check.severity in SEVERITIES
    assert len(check.about) >= 100


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_check_is_proven_by_a_planted_defect_with_a_near_miss(name: str) -> None:
    assert any(one.check == name and one.twin != one.text for one in all_planted())


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_check_finds_only_findings_and_figures_at_places_that_exist(name: str, template: Callable[..., Template]) -> None:
    sweep = Sweep(template(EVERY_KIND), 60)
    before = deepcopy([let.expression.node for let in sweep.template.program.lets])
    for one in checks()[name].find(sweep):
        assert isinstance(one, Finding | Figure)
        assert isinstance(one, Figure) or one.ordinal is None or one.ordinal in sweep.ordinals
    assert [let.expression.node for let in sweep.template.program.lets] == before
