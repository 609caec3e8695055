"""Conditions: what is refused is drawn again at its own address, and an impossible template says what refused how often."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from template_head import HEAD

from quizgen.bank import Template, load_bank
from quizgen.errors import ExpressionError, VariantError
from quizgen.variants import sampler
from quizgen.variants.sampler import MAX_ORDINAL

SECRET = b"sampler"
ANSWER = "\nstem: '{{ p }} {{ q }}'\nanswer: {kind: numeric, value: p + q, decimals: 2}"
TWO = "draw: {p: {uniform: [0, 0.99], step: 0.01}, q: {uniform: [0, 0.99], step: 0.01}}"


def test_no_variant_breaks_a_condition_and_each_keeps_its_place(template: Callable[..., Template]) -> None:
    found = template(f"{TWO}\nrequire: [p > q, p + q != 1]{ANSWER}").variants(secret=SECRET, count=2000)
    assert (found["p"] > found["q"]).all()
    assert (np.abs(found["p"] + found["q"] - 1) > 0.005).all()
    assert found.ordinals.tolist() == list(range(2000))
    attempts = np.concatenate([block.attempts for block in found.blocks])
    assert 0.4 < (attempts == 0).mean() < 0.6
    assert attempts.max() > 4


def test_a_variant_that_was_refused_does_not_depend_on_its_neighbours(template: Callable[..., Template]) -> None:
    rare = template(f"{TWO}\nrequire: [p > 0.9]{ANSWER}")
    block = rare.variants(secret=SECRET, count=300)
    for row in (0, 17, 299):
        assert rare.variants(secret=SECRET, start=row)["q"].tolist() == block["q"][row : row + 1].tolist()


def test_a_condition_compares_as_on_paper(template: Callable[..., Template]) -> None:
    found = template(f"{TWO}\nrequire: ['p + q != 0.3', 'q != 0.1 * 3']{ANSWER}").variants(secret=SECRET, count=20_000)
    hundredths = np.rint(found["p"] * 100).astype(int), np.rint(found["q"] * 100).astype(int)
    assert 30 not in set((hundredths[0] + hundredths[1]).tolist())
    assert 30 not in set(hundredths[1].tolist())


def test_an_impossible_template_is_refused_at_load_with_the_count_of_each_reason(problems: Callable[..., list[str]]) -> None:
    (message,) = problems(f"{TWO}\nrequire:\n  - p >= 0\n  - p > 2\n  - q > 0.5{ANSWER}")
    assert re.fullmatch(
        r"3:3: a variant was refused in all of 400 attempts\. "
        r"Refused by 'p > 2': 12,800 of 12,800; 'q > 0.5': 6,\d\d\d of 12,800\.",
        message,
    )


def test_the_case_that_cannot_be_met_is_named(problems: Callable[..., list[str]]) -> None:
    text = f"cases: [{{n: 1}}, {{n: 5}}]\n{TWO}\nrequire: [p < case.n and q < 4 - case.n]{ANSWER}"
    (message,) = problems(text.replace("{{ p }}", "{{ case.n }} {{ p }}"))
    assert "a variant in case 2 was refused in all of 400 attempts" in message


def test_an_answer_that_is_not_well_posed_refuses_as_well(template: Callable[..., Template]) -> None:
    found = template(
        "draw: {p: {integer: [1, 3]}, q: {integer: [1, 3]}}\nstem: '{{ p }} {{ q }}'\n"
        "answer: {kind: choice, choose: 2, options: [{text: more, true_when: p > q}, {text: less, true_when: p < q}]}"
    ).variants(secret=SECRET, count=300)
    assert (found["p"] != found["q"]).all()


def test_cases_come_equally_often_and_their_words_stay_with_their_numbers(template: Callable[..., Template]) -> None:
    text = "cases: [{w: a, n: 1}, {w: b, n: 2}, {w: c, n: 3}]\ndraw: {p: {integer: [1, 9]}}\nlet: {x: p * case.n}\n"
    found = template(
        f"{text}stem: '{{{{ case.w }}}} {{{{ case.n }}}} {{{{ p }}}}'\nanswer: {{kind: numeric, value: x, decimals: 0}}"
    ).variants(secret=SECRET, count=6000)
    counts = [int((found["case.w"] == word).sum()) for word in "abc"]
    assert max(abs(count - 2000) for count in counts) < 4 * (6000 * 2 / 9) ** 0.5
    assert (found["x"] == found["p"] * found["case.n"]).all()
    assert (found["case.n"] == np.array([" abc".index(word) for word in found["case.w"]])).all()


@pytest.mark.parametrize(
    ("start", "count"), [(-1, 1), (0, 0), (0, -5), (MAX_ORDINAL, 1), (MAX_ORDINAL - 1, 2), (2**70, 1), (2**62, 5)]
)
def test_an_address_that_is_none_is_refused(template: Callable[..., Template], start: int, count: int) -> None:
    with pytest.raises(VariantError, match="address"):
        template(f"{TWO}{ANSWER}").variants(secret=SECRET, start=start, count=count)


def test_the_last_address_can_be_drawn(template: Callable[..., Template]) -> None:
    assert len(template(f"{TWO}{ANSWER}").variants(secret=SECRET, start=MAX_ORDINAL - 1)) == 1


def test_more_variants_than_memory_holds_are_refused_before_they_are_drawn(
    template: Callable[..., Template], monkeypatch: pytest.MonkeyPatch
) -> None:
    big = template(
        "draw: {p: {sequence: {integer: [1, 9]}, size: 500}}\nstem: '{{ p }}'\nanswer: "
        "{kind: numeric, value: sum(p), decimals: 0}"
    )
    with pytest.raises(VariantError, match=r"1,000,000 variants take more than 2 GiB; ask for fewer at once"):
        big.variants(secret=SECRET, count=1_000_000)
    wide = template(TWO + "\nlet: {x: 'repeat(p, 900)'}" + ANSWER.replace("p + q", "sum(x) + q"))
    monkeypatch.setattr(sampler, "MAX_BYTES", 5_000)
    with pytest.raises(VariantError, match="take more than"):
        wide.variants(secret=SECRET, count=100)


def test_a_template_that_needs_too_many_random_numbers_is_refused(problems: Callable[..., list[str]]) -> None:
    draws = "".join(f"  d{i}: {{distribution: 1000, step: 0.0001}}\n" for i in range(6))
    shown = " ".join(f"{{{{ d{i} }}}}" for i in range(4))
    text = (
        f"draw:\n{draws}stem: '{shown}'\nrequire: ['d4[0] + d5[0] < 2']\n"
        "answer: {kind: numeric, value: 'd0[0] + d1[0] + d2[0] + d3[0]', decimals: 2}"
    )
    (message,) = problems(text)
    assert "the draws of one variant need" in message


def test_a_rare_variant_is_its_first_attempt_that_succeeds_however_many_are_made(
    template: Callable[..., Template],
) -> None:
    """Drawn alone or among thousands, a variant has the same numbers and comes from the same attempt."""
    rare = template(
        "draw: {a: {integer: [1, 60]}, b: {integer: [1, 60]}}\nrequire: [a + b == 61]\nstem: '{{ a }} {{ b }}'\n"
        "answer: {kind: numeric, value: a + b, decimals: 0}"
    )
    many = rare.variants(secret=b"s", count=300)
    for ordinal in (0, 17, 299):
        alone = rare.variants(secret=b"s", start=ordinal)
        assert alone["a"][0] == many["a"][ordinal]
        assert alone["b"][0] == many["b"][ordinal]
        assert alone.blocks[0].attempts[0] == many.blocks[0].attempts[ordinal] > 0 or ordinal == 0
    assert (many["a"] + many["b"] == 61).all()


def test_an_attempt_that_is_not_needed_may_be_one_that_cannot_be_computed(tmp_path: Path) -> None:
    """Several attempts are made at once; what comes after the first that succeeds does not count."""
    (tmp_path / "t.yaml").write_text(
        "draw: {i: {integer: [0, 40]}}\nlet: {x: 'range(40)[i]'}\nrequire: [i % 8 == 3]\nstem: '{{ i }} {{ x }}'\n"
        "answer: {kind: numeric, value: x, decimals: 0}" + HEAD
    )
    risky = load_bank(tmp_path, prove=False)["t"]

    def outcome(ordinals: list[int]) -> list[float] | str:
        try:
            return list(risky.variants_at(ordinals, secret=b"s")["i"])
        except ExpressionError as error:
            return str(error)

    alone = {ordinal: outcome([ordinal]) for ordinal in range(200)}
    sound = [ordinal for ordinal, values in alone.items() if not isinstance(values, str)]
    assert 100 < len(sound) < 200
    assert outcome(sound) == [value for ordinal in sound for value in alone[ordinal]]
