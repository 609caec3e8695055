"""Planted defects of what never changes or never matters, and of second formulas that verify nothing."""

from __future__ import annotations

from planting import BETTER, SURPRISAL, Planted, spoilt

SIGN = "mistakes: {wrong-sign: {title: Sign, explanation: The sign is lost., concept: calculating-cross-entropy-loss}}\n"

STATEMENTS = (
    BETTER
    + """
require: [a != b]
answer:
  kind: multiple
  min_true: 1
  options:
    - {text: Model A has the lower loss., true_when: a > b}
    - {text: Model B has the lower loss., true_when: b > a}
    - {text: The losses are equal., true_when: false}
"""
)

PLANTED = [
    Planted(
        "a mistake that is no mistake",
        "mistake-like-key",
        SURPRISAL + "  mistakes: {wrong-sign: log(1 / p)}\n" + SIGN,
        near=(("log(1 / p)", "log(p)"),),
        says="in any variant",
        at=("answer", "mistakes", "wrong-sign"),
    ),
    Planted(
        "the same statements are right in all variants",
        "key-never-changes",
        STATEMENTS.replace("a > b}", "true}").replace("b > a}", "false}"),
        near=(("The losses are equal.", '"The first has {{ a }}."'), ("true}", "a > b}"), ("false}", "a < b}")),
        says="“Model A has the lower loss.” is right",
        at=("answer",),
    ),
    Planted(
        "a pool of fixed statements with fixed truths",
        "key-never-changes",
        BETTER
        + """
answer:
  kind: choice
  choose: 2
  options:
    - {text: Both have a loss., true_when: true}
    - {text: Both losses are finite., true_when: true}
    - {text: Both are sure., true_when: false}
""",
        near=(("Both are sure.", '"The first loss is {{ a }}."'),),
        says="every option has one text",
        at=("answer",),
    ),
    Planted(
        "an order that is the same in all variants",
        "key-never-changes",
        BETTER + "answer: {kind: order, items: [read, compute, compare]}\n",
        near=(("compare]", '"compare {{ a }} with {{ b }}"]'),),
    ),
    Planted(
        "pairs that are the same in all variants",
        "key-never-changes",
        BETTER + "answer: {kind: match, pairs: [{left: p, right: truth}, {left: q, right: model}]}\n",
        near=(("right: model", 'right: "model, with {{ a }}"'),),
    ),
    Planted(
        "a distribution that is the same in all variants",
        "key-never-changes",
        BETTER + """answer: {kind: distribution, value: "[0.3, 0.7] + 0 * a", over: '["A", "B"]'}\n""",
        near=(("+ 0 * a", "+ (a - 0.5) / 2 * [1, -1]"),),
    ),
    Planted(
        "a statement whose condition always holds",
        "settled-statement",
        spoilt(
            STATEMENTS, ("{text: The losses are equal., true_when: false}", "{text: One loss is lower., true_when: a + b > 0}")
        ),
        near=(("a + b > 0", "a + b > 1"),),
        says="holds wherever",
        at=("answer", "options", 2, "true_when"),
    ),
    Planted(
        "a statement whose condition never holds",
        "settled-statement",
        spoilt(STATEMENTS, ("The losses are equal., true_when: false", "The losses are equal., true_when: a == b")),
        near=(("true_when: a == b", "true_when: false"),),
        says="never holds",
    ),
    Planted(
        "a second formula that is the first",
        "idle-verify",
        spoilt(SURPRISAL, ("value: surprisal(p)", "value: loss"), also="let: {loss: surprisal(p) + 2 * p}\n")
        + "verify: p * 2 + surprisal(p)\n",
        near=(("p * 2 + surprisal(p)", "p + p - log(p)"),),
        at=("verify",),
    ),
    Planted(
        "a wide number that is called incidental",
        "incidental",
        SURPRISAL + "incidental: [p]\n",
        near=(("value: surprisal(p)", "value: surprisal(0.05 + abs(p - 0.5))"),),
        says="rises or falls",
        at=("incidental", 0),
    ),
]
