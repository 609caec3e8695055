"""Keys that are infinite, and keys that are undefined: the one is right as ``inf`` or ``∞``, the other an error."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from small_templates import template

from quizgen.answers.numeric import Numeric
from quizgen.errors import BankError, ExpressionError
from quizgen.variants.expressions import parse

SECRET = b"infinite"


@pytest.mark.parametrize("value", [math.inf, "inf", "-log(0)", "surprisal(0)", "2 * inf", "inf + 1", "exp(inf)"])
@pytest.mark.parametrize(("typed", "outcome"), [("inf", "correct"), ("∞", "correct"), ("-inf", "wrong"), ("9e99", "wrong")])
def test_an_infinite_key_is_right_as_its_name_or_its_sign(value: Any, typed: str, outcome: str) -> None:
    assert Numeric(value=value, decimals=3).mark(typed).outcome == outcome


def test_a_key_may_be_minus_infinity_and_have_a_unit() -> None:
    assert Numeric(value=-math.inf, decimals=1).mark("-∞").outcome == "correct"
    assert Numeric(value=-math.inf, decimals=1).mark("∞").outcome == "wrong"
    assert Numeric(value=math.inf, decimals=1, unit="nats", accept_units=["bits"]).mark("inf bits").outcome == "correct"


def test_a_mistake_may_be_infinite_too() -> None:
    mark = Numeric(value=1, decimals=1, mistakes={"sure-is-never": math.inf}).mark("∞")
    assert (mark.outcome, mark.mistake) == ("wrong", "sure-is-never")


@pytest.mark.parametrize(
    "value", ["1 / 0", "-1 / 0", "5 // 0", "0 ** -1", "exp(1000)", "10 ** 400", "1e99 * 1e99 * 1e99 * 1e99"]
)
def test_what_divides_by_zero_or_grows_too_large_is_no_key(value: str) -> None:
    with pytest.raises(ExpressionError, match="divides by zero, or is too large"):
        Numeric(value=value, decimals=3).mark("inf")


@pytest.mark.parametrize("value", ["0 / 0", "inf - inf", "0 * inf", "log(-1)", "5 % 0"])
def test_what_is_undefined_is_no_key(value: str) -> None:
    with pytest.raises(ExpressionError, match="is undefined"):
        Numeric(value=value, decimals=3).mark("1")


def test_a_key_that_is_no_number_at_all_is_refused() -> None:
    with pytest.raises(ExpressionError, match="nan"):
        Numeric(value=math.nan, decimals=3).mark("1")


ZERO = """
draw: {{p: {{choice: [0, 0.5]}}, n: {{choice: [1, 2]}}}}
let: {{x: 1 * n / p}}
stem: "{{{{ p }}}} and {{{{ n }}}}"
{require}answer: {{kind: numeric, value: "{value}", decimals: 2}}
"""


def body(value: str, require: str = "require: [x > 0]\n") -> str:
    return ZERO.format(value=value, require=require)


@pytest.mark.parametrize(
    "value", ["surprisal(p)", "cross_entropy([1, 0], [p, 1 - p])", "n / p if p > 0 else inf", "-log2(p) / n"]
)
def test_a_probability_of_zero_that_is_shown_makes_a_key_infinite(value: str) -> None:
    small = template(body(value))
    variants = small.variants(secret=SECRET, count=20)
    p = variants["p"]
    assert set(p.tolist()) == {0.0, 0.5}
    keys = variants.keys()
    assert (np.isinf(keys) == (p == 0)).all()
    impossible = int((p == 0).argmax())
    assert small.mark(variants, impossible, {"answer": "∞"}).outcome == "correct"
    assert small.mark(variants, impossible, {"answer": "10"}).outcome == "wrong"
    assert small.mark(variants, int((p > 0).argmax()), {"answer": "inf"}).outcome == "wrong"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("n / p", "n = [12], p = 0 "),
        ("2 * x", "x = inf, n = [12], p = 0 "),
        ("1 / surprisal(1 - p)", "p = 0 "),
        ("log(p - 0.1)", "p = 0 "),
        ("max([n, x]) * 1.5", "n = [12], x = inf, p = 0 "),
    ],
)
def test_an_undefined_key_is_an_error_at_its_place_that_names_the_numbers_and_the_way_out(value: str, told: str) -> None:
    with pytest.raises(BankError) as caught:
        template(body(value))
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (10, 32)
    assert problem.message.startswith(f"'{value}' is undefined at variant ")
    assert told.replace("[12]", "1") in problem.message or told.replace("[12]", "2") in problem.message
    assert "'require'" in problem.message


def test_a_condition_rules_such_variants_out() -> None:
    small = template(body("2 * x", "require: [p > 0]\n"))
    assert set(small.variants(secret=SECRET, count=20)["p"].tolist()) == {0.5}


def test_a_long_list_is_told_by_its_start() -> None:
    with pytest.raises(BankError, match=r"p = \[(0\.\d+, ){8}…\] \("):
        template(
            """
draw: {p: {distribution: 12, step: 0.01}}
stem: "{{ p }}"
answer: {kind: numeric, value: sum(p) / 0, decimals: 2}
"""
        )


def test_a_variant_that_is_undefined_though_the_template_loads_is_an_error_with_the_templates_name() -> None:
    """One in ten thousand is not met when the template is loaded."""
    small = template(
        """
draw: {n: {integer: [0, 9999]}}
stem: "{{ n }}"
answer: {kind: numeric, value: 1 / n, sigfigs: 3}
"""
    )
    variants = small.variants(secret=SECRET, count=40_000)
    assert (variants["n"] == 0).any()
    with pytest.raises(ExpressionError, match=r"small: '1 / n' is undefined at variant \d+, where n = 0 "):
        variants.keys()


def test_infinity_has_a_name_in_the_language_and_no_value_may_take_it() -> None:
    assert parse("inf")({}) == math.inf
    assert parse("-inf")({}) == -math.inf
    assert parse("info").names == {"info"}
    assert not parse("max(inf, 3)").names
    with pytest.raises(BankError, match="'inf' has a meaning of its own"):
        template("draw: {inf: {integer: [1, 2]}}\nstem: '{{ inf }}'\nanswer: {kind: numeric, value: inf, decimals: 0}\n")


def test_only_a_strict_reading_tells_infinities_apart() -> None:
    for source in ("1 / 0", "exp(1000)", "sum([1e99, 1]) * 1e99 * 1e99 * 1e99", "prod(repeat(1e99, 9))"):
        assert parse(source)({}) == math.inf
        assert np.isnan(np.asarray(parse(source)({}, strict=True))).all()
    for source in ("-log(0)", "surprisal(0)", "sum([surprisal(0), 1])", "2 * inf", "perplexity([0, 1])"):
        assert parse(source)({}, strict=True) == math.inf
