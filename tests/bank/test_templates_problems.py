"""Every fault of a template is told at its place, in the author's words, and all faults of a file at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from template_head import HEAD

from quizgen.bank import Template

P = "draw: {p: {uniform: [0.1, 0.9], step: 0.1}}\n"
STEM = "stem: 'Given {{ p }}.'\n"
ANSWER = "answer: {kind: numeric, value: p, decimals: 1}"

FAULTS = {
    # names
    P + "stem: 'Given {{ p }}.'\nlet: {a: p}\n" + ANSWER: "3:7: the let 'a' is used nowhere",
    P + "stem: 'Given.'\nanswer: {kind: numeric, value: 1, decimals: 0}": "1:8: the draw 'p' is used nowhere",
    "cases: [{w: a, v: b}]\nstem: '{{ case.w }}'\nanswer: {kind: text, accept: [x]}": (
        "1:16: the field 'case.v' is used nowhere"
    ),
    P + STEM + "answer:\n  kind: numeric\n  value: 2 * pp\n  decimals: 1": "5:14: there is no 'pp'; there is p",
    P + STEM + "let:\n  ratio: p * 2\n  b: ratoi + 1\nanswer: {kind: numeric, value: b + ratio, decimals: 1}": (
        "5:6: there is no 'ratoi'; did you mean \"ratio\"?"
    ),
    P + STEM + "let:\n  a: b + 1\n  b: p\nanswer: {kind: numeric, value: a, decimals: 1}": (
        "4:6: 'b' is defined further down; a let may use draws, the case and earlier lets"
    ),
    P + STEM + "let:\n  a: b + p\n  b: c\n  c: a\nanswer: {kind: numeric, value: a, decimals: 1}": (
        "4:3: these lets need each other in a circle: a → b → c → a"
    ),
    P + STEM + "let:\n  a: a + p\nanswer: {kind: numeric, value: a, decimals: 1}": (
        "4:3: these lets need each other in a circle: a → a"
    ),
    P + STEM + "let:\n  p: 2\n" + ANSWER: "4:3: 'p' is the name of a draw already",
    "draw: {case: {integer: [1, 2]}}\nstem: x\nanswer: {kind: numeric, value: 1, decimals: 0}": (
        "1:8: 'case' has a meaning of its own; choose another name"
    ),
    "draw: {if: {integer: [1, 2]}}\nstem: x\nanswer: {kind: numeric, value: 1, decimals: 0}": (
        "1:8: 'if' has a meaning of its own; choose another name"
    ),
    "draw: {p_é: {integer: [1, 2]}}\nstem: x\nanswer: {kind: numeric, value: 1, decimals: 0}": (
        "1:8: 'p_é' is no name: use letters, digits and _, a letter first"
    ),
    "draw: {1p: {integer: [1, 2]}}\nstem: x\nanswer: {kind: numeric, value: 1, decimals: 0}": "1:8: '1p' is no name",
    "cases: [{'a-b': 1}]\nstem: x\nanswer: {kind: numeric, value: 1, decimals: 0}": "1:10: 'a-b' is no name",
    P + "stem: '{{ p }} {{ case.w }}'\n" + ANSWER: "2:16: there is no 'case.w'; there is p",
    "cases: [{w: a, u: b}, {w: c}]\nstem: '{{ case.w }} {{ case.u }}'\nanswer: {kind: text, accept: [x]}": (
        "1:23: this case has no 'u', which the first case has"
    ),
    "cases: [{w: a}, {w: b, v: c}]\nstem: '{{ case.w }}'\nanswer: {kind: text, accept: [x]}": (
        "1:24: 'v' is not in the first case"
    ),
    "cases: [{w: ~}]\nstem: '{{ case.w }}'\nanswer: {kind: text, accept: [x]}": "1:13: nothing stands where a text, a number",
    # draws
    "draw: {p: {unifrom: [0, 1], step: 0.1}}\n" + STEM + ANSWER: "1:11: there is no kind of draw 'unifrom'",
    "draw: {p: {uniform: [0, 1], stpe: 0.1}}\n" + STEM + ANSWER: '1:29: unknown key "stpe"; did you mean "step"?',
    "draw: {p: {uniform: [0, 1], step: 0.3}}\n" + STEM + ANSWER: "1:11: the step 0.3 does not lead from 0 to 1 exactly",
    "draw: {p: {rows: no.csv}}\n" + STEM + ANSWER: "1:11: there is no data file 'no.csv' beside the template",
    "draw: {p: {distribution: 3, gold: g, rank: 1}, g: {integer: [0, 2]}}\nstem: '{{ p }} {{ g }}'\n"
    "answer: {kind: numeric, value: 'p[g]', decimals: 2}": "1:11: there is no earlier 'g'",
    "cases: [{w: [a]}, {w: [b, c]}]\ndraw: {s: {sample: case.w, size: 2}}\nstem: '{{ s }}'\n"
    "answer: {kind: text, accept: [x]}": "2:11: 2 of a list of 1 cannot be drawn without repetition (in case 1)",
    # what is shown
    P + STEM + "let: {a: log(p)}\nhints: ['{{ a }}']\n" + ANSWER: (
        "4:10: 'a' has no fixed number of decimals: write {{ a|fixed(3) }}, or round it in let with {value: …, decimals: 3}; "
        "with decimals: 0 if it is whole, as 2 ** k may be"
    ),
    P
    + STEM
    + "let: {a: p|fixed(2)}\nhints: ['{{ a }}']\n"
    + ANSWER: "3:10: fixed, sig and percent are for showing; to round in let",
    P
    + STEM
    + "let:\n  a: {value: p, decimals: 1, sigfigs: 2}\nhints: ['{{ a }}']\n"
    + ANSWER: "4:6: give 'decimals' or 'sigfigs'",
    P + STEM + "let:\n  a: {value: \"'x'\", decimals: 1}\nhints: ['{{ a }}']\n" + ANSWER: "",
    P + "stem: 'Given {{ p }}. {{ answer }}'\n" + ANSWER: "2:23: 'answer' stands alone in {{ answer.name }}",
    P + "stem: 'Given {{ p }}. {{ answer.x }}'\n" + ANSWER: "2:23: a single 'answer' needs no place: it stands below the stem",
    P + "stem: 'Given {{ p }}. {{ answer.b }}'\nanswers: {a: {kind: numeric, value: p, decimals: 1}}": (
        "2:23: there is no answer 'b'; there is a"
    ),
    P + "stem: '{{ p }} {{ answer.a }} {{ answer.a }}'\nanswers: {a: {kind: numeric, value: p, decimals: 1}}": (
        "2:31: the answer 'a' is placed twice"
    ),
    P + STEM + "hints: ['x {{ answer.a }}']\nanswers: {a: {kind: numeric, value: p, decimals: 1}}": (
        "3:12: an answer can be placed in the stem only"
    ),
    P + STEM + 'answer: {kind: choice, key: "a\\n\\nb", distractors: [c]}': "this text is a single paragraph",
    # answers
    P + STEM + "answer: {kind: numerc, value: p, decimals: 1}": (
        "3:16: there is no kind of answer 'numerc'; did you mean \"numeric\"?"
    ),
    P + STEM + "answer: {value: p, decimals: 1}": "an answer needs 'kind': ",
    P + STEM + "answer: {kind: numeric, value: p, decimal: 1}": '3:35: unknown key "decimal"; did you mean "decimals"?',
    P + STEM + ANSWER + "\nanswers: {a: {kind: essay, rubric: [{criterion: x}]}}": "either 'answer' or 'answers'",
    P + STEM: "either 'answer' or 'answers'",
    P + STEM + "answers: {a-b: {kind: numeric, value: p, decimals: 1}}": "3:11: 'a-b' is no name",
    P + STEM + "answer: {kind: numeric, value: \"'a'\", decimals: 1}": "is a text where a number is needed",
    P + STEM + "answer: {kind: numeric, value: '[p, 1]', decimals: 1}": "'[p, 1]' is a list; a numeric answer has one number",
    P + STEM + "answer: {kind: numeric, value: 0 * p / 0, decimals: 1}": "'0 * p / 0' is undefined at variant 0",
    P + STEM + "answer: {kind: numeric, value: given.x, decimals: 1}": "3:32: 'given' is for 'follow_through' only",
    P + STEM + "answers:\n  a: {kind: numeric, value: p, decimals: 1}\n"
    "  b: {kind: numeric, value: p, decimals: 1, follow_through: given.c}": (
        "5:61: 'c' is no numeric answer before this one; there is a"
    ),
    P + STEM + "answer: {kind: numeric, value: p, decimals: 1, mistakes: {used-log11: p + 1}}": (
        "3:71: there is no mistake 'used-log11' in mistakes.yaml; did you mean \"used-log10\"?"
    ),
    P + STEM + "answer: {kind: numeric, value: p, decimals: 1, rounded_steps: [q]}": "3:64: 'q' is not a name of let",
    # the rest
    P + STEM + ANSWER + "\nrequire: [p >]": "4:11: 'p >' is not an expression",
    P + STEM + ANSWER + "\nrequire: [p + 1]": "a number or text stands where a condition (true or false) is needed",
    P + STEM + ANSWER + "\nrequire: ['[p, 1] > 0']": "4:11: '[p, 1] > 0' is a list of conditions: use any(…) or all(…)",
    P + STEM + "answer: {kind: numeric, value: p, decimals: 1, mistakes: {used-log10: '[p, p]'}}": (
        "'[p, p]' is a list where one number is needed"
    ),
    P
    + STEM
    + "answer: {kind: choice, key: {value: p, decimals: 1}, distractors: [{value: '[p, p]'}]}": "is a list where one number",
    P + STEM + "let: {a: 1e200}\nhints: ['{{ a }}']\n" + ANSWER: "3:10: a number is too large",
    P + STEM + "answers: ~\nanswer: ~": "either 'answer' or 'answers'",
    P + STEM + "answers: {}": "answers must have at least 1 entry; there are none",
    P + STEM + ANSWER + "\nextends: '" + "x" * 5000 + "'": '4:10: there is no file "' + "x" * 80 + '" to extend',
    P + STEM + "answers: {" + ", ".join(f"a{i}: {{kind: numeric, value: p, decimals: 1}}" for i in range(51)) + "}": (
        "answers must have at most 50 entries; there are 51"
    ),
    P + STEM + ANSWER + "\nincidental: [q]": "4:14: 'q' is no draw; there are case, p",
    P + STEM + ANSWER + "\nmistakes: {own: {title: t, explanation: e}}": "4:12: the mistake 'own' is not used by any answer",
    P + STEM + ANSWER + "\ntilte: x": '4:1: unknown key "tilte"',
    P + STEM + ANSWER + "\nextends: other.yaml": '4:10: there is no file "other.yaml" to extend',
}


@pytest.mark.parametrize("text", FAULTS, ids=lambda text: FAULTS[text][:60] or "let of a text")
def test_a_fault_is_told_at_its_place_and_alone(text: str, problems: Callable[..., list[str]]) -> None:
    found = problems(text)
    assert len(found) == 1, found
    assert FAULTS[text] in found[0]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("concept: calculating-cross-entropy-los", 'in concepts.yaml; did you mean "calculating-cross-entropy-loss"?'),
        ("level: aply", 'analyse, evaluate, not "aply"; did you mean "apply"?'),
        ("minutes: 0", "minutes must be greater than 0, not the number 0"),
        ("title: ''", "title must not be empty"),
    ],
)
def test_a_key_of_the_head_is_checked(keys: str, message: str, problems: Callable[..., list[str]]) -> None:
    name = keys.partition(":")[0]
    head = "".join(f"{keys}\n" if line.startswith(f"{name}:") else f"{line}\n" for line in HEAD.splitlines())
    (problem,) = problems(P + STEM + ANSWER, head=head)
    assert message in problem


def test_all_faults_of_a_file_are_told_at_once_in_the_order_of_the_file(problems: Callable[..., list[str]]) -> None:
    found = problems(
        "draw:\n"
        "  p: {unifrom: [0, 1], step: 0.1}\n"
        "  q: {integer: [1, 5], setp: 2}\n"
        "  r: {integer: [1, 5]}\n"
        "let:\n"
        "  a: surprisle(r)\n"
        "  b: c + 1\n"
        "  c: r ** 0.5\n"
        "require: [r > 1 and]\n"
        "stem: |\n"
        "  {{ p }} {{ q }} {{ c }} {{ nothing }}\n"
        "  {% for x in r %}\n"
        "answer: {kind: numeric, value: r + z, decimals: 40}\n"
        "hints: ['{{ r|fixt(2) }}']\n"
        "lvel: apply\n"
    )
    assert [problem.split(":")[0] for problem in found] == ["2", "3", "6", "7", "9", "11", "12", "13", "14", "15"]


def test_what_depends_on_something_wrong_is_not_reported_again(problems: Callable[..., list[str]]) -> None:
    (problem,) = problems(
        "draw: {p: {uniform: [0, 1], step: 0.3}}\nlet: {a: p * 2, b: log(a)}\nstem: '{{ p }} {{ a }} {{ b }}'\n"
        "answer: {kind: numeric, value: a + b, decimals: 2}"
    )
    assert problem.startswith("1:11: the step 0.3")
    (problem,) = problems(
        "draw: {r: {rows: no.csv}}\nstem: '{{ r.word }} {{ r.p }}'\nanswer: {kind: numeric, value: r.p, decimals: 2}"
    )
    assert problem.startswith("1:11: there is no data file")


def test_the_place_of_a_fault_in_a_block_text_is_its_own_line(problems: Callable[..., list[str]]) -> None:
    (problem,) = problems(P + "stem: |\n  Given {{ p }}.\n\n    and {{ q }}\n" + ANSWER)
    assert problem == "5:9: there is no 'q'; there is p"


def test_a_fault_that_only_some_variants_show_is_found_at_load_and_placed(problems: Callable[..., list[str]]) -> None:
    (problem,) = problems(
        "draw: {i: {integer: [0, 3]}}\nstem: '{{ i }}'\nlet:\n  x: range(3)[i]\nanswer: {kind: numeric, value: x, decimals: 0}"
    )
    assert problem == "4:6: in 'range(3)[i]': index 3 is outside a list of 3 (indices count from 0)"


def test_a_list_where_an_answer_wants_a_number_is_told_at_the_answer(problems: Callable[..., list[str]]) -> None:
    """The stem may show the same list, and an earlier expression may begin alike: neither is wrong."""
    (problem,) = problems(
        "draw: {p: {integer: [2, 3]}, v: {sequence: {integer: [1, 4]}, size: 2}}\nstem: '{{ p }} {{ v }} {{ p * v }}'\n"
        "answer: {kind: numeric, value: p * v, decimals: 0}"
    )
    assert problem == "3:32: 'p * v' is a list; a numeric answer has one number"


def test_an_inherited_fault_is_told_in_the_file_that_holds_it(template: Callable[..., Template]) -> None:
    base = P + "stem: 'Given {{ q }}.'\n" + ANSWER
    with pytest.raises(Exception, match=r"base\.yaml:2:14: there is no 'q'"):
        template("extends: base.yaml", base__yaml=base)


def test_a_numbers_own_decimals_survive_in_let(template: Callable[..., Template]) -> None:
    made = template(
        P + "let: {a: 0.50, n: 3, yes: true}\nstem: '{{ p }} {{ a }} {{ n }} {% if yes %}{{ a * n }}{% endif %}'\n" + ANSWER
    )
    values = made.item(made.variants(secret=b"x"), 0).stem.values
    assert values[1:5] == ("0.50", "3", True, "1.50")
