"""Marks of several hundred responses, each with a fraction worked out by hand; the cases are data beside this file."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from quizgen.answers import AnswerSpec, Mark, answer_kinds
from quizgen.answers.alone import prepare_alone
from quizgen.answers.multiple import CREDIT as TICKED
from quizgen.answers.order import CREDIT as ORDERED
from quizgen.items import Arrange, Interaction, Match
from quizgen.variants.texts import plain_text

TABLES = Path(__file__).parent / "tables"


def table(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load((TABLES / f"{name}.yaml").read_text(encoding="utf-8")))


def check(mark: Mark, wanted: float | str, mistake: str = "", note: str = "") -> None:
    """Asserts that a mark is what a table says."""
    if isinstance(wanted, str) and wanted.isalpha():
        assert mark.outcome == wanted
        assert mark.fraction == 0
    else:
        fraction = float(Fraction(str(wanted)))
        assert mark.fraction == pytest.approx(fraction, abs=1e-12)
        assert mark.outcome == ("correct" if fraction == 1 else "wrong" if fraction == 0 else "partial")
    assert mark.mistake == mistake
    assert note in mark.note
    assert mark.outcome != "invalid" or mark.note


def described(name: str) -> Iterator[Any]:
    for group in table(name):
        for response, *wanted in group["cases"]:
            yield pytest.param(group["spec"], bool(group.get("comma")), response, wanted, id=f"{group['about']}: {response!r}")


@pytest.mark.parametrize(("spec", "comma", "response", "wanted"), [*described("numeric"), *described("others")])
def test_a_response_earns_what_was_worked_out_by_hand(
    spec: dict[str, Any], comma: bool, response: str, wanted: list[Any]
) -> None:
    answer = answer_kinds()[spec["kind"]].model_validate(spec)
    mark = answer.mark(response, decimal_comma=comma)
    assert isinstance(mark, Mark)
    check(mark, *wanted)


def ticked() -> Iterator[Any]:
    for group in table("multiple"):
        for response, wanted in group["cases"]:
            yield pytest.param(
                group["credit"], group["options"], response, wanted, id=f"{group['credit']} {group['options']} {response!r}"
            )


@pytest.mark.parametrize(("credit", "pattern", "response", "wanted"), list(ticked()))
def test_ticks_earn_what_their_rule_says(credit: str, pattern: str, response: str, wanted: float | str) -> None:
    options = [{"text": f"statement {i}", "true_when": sort == "R"} for i, sort in enumerate(pattern, 1)]
    spec = {"kind": "multiple", "options": options, "order": "fixed", "credit": credit, "min_true": 0}
    mark = answer_kinds()["multiple"].model_validate(spec).mark(response)
    wanted_outcome = wanted if isinstance(wanted, str) and wanted.isalpha() else None
    if wanted_outcome:
        assert mark.outcome == wanted_outcome
    else:
        assert mark.fraction == pytest.approx(float(Fraction(str(wanted))))


@pytest.mark.parametrize(("written", "name"), [(False, "false"), (True, "true")])
def test_a_rule_whose_name_is_a_truth_value_of_yaml_may_be_written_bare(written: bool, name: str) -> None:
    options = [{"text": "a", "true_when": True}, {"text": "b", "true_when": False}]
    spec = answer_kinds()["multiple"].model_validate({"kind": "multiple", "options": options, "credit": written})
    assert spec.model_dump()["credit"] == name


def met(spec: AnswerSpec) -> Interaction:
    """What a student meets of an answer without randomness, so that a table can speak of its options by their words."""
    answer, keys = prepare_alone(spec)
    return answer.interaction(keys, 0)


def ordered() -> Iterator[Any]:
    for group in table("order"):
        for placed, fractions in group["cases"]:
            for credit, wanted in zip(ORDERED, fractions, strict=True):
                yield pytest.param(group["items"], placed, credit, wanted, id=f"{credit}: {placed}")


@pytest.mark.parametrize(("items", "placed", "credit", "wanted"), list(ordered()))
def test_an_order_earns_what_its_rule_says(items: list[str], placed: str, credit: str, wanted: float | str) -> None:
    spec = answer_kinds()["order"].model_validate({"kind": "order", "items": items, "credit": credit})
    interaction = met(spec)
    assert isinstance(interaction, Arrange)
    labels = {plain_text(option.text): option.label for option in interaction.options} | {"?": "?"}
    mark = spec.mark(" ".join(labels[word] for word in placed.split()))
    check(mark, str(wanted), note="not placed" if len(set(placed.split()) & set(items)) < len(items) else "")
    if "?" not in placed and len(placed.split()) == len(items):
        assert spec.mark(" > ".join(placed.split())) == mark, "an order may be given by the items' own words"
    for form in ("{}. {}", "{}) {}", "{}: {}", "{}{}"):
        numbered = " ".join(form.format(i, labels[word]) for i, word in enumerate(placed.split(), 1))
        assert spec.mark(numbered) == mark, "an order may be numbered"


@pytest.mark.parametrize("typed", ["B<A<C", "b < a < c"])
def test_an_order_with_less_than_signs_is_read_as_written_where_the_smallest_comes_first(typed: str) -> None:
    kind = answer_kinds()["order"]
    items = {"items": '["p", "q", "r"]', "by": "[1, 2, 3]"}
    rising = kind.model_validate({"kind": "order", **items, "credit": "pairs"})
    plain = rising.mark("B A C")
    marked = rising.mark(typed)
    assert (marked.outcome, marked.fraction) == (plain.outcome, plain.fraction)
    assert marked.note == f"read {typed} as the order B A C"
    falling = kind.model_validate({"kind": "order", **items, "descending": True})
    assert falling.mark(typed).outcome == "invalid"
    assert "two ways" in falling.mark(typed).note


@pytest.mark.parametrize("typed", ["2. A 1. B 3. C", "1. A 3. B 2. C", "B<A>C", "B<<A", "1. AB", "1 2 3"])
def test_an_order_whose_signs_or_numbers_do_not_make_one_row_is_not_guessed(typed: str) -> None:
    spec = answer_kinds()["order"].model_validate({"kind": "order", "items": ["p", "q", "r"]})
    assert spec.mark(typed).outcome == "invalid"


def joined() -> Iterator[Any]:
    for group in table("match"):
        for partners, fractions in group["cases"]:
            for credit, wanted in zip(("each-pair", "all-or-nothing"), fractions, strict=True):
                yield pytest.param(
                    group["pairs"], group["extra"], partners, credit, wanted, id=f"{credit}: {' '.join(partners)}"
                )


@pytest.mark.parametrize(("pairs", "extra", "partners", "credit", "wanted"), list(joined()))
def test_pairs_earn_what_their_rule_says(
    pairs: dict[str, str], extra: list[str], partners: list[str], credit: str, wanted: float | str
) -> None:
    rows = [{"left": left, "right": right} for left, right in pairs.items()]
    spec = answer_kinds()["match"].model_validate({"kind": "match", "pairs": rows, "extra": extra, "credit": credit})
    interaction = met(spec)
    assert isinstance(interaction, Match)
    lefts = {plain_text(option.text): option.label for option in interaction.lefts}
    rights = {plain_text(option.text): option.label for option in interaction.rights}
    typed = [(lefts[left], rights[right]) for left, right in zip(pairs, partners, strict=True) if right != "-"]
    for pattern, between in (("{}-{}", " "), ("{}{}", ", "), ("{} → {}", "; "), ("{} {}", "\n"), ("{}. ({})", "\n")):
        mark = spec.mark(between.join(pattern.format(left, right) for left, right in typed))
        check(mark, str(wanted), note="not joined" if "-" in partners else "")
    check(spec.mark("".join(f"({left}-{right})" for left, right in typed)), str(wanted))
    if len(typed) == len(pairs):
        check(spec.mark("".join(right for _, right in sorted(typed))), str(wanted))
    check(spec.mark(" ".join(f"{right}={left}" for left, right in typed)), str(wanted))


def test_there_are_at_least_four_hundred_cases() -> None:
    described_cases = sum(len(group["cases"]) for name in ("numeric", "others", "multiple") for group in table(name))
    ruled = sum(len(fractions) for name in ("order", "match") for group in table(name) for _, fractions in group["cases"])
    assert described_cases + ruled >= 400


@pytest.mark.parametrize("credit", TICKED)
def test_one_more_right_tick_never_earns_less_and_one_more_wrong_tick_never_more(credit: str) -> None:
    rule = TICKED[credit][0]
    for c, w in itertools.product(range(6), range(6)):
        if c + w == 0:
            continue
        for t, f in itertools.product(range(c + 1), range(w + 1)):
            here = rule(t, f, c, w)
            assert 0 <= here <= 1
            if t < c:
                assert rule(t + 1, f, c, w) >= here
            if f < w:
                assert rule(t, f + 1, c, w) <= here
        assert rule(c, 0, c, w) == 1
