"""A bank with a template of every kind and every rule, awkward words in it, and how its responses are given in QTI."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from quizgen import load_bank
from quizgen.answers.base import Specimens
from quizgen.bank import Bank, Template, Variants
from quizgen.items import Arrange, ChooseMany, Interaction, Match, StateDistribution
from quizgen.lms.base import Format
from quizgen.lms.export import export_quiz, manifest_path
from quizgen.lms.plan import ident_of
from quizgen.lms.record import read_record
from quizgen.quizzes import load_quiz

SECRET = b"qti" * 11

AWKWARD = "]]> <b>&amp; {=}~# “q” 🙂 שלום \\\\frac{a}{b} 'quoted' 100% " + "x" * 300
"""As it stands in a YAML string between double quotes."""

HEAD = "title: A trial\nconcept: trial\nlevel: apply\nminutes: 1\n"
CONCEPTS = """course: A course
page: A page
concepts:
  - {id: trial, title: Trial, part: before, row: 1, requires: [], summary: A trial.}
"""
MISTAKES = "".join(
    f"m-{name}:\n  title: Mistake {name}\n  explanation: It is one & $a < b$.\n  concept: trial\n"
    for name in ("one", "two", "three")
)

MANY = """draw: {{p: {{distribution: 3, step: 0.05, min: 0.05, distinct: true}}}}
stem: "{{{{ p }}}}"
answer:
  kind: multiple
  credit: "{rule}"
  min_true: 0
  options:
    - {{text: "the first is over a half", true_when: "p[0] > 0.5", mistake: m-one}}
    - {{text: "the second is over a third", true_when: "p[1] > 1/3"}}
    - {{text: "the third is the largest", true_when: argmax(p) == 2, feedback: "Look again."}}
    - {{text: "the first is below the second", true_when: "p[0] < p[1]"}}
"""
ORDER = """draw: {{p: {{distribution: 4, distinct: true}}}}
cases: [{{words: [salt, thyme, concrete, laughter]}}]
stem: "{{{{ p }}}}"
answer: {{kind: order, items: case.words, by: p, credit: {rule}, mistakes: {{m-one: -p}}}}
"""
MATCH = """draw: {{p: {{uniform: [0.1, 0.4], step: 0.05}}}}
stem: "{{{{ p }}}}"
answer:
  kind: match
  credit: {rule}
  extra: ["0.99"]
  pairs:
    - {{left: "it", right: "{{{{ p }}}}", mistake: m-one}}
    - {{left: "the rest", right: "{{{{ 1 - p }}}}"}}
    - {{left: "all", right: "1", mistake: m-two}}
"""
MANY_RULES = (
    "all-or-nothing",
    "every-decision-counts",
    "percent-correct",
    "coverage",
    "true",
    "false",
    "false2",
    "all",
    "none",
)
ORDER_RULES = (
    "all-or-nothing", "absolute-position", "relative-next", "longest-ordered-subset", "longest-contiguous-subset", "pairs",
)  # fmt: skip

TEMPLATES = {
    **{f"many-{rule}": MANY.format(rule=rule) for rule in MANY_RULES},
    **{f"order-{rule}": ORDER.format(rule=rule) for rule in ORDER_RULES},
    **{f"match-{rule}": MATCH.format(rule=rule) for rule in ("each-pair", "all-or-nothing")},
    "choice": """draw: {p: {uniform: [0.05, 0.8], step: 0.05, avoid: [0.5, 0.55, 0.6]}}
stem: "A model gives the word probability {{ p }}."
answer:
  kind: choice
  choose: 3
  key: {value: surprisal(p), decimals: 3, unit: nats}
  distractors: [{value: 1 - p, mistake: m-one}, {value: "log2(1 / p)", mistake: m-two}, {value: 1 / p, feedback: "No."}]
solution: It is $-\\ln {{ p }}$.
""",
    "choice-plain": """stem: Which?
answer: {kind: choice, key: "$a^2$", distractors: ["$b$", "c"]}
""",
    "choice-placed": """draw: {p: {integer: [2, 9]}}
stem: "Twice {{ p }} is {{ answer.a }}, and half of it is {{ answer.b }}."
answers:
  a: {kind: choice, key: "{{ 2 * p }}", distractors: ["{{ p }} & more", "$\\\\frac{1}{2}$"]}
  b: {kind: numeric, value: p / 2, decimals: 1, weight: 2}
""",
    "numeric": """draw: {p: {uniform: [0.1, 0.9], step: 0.05, avoid: [0.5]}}
stem: "{{ p }}"
answer:
  kind: numeric
  value: surprisal(p)
  sigfigs: 3
  unit: nats
  accept_units: [bits, bans]
  mistakes: {m-one: 1 - p, m-two: {value: 3 * surprisal(1 - p), credit: 0.25}}
solution: "{{ surprisal(p)|fixed(3) }}"
""",
    "numeric-zero": """draw: {n: {integer: [2, 99]}}
stem: "{{ n }} less itself"
answer: {kind: numeric, value: n - n, decimals: 2}
""",
    "text": """cases: [{word: salt, other: thyme}, {word: thyme, other: "a < b"}]
stem: "{{ case.word }} or {{ case.other }}"
answer:
  kind: text
  accept: ["{{ case.word }}", {text: "the {{ case.word }}", credit: 0.5}]
  mistakes: {m-one: ["{{ case.other }}"]}
""",
    "text-strict": """stem: Name it.
