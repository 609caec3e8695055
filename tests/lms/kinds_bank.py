"""A bank with every rule of credit, and awkward words, for tests of Moodle's formats."""

from __future__ import annotations

from pathlib import Path

from quizgen.answers.multiple import CREDIT as SETS
from quizgen.answers.order import CREDIT as ORDERS
from quizgen.bank import Bank, load_bank
from quizgen.lms.base import Export, Pool, Question
from quizgen.lms.plan import Sent, drawn, ident_of
from quizgen.quizzes.codes import named_code

SECRET = bytes(range(32))

HEAD = "title: {title}\nconcept: trial\nlevel: apply\nminutes: 1\n"
AWKWARD = """']]> {=}~# & <b>x</b> \\\\ 100% "q" ’ 🙂 שלום *a_b* `{1:SA:=x}` → """ + "w" * 100 + "'"

CHOICE = """
cases: [{odd: "{#1} <b> ]]> & {=}~#", long: LONG}]
draw: {p: {uniform: [0.1, 0.9], step: 0.05, avoid: [0.5]}}
stem: 'A model says {{ p }}. $\\frac{1}{2}$ of {1:SA:=it} is a gap to none: {{ case.odd }} {{ case.long }}.'
answer:
  kind: choice
  options:
    - {text: 'It is more than $\\frac{1}{2}$.', true_when: p > 0.5, mistake: m-one}
    - {text: 'It is **less** than 0.5; quite.', true_when: p < 0.5, feedback: 'No: {=}~#, ]]> and {{ case.odd }}.'}
    - {text: 'It is 7~8 # {9} = 100%, \\\\ says *a*. {{ case.odd }}', true_when: false}
""".replace("LONG", "w" * 300)

SETS_OF = """
draw: {p: {distribution: 5, distinct: true, step: 0.01}}
stem: "{{ p }}"
answer:
  kind: multiple
  credit: "RULE"
  min_true: LEAST
  options:
    - {text: "the first; is over a fifth", true_when: "p[0] > 0.2", mistake: m-one}
    - {text: "the second is over a fifth", true_when: "p[1] > 0.2"}
    - {text: "the third is the largest", true_when: argmax(p) == 2, feedback: "Look again."}
    - {text: "the fourth is above $\\\\frac{1}{10}$", true_when: "p[3] > 0.1"}
    - {text: "the fifth is above 0.1", true_when: "p[4] > 0.1"}
"""

ORDERS_OF = """
draw: {p: {distribution: 4, distinct: true}}
stem: "{{ p }}"
answer: {kind: order, items: [an item that begins so, an item that ends so, "third; of them", last], by: p, credit: RULE,
         mistakes: {m-one: -p}}
"""

