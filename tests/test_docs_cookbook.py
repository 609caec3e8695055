"""The patterns of the cookbook mark what they say they mark."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from docs_blocks import DOCS, blocks

from quizgen.answers import Mark, Reading
from quizgen.bank import Bank, Template, load_bank
from quizgen.bank.template import Variants
from quizgen.checking.run import Plan, Target, check_target
from quizgen.variants.texts import plain_text

PATTERNS = [block for block in blocks(DOCS / "cookbook.md", "yaml") if block.title]


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    folder = tmp_path_factory.mktemp("cookbook")
    for block in blocks(DOCS / "cookbook.md"):
        if block.title:
            (folder / Path(block.title).name).write_text(block.text, encoding="utf-8")
    return load_bank(folder)


def _drawn(bank: Bank, name: str) -> tuple[Template, Variants]:
    template = bank[name]
    return template, template.variants(secret=b"cookbook", count=40)


def _marks(template: Template, variants: Variants, row: int, **typed: str) -> dict[str, Mark]:
    """The mark of each answer of one variant; what is not typed is blank."""
    texts = {answer.name: [typed.get(answer.name, "")] for answer in template.answers}
    return {name: marks[0] for name, marks in template.mark_all(variants.pick([row]), texts, Reading()).items()}


def _rows(variants: Variants, name: str, value: object) -> list[int]:
    return [int(row) for row in np.flatnonzero(np.asarray(variants[name]) == value)]


def test_there_are_a_dozen_patterns_and_more() -> None:
    assert len(PATTERNS) >= 12


@pytest.mark.parametrize("name", [Path(block.title).stem for block in PATTERNS])
def test_what_a_pattern_takes_for_right_wrong_and_unreadable_is_marked_so(bank: Bank, name: str) -> None:
    template, variants = _drawn(bank, name)
    for block in variants.blocks:
        for answer, keys in template.prepared(block):
            specimens = answer.specimens(keys, 0)
            row = int(block.rows[0])
            for texts, outcomes in (
                (specimens.right, {"correct"}),
                (specimens.wrong, {"wrong", "partial"}),
                (specimens.unreadable, {"invalid"}),
            ):
                for text in texts:
                    assert _marks(template, variants, row, **{answer.name: text})[answer.name].outcome in outcomes, text


def test_the_formula_of_the_other_label_is_recognised(bank: Bank) -> None:
    template, variants = _drawn(bank, "label-flips")
    for y in (0, 1):
        row = _rows(variants, "y", y)[0]
        q = float(variants["q"][row])
        losses = {1: -math.log(q), 0: -math.log(1 - q)}
        assert _marks(template, variants, row, answer=f"{losses[y]:.2f}")["answer"].outcome == "correct"
        assert _marks(template, variants, row, answer=f"{losses[1 - y]:.2f}")["answer"].mistake == "wrong-branch"


def test_a_wrong_cell_costs_itself_alone(bank: Bank) -> None:
    template, variants = _drawn(bank, "cells")
    q = [float(entry) for entry in np.asarray(variants["q"])[:, 3]]
    typed = {"first": f"{1 - q[0]:.2f}", "second": f"{-math.log(q[1]):.2f}", "third": f"{-math.log(q[2]):.2f}"}
    marks = _marks(template, variants, 3, **typed)
    assert [mark.outcome for mark in marks.values()] == ["wrong", "correct", "correct"]
    assert marks["first"].mistake == "linear-loss"


def test_a_perplexity_that_follows_from_a_wrong_loss_is_right(bank: Bank) -> None:
    template, variants = _drawn(bank, "follow-through")
    q = [float(entry) for entry in np.asarray(variants["q"])[:, 0]]
    total = f"{-sum(map(math.log, q)):.3f}"
    marks = _marks(template, variants, 0, loss=total, perplexity=f"{math.exp(float(total)):.2f}")
    assert marks["loss"].mistake == "sum-for-mean"
    assert marks["perplexity"].outcome == "correct"


def test_equal_thirds_earn_nothing_and_an_order_by_probability_is_named(bank: Bank) -> None:
    template, variants = _drawn(bank, "state-a-distribution")
    thirds = _marks(template, variants, 0, answer="0.33; 0.33; 0.34")["answer"]
    assert (thirds.fraction, thirds.mistake) == (pytest.approx(0, abs=0.01), "equal-share")
    template, variants = _drawn(bank, "order")
    words, p = np.asarray(variants["case.words"])[:, 0], np.asarray(variants["p"])[:, 0]
    upside_down = " > ".join(str(words[place]) for place in np.argsort(p))
    assert _marks(template, variants, 0, answer=upside_down)["answer"].mistake == "higher-is-better"


def test_a_chosen_number_that_is_a_mistakes_is_named(bank: Bank) -> None:
    template, variants = _drawn(bank, "numeric-options")
    named = set()
    for row, q in enumerate(np.asarray(variants["q"]).tolist()):
        mark = _marks(template, variants, row, answer=f"{-math.log2(q):.2f}")["answer"]
        assert mark.outcome in ("wrong", "invalid")  # invalid where it is not among the options
        named.add(mark.mistake)
    assert "bits-for-nats" in named


def test_articles_and_plurals_fit_their_words(bank: Bank) -> None:
    template, variants = _drawn(bank, "words-that-fit")
    stems = [plain_text(template.item(variants, row).stem) for row in range(40)]
    assert {stem.split(" of ")[0] for stem in stems} == {"Of an email", "Of a recipe", "Of an essay"}
    assert all((" 1 token is " in stem) == (masked == 1) for stem, masked in zip(stems, variants["masked"], strict=True))
    assert any(" 1 token is " in stem for stem in stems)


def test_an_infinite_key_is_typed_in_words_or_as_a_sign(bank: Bank) -> None:
    template, variants = _drawn(bank, "infinite")
    (row, *_) = _rows(variants, "zero", 1)
    for text in ("inf", "∞"):
        assert _marks(template, variants, row, answer=text)["answer"].outcome == "correct"


def test_a_family_takes_what_its_member_does_not_say_itself(bank: Bank) -> None:
    template, variants = _drawn(bank, "gold-row-in-bits")
    p, gold = np.asarray(variants["p"]), np.asarray(variants["gold"]).astype(int)
    nats = -math.log(float(p[gold[0], 0]))
    assert _marks(template, variants, 0, answer=f"{nats / math.log(2):.2f}")["answer"].outcome == "correct"
    assert _marks(template, variants, 0, answer=f"{nats:.2f}")["answer"].mistake == "nats-for-bits"


@pytest.mark.parametrize(
    ("name", "old", "new", "check"),
    [
        ("second-formula", "verify: -sum(p * ln(q))", "verify: -sum(q * ln(p))", "second-formula"),
        ("waived", "  key-never-changes: That", "  capacity-of: That", "key-never-changes"),
    ],
    ids=["a second formula that differs", "a finding that is not waived"],
)
def test_the_check_finds_what_the_pattern_is_for(name: str, old: str, new: str, check: str, tmp_path: Path) -> None:
    (text,) = (block.text for block in PATTERNS if Path(block.title).stem == name)
    assert old in text
    file = tmp_path / f"{name}.yaml"
    for content, expected in ((text, False), (text.replace(old, new), True)):
        file.write_text(content, encoding="utf-8")
        report = check_target(Target(tmp_path, name, file), Plan(60, only=frozenset({check})))
        assert any(one.check == check and not one.waived for one in report.found) is expected


@pytest.mark.parametrize("name", [Path(block.title).stem for block in PATTERNS])
def test_a_pattern_passes_the_check_without_a_warning(bank: Bank, name: str) -> None:
    report = check_target(Target(bank.folder, name, bank.files[name]), Plan(500))
    assert [str(one.place) for one in report.found if one.severity != "note" and not one.waived] == []
