"""What Open edX's own grader gives to a response is what quizgen gives: every kind and rule, exported and answered there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from html import unescape
from typing import Any

import pytest
from edx_grader import LATEX, inputs_of, run, shown, task
from kinds_answers import combinations_of, decimal
from kinds_bank import SECRET, TEMPLATES, questions_of, write_kinds_bank

from quizgen.answers.labels import LETTERS
from quizgen.answers.order import CREDIT as ORDERS
from quizgen.bank import Bank, Template, load_bank
from quizgen.lms.base import Question
from quizgen.lms.formats.edx import FORMAT
from quizgen.lms.formats.edx.carriers import Letters, List, Menus, Number, Ticks, carriers_of
from quizgen.schemes import ByPerson, NumberBands, OneOption

HEAD = "title: A title\nconcept: trial\nlevel: apply\nminutes: 1\n"
MORE = {
    **{
        f"long-order-{rule}": f"""
draw: {{p: {{distribution: 5, distinct: true, step: 0.01}}}}
stem: "{{{{ p }}}}"
answer: {{kind: order, items: [alpha, beta, gamma, delta, epsilon], by: p, credit: {rule}}}
"""
        for rule in ORDERS
    },
    "endless": """
draw: {p: {choice: [0.25, 0.5]}}
stem: "{{ p }}"
answer: {kind: numeric, value: "surprisal(0 * p)", decimals: 2}
""",
    "equal-weights": """
draw: {p: {distribution: 3, step: 0.01, distinct: true}}
stem: |
  {{ p }} has the surprisal {{ answer.number }}, called {{ answer.name }}.

  | a | b |
  |---|---|
  | second | {{ answer.second }} |
answers:
  number: {kind: numeric, value: "surprisal(p[0])", decimals: 2, mistakes: {m-one: "p[0]"}}
  second: {kind: numeric, value: "surprisal(p[1])", decimals: 2}
  name: {kind: text, accept: ["it's ~ is"], mistakes: {m-two: ["salt"]}}
  order: {kind: order, items: [alpha, beta, gamma], by: p, credit: pairs}
  sets: {kind: multiple, credit: percent-correct, options: [{text: "is ~1", true_when: true}, {text: "b", true_when: true},
         {text: "c", true_when: false}]}
""",
    "signs": """
cases: [{word: "]]>"}, {word: "->"}, {word: "?"}, {word: "_"}, {word: "]] >"}, {word: "! ?"}]
stem: "{{ case.word }}"
answer: {kind: text, accept: ["{{ case.word }}"]}
""",
    "case": """