answer: {kind: text, case_sensitive: true, accept: ["Q & A"]}
""",
    "distribution-brier": """draw: {p: {distribution: 3, step: 0.05, min: 0.05, distinct: true}}
stem: "{{ p }}"
answer: {kind: distribution, value: p, over: '["a", "b", "c"]', rule: brier, mistakes: {m-one: "[p[1], p[0], p[2]]"}}
""",
    "distribution-log": """draw: {n: {integer: [2, 7]}}
let: {q: "[1 / 3, 1 / 3, 1 / 3]"}
stem: "{{ n }}"
answer: {kind: distribution, value: q, over: '["a & b", "<b>", "c"]', rule: log}
""",
    "essay": """cases: [{word: salt}, {word: thyme}]
stem: "Explain."
answer: {kind: essay, words: 50, rubric: [{criterion: "names {{ case.word }} & more", points: 2}, {criterion: says why}]}
""",
    "several": """draw: {p: {distribution: 3, step: 0.05, min: 0.05, distinct: true}}
stem: |
  {{ p }}

  {{ table({"which": ["a", "b"], "surprisal": [answer.x, answer.y]}) }}
answers:
  x: {kind: numeric, label: "$x$", value: "surprisal(p[0])", decimals: 2, unit: nats, weight: 3}
  y: {kind: numeric, value: "surprisal(p[1])", decimals: 2, mistakes: {m-one: {value: "p[1]", credit: 0.25}}}
  z: {kind: order, items: '["a", "b", "c"]', by: p, credit: pairs, weight: 2}
  w: {kind: choice, label: Which is largest?, key: "{{ p[0] }}", distractors: ["{{ p[1] }}"], weight: 0.5}
solution: Compute.
""",
    "several-with-distribution": """draw: {p: {distribution: 3, step: 0.05, min: 0.05, distinct: true}}
stem: "{{ p }}"
answers:
  q: {kind: distribution, value: p, over: '["a", "b", "c"]', weight: 2}
  n: {kind: numeric, value: "p[0]", decimals: 2}
""",
    "awkward": f"""cases: [{{words: "{AWKWARD}"}}]
stem: "**{{{{ case.words }}}}** and $\\\\frac{{1}}{{2}}$

1. one

   ```
   <code> & more
   ```

[link](https://example.org/?a=1&b=2)"
answer:
  kind: multiple
  options:
    - {{text: "{{{{ case.words }}}}", true_when: true}}
    - {{text: "not {{{{ case.words }}}}", true_when: false, feedback: "{{{{ case.words }}}}"}}
solution: "{{{{ case.words }}}}"
""",
}


def write_bank(folder: Path) -> Bank:
    """The bank, written into a folder."""
    folder.mkdir()
    (folder / "concepts.yaml").write_text(CONCEPTS, encoding="utf-8")
    (folder / "mistakes.yaml").write_text(MISTAKES, encoding="utf-8")
    for name, body in TEMPLATES.items():
        (folder / f"{name}.yaml").write_text(HEAD + body, encoding="utf-8")
    return load_bank(folder)


@dataclass(frozen=True)
class Exported:
    """One exported question with what quizgen knows of it."""

    name: str
    ident: str
    item: bytes
    template: Template
    variants: Variants
    interactions: Mapping[str, Interaction]
    specimens: Mapping[str, Specimens]

    def mark(self, answers: Mapping[str, str]) -> float:
        """What quizgen gives for responses, as a fraction of all points."""
        return self.template.mark(self.variants, 0, answers).fraction

    def given(self, answers: Mapping[str, str]) -> dict[str, object]:
        """The same responses as QTI's variables have them."""
        found: dict[str, object] = {}
        several = len(self.interactions) > 1
        for place, (name, interaction) in enumerate(self.interactions.items(), 1):
            response = f"RESPONSE_{place}" if several else "RESPONSE"
            text = answers.get(name, "")
            match interaction:
                case ChooseMany():
                    found[response] = [label.upper() for label in text.split()]
                case Arrange():
                    found[response] = ["" if label == "?" else label for label in text.split()]
                case Match():
                    found[response] = [re.sub(r"(\d+)-(\w)", r"L0\1 \2", pair) for pair in text.split()]
                case StateDistribution():
                    for share, typed in enumerate(text.split(";"), 1):
                        found[f"{response}_P{share}"] = typed.strip()
                case _:
                    found[response] = text
        return found


def exported(bank: Bank, folder: Path, format: Format, names: list[str], variants: int) -> Iterator[Exported]:
    """The questions of some templates, exported."""
    lines = "".join(f"  - {{template: {name}, points: 2}}\n" for name in names)
    (folder / "quiz.yaml").write_text(f"title: A quiz & more\nitems:\n{lines}", encoding="utf-8")
    out = folder / f"{format.name}.zip"
    export_quiz(load_quiz(folder / "quiz.yaml"), bank, format, out, variants=variants, secret=SECRET, force=True)
    record = read_record(manifest_path(out))
    with zipfile.ZipFile(out) as archive:
        for sent in record.sent:
            template = bank[sent.template]
            drawn = template.variants_at([sent.ordinal], secret=SECRET)
            specimens = {
                answer.name: answer.specimens(keys, 0) for block in drawn.blocks for answer, keys in template.prepared(block)
            }
            ident = ident_of(sent.code)
            interactions = dict(template.item(drawn, 0).interactions)
            item = archive.read(f"items/{ident}.xml")
            yield Exported(sent.template, ident, item, template, drawn, interactions, specimens)
