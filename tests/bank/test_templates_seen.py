"""What is shown is what is graded: a key that a student cannot compute from the displayed numbers is refused at load."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from quizgen.bank import Template, load_bank
from quizgen.errors import BankError
from quizgen.variants.texts import compile_text

DRAW = (
    "cases: [{words: [salt, thyme, mint]}]\n"
    "draw:\n"
    "  p: {uniform: [0.11, 0.89], step: 0.01}\n"
    "  q: {uniform: [0.11, 0.89], step: 0.01}\n"
    "  y: {choice: [0, 1]}\n"
    "  g: {integer: [0, 2]}\n"
    "  v: {distribution: 3}\n"
    "  o: {permutation: 3}\n"
    "  w: {choice: [near, far]}\n"
)
UNUSED = "hints: ['{{ p }} {{ q }} {{ y }} {{ g }} {{ v }} {{ o }} {{ w }} {{ case.words }}']\n"


def numeric(value: str, *, decimals: int = 2) -> str:
    return f"answer: {{kind: numeric, value: '{value}', decimals: {decimals}}}\n"


def written(stem: str, answer: str, let: str = "") -> str:
    lets = f"let:\n{''.join(f'  {line}' + chr(10) for line in let.split(';'))}" if let else ""
    block = "".join(f"  {line}\n" for line in stem.splitlines())
    return f"{DRAW}{lets}stem: |\n{block}{answer}{UNUSED}"


TABLE = '{{ table({"w": case.words, "v": v}) }}'

ANSWERABLE = {
    "the draw itself": written("{{ p }}", numeric("surprisal(p)")),
    "a draw with more decimals than it has": written("{{ p|fixed(4) }}", numeric("surprisal(p)")),
    "a draw as a percentage": written("{{ p|percent }} {{ q|percent(0) }}", numeric("p + q")),
    "a draw with its sign": written("{{ p|signed }}", numeric("p")),
    "what is left of 1": written("{{ 1 - p }}", numeric("surprisal(p)")),
    "a sum of which one part is known": written("{{ p + q }} {{ q }}", numeric("surprisal(p)")),
    "a let that is exact": written("{{ r }}", numeric("surprisal(p)"), "r: 1 - p"),
    "a let that is rounded and shown": written("{{ r }}", numeric("10 * r"), "r: {value: surprisal(p), decimals: 3}"),
    "a let that is rounded as the answer asks": written("{{ p }}", numeric("r"), "r: {value: surprisal(p), decimals: 2}"),
    "a let that is rounded but loses nothing": written("{{ p }}", numeric("10 * r"), "r: {value: p / 2, decimals: 3}"),
    "the entry that an expression shows": written("{{ v[g] }}", numeric("surprisal(v[g])")),
    "the entry under a name": written("{{ r }}", numeric("surprisal(r)"), "r: v[g]"),
    "an index by its word": written(f"{TABLE}\n\n{{{{ case.words[g] }}}}", numeric("surprisal(v[g])")),
    "an index by its number": written(f"{TABLE}\n\n{{{{ g + 1 }}}}", numeric("surprisal(v[g])")),
    "all entries one by one": written("{{ v[0] }} {{ v[1] }} {{ v[2] }}", numeric("entropy(v)")),
    "all entries from the end": written("{{ v[0] }} {{ v[1] }} {{ v[-1] }}", numeric("entropy(v)")),
    "a vector in another order": written('{{ table({"w": take(case.words, o), "v": take(v, o)}) }}', numeric("v[0]")),
    "entries listed in another order": written(
        '{{ table({"w": take(case.words, o), "v": take([p, q, 1], o)}) }}', numeric("p + q")
    ),
    "a column of several": written('{{ table({"a": [p, q, 1 - p]}) }}', numeric("p * q")),
    "words that stand for a label": written(
        "{{ p }} {% if y == 1 %}spam{% else %}ham{% endif %}", numeric("p if y == 1 else 1 - p")
    ),
    "words chosen in an expression": written('{{ p }} {{ "spam" if y == 1 else "ham" }}', numeric("p if y == 1 else 1 - p")),
    "words chosen in a let": written(
        "{{ p }} {{ r }}", numeric("p if y == 1 else 1 - p"), 'r: \'"spam" if y == 1 else "ham"\''
    ),
    "a text drawn and shown": written("{{ p }} {{ w }}", numeric('p if w == "near" else 1 - p')),
    "a mask by what it hides": written(
        '{{ table({"w": "[MASK]" if m == 1 else case.words, "v": v}) }}', numeric("masked_nll(v, m)"), "m: one_hot(g, 3)"
    ),
    "the logarithm as shown": written("{{ r }}", numeric("exp(-r)"), "r: {value: surprisal(p), decimals: 4}"),
    "a bullet list": written("{{ bullets(v) }}", numeric("max(v)")),
    "the length of a vector": written("{{ p }}", numeric("p * len(v)")),
    "options by the draws they speak of": written(
        TABLE,
        "answer:\n  kind: choice\n  options:\n"
        "    - text: The word {{ case.words[g] }} is likelier than {{ case.words[(g + 1) % 3] }}.\n"
        "      true_when: v[g] > v[(g + 1) % 3]\n"
        "    - {text: 'It is not likelier.', true_when: 'v[g] < v[(g + 1) % 3]'}\n",
    ),
    "an order by a vector that is shown": written(TABLE, "answer: {kind: order, items: case.words, by: surprisal(v)}\n"),
    "pairs that show themselves": written(
        "Join.",
        "answer:\n  kind: match\n  pairs:\n    - {left: '{{ p }}', right: '{{ surprisal(p)|fixed(2) }}'}\n"
        "    - {left: '2', right: '{{ 2 + q }}'}\n",
    ),
    "a text that can be read": written(f"{TABLE}", "answer: {kind: text, accept: ['{{ case.words[argmax(v)] }}']}\n"),
}


@pytest.mark.parametrize("what", ANSWERABLE)
def test_a_key_may_rest_on(what: str, template: Callable[..., Template]) -> None:
    assert template(ANSWERABLE[what]).answers


ROUNDED = "which the student sees only rounded"
HIDDEN = "which does not follow from what the student sees"

UNANSWERABLE = {
    "a draw that is nowhere": (written("{{ q }}", numeric("p")), f"the key depends on the draw 'p', {HIDDEN}"),
    "a draw behind lets": (
        written("{{ q }}", numeric("r + q"), "s: log(p);r: s * 2"),
        f"the key depends on the draw 'p', {HIDDEN}",
    ),
    "a draw in a hint only": (written("x", numeric("p")), f"the key depends on the draw 'p', {HIDDEN}"),
    "a draw shown with fewer decimals": (written("{{ p|fixed(1) }}", numeric("p")), f"the key depends on 'p', {ROUNDED}"),
    "a draw shown in significant digits": (written("{{ p|sig(1) }}", numeric("p")), f"the key depends on 'p', {ROUNDED}"),
    "a draw shown as a coarse percentage": (
        written("{{ q|fixed(1)|signed }}", numeric("q")),
        f"the key depends on 'q', {ROUNDED}",
    ),
    "a let shown rounded": (
        written("{{ p }} {{ r|fixed(2) }}", numeric("10 * r"), "r: surprisal(p)"),
        f"the key depends on 'r', {ROUNDED}",
    ),
    "an expression shown rounded": (
        written("{{ p }} {{ surprisal(p)|fixed(2) }}", numeric("10 * surprisal(p)")),
        "the key depends on a value that the student sees only rounded: round it in let",
    ),
    "a rounded function of a draw": (
        written("{{ surprisal(p)|fixed(1) }}", numeric("p")),
        f"the key depends on the draw 'p', {HIDDEN}",
    ),
    "a draw rounded inside an expression": (
        written("{{ (p + 0)|fixed(1) }}", numeric("p")),
        f"the key depends on the draw 'p', {HIDDEN}",
    ),
    "a draw rounded by a function": (written("{{ round(p, 1) }}", numeric("p")), f"the key depends on the draw 'p', {HIDDEN}"),
    "a sum of two unknowns": (written("{{ p + q }}", numeric("p")), f"the key depends on the draw 'p', {HIDDEN}"),
    "the largest of a vector": (written("{{ max(v) }}", numeric("entropy(v)")), f"the key depends on the draw 'v', {HIDDEN}"),
    "two entries of three": (written("{{ v[0] }} {{ v[1] }}", numeric("v[2]")), f"the key depends on the draw 'v', {HIDDEN}"),
    "an entry of another place": (written("{{ v[0] }}", numeric("v[1]")), f"the key depends on the draw 'v', {HIDDEN}"),
    "an index that nobody tells": (written(TABLE, numeric("surprisal(v[g])")), f"the key depends on the draw 'g', {HIDDEN}"),
    "a label that nobody tells": (
        written("{{ p }}", numeric("p if y == 1 else 1 - p")),
        f"the key depends on the draw 'y', {HIDDEN}",
    ),
    "a text that nobody tells": (
        written("{{ p }}", 'answer:\n  kind: numeric\n  value: p if w == "near" else 1 - p\n  decimals: 2\n'),
        f"the key depends on the draw 'w', {HIDDEN}",
    ),
    "a number behind a comparison": (
        written("{% if p > 0.5 %}more{% else %}less{% endif %}", numeric("p")),
        f"the key depends on the draw 'p', {HIDDEN}",
    ),
    "a number behind an equation": (
        written("{% if p == 0.5 %}half{% else %}other{% endif %}", numeric("p")),
        f"the key depends on the draw 'p', {HIDDEN}",
    ),
    "a number that chooses a word": (
        written('{{ "more" if p > 0.5 else "less" }}', numeric("p")),
        f"the key depends on the draw 'p', {HIDDEN}",
    ),
    "a secretly rounded let": (
        written("{{ p }}", numeric("100 * r"), "r: {value: surprisal(p), decimals: 1}"),
        "the key depends on 'r' rounded, but the student does not see that: show it, or do not round it in let",
    ),
    "a let rounded more coarsely than the answer asks": (
        written("{{ p }}", numeric("r", decimals=3), "r: {value: surprisal(p), decimals: 1}"),
        "the key depends on 'r' rounded",
    ),
    "statements about what is not shown": (
        written(
            "{{ p }}",
            "answer: {kind: choice, options: [{text: more, true_when: p > q}, {text: less, true_when: p < q}]}\n",
        ),
        f"the key depends on the draw 'q', {HIDDEN}",
    ),
    "a key that says a word that does not follow": (
        written(
            "{{ p }}",
            "answer: {kind: choice, key: 'Model {{ r }}', distractors: ['Model {{ s }}']}\n",
            'r: \'"A" if p > q else "B"\';s: \'"B" if p > q else "A"\'',
        ),
        f"the key depends on the draw 'q', {HIDDEN}",
    ),
    "an order by what is not shown": (
        written("{{ case.words }}", "answer: {kind: order, items: case.words, by: v}\n"),
        f"the key depends on the draw 'v', {HIDDEN}",
    ),
    "a text that does not follow": (
        written("{{ case.words }}", "answer: {kind: text, accept: ['{{ case.words[g] }}']}\n"),
        f"the key depends on the draw 'g', {HIDDEN}",
    ),
    "a distribution that is not shown": (
        written("{{ case.words }}", "answer: {kind: distribution, value: v, over: case.words}\n"),
        f"the key depends on the draw 'v', {HIDDEN}",
    ),
}


@pytest.mark.parametrize("what", UNANSWERABLE)
def test_no_key_may_rest_on(what: str, problems: Callable[..., list[str]]) -> None:
    text, message = UNANSWERABLE[what]
    found = problems(text)
    assert [problem for problem in found if message in problem], found


def test_the_problem_stands_at_the_answer_that_has_the_key(problems: Callable[..., list[str]]) -> None:
    answers = "answers:\n  a: {kind: numeric, value: p, decimals: 2}\n  b: {kind: numeric, value: q, decimals: 2}\n"
    (problem,) = problems(written("{{ p }}", answers))
    assert problem == "14:6: the key depends on the draw 'q', which does not follow from what the student sees"


def test_what_only_one_branch_shows_is_not_seen_in_the_others() -> None:
    """The text of a branch counts only where every branch, else among them, shows the same value."""

    def always(source: str) -> list[str]:
        return [expression.source for expression in compile_text(source, lambda expression: "").always_displays]

    assert always("{{ a }} {% if y == 1 %}{{ p }}{% else %}nothing{% endif %}") == ["a"]
    assert always("{% if y == 1 %}{{ p }} is it{% else %}it is {{ p }}{% endif %}") == ["p"]
    assert always("{% if y == 1 %}{{ p }}{% elif y == 2 %}{{ p }}{% endif %}") == []


def test_a_hidden_key_is_told_together_with_unused_names_and_unknown_mistakes(tmp_path: Path) -> None:
    """What needs drawn variants does not wait until a misspelt mistake or an unused draw is mended."""
    (tmp_path / "t.yaml").write_text(
        "title: T\nconcept: calculating-cross-entropy-loss\nlevel: apply\nminutes: 1\n"
        "draw: {p: {probability: [0.1, 0.8]}, never: {integer: [1, 3]}}\nlet: {loss: surprisal(p)}\n"
        'stem: "{{ loss|fixed(2) }}"\nanswer: {kind: numeric, value: loss, decimals: 3, mistakes: {linear-los: 1 - p}}\n'
    )
    with pytest.raises(BankError) as caught:
        _ = load_bank(tmp_path)["t"]
    messages = " ".join(problem.message for problem in caught.value.problems)
    assert len(caught.value.problems) >= 3
    assert all(words in messages for words in ("'never' is used nowhere", "no mistake 'linear-los'", "only rounded"))