cases: [{word: "KL, then"}, {word: "x_or_y $seed 1,5 2"}, {word: "?"}]
stem: "{{ case.word }}"
answer: {kind: text, case_sensitive: true, accept: ["{{ case.word }}"]}
""",
}

EXACT = {
    *("choice", "narrow", "whole", "match", "match-all", "endless", "equal-weights", "case", "signs"),
    *("set-all-or-nothing", "set-every-decision-counts", "empty-set-all-or-nothing", "empty-set-every-decision-counts"),
    *(f"order-{rule}" for rule in ORDERS),
    *("long-order-all-or-nothing", "long-order-absolute-position"),
}

Tried = dict[str, list[tuple[Question, dict[str, str], dict[str, Any], float]]]


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    folder = tmp_path_factory.mktemp("edx") / "bank"
    write_kinds_bank(folder)
    for name, body in MORE.items():
        (folder / f"{name}.yaml").write_text(HEAD + body.lstrip("\n"), encoding="utf-8")
    return load_bank(folder)


@pytest.fixture(scope="module")
def tried(bank: Bank) -> Tried:
    """All responses to some variants of every template that a problem takes, with what the grader and quizgen give."""
    return compared({name: bank[name] for name in sorted({*TEMPLATES, *MORE} - {"essay"})}, 3)


def compared(templates: Mapping[str, Template], count: int) -> Tried:
    found: Tried = {}
    for name, template in templates.items():
        met = [
            (question, responses, fraction)
            for question in questions_of({name: template}, name, count)  # type: ignore[arg-type] # all that it needs of a bank
            for responses, fraction in _marked(template, question)
        ]
        there = run([task(question, responses) for question, responses, _ in met])
        found[name] = [(question, given, result, here) for (question, given, here), result in zip(met, there, strict=True)]
    return found


def _marked(template: Template, question: Question) -> Iterator[tuple[dict[str, str], float]]:
    variants = template.variants_at([question.ordinal], secret=SECRET)
    for responses in responses_to(question):
        yield responses, template.mark(variants, 0, responses).fraction


def responses_to(question: Question) -> Iterator[dict[str, str]]:
    yield from combinations_of(question)
    yield {}
    for asked, carrier in carriers_of(question):
        if isinstance(carrier, Number) and carrier.band is not None:
            beside = max((carrier.band.high - carrier.band.low) / 10**6, Fraction(1, 10**12) * max(1, abs(carrier.band.high)))
            for number in (carrier.band.low - beside, carrier.band.low, carrier.band.high, carrier.band.high + beside):
                yield {asked.name: decimal(number)}


def marked(template: Template, question: Question, responses: dict[str, str]) -> float:
    variants = template.variants_at([question.ordinal], secret=SECRET)
    return template.mark(variants, 0, responses).fraction


def differs(question: Question) -> bool:
    return any(loss.severity == "differs" for loss in FORMAT.losses(question, LATEX))


def refused(question: Question) -> bool:
    return any(loss.severity == "refused" for loss in FORMAT.losses(question, LATEX))


@pytest.mark.parametrize("name", sorted(EXACT))
def test_a_rule_that_is_carried_marks_there_as_here(tried: Tried, name: str) -> None:
    earned = set()
    for question, responses, there, here in tried[name]:
        assert not differs(question)
        assert there["score"] / there["total"] == pytest.approx(here, abs=1e-9), responses
        earned.add(round(here, 3))
    assert {0.0, 1.0} <= earned


def test_no_other_question_marks_otherwise_without_being_told(tried: Tried) -> None:
    otherwise = 0
    for question, responses, there, here in (one for ones in tried.values() for one in ones):
        same = there["score"] / there["total"] == pytest.approx(here, abs=1e-9)
        assert same or differs(question), (question.template, responses)
        otherwise += not same
    assert otherwise > 20


def test_the_right_response_earns_full_marks_even_where_others_differ(bank: Bank) -> None:
    names, right = [], []
    for name in sorted({*TEMPLATES, *MORE} - {"essay"}):
        for question in questions_of(bank, name, 2):
            *_, best = combinations_of(question)
            best |= {one.name: LETTERS[one.scheme.right] for one in question.asked if isinstance(one.scheme, OneOption)}
            if not refused(question):
                names.append(name)
                right.append(task(question, best))
    assert len(right) > 50
    for name, there in zip(names, run(right), strict=True):
        assert there["score"] == pytest.approx(there["total"]), name


def test_the_shipped_bank_marks_there_as_here() -> None:
    bank = load_bank()
    carried = {}
    for name, template in bank.items():
        (question,) = questions_of(bank, name, 1)
        if not any(isinstance(asked.scheme, ByPerson) for asked in question.asked) and not differs(question):
            carried[name] = template
    assert len(carried) > 90
    for name, ones in compared(carried, 1).items():
        for question, responses, there, here in ones:
            follows = any(isinstance(asked.scheme, NumberBands) and asked.scheme.follows for asked in question.asked)
            fraction = there["score"] / there["total"]
            if follows:  # what follows from a wrong number earns nothing there, which is told
                assert fraction <= here + 1e-9, (name, responses)
            else:
                assert fraction == pytest.approx(here, abs=1e-9), (name, responses)


def test_what_cannot_be_read_here_earns_nothing_there(bank: Bank) -> None:
    tasks, texts = [], []
    for name in ("narrow", "whole", "case", "text", "distribution", "long-order-all-or-nothing", "match-all"):
        for question in questions_of(bank, name, 2):
            (block,) = bank[name].variants_at([question.ordinal], secret=SECRET).blocks
            for answer, keys in bank[name].prepared(block):
                for text in answer.specimens(keys, 0).unreadable:
                    if text != "nan" and not (name == "distribution" and text.count(";") != 2):
                        texts.append((name, text))
                        tasks.append(task(question, {answer.name: text}))
    for (name, text), there in zip(texts, run(tasks), strict=True):
        most = 0.7 if name == "distribution" else 0  # whose entries are marked one by one
        assert there["score"] / there["total"] <= most, (name, text)


def test_a_number_that_only_quizgen_reads_is_refused_and_costs_no_attempt(bank: Bank) -> None:
    (question,) = questions_of(bank, "whole", 1)
    key = question.asked[0].scheme
    assert isinstance(key, NumberBands)
    unread = run([task(question, {"here": text}) for text in (f"{key.typed} nats", f"{key.typed},0", f"−{key.typed}")])
    assert all("invalid" in there for there in unread)
    taken = run([task(question, {"here": text}) for text in (f" {key.typed} ", f"{key.typed}.0", f"{key.typed}e0")])
    assert [there["score"] for there in taken] == [1, 1, 1]


def test_short_texts_are_read_as_kindly_there_as_here(bank: Bank) -> None:
    template = bank["equal-weights"]
    (question,) = questions_of(bank, "equal-weights", 1)
    texts = ["It’s ~ is", "  IT'S  ~   is.", '"it\'s ~ is"', "it's, ~, is!", "its ~ is", "it's~is", "it's ~ is not"]
    there = run([task(question, {"name": text}) for text in texts])
    for text, one in zip(texts, there, strict=True):
        assert one["score"] / one["total"] == pytest.approx(marked(template, question, {"name": text})), text


def test_marks_around_an_answer_of_signs_do_not_count_there_either(bank: Bank) -> None:
    for question in questions_of(bank, "signs", 6):
        (right,) = question.asked[0].scheme.accepted  # type: ignore[union-attr] # texts
        texts = [form.format(right[0]) for form in ("{}", '"{}"', " {}. ", "«{}»", "{},", "{}x", "({})")]
        there = run([task(question, {"answer": text}) for text in texts])
        for text, one in zip(texts, there, strict=True):
            assert one["score"] / one["total"] == marked(bank["signs"], question, {"answer": text}), text


def test_what_is_said_to_a_mistake_is_said_there(bank: Bank) -> None:
    (question,) = questions_of(bank, "match", 1)
    wrong = {"answer": " ".join(f"{i}-{'AB'[i % 2]}" for i in range(1, 4))}
    (there,) = run([task(question, wrong)])
    assert ("A mistake" in there["said"]) == any(question.asked[0].scheme.mistakes)  # type: ignore[union-attr] # pairs
    (text,) = questions_of(bank, "equal-weights", 1)
    (there,) = run([task(text, {"name": "Salt."})])
    assert "A mistake {=}~#" in unescape(there["said"])
    (order,) = questions_of(bank, "order-pairs", 1)
    backwards = " ".join("ABCD"[place] for place in reversed(order.asked[0].scheme.places))  # type: ignore[union-attr] # an order
    (there,) = run([task(order, {"answer": backwards})])
    assert "A mistake {=}~#" in unescape(there["said"])


def test_awkward_words_are_shown_as_they_are(bank: Bank) -> None:
    (question,) = questions_of(bank, "choice", 1)
    (there,) = run([shown(question)])
    page = unescape(there["html"])
    for words in ("{#1} <b> ]]> & {=}~#", "w" * 300, "{1:SA:=it}", r"\(\frac{1}{2}\)", "7~8 # {9} = 100%, \\ says"):
        assert words in page
    assert "&lt;b&gt;" in there["html"]
    assert r"\frac{1}{2}" in str(there["shown"])


def test_a_variable_of_the_system_is_not_put_into_words(bank: Bank) -> None:
    question = next(one for one in questions_of(bank, "case", 3) if "$seed" in str(one.made.keyed.item.stem.values))
    (there,) = run([shown(question)])
    assert "<span>$</span>seed" in there["html"]


def test_carriers_are_what_marks_exactly_with_the_fewest_inputs(bank: Bank) -> None:
    def kind(name: str) -> type:
        (question,) = questions_of(bank, name, 1)
        return type(carriers_of(question)[0][1])

    assert kind("choice") is List
    assert kind("set-all-or-nothing") is Ticks
    assert kind("set-every-decision-counts") is Menus
    assert kind("order-pairs") is List
    assert kind("long-order-absolute-position") is Menus
    assert kind("long-order-all-or-nothing") is Letters
    assert kind("match") is Menus
    assert kind("match-all") is Letters


def test_inputs_are_numbered_in_the_order_in_which_they_stand(bank: Bank) -> None:
    (question,) = questions_of(bank, "equal-weights", 1)
    responses = {"number": "1", "second": "2", "name": "n", "order": "A B C", "sets": "A"}
    filled = inputs_of(question, responses)
    assert [filled[f"{i}_1"] for i in (2, 3, 4)] == ["1", "n", "2"]
    (there,) = run([task(question, responses)])
    assert [label for label, _ in there["report"].values()] == ["Number", "Name", "Second", "Order", "Sets"]