OTHERS = {
    "choice": CHOICE,
    "numeric": """
draw: {p: {uniform: [0.1, 0.9], step: 0.05, avoid: [0.5]}}
stem: "{{ p }}"
answer:
  kind: numeric
  value: surprisal(p)
  sigfigs: 3
  unit: nats
  accept_units: [bits]
  mistakes: {m-one: 1 - p, m-two: {value: surprisal(1 - p), credit: 0.25}}
""",
    "percent": """
draw: {p: {uniform: [0.1, 0.9], step: 0.05, avoid: [0.5]}}
stem: "{{ p }}"
answer: {kind: numeric, value: p * p, decimals: 4, mistakes: {m-two: {value: 1 - p, credit: 0.45}}}
""",
    "narrow": """
draw: {n: {integer: [2, 9]}}
stem: "{{ n }}"
answer: {kind: numeric, value: -n / 3, tolerance: {rel: 0.00001}}
""",
    "whole": """
draw: {n: {integer: [2, 99999]}}
stem: "{{ n }} is {{ answer.here }}"
answers: {here: {kind: numeric, value: 1000 * n, decimals: 0}}
""",
    "text": """
cases: [{word: "salt*", other: thyme}, {word: "a {b} = c~d #e", other: "f\\\\g"}]
stem: "{{ case.word }}"
answer:
  kind: text
  accept: ["{{ case.word }}", {text: "the {{ case.word }}", credit: 0.5}, {text: "{{ case.word }} it is", credit: 0.45}]
  mistakes: {m-one: ["{{ case.other }}"]}
""",
    "text-listed": """
cases: [{word: "salt*"}, {word: "It's, well"}]
stem: "{{ case.word }}"
answer: {kind: text, case_sensitive: true, accept: ["{{ case.word }}", {text: "a {{ case.word }}", credit: 0.5}]}
""",
    "match": """
draw: {p: {uniform: [0.1, 0.4], step: 0.05}}
stem: "{{ p }}"
answer:
  kind: match
  choose: 3
  extra: ["0.99", "a < b"]
  pairs:
    - {left: "it; or", right: "{{ p }}", mistake: m-one}
    - {left: "the $x$ -> rest", right: "{{ 1 - p }}"}
    - {left: "all", right: "1"}
    - {left: "twice", right: "{{ 2 * p }}", mistake: m-two}
""",
    "match-all": """
draw: {p: {uniform: [0.1, 0.4], step: 0.05}}
stem: "{{ p }}"
answer:
  kind: match
  credit: all-or-nothing
  pairs: [{left: "it", right: "{{ p }}"}, {left: "rest", right: "{{ 1 - p }}"}, {left: "all", right: "1"}]
""",
    "distribution": """
draw: {p: {distribution: 3, step: 0.05, min: 0.05, distinct: true}}
stem: "{{ p }}"
answer: {kind: distribution, value: p, over: '["a", "b", "c"]', mistakes: {m-one: "[p[1], p[0], p[2]]"}}
""",
    "essay": """
cases: [{word: salt}, {word: thyme}]
stem: "Explain."
answer: {kind: essay, words: 50, rubric: [{criterion: "names {{ case.word }} & < b", points: 2}, {criterion: says why}]}
""",
    "several": """
draw: {p: {distribution: 3, step: 0.01, distinct: true}}
stem: |
  {{ p }} {1:NUMERICAL:=3} is {{ answer.one }}, its surprisal {{ answer.number }}, called {{ answer.name }}.

  {{ answer.many }}
answers:
  many:
    kind: multiple
    weight: 2
    credit: every-decision-counts
    min_true: 0
    options:
      - {text: "the first is over a third", true_when: "p[0] > 1/3", mistake: m-one}
      - {text: "the second is over a third", true_when: "p[1] > 1/3", feedback: "Look again: {=}~#"}
  one: {kind: choice, key: "right }", distractors: [{text: "wrong ~ #"}, {text: "= 100%", mistake: m-two}]}
  number: {kind: numeric, weight: 0.5, value: "surprisal(p[0])", decimals: 2, mistakes: {m-two: {value: "p[0]", credit: 0.37}}}
  name: {kind: text, accept: ["it ~ is"]}
  places: {kind: order, items: [alpha, beta, gamma], by: p, credit: absolute-position}
  pairs: {kind: order, items: [alpha, beta, gamma], by: p, credit: pairs}
  ticks: {kind: multiple, credit: percent-correct, options: [{text: "is ~1", true_when: true}, {text: "b", true_when: true},
          {text: "c", true_when: true}, {text: "d", true_when: false}]}
  joined: {kind: match, pairs: [{left: "x", right: "1 ~ 2"}, {left: "y", right: "2 # {3}"}]}
""",
}  # fmt: skip

TEMPLATES = {
    **OTHERS,
    **{f"set-{rule}": SETS_OF.replace("RULE", rule).replace("LEAST", "1") for rule in SETS},
    **{f"empty-set-{rule}": SETS_OF.replace("RULE", rule).replace("LEAST", "0\n  max_true: 1") for rule in SETS},
    **{f"order-{rule}": ORDERS_OF.replace("RULE", rule) for rule in ORDERS},
}

MISTAKE = "\n  title: A mistake {{=}}~#\n  explanation: It is one, ]]> & so.\n  concept: trial\n".replace("{{", "{").replace(
    "}}", "}"
)
CONCEPTS = """course: A course
page: A page
concepts:
  - {id: trial, title: Trial, part: before, row: 1, requires: [], summary: A trial.}
"""


def write_kinds_bank(folder: Path) -> Bank:
    """Writes the bank; returns it."""
    folder.mkdir()
    (folder / "concepts.yaml").write_text(CONCEPTS, encoding="utf-8")
    (folder / "mistakes.yaml").write_text(f"m-one:{MISTAKE}m-two:{MISTAKE}", encoding="utf-8")
    for name, body in TEMPLATES.items():
        rest = "hints: ['Read {it} #again ~ & on.']\nsolution: 'See ]]> $\\frac{1}{2}$ & {x}.'\n"
        (folder / f"{name}.yaml").write_text(HEAD.format(title=AWKWARD) + body.lstrip("\n") + rest, encoding="utf-8")
    return load_bank(folder)


def questions_of(
    bank: Bank, template: str, count: int = 4, *, decimal_comma: bool = False, points: float = 3.0
) -> list[Question]:
    """Variants of a template as an export has them."""
    sent = [Sent(named_code(SECRET, f"{template}\x00{i}"), 0, template, i) for i in range(count)]
    return list(drawn(bank[template], points, sent, SECRET, decimal_comma=decimal_comma, hints=True))


def export_of(questions: list[Question], *, title: str = "A / quiz <b>") -> Export:
    """An export with one pool."""
    ident = ident_of("0000-0000")
    pool = Pool(f"{ident}-1", 1, "", "1. Some / question", questions[0].points, len(questions), lambda: iter(questions))
    return Export(ident, title, None, False, True, (pool,))
