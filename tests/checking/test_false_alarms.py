"""What the checks once took for a defect and is none, and what they said of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from planting import HEAD

from quizgen.bank import load_template
from quizgen.checking import Finding, Sweep, checks
from quizgen.errors import QuizgenError


def found(folder: Path, text: str, check: str, variants: int = 300) -> list[Finding]:
    """What a check finds in a template."""
    file = folder / "t.yaml"
    file.write_text(HEAD + text, "utf-8")
    return [one for one in checks()[check].find(Sweep(load_template(file), variants)) if isinstance(one, Finding)]


@pytest.mark.parametrize(("decimals", "ties"), [(9, False), (1, False), (2, True)])
def test_a_tie_between_two_roundings_is_measured_in_the_last_digit_asked_for(tmp_path: Path, decimals: int, ties: bool) -> None:
    text = f"""
draw:
  m: {{uniform: [1.505, 4.505], step: 0.01}}
stem: The mean loss is {{{{ m }}}}. What is the perplexity?
answer: {{kind: numeric, value: {"m" if ties else "exp(m)"}, decimals: {decimals}}}
"""
    assert bool(found(tmp_path, text, "rounding-tie")) is ties


def test_a_number_of_a_list_that_is_the_key_is_no_step_on_the_way(tmp_path: Path) -> None:
    text = """
draw:
  z: {sequence: {uniform: [-1, 2], step: 0.5}, size: 2, distinct: true}
  g: {integer: [0, 1]}
let: {p: softmax(z)}
stem: "Two words have the scores {{ z[0] }} and {{ z[1] }}. What is the probability of word {{ g + 1 }}?"
answer: {kind: numeric, value: "p[g]", decimals: 3}
"""
    assert not found(tmp_path, text, "sensible-rounding")
    step = text.replace('"p[g]", decimals: 3', '"100000 * p[g]", decimals: 2')
    assert found(tmp_path, step, "sensible-rounding")


def test_an_essay_may_ask_what_is_not_so(tmp_path: Path) -> None:
    text = """
draw:
  p: {uniform: [0.1, 0.9], step: 0.1}
stem: The right word gets {{ p }}. Explain what its loss does not say.
answer: {kind: essay, words: 50, rubric: [{criterion: Names a limit, points: 1}]}
"""
    assert not found(tmp_path, text, "hidden-negative")
    typed = text.replace("kind: essay, words: 50, rubric: [{criterion: Names a limit, points: 1}]", "kind: text, accept: [all]")
    assert found(tmp_path, typed, "hidden-negative")


def test_a_draw_that_the_options_hold_fast_is_told_by_the_options_alone(tmp_path: Path) -> None:
    text = """
draw:
  g: {integer: [0, 1]}
  p: {uniform: [0.1, 0.4], step: 0.05}
stem: Word {{ g + 1 }} came and had {{ p }}. Which statements are right?
answer:
  kind: multiple
  min_true: 0
  options:
    - {text: It had less than a quarter., true_when: p < 0.25}
    - {text: The first word would have cost less., true_when: false, when: g != 0}
"""
    assert not found(tmp_path, text, "idle-draw")
    (one,) = found(tmp_path, text, "idle-condition")
    assert "'g != 0'" in one.message
    assert "choose" in one.message


def test_what_refuses_all_that_the_conditions_let_pass_is_told_first(tmp_path: Path) -> None:
    text = """
cases: [{words: [otter, gecko, otter]}]
draw:
  q: {distribution: case.words, step: 0.01, min: 0.1, distinct: true}
require: ["q[0] > 0.5"]
stem: '{{ table({"Word": case.words, "Probability": q}) }}'
answer: {kind: order, label: From the lowest probability, items: case.words, by: q}
"""
    with pytest.raises(QuizgenError, match="Refused by answer 'answer': two items are equal: "):
        found(tmp_path, text, "order-direction")


@pytest.mark.parametrize(
    ("let", "condition"),
    [
        ("rank: 1 + count(p > p[g])", "rank <= 3"),
        ("rank: 1 + count(p > p[g])", "rank == 2 or rank == 3"),
        ("rank: 1 + count(p > p[g])", "rank < 3.5"),
        ("rank: 1 + count(p > p[g])", "rank <= k"),
        ("down: sort(p, descending=true)", "p[g] >= down[2]"),
        ("costs: surprisal(p)", "costs[g] <= min(costs)"),
        ("best: max(p)", "p[g] >= best"),
    ],
)
def test_an_entry_that_meets_itself_is_no_tie(tmp_path: Path, let: str, condition: str) -> None:
    text = f"""
draw:
  p: {{distribution: 5, step: 0.01, min: 0.03, distinct: true}}
  g: {{integer: [0, 4]}}
  k: {{integer: [2, 3]}}
let:
  {let}
stem: A model gives five words the probabilities {{{{ p }}}}. It keeps {{{{ k }}}} of them. Is word {{{{ g + 1 }}}} kept?
answer:
  kind: choice
  options:
    - {{text: It is kept., true_when: "{condition}"}}
    - {{text: It is not kept., true_when: "not ({condition})"}}
"""
    assert not found(tmp_path, text, "tie")
    shared = text.replace("distinct: true", "max: 0.4").replace("step: 0.01, min: 0.03", "step: 0.05, min: 0.05")
    assert found(tmp_path, shared, "tie")


def test_numbers_that_are_written_out_in_rising_order_may_stand_so(tmp_path: Path) -> None:
    text = """
draw:
  n: {choice: [1, 2, 3], weights: [1, 1, 4]}
stem: A text has {{ n }} tokens. How many tokens has it?
answer:
  kind: choice
  order: fixed
  options:
    - {text: 1 token, true_when: n == 1}
    - {text: 2 tokens, true_when: n == 2}
    - {text: 3 tokens, true_when: n == 3}
"""
    assert not found(tmp_path, text, "key-position")
    assert found(tmp_path, text.replace("text: 1 token,", "text: 9 tokens,"), "key-position")
    assert found(tmp_path, text.replace("text: 1 token,", "text: A token,"), "key-position")


def test_of_a_single_variant_nothing_is_guessed(tmp_path: Path) -> None:
    text = """
draw:
  a: {integer: [1, 9]}
stem: What unit has a loss in base 2?SHOWN
answer: {kind: choice, key: bits, distractors: [nats of all tokens, bans of all tokens]}
"""
    assert not found(tmp_path, text.replace("SHOWN", "").replace("draw:\n  a: {integer: [1, 9]}\n", ""), "guessable")
    (one,) = found(tmp_path, text.replace("SHOWN", " (Question {{ a }})"), "guessable")
    assert one.message.startswith("the shortest option earns 100% where chance earns 33%")
    assert " other strategies beat chance" in one.message or " 1 other strategy beats chance" in one.message
