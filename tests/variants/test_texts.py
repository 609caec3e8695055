"""Texts: what stands where a tag stood, and what is wrong with a tag at its place."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from quizgen.bank import Template
from quizgen.items import Listing, Place, Table
from quizgen.variants.tags import TextFault, pieces
from quizgen.variants.texts import compile_text, plain_text

DRAW = (
    "cases: [{words: [salt, mint], word: owl, half: 0.50}]\n"
    "draw: {n: {integer: [3, 3]}, p: {choice: [0.50]}, v: {choice: [[0.2, 0.8]]}, k: {choice: [one, two]}}\n"
)
REST = "\nanswer: {kind: numeric, value: 'n + p + v[0] + len(case.words) + case.half', decimals: 2}"
REST += "\nhints: ['{{ case.word }} {{ k }} {{ v }} {{ n }} {{ p }}']"


@pytest.fixture
def shown(template: Callable[..., Template]) -> Callable[[str], str]:
    """What a stem shows beside all names, as plain text."""

    def show(stem: str) -> str:
        text = "".join(f"  {line}\n" for line in f"{{{{ n }}}} {{{{ p }}}} {{{{ v }}}}\n\n{stem}".splitlines())
        made = template(f"{DRAW}stem: |\n{text}{REST}")
        return plain_text(made.item(made.variants(secret=b"x"), 0).stem).partition("\n\n")[2].strip()

    return show


SHOWN = [
    ("{{ n }} {{ p }} {{ v }}", "3 0.50 0.2, 0.8"),
    ("{{ case.words }} {{ case.word }} {{ case.half }}", "salt, mint owl 0.50"),
    ("{{ 1 - p }} {{ n * p }} {{ v[0] }} {{ sum(v) }}", "0.50 1.50 0.2 1.0"),
    ("{{ log(n)|fixed(3) }} {{ log(n)|sig(2) }} {{ v|fixed(2) }}", "1.099 1.1 0.20, 0.80"),
    ("{{ p|percent }} {{ p|percent(1) }} {{ v|percent }} {{ (n / 7)|percent(0) }}", "50% 50.0% 20%, 80% 43%"),
    ("{{ p|signed }} {{ -p|signed }} {{ v|signed }} {{ (0 * n)|signed }}", "+0.50 -0.50 +0.2, +0.8 0"),
    ("{{ p|percent|signed }}", "+50%"),
    ("{{ 'a' if n == 3 else 'b' }} {{ plural(n, 'token', 'tokens') }} {{ a_an(case.word) }}", "a tokens an owl"),
    ("{% if n == 3 %}yes{% endif %}{% if n > 3 %}no{% endif %}", "yes"),
    ("{% if n > 3 %}a{% elif n == 3 %}b{% elif n > 0 %}c{% else %}d{% endif %}", "b"),
    ("{% if n > 3 %}a{% elif n > 4 %}b{% else %}c{% endif %}", "c"),
    ("{% if n == 3 %}{% if p > 1 %}a{% else %}b{% endif %}{% else %}{% if true %}c{% endif %}{% endif %}", "b"),
    ("{%if(n==3)%}tight{%endif%}", "tight"),
    ("x {{- n -}} y", "x3y"),
    ("x\n{%- if n == 3 -%}\n  y\n{%- endif %}", "xy"),
    ("x{# a comment {{ nothing }} #}y", "xy"),
    ("{% raw %}{{ n }} {% if %}{% endraw %} {{ n }}", "{{ n }} {% if %} 3"),
    ("{{ '}}' }} {{ \"%}\" }} {{ n }}", "}} %} 3"),
]


@pytest.mark.parametrize(("stem", "text"), SHOWN)
def test_a_stem_shows_values_with_their_own_decimals_and_the_branch_that_holds(
    stem: str, text: str, shown: Callable[[str], str]
) -> None:
    assert shown(stem) == text


def test_tables_and_lists_are_blocks_of_values(template: Callable[..., Template]) -> None:
    made = template(
        f"{DRAW}stem: |\n  {{{{ p }}}}\n\n"
        '  {{ table({"Word": case.words, case.word: v|fixed(1), "Loss": [answer.a, answer.b]}) }}\n\n'
        "  {{ bullets(case.words) }}\n\n  {{ numbered([n, n + 1]) }}\n\n"
        '  {{ table({"n": n, "answer": answer.c}) }}\n'
        "answers:\n"
        + "".join(f"  {name}: {{kind: numeric, value: n + p, decimals: 2}}\n" for name in "abc")
        + "hints: ['{{ k }} {{ case.half }}']"
    )
    values = made.item(made.variants(secret=b"x"), 0).stem.values
    assert values[1:] == (
        Table(("Word", "owl", "Loss"), (("salt", "mint"), ("0.2", "0.8"), (Place("a"), Place("b")))),
        Listing(("salt", "mint")),
        Listing(("3", "4"), ordered=True),
        Table(("n", "answer"), (("3",), (Place("c"),))),
    )


FAULTS = [
    ("a\nb {{ q }}", "2:3: there is no 'q'"),
    ("{# {{ x }} #}{% raw %}{{{% endraw %}\n{{ '}}' }} {{ q }}", "2:12: there is no 'q'"),
    ("{{ }}", "1:1: {{ }} is empty"),
    ("x {{ n", "1:3: this {{ is not closed"),
    ("{% if n == 3", "1:1: this {% is not closed"),
    ("{# n", "Missing end of comment tag"),
    ("{% for x in case.words %}{% endfor %}", "1:1: {% for x in case.words %} is not available: there are {% if condition %}"),
    ("{% include 'x' %}", "1:1: {% include 'x' %} is not available"),
    ("{% set x = 1 %}", "1:1: {% set x = 1 %} is not available"),
    ("{% else if n %}", "1:1: {% else if n %} is not available"),
    ("{% if n == 3 %}x", "1:1: this {% if %} has no {% endif %}"),
    ("{% endif %}", "1:1: {% endif %} without an {% if %} before it"),
    ("{% if n == 3 %}{% else %}{% elif p > 1 %}{% endif %}", "1:26: {% elif %} after {% else %}"),
    ("{% if n == 3 %}{% else %}{% else %}{% endif %}", "1:26: {% else %} after {% else %}"),
    ("{% if n == 3 %}" * 21 + "{% endif %}" * 21, "1:301: {% if %} stands in more than 20 others"),
    ("{% if n %}x{% endif %}", "1:1: 'n' is no condition (true or false)"),
    ("{% if v > 1 %}x{% endif %}", "'v > 1' is a list of conditions: use any(…) or all(…)"),
    ("{{ n == 3 }}", "1:1: 'n == 3' is a condition and cannot be shown; use {% if … %}"),
    ("{{ log(n) }}", "1:1: 'log(n)' has no fixed number of decimals: write {{ (log(n))|fixed(3) }}"),
    ("{{ n / 7 }}", "1:1: 'n / 7' has no fixed number of decimals"),
    ('{{ table({"A": [n], "B": [2 * log(n)]}) }}', "1:1: '[2 * log(n)]' has no fixed number of decimals"),
    ("{{ 2 ** (n - 4) }}", "1:1: '2 ** (n - 4)' is whole only where the exponent is not negative"),
    ("{{ 2 ** (n - 4) }}", "name it in let with {value: 2 ** (n - 4), decimals: 0} and show the name"),
    ("{{ 'a' * 10**10 }}", "1:1: ''a' * 10**10' calculates with a text; texts are put together with ~"),
    ("{{ log(n)|percent }}", "1:1: the number before '|percent' has no fixed number of decimals: write |percent(1)"),
    ("{{ log(n)|signed }}", "1:1: the number before '|signed' has no fixed number of decimals: write |fixed(2)|signed"),
    ("{{ case }}", "1:1: 'case' is written with a field, as in case.word"),
    ("{{ case.wrd }}", "1:1: there is no 'case.wrd'; did you mean \"case.word\"?"),
    ("{{ given.n }}", "1:1: 'given' is for 'follow_through' only"),
    ("{{ answer.x + 1 }}", "1:1: 'answer' stands alone in {{ answer.name }}"),
    ("{{ table(n) }}", '1:1: a table is written table({"Head": values, "Head": values})'),
    ("{{ table({}) }}", '1:1: a table is written table({"Head": values, "Head": values})'),
    ("{{ bullets() }}", "1:1: a list is written bullets(values)"),
    ("{{ 1 + bullets(case.words) }}", "1:1: bullets(…) stands alone in a {{ }} of its own paragraph"),
    ('{{ table({"a": case.words, "b": [n, n, n]}) }}', "the columns of a table have 2 and 3 rows"),
    ('{{ table({case.words: n}) }}', "the head 'case.words' of a table's column is a list; a head is one text"),
    ('{{ table({"a": [case.words, case.words][0:1]}) }}', "is a table of numbers: show its rows in table(…)"),
    ("{{ p|attr('x') }}", "1:1: there is no filter '|attr'"),
    ("{{ surprisle(p) }}", "1:1: there is no function 'surprisle'; did you mean \"surprisal\"?"),
]  # fmt: skip


@pytest.mark.parametrize(("stem", "message"), FAULTS, ids=lambda value: value[:40])
def test_a_tag_that_is_wrong_is_told_at_its_line_and_column(
    stem: str, message: str, problems: Callable[..., list[str]]
) -> None:
    lines = "".join(f"  {line}\n" for line in f"{{{{ n }}}} {{{{ p }}}} {{{{ v }}}} {{{{ k }}}}\n\n{stem}".splitlines())
    (problem,) = problems(f"{DRAW}stem: |\n{lines}{REST}")
    line, column, rest = problem.split(":", 2)
    if message[0].isdigit():
        at, _, message = message.partition(": ")
        # The stem's own text begins on the sixth line of the file, indented by two.
        assert f"{int(line) - 5}:{int(column) - 2}" == at
    assert message in rest


def test_all_that_is_wrong_in_a_text_is_told_at_once() -> None:
    with pytest.raises(ExceptionGroup) as caught:
        compile_text("{{ 1 + }}\n{% endif %} {{ x }}\n{% for %}", lambda expression: "no such name" if expression.names else "")
    faults = [error for error in caught.value.exceptions if isinstance(error, TextFault)]
    assert [(fault.line, fault.column) for fault in faults] == [(1, 1), (2, 1), (2, 13), (3, 1)]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("x" * 50_001, "a text has at most 50,000 characters"),
        ("{{ 1 }}" * 1025, "a text has at most 1024 tags"),
        ("\ue000", "private-use characters cannot be used"),
    ],
    ids=["long", "tags", "private"],
)
def test_a_text_has_bounds(source: str, message: str) -> None:
    with pytest.raises(ExceptionGroup) as caught:
        compile_text(source, lambda expression: "")
    assert str(caught.value.exceptions[0]) == message


def test_a_text_shows_a_bounded_number_of_values(problems: Callable[..., list[str]]) -> None:
    tables = "".join('  {{ table({"a": range(900)}) }}\n\n' for _ in range(6))
    (problem,) = problems(f"stem: |\n{tables}answer: {{kind: numeric, value: 1, decimals: 0}}")
    assert "a text shows more than 5,000 values" in problem


def test_tags_and_what_stands_between_them_make_up_the_source() -> None:
    found = [
        piece if isinstance(piece, str) else (piece.kind, piece.expression, piece.line, piece.column)
        for piece in pieces("a\r\n{{ x }}b {%- if y %} c\n")
    ]
    assert found == ["a\n", ("value", "x", 2, 1), "b", ("if", "y", 2, 10), " c"]


@pytest.mark.parametrize(
    ("draws", "whole"),
    [
        ("V: {choice: [10, 20]}, m: {choice: [2, 3]}", True),
        ("V: {choice: [-10, 20]}, m: {integer: [0, 3]}", True),
        ("V: {choice: [10, 20]}, m: {integer: [-1, 3]}", False),
        ("V: {choice: [10, 20]}, m: {choice: [2, 2.5]}", False),
        ("V: {choice: [1.5, 2.5]}, m: {choice: [2, 3]}", False),
    ],
)
def test_a_power_is_whole_where_the_declared_values_of_its_exponent_are(
    draws: str, whole: bool, template: Callable[..., Template], problems: Callable[..., list[str]]
) -> None:
    stem = "stem: '{{ V ** m }} of {{ V }}, {{ m }}'"
    text = f"draw: {{{draws}}}\n{stem}\nanswer: {{kind: numeric, value: V + m, decimals: 1}}\n"
    if whole:
        made = template(text)
        power, base, exponent = made.item(made.variants(secret=b"x"), 0).stem.values
        assert int(str(power)) == int(str(base)) ** int(str(exponent))
    else:
        assert any("'V ** m'" in problem for problem in problems(text))
