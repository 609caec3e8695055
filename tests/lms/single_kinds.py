"""A bank with one template for each kind of answer, and questions of it, for formats with one answer in a question."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from sample_class import CONCEPT, SECRET

from quizgen.bank import Bank, load_bank
from quizgen.lms.base import Export, Format, Options, Question
from quizgen.lms.packing import in_memory
from quizgen.lms.plan import export_of, plan
from quizgen.quizzes import load_quiz
from quizgen.quizzes.build import checked_slots

HEAD = f"concept: {CONCEPT}\nlevel: apply\nminutes: 1\n"
MISTAKE = f"mistakes: {{m-one: {{title: One, explanation: This is *wrong*., concept: {CONCEPT}}}}}\n"

TEMPLATES: Mapping[str, str] = {
    "choice": """
draw: {p: {uniform: [0.1, 0.8], step: 0.05}}
stem: |
  A model gives {{ p }}; $a < b$. Which?
answer:
  kind: choice
  options:
    - {text: "{{ p }} is right, surely", true_when: true}
    - {text: "]]> {% raw %}{=}~#{% endraw %} & 'quotes' 🙂 שלום", true_when: false, mistake: m-one}
    - {text: "$\\\\frac{1}{2} < 1$", true_when: false, feedback: "Not *this* one."}
solution: "It is {{ p }}, for $a < b$."
""",
    "each-decision": """
draw: {p: {distribution: 3, distinct: true}}
stem: "{{ p }}"
answer:
  kind: multiple
  credit: every-decision-counts
  options:
    - {text: "the first, or the second, is above 0", true_when: true}
    - {text: "the first is above a half", true_when: "p[0] > 0.5", mistake: m-one}
    - {text: "the sum is 2", true_when: false}
solution: Look.
""",
    "whole-set": """
draw: {p: {integer: [2, 90]}}
stem: "{{ p }}"
answer:
  kind: multiple
  credit: all-or-nothing
  options:
    - {text: "{{ p }} is even", true_when: p % 2 == 0}
    - {text: "{{ p }} is above 1", true_when: true}
    - {text: "{{ p }} is above 50", true_when: p > 50}
solution: Look.
""",
    "coverage": """
draw: {p: {integer: [2, 90]}}
stem: "{{ p }}"
answer:
  kind: multiple
  credit: coverage
  options:
    - {text: "{{ p }} is above 1", true_when: true}
    - {text: "{{ p }} is above 0", true_when: true}
    - {text: "{{ p }} is above 100", true_when: false}
    - {text: "{{ p }} is above 200", true_when: false}
solution: Look.
""",
    "number": """
draw: {p: {uniform: [0.05, 0.9], step: 0.05}}
stem: "The probability is {{ p }}."
answer: {kind: numeric, value: surprisal(p), decimals: 3, unit: nats, accept_units: [bits], mistakes: {m-one: 1 - p}}
solution: Take the logarithm.
""",
    "share": """
draw: {p: {uniform: [0.05, 0.95], step: 0.01}}
stem: "The probability of the other is {{ p }}."
answer: {kind: numeric, value: p - 0.5, decimals: 2, mistakes: {m-one: {value: 0.5 - p, credit: 0.25}}}
require: [p != 0.5]
solution: Take away.
""",
    "whole": """
draw: {n: {integer: [2, 3000]}}
stem: "Double {{ n }}."
answer: {kind: numeric, value: 2 * n, decimals: 0}
solution: Double it.
""",
    "near": """
draw: {n: {integer: [2, 3000]}}
stem: "About a third of {{ n }}?"
answer: {kind: numeric, value: n / 3, tolerance: {rel: 0.05}}
solution: Divide.
""",
    "infinite": """
draw: {n: {integer: [2, 3000]}}
stem: "What is the loss of {{ n }} words of which one has probability 0?"
answer: {kind: numeric, value: surprisal(0 * n), decimals: 1}
solution: No end.
""",
    "order": """
