"""Who gets which variant of which template."""

from __future__ import annotations

from collections import Counter
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_class import CONCEPT, SECRET, SURPRISAL, TEMPLATES, build, write_bank, write_text

from quizgen.bank import load_bank
from quizgen.errors import QuizError
from quizgen.quizzes import load_quiz
from quizgen.quizzes.assignment import Slot, _Chooser, assign, distinct_ordinals, slots_of

CLASS = [(f"s{i:02}", "") for i in range(30)]


def test_no_two_students_share_a_variant_while_the_template_has_others(tmp_path: Path) -> None:
    built, manifest = build(tmp_path, students=CLASS)
    given_out = Counter((item.template, item.ordinal) for sheet in manifest.sheets for item in sheet.items)
    assert set(given_out.values()) == {1}
    assert built.warnings == ()


def test_variants_that_look_alike_are_not_handed_out_twice_and_a_class_larger_than_a_template_is_warned_of(
    tmp_path: Path,
) -> None:
    quiz = "title: T\nitems: [{template: calc/tiny}]\n"
    built, manifest = build(tmp_path / "many", quiz, CLASS)
    assert built.warnings == (
        "calc/tiny has only 3 distinct variants for 30 uses: each is handed out up to 10 times",
    )  # fmt: skip
    uses = Counter(sheet.items[0].ordinal for sheet in manifest.sheets)
    assert sorted(uses.values()) == [10, 10, 10]
    few, manifest = build(tmp_path / "few", quiz, CLASS[:3])
    assert few.warnings == ()
    stems = {
        (tmp_path / "few" / "build" / "worksheets" / f"{id}.html").read_text().split("What is ")[1][:60] for id, _ in CLASS[:3]
    }
    assert len(stems) == 3


@pytest.mark.parametrize("name", sorted(set(TEMPLATES) - {"tiny"}))
def test_the_variants_found_are_as_many_as_wanted_and_all_different(name: str, tmp_path: Path) -> None:
    template = load_bank(write_bank(tmp_path / "bank"))[f"calc/{name}"]
    found = distinct_ordinals(template, SECRET, 60)
    assert len(set(found)) == 60
    assert len(set(template.fingerprints(template.variants_at(found, secret=SECRET)))) == 60


def test_picks_are_spread_evenly_over_the_class_and_differ_between_students(tmp_path: Path) -> None:
    quiz = f"title: T\nitems: [{{pick: 2, concept: {CONCEPT}, kinds: [numeric]}}]\n"
    _, manifest = build(tmp_path, quiz, CLASS)
    rows = [tuple(item.template for item in sheet.items) for sheet in manifest.sheets]
    assert all(len(set(row)) == 2 for row in rows)
    assert set(Counter(template for row in rows for template in row).values()) == {20}
    assert len(set(rows)) > 3


pools = st.lists(st.sets(st.sampled_from("abcdef"), min_size=1), min_size=1, max_size=5)


@given(pools, st.integers(0, 3))
def test_a_student_gets_no_template_twice_wherever_the_pools_allow_it(pools: list[set[str]], before: int) -> None:
    slots = [Slot(0, 1.0, tuple(sorted(pool))) for pool in pools]
    chooser = _Chooser(SECRET)
    for student in range(before):
        chooser.choose(slots, f"earlier {student}")
    chosen = chooser.choose(slots, "ann")
    assert all(template in slot.templates for template, slot in zip(chosen, slots, strict=True))
    possible = any(
        all(template in slot.templates for template, slot in zip(order, slots, strict=True))
        for order in permutations("abcdef", len(slots))
    )
    assert (len(set(chosen)) == len(chosen)) == possible


@pytest.mark.parametrize(
    ("shuffle", "kept"), [("none", [0, 1, 2, 3]), ("items", [0, 0, 1, 1]), ("sections", None)]
)  # fmt: skip
def test_a_worksheet_is_shuffled_as_the_quiz_says(shuffle: str, kept: list[int] | None, tmp_path: Path) -> None:
    quiz = f"""
title: T
shuffle: {shuffle}
sections:
  - title: One
    items: [{{template: calc/surprisal}}, {{template: calc/two-steps}}]
  - title: Two
    items: [{{template: calc/pick-one}}, {{template: calc/essay}}]
"""
    _, manifest = build(tmp_path, quiz, CLASS)
    orders = [[item.slot for item in sheet.items] for sheet in manifest.sheets]
    if shuffle == "none":
        assert all(order == kept for order in orders)
    elif shuffle == "items":
        assert all([slot // 2 for slot in order] == kept for order in orders)
        assert len({tuple(order) for order in orders}) == 4
    else:
        assert {tuple(order) for order in orders} == {(0, 1, 2, 3), (2, 3, 0, 1)}


def test_everything_that_a_quiz_asks_and_the_bank_lacks_is_said_at_once(tmp_path: Path) -> None:
    bank = load_bank(write_bank(tmp_path / "bank"))
    quiz = write_text(
        tmp_path / "quiz.yaml",
        """
title: T
items:
  - {template: calc/suprisal}
  - {pick: 9, level: apply}
  - {pick: 1, tag: fewer}
  - {pick: 1, concept: nothing-like-it}
""",
    )
    with pytest.raises(QuizError) as caught:
        slots_of(load_quiz(quiz), bank)
    said = str(caught.value)
    assert "quiz.yaml:3:" in said
    assert "calc/surprisal" in said
    assert "9 templates are to be picked, but 2 of the bank's 5 fit" in said
    assert "no template of the bank has the tag 'fewer'" in said
    assert "nothing-like-it" in said


def test_another_secret_gives_other_variants_and_the_same_one_the_same(tmp_path: Path) -> None:
    bank = load_bank(write_bank(tmp_path / "bank", {"surprisal": SURPRISAL}))
    blueprint = load_quiz(write_text(tmp_path / "quiz.yaml", "title: T\nitems: [{template: calc/surprisal}]\n"))
    slots = slots_of(blueprint, bank)

    def shown(secret: bytes) -> list[str]:
        assignment = assign(blueprint, slots, bank, [id for id, _ in CLASS], secret)
        template = bank["calc/surprisal"]
        return template.fingerprints(template.variants_at([row[0].ordinal for row in assignment.items], secret=secret))

    assert shown(SECRET) == shown(SECRET)
    assert shown(SECRET) != shown(bytes(32))