draw: {n: {integer: [2, 30]}}
stem: "Sort, with {{ n }} in mind."
answer: {kind: order, credit: absolute-position, items: ["one, {{ n }}", "two; three", "four", "five < six"]}
solution: Count.
""",
    "order-pairs": """
draw: {n: {integer: [2, 30]}}
stem: "Sort, with {{ n }} in mind."
answer: {kind: order, credit: pairs, items: ["one {{ n }}", two, three, four]}
solution: Count.
""",
    "pairs": """
draw: {n: {integer: [2, 30]}}
stem: "Join, with {{ n }} in mind."
answer:
  kind: match
  pairs:
    - {left: "$p_1$", right: "the first, {{ n }}", mistake: m-one}
    - {left: "a -> b", right: "the second"}
    - {left: "third", right: "3"}
  extra: [none of them, "another, of them"]
solution: Join.
""",
    "text": """
draw: {w: {choice: ["gradient descent", "it's \\"so\\", 1,5", "C++ (a|b) *"]}}
stem: "Write {{ w }}."
answer: {kind: text, accept: ["{{ w }}", {text: "{{ w }} again", credit: 0.5}], mistakes: {m-one: ["not {{ w }}"]}}
solution: Write it.
""",
    "essay": """
draw: {n: {integer: [2, 30]}}
stem: "Write about {{ n }}."
answer: {kind: essay, words: 50, rubric: [{criterion: Names it, points: 2}, {criterion: Explains it, points: 1}]}
solution: Write.
""",
    "distribution": """
draw: {p: {distribution: 3, distinct: true}}
let: {names: "['a', 'b', 'c']"}
stem: "{{ p }}"
answer: {kind: distribution, over: names, value: p, decimals: 2}
solution: Copy.
""",
    "several": """
draw: {n: {integer: [2, 30]}}
stem: "Double {{ n }}: {{ answer.two }}; treble it: {{ answer.three }}."
answers: {three: {kind: numeric, value: 3 * n, decimals: 0}, two: {kind: numeric, value: 2 * n, decimals: 0}}
solution: Count.
""",
}


@cache
def kinds_bank(folder: Path) -> Bank:
    """The bank, written into a folder."""
    (folder / "kinds").mkdir(parents=True, exist_ok=True)
    for name, text in TEMPLATES.items():
        mistakes = MISTAKE if "m-one" in text else ""
        path = folder / "kinds" / f"{name}.yaml"
        path.write_text(f"title: 'The {name}, <b> & 🙂'\n{HEAD}{text}{mistakes}", encoding="utf-8")
    return load_bank(folder)


def exported(folder: Path, *templates: str, variants: int = 4, decimal_comma: bool = False) -> Export:
    """An export of a quiz with an item for each template."""
    bank = kinds_bank(folder)
    items = "".join(f"  - {{template: kinds/{name}, points: 2}}\n" for name in templates)
    path = folder.parent / "quiz.yaml"
    path.write_text(f"title: 'A quiz: <b> & 🙂'\ninstructions: Work *alone*.\nhints: true\n"
                    f"decimal_comma: {str(decimal_comma).lower()}\nitems:\n{items}", encoding="utf-8")  # fmt: skip
    blueprint = load_quiz(path)
    slots = checked_slots(blueprint, bank)
    sent, _ = plan(slots, bank, variants, SECRET)
    return export_of(blueprint, bank, slots, sent, SECRET, "qg-quiz0000")


def written(format: Format, export: Export, options: Options | None = None) -> bytes:
    """The package of an export."""
    return in_memory(format.files(export, options or Options(math=format.maths[0])), format.packed)


def fraction(folder: Path, question: Question, typed: Mapping[str, str]) -> float:
    """What quizgen gives for a response."""
    template = kinds_bank(folder)[question.template]
    variants = template.variants_at([question.ordinal], secret=SECRET)
    return template.mark(variants, 0, typed, decimal_comma=question.decimal_comma).fraction
